"""What a request sees of the catalogue, asked once; and the ETag of the pages made from it."""

import hashlib
from functools import wraps

from django.utils import timezone
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.http import condition

from catalogue import live
from isic.lib.release import release


def catalogue_of(request) -> live.Catalogue:
    """The catalogue of this request: the database is asked for its revision once."""
    if not hasattr(request, "_catalogue"):
        request._catalogue = live.current()
    return request._catalogue


def revalidated(view):
    """Let a browser without any cookie keep the page, and ask each time whether it still holds.

    A page holds as long as the release, the catalogue's revision, the day and the address do. Somebody with a cookie
    may be signed in, or be told a message once: his pages are his own.
    """

    def etag(request, *args, **kwargs) -> str | None:
        if request.COOKIES:
            return None
        revision = catalogue_of(request).revision
        parts = release(), revision.epoch, revision.n, timezone.localdate(), request.get_full_path(), bool(request.htmx)
        return f'"{hashlib.sha256(repr(parts).encode()).hexdigest()[:32]}"'

    @wraps(view)
    def kept(request, *args, **kwargs):
        response = condition(etag_func=etag)(view)(request, *args, **kwargs)
        patch_vary_headers(response, ["Cookie", "HX-Request"])
        if not request.COOKIES:
            patch_cache_control(response, no_cache=True)
        return response

    return kept
