"""The deck of a meeting, full screen; without a script, its text."""

from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from meetings.models import Meeting
from meetings.slides import deck


@require_safe
def presentation(request, pk):
    """Everything is in the one page: once opened, it goes on without the network."""
    meeting = get_object_or_404(Meeting.objects.visible_to(request.user).select_related("territory"), pk=pk)
    context = {"meeting": meeting, "deck": deck(meeting, request.user, timezone.localdate())}
    return render(request, "meetings/presentation.html", context)
