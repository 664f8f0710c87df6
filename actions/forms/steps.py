"""The six steps of filing: their questions, in the order of the page."""

from crispy_forms.layout import HTML, Layout
from django import forms
from django.urls import reverse_lazy

from actions.forms.rows import (
    BudgetRows,
    CriterionRows,
    DateInput,
    GoalRows,
    PartnershipRows,
    QuoteRows,
    StaffTimeRows,
    TeamRows,
    TimeInput,
    describe_partner,
)
from actions.forms.step import StepForm
from actions.models import Action, Theme
from actions.rhythm import ORDINALS
from actions.snapshot import ROWS
from actions.steps import FILING_STEPS
from isic.lib.layout import Pair, Rows, Section
from isic.lib.names import Name, NameField, NamesField
from partners.models import Contact, Partner
from territories.fields import PlacesField
from territories.models import Territory


def describe_theme(theme: Theme) -> Name:
    return Name(f"{theme.name} (fiche\u00a0{theme.number})", theme.name, f"fiche {theme.number} du guide")


def describe_sheet(action: Action) -> Name:
    return Name(f"{action.title} ({action.slug})", action.title, str(action.carrier))


def offered(form: StepForm, *names: str) -> None:
    """Values in use, and the retired ones that the sheet has."""
    for name in names:
        form.fields[name].queryset = form.fields[name].queryset.offered_to(form.instance)


class IdentityForm(StepForm):
    step = FILING_STEPS[0]
    themes = NamesField(
        Theme.objects.all(),
        reverse_lazy("actions:suggestions", args=["thematiques"]),
        describe=describe_theme,
        label="Quelles thématiques du guide du travail social collectif illustre-t-elle\u00a0?",
        required=False,
        help_text="Tapez un mot de la thématique, par exemple\u00a0: réseau.",
    )
    layout = Layout(
        Section("Son nom", "title", "summary", "domain", "action_type"),
        Section("Où en est-elle\u00a0?", "life_state", "life_state_reason"),
        Section("Pour la retrouver", "keywords", "themes", "frameworks", "levers"),
        Section("Qui pourra la lire\u00a0?", "visibility"),
    )

    class Meta(StepForm.Meta):
        fields = list(FILING_STEPS[0].names)
        labels = {
            "title": "Comment s’appelle l’action\u00a0?",
            "summary": "En une phrase, que fait-on ensemble\u00a0?",
            "domain": "Dans quel domaine\u00a0?",
            "action_type": "De quel type d’action s’agit-il\u00a0?",
            "life_state": "État de l’action",
            "life_state_reason": "Pourquoi cette pause, ou cet abandon\u00a0?",
            "keywords": "Quels mots la feraient trouver\u00a0?",
            "frameworks": "Dans quels cadres s’inscrit-elle\u00a0?",
            "levers": "Quels leviers actionne-t-elle\u00a0?",
            "visibility": "Une fois publiée, la fiche se lit par",
        }
        help_texts = {
            "summary": "280 signes au plus. C’est ce qu’on lit sur la carte du catalogue.",
            "life_state_reason": "Utile seulement si l’action est en pause ou abandonnée.",
            "keywords": "Séparés par des virgules. Par exemple\u00a0: cuisine, budget, voisinage.",
        }
        widgets = {
            "summary": forms.Textarea(attrs={"rows": 3}),
            "frameworks": forms.CheckboxSelectMultiple,
            "levers": forms.CheckboxSelectMultiple,
            "visibility": forms.RadioSelect,
        }

    def prepare(self):
        offered(self, "domain", "themes", "frameworks", "levers")


