"""The names that the index joins in memory: vocabularies, territories, partners, synonyms. Some thousand rows."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.functional import cached_property

from actions.models import Action, Audience, Domain, Framework, Lever, Theme
from catalogue.models import Synonym
from catalogue.search.lexicon import LIGHT_STEMS, Lexicon, key_of
from isic.lib.french import WORD, fold, stem
from isic.lib.slugs import slugify
from partners.models import Partner
from territories.finding import Gazetteer, Place
from territories.models import Alias, Territory

VOCABULARIES = {"domaine": Domain, "public": Audience, "cadre": Framework, "theme": Theme, "levier": Lever}
CHOICES = {"type": Action.Type, "etat": Action.LifeState, "habitants": Action.Decider}
#: Facets of fixed values: key, which is also the parameter's value, and what people read.
FIXED = {
    "ouvert": {"oui": "Ouvert aux nouveaux"},
    "pratique": {
        "peu-de-seances": "Peu de séances (6 au plus)",
        "sans-budget": "Sans budget dédié",
        "un-animateur": "Un seul animateur",
    },
    "ailleurs": {"non": "Dans le département", "seul": "Ailleurs en France"},
}


#: The facets whose values people name in a question.
NAMED = ("public", "ouvert", "type", "domaine", "cadre")
#: In which order places of one name are offered: one looks for a commune first.
PLACES_FIRST = {"commune": 0, "local_unit": 1, "epci": 2, "district": 3, "department": 4}
#: What a label adds to a name: « (0-6 ans) », « « Agir pour la solidarité » ».
_ASIDE = re.compile(r"\s*(?:\([^)]*\)|«[^»]*»)")
_ACRONYM = re.compile(r"\(([A-Z]{2,8})\)")


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a facet: its key in the index, its slug in addresses, its label."""

    key: int | str
    slug: str
    label: str


def _place(row: dict) -> Place:
    return Place(row["pk"], row["kind"], row["name"], row["code"], row["slug"], row["population"] or 0)


def upper_first(text: str) -> str:
    return text[:1].upper() + text[1:]


