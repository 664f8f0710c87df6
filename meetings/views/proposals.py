"""The passages of a sheet at the meetings, and what its team asks."""

import copy

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from actions.models import Action
from actions.sheet_pages import to_edit, to_read
from meetings.forms.agenda import ProposalForm, QuestionForm
from meetings.models import AgendaItem, Meeting
from meetings.presenters import referents
from meetings.views.shared import SharedPage
from meetings.workflows import (
    UNANSWERED,
    awaits_answer,
    change_question,
    pending,
    proposal_of,
    propose,
    suggested_kinds,
    withdraw,
)


@require_safe
def passages(request, slug):
    """Whoever sees the sheet sees its passages; their answer, once released."""
    action, head = to_read(request, slug, "isic")
    return _passages(request, action, head)


def _passages(request, action: Action, head: dict, *, error: str = "", status: int = 200):
    items = (
        action.agenda_items.visible_to(request.user)
        .select_related("meeting__territory", "wanted_meeting")
        .prefetch_related("presenters")
    )
    placed = items.exclude(meeting=None).exclude(meeting__state=Meeting.State.CANCELLED).order_by("-meeting__date")
    context = {**head, "unanswered": _unanswered(request, action)}
    waits = None if context["unanswered"] else pending(action)
    passages = [(item, item.shows_outcome_to(request.user)) for item in placed if item != waits]
    context |= {"passages": passages, "pending": waits, "error": error}
    return render(request, "meetings/passages.html", context, status=status)


def _unanswered(request, action: Action) -> str:
    return UNANSWERED if awaits_answer(action, request.user) else ""


@require_http_methods(["GET", "HEAD", "POST"])
def create(request, slug):
    action, head = to_edit(request, slug, "isic")
    waits = pending(action)
    is_placed = bool(waits and waits.meeting)
    context = {
        **head,
        "unanswered": _unanswered(request, action),
        "placed": waits if is_placed else None,
        "head": "actions/_head.html",
        "title": action.title,
    }
    back = reverse("meetings:passages", args=[action.slug])
    is_question = (
        waits.meeting.takes_proposals if is_placed and request.method != "POST" else "kind" not in request.POST
    )
    if is_placed and is_question and not context["unanswered"]:
        return _question_page(request, waits, context).answer(
            lambda form, **way: change_question(
                waits, form.mine(), by=request.user, stored=QuestionForm.stored_of, **way
            ),
            back,
        )
    item = _suggested(action) if is_placed or not waits else waits
    page = _proposal_page(request, action, item, context)
    return page.answer(lambda form, **way: _said(propose(action, form.mine(), by=request.user, **way)), back)


def _question_page(request, item: AgendaItem, context: dict) -> SharedPage:
    """Of a passage that is on an agenda: the team changes its own words until the deadline."""
    return SharedPage(
        request,
        form=QuestionForm,
        kwargs={"instance": copy.copy(item)},
        stored=QuestionForm.stored_of(item),
        template="meetings/propose.html",
        context={**context, "is_open": True},
    )


def _proposal_page(request, action: Action, item: AgendaItem, context: dict) -> SharedPage:
    return SharedPage(
        request,
        form=ProposalForm,
        kwargs={"instance": copy.copy(item)},
        stored=proposal_of(item) if item.pk else {**proposal_of(item), "presenters": referents(action, request.user)},
        template="meetings/propose.html",
        context={**context, "is_open": False},
    )


def _suggested(action: Action) -> AgendaItem:
    """What comes next for this sheet; not saved."""
    meeting = Meeting.objects.open_to_proposals().first()
    return AgendaItem(action=action, kind=suggested_kinds([action])[action.pk], wanted_meeting=meeting)


def _said(item: AgendaItem) -> str:
    if item.meeting:
        return "L’action est à l’ordre du jour."
    if item.is_late:
        return "La date limite est passée\u00a0: le service verra s’il peut l’ajouter."
    return "La proposition est enregistrée\u00a0: elle attend la prochaine réunion."


@require_POST
def remove(request, slug, item):
    """Withdraw a proposal; idempotent."""
    action, head = to_edit(request, slug, "isic")
    passage = action.agenda_items.visible_to(request.user).filter(pk=item).first()
    if passage:
        try:
            withdraw(passage)
        except ValidationError as error:
            return _passages(request, action, head, error=" ".join(error.messages), status=409)
        messages.success(request, "La proposition est retirée.")
    return HttpResponseRedirect(reverse("meetings:passages", args=[action.slug]))
