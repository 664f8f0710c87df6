"""What a guest without an account reads, by a link of his own."""

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from actions.models import Action
from meetings import guests
from meetings.agenda import clock, duration
from meetings.minutes import as_read


@login_not_required
@require_safe
@never_cache
def guest(request, token):
    """The agenda, then the minutes, where what is not released yet stays hidden. A dead link says so, and nothing else."""
    member = guests.find(token)
    if member is None:
        return render(request, "meetings/guest_expired.html", status=404)
    meeting = member.meeting
    minutes = meeting.minutes.first()
    items = list(meeting.items.visible_to(AnonymousUser()).for_agenda())
    readable = Action.objects.visible_to(AnonymousUser()).filter(pk__in=[item.action_id for item in items])
    context = {
        "meeting": meeting,
        "member": member,
        "token": token,
        "read_minutes": as_read(minutes, to=None) if minutes else None,
        "slots": clock(meeting, items),
        "total": duration(sum(item.minutes for item in items)),
        "readable": set(readable.order_by().values_list("pk", flat=True)),
    }
    return render(request, "meetings/guest.html", context)
