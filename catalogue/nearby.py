"""The results of a search by distance from a commune: the nearest place first, and no entry read but those shown."""

from math import asin, cos, radians, sin, sqrt

from catalogue.search.index import EMPTY, Results
from catalogue.search.labels import Labels

NEAR_KM = 30


class Nearby:
    """(action id, how far it is in words) by distance, then by recency; `len` and slices, as Django's Paginator asks."""

    def __init__(self, results: Results, commune: dict | None, labels: Labels, *, far: bool):
        """From `commune` (a row of `labels.territories`; None: no distance), and beyond 30 km if `far`."""
        self._results = results
        self._tiers = _tiers(results, commune, labels, far) if commune else [(results.hits, "")]

    def __len__(self) -> int:
        return sum(len(docs) for docs, _words in self._tiers)

    def __getitem__(self, at: slice) -> list[tuple[int, str]]:
        start, stop, _step = at.indices(len(self))
        shown = []
        for docs, words in self._tiers:
            if start < len(docs) and stop > 0:
                shown += [(action_id, words) for action_id in self._results.newest(docs, stop)[max(start, 0) :]]
            start, stop = start - len(docs), stop - len(docs)
        return shown


def _tiers(results: Results, commune: dict, labels: Labels, far: bool) -> list[tuple]:
    """The documents of each commune, the nearest first; of the units that serve this one; and, far, of no commune."""
    places = [(_distance(commune, row), row["pk"]) for row in labels.territories.values() if _is_located(commune, row)]
    tiers, seen = [], EMPTY
    for km, pk in [(0, commune["pk"]), *sorted(places)]:
        if km > NEAR_KM and not far:
            break
        docs = (results.bits("territoire", pk) & results.hits) - seen
        if docs:
            tiers.append((docs, "dans la commune" if pk == commune["pk"] else f"à {max(1, round(km))}\u00a0km"))
            seen = seen | docs
    located = EMPTY.union(*(results.bits("territoire", pk) for _km, pk in places))
    serving = EMPTY.union(*(results.carried_by(unit) for unit in labels.within[commune["pk"]] - {commune["pk"]}))
    nowhere = results.hits - seen - located
    tiers.append((nowhere & serving, "dessert la commune"))
    if far:
        tiers.append((nowhere - serving, "lieu à préciser"))
    return tiers


def _is_located(commune: dict, row: dict) -> bool:
    return row["kind"] == "commune" and row["latitude"] is not None and commune["latitude"] is not None


def _distance(a: dict, b: dict) -> float:
    """Kilometres between two town halls, as the crow flies (haversine)."""
    lat1, lon1, lat2, lon2 = map(radians, (a["latitude"], a["longitude"], b["latitude"], b["longitude"]))
    h = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * 6371 * asin(sqrt(h))
