"""The agenda as it is prepared: its clock, its order by type, and what deserves a look before the day."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.urls import reverse

from actions.completeness import Reader, lacks
from actions.rhythm import hour
from isic.lib.ordering import sort_key
from isic.lib.words import listed
from meetings.models import AgendaItem, Meeting, Member


@dataclass(frozen=True)
class Slot:
    """A passage and its hours, if each takes the minutes that it was given."""

    item: AgendaItem
    starts_at: dt.time
    ends_at: dt.time

    @property
    def hour(self) -> str:
        return hour(self.starts_at)


@dataclass(frozen=True)
class AgendaCaution:
    """Something that deserves a look, and blocks nothing."""

    words: str
    url: str = ""


def clock(meeting: Meeting, items: Iterable[AgendaItem]) -> list[Slot]:
    """The running clock: each passage starts when the one before ends."""
    now = dt.datetime.combine(meeting.date, meeting.starts_at)
    slots = []
    for item in items:
        end = now + dt.timedelta(minutes=item.minutes)
        slots.append(Slot(item, now.time(), end.time()))
        now = end
    return slots


def duration(minutes: int) -> str:
    """« 45 minutes », « 2 h », « 2 h 05 »."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{minutes}\u00a0minute{'s' if minutes > 1 else ''}"
    return f"{hours}\u00a0h\u00a0{rest:02}" if rest else f"{hours}\u00a0h"


def by_type(items: Iterable[AgendaItem]) -> list[AgendaItem]:
    """The approval first, then by type, domain, unit and title; topics last, as they stand."""
    kinds = list(AgendaItem.Kind)

    def place(item: AgendaItem) -> tuple:
        action = item.action
        if action is None:
            return kinds.index(item.kind), 0, "", "", item.position, item.pk
        carrier = sort_key(str(action.carrier))
        return kinds.index(item.kind), action.domain.position, carrier, action.sort_key, 0, item.pk

    return sorted(items, key=place)


def cautions(meeting: Meeting, items: list[AgendaItem], members: list[Member]) -> list[AgendaCaution]:
    """Reads items loaded by `for_preparing()`, and never the database."""
    return [*_too_long(meeting, items), *_hidden(items), *_presenters(items, members), *_lacks(items)]


def _too_long(meeting: Meeting, items: list[AgendaItem]) -> Iterator[AgendaCaution]:
    planned = sum(item.minutes for item in items)
    if planned > meeting.length:
        over = planned - meeting.length
        yield AgendaCaution(
            f"L’ordre du jour dure {duration(planned)}, la réunion {duration(meeting.length)}\u00a0: "
            f"{duration(over)} de trop."
        )


def _hidden(items: list[AgendaItem]) -> Iterator[AgendaCaution]:
    """The service alone sees these on the agenda; its convocation shows all."""
    for item in items:
        if item.is_return_unreleased:
            url = f"{reverse('meetings:meeting', args=[item.continues.meeting_id])}#communiquer"
            words = (
                "revient d’une réunion dont l’avis n’est pas communiqué\u00a0: la convocation le laisserait deviner."
            )
            yield AgendaCaution(f"«\u00a0{item.subject}\u00a0» {words}", url)


def _presenters(items: list[AgendaItem], members: list[Member]) -> Iterator[AgendaCaution]:
    """A person is the same by the account, or by the name where there is none."""
    away = {}
    for member in members:
        if member.presence in (Member.Presence.EXCUSED, Member.Presence.ABSENT):
            away |= dict.fromkeys(_keys(member), member.get_presence_display())
    busy = Counter(_keys(presenter)[0] for item in items for presenter in item.presenters.all())
    warned = set()
    if orphans := [f"«\u00a0{item.subject}\u00a0»" for item in items if item.action and not item.presenters.all()]:
        yield AgendaCaution(f"Personne n’est encore désigné pour présenter {listed(orphans)}.")
    for item in items:
        for presenter in item.presenters.all():
            keys = _keys(presenter)
            if absence := next((away[key] for key in keys if key in away), ""):
                yield AgendaCaution(
                    f"{presenter.name} intervient sur «\u00a0{item.subject}\u00a0» et ne sera pas là ({absence})."
                )
            if busy[keys[0]] > 1 and keys[0] not in warned:
                warned.add(keys[0])
                yield AgendaCaution(f"{presenter.name} intervient sur {busy[keys[0]]} passages.")


def _keys(person) -> list:
    """The account; else the name, which identifies a member without an account even without a letter in it."""
    return [key for key in (person.user_id, sort_key(person.name) or person.name) if key]


def _lacks(items: list[AgendaItem]) -> Iterator[AgendaCaution]:
    for item in items:
        missing = [lack for lack in lacks(item.action) if lack.reader == Reader.ISIC] if item.action else []
        if missing:
            words = listed((lack.words for lack in missing), 2)
            yield AgendaCaution(f"«\u00a0{item.subject}\u00a0»\u00a0: il manque {words}.", missing[0].url)
