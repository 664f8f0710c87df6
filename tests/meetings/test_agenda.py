"""The agenda under the hand of the service: its order, what is added and taken off, cautions, and two managers at once."""

import datetime as dt
import json
import threading

import pytest
from django.db import connection, transaction
from django.urls import reverse

from meetings.agenda import by_type, cautions, clock, duration
from meetings.forms.agenda import ItemForm
from meetings.models import AgendaItem
from meetings.workflows import Reordered, begin, changing, reorder
from tests.factories import (
    ActionFactory,
    AgendaItemFactory,
    DomainFactory,
    MeetingFactory,
    MemberFactory,
    PresenterFactory,
    TeamMemberFactory,
    TerritoryFactory,
    UserFactory,
)
from tests.meetings.hand import agenda_base, base_for
from tests.pages import assert_valid_html, first_headings

pytestmark = pytest.mark.django_db

#: What is posted → the arguments of its address after the meeting.
POSTS = {
    "order": [],
    "add": [],
    "add_sheet": ["cuisine"],
    "invite": ["cuisine"],
    "add_topic": [],
    "remove": [1],
    "discard": [1],
}


def address(name, meeting, *args) -> str:
    return reverse(f"meetings:{name}", args=[meeting.pk, *args])


def titles(meeting) -> list[str]:
    return [item.subject for item in meeting.items.all()]


def agenda_of(*names, **given):
    """A meeting with these topics, in this order."""
    meeting = MeetingFactory(**given)
    return meeting, [
        AgendaItemFactory(meeting=meeting, topic=True, title=name, position=place) for place, name in enumerate(names)
    ]


# --- Who ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", POSTS)
def test_only_the_service_writes_and_only_by_post(name, client, agent_client, manager_client):
    path = address(name, MeetingFactory(), *POSTS[name])

    assert [reader.post(path).status_code for reader in (client, agent_client)] == [302, 404]
    assert [reader.get(path).status_code for reader in (agent_client, manager_client)] == [405, 405]


def test_passage_belongs_to_its_meeting(manager_client, agent_client):
    item = AgendaItemFactory()

    assert manager_client.get(address("item", item.meeting, item.pk)).status_code == 200
    assert agent_client.get(address("item", item.meeting, item.pk)).status_code == 404
    assert manager_client.get(address("item", MeetingFactory(), item.pk)).status_code == 404


def test_page_costs_the_same_with_one_passage_and_with_three(manager_client, cost_of):
    meeting = MeetingFactory(territory=TerritoryFactory(home=True))

    def fill():
        action = ActionFactory(published=True)
        TeamMemberFactory(action=action)
        PresenterFactory(item=AgendaItemFactory(meeting=meeting, action=action))
        AgendaItemFactory(waiting=True)

    assert cost_of(manager_client, address("prepare", meeting), fill) > 0
    assert first_headings(manager_client.get(address("prepare", meeting)).text) == ["Ordre du jour"]


# --- Clock and order ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("minutes", "words"), [(1, "1 minute"), (45, "45 minutes"), (60, "1 h"), (125, "2 h 05"), (600, "10 h")]
)
def test_duration_in_words(minutes, words):
    assert duration(minutes).replace("\u00a0", " ") == words


def test_clock_goes_past_midnight_without_a_fault():
    meeting, items = agenda_of("A", "B", starts_at=dt.time(23), ends_at=dt.time(23, 30))
    items[0].minutes = 90

    assert [slot.starts_at for slot in clock(meeting, items)] == [dt.time(23), dt.time(0, 30)]


def test_order_by_type_then_domain_unit_and_title():
    first, second = DomainFactory(position=1), DomainFactory(position=2)
    lake, wood = TerritoryFactory(local_unit=True, name="MDS du Lac"), TerritoryFactory(local_unit=True, name="Bois")
    meeting, (late, early) = agenda_of("Zèbre", "Abeille")
    approval = AgendaItemFactory(meeting=meeting, kind="approval", action=None)

    def item(kind, domain, unit, title):
        action = ActionFactory(domain=domain, carrier_unit=unit, title=title)
        return AgendaItemFactory(meeting=meeting, kind=kind, action=action)

    assessment = item("assessment", first, lake, "Ateliers")
    b = item("new", first, lake, "Boxe")
    a = item("new", first, lake, "Été")
    other_unit = item("new", first, wood, "Zumba")
    other_domain = item("new", second, wood, "Ateliers")

    ordered = by_type([*reversed(meeting.items.for_agenda())])

    assert ordered == [approval, other_unit, b, a, other_domain, assessment, late, early]


