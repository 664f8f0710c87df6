"""The organisations that carry, fund or host actions, and the contacts a reader may write to."""

import datetime as dt

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from isic.lib.ordering import SortKeyField
from isic.lib.slugs import AutoSlugField
from territories.models import Territory


class Partner(models.Model):
    """An organisation: Caf, centre social, association, commune, bailleur…"""

    class Kind(models.TextChoices):
        CAF = "caf", "Caf ou MSA"
        SOCIAL_CENTRE = "social_centre", "centre social"
        ASSOCIATION = "association", "association"
        COMMUNE = "commune", "commune ou CCAS"
        COUNTY = "county", "conseil départemental ou collectivité"
        STATE = "state", "service de l’État"
        HOUSING = "housing", "bailleur ou hébergement"
        SCHOOL = "school", "école ou enseignement"
        HEALTH = "health", "santé"
        WORK = "work", "emploi et insertion"
        CULTURE = "culture", "culture"
        OTHER = "other", "autre"

    name = models.CharField("nom", max_length=150)
    slug = AutoSlugField("adresse")
    kind = models.CharField("type", max_length=20, choices=Kind, default=Kind.ASSOCIATION)
    territory = models.ForeignKey(
        Territory, verbose_name="territoire", null=True, blank=True, on_delete=models.PROTECT, related_name="partners"
    )
    is_elsewhere = models.BooleanField(
        "hors du département",
        default=False,
        help_text="Les fiches qu’il porte forment la collection «\u00a0Ailleurs en France\u00a0».",
    )
    description = models.TextField("présentation", blank=True)
    website = models.URLField("site", blank=True)
    is_example = models.BooleanField("donnée d’exemple", default=False)
    sort_key = SortKeyField()

    class Meta:
        verbose_name = "partenaire"
        ordering = ["sort_key", "pk"]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("catalogue:partner", args=[self.slug])


#: How long a withdrawn name may be put back, by who withdrew it: to the end of the day after.
RESTORABLE = dt.timedelta(days=1)


class ContactQuerySet(models.QuerySet):
    def publishable(self):
        """Services always; a named professional only while the recorded consent holds, 13 months unless renewed."""
        holds = Q(person_name="") | Q(consent_given_on__gt=_oldest_consent())
        return self.filter(holds, consent_withdrawn_on=None)

    def to_forget(self, today: dt.date):
        """Withdrawn, and too late to put back; twin of `Contact.may_be_restored`."""
        return self.filter(consent_withdrawn_on__lt=today - RESTORABLE, withdrawn__isnull=False)

    def editable_by(self, user):
        """Those of one's own units; all of them for managers."""
        if user.is_manager:
            return self
        return self.filter(unit__in=Territory.objects.served_by_user(user).values("pk"))

    def offered_to(self, user, *, partner: int | None = None, current: int | None = None):
        """What a sheet of this person may show: the contacts of the units, of its partner, of the service.

        `partner` is the key of the partner that carries the sheet, `current` that of the contact it already has.
        """
        offered = self.publishable()
        if not user.is_manager:
            own = self.model.objects.editable_by(user).values("pk")
            service = Q(unit=None, partner=None)
            theirs = Q(partner=partner) if partner else Q()
            offered = offered.filter(Q(pk__in=own) | service | theirs)
        # What a sheet has stays valid, whatever became of it: a save of something else must not take it away.
        return self.filter(Q(pk__in=offered.values("pk")) | Q(pk=current))


def _oldest_consent() -> dt.date:
    return timezone.localdate() - dt.timedelta(days=settings.CONSENT_DAYS)


class Contact(models.Model):
    """A service's mailbox and phone; or those of a named professional who agreed, in writing, to be published.

    A contact is one person for ever: the name is never replaced by another, so that a link to withdraw it holds.
    """

    label = models.CharField("service", max_length=150, help_text="Par exemple\u00a0: MDS d’Oyonnax, secrétariat.")
    sort_key = SortKeyField(source="label")
    email = models.EmailField("adresse e-mail", blank=True)
    phone = models.CharField("téléphone", max_length=20, blank=True)
    unit = models.ForeignKey(
        Territory,
        verbose_name="unité locale",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="contacts",
        limit_choices_to={"kind": "local_unit"},
    )
    partner = models.ForeignKey(
        Partner, verbose_name="partenaire", null=True, blank=True, on_delete=models.PROTECT, related_name="contacts"
    )
    person_name = models.CharField(
        "personne nommée",
        max_length=150,
        blank=True,
        help_text="Laissez vide\u00a0: le service suffit presque toujours.",
    )
    consent_given_on = models.DateField("accord écrit du", null=True, blank=True)
    consent_recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="accord enregistré par",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="recorded_consents",
    )
    consent_wording = models.CharField(
        "texte de l’accord",
        max_length=10,
        blank=True,
        help_text="La version du texte que la personne a lu.",
    )
    consent_withdrawn_on = models.DateField("accord retiré le", null=True, blank=True)
    consent_withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="accord retiré par",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="withdrawn_consents",
        help_text="Vide\u00a0: la personne elle-même, par le lien de son courriel.",
    )
    #: Name, address and phone of a withdrawn person, out of the reach of every page; gone after `RESTORABLE`.
    withdrawn = models.JSONField("ce qui peut être remis", null=True, blank=True, editable=False)

    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = "contact"
        ordering = ["sort_key", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(email="") | ~Q(phone="") | Q(consent_withdrawn_on__isnull=False),
                name="partners_contact_reachable",
                violation_error_message="Indiquez une adresse e-mail ou un téléphone.",
            ),
            models.CheckConstraint(
                condition=Q(person_name="") | Q(consent_given_on__isnull=False, consent_recorded_by__isnull=False),
                name="partners_contact_consent",
                violation_error_message="Une personne nommée doit avoir donné son accord\u00a0: indiquez sa date et qui l’a enregistré.",
            ),
        ]

    def __str__(self):
        return self.label

    @property
    def is_publishable(self) -> bool:
        """Twin of `ContactQuerySet.publishable`."""
        agreed = not self.person_name or bool(self.consent_given_on and self.consent_given_on > _oldest_consent())
        return agreed and not self.consent_withdrawn_on

    @property
    def consent_ends_on(self) -> dt.date:
        return self.consent_given_on + dt.timedelta(days=settings.CONSENT_DAYS)

    @property
    def may_be_restored(self) -> bool:
        return self.withdrawn is not None and self.restorable_until >= timezone.localdate()

    @property
    def restorable_until(self) -> dt.date:
        """That day included; of a contact that is withdrawn."""
        return self.consent_withdrawn_on + RESTORABLE

    @transaction.atomic
    def withdraw_consent(self, *, by=None) -> None:
        """The named professional takes the agreement back: nothing that leads to him is shown, and the row is empty.

        Sheets then show their service. The dates stay, and who recorded them: they prove that the name could be shown.
        """
        if self.person_name:
            self.withdrawn = {name: getattr(self, name) for name in ("person_name", "email", "phone")}
            self.person_name = self.email = self.phone = ""
            self.consent_withdrawn_on, self.consent_withdrawn_by = timezone.localdate(), by
            self.save()

    @transaction.atomic
    def restore_consent(self) -> None:
        """It was a mistake, or a machine that opened the link. Idempotent."""
        if self.may_be_restored:
            for name, words in self.withdrawn.items():
                setattr(self, name, words)
            self.withdrawn = self.consent_withdrawn_on = self.consent_withdrawn_by = None
            self.save()
