"""What leaves a meeting for mails and calendars, and the addresses that are secrets: nothing typed becomes a command."""

import re

import pytest
from django.core import mail
from django.urls import reverse
from icalendar import Calendar

from meetings import calendars
from tests.factories import MeetingFactory, MemberFactory
from tests.meetings.stage import PAYLOADS, Stage, answered, path_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def stage(manager, unit):
    """`stage(form)`: a meeting in the state where this form is used, and the addresses of its parts."""
    return lambda form: Stage(form, manager, unit)


# --- Mail and calendars -------------------------------------------------------------------------------------------
@pytest.mark.engine
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\u2028", "\x85", "\x0b"])
def test_letter_gets_no_header_and_no_reader_from_its_words(end, manager_client, stage):
    stage = stage("letter")
    address = stage.letter.deliveries.get().address
    values = stage.values(manager_client)
    words = f"Venez{end}Bcc: espion@example.org{end}{end}<b>"
    wrong = values | {"people-0-address": f"{address}{end}Bcc: espion@example.org", "send": "1"}
    assert answered(manager_client, stage.path, wrong).status_code == 422

    sent = values | {"subject": words, "body": words, "people-0-name": words, "send": "1"}
    asked = answered(manager_client, stage.path, sent)  # about the address that the words hold
    sent |= dict.fromkeys(re.findall(r'name="([\w-]+-oui-\w+)"', asked.text), "on")
    assert answered(manager_client, stage.path, sent).status_code == 302

    (message,) = mail.outbox
    assert message.recipients() == [address]
    parsed = message.message()
    assert not {"bcc", "cc"} & {name.lower() for name in parsed}
    assert "\n" not in str(parsed["Subject"])


@pytest.mark.parametrize(
    "words", [PAYLOADS["calendar"], "a,b;c\\d\nBEGIN:VALARM", "x" * 200, "\u202e\u2028END:VCALENDAR"]
)
def test_place_writes_no_line_of_a_calendar(words, manager_client, stage):
    stage = stage("edit")
    values = stage.values(manager_client) | {"place": words}
    asked = answered(manager_client, stage.path, values)  # an address is asked about first
    values |= dict.fromkeys(re.findall(r'name="(place-oui-\w+)"', asked.text), "on")
    assert (asked if asked.status_code == 302 else answered(manager_client, stage.path, values)).status_code == 302

    content = manager_client.get(reverse("meetings:event", args=[stage.meeting.pk])).content

    (event,) = Calendar.from_ical(content).walk("VEVENT")
    assert "rrule" not in event
    assert event["location"].split() == words.split()
    names = [line.partition(b":")[0].partition(b";")[0] for line in content.splitlines() if not line.startswith(b" ")]
    assert [names.count(name) for name in (b"BEGIN", b"END", b"RRULE", b"ATTENDEE")] == [2, 2, 0, 0]


@pytest.mark.parametrize("day", ["2027-03-28", "2027-10-31", "2028-02-29", "2027-12-31"])
@pytest.mark.parametrize("hours", [("00:00", "23:59"), ("01:30", "03:30"), ("02:00", "02:59")])
def test_meeting_ends_after_it_starts_on_the_days_that_calendars_fear(day, hours, manager_client, stage):
    stage = stage("edit")
    values = stage.values(manager_client)
    sent = values | {"date": day, "starts_at": hours[0], "ends_at": hours[1], "deadline_on": ""}
    assert answered(manager_client, stage.path, sent).status_code == 302

    content = manager_client.get(reverse("meetings:event", args=[stage.meeting.pk])).content

    (event,) = Calendar.from_ical(content).walk("VEVENT")
    assert event.decoded("dtstart") < event.decoded("dtend")


@pytest.mark.parametrize("year", ["0001", "1999", "2100", "9999"])
def test_year_that_is_a_slip_of_the_pen_is_said(year, manager_client, stage):
    stage = stage("edit")
    values = stage.values(manager_client)

    answer = answered(manager_client, stage.path, values | {"date": f"{year}-03-12"})

    assert answer.status_code == 422
    assert "Vérifiez l’année" in answer.text
    assert f"{year}-03-12" in answer.text


# --- Addresses that are secrets -----------------------------------------------------------------------------------
def forgeries(token: str, sep: str) -> set[str]:
    """This token with anything changed: a letter, its length, its parts swapped, its case."""
    who, _, signature = token.partition(sep)
    changed = {
        token[:place] + ("b" if letter != "b" else "c") + token[place + 1 :] for place, letter in enumerate(token)
    }
    cut = {token[:size] for size in range(1, len(token))} | {token + "a", f"{signature}{sep}{who}", token.swapcase()}
    return (changed | cut | {f"{who}{sep}", f"{sep}{signature}", "9" * 4000, f"{'z' * 13}{sep}{signature}"}) - {token}


def test_no_forged_link_of_a_guest_opens_anything(client):
    meeting = MeetingFactory()
    path = path_of(MemberFactory(meeting=meeting, name="Jean"))
    MemberFactory(meeting=MeetingFactory())
    token = path.rstrip("/").rpartition("/")[2]
    assert client.get(path).status_code == 200

    opened = [forged for forged in forgeries(token, "~") if client.get(f"/isic/invite/{forged}/").status_code != 404]
    assert opened == []
    for name in ("ordre-du-jour.pdf", "compte-rendu.pdf"):
        assert client.get(f"/isic/invite/{token[:-1]}/{name}").status_code == 404


def test_link_of_a_guest_opens_one_meeting_and_no_other_page(client):
    here, there = (MeetingFactory(place=place) for place in ("Salle d’ici", "Salle d’ailleurs"))
    guest = MemberFactory(meeting=here)
    MemberFactory(meeting=there)
    token = path_of(guest).rstrip("/").rpartition("/")[2]

    page = client.get(path_of(guest)).text

    assert "Salle d’ici" in page
    assert "Salle d’ailleurs" not in page
    assert client.get(f"/isic/calendrier/{token}.ics").status_code == 404
    assert client.get(here.get_absolute_url()).status_code == 302  # signs in


def test_no_forged_address_of_a_calendar_opens_anything(client, agent, stranger):
    token = calendars.feed_url(agent).rpartition("/")[2].removesuffix(".ics")
    other = calendars.feed_url(stranger).rpartition("/")[2].removesuffix(".ics")
    assert client.get(f"/isic/calendrier/{token}.ics").status_code == 200
    crossed = f"{other.partition('-')[0]}-{token.partition('-')[2]}"

    tried = forgeries(token, "-") | {crossed}
    opened = [forged for forged in tried if client.get(f"/isic/calendrier/{forged}.ics").status_code != 404]

    assert opened == []


@pytest.mark.engine
@pytest.mark.parametrize("pk", ["0", "9" * 9, "9" * 30, "9" * 4000])
def test_meeting_of_no_number_does_not_exist(pk, manager_client):
    for name in (
        "",
        "preparer/",
        "presentation/",
        "compte-rendu.pdf",
        "reunion.ics",
        "passages/9/avis/",
        "courriers/9/",
    ):
        assert manager_client.get(f"/isic/{pk}/{name}").status_code == 404
