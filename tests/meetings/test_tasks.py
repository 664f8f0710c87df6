"""Who does what by when: noted, recalled once, shown until it is done; and passages that come back at their time."""

import datetime as dt

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from meetings.daily import propose_again, remind
from meetings.models import AgendaItem, Task
from meetings.workflows import withdraw
from tests.factories import ActionFactory, AgendaItemFactory, MeetingFactory, TaskFactory

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 3, 12)


@pytest.fixture
def meeting():
    return MeetingFactory(held=True)


def add(client, meeting, **values):
    path = reverse("meetings:tasks", args=[meeting.pk])
    return client.post(path, {"what": "Prêter l’exposition", "who": "l’équipe", **values})


def finish(client, task, **more):
    return client.post(reverse("meetings:finish", args=[task.meeting_id, task.pk]), more)


def test_task_is_noted_once(manager_client, meeting, agent):
    item = AgendaItemFactory(meeting=meeting)
    values = {"who": "", "email": agent.email.upper(), "due_on": "2026-04-01", "item": item.pk}

    statuses = [add(manager_client, meeting, **values).status_code for _ in range(2)]

    task = Task.objects.get()
    assert statuses == [302, 302]
    assert (task.user, task.who, task.due_on, task.item) == (
        agent,
        agent.full_name or agent.email,
        dt.date(2026, 4, 1),
        item,
    )


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"what": ""}, "obligatoire"),
        ({"who": ""}, "Dites qui"),
        ({"email": "inconnu@example.org"}, "Aucun compte"),
        ({"due_on": "2026-02-30"}, "2026-02-30"),
        ({"item": "999999"}, "Prêter"),
    ],
)
def test_wrong_task_is_said_and_kept_on_the_page(values, words, manager_client, meeting):
    answer = add(manager_client, meeting, **values)

    assert (answer.status_code, words in answer.text, Task.objects.exists()) == (422, True, False)


@pytest.mark.parametrize("state", ["closed", "preparing"])
def test_meeting_that_is_not_held_takes_none(state, manager_client):
    meeting = MeetingFactory(closed=True) if state == "closed" else MeetingFactory()

    answer = add(manager_client, meeting)

    assert (answer.status_code, Task.objects.exists()) == (409, False)
    assert "Prêter l’exposition" in answer.text


def test_done_in_one_click_and_undone(manager_client, meeting):
    task = TaskFactory(meeting=meeting)

    finish(manager_client, task)
    task.refresh_from_db()
    assert task.done_on == timezone.localdate()

    finish(manager_client, task, undo="1")
    task.refresh_from_db()
    assert task.done_on is None


def test_whoever_does_it_says_so_and_nobody_else(agent_client, stranger_client, agent, meeting):
    task = TaskFactory(meeting=meeting, user=agent)

    assert finish(stranger_client, task).status_code == 404
    assert finish(agent_client, task, at=meeting.pk).status_code == 302
    task.refresh_from_db()
    assert task.done_on == timezone.localdate()


def test_open_ones_are_shown_at_each_next_meeting_of_the_territory_until_done(manager_client, meeting):
    task = TaskFactory(meeting=meeting, what="Écrire à la Caf")
    following = MeetingFactory(territory=meeting.territory)
    elsewhere = MeetingFactory()

    def shown(where):
        return "Écrire à la Caf" in manager_client.get(where.get_absolute_url()).text

    assert (shown(meeting), shown(following), shown(elsewhere)) == (True, True, False)
    task.finish()
    assert (shown(meeting), shown(following)) == (True, False)


def test_task_of_what_is_not_released_is_not_read_by_agents(agent_client, meeting):
    item = AgendaItemFactory(meeting=meeting, outcome="supported")
    TaskFactory(meeting=meeting, item=item, what="Le canari chante faux")
    TaskFactory(meeting=meeting, what="Le canari chante juste")
    following = MeetingFactory(territory=meeting.territory)
    paths = [
        meeting.get_absolute_url(),
        following.get_absolute_url(),
        reverse("meetings:tasks", args=[meeting.pk]),
    ]

    assert [path for path in paths if "canari" in agent_client.get(path).text] == []
    item.release()
    assert ["chante faux" in agent_client.get(path).text for path in paths] == [True] * 3


# --- Reminders ----------------------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_one_reminder_a_week_before(agent, settings):
    settings.SERVICE_EMAIL = "service@example.org"
    TaskFactory(user=agent, what="Appeler la mairie", due_on=TODAY + dt.timedelta(days=7))
    TaskFactory(what="Écrire à la Caf", due_on=TODAY)
    TaskFactory(due_on=TODAY + dt.timedelta(days=8))
    TaskFactory(due_on=None)
    TaskFactory(due_on=TODAY, done_on=TODAY)

    for _ in range(2):
        remind.func(TODAY)

    assert {(message.to[0], message.subject.partition("\u00a0: ")[2]) for message in mail.outbox} == {
        (agent.email, "Appeler la mairie"),
        ("service@example.org", "Écrire à la Caf"),
    }
    assert len(mail.outbox) == 2
    assert Task.objects.filter(reminded_on=TODAY).count() == 2


# --- Coming back at the right time --------------------------------------------------------------------------------
def presented(on, kind="new", outcome="supported", **action):
    return AgendaItemFactory(
        meeting=MeetingFactory(held=True, date=on),
        kind=kind,
        outcome=outcome,
        action=ActionFactory(published=True, **action),
    )


def waiting():
    return [(item.action, item.kind, item.continues) for item in AgendaItem.objects.waiting()]


def test_presented_action_waits_for_its_progress_six_months_later():
    item = presented(TODAY, life_state="running")
    presented(TODAY, outcome="postponed")
    presented(TODAY, life_state="dropped", life_state_reason="Faute de salle.")
    presented(TODAY, editorial_state="archived")

    propose_again.func(TODAY + dt.timedelta(days=180))
    assert waiting() == []
    for _ in range(2):
        propose_again.func(TODAY + dt.timedelta(days=183))

    assert waiting() == [(item.action, "progress", item)]


def test_its_assessment_at_its_planned_end_and_never_after_one():
    end = TODAY + dt.timedelta(days=60)
    item = presented(TODAY, planned_end_on=end)
    presented(TODAY, kind="assessment", planned_end_on=end)

    propose_again.func(end - dt.timedelta(days=1))
    assert waiting() == []
    propose_again.func(end)

    assert waiting() == [(item.action, "assessment", item)]


def test_what_the_team_withdrew_is_not_proposed_each_morning():
    presented(TODAY, life_state="running")
    later = TODAY + dt.timedelta(days=200)
    propose_again.func(later)

    withdraw(AgendaItem.objects.waiting().get())
    propose_again.func(later)

    assert waiting() == []


def test_action_that_already_comes_is_not_proposed_again():
    item = presented(TODAY, life_state="running")
    AgendaItemFactory(action=item.action, meeting=MeetingFactory())

    propose_again.func(TODAY + dt.timedelta(days=200))

    assert waiting() == []
