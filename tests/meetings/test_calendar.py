"""Meetings in people's calendars: one event, and a feed at an address that dies with what protects it."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from isic.lib.zones import zone_of
from meetings import calendars
from meetings.models import CalendarKey
from tests.factories import AgendaItemFactory, MeetingFactory, MemberFactory

pytestmark = pytest.mark.django_db


def path_of(user) -> str:
    return calendars.feed_url(user).removeprefix("http://127.0.0.1:8000")


def events(response) -> list:
    return Calendar.from_ical(response.content).walk("VEVENT")


def test_event_says_when_and_where(agent_client, settings):
    meeting = MeetingFactory(date=dt.date(2026, 12, 3), video_url="https://visio.example.org/isic")

    response = agent_client.get(reverse("meetings:event", args=[meeting.pk]))

    [event] = events(response)
    assert response["Content-Type"] == "text/calendar; method=PUBLISH; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="isic-2026-12-03.ics"'
    assert event.decoded("dtstart") == dt.datetime(2026, 12, 3, 8, 30, tzinfo=dt.UTC)  # 9.30 in Paris
    assert event.decoded("dtend") == dt.datetime(2026, 12, 3, 11, tzinfo=dt.UTC)
    assert event["location"] == "Salle des fêtes – https://visio.example.org/isic"
    assert (event["sequence"], event["status"]) == (1, "CONFIRMED")
    assert event["organizer"] == f"MAILTO:{settings.SERVICE_EMAIL}"  # what is published without one, Outlook refuses


def test_event_of_la_reunion_is_at_its_hour(settings, agent_client):
    settings.TIME_ZONE = zone_of("974")
    meeting = MeetingFactory(date=dt.date(2026, 12, 3), starts_at=dt.time(9))

    response = agent_client.get(reverse("meetings:event", args=[meeting.pk]))

    assert b"DTSTART:20261203T050000Z" in response.content


def test_event_keeps_its_name_when_it_changes_and_says_that_it_is_cancelled(agent_client, manager):
    meeting = MeetingFactory()
    [before] = events(agent_client.get(reverse("meetings:event", args=[meeting.pk])))

    meeting.cancel(by=manager, reason="Neige.")
    [after] = events(agent_client.get(reverse("meetings:event", args=[meeting.pk])))

    assert before["uid"] == after["uid"]
    assert (after["sequence"], after["status"]) == (2, "CANCELLED")


@pytest.mark.parametrize("words", ["\r\nATTENDEE:mailto:x@example.org", "a;b,c\\d", "é" * 200])
def test_what_people_write_stays_text(words, agent_client):
    meeting = MeetingFactory(place=words)

    [event] = events(agent_client.get(reverse("meetings:event", args=[meeting.pk])))

    assert "attendee" not in event
    assert str(event["location"]).split() == words.split()


def test_feed_needs_no_sign_in_and_tells_no_more_than_when_and_where(client, agent):
    meeting = MeetingFactory(notes="Une note.")
    AgendaItemFactory(meeting=meeting, action__title="Un brouillon", notes="Un mot.")
    MemberFactory(meeting=meeting, name="Camille", email="camille@example.org", role="guest")
    MeetingFactory(date=timezone.localdate() - dt.timedelta(days=400))

    response = client.get(path_of(agent))

    assert len(events(response)) == 1
    assert response["Cache-Control"] == "private, no-store"
    text = response.content.decode()
    assert [words for words in ("Une note", "Un mot", "Camille", "camille@", "Un brouillon") if words in text] == []


@pytest.mark.parametrize("number", [1, 3])
def test_feed_costs_the_same(number, client, agent, django_assert_num_queries):
    for _ in range(number):
        MeetingFactory()
    path = path_of(agent)

    with django_assert_num_queries(3):
        assert len(events(client.get(path))) == number


def test_address_dies_with_the_password_the_account_and_by_a_button(client, agent, agent_client):
    first = path_of(agent)
    assert client.get(first).status_code == 200

    for _ in range(2):
        assert agent_client.post("/isic/calendrier/renouveler/").status_code == 302
    second = path_of(agent)
    assert [client.get(path).status_code for path in (first, second)] == [404, 200]
    assert CalendarKey.objects.count() == 1

    agent.set_password("une autre phrase de passe")
    agent.save()
    third = path_of(agent)
    assert [client.get(path).status_code for path in (second, third)] == [404, 200]

    agent.is_active = False
    agent.save()
    assert client.get(third).status_code == 404


@pytest.mark.parametrize("token", ["x", "-", "1-", "zzzzzzzzzzzzzzzz-a", "1-" + "a" * 64, "é-a", "-1-a"])
def test_address_of_nobody_is_nowhere(token, client, agent):
    assert client.get(f"/isic/calendrier/{token}.ics").status_code == 404


def test_address_of_one_is_not_that_of_another(client, agent, stranger):
    mine, other = (path_of(user).rpartition("-")[2] for user in (agent, stranger))

    assert mine != other
    assert client.get(path_of(agent).replace(mine, other)).status_code == 404


def test_renewing_is_one_s_own_and_by_post(client, agent_client):
    assert client.post("/isic/calendrier/renouveler/").status_code == 302
    assert agent_client.get("/isic/calendrier/renouveler/").status_code == 405
    assert not CalendarKey.objects.exists()


def test_address_stays_out_of_the_log(client, agent, caplog):
    path = path_of(agent)

    client.get(path)

    assert "GET /isic/calendrier/… 200" in caplog.text
    assert path not in caplog.text
