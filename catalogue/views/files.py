"""Photos and documents of the sheets: seen by those who see the sheet, and a photo only while its rights hold."""

import mimetypes
from pathlib import Path

from django.contrib.auth.decorators import login_not_required
from django.core.files.base import File
from django.http import FileResponse, Http404
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from actions.models import Action, Media
from isic.lib.slugs import slugify

#: What a browser may draw in its own window; anything else is downloaded, so that no file ever runs as a page.
DRAWN = frozenset({"image/jpeg", "image/png", "image/webp", "image/avif", "image/gif"})


@login_not_required
@require_safe
def media(request, path):
    """Kept an hour at most: a photo withdrawn today is gone today."""
    visible = Media.objects.filter(action__in=Action.objects.visible_to(request.user))
    item = visible.showable(timezone.localdate()).of_file(path).first()
    if item is None:
        raise Http404
    name, file = _opened(item.file.storage, path, item.file.name)
    # A file never changes under its name.
    response = get_conditional_response(request, etag=quote_etag(name))
    if response:
        file.close()
    else:
        response = _sent(file, name, item.title)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["X-Content-Type-Options"] = "nosniff"
    patch_cache_control(response, private=True, max_age=3600)
    return response


def _opened(storage, *names: str) -> tuple[str, File]:
    """The first of these that is there: a reduced image that is not drawn yet gives its original."""
    for name in names:
        try:
            return name, storage.open(name)
        except FileNotFoundError:
            continue
    raise Http404


def _sent(file: File, name: str, title: str) -> FileResponse:
    content_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    response = FileResponse(
        file,
        content_type=content_type,
        as_attachment=content_type not in DRAWN,
        filename=f"{slugify(title) or 'document'}{Path(name).suffix}",
    )
    response.headers["ETag"] = quote_etag(name)
    return response
