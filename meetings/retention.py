"""Personal data of a meeting is erased in time; answers on actions stay, with the functions of their authors.

Durations by analogy with the CNIL's référentiel 2023-095, for the data-protection officer to confirm.
"""

import datetime as dt

from django.conf import settings
from django.db import transaction

from isic.lib.ordering import sort_key
from meetings.models import Letter, Member, Presenter, Task
from meetings.models.meeting import GUEST_DAYS

FORGOTTEN = "Nom non conservé"


@transaction.atomic
def forget(today: dt.date) -> None:
    """Addresses of guests die with their link; names, accounts and letters after MEETING_NAMES_DAYS. Idempotent."""
    links_died = today - dt.timedelta(days=GUEST_DAYS)
    Member.objects.filter(user=None, meeting__date__lt=links_died).exclude(email="").update(email="")
    last = today - dt.timedelta(days=settings.MEETING_NAMES_DAYS)
    people = {"name": FORGOTTEN, "user": None}
    Member.objects.filter(meeting__date__lt=last).exclude(name=FORGOTTEN).update(
        email="", sort_key=sort_key(FORGOTTEN), **people
    )
    Presenter.objects.filter(item__meeting__date__lt=last).exclude(name=FORGOTTEN).update(**people)
    done = Task.objects.filter(meeting__date__lt=last).exclude(done_on=None).exclude(who=FORGOTTEN)
    done.update(who=FORGOTTEN, user=None)
    Letter.objects.filter(meeting__date__lt=last).delete()
