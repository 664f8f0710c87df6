"""What changes a meeting across its parts: begun, changed, filled, proposed to. Each is one transaction, and may come twice."""

import uuid
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from actions.models import Action
from actions.workflows import team
from isic.lib.merge import Base, Place, Saved, merge, rows_of_base
from isic.lib.months import long_day
from meetings.models import AgendaItem, Meeting, Member
from meetings.presenters import presenters_of, referents, set_presenters
from territories.models import Territory

#: What approving the previous minutes takes.
APPROVAL_MINUTES = 5
UNANSWERED = "Ce que l’instance a dit de cette action n’est pas encore communiqué\u00a0: attendez de le lire pour la proposer de nouveau."
Kind = AgendaItem.Kind


class Asked(Exception):
    """Two people changed the same values: nothing is written, and a person chooses (isic.lib.two_texts)."""

    def __init__(self, saved: Saved):
        super().__init__(saved.names)
        self.saved = saved


class Reordered(Exception):
    """Two people moved the passages of one agenda, each in another way."""


def merged(mine: Mapping, stored: Mapping, base: Base, leave: Collection[Place] = ()) -> dict[str, object]:
    """What to write of what one person sent. Raises Asked where somebody else changed the same values."""
    saved = merge(base, mine, stored, leave=leave)
    if saved.conflicts:
        raise Asked(Saved(conflicts=saved.conflicts, base=base))
    return saved.values


@contextmanager
def changing(pk: int) -> Iterator[Meeting]:
    """The meeting, held still while it changes; its version goes up. Raises ValidationError once it is locked."""
    with transaction.atomic():
        meeting = Meeting.objects.select_for_update().get(pk=pk)
        if meeting.is_locked:
            raise ValidationError(
                f"La réunion est {meeting.get_state_display()}\u00a0: elle ne change plus. Rien n’est enregistré."
            )
        yield meeting
        meeting.take_version(meeting.version)


@transaction.atomic
def begin(meeting: Meeting) -> Meeting:
    """The first passage approves the minutes of the previous meeting, whose standing members come along."""
    Territory.objects.select_for_update(no_key=True).get(pk=meeting.territory_id)  # sent twice at once: one waits
    existing = Meeting.objects.filter(submission=meeting.submission).first()
    if existing:
        return existing
    meeting.save()
    _add_approval(meeting)
    if meeting.previous:
        for member in meeting.previous.members.standing():
            member.pk, member.key, member.meeting, member.presence = None, uuid.uuid4(), meeting, ""
            member._state.adding = True
            member.save()
    following = meeting.following
    if following and following.state == Meeting.State.PREPARING:
        add_approval(following)
    return meeting


@transaction.atomic
def begin_all(meetings: Iterable[Meeting]) -> list[Meeting]:
    """The meetings of a year, in the order of their days: each goes on from the one before it."""
    return [begin(meeting) for meeting in meetings]


def add_approval(meeting: Meeting) -> None:
    """The passage by which the minutes of the previous meeting are approved, before all others. Idempotent."""
    with changing(meeting.pk) as held:
        _add_approval(held)


def _add_approval(meeting: Meeting) -> None:
    if meeting.previous and not meeting.items.filter(kind=Kind.APPROVAL).exists():
        for item in meeting.items.all():
            item.position += 1
            item.save(update_fields=["position"])
        meeting.items.create(kind=Kind.APPROVAL, minutes=APPROVAL_MINUTES)


def suggested_kinds(actions: Iterable[Action]) -> dict[int, str]:
    """By sheet, the type of passage that comes next, from those already presented: one query."""
    actions = list(actions)
    kinds_so_far: dict[int, set] = {action.pk: set() for action in actions}
    for pk, kind in (
        AgendaItem.objects.took_place().filter(action__in=kinds_so_far).values_list("action", "kind").order_by()
    ):
        kinds_so_far[pk].add(kind)
    return {action.pk: _next_kind(action, kinds_so_far[action.pk]) for action in actions}


def _next_kind(action: Action, kinds_so_far: set[str]) -> str:
    if not kinds_so_far:
        return Kind.NEW
    if Kind.ASSESSMENT in kinds_so_far:
        return Kind.SPREADING
    is_over = action.life_state == Action.LifeState.ENDED or (
        action.planned_end_on and action.planned_end_on < timezone.localdate()
    )
    return Kind.ASSESSMENT if is_over else Kind.PROGRESS


