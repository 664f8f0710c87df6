"""Who reads what of a meeting, and what is asked before a text that tells of a person is kept."""

import re
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.core import mail
from django.urls import get_resolver, reverse
from django.utils import timezone

from meetings import calendars
from meetings.minutes import close
from meetings.models import AgendaItem, Delivery, Member
from tests.factories import (
    AgendaItemFactory,
    DeliveryFactory,
    LetterFactory,
    MeetingFactory,
    MemberFactory,
    PresenterFactory,
    TaskFactory,
    TeamMemberFactory,
)
from tests.meetings.stage import CLOSED, Stage, path_of
from tests.papers import pages_of, squeezed

pytestmark = pytest.mark.django_db
CANARY = "zyxofanie"


@pytest.fixture
def stage(manager, unit):
    return lambda form: Stage(form, manager, unit)


# --- Asked before it is kept --------------------------------------------------------------------------------------
NAMED = "Mme Dupont revient lundi."
TEXTS = {
    "create": "notes",
    "edit": "notes",
    "item": "notes",
    "outcome": "passage-{item}-brings",
    "tasks": "what",
    "correct": "passage-{item}-brings",
    "cancel": "reason",
    "resume": "reason",
    "propose": "question",
}


@pytest.mark.parametrize("form", TEXTS)
def test_text_that_tells_of_a_person_is_asked_about_then_kept(form, stage, manager_client):
    stage = stage(form)
    name = TEXTS[form].format(item=stage.item.pk)
    values = stage.values(manager_client) | {name: NAMED}
    values |= {
        "create": {"date": "2027-03-12", "territory": stage.meeting.territory_id},
        "tasks": {"who": "Mme Roux"},
    }.get(form, {})
    values |= {"reason": "Une coquille."} if form in CLOSED else {}

    asked = manager_client.post(stage.path, values)
    box = re.search(rf'name="({re.escape(name)}-oui-\w+)"', asked.text)

    assert asked.status_code == 422
    assert NAMED in asked.text
    assert NAMED not in kept_words()
    assert manager_client.post(stage.path, values | {box[1]: "on"}).status_code == 302
    assert NAMED in kept_words()


def kept_words() -> str:
    """Everything that the meetings hold."""
    models = (AgendaItem, *(relation.related_model for relation in AgendaItem._meta.related_objects))
    rows = [*(model.objects.values() for model in models), AgendaItem.meeting.field.related_model.objects.values()]
    return str([list(row) for row in rows])


def test_what_was_confirmed_once_is_saved_by_itself_from_then_on(stage, manager_client):
    stage = stage("outcome")
    AgendaItem.objects.filter(pk=stage.item.pk).update(brings=NAMED)
    name = f"passage-{stage.item.pk}-brings"
    more, other = f"{NAMED} Un local.", f"{NAMED} M. Petit aussi."

    saved, asked = (
        manager_client.post(
            stage.path, stage.values(manager_client) | {name: words}, headers={"accept": "application/json"}
        )
        for words in (more, other)
    )

    assert (saved.status_code, asked.status_code) == (200, 422)
    assert "M. Petit" in asked.json()["faults"][0]["words"]
    assert AgendaItem.objects.get(pk=stage.item.pk).brings == more


def test_topic_asks_too(stage, manager_client):
    path = reverse("meetings:add_topic", args=[stage("add_topic").meeting.pk])
    data = {"sujet-title": "Le cas de Mme Dupont", "sujet-minutes": "10"}

    asked = manager_client.post(path, data)
    box = re.search(r'name="(sujet-title-oui-\w+)"', asked.text)

    assert asked.status_code == 422
    assert manager_client.post(path, data | {box[1]: "on"}).status_code == 302


# --- Hidden until it is released ----------------------------------------------------------------------------------
@pytest.fixture(params=["preparing", "held", "closed"])
def secret(request, unit, agent, manager):
    """A meeting of which nothing is released, whose every hidden text has the canary."""
    meeting = MeetingFactory(territory=unit, notes=CANARY, date=timezone.localdate())
    guest = MemberFactory(meeting=meeting, name="Jean", email=f"{CANARY}@example.org")
    item = AgendaItemFactory(meeting=meeting, notes=CANARY, action__published=True)
    TeamMemberFactory(action=item.action, user=agent)
    if request.param != "preparing":
        meeting.hold(by=manager)
        AgendaItem.objects.filter(pk=item.pk).update(brings=CANARY, outcome="rework")
        TaskFactory(meeting=meeting, item=item, what=CANARY, who=CANARY, due_on=timezone.localdate())
        TaskFactory(meeting=meeting, what="Ranger", who="l’équipe")
    DeliveryFactory(letter=LetterFactory(meeting=meeting, subject=CANARY, body=CANARY), name=CANARY)
    if request.param == "closed":
        close(meeting, by=manager)
    return guest, AgendaItem.objects.get(pk=item.pk)


