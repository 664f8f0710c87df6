"""The action collective: its sheet, and its three axes."""

import datetime as dt

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinLengthValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from actions.models.action_queryset import ActionQuerySet
from actions.models.stages import Staged
from actions.models.vocabularies import Audience, Domain, Framework, Lever, Theme
from actions.rhythm import ORDINALS, describe_rhythm
from isic.lib.ordering import SortKeyField
from isic.lib.richtext import RichTextField
from isic.lib.slugs import AutoSlugField
from partners.models import Contact, Partner
from territories.models import Territory

#: What isic.lib.months says of such dates.
YEAR_ONLY_START = "Le jour n’est pas affiché. Le 1er janvier\u00a0: seule l’année est connue, elle est dite seule."
YEAR_ONLY_END = "Le 31 décembre\u00a0: seule l’année est connue, elle est dite seule."


class Action(Staged):
    """A group action run by social workers with inhabitants: one sheet of the catalogue."""

    class EditorialState(models.TextChoices):
        DRAFT = "draft", "brouillon"
        PROPOSED = "proposed", "proposée"
        PUBLISHED = "published", "publiée"
        ARCHIVED = "archived", "archivée"

    class LifeState(models.TextChoices):
        IDEA = "idea", "idée"
        PREPARING = "preparing", "en préparation"
        RUNNING = "running", "en cours"
        PAUSED = "paused", "en pause"
        ENDED = "ended", "terminée"
        DROPPED = "dropped", "abandonnée"

    class Visibility(models.TextChoices):
        PUBLIC = "public", "tout le monde"
        AGENTS = "agents", "les agents connectés"

    class Type(models.TextChoices):
        WORKSHOP = "workshop", "atelier régulier"
        TALK_GROUP = "talk_group", "groupe de parole"
        OUTING = "outing", "sortie ou séjour"
        EXHIBITION = "exhibition", "exposition ou outil"
        EVENT = "event", "événement"
        NETWORK = "network", "réseau de professionnels"
        ART = "art", "projet artistique"
        RESIDENTS = "residents", "démarche d’habitants"
        INFORMATION = "information", "information collective"
        TRAINING = "training", "formation-action"
        OTHER = "other", "autre"

    class Venue(models.TextChoices):
        UNIT = "unit", "locaux du service social"
        SOCIAL_CENTRE = "social_centre", "centre social"
        RESIDENCE = "residence", "résidence sociale"
        SHELTER = "shelter", "CHRS"
        YOUTH_JOBS = "youth_jobs", "mission locale"
        BOARDING = "boarding", "maison relais"
        PLANNING = "planning", "centre de planification et d’éducation familiale"
        SOLIDARITY = "solidarity", "point accueil solidarité"
        SCHOOL = "school", "école ou collège"
        TOWN = "town", "salle communale"
        PUBLIC_SPACE = "public_space", "espace public"
        OTHER = "other", "autre lieu"

    class Openness(models.TextChoices):
        UNKNOWN = "", "non précisé"
        YES = "yes", "oui"
        NO = "no", "non"
        WAITING_LIST = "waiting_list", "liste d’attente"

    class Decider(models.TextChoices):
        """Who decides, from without to by the inhabitants; the order is that of the strip."""

        UNKNOWN = "", "non précisé"
        WITHOUT = "without", "sans les habitants"
        CONSULTED = "consulted", "habitants consultés"
        WITH = "with", "avec les habitants"
        BY = "by", "par les habitants"

    class Frequency(models.TextChoices):
        NONE = "", "pas de rythme régulier"
        WEEKLY = "weekly", "toutes les N semaines"
        MONTHLY = "monthly", "certains jours du mois"

    class Weekday(models.IntegerChoices):
        MONDAY = 0, "lundi"
        TUESDAY = 1, "mardi"
        WEDNESDAY = 2, "mercredi"
        THURSDAY = 3, "jeudi"
        FRIDAY = 4, "vendredi"
        SATURDAY = 5, "samedi"
        SUNDAY = 6, "dimanche"

    class Outcome(models.TextChoices):
        UNKNOWN = "", "non précisé"
        CONTINUES = "continues", "l’action continue"
        RENEWED = "renewed", "reconduite"
        ASSOCIATION = "association", "une association est née"
        TAKEN_OVER = "taken_over", "reprise par d’autres"
        STOPPED = "stopped", "arrêt"

    WELCOMING_STATES = (LifeState.PREPARING, LifeState.RUNNING)
    #: The four moments of the strip « place des habitants », in order.
    DECISIONS = ("problem_decider", "solution_decider", "facilitation_decider", "evaluation_decider")
    #: What a sheet drawn from a text may say beyond it, each shown as « lecture du service ».
    READINGS = (
        *DECISIONS,
        *"life_state carrier_partner goals resident_role criteria effects_professionals team_members success_keys".split(),
        *"watchpoints transfer social_development outcome".split(),
    )
    #: What publishing needs beyond a draft (FIELDS.md B).
    NEEDED_TO_PUBLISH = {
        "summary": "la phrase de résumé",
        "audiences": "le public visé",
        "places": "le lieu",
        "contact": "le contact du service",
    }

    # Identity
    title = models.CharField("nom de l’action", max_length=150, validators=[MinLengthValidator(3)])
    slug = AutoSlugField("adresse", source="title", reserved=("nouvelle",))
    sort_key = SortKeyField(source="title")
    summary = models.CharField("en une phrase", max_length=280, blank=True)
    domain = models.ForeignKey(Domain, verbose_name="domaine", on_delete=models.PROTECT, related_name="actions")
    action_type = models.CharField("type d’action", max_length=20, choices=Type, blank=True)
    keywords = models.CharField("mots-clés", max_length=300, blank=True, help_text="Séparés par des virgules.")
    themes = models.ManyToManyField(Theme, verbose_name="thématiques du guide", blank=True, related_name="actions")
    frameworks = models.ManyToManyField(
        Framework, verbose_name="cadres de rattachement", blank=True, related_name="actions"
    )
    levers = models.ManyToManyField(Lever, verbose_name="leviers", blank=True, related_name="actions")

    # Who carries it
    carrier_unit = models.ForeignKey(
        Territory,
        verbose_name="unité porteuse",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="carried_actions",
        limit_choices_to={"kind": "local_unit"},
    )
    carrier_partner = models.ForeignKey(
        Partner,
        verbose_name="partenaire porteur",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="carried_actions",
    )
    other_units = models.ManyToManyField(
        Territory,
        verbose_name="unités associées",
        blank=True,
        related_name="supported_actions",
        limit_choices_to={"kind": "local_unit"},
    )
    contact = models.ForeignKey(
        Contact, verbose_name="contact affiché", null=True, blank=True, on_delete=models.PROTECT, related_name="actions"
    )

    # For whom, and how one joins
    audiences = models.ManyToManyField(Audience, verbose_name="public visé", blank=True, related_name="actions")
    audience_notes = models.CharField("précisions sur le public", max_length=300, blank=True)
    recruitment = RichTextField("comment les personnes sont-elles mobilisées\u00a0?", blank=True)
    expected_participants = models.PositiveIntegerField("nombre de participants attendus", null=True, blank=True)
    actual_participants = models.PositiveIntegerField("nombre de participants", null=True, blank=True)
    open_to_newcomers = models.CharField("ouvert aux nouveaux", max_length=12, choices=Openness, blank=True)
    how_to_join = models.CharField("comment rejoindre le groupe", max_length=300, blank=True)
    trial_sessions = models.BooleanField("séances d’essai possibles", default=False)
    has_contract = models.BooleanField("contrat de participation", default=False)
    contract_months = models.PositiveSmallIntegerField("durée maximale du contrat, en mois", null=True, blank=True)

    # Where and when
    places = models.ManyToManyField(Territory, verbose_name="lieux", blank=True, related_name="actions")
    venue_type = models.CharField("type de lieu", max_length=20, choices=Venue, blank=True)
    venue = models.CharField("lieu précis", max_length=200, blank=True)
    accessibility = models.CharField("accessibilité du lieu", max_length=300, blank=True)
    starts_on = models.DateField(
        "début",
        null=True,
        blank=True,
        help_text=YEAR_ONLY_START,
    )
    planned_end_on = models.DateField("fin prévue", null=True, blank=True, help_text=YEAR_ONLY_END)
    ended_on = models.DateField("fin réelle", null=True, blank=True, help_text=YEAR_ONLY_END)
    rhythm_frequency = models.CharField("rythme", max_length=8, choices=Frequency, blank=True)
    rhythm_every = models.PositiveSmallIntegerField(
        "toutes les … semaines", default=1, validators=[MinValueValidator(1), MaxValueValidator(26)]
    )
    rhythm_weekday = models.PositiveSmallIntegerField("jour", choices=Weekday, null=True, blank=True)
    rhythm_ordinals = models.JSONField(
        "quels jours du mois",
        default=list,
        blank=True,
        help_text="Liste\u00a0: 1 à 4, et -1 pour le dernier. Par exemple [1, 3].",
    )
    rhythm_starts_at = models.TimeField("de", null=True, blank=True)
    rhythm_ends_at = models.TimeField("à", null=True, blank=True)
    rhythm_notes = models.CharField("précisions sur le rythme", max_length=200, blank=True)
    session_count = models.PositiveSmallIntegerField("nombre de séances", null=True, blank=True)

    # Why
    context = RichTextField("contexte et diagnostic", blank=True)
    problem_decider = models.CharField("qui a défini le problème\u00a0?", max_length=10, choices=Decider, blank=True)
    solution_decider = models.CharField("qui a choisi la solution\u00a0?", max_length=10, choices=Decider, blank=True)
    facilitation_decider = models.CharField("qui anime\u00a0?", max_length=10, choices=Decider, blank=True)
    evaluation_decider = models.CharField("qui évalue\u00a0?", max_length=10, choices=Decider, blank=True)

    # How
    description = RichTextField("déroulement", blank=True)
    resident_role = RichTextField("place des habitants", blank=True)
    elected_role = RichTextField("place des élus", blank=True)
    territory_project = RichTextField("lien avec le projet du territoire", blank=True)
    social_development = RichTextField("en quoi relève-t-elle du développement social\u00a0?", blank=True)
    equipment = RichTextField("matériel et outils", blank=True)
    facilitator_count = models.PositiveSmallIntegerField("nombre d’animateurs", null=True, blank=True)
    without_budget = models.BooleanField("sans budget dédié", default=False)
    budget_notes = models.CharField("précisions sur le budget", max_length=300, blank=True)
    agreement_on = models.DateField("accord de l’encadrement, le", null=True, blank=True)
    agreement_function = models.CharField("fonction de l’encadrant", max_length=150, blank=True)
    agreement_hours = models.PositiveIntegerField("heures accordées", null=True, blank=True)

    # What it changed
    evaluation = RichTextField("évaluation", blank=True)
    effects_residents = RichTextField("ce qui a changé pour les habitants", blank=True)
    effects_professionals = RichTextField("ce qui a changé pour les professionnels", blank=True)
    effects_elected = RichTextField("ce qui a changé pour les élus", blank=True)
    effects_partners = RichTextField("ce qui a changé pour les partenaires", blank=True)
    success_keys = RichTextField("clés de réussite", blank=True)
    watchpoints = RichTextField("points de vigilance", blank=True)
    transfer = RichTextField("à refaire\u00a0? conditions de transfert", blank=True)
    outlook = RichTextField("perspectives", blank=True)
    outcome = models.CharField("suites", max_length=12, choices=Outcome, blank=True)
    outcome_notes = models.CharField("précisions sur les suites", max_length=300, blank=True)

    # Lineage and source
    inspired_by = models.ForeignKey(
        "self", verbose_name="inspirée de", null=True, blank=True, on_delete=models.SET_NULL, related_name="inspired"
    )
    inspiration_notes = models.CharField("autre source d’inspiration", max_length=300, blank=True)
    source = models.CharField("source du texte", max_length=400, blank=True, help_text="Son titre et ses auteurs.")
    source_year = models.PositiveSmallIntegerField(
        "année de la source",
        null=True,
        blank=True,
        validators=[MinValueValidator(1800), MaxValueValidator(2200)],
        help_text="Rien si elle n’est pas datée.",
    )
    source_pages = models.CharField(
        "pages de la source", max_length=60, blank=True, help_text="Par exemple\u00a0: pages 4 à 6."
    )
    source_url = models.URLField("adresse de la source", blank=True)
    service_readings = models.JSONField(
        "lectures du service",
        default=list,
        blank=True,
        help_text="Ce que la source ne dit pas en toutes lettres, et que le service en a compris\u00a0: la fiche le signale.",
    )
    is_example = models.BooleanField("fiche d’exemple", default=False)

    # The three axes: where the sheet is, where the action is (what the ISIC said is on the agenda item)
    editorial_state = models.CharField(
        "état de la fiche", max_length=10, choices=EditorialState, default=EditorialState.DRAFT, db_index=True
    )
    editorial_reason = models.CharField("motif", max_length=300, blank=True)
    life_state = models.CharField("état de l’action", max_length=10, choices=LifeState, default=LifeState.PREPARING)
    life_state_reason = models.CharField("motif de la pause ou de l’abandon", max_length=300, blank=True)
    visibility = models.CharField("visible par", max_length=8, choices=Visibility, default=Visibility.PUBLIC)
    is_featured = models.BooleanField("à la une", default=False, help_text="Proposée sur la page d’accueil.")

    # Freshness and bookkeeping
    verified_on = models.DateField("vérifiée le", null=True, blank=True)
    review_due_on = models.DateField("à revoir le", null=True, blank=True)
    newcomers_due_on = models.DateField("accueil de nouveaux à confirmer le", null=True, blank=True)
    reminded_on = models.DateField("rappel envoyé le", null=True, blank=True, editable=False)
    created_at = models.DateTimeField("créée le", auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="créée par",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="created_actions",
        editable=False,
    )
    updated_at = models.DateTimeField("modifiée le", default=timezone.now, editable=False)
    published_at = models.DateTimeField("publiée le", null=True, blank=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="publiée par",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="published_actions",
        editable=False,
    )
    submission = models.UUIDField(
        "dépôt",
        null=True,
        unique=True,
        editable=False,
        help_text="Le même formulaire envoyé deux fois ne crée rien deux fois.",
    )

    objects = ActionQuerySet.as_manager()

    class Meta:
        verbose_name = "action collective"
        verbose_name_plural = "actions collectives"
        ordering = ["-updated_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(carrier_unit__isnull=False, carrier_partner=None)
                | Q(carrier_unit=None, carrier_partner__isnull=False),
                name="actions_action_one_carrier",
                violation_error_message="Choisissez un porteur, et un seul\u00a0: une unité locale ou un partenaire.",
            ),
            models.CheckConstraint(
                condition=Q(contract_months=None) | Q(contract_months__gte=1, contract_months__lte=18),
                name="actions_action_contract_months",
                violation_error_message="Un contrat de participation dure 18 mois au plus.",
            ),
            models.CheckConstraint(
                condition=~Q(life_state__in=["paused", "dropped"]) | ~Q(life_state_reason=""),
                name="actions_action_life_state_reason",
                violation_error_message="Dites en une phrase pourquoi l’action est en pause ou abandonnée.",
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(starts_on=None) | Q(ended_on__gte=F("starts_on")),
                name="actions_action_ends_after_start",
                violation_error_message="La fin réelle ne peut pas précéder le début.",
            ),
            models.CheckConstraint(
                condition=Q(planned_end_on=None) | Q(starts_on=None) | Q(planned_end_on__gte=F("starts_on")),
                name="actions_action_planned_after_start",
                violation_error_message="La fin prévue ne peut pas précéder le début.",
            ),
            models.CheckConstraint(
                condition=Q(rhythm_starts_at=None)
                | Q(rhythm_ends_at=None)
                | Q(rhythm_ends_at__gt=F("rhythm_starts_at")),
                name="actions_action_rhythm_hours",
                violation_error_message="L’heure de fin doit suivre l’heure de début.",
            ),
            models.CheckConstraint(
                condition=~Q(editorial_state="published") | Q(published_at__isnull=False),
                name="actions_action_published_at",
                violation_error_message="Une fiche publiée a une date de publication.",
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("catalogue:sheet", args=[self.slug])

    def clean(self):
        """The days of the month come as JSON: an emptied field gives None, and a hand may write anything."""
        self.rhythm_ordinals = self.rhythm_ordinals or []
        if not isinstance(self.rhythm_ordinals, list) or any(n not in list(ORDINALS) for n in self.rhythm_ordinals):
            raise ValidationError({"rhythm_ordinals": "Indiquez une liste de nombres de 1 à 4, et -1 pour le dernier."})
        self.service_readings = self.service_readings or []
        if not isinstance(self.service_readings, list) or any(
            name not in self.READINGS for name in self.service_readings
        ):
            raise ValidationError({"service_readings": f"Indiquez une liste de noms parmi {', '.join(self.READINGS)}."})

    @property
    def is_published(self) -> bool:
        return self.editorial_state == self.EditorialState.PUBLISHED

    @property
    def carrier(self) -> Territory | Partner | None:
        return self.carrier_unit or self.carrier_partner

    @property
    def is_elsewhere(self) -> bool:
        """Twin of `ActionQuerySet.elsewhere`."""
        return self.carrier_partner is not None and self.carrier_partner.is_elsewhere

    @property
    def is_welcoming(self) -> bool:
        """Twin of `ActionQuerySet.welcoming`."""
        return self.open_to_newcomers == self.Openness.YES and self.life_state in self.WELCOMING_STATES

    @property
    def residents_place(self) -> str:
        """The highest degree of participation among the decisions that are no reading; empty when none is answered."""
        order = list(self.Decider.values)
        answers = [getattr(self, name) for name in self.DECISIONS if name not in self.service_readings]
        return max(answers, key=order.index, default="")

    @property
    def rhythm(self) -> str:
        """The sentence built from the structured rhythm, or the free text; empty without either."""
        return describe_rhythm(self) or self.rhythm_notes

    def next_session(self, on: dt.date | None = None):
        """The first planned session from `on` (today), read from the loaded sessions; None when there is none."""
        on = on or timezone.localdate()
        return next((s for s in self.sessions.all() if s.date >= on and not s.is_cancelled), None)

    def years(self) -> tuple[int | None, int | None]:
        """(first, last) year during which it ran; no last year while it has no known end, no first when unknown."""
        end = self.ended_on or (self.planned_end_on if self.life_state != self.LifeState.RUNNING else None)
        if self.starts_on is None:
            return (end.year, end.year) if end else (None, None)
        if end is None and self.life_state in (self.LifeState.ENDED, self.LifeState.DROPPED):
            return self.starts_on.year, self.starts_on.year
        return self.starts_on.year, end.year if end else None
