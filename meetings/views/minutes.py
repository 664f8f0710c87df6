"""The minutes of a closed meeting, in each of their versions, and their correction."""

import copy
import json
from functools import partial

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from isic.lib.merge import base_of, read_base
from isic.lib.rows import after_operation
from isic.lib.two_texts import Choice, ask
from meetings import outcomes
from meetings.forms.outcomes import CorrectionForm, OutcomeForm
from meetings.forms.shared import in_words
from meetings.minutes import as_read, correctable
from meetings.minutes import correct as correct_minutes
from meetings.models import Meeting, Minutes
from meetings.views.meetings import editable, head
from meetings.workflows import Asked

WRONG = "Rien n’est enregistré\u00a0: corrigez ce qui est signalé plus bas."


@require_safe
def minutes(request, pk):
    """The last version; earlier ones for the service only."""
    meeting = get_object_or_404(Meeting.objects.visible_to(request.user).select_related("territory"), pk=pk)
    versions = list(meeting.minutes.select_related("by")) if meeting.state == Meeting.State.CLOSED else []
    shown = next((v for v in versions if str(v.number) == request.GET.get("version", str(v.number))), None)
    if shown is None or (shown != versions[0] and not request.user.is_manager):
        raise Http404
    approval = outcomes.approval_of(meeting)
    context = {
        **head(request, meeting, "minutes"),
        "read_minutes": as_read(shown, to=request.user),
        "versions": versions,
        "approval": approval if approval and approval.shows_outcome_to(request.user) else None,
    }
    return render(request, "meetings/minutes.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request, pk):
    """A new version: the only way to change an answer once the meeting is closed."""
    meeting = editable(request, pk)
    last = meeting.minutes.first()
    if meeting.state != Meeting.State.CLOSED or last is None:
        raise Http404
    page = _Correction(request, meeting, last)
    return page.answer() if request.method == "POST" else page.show()


class _Correction:
    """The page: a form for the reason and the presences, one for each passage, and one base for all."""

    def __init__(self, request, meeting: Meeting, last: Minutes):
        self.request, self.meeting, self.last = request, meeting, last
        self.stored = correctable(meeting)
        self.choice = Choice.read(request.POST)
        data = self.choice.join(request.POST, self.stored) if request.method == "POST" else None
        is_op = "op" in request.POST
        make = partial(after_operation, data=data) if is_op else lambda form, **kwargs: form(data, **kwargs)
        self.base = base_of(self.stored) if data is None else read_base(data)
        self.form = make(CorrectionForm, meeting=meeting)
        self.forms = [make(OutcomeForm, instance=copy.copy(item)) for item in meeting.items.for_agenda()]

    def answer(self):
        if "op" in self.request.POST:
            return self.show()
        if not all([self.form.is_valid(), *(one.is_valid() for one in self.forms)]):
            return self.show([WRONG], 422)
        mine = self.form.mine()
        for one in self.forms:
            mine |= {one.add_prefix(name): value for name, value in one.mine().items()}
        way = {"by": self.request.user, "reason": self.form.cleaned_data["reason"], "leave": self.choice.theirs}
        try:
            version = correct_minutes(self.meeting, mine, base=self.base, **way)
        except Asked as asked:
            return self.compare(asked)
        except ValidationError as error:
            return self.show(error.messages, 409)
        messages.success(self.request, f"La version {version.number} du compte rendu est enregistrée.")
        return HttpResponseRedirect(reverse("meetings:minutes", args=[self.meeting.pk]))

    def show(self, errors=(), status: int = 200):
        context = {
            **head(self.request, self.meeting, "minutes"),
            "form": self.form,
            "forms": self.forms,
            "last": self.last,
            "errors": errors,
            "base": json.dumps(self.base),
        }
        return render(self.request, "meetings/minutes_correct.html", context, status=status)

    def compare(self, asked: Asked):
        fields = {name: (field.label, field) for name, field in self.form.fields.items()}
        for one in self.forms:
            fields |= {
                one.add_prefix(name): (f"{one.instance}, {field.label}", field) for name, field in one.fields.items()
            }
        return ask(
            self.request,
            asked.saved,
            label=lambda name: fields[name][0],
            words=lambda name, value: in_words(fields[name][1], value),
            texts={name for name in fields if name.endswith("-brings")},
            can_resume=True,
            head="meetings/_tabs.html",
            title=str(self.meeting),
            by=self.last.by,
            at=self.last.at,
            **head(self.request, self.meeting, "minutes"),
        )
