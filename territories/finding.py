"""Which place people mean, however they write it: its name, a postal code, what it was called before it merged.

    answer = Gazetteer.load(Territory.objects.communes()).find("St Denis les Bourg")
    answer.place          # one place; `answer.reading` says how it was understood, when not by its own name
    answer.choices        # several may be meant: ask
    answer.suggestions    # none is: « Vouliez-vous dire… »

Five digits are a postal code for people, and an INSEE code for files: where both exist, this asks.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from rapidfuzz import fuzz, process

from isic.lib.ordering import sort_key
from territories.departments import department_of
from territories.models import Alias

#: No more than a reader can take in, of names; of a postal code, all its communes.
MOST_NAMES = 12
SUGGESTED = 5
#: How alike two spellings are, out of a hundred, to be suggested.
_NEAR = 72
_ARTICLES = frozenset(("l", "le", "la", "les"))
_WRITTEN_OUT = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes", "s": "sur", "ss": "sous"}
_CODE = re.compile(r"(?<!\w)(\d[\dABab]\d{3}|\d{2} \d{3})(?!\w)")
_IN_BRACKETS = re.compile(r"\(([^()]+)\)\s*$")


@dataclass(frozen=True, slots=True)
class Place:
    pk: int
    kind: str
    name: str
    code: str
    slug: str
    population: int

    @property
    def value(self) -> str:
        """What a field shows and takes back; no two places share it."""
        return f"{self.name} ({self.code or self.slug})"


@dataclass(frozen=True, slots=True)
class Candidate:
    place: Place
    #: Why it may be meant: « code postal 01100 »; empty for its own name.
    why: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    place: Place | None = None
    #: How the place was understood, when people did not write its name.
    reading: str = ""
    choices: tuple[Candidate, ...] = ()
    suggestions: tuple[Candidate, ...] = ()
    #: Where else in France a code of no place of this installation is: a département.
    elsewhere: str = ""


def spelling(text: str) -> str:
    """What two ways of writing one name share: no case, accent, punctuation, first article, nor « St » for « Saint »."""
    visible = "".join(" " if c == "\u02bc" else c for c in text if unicodedata.category(c) != "Cf")
    words = [_WRITTEN_OUT.get(word, word) for word in sort_key(visible).split() if word != "cedex"]
    return " ".join(words[1:] if len(words) > 1 and words[0] in _ARTICLES else words)


class Gazetteer:
    """The places of this installation and all that they are called."""

    def __init__(self, places: Iterable[Place], aliases: Iterable[tuple[int, str, str]]):
        """`aliases` are (key of the place, kind of alias, words)."""
        self._named: dict[str, list[Candidate]] = defaultdict(list)
        self._renamed: dict[str, list[Candidate]] = defaultdict(list)
        self._coded: dict[str, list[Candidate]] = defaultdict(list)
        by_key = {place.pk: place for place in places}
        for key, kind, words in aliases:
            if place := by_key.get(key):
                why = (
                    f"{Alias.Kind(kind).label} {words}"
                    if kind in Alias.CODES
                    else f"{Alias.Kind(kind).label}\u00a0: {words}"
                )
                at = self._coded[words.upper()] if kind in Alias.CODES else self._renamed[spelling(words)]
                at.append(Candidate(place, why))
        for place in by_key.values():
            self._named[spelling(place.name)].append(Candidate(place))
            if place.code:
                self._coded[place.code].append(Candidate(place, f"code officiel {place.code}"))
            self._coded[place.slug.upper()].append(Candidate(place))

    @classmethod
    def load(cls, territories: QuerySet) -> "Gazetteer":
        """Two queries."""
        fields = ("pk", "kind", "name", "code", "slug", "population")
        rows = territories.order_by("sort_key", "pk").values_list(*fields)
        aliases = Alias.objects.order_by("pk").values_list("territory_id", "kind", "text")
        return cls((Place(*row[:5], row[5] or 0) for row in rows), aliases)

    def find(self, text: str, kinds: Collection[str] | None = None) -> Answer:
        """`kinds` of territory among which to look; all of them by default."""
        name, code = _parts(text)
        coded = self._with_code(code, kinds) if code else []
        named = self._with_name(name, kinds) if name else []
        candidates = _agreed(name, named, coded) or (named + coded if code[:1].isdigit() else named or coded)
        if len(candidates) == 1:
            [candidate] = candidates
            return Answer(candidate.place, "" if _is_its_name(candidate.place, name) else _reading(candidate))
        if candidates:
            return Answer(choices=tuple(candidates if coded else candidates[:MOST_NAMES]))
        suggestions = tuple(self._near(name, kinds)) if name else ()
        return Answer(suggestions=suggestions, elsewhere="" if suggestions else self._elsewhere(code))

    def _elsewhere(self, code: str) -> str:
        """The département of a code, unless this installation has places there: then the code is a mistake."""
        own = {known[:2] for known in self._coded if len(known) == 5}
        return "" if code[:2].upper() in own else department_of(code)

    def suggest(self, text: str, limit: int, kinds: Collection[str] | None = None) -> list[Candidate]:
        """What one may be about to write, the likeliest first."""
        name, code = _parts(text)
        key = spelling(name)
        if len(code or key) < 2:
            return []
        if not name:
            codes = sorted(known for known in self._coded if known.startswith(code.upper()) and len(known) == 5)
            return _once(c for known in [code, *codes] for c in self._with_code(known, kinds))[:limit]
        begun = self._matching(lambda spelled: spelled.startswith(key), kinds)
        within = self._matching(lambda spelled: f" {key}" in spelled, kinds)
        return _once([*self._with_code(code, kinds), *begun, *within])[:limit]

    def _with_code(self, code: str, kinds) -> list[Candidate]:
        """Postal codes are what people write: they come first, and the largest town of each."""
        candidates = [c for c in self._coded.get(code.upper(), ()) if kinds is None or c.place.kind in kinds]
        return _once(sorted(candidates, key=lambda c: (not c.why.startswith(_POSTAL), -c.place.population)))

    def _with_name(self, name: str, kinds) -> list[Candidate]:
        """Who is called so; else who was; else whose name begins so; else whose name has these words."""
        key = spelling(name)
        words = key.split()
        if not key:
            return []
        for candidates in (self._named.get(key, ()), self._renamed.get(key, ())):
            if allowed := _once(c for c in candidates if kinds is None or c.place.kind in kinds):
                return allowed
        return self._matching(lambda spelled: spelled.startswith(f"{key} "), kinds) or self._matching(
            lambda spelled: set(words) <= set(spelled.split()), kinds
        )

    def _matching(self, test, kinds) -> list[Candidate]:
        """The candidates whose spelling passes, by their own name first, the largest first."""
        passed = []
        for spellings in (self._named, self._renamed):
            hits = [c for spelled, candidates in spellings.items() if test(spelled) for c in candidates]
            passed += sorted(hits, key=lambda c: -c.place.population)
        return _once(c for c in passed if kinds is None or c.place.kind in kinds)

    def _near(self, name: str, kinds) -> list[Candidate]:
        spellings = [*self._named, *self._renamed]
        near = process.extract(spelling(name), spellings, scorer=fuzz.ratio, limit=4 * SUGGESTED, score_cutoff=_NEAR)
        candidates = (
            c for spelled, _, _ in near for c in (*self._named.get(spelled, ()), *self._renamed.get(spelled, ()))
        )
        return _once(c for c in candidates if kinds is None or c.place.kind in kinds)[:SUGGESTED]


_POSTAL = Alias.Kind.POSTAL_CODE.label


def _parts(text: str) -> tuple[str, str]:
    """The name and the code that a text has: « Chalamont (01320) », « 01320 Chalamont », « 01320 »."""
    text = text.strip()
    if bracketed := _IN_BRACKETS.search(text):
        return text[: bracketed.start()].strip(), bracketed[1].strip()
    if coded := _CODE.search(text):
        return f"{text[: coded.start()]} {text[coded.end() :]}".strip(" ,;-–"), coded[1].replace(" ", "")
    return ("", text) if text.isdigit() else (text, "")


def _agreed(name: str, named: list[Candidate], coded: list[Candidate]) -> list[Candidate]:
    """Where a name and a code were given: the places that have both, the name perhaps with a typing error."""
    places = {candidate.place for candidate in coded}
    if named:
        return [candidate for candidate in named if candidate.place in places]
    return [c for c in coded if name and fuzz.ratio(spelling(name), spelling(c.place.name)) >= _NEAR]


def _is_its_name(place: Place, name: str) -> bool:
    return spelling(place.name) == spelling(name)


def _reading(candidate: Candidate) -> str:
    return candidate.why or candidate.place.name


def _once(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Each place once, for the first reason."""
    return list({candidate.place: candidate for candidate in reversed(list(candidates))}.values())[::-1]
