"""Two texts compared word by word: what was removed, what was added, and enough of the rest to find one’s way."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import pairwise
from typing import NamedTuple

#: Beyond this many words (or sentences) on both sides together, what differs is shown whole: comparing costs the square.
LIMIT = 4000
#: Two passages that have less in common are two texts: one whole, then the other, is easier to read.
ALIKE = 0.25
#: Of a long passage that did not change, how many words stay on each side of a change.
CONTEXT = 25
_WORD = re.compile(r"\S+\s*")
_ENDS = (".", "!", "?", "…", ";", ":")

#: From words i to j of one text to words k to l of the other.
Change = tuple[str, int, int, int, int]


class Piece(NamedTuple):
    """A passage: « same », « removed », « added »; « skipped » stands for the middle of a long one that is the same."""

    kind: str
    text: str


def compare(before: str, after: str) -> list[Piece]:
    """From one text to the other; nothing where both are empty. Lines and spaces alone are no difference."""
    a, b = _WORD.findall(before), _WORD.findall(after)
    pieces = []
    for tag, i, j, k, end in _changes([word.rstrip() for word in a], [word.rstrip() for word in b]):
        if tag == "equal":
            # The last word of a text has no space after it; that of the other one may.
            pieces += _same(a[i:j] if end == len(b) and j < len(a) else b[k:end])
        else:
            pieces += replaced("".join(a[i:j]), "".join(b[k:end]))
    return pieces


def replaced(before: str, after: str) -> list[Piece]:
    """One value in the place of another."""
    return [piece for piece in (Piece("removed", before), Piece("added", after)) if piece.text]


def _same(words: list[str]) -> list[Piece]:
    if len(words) <= 3 * CONTEXT:
        return [Piece("same", "".join(words))] if words else []
    ends = Piece("same", "".join(words[:CONTEXT])), Piece("same", "".join(words[-CONTEXT:]))
    return [ends[0], Piece("skipped", ""), ends[1]]


def _changes(a: list[str], b: list[str]) -> Iterator[Change]:
    """Skip the common beginning and end; compare a long middle by sentences first."""
    head = _common(a, b)
    tail = _common(a[head:][::-1], b[head:][::-1])
    middle = a[head : len(a) - tail], b[head : len(b) - tail]
    finder = _by_words if sum(map(len, middle)) <= LIMIT else _by_sentences
    yield "equal", 0, head, 0, head
    for tag, i, j, k, end in finder(*middle):
        yield tag, head + i, head + j, head + k, head + end
    yield "equal", len(a) - tail, len(a), len(b) - tail, len(b)


def _common(a: Sequence, b: Sequence) -> int:
    """How many items they both begin with."""
    shortest = min(len(a), len(b))
    return next((i for i in range(shortest) if a[i] != b[i]), shortest)


def _by_words(a: list[str], b: list[str]) -> list[Change]:
    matcher = SequenceMatcher(None, a, b)
    return matcher.get_opcodes() if matcher.ratio() >= ALIKE else [("replace", 0, len(a), 0, len(b))]


def _by_sentences(a: list[str], b: list[str]) -> Iterator[Change]:
    starts_a, starts_b = _starts(a), _starts(b)
    if len(starts_a) + len(starts_b) > LIMIT:
        yield "replace", 0, len(a), 0, len(b)
        return
    matcher = SequenceMatcher(None, _slices(a, starts_a), _slices(b, starts_b))
    for tag, *bounds in matcher.get_opcodes():
        i, j, k, end = (starts[n] for starts, n in zip((starts_a, starts_a, starts_b, starts_b), bounds, strict=True))
        if tag == "replace" and j - i + end - k <= LIMIT:
            for inner, *words in _by_words(a[i:j], b[k:end]):
                yield inner, i + words[0], i + words[1], k + words[2], k + words[3]
        else:
            yield tag, i, j, k, end


def _starts(words: list[str]) -> list[int]:
    """Where each sentence begins, and where the last one ends."""
    return [0, *(n for n, word in enumerate(words[:-1], start=1) if word.endswith(_ENDS)), len(words)]


def _slices(words: list[str], starts: list[int]) -> list[tuple[str, ...]]:
    return [tuple(words[i:j]) for i, j in pairwise(starts)]
