"""What a reader asks: words, phrases, exclusions and facet values, as one frozen object."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from catalogue.search.lexicon import LIGHT_STEMS
from isic.lib.french import WORD, is_stop_word, stem, stems

#: Quotation marks of French, of phones and of word processors; and what they write for a hyphen.
_QUOTES = (0xAB, 0xBB, 0x201C, 0x201D, 0x201E, 0x201F, 0x301D, 0x301E, 0xFF02)
_HYPHENS = (0x2010, 0x2011, 0x2212)
_ALIKE = dict.fromkeys(_QUOTES, '"') | dict.fromkeys(_HYPHENS, "-")
_PIECE = re.compile(r'(-?)"([^"]*)"|(\S+)')
#: A phrase is verified on the text of every candidate, so a query has few.
MAX_PHRASES = 2


@dataclass(frozen=True)
class Text:
    """The words of a query: stems that must all match, phrases, and stems that must not."""

    words: tuple[str, ...] = ()
    phrases: tuple[tuple[str, ...], ...] = ()
    excluded: tuple[str, ...] = ()
    #: Every word, stop words included: a title that has them all comes first.
    all_words: tuple[str, ...] = ()
    #: The same in their order, repeated as typed, without the articles: where the lexicon finds its expressions.
    sequence: tuple[str, ...] = ()
    #: stem → the word as typed, for suggestions.
    typed: Mapping[str, str] = field(default_factory=dict, compare=False)

    def __bool__(self) -> bool:
        return bool(self.words or self.phrases)


@dataclass(frozen=True)
class Query:
    """A whole question. `facets` maps a parameter to the chosen keys (of `Labels`); several widen, facets narrow."""

    text: Text = Text()
    facets: Mapping[str, tuple] = field(default_factory=dict)
    sort: str = ""


def straight(typed: str) -> str:
    """With one kind of quotation mark, and one of hyphen."""
    return typed.translate(_ALIKE)


def content_words(words: list[str]) -> list[str]:
    """Without the stop words, unless there is nothing else."""
    return [word for word in words if not is_stop_word(word)] or words


def parse(typed: str) -> Text:
    """Read `mots "une phrase" -sans`. Unclosed quotes and lone signs are words or nothing: there is no syntax error."""
    words, phrases, excluded = [], [], []
    for minus, phrase, piece in _PIECE.findall(straight(typed)):
        if piece:
            minus, piece = ("-", piece[1:]) if piece.startswith("-") else ("", piece)
            piece_words = WORD.findall(piece)
            (excluded if minus else words).extend(piece_words)
        elif minus:
            excluded.extend(WORD.findall(phrase))
        elif len(parts := stems(phrase)) > 1 and len(phrases) < MAX_PHRASES:
            phrases.append(tuple(parts))
        else:
            words.extend(WORD.findall(phrase))
    meaningful = content_words(words)
    content = tuple(dict.fromkeys(stem(word) for word in meaningful))
    everything = [stem(word) for word in words]
    return Text(
        content,
        tuple(phrases),
        tuple(dict.fromkeys(stem(word) for word in excluded)),
        tuple(dict.fromkeys(everything)),
        tuple(one for one in everything if one in content or one not in LIGHT_STEMS),
        {stem(word): word for word in meaningful},
    )
