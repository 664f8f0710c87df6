"""The documents of a meeting: what they say, from which sheet, to whom; and that Word and a screen reader can read them."""

import datetime as dt
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from docx import Document
from docx.oxml.ns import qn

from actions.models import Action
from catalogue.documents.onepage import CHANGE, CONTEXT, DESCRIPTION
from isic.lib.images import reduced_name, reductions
from meetings import documents, guests
from meetings.minutes import as_read, close, content
from meetings.models import Minutes
from meetings.outcomes import put
from tests.factories import (
    ActionFactory,
    AgendaItemFactory,
    ContactFactory,
    MediaFactory,
    MeetingFactory,
    MemberFactory,
    PartnershipFactory,
    PresenterFactory,
    QuoteFactory,
    TaskFactory,
)
from tests.papers import assert_accessible, pages_of, squeezed

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 11, 23)
PATHS = ("ordre-du-jour.pdf", "emargement.pdf", "fiches.pdf", "compte-rendu.pdf", "compte-rendu.docx")
HOSTILE = '#import "x" $y$ *z* @a \\ <script>'


@pytest.fixture
def meeting():
    """With people, an action that has something to say, and a topic."""
    meeting = MeetingFactory(date=dt.date(2026, 12, 1))
    MemberFactory(meeting=meeting, name="Camille Exemple", function="cheffe de service", role="chair")
    MemberFactory(meeting=meeting, name="Claude Exemple", presence="excused")
    action = ActionFactory(
        published=True,
        title=f"La cantine {HOSTILE}",
        context="<h3>Le constat</h3><p>Beaucoup <strong>mangent seuls</strong>.</p>",
        description="<ul><li><p>Le marché</p></li><li><p>La cuisine</p></li></ul>",
        effects_residents="<p>Des voisins se parlent.</p>",
    )
    QuoteFactory(action=action, text="Ici, on m’attend.", speaker="une participante")
    item = AgendaItemFactory(meeting=meeting, action=action, position=1, question="Qui vient cuisiner\u00a0?")
    PresenterFactory(item=item, name="Dominique Exemple", function="éducatrice")
    AgendaItemFactory(meeting=meeting, topic=True, position=2, minutes=30)
    return meeting


@pytest.fixture
def closed(meeting, manager):
    """Said, followed up, closed; nothing released yet."""
    meeting.hold(by=manager)
    item = meeting.items.of_actions().get()
    item.outcome, item.brings, item.is_to_spread = "advised", f"Un local à Bourg.\n\n{HOSTILE}", True
    item.save()
    TaskFactory(meeting=meeting, item=item, what="Appeler la mairie", due_on=dt.date(2027, 1, 5))
    meeting.members.update(presence="present")
    close(meeting, by=manager)
    return meeting


def url(meeting, name: str) -> str:
    return f"/isic/{meeting.pk}/{name}"


def words(document: bytes) -> str:
    assert_accessible(document)
    return "".join(pages_of(document))


def says(document: bytes, *texts: str) -> bool:
    written = words(document)
    missing = [text for text in texts if squeezed(text) not in written]
    assert not missing, missing
    return True


def test_agenda_is_a_convocation_while_the_meeting_is_prepared(meeting, manager):
    pdf = documents.agenda_pdf(meeting, manager)

    assert says(
        pdf,
        "CONVOCATION",
        "Instance ISIC du mardi 1er décembre 2026",
        "Salle des fêtes",
        "présidée par Camille Exemple",
        f"La cantine {HOSTILE}",
        "Dominique Exemple (éducatrice)",
        "9 h 30",
        "9 h 45",
        "30 minutes",
        "2 passages, 45 minutes en tout.",
        "Claude Exemple, membre",
        "page 1 sur",
        "Département de l’Ain",
    )
    meeting.hold(by=manager)
    assert "CONVOCATION" not in words(documents.agenda_pdf(meeting, manager))


def test_agenda_of_a_cancelled_meeting_says_so(meeting, manager):
    meeting.cancel(by=manager, reason="La salle est fermée.")
    assert says(documents.agenda_pdf(meeting, manager), "La réunion est annulée : La salle est fermée.")


def test_empty_meeting_has_its_documents(manager):
    meeting = MeetingFactory(held=True)
    version = Minutes(meeting=meeting, number=1, at=timezone.now(), content=content(meeting))

    assert says(documents.agenda_pdf(meeting, manager), "pas encore composé")
    assert says(documents.sheets_pdf(meeting, manager, TODAY), "Aucune action")
    assert says(documents.attendance_pdf(meeting), "Signature")
    assert says(documents.minutes_pdf(as_read(version, to=manager)), "Projet")


