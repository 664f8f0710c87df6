"""What a meeting says of people goes in time, and what was said of actions stays."""

import datetime as dt

import pytest
from django.conf import settings

from meetings.daily import forget_names
from meetings.minutes import as_read, close
from meetings.models import Delivery, Member
from meetings.models.meeting import GUEST_DAYS
from meetings.retention import FORGOTTEN
from tests.factories import (
    AgendaItemFactory,
    DeliveryFactory,
    LetterFactory,
    MeetingFactory,
    MemberFactory,
    PresenterFactory,
    TaskFactory,
)

pytestmark = [pytest.mark.engine, pytest.mark.django_db]


@pytest.fixture
def minutes(agent):
    meeting = MeetingFactory(held=True)
    MemberFactory(meeting=meeting, user=agent, name="Camille Exemple", function="éducatrice", presence="present")
    MemberFactory(
        meeting=meeting, name="Dominique Exemple", email="dominique@example.org", presence="present", role="guest"
    )
    item = AgendaItemFactory(meeting=meeting, brings="Une idée de plus.", outcome="supported")
    PresenterFactory(item=item, user=agent, name="Camille Exemple", function="éducatrice")
    TaskFactory(meeting=meeting, who="Camille Exemple", user=agent, done_on=meeting.date)
    TaskFactory(meeting=meeting, who="l’équipe", done_on=None)
    DeliveryFactory(letter=LetterFactory(meeting=meeting), address="dominique@example.org")
    return close(meeting, by=agent)


def after(minutes, days: int) -> None:
    forget_names.func(minutes.meeting.date + dt.timedelta(days=days))


def people(minutes) -> list[tuple[str, str]]:
    return sorted(Member.objects.filter(meeting=minutes.meeting).values_list("name", "email"))


def test_address_of_a_guest_goes_with_the_link(minutes):
    after(minutes, GUEST_DAYS)
    assert ("Dominique Exemple", "dominique@example.org") in people(minutes)

    after(minutes, GUEST_DAYS + 1)

    assert ("Dominique Exemple", "") in people(minutes)
    assert Delivery.objects.filter(address="dominique@example.org").exists(), "who received what is recorded"


@pytest.mark.parametrize("times", [1, 2])
def test_names_go_and_what_was_said_stays(minutes, manager, times):
    after(minutes, settings.MEETING_NAMES_DAYS)
    assert people(minutes)[0][0] == "Camille Exemple"
    assert Member.objects.filter(sort_key__contains="exemple").exists()

    for _ in range(times):
        after(minutes, settings.MEETING_NAMES_DAYS + 1)

    shown = as_read(minutes, to=manager)
    (passage,) = shown.passages
    assert {name for name, _ in people(minutes)} == {FORGOTTEN}
    assert not Member.objects.filter(sort_key__contains="exemple").exists()
    assert [(p.name, p.function, p.user) for p in passage.presenters] == [(FORGOTTEN, "éducatrice", None)]
    assert passage.brings == "Une idée de plus."
    assert sorted(task.who for task in shown.tasks) == [FORGOTTEN, "l’équipe"], "what is to be done is still somebody’s"
    assert not minutes.meeting.letters.exists()
