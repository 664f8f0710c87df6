"""The secretary's desk: one passage under the pen, the others beside it; presences in one tap; many people at once."""

import json

import html5lib
import pytest
from django.urls import reverse

from isic.lib.merge import base_of
from meetings.models import Member
from meetings.people import LONGEST, read_people, unlisted, with_accounts
from tests.factories import (
    AgendaItemFactory,
    LetterFactory,
    MeetingFactory,
    MemberFactory,
    PresenterFactory,
    TaskFactory,
    UserFactory,
)
from tests.meetings.hand import Hand
from tests.pages import assert_valid_html, first_headings

pytestmark = [pytest.mark.engine, pytest.mark.django_db]
JSON = {"Accept": "application/json"}


@pytest.fixture
def meeting():
    return MeetingFactory(held=True)


def address(name, meeting, *more) -> str:
    return reverse(f"meetings:{name}", args=[meeting.pk, *more])


def statuses(page) -> list[str]:
    tree = html5lib.parse(page.text, namespaceHTMLElements=False)
    return ["".join(e.itertext()) for e in tree.iter("span") if e.get("class") == "lines__status"]


# --- The desk -----------------------------------------------------------------------------------------------------
def test_desk_shows_one_passage_and_where_the_others_are(manager_client, meeting):
    AgendaItemFactory(meeting=meeting, position=0, outcome="supported").release()
    AgendaItemFactory(meeting=meeting, position=1, topic=True, brings="Un mot.")
    item = AgendaItemFactory(meeting=meeting, position=2, question="Qui a un minibus\u00a0?")
    AgendaItemFactory(meeting=meeting, position=3, outcome="rework")
    PresenterFactory(item=item, name="Nadia Perrin")
    TaskFactory(meeting=meeting, item=item, what="Appeler la mairie")
    TaskFactory(meeting=meeting, what="D’un autre passage")

    page = manager_client.get(address("outcomes", meeting))

    assert_valid_html(page.text)
    assert first_headings(page.text) == [item.subject]
    assert statuses(page) == ["Soutenue, communiqué", "Des notes", "Rien encore", "À retravailler"]
    for words in ("Qui a un minibus", "Nadia Perrin", "Appeler la mairie"):
        assert words in page.text
    assert "D’un autre passage" not in page.text
    assert page.text.count("data-autosave=") == page.text.count("data-state") == 1


@pytest.mark.parametrize("name", ["outcomes", "outcome"])
def test_desk_costs_the_same_with_one_passage_and_three(name, manager_client, meeting, cost_of):
    item = AgendaItemFactory(meeting=meeting)

    def fill():
        PresenterFactory(item=AgendaItemFactory(meeting=meeting))
        TaskFactory(meeting=meeting, item=item, user=UserFactory())
        MemberFactory(meeting=meeting)

    path = address(name, meeting, *([item.pk] if name == "outcome" else []))
    assert cost_of(manager_client, path, fill) > 0


def test_one_button_goes_from_passage_to_passage_and_back_to_the_meeting(manager_client, meeting):
    items = [AgendaItemFactory(meeting=meeting, position=place) for place in range(2)]
    hands = [Hand(manager_client, address("outcome", meeting, item.pk), having="base") for item in items]

    assert hands[0].send(next="1")["Location"] == address("outcome", meeting, items[1].pk)
    assert hands[1].send(next="1")["Location"] == meeting.get_absolute_url()
    assert hands[1].send()["Location"] == address("outcome", meeting, items[1].pk)


def test_script_hears_the_status_of_the_list(manager_client, meeting):
    item = AgendaItemFactory(meeting=meeting)
    hand = Hand(manager_client, address("outcome", meeting, item.pk), having="base")
    hand[f"passage-{item.pk}-outcome"] = "advised"

    answer = manager_client.post(hand.action, hand.fields, headers=JSON).json()

    assert answer["shown"][f"status-{item.pk}"] == "Soutenue avec conseils"
    assert ":" not in answer["at"]


