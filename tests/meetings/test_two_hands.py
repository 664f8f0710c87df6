"""Two people change one meeting at the same moment: what each wrote stays, and only what truly collides is asked."""

import datetime as dt
import uuid

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from meetings.minutes import close
from meetings.models import AgendaItem, Letter, Meeting, Minutes
from tests.factories import (
    ActionFactory,
    AgendaItemFactory,
    DeliveryFactory,
    LetterFactory,
    MeetingFactory,
    MemberFactory,
    PresenterFactory,
    TerritoryFactory,
    UserFactory,
)
from tests.meetings.hand import Hand

pytestmark = pytest.mark.django_db


@pytest.fixture
def hands(client_of):
    """`hands(path)`: two managers, each with the page open."""

    def two(path: str, having: str = "") -> tuple[Hand, Hand]:
        first, second = (client_of(UserFactory(manager=True)) for _ in range(2))
        return Hand(first, path, having=having), Hand(second, path, having=having)

    return two


def new_key() -> str:
    return str(uuid.uuid4())


# --- Participants -------------------------------------------------------------------------------------------------
@pytest.fixture
def people(hands):
    meeting = MeetingFactory()
    MemberFactory(meeting=meeting, name="Camille", role="chair")
    MemberFactory(meeting=meeting, name="Nadia")
    return meeting, *hands(reverse("meetings:people", args=[meeting.pk]))


def test_members_added_by_two_people_are_all_there(people):
    meeting, one, other = people
    one.add("members", new_key(), name="Alix", role="member")
    other.add("members", new_key(), name="Sacha", role="guest")

    assert [one.send().status_code, other.send().status_code] == [302, 302]

    assert sorted(member.name for member in meeting.members.all()) == ["Alix", "Camille", "Nadia", "Sacha"]


def test_two_people_on_two_rows_never_meet(people):
    meeting, one, other = people
    one[f"{one.row_of('members', name='Camille')}presence"] = "present"
    other[f"{other.row_of('members', name='Nadia')}presence"] = "excused"

    assert [one.send().status_code, other.send().status_code] == [302, 302]

    assert dict(meeting.members.values_list("name", "presence")) == {"Camille": "present", "Nadia": "excused"}


def test_member_taken_off_stays_off_though_another_row_is_changed(people):
    meeting, one, other = people
    one.remove("members", name="Nadia")
    other[f"{other.row_of('members', name='Camille')}function"] = "élue"

    assert [one.send().status_code, other.send().status_code] == [302, 302]

    assert list(meeting.members.values_list("name", "function")) == [("Camille", "élue")]


@pytest.mark.parametrize(("choice", "kept"), [("mien", "CESF"), ("autre", "élue")])
def test_one_row_changed_by_two_people_is_asked(choice, kept, people):
    meeting, one, other = people
    for hand, function in ((one, "élue"), (other, "CESF")):
        hand[f"{hand.row_of('members', name='Nadia')}function"] = function
    other.add("members", new_key(), name="Sacha", role="guest")
    one.send()

    answer = other.send()

    assert answer.status_code == 409
    assert "élue" in answer.text
    assert "CESF" in answer.text
    assert other.keep(answer, choice).status_code == 302
    assert dict(meeting.members.values_list("name", "function"))["Nadia"] == kept
    assert meeting.members.filter(name="Sacha").exists()


def test_row_changed_by_one_and_taken_off_by_the_other_is_asked(people):
    meeting, one, other = people
    one[f"{one.row_of('members', name='Nadia')}function"] = "élue"
    other.remove("members", name="Nadia")
    one.send()

    answer = other.send()

    assert answer.status_code == 409
    assert "élue" in answer.text
    assert meeting.members.filter(name="Nadia").exists()
    assert other.keep(answer, "mien").status_code == 302
    assert not meeting.members.filter(name="Nadia").exists()