class Labels:
    """Every label at one revision; loaded whole, then only read."""

    def __init__(self):
        self.values: dict[str, dict] = {}
        #: What `catalogue.cards` rendered with these labels.
        self.rendered: dict[tuple, str] = {}
        self._load_vocabularies()
        self._load_territories()
        self._load_partners()
        self._load_lexicon()
        self._by_slug = {
            param: {value.slug: value for value in values.values()} for param, values in self.values.items()
        }
        self._by_slug["territoire"].update(
            {t["slug"]: self.values["territoire"][pk] for pk, t in self.territories.items()}
        )
        for pk, kind, code in self._aliases:
            if kind == Alias.Kind.OTHER_CODE and pk in self.territories:  # links that were shared before it changed
                self._by_slug["territoire"].setdefault(code, self.values["territoire"][pk])
        self._index_words()
        self._index_names()

    def find(self, param: str, slug: str) -> Value | None:
        """The value of a parameter that an address names (for a territory: official code or slug)."""
        if param == "annee":
            return Value(int(slug), slug, slug) if slug.isascii() and slug.isdigit() and len(slug) == 4 else None
        return self._by_slug[param].get(slug)

    def name(self, param: str, key) -> str:
        """The label of a key; empty when it was deleted since the entry was written."""
        value = self.values[param].get(key)
        return value.label if value else ""

    def places_named(self, name: str) -> list[tuple[str, Value]]:
        """The places of this name, postal code or former name (folded, without articles), the likeliest first."""
        return [("territoire", self.values["territoire"][pk]) for pk in self._places_by_name.get(name, ())]

    def path(self, pk: int) -> list[int]:
        """A place and what it is in, upwards; a loop, that only the database could make, ends where it closes."""
        path, at = [], pk
        while at is not None and at not in path:
            path.append(at)
            at = self.territories[at]["parent_id"]
        return path

    @cached_property
    def gazetteer(self) -> Gazetteer:
        """Made when a place is first typed: most pages ask for none."""
        return Gazetteer(map(_place, self.territories.values()), self._aliases)

    def _load_vocabularies(self) -> None:
        self.domains = {
            row["pk"]: row for row in Domain.objects.values("pk", "name", "slug", "hue", "pictogram", "is_retired")
        }
        for param, model in VOCABULARIES.items():
            rows = model.objects.values_list("pk", "slug", "name")
            self.values[param] = {pk: Value(pk, slug, name) for pk, slug, name in rows}
        for param, choices in CHOICES.items():
            self.values[param] = {
                key: Value(key, slugify(label), upper_first(label)) for key, label in choices.choices if key
            }
        for param, labels in FIXED.items():
            self.values[param] = {key: Value(key, key, label) for key, label in labels.items()}

    def _load_territories(self) -> None:
        where = ("latitude", "longitude", "population")
        fields = ("pk", "kind", "name", "slug", "code", "parent_id", "is_home", "is_example", *where)
        self.territories = {row["pk"]: row for row in Territory.objects.order_by("sort_key", "pk").values(*fields)}
        self.values["territoire"] = {
            pk: Value(pk, row["code"] or row["slug"], row["name"]) for pk, row in self.territories.items()
        }
        self._aliases = list(Alias.objects.order_by("pk").values_list("territory_id", "kind", "text"))
        self.home = next((pk for pk, row in self.territories.items() if row["is_home"]), None)
        served_by = defaultdict(list)
        for unit, commune in Territory.serves.through.objects.values_list("from_territory_id", "to_territory_id"):
            served_by[commune].append(unit)
        #: place → everything that includes it: itself, what it is in, and the local units that serve these.
        self.within: dict[int, frozenset[int]] = {}
        for pk in self.territories:
            path = self.path(pk)
            self.within[pk] = frozenset(path).union(*(served_by[place] for place in path))

    def _load_partners(self) -> None:
        rows = Partner.objects.values_list("pk", "slug", "name", "is_elsewhere")
        self.elsewhere = []
        self.values["partenaire"] = {}
        for pk, slug, name, is_elsewhere in rows:
            self.values["partenaire"][pk] = Value(pk, slug, name)
            if is_elsewhere:
                self.elsewhere.append(pk)

    def _load_lexicon(self) -> None:
        self.lexicon = Lexicon((line.expressions, line.related_expressions) for line in Synonym.objects.all())

    def _index_words(self) -> None:
        """Stem, or expression of the lexicon → the facet values whose label has it; and one way of writing each stem."""
        self.by_stem: dict[str, list[tuple]] = defaultdict(list)
        self.written: dict[str, str] = {}
        self.label_stems: list[tuple[str, tuple]] = []
        for param in (*VOCABULARIES, "type", "territoire", "partenaire"):
            for value in self.values[param].values():
                words = WORD.findall(value.label)
                word_stems = [stem(word) for word in words]
                line = f" {' '.join(word_stems)} "
                self.label_stems.append((line, (param, value.key)))
                for expression in self.lexicon.within(line, set(word_stems)):
                    self.by_stem[expression].append((param, value.key))
                for word_stem, word in zip(word_stems, words, strict=True):
                    self.by_stem[word_stem].append((param, value.key))
                    self.written.setdefault(word_stem, word.lower())

    def _index_names(self) -> None:
        """What people call a value: its label, the acronym that it gives, a half of « Loisirs / culture »; a place by its name."""
        #: Key of the lexicon → (parameter, value).
        self.named: dict[str, list[tuple[str, Value]]] = defaultdict(list)
        for param in NAMED:
            for value in self.values[param].values():
                for name in _names(value.label):
                    self.named[key_of(name)].append((param, value))
        self._places_by_name: dict[str, list[int]] = defaultdict(list)
        for pk, row in sorted(self.territories.items(), key=lambda item: (PLACES_FIRST[item[1]["kind"]], item[0])):
            self._places_by_name[_folded(row["name"])].append(pk)
        known = [(pk, text) for pk, _kind, text in self._aliases if pk in self.territories]
        for pk, text in sorted(known, key=lambda alias: -(self.territories[alias[0]]["population"] or 0)):
            if pk not in self._places_by_name[_folded(text)]:
                self._places_by_name[_folded(text)].append(pk)


def _folded(name: str) -> str:
    """The words of a place, as a question may have them."""
    return " ".join(fold(word) for word in WORD.findall(name) if stem(word) not in LIGHT_STEMS)


def _names(label: str) -> Iterator[str]:
    plain = _ASIDE.sub("", label)
    yield from dict.fromkeys([plain, *plain.split(" / "), *_ACRONYM.findall(label)])
