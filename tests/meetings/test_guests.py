"""A guest without an account reads one meeting by a link, for thirty days after it, and nothing of the service's own."""

import datetime as dt

import pytest
from django.utils import timezone

from meetings import guests
from meetings.minutes import close
from tests.factories import ActionFactory, AgendaItemFactory, MeetingFactory, MemberFactory, PresenterFactory
from tests.pages import assert_valid_html, first_headings

pytestmark = pytest.mark.django_db


def path_of(member) -> str:
    return guests.url(member).removeprefix("http://127.0.0.1:8000")


def test_guest_reads_the_agenda_and_nothing_of_the_service_s_own(client):
    meeting = MeetingFactory(notes="Une note.")
    guest = MemberFactory(meeting=meeting, name="Jean Petit", role="guest", email="jean@example.org")
    MemberFactory(meeting=meeting, name="Nadia Perrin", email="nadia@example.org")
    published = AgendaItemFactory(meeting=meeting, action__published=True, notes="Un mot.").action
    draft = AgendaItemFactory(meeting=meeting, action=ActionFactory(title="Un brouillon")).action
    AgendaItemFactory(meeting=meeting, outcome="advised", brings="Voir le centre social.")

    response = client.get(path_of(guest))

    assert response.status_code == 200
    assert_valid_html(response.text)
    assert first_headings(response.text) == [str(meeting)]
    assert published.get_absolute_url() in response.text
    assert draft.get_absolute_url() not in response.text
    secrets = ("Une note.", "Un mot.", "nadia@example.org", "jean@example.org", "Voir le centre social.", "/preparer/")
    assert [words for words in secrets if words in response.text] == []
    assert "no-store" in response["Cache-Control"]


def test_guest_reads_in_the_minutes_what_was_released(client, manager):
    meeting = MeetingFactory(held=True, date=timezone.localdate())
    guest = MemberFactory(meeting=meeting, name="Jean Petit", presence="present")
    kept = AgendaItemFactory(meeting=meeting, outcome="advised", brings="Voir le centre social.")
    AgendaItemFactory(meeting=meeting, outcome="rework", brings="Entre nous encore.")
    close(meeting, by=manager)
    kept.release()

    response = client.get(path_of(guest))

    assert_valid_html(response.text)
    assert "Voir le centre social." in response.text
    assert "Entre nous encore." not in response.text


@pytest.mark.parametrize(("days", "status"), [(0, 200), (30, 200), (31, 404)])
def test_link_lives_thirty_days_after_the_meeting(days, status, client):
    meeting = MeetingFactory(held=True, date=timezone.localdate() - dt.timedelta(days=days))

    response = client.get(path_of(MemberFactory(meeting=meeting)))

    assert response.status_code == status
    assert_valid_html(response.text)


def test_link_dies_with_the_membership(client):
    guest = MemberFactory()
    path = path_of(guest)
    guest.delete()

    response = client.get(path)

    assert response.status_code == 404
    assert "Ce lien n’ouvre plus rien" in response.text


@pytest.mark.parametrize("token", ["x", "~", "a~b", "0" * 32 + "~" + "a" * 43, "é~é", "%E2%80%AE"])
def test_link_that_nobody_gave_opens_nothing(token, client):
    MemberFactory()

    assert client.get(f"/isic/invite/{token}/").status_code == 404


def test_link_is_only_read(client):
    assert client.post(path_of(MemberFactory())).status_code == 405


def test_link_stays_out_of_the_log(client, caplog):
    path = path_of(MemberFactory())

    client.get(path)

    assert "/isic/invite/… " in caplog.text
    assert path not in caplog.text


def test_cost_is_the_same_with_one_passage_and_with_three(client, cost_of):
    guest = MemberFactory()

    def fill():
        PresenterFactory(item=AgendaItemFactory(meeting=guest.meeting))

    assert cost_of(client, path_of(guest), fill) > 0
