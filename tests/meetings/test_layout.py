"""How documents stand on paper: nothing over the edge, nothing left out, whatever people wrote and however much."""

import datetime as dt
from io import BytesIO
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
from django.db import transaction
from django.utils import timezone
from docx import Document
from docx.oxml.ns import qn
from PIL import Image

from isic.lib.pdf import UNKNOWN, render
from meetings import documents
from meetings.documents.data import BLANK_LINES, attendance, minutes
from meetings.minutes import as_read, close
from tests.factories import (
    ActionFactory,
    AgendaItemFactory,
    MeetingFactory,
    MemberFactory,
    PartnershipFactory,
    PresenterFactory,
    QuoteFactory,
    TaskFactory,
)
from tests.papers import assert_accessible, assert_inside, pages_of, squeezed

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 11, 23)
MARKUP = '#import "x" $y$ *z* _a_ @b <label> \\ ] [ #] `c` = t // d <script>alert(1)</script> '
#: Wide letters and no space: nothing says where such a word may be cut.
ENDLESS = "W" * 5000


def laid(pdf: bytes, *texts: str) -> list[str]:
    """The words of its pages, once it is known to be readable and to say these texts."""
    assert_accessible(pdf)
    assert_inside(pdf)
    pages = pages_of(pdf)
    missing = [text[:60] for text in texts if squeezed(text) not in _body(pages)]
    assert not missing, missing
    return pages


def _body(pages: list[str]) -> str:
    return "".join(pages)


@pytest.fixture
def hostile(manager):
    """Every field as long as it may be, of words that no line holds or that a typesetter would obey."""
    meeting = MeetingFactory(place=(MARKUP * 2)[:140], video_url=f"https://visio.example.org/{'a' * 140}")
    for function in (MARKUP, ENDLESS, "Éducatrice 🎉 مرحبا \u202eabc"):
        MemberFactory(meeting=meeting, name=ENDLESS[:150], function=function[:100], presence="present")
    action = ActionFactory(
        published=True,
        title=(MARKUP * 2)[:150],
        summary=ENDLESS[:200],
        context=f"<p>{ENDLESS}</p>",
        description="<ul>" + "<li><p>$x$</p></li>" * 300 + "</ul>",
        effects_residents=f"<h3>{ENDLESS[:500]}</h3><p>&lt;b&gt; #set page() {MARKUP.replace('<', '&lt;') * 30}</p>",
    )
    QuoteFactory(action=action, text=(MARKUP * 12)[:900])
    for number in range(3):
        PartnershipFactory(action=action, partner__name=f"{number}{ENDLESS[:140]}")
    item = AgendaItemFactory(
        meeting=meeting, action=action, question=(MARKUP * 3)[:300], outcome="advised", brings=f"{MARKUP * 40}\n\nFin."
    )
    PresenterFactory(item=item, name=ENDLESS[:150], function=MARKUP[:100])
    TaskFactory(meeting=meeting, item=item, what=ENDLESS[:200], who=MARKUP[:100])
    AgendaItemFactory(meeting=meeting, topic=True, title=ENDLESS[:150], brings="= titre\n- liste\n```rust\ncode")
    return meeting


def test_no_word_falls_off_the_paper(hostile, manager):
    laid(documents.agenda_pdf(hostile, manager), hostile.place, hostile.video_url, MARKUP, ENDLESS[:150])
    laid(documents.attendance_pdf(hostile), ENDLESS[:150], MARKUP[:100], f"Éducatrice {UNKNOWN}")
    hostile.hold(by=manager)
    version = close(hostile, by=manager)
    laid(documents.minutes_pdf(as_read(version, to=manager)), MARKUP * 3, ENDLESS[:150], "```rust", "Fin.")


def test_endless_word_goes_on_over_lines_and_pages(manager):
    meeting = MeetingFactory(held=True)
    AgendaItemFactory(meeting=meeting, topic=True, brings=ENDLESS)

    pdf = documents.minutes_pdf(as_read(close(meeting, by=manager), to=manager))

    assert len(laid(pdf)) > 2
    assert _body(pages_of(pdf)).count("W") == len(ENDLESS)
    assert "\u200b" not in _body(pages_of(pdf))  # an address that is copied works


def test_words_of_ours_are_not_cut(manager):
    """Cut where it cannot be otherwise only: a word of the language, however long, goes whole to the next line."""
    meeting = MeetingFactory(held=True)
    AgendaItemFactory(meeting=meeting, topic=True, brings="anticonstitutionnellement, " * 200)

    pdf = documents.minutes_pdf(as_read(close(meeting, by=manager), to=manager))

    assert "\u200b" not in "".join(laid(pdf, "anticonstitutionnellement," * 10))


def test_hostile_sheet_holds_on_one_page(hostile, agent):
    (page,) = laid(documents.sheets_pdf(hostile, agent, TODAY), MARKUP)
    assert "page1sur1" in page


