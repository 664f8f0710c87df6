"""Word documents with real styles, headings and table headers, so that they are as accessible as the PDF.

document = new_document("Compte rendu – Instance ISIC du 3 mars 2026", running="Instance ISIC du 3 mars 2026")
labelled(document, "Avis", "soutenue")
table(document, {"Quoi": Cm(8.6), "Qui": Cm(4)}, [["Écrire à la mairie", "Camille"]])
content_of(document)    # bytes
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO

from django.conf import settings
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Length, Pt, RGBColor
from docx.text.paragraph import Paragraph

from isic.lib.pdf import ACCENT, readable

FONT = "Calibri"
#: Of the file that python-docx starts from: the picture of its first page, the program and the sources of whoever made it.
OF_ANOTHER = ("/thumbnail", "/extended-properties", "/customXml")


def new_document(title: str, *, running: str):
    """A4, French, in our colour: the title in the properties, `running` above each page, « page x sur y » below.

    Its first lines are the département and the title.
    """
    document = Document()
    _forget_its_source(document)
    _describe(document, title)
    _style(document, (settings.ACCENT_COLOR or ACCENT).lstrip("#").upper())
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.2)
    section.header.paragraphs[0].text = readable(f"{settings.DEPARTMENT_NAME} – {running}")
    _page_numbers(section.footer.paragraphs[0])
    document.add_paragraph(readable(settings.DEPARTMENT_NAME), style="Subtitle")
    document.add_paragraph(readable(title), style="Title")
    return document


def content_of(document) -> bytes:
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def labelled(document, label: str, words: str) -> Paragraph:
    """« Avis : soutenue », the label in bold."""
    paragraph = document.add_paragraph()
    paragraph.add_run(f"{label}\u00a0: ").bold = True
    paragraph.add_run(readable(words))
    return paragraph


def table(document, columns: Mapping[str, Length], rows: Iterable[Sequence[str]]) -> None:
    """Name → width of each column. The first row is a header, repeated on each page; no row is cut by the end of one."""
    drawn = document.add_table(rows=0, cols=len(columns), style="Table Grid")
    for texts in (list(columns), *rows):
        row = drawn.add_row()
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for cell, words in zip(row.cells, texts, strict=True):
            cell.text = readable(words)
            cell.paragraphs[0].paragraph_format.space_after = Pt(3)
    for column, width in zip(drawn.columns, columns.values(), strict=True):
        column.width = width
    header = drawn.rows[0]
    header._tr.trPr.append(OxmlElement("w:tblHeader"))
    for cell in header.cells:
        cell.paragraphs[0].runs[0].bold = True


def _forget_its_source(document) -> None:
    for part in (document.part.package, document.part):
        for key in [key for key, link in part.rels.items() if link.reltype.endswith(OF_ANOTHER)]:
            del part.rels[key]


def _describe(document, title: str) -> None:
    properties = document.core_properties
    properties.created = properties.modified = dt.datetime.now(dt.UTC)
    properties.title, properties.language = readable(title), "fr-FR"
    properties.author = properties.last_modified_by = settings.DEPARTMENT_NAME
    properties.comments = ""
    for language in (
        *document.styles.element.iter(qn("w:lang")),
        *document.settings.element.iter(qn("w:themeFontLang")),
    ):
        language.set(qn("w:val"), "fr-FR")


def _style(document, accent: str) -> None:
    for name in ("Normal", "Title", "Subtitle", "Heading 1", "Heading 2"):
        style = document.styles[name]
        style.font.name = FONT
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for attribute in [key for key in fonts.attrib if key.endswith("Theme")]:
            del fonts.attrib[attribute]
        if name != "Normal":
            style.font.color.rgb = RGBColor.from_string(accent)
    document.styles["Normal"].font.size, document.styles["Title"].font.size = Pt(11), Pt(22)
    line = document.styles["Title"].element.pPr.find(f"{qn('w:pBdr')}/{qn('w:bottom')}")
    line.set(qn("w:color"), accent)


def _page_numbers(paragraph: Paragraph) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    for words, code in (("page ", "PAGE"), (" sur ", "NUMPAGES")):
        paragraph.add_run(words)
        field = OxmlElement("w:fldSimple")
        field.set(qn("w:instr"), code)
        paragraph._p.append(field)
