"""The outbox: letters written from the meeting, read and edited by a manager, then sent to each person separately, once."""

import re
import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from email.message import MIMEPart

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from actions.workflows import team
from isic.lib.background import background
from isic.lib.mail import absolute, compose, written
from isic.lib.merge import Base, Place
from isic.lib.months import long_day
from meetings import calendars, documents, guests
from meetings.agenda import clock
from meetings.changes import OF_AGENDA, agenda_changes, content_of, without_extract
from meetings.minutes import as_read
from meetings.models import AgendaItem, Delivery, Letter, Meeting, Presenter
from meetings.workflows import merged

Kind = Letter.Kind
PDF = "application/pdf"
#: By kind of letter, its words before anybody edits them.
TEMPLATES = {
    Kind.CONVOCATION: "meeting_convocation",
    Kind.UPDATE: "meeting_update",
    Kind.CANCELLATION: "meeting_cancellation",
    Kind.MINUTES: "meeting_minutes",
    Kind.EXTRACT: "meeting_extract",
}


@transaction.atomic
def prepare(meeting: Meeting, kind: str, *, by: User, item: AgendaItem | None = None) -> Letter:
    """A letter that waits to be read; asked for again before it leaves, it is the same one, with the words put in it."""
    meeting = Meeting.objects.select_for_update().select_related("territory").get(pk=meeting.pk)
    existing = meeting.letters.waiting().filter(kind=kind, item=item).first()
    if existing:
        return existing
    if refused := refusal(meeting, kind, item):
        raise ValidationError(refused)
    subject, body = _words(meeting, kind, item)
    letter = Letter.objects.create(meeting=meeting, kind=kind, item=item, subject=subject, body=body)
    address_to(letter, _team(item) if item else _people(meeting))
    return letter


@transaction.atomic
def prepare_extracts(meeting: Meeting, *, by: User) -> int:
    """Create one for each team that can read the answer on its action and has none; return how many."""
    items = without_extract(meeting.items.select_related("action"), meeting.letters.all())
    return len([prepare(meeting, Kind.EXTRACT, by=by, item=item) for item in items])


def refusal(meeting: Meeting, kind: str, item: AgendaItem | None) -> str:
    """Why such a letter cannot be written now; empty when it can. Checked again before sending."""
    if kind == Kind.CONVOCATION and meeting.state != Meeting.State.PREPARING:
        return f"La réunion est {meeting.get_state_display()}\u00a0: on ne convoque qu’à une réunion en préparation."
    if kind == Kind.UPDATE and not (meeting.state == Meeting.State.PREPARING and meeting.convoked_on):
        return "Un changement s’annonce à ceux qui sont convoqués, tant que la réunion est en préparation."
    if kind == Kind.CANCELLATION and meeting.state != Meeting.State.CANCELLED:
        return f"La réunion est {meeting.get_state_display()}\u00a0: il n’y a pas d’annulation à annoncer."
    if kind == Kind.MINUTES and meeting.state != Meeting.State.CLOSED:
        return "Le compte rendu part une fois la réunion close."
    if kind == Kind.MINUTES and meeting.items.unreleased().exists():
        return "Des avis ne sont pas encore communiqués\u00a0: communiquez-les d’abord, le compte rendu les contient."
    if kind == Kind.EXTRACT and (item is None or item.action_id is None):
        return "Un extrait porte sur le passage d’une action."
    if kind == Kind.EXTRACT and item.released_at is None:
        return "Cet avis n’est pas encore communiqué\u00a0: communiquez-le d’abord."
    return ""


def _words(meeting: Meeting, kind: str, item: AgendaItem | None) -> tuple[str, str]:
    """What the letter says before anybody edits it: a subject, and a body from « Bonjour » to the last sentence."""
    items = list(meeting.items.for_agenda()) if kind in OF_AGENDA else []
    context = {
        "meeting": meeting,
        "day": long_day(meeting.date),
        "url": absolute(meeting.get_absolute_url()),
        "slots": clock(meeting, items),
        "changes": agenda_changes(meeting, items, meeting.letters.all()) if kind == Kind.UPDATE else [],
        "tasks": meeting.tasks.filter(item=item) if item else [],
        "item": item,
        "is_postponed": bool(item) and item.outcome == AgendaItem.Outcome.POSTPONED,
        "again": item and _again(item),
        "minutes_url": absolute(reverse("meetings:minutes", args=[meeting.pk])),
        "version": meeting.minutes.first() if kind == Kind.MINUTES else None,
    }
    subject, body = written(TEMPLATES[kind], context)
    return subject[: Letter._meta.get_field("subject").max_length], body


