"""Numbers and addresses that lead to one person: accounts, social security, phones, e-mails, claimants, births.

Each search takes a plain text (`isic.lib.personal`) and gives the spans of what it found. A number may go over two lines.
"""

import re
from collections.abc import Callable, Iterator
from functools import cache

from stdnum import iban, numdb
from stdnum.fr import nir
from stdnum.iso7064 import mod_97_10

from isic.lib.personal_people import ONE_PERSON, around, fold, sentence_before

Span = tuple[int, int]
#: What may stand between two digits of one number; `_stays_together` allows one end of line.
_GAP = r"(?:[ ./\-\r\n]{0,3})"


def _stays_together(text: str, span: Span) -> bool:
    return text.count("\n", *span) <= 1


# --- Numbers that carry their own proof ---------------------------------------------------------------------------
#: The beginning of a number and up to the longest of any country; what follows in the text is cut off later.
_IBAN = re.compile(r"(?<!\w)(?=([A-Z]{2}\d\d(?:[ .\-\r\n]{0,2}[A-Z0-9]){11,30}))", re.IGNORECASE | re.ASCII)


@cache
def _iban_length(country: str) -> int:
    """The number of characters of a country's account numbers; 0 where there are none."""
    structure = numdb.get("iban").info(country)[0][1].get("bban", "")  # like « 5!n5!n11!c2!n », after country and key
    return sum(map(int, re.findall(r"\d+", structure)), start=4) if structure else 0


def _ibans(text: str) -> Iterator[Span]:
    for match in _IBAN.finditer(text):
        places = [i for i in range(*match.span(1)) if text[i].isalnum()]
        places = places[: _iban_length(match[1][:2].upper())]
        number = "".join(text[i] for i in places).upper()
        if places and mod_97_10.checksum(number[4:] + number[:4]) == 1 and iban.is_valid(number):
            yield match.start(), places[-1] + 1


_NIR = re.compile(
    r"(?<!\d)(?P<sex>[1-478])_(?P<year>\d\d)_(?P<month>0[1-9]|1[0-2]|[2-9]\d)_(?P<place>\d_\d|2[ABab])_\d_\d_\d_\d_\d_\d"
    r"(?:_(?P<key>\d\d))?(?!\d|[ .-]\d)".replace("_", r"[ .\-\r\n]{0,3}")
)


def _nirs(text: str) -> Iterator[Span]:
    for match in _NIR.finditer(text):
        # Without its key, nothing proves it: one of the two usual sexes, and a real month.
        is_usual = match["sex"] in "12" and match["month"] <= "12"
        is_proved = nir.is_valid(re.sub(r"[ .\-\r\n]", "", match[0])) if match["key"] else is_usual
        if is_proved and _stays_together(text, match.span()):
            yield match.span()


# --- Ways to reach someone ----------------------------------------------------------------------------------------
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]+(?:@| ?[(\[](?:at|arobase)[)\]] ?)[\w-]+(?:\.[\w-]+)+", re.IGNORECASE)
_ABROAD = re.compile(r"(?<![\w+])(?:\+|00) ?[1-9](?:[ ./\-()\r\n]{0,3}\d){8,13}(?!\d)")
_TEN_DIGITS = re.compile(rf"(?<![\d+])(?<!\d[.,])(?=(0{_GAP}[1-9](?:{_GAP}\d){{8}}(?!\d)))")
#: Ten digits grouped like a date and a year, or like two postal codes.
_NO_PHONE = {(2, 2, 4, 2), (5, 5)}


def _emails(text: str) -> Iterator[Span]:
    return (match.span() for match in _EMAIL.finditer(text))


def _phones(text: str) -> Iterator[Span]:
    for match in _ABROAD.finditer(text):
        if _stays_together(text, match.span()):
            yield match.span()
    for match in _TEN_DIGITS.finditer(text):
        groups = tuple(map(len, re.findall(r"\d+", match[1])))
        separators = {re.sub(r"\s+", " ", one) for one in re.findall(r"\D+", match[1])}
        if groups not in _NO_PHONE and len(separators) <= 1 and _stays_together(text, match.span(1)):
            yield match.span(1)


