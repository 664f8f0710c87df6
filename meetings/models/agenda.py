"""The agenda: an action or a topic presented at one meeting, by whom, and what the instance brought to it."""

import datetime as dt
import uuid

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Prefetch, Q
from django.utils import timezone

from actions.models import Action
from actions.snapshot import snapshot
from isic.lib.months import long_day
from meetings.models.meeting import Meeting

#: How long before its day a follow-up is recalled.
REMIND_BEFORE = dt.timedelta(days=7)


#: Continues a passage of which nothing is released: its place would reveal the answer. What comes back by
#: itself, at its time, tells nothing.
RETURN_UNRELEASED = Q(continues__isnull=False, continues__released_at=None, continues__proposed_next="")


class AgendaItemQuerySet(models.QuerySet):
    def visible_to(self, user):
        """An agenda as the service prepares it, or as the others may read it."""
        return self if user.is_authenticated and user.is_manager else self.exclude(RETURN_UNRELEASED)

    def waiting(self):
        """Placed at no meeting yet: every meeting being prepared sees them."""
        return self.filter(meeting=None).order_by("proposed_at", "pk")

    def unreleased(self):
        """With an answer that the teams cannot read yet."""
        return self.filter(~Q(outcome="") | ~Q(brings=""), released_at=None)

    def for_agenda(self):
        """What an agenda shows, in a number of queries that does not depend on it."""
        # By their keys and not by a join, which PostgreSQL plans badly until the sheets are analysed.
        sheets = Prefetch("action", Action.objects.select_related("domain", "carrier_unit", "carrier_partner"))
        return self.prefetch_related("presenters", sheets)

    def for_preparing(self):
        """And what its cautions and hints read of the sheets: loaded whole, so never by a join, which would hide the rest."""
        sheets = Prefetch("action", Action.objects.for_sheet().for_snapshot())
        return self.select_related("continues").defer("continues__snapshot").prefetch_related("presenters", sheets)

    def of_actions(self):
        return self.exclude(action=None)

    def took_place(self):
        """Presented at a meeting that was held."""
        return self.filter(meeting__in=Meeting.objects.took_place())


