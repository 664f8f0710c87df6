"""Preparing the agenda: its order and its clock, what deserves a look, what could be added."""

import copy
import json

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from actions.models import Action
from catalogue.caching import catalogue_of
from isic.lib.merge import base_of, read_base
from meetings import workflows
from meetings.agenda import by_type, cautions, clock, duration
from meetings.forms.agenda import AddForm, ItemForm, OrderForm, TopicForm
from meetings.hints import hints
from meetings.models import AgendaItem, Meeting
from meetings.views.meetings import editable, head
from meetings.views.shared import SharedPage
from meetings.workflows import (
    Asked,
    Reordered,
    add,
    changing,
    invite_team,
    line_of,
    merged,
    reorder,
    take_off,
    write_passage,
)

CHANGED = "Quelqu’un d’autre a changé les mêmes passages en même temps. Rien n’est enregistré\u00a0: vos minutes sont encore là, gardez le bon nombre, puis recommencez."
WAITS = "Il attend parmi les propositions\u00a0: un clic le remet."
MOVED = "L’ordre du jour a changé entre-temps\u00a0: le voici. Votre changement n’est pas fait, recommencez."


@require_safe
def prepare(request, pk):
    meeting = editable(request, pk)
    if meeting.is_locked:
        return HttpResponseRedirect(meeting.get_absolute_url())
    return _page(request, meeting)


@require_POST
def order(request, pk):
    """One passage up or down, all by type, or the whole order as it was dragged; and the minutes typed."""
    meeting = editable(request, pk)
    form = OrderForm(request.POST, items=list(meeting.items.for_agenda()))
    if not form.is_valid():
        return _page(request, meeting, error="Un passage dure de 1 à 480 minutes.", minutes=form, status=422)
    try:
        reorder(meeting, _wanted(request.POST, form), form.minutes, base=read_base(request.POST))
    except Asked as asked:
        return _page(request, editable(request, pk), error=_two_times(asked, form), minutes=form, status=409)
    except Reordered:
        return _page(request, editable(request, pk), error=MOVED, minutes=form, status=409)
    except ValidationError as error:
        return _refused(request, meeting, error, minutes=form)
    return _back(meeting)


def _two_times(asked: Asked, form: OrderForm) -> str:
    """Both numbers side by side; a passage that was taken off has none."""
    subjects = {str(item.pk): item.subject for item in form.items}
    both = [
        f"«\u00a0{subjects[conflict.key]}\u00a0»\u00a0: {conflict.theirs['minutes']} minutes, et vous {conflict.mine['minutes']}"
        for conflict in asked.saved.conflicts
        if conflict.mine and conflict.theirs and conflict.key in subjects
    ]
    return " ".join([CHANGED, *both])


def _wanted(data, form: OrderForm) -> list[int]:
    """The keys of the page in the order asked for; `reorder` refuses one that is no order of these passages."""
    order = [int(key) for key in form.before if key.isdecimal() and len(key) < 19]
    if "by_type" in data:
        return [item.pk for item in by_type(form.items) if item.pk in order]
    if data.get("order"):
        keys = data["order"][:2000].split(",")
        return [int(key) for key in keys if key.isdecimal() and len(key) < 19]
    key, _, way = data.get("move", "").partition(":")
    start = next((place for place, pk in enumerate(order) if str(pk) == key), None)
    end = start if start is None else start + {"up": -1, "down": 1}.get(way, 0)
    if end is not None and 0 <= end < len(order):
        order.insert(end, order.pop(start))
    return order


@require_POST
def add_action(request, pk):
    """By its name."""
    meeting = editable(request, pk)
    form = AddForm(request.POST, user=request.user)
    if not form.is_valid():
        return _page(request, meeting, adding=form, status=422)
    return _added(request, meeting, form.cleaned_data["action"], form.cleaned_data["kind"], adding=form)


@require_POST
def add_sheet(request, pk, slug):
    """In one click, from what waits and from the hints."""
    meeting = editable(request, pk)
    sheets = Action.objects.visible_to(request.user).exclude(editorial_state=Action.EditorialState.ARCHIVED)
    kind = request.POST.get("kind", "")
    return _added(request, meeting, get_object_or_404(sheets, slug=slug), kind if kind in AgendaItem.OF_ACTIONS else "")


def _added(request, meeting: Meeting, action: Action, kind: str, **typed):
    try:
        item = add(meeting, action, by=request.user, kind=kind)
    except ValidationError as error:
        return _refused(request, meeting, error, **typed)
    messages.success(request, f"«\u00a0{action}\u00a0» est à l’ordre du jour ({item.get_kind_display()}).")
    return _back(meeting)


@require_POST
def add_topic(request, pk):
    meeting = editable(request, pk)
    form = TopicForm(request.POST)
    if not form.is_valid():
        return _page(request, meeting, topic=form, status=422)
    try:
        with changing(meeting.pk) as held:
            form.save_to(held, by=request.user)
    except ValidationError as error:
        return _refused(request, meeting, error, topic=form)
    messages.success(request, "Le sujet est à l’ordre du jour.")
    return _back(meeting)


@require_http_methods(["GET", "HEAD", "POST"])
def item(request, pk, item):
    meeting = editable(request, pk)
    passage = meeting.items.select_related("action").filter(pk=item).first() or _taken_off(request, meeting, item)
    page = SharedPage(
        request,
        form=ItemForm,
        kwargs={"instance": copy.copy(passage)},
        stored=ItemForm.stored_of(passage),
        template="meetings/item.html",
        context={
            **head(request, meeting, "prepare"),
            "item": passage,
            "head": "meetings/_tabs.html",
            "title": f"{passage} – {meeting}",
        },
    )
    return page.answer(lambda form, **way: _save_item(request, meeting, passage, form, **way), _order_of(meeting))