def test_attendance_sheet_has_lines_for_everybody(meeting):
    tags = assert_accessible(documents.attendance_pdf(meeting))

    assert says(documents.attendance_pdf(meeting), "Camille Exemple", "cheffe de service", "Préside", "Excusé")
    assert sum(element.S == "/TH" for element in tags) == 4
    assert sum(element.S == "/TR" for element in tags) == 1 + 2 + 5


def test_each_action_has_its_page(meeting, agent):
    AgendaItemFactory(meeting=meeting, action__title="La balade", position=3)
    pdf = documents.sheets_pdf(meeting, agent, TODAY)

    first, second = pages_of(pdf)
    assert_accessible(pdf)
    for text in (
        f"La cantine {HOSTILE}",
        "L’action en bref",
        "Le constat",
        "Beaucoup mangent seuls.",
        "Le marché",
        "Des voisins se parlent.",
        "Ici, on m’attend",
        "Qui vient cuisiner\u00a0?",
    ):
        assert squeezed(text) in first
    assert "Labalade" in second


def test_full_sheet_still_holds_on_one_page(meeting, agent):
    action = meeting.items.of_actions().get().action
    long = "<p>" + "Des mots et encore des mots, sans fin. " * 300 + "</p>"
    narrow = "<ul>" + "<li><p>a</p></li>" * 3000 + "</ul>"
    with transaction.atomic():
        action.title, action.summary, action.context = "Titre long " * 13, "Une phrase longue " * 12, long
        action.description, action.effects_residents, action.rhythm_notes = narrow, long, "souvent " * 25
        action.save()
    for number in range(8):
        PartnershipFactory(action=action, partner__name=f"Partenaire au nom très long {number}" * 3)

    pdf = documents.sheets_pdf(meeting, agent, TODAY)

    assert len(pages_of(pdf)) == 1
    assert "…" in pages_of(pdf)[0]
    assert len(pages_of(pdf)[0]) < 3 * (CONTEXT + DESCRIPTION + CHANGE)


def test_sheet_is_the_live_one_then_that_of_the_day(meeting, agent, manager):
    action = meeting.items.of_actions().get().action

    def rename(title):
        with transaction.atomic():
            Action.objects.get(pk=action.pk).save()
            renamed = Action.objects.get(pk=action.pk)
            renamed.summary = title
            renamed.save()

    rename("Avant la réunion.")
    assert says(documents.sheets_pdf(meeting, agent, TODAY), "Avant la réunion.")
    meeting.hold(by=manager)
    rename("Après la réunion.")
    assert says(documents.sheets_pdf(meeting, agent, TODAY), "Avant la réunion.")


@pytest.mark.parametrize(("values", "alts"), [({}, ["Une table dressée"]), ({"is_decorative": True}, [])])
def test_photo_has_its_text_or_is_an_ornament(meeting, agent, values, alts):
    photo = MediaFactory(action=meeting.items.of_actions().get().action, image=True, **values)
    assert figures(meeting, agent) == []

    with photo.file:
        ((width, content),) = reductions(photo.file)
    name = photo.file.storage.save(reduced_name(photo.file.name, width), ContentFile(content))
    photo.widths = [width]
    with transaction.atomic():
        photo.save()
    assert figures(meeting, agent) == alts
    assert b"/Subtype/Image" in documents.sheets_pdf(meeting, agent, TODAY)

    photo.file.storage.delete(name)
    assert figures(meeting, agent) == []


def figures(meeting, user) -> list[str]:
    tags = assert_accessible(documents.sheets_pdf(meeting, user, TODAY))
    return [str(element.Alt) for element in tags if element.S == "/Figure"]


def test_contact_who_withdrew_is_on_no_page(meeting, agent, manager):
    contact = ContactFactory(named=True, unit=meeting.items.of_actions().get().action.carrier_unit)
    action = meeting.items.of_actions().get().action
    with transaction.atomic():
        action.contact = contact
        action.save()
    meeting.hold(by=manager)
    assert says(documents.sheets_pdf(meeting, agent, TODAY), "Camille Exemple")

    with transaction.atomic():
        contact.consent_withdrawn_on = TODAY
        contact.save()
    assert squeezed("Camille Exemple") not in words(documents.sheets_pdf(meeting, agent, TODAY))


