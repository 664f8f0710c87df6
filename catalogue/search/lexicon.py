"""The lexicon of the trade: which expressions are sought together, and where a text has them whole.

Pure: it reads no database. The key of an expression is its stems in order, without the articles and prepositions that
people change or leave out (« gens du voyage » is « gen voyag »); « sans » and « pas » are kept, since « sans emploi » is
not « emploi ». The index has the keys of several words as it has stems, so that an expression never breaks into words.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from isic.lib.french import WORD, fold, stem

_LIGHT_WORDS = frozenset("a au aux d dans de des du en l la le les pour un une".split())
LIGHT_STEMS = frozenset(map(stem, _LIGHT_WORDS))


@dataclass(frozen=True, slots=True)
class Term:
    """One word or expression of a question: keys of what is the same, and of what is near."""

    same: tuple[str, ...]
    near: tuple[str, ...] = ()


def key_of(expression: str) -> str:
    """The key of an expression as written; of articles alone, themselves."""
    words = WORD.findall(expression)
    return " ".join(stem(word) for word in words if fold(word) not in _LIGHT_WORDS) or " ".join(map(stem, words))


class Lexicon:
    def __init__(self, lines: Iterable[tuple[list[str], list[str]]] = ()):
        """`lines`: (equivalent expressions, those near them), as people write them."""
        self._same: dict[str, tuple[str, ...]] = {}
        self._near: dict[str, tuple[str, ...]] = {}
        #: key → how it is written first.
        self.written: dict[str, str] = {}
        for same, near in lines:
            self._add(same, near)
        self.longest = max((key.count(" ") + 1 for key in self._same), default=1)
        #: The keys of several words.
        self.phrases = frozenset(key for key in self.written if " " in key)
        self._by_first: dict[str, list[tuple[str, frozenset[str]]]] = defaultdict(list)
        for key in sorted(self.phrases):
            parts = key.split(" ")
            self._by_first[parts[0]].append((key, frozenset(parts)))

    def _add(self, same: list[str], near: list[str]) -> None:
        keys, near_keys = ([key for expression in words if (key := self._key(expression))] for words in (same, near))
        for key in keys:
            self._same[key] = tuple(dict.fromkeys([*self._same.get(key, (key,)), *keys]))
            self._near[key] = tuple(dict.fromkeys([*self._near.get(key, ()), *near_keys]))

    def _key(self, expression: str) -> str:
        key = key_of(expression)
        self.written.setdefault(key, expression)
        return key

    def __contains__(self, key: str) -> bool:
        return key in self._same

    def term(self, key: str) -> Term:
        same = self._same.get(key, (key,))
        return Term(same, tuple(near for near in self._near.get(key, ()) if near not in same))

    def terms(self, sequence: tuple[str, ...], wanted: Iterable[str]) -> Iterator[Term]:
        """The longest expressions known of a question (stems in order); of the other stems, those wanted."""
        at = 0
        while at < len(sequence):
            for size in range(min(self.longest, len(sequence) - at), 0, -1):
                key = " ".join(sequence[at : at + size])
                if key in self._same or (size == 1 and key in wanted):
                    yield self.term(key)
                    break
            at += size

    def within(self, stems: str, different: set[str]) -> list[str]:
        """The keys of several words that a line of stems (`different`: each once) has whole."""
        keys, line = [], ""
        for first in different & self._by_first.keys():
            for key, parts in self._by_first[first]:
                if parts <= different:
                    line = line or f" {' '.join(one for one in stems.split() if one not in LIGHT_STEMS)} "
                    if f" {key} " in line:
                        keys.append(key)
        return keys