def _taken_off(request, meeting: Meeting, pk) -> AgendaItem:
    """Of a passage that somebody took off meanwhile, an action that waits or a topic that is gone, what was typed is still shown."""
    passage = AgendaItem.objects.select_related("action").filter(pk=pk).first()
    if request.method != "POST" or (passage and passage.meeting_id):
        raise Http404
    title = request.POST.get("title") or "Passage retiré"
    return passage or AgendaItem(meeting=meeting, kind=AgendaItem.Kind.TOPIC, title=title[:150])


def _save_item(request, meeting: Meeting, passage: AgendaItem, form: ItemForm, **way) -> None:
    with changing(meeting.pk) as held:
        item = held.items.filter(pk=passage.pk).first()
        if item is None:
            raise ValidationError("Ce passage n’est plus à l’ordre du jour\u00a0: rien n’est enregistré.")
        write_passage(item, merged(form.mine(), ItemForm.stored_of(item), **way), by=request.user)


@require_POST
def remove(request, pk, item):
    """Take a passage off the agenda; idempotent."""
    meeting = editable(request, pk)
    passage = meeting.items.filter(pk=item).first()
    if passage:
        try:
            take_off(passage)
        except ValidationError as error:
            return _refused(request, meeting, error)
        waits = "" if passage.kind == AgendaItem.Kind.APPROVAL else f" {WAITS}"
        messages.success(request, f"«\u00a0{passage.subject}\u00a0» n’est plus à l’ordre du jour.{waits}")
    return _back(meeting)


@require_POST
def put_back(request, pk, item):
    """What waits, a topic too, at the end of this agenda."""
    meeting = editable(request, pk)
    try:
        passage = workflows.put_back(meeting, item)
    except ValidationError as error:
        return _refused(request, meeting, error)
    if passage:
        messages.success(request, f"«\u00a0{passage.subject}\u00a0» est à l’ordre du jour.")
    return _back(meeting)


@require_POST
def add_approval(request, pk):
    meeting = editable(request, pk)
    try:
        workflows.add_approval(meeting)
    except ValidationError as error:
        return _refused(request, meeting, error)
    return _back(meeting)


@require_POST
def discard(request, pk, item):
    """Out of those that wait; the meeting is only where the button was."""
    meeting = editable(request, pk)
    with transaction.atomic():
        passage = AgendaItem.objects.waiting().select_for_update().filter(pk=item).first()
        if passage:
            passage.delete()
            messages.success(request, f"La proposition «\u00a0{passage.subject}\u00a0» est écartée.")
    return _back(meeting)


@require_POST
def invite(request, pk, slug):
    """The team of a sheet that is close to one on the agenda."""
    meeting = editable(request, pk)
    action = get_object_or_404(Action.objects.visible_to(request.user), slug=slug)
    try:
        invited = invite_team(meeting, action)
    except ValidationError as error:
        return _refused(request, meeting, error)
    if invited:
        messages.success(request, f"L’équipe de «\u00a0{action}\u00a0» est invitée\u00a0: voyez les participants.")
    else:
        messages.info(
            request,
            f"Personne de plus à inviter pour «\u00a0{action}\u00a0»\u00a0: ajoutez un participant par son adresse.",
        )
    return _back(meeting)


def _back(meeting: Meeting) -> HttpResponseRedirect:
    return HttpResponseRedirect(_order_of(meeting))


def _order_of(meeting: Meeting) -> str:
    return f"{reverse('meetings:prepare', args=[meeting.pk])}#ordre"


def _refused(request, meeting: Meeting, error: ValidationError, **typed):
    """A meeting that was closed or cancelled under the hand; what was typed stays in its form."""
    return _page(request, editable(request, meeting.pk), error=" ".join(error.messages), status=409, **typed)


def _page(request, meeting: Meeting, *, error: str = "", adding=None, topic=None, minutes=None, status: int = 200):
    items = list(meeting.items.for_preparing())
    planned = sum(item.minutes for item in items)
    lines = [(slot, *_minutes(slot.item, minutes)) for slot in clock(meeting, items)]
    context = {
        **head(request, meeting, "prepare"),
        "lines": lines,
        "base": json.dumps(base_of({"items": [line_of(item.pk, item.minutes) for item in items]})),
        "planned": planned,
        "total": duration(planned),
        "length": duration(meeting.length),
        "cautions": cautions(meeting, items, list(meeting.members.all())),
        "waiting": AgendaItem.objects.waiting().for_agenda().select_related("wanted_meeting", "proposed_by"),
        "hints": hints(meeting, items, catalogue_of(request), request.user),
        "adding": adding or AddForm(user=request.user),
        "topic": topic or TopicForm(),
        "error": error,
    }
    if not any(item.kind == AgendaItem.Kind.APPROVAL for item in items):
        context["approved"] = meeting.previous
    return render(request, "meetings/prepare.html", context, status=status)


def _minutes(item: AgendaItem, form: OrderForm | None) -> tuple[str | int, bool]:
    """What the page shows in the field, and whether it is wrong: what was typed stays under the pen."""
    typed = form.typed(item) if form else None
    return (item.minutes, False) if typed is None else (typed, f"minutes-{item.pk}" in form.errors)