@pytest.mark.parametrize(
    ("move", "after"),
    [
        ("1:up", "BAC"),
        ("0:down", "BAC"),
        ("0:up", "ABC"),
        ("2:down", "ABC"),
        ("9:up", "ABC"),
        ("1:sideways", "ABC"),
        ("", "ABC"),
    ],
)
def test_passage_goes_up_and_down_by_buttons(move, after, manager_client):
    meeting, items = agenda_of("A", "B", "C")
    place, _, way = move.partition(":")
    key = items[int(place)].pk if place and int(place) < 3 else 10**12

    response = manager_client.post(address("order", meeting), {**agenda_base(meeting), "move": f"{key}:{way}"})

    assert response.status_code == 302
    assert titles(meeting) == list(after)


def test_whole_order_comes_from_a_drag(manager_client):
    meeting, items = agenda_of("A", "B", "C")
    order = ",".join(str(items[place].pk) for place in (2, 0, 1))

    manager_client.post(
        address("order", meeting), {**agenda_base(meeting), "order": order, f"minutes-{items[0].pk}": 40}
    )

    assert titles(meeting) == ["C", "A", "B"]
    items[0].refresh_from_db()
    assert items[0].minutes == 40


@pytest.mark.parametrize("order", ["1", "x", "1,1,1", "9" * 5000, ",", "-1,2,3"])
def test_order_that_is_none_changes_nothing(order, manager_client):
    meeting, _ = agenda_of("A", "B", "C")

    assert manager_client.post(address("order", meeting), {**agenda_base(meeting), "order": order}).status_code == 409
    assert titles(meeting) == ["A", "B", "C"]


def test_all_by_type_in_one_click(manager_client):
    meeting, _ = agenda_of("Un sujet")
    AgendaItemFactory(meeting=meeting, position=1, action__title="Cuisine")

    manager_client.post(address("order", meeting), {**agenda_base(meeting), "by_type": "1"})

    assert titles(meeting) == ["Cuisine", "Un sujet"]


@pytest.mark.parametrize("minutes", ["0", "481", "-5", "x", "9" * 400])
def test_wrong_minutes_stay_under_the_pen(minutes, manager_client):
    meeting, [item] = agenda_of("A")

    response = manager_client.post(address("order", meeting), {**agenda_base(meeting), f"minutes-{item.pk}": minutes})

    assert response.status_code == 422
    assert f'value="{minutes}"' in response.text
    assert "de 1 à 480 minutes" in response.text


# --- Two managers -------------------------------------------------------------------------------------------------
def test_second_manager_to_reorder_sees_the_first_s_order(client_of):
    meeting, items = agenda_of("A", "B", "C")
    first, second = client_of(UserFactory(manager=True)), client_of(UserFactory(manager=True))
    base = agenda_base(meeting)

    assert (
        first.post(address("order", meeting), {**agenda_base(meeting), "move": f"{items[2].pk}:up"}).status_code == 302
    )
    response = second.post(address("order", meeting), {**base, "move": f"{items[0].pk}:down"})

    assert response.status_code == 409
    assert "a changé entre-temps" in response.text
    assert 'id="ordre"' in response.text
    assert titles(meeting) == ["A", "C", "B"]


@pytest.mark.django_db(transaction=True)
def test_two_orders_at_the_same_moment_leave_one_of_them_whole():
    meeting, items = agenda_of("A", "B", "C")
    a, b, c = (item.pk for item in items)
    base = json.loads(agenda_base(meeting)["base"])
    failures = []

    def reorder_too():
        try:
            reorder(meeting, [c, b, a], {}, base=base)
        except Reordered as failure:
            failures.append(failure)
        finally:
            connection.close()

    second = threading.Thread(target=reorder_too)
    with transaction.atomic():
        reorder(meeting, [b, a, c], {}, base=base)
        second.start()
        second.join(timeout=0.5)
    second.join()

    assert len(failures) == 1
    assert titles(meeting) == ["B", "A", "C"]