def test_two_right_changes_that_are_wrong_together_are_told_and_both_are_shown(people):
    """Each names another secretary: only one may be."""
    meeting, one, other = people
    one.add("members", new_key(), name="Alix", role="secretary")
    other.add("members", new_key(), name="Sacha", role="secretary")
    one.send()

    answer = other.send()

    assert answer.status_code in (409, 422)
    assert "Une seule personne préside" in answer.text
    assert "Sacha" in answer.text
    assert "Alix" in answer.text
    assert sorted(member.name for member in meeting.members.all()) == ["Alix", "Camille", "Nadia"]
    other.fill(answer, having="base")
    other[f"{other.row_of('members', name='Sacha')}role"] = "guest"
    assert other.send().status_code == 302
    assert sorted(member.name for member in meeting.members.all()) == ["Alix", "Camille", "Nadia", "Sacha"]


def test_change_of_the_agenda_does_not_stop_the_presences(people, client_of):
    meeting, one, other = people
    item = AgendaItemFactory(meeting=meeting)
    passage = Hand(one.client, reverse("meetings:item", args=[meeting.pk, item.pk]))
    passage["question"] = "Comment durer\u00a0?"
    assert passage.send().status_code == 302
    other[f"{other.row_of('members', name='Nadia')}presence"] = "present"

    assert other.send().status_code == 302

    assert meeting.members.get(name="Nadia").presence == "present"


# --- Modifier -----------------------------------------------------------------------------------------------------
@pytest.fixture
def edited(hands):
    meeting = MeetingFactory(notes="", place="Salle des fêtes")
    return meeting, *hands(reverse("meetings:edit", args=[meeting.pk]))


def test_fields_changed_by_two_people_are_both_kept(edited):
    meeting, one, other = edited
    one["notes"], one["deadline_on"] = "Réserver la salle.", str(meeting.date - dt.timedelta(days=3))
    other["place"] = "Salle bleue"

    assert [one.send().status_code, other.send().status_code] == [302, 302]

    meeting.refresh_from_db()
    assert (meeting.notes, meeting.place) == ("Réserver la salle.", "Salle bleue")
    assert meeting.deadline_on == meeting.date - dt.timedelta(days=3)


@pytest.mark.parametrize(("choice", "kept"), [("mien", "Salle bleue"), ("autre", "Salle rouge")])
def test_one_field_changed_by_two_people_is_asked(choice, kept, edited):
    meeting, one, other = edited
    one["place"], one["notes"] = "Salle rouge", "Une note."
    other["place"] = "Salle bleue"
    one.send()

    answer = other.send()

    assert answer.status_code == 409
    assert "Salle rouge" in answer.text
    assert "Salle bleue" in answer.text
    assert other.keep(answer, choice).status_code == 302
    meeting.refresh_from_db()
    assert (meeting.place, meeting.notes) == (kept, "Une note.")


def test_hours_right_apart_and_wrong_together_are_told_and_lose_nothing(edited):
    meeting, one, other = edited
    one["starts_at"], one["ends_at"] = "14:00", "16:00"
    other["ends_at"] = "11:00"
    other["notes"] = "Un mot."
    one.send()
    answer = other.send()
    if answer.status_code == 409 and "garder-ends_at" in answer.text:
        answer = other.keep(answer, "mien")

    assert answer.status_code in (409, 422)
    assert "L’heure de fin doit suivre" in answer.text
    assert "Un mot." in answer.text
    meeting.refresh_from_db()
    assert (meeting.starts_at, meeting.ends_at) == (dt.time(14), dt.time(16))


def test_deadline_follows_the_date_that_one_moves_while_another_writes(edited):
    meeting, one, other = edited
    one["date"] = str(meeting.date + dt.timedelta(days=7))
    other["notes"] = "Un mot."

    assert [one.send().status_code, other.send().status_code] == [302, 302]

    moved = Meeting.objects.get()
    assert moved.deadline_on == moved.date - dt.timedelta(days=7)
    assert moved.date == meeting.date + dt.timedelta(days=7)


# --- Passage ------------------------------------------------------------------------------------------------------
@pytest.fixture
def passage(hands):
    item = AgendaItemFactory(question="", notes="")
    PresenterFactory(item=item, name="Camille", position=0)
    PresenterFactory(item=item, name="Nadia", position=1)
    return item, *hands(reverse("meetings:item", args=[item.meeting_id, item.pk]))


