"""The rows of a sheet as forms: goals, team, partners, money, dates, words."""

from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy

from actions.models import BudgetLine, Criterion, Goal, Partnership, Quote, StaffTime, TeamMember
from isic.lib.layout import Pair
from isic.lib.names import Name, NameField, NewName
from isic.lib.numbers import DecimalField
from isic.lib.people import LINE_NOTE, AsksAboutPeople
from isic.lib.rows import Row, rows
from partners.models import Partner


class DateInput(forms.DateInput):
    """The browser's own calendar, which also takes what is typed."""

    input_type = "date"

    def __init__(self):
        super().__init__(format="%Y-%m-%d")


class TimeInput(forms.TimeInput):
    input_type = "time"

    def __init__(self):
        super().__init__(format="%H:%M")


def length(model, name: str) -> int:
    return model._meta.get_field(name).max_length


def line(model, name: str, **kwargs) -> forms.CharField:
    """A line of words as long as its column."""
    return forms.CharField(max_length=length(model, name), **kwargs)


def euros(label: str) -> DecimalField:
    return DecimalField(label=label, max_digits=10, decimal_places=2, min_value=0, required=False)


def describe_partner(partner: Partner) -> Name:
    kind = partner.get_kind_display()
    return Name(f"{partner.name} ({kind})", partner.name, kind)


class PartnerField(NameField):
    """A partner by its name; `known` holds the names looked up for all rows in one query."""

    def __init__(self, **kwargs):
        suggest_url = reverse_lazy("actions:suggestions", args=["partenaires"])
        super().__init__(Partner.objects.all(), suggest_url, describe=describe_partner, **kwargs)
        self.partners_by_words: dict[str, Partner] = {}

    def to_python(self, value):
        return self.partners_by_words.get(value) or super().to_python(value)


class SheetRow(AsksAboutPeople, Row, forms.Form):
    """A row of a sheet: what is confirmed there is remembered."""

    remembers = True


