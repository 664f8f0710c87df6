"""What the page of a meeting shows this reader besides its agenda: answers, tasks, letters to send."""

from dataclasses import dataclass

from django.db.models import Count, Q

from meetings import outcomes
from meetings.changes import agenda_changes, without_extract
from meetings.forms.tasks import TaskForm
from meetings.letters import refusal
from meetings.models import AgendaItem, Letter, Meeting, Task
from meetings.next_step import next_step
from meetings.secretary import lines, presences_words

State = Meeting.State


@dataclass(frozen=True)
class Way:
    """A letter that may be prepared now."""

    kind: str
    subject: str
    item: AgendaItem | None = None


def sections(meeting: Meeting, user) -> dict:
    """In a number of queries that does not depend on the meeting."""
    items = list(meeting.items.visible_to(user).for_agenda().prefetch_related("continued__meeting"))
    context = {**outcomes_section(meeting, items, user), **tasks(meeting, user)}
    return {**context, **outbox(meeting, items)} if user.is_manager else context


def outcomes_section(meeting: Meeting, items: list[AgendaItem], user) -> dict:
    """For the service, while the meeting is held, where each passage is; for the others, what was released to them."""
    approval = outcomes.approval_of(meeting)
    context = {
        "released": [item for item in items if item.shows_outcome_to(user)],
        "approval": approval if approval and approval.shows_outcome_to(user) else None,
        "has_minutes": meeting.state == State.CLOSED,
    }
    if user.is_manager:
        is_held = meeting.state == State.HELD
        context |= {
            "lines": lines(items) if is_held else [],
            "presences": presences_words(meeting.members.all()) if is_held else "",
            "unreleased": sum(item.is_unreleased for item in items),
            "to_publish": outcomes.to_publish(meeting).order_by("sort_key", "pk"),
        }
    return context


def tasks(meeting: Meeting, user, form: TaskForm | None = None) -> dict:
    visible = Task.objects.visible_to(user).select_related("item__action", "meeting", "user")
    may_add = user.is_manager and meeting.state == State.HELD
    return {
        "tasks": visible.filter(meeting=meeting),
        "carried": visible.carried_to(meeting),
        "task_form": form or (TaskForm(meeting=meeting) if may_add else None),
    }


def outbox(meeting: Meeting, items: list[AgendaItem]) -> dict:
    sent = Count("deliveries", filter=Q(deliveries__sent_at__isnull=False))
    letters = list(meeting.letters.select_related("item__action").annotate(people=Count("deliveries"), sent=sent))
    is_closed = meeting.state == State.CLOSED
    return {
        "letters": letters,
        "letter_ways": ways(meeting, items, letters),
        "extract_ways": extract_ways(meeting, items),
        "extracts": len(without_extract(items, letters)),
        "next_step": next_step(meeting, items, letters, meeting.minutes.first() if is_closed else None),
    }


def ways(meeting: Meeting, items: list[AgendaItem], letters: list[Letter]) -> list[Way]:
    """The letters of the state where the meeting is; one that was refused says why when it is asked for."""
    if meeting.state == State.PREPARING:
        convocation = Way(Letter.Kind.CONVOCATION, "La convocation et l’ordre du jour, à tous les participants")
        update = Way(Letter.Kind.UPDATE, "Ce qui a changé depuis la convocation, à tous les participants")
        return [convocation, update] if agenda_changes(meeting, items, letters) else [convocation]
    if meeting.state == State.CANCELLED and meeting.convoked_on:
        return [Way(Letter.Kind.CANCELLATION, "L’annulation, à tous ceux qui étaient convoqués")]
    if meeting.state == State.CLOSED:
        return [Way(Letter.Kind.MINUTES, "Le compte rendu, à tous les participants")]
    return []


def extract_ways(meeting: Meeting, items: list[AgendaItem]) -> list[Way]:
    """One for each team that can read the answer on its action, whether or not it has an extract."""
    return [
        Way(Letter.Kind.EXTRACT, f"À l’équipe\u00a0: ce que l’instance dit de «\u00a0{item.subject}\u00a0»", item)
        for item in items
        if not refusal(meeting, Letter.Kind.EXTRACT, item)
    ]
