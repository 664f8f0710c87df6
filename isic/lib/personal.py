"""What looks like a person in a plain text: numbers, addresses, names. It asks a question, it proves nothing.

Every pattern is bounded, so that the time is in proportion to the length of the text, whatever the text.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import takewhile

from stdnum import iban, numdb
from stdnum.fr import nir

#: In this order where two overlap: the first wins.
KINDS = {
    "iban": "numéro de compte bancaire (IBAN)",
    "nir": "numéro de sécurité sociale",
    "email": "adresse e-mail",
    "phone": "numéro de téléphone",
    "claimant": "numéro d’allocataire",
    "birth": "date de naissance",
    "name": "nom d’une personne",
}


@dataclass(frozen=True, slots=True)
class Finding:
    kind: str
    excerpt: str
    start: int

    @property
    def label(self) -> str:
        return KINDS[self.kind]

    @property
    def end(self) -> int:
        return self.start + len(self.excerpt)


def find(text: str) -> list[Finding]:
    """The findings in the order of the text, none over another."""
    plain = text.translate(_ALIKE)
    findings: list[Finding] = []
    taken = bytearray(len(text))
    for kind, search in _SEARCHES.items():
        for start, end in search(plain):
            if not any(taken[start:end]):
                taken[start:end] = b"\1" * (end - start)
                findings.append(Finding(kind, text[start:end], start))
    return sorted(findings, key=lambda finding: finding.start)


def fingerprint(findings: Iterable[Finding]) -> str:
    """The same for the same findings, wherever they are and however spaced; empty for none."""
    excerpts = sorted({f"{f.kind}:{re.sub(r'[\W_]+', '', f.excerpt).casefold()}" for f in findings})
    return hashlib.sha256("\n".join(excerpts).encode()).hexdigest() if excerpts else ""


#: One character for one, so that places stay true: every space that stays on the line, every dash, every apostrophe.
_ALIKE = str.maketrans(
    dict.fromkeys("\t\u00a0\u2007\u2009\u202f", " ") | dict.fromkeys("\u2010\u2011–—", "-") | {"’": "'"}
)

Span = tuple[int, int]

# --- Numbers that carry their own proof ---------------------------------------------------------------------------
#: The beginning of a number and up to the longest of any country; what follows in the text is cut off later.
_IBAN = re.compile(r"(?<!\w)(?=([A-Z]{2}\d\d(?:[ .-]?[A-Z0-9]){11,30}))", re.IGNORECASE | re.ASCII)


@cache
def _iban_length(country: str) -> int:
    """The number of characters of a country's account numbers; 0 where there are none."""
    structure = numdb.get("iban").info(country)[0][1].get("bban", "")  # like « 5!n5!n11!c2!n », after country and key
    return sum(map(int, re.findall(r"\d+", structure)), start=4) if structure else 0


def _ibans(text: str) -> Iterator[Span]:
    for match in _IBAN.finditer(text):
        places = [i for i in range(*match.span(1)) if text[i].isalnum()]
        places = places[: _iban_length(match[1][:2].upper())]
        if places and iban.is_valid("".join(text[i] for i in places)):
            yield match.start(), places[-1] + 1


_NIR = re.compile(
    r"(?<!\d)(?P<sex>[1-478])_(?P<year>\d\d)_(?P<month>0[1-9]|1[0-2]|[2-9]\d)_(?P<place>\d_\d|2[ABab])_\d_\d_\d_\d_\d_\d"
    r"(?:_(?P<key>\d\d))?(?!\d|[ .-]\d)".replace("_", "[ .-]{0,2}")
)


def _nirs(text: str) -> Iterator[Span]:
    for match in _NIR.finditer(text):
        # Without its key, nothing proves it: one of the two usual sexes, and a real month.
        is_usual = match["sex"] in "12" and match["month"] <= "12"
        if nir.is_valid(re.sub(r"[ .-]", "", match[0])) if match["key"] else is_usual:
            yield match.span()


# --- Ways to reach someone ----------------------------------------------------------------------------------------
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]+(?:@| ?[(\[](?:at|arobase)[)\]] ?)[\w-]+(?:\.[\w-]+)+", re.IGNORECASE)
_ABROAD = re.compile(r"(?<!\w)(?:\+|00) ?33 ?(?:\( ?0 ?\) ?)?[1-9](?:[ ./-]?\d){8}(?!\d)")
_TEN_DIGITS = re.compile(r"(?<![\d+])(?=(0(?:[ ./-]{0,2}\d){9}(?!\d)))")
#: How the ten digits are grouped, by one separator: « 01/02/2024 10 » is a date and an hour.
_GROUPS = {(10,), (2, 2, 2, 2, 2), (4, 2, 2, 2), (4, 3, 3), (2, 3, 3, 2), (2, 2, 3, 3), (1, 3, 3, 3), (1, 3, 2, 2, 2)}


def _emails(text: str) -> Iterator[Span]:
    return (match.span() for match in _EMAIL.finditer(text))


