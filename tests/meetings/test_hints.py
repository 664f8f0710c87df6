"""An agenda that knows the catalogue: who is silent, what should come back, whom to invite."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from actions.models import Audience
from catalogue.search import current
from meetings.hints import hints
from tests.factories import (
    ActionFactory,
    AgendaItemFactory,
    DomainFactory,
    MeetingFactory,
    TeamMemberFactory,
    TerritoryFactory,
)

pytestmark = pytest.mark.django_db(transaction=True)

TODAY = timezone.localdate()


def ago(days: int) -> dt.date:
    return TODAY - dt.timedelta(days=days)


@pytest.fixture
def meeting():
    return MeetingFactory(territory=TerritoryFactory(home=True), date=TODAY)


def of(meeting, user):
    return hints(meeting, list(meeting.items.for_preparing()), current.catalogue(), user)


def presented(action, days: int, kind="new", **given):
    held = MeetingFactory(held=True, date=ago(days))
    return AgendaItemFactory(action=action, kind=kind, meeting=held, **given)


# --- Silent -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("days", "is_silent"), [(364, False), (365, False), (366, True)])
def test_domain_and_unit_are_silent_after_a_year(days, is_silent, meeting, manager):
    action = ActionFactory(published=True)
    presented(action, days)

    advice = of(meeting, manager)

    assert action.domain in [one.subject for one in advice.domains] if is_silent else not advice.domains
    assert (action.carrier_unit in [one.subject for one in advice.units]) == is_silent


def test_what_is_on_the_agenda_is_no_longer_silent(meeting, manager):
    action = AgendaItemFactory(meeting=meeting, action__published=True).action

    advice = of(meeting, manager)

    assert action.domain not in [one.subject for one in advice.domains]
    assert action.carrier_unit not in [one.subject for one in advice.units]


def test_silent_domain_offers_its_last_sheet(meeting, manager):
    domain = DomainFactory()
    ActionFactory(published=True, domain=domain)
    last = ActionFactory(published=True, domain=domain)
    ActionFactory(domain=domain)  # a draft
    retired = DomainFactory(is_retired=True)

    silent = {one.subject: one.candidate for one in of(meeting, manager).domains}

    assert silent[domain] == last
    assert retired not in silent


def test_meeting_of_a_unit_is_asked_of_its_own_sheets(manager, unit, other_unit):
    meeting = MeetingFactory(territory=unit, date=TODAY)
    own, other = (
        presented(ActionFactory(carrier_unit=u, life_state="running"), 200).action for u in (unit, other_unit)
    )

    advice = of(meeting, manager)

    assert advice.units == []
    assert advice.progress == [own]
    assert other not in advice.progress


# --- Awaited ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("days", "given", "expected"),
    [
        (181, {"life_state": "running"}, ""),
        (182, {"life_state": "running"}, "progress"),
        (182, {"life_state": "idea"}, ""),
        (182, {"life_state": "dropped", "life_state_reason": "Faute de lieu."}, ""),
        (30, {"life_state": "running", "planned_end_on": ago(1)}, "assessment"),
        (30, {"life_state": "ended"}, "assessment"),
        (200, {"life_state": "running", "planned_end_on": TODAY}, "progress"),
        (200, {"life_state": "ended", "editorial_state": "archived"}, ""),
    ],
)
def test_what_should_come_back(days, given, expected, meeting, manager):
    action = presented(ActionFactory(**given), days).action

    advice = of(meeting, manager)

    assert (advice.progress == [action], advice.assessments == [action]) == (
        expected == "progress",
        expected == "assessment",
    )


def test_what_gave_its_assessment_is_done(meeting, manager):
    action = ActionFactory(life_state="ended")
    presented(action, 300)
    presented(action, 200, kind="assessment")

    advice = of(meeting, manager)

    assert (advice.progress, advice.assessments) == ([], [])


def test_half_a_year_runs_from_the_last_passage(meeting, manager):
    action = ActionFactory(life_state="running")
    presented(action, 400)
    presented(action, 100, kind="progress")

    assert of(meeting, manager).progress == []


@pytest.mark.parametrize("where", ["there", "waiting"])
def test_what_already_comes_is_not_suggested(where, meeting, manager):
    action = presented(ActionFactory(life_state="running"), 200).action
    AgendaItemFactory(action=action, meeting=meeting if where == "there" else None)

    assert of(meeting, manager).progress == []


# --- Close --------------------------------------------------------------------------------------------------------
def test_team_of_a_close_sheet_is_to_invite_and_not_those_of_elsewhere(meeting, manager):
    domain = DomainFactory()
    action = ActionFactory(published=True, domain=domain)
    near = ActionFactory(published=True, domain=domain, audiences=[Audience.objects.get()])
    ActionFactory(published=True, domain=domain, elsewhere=True)
    ActionFactory(published=True)
    AgendaItemFactory(meeting=meeting, action=action)

    [invited] = of(meeting, manager).close

    assert (invited.action, invited.entry.slug) == (action, near.slug)
    assert invited.reason.startswith("même public")


def test_only_a_team_with_somebody_to_invite_is_offered(meeting, manager_client, manager, agent):
    domain = DomainFactory()
    AgendaItemFactory(meeting=meeting, action=ActionFactory(published=True, domain=domain))
    near = ActionFactory(published=True, domain=domain, created_by=None)
    page, invite = (
        reverse("meetings:prepare", args=[meeting.pk]),
        reverse("meetings:invite", args=[meeting.pk, near.slug]),
    )

    def offered() -> bool:
        return invite in manager_client.get(page).text

    assert near.title in manager_client.get(page).text
    assert not offered()
    TeamMemberFactory(action=near, user=agent)
    assert offered()
    manager_client.post(invite)
    assert not offered()


def test_close_sheet_is_told_once(meeting, manager):
    domain = DomainFactory()
    ActionFactory(published=True, domain=domain)
    for _ in range(2):
        AgendaItemFactory(meeting=meeting, action=ActionFactory(published=True, domain=domain))

    assert len(of(meeting, manager).close) == 1


# --- One click ----------------------------------------------------------------------------------------------------
def test_one_click_adds_what_is_suggested(meeting, manager_client):
    action = presented(ActionFactory(title="Cuisine", life_state="running"), 200).action
    path = reverse("meetings:prepare", args=[meeting.pk])
    assert "Un point d’étape" in manager_client.get(path).text

    response = manager_client.post(
        reverse("meetings:add_sheet", args=[meeting.pk, action.slug]), {"kind": "progress"}, follow=True
    )

    assert meeting.items.get().kind == "progress"
    assert "Un point d’étape" not in response.text


def test_cost_depends_neither_on_the_agenda_nor_on_the_catalogue(meeting, manager, django_assert_num_queries):
    domain = DomainFactory()
    counts = []
    for _ in range(2):
        for _ in range(2):
            AgendaItemFactory(meeting=meeting, action=ActionFactory(published=True, domain=domain))
            ActionFactory(published=True, domain=domain)
            presented(ActionFactory(life_state="ended"), 100)
        items, catalogue = list(meeting.items.for_preparing()), current.catalogue()
        with django_assert_num_queries(10) as queries:
            advice = hints(meeting, items, catalogue, manager)
        counts.append(len(queries))
        assert advice
    assert counts[0] == counts[1]