@pytest.mark.parametrize(
    ("day", "words"), [("", "Sans date, rien ne la fera revenir."), ("2099-03-05", "Attend une prochaine")]
)
def test_action_to_rework_says_whether_something_brings_it_back(day, words, manager_client, meeting):
    item = AgendaItemFactory(meeting=meeting)
    hand = Hand(manager_client, address("outcome", meeting, item.pk), having="base")
    hand[f"passage-{item.pk}-outcome"], hand[f"passage-{item.pk}-comes_back_on"] = "rework", day

    answer = manager_client.post(hand.action, hand.fields, headers=JSON).json()

    assert words in answer["shown"]["note"]
    assert words in manager_client.get(hand.path).text


def test_task_noted_at_the_desk_is_of_its_passage_and_comes_back_there(manager_client, meeting):
    item = AgendaItemFactory(meeting=meeting)
    desk = address("outcome", meeting, item.pk)
    hand = Hand(manager_client, desk, having="what")
    hand["what"], hand["who"] = "Appeler la mairie", "Nadia"

    answer = hand.send()
    [task] = meeting.tasks.all()
    done = manager_client.post(address("finish", meeting, task.pk), {"desk": item.pk})

    assert task.item == item
    assert answer["Location"] == done["Location"] == f"{desk}#suites"


# --- Presences ----------------------------------------------------------------------------------------------------
@pytest.fixture
def people(meeting):
    return [MemberFactory(meeting=meeting, name=name) for name in ("Alix", "Camille", "Sacha")]


def presences(meeting) -> list[str]:
    return list(meeting.members.order_by("name").values_list("presence", flat=True))


def test_everybody_is_there_in_one_tap_but_who_was_excused(manager_client, meeting, people):
    people[1].presence = "excused"
    people[1].save()
    hand = Hand(manager_client, address("presences", meeting))

    page = manager_client.get(address("presences", meeting))
    assert_valid_html(page.text)
    assert "0\u00a0présent sur 3, 2 à dire" in page.text
    assert hand.send(all="1").status_code == 302

    assert presences(meeting) == ["present", "excused", "present"]


def test_one_tap_saves_by_itself(manager_client, meeting, people):
    hand = Hand(manager_client, address("presences", meeting))
    hand[f"presence-{people[0].pk}"] = "absent"

    answer = manager_client.post(hand.path, hand.fields, headers=JSON)

    assert (answer.status_code, answer.json()["conflicts"]) == (200, [])
    assert answer.json()["shown"] == {"presences": "0\u00a0présent sur 3, 2 à dire"}
    assert presences(meeting) == ["absent", "", ""]


def test_two_people_tick_two_members_and_choose_for_the_same_one(manager_client, admin_client, meeting, people):
    path = address("presences", meeting)
    one, other = Hand(manager_client, path), Hand(admin_client, path)
    one[f"presence-{people[0].pk}"] = one[f"presence-{people[1].pk}"] = "present"
    other[f"presence-{people[2].pk}"] = "present"
    other[f"presence-{people[1].pk}"] = "excused"
    one.send()

    heard = admin_client.post(path, other.fields, headers=JSON)
    asked = other.send()

    assert (heard.status_code, heard.json()["conflicts"]) == (409, ["Camille"])
    assert presences(meeting) == ["present", "present", "present"]
    assert other.keep(asked, "mien").status_code == 302
    assert presences(meeting) == ["present", "excused", "present"]


def test_member_who_left_meanwhile_stays_out(manager_client, meeting, people):
    hand = Hand(manager_client, address("presences", meeting))
    people[0].delete()

    assert hand.send(all="1").status_code == 302
    assert presences(meeting) == ["present", "present"]


@pytest.mark.parametrize("headers", [{}, JSON])
def test_presences_of_a_closed_meeting_do_not_change(headers, manager_client, manager):
    meeting = MeetingFactory(closed=True)
    member = MemberFactory(meeting=meeting)
    data = {f"presence-{member.pk}": "present", "base": json.dumps(base_of({f"presence-{member.pk}": ""}))}

    answer = manager_client.post(address("presences", meeting), data, headers=headers)

    assert answer.status_code == 409
    assert presences(meeting) == [""]


