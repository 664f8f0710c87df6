"""The dates of a group: each is saved by itself, outside the versions of its sheet."""

import datetime as dt

from django.db import models
from django.db.models import F, Q

from actions.models.action import Action
from actions.models.rows import Row
from actions.rhythm import describe_hours
from isic.lib.months import long_day


class SessionQuerySet(models.QuerySet):
    def coming(self, on: dt.date):
        """From that day on, the cancelled ones too."""
        return self.filter(date__gte=on)

    def past(self, on: dt.date):
        """Before that day, the last one first."""
        return self.filter(date__lt=on).order_by("-date", "-starts_at", "-pk")


class Session(Row):
    """One dated meeting of the group, added by hand, moved or cancelled; what happened in it belongs to the follow-up.

    It is never deleted: whoever noted its date must be able to read that it moved, or why it was cancelled.
    """

    action = models.ForeignKey(Action, verbose_name="action", on_delete=models.CASCADE, related_name="sessions")
    date = models.DateField("date")
    starts_at = models.TimeField("de", null=True, blank=True)
    ends_at = models.TimeField("à", null=True, blank=True)
    place = models.CharField("lieu, s’il change", max_length=200, blank=True)
    moved_from = models.DateField("déplacée du", null=True, blank=True, editable=False)
    cancellation_reason = models.CharField("motif de l’annulation", max_length=200, blank=True)

    objects = SessionQuerySet.as_manager()

    class Meta(Row.Meta):
        verbose_name = "séance"
        ordering = ["date", "starts_at", "pk"]
        constraints = [
            *Row.Meta.constraints,
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(starts_at__isnull=False, ends_at__gt=F("starts_at")),
                name="actions_session_hours",
                violation_error_message="L’heure de fin doit suivre l’heure de début.",
            ),
            models.UniqueConstraint(
                fields=["action", "date", "starts_at"],
                name="actions_session_once",
                violation_error_message="Cette séance est déjà parmi les dates du groupe.",
            ),
            # Two unknown hours are not equal for the constraint above.
            models.UniqueConstraint(
                fields=["action", "date"],
                condition=Q(starts_at=None),
                name="actions_session_once_a_day",
                violation_error_message="Cette date est déjà parmi celles du groupe.",
            ),
        ]

    def __str__(self):
        return f"{self.date:%d/%m/%Y}"

    @property
    def is_cancelled(self) -> bool:
        return bool(self.cancellation_reason)

    @property
    def day(self) -> str:
        """« mardi 1er décembre 2026 »."""
        return long_day(self.date)

    @property
    def hours(self) -> str:
        """« de 14 h à 16 h »; empty without hours."""
        return describe_hours(self.starts_at, self.ends_at)

    def move_to(self, date: dt.date) -> None:
        """Remember the first date that was announced, until the session comes back to it. Saves nothing."""
        announced = self.moved_from or self.date
        self.date, self.moved_from = date, announced if announced != date else None