def add(meeting: Meeting, action: Action, *, by: User, kind: str = "") -> AgendaItem:
    """At the end of the agenda; one that waits for a meeting is taken from there. Already there: nothing changes."""
    with changing(meeting.pk) as held:
        item = held.items.filter(action=action).first()
        if item:
            return item
        item = AgendaItem.objects.waiting().select_for_update().filter(action=action).first()
        if item is None:
            return _new_item(action, held, by=by, kind=kind or suggested_kinds([action])[action.pk])
        item.meeting, item.position = held, held.items.count()
        item.save(update_fields=["meeting", "position"])
        return item


def _new_item(action: Action, meeting: Meeting | None, *, by: User, kind: str, **more) -> AgendaItem:
    """With its referents as presenters: those of the team who have an account, and so a name."""
    position = meeting.items.count() if meeting else 0
    item = AgendaItem.objects.create(
        action=action, meeting=meeting, kind=kind, proposed_by=by, position=position, **more
    )
    set_presenters(item, referents(action, by), by=by)
    return item


def write_passage(item: AgendaItem, values: Mapping, *, by: User) -> None:
    """Inside `changing()`: what the instance says may be typed at the same time, and is left alone."""
    names = [name for name in values if name != "presenters"]
    for name in names:
        setattr(item, name, values[name])
    if item.pk is None:
        item.save()
    elif names:
        item.save(update_fields=names)
    if "presenters" in values:
        set_presenters(item, values["presenters"], by=by)


def line_of(pk: int, minutes: int) -> dict:
    """A passage of an agenda, as its place and its minutes are merged."""
    return {"key": str(pk), "minutes": minutes}


def reorder(meeting: Meeting, order: list[int], minutes: Mapping[int, int], *, base: Base) -> None:
    """The passages of a page in this order, with their minutes; those that came meanwhile keep their place among them.

    `base`: of the page, in its order. Raises Asked where somebody else changed the same minutes, Reordered where both
    moved the passages, or where the order is not one of those of the page.
    """
    with changing(meeting.pk) as held:
        items = {str(item.pk): item for item in held.items.all()}
        stored = [line_of(item.pk, item.minutes) for item in items.values()]
        before = list(rows_of_base(base.get("items")) or ())
        mine = [str(pk) for pk in order]
        if sorted(mine) != sorted(before) or _are_two_orders(before, mine, list(items)):
            raise Reordered(meeting.pk)
        lines = [
            line_of(pk, minutes.get(pk) or items[str(pk)].minutes) for pk in order if pk in minutes or str(pk) in items
        ]
        values = merged({"items": lines}, {"items": stored}, base)
        for position, line in enumerate(values.get("items", stored)):
            item = items[line["key"]]
            item.position, item.minutes = position, line["minutes"]
            item.save(update_fields=["position", "minutes"])


def _are_two_orders(before: list[str], mine: list[str], theirs: list[str]) -> bool:
    """Both moved passages, and not in the same way."""

    def is_moved(start: list[str], end: list[str]) -> bool:
        return [key for key in start if key in end] != [key for key in end if key in start]

    return is_moved(before, mine) and is_moved(before, theirs) and is_moved(mine, theirs)


def take_off(item: AgendaItem) -> None:
    """Off the agenda: an action or a topic waits again for a meeting, and may be put back; an approval is gone, and may be
    added again. No answer is deleted. Idempotent.
    """
    with changing(item.meeting_id) as held:
        item = held.items.filter(pk=item.pk).first()
        if item is None:
            return
        _refuse_if_said(item)
        if item.kind == Kind.APPROVAL:
            item.delete()
        else:
            item.unplace()


def put_back(meeting: Meeting, pk: int) -> AgendaItem | None:
    """A passage that waits, at the end of this agenda; None where it does not wait any more."""
    with changing(meeting.pk) as held:
        item = AgendaItem.objects.waiting().select_for_update().filter(pk=pk).first()
        if item is None or (item.action_id and held.items.filter(action=item.action_id).exists()):
            return None
        item.meeting, item.position = held, held.items.count()
        item.save(update_fields=["meeting", "position"])
        return item


def _refuse_if_said(item: AgendaItem) -> None:
    if item.is_said or item.released_at:
        raise ValidationError("L’instance s’est exprimée sur ce passage\u00a0: il reste à l’ordre du jour.")


def proposal_of(item: AgendaItem) -> dict[str, object]:
    """What a team asked, in the names of its form."""
    words = {name: getattr(item, name) for name in ("kind", "minutes", "question")}
    return {"meeting": item.wanted_meeting_id, **words, "presenters": presenters_of(item)}


