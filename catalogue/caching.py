"""The catalogue as one request sees it, loaded once; the ETag of the pages made from it, and the pages kept under it."""

import hashlib
from collections import OrderedDict
from functools import wraps
from threading import Lock

from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers

from catalogue.search import current
from isic.lib.release import release


class PageCache:
    """Bodies of pages by their ETag, for all threads of the process; what nobody asked for the longest goes first."""

    #: What a page costs beside its body, in bytes: its tag, and its place in the dictionary.
    OVERHEAD = 400

    def __init__(self):
        self._bodies: OrderedDict[str, bytes] = OrderedDict()
        self._lock = Lock()
        self.size = 0

    def get(self, tag: str) -> bytes | None:
        with self._lock:
            if tag in self._bodies:
                self._bodies.move_to_end(tag)
            return self._bodies.get(tag)

    def keep(self, tag: str, body: bytes) -> None:
        """Keep a page; with those kept before, it weighs CACHED_PAGES_MB at most."""
        with self._lock:
            self._forget(tag)
            self._bodies[tag] = body
            self.size += len(body) + self.OVERHEAD
            while self.size > settings.CACHED_PAGES_MB * 1024 * 1024:
                self._forget(next(iter(self._bodies)))

    def clear(self) -> None:
        with self._lock:
            self._bodies.clear()
            self.size = 0

    def _forget(self, tag: str) -> None:
        if (body := self._bodies.pop(tag, None)) is not None:
            self.size -= len(body) + self.OVERHEAD


CACHED_PAGES = PageCache()


def catalogue_of(request) -> current.Catalogue:
    """The catalogue of this request: the database is asked for its revision once."""
    if not hasattr(request, "_catalogue"):
        request._catalogue = current.catalogue()
    return request._catalogue


def etag(request) -> str | None:
    """What a page depends on, for a browser without any cookie: release, revision of the catalogue, day, address.

    None for somebody with a cookie, who may be signed in or have a message waiting: those pages are never shared; and while
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


def cached(view):
    """Let the browser keep the page, and ask each time whether it still holds; keep it here too, for other visitors."""

    @wraps(view)
    def answered(request, *args, **kwargs):
        tag = etag(request)
        response = get_conditional_response(request, etag=tag) or _page(tag, view, request, *args, **kwargs)
        if tag:
            response.headers["ETag"] = tag
        patch_vary_headers(response, ["Cookie", "HX-Request"])
        if not request.COOKIES:
            patch_cache_control(response, no_cache=True)
        return response

    return answered


def _page(tag: str | None, view, request, *args, **kwargs) -> HttpResponse:
    if tag and (body := CACHED_PAGES.get(tag)) is not None:
        return HttpResponse(body)
    response = view(request, *args, **kwargs)
    if tag and response.status_code == 200:
        CACHED_PAGES.keep(tag, response.content)
    return response
