"""The passages of a sheet at the meetings, and what its team asks."""

import copy

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from actions.models import Action
from isic.lib.rows import after_operation
from meetings.forms.agenda import ProposalForm
from meetings.models import AgendaItem, Meeting
from meetings.workflows import (
    UNANSWERED,
    awaits_answer,
    pending,
    propose,
    referents,
    suggested_kinds,
    withdraw,
)


@require_safe
def passages(request, slug):
    """Whoever sees the sheet sees them; what the instance said, once it is released."""
    return _passages(request, get_object_or_404(Action.objects.visible_to(request.user), slug=slug))


def _passages(request, action: Action, *, error: str = "", status: int = 200):
    items = (
        action.agenda_items.visible_to(request.user)
        .select_related("meeting__territory", "wanted_meeting")
        .prefetch_related("presenters")
    )
    placed = items.exclude(meeting=None).exclude(meeting__state=Meeting.State.CANCELLED).order_by("-meeting__date")
    context = _head(request, action)
    waits = None if context["unanswered"] else pending(action)
    told = [(item, item.shows_outcome_to(request.user)) for item in placed if item != waits]
    context |= {"passages": told, "pending": waits, "error": error}
    return render(request, "meetings/passages.html", context, status=status)


def _head(request, action: Action) -> dict:
    can_edit = Action.objects.editable_by(request.user).contains(action)
    unanswered = UNANSWERED if awaits_answer(action, request.user) else ""
    return {"action": action, "tab": "isic", "can_edit": can_edit, "unanswered": unanswered}


@require_http_methods(["GET", "HEAD", "POST"])
def create(request, slug):
    action = get_object_or_404(Action.objects.editable_by(request.user), slug=slug)
    kwargs = _form_kwargs(action, request.user)
    if "op" in request.POST:
        return _page(request, action, after_operation(ProposalForm, request.POST, **kwargs))
    form = ProposalForm(request.POST or None, **kwargs)
    if request.method != "POST":
        return _page(request, action, form)
    if not form.is_valid():
        return _page(request, action, form, status=422)
    words = {name: form.cleaned_data[name] for name in ("meeting", "kind", "minutes", "question", "presenters")}
    try:
        item = propose(action, by=request.user, **words)
    except ValidationError as error:
        return _page(request, action, form, error=" ".join(error.messages), status=409)
    messages.success(request, _said(item))
    return HttpResponseRedirect(reverse("meetings:passages", args=[action.slug]))


def _form_kwargs(action: Action, user) -> dict:
    """What was asked before, while it waits; or what comes next for this sheet, presented by its referents or who asks."""
    item = pending(action)
    if item and not item.meeting_id:
        presenters, meeting = ProposalForm.rows_of(item), item.wanted_meeting_id
    else:
        item = AgendaItem(action=action, kind=suggested_kinds([action])[action.pk])
        presenters, meeting = (
            referents(action),
            Meeting.objects.open_to_proposals().values_list("pk", flat=True).first(),
        )
    return {"instance": copy.copy(item), "initial": {"presenters": presenters, "meeting": meeting}}


def _said(item: AgendaItem) -> str:
    if item.meeting:
        return "L’action est à l’ordre du jour."
    if item.is_late:
        return "La date limite est passée\u00a0: le service verra s’il peut l’ajouter."
    return "La proposition est enregistrée\u00a0: elle attend la prochaine réunion."


def _page(request, action: Action, form: ProposalForm, *, error: str = "", status: int = 200):
    waits = pending(action)
    context = {
        **_head(request, action),
        "form": form,
        "error": error,
        "placed": waits if waits and waits.meeting else None,
    }
    return render(request, "meetings/propose.html", context, status=status)


@require_POST
def remove(request, slug, item):
    """Sent twice, it is already gone."""
    action = get_object_or_404(Action.objects.editable_by(request.user), slug=slug)
    passage = action.agenda_items.visible_to(request.user).filter(pk=item).first()
    if passage:
        try:
            withdraw(passage)
        except ValidationError as error:
            return _passages(request, action, error=" ".join(error.messages), status=409)
        messages.success(request, "La proposition est retirée.")
    return HttpResponseRedirect(reverse("meetings:passages", args=[action.slug]))
