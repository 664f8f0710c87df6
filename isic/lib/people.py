"""Asking before something personal is saved: the writer says that it is meant, and a manager will look at it.

Once asked, nobody is asked again: what was confirmed is remembered at its place (`Meant.mark`), and what is only told of
somebody's life (`personal.LIVES`) passes the second time, ticked or not.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django import forms

from isic.lib import personal
from isic.lib.richtext import RichTextFormField, to_text

#: The rule beside a free text, always in view.
TEXT_NOTE = (
    "Pas de nom, pas de situation reconnaissable, rien sur la santé, l’origine ou la justice\u00a0: "
    "on raconte l’action, pas les personnes."
)
#: The rule beside a line of free words, always in view.
LINE_NOTE = "Ni nom, ni situation où l’on reconnaîtrait quelqu’un."
#: Name of a field → the kinds that are in their place there, whatever the form.
BELONGS: dict[str, frozenset[str]] = {
    "how_to_join": frozenset({"phone", "email"}),
    "source": frozenset({"name"}),
    "source_pages": frozenset({"name"}),
    "inspiration_notes": frozenset({"name"}),
    "credit": frozenset({"name"}),
    "phone": frozenset({"phone"}),
    "full_name": frozenset({"name"}),
    "person_name": frozenset({"name"}),
}
_KEEP = "Rien ici ne désigne une personne accompagnée\u00a0: garder ce texte"
#: Of what is told without a name: the other sentence would be false.
_KEEP_LIFE = "Personne n’est reconnaissable ici\u00a0: garder ce texte"
_WHY = "Même sans nom, on peut reconnaître quelqu’un\u00a0: dites ce que fait le groupe."
#: Fields whose words have a form of their own, or are a record's name.
_NO_WORDS = (forms.EmailField, forms.URLField, forms.UUIDField, forms.SlugField, forms.RegexField, forms.JSONField)


def takes_words(field: forms.Field) -> bool:
    """Whether one types free words there."""
    is_words = isinstance(field, forms.CharField) and not isinstance(field, _NO_WORDS)
    return is_words and not field.widget.is_hidden and not field.disabled


@dataclass(frozen=True)
class Meant:
    """Something found at one place, and confirmed there."""

    place: str
    finding: personal.Finding

    @property
    def mark(self) -> str:
        """The same for the same words at the same place, and at no other."""
        return hashlib.sha256(f"{self.place}/{personal.fingerprint([self.finding])}".encode()).hexdigest()


def marks_in_rows(part: str, rows: Iterable[Mapping]) -> set[str]:
    """The marks of all that is found in stored rows; each cell is a place, whichever the row."""
    cells = [(f"{part}.{name}", value) for row in rows for name, value in row.items() if isinstance(value, str)]
    return {Meant(place, finding).mark for place, words in cells for finding in personal.find(words)}


class AsksAboutPeople:
    """Before a form: looks in its texts for what tells of a person, and asks before it is saved.

    `confirmed` has the marks of what was meant already, each at its place. What a field stores is not asked about again:
    its initial value or, of the rows of the part `part`, the marks in `older`.
    """

    #: Name of a field → kinds in their place there, besides those of BELONGS.
    belongs: Mapping[str, frozenset[str]] = {}
    #: Whether what is confirmed is remembered, so that what is stored may be asked about when the page opens.
    remembers = False

    def __init__(self, *args, confirmed: Iterable[str] = (), older: Iterable[str] = (), part: str = "", **kwargs):
        self.confirmed, self.older, self.part = frozenset(confirmed), frozenset(older), part
        #: Name of a field → what was found there and is meant.
        self.meant: dict[str, list[Meant]] = {}
        #: Name of a field → (name of a checkbox, its label); a form of `isic.lib.forms` shows it.
        self.confirmations: dict[str, tuple[str, str]] = {}
        #: Name of a field → the name of the hidden field that says: it was asked.
        self.askings: dict[str, str] = {}
        super().__init__(*args, **kwargs)

    def ask(self, name: str, what: str, label: str) -> None:
        """Show a box beside the field; it speaks of these words and of no others."""
        self.confirmations[name] = (self._box(name, what), label)

    def is_confirmed(self, name: str, what: str) -> bool:
        return self._box(name, what) in self.data

    def _box(self, name: str, what: str, answer: str = "oui") -> str:
        return f"{self.add_prefix(name)}-{answer}-{hashlib.sha256(what.encode()).hexdigest()[:12]}"

    def clean(self):
        cleaned = super().clean()
        for name, field in self.fields.items():
            value = self.cleaned_data.get(name)
            if takes_words(field) and isinstance(value, str):
                self._look(name, self._words(name, value))
        return cleaned

    def caution(self, name: str) -> str:
        """What is stored there and nobody confirmed, in words; the box to confirm it is beside."""
        if not self.remembers or self.is_bound or not takes_words(self.fields[name]):
            return ""
        unconfirmed = self._unconfirmed(name, self._words(name, self.get_initial_for_field(self.fields[name], name)))
        if unconfirmed:
            self.ask(name, personal.fingerprint(unconfirmed), _answer(unconfirmed))
        return _asking(unconfirmed) if unconfirmed else ""

    def _words(self, name: str, value: object) -> str:
        """A value as it is read."""
        text = value if isinstance(value, str) else ""
        return to_text(text) if isinstance(self.fields[name], RichTextFormField) else text

    def _unconfirmed(self, name: str, words: str) -> list[personal.Finding]:
        spared = BELONGS.get(name, frozenset()) | self.belongs.get(name, frozenset())
        findings = [finding for finding in personal.find(words) if finding.kind not in spared]
        return [finding for finding in findings if self._meant(name, finding).mark not in self.confirmed]

    def _meant(self, name: str, finding: personal.Finding) -> Meant:
        return Meant(f"{self.part}.{name}" if self.part else name, finding)

    def _look(self, name: str, words: str) -> None:
        findings = self._unconfirmed(name, words)
        older = self.older | self._marks_of_stored(name) if findings else set()
        fresh = [finding for finding in findings if self._meant(name, finding).mark not in older]
        mark = personal.fingerprint(fresh or findings)
        is_passed = self._box(name, mark, "vu") in self.data and {finding.kind for finding in fresh} <= personal.LIVES
        if findings and (self.is_confirmed(name, mark) or (fresh and is_passed)):
            self.meant[name] = [self._meant(name, finding) for finding in fresh or findings]
        elif fresh:
            self.ask(name, mark, _answer(fresh))
            self.askings[name] = self._box(name, mark, "vu")
            self.refuse(name, _asking(fresh))

    def refuse(self, name: str, words: str) -> None:
        self.add_error(name, words)

    def _marks_of_stored(self, name: str) -> set[str]:
        stored = self._words(name, self.get_initial_for_field(self.fields[name], name))
        return {self._meant(name, finding).mark for finding in personal.find(stored)}


def _answer(findings: list[personal.Finding]) -> str:
    return _KEEP_LIFE if {finding.kind for finding in findings} <= personal.LIVES else _KEEP


def _asking(findings: list[personal.Finding]) -> str:
    """« Ce texte semble contenir : nom d’une personne (« Mme Dupont »). Retirez-le, ou confirmez. »"""
    excerpts = ", ".join(dict.fromkeys(f"{f.label} («\u00a0{f.excerpt.strip()}\u00a0»)" for f in findings[:3]))
    why = f" {_WHY}" if {finding.kind for finding in findings} & personal.LIVES else ""
    return f"Ce texte semble contenir\u00a0: {excerpts}.{why} Retirez-le, ou confirmez."
