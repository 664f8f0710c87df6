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
from isic.lib.images import stem
from isic.lib.lending import PARAMETER, is_lent
from isic.lib.slugs import slugify

#: What a browser may draw in its own window; anything else is downloaded, so that no file ever runs as a page.
DRAWN = frozenset({"image/jpeg", "image/png", "image/webp", "image/avif", "image/gif"})


@login_not_required
@require_safe
def media(request, path):
    """For people who may see more than everybody; `open_file` has answered the others."""
    item = _item(path, _of(Action.objects.visible_to(request.user)))
    response = item and _answer(request, path, *item)
    if not response:
        raise Http404
    return response


def open_file(request, path: str) -> HttpResponse | None:
    """What everybody may see, or what a page lent, without asking who asks; None for the rest."""
    catalogue = current.catalogue()
    if catalogue.hidden:
        return None
    item = public_item(path, catalogue.revision.epoch, catalogue.revision.n, timezone.localdate())
    if item:
        response = _answer(request, path, *item)
        if response:
            response.is_for_everybody = True
        return response
    return _lent(request, path)


@lru_cache(maxsize=4096)
def public_item(path: str, *_as_of) -> tuple[str, str] | None:
    """Asked once for each revision of the catalogue and each day: a photo withdrawn is gone at once."""
    return _item(path, _of(Action.objects.visible_to(AnonymousUser())))


def _lent(request, path: str) -> HttpResponse | None:
    if not is_lent(stem(path), request.GET.get(PARAMETER, "")):
        return None
    item = _item(path, Media.objects.order_by())
    response = item and _answer(request, path, *item)
    if response:
        response.headers["Cache-Control"] = "private, no-store"
    return response


def _of(sheets):
    return Media.objects.filter(action__in=sheets)


def _item(path: str, media) -> tuple[str, str] | None:
    """(original, title) of a file among these."""
    return media.showable(timezone.localdate()).of_file(path).values_list("file", "title").first()


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
