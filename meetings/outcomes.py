"""The instance's answer on each passage: typed by several at once, released by the service, then carried out."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from accounts.models import User
from actions.models import Action
from actions.snapshot import plain
from actions.workflows import PUBLISH, carry_out_each
from isic.lib.merge import Base, Place, Saved, merge
from isic.lib.months import long_day
from meetings.models import AgendaItem, Meeting
from meetings.workflows import changing, pending

#: What is typed of a passage.
FIELDS = ("outcome", "comes_back_on", "is_to_spread", "brings")
Outcome = AgendaItem.Outcome


def outcome_values(item: AgendaItem) -> dict[str, object]:
    """What was typed of a passage, in values that JSON can say."""
    return {name: plain(getattr(item, name)) for name in FIELDS}


@contextmanager
def writing(pk: int) -> Iterator[AgendaItem]:
    """The passage, held still with its meeting. Raises ValidationError unless the meeting is being held."""
    with transaction.atomic():
        # The meeting first, as closing does: one of the two waits for the other.
        meeting = Meeting.objects.select_for_update(of=["self"]).filter(items=pk).first()
        item = meeting and meeting.items.select_for_update(of=["self"]).filter(pk=pk).first()
        if item is None or meeting.state != Meeting.State.HELD:
            raise ValidationError(refusal(meeting))
        item.meeting = meeting
        yield item


def refusal(meeting: Meeting | None) -> str:
    if meeting and meeting.state == Meeting.State.CLOSED:
        return "La réunion est close\u00a0: ce qui a été dit ne change plus, sauf par une correction du compte rendu."
    return "La réunion n’est pas tenue\u00a0: rien n’est enregistré. Dites d’abord qu’elle a lieu."


def write(pk: int, mine: Mapping, base: Base, *, by: User, leave: Collection[Place] = ()) -> Saved:
    """Keep what one person changed; what two people changed is asked. `leave`: what keeps what is stored."""
    with writing(pk) as item:
        saved = merge(base, mine, outcome_values(item), leave=leave)
        put(item, saved.values, by=by)
    return saved


def put(item: AgendaItem, values: Mapping, *, by: User) -> None:
    """These words on the passage, and its return where they ask for one. None of them: nothing is written."""
    if not values:
        return
    before = (item.outcome, item.comes_back_on)
    for name, value in values.items():
        setattr(item, name, item._meta.get_field(name).to_python(value))
    item.save(update_fields=FIELDS)
    if (item.outcome, item.comes_back_on) != before:
        _come_back(item, by=by)


def _come_back(item: AgendaItem, *, by: User) -> None:
    """Postponed, it is at the next meeting; to be reworked, it waits; anything else deletes what was created for that."""
    for continuation in _untouched(item):
        with changing(continuation.meeting_id) if continuation.meeting_id else nullcontext():
            continuation.delete()
    if item.action_id is None or pending(item.action):
        return
    if item.outcome == Outcome.POSTPONED:
        following = next_meeting(item.meeting)
        if following is None:
            item.postpone(to=None, by=by)
        else:
            with changing(following.pk) as held:
                if not held.items.filter(action=item.action_id).exists():
                    item.postpone(to=held, by=by)
    elif item.outcome == Outcome.REWORK and item.comes_back_on:
        again = item.come_back(to=None)
        again.wanted_meeting = next_meeting(item.meeting, since=item.comes_back_on)
        again.save(update_fields=["wanted_meeting"])


def return_words(item: AgendaItem) -> str:
    """Where the passage goes on, for whoever types; reads `continued__meeting`."""
    again = next(iter(item.continued.all()), None)
    if again is None:
        is_endless = item.outcome == Outcome.REWORK and item.comes_back_on is None
        return "Sans date, rien ne la fera revenir." if is_endless else ""
    return f"À l’ordre du jour du {long_day(again.meeting.date)}." if again.meeting else "Attend une prochaine réunion."


def _untouched(item: AgendaItem):
    """The passages that continue this one and have no answer yet."""
    coming = Q(meeting=None) | Q(meeting__state=Meeting.State.PREPARING)
    return item.continued.filter(coming, outcome="", brings="", released_at=None)


def next_meeting(meeting: Meeting, since=None) -> Meeting | None:
    """The first one to come of the same territory."""
    coming = Meeting.objects.coming().filter(territory_id=meeting.territory_id).exclude(pk=meeting.pk)
    return coming.filter(date__gte=since or meeting.date).first()


@transaction.atomic
def release(items: Iterable[AgendaItem], *, by: User) -> int:
    """Release the answers to the teams; passages without an answer are skipped. Return how many were released."""
    unreleased = [item for item in items if item.is_unreleased]
    for item in unreleased:
        item.release()
    return len(unreleased)


def to_publish(meeting: Meeting):
    """The sheets to be spread that are not in the catalogue yet."""
    spread = meeting.items.filter(is_to_spread=True).order_by().values("action")
    return Action.objects.filter(pk__in=spread).exclude(editorial_state=Action.EditorialState.PUBLISHED)


def spread(meeting: Meeting, *, by: User) -> tuple[int, list[str]]:
    """Publish what is to be spread, by the same door as ever. How many, and one sentence for each that cannot be."""
    return carry_out_each(to_publish(meeting).order_by("sort_key", "pk"), lambda sheet: PUBLISH.carry_out(sheet, by=by))


def approval_of(meeting: Meeting) -> AgendaItem | None:
    """The passage of the meeting after it that approves its minutes."""
    later = Meeting.objects.took_place().filter(territory_id=meeting.territory_id, date__gt=meeting.date)
    following = later.order_by("date", "pk").first()
    return following and following.items.filter(kind=AgendaItem.Kind.APPROVAL).select_related("meeting").first()
