"""Photos and documents of the sheets: seen by those who see the sheet, and a photo only while its rights hold."""

import mimetypes
from functools import lru_cache
from pathlib import Path

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from actions.models import Action, Media
from catalogue.search import current
from isic.lib.slugs import slugify

#: What a browser may draw in its own window; anything else is downloaded, so that no file ever runs as a page.
DRAWN = frozenset({"image/jpeg", "image/png", "image/webp", "image/avif", "image/gif"})


@login_not_required
@require_safe
def media(request, path):
    """For people who may see more than everybody; `public_file` has answered the others."""
    item = _item(path, request.user)
    response = item and _answer(request, path, *item)
    if not response:
        raise Http404
    return response


def public_file(request, path: str) -> HttpResponse | None:
    """What everybody may see, without asking who asks; None for the rest."""
    catalogue = current.catalogue()
    if catalogue.hidden:
        return None
    item = _public_item(path, catalogue.revision.epoch, catalogue.revision.n, timezone.localdate())
    return item and _answer(request, path, *item)


@lru_cache(maxsize=4096)
def _public_item(path: str, *_as_of) -> tuple[str, str] | None:
    """Asked once for each revision of the catalogue and each day: a photo withdrawn is gone at once."""
    return _item(path, AnonymousUser())


def _item(path: str, user) -> tuple[str, str] | None:
    """(original, title) of a file that this person may see."""
    visible = Media.objects.filter(action__in=Action.objects.visible_to(user))
    return visible.showable(timezone.localdate()).of_file(path).values_list("file", "title").first()


def _answer(request, path: str, original: str, title: str) -> HttpResponse | None:
    """Kept an hour at most; None where the file is lost. A file never changes under its name."""
    name, file = _opened(path, original)
    if not file:
        return None
    response = get_conditional_response(request, etag=quote_etag(name))
    if response:
        file.close()
    else:
        response = _sent(file, name, title)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["X-Content-Type-Options"] = "nosniff"
    patch_cache_control(response, private=True, max_age=3600)
    return response


def _opened(*names: str) -> tuple[str, File | None]:
    """The first of these that is there: a reduced image that is not drawn yet gives its original."""
    for name in names:
        try:
            return name, default_storage.open(name)
        except FileNotFoundError:
            continue
    return "", None


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
