"""Preparing the agenda: its order and its clock, what deserves a look, what could be added."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from actions.models import Action
from catalogue.caching import catalogue_of
from isic.lib.rows import after_operation
from isic.lib.versions import StaleVersion, version_seen
from meetings.agenda import by_type, cautions, clock, duration
from meetings.forms.agenda import AddForm, ItemForm, OrderForm, TopicForm
from meetings.hints import hints
from meetings.models import AgendaItem, Meeting
from meetings.views.meetings import CHANGED, editable, head
from meetings.workflows import add, changing, invite_team, reorder, set_presenters, take_off

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
    items = list(meeting.items.for_agenda())
    form = OrderForm(request.POST, items=items)
    if not form.is_valid():
        return _page(request, meeting, error="Un passage dure de 1 à 480 minutes.", minutes=form, status=422)
    try:
        reorder(meeting, _wanted(request.POST, items), form.minutes, seen=version_seen(request.POST))
    except StaleVersion:
        return _page(request, editable(request, pk), error=MOVED, status=409)
    except ValidationError as error:
        return _refused(request, meeting, error)
    return _back(meeting)


def _wanted(data, items: list[AgendaItem]) -> list[int]:
    """The keys in the order asked for; one that is no order of these passages is found out by `reorder`."""
    if "by_type" in data:
        return [item.pk for item in by_type(items)]
    order = [item.pk for item in items]
    if data.get("order"):
        told = data["order"][:2000].split(",")
        return [int(key) for key in told if key.isdecimal() and len(key) < 19]
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
    return _added(request, meeting, form.cleaned_data["action"], form.cleaned_data["kind"])


@require_POST
def add_sheet(request, pk, slug):
    """In one click, from what waits and from the hints."""
    meeting = editable(request, pk)
    sheets = Action.objects.visible_to(request.user).exclude(editorial_state=Action.EditorialState.ARCHIVED)
    kind = request.POST.get("kind", "")
    return _added(request, meeting, get_object_or_404(sheets, slug=slug), kind if kind in AgendaItem.OF_ACTIONS else "")


def _added(request, meeting: Meeting, action: Action, kind: str):
    try:
        item = add(meeting, action, by=request.user, kind=kind)
    except ValidationError as error:
        return _refused(request, meeting, error)
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
        return _refused(request, meeting, error)
    messages.success(request, "Le sujet est à l’ordre du jour.")
    return _back(meeting)


@require_http_methods(["GET", "HEAD", "POST"])
def item(request, pk, item):
    meeting = editable(request, pk)
    passage = get_object_or_404(meeting.items.select_related("action"), pk=item)
    kwargs = {"instance": passage, "initial": {"presenters": ItemForm.rows_of(passage)}}
    if "op" in request.POST:
        return _item_page(request, meeting, passage, after_operation(ItemForm, request.POST, **kwargs))
    form = ItemForm(request.POST or None, **kwargs)
    if request.method != "POST":
        return _item_page(request, meeting, passage, form)
    if not form.is_valid():
        return _item_page(request, meeting, passage, form, status=422)
    try:
        with changing(meeting.pk, seen=version_seen(request.POST)):
            form.save_item()
            set_presenters(passage, form.cleaned_data["presenters"])
    except StaleVersion:
        return _item_page(request, editable(request, pk), passage, form, error=CHANGED, status=409)
    except ValidationError as error:
        return _item_page(request, meeting, passage, form, error=" ".join(error.messages), status=409)
    messages.success(request, "C’est enregistré.")
    return _back(meeting)


def _item_page(request, meeting: Meeting, passage: AgendaItem, form: ItemForm, *, error: str = "", status: int = 200):
    context = {**head(request, meeting, "prepare"), "item": passage, "form": form, "error": error}
    return render(request, "meetings/item.html", context, status=status)


@require_POST
def remove(request, pk, item):
    """Sent twice, it is already off."""
    meeting = editable(request, pk)
    passage = meeting.items.filter(pk=item).first()
    if passage:
        try:
            take_off(passage)
        except ValidationError as error:
            return _refused(request, meeting, error)
        waits = " L’action attend de nouveau une réunion." if passage.action_id else ""
        messages.success(request, f"«\u00a0{passage.subject}\u00a0» n’est plus à l’ordre du jour.{waits}")
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
    return HttpResponseRedirect(f"{reverse('meetings:prepare', args=[meeting.pk])}#ordre")


def _refused(request, meeting: Meeting, error: ValidationError):
    """A meeting that was closed or cancelled under the hand."""
    return _page(request, editable(request, meeting.pk), error=" ".join(error.messages), status=409)


def _page(request, meeting: Meeting, *, error: str = "", adding=None, topic=None, minutes=None, status: int = 200):
    items = list(meeting.items.for_preparing())
    planned = sum(item.minutes for item in items)
    lines = [(slot, *_minutes(slot.item, minutes)) for slot in clock(meeting, items)]
    context = {
        **head(request, meeting, "prepare"),
        "lines": lines,
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
    return render(request, "meetings/prepare.html", context, status=status)


def _minutes(item: AgendaItem, form: OrderForm | None) -> tuple[str | int, bool]:
    """What the page shows in the field, and whether it is wrong: what was typed stays under the pen."""
    name = f"minutes-{item.pk}"
    return (form.data.get(name, item.minutes), name in form.errors) if form else (item.minutes, False)