def test_sheet_that_one_may_not_read_is_a_title(agent, stranger):
    draft = AgendaItemFactory(action=ActionFactory(title="Le brouillon", context="<p>Secret du brouillon</p>"))

    pdf = documents.sheets_pdf(draft.meeting, stranger, TODAY)

    assert says(pdf, "Le brouillon", "pas encore publiée")
    assert squeezed("Secret du brouillon") not in words(pdf)


def test_minutes_tell_what_was_said(closed, manager):
    pdf = documents.minutes_pdf(as_read(closed.minutes.get(), to=manager))

    assert says(
        pdf,
        "COMPTE RENDU",
        "Camille Exemple (cheffe de service)",
        f"La cantine {HOSTILE}",
        "soutenue avec conseils, à diffuser",
        "Un local à Bourg.",
        HOSTILE,
        "Appeler la mairie",
        "Mardi 5 janvier 2027",
    )


def test_minutes_say_who_met_what_comes_next_and_where_one_signs(meeting, manager):
    MeetingFactory(territory=meeting.territory, date=dt.date(2027, 1, 12))
    MemberFactory(meeting=meeting, name="Sacha Exemple", role="secretary")
    meeting.hold(by=manager)
    postponed = AgendaItemFactory(meeting=meeting, position=3, action__title="Le jardin")
    put(postponed, {"outcome": "postponed"}, by=manager)
    TaskFactory(meeting=meeting, item=postponed, what="Prévenir")
    meeting.members.filter(name="Camille Exemple").update(presence="present")
    read_minutes = as_read(close(meeting, by=manager), to=manager)
    introduction = f"s’est réunie le mardi 1er décembre 2026, {meeting.hours}, {meeting.place}"
    sentences = [
        introduction,
        "présidée par Camille Exemple (cheffe de service)\u00a0: 1\u00a0personne présente et 3\u00a0passages à l’ordre du jour.",
        "Avis de l’instance\u00a0: reportée au mardi 12 janvier 2027",
        "Prochaine réunion\u00a0: mardi 12 janvier 2027",
    ]

    assert says(documents.minutes_pdf(read_minutes), *sentences, "La présidence", "Sacha Exemple", "Le jardin")
    paper = Document(BytesIO(documents.minutes_docx(read_minutes)))
    assert all(any(words in paragraph.text for paragraph in paper.paragraphs) for words in sentences)
    tasks, signatures = paper.tables
    assert [cell.text for cell in tasks.rows[1].cells][:2] == ["Prévenir", "Le jardin"]
    assert [cell.text.strip() for cell in signatures.rows[1].cells] == ["Camille Exemple", "Sacha Exemple"]


def test_minutes_hide_what_is_not_released(closed, agent):
    version = closed.minutes.get()
    hidden = words(documents.minutes_pdf(as_read(version, to=agent)))
    assert "localàBourg" not in hidden
    assert "Appelerlamairie" not in hidden
    assert "pasencorecommuniqué" in hidden

    closed.items.of_actions().get().release()
    assert says(
        documents.minutes_pdf(as_read(closed.minutes.get(), to=agent)), "Un local à Bourg.", "Appeler la mairie"
    )


def test_word_document_has_real_styles(closed, manager):
    docx = documents.minutes_docx(as_read(closed.minutes.get(), to=manager))
    document = Document(BytesIO(docx))

    styles = {(p.style.name, p.text) for p in document.paragraphs}
    assert ("Title", "Compte rendu – Instance ISIC du mardi 1er décembre 2026") in styles
    assert ("Heading 1", "Passages") in styles
    assert ("Heading 2", f"La cantine {HOSTILE}") in styles
    assert ("Normal", HOSTILE) in styles
    assert document.core_properties.language == "fr-FR"
    assert document.core_properties.title.startswith("Compte rendu")
    assert {lang.get(qn("w:val")) for lang in document.styles.element.iter(qn("w:lang"))} == {"fr-FR"}
    table = document.tables[0]
    assert [cell.text for cell in table.rows[0].cells] == ["Quoi", "Pour quelle action", "Qui", "Pour quand"]
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert "NUMPAGES" in ZipFile(BytesIO(docx)).read("word/footer1.xml").decode()


def test_word_document_takes_any_letter(closed, manager):
    version = closed.minutes.get()
    version.content["items"][0]["brings"] = "a\x0b\x1bb \ud800 🎉"
    document = Document(BytesIO(documents.minutes_docx(as_read(version, to=manager))))
    assert "🎉" in "".join(p.text for p in document.paragraphs)


