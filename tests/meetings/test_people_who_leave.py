"""People whose account is closed: not written to, said so, and nowhere turned into a guest; what the next meeting needs is kept."""

import datetime as dt
import uuid

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from meetings import letters, tasks
from meetings.models import Letter, Meeting, Member
from meetings.models.meeting import GUEST_DAYS
from meetings.presenters import referents
from meetings.retention import forget
from meetings.workflows import begin
from tests.factories import (
    ActionFactory,
    AgendaItemFactory,
    MeetingFactory,
    MemberFactory,
    MembershipFactory,
    TaskFactory,
    TeamMemberFactory,
    UserFactory,
)
from tests.meetings.hand import Hand
from tests.meetings.test_outbox import filled, prepare

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def gone():
    return UserFactory(email="partie@example.org", full_name="Camille Exemple")


@pytest.fixture
def meeting(gone):
    meeting = MeetingFactory()
    MemberFactory(meeting=meeting, name="Camille Exemple", user=gone, role="secretary")
    MemberFactory(meeting=meeting, name="Dominique Exemple", email="dominique@example.org")
    return meeting


def leave(user: User) -> None:
    user.is_active = False
    user.save()


def page(client, name: str, meeting: Meeting, *more) -> str:
    return client.get(reverse(f"meetings:{name}", args=[meeting.pk, *more])).text


# --- Letters ------------------------------------------------------------------------------------------------------
def test_convocation_leaves_out_who_left_and_says_so(manager_client, meeting, gone, mailoutbox):
    leave(gone)

    prepare(manager_client, meeting)
    letter = Letter.objects.get()
    shown = page(manager_client, "letter", meeting, letter.pk)
    manager_client.post(reverse("meetings:letter", args=[meeting.pk, letter.pk]), filled(letter, send="1"))

    assert "Compte fermé, ne recevront rien\u00a0: Camille Exemple." in shown.replace("&nbsp;", "\u00a0")
    assert [mail.to for mail in mailoutbox] == [["dominique@example.org"]]


def test_letter_that_was_ready_leaves_out_who_left_since(manager_client, meeting, gone, mailoutbox):
    prepare(manager_client, meeting)
    letter = Letter.objects.get()
    leave(gone)

    shown = page(manager_client, "letter", meeting, letter.pk)
    manager_client.post(reverse("meetings:letter", args=[meeting.pk, letter.pk]), filled(letter, send="1"))
    sent = page(manager_client, "letter", meeting, letter.pk)

    assert "rien n’y partira" in shown
    assert [mail.to for mail in mailoutbox] == [["dominique@example.org"]]
    assert "<td>compte fermé</td>" in sent
    assert "<td>en attente" not in sent


def test_letter_to_nobody_but_who_left_does_not_leave(manager, meeting, gone):
    Member.objects.exclude(user=gone).delete()
    letter = letters.prepare(meeting, "convocation", by=manager)
    leave(gone)

    with pytest.raises(ValidationError, match="pas de destinataire"):
        letters.release(letter, by=manager)


def test_extract_says_which_functions_of_the_team_left(manager_client, manager, gone, agent):
    meeting = MeetingFactory(held=True)
    action = ActionFactory(published=True, created_by=agent)
    TeamMemberFactory(action=action, user=gone, function="animatrice")
    item = AgendaItemFactory(meeting=meeting, action=action, outcome="supported", released_at=timezone.now())
    leave(gone)

    letter = letters.prepare(meeting, "extract", by=manager, item=item)

    assert [delivery.address for delivery in letter.deliveries.all()] == [agent.email]
    assert "ne recevront rien&nbsp;: animatrice." in page(manager_client, "letter", meeting, letter.pk)


def test_reminder_of_who_left_goes_to_the_service_and_says_so(meeting, gone, mailoutbox):
    task = TaskFactory(meeting=meeting, user=gone, who="Camille Exemple", due_on=timezone.localdate())
    leave(gone)

    tasks.remind(task, on=timezone.localdate())

    [mail] = mailoutbox
    assert mail.to == [settings.SERVICE_EMAIL]
    assert "Camille Exemple s’en chargeait, et son compte est fermé" in mail.body


