"""What the instance says: typed by several at once, hidden until it is released, carried to the next meeting."""

import datetime as dt
import json

import pytest
from django.urls import reverse
from django.utils import timezone

from actions.models import Action
from meetings.forms.outcomes import OutcomeForm
from meetings.models import AgendaItem, Meeting
from meetings.workflows import UNANSWERED
from tests.actions.filing import page_fields
from tests.factories import (
    ActionFactory,
    AgendaItemFactory,
    MeetingFactory,
    PresenterFactory,
    TaskFactory,
    TeamMemberFactory,
)

pytestmark = pytest.mark.django_db
CANARY = "Le canari chante faux"
JSON = {"Accept": "application/json"}
NO_ROWS = {"presenters-TOTAL_FORMS": "0", "presenters-INITIAL_FORMS": "0"}


@pytest.fixture
def item():
    return AgendaItemFactory(meeting=MeetingFactory(held=True))


def url(name, item, *more):
    return reverse(f"meetings:{name}", args=[item.meeting_id, *more])


def typed(item, **values):
    """What the form of a passage sends, from the page as it now stands."""
    form = OutcomeForm(instance=AgendaItem.objects.get(pk=item.pk))
    data = {form.add_prefix(name): form[name].value() or "" for name in form.fields if name != "is_to_spread"}
    if values.pop("is_to_spread", form.instance.is_to_spread):
        data[form.add_prefix("is_to_spread")] = "on"
    return {**data, "base": form.base, **{form.add_prefix(name): value for name, value in values.items()}}


def save(client, item, **values):
    return client.post(url("outcome", item, item.pk), typed(item, **values))


# --- Typing -------------------------------------------------------------------------------------------------------
def test_outcome_is_kept(manager_client, item):
    response = save(manager_client, item, outcome="advised", brings="Un local à Bourg.", is_to_spread=True)

    assert response.status_code == 302
    item.refresh_from_db()
    assert (item.outcome, item.brings, item.is_to_spread) == ("advised", "Un local à Bourg.", True)
    assert Meeting.objects.get().version == item.meeting.version


def test_script_is_answered_what_its_page_needs_to_go_on(manager_client, item):
    data = typed(item, brings="Un local.")

    answer = manager_client.post(url("outcome", item, item.pk), data, headers=JSON)

    assert (answer.status_code, answer.json()["conflicts"], answer.json()["faults"]) == (200, [], [])
    again = manager_client.post(
        url("outcome", item, item.pk),
        {**data, f"passage-{item.pk}-brings": "Deux.", "base": json.dumps(answer.json()["base"])},
        headers=JSON,
    )
    assert again.status_code == 200
    item.refresh_from_db()
    assert item.brings == "Deux."


def test_two_people_type_in_two_passages_and_in_two_fields_of_one(manager_client, admin_client, item):
    other = AgendaItemFactory(meeting=item.meeting)
    first, second, third = typed(item, brings="Un."), typed(other, brings="Deux."), typed(item, outcome="supported")

    statuses = [
        manager_client.post(url("outcome", item, item.pk), first).status_code,
        admin_client.post(url("outcome", other, other.pk), second).status_code,
        admin_client.post(url("outcome", item, item.pk), third).status_code,
    ]

    assert statuses == [302, 302, 302]
    assert set(AgendaItem.objects.values_list("outcome", "brings")) == {("supported", "Un."), ("", "Deux.")}


@pytest.mark.parametrize(
    ("choice", "kept"), [("mien", "Le mien."), ("autre", "L’autre."), ("deux", "Le mien.\n\nL’autre.")]
)
def test_two_texts_in_one_passage_are_shown_and_the_writer_chooses(choice, kept, manager_client, admin_client, item):
    mine = typed(item, brings="Le mien.", is_to_spread=True)
    save(admin_client, item, brings="L’autre.")

    answer = manager_client.post(url("outcome", item, item.pk), mine, headers=JSON)
    page = manager_client.post(url("outcome", item, item.pk), mine)

    assert (page.status_code, answer.status_code) == (409, 409)
    assert answer.json()["conflicts"] == ["Ce que l’instance apporte"]
    assert "Le mien." in page.text
    assert "L’autre." in page.text
    item.refresh_from_db()
    assert (item.brings, item.is_to_spread) == ("L’autre.", True)
    again = page_fields(page.text) | {"garder-brings": [choice]}
    assert manager_client.post(url("outcome", item, item.pk), again).status_code == 302
    item.refresh_from_db()
    assert item.brings == kept


def test_telling_a_passage_saves_it_first(manager_client, item):
    save(manager_client, item, brings="Avant.")

    manager_client.post(url("outcome", item, item.pk), {**typed(item, brings="Après."), "release": "1"})

    item.refresh_from_db()
    assert item.brings == "Après."
    assert item.released_at


