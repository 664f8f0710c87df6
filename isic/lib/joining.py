"""Join two texts: all of mine, then what theirs adds, without repeating a sentence.

joined("On cuisine. Le mardi.", "On cuisine. Avec la Caf.")       # « On cuisine. Le mardi. », then « Avec la Caf. »
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from isic.lib.merge import interleaved
from isic.lib.richtext import from_text

#: The end of a sentence, which that of « 1. » is not.
_SENTENCE_END = re.compile(r"(?<=[^\W\d][.!?…])\s+|(?<=[»)][.!?…])\s+|(?<=\s[!?»])\s+")
#: Of a cleaned rich text: a tag that opens or closes a block.
_BLOCK_TAG = re.compile(r"<(/?)(?:p|h3|h4|ul|ol)\b[^>]*>")


@dataclass(frozen=True)
class _Paragraph:
    words: str
    #: Its tags, where it is a paragraph of a rich text; a list or a heading has its own among its words.
    start: str = ""
    end: str = ""
    #: Whether an empty line parts it from the one above.
    is_apart: bool = False

    @property
    def sentences(self) -> list[str]:
        """Of words with marks among them, one."""
        return [self.words] if "<" in self.words else [one for one in _SENTENCE_END.split(self.words) if one]


def joined(mine: str, theirs: str) -> str:
    """Each paragraph that theirs adds comes after the one that it followed. Rich text if one of the two is."""
    mine, theirs = (text.replace("\r\n", "\n").strip() for text in (mine, theirs))
    if mine in theirs:
        return theirs
    if theirs in mine:
        return mine
    if mine.startswith("<") or theirs.startswith("<"):
        paragraphs, _ = _union(*(list(_blocks(from_text(text))) for text in (mine, theirs)))
        return "".join(f"{one.start}{one.words}{one.end}" for one in paragraphs)
    return _written(*_union(_lines(mine), _lines(theirs)))


def _union(mine: list[_Paragraph], theirs: list[_Paragraph]) -> tuple[list[_Paragraph], set[int]]:
    """The paragraphs of both, and the places of those that theirs adds."""
    mine = [_finished(paragraph, mine, theirs) for paragraph in mine]
    places = {sentence: f"mine {at}" for at, paragraph in enumerate(mine) for sentence in paragraph.sentences}
    added: dict[str, _Paragraph] = {}
    follow: list[str] = []
    for at, paragraph in enumerate(theirs):
        follow += [places[sentence] for sentence in paragraph.sentences if sentence in places]
        new = list(dict.fromkeys(sentence for sentence in paragraph.sentences if sentence not in places))
        if new:
            added[f"theirs {at}"] = replace(paragraph, words=" ".join(new))
            follow.append(f"theirs {at}")
    texts = {f"mine {at}": paragraph for at, paragraph in enumerate(mine)} | added
    order = interleaved([key for key in texts if key not in added], list(dict.fromkeys(follow)))
    return [texts[key] for key in order], {place for place, key in enumerate(order) if key in added}


def _finished(paragraph: _Paragraph, mine: list[_Paragraph], theirs: list[_Paragraph]) -> _Paragraph:
    """As theirs goes on from it: « On cuisine » and « On cuisine ensemble. »; so for its last sentence alone."""
    elsewhere = {one for other in mine if other is not paragraph for one in other.sentences}
    for other in theirs:
        if other.words.startswith(f"{paragraph.words} ") and not elsewhere & set(other.sentences):
            return replace(paragraph, words=other.words)
    for last in paragraph.sentences[-1:]:
        for sentence in (one for other in theirs for one in other.sentences if "<" not in one):
            if sentence.startswith(f"{last} "):
                return replace(paragraph, words=paragraph.words.removesuffix(last) + sentence)
    return paragraph


def _lines(text: str) -> list[_Paragraph]:
    lines = [line.strip() for line in text.split("\n")]
    return [_Paragraph(line, is_apart=at > 0 and not lines[at - 1]) for at, line in enumerate(lines) if line]


def _written(paragraphs: list[_Paragraph], added: set[int]) -> str:
    """What theirs adds stands apart from what is mine."""
    text = ""
    for place, paragraph in enumerate(paragraphs):
        is_apart = paragraph.is_apart or (place in added) != (place - 1 in added)
        text += ("\n\n" if is_apart else "\n") * (place > 0) + paragraph.words
    return text


def _blocks(html: str) -> Iterator[_Paragraph]:
    """The outermost paragraphs, headings and lists."""
    start, depth = 0, 0
    for tag in _BLOCK_TAG.finditer(html):
        depth += -1 if tag[1] else 1
        if depth == 0:
            block = html[start : tag.end()].strip()
            is_plain = block.startswith("<p>") and block.endswith("</p>")
            yield _Paragraph(block[3:-4], "<p>", "</p>") if is_plain else _Paragraph(block)
            start = tag.end()
    if html[start:].strip():
        yield _Paragraph(html[start:].strip())
