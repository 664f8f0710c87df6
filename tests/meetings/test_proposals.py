"""A team proposes its action: on the agenda until the deadline, with those that wait afterwards; and reads what became of it."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from meetings.models import AgendaItem
from meetings.workflows import pending, suggested_kinds
from tests.factories import ActionFactory, AgendaItemFactory, MeetingFactory, PresenterFactory, TeamMemberFactory
from tests.meetings.hand import Hand
from tests.pages import assert_valid_html, first_headings

pytestmark = pytest.mark.django_db

TODAY = dt.timedelta(0)


@pytest.fixture
def action(unit):
    return ActionFactory(title="Cuisine", published=True, carrier_unit=unit)


def address(action, name="propose", *args) -> str:
    return reverse(f"meetings:{name}", args=[action.slug, *args])


def open_meeting(**given):
    return MeetingFactory(deadline_on=timezone.localdate(), **given)


def late_meeting():
    return MeetingFactory(deadline_on=timezone.localdate() - dt.timedelta(days=1))


def asked(to=None, **typed):
    return {
        "meeting": to.pk if to else "",
        "kind": "new",
        "minutes": "20",
        "question": "Comment durer ?",
        "presenters-TOTAL_FORMS": "1",
        "presenters-INITIAL_FORMS": "0",
        "presenters-0-name": "Alix Morel",
        "presenters-0-role": "presenter",
        **typed,
    }


# --- Who ----------------------------------------------------------------------------------------------------------
def test_who_sees_the_sheet_reads_its_passages_and_its_team_proposes(
    action, client, agent_client, stranger_client, manager_client
):
    readers = (client, agent_client, stranger_client, manager_client)

    assert [reader.get(address(action, "passages")).status_code for reader in readers] == [302, 200, 200, 200]
    assert [reader.get(address(action)).status_code for reader in readers] == [302, 200, 404, 200]
    assert [reader.post(address(action), asked()).status_code for reader in readers[:3:2]] == [302, 404]
    assert not AgendaItem.objects.exists()


def test_passages_of_a_draft_are_its_team_s(unit, agent_client, stranger_client):
    draft = ActionFactory(carrier_unit=unit)

    assert [c.get(address(draft, "passages")).status_code for c in (agent_client, stranger_client)] == [200, 404]


# --- When ---------------------------------------------------------------------------------------------------------
def test_until_the_deadline_it_is_on_the_agenda(action, agent, agent_client):
    meeting = open_meeting()
    AgendaItemFactory(meeting=meeting)

    response = agent_client.post(address(action), asked(meeting))

    assert response["Location"] == address(action, "passages")
    item = action.agenda_items.get()
    assert (item.meeting, item.position, item.is_late, item.proposed_by) == (meeting, 1, False, agent)
    assert (item.minutes, item.question) == (20, "Comment durer ?")
    assert [p.name for p in item.presenters.all()] == ["Alix Morel"]
    meeting.refresh_from_db()
    assert meeting.version == 2


def test_after_the_deadline_it_waits_marked_late_and_the_service_adds_it(action, agent_client, manager_client):
    meeting = late_meeting()

    response = agent_client.post(address(action), asked(meeting), follow=True)

    item = action.agenda_items.get()
    assert (item.meeting, item.wanted_meeting, item.is_late) == (None, meeting, True)
    assert "La date limite" in response.text
    page = manager_client.get(reverse("meetings:prepare", args=[meeting.pk])).text
    assert "après la date limite" in page
    manager_client.post(reverse("meetings:add_sheet", args=[meeting.pk, action.slug]))
    item.refresh_from_db()
    assert item.meeting == meeting


def test_without_a_meeting_it_waits_where_every_meeting_sees_it(action, agent_client, manager_client):
    agent_client.post(address(action), asked())

    assert list(AgendaItem.objects.waiting()) == list(action.agenda_items.all())
    for meeting in (MeetingFactory(), MeetingFactory()):
        assert "Cuisine" in manager_client.get(reverse("meetings:prepare", args=[meeting.pk])).text


@pytest.mark.parametrize("traits", [{"held": True}, {"closed": True}, {"state": "cancelled", "reason": "Neige."}])
def test_meeting_that_is_over_is_not_offered(traits, action, agent_client):
    response = agent_client.post(address(action), asked(MeetingFactory(**traits)))

    assert response.status_code == 422
    assert not AgendaItem.objects.exists()


# --- Twice --------------------------------------------------------------------------------------------------------
def test_asked_again_it_is_changed_and_not_doubled(action, agent_client):
    for question in ("Comment durer ?", "Avec qui ?"):
        hand = Hand(agent_client, address(action))
        hand["question"] = question
        assert hand.send().status_code == 302

    assert [item.question for item in AgendaItem.objects.all()] == ["Avec qui ?"]


def test_already_on_an_agenda_it_is_told_and_nothing_changes(action, agent_client):
    agent_client.post(address(action), asked(open_meeting()))

    response = agent_client.post(address(action), asked(question="Autre chose ?"))

    assert response.status_code == 409
    assert "déjà à l’ordre du jour" in response.text
    assert "Autre chose ?" in response.text
    assert AgendaItem.objects.get().question == "Comment durer ?"
    assert "À l’ordre du jour de la" in agent_client.get(address(action)).text


def test_archived_sheet_is_not_proposed(action, agent_client):
    action = ActionFactory(carrier_unit=action.carrier_unit, editorial_state="archived")

    assert agent_client.post(address(action), asked()).status_code == 409
    assert "rouvrez-la" in agent_client.get(address(action)).text


# --- What is asked ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "typed",
    [
        {"kind": "topic"},
        {"kind": ""},
        {"minutes": "0"},
        {"minutes": "9" * 400},
        {"meeting": "1" * 30},
        {"meeting": "x"},
        {"presenters-0-name": "", "presenters-0-function": "CESF"},
        {"presenters-TOTAL_FORMS": "-1"},
        {"presenters-TOTAL_FORMS": "5000"},
        {"question": "Appeler Mme Durand au 06 12 34 56 78 ?"},
    ],
)
def test_wrong_proposal_is_told_and_loses_nothing(typed, action, agent_client):
    response = agent_client.post(address(action), asked(**{"question": "Comment durer ?", **typed}))

    assert response.status_code == 422
    assert typed.get("question", "Comment durer ?") in response.text
    assert not AgendaItem.objects.exists()


def test_form_proposes_what_comes_next(action, agent, agent_client):
    meeting = open_meeting()
    agent.full_name = "Alix Morel"
    agent.save()
    TeamMemberFactory(action=action, role="referent", user=agent, function="assistante sociale")

    page = agent_client.get(address(action))

    assert page.context["form"].initial["meeting"] == meeting.pk
    assert page.context["form"]["kind"].value() == "new"
    assert "Alix Morel" in page.text
    assert first_headings(page.text) == ["Proposer à l’instance ISIC"]


@pytest.mark.parametrize(
    ("previous", "given", "kind"),
    [
        ([], {}, "new"),
        (["new"], {}, "progress"),
        (["new", "progress"], {"planned_end_on": dt.date(2999, 1, 1)}, "progress"),
        (["new"], {"life_state": "ended"}, "assessment"),
        (["new"], {"planned_end_on": dt.date(2020, 1, 1)}, "assessment"),
        (["new", "assessment"], {"life_state": "ended"}, "spreading"),
    ],
)
def test_type_of_passage_that_comes_next(previous, given, kind):
    action = ActionFactory(**given)
    for one in previous:
        AgendaItemFactory(action=action, kind=one, meeting=MeetingFactory(held=True))
    AgendaItemFactory(action=action, kind="assessment")  # on an agenda only: not presented yet

    assert suggested_kinds([action]) == {action.pk: kind}


# --- Withdrawn ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("is_placed", [True, False])
def test_team_withdraws_until_the_deadline(is_placed, action, agent_client, stranger_client):
    agent_client.post(address(action), asked(open_meeting() if is_placed else None))
    path = address(action, "withdraw", action.agenda_items.get().pk)

    assert stranger_client.post(path).status_code == 404
    assert agent_client.get(path).status_code == 405
    assert [agent_client.post(path).status_code for _ in range(2)] == [302, 302]
    assert not AgendaItem.objects.exists()


def test_after_the_deadline_it_stays(action, agent_client):
    item = AgendaItemFactory(action=action, meeting=late_meeting())

    response = agent_client.post(address(action, "withdraw", item.pk))

    assert response.status_code == 409
    assert_valid_html(response.text)
    assert "La date limite est passée" in response.text
    assert pending(action) == item


def test_passage_that_was_held_is_not_withdrawn(action, agent_client):
    item = AgendaItemFactory(action=action, meeting=MeetingFactory(held=True))

    assert agent_client.post(address(action, "withdraw", item.pk)).status_code == 409
    assert action.agenda_items.exists()


# --- What became of it --------------------------------------------------------------------------------------------
def test_what_the_instance_brings_is_read_once_released(action, agent_client, manager_client):
    item = AgendaItemFactory(
        action=action,
        meeting=MeetingFactory(closed=True),
        outcome="advised",
        brings="Voir le centre social.",
        notes="Entre nous.",
    )
    PresenterFactory(item=item, name="Alix Morel")
    path = address(action, "passages")

    before, service = agent_client.get(path).text, manager_client.get(path).text
    item.release()
    after = agent_client.get(path).text

    assert "Voir le centre social." not in before
    assert "soutenue avec conseils" not in before
    assert "pas encore communiqué" in service
    assert "Voir le centre social." in after
    assert "Alix Morel" in after
    assert "Entre nous." not in service + after


def test_passages_cost_the_same_with_one_and_with_three(action, agent_client, cost_of):
    def fill():
        PresenterFactory(item=AgendaItemFactory(action=action, meeting=MeetingFactory(closed=True)))

    assert cost_of(agent_client, address(action, "passages"), fill) > 0


def test_sheet_leads_agents_to_its_passages(action, agent_client, stranger_client, client):
    path = address(action, "passages")

    assert path in agent_client.get(action.get_absolute_url()).text
    assert path in stranger_client.get(action.get_absolute_url()).text
    assert path not in client.get(action.get_absolute_url()).text


# --- Until the deadline the question is the team's ----------------------------------------------------------------
@pytest.fixture
def placed(action):
    item = AgendaItemFactory(action=action, meeting=open_meeting(), question="Comment durer\u00a0?", minutes=25)
    PresenterFactory(item=item, name="Alix Morel")
    return item


def test_team_reads_its_question_and_changes_it_until_the_deadline(action, placed, agent_client):
    page = agent_client.get(address(action, "passages")).text
    hand = Hand(agent_client, address(action), having="base")
    hand["question"] = "Qui a un minibus ?"
    answer = hand.send()

    assert_valid_html(page)
    assert "Comment durer" in page
    assert "Alix Morel" in page
    assert answer["Location"] == address(action, "passages")
    placed.refresh_from_db()
    assert (placed.question, placed.minutes, placed.meeting.version) == ("Qui a un minibus ?", 25, 2)
    assert [presenter.name for presenter in placed.presenters.all()] == ["Alix Morel"]


def test_question_typed_too_late_is_told_and_kept_on_the_page(action, placed, agent_client):
    hand = Hand(agent_client, address(action), having="base")
    hand["question"] = "Qui a un minibus ?"
    placed.meeting.deadline_on = timezone.localdate() - dt.timedelta(days=1)
    placed.meeting.save()

    answer = hand.send()

    assert answer.status_code == 409
    assert "La date limite est passée" in answer.text
    assert "Qui a un minibus ?" in answer.text
    placed.refresh_from_db()
    assert placed.question == "Comment durer\u00a0?"
    page = agent_client.get(address(action, "passages")).text
    assert "écrivez au service" in page
    assert "Changer la question" not in page


def test_team_and_service_change_the_question_and_one_chooses(action, placed, agent_client, manager_client):
    team = Hand(agent_client, address(action), having="base")
    service = Hand(manager_client, reverse("meetings:item", args=[placed.meeting_id, placed.pk]))
    team["question"], service["question"] = "Celle de l’équipe ?", "Celle du service ?"
    service.send()

    asked_about = team.send()
    assert team.keep(asked_about, "mien").status_code == 302

    placed.refresh_from_db()
    assert placed.question == "Celle de l’équipe ?"


def test_same_proposal_sent_twice_gets_the_same_answer(action, agent_client):
    meeting = open_meeting()
    answers = [agent_client.post(address(action), asked(meeting), follow=True) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert all("L’action est à l’ordre du jour." in answer.text for answer in answers)
    assert action.agenda_items.count() == 1
