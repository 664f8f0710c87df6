"""The minutes as a Word document: real styles, headings and table headers, so that it is as accessible as the PDF."""

import datetime as dt
from io import BytesIO

from django.conf import settings
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from isic.lib.pdf import ACCENT, readable

FONT = "Calibri"
#: Of the file that python-docx starts from: the picture of its first page, the program and the sources of whoever made it.
OF_ANOTHER = ("/thumbnail", "/extended-properties", "/customXml")


def word(data: dict) -> bytes:
    """`data` is that of `data.minutes`."""
    document = Document()
    _dress(document, data)
    document.add_paragraph(readable(settings.DEPARTMENT_NAME), style="Subtitle")
    document.add_paragraph(readable(data["title"]), style="Title")
    if data["notice"]:
        document.add_paragraph(readable(data["notice"]), style="Intense Quote")
    for row in data["landmarks"]:
        _labelled(document, row["label"], row["text"]).paragraph_format.space_after = Pt(2)
    if data["passages"]:
        document.add_heading("Passages", 1)
    else:
        document.add_paragraph("Cette réunion n’a pas eu de passage.")
    for passage in data["passages"]:
        _passage(document, passage)
    if data["tasks"]:
        document.add_heading("Suites à donner", 1)
        names = {"Quoi": Cm(8.6), "Qui": Cm(4), "Pour quand": Cm(4)}
        _table(document, names, [list(task.values()) for task in data["tasks"]])
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _passage(document, passage: dict) -> None:
    document.add_heading(readable(passage["subject"]), 2)
    document.add_paragraph(readable(" – ".join(filter(None, (passage["kind"], passage["presenters"])))))
    for label, words in (("Question posée", passage["question"]), ("Avis", passage["outcome"])):
        if words:
            _labelled(document, label, words)
    for block in passage["brings"]:
        document.add_paragraph(readable("".join(run["text"] for run in block["runs"])))
    if passage["is_unreleased"]:
        document.add_paragraph("Ce qui en a été dit n’est pas encore communiqué.")


def _labelled(document, label: str, words: str):
    paragraph = document.add_paragraph()
    paragraph.add_run(f"{label}\u00a0: ").bold = True
    paragraph.add_run(readable(words))
    return paragraph


def _table(document, names: dict[str, Cm], rows: list[list[str]]) -> None:
    """The first row is a header, said again on each page; no row is cut by the end of one."""
    table = document.add_table(rows=0, cols=len(names), style="Table Grid")
    for told in (list(names), *rows):
        row = table.add_row()
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for cell, words in zip(row.cells, told, strict=True):
            cell.text = readable(words)
            cell.paragraphs[0].paragraph_format.space_after = Pt(3)
    for column, width in zip(table.columns, names.values(), strict=True):
        column.width = width
    header = table.rows[0]
    header._tr.trPr.append(OxmlElement("w:tblHeader"))
    for cell in header.cells:
        cell.paragraphs[0].runs[0].bold = True


def _dress(document, data: dict) -> None:
    """A4, French, our colour, the title in the properties, « page x sur y » at the foot."""
    for part in (document.part.package, document.part):
        for key in [key for key, link in part.rels.items() if link.reltype.endswith(OF_ANOTHER)]:
            del part.rels[key]
    properties = document.core_properties
    properties.created = properties.modified = dt.datetime.now(dt.UTC)
    properties.title, properties.language = readable(data["title"]), "fr-FR"
    properties.author = properties.last_modified_by = settings.DEPARTMENT_NAME
    properties.comments = ""
    accent = (settings.ACCENT_COLOR or ACCENT).lstrip("#").upper()
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
    for language in (
        *document.styles.element.iter(qn("w:lang")),
        *document.settings.element.iter(qn("w:themeFontLang")),
    ):
        language.set(qn("w:val"), "fr-FR")
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.2)
    section.header.paragraphs[0].text = readable(f"{settings.DEPARTMENT_NAME} – {data['heading']}")
    _page_numbers(section.footer.paragraphs[0])


def _page_numbers(paragraph) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    for words, code in (("page ", "PAGE"), (" sur ", "NUMPAGES")):
        paragraph.add_run(words)
        field = OxmlElement("w:fldSimple")
        field.set(qn("w:instr"), code)
        paragraph._p.append(field)
