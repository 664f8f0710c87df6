"""Asking before something personal is saved: the writer says that it is meant, and a manager will look at it."""

import hashlib
from collections.abc import Iterable

from isic.lib import personal
from isic.lib.richtext import to_text

#: The rule beside a free text, always in view.
TEXT_NOTE = (
    "Pas de nom, pas de situation reconnaissable, rien sur la santé, l’origine ou la justice\u00a0: "
    "on raconte l’action, pas les personnes."
)
#: The rule beside a line of free words, always in view.
LINE_NOTE = "Ni nom, ni situation où l’on reconnaîtrait quelqu’un."
#: Where the service's own phone, address or people belong, and what is no text.
SPARED = frozenset(
    "how_to_join source source_pages source_url inspiration_notes user partner key who email place video_url".split()
)
_KEEP = "Rien ici ne désigne une personne accompagnée\u00a0: garder ce texte"


def fingerprints(texts: Iterable[str]) -> set[str]:
    """One question per kind of personal data found in the texts."""
    return {personal.fingerprint([finding]) for text in texts for finding in personal.find(to_text(text))}


class AsksAboutPeople:
    """Before a form of `isic.lib.forms`: looks in its texts for what tells of a person, and asks before it is saved.

    `accepted` holds the fingerprints of what was meant already: nobody is asked twice the same thing.
    """

    #: Fields whose value is cleaned HTML.
    rich_names: frozenset = frozenset()

    def __init__(self, *args, accepted: frozenset = frozenset(), **kwargs):
        self.accepted = accepted
        #: Name of a field → kinds of personal data found there and confirmed.
        self.meant: dict[str, list[personal.Finding]] = {}
        super().__init__(*args, **kwargs)

    def ask(self, name: str, what: str, label: str) -> None:
        """Show a box beside the field; it speaks of these words and of no others."""
        self.confirmations[name] = (self._box(name, what), label)

    def is_confirmed(self, name: str, what: str) -> bool:
        return self._box(name, what) in self.data

    def _box(self, name: str, what: str) -> str:
        return f"{self.add_prefix(name)}-oui-{hashlib.sha256(what.encode()).hexdigest()[:12]}"

    def clean(self):
        cleaned = super().clean()
        for name in set(self.changed_data) - SPARED:
            value = self.cleaned_data.get(name)
            if isinstance(value, str):
                self._look(name, to_text(value) if name in self.rich_names else value)
        return cleaned

    def _look(self, name: str, words: str) -> None:
        findings = [finding for finding in personal.find(words) if personal.fingerprint([finding]) not in self.accepted]
        if not findings:
            return
        mark = personal.fingerprint(findings)
        self.ask(name, mark, _KEEP)
        if self.is_confirmed(name, mark):
            self.meant[name] = findings
        else:
            excerpts = ", ".join(dict.fromkeys(f"{f.label} («\u00a0{f.excerpt}\u00a0»)" for f in findings[:3]))
            self.add_error(name, f"Ce texte semble contenir\u00a0: {excerpts}. Retirez-le, ou confirmez.")
