"""Values that were replaced by others: what versions of before still point to."""

from django.conf import settings
from django.db import models


class Replacement(models.Model):
    """A place, a partner, a contact or a value of a list that another one replaced everywhere.

    Versions of sheets keep keys: this says what such a key was called, and which record stands for it today. Of a contact
    it keeps no words.
    """

    model = models.CharField("type", max_length=50)
    key = models.BigIntegerField("ancienne clé")
    name = models.CharField("valeur", max_length=200, blank=True)
    slug = models.CharField("adresse", max_length=200, blank=True)
    successor_key = models.BigIntegerField("clé qui la remplace")
    successor_name = models.CharField("remplacée par", max_length=200, blank=True)
    at = models.DateTimeField("le", auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="par",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="replacements",
    )

    class Meta:
        verbose_name = "valeur remplacée"
        verbose_name_plural = "valeurs remplacées"
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["model", "key"],
                name="actions_replacement_once",
                violation_error_message="Cette valeur est déjà remplacée.",
            )
        ]

    def __str__(self):
        return self.name or f"{self.model} {self.key}"
