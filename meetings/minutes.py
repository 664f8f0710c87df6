"""The minutes of a meeting: the answers on its passages, stored whole at closing; a correction is a new version.

`content(meeting)` is a dict of JSON values only. People are there by the key of their row, never by name: who leaves the
members leaves every version. `as_read(minutes, to=reader)` puts the names back, without what this reader may not know yet.
"""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from actions.models import Action
from isic.lib.merge import Base, Place
from meetings import outcomes
from meetings.models import AgendaItem, Meeting, Member, Minutes, Presenter, Task
from meetings.models.agenda import outcome_words
from meetings.workflows import merged

Content = dict[str, object]


@dataclass(frozen=True)
class Passage:
    """One passage as the minutes tell it to somebody."""

    pk: int
    kind: str
    subject: str
    outcome: str = ""
    is_to_spread: bool = False
    brings: str = ""
    question: str = ""
    presenters: list[Presenter] = field(default_factory=list)
    #: The sheet's address, where this reader may open it.
    url: str = ""
    is_unreleased: bool = False


@dataclass(frozen=True)
class ReadableMinutes:
    """What a page or a document of the minutes shows."""

    minutes: Minutes
    members: list[tuple[str, list[Member]]]
    passages: list[Passage]
    tasks: list[Task]
    #: The next one of the same territory, as things stand.
    following: Meeting | None = None


def content(meeting: Meeting) -> Content:
    items = meeting.items.select_related("action").prefetch_related("presenters")
    return {
        "date": meeting.date.isoformat(),
        "starts_at": meeting.starts_at.isoformat(),
        "ends_at": meeting.ends_at.isoformat(),
        "place": meeting.place,
        "members": [
            {"key": str(member.key), "role": member.role, "presence": member.presence}
            for member in meeting.members.in_order()
        ],
        "items": [_passage(item) for item in items],
        "tasks": [
            {"key": task.pk, "item": task.item_id, "what": task.what, "due_on": task.due_on and task.due_on.isoformat()}
            for task in meeting.tasks.all()
        ],
    }


def _passage(item: AgendaItem) -> Content:
    return {
        "key": item.pk,
        "kind": item.kind,
        "subject": item.subject,
        "action": item.action_id,
        "question": item.question,
        "presenters": [str(presenter.key) for presenter in item.presenters.all()],
        **outcomes.outcome_values(item),
    }


def as_read(minutes: Minutes, *, to: User | None) -> ReadableMinutes:
    """In a number of queries that does not depend on the minutes. `to=None` is a guest, led to no sheet of the agents."""
    is_manager = bool(to) and to.is_manager
    readable = Action.objects.visible_to(to or AnonymousUser()).published()
    passages = minutes.meeting.items.select_related("action").prefetch_related("presenters", "continued__meeting")
    items = {item.pk: item for item in passages}
    rows = minutes.content["items"]
    actions = {row["action"] for row in rows}
    linked = set(readable.filter(pk__in=actions).order_by().values_list("pk", flat=True))
    shown = {row["key"] for row in rows if is_manager or (row["key"] in items and items[row["key"]].released_at)}
    return ReadableMinutes(
        minutes=minutes,
        members=_by_presence(minutes),
        passages=[
            _told(row, items.get(row["key"]), is_shown=row["key"] in shown, is_linked=row["action"] in linked)
            for row in rows
        ],
        tasks=_follow_ups(minutes, shown),
        following=outcomes.next_meeting(minutes.meeting),
    )


def _told(row: Content, item: AgendaItem | None, *, is_shown: bool, is_linked: bool) -> Passage:
    words = {"outcome": "", "brings": "", "is_unreleased": True}
    if is_shown:
        outcome = outcome_words(row["kind"], row["outcome"], _comes_back_on(row, item))
        words = {"outcome": outcome, "brings": row["brings"], "is_to_spread": row["is_to_spread"]}
    people = {str(presenter.key): presenter for presenter in item.presenters.all()} if item else {}
    return Passage(
        pk=row["key"],
        kind=AgendaItem.Kind(row["kind"]).label,
        subject=row["subject"],
        question="" if item and item.is_withdrawn else row["question"],
        presenters=[people[key] for key in row["presenters"] if key in people],
        url=item.action.get_absolute_url() if item and item.action and is_linked else "",
        **words,
    )