# --- What its neighbours give away --------------------------------------------------------------------------------
_CLAIMANT = re.compile(r"(?<![\w.,/-])(?<!\d )\d{7}(?: ?[A-Z])?(?![\w/-]|[.,]\d| ?(?:€|euros))")
_CLAIMANT_WORD = re.compile(
    r"\b(?:allocataires?|caf|msa|mdph|matricule|dossier|identifiant|france travail|p[ôo]le emploi)\b", re.IGNORECASE
)
#: The word and the number in one.
_CLAIMANT_JOINED = re.compile(r"(?<!\w)(?:caf|msa|mdph|alloc(?:ataire)?)[#°n._-]{0,3}\d{7}(?!\d)", re.IGNORECASE)
_MONTHS = "janvier|février|fevrier|mars|avril|mai|juin|juillet|août|aout|septembre|octobre|novembre|décembre|decembre"
_DATE = re.compile(
    rf"(?<![\d/.-])(?:0?[1-9]|[12]\d|3[01])"
    rf"(?:(?:er)? (?:{_MONTHS}) |(?P<s>[/. -])(?:0?[1-9]|1[0-2])(?P=s))(?P<year>(?:19|20)?\d\d)(?![\d/]|\.\d)"
    r"|(?<![\d/.-])(?P<iso>(?:19|20)\d\d)(?P<t>[-/.])(?:0[1-9]|1[0-2])(?P=t)(?:0[1-9]|[12]\d|3[01])(?![\d/-])",
    re.IGNORECASE,
)
_BORN = re.compile(r"(?<![\w-])(?:né(?:e|s|es|[(.·-]e\)?)?|n[ée]e? le|dates? de naissance|ddn)(?!\w)", re.IGNORECASE)
_BIRTH = re.compile(r"\bnaissance\b", re.IGNORECASE)
#: « née en 1984 », « né en mars 84 », « ddn 1984 ».
_BORN_IN = re.compile(
    rf"(?<![\w-])(?:nées?|né[(.·-]e\)?|né|nee|ddn)(?: (?:à|a|au|aux) [\w’-]+(?: [\w’-]+)?)?(?: vers| courant| fin| début)?(?: en)?(?: (?:{_MONTHS}))?,? (?P<year>(?:19|20)\d\d|’?\d\d)(?!\d|[/.-]\d)",
    re.IGNORECASE,
)
#: What else is born, and is no person.
_THING = re.compile(
    r"\b(?:actions?|associations?|ateliers?|cafes?|centres?|collectifs?|constats?|demarches?|dispositifs?|envies?|epicerie|equipes?"
    r"|festivals?|fetes?|foyers?|groupes?|idees?|initiatives?|instances?|jardins?|jeux?|lieux?|locaux|maisons?|mjc|partenariats?"
    r"|projets?|reseaux?|rencontres?|services?|spectacles?|structures?|troupes?|cooperation|demande|besoin|expositions?)\b"
)
_LAW = re.compile(
    r"(?:loi|decret|arrete|ordonnance|circulaire|depuis|creee?s?|fondee?|ouverte?|publiee?|signee?) (?:\w+ ){0,3}$"
)


def _claimants(text: str) -> Iterator[Span]:
    flat = text.replace("\n", " ")
    for match in _CLAIMANT_JOINED.finditer(flat):
        yield match.span()
    for match in _CLAIMANT.finditer(flat):
        if any(_CLAIMANT_WORD.search(side) for side in around(flat, *match.span(), 40, 25)):
            yield match.span()


def _births(text: str) -> Iterator[Span]:
    """« Préparation à la naissance, le 12 mars 2024 » is a meeting: that word alone wants a grown-up's year.

    A date written for machines is a birth where it is old; so is a year behind « née », unless a thing was born.
    """
    folded = fold(text)
    for match in _DATE.finditer(text):
        before, after = around(text, *match.span(), 40, 25)
        is_born = _BORN.search(before[-25:]) or (_is_old(match) and (_BIRTH.search(before) or _BIRTH.search(after)))
        folded_before = fold(before)
        is_of_one = _is_old(match) and ONE_PERSON.search(folded_before)
        is_bare = match["iso"] and match["iso"] < "2010" and not _LAW.search(folded_before)
        if is_born or is_of_one or is_bare:
            yield match.span()
    for match in _BORN_IN.finditer(text):
        before = sentence_before(folded, match.start())
        is_one = ONE_PERSON.search(before)
        year = match["year"].lstrip("’")
        if is_one or (not _THING.search(before) and (len(year) == 2 or year < "2012")):
            yield match.span()


def _is_old(match: re.Match) -> bool:
    year = match["iso"] or match["year"]
    return year.startswith("19") if len(year) == 4 else year > "40"


SEARCHES: dict[str, Callable[[str], Iterator[Span]]] = {
    "iban": _ibans,
    "nir": _nirs,
    "email": _emails,
    "phone": _phones,
    "claimant": _claimants,
    "birth": _births,
}