@transaction.atomic
def propose(
    action: Action, mine: Mapping, *, by: User, base: Base | None = None, leave: Collection[Place] = ()
) -> AgendaItem:
    """On the agenda until the deadline; later, or without a meeting, among those that wait.

    `mine`: in the names of `proposal_of`. The same proposal sent twice is one; one that waits is changed, and merged
    with what somebody else changed. Raises Asked, and ValidationError where the sheet cannot be proposed.
    """
    # The meeting first, as whatever changes an agenda does; then the sheet, which two people may propose at once.
    meeting = mine["meeting"] and Meeting.objects.select_for_update().get(pk=mine["meeting"])
    item = _held_proposal(action, by)
    if item and item.meeting_id:
        if _is_same(mine, proposal_of(item)):
            return item
        raise ValidationError(f"Elle est déjà à l’ordre du jour du {long_day(item.meeting.date)}.")
    values = dict(mine) if item is None else merged(mine, proposal_of(item), base or {}, leave)
    item = item or AgendaItem(action=action, proposed_by=by)
    is_open = "meeting" in values and bool(meeting) and meeting.takes_proposals
    if "meeting" in values:
        values |= {"wanted_meeting": meeting or None, "is_late": bool(meeting) and not is_open}
    write_passage(item, {name: value for name, value in values.items() if name != "meeting"}, by=by)
    if is_open:
        _place_last(item, meeting)
    return item


def _held_proposal(action: Action, by: User) -> AgendaItem | None:
    """The passage to come of the sheet, held still with it. Raises ValidationError where it cannot be proposed."""
    if action.editorial_state == Action.EditorialState.ARCHIVED:
        raise ValidationError("Une fiche archivée ne se présente pas\u00a0: rouvrez-la d’abord.")
    Action.objects.select_for_update().get(pk=action.pk)
    if awaits_answer(action, by):
        raise ValidationError(UNANSWERED)
    return pending(action)


def _place_last(item: AgendaItem, meeting: Meeting) -> None:
    with changing(meeting.pk) as held:
        item.meeting, item.position = held, held.items.count()
        item.save(update_fields=["meeting", "position"])


def change_question(
    item: AgendaItem,
    mine: Mapping,
    *,
    by: User,
    stored: Callable[[AgendaItem], Mapping],
    base: Base,
    leave: Collection[Place] = (),
) -> None:
    """The team's own words on a passage that is on an agenda, until the deadline.

    `stored(item)`: the values of now, in the names of `mine`. Raises Asked, and ValidationError once it is too late.
    """
    with changing(item.meeting_id) as held:
        item = held.items.filter(pk=item.pk).first()
        if item is None:
            raise ValidationError("Ce passage n’est plus à l’ordre du jour\u00a0: rien n’est enregistré.")
        if not held.takes_proposals:
            raise ValidationError("La date limite est passée\u00a0: demandez au service de changer ce passage.")
        write_passage(item, merged(mine, stored(item), base, leave), by=by)


def _is_same(mine: Mapping, stored: Mapping) -> bool:
    """Equal content, whatever the keys of the rows."""
    return _without_keys(mine) == _without_keys(stored)


def _without_keys(values: Mapping) -> dict:
    rows = [{cell: value for cell, value in row.items() if cell != "key"} for row in values["presenters"]]
    return {**values, "presenters": rows}


def awaits_answer(action: Action, user: User) -> bool:
    """The instance spoke of it, and this person cannot read it yet: neither may what comes next, which would tell it."""
    return not user.is_manager and action.agenda_items.unreleased().exists()


def pending(action: Action) -> AgendaItem | None:
    """Its passage to come: on an agenda being prepared, or waiting for one."""
    items = AgendaItem.objects.filter(action=action).select_related("meeting", "wanted_meeting").order_by("pk")
    coming = items.filter(meeting__state=Meeting.State.PREPARING, meeting__date__gte=timezone.localdate())
    return coming.first() or items.filter(meeting=None).first()


@transaction.atomic
def withdraw(item: AgendaItem) -> None:
    """The team changes its mind: until the deadline, or while it waits. Idempotent."""
    meeting = Meeting.objects.select_for_update().filter(pk=item.meeting_id).first()
    item = AgendaItem.objects.select_for_update(of=["self"]).filter(pk=item.pk).first()
    if item is None:
        return
    if item.meeting_id and (item.meeting != meeting or not meeting.takes_proposals):
        raise ValidationError("La date limite est passée\u00a0: demandez au service de retirer ce passage.")
    _refuse_if_said(item)
    item.delete()
    if meeting:
        meeting.take_version(meeting.version)


def invite_team(meeting: Meeting, action: Action) -> int:
    """The accounts of the team of a sheet become guests of the meeting; how many were not there yet."""
    with changing(meeting.pk) as held:
        there = set(held.members.exclude(user=None).values_list("user", flat=True))
        new = [user for user in team(action).order_by("pk") if user.pk not in there]
        for user in new:
            held.members.create(user=user, role=Member.Role.GUEST, name=str(user), function=user.function)
    return len(new)
