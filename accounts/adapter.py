"""What our accounts ask of allauth: closed registration, links on the site's own address, a fair throttle."""

from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.urls import reverse


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": "L’adresse e-mail ou le mot de passe n’est pas le bon.",
        "enter_current_password": "Le mot de passe actuel n’est pas le bon.",
        "too_many_login_attempts": "Trop d’essais manqués pour ce compte. Attendez un quart d’heure, puis réessayez.",
    }

    def is_open_for_signup(self, request) -> bool:
        return False

    def get_password_change_redirect_url(self, request) -> str:
        return reverse("account_home")

    def get_reset_password_from_key_url(self, key: str) -> str:
        """On the configured address, whatever host the request named."""
        return settings.SITE_URL + urlsplit(super().get_reset_password_from_key_url(key)).path

    def _get_login_attempts_cache_key(self, request, **credentials) -> str:
        """Count failures by account and IP address: one agent's mistakes lock out neither colleagues nor, elsewhere, himself."""
        return f"{credentials.get('email', '').lower()}:{self.get_client_ip(request)}"
