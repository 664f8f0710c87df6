"""An address that somebody gives for a colleague is an account, or the wish for one: nothing tells the two apart.

An administrator confirms the wish, which invites the person, or refuses it; one that nobody answers is forgotten.
"""

import datetime as dt

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.invitations import invite
from accounts.models import User
from isic.lib.mail import absolute, send_later
from isic.lib.words import counted

LIFETIME = dt.timedelta(days=60)


@transaction.atomic
def account_of(address: str, *, by: User) -> User:
    """The account that has this address, asked for where none is open. Idempotent."""
    asked = {"is_active": False, "asked_by": by, "asked_at": timezone.now(), "password": make_password(None)}
    user, _ = User.objects.get_or_create(email=address.strip().lower(), defaults=asked)
    if user.is_closed:
        user.asked_by, user.asked_at = by, timezone.now()
        user.save(update_fields=["asked_by", "asked_at"])
    return user


@transaction.atomic
def confirm(user: User) -> None:
    """Open it; who has no password yet is invited."""
    user.is_active, user.asked_by, user.asked_at = True, None, None
    user.save()
    if user.is_waiting:
        invite(user)


def refuse(user: User) -> None:
    """An account that never was is gone, and the rows that name it stay without it; a closed one stays closed."""
    if user.invited_at is None and user.last_login is None:
        user.delete()
    else:
        user.asked_by = user.asked_at = None
        user.save(update_fields=["asked_by", "asked_at"])


def is_named(user: User) -> bool:
    """Whether any row of any room still has it: an address may be corrected while it is typed."""
    relations = [one for one in user._meta.related_objects if one.field.name != "asked_by"]
    return any(one.related_model._base_manager.filter(**{one.field.name: user}).exists() for one in relations)


def tell(today: dt.date) -> None:
    """One mail to each administrator, the day after, of what was asked for; the addresses are in the admin alone."""
    number = User.objects.asked_for().filter(asked_at__date=today - dt.timedelta(days=1)).count()
    if number:
        url = absolute(reverse("admin:accounts_user_changelist", query={"etat": "a-confirmer"}))
        administrators = User.objects.filter(is_active=True, role=User.Role.ADMINISTRATOR).order_by("pk")
        context = {"accounts": counted(number, "compte"), "url": url}
        send_later("accounts_asked", administrators.values_list("email", flat=True), context)


def forget(today: dt.date) -> None:
    """What nobody answered in two months, and what no row names since the day before."""
    for user in User.objects.asked_for().filter(asked_at__date__lt=today).order_by("pk"):
        if user.asked_at.date() < today - LIFETIME or not is_named(user):
            refuse(user)