# --- Who may read what --------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", PATHS)
def test_documents_open_to_the_service(name, closed, manager_client):
    response = manager_client.get(url(closed, name))

    assert response.status_code == 200
    assert response["Content-Type"].startswith("application/")
    assert response["Content-Disposition"] == f'inline; filename="isic-2026-12-01-{name}"'
    assert "no-store" in response["Cache-Control"]
    assert manager_client.post(url(closed, name)).status_code == 405


@pytest.mark.parametrize(("name", "status"), [(name, 404 if name == "emargement.pdf" else 200) for name in PATHS])
def test_documents_an_agent_may_open(name, status, closed, agent_client, client):
    assert agent_client.get(url(closed, name)).status_code == status
    assert client.get(url(closed, name)).status_code == 302
    assert agent_client.get(f"/isic/0/{name}").status_code == 404


def test_minutes_are_a_draft_of_the_service_until_the_meeting_is_closed(meeting, manager, manager_client, agent_client):
    path = url(meeting, "compte-rendu.pdf")
    assert manager_client.get(path).status_code == 404
    meeting.hold(by=manager)
    assert says(manager_client.get(path).content, "Projet")
    assert agent_client.get(path).status_code == 404
    assert Minutes.objects.count() == 0


def test_version_that_was_corrected_is_for_the_service(closed, manager, manager_client, agent_client):
    first = closed.minutes.get()
    Minutes.objects.create(
        meeting=closed, number=2, at=timezone.now(), by=manager, reason="Le lieu était faux.", content=first.content
    )
    path = url(closed, "compte-rendu.pdf")

    assert says(manager_client.get(path).content, "Version 2", "Le lieu était faux.")
    assert "Version2" not in words(manager_client.get(f"{path}?version=1").content)
    assert agent_client.get(f"{path}?version=1").status_code == 404
    assert manager_client.get(f"{path}?version=x").status_code == 404


def test_guest_reads_agenda_and_minutes_by_the_link(closed, client):
    token = guests.url(MemberFactory(meeting=closed)).rstrip("/").rsplit("/", 1)[-1]
    agenda = reverse("meetings:guest_agenda_pdf", args=[token])
    minutes = reverse("meetings:guest_minutes_pdf", args=[token])

    assert says(client.get(agenda).content, "Instance ISIC")
    assert "localàBourg" not in words(client.get(minutes).content)
    closed.items.of_actions().get().release()
    assert says(client.get(minutes).content, "Un local à Bourg.")
    assert client.get(reverse("meetings:guest_minutes_pdf", args=["faux"])).status_code == 404


def test_guest_has_no_minutes_before_the_end(meeting, client):
    token = guests.url(MemberFactory(meeting=meeting)).rstrip("/").rsplit("/", 1)[-1]
    assert client.get(reverse("meetings:guest_minutes_pdf", args=[token])).status_code == 404


def test_page_leads_to_the_documents_that_one_may_open(closed, manager_client, agent_client):
    page = closed.get_absolute_url()
    assert all(url(closed, name) in manager_client.get(page).text for name in PATHS)
    assert [name for name in PATHS if url(closed, name) not in agent_client.get(page).text] == ["emargement.pdf"]


# --- What it costs ------------------------------------------------------------------------------------------------
def test_documents_cost_the_same_whatever_they_hold(manager, manager_client):
    costs = []
    manager_client.get("/isic/")  # the first page of a session costs more
    for number in (1, 3):
        meeting = MeetingFactory()
        for position in range(number):
            item = AgendaItemFactory(meeting=meeting, position=position, outcome="supported")
            PresenterFactory(item=item)
            MemberFactory(meeting=meeting, presence="present")
            TaskFactory(meeting=meeting, item=item)
        meeting.hold(by=manager)
        close(meeting, by=manager)
        costs.append([])
        for name in PATHS:
            with CaptureQueriesContext(connection) as queries:
                assert manager_client.get(url(meeting, name)).status_code == 200
            costs[-1].append(len(queries))

    assert costs[0] == costs[1]
    assert max(costs[0]) < 30


def test_ten_sheets_take_a_page_each(meeting, agent):
    for position in range(9):
        AgendaItemFactory(meeting=meeting, position=position + 5, action__context="<p>Des mots. </p>" * 60)
    assert len(pages_of(documents.sheets_pdf(meeting, agent, TODAY))) == 10