def _comes_back_on(row: Content, item: AgendaItem | None) -> dt.date | None:
    """The day that the instance chose; of what is postponed, the day of the meeting where it is now."""
    if row["comes_back_on"]:
        return dt.date.fromisoformat(row["comes_back_on"])
    again = next(iter(item.continued.all()), None) if item else None
    return again.meeting.date if again and again.meeting else None


def _by_presence(minutes: Minutes) -> list[tuple[str, list[Member]]]:
    """« présents », « excusés »… each with those of them who are still in the members."""
    members = {str(member.key): member for member in minutes.meeting.members.all()}
    groups: dict[str, list[Member]] = {presence: [] for presence in Member.Presence.values[1:]}
    for row in minutes.content["members"]:
        if row["key"] in members and row["presence"] in groups:
            groups[row["presence"]].append(members[row["key"]])
    return [(f"{Member.Presence(presence).label}s", people) for presence, people in groups.items() if people]


def _follow_ups(minutes: Minutes, shown: set[int]) -> list[Task]:
    wanted = [row["key"] for row in minutes.content["tasks"] if row["item"] is None or row["item"] in shown]
    return list(Task.objects.filter(pk__in=wanted).select_related("item__action"))


@transaction.atomic
def close(meeting: Meeting, *, by: User, reason: str = "") -> Minutes:
    """Lock the meeting and store its answers as the first version of its minutes. Idempotent. `reason`: why it is closed
    though something is missing (meetings.closing).
    """
    held = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if held.state == Meeting.State.CLOSED and (existing := held.minutes.order_by("number").first()):
        return existing
    meeting.close(by=by, reason=reason)
    return Minutes.objects.create(meeting=meeting, number=1, at=timezone.now(), by=by, content=content(meeting))


def to_come(meeting: Meeting) -> Minutes:
    """The minutes as they would be if the meeting were closed now; not saved."""
    return Minutes(meeting=meeting, number=1, at=timezone.now(), content=content(meeting))


def correctable(meeting: Meeting) -> Content:
    """What a correction may change, by the names of the fields of its page."""
    words = {
        f"passage-{item.pk}-{name}": value
        for item in meeting.items.all()
        for name, value in outcomes.outcome_values(item).items()
    }
    return words | {f"presence-{member.pk}": member.presence for member in meeting.members.all()}


@transaction.atomic
def correct(
    meeting: Meeting, mine: Mapping, *, by: User, reason: str, base: Base, leave: Collection[Place] = ()
) -> Minutes:
    """A new version, with what one person changed of the last one (`mine`: in the names of `correctable`).

    Raises Asked where another correction changed the same values meanwhile.
    """
    held = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if held.state != Meeting.State.CLOSED:
        raise ValidationError(
            "La réunion n’est pas close\u00a0: son compte rendu se corrige en changeant ses passages."
        )
    last = held.minutes.first()
    _put(held, merged(mine, correctable(held), base, leave), by=by)
    now = content(held)
    if now == last.content:
        raise ValidationError("Rien n’a changé\u00a0: il n’y a pas de correction à enregistrer.")
    version = {"number": last.number + 1, "reason": reason, "at": timezone.now(), "by": by, "content": now}
    return Minutes.objects.create(meeting=held, **version)


def _put(meeting: Meeting, values: Mapping, *, by: User) -> None:
    """The corrected values, in the names of `correctable`."""
    for item in meeting.items.select_related("action"):
        item.meeting = meeting
        start = f"passage-{item.pk}-"
        words = {name.removeprefix(start): value for name, value in values.items() if name.startswith(start)}
        outcomes.put(item, words, by=by)
    for member in meeting.members.all():
        if (name := f"presence-{member.pk}") in values:
            member.presence = values[name]
            member.save(update_fields=["presence"])