def test_presenters_and_notes_of_two_people_are_all_there(passage):
    item, one, other = passage
    one["notes"] = "Venir tôt."
    one.add("presenters", new_key(), name="Alix", role="presenter")
    other["question"] = "Comment durer\u00a0?"
    other.add("presenters", new_key(), name="Sacha", role="co_facilitator")

    assert [one.send().status_code, other.send().status_code] == [302, 302]

    item.refresh_from_db()
    assert (item.notes, item.question) == ("Venir tôt.", "Comment durer\u00a0?")
    names = [presenter.name for presenter in item.presenters.all()]
    assert names[:2] == ["Camille", "Nadia"]
    assert sorted(names[2:]) == ["Alix", "Sacha"]


def test_presenters_stay_themselves(passage):
    item, one, _ = passage
    before = dict(item.presenters.values_list("name", "pk"))
    one[f"{one.row_of('presenters', name='Nadia')}function"] = "CESF"
    one.send()

    assert dict(item.presenters.values_list("name", "pk")) == before
    assert item.presenters.get(name="Nadia").function == "CESF"


def test_notes_of_a_passage_written_by_two_people_are_asked(passage):
    item, one, other = passage
    one["notes"], other["notes"] = "Venir tôt.", "Venir tard."
    one.send()

    answer = other.send()

    assert (answer.status_code, "Venir tôt." in answer.text, "Venir tard." in answer.text) == (409, True, True)
    assert other.keep(answer, "mien").status_code == 302
    item.refresh_from_db()
    assert item.notes == "Venir tard."


def test_passage_taken_off_under_the_hand_is_told_with_what_was_typed(passage):
    item, one, other = passage
    other["notes"] = "Venir tard."
    one.client.post(reverse("meetings:remove", args=[item.meeting_id, item.pk]))

    answer = other.send()

    assert answer.status_code == 409
    assert "Venir tard." in answer.text


def test_topic_taken_off_under_the_hand_is_told_with_what_was_typed(hands):
    item = AgendaItemFactory(topic=True, title="Échange", meeting=MeetingFactory())
    one, other = hands(reverse("meetings:item", args=[item.meeting_id, item.pk]))
    other["notes"] = "Venir tard."
    one.client.post(reverse("meetings:remove", args=[item.meeting_id, item.pk]))

    answer = other.send()

    assert answer.status_code == 409
    assert all(words in answer.text for words in ("Échange", "Venir tard.", "n’est plus à l’ordre du jour"))
    assert AgendaItem.objects.get().notes == ""


# --- The order ----------------------------------------------------------------------------------------------------
@pytest.fixture
def ordered(hands):
    meeting = MeetingFactory()
    for place, title in enumerate(("A", "B", "C", "D")):
        AgendaItemFactory(meeting=meeting, topic=True, title=title, position=place, minutes=10)
    return meeting, *hands(reverse("meetings:prepare", args=[meeting.pk]), having="base")


def titles(meeting) -> str:
    return "".join(meeting.items.order_by("position", "pk").values_list("title", flat=True))


def keyed(meeting, title) -> int:
    return meeting.items.get(title=title).pk


def test_minutes_of_two_passages_by_two_people_are_both_kept(ordered):
    meeting, one, other = ordered
    one[f"minutes-{keyed(meeting, 'A')}"] = "20"
    other[f"minutes-{keyed(meeting, 'B')}"] = "30"

    assert [one.send().status_code, other.send().status_code] == [302, 302]

    assert dict(meeting.items.values_list("title", "minutes")) == {"A": 20, "B": 30, "C": 10, "D": 10}


def test_minutes_of_one_passage_by_two_people_are_told_side_by_side(ordered):
    meeting, one, other = ordered
    key = f"minutes-{keyed(meeting, 'A')}"
    one[key], other[key] = "20", "30"
    other[f"minutes-{keyed(meeting, 'B')}"] = "15"
    one.send()

    answer = other.send()

    assert answer.status_code == 409
    assert "20" in answer.text
    other.fill(answer, having="base")
    assert other[key] == "30"
    assert meeting.items.get(title="A").minutes == 20
    assert other.send().status_code == 302
    assert meeting.items.get(title="A").minutes == 30
    assert meeting.items.get(title="B").minutes == 15