@pytest.mark.parametrize("words", ["Mme Dupont prête un local.", "L’autre."])
def test_passage_that_cannot_be_saved_is_not_told(words, manager_client, admin_client, item):
    save(manager_client, item, brings="Avant.")
    mine = {**typed(item, brings=words), "release": "1"}
    if words == "L’autre.":
        save(admin_client, item, brings="Entre-temps.")

    assert manager_client.post(url("outcome", item, item.pk), mine).status_code in (409, 422)
    item.refresh_from_db()
    assert item.released_at is None


def test_wrong_day_is_said_and_the_rest_is_kept(manager_client, item):
    response = save(manager_client, item, outcome="rework", comes_back_on="2026-02-30", brings="À revoir.")

    assert response.status_code == 422
    assert "2026-02-30" in response.text
    item.refresh_from_db()
    assert (item.outcome, item.comes_back_on, item.brings) == ("rework", None, "À revoir.")


@pytest.mark.parametrize("base", ["", "null", "[]", "{", '{"brings": 3}'])
def test_forged_digests_cover_nobody(base, manager_client, item):
    save(manager_client, item, brings="Le texte.")

    response = manager_client.post(url("outcome", item, item.pk), {**typed(item, brings="Autre."), "base": base})

    assert response.status_code == 409
    item.refresh_from_db()
    assert item.brings == "Le texte."


@pytest.mark.parametrize("state", ["preparing", "closed", "cancelled"])
def test_only_a_meeting_that_is_held_takes_words(state, manager_client, item):
    data = typed(item, outcome="supported", brings="Trop tard.")
    item.meeting.state = state
    item.meeting.reason = "Neige."
    item.meeting.closed_at = timezone.now() if state == "closed" else None
    item.meeting.save()

    answers = [manager_client.post(url("outcome", item, item.pk), data, headers=h) for h in ({}, JSON)]

    assert [answer.status_code for answer in answers] == [409, 409]
    assert "Trop tard." in answers[0].text
    assert answers[1].json()["refused"]
    item.refresh_from_db()
    assert (item.outcome, item.brings) == ("", "")


def test_page_of_a_passage_says_that_nothing_can_be_typed_any_more(manager_client):
    item = AgendaItemFactory(meeting=MeetingFactory(closed=True))

    page = manager_client.get(url("outcome", item, item.pk)).text

    assert "La réunion est close" in page
    assert "data-autosave" not in page


# --- Coming back --------------------------------------------------------------------------------------------------
def test_postponed_is_at_the_next_meeting_once(manager_client, item):
    PresenterFactory(item=item, name="Camille")
    following = MeetingFactory(territory=item.meeting.territory)
    MeetingFactory(date=timezone.localdate() + dt.timedelta(days=1))  # of another territory

    save(manager_client, item, outcome="postponed")
    save(manager_client, item, outcome="postponed", brings="La salle était prise.")

    clone = following.items.get()
    assert (clone.action, clone.continues, clone.outcome, clone.brings) == (item.action, item, "", "")
    assert [presenter.name for presenter in clone.presenters.all()] == ["Camille"]
    assert AgendaItem.objects.count() == 2


def test_postponed_without_a_next_meeting_waits(manager_client, item):
    save(manager_client, item, outcome="postponed")

    assert [waiting.continues for waiting in AgendaItem.objects.waiting()] == [item]


def test_postponed_where_it_already_comes_is_not_doubled(manager_client, item):
    following = MeetingFactory(territory=item.meeting.territory)
    AgendaItemFactory(meeting=following, action=item.action)

    assert save(manager_client, item, outcome="postponed").status_code == 302
    assert following.items.count() == 1


def test_to_be_reworked_comes_back_at_its_day(manager_client, item):
    MeetingFactory(territory=item.meeting.territory)
    later = MeetingFactory(
        territory=item.meeting.territory, date=timezone.localdate() + dt.timedelta(days=90), deadline_on=None
    )

    save(manager_client, item, outcome="rework", comes_back_on=later.date.isoformat())

    waiting = AgendaItem.objects.waiting().get()
    assert (waiting.continues, waiting.wanted_meeting) == (item, later)
    item.refresh_from_db()
    assert item.outcome == "rework"
    assert "à retravailler (revient le" in item.outcome_words


def test_second_thoughts_take_the_return_back(manager_client, item):
    save(manager_client, item, outcome="postponed")
    save(manager_client, item, outcome="supported")

    assert AgendaItem.objects.get() == item


# --- Who reads what -----------------------------------------------------------------------------------------------
def addresses(item):
    meeting = item.meeting
    names = ["meeting", "tasks", "minutes", "event", "presentation"]
    urls = [reverse(f"meetings:{name}", args=[meeting.pk]) for name in names]
    return [*urls, reverse("meetings:list"), reverse("meetings:passages", args=[item.action.slug]), "/", "/actions/"]


