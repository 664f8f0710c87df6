"""The second factor: what this site asks of allauth, and how an administrator takes a lost one away."""

import logging
from base64 import urlsafe_b64encode

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.db import transaction
from django.utils.crypto import salted_hmac

from accounts.models import User
from isic.lib.mail import send_later

log = logging.getLogger("isic.accounts")


class MFAAdapter(DefaultMFAAdapter):
    """Secrets rest encrypted in the database: a stolen backup gives no codes."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "Ce code n’est pas le bon, ou il n’est plus valable.",
        "cannot_generate_recovery_codes": "Activez d’abord la double authentification.",
    }

    def get_totp_issuer(self) -> str:
        return settings.SITE_NAME

    def encrypt(self, text: str) -> str:
        return cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Where SECRET_KEY changed, no code is right any more: an administrator resets the factor."""
        try:
            return cipher().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            log.error("A second factor cannot be read: SECRET_KEY is no longer that of its activation")
            return generate_totp_secret()


def cipher() -> Fernet:
    key = salted_hmac("accounts.mfa", "secrets", algorithm="sha256").digest()
    return Fernet(urlsafe_b64encode(key))


@transaction.atomic
def reset(user: User) -> bool:
    """Take the phone and the recovery codes away, and tell the person; False where there was nothing to take."""
    if not Authenticator.objects.filter(user=user).delete()[0]:
        return False
    send_later("second_factor_reset", [user.email], {})
    return True
