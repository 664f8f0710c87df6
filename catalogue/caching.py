"""What a request sees of the catalogue, asked once; and the ETag of the pages made from it."""

import hashlib
from functools import wraps

from django.http import HttpResponse
from django.utils import timezone
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.http import condition

from catalogue.search import current
from isic.lib.release import release

#: Beyond this many pages kept, a process starts again from none (a sheet is some 30 KB).
CACHED_PAGES = 500
_pages: dict[str, bytes] = {}


def catalogue_of(request) -> current.Catalogue:
    """The catalogue of this request: the database is asked for its revision once."""
    if not hasattr(request, "_catalogue"):
        request._catalogue = current.catalogue()
    return request._catalogue


def etag(request, *args, **kwargs) -> str | None:
    """What a page depends on, for a browser without any cookie: release, revision of the catalogue, day, address.

    None for somebody with a cookie, who may be signed in or be told a message once: his pages are his own; and while
    some sheets are left out, which the revision does not say.
    """
    catalogue = catalogue_of(request)
    if request.COOKIES or catalogue.hidden:
        return None
    revision = catalogue.revision
    # htmx asks for the whole page again when it goes back to one that it kept no more.
    is_part = bool(request.htmx) and not request.htmx.history_restore_request
    parts = release(), revision.epoch, revision.n, timezone.localdate(), request.get_full_path(), is_part
    return f'"{hashlib.sha256(repr(parts).encode()).hexdigest()[:32]}"'


def revalidated(view):
    """Let the browser keep the page, and ask each time whether it still holds."""

    @wraps(view)
    def answered(request, *args, **kwargs):
        response = condition(etag_func=etag)(view)(request, *args, **kwargs)
        patch_vary_headers(response, ["Cookie", "HX-Request"])
        if not request.COOKIES:
            patch_cache_control(response, no_cache=True)
        return response

    return answered


def cached(view):
    """Keep in the process, under the same ETag, a page that costs many queries and is read far more than written."""

    @wraps(view)
    def answered(request, *args, **kwargs):
        tag = etag(request)
        if tag in _pages:
            return HttpResponse(_pages[tag])
        response = view(request, *args, **kwargs)
        if tag and response.status_code == 200:
            if len(_pages) >= CACHED_PAGES:
                _pages.clear()
            _pages[tag] = response.content
        return response

    return answered


def forget() -> None:
    """Keep no page: tests do it between databases."""
    _pages.clear()
