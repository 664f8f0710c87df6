"""Words of a question that are filters: « parents à Oyonnax » is offered as public: Parents, territoire: Oyonnax."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import chain

from catalogue.search.filters import LEGENDS, ActionFilterSet
from catalogue.search.index import Results
from catalogue.search.labels import Labels, Value
from catalogue.search.lexicon import LIGHT_STEMS
from catalogue.search.query import Query, parse, straight
from isic.lib.french import WORD, fold, is_stop_word, stem
from isic.lib.parameters import with_parameters
from isic.lib.words import listed

#: No more are shown, nor sought.
MAX_OFFERS = 4
#: A label has no more words.
LONGEST = 8


@dataclass(frozen=True, slots=True)
class Match:
    """Words of the question, from one character to another, that name a value; or several, of the same name."""

    start: int
    end: int
    values: tuple[tuple[str, Value], ...]


@dataclass(frozen=True, slots=True)
class Offer:
    words: str
    count: int
    url: str


def offers(filters: ActionFilterSet, search: Callable[[Query], Results]) -> list[Offer]:
    """All the filters named at once, then each; only those that would find something. `search` answers this reader."""
    typed = straight(filters.form.cleaned_data["q"])
    matches = list(_matches(typed, filters))
    together = [[(match, match.values[0]) for match in matches]] if len(matches) > 1 else []
    alone = ([(match, value)] for match in matches for value in match.values)
    made = (_offer(typed, chosen, filters, search) for chosen in chain(together, alone))
    return [offer for offer in made if offer][:MAX_OFFERS]


def _offer(typed: str, chosen: list, filters: ActionFilterSet, search) -> Offer | None:
    rest = _without(typed, [match for match, _value in chosen])
    facets = dict(filters.query.facets)
    for _match, (param, value) in chosen:
        facets[param] = (*facets.get(param, ()), value.key)
    count = len(search(replace(filters.query, text=parse(rest), facets=facets)))
    if not count:
        return None
    params = filters.params.copy()
    for _match, (param, value) in chosen:
        params.appendlist(param, value.slug)
    words = listed(f"{LEGENDS[param]}\u00a0: {value.label}" for _match, (param, value) in chosen)
    return Offer(words, count, with_parameters(params, q=rest or None))


def _matches(typed: str, filters: ActionFilterSet) -> Iterator[Match]:
    """The longest names first, none over another; what is between quotes or excluded is meant as it is."""
    if '"' in typed or any(part.startswith("-") for part in typed.split()):
        return
    words = [word for word in WORD.finditer(typed) if stem(word[0]) not in LIGHT_STEMS]
    at = 0
    while at < len(words):
        for size in range(min(LONGEST, len(words) - at), 0, -1):
            if values := _named([word[0] for word in words[at : at + size]], filters):
                yield Match(words[at].start(), words[at + size - 1].end(), values)
                break
        at += size


def _named(words: list[str], filters: ActionFilterSet) -> tuple[tuple[str, Value], ...]:
    """The values, not chosen yet, that have this name: a place to the letter, others by their stems or a synonym."""
    labels: Labels = filters.labels
    key = " ".join(map(stem, words))
    same = labels.lexicon.term(key).same
    found = [*labels.places_named(" ".join(map(fold, words))), *chain(*(labels.named.get(one, ()) for one in same))]
    return tuple((param, value) for param, value in found if value not in filters.chosen.get(param, ()))


def _without(typed: str, matches: list[Match]) -> str:
    """The question without these words, nor the « à » and « pour les » before them."""
    rest, at = "", 0
    for match in matches:
        before = typed[at : match.start]
        while (last := list(WORD.finditer(before))) and is_stop_word(last[-1][0]):
            before = before[: last[-1].start()]
        rest, at = f"{rest} {before}", match.end
    return " ".join(f"{rest} {typed[at:]}".split())
