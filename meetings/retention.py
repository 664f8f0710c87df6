"""Personal data of a meeting is erased in time; answers on actions stay, with the functions of their authors.

Durations by analogy with the CNIL's référentiel 2023-095, for the data-protection officer to confirm.
"""

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.db.models import OuterRef, Q, Subquery

from isic.lib.ordering import sort_key
from meetings.models import Letter, Meeting, Member, Presenter, Task
from meetings.models.meeting import GUEST_DAYS

FORGOTTEN = "Nom non conservé"


@transaction.atomic
def forget(today: dt.date) -> None:
    """Addresses die with the guest's link, but what the next meeting needs; names, accounts and letters after
    MEETING_NAMES_DAYS. Idempotent."""
    links_died = today - dt.timedelta(days=GUEST_DAYS)
    dead = Member.objects.filter(user=None, meeting__date__lt=links_died).exclude(email="")
    dead.exclude(pk__in=_needed_by_the_next().values("pk")).update(email="")
    last = today - dt.timedelta(days=settings.MEETING_NAMES_DAYS)
    people = {"name": FORGOTTEN, "user": None}
    Member.objects.filter(meeting__date__lt=last).exclude(name=FORGOTTEN).update(
        email="", sort_key=sort_key(FORGOTTEN), **people
    )
    Presenter.objects.filter(item__meeting__date__lt=last).exclude(name=FORGOTTEN).update(**people)
    done = Task.objects.filter(meeting__date__lt=last).exclude(done_on=None).exclude(who=FORGOTTEN)
    done.update(who=FORGOTTEN, user=None)
    Letter.objects.filter(meeting__date__lt=last).delete()


def _needed_by_the_next():
    """The standing members of the last meeting of each territory: the next one begins with them.

    And of the last that was held, since one that is prepared may be cancelled.
    """
    needed = Q()
    for meetings in (Meeting.objects.took_place(), Meeting.objects.may_have_minutes()):
        last = meetings.filter(territory=OuterRef("territory")).order_by("-date", "-pk")
        needed |= Q(meeting__in=Meeting.objects.filter(pk=Subquery(last.values("pk")[:1])))
    return Member.objects.standing().filter(needed)