def _again(item: AgendaItem) -> Meeting | None:
    """The meeting where a passage that was postponed goes on, if it has one."""
    following = item.continued.exclude(meeting=None).select_related("meeting").first()
    return following and following.meeting


def _people(meeting: Meeting) -> Iterable[tuple[str, str]]:
    """The members, and those who present: both come."""
    members = [(member.name, member.mailbox) for member in meeting.members.in_order().select_related("user")]
    presenters = Presenter.objects.filter(item__meeting=meeting, user__is_active=True).select_related("user")
    return members + [(presenter.name, presenter.user.email) for presenter in presenters]


def _team(item: AgendaItem) -> Iterable[tuple[str, str]]:
    """The team of the sheet, who presented it, and the colleague who proposed it; not a manager who added it."""
    people = Q(pk__in=team(item.action).values("pk")) | Q(pk__in=item.presenters.values("user"))
    if item.proposed_by and not item.proposed_by.is_manager:
        people |= Q(pk=item.proposed_by_id)
    return [(str(user), user.email) for user in User.objects.filter(people, is_active=True).order_by("pk")]


def left_out(letter: Letter) -> list[str]:
    """Whom the letter would have gone to, had they not left: members by name, a team by its functions."""
    if letter.item_id is None:
        return list(letter.meeting.members.left().values_list("name", flat=True))
    team = letter.item.action.team_members.filter(user__is_active=False, user__asked_at=None)
    return list(team.order_by("position", "pk").values_list("function", flat=True))


def closed_among(deliveries: Iterable[Delivery]) -> set[str]:
    """The addresses of closed accounts: nothing is sent there, even if the letter was ready before."""
    addresses = [delivery.address for delivery in deliveries]
    return set(User.objects.filter(email__in=addresses, is_active=False, asked_at=None).values_list("email", flat=True))


def address_to(letter: Letter, people: Iterable[tuple[str, str]]) -> None:
    """To these people (name, address) only, each once; people without an address must be reached another way."""
    wanted = {address.lower(): name for name, address in people if address}
    letter.deliveries.exclude(address__in=wanted).delete()
    delivered = {delivery.address: delivery for delivery in letter.deliveries.all()}
    for address, name in wanted.items():
        delivery = delivered.get(address)
        if delivery is None:
            letter.deliveries.create(address=address, name=name)
        elif delivery.name != name:
            delivery.name = name
            delivery.save(update_fields=["name"])


@contextmanager
def without_who_leaves(meeting: Meeting) -> Iterator[None]:
    """Whoever leaves the members meanwhile leaves the letters that wait."""
    before = {address.lower() for _, address in _people(meeting)}
    yield
    gone = before - {address.lower() for _, address in _people(meeting)}
    Delivery.objects.filter(letter__meeting=meeting, letter__released_at=None, address__in=gone).delete()


def recipients(letter: Letter) -> list[dict]:
    """The recipients of a letter as rows of its form, identified by address."""
    return [
        {
            "key": str(uuid.uuid5(uuid.NAMESPACE_URL, delivery.address)),
            "name": delivery.name,
            "address": delivery.address,
        }
        for delivery in letter.deliveries.all()
    ]


def letter_of(letter: Letter) -> dict[str, object]:
    """What a manager may change of it, in the names of its form."""
    return {"subject": letter.subject, "body": letter.body.strip(), "people": recipients(letter)}


@transaction.atomic
def write(
    pk: int, mine: Mapping, *, by: User, base: Base, leave: Collection[Place] = (), is_sent: bool = False
) -> bool:
    """Keep what one person changed of a letter, and send it if `is_sent`; whether it left, for it leaves only as it was read.

    The same letter sent twice leaves once. Raises Asked, and ValidationError where it has left already.
    """
    letter = Letter.objects.select_for_update(of=["self"]).select_related("meeting", "item").get(pk=pk)
    stored = letter_of(letter)
    if letter.released_at:
        if _is_same(mine, stored):
            return True
        raise ValidationError("Ce courrier est déjà parti\u00a0: il ne change plus.")
    values = merged(mine, stored, base, leave)
    now = {**stored, **values}
    letter.subject, letter.body = now["subject"], now["body"]
    letter.save(update_fields=["subject", "body"])
    address_to(letter, [(row["name"], row["address"]) for row in now["people"]])
    is_read = _is_same(mine, now)
    if is_sent and is_read:
        release(letter, by=by)
    return is_read


