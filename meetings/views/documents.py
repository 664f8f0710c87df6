"""The documents of a meeting, typeset on request."""

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from meetings import documents, guests
from meetings.minutes import ReadableMinutes, as_read, to_come
from meetings.models import Meeting
from meetings.views.meetings import editable

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@require_safe
def agenda(request, pk):
    meeting = _visible(request, pk)
    return _file(documents.agenda_pdf(meeting, request.user), meeting, "ordre-du-jour.pdf")


@require_safe
def attendance(request, pk):
    """The names of those who come, to be signed: for the service."""
    meeting = editable(request, pk)
    return _file(documents.attendance_pdf(meeting), meeting, "emargement.pdf")


@require_safe
def sheets(request, pk):
    meeting = _visible(request, pk)
    return _file(documents.sheets_pdf(meeting, request.user, timezone.localdate()), meeting, "fiches.pdf")


@require_safe
def minutes_pdf(request, pk):
    meeting = _visible(request, pk)
    return _file(documents.minutes_pdf(_told(request, meeting)), meeting, "compte-rendu.pdf")


@require_safe
def minutes_docx(request, pk):
    meeting = _visible(request, pk)
    return _file(documents.minutes_docx(_told(request, meeting)), meeting, "compte-rendu.docx", DOCX)


@login_not_required
@require_safe
@never_cache
def guest_agenda(request, token):
    meeting = _of_guest(token)
    return _file(documents.agenda_pdf(meeting, AnonymousUser()), meeting, "ordre-du-jour.pdf")


@login_not_required
@require_safe
@never_cache
def guest_minutes(request, token):
    meeting = _of_guest(token)
    version = meeting.minutes.first() if meeting.state == Meeting.State.CLOSED else None
    if version is None:
        raise Http404
    return _file(documents.minutes_pdf(as_read(version, to=None)), meeting, "compte-rendu.pdf")


def _visible(request, pk) -> Meeting:
    return get_object_or_404(Meeting.objects.visible_to(request.user).select_related("territory"), pk=pk)


def _of_guest(token: str) -> Meeting:
    if (member := guests.find(token)) is None:
        raise Http404
    return member.meeting


def _told(request, meeting: Meeting) -> ReadableMinutes:
    """The last version; for the service, also another version or a draft of the answers so far."""
    asked = request.GET.get("version", "")
    versions = list(meeting.minutes.all()) if meeting.state == Meeting.State.CLOSED else []
    if meeting.state == Meeting.State.HELD and request.user.is_manager:
        versions = [to_come(meeting)]
    shown = next((version for version in versions if asked in ("", str(version.number))), None)
    if shown is None or (shown != versions[0] and not request.user.is_manager):
        raise Http404
    shown.meeting = meeting
    return as_read(shown, to=request.user)


def _file(body: bytes, meeting: Meeting, name: str, kind: str = PDF) -> HttpResponse:
    """Shown by the browser; a name that says what it is once it is kept."""
    disposition = f'inline; filename="isic-{meeting.date.isoformat()}-{name}"'
    return HttpResponse(
        body, content_type=kind, headers={"Content-Disposition": disposition, "X-Robots-Tag": "noindex"}
    )
