"""The minutes as a Word document."""

from docx.shared import Cm, Pt

from isic.lib.pdf import readable
from isic.lib.word import content_of, labelled, new_document, table


def word(data: dict) -> bytes:
    """`data` is that of `data.minutes`."""
    document = new_document(data["title"], running=data["heading"])
    if data["notice"]:
        document.add_paragraph(readable(data["notice"]), style="Intense Quote")
    document.add_paragraph(readable(data["introduction"]))
    for row in data["landmarks"]:
        labelled(document, row["label"], row["text"]).paragraph_format.space_after = Pt(2)
    if data["passages"]:
        document.add_heading("Passages", 1)
    else:
        document.add_paragraph("Cette réunion n’a pas eu de passage.")
    for passage in data["passages"]:
        _passage(document, passage)
    if data["tasks"]:
        document.add_heading("Suites à donner", 1)
        columns = {"Quoi": Cm(6), "Pour quelle action": Cm(4), "Qui": Cm(3.3), "Pour quand": Cm(3.3)}
        table(document, columns, [list(task.values()) for task in data["tasks"]])
    if data["following"]:
        document.add_paragraph(readable(data["following"]))
    document.add_heading("Signatures", 1)
    table(
        document,
        {row["role"]: Cm(8.3) for row in data["signatures"]},
        [[f"{row['name']}\n\n\n" for row in data["signatures"]]],
    )
    return content_of(document)


def _passage(document, passage: dict) -> None:
    document.add_heading(readable(passage["subject"]), 2)
    document.add_paragraph(readable(" – ".join(filter(None, (passage["kind"], passage["presenters"])))))
    if passage["question"]:
        labelled(document, "Question posée", passage["question"])
    if passage["outcome"]:
        document.add_paragraph(f"Avis de l’instance\u00a0: {readable(passage['outcome'])}", style="Intense Quote")
    for block in passage["brings"]:
        document.add_paragraph(readable("".join(run["text"] for run in block["runs"])))
    if passage["is_unreleased"]:
        document.add_paragraph("Ce qui en a été dit n’est pas encore communiqué.")