def test_what_fails_takes_no_version():
    meeting = MeetingFactory()

    with pytest.raises(RuntimeError), changing(meeting.pk):
        raise RuntimeError
    meeting.refresh_from_db()
    assert meeting.version == 1


# --- Added, taken off ---------------------------------------------------------------------------------------------
def test_action_is_added_by_its_name_with_its_referents(manager_client, agent):
    agent.full_name = "Alix Morel"
    agent.save()
    action = ActionFactory(title="Cuisine partagée", slug="cuisine")
    TeamMemberFactory(action=action, role="referent", user=agent, function="assistante sociale")
    TeamMemberFactory(action=action, role="referent", function="élue")
    meeting = MeetingFactory()

    response = manager_client.post(address("add", meeting), {"ajout-action": "cuisine partagee", "ajout-kind": ""})

    assert response.status_code == 302
    item = meeting.items.get()
    assert (item.action, item.kind) == (action, "new")
    assert [(p.name, p.function, p.user) for p in item.presenters.all()] == [
        ("Alix Morel", "assistante sociale", agent)
    ]


@pytest.mark.parametrize("name", ["", "Rien de tel", "x" * 300, "\N{RIGHT-TO-LEFT OVERRIDE}", "<script>"])
def test_name_of_no_sheet_is_told(name, manager_client):
    meeting = MeetingFactory()

    response = manager_client.post(address("add", meeting), {"ajout-action": name})

    assert response.status_code == 422
    assert not meeting.items.exists()


def test_added_twice_is_there_once(manager_client):
    meeting, action = MeetingFactory(), ActionFactory()

    for _ in range(2):
        assert manager_client.post(address("add_sheet", meeting, action.slug)).status_code == 302

    assert meeting.items.count() == 1


def test_what_waits_is_taken_rather_than_doubled(manager_client):
    item = AgendaItemFactory(waiting=True, question="Comment durer ?", kind="progress")
    meeting = MeetingFactory()

    manager_client.post(address("add_sheet", meeting, item.action.slug), {"kind": "new"})

    item.refresh_from_db()
    assert (item.meeting, item.kind, item.question) == (meeting, "progress", "Comment durer ?")


@pytest.mark.parametrize("kind", ["approval", "topic", "x" * 500])
def test_kind_of_no_action_is_not_taken(kind, manager_client):
    meeting, action = MeetingFactory(), ActionFactory()

    manager_client.post(address("add_sheet", meeting, action.slug), {"kind": kind})

    assert meeting.items.get().kind == "new"


def test_archived_sheet_is_not_presented(manager_client):
    action = ActionFactory(editorial_state="archived")

    assert manager_client.post(address("add_sheet", MeetingFactory(), action.slug)).status_code == 404


def test_topic_sent_twice_is_there_once(manager_client):
    meeting = MeetingFactory()
    key = manager_client.get(address("prepare", meeting)).context["topic"]["submission"].value()
    typed = {"sujet-title": "La mobilisation", "sujet-minutes": 20, "sujet-submission": key}

    for _ in range(2):
        assert manager_client.post(address("add_topic", meeting), typed).status_code == 302

    assert [(item.title, item.minutes, item.kind) for item in meeting.items.all()] == [("La mobilisation", 20, "topic")]


@pytest.mark.parametrize(
    ("title", "minutes"), [("", 20), ("x" * 151, 20), ("La mobilisation", 0), ("La mobilisation", "")]
)
def test_wrong_topic_is_told_and_loses_nothing(title, minutes, manager_client):
    meeting = MeetingFactory()

    response = manager_client.post(address("add_topic", meeting), {"sujet-title": title, "sujet-minutes": minutes})

    assert response.status_code == 422
    assert title in response.text
    assert not meeting.items.exists()


