"""What changed since a letter told it: said under « Et maintenant », with a letter to those concerned."""

import datetime as dt

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from isic.lib.merge import base_of
from meetings import letters
from meetings.changes import agenda_changes, without_extract
from meetings.minutes import as_read, close, correct, correctable
from meetings.models import Letter, Meeting
from meetings.next_step import next_step
from tests.factories import (
    ActionFactory,
    AgendaItemFactory,
    MeetingFactory,
    MemberFactory,
    PresenterFactory,
    TeamMemberFactory,
    UserFactory,
)

pytestmark = [pytest.mark.engine, pytest.mark.django_db]


def sent(meeting, kind, by, item=None) -> Letter:
    letter = letters.prepare(meeting, kind, by=by, item=item)
    letters.release(Letter.objects.select_related("meeting", "item").get(pk=letter.pk), by=by)
    return letter


def step_of(meeting):
    meeting = Meeting.objects.get(pk=meeting.pk)
    return next_step(meeting, list(meeting.items.all()), list(meeting.letters.all()), meeting.minutes.first())


@pytest.fixture
def convened(manager):
    meeting = MeetingFactory(place="Salle bleue", date=timezone.localdate() + dt.timedelta(days=20))
    MemberFactory(meeting=meeting, email="camille@example.org")
    AgendaItemFactory(meeting=meeting, action__title="Cuisine", position=0)
    AgendaItemFactory(meeting=meeting, action__title="Jardin", position=1)
    sent(meeting, Letter.Kind.CONVOCATION, manager)
    return meeting


def test_nothing_is_said_while_nothing_changed(convened):
    assert step_of(convened) is None


def test_each_change_of_the_agenda_is_said(convened):
    cooking, garden = convened.items.all()
    cooking.position, garden.position = 1, 0
    cooking.save(), garden.save()
    AgendaItemFactory(meeting=convened, action__title="Théâtre", position=2)
    convened.place, convened.video_url, convened.starts_at = "", "https://visio.example.org/x", dt.time(10)
    convened.save()

    words = agenda_changes(convened, list(convened.items.all()), list(convened.letters.all()))
    garden.delete()
    fewer = agenda_changes(convened, list(convened.items.all()), list(convened.letters.all()))

    assert words[0].endswith("de 10\u00a0h à 12\u00a0h.")
    assert words[1:] == [
        "Le lieu n’est plus indiqué.",
        "Le lien de visioconférence a changé.",
        "«\u00a0Théâtre\u00a0» s’ajoute à l’ordre du jour.",
        "L’ordre des passages a changé.",
    ]
    assert "«\u00a0Jardin\u00a0» n’y est plus." in fewer


def test_action_added_after_the_convocation_is_told_to_those_who_come(convened, manager, manager_client, agent):
    item = AgendaItemFactory(meeting=convened, action__title="Théâtre", position=2)
    PresenterFactory(item=item, user=agent, name=str(agent))

    step = step_of(convened)
    assert (step.label, step.kind) == ("Prévenir ceux qui viennent", "update")
    assert step.words == "Depuis la convocation\u00a0: «\u00a0Théâtre\u00a0» s’ajoute à l’ordre du jour."
    manager_client.post(step.url, {"kind": step.kind})
    assert step_of(convened).label == "Relire et envoyer"
    letter = Letter.objects.get(kind="update")
    assert {d.address for d in letter.deliveries.all()} == {"camille@example.org", agent.email}
    assert "– «\u00a0Théâtre\u00a0» s’ajoute à l’ordre du jour." in letter.body
    letters.release(letter, by=manager)
    letters.deliver.func(letter.deliveries.first().pk)

    assert step_of(convened) is None
    assert len(mail.outbox[-1].attachments) == 2


def test_change_is_announced_only_to_people_who_were_called(manager_client):
    meeting = MeetingFactory()

    assert manager_client.post(reverse("meetings:outbox", args=[meeting.pk]), {"kind": "update"}).status_code == 409


# --- After a correction ----------------------------------------------------------------------------------------------
@pytest.fixture
def told(manager, agent):
    """Closed, its minutes and its extract sent."""
    meeting = MeetingFactory(held=True)
    MemberFactory(meeting=meeting, email="camille@example.org", presence="present")
    item = AgendaItemFactory(
        meeting=meeting, action=ActionFactory(title="Cuisine", published=True), outcome="supported"
    )
    TeamMemberFactory(action=item.action, user=agent)
    item.release()
    close(meeting, by=manager)
    meeting.refresh_from_db()
    sent(meeting, Letter.Kind.MINUTES, manager)
    return item


