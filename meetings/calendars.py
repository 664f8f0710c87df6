"""Meetings in people's calendars: one as a file, all as a feed at an address of one's own. No notes, no guests, no titles."""

import datetime as dt
from collections.abc import Iterable
from email.utils import parseaddr
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.http import base36_to_int, int_to_base36
from icalendar import Calendar, Event, vCalAddress

from accounts.models import User
from isic.lib.mail import absolute
from meetings.models import CalendarKey, Meeting

#: How far back a feed goes.
KEPT = dt.timedelta(days=366)


def calendar(meetings: Iterable[Meeting], *, name: str = "Réunions ISIC") -> bytes:
    """Reads the territory of each. Read again with a higher number, an event replaces itself in the calendar."""
    feed = _empty("PUBLISH")
    feed.add("x-wr-calname", name)
    for meeting in meetings:
        feed.add_component(_event(meeting, absolute(meeting.get_absolute_url())))
    return feed.to_ical()


def invitation(meeting: Meeting, address: str, url: str) -> tuple[str, bytes]:
    """The method and the file of a mail: Outlook puts the event in the calendar, and takes it out again, only when it is
    a request, then a cancellation, from somebody to this person. Nobody else is named. `url`: where this person reads, if anywhere.
    """
    method = "CANCEL" if meeting.state == Meeting.State.CANCELLED else "REQUEST"
    event = _event(meeting, url)
    attendee = vCalAddress(f"MAILTO:{address}")
    attendee.params["RSVP"] = "FALSE"
    event.add("attendee", attendee)
    feed = _empty(method)
    feed.add_component(event)
    return method, feed.to_ical()


def _empty(method: str) -> Calendar:
    feed = Calendar()
    feed.add("prodid", f"-//{settings.SITE_NAME}//ISIC//FR")
    feed.add("version", "2.0")
    feed.add("method", method)
    return feed


def _organizer() -> vCalAddress:
    """Without one, Outlook refuses what is published as well as what is requested (RFC 5546)."""
    organizer = vCalAddress(f"MAILTO:{settings.SERVICE_EMAIL or parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}")
    organizer.params["CN"] = settings.SERVICE_NAME
    return organizer


def _event(meeting: Meeting, url: str) -> Event:
    event = Event()
    event.add("organizer", _organizer())
    event.add("uid", f"isic-{meeting.pk}@{urlsplit(settings.SITE_URL).hostname}")
    event.add("sequence", meeting.version)
    event.add("dtstamp", timezone.now().astimezone(dt.UTC))
    event.add("dtstart", _instant(meeting.date, meeting.starts_at))
    event.add("dtend", _instant(meeting.date, meeting.ends_at))
    event.add("summary", f"Instance ISIC, {meeting.territory}")
    event.add("status", "CANCELLED" if meeting.state == Meeting.State.CANCELLED else "CONFIRMED")
    if where := " – ".join(filter(None, [meeting.place, meeting.video_url])):
        event.add("location", where)
    if url:
        event.add("description", f"Ordre du jour\u00a0: {url}")
        event.add("url", url)
    return event


def _instant(date: dt.date, time: dt.time) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(date, time)).astimezone(dt.UTC)


def feed_url(user: User) -> str:
    """An address that signs in to nothing: it dies with the password, the account, or `renew`."""
    token = f"{int_to_base36(user.pk)}-{_signature(user)}"
    return absolute(reverse("meetings:feed", args=[token]))


def renew(user: User) -> None:
    CalendarKey.objects.filter(user=user).delete()
    CalendarKey.objects.create(user=user)


def reader(token: str) -> User | None:
    """Whose address it is; nobody's once it is dead."""
    who, _, signature = token.partition("-")
    try:
        user = User.objects.filter(pk=base36_to_int(who), is_active=True).first()
    except ValueError:
        return None
    return user if user and constant_time_compare(signature, _signature(user)) else None


def _signature(user: User) -> str:
    key = CalendarKey.objects.filter(user=user).values_list("key", flat=True).first()
    return salted_hmac("meetings.calendar", f"{user.pk} {user.password} {key}", algorithm="sha256").hexdigest()
