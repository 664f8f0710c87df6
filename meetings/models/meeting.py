"""An ISIC meeting: a place to share and encourage, not a court; and who takes part in it."""

import datetime as dt
import uuid

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Case, F, Q, When
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from actions.rhythm import describe_hours
from isic.lib.months import long_day
from isic.lib.ordering import SortKeyField
from isic.lib.versions import Versioned
from territories.models import Territory

#: How long before a meeting agents may still add an action to it themselves, in days.
DEADLINE_DAYS = 7
#: How long after a meeting a guest's link opens its minutes, in days.
GUEST_DAYS = 30


class MeetingQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Agenda and minutes are read by any signed-in agent."""
        return self if user.is_authenticated else self.none()

    def editable_by(self, user):
        """The service prepares, runs and minutes."""
        return self if user.is_authenticated and user.is_manager else self.none()

    def coming(self, on: dt.date | None = None):
        return self.filter(date__gte=on or timezone.localdate(), state=Meeting.State.PREPARING).order_by("date", "pk")

    def past(self, on: dt.date | None = None):
        """Held, closed or cancelled; and those whose day went by without a word."""
        today = on or timezone.localdate()
        return self.exclude(pk__in=self.coming(today).values("pk"))

    def open_to_proposals(self, on: dt.date | None = None):
        """Agents may add an action themselves until the deadline, that day included."""
        return self.coming(on).filter(deadline_on__gte=on or timezone.localdate())

    def may_have_minutes(self, on: dt.date | None = None):
        """Held, or still to come; not one that was cancelled, or whose day went by without a word."""
        coming = Q(state=Meeting.State.PREPARING, date__gte=on or timezone.localdate())
        return self.filter(coming | Q(state__in=[Meeting.State.HELD, Meeting.State.CLOSED]))

    def took_place(self):
        """Of which there is something to read: held or closed."""
        return self.filter(state__in=[Meeting.State.HELD, Meeting.State.CLOSED])


class Meeting(Versioned):
    """One meeting of the instance."""

    class State(models.TextChoices):
        PREPARING = "preparing", "en préparation"
        HELD = "held", "tenue"
        CLOSED = "closed", "close"
        CANCELLED = "cancelled", "annulée"

    territory = models.ForeignKey(
        Territory,
        verbose_name="territoire",
        on_delete=models.PROTECT,
        related_name="meetings",
        limit_choices_to={"kind__in": ["department", "local_unit"]},
        help_text="Le département, ou une unité locale.",
    )
    date = models.DateField("date")
    starts_at = models.TimeField("de", default=dt.time(9, 30))
    ends_at = models.TimeField("à", default=dt.time(12))
    place = models.CharField("lieu", max_length=200, blank=True)
    video_url = models.URLField("lien de visioconférence", blank=True)
    deadline_on = models.DateField("propositions jusqu’au", null=True, blank=True)
    state = models.CharField("état", max_length=10, choices=State, default=State.PREPARING, db_index=True)
    reason = models.CharField(
        "motif",
        max_length=300,
        blank=True,
        help_text="D’une annulation, d’un retour, ou d’une clôture malgré ce qui manque.",
    )
    notes = models.TextField("notes du service", blank=True, help_text="Lues par le service seulement.")
    convoked_on = models.DateField("convoquée le", null=True, blank=True, editable=False)
    closed_at = models.DateTimeField("close le", null=True, blank=True, editable=False)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="close par",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="closed_meetings",
        editable=False,
    )
    is_example = models.BooleanField("donnée d’exemple", default=False, editable=False)
    #: The same form sent twice makes one meeting.
    submission = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = "réunion ISIC"
        verbose_name_plural = "réunions ISIC"
        ordering = ["-date", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="meetings_meeting_hours",
                violation_error_message="L’heure de fin doit suivre l’heure de début.",
            ),
            models.CheckConstraint(
                condition=Q(deadline_on=None) | Q(deadline_on__lte=F("date")),
                name="meetings_meeting_deadline",
                violation_error_message="On ne propose plus rien après la réunion\u00a0: la date limite la précède.",
            ),
            models.CheckConstraint(
                condition=~Q(state="cancelled") | ~Q(reason=""),
                name="meetings_meeting_cancelled_reason",
                violation_error_message="Dites en une phrase pourquoi la réunion est annulée.",
            ),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False)
                | ~Q(state="closed") & Q(closed_at=None, closed_by=None),
                name="meetings_meeting_closed",
                violation_error_message="Une réunion close a une date de clôture, et elle seule.",
            ),
        ]

    def __str__(self):
        return f"Instance ISIC du {long_day(self.date)}"

    def get_absolute_url(self):
        return reverse("meetings:meeting", args=[self.pk])

    @property
    def is_locked(self) -> bool:
        """Closed or cancelled: its items and its minutes no longer change."""
        return self.state in (self.State.CLOSED, self.State.CANCELLED)

    @property
    def hours(self) -> str:
        """« de 9 h 30 à 12 h »."""
        return describe_hours(self.starts_at, self.ends_at)

    @property
    def takes_proposals(self) -> bool:
        """Twin of `MeetingQuerySet.open_to_proposals`."""
        today = timezone.localdate()
        is_coming = self.state == self.State.PREPARING and self.date >= today
        return is_coming and self.deadline_on is not None and self.deadline_on >= today

    @property
    def length(self) -> int:
        """In minutes."""
        start, end = (t.hour * 60 + t.minute for t in (self.starts_at, self.ends_at))
        return end - start

    @cached_property
    def previous(self) -> "Meeting | None":
        """The meeting whose minutes this one approves: the last one before it, of the same territory, that was held or may be.

        Read when it is asked for, never kept: meetings are made a year ahead, then moved and cancelled. A hidden query.
        """
        earlier = Meeting.objects.may_have_minutes().filter(territory_id=self.territory_id, date__lt=self.date)
        return earlier.order_by("-date", "-pk").first()

    @property
    def following(self) -> "Meeting | None":
        """The meeting that approves the minutes of this one: twin of `previous`."""
        later = Meeting.objects.may_have_minutes().filter(territory_id=self.territory_id, date__gt=self.date)
        return later.order_by("date", "pk").first()

    @transaction.atomic
    def hold(self, *, by) -> None:
        """The meeting takes place: each sheet is kept as it is presented."""
        self._move(self.State.HELD, since=[self.State.PREPARING])
        for item in self.items.select_related("action"):
            item.keep_snapshot()
            item.keep_title()

    @transaction.atomic
    def close(self, *, by, reason: str = "") -> None:
        """What was decided is written: items and minutes are locked."""
        self.closed_at, self.closed_by = timezone.now(), by
        self._move(self.State.CLOSED, since=[self.State.HELD], reason=reason)

    @transaction.atomic
    def cancel(self, *, by, reason: str) -> None:
        """Its items go back to those that wait for a meeting."""
        if not reason:
            raise ValidationError("Dites en une phrase pourquoi la réunion est annulée.")
        self._move(self.State.CANCELLED, since=[self.State.PREPARING], reason=reason)
        for item in self.items.exclude(action=None):
            item.unplace()

    @transaction.atomic
    def resume(self, *, by, reason: str) -> None:
        """Back to the state before, with a reason: held by mistake, or cancelled too early."""
        if not reason:
            raise ValidationError("Dites en une phrase pourquoi la réunion revient en préparation.")
        self._move(self.State.PREPARING, since=[self.State.HELD, self.State.CANCELLED], reason=reason)

    def _move(self, state, *, since, reason: str = "") -> None:
        if self.state not in since:
            raise ValidationError(f"La réunion est {self.get_state_display()}\u00a0: ce n’est pas possible.")
        self.take_version(self.version)
        self.state, self.reason = state, reason
        self.save(update_fields=["state", "reason", "closed_at", "closed_by"])


class MemberQuerySet(models.QuerySet):
    def in_order(self):
        """Who presides first, the guests last."""
        ranks = [When(role=role, then=rank) for rank, role in enumerate(Member.Role.values)]
        return self.order_by(Case(*ranks, default=len(ranks)), "sort_key", "pk")

    def standing(self):
        """Who comes along to the next meeting: guests were for a day, and a closed account is that of nobody any more."""
        return self.exclude(role=Member.Role.GUEST).exclude(pk__in=self.left().values("pk"))

    def left(self):
        """Whose account is closed."""
        return self.filter(user__is_active=False, user__asked_at=None).order_by("sort_key", "pk")


class Member(models.Model):
    """Somebody who takes part, with or without an account; names live here and nowhere else in the minutes."""

    class Role(models.TextChoices):
        CHAIR = "chair", "préside"
        SECRETARY = "secretary", "secrétaire"
        CO_FACILITATOR = "co_facilitator", "co-anime"
        MEMBER = "member", "membre"
        GUEST = "guest", "invité"

    class Presence(models.TextChoices):
        EXPECTED = "", "attendu"
        PRESENT = "present", "présent"
        EXCUSED = "excused", "excusé"
        ABSENT = "absent", "absent"

    meeting = models.ForeignKey(Meeting, verbose_name="réunion", on_delete=models.CASCADE, related_name="members")
    #: Who the row is, whatever its place: a form sends it back.
    key = models.UUIDField(default=uuid.uuid4, editable=False)
    role = models.CharField("rôle", max_length=16, choices=Role, default=Role.MEMBER)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="compte",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="meeting_memberships",
    )
    name = models.CharField("nom", max_length=150)
    sort_key = SortKeyField()
    function = models.CharField("fonction", max_length=150, blank=True)
    email = models.EmailField("adresse e-mail", blank=True)
    presence = models.CharField("présence", max_length=8, choices=Presence, blank=True)

    objects = MemberQuerySet.as_manager()

    class Meta:
        verbose_name = "participant"
        ordering = ["meeting", "sort_key", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "user"],
                condition=Q(user__isnull=False),
                name="meetings_member_once",
                violation_error_message="Cette personne participe déjà à la réunion.",
            ),
            models.UniqueConstraint(fields=["meeting", "key"], name="meetings_member_key"),
            models.UniqueConstraint(
                fields=["meeting", "role"],
                condition=Q(role__in=["chair", "secretary"]),
                name="meetings_member_one_chair",
                violation_error_message="Une seule personne préside, une seule tient le secrétariat.",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def address(self) -> str:
        """The account's, or the one given."""
        return self.user.email if self.user else self.email

    @property
    def mailbox(self) -> str:
        """Where to write; empty for who left."""
        return "" if self.user and self.user.is_closed else self.address
