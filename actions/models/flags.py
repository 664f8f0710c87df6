"""What a text may say of a person."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from actions.models.action import Action


class PrivacyFlagQuerySet(models.QuerySet):
    def waiting(self):
        """That no manager has looked at yet."""
        return self.filter(reviewed_at=None)


class PrivacyFlag(models.Model):
    """A text saved although it may identify a person; holds the kinds of data found, never the words."""

    action = models.ForeignKey(Action, verbose_name="action", on_delete=models.CASCADE, related_name="privacy_flags")
    field = models.CharField("texte", max_length=40)
    kinds = models.CharField("ce qui a été repéré", max_length=200)
    fingerprint = models.CharField(max_length=64, editable=False)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="confirmé par",
        null=True,
        on_delete=models.SET_NULL,
        related_name="confirmed_flags",
    )
    confirmed_at = models.DateTimeField("confirmé le", default=timezone.now)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="relu par",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="reviewed_flags",
    )
    reviewed_at = models.DateTimeField("relu le", null=True, blank=True)

    objects = PrivacyFlagQuerySet.as_manager()

    class Meta:
        verbose_name = "signalement"
        ordering = ["-confirmed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["action", "field", "fingerprint"],
                name="actions_privacyflag_once",
                violation_error_message="Ce texte est déjà signalé.",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_at__isnull=False) | Q(reviewed_by=None),
                name="actions_privacyflag_reviewed",
                violation_error_message="Un signalement relu a une date.",
            ),
        ]

    def __str__(self):
        return f"{self.action}\u00a0: {self.kinds}"

    def review(self, *, by) -> None:
        """A manager looked at the text, and it may stay."""
        self.reviewed_by, self.reviewed_at = by, timezone.now()
        self.save()
