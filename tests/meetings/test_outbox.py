"""Letters: prepared, read and edited by a manager, sent once to each person apart, and who received what is recorded."""

import re
from email.message import MIMEPart

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from icalendar import Calendar

from isic.lib import pdf
from isic.lib.background import retry
from meetings import letters
from meetings.minutes import close
from meetings.models import Delivery, Letter
from tests.factories import (
    ActionFactory,
    AgendaItemFactory,
    DeliveryFactory,
    LetterFactory,
    MeetingFactory,
    MemberFactory,
    TaskFactory,
    TeamMemberFactory,
    UserFactory,
)
from tests.meetings.hand import base_for
from tests.papers import assert_accessible, pages_of, squeezed

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def meeting():
    meeting = MeetingFactory(place="Salle Croizat")
    MemberFactory(meeting=meeting, name="Camille", user=UserFactory(email="camille@example.org"))
    MemberFactory(meeting=meeting, name="Dominique", email="dominique@example.org", role="guest")
    MemberFactory(meeting=meeting, name="Claude")
    AgendaItemFactory(meeting=meeting, action=ActionFactory(title="La cuisine <b>& cie", published=True))
    return meeting


def prepare(client, meeting, kind="convocation", **more):
    return client.post(reverse("meetings:outbox", args=[meeting.pk]), {"kind": kind, **more})


def address(letter, name="letter"):
    return reverse(f"meetings:{name}", args=[letter.meeting_id, letter.pk])


def filled(letter, people=None, **more):
    letter = Letter.objects.get(pk=letter.pk)
    people = [(d.name, d.address) for d in letter.deliveries.all()] if people is None else people
    data = {"subject": letter.subject, "body": letter.body, **base_for(letters.letter_of(letter))}
    data |= {"people-TOTAL_FORMS": len(people), "people-INITIAL_FORMS": 0}
    for index, (name, where) in enumerate(people):
        data |= {f"people-{index}-name": name, f"people-{index}-address": where}
    return data | more


# --- Preparing ----------------------------------------------------------------------------------------------------
def test_convocation_waits_to_be_read(manager_client, meeting):
    first, second = prepare(manager_client, meeting), prepare(manager_client, meeting)

    letter = Letter.objects.get()
    assert (first.status_code, first["Location"]) == (302, second["Location"])
    assert {(d.name, d.address, d.sent_at) for d in letter.deliveries.all()} == {
        ("Camille", "camille@example.org", None),
        ("Dominique", "dominique@example.org", None),
    }
    assert "Salle Croizat" in letter.body
    assert "La cuisine <b>& cie" in letter.body
    page = manager_client.get(address(letter)).text
    assert "Sans adresse, ne recevront rien\u00a0: Claude" in page.replace("&nbsp;", "\u00a0")
    assert mail.outbox == []


def test_letter_is_edited_then_sent_once_with_the_date(manager_client, manager, meeting):
    prepare(manager_client, meeting)
    letter = Letter.objects.get()
    data = filled(
        letter,
        [("Camille", "camille@example.org"), ("", "Nouveau@example.org")],
        subject="Venez\u00a0!",
        body="Bonjour,\n\nÀ bientôt.",
        send="1",
    )

    answers = [manager_client.post(address(letter), data).status_code for _ in range(2)]

    assert answers == [302, 302]
    assert sorted(message.to[0] for message in mail.outbox) == ["camille@example.org", "nouveau@example.org"]
    assert {message.subject for message in mail.outbox} == {"Venez\u00a0!"}
    assert all(message.body.startswith("Bonjour,\n\nÀ bientôt.") for message in mail.outbox)
    invitation = mail.outbox[0].attachments[0]
    assert (invitation.get_filename(), invitation.get_content_type()) == ("reunion.ics", "text/calendar")
    assert invitation.get_param("method") == "REQUEST"
    [event] = Calendar.from_ical(invitation.get_content()).walk("VEVENT")
    assert event["attendee"] == f"MAILTO:{mail.outbox[0].to[0]}"
    letter.refresh_from_db()
    meeting.refresh_from_db()
    assert (letter.released_by, meeting.convoked_on) == (manager, timezone.localdate())
    assert not Delivery.objects.filter(sent_at=None).exists()
    letters.deliver.func(Delivery.objects.first().pk)
    assert len(mail.outbox) == 2
    assert "camille@example.org" in manager_client.get(address(letter)).text


