"""The published catalogue in memory: roaring bitmaps, one a facet value, one a stem and field (docs/catalogue.md).

Pure: it reads no database. A new version of a sheet is a new document number; bits are only ever added, and the
masks, orders and derived bitmaps that a search reads are replaced whole, in one `State`: a search that took its state
sees the same catalogue to its end, whatever is applied meanwhile.
"""

import bisect
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from heapq import nsmallest
from itertools import islice

from pyroaring import BitMap
from rapidfuzz import process
from rapidfuzz.distance import OSA

from catalogue.search.labels import Labels
from catalogue.search.lexicon import Term
from catalogue.search.query import Query, Text

TITLE, SUMMARY, BODY = range(3)
#: Lines of `Entry.stems`: title, summary, goals and keywords, the rest.
LINES = (TITLE, SUMMARY, SUMMARY, BODY)
#: Tiers of the ranking: the fields in which a word may match (`Results._levels`).
TIERS = 5
#: A question that finds fewer is also asked with the words that the lexicon says near.
FEW = 5
EMPTY = BitMap()


@dataclass(frozen=True)
class State:
    """What a search sees, whole: replaced at each change, never modified where a reader could tell."""

    labels: Labels
    public: BitMap = field(default_factory=BitMap)
    agents: BitMap = field(default_factory=BitMap)
    by_recent: list[int] = field(default_factory=list)
    by_title: list[int] = field(default_factory=list)
    #: territory → documents in it, everything under it included.
    places: dict[int, BitMap] = field(default_factory=dict)


class Index:
    """Every published sheet. Changed by one thread at a time, read by any."""

    def __init__(self, labels: Labels, rows: Iterable[tuple] = ()):
        """`rows`: (action_id, number, is_public, recent, sort_key, stems, facets), as `Entry` stores them."""
        self.action_ids = array("q")
        self.recents = array("q")
        self.titles: list[str] = []
        self.docs: dict[int, int] = {}
        self.facets: dict[tuple, BitMap] = {}
        #: Stems, and expressions of the lexicon as if they were.
        self.stems: tuple[dict[str, BitMap], ...] = ({}, {}, {})
        self.lexicon = labels.lexicon
        self.state = State(labels)
        self.add(rows)

    # --- Changing it ----------------------------------------------------------------------------------------------
    def add(self, rows: Iterable[tuple], removed: Iterable[int] = ()) -> None:
        """Take new versions of sheets, and drop those removed."""
        facets, stems = defaultdict(lambda: array("I")), tuple(defaultdict(lambda: array("I")) for _ in self.stems)
        public, agents = self.state.public.copy(), self.state.agents.copy()
        dead = [self.docs.pop(action_id) for action_id in removed if action_id in self.docs]
        new = []
        for action_id, _number, is_public, recent, sort_key, text, values in rows:
            doc = len(self.action_ids)
            if (old := self.docs.get(action_id)) is not None:
                dead.append(old)
            self.docs[action_id] = doc
            self.action_ids.append(action_id)
            self.recents.append(recent)
            self.titles.append(sort_key)
            new.append(doc)
            agents.add(doc)
            if is_public:
                public.add(doc)
            for key in _facet_keys(values):
                facets[key].append(doc)
            for level, line in zip(LINES, text.split("\n"), strict=True):
                postings, different = stems[level], set(line.split())
                for one in (*different, *self.lexicon.within(line, different)):
                    postings[one].append(doc)
        for postings_by_key, new_postings in ((self.facets, facets), *zip(self.stems, stems, strict=True)):
            for key, docs in new_postings.items():
                postings_by_key.setdefault(key, BitMap()).update(docs)
        gone = BitMap(dead)
        by_recent, by_title = self._ordered(new)
        self.state = State(
            self.state.labels, public - gone, agents - gone, by_recent, by_title, self._places(self.state.labels)
        )

    def relabel(self, labels: Labels) -> None:
        """Take new labels, whose expressions it knows: names, the territory tree, the lexicon. No entry is read again."""
        self.state = replace(self.state, labels=labels, places=self._places(labels))

    def knows(self, labels: Labels) -> bool:
        """Whether it looked for every expression of these labels; a new one is in no posting yet."""
        return labels.lexicon.phrases <= self.lexicon.phrases

    @property
    def is_worn(self) -> bool:
        """A fifth of the documents is dead: time to be loaded anew."""
        return len(self.action_ids) > 1000 and len(self.docs) < 0.8 * len(self.action_ids)

    def _places(self, labels: Labels) -> dict[int, BitMap]:
        """The documents of each territory, everything under it included."""
        places = defaultdict(BitMap)
        for (param, key), docs in list(self.facets.items()):
            if param == "territoire":
                for place in labels.within.get(key, ()):
                    places[place] |= docs
        return dict(places)

    def _ordered(self, new: list[int]) -> tuple[list[int], list[int]]:
        """The two orders with the new documents: inserted when few, sorted anew when many."""
        orders = []
        for order, key in (
            (self.state.by_recent, lambda doc: -self.recents[doc]),
            (self.state.by_title, self.titles.__getitem__),
        ):
            order = order.copy()
            if len(new) > 20:
                order = sorted(order + new, key=key)
            else:
                for doc in new:
                    bisect.insort(order, doc, key=key)
            orders.append(order)
        return tuple(orders)

    # --- Reading it -----------------------------------------------------------------------------------------------
    def search(
        self,
        query: Query,
        *,
        audience: str,
        year: int,
        hidden: Iterable[int] = (),
        read_stems: Callable[[list[int]], Iterable[tuple[int, str]]] = lambda ids: (),
    ) -> "Results":
        """Everything that matches, for `public` or `agents`.

        `year` is this one (an action without an end still runs); `hidden` are sheets to leave out; `read_stems` gives
        (action_id, stems) of the candidates of a phrase.
        """
        return Results(self, self.state, query, audience, year, hidden, read_stems)


