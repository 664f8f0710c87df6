"""The catalogue's parameters: declared here, translated into a frozen `Query`; they decide nothing."""

from copy import copy

import django_filters
from django import forms
from django.http import QueryDict
from django.utils.functional import cached_property

from actions.models import Action
from catalogue.search.labels import Labels
from catalogue.search.query import Query, parse
from isic.lib.names import Name
from territories.fields import names_of, unknown
from territories.finding import Answer, Candidate

LEGENDS = {
    "domaine": "Domaine",
    "territoire": "Territoire",
    "public": "Public",
    "ouvert": "Places",
    "etat": "État de l’action",
    "type": "Type d’action",
    "annee": "Année",
    "cadre": "Cadre de rattachement",
    "theme": "Thématique du guide",
    "levier": "Levier",
    "habitants": "Place des habitants",
    "pratique": "Facile à monter",
    "ailleurs": "Où en France",
}
#: Shown at once; the others wait behind « Plus de filtres ».
OPEN = ("domaine", "territoire", "public", "ouvert")
SORTS = {"pertinence": "Pertinence", "recent": "Les plus récentes", "titre": "Titre"}
VIEWS = {"cartes": "Cartes", "tableau": "Tableau"}
#: Parameters of a few fixed values.
CHOICES = ("tri", "vue", "exact", "filtres", "tout")
#: Nobody ticks more boxes of one facet; a robot does.
MAX_VALUES = 100


class FacetField(forms.Field):
    """The slugs of one facet, each once; what they name is looked up by the form, which knows the labels."""

    widget = forms.MultipleHiddenInput

    def __init__(self, *, param: str, **kwargs):
        self.param = param
        super().__init__(**kwargs)

    def __deepcopy__(self, memo):
        """It holds nothing of a request: one serves all (copying thirteen costs more than a search)."""
        return self

    def clean(self, value) -> list[str]:
        slugs = list(dict.fromkeys(filter(None, value or [])))
        if len(slugs) > MAX_VALUES:
            raise forms.ValidationError(f"{LEGENDS[self.param]}\u00a0: choisissez {MAX_VALUES} valeurs au plus.")
        return slugs


class ActionFilterForm(forms.Form):
    """The parameters, bound; `labels` are those of the index that will answer.

    What a shared link asks and the catalogue does not know, or knows no more, is in `stale` and asks nothing.
    """

    labels: Labels
    answer = Answer()

    def clean(self) -> dict:
        """Each slug becomes the value it names."""
        self.stale: dict[str, list[str]] = {}
        for param in [param for param in LEGENDS if param in self.cleaned_data]:
            values = {slug: self.labels.find(param, slug) for slug in self.cleaned_data[param]}
            self.cleaned_data[param] = tuple(value for value in values.values() if value is not None)
            if unknown := [slug for slug, value in values.items() if value is None]:
                self.stale[param] = unknown
        for param in [param for param in CHOICES if param in self._errors]:
            del self._errors[param]
            self.cleaned_data[param] = ""
            self.stale[param] = self.data.getlist(param)
        self._read_place()
        return self.cleaned_data

    def _read_place(self) -> None:
        """A place that is typed, however it is spelled; one that may be several is asked."""
        asked = self.cleaned_data.get("lieu", "").strip()
        if not asked:
            return
        self.answer = self.labels.gazetteer.find(asked)
        shown = f"«\u00a0{asked[:60]}\u00a0»"
        if self.answer.choices:
            self.add_error("lieu", f"{shown} peut être plusieurs lieux. Lequel\u00a0?")
        elif self.answer.suggestions:
            self.add_error("lieu", f"Nous ne connaissons pas {shown}. Vouliez-vous dire\u00a0:")
        elif not self.answer.place:
            self.add_error("lieu", unknown(asked, self.answer))


class FacetFilter(django_filters.Filter):
    field_class = FacetField

    def __init__(self, param: str):
        super().__init__(param=param, label=LEGENDS[param])

    def __deepcopy__(self, memo):
        """A filter set copies its filters for each request, to their depths: the first level is enough for these."""
        return copy(self)


