"""Preparing the agenda: its order and its clock, what deserves a look, what could be added."""

from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe

from meetings.agenda import cautions, clock, duration
from meetings.models import AgendaItem
from meetings.views.meetings import editable, head


@require_safe
def prepare(request, pk):
    meeting = editable(request, pk)
    if meeting.is_locked:
        return HttpResponseRedirect(meeting.get_absolute_url())
    items = list(meeting.items.for_preparing())
    context = {
        **head(request, meeting, "prepare"),
        "slots": clock(meeting, items),
        "total": duration(sum(item.minutes for item in items)),
        "cautions": cautions(meeting, items, list(meeting.members.all())),
        "waiting": AgendaItem.objects.waiting().for_agenda(),
    }
    return render(request, "meetings/prepare.html", context)
