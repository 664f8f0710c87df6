"""The stored side of the catalogue in memory: see docs/catalogue.md for the protocol."""

import uuid

from django.core.exceptions import ValidationError
from django.db import models


class Synonym(models.Model):
    """A group of equivalent words: a search for one finds them all (seniors = personnes âgées = aînés)."""

    words = models.CharField(
        "mots équivalents",
        max_length=500,
        unique=True,
        help_text="Séparés par des virgules\u00a0: seniors, personnes âgées, aînés.",
    )

    class Meta:
        verbose_name = "groupe de synonymes"
        verbose_name_plural = "groupes de synonymes"
        ordering = ["words", "pk"]

    def __str__(self):
        return self.words

    def clean(self):
        if len(self.expressions) < 2:
            raise ValidationError({"words": "Indiquez au moins deux mots ou expressions, séparés par une virgule."})

    @property
    def expressions(self) -> list[str]:
        return [part.strip() for part in self.words.split(",") if part.strip()]


class Entry(models.Model):
    """One published sheet as the index reads it: ids, stems and dates; no label, no HTML, nothing of today."""

    action_id = models.BigIntegerField(primary_key=True)
    number = models.BigIntegerField(db_index=True)
    is_public = models.BooleanField()
    slug = models.SlugField(max_length=180)
    title = models.CharField(max_length=150)
    summary = models.CharField(max_length=280)
    text = models.TextField()
    stems = models.TextField()
    facets = models.JSONField()
    facts = models.JSONField()
    recent = models.BigIntegerField()
    sort_key = models.CharField(max_length=200)

    class Meta:
        verbose_name = "entrée du catalogue"
        verbose_name_plural = "entrées du catalogue"
        ordering = ["action_id"]

    def __str__(self):
        return self.title


class Withdrawn(models.Model):
    """A sheet that left the catalogue, and in which drain."""

    action_id = models.BigIntegerField(primary_key=True)
    number = models.BigIntegerField(db_index=True)

    class Meta:
        verbose_name = "fiche retirée du catalogue"
        verbose_name_plural = "fiches retirées du catalogue"
        ordering = ["action_id"]

    def __str__(self):
        return f"{self.action_id} ({self.number})"


class Stale(models.Model):
    """A mark: this sheet changed (or, without a sheet, the labels did). Append-only; a drain deletes what it served."""

    action_id = models.BigIntegerField(null=True)
    error = models.TextField(blank=True)

    class Meta:
        verbose_name = "marque à traiter"
        verbose_name_plural = "marques à traiter"
        ordering = ["pk"]

    def __str__(self):
        return f"{self.action_id or 'libellés'}"


class Revision(models.Model):
    """The one row that orders the drains: its lock is the only one of the protocol."""

    n = models.BigIntegerField(default=0)
    labels = models.BigIntegerField(default=0)
    epoch = models.UUIDField(default=uuid.uuid4)

    class Meta:
        verbose_name = "révision du catalogue"
        verbose_name_plural = "révision du catalogue"
        ordering = ["pk"]

    def __str__(self):
        return f"{self.n}"
