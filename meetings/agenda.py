"""The agenda as it is prepared: its clock, its order by type, and what deserves a look before the day."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.urls import reverse

from actions.completeness import Reader, lacks
from isic.lib.dates import hour
from isic.lib.ordering import sort_key
from isic.lib.words import listed
from meetings.models import AgendaItem, Meeting, Member

#: So many of what a sheet lacks are named; more are counted, so that a sheet is one line.
LISTED = 2


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
    #: The passage that the words are of; none, of the whole agenda.
    item: AgendaItem | None = None


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
    """First of the agenda, then one line a passage. Reads items loaded by `for_preparing()`, and never the database."""
    away = {}
    for member in members:
        if member.presence in (Member.Presence.EXCUSED, Member.Presence.ABSENT):
            away |= dict.fromkeys(_keys(member), member.get_presence_display())
    of_items = [_of_item(item, away) for item in items]
    return [*_too_long(meeting, items), *_busy(items), *filter(None, of_items)]


def _too_long(meeting: Meeting, items: list[AgendaItem]) -> Iterator[AgendaCaution]:
    planned = sum(item.minutes for item in items)
    if planned > meeting.length:
        over = planned - meeting.length
        yield AgendaCaution(
            f"L’ordre du jour dure {duration(planned)}, la réunion {duration(meeting.length)}\u00a0: "
            f"{duration(over)} de trop."
        )


def _busy(items: list[AgendaItem]) -> Iterator[AgendaCaution]:
    """A person is the same by the account, or by the name where there is none."""
    presenters = [presenter for item in items for presenter in item.presenters.all()]
    passages = Counter(_keys(presenter)[0] for presenter in presenters)
    names = {_keys(presenter)[0]: presenter.name for presenter in presenters}
    for key, number in passages.items():
        if number > 1:
            yield AgendaCaution(f"{names[key]} intervient sur {number} passages.")


def _of_item(item: AgendaItem, away: dict) -> AgendaCaution | None:
    """All that deserves a look in this passage, in one line that leads to the first of it."""
    parts = [*_hidden(item), *_absent(item, away), *_lacks(item)]
    if not parts:
        return None
    return AgendaCaution(f"{'\u00a0; '.join(words for words, _ in parts)}.", parts[0][1], item)


def _hidden(item: AgendaItem) -> Iterator[tuple[str, str]]:
    """The service alone sees these on the agenda; its convocation shows all."""
    if item.is_return_unreleased:
        url = f"{reverse('meetings:meeting', args=[item.continues.meeting_id])}#communiquer"
        yield "revient d’une réunion dont l’avis n’est pas communiqué, que la convocation laisserait deviner", url


def _absent(item: AgendaItem, away: dict) -> Iterator[tuple[str, str]]:
    url = reverse("meetings:item", args=[item.meeting_id, item.pk])
    presenters = item.presenters.all()
    if item.action and not presenters:
        yield "personne ne présente", url
    for presenter in presenters:
        if absence := next((away[key] for key in _keys(presenter) if key in away), ""):
            yield f"{presenter.name} ne sera pas là ({absence})", url


def _lacks(item: AgendaItem) -> Iterator[tuple[str, str]]:
    missing = [lack for lack in lacks(item.action) if lack.reader == Reader.ISIC] if item.action else []
    if len(missing) > LISTED:
        yield f"il manque {len(missing)} réponses à la fiche", missing[0].url
    elif missing:
        yield f"il manque {listed(lack.words for lack in missing)}", missing[0].url


def _keys(person) -> list:
    """The account; else the name, which identifies a member without an account even without a letter in it."""
    return [key for key in (person.user_id, sort_key(person.name) or person.name) if key]