class AgendaItem(models.Model):
    """One passage of the agenda; what describes the sheet stays on the sheet."""

    class Kind(models.TextChoices):
        """In the order of an agenda."""

        APPROVAL = "approval", "approbation du compte rendu"
        NEW = "new", "nouvelle action"
        PROGRESS = "progress", "point d’étape"
        ASSESSMENT = "assessment", "bilan"
        SPREADING = "spreading", "essaimage"
        TOPIC = "topic", "sujet libre"

    class Outcome(models.TextChoices):
        NONE = "", "pas encore d’avis"
        SUPPORTED = "supported", "soutenue"
        ADVISED = "advised", "soutenue avec conseils"
        REWORK = "rework", "à retravailler"
        POSTPONED = "postponed", "reportée"

    OF_ACTIONS = (Kind.NEW, Kind.PROGRESS, Kind.ASSESSMENT, Kind.SPREADING)

    meeting = models.ForeignKey(
        Meeting, verbose_name="réunion", null=True, blank=True, on_delete=models.CASCADE, related_name="items"
    )
    wanted_meeting = models.ForeignKey(
        Meeting,
        verbose_name="réunion souhaitée",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="wished_items",
    )
    kind = models.CharField("type de passage", max_length=10, choices=Kind, default=Kind.NEW)
    action = models.ForeignKey(
        Action, verbose_name="action", null=True, blank=True, on_delete=models.PROTECT, related_name="agenda_items"
    )
    title = models.CharField("sujet", max_length=150, blank=True)
    position = models.PositiveSmallIntegerField("rang", default=0)
    minutes = models.PositiveSmallIntegerField("minutes", default=15)
    question = models.CharField("question posée à l’instance", max_length=300, blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="proposé par",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="proposed_items",
    )
    proposed_at = models.DateTimeField("proposé le", default=timezone.now)
    is_late = models.BooleanField("proposé après la date limite", default=False)
    notes = models.TextField("notes du service", blank=True, help_text="Lues par le service seulement.")

    # The instance's answer; hidden from the teams until it is released.
    outcome = models.CharField("avis de l’instance", max_length=10, choices=Outcome, blank=True)
    comes_back_on = models.DateField("revient le", null=True, blank=True)
    is_to_spread = models.BooleanField("à diffuser", default=False)
    brings = models.TextField("ce que l’instance apporte", blank=True)
    released_at = models.DateTimeField("communiqué le", null=True, blank=True, editable=False)
    continues = models.ForeignKey(
        "self", verbose_name="suite de", null=True, blank=True, on_delete=models.SET_NULL, related_name="continued"
    )
    #: As what it was proposed again by itself: a passage that was withdrawn is not proposed each morning.
    proposed_next = models.CharField("reproposé comme", max_length=10, choices=Kind, blank=True, editable=False)
    #: The sheet as presented (actions.snapshot): contacts and people by key.
    snapshot = models.JSONField("fiche présentée", null=True, blank=True, editable=False)
    submission = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    objects = AgendaItemQuerySet.as_manager()

    class Meta:
        verbose_name = "passage"
        ordering = ["meeting", "position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["approval", "topic"], action=None)
                | Q(kind__in=["new", "progress", "assessment", "spreading"], action__isnull=False),
                name="meetings_agendaitem_subject",
                violation_error_message="Choisissez une action, ou écrivez un sujet libre.",
            ),
            models.CheckConstraint(
                condition=~Q(kind="topic") | ~Q(title=""),
                name="meetings_agendaitem_title",
                violation_error_message="Donnez un titre au sujet.",
            ),
            models.UniqueConstraint(
                fields=["meeting", "action"],
                condition=Q(meeting__isnull=False, action__isnull=False),
                name="meetings_agendaitem_once",
                violation_error_message="Cette action est déjà à l’ordre du jour.",
            ),
            models.CheckConstraint(
                condition=Q(minutes__gte=1, minutes__lte=480),
                name="meetings_agendaitem_minutes",
                violation_error_message="Un passage dure de 1 à 480 minutes.",
            ),
        ]

    def __str__(self):
        return self.subject

    @property
    def subject(self) -> str:
        if self.kind == self.Kind.APPROVAL:
            return self.title or self._approval
        return self.action.title if self.action else self.title

    @property
    def is_withdrawn(self) -> bool:
        """Its sheet was archived: its title is all that is still shown of it."""
        return bool(self.action) and self.action.editorial_state == Action.EditorialState.ARCHIVED

    @property
    def shown_question(self) -> str:
        """The question as whoever reads the agenda reads it, on screen, on paper, by a guest's link.

        A draft is presented by its title and its question, which its team proposed; the rest of the sheet is for who may
        see it (`meetings.presented`), and an archived one shows its title only.
        """
        return "" if self.is_withdrawn else self.question

    @property
    def _approval(self) -> str:
        """A hidden query: an agenda has one approval at most."""
        previous = self.meeting and self.meeting.previous
        return f"Approbation du compte rendu {f'du {long_day(previous.date)}' if previous else 'précédent'}"

    @property
    def is_return_unreleased(self) -> bool:
        """Twin of RETURN_UNRELEASED."""
        return self.continues is not None and not (self.continues.released_at or self.continues.proposed_next)

    @property
    def is_said(self) -> bool:
        """The passage has an answer."""
        return bool(self.outcome or self.brings)

    @property
    def is_unreleased(self) -> bool:
        """Twin of `AgendaItemQuerySet.unreleased`."""
        return self.is_said and self.released_at is None

    def shows_outcome_to(self, user) -> bool:
        """The service sees it at once, the others once it is released."""
        return self.is_said and (user.is_manager or self.released_at is not None)

    @property
    def outcome_words(self) -> str:
        """« soutenue », « à retravailler (revient le 3 mars 2027) », « approuvé » of minutes."""
        return outcome_words(self.kind, self.outcome, self.comes_back_on)

    def keep_snapshot(self) -> None:
        if self.action_id:
            self.snapshot = snapshot(Action.objects.for_snapshot().get(pk=self.action_id))
            self.save(update_fields=["snapshot"])

    def keep_title(self) -> None:
        """Which minutes were approved is said once the meeting is held."""
        if self.kind == self.Kind.APPROVAL and not self.title:
            self.title = self.subject
            self.save(update_fields=["title"])

    def unplace(self) -> None:
        """Back to those that wait for a meeting."""
        self.wanted_meeting, self.meeting, self.position = None, None, 0
        self.save(update_fields=["wanted_meeting", "meeting", "position"])

    @transaction.atomic
    def postpone(self, *, to: Meeting | None, by) -> "AgendaItem":
        """The same passage at another meeting (or waiting for one), tied to this one. Idempotent."""
        if self.action_id is None:
            raise ValidationError("Seul le passage d’une action se reporte.")
        self.outcome = self.Outcome.POSTPONED
        self.save(update_fields=["outcome"])
        return self.come_back(to=to)

    @transaction.atomic
    def come_back(self, *, to: Meeting | None, kind: str = "") -> "AgendaItem":
        """The same passage once more, or the one of this type that follows it; tied to this one. Idempotent."""
        AgendaItem.objects.select_for_update(of=["self"]).get(pk=self.pk)  # asked for twice at once: one waits
        existing = self.continued.first()
        if existing:
            return existing
        clone = AgendaItem.objects.create(
            meeting=to,
            kind=kind or self.kind,
            action=self.action,
            minutes=self.minutes,
            question="" if kind else self.question,
            position=to.items.count() if to else 0,
            proposed_by=self.proposed_by,
            continues=self,
        )
        for presenter in self.presenters.all():
            presenter.pk, presenter.key, presenter.item = None, uuid.uuid4(), clone
            presenter._state.adding = True
            presenter.save()
        return clone

    @transaction.atomic
    def release(self, *, on: dt.datetime | None = None) -> None:
        """Release the answer to the team. Saves this field alone: somebody may be typing the answer."""
        self.released_at = self.released_at or on or timezone.now()
        self.save(update_fields=["released_at"])


