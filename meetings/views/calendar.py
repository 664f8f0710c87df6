"""Meetings in people's calendars."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from meetings import calendars
from meetings.models import Meeting


@require_safe
def event(request, pk):
    """One meeting, to open in a calendar."""
    meeting = get_object_or_404(Meeting.objects.visible_to(request.user).select_related("territory"), pk=pk)
    return _answer(calendars.calendar([meeting]), f"isic-{meeting.date:%Y-%m-%d}.ics")


@login_not_required
@require_safe
def feed(request, token):
    """A calendar subscribes to it without signing in; an address that is dead looks like none."""
    user = calendars.reader(token)
    if user is None:
        raise Http404
    since = timezone.localdate() - calendars.KEPT
    meetings = Meeting.objects.visible_to(user).filter(date__gte=since).select_related("territory")
    return _answer(calendars.calendar(meetings.order_by("date", "pk")), "isic.ics")


@require_POST
def renew(request):
    """Whoever has the old address reads nothing any more."""
    calendars.renew(request.user)
    messages.success(request, "Votre adresse de calendrier est renouvelée\u00a0: l’ancienne ne fonctionne plus.")
    return HttpResponseRedirect(f"{reverse('meetings:list')}#calendrier")


def _answer(content: bytes, name: str) -> HttpResponse:
    return HttpResponse(
        content,
        content_type="text/calendar; method=PUBLISH; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"},
    )