class WhoAndWhereForm(StepForm):
    step = FILING_STEPS[1]
    carrier_partner = NameField(
        Partner.objects.all(),
        reverse_lazy("actions:suggestions", args=["partenaires"]),
        describe=describe_partner,
        label="ou bien quel partenaire\u00a0?",
        required=False,
    )
    places = PlacesField(
        Territory.objects.places(),
        reverse_lazy("actions:suggestions", args=["communes"]),
        label="Dans quelles communes\u00a0?",
        required=False,
        help_text="Le nom ou le code postal d’une commune, un quartier, une intercommunalité. Par exemple\u00a0: Chalamont.",
    )
    layout = Layout(
        Section("Qui porte l’action\u00a0?", "carrier_unit", "carrier_partner", "other_units"),
        Section(
            "Pour qui\u00a0?",
            "audiences",
            "audience_notes",
            "recruitment",
            Pair("expected_participants", "actual_participants"),
        ),
        Section(
            "Peut-on la rejoindre\u00a0?",
            "open_to_newcomers",
            "how_to_join",
            "trial_sessions",
            "has_contract",
            "contract_months",
        ),
        Section("Où\u00a0?", "places", Pair("venue_type", "venue"), "accessibility"),
    )

    class Meta(StepForm.Meta):
        fields = list(FILING_STEPS[1].names)
        labels = {
            "carrier_unit": "Quelle unité\u00a0?",
            "other_units": "Quelles autres unités y prennent part\u00a0?",
            "audiences": "À qui s’adresse-t-elle\u00a0?",
            "audience_notes": "Des précisions sur ce public\u00a0?",
            "recruitment": "Comment les personnes sont-elles mobilisées ou orientées\u00a0?",
            "expected_participants": "Combien de personnes attendues\u00a0?",
            "actual_participants": "Combien sont venues\u00a0?",
            "open_to_newcomers": "Le groupe accueille-t-il de nouvelles personnes\u00a0?",
            "how_to_join": "Comment le rejoindre\u00a0?",
            "trial_sessions": "On peut essayer avant de s’engager",
            "has_contract": "Il y a un contrat de participation",
            "contract_months": "De combien de mois au plus\u00a0?",
            "venue_type": "Dans quel type de lieu\u00a0?",
            "venue": "Où exactement\u00a0?",
            "accessibility": "Ce lieu est-il accessible à tous\u00a0?",
        }
        help_texts = {
            "how_to_join": "Le téléphone ou l’adresse d’un service. Par exemple\u00a0: appelez l’accueil de l’unité.",
            "contract_months": "18 mois au plus.",
            "venue": "Par exemple\u00a0: salle des fêtes, cuisine du foyer rural.",
            "accessibility": "Par exemple\u00a0: de plain-pied, arrêt de bus devant.",
        }
        widgets = {
            "other_units": forms.CheckboxSelectMultiple,
            "audiences": forms.CheckboxSelectMultiple,
            "open_to_newcomers": forms.RadioSelect,
        }

    def prepare(self):
        offered(self, "audiences")
        units = Territory.objects.local_units()
        self.fields["other_units"].queryset = units
        self.fields["carrier_unit"].queryset = units.offered_to(self.user, self.instance.carrier_unit_id)


class WhyForm(StepForm):
    step = FILING_STEPS[2]
    row_sets = {"goals": GoalRows}
    layout = Layout(
        Section("Le point de départ", "context"),
        Section(
            "La place des habitants dans les décisions",
            *Action.DECISIONS,
            help="Décider avec les personnes, c’est déjà agir. Dites ce qui s’est passé, sans l’embellir.",
        ),
        Section("Ce que l’on vise", Rows("goals")),
        Section("Le sens de l’action", "social_development", "territory_project"),
    )

    class Meta(StepForm.Meta):
        fields = [name for name in FILING_STEPS[2].names if name not in ROWS]
        labels = {
            "context": "De quel constat part l’action, et qui l’a fait\u00a0?",
            "social_development": "En quoi relève-t-elle du développement social\u00a0?",
            "territory_project": "Quel lien avec le projet du territoire\u00a0?",
        }
        help_texts = {"context": "Ce qui a été vu, entendu ou mesuré, avec qui, et à quel moment."}
        widgets = dict.fromkeys(Action.DECISIONS, forms.RadioSelect)