@pytest.mark.parametrize("value", ["là", "present,absent"])
def test_presence_that_does_not_exist_is_refused(value, manager_client, meeting, people):
    hand = Hand(manager_client, address("presences", meeting))
    hand[f"presence-{people[0].pk}"] = value

    answer = hand.send()

    assert answer.status_code == 422
    assert presences(meeting) == ["", "", ""]


# --- Many people at once ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("camille@example.org", [("", "camille@example.org")]),
        ("Camille Durand <Camille@Example.org>", [("Camille Durand", "camille@example.org")]),
        (
            '"Durand, Camille" <c@example.org>; Roux H. <h@example.org>;',
            [("Durand, Camille", "c@example.org"), ("Roux H.", "h@example.org")],
        ),
        (
            "a@example.org, B <b@example.org>,c@example.org.",
            [("", "a@example.org"), ("B", "b@example.org"), ("", "c@example.org")],
        ),
        ("Nadia Perrin\r\n\r\nHélène Roux\tCESF\n", [("Nadia Perrin", ""), ("Hélène Roux CESF", "")]),
        ("Nadia\tn@example.org\nZoé, z@example.org", [("Nadia", "n@example.org"), ("Zoé", "z@example.org")]),
        ("@ ; , ; <> ; a@", [("@", ""), ("a@", "")]),
    ],
)
def test_pasted_list_is_read(text, expected):
    assert list(read_people(text)) == expected


def test_pasted_list_is_read_within_limits():
    assert len(list(read_people("a@b.fr;" * LONGEST))) < LONGEST


def test_accounts_are_known_by_address_or_by_a_name_that_one_has():
    nadia = UserFactory(email="nadia@example.org", full_name="Nadia Périn", function="CESF")
    for number in range(2):
        UserFactory(email=f"h{number}@example.org", full_name="Hélène Roux")

    rows = with_accounts(
        [("", "nadia@example.org"), ("nadia perin", ""), ("Hélène Roux", ""), ("", "jean.petit@example.org")]
    )

    account = {"name": nadia.full_name, "email": "nadia@example.org", "function": "CESF"}
    assert rows == [
        account,
        account,
        {"name": "Hélène Roux", "email": "", "function": ""},
        {"name": "Jean Petit", "email": "jean.petit@example.org", "function": ""},
    ]
    assert unlisted(rows, [("", "NADIA@example.org"), ("hélène roux", "")]) == [rows[3]]


@pytest.mark.parametrize("button", [{"op": "members:paste"}, {}])
def test_ten_people_are_pasted_read_again_and_saved(button, manager_client):
    """One paste, one click, one more to save: whatever the button, the list is shown before it is saved."""
    meeting = MeetingFactory()
    MemberFactory(meeting=meeting, name="Camille", email="p3@example.org")
    hand = Hand(manager_client, address("people", meeting))
    hand["members-paste"] = "\n".join(f"Personne {n} <p{n}@example.org>" for n in range(10))

    page = hand.send(**button)
    assert page.status_code == 200
    assert_valid_html(page.text)
    assert "Ajouts\u00a0: 9." in page.text
    assert meeting.members.count() == 1
    hand.fill(page)
    assert hand.send().status_code == 302

    assert meeting.members.count() == 10
    assert Member.objects.get(email="p3@example.org").name == "Camille"


def test_recipients_are_pasted(manager_client):
    letter = LetterFactory()
    hand = Hand(manager_client, address("letter", letter.meeting, letter.pk))
    hand["people-paste"] = "a@example.org; b@example.org"

    hand.fill(hand.send(op="people:paste"))
    hand.send()

    assert {delivery.address for delivery in letter.deliveries.all()} == {"a@example.org", "b@example.org"}


def test_list_that_is_full_says_how_many_are_left_out(manager_client):
    hand = Hand(manager_client, address("people", MeetingFactory()))
    hand["members-paste"] = ";".join(f"p{n}@example.org" for n in range(103))

    page = hand.send(op="members:paste")

    assert page.status_code == 200
    assert "La liste est complète\u00a0: 3 de trop." in page.text
