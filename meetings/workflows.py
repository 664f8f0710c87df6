"""What changes a meeting across its parts: begun, changed, filled, proposed to. Each is one transaction, and may come twice."""

import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from actions.models import Action, TeamMember
from actions.workflows import team
from isic.lib.months import long_day
from isic.lib.versions import StaleVersion
from meetings.models import AgendaItem, Meeting, Member, Presenter
from territories.models import Territory

#: What approving the previous minutes takes.
APPROVAL_MINUTES = 5
UNANSWERED = "Ce que l’instance a dit de cette action n’est pas encore communiqué\u00a0: attendez de le lire pour la proposer de nouveau."
Kind = AgendaItem.Kind


@contextmanager
def changing(pk: int, *, seen: int | None = None) -> Iterator[Meeting]:
    """The meeting, held still while its agenda changes; its version goes up.

    Raises StaleVersion when it is no longer at the version `seen`, ValidationError once it is locked.
    """
    with transaction.atomic():
        meeting = Meeting.objects.select_for_update().get(pk=pk)
        if seen is not None and meeting.version != seen:
            raise StaleVersion(pk)
        if meeting.is_locked:
            raise ValidationError(
                f"La réunion est {meeting.get_state_display()}\u00a0: elle ne change plus. Rien n’est enregistré."
            )
        yield meeting
        meeting.take_version(meeting.version)


@transaction.atomic
def begin(meeting: Meeting) -> Meeting:
    """The first passage approves the minutes of the previous meeting, whose members come along; guests were for a day."""
    Territory.objects.select_for_update(no_key=True).get(pk=meeting.territory_id)  # sent twice at once: one waits
    existing = Meeting.objects.filter(submission=meeting.submission).first()
    if existing:
        return existing
    meeting.save()
    previous = meeting.previous()
    if previous:
        title = f"Approbation du compte rendu du {long_day(previous.date)}"
        meeting.items.create(kind=Kind.APPROVAL, title=title, minutes=APPROVAL_MINUTES)
        for member in previous.members.exclude(role=Member.Role.GUEST):
            member.pk, member.key, member.meeting, member.presence = None, uuid.uuid4(), meeting, ""
            member._state.adding = True
            member.save()
    return meeting


def suggested_kinds(actions: Iterable[Action]) -> dict[int, str]:
    """By sheet, the type of passage that comes next, from those already presented: one query."""
    actions = list(actions)
    told: dict[int, set] = {action.pk: set() for action in actions}
    for pk, kind in AgendaItem.objects.told().filter(action__in=told).values_list("action", "kind").order_by():
        told[pk].add(kind)
    return {action.pk: _next_kind(action, told[action.pk]) for action in actions}


def _next_kind(action: Action, told: set[str]) -> str:
    if not told:
        return Kind.NEW
    if Kind.ASSESSMENT in told:
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
    set_presenters(item, referents(action))
    return item


def referents(action: Action) -> list[dict]:
    """Who would present it, as rows of the form."""
    members = action.team_members.filter(role=TeamMember.Role.REFERENT, user__isnull=False).select_related("user")
    return [
        {"name": m.user.full_name or m.function, "function": m.function, "user": m.user_id, "email": m.user.email}
        for m in members
    ]


def set_presenters(item: AgendaItem, rows: Iterable[dict]) -> None:
    """In this order."""
    item.presenters.all().delete()
    for position, row in enumerate(rows):
        Presenter.objects.create(
            item=item,
            position=position,
            role=row.get("role", Presenter.Role.PRESENTER),
            name=row["name"],
            function=row["function"],
            user_id=row["user"],
        )


def reorder(meeting: Meeting, order: list[int], minutes: dict[int, int], *, seen: int) -> None:
    """The passages in this order, which names each of them once, with their minutes."""
    with changing(meeting.pk, seen=seen) as held:
        items = {item.pk: item for item in held.items.all()}
        if sorted(order) != sorted(items):
            raise StaleVersion(meeting.pk)
        for position, pk in enumerate(order):
            item = items[pk]
            item.position, item.minutes = position, minutes.get(pk, item.minutes)
            item.save(update_fields=["position", "minutes"])


def take_off(item: AgendaItem) -> None:
    """Off the agenda: an action waits again for a meeting, a topic is gone. Of what was said nothing goes. Twice is once."""
    with changing(item.meeting_id) as held:
        item = held.items.filter(pk=item.pk).first()
        if item is None:
            return
        _refuse_if_said(item)
        if item.action_id:
            item.unplace()
        else:
            item.delete()


def _refuse_if_said(item: AgendaItem) -> None:
    if item.is_said or item.released_at:
        raise ValidationError("L’instance s’est exprimée sur ce passage\u00a0: il reste à l’ordre du jour.")


@transaction.atomic
def propose(action: Action, *, by: User, meeting: Meeting | None, presenters: list[dict], **words) -> AgendaItem:
    """On the agenda until the deadline; later, or without a meeting, among those that wait. Twice: changed, not doubled."""
    if action.editorial_state == Action.EditorialState.ARCHIVED:
        raise ValidationError("Une fiche archivée ne se présente pas\u00a0: rouvrez-la d’abord.")
    # The meeting first, as whatever changes an agenda does; then the sheet, which two people may propose at once.
    meeting = meeting and Meeting.objects.select_for_update().get(pk=meeting.pk)
    Action.objects.select_for_update().get(pk=action.pk)
    if awaits_answer(action, by):
        raise ValidationError(UNANSWERED)
    item = pending(action)
    if item and item.meeting_id:
        raise ValidationError(f"Elle est déjà à l’ordre du jour du {long_day(item.meeting.date)}.")
    if item is None:
        item = AgendaItem(action=action, proposed_by=by)
    is_open = bool(meeting) and meeting.takes_proposals
    for name, value in words.items():
        setattr(item, name, value)
    item.wanted_meeting, item.is_late = meeting, bool(meeting) and not is_open
    item.save()
    set_presenters(item, presenters)
    if is_open:
        with changing(meeting.pk) as held:
            item.meeting, item.position = held, held.items.count()
            item.save(update_fields=["meeting", "position"])
    return item


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
    """The team changes its mind: until the deadline, or while it waits. Twice is once."""
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
