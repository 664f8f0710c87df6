"""The places: a tree from the département to the quartier, and the local units that serve communes."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from isic.lib.ordering import SortKeyField
from isic.lib.slugs import AutoSlugField


class TerritoryQuerySet(models.QuerySet):
    def home(self):
        """The département that runs this installation (one row, or none before `start_department`)."""
        return self.filter(is_home=True)

    def local_units(self):
        return self.filter(kind=Territory.Kind.LOCAL_UNIT)

    def places(self):
        """Where an action may be: a commune, a quartier, an intercommunalité, a département; not a service."""
        return self.exclude(kind=Territory.Kind.LOCAL_UNIT)

    def served_by_user(self, user):
        """The local units of which this person is a member."""
        return self.local_units().filter(pk__in=Membership.objects.filter(user_id=user.pk).values("territory"))

    def offered_to(self, user, current: int | None):
        """The local units in whose name this person may file, and the one that a sheet already has."""
        own = self.local_units() if user.is_manager else self.served_by_user(user)
        return self.local_units().filter(Q(pk__in=own.values("pk")) | Q(pk=current))


class Territory(models.Model):
    """A place where actions happen, or the département's local unit (MDS…) that carries them."""

    class Kind(models.TextChoices):
        DEPARTMENT = "department", "département"
        LOCAL_UNIT = "local_unit", "unité locale"
        EPCI = "epci", "intercommunalité"
        COMMUNE = "commune", "commune"
        DISTRICT = "district", "quartier"

    kind = models.CharField("type", max_length=12, choices=Kind)
    name = models.CharField("nom", max_length=120)
    slug = AutoSlugField("adresse")
    code = models.CharField(
        "code officiel", max_length=12, blank=True, help_text="INSEE pour une commune, SIREN pour une intercommunalité."
    )
    parent = models.ForeignKey(
        "self", verbose_name="dans", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    serves = models.ManyToManyField(
        "self",
        verbose_name="communes desservies",
        blank=True,
        symmetrical=False,
        related_name="served_by",
        limit_choices_to={"kind__in": ["commune", "district"]},
        help_text="Pour une unité locale seulement.",
    )
    is_home = models.BooleanField("notre département", default=False)
    is_example = models.BooleanField("donnée d’exemple", default=False)
    population = models.PositiveIntegerField("population", null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True, validators=[MinValueValidator(-90), MaxValueValidator(90)])
    longitude = models.FloatField(null=True, blank=True, validators=[MinValueValidator(-180), MaxValueValidator(180)])
    outline = models.JSONField("contour", null=True, blank=True, help_text="Géométrie GeoJSON, WGS 84, pour la carte.")
    sort_key = SortKeyField()

    objects = TerritoryQuerySet.as_manager()

    class Meta:
        verbose_name = "territoire"
        ordering = ["sort_key", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "code"],
                condition=~Q(code=""),
                name="territories_territory_code_unique",
                violation_error_message="Ce code officiel est déjà celui d’un autre territoire du même type.",
            ),
            models.UniqueConstraint(
                fields=["is_home"],
                condition=Q(is_home=True),
                name="territories_territory_one_home",
                violation_error_message="Un autre département est déjà celui de cette installation.",
            ),
            models.CheckConstraint(
                condition=Q(is_home=False) | Q(kind="department"),
                name="territories_territory_home_is_department",
                violation_error_message="Seul un département peut être celui de cette installation.",
            ),
            models.CheckConstraint(
                condition=Q(parent=None) | ~Q(parent=models.F("pk")),
                name="territories_territory_not_own_parent",
                violation_error_message="Un territoire ne peut pas se contenir lui-même.",
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("catalogue:territory", args=[self.slug])

    def clean(self):
        """The tree has no loop; a constraint sees only the shortest. Walks up to the root (a query a level)."""
        above, passed = self.parent, {self.pk}
        while above is not None:
            if above.pk in passed:
                raise ValidationError({"parent": "Un territoire ne peut pas se contenir lui-même."})
            passed.add(above.pk)
            above = above.parent

    @property
    def kind_label(self) -> str:
        """What people call it; a local unit goes by the département's own word (MDS, MDSI, CMS…)."""
        return settings.LOCAL_UNIT_LABEL if self.kind == self.Kind.LOCAL_UNIT else self.get_kind_display()


class Alias(models.Model):
    """What a place is also called: its postal codes, the communes that it took in, a name that people use."""

    class Kind(models.TextChoices):
        POSTAL_CODE = "postal_code", "code postal"
        OTHER_CODE = "other_code", "ancien code"
        FORMER_NAME = "former_name", "ancienne commune"
        USUAL_NAME = "usual_name", "nom d’usage"

    CODES = frozenset((Kind.POSTAL_CODE, Kind.OTHER_CODE))

    territory = models.ForeignKey(Territory, verbose_name="lieu", on_delete=models.CASCADE, related_name="aliases")
    kind = models.CharField("type", max_length=12, choices=Kind, default=Kind.USUAL_NAME)
    text = models.CharField("nom ou code", max_length=120)
    sort_key = SortKeyField(source="text")

    class Meta:
        verbose_name = "autre nom"
        verbose_name_plural = "autres noms"
        ordering = ["kind", "sort_key", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["territory", "kind", "text"],
                name="territories_alias_once",
                violation_error_message="Ce lieu a déjà ce nom ou ce code.",
            )
        ]

    def __str__(self):
        return f"{self.text} ({self.get_kind_display()})"


class Membership(models.Model):
    """An agent works in a local unit: there he sees the drafts and edits the sheets."""

    class Role(models.TextChoices):
        AGENT = "agent", "agent"
        HEAD = "head", "responsable d’unité"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="compte", on_delete=models.CASCADE, related_name="memberships"
    )
    territory = models.ForeignKey(
        Territory,
        verbose_name="unité locale",
        on_delete=models.PROTECT,
        related_name="memberships",
        limit_choices_to={"kind": "local_unit"},
    )
    role = models.CharField("rôle", max_length=10, choices=Role, default=Role.AGENT)

    class Meta:
        verbose_name = "appartenance"
        ordering = ["user", "territory", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "territory"],
                name="territories_membership_once",
                violation_error_message="Cette personne est déjà membre de cette unité.",
            )
        ]

    def __str__(self):
        return f"{self.user} – {self.territory}"