def test_guest_without_an_account_gets_a_link_of_his_own(manager_client, client, meeting):
    prepare(manager_client, meeting)
    letter = Letter.objects.get()

    manager_client.post(address(letter), filled(letter, send="1"))

    bodies = {message.to[0]: message.body for message in mail.outbox}
    assert "/isic/invite/" not in bodies["camille@example.org"]
    link = next(line for line in bodies["dominique@example.org"].splitlines() if "/isic/invite/" in line)
    assert client.get(link[link.index("/isic/") :]).status_code == 200


@pytest.mark.parametrize("kind", ["convocation", "minutes", "extract", "cancellation"])
def test_no_mail_to_somebody_without_an_account_leads_to_a_sign_in(kind, client, settings):
    states = {"convocation": {}, "cancellation": {"state": "cancelled", "reason": "Neige."}}
    meeting = MeetingFactory(**states.get(kind, {"closed": True, "date": timezone.localdate()}))
    MemberFactory(meeting=meeting, name="Dominique", email="dominique@example.org", role="guest")
    item = AgendaItemFactory(meeting=meeting, outcome="supported")
    item.release()
    letter = LetterFactory(meeting=meeting, kind=kind, item=item if kind == "extract" else None)
    letter.subject, letter.body = letters._words(meeting, kind, letter.item)
    letter.save()

    for address in ("dominique@example.org", "inconnue@example.org"):
        letters.deliver.func(DeliveryFactory(letter=letter, address=address).pk)

    for message in mail.outbox:
        calendars = [part.get_content() for part in message.attachments if isinstance(part, MIMEPart)]
        for text in (message.body, *(re.sub(r"\r?\n ", "", calendar) for calendar in calendars)):
            for link in re.findall(rf"{re.escape(settings.SITE_URL)}(/[^\s)»]*)", text):
                assert client.get(link).status_code == 200, link
    assert "/isic/invite/" in mail.outbox[0].body or kind == "cancellation"


def test_letter_changed_by_somebody_else_is_not_sent(manager_client, meeting):
    prepare(manager_client, meeting)
    letter = Letter.objects.get()
    mine = filled(letter, body="Ma version.", send="1")
    manager_client.post(address(letter), filled(letter, body="L’autre version."))

    answer = manager_client.post(address(letter), mine)

    assert answer.status_code == 409
    assert "Ma version." in answer.text
    assert "L’autre version." in answer.text
    assert mail.outbox == []
    assert manager_client.post(address(letter), filled(letter, body="Ma version.", send="1")).status_code == 302
    assert len(mail.outbox) == 2


@pytest.mark.parametrize(
    ("people", "words"),
    [
        ([("A", "pas une adresse")], "adresse"),
        ([("A", "a@example.org"), ("B", "A@example.org")], "deux fois"),
    ],
)
def test_wrong_recipients_are_said(people, words, manager_client, meeting):
    prepare(manager_client, meeting)
    letter = Letter.objects.get()

    answer = manager_client.post(address(letter), filled(letter, people, send="1"))

    assert (answer.status_code, words in answer.text, mail.outbox) == (422, True, [])


def test_letter_to_nobody_does_not_leave(manager_client, meeting):
    prepare(manager_client, meeting)
    letter = Letter.objects.get()

    answer = manager_client.post(address(letter), filled(letter, [], send="1"))

    assert answer.status_code == 409
    assert "destinataire" in answer.text
    letter.refresh_from_db()
    assert letter.released_at is None


