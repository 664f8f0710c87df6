"""A word with a typing mistake, which finds nothing, becomes the nearest that does; one that resembles nothing stays."""

from functools import cache

from rapidfuzz.distance import OSA
from spellchecker import SpellChecker

from catalogue.models import Entry
from catalogue.search.index import Results
from catalogue.search.query import Text
from isic.lib.french import WORD, fold, plain, stem

#: A shorter word resembles too many; so does an acronym.
SHORTEST = 5
#: From how many letters two mistakes are forgiven.
LONG = 9


def correction(results: Results, text: Text, typed: str) -> str:
    """The question with each mistaken word replaced by the nearest; empty when nothing is."""
    nearest = {one: near for one, word in text.typed.items() if (near := _nearest(results, one, word))}
    corrected, at = "", 0
    for word in WORD.finditer(typed):
        if near := nearest.get(stem(word[0])):
            corrected, at = corrected + typed[at : word.start()] + _written(results, near), word.end()
    return corrected + typed[at:] if nearest else ""


def _nearest(results: Results, one: str, word: str) -> str | None:
    """Of what resembles a word that finds nothing: the nearest, then what finds most."""
    labels, letters = results.state.labels, fold(word)
    is_acronym = word.isupper() and len(letters) <= SHORTEST
    if len(letters) < SHORTEST or is_acronym or not letters.isalpha():
        return None
    if one in labels.lexicon or one in labels.by_stem or results.finds(one) or letters in french():
        return None
    near = {
        other: OSA.distance(fold(labels.written[other]), letters) if other in labels.written else away
        for other, away in results.nearest(one, 2 if len(letters) >= LONG else 1).items()
    }
    near |= {
        stem(other): 1 for other in french().known(french().edit_distance_1(letters)) if results.finds(stem(other))
    }
    return min(near, key=lambda other: (near[other], -results.count(other), other), default=None)


@cache
def french() -> SpellChecker:
    """The words of French, folded: one that is written so is no mistake (« marin » is not « matin »).

    Read when first asked; some megabytes.
    """
    folded = SpellChecker(language=None)
    folded.word_frequency.load_words(map(plain, SpellChecker(language="fr").word_frequency.words()))
    return folded


def _written(results: Results, near: str) -> str:
    """A stem as people write it: in a label, else in the text of some sheet."""
    if word := results.state.labels.written.get(near):
        return word
    entry = Entry.objects.filter(pk=results.action_with(near)).first()
    words = WORD.findall(f"{entry.title} {entry.summary} {entry.text}") if entry else ()
    return next((word.lower() for word in words if stem(word) == near), near)
