"""The deck of a meeting, full screen, and the window of who leads it; without a script, its text."""

from django.db.models import prefetch_related_objects
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from meetings.forms.outcomes import OutcomeForm
from meetings.models import Meeting
from meetings.outcomes import refusal
from meetings.slides import Passage, deck
from meetings.views.meetings import editable


@require_safe
def presentation(request, pk):
    """Everything is in the one page: once opened, it goes on without the network."""
    meeting = get_object_or_404(Meeting.objects.visible_to(request.user).select_related("territory"), pk=pk)
    context = {"meeting": meeting, "deck": deck(meeting, request.user, timezone.localdate())}
    return render(request, "meetings/presentation.html", context)


@require_safe
def presenter(request, pk):
    """What the room does not see: the notes, the next slide, the clock, and the secretary's box of the current passage."""
    meeting = editable(request, pk)
    shown = deck(meeting, request.user, timezone.localdate())
    is_held = meeting.state == Meeting.State.HELD
    prefetch_related_objects([passage.item for passage in shown.passages if passage.item], "continued__meeting")
    context = {
        "meeting": meeting,
        "deck": shown,
        "sides": [_side(passage, is_held) for passage in shown.passages],
        "refusal": "" if is_held else refusal(meeting),
    }
    return render(request, "meetings/presenter.html", context)


def _side(passage: Passage, is_held: bool) -> dict:
    """Beside the slides of one passage: its notes, its times, its form."""
    form = OutcomeForm(instance=passage.item) if is_held and passage.item else None
    return {"passage": passage, "item": passage.item, "form": form, "base": form.base if form else ""}
