"""What the page of a meeting puts before its manager: one thing to do, in each state; nobody else reads it."""

import datetime as dt

import pytest
from django.utils import timezone

from meetings.models import Letter, Meeting
from meetings.next_step import next_step
from tests.factories import AgendaItemFactory, LetterFactory, MeetingFactory, UserFactory

pytestmark = pytest.mark.django_db


def step_of(meeting):
    return next_step(meeting, list(meeting.items.all()), list(meeting.letters.all()))


def label_of(meeting):
    step = step_of(meeting)
    return step and step.label


def test_a_meeting_is_composed_then_convened_then_held():
    meeting = MeetingFactory(date=timezone.localdate() + dt.timedelta(days=20))
    assert label_of(meeting) == "Composer l’ordre du jour"
    AgendaItemFactory(meeting=meeting)
    assert step_of(meeting).kind == Letter.Kind.CONVOCATION
    letter = LetterFactory(meeting=meeting, kind=Letter.Kind.CONVOCATION)
    assert label_of(meeting) == "Relire et envoyer"
    letter.released_at = timezone.now()
    letter.save()
    assert step_of(meeting) is None
    meeting.date = timezone.localdate()
    assert label_of(meeting) == "La réunion a lieu"


def test_what_is_said_is_written_then_told_then_closed():
    meeting = MeetingFactory(held=True)
    item = AgendaItemFactory(meeting=meeting)
    assert label_of(meeting) == "Écrire les avis"
    item.outcome = "supported"
    item.save()
    assert label_of(meeting) == "Communiquer les avis"
    item.released_at = timezone.now()
    item.save()
    assert label_of(meeting) == "Clore la réunion"


def test_the_minutes_of_a_closed_meeting_leave_once():
    meeting = MeetingFactory(closed=True)
    assert step_of(meeting).kind == Letter.Kind.MINUTES
    LetterFactory(meeting=meeting, kind=Letter.Kind.MINUTES, released_at=timezone.now())
    assert step_of(meeting) is None


def test_a_cancelled_meeting_waits_for_nothing_unless_people_were_called():
    meeting = MeetingFactory(state=Meeting.State.CANCELLED, reason="Neige.")
    assert step_of(meeting) is None
    meeting.convoked_on = timezone.localdate()
    assert step_of(meeting).kind == Letter.Kind.CANCELLATION


def test_only_a_manager_is_told(client):
    meeting = MeetingFactory(date=timezone.localdate() + dt.timedelta(days=20))
    for role, count in (("manager", 1), ("contributor", 0)):
        client.force_login(UserFactory(role=role))
        assert client.get(meeting.get_absolute_url()).text.count("Et maintenant") == count
