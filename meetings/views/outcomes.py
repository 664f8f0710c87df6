"""What the instance says: typed passage by passage, while it is said, by several people; then told and carried out."""

import copy
import json

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from actions.conflicts import digest
from actions.workflows import PUBLISH, told_of
from isic.lib.words import counted
from meetings import outcomes
from meetings.forms.outcomes import OutcomeForm
from meetings.models import AgendaItem, Meeting
from meetings.models.agenda import outcome_words
from meetings.sections import said
from meetings.views.meetings import editable, head


@require_safe
def page(request, pk):
    return _page(request, editable(request, pk))


@require_http_methods(["GET", "HEAD", "POST"])
def outcome(request, pk, item):
    """Of one passage. Saves what it can, and answers a script with what its page needs to go on: never the texts."""
    meeting = editable(request, pk)
    item = get_object_or_404(meeting.items.for_agenda(), pk=item)
    form = OutcomeForm(request.POST if request.method == "POST" else None, instance=copy.copy(item))
    if request.method != "POST":
        return _form(request, meeting, item, form)
    form.is_valid()
    mine, base = form.mine(), read_base(request.POST)
    if "join" in request.POST and "brings" in mine:
        mine["brings"], base["brings"] = joined(mine["brings"], item.brings), digest(item.brings)
    try:
        saved = outcomes.write(item.pk, mine, base, by=request.user)
    except ValidationError as error:
        return _refused(request, meeting, item, form, " ".join(error.messages))
    return _answer(request, meeting, item, form, saved)


def read_base(data) -> dict[str, str]:
    """The digests that the page started from; wrong ones make whatever differs a conflict."""
    try:
        base = json.loads(data.get("base", ""))
    except ValueError:
        return {}
    return {str(name): str(value) for name, value in base.items()} if isinstance(base, dict) else {}


def joined(mine: str, theirs: str) -> str:
    """Both texts, one after the other; neither twice."""
    return mine if theirs in mine else theirs if mine in theirs else f"{mine}\n\n{theirs}"


def _answer(request, meeting: Meeting, item: AgendaItem, form: OutcomeForm, saved: outcomes.Saved):
    theirs = [{"label": form.label_of(name), "words": _words(item, name, v)} for name, v in saved.theirs.items()]
    now = AgendaItem.objects.prefetch_related("continued__meeting").get(pk=item.pk)
    faults = [{"id": form[name].auto_id, "words": " ".join(errors)} for name, errors in form.errors.items()]
    status = 409 if theirs else 422 if faults else 200
    if not request.accepts("text/html"):
        told = {"at": f"{timezone.localtime():%H:%M}", "base": saved.base, "theirs": theirs, "faults": faults}
        return JsonResponse({**told, "brings": now.brings, "note": outcomes.return_words(now)}, status=status)
    if status != 200:
        return _form(request, meeting, item, form, base=json.dumps(saved.base), theirs=theirs, status=status)
    messages.success(request, "C’est enregistré.")
    return HttpResponseRedirect(f"{meeting.get_absolute_url()}#passage-{item.pk}")


def _words(item: AgendaItem, name: str, value) -> str:
    """A value as it is read."""
    if name == "outcome":
        return outcome_words(item.kind, value) or "pas encore dit"
    return {True: "oui", False: "non", None: "sans date", "": "rien"}.get(value, value)


def _refused(request, meeting: Meeting, item: AgendaItem, form: OutcomeForm, why: str):
    """Locked meanwhile: the words typed are still on the page."""
    if not request.accepts("text/html"):
        return JsonResponse({"refused": why}, status=409)
    return _form(request, meeting, item, form, error=why, status=409)


def _form(request, meeting: Meeting, item: AgendaItem, form: OutcomeForm, *, status: int = 200, **more):
    context = {**head(request, meeting, "meeting"), "item": item, "form": form, "base": form.base, **more}
    return render(request, "meetings/outcome.html", context, status=status)


@require_POST
def release(request, pk):
    """One passage, or all of those of which something was said."""
    meeting = editable(request, pk)
    items = meeting.items.all()
    if wanted := request.POST.get("item"):
        items = items.filter(pk=int(wanted) if wanted.isdecimal() and len(wanted) < 10 else 0)
    if not Meeting.objects.told().contains(meeting):
        return _page(request, meeting, [outcomes.refusal(meeting)], status=409)
    told = outcomes.release(items, by=request.user)
    messages.success(request, f"{counted(told, 'avis', 'avis')} communiqué{'s' if told > 1 else ''} aux équipes.")
    return HttpResponseRedirect(f"{meeting.get_absolute_url()}#avis")


@require_POST
def spread(request, pk):
    meeting = editable(request, pk)
    published, refusals = outcomes.spread(meeting, by=request.user)
    if published:
        messages.success(request, told_of(PUBLISH, published))
    if refusals:
        return _page(request, meeting, refusals, status=409)
    return HttpResponseRedirect(f"{meeting.get_absolute_url()}#avis")


def _page(request, meeting: Meeting, errors: list[str] | None = None, status: int = 200):
    items = list(meeting.items.for_agenda().prefetch_related("continued__meeting"))
    context = {**head(request, meeting, "meeting"), **said(meeting, items, request.user), "errors": errors}
    context |= {"title": "Ce que dit l’instance", "section": "meetings/_outcomes.html"}
    return render(request, "meetings/section.html", context, status=status)
