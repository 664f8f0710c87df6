"""The stored side of the catalogue in memory: see docs/catalogue.md for the protocol."""

import uuid

from django.core.exceptions import ValidationError
from django.db import models


class Synonym(models.Model):
    """A line of the lexicon: a search for one of its words finds the others, and, after them, the words near them."""

    words = models.CharField(
        "mots équivalents",
        max_length=500,
        unique=True,
        help_text="Séparés par des virgules, le sigle d’abord s’il y en a un\u00a0: FSL, fonds de solidarité pour le logement.",
    )
    related = models.CharField(
        "mots voisins",
        max_length=500,
        blank=True,
        help_text="Cherchés aussi, mais présentés après\u00a0: aide au logement, impayés de loyer. L’inverse n’est pas vrai.",
    )

    class Meta:
        verbose_name = "ligne du lexique"
        verbose_name_plural = "lignes du lexique"
        ordering = ["words", "pk"]

    def __str__(self):
        return self.words

    def clean(self):
        if len(self.expressions) + len(self.related_expressions) < 2:
            raise ValidationError({"words": "Indiquez au moins deux mots ou expressions, séparés par une virgule."})

    @property
    def expressions(self) -> list[str]:
        return _separated(self.words)

    @property
    def related_expressions(self) -> list[str]:
        return _separated(self.related)


def _separated(words: str) -> list[str]:
    return [part.strip() for part in words.split(",") if part.strip()]


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


class FruitlessSearch(models.Model):
    """Words that found nothing, and how often that day: never who typed them, nor from where. Kept thirty days."""

    day = models.DateField("jour")
    words = models.CharField("mots cherchés", max_length=80)
    count = models.PositiveIntegerField("nombre de fois", default=1)

    class Meta:
        verbose_name = "recherche sans résultat"
        verbose_name_plural = "recherches sans résultat"
        ordering = ["-day", "-count", "words", "pk"]
        constraints = [models.UniqueConstraint(fields=["day", "words"], name="%(app_label)s_%(class)s_once")]

    def __str__(self):
        return self.words