class PartnerRow(SheetRow):
    """A row that names a partner."""

    def __init__(self, *args, partners_by_words=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["partner"].partners_by_words = dict(partners_by_words)


class GoalRow(SheetRow):
    text = line(Goal, "text", label="Objectif")
    level = forms.TypedChoiceField(
        label="Niveau",
        choices=[(0, "objectif général"), (1, "opérationnel, sous le précédent"), (2, "détail d’un opérationnel")],
        coerce=int,
        initial=0,
    )


class CriterionRow(SheetRow):
    layout = Layout("key", "name", Pair("indicator", "method"), Pair("target", "result"))
    name = line(Criterion, "name", label="Critère", help_text="Par exemple\u00a0: l’assiduité.")
    indicator = line(
        Criterion, "indicator", label="Indicateur", required=False, help_text="Ce qu’on regarde, ce qu’on compte."
    )
    method = line(Criterion, "method", label="Comment le savoir", required=False)
    target = line(Criterion, "target", label="Résultat visé", required=False)
    result = line(Criterion, "result", label="Résultat constaté", required=False)


CLOSED = "Compte fermé\u00a0: la personne ne modifie plus la fiche et ne reçoit plus rien. Ce qu’elle a fait reste."


class TeamRow(PartnerRow):
    layout = Layout("key", Pair("role", "function"), Pair("unit", "partner"), "user")
    role = forms.ChoiceField(label="Rôle", choices=TeamMember.Role, initial=TeamMember.Role.CO_FACILITATOR)
    function = line(
        TeamMember, "function", label="Fonction", help_text="Par exemple\u00a0: assistante sociale. Pas de nom."
    )
    unit = forms.TypedChoiceField(label="Unité", coerce=int, empty_value=None, required=False)
    partner = PartnerField(label="ou partenaire", required=False)
    user = forms.EmailField(
        label="Compte",
        required=False,
        help_text="Son adresse e-mail\u00a0: la personne pourra modifier la fiche. Sans compte, l’administration reçoit la "
        "demande de lui en ouvrir un. Seule l’équipe voit l’adresse.",
    )

    def __init__(self, *args, units=(), accounts=(), closed=(), **kwargs):
        """`units`: (key, name); `accounts`: e-mail → key, of those that need nobody's answer; `closed`: e-mails."""
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = [("", "—"), *units]
        self.accounts = dict(accounts)
        if (self.data.get(self.add_prefix("user")) if self.is_bound else self.initial.get("user")) in closed:
            self.fields["user"].help_text = CLOSED

    def clean_user(self):
        """The key of the account, or the address as it was typed. Nothing tells who has an account."""
        address = self.cleaned_data["user"].lower()
        return self.accounts.get(address, address) or None


class PartnershipRow(PartnerRow):
    layout = Layout("key", Pair("partner", "role"), "notes")
    partner = PartnerField(label="Partenaire", allow_new=True)
    role = forms.ChoiceField(label="Rôle", choices=Partnership.Role, initial=Partnership.Role.PARTNER)
    notes = line(Partnership, "notes", label="Précisions", required=False)

    def clean_partner(self):
        """A new partner is wanted, and not a slip of the pen."""
        partner = self.cleaned_data["partner"]
        if isinstance(partner, NewName):
            if len(partner) > length(Partner, "name"):
                raise ValidationError(f"Un nom fait {length(Partner, 'name')} caractères au plus.")
            self.ask("partner", partner, f"Ajouter «\u00a0{partner}\u00a0» aux partenaires")
            if not self.is_confirmed("partner", partner):
                raise ValidationError(f"«\u00a0{partner}\u00a0» n’est pas encore un partenaire connu.")
        return partner


class BudgetRow(SheetRow):
    layout = Layout("key", Pair("label", "funder"), Pair("planned", "actual"))
    label = line(BudgetLine, "label", label="Poste", help_text="Par exemple\u00a0: alimentation.")
    funder = line(BudgetLine, "funder", label="Financeur", required=False)
    planned = euros("Prévu, en euros")
    actual = euros("Réalisé, en euros")


class StaffTimeRow(SheetRow):
    layout = Layout("key", Pair("phase", "hours"), "notes")
    phase = forms.ChoiceField(label="Moment", choices=StaffTime.Phase, initial=StaffTime.Phase.PREPARATION)
    hours = DecimalField(label="Heures", max_digits=6, decimal_places=1, min_value=0)
    notes = line(StaffTime, "notes", label="Précisions", required=False)


class QuoteRow(SheetRow):
    text = forms.CharField(
        label="Parole",
        max_length=length(Quote, "text"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Les mots de la personne, sans rien qui la désigne.",
    )
    speaker = line(
        Quote, "speaker", label="Qui parle, sans nom", required=False, help_text="Par exemple\u00a0: une participante."
    )
    has_consent = forms.BooleanField(
        label="La personne a donné son accord",
        error_messages={"required": "Une parole ne se publie qu’avec l’accord de la personne."},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["text"].privacy_note = LINE_NOTE

    def clean_text(self):
        """Browsers end lines in their own way."""
        return self.cleaned_data["text"].replace("\r\n", "\n")


class PartnershipRows(
    rows(PartnershipRow, label="Partenaires", singular="Partenaire", add_label="Ajouter un partenaire", blank=1)
):
    def clean(self):
        """As the constraint of the database says."""
        pairs = [(row.cleaned_data.get("partner"), row.cleaned_data.get("role")) for row in self.forms]
        pairs = [pair for pair in pairs if pair[0]]
        if len(set(pairs)) < len(pairs):
            raise ValidationError("Ce partenaire a déjà ce rôle dans l’action.")


GoalRows = rows(GoalRow, label="Objectifs", singular="Objectif", add_label="Ajouter un objectif", blank=1)
CriterionRows = rows(CriterionRow, label="Critères d’évaluation", singular="Critère", add_label="Ajouter un critère")
TeamRows = rows(TeamRow, label="Équipe", singular="Membre", add_label="Ajouter un membre de l’équipe")
BudgetRows = rows(BudgetRow, label="Budget", singular="Ligne", add_label="Ajouter une ligne de budget")
StaffTimeRows = rows(StaffTimeRow, label="Temps de travail", singular="Temps", add_label="Ajouter un temps de travail")
QuoteRows = rows(QuoteRow, label="Paroles recueillies", singular="Parole", add_label="Ajouter une parole")