def test_what_is_taken_off_waits_again_and_is_put_back_by_one_click(manager_client):
    item = AgendaItemFactory()
    topic = AgendaItemFactory(meeting=item.meeting, topic=True, title="Mobilité", question="Qui a un minibus\u00a0?")

    for passage in (topic, item):
        for _ in range(2):
            assert manager_client.post(address("remove", item.meeting, passage.pk)).status_code == 302

    assert set(AgendaItem.objects.all()) == set(AgendaItem.objects.waiting()) == {item, topic}
    page = manager_client.get(address("prepare", item.meeting)).text
    assert_valid_html(page)
    for passage in (topic, item):
        assert address("put_back", item.meeting, passage.pk) in page
        for _ in range(2):
            assert manager_client.post(address("put_back", item.meeting, passage.pk)).status_code == 302
    assert list(item.meeting.items.all()) == [topic, item]
    assert item.meeting.items.first().question == "Qui a un minibus\u00a0?"


def test_approval_taken_off_is_added_again_by_one_click(manager_client):
    held = MeetingFactory(held=True)
    meeting = begin(MeetingFactory.build(territory=held.territory))
    approval = meeting.items.get()

    manager_client.post(address("remove", meeting, approval.pk))
    AgendaItemFactory(meeting=meeting, topic=True, title="Mobilité")
    page = manager_client.get(address("prepare", meeting)).text.replace("&nbsp;", "\u00a0")
    for _ in range(2):
        manager_client.post(address("add_approval", meeting))

    assert "Ajouter l’approbation du compte rendu du 12 mars 2026" in page
    assert [passage.kind for passage in meeting.items.all()] == ["approval", "topic"]
    assert "Ajouter l’approbation" not in manager_client.get(address("prepare", meeting)).text


def test_nothing_typed_is_lost_by_one_click(manager_client):
    """What cannot be taken back opens a sentence first: a proposal put aside."""
    meeting, waiting = MeetingFactory(), AgendaItemFactory(waiting=True)

    page = manager_client.get(address("prepare", meeting)).text

    before, _, after = page.partition(address("discard", meeting, waiting.pk))
    assert before.rpartition("<details")[2].count("</details>") == 0
    assert "pour de bon" in after


def test_passage_on_which_the_instance_spoke_stays(manager_client):
    item = AgendaItemFactory(meeting=MeetingFactory(held=True), outcome="supported")

    response = manager_client.post(address("remove", item.meeting, item.pk))

    assert response.status_code == 409
    assert list(item.meeting.items.all()) == [item]


def test_proposal_is_discarded_and_only_while_it_waits(manager_client):
    waiting, placed = AgendaItemFactory(waiting=True), AgendaItemFactory()

    for item in (waiting, placed):
        manager_client.post(address("discard", placed.meeting, item.pk))

    assert list(AgendaItem.objects.all()) == [placed]


def test_team_is_invited_once(manager_client, agent):
    action = ActionFactory()
    TeamMemberFactory(action=action, user=agent)
    meeting = MeetingFactory()

    for _ in range(2):
        manager_client.post(address("invite", meeting, action.slug))

    assert [(m.user, m.role) for m in meeting.members.all()] == [(agent, "guest")]


# --- One passage --------------------------------------------------------------------------------------------------
def passage(item, **typed):
    return {
        **base_for(ItemForm.stored_of(item)),
        "kind": "progress",
        "minutes": "20",
        "question": "Comment durer ?",
        "notes": "",
        "presenters-TOTAL_FORMS": "1",
        "presenters-INITIAL_FORMS": "0",
        "presenters-0-name": "Camille Dubois",
        "presenters-0-role": "co_facilitator",
        **typed,
    }


def test_passage_is_written_and_what_the_instance_said_is_left_alone(manager_client):
    item = AgendaItemFactory()
    form_was_open = AgendaItem.objects.get()
    form_was_open.outcome = "supported"
    form_was_open.save()

    response = manager_client.post(address("item", item.meeting, item.pk), passage(item))

    assert response.status_code == 302
    item.refresh_from_db()
    assert (item.kind, item.minutes, item.question, item.outcome) == ("progress", 20, "Comment durer ?", "supported")
    assert [(p.name, p.role) for p in item.presenters.all()] == [("Camille Dubois", "co_facilitator")]


