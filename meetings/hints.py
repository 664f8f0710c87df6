"""An agenda that knows the catalogue: who has presented nothing for a year, what should come back, whom to invite."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, Max, OuterRef, Q, QuerySet, Subquery

from accounts.models import User
from actions.models import Action, Domain
from catalogue.search.current import Catalogue
from catalogue.search.similar import Neighbour, neighbours
from meetings.models import AgendaItem, Meeting
from territories.models import Territory

#: Without anything presented for so long, a domain or a unit is silent.
SILENT = dt.timedelta(days=365)
#: How long after it was presented an action is asked how it goes.
PROGRESS_AFTER = dt.timedelta(days=182)
#: Lines of one kind: a panel is read, a list is not.
MOST = 5
Kind = AgendaItem.Kind
Life = Action.LifeState


@dataclass(frozen=True)
class Silent:
    """A domain or a unit that has presented nothing for a year, and a sheet of its own that could be."""

    subject: Domain | Territory
    candidate: Action | None


@dataclass(frozen=True)
class Hints:
    domains: list[Silent]
    units: list[Silent]
    progress: list[Action]
    assessments: list[Action]
    close: list[Neighbour]
    #: Keys of the close sheets whose team has somebody who is not a member yet.
    invitable: set[int]

    def __bool__(self) -> bool:
        return any((self.domains, self.units, self.progress, self.assessments, self.close))


def hints(meeting: Meeting, items: list[AgendaItem], catalogue: Catalogue, user) -> Hints:
    """In a number of queries that depends neither on the agenda, loaded by `for_preparing()`, nor on the catalogue."""
    there = [item.action for item in items if item.action]
    domains, units = _silent(meeting, there)
    close = _close(there, catalogue, user)
    return Hints(
        domains=domains,
        units=units,
        progress=list(_awaiting_progress(meeting, there)[:MOST]),
        assessments=list(_awaiting_assessment(meeting, there)[:MOST]),
        close=close,
        invitable=_invitable(meeting, [near.entry.pk for near in close]),
    )


def _of(meeting: Meeting) -> QuerySet[Action]:
    """The actions that concern its territory: all of ours for the département, its own for a unit."""
    if meeting.territory.kind == Territory.Kind.LOCAL_UNIT:
        return Action.objects.filter(carrier_unit=meeting.territory_id)
    return Action.objects.ours()


def _free(meeting: Meeting, there: list[Action]) -> QuerySet[Action]:
    """Neither on this agenda, nor waiting for one, nor filed away."""
    placed = AgendaItem.objects.waiting().order_by().values("action").exclude(action=None)
    free = _of(meeting).exclude(pk__in=[action.pk for action in there]).exclude(pk__in=placed)
    return free.exclude(editorial_state=Action.EditorialState.ARCHIVED)


def _silent(meeting: Meeting, there: list[Action]) -> tuple[list[Silent], list[Silent]]:
    recent = AgendaItem.objects.took_place().filter(meeting__date__gte=meeting.date - SILENT).of_actions().order_by()
    spoke = set(recent.values_list("action__domain", "action__carrier_unit").distinct())
    spoke |= {(action.domain_id, action.carrier_unit_id) for action in there}
    domains = Domain.objects.filter(is_retired=False).exclude(pk__in={domain for domain, _ in spoke})
    units = Territory.objects.local_units().exclude(pk__in={unit for _, unit in spoke if unit})
    if meeting.territory.kind == Territory.Kind.LOCAL_UNIT:
        units = units.none()
    candidates = _free(meeting, there).published().exclude(pk__in=recent.values("action"))
    by_domain = _newest(candidates, "domain")
    by_unit = _newest(candidates, "carrier_unit")
    sheets = Action.objects.in_bulk({*by_domain.values(), *by_unit.values()})
    return (
        [Silent(domain, sheets.get(by_domain.get(domain.pk))) for domain in domains],
        [Silent(unit, sheets.get(by_unit.get(unit.pk))) for unit in units],
    )


def _newest(actions: QuerySet[Action], field: str) -> dict[int, int]:
    """The last sheet filed, for each value of the field."""
    return dict(actions.exclude(**{field: None}).order_by().values_list(field).annotate(Max("pk")))


def _presented(meeting: Meeting, there: list[Action]) -> QuerySet[Action]:
    """Presented, without its « bilan » yet; the longest ago first, with `last_told_on`."""
    presentations = AgendaItem.objects.took_place().filter(action=OuterRef("pk")).order_by("-meeting__date")
    assessed = Exists(presentations.filter(kind=Kind.ASSESSMENT))
    actions = _free(meeting, there).annotate(last_told_on=Subquery(presentations.values("meeting__date")[:1]))
    return actions.exclude(assessed).filter(last_told_on__lt=meeting.date).order_by("last_told_on", "pk")


def _is_over(meeting: Meeting) -> Q:
    """An unknown planned end is never past."""
    return Q(life_state=Life.ENDED) | Q(planned_end_on__isnull=False, planned_end_on__lt=meeting.date)


def _awaiting_progress(meeting: Meeting, there: list[Action]) -> QuerySet[Action]:
    running = [Life.PREPARING, Life.RUNNING, Life.PAUSED]
    actions = _presented(meeting, there).exclude(_is_over(meeting))
    return actions.filter(life_state__in=running, last_told_on__lte=meeting.date - PROGRESS_AFTER)


def _awaiting_assessment(meeting: Meeting, there: list[Action]) -> QuerySet[Action]:
    return _presented(meeting, there).filter(_is_over(meeting)).exclude(life_state=Life.DROPPED)


def _close(there: Iterable[Action], catalogue: Catalogue, user) -> list[Neighbour]:
    """Each once, of our own teams: those of elsewhere are not invited."""
    placed = {action.pk for action in there}
    invitable = []
    for near in neighbours(there, catalogue, user, limit=3):
        is_elsewhere = any(pk in catalogue.labels.elsewhere for pk in near.entry.facets["porteur"])
        if near.entry.pk not in placed and not is_elsewhere:
            placed.add(near.entry.pk)
            invitable.append(near)
    return invitable[:MOST]


def _invitable(meeting: Meeting, sheets: list[int]) -> set[int]:
    """Those whose team `workflows.invite_team` would invite somebody of."""
    free = User.objects.filter(is_active=True).exclude(meeting_memberships__meeting=meeting).order_by().values("pk")
    of_team = Q(team_members__user__in=free) | Q(created_by__in=free)
    return set(Action.objects.filter(of_team, pk__in=sheets).order_by().values_list("pk", flat=True))