class HowForm(StepForm):
    step = FILING_STEPS[3]
    row_sets = {
        "team_members": TeamRows,
        "partnerships": PartnershipRows,
        "staff_times": StaffTimeRows,
        "budget_lines": BudgetRows,
    }
    rhythm_ordinals = forms.TypedMultipleChoiceField(
        label="Quels jours du mois\u00a0?",
        choices=[(rank, word) for rank, word in ORDINALS.items()],
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    layout = Layout(
        Section("Le déroulement", "description", "resident_role", "elected_role"),
        Section(
            "Quand\u00a0?",
            Pair(
                "starts_on",
                "planned_end_on",
                "ended_on",
                legend="De quand à quand\u00a0?",
                help="Seuls le mois et l’année paraissent. Si seule l’année est connue\u00a0: le 1er janvier au début, le "
                "31 décembre à la fin.",
            ),
            "rhythm_frequency",
            Pair("rhythm_every", "rhythm_weekday"),
            "rhythm_ordinals",
            Pair("rhythm_starts_at", "rhythm_ends_at"),
            "rhythm_notes",
            HTML('<p class="rhythm-summary" role="status" data-shown="rhythm">{{ form.instance.rhythm|capfirst }}</p>'),
            "session_count",
            HTML('{% include "actions/_dates.html" %}'),
            id="rythme",
        ),
        Section("Avec qui\u00a0?", Rows("team_members"), "facilitator_count", Rows("partnerships")),
        Section(
            "Avec quels moyens\u00a0?",
            Rows("staff_times"),
            "equipment",
            "without_budget",
            Rows("budget_lines"),
            "budget_notes",
        ),
        Section(
            "L’accord de l’encadrement",
            Pair("agreement_on", "agreement_hours"),
            "agreement_function",
            help="Le temps accordé est un levier\u00a0: le dire aide à l’obtenir la fois d’après.",
        ),
    )

    class Meta(StepForm.Meta):
        fields = [name for name in FILING_STEPS[3].names if name not in ROWS]
        labels = {
            "description": "Comment l’action se déroule-t-elle\u00a0?",
            "resident_role": "Que font les habitants à chaque étape\u00a0?",
            "elected_role": "Quelle place pour les élus\u00a0?",
            "rhythm_frequency": "À quel rythme\u00a0?",
            "rhythm_every": "Toutes les combien de semaines\u00a0?",
            "rhythm_weekday": "Quel jour\u00a0?",
            "rhythm_notes": "Des précisions sur le rythme\u00a0?",
            "session_count": "Combien de séances en tout\u00a0?",
            "facilitator_count": "Combien de personnes animent\u00a0?",
            "equipment": "Quel matériel, quels outils\u00a0?",
            "without_budget": "L’action se fait sans budget dédié",
            "budget_notes": "Des précisions sur le budget\u00a0?",
            "agreement_on": "Accord donné le",
            "agreement_function": "Par qui\u00a0? (sa fonction)",
            "agreement_hours": "Heures accordées",
        }
        help_texts = {
            "description": "Du premier contact à la dernière séance, assez précis pour qu’une collègue puisse la refaire.",
            **dict.fromkeys(["starts_on", "planned_end_on", "ended_on"], ""),
            "rhythm_notes": "Par exemple\u00a0: sauf pendant les vacances scolaires.",
        }
        widgets = {
            **dict.fromkeys(["starts_on", "planned_end_on", "ended_on", "agreement_on"], DateInput),
            **dict.fromkeys(["rhythm_starts_at", "rhythm_ends_at"], TimeInput),
        }


class ChangeForm(StepForm):
    step = FILING_STEPS[4]
    row_sets = {"criteria": CriterionRows, "quotes": QuoteRows}
    layout = Layout(
        Section(
            "Ce qui a changé",
            "effects_residents",
            "effects_professionals",
            "effects_elected",
            "effects_partners",
            help="Une action en préparation n’a encore rien changé\u00a0: revenez-y plus tard.",
        ),
        Section("Des paroles", Rows("quotes")),
        Section("Comment le sait-on\u00a0?", Rows("criteria"), "evaluation"),
        Section("Pour qui voudrait la refaire", "success_keys", "watchpoints", "transfer"),
        Section("Et après\u00a0?", "outlook", "outcome", "outcome_notes"),
    )

    class Meta(StepForm.Meta):
        fields = [name for name in FILING_STEPS[4].names if name not in ROWS]
        labels = {
            "effects_residents": "Pour les habitants",
            "effects_professionals": "Pour les professionnels",
            "effects_elected": "Pour les élus",
            "effects_partners": "Pour les partenaires",
            "evaluation": "Comment l’action est-elle évaluée\u00a0?",
            "success_keys": "Qu’est-ce qui a fait que ça marche\u00a0?",
            "watchpoints": "À quoi faut-il faire attention\u00a0?",
            "transfer": "À quelles conditions peut-on la refaire ailleurs\u00a0?",
            "outlook": "Quelles perspectives\u00a0?",
            "outcome": "Quelles suites\u00a0?",
            "outcome_notes": "Des précisions sur ces suites\u00a0?",
        }


class ContactForm(StepForm):
    step = FILING_STEPS[5]
    inspired_by = NameField(
        Action.objects.none(),
        reverse_lazy("actions:suggestions", args=["fiches"]),
        describe=describe_sheet,
        label="De quelle fiche s’inspire-t-elle\u00a0?",
        required=False,
        help_text="Le nom d’une fiche du catalogue.",
    )
    layout = Layout(
        Section(
            "À qui écrire\u00a0?",
            "contact",
            HTML('{% include "actions/_new_contact.html" %}'),
            help="Le service suffit presque toujours. Un nom ne paraît qu’avec l’accord écrit de la personne.",
        ),
        Section("D’où vient l’idée\u00a0?", "inspired_by", "inspiration_notes"),
        Section(
            "D’où vient le texte\u00a0?",
            "source",
            Pair("source_year", "source_pages", legend="De quand, et à quelles pages\u00a0?"),
            "source_url",
        ),
    )

    class Meta(StepForm.Meta):
        fields = list(FILING_STEPS[5].names)
        labels = {
            "contact": "Quel contact la fiche montre-t-elle\u00a0?",
            "inspiration_notes": "ou d’une autre source\u00a0?",
            "source": "Source du texte, s’il vient d’ailleurs",
            "source_year": "Son année",
            "source_pages": "Ses pages",
            "source_url": "Son adresse",
        }

    def prepare(self):
        sheet = self.instance
        offered = Contact.objects.offered_to(self.user, partner=sheet.carrier_partner_id, current=sheet.contact_id)
        self.fields["contact"].queryset = offered
        self.fields["inspired_by"].queryset = Action.objects.visible_to(self.user).exclude(pk=self.instance.pk)


FORMS = {form.step.slug: form for form in (IdentityForm, WhoAndWhereForm, WhyForm, HowForm, ChangeForm, ContactForm)}