@pytest.mark.parametrize(
    "typed",
    [
        {"kind": "topic"},
        {"minutes": "0"},
        {"question": "x" * 301},
        {"presenters-0-name": ""},
        {"presenters-0-role": "roi"},
        {"question": "Que faire pour Mme Durand, au 06 12 34 56 78 ?"},
    ],
)
def test_wrong_passage_is_told(typed, manager_client):
    item = AgendaItemFactory(minutes=15)
    typed = {"presenters-0-function": "CESF", **typed}

    assert manager_client.post(address("item", item.meeting, item.pk), passage(item, **typed)).status_code == 422
    item.refresh_from_db()
    assert (item.minutes, item.question) == (15, "")


def test_presenter_is_added_without_a_script(manager_client):
    item = AgendaItemFactory()

    response = manager_client.post(address("item", item.meeting, item.pk), passage(item, op="presenters:add"))

    assert response.status_code == 200
    assert "Personne 2 sur 2" in response.text


@pytest.mark.parametrize("name", POSTS)
def test_closed_meeting_refuses_every_change(name, manager_client):
    meeting = MeetingFactory(closed=True)
    item = AgendaItemFactory(meeting=meeting, action__slug="cuisine", action__title="Cuisine")
    AgendaItemFactory(waiting=True, action__slug="ailleurs")
    args = {"add_sheet": ["ailleurs"], "remove": [item.pk], "discard": [10**6]}.get(name, POSTS[name])
    typed = {
        **agenda_base(meeting),
        "ajout-action": "Cuisine",
        "sujet-title": "A",
        "sujet-minutes": 5,
        "move": f"{item.pk}:up",
    }

    response = manager_client.post(address(name, meeting, *args), typed)

    assert response.status_code == (302 if name == "discard" else 409)
    assert titles(meeting) == ["Cuisine"]
    meeting.refresh_from_db()
    assert meeting.version == 1
    assert not meeting.members.exists()


# --- Cautions -----------------------------------------------------------------------------------------------------
def words_of(meeting) -> list[str]:
    """Each line as it is read, after the title of its passage."""
    items = list(meeting.items.for_preparing())
    return [
        (f"{c.item} : " if c.item else "") + c.words.replace("\u00a0", " ")
        for c in cautions(meeting, items, list(meeting.members.all()))
    ]


def test_agenda_longer_than_the_meeting():
    meeting = MeetingFactory(starts_at=dt.time(9), ends_at=dt.time(10))
    item = AgendaItemFactory(meeting=meeting, topic=True, minutes=60)
    assert words_of(meeting) == []

    item.minutes = 75
    item.save()
    assert words_of(meeting) == ["L’ordre du jour dure 1 h 15, la réunion 1 h : 15 minutes de trop."]


@pytest.mark.parametrize("presence", ["excused", "absent"])
@pytest.mark.parametrize("has_account", [True, False])
def test_presenter_who_will_not_be_there(has_account, presence, agent):
    meeting, [item] = agenda_of("Mobiliser")
    user = agent if has_account else None
    MemberFactory(meeting=meeting, name="Hélène ROUX", user=user, presence=presence)
    PresenterFactory(item=item, name="Hélène Roux", user=user)

    word = {"excused": "excusé", "absent": "absent"}[presence]
    assert words_of(meeting) == [f"Mobiliser : Hélène Roux ne sera pas là ({word})."]


def test_presenter_of_two_passages_is_told_once():
    meeting, items = agenda_of("A", "B")
    for item in items:
        PresenterFactory(item=item, name="Hélène Roux")

    assert words_of(meeting) == ["Hélène Roux intervient sur 2 passages."]


def test_action_without_presenter_and_what_its_sheet_lacks():
    item = AgendaItemFactory(action=ActionFactory(title="Cuisine", published=True))

    [line] = words_of(item.meeting)

    assert line == "Cuisine : personne ne présente ; il manque 10 réponses à la fiche."


def test_return_of_what_is_not_released_yet_is_told_before_a_convocation_tells_it():
    answered = AgendaItemFactory(meeting=MeetingFactory(held=True), outcome="postponed")
    meeting, [item] = agenda_of("Cuisine")
    AgendaItem.objects.filter(pk=item.pk).update(continues=answered)

    (warning,) = words_of(meeting)
    answered.release()

    assert warning.startswith("Cuisine : revient d’une réunion dont l’avis n’est pas communiqué")
    assert words_of(meeting) == []
