"""What « Mes actions » says of the meetings: what a team presents, what was promised, what the instance answered.

What the instance said is here once it is released, for managers too: the page of the meeting is where they prepare it.
"""

import datetime as dt
from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from actions.desk import DUES, RECOGNITIONS, Due, sheets_of
from actions.models import Action
from isic.lib.dates import hour
from isic.lib.months import long_day
from isic.lib.words import counted
from meetings.models import AgendaItem, Meeting, Task
from meetings.models.agenda import RETURN_UNRELEASED

COMING_BACK = (AgendaItem.Kind.PROGRESS, AgendaItem.Kind.ASSESSMENT)
Outcome = AgendaItem.Outcome
#: What the instance advised stays on the desk so long after it was released; the sheet's own page keeps it.
NEWS = dt.timedelta(days=30)


@DUES.add
def due(user: User) -> Iterator[Due]:
    """Four queries, whatever they find: the sheets of the user, his tasks, and what the service has to place."""
    today = timezone.localdate()
    yield from _passages(user, today)
    yield from _tasks(user, today)
    yield from _to_place(user)


def _passages(user: User, today: dt.date) -> Iterator[Due]:
    """What is to be presented, or to be read, of one's sheets. A passage that continues an unreleased answer is left out."""
    recent = Q(released_at__gte=timezone.now() - NEWS)
    advised = Q(outcome=Outcome.ADVISED) & recent
    again = Q(continued__meeting__isnull=False)  # its place on an agenda says it better
    rework = Q(outcome=Outcome.REWORK, released_at__isnull=False) & (Q(comes_back_on__gte=today) | recent) & ~again
    told_by_rework = Q(meeting=None, continues__outcome=Outcome.REWORK, continues__proposed_next="")
    coming = Q(meeting__state=Meeting.State.PREPARING, meeting__date__gte=today) | Q(meeting=None)
    items = AgendaItem.objects.filter((coming & ~RETURN_UNRELEASED & ~told_by_rework) | advised | rework)
    items = items.filter(action__in=sheets_of(user).order_by().values("pk"))
    items = items.select_related("meeting", "wanted_meeting", "continues").defer("snapshot", "continues__snapshot")
    items = items.prefetch_related("action")  # joined, the sheets would meet themselves: see is_carried_by_units_of
    for item in items.order_by("meeting__date", "pk"):
        url = reverse("meetings:passages", args=[item.action.slug])
        verb = "Lire" if item.released_at else "Voir"
        yield Due(item.action.title, _words(item), verb, url, page=item.action.get_absolute_url())


def _words(item: AgendaItem) -> str:
    if item.released_at:
        back = f", revient le {long_day(item.comes_back_on)}" if item.comes_back_on else ""
        return "Soutenue avec conseils." if item.outcome == Outcome.ADVISED else f"À retravailler{back}."
    if item.meeting:
        return f"À présenter le {long_day(item.meeting.date)}, {hour(item.meeting.starts_at)}."
    if item.continues and item.continues.proposed_next == item.kind:
        return f"Le moment d’un {item.get_kind_display()} est venu\u00a0: le service choisira la réunion."
    if item.wanted_meeting:
        return f"Proposée pour la réunion du {long_day(item.wanted_meeting.date)}."
    return "Proposée\u00a0: elle attend une réunion."


def _tasks(user: User, today: dt.date) -> Iterator[Due]:
    """Tasks that the account took on; those without a date too, since nothing else recalls them."""
    tasks = Task.objects.open().filter(user=user).select_related("meeting")
    for task in tasks:
        when = f"pour le {long_day(task.due_on)}" if task.due_on else "sans date"
        if task.due_on and task.due_on < today:
            when = f"c’était pour le {long_day(task.due_on)}"
        words = f"Ce qui était convenu à l’instance du {long_day(task.meeting.date)}, {when}."
        yield Due(task.what, words, "Voir", reverse("meetings:tasks", args=[task.meeting_id]))


def _to_place(user: User) -> Iterator[Due]:
    """How many passages wait for the service to choose their meeting."""
    if user.is_manager and (number := AgendaItem.objects.waiting().filter(kind__in=COMING_BACK).count()):
        words = f"{counted(number, 'action')} {'attend' if number < 2 else 'attendent'} une réunion."
        yield Due("Points d’étape et bilans", words, "Choisir la réunion", reverse("meetings:list"))


@RECOGNITIONS.add
def recognition(user: User, sheets: list[Action]) -> dict[int, str]:
    """When each was last presented, and whether the instance recommends sharing it, once released; one query."""
    items = AgendaItem.objects.took_place().filter(action__in=sheets).exclude(outcome=Outcome.POSTPONED)
    words_of, spread = {}, set()
    for item in items.select_related("meeting").defer("snapshot").order_by("meeting__date", "pk"):
        words_of[item.action_id] = f"présentée à l’instance ISIC le {long_day(item.meeting.date)}"
        if item.is_to_spread and item.released_at:
            spread.add(item.action_id)
    return {pk: f"{words} (à diffuser)" if pk in spread else words for pk, words in words_of.items()}