# --- Rows ---------------------------------------------------------------------------------------------------------
def test_member_who_left_stays_that_account_whatever_changes(manager_client, meeting, gone):
    leave(gone)
    shown = page(manager_client, "people", meeting)
    hand = Hand(manager_client, reverse("meetings:people", args=[meeting.pk]))
    hand[f"{hand.row_of('members', role='secretary')}function"] = "partie en mai"

    response = hand.send()

    assert "Compte fermé, ne reçoivent plus rien&nbsp;: Camille Exemple." in shown
    assert response.status_code == 302
    member = meeting.members.get(role="secretary")
    assert (member.user, member.function) == (gone, "partie en mai")


def test_next_meeting_begins_without_who_left_and_says_so(manager_client, gone):
    previous = MeetingFactory(held=True)
    MemberFactory(meeting=previous, name="Camille Exemple", user=gone, role="secretary")
    MemberFactory(meeting=previous, name="Dominique Exemple", email="dominique@example.org")
    leave(gone)
    day = previous.date + dt.timedelta(days=30)
    sent = {"territory": previous.territory_id, "date": day, "starts_at": "09:30", "ends_at": "12:00"}

    answer = manager_client.post(reverse("meetings:create"), sent, follow=True)

    created = Meeting.objects.get(date=day)
    assert [member.name for member in created.members.all()] == ["Dominique Exemple"]
    assert "ne sont pas repris de la réunion précédente\u00a0: Camille Exemple." in answer.text


def test_presenters_are_proposed_without_who_left_and_named_to_who_knows_them(agent, stranger, unit, manager, gone):
    action = ActionFactory(carrier_unit=unit)
    colleague = UserFactory(full_name="Claude Exemple")
    MembershipFactory(user=colleague, territory=unit)
    stranger.full_name = "Alix Exemple"
    stranger.save()
    for function, user in {"animatrice": gone, "éducatrice": colleague, "conteuse": stranger}.items():
        TeamMemberFactory(action=action, role="referent", user=user, function=function)
    leave(gone)

    assert [row["name"] for row in referents(action, agent)] == ["Claude Exemple", "conteuse"]
    assert [row["name"] for row in referents(action, manager)] == ["Claude Exemple", "Alix Exemple"]


@pytest.mark.parametrize("who", ["nobody", "stranger"])
def test_presenter_of_any_address_is_kept_and_needs_a_name(who, agent_client, stranger, unit):
    action = ActionFactory(carrier_unit=unit)
    address = stranger.email if who == "stranger" else "personne@example.org"
    path = reverse("meetings:propose", args=[action.slug])
    hand = Hand(agent_client, path)
    hand.add("presenters", str(uuid.uuid4()), role="presenter", email=address)
    row = hand.row_of("presenters", email=address)

    refused = hand.send()
    hand.send(**{f"{row}name": "Claude"})

    assert refused.status_code == 422
    assert "Indiquez un nom." in refused.text
    [presenter] = action.agenda_items.get().presenters.all()
    assert (presenter.name, presenter.user.email) == ("Claude", address)
    assert presenter.user.is_asked_for == (who == "nobody")


# --- What the next meeting needs ----------------------------------------------------------------------------------
def addresses(meeting) -> set[str]:
    return set(meeting.members.values_list("email", flat=True))


def test_address_of_a_standing_member_waits_for_the_next_meeting(manager):
    meeting = MeetingFactory(held=True)
    MemberFactory(meeting=meeting, name="Dominique Exemple", email="dominique@example.org")
    MemberFactory(meeting=meeting, name="Claude Exemple", email="claude@example.org", role="guest")
    dead = meeting.date + dt.timedelta(days=GUEST_DAYS + 1)

    forget(dead)
    assert addresses(meeting) == {"dominique@example.org", ""}

    after = begin(Meeting(territory=meeting.territory, date=meeting.date + dt.timedelta(days=60)))
    forget(dead)
    assert addresses(after) == {"dominique@example.org"}
    assert addresses(meeting) == {"dominique@example.org", ""}, "one that is cancelled leaves the other to begin again"

    after.hold(by=manager)
    forget(dead)
    assert addresses(meeting) == {""}
    assert addresses(after) == {"dominique@example.org"}


def test_address_of_a_standing_member_goes_with_the_name():
    meeting = MeetingFactory(held=True)
    MemberFactory(meeting=meeting, name="Dominique Exemple", email="dominique@example.org")

    forget(meeting.date + dt.timedelta(days=settings.MEETING_NAMES_DAYS + 1))

    assert addresses(meeting) == {""}
