"""The link by which a guest without an account reads the agenda and, once it is released, the minutes of one meeting."""

import datetime as dt
import uuid

from django.core import signing
from django.urls import reverse
from django.utils import timezone

from isic.lib.mail import absolute
from meetings.models import Member
from meetings.models.meeting import GUEST_DAYS

_signer = signing.Signer(salt="meetings.guest", sep="~")


def url(member: Member) -> str:
    """It dies with the membership, and thirty days after the meeting."""
    return absolute(reverse("meetings:guest", args=[_signer.sign(member.key.hex)]))


def find(token: str, on: dt.date | None = None) -> Member | None:
    """Whom this link was given to; nobody once it is dead."""
    try:
        key = uuid.UUID(_signer.unsign(token))
    except (signing.BadSignature, ValueError):
        return None
    first_day = (on or timezone.localdate()) - dt.timedelta(days=GUEST_DAYS)
    members = Member.objects.filter(key=key, meeting__date__gte=first_day)
    return members.select_related("meeting__territory").first()