def test_order_changed_by_one_and_minutes_by_another_are_both_kept(ordered):
    meeting, one, other = ordered
    other[f"minutes-{keyed(meeting, 'B')}"] = "30"

    assert one.send(move=f"{keyed(meeting, 'D')}:up").status_code == 302
    assert other.send().status_code == 302

    assert titles(meeting) == "ABDC"
    assert meeting.items.get(title="B").minutes == 30


def test_passage_added_by_one_stays_where_it_was_put_while_another_orders(ordered):
    meeting, one, other = ordered
    one.client.post(reverse("meetings:add_topic", args=[meeting.pk]), {"sujet-title": "E", "sujet-minutes": "5"})
    meeting.items.get(title="C").delete()

    assert other.send(move=f"{keyed(meeting, 'B')}:up").status_code == 302

    assert titles(meeting) == "BADE"


def test_order_changed_by_two_people_is_asked_and_the_minutes_typed_stay(ordered):
    meeting, one, other = ordered
    other[f"minutes-{keyed(meeting, 'B')}"] = "30"
    one.send(move=f"{keyed(meeting, 'D')}:up")

    answer = other.send(move=f"{keyed(meeting, 'A')}:down")

    assert answer.status_code == 409
    assert "a changé entre-temps" in answer.text
    assert titles(meeting) == "ABDC"
    other.fill(answer, having="base")
    assert other[f"minutes-{keyed(meeting, 'B')}"] == "30"
    assert other.send(move=f"{keyed(meeting, 'A')}:down").status_code == 302
    assert titles(meeting) == "BADC"
    assert meeting.items.get(title="B").minutes == 30


# --- Letters ------------------------------------------------------------------------------------------------------
@pytest.fixture
def letter(hands):
    letter = LetterFactory(meeting=MeetingFactory(), subject="Convocation", body="Bonjour,\n\nVenez.")
    DeliveryFactory(letter=letter, name="Camille", address="camille@example.org")
    return letter, *hands(reverse("meetings:letter", args=[letter.meeting_id, letter.pk]))


def test_subject_body_and_people_of_a_letter_by_two_people_are_all_kept(letter):
    letter, one, other = letter
    one["subject"] = "Venez jeudi"
    one.add("people", new_key(), name="Alix", address="alix@example.org")
    other["body"] = "Bonjour,\n\nÀ jeudi."
    other.add("people", new_key(), name="Sacha", address="sacha@example.org")

    assert [one.send().status_code, other.send().status_code] == [302, 302]

    letter.refresh_from_db()
    assert (letter.subject, letter.body.replace("\r", "")) == ("Venez jeudi", "Bonjour,\n\nÀ jeudi.")
    assert {delivery.name for delivery in letter.deliveries.all()} == {"Camille", "Alix", "Sacha"}


@pytest.mark.parametrize(("choice", "kept"), [("mien", "Ma version."), ("autre", "L’autre version.")])
def test_body_of_a_letter_by_two_people_is_asked_and_nothing_leaves(choice, kept, letter):
    letter, one, other = letter
    one["body"], other["body"] = "L’autre version.", "Ma version."
    one.send()

    answer = other.send(send="1")

    assert (answer.status_code, mail.outbox) == (409, [])
    assert "L’autre version." in answer.text
    assert "Ma version." in answer.text
    assert other.keep(answer, choice).status_code in (302, 409)
    letter.refresh_from_db()
    assert letter.body == kept


@pytest.mark.django_db(transaction=True)
def test_letter_leaves_only_as_it_was_read(letter):
    """Nothing collides, yet the sender never saw what the other wrote."""
    letter, one, other = letter
    one["subject"] = "Venez jeudi"
    one.send()
    other["body"] = "À jeudi."

    answer = other.send(send="1")

    assert (answer.status_code, mail.outbox) == (302, [])
    page = other.client.get(other.path)
    assert "rien n’est parti" in page.text
    other.fill(page, having="base")
    assert (other["subject"], other["body"]) == ("Venez jeudi", "À jeudi.")
    assert other.send(send="1").status_code == 302
    assert [(message.to, message.subject) for message in mail.outbox] == [(["camille@example.org"], "Venez jeudi")]