def test_ten_sheets_are_ten_pages_that_name_the_department(manager, settings):
    meeting = MeetingFactory()
    for position in range(10):
        AgendaItemFactory(meeting=meeting, position=position, action__context="<p>" + "Des mots. " * 80 + "</p>")

    pages = laid(documents.sheets_pdf(meeting, manager, TODAY))

    assert len(pages) == 10
    assert all(squeezed(settings.DEPARTMENT_NAME) in page for page in pages)


def test_forty_of_everything(manager):
    meeting = MeetingFactory()
    for number in range(40):
        MemberFactory(meeting=meeting, name=f"Personne {number:02}", presence="present")
        item = AgendaItemFactory(
            meeting=meeting, topic=True, position=number, title=f"Sujet {number:02}", brings="Oui."
        )
        PresenterFactory(item=item, name=f"Oratrice {number:02}")
        TaskFactory(meeting=meeting, item=item, what=f"Suite {number:02}")
    people, subjects, tasks = ([f"{kind} {n:02}" for n in range(40)] for kind in ("Personne", "Sujet", "Suite"))

    laid(documents.agenda_pdf(meeting, manager), *people, *subjects)
    pages = laid(documents.attendance_pdf(meeting), *people)
    assert all("NomFonctionQualitéSignature" in page for page in pages)
    meeting.hold(by=manager)
    laid(documents.minutes_pdf(as_read(close(meeting, by=manager), to=manager)), *people, *subjects, *tasks)


def test_meeting_of_nothing_says_so(manager):
    meeting = MeetingFactory()
    laid(documents.agenda_pdf(meeting, manager), "L’ordre du jour n’est pas encore composé.")
    laid(documents.sheets_pdf(meeting, manager, TODAY), "Aucune action n’est à l’ordre du jour.")
    assert len(attendance(meeting)["members"]) == BLANK_LINES
    laid(documents.attendance_pdf(meeting), "Signature")
    meeting.hold(by=manager)
    laid(documents.minutes_pdf(as_read(close(meeting, by=manager), to=manager)), "Cette réunion n’a pas eu de passage.")


def test_heading_stays_with_what_it_heads(manager):
    """However the pages break: no page ends with the title of a passage or of the table."""
    for filling in range(20, 60, 3):
        meeting = MeetingFactory(held=True)
        with transaction.atomic():
            AgendaItemFactory(meeting=meeting, topic=True, position=1, brings="ligne\n" * filling)
        AgendaItemFactory(meeting=meeting, topic=True, position=2, title="Le second sujet", brings="Un mot.")
        TaskFactory(meeting=meeting, what="Appeler")
        pages = pages_of(documents.minutes_pdf(as_read(close(meeting, by=manager), to=manager)))
        (held,) = [page for page in pages if "Lesecondsujet" in page]
        assert "Unmot." in held
        (held,) = [page for page in pages if "Suitesàdonner" in page]
        assert "Appeler" in held


@pytest.mark.parametrize("size", [(3000, 20), (20, 3000), (60, 20)])
@pytest.mark.parametrize("template", ["minutes", "sheets"])
def test_logo_stays_in_its_place(size, template, settings, tmp_path, manager):
    settings.LOGO_PATH = tmp_path / "logo.png"
    Image.new("RGB", size, "red").save(settings.LOGO_PATH)
    meeting = MeetingFactory(held=True)
    data = {**minutes(as_read(close(meeting, by=manager), to=manager)), "sheets": [], "if_none": "Rien."}

    pdf = render(f"documents/{template}.typ", data)

    laid(pdf)
    assert b"/Subtype/Image" in pdf


# --- Word ---------------------------------------------------------------------------------------------------------
def test_word_document_says_all_of_a_hostile_meeting(hostile, manager):
    hostile.hold(by=manager)

    document = Document(BytesIO(documents.minutes_docx(as_read(close(hostile, by=manager), to=manager))))

    table, _signatures = document.tables
    cells = [cell.text for cell in table.rows[1].cells]
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert all(words in text for words in (ENDLESS[:150], MARKUP * 3, "🎉 مرحبا abc", "```rust"))
    assert cells == [ENDLESS[:200], (MARKUP * 2)[:150], MARKUP[:100], ""]
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)


def test_word_document_keeps_nothing_of_the_file_it_starts_from(manager, settings):
    meeting = MeetingFactory(held=True)
    docx = documents.minutes_docx(as_read(close(meeting, by=manager), to=manager))

    with ZipFile(BytesIO(docx)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    for name, content in parts.items():
        ElementTree.fromstring(content)
        assert not any(word in content for word in (b"python-docx", b"Macintosh", b"APA.XSL")), name
    assert not [name for name in parts if name.startswith(("customXml", "docProps/app", "docProps/thumb"))]
    properties = Document(BytesIO(docx)).core_properties
    assert (properties.author, properties.last_modified_by) == (settings.DEPARTMENT_NAME,) * 2
    assert properties.created == properties.modified
    assert abs(timezone.now() - properties.created) < dt.timedelta(minutes=5)
    assert "Cette réunion n’a pas eu de passage." in [p.text for p in Document(BytesIO(docx)).paragraphs]
