"""The outbox of a meeting: letters that wait until the manager has read, edited and released them."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from meetings.models.meeting import Meeting


class LetterQuerySet(models.QuerySet):
    def waiting(self):
        return self.filter(released_at=None)


class Letter(models.Model):
    """One mail to several people, sent to each apart once it is released."""

    class Kind(models.TextChoices):
        CONVOCATION = "convocation", "convocation"
        UPDATE = "update", "changement"
        CANCELLATION = "cancellation", "annulation"
        MINUTES = "minutes", "compte rendu"
        EXTRACT = "extract", "extrait pour l’équipe"

    meeting = models.ForeignKey(Meeting, verbose_name="réunion", on_delete=models.CASCADE, related_name="letters")
    kind = models.CharField("type", max_length=12, choices=Kind)
    item = models.ForeignKey(
        "meetings.AgendaItem",
        verbose_name="passage",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="letters",
    )
    subject = models.CharField("objet", max_length=200)
    body = models.TextField("message")
    #: What it told when it left (meetings.changes), so that what changed since is known.
    content = models.JSONField("ce qu’il disait", null=True, blank=True, editable=False)
    made_at = models.DateTimeField("préparé le", auto_now_add=True)
    released_at = models.DateTimeField("envoyé le", null=True, blank=True, editable=False)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="envoyé par",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="released_letters",
        editable=False,
    )

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = "courrier"
        ordering = ["meeting", "-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="extract") | Q(item__isnull=False),
                name="meetings_letter_extract",
                violation_error_message="Un extrait porte sur un passage.",
            )
        ]

    def __str__(self):
        return self.subject


class Delivery(models.Model):
    """Who a letter is for, and when it went."""

    letter = models.ForeignKey(Letter, verbose_name="courrier", on_delete=models.CASCADE, related_name="deliveries")
    name = models.CharField("nom", max_length=150, blank=True)
    address = models.EmailField("adresse e-mail")
    sent_at = models.DateTimeField("parti le", null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "envoi"
        ordering = ["letter", "address", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["letter", "address"],
                name="meetings_delivery_once",
                violation_error_message="Cette adresse reçoit déjà ce courrier.",
            )
        ]

    def __str__(self):
        return self.address
