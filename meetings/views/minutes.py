"""The minutes of a closed meeting, in each of their versions, and their correction."""

import copy

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from isic.lib.versions import StaleVersion, version_seen
from meetings import outcomes
from meetings.forms.outcomes import CorrectionForm, OutcomeForm
from meetings.minutes import correct as correct_minutes
from meetings.minutes import told
from meetings.models import Meeting, Minutes
from meetings.views.meetings import editable, head

WRONG = "Rien n’est enregistré\u00a0: corrigez ce qui est signalé plus bas."
STALE = "Une autre version du compte rendu est parue entre-temps. La vôtre n’est pas enregistrée\u00a0: comparez, puis recommencez."


@require_safe
def minutes(request, pk):
    """The last version; an earlier one for the service, which keeps what they said to itself."""
    meeting = get_object_or_404(Meeting.objects.visible_to(request.user).select_related("territory"), pk=pk)
    versions = list(meeting.minutes.select_related("by")) if meeting.state == Meeting.State.CLOSED else []
    shown = next((v for v in versions if str(v.number) == request.GET.get("version", str(v.number))), None)
    if shown is None or (shown != versions[0] and not request.user.is_manager):
        raise Http404
    approval = outcomes.approval_of(meeting)
    context = {
        **head(request, meeting, "minutes"),
        "told": told(shown, to=request.user),
        "versions": versions,
        "approval": approval if approval and approval.shows_outcome_to(request.user) else None,
    }
    return render(request, "meetings/minutes.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request, pk):
    """A new version: the only way to change what was said once the meeting is closed."""
    meeting = editable(request, pk)
    last = meeting.minutes.first()
    if meeting.state != Meeting.State.CLOSED or last is None:
        raise Http404
    data = request.POST if request.method == "POST" else None
    form = CorrectionForm(data, meeting=meeting)
    forms = [OutcomeForm(data, instance=copy.copy(item)) for item in meeting.items.for_agenda()]
    errors, status = [], 200
    if data is not None:
        errors, status = _corrected(request, meeting, form, forms)
        if not status:
            return HttpResponseRedirect(reverse("meetings:minutes", args=[meeting.pk]))
    last = Minutes.objects.filter(meeting=meeting).first()
    context = {**head(request, meeting, "minutes"), "form": form, "forms": forms, "last": last, "errors": errors}
    if status == 409:
        context["told"] = told(last, to=request.user)
    return render(request, "meetings/minutes_correct.html", context, status=status)


def _corrected(request, meeting: Meeting, form: CorrectionForm, forms: list[OutcomeForm]) -> tuple[list[str], int]:
    """(nothing, 0) once it is kept; otherwise the sentences that say why it is not."""
    if not all([form.is_valid(), *(one.is_valid() for one in forms)]):
        return [WRONG], 422
    said = {one.instance.pk: one.mine() for one in forms}
    try:
        made = correct_minutes(
            meeting,
            said,
            form.presences(),
            by=request.user,
            reason=form.cleaned_data["reason"],
            seen=version_seen(request.POST),
        )
    except StaleVersion:
        return [STALE], 409
    except ValidationError as error:
        return error.messages, 409
    messages.success(request, f"La version {made.number} du compte rendu est enregistrée.")
    return [], 0