def test_letter_is_given_up(manager_client, meeting):
    sent = LetterFactory(meeting=meeting, released_at=timezone.now())
    waiting = LetterFactory(meeting=meeting)

    statuses = [manager_client.post(address(each, "discard_letter")).status_code for each in (sent, waiting, waiting)]

    assert statuses == [409, 302, 302]
    assert Letter.objects.get() == sent


def test_letter_without_its_document_waits_whole(manager_client, meeting, monkeypatch, tmp_path):
    """No mail leaves without what it announces: the task has failed, is seen, and is tried again."""
    prepare(manager_client, meeting)
    letter = Letter.objects.get()
    with monkeypatch.context() as broken:
        broken.setattr(pdf, "TEMPLATES", tmp_path)
        manager_client.post(address(letter), filled(letter, send="1"))

    assert mail.outbox == []
    assert not Delivery.objects.exclude(sent_at=None).exists()
    assert manager_client.get(address(letter)).text.count("en attente</td>") == 2
    tasks = DBTaskResult.objects.filter(task_path=letters.deliver.module_path)
    assert [(task.status, bool(task.traceback)) for task in tasks] == [("READY", True)] * 2

    for task in tasks:
        retry(task)
    assert [len(attached(message)) for message in mail.outbox] == [2, 2]
    assert not Delivery.objects.filter(sent_at=None).exists()


def test_letter_leaves_though_its_sender_has_no_account_any_more(manager_client, meeting):
    letter = LetterFactory(meeting=meeting, released_at=timezone.now(), released_by=None)

    letters.deliver.func(DeliveryFactory(letter=letter).pk)

    assert len(attached(mail.outbox[0])) == 2


# --- What each kind needs -----------------------------------------------------------------------------------------
def test_extract_goes_to_the_team_once_released(manager_client, agent, colleague):
    item = AgendaItemFactory(meeting=MeetingFactory(held=True), outcome="advised", brings="Un local à Bourg.")
    TeamMemberFactory(action=item.action, user=agent)
    TaskFactory(meeting=item.meeting, item=item, what="Appeler la mairie")

    assert prepare(manager_client, item.meeting, "extract", item=item.pk).status_code == 409
    item.release()
    assert prepare(manager_client, item.meeting, "extract", item=item.pk).status_code == 302

    letter = Letter.objects.get()
    assert [d.address for d in letter.deliveries.all()] == [agent.email]
    for words in ("soutenue avec conseils", "Un local à Bourg.", "Appeler la mairie"):
        assert words in letter.body


def test_minutes_leave_once_closed_and_all_is_released(manager_client):
    held = MeetingFactory(held=True)
    meeting = MeetingFactory(closed=True)
    item = AgendaItemFactory(meeting=meeting, outcome="supported")

    assert prepare(manager_client, held, "minutes").status_code == 409
    refused = prepare(manager_client, meeting, "minutes")
    item.release()
    accepted = prepare(manager_client, meeting, "minutes")

    assert (refused.status_code, accepted.status_code) == (409, 302)
    assert f"/isic/{meeting.pk}/compte-rendu/" in Letter.objects.get().body


def test_every_team_has_its_extract_in_one_click_and_once(manager_client):
    meeting = MeetingFactory(held=True)
    answered = [AgendaItemFactory(meeting=meeting, outcome="supported") for _ in range(3)]
    AgendaItemFactory(meeting=meeting, outcome="rework")  # not released
    AgendaItemFactory(meeting=meeting, topic=True, brings="Un mot.").release()
    for item in answered:
        item.release()
    prepare(manager_client, meeting, "extract", item=answered[0].pk)

    answers = [prepare(manager_client, meeting, "extract") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 409]
    assert sorted(Letter.objects.values_list("item", flat=True)) == sorted(item.pk for item in answered)


