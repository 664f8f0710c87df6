"""An account is opened by an administrator, its password chosen by its owner: a link by mail, valid for a week, that works once."""

import datetime as dt

from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.http import base36_to_int, int_to_base36

from accounts.models import User
from isic.lib.background import background
from isic.lib.mail import absolute, compose

LIFETIME = dt.timedelta(days=7)


class Tokens(PasswordResetTokenGenerator):
    """Django's, which die with the password, the address and the next sign-in, under a salt and a lifetime of ours."""

    key_salt = "accounts.invitations"

    def check_token(self, user, token):
        """Written again because Django's asks the lifetime of its own setting, that of forgotten passwords."""
        try:
            created = base36_to_int(token.partition("-")[0])
        except ValueError:
            return False
        is_ours = constant_time_compare(self._make_token_with_timestamp(user, created, self.secret), token)
        return is_ours and self._num_seconds(self._now()) - created <= LIFETIME.total_seconds()


tokens = Tokens()


@transaction.atomic
def invite(user: User) -> None:
    user.invited_at = timezone.now()
    user.save(update_fields=["invited_at"])
    deliver.later(user.pk)


@background("Invitation")
def deliver(pk: int) -> None:
    """Build the link only when the mail is sent, so that the task table never holds it."""
    user = User.objects.get(pk=pk)
    if user.is_waiting:
        compose("invitation", user.email, {"url": link(user), "days": LIFETIME.days}).send()


def link(user: User) -> str:
    return absolute(reverse("account_invitation", args=[int_to_base36(user.pk), tokens.make_token(user)]))


def find(uidb36: str, token: str) -> User | None:
    """Whom this link invites; nobody when it is spent, expired or cut."""
    try:
        user = User.objects.filter(pk=base36_to_int(uidb36)).first()
    except ValueError:
        return None
    return user if user and user.is_waiting and tokens.check_token(user, token) else None