def words_of(response) -> str:
    """Of a page, a PDF, a Word document or a calendar; long lines of a calendar are folded."""
    kind = response.get("Content-Type", "")
    if kind == "application/pdf":
        return squeezed(" ".join(pages_of(response.content)))
    if "wordprocessing" in kind:
        with ZipFile(BytesIO(response.content)) as archive:
            return "".join(archive.read(name).decode(errors="replace") for name in archive.namelist())
    return response.content.decode().replace("\r\n ", "")


def addresses(item) -> list[str]:
    """Each address of the meetings, and those of the catalogue and of the admin."""
    arguments = {"pk": item.meeting_id, "item": item.pk, "slug": item.action.slug, "task": 1, "letter": 1, "token": "x"}
    patterns = get_resolver("meetings.urls").url_patterns
    ours = ["/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(arguments[found[1]]), str(p.pattern)) for p in patterns]
    sheet = item.action.get_absolute_url()
    more = [
        "/",
        "/actions/",
        f"/actions/?q={CANARY}",
        sheet,
        f"{sheet}historique/",
        "/admin/",
        "/sitemap.xml",
        "/compte/",
    ]
    return ours + more


@pytest.mark.parametrize(
    "headers", [{}, {"hx-request": "true"}, {"accept": "application/json"}], ids=["", "htmx", "json"]
)
def test_nothing_hidden_is_read_anywhere(headers, secret, client, agent_client, stranger_client, agent):
    guest, item = secret
    link = path_of(guest)
    of_guest = [link, f"{link}ordre-du-jour.pdf", f"{link}compte-rendu.pdf"]
    feed = "/isic/calendrier/" + calendars.feed_url(agent).rpartition("/")[2]
    read = [client.get(path, headers=headers) for path in (*of_guest, feed)]
    read += [who.get(path, headers=headers) for path in addresses(item) for who in (agent_client, stranger_client)]

    leaks = [answer.request["PATH_INFO"] for answer in read if CANARY in words_of(answer).replace(f"q={CANARY}", "")]

    assert [path for path in leaks if path != "/actions/"] == []  # which says back what was looked for
    assert sum(answer.status_code == 200 for answer in read) > 15
    assert mail.outbox == []


def test_service_reads_what_is_hidden(secret, manager_client):
    """So that the test above looks for what is there."""
    _, item = secret

    assert (
        CANARY
        in manager_client.get(item.meeting.get_absolute_url()).text
        + manager_client.get(reverse("meetings:presentation", args=[item.meeting_id])).text
    )


# --- Who leaves ---------------------------------------------------------------------------------------------------
def test_who_leaves_the_members_is_named_and_written_to_no_more(manager_client, stage):
    stage = stage("people")
    gone = MemberFactory(meeting=stage.meeting, name="Dominique Exemple", email="Dominique@example.org")
    for kind in ("convocation", "minutes"):
        letter = LetterFactory(meeting=stage.meeting, kind=kind)
        DeliveryFactory(letter=letter, name=gone.name, address="dominique@example.org")
        DeliveryFactory(letter=letter, address="elue@example.org")
    sent = DeliveryFactory(
        letter=LetterFactory(meeting=stage.meeting, released_at=timezone.now()), address="dominique@example.org"
    )
    values = stage.values(manager_client)
    row = next(name for name, value in values.items() if value == gone.name).rpartition("-")[0]

    left = {name: value for name, value in values.items() if not name.startswith(f"{row}-")}
    assert manager_client.post(stage.path, left).status_code == 302

    assert not Member.objects.filter(name=gone.name).exists()
    assert list(Delivery.objects.filter(address="dominique@example.org")) == [sent]
    assert Delivery.objects.filter(address="elue@example.org").count() == 2


def test_minutes_name_nobody_who_is_no_more_there(manager, manager_client):
    meeting = MeetingFactory(held=True)
    gone = MemberFactory(meeting=meeting, name="Dominique Exemple", presence="present")
    PresenterFactory(item=AgendaItemFactory(meeting=meeting, brings="Un local."), name="Camille Exemple")
    minutes = close(meeting, by=manager)
    assert "Exemple" not in str(minutes.content)
    names = ("minutes", "minutes_pdf", "minutes_docx")

    gone.delete()

    for name in names:
        shown = words_of(manager_client.get(reverse(f"meetings:{name}", args=[meeting.pk])))
        assert ("Dominique" in shown, "Camille" in shown) == (False, True)
