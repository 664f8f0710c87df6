"""A forgotten password is chosen again by a link that goes to the address of the account."""

from django.contrib.auth.tokens import default_token_generator
from django.urls import reverse
from django.utils.http import int_to_base36

from accounts.models import User
from isic.lib.background import background
from isic.lib.mail import absolute, compose


@background("Mot de passe oublié")
def deliver(pk: int) -> None:
    """Build the link only when the mail is sent, so that the task table never holds it."""
    user = User.objects.get(pk=pk)
    compose("reset_password", user.email, {"url": link(user)}).send()


def link(user: User) -> str:
    """On the configured address, whatever host the request named."""
    token = default_token_generator.make_token(user)
    return absolute(reverse("account_reset_password_from_key", args=[int_to_base36(user.pk), token]))
