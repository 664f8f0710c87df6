"""The minutes of a closed meeting: written once; a correction is a new version with a reason."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from meetings.models.meeting import Meeting


class Minutes(models.Model):
    """One version of the minutes: the answers at that moment, people by the key of their membership."""

    meeting = models.ForeignKey(Meeting, verbose_name="réunion", on_delete=models.CASCADE, related_name="minutes")
    number = models.PositiveSmallIntegerField("version")
    reason = models.CharField("motif de la correction", max_length=300, blank=True)
    at = models.DateTimeField("le")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="par",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="written_minutes",
    )
    content = models.JSONField("contenu")

    class Meta:
        verbose_name = "compte rendu"
        verbose_name_plural = "comptes rendus"
        ordering = ["meeting", "-number", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "number"],
                name="meetings_minutes_once",
                violation_error_message="Cette version du compte rendu existe déjà.",
            ),
            models.CheckConstraint(
                condition=Q(number=1) | ~Q(reason=""),
                name="meetings_minutes_reason",
                violation_error_message="Dites en une phrase ce que cette version corrige.",
            ),
        ]

    def __str__(self):
        return f"Compte rendu, version {self.number}"
