"""What looks like a person in a plain text: numbers, addresses, names, what is told of somebody. It asks, it proves nothing.

Every pattern is bounded, so that the time is in proportion to the length of the text, whatever the text.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from isic.lib import personal_lives, personal_names, personal_numbers

#: In this order where two overlap: the first wins.
KINDS = {
    "iban": "numéro de compte bancaire (IBAN)",
    "nir": "numéro de sécurité sociale",
    "email": "adresse e-mail",
    "phone": "numéro de téléphone",
    "claimant": "numéro d’allocataire",
    "birth": "date de naissance",
    "name": "nom d’une personne",
    "age": "âge d’une personne",
    "health": "santé d’une personne",
    "origin": "origine, religion ou orientation d’une personne",
    "justice": "justice, violence ou protection d’une personne",
    "family": "situation familiale d’une personne",
}
#: What is told of one person without a name: the words of a trade come close to it, so it is asked once, and never again.
LIVES = frozenset({"age", "health", "origin", "justice", "family"})

_SEARCHES = personal_numbers.SEARCHES | personal_names.SEARCHES | personal_lives.SEARCHES


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
    plain, places = _plain(text)
    findings: list[Finding] = []
    taken = bytearray(len(plain))
    for kind in KINDS:
        for start, end in _SEARCHES[kind](plain):
            if not any(taken[start:end]):
                taken[start:end] = b"\1" * (end - start)
                first, last = places[start], places[end - 1] + 1
                findings.append(Finding(kind, text[first:last], first))
    return sorted(findings, key=lambda finding: finding.start)


def fingerprint(findings: Iterable[Finding]) -> str:
    """The same for the same findings, wherever they are and however spaced; empty for none."""
    excerpts = sorted({f"{f.kind}:{re.sub(r'[\W_]+', '', f.excerpt).casefold()}" for f in findings})
    return hashlib.sha256("\n".join(excerpts).encode()).hexdigest() if excerpts else ""


def _alike() -> dict[int, str]:
    """One character for one: every space that stays on the line, every dash, every apostrophe, every digit and wide form."""
    wide = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    digits = {code: str(unicodedata.decimal(chr(code))) for code in range(0x80, 0x1FBFA) if chr(code).isdecimal()}
    spaces = dict.fromkeys(map(ord, "\t\u00a0\u2007\u2009\u200a\u202f\u3000"), " ")
    dashes = dict.fromkeys(map(ord, "\u2010\u2011–—"), "-")
    return wide | digits | spaces | dashes | dict.fromkeys(map(ord, "'\u02bc\u2018\u00b4`"), "’")


_ALIKE = _alike()
#: What nobody sees, and letters with their accents apart.
_HIDDEN = re.compile("[\u00ad\u200b-\u200f\u2060\u202a-\u202e\ufeff\u0300-\u036f]")


def _plain(text: str) -> tuple[str, range | list[int]]:
    """The text with one way to write each thing, and the place in the text of each of its characters."""
    if not _HIDDEN.search(text):
        return text.translate(_ALIKE), range(len(text))
    characters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        if not _HIDDEN.match(character):
            characters.append(character)
            places.append(place)
        elif characters and "\u0300" <= character <= "\u036f":
            whole = unicodedata.normalize("NFC", characters[-1] + character)
            characters[-1] = whole if len(whole) == 1 else characters[-1]
    return "".join(characters).translate(_ALIKE), places
