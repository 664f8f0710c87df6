"""Each page of a meeting costs as many queries with one row as with three."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from meetings.minutes import close
from tests.factories import (
    AgendaItemFactory,
    DeliveryFactory,
    LetterFactory,
    MeetingFactory,
    MemberFactory,
    PresenterFactory,
    TaskFactory,
    TeamMemberFactory,
    UserFactory,
)
from tests.meetings.hand import Hand

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("page", ["outcomes", "tasks", "people", "presentation", "outbox"])
def test_page_costs_the_same(page, manager_client, cost_of):
    meeting = MeetingFactory(held=True)

    def fill():
        item = AgendaItemFactory(meeting=meeting, outcome="advised", brings="Un local.")
        PresenterFactory(item=item)
        TeamMemberFactory(action=item.action)
        AgendaItemFactory(waiting=True, continues=item)
        TaskFactory(meeting=meeting, item=item)
        TaskFactory(meeting=MeetingFactory(held=True, territory=meeting.territory, date="2026-01-12"))
        MemberFactory(meeting=meeting, user=UserFactory())
        DeliveryFactory(letter=LetterFactory(meeting=meeting, item=item, kind="extract"))

    assert cost_of(manager_client, reverse(f"meetings:{page}", args=[meeting.pk]), fill) > 0


def test_passage_costs_the_same(manager_client, cost_of):
    item = AgendaItemFactory()

    def fill():
        PresenterFactory(item=item, user=UserFactory())

    assert cost_of(manager_client, reverse("meetings:item", args=[item.meeting_id, item.pk]), fill) > 0


def test_letter_costs_the_same(manager_client, cost_of):
    letter = LetterFactory()

    def fill():
        DeliveryFactory(letter=letter)
        MemberFactory(meeting=letter.meeting)

    assert cost_of(manager_client, reverse("meetings:letter", args=[letter.meeting_id, letter.pk]), fill) > 0


def test_correction_costs_the_same(manager, manager_client, cost_of):
    meeting = MeetingFactory(held=True)
    close(meeting, by=manager)

    def fill():
        AgendaItemFactory(meeting=meeting, outcome="advised")
        MemberFactory(meeting=meeting, user=UserFactory())

    assert cost_of(manager_client, reverse("meetings:correct", args=[meeting.pk]), fill) > 0


def test_proposal_costs_the_same(manager_client, cost_of):
    item = AgendaItemFactory(waiting=True)

    def fill():
        MeetingFactory()
        PresenterFactory(item=item, user=UserFactory())

    assert cost_of(manager_client, reverse("meetings:propose", args=[item.action.slug]), fill) > 0


@pytest.mark.parametrize(
    ("page", "field", "value"),
    [
        ("people", "members-0-function", "CESF"),
        ("letter", "people-0-name", "Camille"),
        ("item", "presenters-0-function", "CESF"),
    ],
)
def test_one_row_changed_costs_the_same_among_two_and_among_twelve(page, field, value, manager_client):
    """No row is written but the one that changed."""
    counts = []
    for number in (2, 12):
        letter = LetterFactory()
        item = AgendaItemFactory(meeting=letter.meeting)
        for place in range(number):
            MemberFactory(meeting=letter.meeting)
            DeliveryFactory(letter=letter)
            PresenterFactory(item=item, position=place)
        keys = {"people": [], "letter": [letter.pk], "item": [item.pk]}[page]
        hand = Hand(manager_client, reverse(f"meetings:{page}", args=[letter.meeting_id, *keys]))
        hand[field] = value
        with CaptureQueriesContext(connection) as queries:
            assert hand.send().status_code == 302
        counts.append(len(queries))

    assert counts[0] == counts[1]
