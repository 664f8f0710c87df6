"""What a sheet says in rows: goals, team, partners, money, words, pictures."""

import uuid

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone

from actions.models.action import Action
from isic.lib.images import originals, reduced_name, stem
from isic.lib.lending import lent
from isic.lib.uploads import UploadField, is_image
from isic.lib.words import file_size
from partners.models import Partner
from territories.models import Territory


class Row(models.Model):
    """A row of a sheet; it goes with the sheet. The key is given by whoever first writes the row, the browser included."""

    key = models.UUIDField("clé", default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True
        constraints = [models.UniqueConstraint(fields=["action", "key"], name="%(app_label)s_%(class)s_key")]

    def in_full(self) -> str:
        """« Caf (financeur) – Cuisine partagée »: alone it would not tell which sheet to open."""
        return f"{self} – {self.action}"


class SheetRow(Row):
    """A row in the order its team gave."""

    position = models.PositiveSmallIntegerField("rang", default=0)

    class Meta(Row.Meta):
        abstract = True
        ordering = ["position", "pk"]


class Goal(SheetRow):
    """A general goal, or an operational one under it."""

    action = models.ForeignKey(Action, verbose_name="action", on_delete=models.CASCADE, related_name="goals")
    parent = models.ForeignKey(
        "self",
        verbose_name="sous l’objectif",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="children",
    )
    text = models.CharField("objectif", max_length=400)

    class Meta(SheetRow.Meta):
        verbose_name = "objectif"

    def __str__(self):
        return self.text


class Criterion(SheetRow):
    """A line of the action's own evaluation grid."""

    action = models.ForeignKey(Action, verbose_name="action", on_delete=models.CASCADE, related_name="criteria")
    name = models.CharField("critère", max_length=200)
    indicator = models.CharField("indicateur", max_length=200, blank=True)
    method = models.CharField("mode de recueil", max_length=200, blank=True)
    target = models.CharField("résultat visé", max_length=200, blank=True)
    result = models.CharField("résultat constaté", max_length=200, blank=True)

    class Meta(SheetRow.Meta):
        verbose_name = "critère"

    def __str__(self):
        return self.name


class TeamMember(SheetRow):
    """Who carries the action: the function and the service are shown, never a name. The account opens the draft."""

    class Role(models.TextChoices):
        REFERENT = "referent", "référent"
        CO_FACILITATOR = "co_facilitator", "co-animateur"
        PRESENTER = "presenter", "présentateur"

    action = models.ForeignKey(Action, verbose_name="action", on_delete=models.CASCADE, related_name="team_members")
    role = models.CharField("rôle", max_length=16, choices=Role, default=Role.CO_FACILITATOR)
    function = models.CharField("fonction", max_length=150)
    unit = models.ForeignKey(
        Territory,
        verbose_name="unité",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="team_members",
        limit_choices_to={"kind": "local_unit"},
    )
    partner = models.ForeignKey(
        Partner, verbose_name="partenaire", null=True, blank=True, on_delete=models.PROTECT, related_name="team_members"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="compte",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="team_memberships",
    )

    class Meta(SheetRow.Meta):
        verbose_name = "membre de l’équipe"
        verbose_name_plural = "membres de l’équipe"

    def __str__(self):
        return f"{self.function} ({self.get_role_display()})"


class Partnership(SheetRow):
    """What a partner does in the action."""

    class Role(models.TextChoices):
        CO_CARRIER = "co_carrier", "co-porteur"
        FUNDER = "funder", "financeur"
        HOST = "host", "accueille l’action"
        SPEAKER = "speaker", "intervenant"
        REFERRER = "referrer", "oriente des personnes"
        PARTNER = "partner", "partenaire"

    action = models.ForeignKey(Action, verbose_name="action", on_delete=models.CASCADE, related_name="partnerships")
    partner = models.ForeignKey(
        Partner, verbose_name="partenaire", on_delete=models.PROTECT, related_name="partnerships"
    )
    role = models.CharField("rôle", max_length=12, choices=Role, default=Role.PARTNER)
    notes = models.CharField("précisions", max_length=200, blank=True)

    class Meta(SheetRow.Meta):
        verbose_name = "partenariat"
        constraints = [
            *Row.Meta.constraints,
            models.UniqueConstraint(
                fields=["action", "partner", "role"],
                name="actions_partnership_once",
                violation_error_message="Ce partenaire a déjà ce rôle dans l’action.",
            ),
        ]

    def __str__(self):
        return f"{self.partner} ({self.get_role_display()})"


class BudgetLine(SheetRow):
    """One expense, who pays it, planned and actual, in euros."""

    action = models.ForeignKey(Action, verbose_name="action", on_delete=models.CASCADE, related_name="budget_lines")
    label = models.CharField("poste", max_length=150)
    funder = models.CharField("financeur", max_length=150, blank=True)
    planned = models.DecimalField("prévu (€)", max_digits=10, decimal_places=2, null=True, blank=True)
    actual = models.DecimalField("réalisé (€)", max_digits=10, decimal_places=2, null=True, blank=True)

    class Meta(SheetRow.Meta):
        verbose_name = "ligne de budget"
        verbose_name_plural = "budget"
        constraints = [
            *Row.Meta.constraints,
            models.CheckConstraint(
                condition=(Q(planned=None) | Q(planned__gte=0)) & (Q(actual=None) | Q(actual__gte=0)),
                name="actions_budgetline_not_negative",
                violation_error_message="Un montant ne peut pas être négatif.",
            ),
        ]

    def __str__(self):
        return self.label


class StaffTime(SheetRow):
    """Professional hours, by phase."""

    class Phase(models.TextChoices):
        PREPARATION = "preparation", "préparation"
        FACILITATION = "facilitation", "animation"
        ASSESSMENT = "assessment", "bilan"
        COORDINATION = "coordination", "coordination"

    action = models.ForeignKey(Action, verbose_name="action", on_delete=models.CASCADE, related_name="staff_times")
    phase = models.CharField("moment", max_length=12, choices=Phase)
    hours = models.DecimalField("heures", max_digits=6, decimal_places=1)
    notes = models.CharField("précisions", max_length=200, blank=True)

    class Meta(SheetRow.Meta):
        verbose_name = "temps professionnel"
        verbose_name_plural = "temps professionnel"

    def __str__(self):
        return f"{self.get_phase_display()}\u00a0: {self.hours} h"


class Quote(SheetRow):
    """Words of somebody, anonymous, kept only with an agreement."""

    action = models.ForeignKey(Action, verbose_name="action", on_delete=models.CASCADE, related_name="quotes")
    text = models.TextField("parole", max_length=600)
    speaker = models.CharField(
        "qui parle, sans nom", max_length=120, blank=True, help_text="Par exemple\u00a0: une participante."
    )
    has_consent = models.BooleanField("accord recueilli", default=False)

    class Meta(SheetRow.Meta):
        verbose_name = "verbatim"
        constraints = [
            *Row.Meta.constraints,
            models.CheckConstraint(
                condition=Q(has_consent=True),
                name="actions_quote_consent",
                violation_error_message="Une parole ne se publie qu’avec l’accord de la personne.",
            ),
        ]

    def __str__(self):
        return self.text[:60]


class MediaQuerySet(models.QuerySet):
    def showable(self, on):
        """Images whose rights hold on that day, and everything that needs none."""
        return self.filter(
            Q(kind__in=[Media.Kind.DOCUMENT, Media.Kind.LINK]) | Q(rights_until=None) | Q(rights_until__gte=on)
        )

    def of_file(self, name: str):
        """Those whose file is called so, or has a reduced image called so."""
        return self.filter(file__in=[name, *originals(name)])

    def unreduced(self):
        """Photos that have only their original."""
        return self.filter(kind=Media.Kind.IMAGE, widths=[])


class Media(SheetRow):
    """A photo, a document, or the address of a film."""

    class Kind(models.TextChoices):
        IMAGE = "image", "photo"
        DOCUMENT = "document", "document"
        LINK = "link", "film ou page à voir ailleurs"

    class Consent(models.TextChoices):
        """Of the people in a photo."""

        NOBODY = "nobody", "Non, personne n’est reconnaissable"
        AGREED = "agreed", "Oui, et le service conserve l’accord écrit de chaque personne (des parents, pour un enfant)"

    action = models.ForeignKey(Action, verbose_name="action", on_delete=models.CASCADE, related_name="media")
    kind = models.CharField("type", max_length=10, choices=Kind, default=Kind.IMAGE)
    title = models.CharField("titre", max_length=150)
    file = UploadField("fichier", upload_to="actions/%Y/", blank=True)
    url = models.URLField("adresse", blank=True)
    alt = models.CharField("texte alternatif", max_length=300, blank=True, help_text="Ce que l’image montre.")
    is_decorative = models.BooleanField("image décorative", default=False)
    credit = models.CharField("crédit", max_length=150, blank=True)
    consent = models.CharField("quelqu’un est-il reconnaissable\u00a0?", max_length=10, choices=Consent, blank=True)
    rights_until = models.DateField("droits jusqu’au", null=True, blank=True)
    weight = models.PositiveIntegerField("poids en octets", default=0, editable=False)
    width = models.PositiveIntegerField("largeur en pixels", null=True, editable=False)
    height = models.PositiveIntegerField("hauteur en pixels", null=True, editable=False)
    widths = models.JSONField("largeurs réduites", default=list, editable=False)
    added_at = models.DateTimeField("ajouté le", auto_now_add=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="ajouté par",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="added_media",
        editable=False,
    )

    objects = MediaQuerySet.as_manager()
    #: What `lend` adds to its addresses.
    _lent = ""

    class Meta(SheetRow.Meta):
        verbose_name = "média"
        constraints = [
            *Row.Meta.constraints,
            models.CheckConstraint(
                condition=(Q(kind="link") & ~Q(url="")) | (~Q(kind="link") & ~Q(file="")),
                name="actions_media_has_content",
                violation_error_message="Joignez un fichier, ou indiquez l’adresse du film ou de la page.",
            ),
            models.CheckConstraint(
                condition=~Q(kind="image") | Q(is_decorative=True) | ~Q(alt=""),
                name="actions_media_alt",
                violation_error_message="Décrivez ce que l’image montre, ou dites qu’elle est décorative.",
            ),
            models.CheckConstraint(
                condition=~Q(kind="image") | Q(consent__in=["nobody", "agreed"]),
                name="actions_media_rights",
                violation_error_message="Dites si quelqu’un est reconnaissable\u00a0: sans l’accord écrit de chacun, la photo ne se publie pas.",
            ),
        ]

    def __str__(self):
        return self.title

    def clean(self):
        """The rights of the people shown are asked for photos: no photo comes in as a document."""
        if self.kind == self.Kind.IMAGE and is_image(self.file) is False:
            raise ValidationError(
                {"file": "Ce fichier n’est pas une photo\u00a0: choisissez le type «\u00a0document\u00a0»."}
            )
        if self.kind == self.Kind.DOCUMENT and is_image(self.file):
            raise ValidationError({"file": "Ce fichier est une photo\u00a0: choisissez le type «\u00a0photo\u00a0»."})

    def is_showable(self, on) -> bool:
        """Twin of `MediaQuerySet.showable`."""
        return self.kind != self.Kind.IMAGE or self.rights_until is None or self.rights_until >= on

    @property
    def nature(self) -> str:
        """What one gets: « PDF, 240 Ko » for a document."""
        if self.kind != self.Kind.DOCUMENT:
            return self.get_kind_display()
        return f"{self.file.name.rpartition('.')[2].upper()}, {file_size(self.weight)}"

    @property
    def has_expired(self) -> bool:
        """Hidden today, for its rights have ended."""
        return not self.is_showable(timezone.localdate())

    def lend(self) -> None:
        """Whoever reads the page that is being made sees this photo for an hour, without being asked who he is."""
        self._lent = lent(stem(self.file.name))

    @property
    def srcset(self) -> str:
        """The sizes among which a browser chooses; empty while only the original is there."""
        return ", ".join(f"{self._url_of(width)} {width}w" for width in self.widths)

    def address(self, width: int = 960) -> str:
        """Of the smallest image at least that wide, or of the widest; of the original where there is no other."""
        enough = next((wide for wide in self.widths if wide >= width), self.widths[-1] if self.widths else None)
        return self._url_of(enough) if enough else self.file.url + self._lent

    def _url_of(self, width: int) -> str:
        return self.file.storage.url(reduced_name(self.file.name, width)) + self._lent