def _is_same(mine: Mapping, other: Mapping) -> bool:
    """The same words to the same people, in whatever order."""

    def people(values: Mapping) -> dict[str, str]:
        return {row["address"].lower(): row["name"] for row in values["people"]}

    return (mine["subject"], mine["body"], people(mine)) == (other["subject"], other["body"], people(other))


def release(letter: Letter, *, by: User) -> None:
    """Send it to each of its people, in the background; the letter is held still."""
    if refused := refusal(letter.meeting, letter.kind, letter.item):
        raise ValidationError(refused)
    people = list(letter.deliveries.all())
    closed = closed_among(people)
    people = [delivery for delivery in people if delivery.address not in closed]
    if not people:
        raise ValidationError("Ce courrier n’a pas de destinataire.")
    letter.released_at, letter.released_by, letter.content = timezone.now(), by, content_of(letter)
    letter.save()
    if letter.kind == Kind.CONVOCATION and letter.meeting.convoked_on is None:
        letter.meeting.convoked_on = timezone.localdate()
        letter.meeting.save(update_fields=["convoked_on"])
    for delivery in people:
        deliver.later(delivery.pk)


@background("Courrier d’une réunion")
def deliver(pk: int) -> None:
    """One mail to one person. What was sent is not sent again, however often this is tried."""
    delivery = (
        Delivery.objects.select_related("letter__meeting__territory", "letter__item", "letter__released_by")
        .filter(pk=pk)
        .first()
    )
    if delivery is None or delivery.sent_at or closed_among([delivery]):
        return
    letter, guest_url = delivery.letter, _guest_url(delivery)
    has_account = User.objects.filter(email=delivery.address.lower(), is_active=True).exists()
    body = letter.body if has_account else _for_guest(letter.body, guest_url)
    context = {"subject": letter.subject, "body": body, "guest_url": guest_url, "is_there": guest_url in body}
    mail = compose("meeting_letter", delivery.address, context)
    if letter.kind in (*OF_AGENDA, Kind.CANCELLATION):
        url = absolute(letter.meeting.get_absolute_url()) if has_account else guest_url
        mail.attach(_calendar(letter.meeting, delivery.address, url))
    for name, data in _attached(letter):
        mail.attach(name, data, PDF)
    mail.send()
    delivery.sent_at = timezone.now()
    delivery.save(update_fields=["sent_at"])


def _guest_url(delivery: Delivery) -> str:
    """Who has no account reads agenda and minutes by an address of his own."""
    members = delivery.letter.meeting.members.filter(user=None, email__iexact=delivery.address)
    guest = members.first()
    return guests.url(guest) if guest else ""


def _for_guest(body: str, guest_url: str) -> str:
    """The words of a letter without the addresses that ask to sign in: the guest's own, or what is joined to the mail."""
    of_accounts = re.compile(rf"{re.escape(settings.SITE_URL)}/isic/(?!invite/)[^\s<>)]*")
    return of_accounts.sub(lambda _: guest_url or "(en pièce jointe)", body)


def _calendar(meeting: Meeting, address: str, url: str) -> MIMEPart:
    method, content = calendars.invitation(meeting, address, url)
    part = MIMEPart()
    part.set_content(content.decode(), subtype="calendar", params={"method": method})
    part.add_header("Content-Disposition", "attachment", filename="reunion.ics")
    return part


def _attached(letter: Letter) -> Iterator[tuple[str, bytes]]:
    """Made when it leaves, so that it says what is so then; one that fails is tried again with its mail."""
    meeting = letter.meeting
    day = meeting.date.isoformat()
    if letter.kind in OF_AGENDA:
        # As its sender reads it; as anybody may, where that account is gone.
        reader = letter.released_by or AnonymousUser()
        yield (
            f"isic-{day}-{'convocation' if letter.kind == Kind.CONVOCATION else 'ordre-du-jour'}.pdf",
            documents.agenda_pdf(meeting, reader),
        )
    if letter.kind == Kind.MINUTES and (version := meeting.minutes.first()):
        yield f"isic-{day}-compte-rendu.pdf", documents.minutes_pdf(as_read(version, to=None))
