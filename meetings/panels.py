"""The next meetings on the first page of the admin; they are prepared on pages of their own, and no row is kept here."""

from django.db.models import Count
from django.urls import reverse

from isic.lib.admin import PANELS, Line, Panel
from isic.lib.months import long_day
from isic.lib.words import counted, upper_first
from meetings.models import AgendaItem, Meeting

SHOWN = 3


@PANELS.add
def coming(request):
    """With how many proposals wait for one of them; two queries."""
    meetings = list(Meeting.objects.coming().select_related("territory").annotate(passages=Count("items"))[:SHOWN])
    waiting = AgendaItem.objects.waiting().count()
    lines = [
        Line(
            upper_first(long_day(meeting.date)),
            reverse("meetings:prepare", args=[meeting.pk]),
            f"{meeting.territory}, {counted(meeting.passages, 'passage')}",
        )
        for meeting in meetings
    ]
    if waiting:
        lines.append(Line(f"{counted(waiting, 'proposition')} sans réunion", reverse("meetings:list")))
    return Panel(title="Réunions ISIC", lines=lines, empty="Aucune réunion n’est prévue.")
