"""A role that opens drafts and lists wants more than a password."""

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.shortcuts import redirect
from django.urls import reverse

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
