"""The secretary's desk while the meeting is held: one passage under the pen, the others beside it with where they are."""

from collections.abc import Iterable
from dataclasses import dataclass

from isic.lib.words import counted, upper_first
from meetings.forms.outcomes import OutcomeForm
from meetings.forms.tasks import TaskForm
from meetings.models import AgendaItem, Meeting, Member, Task


@dataclass(frozen=True)
class Line:
    """One passage in the list."""

    rank: int
    item: AgendaItem
    is_current: bool

    @property
    def is_done(self) -> bool:
        return self.item.is_said

    @property
    def status(self) -> str:
        return status(self.item)


def status(item: AgendaItem) -> str:
    """Where a passage is, in a few words; an approval or a topic may have words and no outcome."""
    words = item.outcome_words or ("des notes" if item.brings else "rien encore")
    return upper_first(f"{words}, communiqué" if item.released_at else words)


def desk(meeting: Meeting, items: list[AgendaItem], current: AgendaItem, form: OutcomeForm) -> dict:
    """In a number of queries that does not depend on the meeting."""
    place = [item.pk for item in items].index(current.pk)
    return {
        "lines": lines(items, current),
        "place": place + 1,
        "previous": items[place - 1] if place else None,
        "following": items[place + 1] if place + 1 < len(items) else None,
        "item": current,
        "form": form,
        "tasks": Task.objects.filter(meeting=meeting, item=current).select_related("user"),
        "task_form": TaskForm(meeting=meeting, initial={"item": current.pk}),
        "presences": presences_words(meeting.members.all()),
    }


def lines(items: Iterable[AgendaItem], current: AgendaItem | None = None) -> list[Line]:
    return [Line(rank, item, item == current) for rank, item in enumerate(items, 1)]


def first_to_write(items: list[AgendaItem]) -> AgendaItem | None:
    """Where the secretary goes on: the first passage of which nothing is said, or the last one."""
    return next((item for item in items if not item.is_said), items[-1] if items else None)


def presences_words(members: Iterable[Member]) -> str:
    """« 3 présents sur 10, 2 à dire »."""
    presences = [member.presence for member in members]
    present, unsaid = presences.count(Member.Presence.PRESENT), presences.count(Member.Presence.EXPECTED)
    words = f"{counted(present, 'présent')} sur {len(presences)}"
    return f"{words}, {unsaid} à dire" if unsaid else words
