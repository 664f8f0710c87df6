"""The meetings of the demonstration: loaded once, labelled, removed exactly."""

import pytest
from django.core.management import call_command

from meetings.models import AgendaItem, Meeting, Minutes
from tests.factories import ActionFactory, AgendaItemFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("examples")]


def test_one_past_with_minutes_and_one_being_prepared():
    call_command("load_examples", verbosity=0)

    coming, past = Meeting.objects.all()
    assert [(m.state, m.is_example, m.items.count()) for m in (coming, past)] == [
        ("preparing", True, 4),
        ("closed", True, 3),
    ]
    assert coming.items.first().kind == "approval"
    assert {item.outcome for item in past.items.all()} == {"supported", "advised", "rework"}
    assert Minutes.objects.get().meeting == past
    assert coming.members.count() == past.members.count() == 4


def test_examples_are_labelled_and_read_by_agents(agent_client):
    assert agent_client.get("/isic/").text.count("Exemple</span>") >= 1
    for meeting in Meeting.objects.all():
        assert "Exemple</span>" in agent_client.get(meeting.get_absolute_url()).text
    past = Meeting.objects.get(state="closed")
    assert "Prévoir un relais" in agent_client.get(f"{past.get_absolute_url()}compte-rendu/").text


def test_removal_takes_the_examples_and_no_more():
    mine = AgendaItemFactory()
    placed = AgendaItemFactory(
        meeting=Meeting.objects.get(is_example=True, state="preparing"), action=ActionFactory(published=True)
    )

    for _ in range(2):
        call_command("remove_examples", verbosity=0)

    assert list(Meeting.objects.all()) == [mine.meeting]
    assert set(AgendaItem.objects.all()) == {mine, placed}
    assert list(AgendaItem.objects.waiting()) == [placed]
