"""Words of a question marked in the texts that have them: stems, and expressions of the lexicon as a whole."""

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from html import escape
from itertools import islice

from catalogue.search.lexicon import LIGHT_STEMS
from isic.lib.french import WORD, stem

#: An excerpt, in characters; and more words than fit in it.
BEFORE, AROUND, WORDS_AROUND = 80, 240, 60
_LIGHT = f"(?:(?:{'|'.join(sorted(LIGHT_STEMS))}) )*"


def marked_words(text: str, stems: str, marked: frozenset[str]) -> str:
    """The text, escaped, with what is marked in <mark>.

    `stems` are those of its words, in order, each between two spaces: most texts have none, and are not read.
    """
    if not _places(stems, marked):
        return escape(text)
    return _mark(text, list(WORD.finditer(text)), marked, 0, len(text))


def excerpt(text: str, stems: str, marked: frozenset[str]) -> str:
    """The first marked words of a long text in their line, as a paragraph; empty when there is none."""
    places = _places(stems, marked)
    if not places:
        return ""
    first = stems.count(" ", 0, min(places))
    before = min(first, WORDS_AROUND // 3)
    words = list(islice(WORD.finditer(text), first - before, first + WORDS_AROUND))
    line = text.rfind("\n", 0, words[before].start()) + 1
    line_end = (text + "\n").index("\n", words[before].end())
    begin = end = before
    while begin and words[begin - 1].start() >= max(line, words[before].start() - BEFORE):
        begin -= 1
    while end + 1 < len(words) and words[end + 1].end() <= min(line_end, words[begin].start() + AROUND):
        end += 1
    at, to = words[begin].start(), words[end].end()
    shown = _mark(text, words[begin : end + 1], marked, at, to)
    return f'<p class="card__excerpt">{"… " if at > line else ""}{shown}{" …" if text[to:line_end].strip(" .") else ""}</p>'


def _places(stems: str, marked: frozenset[str]) -> list[int]:
    """Where each begins first in a line of stems."""
    singles, expressions, _by_first = _sought(marked)
    places = [at for single in singles if (at := stems.find(single)) >= 0]
    return places + [place.start() for pattern in expressions if (place := pattern.search(stems))]


@lru_cache(maxsize=256)
def _sought(marked: frozenset[str]) -> tuple[tuple[str, ...], tuple[re.Pattern, ...], dict[str, list[list[str]]]]:
    """Stems as they stand in a line, what finds expressions (articles may stand between their words), and all by their first."""
    split = [key.split(" ") for key in sorted(marked)]
    by_first: dict[str, list[list[str]]] = defaultdict(list)
    for parts in split:
        by_first[parts[0]].append(parts)
    singles = tuple(f" {parts[0]} " for parts in split if len(parts) == 1)
    patterns = (f" {f' {_LIGHT}'.join(map(re.escape, parts))} " for parts in split if len(parts) > 1)
    return singles, tuple(map(re.compile, patterns)), by_first


def _mark(text: str, words: list[re.Match], marked: frozenset[str], at: int, to: int) -> str:
    """The text from `at` to `to`, escaped, with what is marked among its words in <mark>."""
    out = []
    for start, end in _spans([stem(word[0]) for word in words], marked):
        begins, ends = words[start].start(), words[end].end()
        out += escape(text[at:begins]), "<mark>", escape(text[begins:ends]), "</mark>"
        at = ends
    return "".join([*out, escape(text[at:to])])


def _spans(stems: list[str], marked: frozenset[str]) -> Iterable[tuple[int, int]]:
    """The first and the last word of each marked word or expression, the longest first, none over another."""
    by_first, at = _sought(marked)[2], 0
    while at < len(stems):
        end = max((_end(stems, at, parts) for parts in by_first.get(stems[at], ())), default=-1)
        if end >= at:
            yield at, end
        at = max(at, end) + 1


def _end(stems: list[str], at: int, parts: list[str]) -> int:
    """Where an expression that begins here ends; -1 if it does not go on."""
    for part in parts[1:]:
        at += 1
        while at < len(stems) and stems[at] in LIGHT_STEMS and stems[at] != part:
            at += 1
        if at == len(stems) or stems[at] != part:
            return -1
    return at
