"""Photos and documents of the sheets: seen by those who see the sheet, and a photo only while its rights hold."""

import mimetypes
from pathlib import Path

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from actions.models import Action, Media

#: What a browser may draw in its own window; anything else is downloaded, so that no file ever runs as a page.
DRAWN = frozenset({"image/jpeg", "image/png", "image/webp", "image/avif", "image/gif"})


@login_not_required
@require_safe
def media(request, path):
    """Kept an hour at most: a photo withdrawn today is gone today."""
    visible = Media.objects.filter(action__in=Action.objects.visible_to(request.user))
    item = get_object_or_404(visible.showable(timezone.localdate()), file=path)
    content_type = mimetypes.guess_type(path)[0] or "application/octet-stream"
    try:
        response = FileResponse(
            item.file.open(),
            content_type=content_type,
            as_attachment=content_type not in DRAWN,
            filename=f"{slugify(item.title) or 'document'}{Path(path).suffix}",
        )
    except FileNotFoundError as error:
        raise Http404 from error
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["X-Content-Type-Options"] = "nosniff"
    patch_cache_control(response, private=True, max_age=3600)
    return response