def test_nothing_unreleased_is_read_by_agents(agent_client, stranger_client, agent, manager_client, item):
    TeamMemberFactory(action=item.action, user=agent)
    item.brings, item.notes, item.outcome = CANARY, CANARY, "supported"
    item.save()
    item.meeting.notes = CANARY
    item.meeting.save()

    read = [client.get(path) for client in (agent_client, stranger_client) for path in addresses(item)]

    assert [answer.request["PATH_INFO"] for answer in read if CANARY in answer.text] == []
    assert CANARY in manager_client.get(item.meeting.get_absolute_url()).text

    manager_client.post(url("release", item), {"item": item.pk})
    page = agent_client.get(item.meeting.get_absolute_url()).text
    assert page.count(CANARY) == 1
    assert "Soutenue" in page


@pytest.mark.parametrize(("outcome", "is_placed"), [("postponed", True), ("postponed", False), ("rework", False)])
def test_return_of_a_passage_tells_nothing_before_its_release(
    outcome, is_placed, agent_client, agent, manager_client, item
):
    TeamMemberFactory(action=item.action, user=agent)
    following = MeetingFactory(territory=item.meeting.territory) if is_placed else None
    pages_that_tell = [
        *([reverse("meetings:meeting", args=[following.pk])] if following else []),
        reverse("actions:desk"),
    ]
    pages_that_tell += [reverse("meetings:presentation", args=[following.pk])] if following else []
    sheet = reverse("meetings:passages", args=[item.action.slug])
    before = [agent_client.get(path).text.count(item.action.title) for path in pages_that_tell]

    save(manager_client, item, outcome=outcome, comes_back_on=timezone.localdate() if outcome == "rework" else "")

    assert AgendaItem.objects.filter(continues=item).exists()
    assert [agent_client.get(path).text.count(item.action.title) for path in pages_that_tell] == before
    assert UNANSWERED in agent_client.get(sheet).text
    assert "En attente d’une réunion" not in agent_client.get(sheet).text
    asking = reverse("meetings:propose", args=[item.action.slug])
    assert UNANSWERED in agent_client.get(asking).text
    refused = agent_client.post(asking, {"kind": "new", "minutes": "20", "question": "Mot gardé ?", **NO_ROWS})
    assert refused.status_code == 409
    assert "Mot gardé ?" in refused.text

    manager_client.post(url("release", item), {"item": item.pk})
    assert UNANSWERED not in agent_client.get(sheet).text
    if following:
        assert item.action.title in agent_client.get(pages_that_tell[0]).text


def test_release_of_one_or_of_all(manager_client, item):
    AgendaItemFactory(meeting=item.meeting, outcome="supported")
    answered = AgendaItemFactory(meeting=item.meeting, brings="Un mot.")

    manager_client.post(url("release", item), {"item": answered.pk})
    assert list(AgendaItem.objects.exclude(released_at=None)) == [answered]

    manager_client.post(url("release", item))
    assert list(AgendaItem.objects.filter(released_at=None)) == [item]


def test_release_waits_for_the_meeting(manager_client):
    item = AgendaItemFactory(outcome="supported")

    assert manager_client.post(url("release", item)).status_code == 409
    assert AgendaItem.objects.get().released_at is None


@pytest.mark.parametrize("reader", ["agent_client", "stranger_client"])
def test_only_the_service_writes(reader, request, item):
    client = request.getfixturevalue(reader)
    data = typed(item, outcome="supported")

    answers = [client.post(url("outcome", item, item.pk), data)]
    answers += [client.post(url(name, item)) for name in ("release", "spread", "outbox", "tasks", "correct")]
    answers += [client.get(url(name, item)) for name in ("outcomes", "outbox", "correct")]

    assert {answer.status_code for answer in answers} == {404}
    assert AgendaItem.objects.get().outcome == ""


def test_passage_of_another_meeting_is_not_found(manager_client, item):
    other = MeetingFactory(held=True)

    answer = manager_client.post(
        reverse("meetings:outcome", args=[other.pk, item.pk]), typed(item, outcome="supported")
    )

    assert answer.status_code == 404


# --- Spreading ----------------------------------------------------------------------------------------------------
def test_one_click_publishes_what_is_to_be_spread_and_says_what_lacks(manager_client, item):
    ready = ActionFactory(published=True, editorial_state="draft", published_at=None)
    lacking = ActionFactory(title="Le jardin")
    for action in (ready, lacking):
        AgendaItemFactory(meeting=item.meeting, action=action, is_to_spread=True)

    page = manager_client.post(url("spread", item))

    assert page.status_code == 409
    assert "Le jardin" in page.text
    assert "manque" in page.text
    assert list(Action.objects.filter(pk__in=[ready.pk, lacking.pk]).published()) == [ready]
    assert manager_client.post(url("spread", item)).status_code == 409


def test_page_costs_the_same_with_one_passage_and_three(manager_client, agent_client, item, cost_of):
    def fill():
        answered = AgendaItemFactory(meeting=item.meeting, outcome="postponed", released_at=timezone.now())
        TaskFactory(meeting=item.meeting, item=answered)
        AgendaItemFactory(waiting=True, continues=answered)

    for client in (manager_client, agent_client):
        assert cost_of(client, item.meeting.get_absolute_url(), fill) > 0
