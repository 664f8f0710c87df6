"""Who is there: one tap each, all at once, saved by itself; several people may tick at the same time."""

import json

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from isic.lib.dates import hour
from isic.lib.merge import Saved, base_of, merge, read_base
from isic.lib.two_texts import Choice, ask
from meetings.forms.outcomes import PresencesForm
from meetings.forms.shared import in_words
from meetings.models import Meeting, Member
from meetings.secretary import presences_words
from meetings.views.meetings import editable, head
from meetings.workflows import changing


@require_http_methods(["GET", "HEAD", "POST"])
def presences(request, pk):
    meeting = editable(request, pk)
    members = list(meeting.members.in_order())
    if request.method != "POST":
        return _page(request, meeting, PresencesForm(members=members), base_of(_values(members)))
    choice = Choice.read(request.POST)
    data = choice.join(request.POST, _values(members))
    form = PresencesForm(data, members=members)
    base = read_base(data)
    if not form.is_valid():
        return _page(request, meeting, form, base, status=422)
    mine = form.mine()
    if "all" in request.POST:
        mine = {name: presence or Member.Presence.PRESENT.value for name, presence in mine.items()}
    try:
        saved = _save(meeting, mine, base, choice)
    except ValidationError as error:
        return _refused(request, meeting, form, base, " ".join(error.messages))
    return _answer(request, meeting, form, saved)


def _values(members) -> dict[str, str]:
    return {f"presence-{member.pk}": member.presence for member in members}


def _save(meeting: Meeting, mine: dict, base: dict, choice: Choice) -> Saved:
    with changing(meeting.pk) as held:
        members = {f"presence-{member.pk}": member for member in held.members.all()}
        known = {name: presence for name, presence in mine.items() if name in members}
        saved = merge(base, known, _values(members.values()), leave=choice.theirs)
        for name, presence in saved.values.items():
            members[name].presence = presence
            members[name].save(update_fields=["presence"])
    return saved


def _answer(request, meeting: Meeting, form: PresencesForm, saved: Saved):
    if not request.accepts("text/html"):
        answer = {
            "base": saved.base,
            "at": hour(timezone.localtime()),
            "conflicts": [form.fields[name].label for name in saved.names],
            "faults": [],
            "next": meeting.get_absolute_url(),
            "shown": {"presences": presences_words(meeting.members.all())},
        }
        return JsonResponse(answer, status=409 if saved.conflicts else 200)
    if saved.conflicts:
        return _two_values(request, meeting, form, saved)
    messages.success(request, "C’est enregistré.")
    return HttpResponseRedirect(request.path)


def _two_values(request, meeting: Meeting, form: PresencesForm, saved: Saved):
    return ask(
        request,
        saved,
        label=lambda name: form.fields[name].label,
        words=lambda name, value: in_words(form.fields[name], value),
        title=f"Présences – {meeting}",
        head="meetings/_tabs.html",
        **head(request, meeting, "people"),
    )


def _refused(request, meeting: Meeting, form: PresencesForm, base: dict, why: str):
    if not request.accepts("text/html"):
        return JsonResponse({"refused": why}, status=409)
    return _page(request, meeting, form, base, error=why, status=409)


def _page(request, meeting: Meeting, form: PresencesForm, base: dict, *, error: str = "", status: int = 200):
    context = {**head(request, meeting, "people"), "form": form, "base": json.dumps(base), "error": error}
    context["presences"] = presences_words(form.members.values())
    return render(request, "meetings/presences.html", context, status=status)
