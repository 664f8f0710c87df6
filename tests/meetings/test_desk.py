"""« Mes actions » tells what the meetings ask and what they answered, and nothing that was not released."""

import datetime as dt

import pytest
from django.utils import timezone

from tests.factories import ActionFactory, AgendaItemFactory, MeetingFactory, TaskFactory

pytestmark = pytest.mark.django_db
DESK = "/mes-actions/"
DAY = dt.date(2031, 12, 12)


@pytest.fixture
def action(unit):
    return ActionFactory(title="Cuisine", published=True, carrier_unit=unit)


@pytest.fixture
def held():
    return MeetingFactory(held=True)


def test_team_reads_when_it_presents(action, agent_client, stranger_client):
    AgendaItemFactory(action=action, meeting=MeetingFactory(date=DAY, starts_at=dt.time(10), ends_at=dt.time(12)))

    page = agent_client.get(DESK).text

    assert "À présenter le vendredi 12 décembre 2031, 10\u00a0h." in page
    assert f'href="/actions/{action.slug}/isic/">Voir' in page
    assert "À présenter" not in stranger_client.get(DESK).text


def test_team_reads_what_it_proposed(action, agent_client):
    item = AgendaItemFactory(action=action, waiting=True)
    assert "Proposée\u00a0: elle attend une réunion." in agent_client.get(DESK).text

    item.wanted_meeting = MeetingFactory(date=DAY)
    item.save()
    assert "Proposée pour la réunion du vendredi 12 décembre 2031." in agent_client.get(DESK).text


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"outcome": "advised"}, "Soutenue avec conseils."),
        ({"outcome": "rework", "comes_back_on": DAY}, "À retravailler, revient le vendredi 12 décembre 2031."),
        ({"outcome": "supported", "is_to_spread": True}, "(à diffuser)"),
    ],
)
def test_what_was_said_is_told_once_released(values, words, action, held, agent_client, manager_client):
    item = AgendaItemFactory(action=action, meeting=held, **values)
    again = AgendaItemFactory(action=action, waiting=True, continues=item) if item.comes_back_on else None
    for client in (agent_client, manager_client):
        page = client.get(DESK).text
        assert words not in page
        assert "attend une réunion" not in page

    item.release()

    page = agent_client.get(DESK).text
    assert words in page
    assert "attend une réunion" not in page
    if again:
        again.meeting = MeetingFactory(date=DAY)
        again.save()
        page = agent_client.get(DESK).text
        assert words not in page
        assert "À présenter le vendredi 12 décembre 2031" in page


def test_advice_leaves_the_desk_after_a_month(action, held, agent_client):
    released_at = timezone.now() - dt.timedelta(days=31)
    AgendaItemFactory(action=action, meeting=held, outcome="advised", released_at=released_at)

    assert "Soutenue avec conseils" not in agent_client.get(DESK).text


def test_sheet_tells_that_it_was_presented(action, held, agent_client):
    AgendaItemFactory(action=action, meeting=held)

    assert "Présentée à l’instance ISIC le jeudi 12 mars 2026" in agent_client.get(DESK).text


def test_what_is_due_again_is_told_to_the_team_and_counted_for_the_service(action, held, agent_client, manager_client):
    first = AgendaItemFactory(action=action, meeting=held, proposed_next="progress")
    first.come_back(to=None, kind="progress")

    assert "Le moment d’un point d’étape est venu" in agent_client.get(DESK).text
    assert "Points d’étape et bilans" not in agent_client.get(DESK).text
    assert "1\u00a0action attend une réunion." in manager_client.get(DESK).text


def test_tasks_are_of_whoever_took_them(agent, held, agent_client, stranger_client):
    today = timezone.localdate()
    TaskFactory(meeting=held, user=agent, what="Prêter la salle", due_on=DAY)
    TaskFactory(meeting=held, user=agent, what="Appeler la mairie", due_on=today - dt.timedelta(days=1))
    TaskFactory(meeting=held, user=agent, what="Faite", done_on=today)

    page = agent_client.get(DESK).text

    assert "Ce qui était convenu à l’instance du jeudi 12 mars 2026, pour le vendredi 12 décembre 2031." in page
    assert "c’était pour le" in page
    assert "Faite" not in page
    assert "Prêter la salle" not in stranger_client.get(DESK).text


def test_desk_costs_the_same(unit, agent, agent_client, cost_of):
    domain = ActionFactory().domain

    def fill():
        sheet = {"published": True, "carrier_unit": unit, "domain": domain}
        AgendaItemFactory(action=ActionFactory(**sheet))
        AgendaItemFactory(action=ActionFactory(**sheet), waiting=True, wanted_meeting=MeetingFactory())
        advised = AgendaItemFactory(action=ActionFactory(**sheet), meeting=MeetingFactory(held=True), outcome="advised")
        advised.release()
        TaskFactory(user=agent)

    assert cost_of(agent_client, DESK, fill) > 0