class Results:
    """The answer to one query: `len`, slices of action ids in order, and the counts of each facet."""

    def __init__(self, index, state, query, audience, year, hidden, read_stems):
        self.index, self.state, self.query, self.year = index, state, query, year
        self._read_stems = read_stems
        self._levels_of: dict[str, list[BitMap]] = {}
        self._mask = state.public if audience == "public" else state.agents
        if gone := [index.docs[action_id] for action_id in hidden if action_id in index.docs]:
            self._mask = self._mask - BitMap(gone)
        for one in query.text.excluded:
            self._mask = self._mask - self._levels(one)[-1]
        self.is_relaxed = self._is_widened = False
        #: What each parameter selects; a facet's counts leave its own out.
        self._chosen = {
            param: BitMap.union(EMPTY, *(self.bits(param, key) for key in keys))
            for param, keys in query.facets.items()
            if keys
        }
        self._keep(self._tiers(query.text))

    def __len__(self) -> int:
        return len(self.hits)

    def __getitem__(self, at: slice) -> list[int]:
        """Action ids, in order."""
        start, stop, _step = at.indices(len(self))
        ids = self.index.action_ids
        return [ids[doc] for doc in self._ordered(start, stop)]

    @property
    def marked(self) -> frozenset[str]:
        """The stems, and expressions, to mark in what is shown."""
        return frozenset(self._sought()).union(*self.query.text.phrases)

    @property
    def also(self) -> list[str]:
        """What the lexicon had sought besides what was typed, as it writes it."""
        written, typed = self.state.labels.lexicon.written, f" {' '.join(self.query.text.sequence)} "
        return [written[key] for key in dict.fromkeys(self._sought()) if key in written and f" {key} " not in typed]

    def _sought(self) -> list[str]:
        terms = self._terms(self.query.text)
        near = [key for term in terms for key in term.near] if self._is_widened else []
        return [key for term in terms for key in term.same] + near

    def counts(self, param: str) -> dict:
        """Key → how many results there would be with it, the parameter's own choice left aside; never 0."""
        base = self._text
        for other, docs in self._chosen.items():
            if other != param:
                base = base & docs
        keys = self._years() if param == "annee" else self.state.labels.values[param]
        count = base.intersection_cardinality
        return {key: n for key in keys if (n := count(self.bits(param, key)))}

    def bits(self, param: str, key) -> BitMap:
        """The documents that have a facet value."""
        facets = self.index.facets
        if param == "territoire":
            return self.state.places.get(key, EMPTY)
        if param == "ailleurs":
            carried = (facets.get(("porteur", pk), EMPTY) for pk in self.state.labels.elsewhere)
            elsewhere = BitMap.union(EMPTY, *carried)
            return elsewhere if key == "seul" else self.state.agents - elsewhere
        if param == "annee":
            since = (facets.get(("since", first), EMPTY) for first in self._years() if first <= key <= self.year)
            return BitMap.union(facets.get((param, key), EMPTY), *since)
        return facets.get((param, key), EMPTY)

    def document(self, action_id: int) -> BitMap:
        """The document of one sheet; empty when it is not in the catalogue."""
        doc = self.index.docs.get(action_id)
        return EMPTY if doc is None else BitMap([doc])

    def carried_by(self, unit: int | None) -> BitMap:
        """The documents of a local unit itself, not of the places it serves."""
        return self.index.facets.get(("territoire", unit), EMPTY)

    def newest(self, docs: BitMap, limit: int) -> list[int]:
        """The action ids of the most recent of some documents."""
        recents, ids = self.index.recents, self.index.action_ids
        top = self._top(docs, self.state.by_recent, lambda doc: -recents[doc], 0, min(limit, len(docs)))
        return [ids[doc] for doc in top]

    def relax(self) -> "Results":
        """The same question with any of its words, the sheets that have most of them first."""
        self.is_relaxed = True
        having = [self._bits_of(term.same + term.near, TIERS - 1) for term in self._terms(self.query.text)]
        self._keep(having_most(self._mask, having)[:-1] or [EMPTY])
        return self

    def nearest(self, stem: str, distance: int) -> dict[str, int]:
        """The stems so many letters away at most from one that finds nothing, each with how many.

        Those that would find something for this reader: a process knows more words, of withdrawn sheets, of sheets for agents,
        of partners of drafts. They begin alike: people seldom mistake the first letter, but for a mute h.
        """
        stems = self.index.stems
        vocabulary = {*self.state.labels.by_stem, *stems[TITLE], *stems[SUMMARY], *stems[BODY]}
        near = process.extract(stem, vocabulary, scorer=OSA.distance, score_cutoff=distance, limit=None)
        begins = stem.removeprefix("h")[:1]
        return {
            one: away
            for one, away, _key in near
            if " " not in one and one.removeprefix("h").startswith(begins) and self.finds(one)
        }

    def count(self, stem: str) -> int:
        """How many sheets of this reader have the word, in their text or a label."""
        return self._levels(stem)[-1].intersection_cardinality(self._mask)

    def finds(self, stem: str) -> bool:
        """Whether some sheet of this reader has the word, in its text or a label."""
        return self._levels(stem)[-1].intersect(self._mask)

    def action_with(self, stem: str) -> int | None:
        """Some sheet of this reader whose text has the word, in its title if one has."""
        holders = (postings.get(stem, EMPTY) & self._mask for postings in self.index.stems)
        return next((self.index.action_ids[docs[0]] for docs in holders if docs), None)

    # --- The words ------------------------------------------------------------------------------------------------
    def _keep(self, tiers: list[BitMap]) -> None:
        """Take the tiers, each within the next; the last one is everything the text matches."""
        self._text_tiers, self._text = tiers, tiers[-1]
        self.hits = self._text
        for docs in self._chosen.values():
            self.hits = self.hits & docs

    def _tiers(self, text: Text) -> list[BitMap]:
        """From the best to all: the title as typed; in the title; or in a label that the text confirms; or in labels; or
        in summary and goals; anywhere. Where that finds few: the words near, in the title; in labels; anywhere.
        """
        if not text:
            return [self._mask]
        terms = self._terms(text)
        tiers = [self._having_all(terms, level) for level in range(TIERS)]
        if len(tiers[-1]) < FEW and any(term.near for term in terms):
            self._is_widened = True
            near = [Term(term.same + term.near) for term in terms]
            exact = tiers[-1]
            tiers += [exact | self._having_all(near, level) for level in (0, 2, TIERS - 1)]
        if text.words and len(text.all_words) > len(text.words):
            tiers.insert(0, tiers[0].intersection(*(self._levels(stem)[0] for stem in text.all_words)))
        for phrase in text.phrases:
            having = self._having(phrase, tiers[-1])
            tiers = [docs & having for docs in tiers]
        return tiers

    def _terms(self, text: Text) -> list[Term]:
        """Each word or expression of the lexicon, each word of a phrase."""
        lexicon = self.state.labels.lexicon
        terms = [*lexicon.terms(text.sequence, text.words), *(Term((s,)) for phrase in text.phrases for s in phrase)]
        return list(dict.fromkeys(terms))

    def _having_all(self, terms: list[Term], level: int) -> BitMap:
        docs = self._mask
        for term in terms:
            docs = docs & self._bits_of(term.same, level)
        return docs

    def _bits_of(self, keys: tuple[str, ...], level: int) -> BitMap:
        """The documents that have one of them."""
        return EMPTY.union(*(self._levels(key)[level] for key in keys))

    def _levels(self, stem: str) -> list[BitMap]:
        """Rows that contain a stem, tier by tier, each tier including the one before."""
        if stem not in self._levels_of:
            title, summary, body = (postings.get(stem, EMPTY) for postings in self.index.stems)
            labelled = title.union(*(self.bits(*value) for value in self.state.labels.by_stem.get(stem, ())))
            confirmed = title | (labelled & (summary | body))
            labelled_or_summary = labelled | summary
            self._levels_of[stem] = [title, confirmed, labelled, labelled_or_summary, labelled_or_summary | body]
        return self._levels_of[stem]

    def _having(self, phrase: tuple[str, ...], candidates: BitMap) -> BitMap:
        """The candidates whose text, or one of whose labels, has the words in this order."""
        words, index = f" {' '.join(phrase)} ", self.index
        matching = EMPTY.union(*(self.bits(*value) for text, value in self.state.labels.label_stems if words in text))
        ids = [index.action_ids[doc] for doc in candidates - matching]
        read = (index.docs.get(action_id) for action_id, text in self._read_stems(ids) if words in text)
        return matching | BitMap(doc for doc in read if doc is not None)

    # --- The order ------------------------------------------------------------------------------------------------
    def _ordered(self, start: int, stop: int) -> list[int]:
        """The documents from `start` to `stop`: tier after tier by relevance, else in one order."""
        if self.query.sort == "titre":
            return self._top(self.hits, self.state.by_title, self.index.titles.__getitem__, start, stop)
        recents, documents = self.index.recents, []
        for docs in self._groups():
            if start < (n := len(docs)) and stop > 0:
                documents += self._top(
                    docs, self.state.by_recent, lambda doc: -recents[doc], max(start, 0), min(stop, n)
                )
            start, stop = start - n, stop - n
        return documents

    def _groups(self) -> Iterable[BitMap]:
        """What is equally relevant, the best first; of it, what is of the département before what inspires from elsewhere."""
        if self.query.sort == "recent":
            yield self.hits
            return
        elsewhere, above = self.bits("ailleurs", "seul"), EMPTY
        for tier in self._text_tiers:
            docs, above = (tier - above) & self.hits, tier
            yield docs - elsewhere
            yield docs & elsewhere

    def _top(self, docs: BitMap, order: list[int], key: Callable, start: int, stop: int) -> list[int]:
        """A slice of some documents in an order: they are sorted when few, the order is read along when many."""
        if len(docs) ** 2 < stop * len(order):
            return nsmallest(stop, docs, key=key)[start:]
        return list(islice((doc for doc in order if doc in docs), start, stop))

    def _years(self) -> range:
        """From this year, or the last one planned, back to the first."""
        first_years = [key for param, key in list(self.index.facets) if param in ("annee", "since")]
        return range(max(self.year, *first_years), min(first_years) - 1, -1) if first_years else range(0)


def having_most(docs: BitMap, features: list[BitMap]) -> list[BitMap]:
    """Those having all the features, then all but one at least…, down to none: each within the next."""
    at_least = [docs] + [EMPTY] * len(features)
    for feature in features:
        for n in range(len(features), 0, -1):
            at_least[n] = at_least[n] | (at_least[n - 1] & feature)
    return at_least[::-1]


def _facet_keys(values: dict) -> Iterable[tuple]:
    """The bitmaps to which a sheet belongs."""
    for param, keys in values.items():
        if param != "annee":
            yield from ((param, key) for key in keys)
        elif keys and keys[1] is None:
            yield "since", keys[0]
        elif keys:
            yield from ((param, year) for year in range(keys[0], keys[1] + 1))
