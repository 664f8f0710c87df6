"""The documents of a meeting, one function each: bytes of a PDF, or of a Word document.

What they say is built in `data` from the models, as plain values; how they look is in templates/documents/.
"""

import datetime as dt

from catalogue import documents as catalogue_documents
from isic.lib.pdf import render
from meetings.documents import data
from meetings.documents.word import word
from meetings.minutes import ReadableMinutes
from meetings.models import Meeting


def agenda_pdf(meeting: Meeting, user) -> bytes:
    """A convocation while the meeting is prepared; its passages, as this person may read them."""
    return render("documents/agenda.typ", data.agenda(meeting, user))


def attendance_pdf(meeting: Meeting) -> bytes:
    return render("documents/attendance.typ", data.attendance(meeting))


def sheets_pdf(meeting: Meeting, user, today: dt.date) -> bytes:
    """One page for each action of the agenda, as this person may read it."""
    return catalogue_documents.sheets_pdf(
        data.sheets(meeting, user, today),
        title=data.title(meeting, "Les actions présentées"),
        foot=str(meeting),
        if_none="Aucune action n’est à l’ordre du jour.",
    )


def minutes_pdf(minutes: ReadableMinutes) -> bytes:
    return render("documents/minutes.typ", data.minutes(minutes))


def minutes_docx(minutes: ReadableMinutes) -> bytes:
    return word(data.minutes(minutes))