def test_team_that_has_not_read_its_answer_is_the_next_step(told, manager):
    step = step_of(told.meeting)
    assert (step.kind, step.label) == ("extract", "Préparer les extraits")
    sent(told.meeting, Letter.Kind.EXTRACT, manager, item=told)

    assert step_of(told.meeting) is None


def test_correction_is_told_to_the_members_then_to_the_team(told, manager, manager_client):
    sent(told.meeting, Letter.Kind.EXTRACT, manager, item=told)
    mine = {**correctable(told.meeting), f"passage-{told.pk}-brings": "Un local à Bourg."}
    correct(told.meeting, mine, by=manager, reason="Le local manquait.", base=base_of(correctable(told.meeting)))

    step = step_of(told.meeting)
    assert (step.kind, step.label) == ("minutes", "Préparer l’envoi de la correction")
    assert step.words.endswith("Le local manquait.")
    letter = sent(told.meeting, Letter.Kind.MINUTES, manager)
    assert letter.subject.startswith("Compte rendu corrigé")
    assert "Le local manquait." in letter.body

    told.refresh_from_db()
    assert without_extract([told], told.meeting.letters.all()) == [told]
    assert step_of(told.meeting).kind == "extract"
    manager_client.post(reverse("meetings:outbox", args=[told.meeting_id]), {"kind": "extract"})
    assert "Un local à Bourg." in Letter.objects.filter(kind="extract").latest("pk").body


# --- Who reads an extract, and how -----------------------------------------------------------------------------------
def test_extract_reaches_who_proposed_and_who_presented(agent, colleague, manager):
    item = AgendaItemFactory(
        meeting=MeetingFactory(held=True), action__created_by=None, proposed_by=agent, outcome="supported"
    )
    PresenterFactory(item=item, user=colleague)
    added = AgendaItemFactory(meeting=item.meeting, action__created_by=None, proposed_by=manager, outcome="supported")
    for one in (item, added):
        one.release()

    reached = [
        {
            delivery.address
            for delivery in letters.prepare(item.meeting, "extract", by=manager, item=one).deliveries.all()
        }
        for one in (item, added)
    ]

    assert reached == [{agent.email, colleague.email}, set()]


def test_extract_that_reaches_nobody_says_so(manager_client, manager):
    item = AgendaItemFactory(meeting=MeetingFactory(held=True), action__created_by=None, outcome="supported")
    item.release()
    letter = letters.prepare(item.meeting, "extract", by=manager, item=item)

    page = manager_client.get(reverse("meetings:letter", args=[item.meeting_id, letter.pk])).text

    assert "Personne de cette équipe n’a de compte" in page.replace("&nbsp;", "\u00a0")


@pytest.mark.parametrize("has_next", [True, False])
def test_team_of_a_postponed_action_reads_its_new_day_and_no_thanks(has_next, manager):
    item = AgendaItemFactory(meeting=MeetingFactory(held=True), action__title="Cuisine")
    following = MeetingFactory(territory=item.meeting.territory, date=dt.date(2099, 3, 5)) if has_next else None
    item.postpone(to=following, by=manager)
    item.release()

    letter = letters.prepare(item.meeting, "extract", by=manager, item=item)

    assert "Merci" not in letter.body
    if has_next:
        assert letter.subject == "«\u00a0Cuisine\u00a0» est reportée au 5 mars 2099"
        assert "elle est reportée au jeudi 5 mars 2099, de 9\u00a0h\u00a030 à 12\u00a0h." in letter.body
    else:
        assert letter.subject == "«\u00a0Cuisine\u00a0» est reportée"
        assert "à une prochaine réunion" in letter.body


def test_minutes_to_come_are_those_that_are_made(told, manager):
    assert as_read(told.meeting.minutes.first(), to=manager).passages[0].subject == "Cuisine"


def test_people_who_present_are_called_too(manager, agent):
    item = AgendaItemFactory()
    PresenterFactory(item=item, user=agent)
    PresenterFactory(item=item, user=UserFactory(is_active=False))

    letter = letters.prepare(item.meeting, "convocation", by=manager)

    assert [delivery.address for delivery in letter.deliveries.all()] == [agent.email]
