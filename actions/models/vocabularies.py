"""The lists that the service keeps: ordered, and retired rather than deleted."""

from django.db import models
from django.db.models import Q

from isic.lib.ordering import SortKeyField
from isic.lib.slugs import AutoSlugField


class VocabularyQuerySet(models.QuerySet):
    def offered_to(self, action):
        """What this sheet may choose: what is in use, and the retired values that it already has."""
        own = self.model.objects.filter(actions=action.pk).values("pk")
        return self.filter(Q(is_retired=False) | Q(pk__in=own))


class Vocabulary(models.Model):
    """One value of a list: a name, an address, a rank."""

    name = models.CharField("nom", max_length=120, unique=True)
    slug = AutoSlugField("adresse")
    position = models.PositiveSmallIntegerField("rang", default=100)
    is_retired = models.BooleanField(
        "retiré", default=False, help_text="N’est plus proposé\u00a0; reste sur les fiches qui l’ont."
    )
    description = models.TextField("explication", blank=True)

    objects = VocabularyQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["position", "name", "pk"]

    def __str__(self):
        return self.name


#: The stylesheet has this many domain hues (classes `hue-1` to `hue-12`).
HUES = 12


def next_hue() -> int:
    """The hue of a new domain: the first one after those already taken."""
    return (Domain.objects.aggregate(last=models.Max("hue"))["last"] or 0) % HUES + 1


class Domain(Vocabulary):
    """One of the fields of intervention (nine in the Ain)."""

    class Pictogram(models.TextChoices):
        FAMILY = "family", "famille"
        TALK = "talk", "parole"
        FOOD = "food", "alimentation"
        LEISURE = "leisure", "loisirs et culture"
        LINK = "link", "lien social"
        NETWORK = "network", "réseau"
        LANGUAGE = "language", "langue et numérique"
        CARE = "care", "aidants"
        WORK = "work", "insertion"
        CIRCLE = "circle", "cercle"

    pictogram = models.CharField("pictogramme", max_length=12, choices=Pictogram, default=Pictogram.CIRCLE)
    hue = models.PositiveSmallIntegerField("teinte", default=next_hue)

    class Meta(Vocabulary.Meta):
        verbose_name = "domaine"


class Audience(Vocabulary):
    """Who an action is for."""

    class Meta(Vocabulary.Meta):
        verbose_name = "public visé"
        verbose_name_plural = "publics visés"


class Framework(Vocabulary):
    """What an action is filed under: projet de service, COG Caf, CTG, REAAP…"""

    class Meta(Vocabulary.Meta):
        verbose_name = "cadre de rattachement"
        verbose_name_plural = "cadres de rattachement"


class Theme(Vocabulary):
    """A numbered sheet of the HCTS guide that an action illustrates."""

    number = models.PositiveSmallIntegerField("numéro de la fiche", unique=True)
    sort_key = SortKeyField()

    class Meta(Vocabulary.Meta):
        verbose_name = "thématique du guide"
        verbose_name_plural = "thématiques du guide"


class Lever(Vocabulary):
    """One of the six levers of collective social work; its advice is a question on the sheet, never a score."""

    advice = models.TextField(
        "conseil", blank=True, help_text="Une question ou un conseil du service, montré sur la fiche."
    )

    class Meta(Vocabulary.Meta):
        verbose_name = "levier"