@pytest.mark.django_db(transaction=True)
def test_letter_sent_twice_leaves_once_and_the_second_click_reads_the_same_page(letter):
    letter, one, _ = letter
    one["body"] = "À jeudi."

    answers = [one.send(send="1") for _ in range(2)]

    assert [(answer.status_code, answer["Location"]) for answer in answers] == [(302, one.path)] * 2
    assert len(mail.outbox) == 1


def test_words_typed_for_a_letter_that_left_are_still_shown(letter):
    letter, one, other = letter
    other["body"] = "Trop tard."
    one.send(send="1")

    answer = other.send()

    assert answer.status_code == 409
    assert "Trop tard." in answer.text
    assert Letter.objects.get().body != "Trop tard."


# --- The correction of the minutes --------------------------------------------------------------------------------
@pytest.fixture
def closed(hands, manager):
    meeting = MeetingFactory(held=True)
    MemberFactory(meeting=meeting, name="Camille", presence="present")
    MemberFactory(meeting=meeting, name="Nadia", presence="present")
    items = [
        AgendaItemFactory(meeting=meeting, outcome="advised", brings=f"Un mot {number}.", position=number)
        for number in range(2)
    ]
    close(meeting, by=manager)
    return meeting, items, *hands(reverse("meetings:correct", args=[meeting.pk]))


def brings(item) -> str:
    return f"passage-{item.pk}-brings"


def presence(meeting, name) -> str:
    return f"presence-{meeting.members.get(name=name).pk}"


def test_two_corrections_of_two_passages_are_both_kept(closed):
    meeting, (first, second), one, other = closed
    one[brings(first)], one["reason"] = "À Bourg.", "Le lieu."
    other[brings(second)], other["reason"] = "À Oyonnax.", "L’autre lieu."
    other[presence(meeting, "Nadia")] = "excused"

    assert [one.send().status_code, other.send().status_code] == [302, 302]

    last = Minutes.objects.first()
    assert (last.number, last.reason) == (3, "L’autre lieu.")
    assert [row["brings"] for row in last.content["items"]] == ["À Bourg.", "À Oyonnax."]
    assert dict(meeting.members.values_list("name", "presence")) == {"Camille": "present", "Nadia": "excused"}


@pytest.mark.parametrize(("choice", "kept"), [("mien", "À Oyonnax."), ("autre", "À Bourg.")])
def test_two_corrections_of_one_passage_are_asked(choice, kept, closed):
    _, (item, second), one, other = closed
    one[brings(item)], one["reason"] = "À Bourg.", "Le lieu."
    other[brings(item)], other["reason"] = "À Oyonnax.", "L’autre lieu."
    other[brings(second)] = "Deux mots."
    one.send()

    answer = other.send()

    assert answer.status_code == 409
    assert all(words in answer.text for words in ("À Bourg.", "À Oyonnax."))
    assert Minutes.objects.count() == 2
    assert other.keep(answer, choice).status_code == 302
    last = Minutes.objects.first()
    assert (last.number, last.reason) == (3, "L’autre lieu.")
    assert [row["brings"] for row in last.content["items"]] == [kept, "Deux mots."]


def test_presence_corrected_by_two_people_is_asked(closed):
    meeting, _, one, other = closed
    one[presence(meeting, "Camille")], one["reason"] = "absent", "Elle n’était pas là."
    other[presence(meeting, "Camille")], other["reason"] = "excused", "Elle avait prévenu."
    one.send()

    answer = other.send()

    assert answer.status_code == 409
    assert other.keep(answer, "mien").status_code == 302
    assert meeting.members.get(name="Camille").presence == "excused"


# --- Proposals ----------------------------------------------------------------------------------------------------
@pytest.fixture
def proposal(hands, unit):
    item = AgendaItemFactory(waiting=True, action=ActionFactory(published=True, carrier_unit=unit), question="")
    PresenterFactory(item=item, name="Camille")
    return item, *hands(reverse("meetings:propose", args=[item.action.slug]))


