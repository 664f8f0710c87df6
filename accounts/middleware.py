"""Who must sign in, and with what: a role that opens drafts and lists wants more than a password."""

from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from isic.lib.errors import error_page

REFUSED = (
    "Il manque la double authentification",
    "Votre rôle demande un second facteur avant toute écriture. Rien n’a été enregistré.",
    "Ouvrez «\u00a0Mon compte\u00a0» pour l’activer, puis recommencez.",
)


class SecondFactor:
    """Whoever owes a second factor is nobody outside the pages of his account: he reads what anyone reads.

    Where an account is needed he is led to the activation, and writes nothing.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view_func, view_args, view_kwargs):
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:  # nobody asks for the session of an anonymous reader
            return None
        if not getattr(request.user, "owes_second_factor", False):
            return None
        if request.resolver_match.url_name == settings.LOGIN_URL:  # the link of the header, since he reads as nobody
            return redirect("mfa_activate_totp")
        if request.path.startswith(reverse("account_home")):
            return None
        if not getattr(view_func, "login_required", True):
            request.user = AnonymousUser()
            return None
        if request.method not in ("GET", "HEAD"):
            return error_page(request, 403, REFUSED)
        return redirect("mfa_activate_totp")


class SignInRequired(LoginRequiredMiddleware):
    """Who was signed out while filling a form comes back to the page that holds it, not to the address it is sent to."""

    def handle_no_permission(self, request, view_func):
        form_page = request.headers.get("Referer", "")
        if request.method == "POST" and url_has_allowed_host_and_scheme(
            form_page, {request.get_host()}, require_https=request.is_secure()
        ):
            url = urlsplit(form_page)
            return redirect_to_login(
                urlunsplit(("", "", url.path, url.query, "")),
                self.get_login_url(view_func),
                self.get_redirect_field_name(view_func),
            )
        return super().handle_no_permission(request, view_func)
