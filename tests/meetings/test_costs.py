"""Each page of a meeting costs as many queries with one row as with three."""

import pytest
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
