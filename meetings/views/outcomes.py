"""The instance's answers: typed passage by passage during the meeting, by several people; then released and carried out."""

import copy
import json

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from actions.workflows import PUBLISH
from isic.lib.dates import hour
from isic.lib.merge import Saved, read_base
from isic.lib.two_texts import Choice, ask
from isic.lib.words import counted
from meetings import outcomes
from meetings.forms.outcomes import OutcomeForm
from meetings.models import AgendaItem, Meeting
from meetings.models.agenda import outcome_words
from meetings.secretary import desk, first_to_write, status
from meetings.sections import outcomes_section
from meetings.views.meetings import editable, head


@require_safe
def page(request, pk):
    """While the meeting is held, the desk at the passage where the secretary goes on; else what was said."""
    meeting = editable(request, pk)
    items = _items(meeting)
    current = first_to_write(items)
    if meeting.state == Meeting.State.HELD and current:
        return _form(request, meeting, current, OutcomeForm(instance=current), items=items)
    return _page(request, meeting)


def _items(meeting: Meeting) -> list[AgendaItem]:
    return list(meeting.items.for_agenda().prefetch_related("continued__meeting"))


@require_http_methods(["GET", "HEAD", "POST"])
def outcome(request, pk, item):
    """Of one passage. Saves what it can, and answers a script with what its page needs to go on: never the texts."""
    meeting = editable(request, pk)
    item = get_object_or_404(meeting.items.for_agenda(), pk=item)
    if request.method != "POST":
        return _form(request, meeting, item, OutcomeForm(instance=item))
    choice = Choice.read(request.POST)
    data = choice.join(request.POST, outcomes.outcome_values(item), field=f"passage-{item.pk}-{{}}".format)
    form = OutcomeForm(data, instance=copy.copy(item))
    form.is_valid()
    try:
        saved = outcomes.write(item.pk, form.mine(), read_base(data), by=request.user, leave=choice.theirs)
    except ValidationError as error:
        return _refused(request, meeting, item, form, " ".join(error.messages))
    if not request.accepts("text/html"):
        return _autosaved(meeting, item, form, saved)
    if saved.conflicts:
        return _two_texts(request, meeting, item, form, saved)
    if form.errors:
        return _form(request, meeting, item, form, base=json.dumps(saved.base), status=422)
    if "release" in request.POST:
        return _release(request, meeting.items.filter(pk=item.pk), request.path)
    messages.success(request, "C’est enregistré.")
    return HttpResponseRedirect(_next(meeting, item) if "next" in request.POST else request.path)


def _next(meeting: Meeting, item: AgendaItem) -> str:
    """The passage after this one; after the last, the meeting."""
    following = _after(_items(meeting), item)
    return reverse("meetings:outcome", args=[meeting.pk, following.pk]) if following else meeting.get_absolute_url()


def _after(items: list[AgendaItem], item: AgendaItem) -> AgendaItem | None:
    return next(iter(items[items.index(item) + 1 :]), None)


def _autosaved(meeting: Meeting, item: AgendaItem, form: OutcomeForm, saved: Saved) -> JsonResponse:
    now = AgendaItem.objects.prefetch_related("continued__meeting").get(pk=item.pk)
    faults = list(form.faults())
    answer = {
        "base": saved.base,
        "at": hour(timezone.localtime()),
        "conflicts": [form.label_of(name) for name in saved.names],
        "faults": faults,
        "next": _next(meeting, item),
        "shown": {"note": escape(outcomes.return_words(now)), f"status-{item.pk}": escape(status(now))},
    }
    return JsonResponse(answer, status=409 if saved.conflicts else 422 if faults else 200)


def _two_texts(request, meeting: Meeting, item: AgendaItem, form: OutcomeForm, saved: Saved):
    return ask(
        request,
        saved,
        label=form.label_of,
        words=lambda name, value: _words(item, name, value),
        texts={"brings"},
        title=f"{item.subject} – {meeting}",
        head="meetings/_tabs.html",
        **head(request, meeting, "meeting"),
    )


def _words(item: AgendaItem, name: str, value) -> str:
    """A value as it is read."""
    if name == "outcome":
        return outcome_words(item.kind, value) or "pas encore dit"
    return {True: "oui", False: "non", None: "sans date", "": "rien"}.get(value, value)


def _refused(request, meeting: Meeting, item: AgendaItem, form: OutcomeForm, why: str):
    """Locked meanwhile: the words typed are still on the page."""
    if not request.accepts("text/html"):
        return JsonResponse({"refused": why}, status=409)
    return _form(request, meeting, item, form, base=request.POST.get("base", ""), error=why, status=409)


def _form(request, meeting: Meeting, item: AgendaItem, form: OutcomeForm, *, items=None, status: int = 200, **more):
    """The desk, with this passage under the pen."""
    items = items or _items(meeting)
    context = {**head(request, meeting, "outcomes"), **desk(meeting, items, item, form), "base": form.base, **more}
    context["refusal"] = outcomes.refusal(meeting)
    return render(request, "meetings/secretary.html", context, status=status)


@require_POST
def release(request, pk):
    """One passage, or all that have an answer."""
    meeting = editable(request, pk)
    items = meeting.items.all()
    if wanted := request.POST.get("item"):
        items = items.filter(pk=int(wanted) if wanted.isdecimal() and len(wanted) < 10 else 0)
    if not Meeting.objects.took_place().contains(meeting):
        return _page(request, meeting, [outcomes.refusal(meeting)], status=409)
    return _release(request, items, f"{meeting.get_absolute_url()}#avis")


def _release(request, items, back: str) -> HttpResponseRedirect:
    released = outcomes.release(items, by=request.user)
    messages.success(
        request, f"{counted(released, 'avis', 'avis')} communiqué{'s' if released > 1 else ''} aux équipes."
    )
    return HttpResponseRedirect(back)


@require_POST
def spread(request, pk):
    meeting = editable(request, pk)
    published, refusals = outcomes.spread(meeting, by=request.user)
    if published:
        messages.success(request, PUBLISH.summary(published))
    if refusals:
        return _page(request, meeting, refusals, status=409)
    return HttpResponseRedirect(f"{meeting.get_absolute_url()}#avis")


def _page(request, meeting: Meeting, errors: list[str] | None = None, status: int = 200):
    items = _items(meeting)
    context = {**head(request, meeting, "meeting"), **outcomes_section(meeting, items, request.user), "errors": errors}
    context |= {"title": "Ce que dit l’instance", "section": "meetings/_outcomes.html"}
    return render(request, "meetings/section.html", context, status=status)
