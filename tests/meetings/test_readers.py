"""What is read of a sheet that is not for everybody: a draft by its title and question, an archived one by its title only."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from meetings import documents, guests
from meetings.documents.data import agenda
from meetings.forms.agenda import READERS
from meetings.minutes import as_read, close
from meetings.slides import deck
from tests.factories import ActionFactory, AgendaItemFactory, MeetingFactory, MemberFactory
from tests.papers import pages_of, squeezed

pytestmark = pytest.mark.django_db
TITLE, QUESTION, CONTENT = "Cuisine partagée", "Qui a un minibus\u00a0?", "Le constat de départ"
#: State of the sheet → what an agent who is not of its team, then a guest, reads besides its title.
SHEETS = {
    "draft": ({}, {QUESTION}, {QUESTION}),
    "published": ({"published": True}, {QUESTION, CONTENT}, {QUESTION, CONTENT}),
    "agents": ({"published": True, "visibility": "agents"}, {QUESTION, CONTENT}, {QUESTION}),
    "archived": ({"editorial_state": "archived", "editorial_reason": "Finie."}, set(), set()),
}


@pytest.fixture(params=SHEETS)
def case(request):
    values, for_agents, for_guests = SHEETS[request.param]
    action = ActionFactory(title=TITLE, context=f"<p>{CONTENT}.</p>", **values)
    item = AgendaItemFactory(meeting=MeetingFactory(), action=action, question=QUESTION)
    MemberFactory(meeting=item.meeting, name="Dominique", email="d@example.org", role="guest")
    return item, for_agents, for_guests


def words_in(text: str) -> set[str]:
    text = squeezed(text.replace("&nbsp;", "\u00a0"))
    assert squeezed(TITLE) in text
    return {words for words in (QUESTION, CONTENT) if squeezed(words) in text}


def test_agenda_on_screen(case, stranger_client, client):
    item, for_agents, for_guests = case
    guest = guests.url(item.meeting.members.get()).removeprefix("http://127.0.0.1:8000")

    assert words_in(stranger_client.get(item.meeting.get_absolute_url()).text) == for_agents - {CONTENT}
    assert words_in(client.get(guest).text) == for_guests - {CONTENT}


def test_agenda_on_paper(case, agent):
    item, for_agents, for_guests = case

    for reader, readable in ((agent, for_agents), (AnonymousUser(), for_guests)):
        [slot] = agenda(item.meeting, reader)["slots"]
        assert words_in(f"{slot['subject']} {slot['question']}") == readable - {CONTENT}


def test_deck(case, stranger):
    item, for_agents, _ = case
    passage = deck(item.meeting, stranger, timezone.localdate()).passages[1]

    shown = " ".join(
        f"{slide.title} {slide.words} {slide.text.lines if slide.text else ''}" for slide in passage.slides
    )

    assert words_in(shown) == for_agents
    assert [slide.kind for slide in passage.slides].count("question") == (QUESTION in for_agents)


def test_pages_of_actions(case, stranger):
    item, for_agents, for_guests = case

    for reader, readable in ((stranger, for_agents), (AnonymousUser(), for_guests)):
        pages = pages_of(documents.sheets_pdf(item.meeting, reader, timezone.localdate()))
        assert words_in("".join(pages)) == readable


def test_minutes(case, stranger, manager):
    item, for_agents, for_guests = case
    item.meeting.hold(by=manager)
    version = close(item.meeting, by=manager)

    for reader, readable in ((stranger, for_agents), (None, for_guests)):
        [passage] = as_read(version, to=reader).passages
        assert words_in(f"{passage.subject} {passage.question}") == readable - {CONTENT}


def test_form_that_proposes_says_who_reads(unit, agent_client):
    action = ActionFactory(carrier_unit=unit)

    page = agent_client.get(f"/actions/{action.slug}/isic/proposer/").text

    assert READERS in page.replace("&nbsp;", "\u00a0")
