"""A move takes a record from one state to another. Each has a page that says what will happen; its button does it.

A room lists its moves in a module of its own, and gives each a page of its own address:

    CLOSE = MeetingMove(name="close", verb="Clore la réunion", since=(State.HELD,), target=State.CLOSED, …)

    def move(request, pk, move):
        return move_page(request, move, partial(editable, request, pk), partial(surroundings, request))

The record is `Versioned`: what changed since the page was shown is shown again before anything is done, and the words
typed stay in the form whatever the refusal.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import ClassVar

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from isic.lib.forms import FrontForm
from isic.lib.people import AsksAboutPeople
from isic.lib.versions import StaleVersion, version_seen


@dataclass(frozen=True, kw_only=True)
class Move[Record: Model]:
    """One change of state. A room subclasses it once, to say of what, and where its state and its reason are kept."""

    subject: ClassVar[str]  # « la réunion »
    state_field: ClassVar[str] = "state"
    reason_field: ClassVar[str] = "reason"

    name: str  # of the address
    verb: str  # on the button
    done: str  # a sentence: « La réunion est close. »
    since: tuple[str, ...]
    target: str
    write: Callable[[Record, object, str], object]  # (record, by, reason)
    leads_to: Callable[[Record], Iterable[str]]  # what will happen, a sentence each
    asks: str = ""  # the question whose answer is the reason
    is_reason_needed: bool = True
    help_text: str = ""

    def is_possible(self, record: Record) -> bool:
        return getattr(record, self.state_field) in self.since

    def is_done(self, record: Record, reason: str) -> bool:
        """The same form sent twice. With another reason it is not done: the words would be lost."""
        return getattr(record, self.state_field) == self.target and getattr(record, self.reason_field) == reason

    def question(self, record: Record) -> str:
        """What is asked of who does it, about this record; empty where nothing is."""
        return self.asks

    def needs_reason(self, record: Record) -> bool:
        """Whether the question must be answered."""
        return self.is_reason_needed

    def state(self, record: Record) -> str:
        return getattr(record, f"get_{self.state_field}_display")()

    def consequences(self, record: Record, by) -> list[str]:
        return list(self.leads_to(record))

    @transaction.atomic
    def carry_out(self, record: Record, *, by, reason: str = "") -> None:
        """Raises StaleVersion, or ValidationError with the sentence that says why it cannot."""
        # Of two at once, the second finds the version that the first took.
        type(record)._base_manager.select_for_update().filter(pk=record.pk).order_by().first()
        self.write(record, by, reason)


class MoveForm(AsksAboutPeople, FrontForm, forms.Form):
    """The question of a move, if it asks one."""

    def __init__(self, *args, move: Move, record: Model, **kwargs):
        super().__init__(*args, **kwargs)
        if question := move.question(record):
            self.fields["reason"] = forms.CharField(
                label=question,
                required=move.needs_reason(record),
                max_length=record._meta.get_field(move.reason_field).max_length,
                help_text=move.help_text,
            )


def move_page[Record: Model](
    request, move: Move[Record], fetch: Callable[[], Record], surroundings: Callable[[Record], dict]
) -> HttpResponse:
    """Links of mails lead to such pages: opening one writes nothing.

    `surroundings(record)` is what the room shows around the form (templates/components/move.html lists it).
    """
    record = fetch()
    form = MoveForm(request.POST if request.method == "POST" else None, move=move, record=record)
    error, status = _attempt(request, move, fetch, record, form) if form.is_bound else ("", 200)
    if status == 302:
        return HttpResponseRedirect(record.get_absolute_url())
    if status == 409:
        record = fetch()
    context = {
        "record": record,
        "move": move,
        "form": form,
        "error": error,
        "state": move.state(record),
        "is_possible": move.is_possible(record),
        "consequences": move.consequences(record, request.user),
        **surroundings(record),
    }
    return render(request, "components/move.html", context, status=status)


def _attempt(request, move: Move, fetch: Callable, record: Model, form: MoveForm) -> tuple[str, int]:
    """The sentence that says why it is not done, and the status of the answer: 302 once it is."""
    if not form.is_valid():
        return "", 422
    reason = form.cleaned_data.get("reason", "")
    was_done = move.is_done(record, reason)
    is_older = was_done and record.version > version_seen(request.POST) + 1
    if not was_done and (error := _refusal(request, move, record, reason)) and not move.is_done(fetch(), reason):
        return error, 409
    messages.success(request, f"C’était déjà fait. {move.done}" if is_older else move.done)
    return "", 302


def _refusal(request, move: Move, record: Model, reason: str) -> str:
    """Empty once the move is done; otherwise the sentence that says why it is not."""
    changed = (
        f"Quelqu’un a enregistré {move.subject} entre-temps\u00a0: relisez avant de décider. Rien n’est encore fait."
    )
    if version_seen(request.POST) != record.version or not move.is_possible(record):
        return changed
    try:
        move.carry_out(record, by=request.user, reason=reason)
    except StaleVersion:
        return changed
    except ValidationError as error:
        return " ".join(error.messages)
    return ""