def test_proposal_changed_by_two_people_keeps_what_each_wrote(proposal):
    item, one, other = proposal
    one["question"] = "Comment durer\u00a0?"
    other["minutes"] = "25"
    other.add("presenters", new_key(), name="Sacha", role="presenter")

    assert [one.send().status_code, other.send().status_code] == [302, 302]

    item.refresh_from_db()
    assert (item.question, item.minutes) == ("Comment durer\u00a0?", 25)
    assert [presenter.name for presenter in item.presenters.all()] == ["Camille", "Sacha"]


def test_question_of_a_proposal_by_two_people_is_asked(proposal):
    item, one, other = proposal
    one["question"], other["question"] = "Comment durer\u00a0?", "Avec qui\u00a0?"
    one.send()

    answer = other.send()

    assert answer.status_code == 409
    assert "Comment durer" in answer.text
    assert other.keep(answer, "mien").status_code == 302
    item.refresh_from_db()
    assert item.question == "Avec qui\u00a0?"


def test_sheet_proposed_first_by_two_people_is_one_passage_and_nothing_is_lost(hands, unit):
    action = ActionFactory(published=True, carrier_unit=unit)
    one, other = hands(reverse("meetings:propose", args=[action.slug]))
    one["question"] = "Comment durer\u00a0?"
    other["question"] = "Avec qui\u00a0?"
    one.send()

    answer = other.send()

    assert answer.status_code == 409
    assert "Comment durer" in answer.text
    assert "Avec qui" in answer.text
    assert AgendaItem.objects.count() == 1


# --- Sent twice ---------------------------------------------------------------------------------------------------
def test_proposal_sent_twice_is_placed_once_and_the_second_click_reads_the_same_page(unit, agent_client):
    action = ActionFactory(published=True, carrier_unit=unit)
    MeetingFactory(deadline_on=timezone.localdate())
    hand = Hand(agent_client, reverse("meetings:propose", args=[action.slug]))
    hand["question"] = "Comment durer\u00a0?"

    answers = [hand.send() for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0]["Location"] == answers[1]["Location"]
    assert AgendaItem.objects.count() == 1


def test_meeting_of_the_same_day_and_territory_is_asked_first(manager_client):
    """Back after creating one, and sending again."""
    TerritoryFactory(home=True)
    path, day = reverse("meetings:create"), str(timezone.localdate() + dt.timedelta(days=30))
    answers = []
    for _ in range(2):
        hand = Hand(manager_client, path)
        hand["date"] = day
        answers.append(hand.send())

    assert [answer.status_code for answer in answers] == [302, 422]
    assert Meeting.objects.get().get_absolute_url() in answers[1].text
    hand.fill(answers[1])
    assert hand["date"] == day
    box = answers[1].context["form"]["date"].confirmation["name"]
    assert hand.send(**{box: "on"}).status_code == 302
    assert Meeting.objects.count() == 2


def test_topic_sent_twice_is_there_once(manager_client):
    meeting = MeetingFactory()
    hand = Hand(manager_client, reverse("meetings:prepare", args=[meeting.pk]), having="sujet-title")
    hand["sujet-title"] = "Échange"

    assert [hand.send().status_code for _ in range(2)] == [302, 302]

    assert meeting.items.count() == 1


# --- Forged -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("base", ["", "x", "[]", "{}", '{"place": 3}', "9" * 5000, '{"place": "' + "0" * 16 + '"}'])
def test_form_that_does_not_say_what_it_started_from_is_asked_and_overwrites_nothing(base, edited):
    meeting, one, _ = edited
    one["place"], one["base"] = "Salle bleue", base

    answer = one.send()

    assert answer.status_code == 409
    assert "Salle bleue" in answer.text
    meeting.refresh_from_db()
    assert meeting.place == "Salle des fêtes"


@pytest.mark.parametrize("base", ["", "x", "[]", "{}", '{"members": []}', '{"members": {"x": 3}}'])
def test_forged_start_removes_nobody(base, people):
    meeting, one, _ = people
    one["base"] = base
    one["members-TOTAL_FORMS"] = "0"

    one.send()

    assert meeting.members.count() == 2
