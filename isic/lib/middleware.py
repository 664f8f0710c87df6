"""What every request goes through that Django does not bring."""

import logging
import re
import time
from urllib.parse import unquote_to_bytes, urlsplit

from django.conf import settings
from django.contrib.auth import SESSION_KEY, get_user, logout
from django.http import HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.urls import is_valid_path

from isic.lib.browsers import name_of
from isic.lib.errors import error_page
from isic.lib.secret_links import hide, is_secret

log = logging.getLogger("isic.requests")
#: What a sentence puts after an address, and many a mail program takes for its end.
_AFTER_LINKS = re.compile(r"""(?:[)>\]}.,;:!?*'"\s»”’\u200b]|&gt;|&quot;)+/?$""")
_DRAFT = re.compile("[0-9a-z]{8,40}")
#: From a page whose address is a secret, to wherever one goes. « no-referrer » would have browsers send forms without an origin,
#: which the protection of forms refuses.
REFERRER_OF_SECRETS = "strict-origin"
PERMISSIONS = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"


class ResponseHeaders:
    """Headers of every answer, static files included; an answer to someone who signed in stays with that person."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response["Permissions-Policy"] = PERMISSIONS
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        if is_secret(request.path):
            response["Referrer-Policy"] = REFERRER_OF_SECRETS
        is_personal = settings.SESSION_COOKIE_NAME in request.COOKIES and not is_for_everybody(request, response)
        if response.cookies or is_personal:
            response["Cache-Control"] = "private, no-store"
        return response


class RequestLog:
    """One line a request: no query string and no form, so neither search terms nor names."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        started = time.perf_counter()
        response = self.get_response(request)
        user = getattr(request, "_cached_user", None)  # only if something already loaded it
        extra = {
            "method": request.method,
            "path": hide(request.path),
            "status": response.status_code,
            "ms": round((time.perf_counter() - started) * 1000, 1),
            "user": user.pk if user else None,
        }
        log.info("%(method)s %(path)s %(status)s %(ms)s ms", extra, extra=extra)
        return response


class HostileInput:
    """Refuse what no form of ours sends, before anything reads it.

    PostgreSQL cannot store NUL (a server error), SQLite can (garbage); broken UTF-8 would be replaced in silence.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.method in ("TRACE", "CONNECT"):
            return HttpResponseNotAllowed(["GET", "HEAD", "POST", "OPTIONS"])
        query = request.META.get("QUERY_STRING", "")
        if len(query) > settings.MAX_QUERY_LENGTH or query.count("&") >= settings.MAX_QUERY_PARAMETERS:
            return error_page(request, 414)
        if int(request.META.get("CONTENT_LENGTH") or 0) > settings.MAX_BODY_LENGTH:
            return error_page(request, 413)
        if "\x00" in request.path or not is_clean(query.encode("latin-1")):
            return error_page(request, 400)
        return self.get_response(request)

    def process_view(self, request, view_func, view_args, view_kwargs):
        if request.method == "POST":
            values = [value for key in request.POST for value in (key, *request.POST.getlist(key))]
            if any("\x00" in value for value in values):
                return error_page(request, 400)
            if request.content_type == "application/x-www-form-urlencoded" and not is_clean(request.body):
                return error_page(request, 400)
        return None


class MailedLinks:
    """Open the address in « …/actions/jardin/) » or « …/compte/…/> »: no address of the house ends so."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.method in ("GET", "HEAD") and (after := _AFTER_LINKS.search(request.path_info)):
            address = request.path_info[: after.start()]
            for path in (address, f"{address.rstrip('/')}/"):
                if is_valid_path(path):
                    request.path = request.path.removesuffix(request.path_info) + path
                    return HttpResponseRedirect(request.get_full_path())
        return self.get_response(request)


class SessionLimits:
    """A session ends a day of work after the sign-in, and when it stays unused; anonymous requests never load one."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if settings.SESSION_COOKIE_NAME in request.COOKIES and SESSION_KEY in request.session:
            self.enforce(request)
        return self.get_response(request)

    def enforce(self, request):
        now = int(time.time())
        started = request.session.setdefault("started_at", now)
        seen = request.session.setdefault("seen_at", now)
        request.session.setdefault("browser", name_of(request.headers.get("user-agent", "")))
        # The role is asked only where the shortest limit is over.
        is_idle = now - seen > settings.SESSION_IDLE_SECONDS_MANAGER and _is_idle(request, now - seen)
        if now - started > settings.SESSION_COOKIE_AGE or is_idle:
            logout(request)
        elif now - seen >= 60:  # one write a minute, not one a request
            request.session["seen_at"] = now


def _is_idle(request, seconds: int) -> bool:
    user = get_user(request)
    return not user.is_authenticated or seconds > user.idle_limit.total_seconds()


class MethodNotAllowed:
    """A page for who opens the address of a button: Django answers 405 with an empty body."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if response.status_code == 405 and not response.content:
            page = error_page(request, 405)
            page["Allow"] = response["Allow"]
            return page
        return response


class AcceptedForms:
    """Tell the page that follows a form which text the server has now: it need not wait in the browser any more.

    static/js/keeper.js sends its key of the text as « draft ». An accepted form redirects; one sent to sign in is not
    accepted. The cookie holds that key alone, and the page takes it away.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.method == "POST" and response.status_code in (302, 303):
            draft = request.POST.get("draft", "")
            is_accepted = urlsplit(response.url).path != resolve_url(settings.LOGIN_URL)
            if is_accepted and _DRAFT.fullmatch(draft):
                response.set_cookie(
                    settings.ACCEPTED_COOKIE_NAME,
                    draft,
                    max_age=60,
                    secure=settings.SESSION_COOKIE_SECURE,
                    samesite="Lax",
                )
        return response


def is_static(request) -> bool:
    return request.path.startswith(settings.STATIC_URL)


def is_for_everybody(request, response) -> bool:
    """Whoever asked, the answer would be the same; a view or a middleware says so by this attribute."""
    return is_static(request) or getattr(response, "is_for_everybody", False)


def is_clean(encoded: bytes) -> bool:
    """Whether percent-encoded text is UTF-8 without NUL."""
    decoded = unquote_to_bytes(encoded)
    if b"\x00" in decoded:
        return False
    try:
        decoded.decode()
    except UnicodeDecodeError:
        return False
    return True