def test_cancellation_tells_whom_the_convocation_told(manager_client, meeting, manager):
    prepare(manager_client, meeting)
    manager_client.post(address(letter := Letter.objects.get()), filled(letter, send="1"))
    assert prepare(manager_client, meeting, "cancellation").status_code == 409
    meeting.refresh_from_db()
    meeting.cancel(by=manager, reason="La salle est fermée.")
    mail.outbox.clear()

    assert "Préparer l’annonce" in manager_client.get(meeting.get_absolute_url()).text
    prepare(manager_client, meeting, "cancellation")
    letter = Letter.objects.get(kind="cancellation")
    manager_client.post(address(letter), filled(letter, send="1"))

    assert len(mail.outbox) == 2
    assert "La salle est fermée." in mail.outbox[0].body
    [cancellation] = mail.outbox[0].attachments
    assert (cancellation.get_filename(), cancellation.get_param("method")) == ("reunion.ics", "CANCEL")
    assert "STATUS:CANCELLED" in cancellation.get_content()


# --- What goes with it --------------------------------------------------------------------------------------------
def attached(message) -> dict[str, bytes | str]:
    """The documents by name, and the invitation to a calendar."""
    return {
        **{part.get_filename(): part for part in message.attachments if isinstance(part, MIMEPart)},
        **{part.filename: part.content for part in message.attachments if not isinstance(part, MIMEPart)},
    }


def test_convocation_brings_the_agenda_as_it_is_when_it_leaves(manager_client, meeting):
    prepare(manager_client, meeting)
    AgendaItemFactory(meeting=meeting, topic=True, title="Ajouté après la lettre")
    manager_client.post(address(letter := Letter.objects.get()), filled(letter, send="1"))

    files = attached(mail.outbox[0])
    pdf = files.pop(f"isic-{meeting.date.isoformat()}-convocation.pdf")
    assert list(files) == ["reunion.ics"]
    assert_accessible(pdf)
    assert squeezed("Ajouté après la lettre") in "".join(pages_of(pdf))


def test_minutes_bring_their_document(manager_client, meeting, manager):
    meeting.hold(by=manager)
    item = meeting.items.get()
    item.refresh_from_db()
    item.outcome, item.brings = "supported", "Une idée de plus."
    item.save()
    item.release()
    close(meeting, by=manager)
    prepare(manager_client, meeting, "minutes")
    manager_client.post(address(letter := Letter.objects.get()), filled(letter, send="1"))

    (pdf,) = attached(mail.outbox[0]).values()
    assert_accessible(pdf)
    assert squeezed("Une idée de plus.") in "".join(pages_of(pdf))


@pytest.mark.parametrize("kind", ["", "rien", "extract"])
def test_letter_that_does_not_exist_is_refused(kind, manager_client, meeting):
    assert prepare(manager_client, meeting, kind).status_code in (409, 422)
    assert not Letter.objects.exists()


def test_convocation_of_a_past_meeting_does_not_leave(manager_client, meeting, manager):
    prepare(manager_client, meeting)
    letter = Letter.objects.get()
    meeting.hold(by=manager)

    assert manager_client.post(address(letter), filled(letter, send="1")).status_code == 409
    assert mail.outbox == []


def test_letters_are_the_services(agent_client, meeting):
    letter = LetterFactory(meeting=meeting)
    DeliveryFactory(letter=letter)

    answers = [agent_client.get(address(letter)), agent_client.post(address(letter), filled(letter, send="1"))]
    answers += [agent_client.post(address(letter, "discard_letter")), prepare(agent_client, meeting)]

    assert {answer.status_code for answer in answers} == {404}
    assert letter.subject not in agent_client.get(meeting.get_absolute_url()).text
    assert mail.outbox == []


def test_outbox_costs_the_same_with_one_letter_and_three(manager_client, meeting, cost_of):
    path = reverse("meetings:outbox", args=[meeting.pk])

    assert cost_of(manager_client, path, lambda: DeliveryFactory(letter=LetterFactory(meeting=meeting))) > 0
