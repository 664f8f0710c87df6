"""What our accounts ask of allauth: closed registration, a fair throttle, our own mails."""

import time

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import ratelimit
from django.core.exceptions import ValidationError
from django.shortcuts import resolve_url
from django.urls import reverse

from accounts import resets, sign_ins
from accounts.models import User
from isic.lib.mail import send_later

#: The library's mails → ours.
MAILS = {
    "account/email/unknown_account": "unknown_account",
    "account/email/password_changed": "password_changed",
    "account/email/password_reset": "password_changed",
    "account/email/password_set": "password_changed",
    "mfa/email/totp_activated": "second_factor_activated",
    "mfa/email/recovery_codes_generated": "recovery_codes_generated",
}


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": "L’adresse e-mail ou le mot de passe n’est pas le bon.",
        "enter_current_password": "Le mot de passe actuel n’est pas le bon.",
        "incorrect_password": "Le mot de passe n’est pas le bon.",
        "too_many_login_attempts": "Trop d’essais manqués pour ce compte. Attendez un quart d’heure, puis réessayez.",
        "rate_limited": "Trop d’essais manqués. Attendez un quart d’heure, puis réessayez.",
    }

    def is_open_for_signup(self, request) -> bool:
        return False

    # --- Where one goes -----------------------------------------------------------------------------------------------
    def post_login(self, request, user, *, redirect_url, **kwargs):
        """The second factor first, wherever one was going."""
        sign_ins.note("sign_in", request, user.pk, sign_ins.factors(request, user))
        if user.owes_second_factor:
            redirect_url = resolve_url("mfa_activate_totp")
        return super().post_login(request, user, redirect_url=redirect_url, **kwargs)

    def get_password_change_redirect_url(self, request) -> str:
        return reverse("account_home")

    def logout(self, request) -> None:
        sign_ins.note("sign_out", request, request.user.pk)
        super().logout(request)

    # --- Proving again that it is oneself -----------------------------------------------------------------------------
    def is_reauthentication_required(self, *, app: str, **kwargs) -> bool:
        """Signing in counts, for as long as proving it again does."""
        records = get_authentication_records(self.request, self.request.user)
        return not records or time.time() - records[-1]["at"] > app_settings.REAUTHENTICATION_TIMEOUT

    def get_reauthentication_methods(self, user) -> list[dict]:
        """With a second factor, by it alone: a password that somebody learned must not replace the phone."""
        methods = super().get_reauthentication_methods(user)
        return [method for method in methods if method["id"] == "mfa_reauthenticate"] or methods

    # --- Failures -----------------------------------------------------------------------------------------------------
    def _get_login_attempts_cache_key(self, request, **credentials) -> str:
        """Count failures by account and IP address: one agent's mistakes lock out neither colleagues nor, elsewhere, himself."""
        return f"{credentials.get('email', '').lower()}:{self.get_client_ip(request)}"

    def pre_authenticate(self, request, **credentials) -> None:
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            sign_ins.note("throttled", request, account_of(credentials.get("email", "")))
            raise

    def respond_user_inactive(self, request, user):
        sign_ins.note("closed", request, user.pk)
        return super().respond_user_inactive(request, user)

    def authentication_failed(self, request, **credentials) -> None:
        """From the tenth failure of a day, wherever they come from, one mail tells the person."""
        email = credentials.get("email", "").lower()
        sign_ins.note("refused", request, account_of(email))
        is_usual = ratelimit.consume(request, action="failures", key=email)
        if is_usual or not ratelimit.consume(request, action="failures_told", key=email):
            return
        if user := User.objects.filter(email=email, is_active=True).first():
            send_later("many_failures", [user.email], {})

    # --- Mails: those of the house, in the background ------------------------------------------------------------------
    def send_password_reset_mail(self, user, email, context) -> None:
        resets.deliver.later(user.pk)

    def send_mail(self, template_prefix, email, context) -> None:
        send_later(MAILS[template_prefix], [email], {})

    def send_notification_mail(self, template_prefix, user, context=None, email=None) -> None:
        self.send_mail(template_prefix, user.email, {})


def account_of(email: str) -> int | None:
    """Its key, also where the account is closed."""
    return User.objects.filter(email=email.lower()).values_list("pk", flat=True).first()