def _phones(text: str) -> Iterator[Span]:
    yield from (match.span() for match in _ABROAD.finditer(text))
    for match in _TEN_DIGITS.finditer(text):
        groups = tuple(map(len, re.findall(r"\d+", match[1])))
        separators = set(re.findall(r"\D+", match[1]))
        if groups in _GROUPS and len(separators) <= 1 and re.sub(r"\D", "", match[1])[1] != "0":
            yield match.span(1)


# --- What its neighbours give away --------------------------------------------------------------------------------
_CLAIMANT = re.compile(r"(?<![\w.,/-])(?<!\d )\d{7}(?: ?[A-Z])?(?![\w/-]|[.,]\d| ?(?:€|euros))")
_CLAIMANT_WORD = re.compile(r"\b(?:allocataires?|caf|matricule|dossier)\b", re.IGNORECASE)
_MONTHS = "janvier|février|fevrier|mars|avril|mai|juin|juillet|août|aout|septembre|octobre|novembre|décembre|decembre"
_DATE = re.compile(
    rf"(?<![\d/.-])(?:0?[1-9]|[12]\d|3[01])"
    rf"(?:(?:er)? (?:{_MONTHS}) |(?P<s>[/. -])(?:0?[1-9]|1[0-2])(?P=s))(?P<year>(?:19|20)?\d\d)(?![\d/]|\.\d)",
    re.IGNORECASE,
)
_BORN = re.compile(r"(?<![\w-])(?:né(?:e|s|es|[(.·-]e\)?)?|n[ée]e? le|dates? de naissance|ddn)(?!\w)", re.IGNORECASE)
_BIRTH = re.compile(r"\bnaissance\b", re.IGNORECASE)


def _around(text: str, start: int, end: int, before: int, after: int) -> tuple[str, str]:
    """What stands before and after, on the same line."""
    return text[max(0, start - before) : start].rpartition("\n")[2], text[end : end + after].partition("\n")[0]


def _claimants(text: str) -> Iterator[Span]:
    for match in _CLAIMANT.finditer(text):
        if any(_CLAIMANT_WORD.search(side) for side in _around(text, *match.span(), 40, 25)):
            yield match.span()


def _births(text: str) -> Iterator[Span]:
    """« Préparation à la naissance, le 12 mars 2024 » is a meeting: that word alone wants a grown-up's year."""
    for match in _DATE.finditer(text):
        before, after = _around(text, *match.span(), 40, 25)
        is_old = match["year"].startswith("19") or (len(match["year"]) == 2 and match["year"] > "40")
        if _BORN.search(before[-25:]) or (is_old and (_BIRTH.search(before) or _BIRTH.search(after))):
            yield match.span()


# --- Names --------------------------------------------------------------------------------------------------------
_CAPITAL = "[A-ZÀ-ÖØ-ÞŒŸ]"
_TITLED = re.compile(
    r"(?<![\w'-])(?:M\.?|MM\.|(?i:mr|mmes?|mlles?|melles?|madame|mesdames|mademoiselle|monsieur|messieurs)\.?) {1,2}"
    rf"(?P<name>(?:(?:de|du|des|la|d'|van|von|el|ben)[ ]?){{0,2}}{_CAPITAL}[\w'-]{{0,40}}(?: {_CAPITAL}[\w'-]{{0,40}}){{0,3}})"
)
_TITLES = set("madame mesdames mademoiselle monsieur messieurs mme mmes mlle m mm mr".split())
#: A sentence begins: « Salle M. Les familles… ».
_OPENERS = set(
    "a à au aux avec ce ces cet cette chaque chez dans de depuis des du elle elles en et il ils l la le les lors mais nous"
    " on ou par pendant pour puis sans si son sous sur tous tout toutes un une vous".split()
)
_PARTICLES = set("de des du la le les".split())
_OFFICES = re.compile(
    r"(?:maires?|adjointe?s?|président|vice|direct|préf|sous|ministr|sénat|déput|conseill|procureu|juge|recteu|rectri"
    r"|inspect|princip|provis|chef|respons|coordin|délégu|secrét|bâtonn|curé|docteur)",
    re.IGNORECASE,
)


def _names(text: str) -> Iterator[Span]:
    for match in _TITLED.finditer(text):
        words = match["name"].split(" ")
        kept = list(takewhile(lambda word: word.casefold().strip("'-") not in _TITLES, words))
        particles = list(takewhile(lambda word: word.casefold() in _OPENERS, kept))
        rest = kept[len(particles) :]
        is_office = bool(particles) and bool(rest) and _OFFICES.match(rest[0])
        if rest and not is_office and {word.casefold() for word in particles} <= _PARTICLES:
            yield match.start(), match.start("name") + len(" ".join(kept))


_SEARCHES = {
    "iban": _ibans,
    "nir": _nirs,
    "email": _emails,
    "phone": _phones,
    "claimant": _claimants,
    "birth": _births,
    "name": _names,
}
