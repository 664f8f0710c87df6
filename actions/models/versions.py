"""What happened to a sheet: each version with who, when and why."""

from django.conf import settings
from django.db import models

from actions.models.action import Action


class VersionQuerySet(models.QuerySet):
    def moves(self):
        """Changes of state, which are kept for ever; edits in between may be thinned out."""
        return self.filter(kind__in=Version.MOVES)


class Version(models.Model):
    """One version of a sheet: its whole content (actions.snapshot), and the event that made it."""

    class Kind(models.TextChoices):
        LOADED = "loaded", "état de départ"
        CREATED = "created", "créée"
        COPIED = "copied", "reprise d’une autre fiche"
        EDITED = "edited", "modifiée"
        PROPOSED = "proposed", "proposée"
        SENT_BACK = "sent_back", "renvoyée à l’équipe"
        PUBLISHED = "published", "publiée"
        ARCHIVED = "archived", "archivée"
        REOPENED = "reopened", "remise en brouillon"
        RESTORED = "restored", "version restaurée"
        VERIFIED = "verified", "vérifiée"

    MOVES = (Kind.CREATED, Kind.COPIED, Kind.PROPOSED, Kind.SENT_BACK, Kind.PUBLISHED, Kind.ARCHIVED, Kind.REOPENED)

    action = models.ForeignKey(Action, verbose_name="action", on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField("numéro")
    kind = models.CharField("événement", max_length=10, choices=Kind)
    reason = models.CharField("motif", max_length=300, blank=True)
    at = models.DateTimeField("le")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="par",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="versions",
    )
    content = models.JSONField("contenu")
    #: Of an answer given by a link: which question, and what it changed (actions.freshness), so that it may be cancelled.
    answer = models.JSONField("réponse", null=True, blank=True, editable=False)

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = "version"
        ordering = ["-number", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["action", "number"],
                name="actions_version_once",
                violation_error_message="Cette version existe déjà.",
            )
        ]

    def __str__(self):
        return f"{self.action}, version {self.number}"