def outcome_words(kind: str, outcome: str, on: dt.date | None = None) -> str:
    """The answer in words; minutes are approved, not supported. `on`: when the passage comes back."""
    if not outcome:
        return ""
    if kind == AgendaItem.Kind.APPROVAL:
        return APPROVALS.get(outcome, AgendaItem.Outcome(outcome).label)
    words = AgendaItem.Outcome(outcome).label
    if on and outcome == AgendaItem.Outcome.REWORK:
        return f"{words} (revient le {long_day(on)})"
    return f"{words} au {long_day(on)}" if on and outcome == AgendaItem.Outcome.POSTPONED else words


#: Answers possible on minutes.
APPROVALS = {AgendaItem.Outcome.SUPPORTED: "approuvé", AgendaItem.Outcome.ADVISED: "approuvé avec des remarques"}


class Presenter(models.Model):
    """Who presents or co-facilitates a passage, in order, with or without an account."""

    class Role(models.TextChoices):
        PRESENTER = "presenter", "présente"
        CO_FACILITATOR = "co_facilitator", "co-anime"

    item = models.ForeignKey(AgendaItem, verbose_name="passage", on_delete=models.CASCADE, related_name="presenters")
    #: Who the row is, whatever its place: a form sends it back.
    key = models.UUIDField(default=uuid.uuid4, editable=False)
    position = models.PositiveSmallIntegerField("rang", default=0)
    role = models.CharField("rôle", max_length=16, choices=Role, default=Role.PRESENTER)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="compte",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="presentations",
    )
    name = models.CharField("nom", max_length=150)
    function = models.CharField("fonction", max_length=150, blank=True)

    class Meta:
        verbose_name = "présentateur"
        ordering = ["item", "position", "pk"]
        constraints = [models.UniqueConstraint(fields=["item", "key"], name="meetings_presenter_key")]

    def __str__(self):
        return self.name


class TaskQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own; and those that tell nothing of what is not released yet."""
        if user.is_manager:
            return self
        public = Q(item__released_at__isnull=False) | Q(item=None, meeting__state=Meeting.State.CLOSED)
        return self.filter(public | Q(user_id=user.pk))

    def carried_to(self, meeting):
        """Shown at each next meeting of the territory until they are done."""
        return self.open().filter(meeting__territory_id=meeting.territory_id, meeting__date__lt=meeting.date)

    def finishable_by(self, user):
        return self if user.is_manager else self.filter(user_id=user.pk)

    def open(self):
        return self.filter(done_on=None)

    def to_remind(self, on: dt.date | None = None):
        """Not yet recalled; tasks without a date never are."""
        soon = (on or timezone.localdate()) + REMIND_BEFORE
        return self.open().filter(due_on__lte=soon, reminded_on=None)


class Task(models.Model):
    """Who does what by when after a meeting; shown at each next meeting until done."""

    meeting = models.ForeignKey(Meeting, verbose_name="réunion", on_delete=models.CASCADE, related_name="tasks")
    item = models.ForeignKey(
        AgendaItem, verbose_name="passage", null=True, blank=True, on_delete=models.CASCADE, related_name="tasks"
    )
    what = models.CharField("quoi", max_length=300)
    who = models.CharField("qui", max_length=150)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="compte",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="tasks",
    )
    due_on = models.DateField("pour le", null=True, blank=True)
    done_on = models.DateField("fait le", null=True, blank=True)
    reminded_on = models.DateField("rappelé le", null=True, blank=True, editable=False)

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = "suite à donner"
        verbose_name_plural = "suites à donner"
        ordering = ["due_on", "pk"]

    def __str__(self):
        return self.what

    def finish(self, *, on: dt.date | None = None) -> None:
        self.done_on = self.done_on or on or timezone.localdate()
        self.save(update_fields=["done_on"])

    def reopen(self) -> None:
        self.done_on = None
        self.save(update_fields=["done_on"])
