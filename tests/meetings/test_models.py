"""Meetings: their states, their locks, and what they keep."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from isic.lib.versions import StaleVersion
from meetings.models import AgendaItem, Meeting
from tests.factories import (
    ActionFactory,
    AgendaItemFactory,
    MeetingFactory,
    MemberFactory,
    PresenterFactory,
    TaskFactory,
)

pytestmark = [pytest.mark.engine, pytest.mark.django_db]
STATES = list(Meeting.State)
MOVES = {
    "hold": (["preparing"], "held", {}),
    "close": (["held"], "closed", {}),
    "cancel": (["preparing"], "cancelled", {"reason": "Neige."}),
    "resume": (["held", "cancelled"], "preparing", {"reason": "Par erreur."}),
}


def in_state(state):
    traits = {
        "held": {"held": True},
        "closed": {"closed": True},
        "cancelled": {"state": "cancelled", "reason": "Neige."},
    }
    return MeetingFactory(**traits.get(state, {}))


@pytest.mark.parametrize("before", STATES)
@pytest.mark.parametrize("verb", MOVES)
def test_move_from_each_state(verb, before, manager):
    since, after, words = MOVES[verb]
    meeting = in_state(before)

    if before in since:
        getattr(meeting, verb)(by=manager, **words)
        meeting.refresh_from_db()
        assert (meeting.state, meeting.version) == (after, 2)
    else:
        with pytest.raises(ValidationError):
            getattr(meeting, verb)(by=manager, **words)
        assert Meeting.objects.get().state == before


def test_meeting_changed_under_the_hand_is_not_moved(manager):
    meeting = MeetingFactory()
    late = Meeting.objects.get()
    meeting.hold(by=manager)

    with pytest.raises(StaleVersion):
        late.cancel(by=manager, reason="Neige.")


def test_sheet_is_kept_as_presented(manager):
    item = AgendaItemFactory(action=ActionFactory(published=True, title="Cuisine"))

    item.meeting.hold(by=manager)

    item.refresh_from_db()
    assert item.snapshot["title"] == "Cuisine"
    assert item.snapshot["contact"] == item.action.contact_id


def test_cancelled_meeting_gives_its_actions_back(manager):
    item = AgendaItemFactory()
    topic = AgendaItemFactory(meeting=item.meeting, topic=True)

    item.meeting.cancel(by=manager, reason="Neige.")

    assert list(AgendaItem.objects.waiting()) == [item]
    assert AgendaItem.objects.get(pk=topic.pk).meeting == item.meeting


def test_postponed_item_is_tied_to_its_clone_made_once(manager):
    item = AgendaItemFactory(meeting=MeetingFactory(held=True), question="Comment durer ?")
    PresenterFactory(item=item, name="Camille")
    coming = MeetingFactory()

    clone = item.postpone(to=coming, by=manager)
    again = item.postpone(to=coming, by=manager)

    assert clone == again
    assert (clone.continues, clone.meeting, clone.question, clone.outcome) == (item, coming, "Comment durer ?", "")
    assert [p.name for p in clone.presenters.all()] == ["Camille"]
    assert [p.name for p in item.presenters.all()] == ["Camille"]


def test_outcome_is_hidden_from_agents_until_released(agent, manager):
    item = AgendaItemFactory(outcome="supported")

    assert (item.shows_outcome_to(manager), item.shows_outcome_to(agent)) == (True, False)

    item.release()
    assert item.shows_outcome_to(agent)


def test_proposals_until_the_deadline_included():
    today = timezone.localdate()
    meeting = MeetingFactory(deadline_on=today)

    assert list(Meeting.objects.open_to_proposals(today)) == [meeting]
    assert list(Meeting.objects.open_to_proposals(today + dt.timedelta(days=1))) == []


def test_each_meeting_approves_the_minutes_of_the_one_just_before_it():
    last = MeetingFactory(closed=True)
    MeetingFactory(closed=True, date=dt.date(2025, 3, 12), territory=last.territory)
    MeetingFactory(closed=True)
    today = timezone.localdate()
    MeetingFactory(territory=last.territory, date=today - dt.timedelta(days=1))  # its day went by without a word
    first, second, third = (
        MeetingFactory(territory=last.territory, date=today + dt.timedelta(days=30 * n)) for n in (1, 2, 3)
    )

    assert [meeting.previous for meeting in (first, second, third)] == [last, first, second]
    assert [meeting.following for meeting in (last, first, second, third)] == [first, second, third, None]
    second.cancel(by=None, reason="Neige.")
    assert Meeting.objects.get(pk=third.pk).previous == first


def test_task_is_finished_once():
    task = TaskFactory()
    task.finish(on=dt.date(2026, 4, 1))
    task.finish(on=dt.date(2026, 5, 1))

    task.refresh_from_db()
    assert task.done_on == dt.date(2026, 4, 1)


def test_members_sort_as_french_people_look_for_them():
    meeting = MeetingFactory()
    for name in ("Zoé", "Paul", "Élodie", "œuvre", "adèle"):
        MemberFactory(meeting=meeting, name=name)

    assert [member.name for member in meeting.members.in_order()] == ["adèle", "Élodie", "œuvre", "Paul", "Zoé"]
    assert [member.name for member in meeting.members.all()] == ["adèle", "Élodie", "œuvre", "Paul", "Zoé"]