class ActionFilterSet(django_filters.FilterSet):
    """The parameters of `/actions/` and of everything that asks the same: exports, feed, API, booklet."""

    q = django_filters.CharFilter(max_length=200, label="Recherche")
    domaine = FacetFilter("domaine")
    territoire = FacetFilter("territoire")
    public = FacetFilter("public")
    ouvert = FacetFilter("ouvert")
    etat = FacetFilter("etat")
    type = FacetFilter("type")
    annee = FacetFilter("annee")
    cadre = FacetFilter("cadre")
    theme = FacetFilter("theme")
    levier = FacetFilter("levier")
    habitants = FacetFilter("habitants")
    pratique = FacetFilter("pratique")
    ailleurs = FacetFilter("ailleurs")
    lieu = django_filters.CharFilter(max_length=120, label="Lieu")
    tri = django_filters.ChoiceFilter(choices=list(SORTS.items()), label="Trier par")
    vue = django_filters.ChoiceFilter(choices=list(VIEWS.items()), label="Affichage")
    page = django_filters.CharFilter(max_length=40, label="Page")
    exact = django_filters.ChoiceFilter(choices=[("oui", "Oui")], label="Sans correction")
    filtres = django_filters.ChoiceFilter(choices=[("tous", "Tous")], label="Filtres")
    tout = django_filters.MultipleChoiceFilter(choices=list(LEGENDS.items()), label="Tout afficher")

    _form_class = None

    class Meta:
        model = Action
        fields = []
        form = ActionFilterForm

    def __init__(self, data: QueryDict, labels: Labels):
        self.labels = labels
        super().__init__(data, queryset=Action.objects.none())

    def get_form_class(self):
        """Built once: making a form class costs more than a search."""
        if ActionFilterSet._form_class is None:
            ActionFilterSet._form_class = super().get_form_class()
        return ActionFilterSet._form_class

    @property
    def form(self):
        if not hasattr(self, "_form"):
            self._form = self.get_form_class()(self.data)
            self._form.labels = self.labels
        return self._form

    @cached_property
    def stale(self) -> list[str]:
        """« Domaine « magie » » : each filter of the address that names nothing, and asks nothing."""
        return [
            f"{self.form.fields[param].label} «\u00a0{value[:60]}\u00a0»"
            for param, values in self._read.stale.items()
            for value in values
        ]

    @cached_property
    def params(self) -> QueryDict:
        """The parameters without the stale ones: what the links of the page repeat."""
        if not self.stale:
            return self.data
        params = self.data.copy()
        for param, values in self.form.stale.items():
            params.setlist(param, [value for value in params.getlist(param) if value not in values])
        return params

    @property
    def errors(self) -> list[str]:
        """One French sentence an invalid parameter."""
        return [
            message if name in LEGENDS or name == "lieu" else f"{self.form.fields[name].label}\u00a0: {message}"
            for name, messages in self.form.errors.items()
            for message in messages
        ]

    @cached_property
    def _read(self) -> ActionFilterForm:
        self.form.is_valid()
        return self.form

    @cached_property
    def chosen(self) -> dict[str, tuple]:
        """Parameter → the values chosen, only those that have some; empty where a parameter is invalid."""
        cleaned = self._read.cleaned_data
        return {param: cleaned[param] for param in LEGENDS if cleaned.get(param)}

    @cached_property
    def place(self) -> Candidate | None:
        """The place that was typed, and how it was understood."""
        answer = self._read.answer
        return Candidate(answer.place, answer.reading) if answer.place else None

    @property
    def offered_places(self) -> list[Name]:
        """Those that may be meant, where it is none yet."""
        answer = self._read.answer
        return names_of(answer.choices or answer.suggestions)

    @cached_property
    def query(self) -> Query:
        """The question; ask for `errors` first, there is none while a parameter is invalid."""
        if self.form.errors:
            raise ValueError("An invalid parameter asks no question.")
        cleaned = self.form.cleaned_data
        facets = {param: tuple(value.key for value in values) for param, values in self.chosen.items()}
        if self.place:
            facets["territoire"] = (*facets.get("territoire", ()), self.place.place.pk)
        return Query(parse(cleaned["q"]), facets, cleaned["tri"])
