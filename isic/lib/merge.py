"""Two people save one thing: what each wrote, against what both started from.

    base = base_of(stored)                   # goes with the page, as JSON, in the hidden field « base »
    …
    saved = merge(read_base(request.POST), mine, stored)
    saved.values                             # what to write, conflicts or not; the rest is stored already
    saved.conflicts                          # what two people changed: nothing of it is written, a person chooses
    saved.base                               # what the same page goes on from, if it stays open

A value is of JSON. A list of rows, each a dict with a « key », is merged row by row, by key: two people on two rows never
meet. Show the conflicts with `isic.lib.two_texts`. See docs/decisions/010-two-hands.md.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

#: By name: the digest of a value or, of rows, [key, digest] of each one in their order.
Base = dict[str, str | list[list[str]]]
#: A name, and the key of a row where the value has rows.
Place = tuple[str, str]


@dataclass(frozen=True)
class Conflict:
    """One value, or one row, that two people changed differently; a row that one of them removed is None."""

    name: str
    mine: object
    theirs: object
    key: str = ""

    @property
    def place(self) -> Place:
        return self.name, self.key

    @property
    def sides(self) -> tuple[object, object]:
        """Mine and theirs as values of the name: a row is a list of one, or of none."""
        if not self.key:
            return self.mine, self.theirs
        return tuple([] if row is None else [row] for row in (self.mine, self.theirs))


@dataclass(frozen=True)
class Saved:
    """What came of saving. Where a room refuses the merged values, it answers `Saved(base=…)` with the base it received."""

    values: dict[str, object] = field(default_factory=dict)
    conflicts: tuple[Conflict, ...] = ()
    base: Base = field(default_factory=dict)

    @property
    def names(self) -> list[str]:
        """Of what conflicts, each once."""
        return list(dict.fromkeys(conflict.name for conflict in self.conflicts))

    def unwritten(self, base: Base) -> "Saved":
        """The same questions, where all is written or nothing: the page still goes on from the base it sent."""
        return replace(self, values={}, base=base)

    @property
    def chosen_base(self) -> Base:
        """What a choice starts from: both texts of each conflict were shown."""
        base = dict(self.base)
        for conflict in self.conflicts:
            if not conflict.key:
                base[conflict.name] = _base_of(conflict.theirs)
                continue
            rows = rows_of_base(base.get(conflict.name)) or {}
            rows.pop(conflict.key, None)
            if conflict.theirs is not None:
                rows[conflict.key] = digest(conflict.theirs)
            base[conflict.name] = [[key, digest_of_row] for key, digest_of_row in rows.items()]
        return base


def digest(value) -> str:
    """A JSON value, as a key that differs for any other value."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:16]


def base_of(values: Mapping, names: Iterable[str] | None = None) -> Base:
    """What a page that shows these values starts from."""
    return {name: _base_of(values[name]) for name in (values if names is None else names)}


def read_base(data: Mapping, name: str = "base") -> Base:
    """The base that came with a page. A forged or missing one only asks more questions."""
    try:
        base = json.loads(data.get(name) or "")
    except (ValueError, RecursionError):
        return {}
    return base if isinstance(base, dict) else {}


def merge(base: Base, mine: Mapping, theirs: Mapping, *, leave: Collection[Place] = ()) -> Saved:
    """What one person sent into what is stored; `leave`: places that keep what is stored, by choice.

    Names of `theirs` that `mine` does not have are left alone. Without a base, whatever differs is a conflict.
    """
    values, conflicts, onward = {}, [], dict(base)
    for name, value in mine.items():
        stored = theirs[name]
        if has_rows(value) or has_rows(stored):
            merged = _merge_rows(name, base.get(name), value, stored, leave)
        else:
            merged = _merge_value(name, base.get(name), value, stored, leave)
        result, asked, onward[name] = merged
        conflicts += asked
        if result != stored:
            values[name] = result
    return Saved(
        values, tuple(conflicts), {name: row_base for name, row_base in onward.items() if row_base is not None}
    )


def has_rows(value) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(row, dict) and "key" in row for row in value)


def interleaved(lead: list[str], follow: list[str]) -> list[str]:
    """The keys of both, in the order of `lead`; a key of `follow` alone comes after the one that it follows.

    What `lead` alone has there comes first, and what ends `follow` is at the end.
    """
    order, shared = list(lead), set(lead) & set(follow)
    last = max((at for at, key in enumerate(follow) if key in shared), default=-1)
    place = 0
    for at, key in enumerate(follow):
        if key in shared:
            place = order.index(key) + 1
            continue
        while place < len(order) and (order[place] not in follow or at > last):
            place += 1
        order.insert(place, key)
        place += 1
    return order


def _base_of(value) -> str | list[list[str]]:
    """An empty list may come to have rows."""
    return [[row["key"], digest(row)] for row in value] if value == [] or has_rows(value) else digest(value)


def rows_of_base(rows) -> dict[str, str] | None:
    """Key → digest; None where nobody knows what the page started from."""
    if isinstance(rows, list) and all(isinstance(one, list) and list(map(type, one)) == [str, str] for one in rows):
        return dict(rows)
    return None


def _merge_value(name, base, mine, theirs, leave):
    """The result, the conflicts, and what the page goes on from."""
    if mine == theirs or (name, "") in leave or _base_of(mine) == base:
        return theirs, [], _base_of(mine)
    if _base_of(theirs) == base:
        return mine, [], _base_of(mine)
    return theirs, [Conflict(name, mine, theirs)], base


def _merge_rows(name, base, mine, theirs, leave):
    """Each row as a value, None where there is no such row: so an addition and a removal are changes like others."""
    before = rows_of_base(base)
    my_rows, their_rows = ({row["key"]: row for row in rows} for rows in (mine, theirs))
    results, conflicts = {}, []
    for key in interleaved(list(my_rows), list(their_rows)):
        start = None if before is None else before.get(key, digest(None))
        my_row, their_row = my_rows.get(key), their_rows.get(key)
        if my_row == their_row or (name, key) in leave or digest(my_row) == start:
            results[key] = their_row
        elif digest(their_row) == start:
            results[key] = my_row
        else:
            results[key] = their_row
            conflicts.append(Conflict(name, my_row, their_row, key))
    rows = [results[key] for key in _order(before or {}, my_rows, their_rows) if results[key] is not None]
    return rows, conflicts, _onward(base, before, my_rows, conflicts)


def _order(before: dict, mine: dict, theirs: dict) -> list[str]:
    """Who moved rows gives their order; where both did, the last to save."""
    is_moved = [key for key in before if key in mine] != [key for key in mine if key in before]
    lead, follow = (mine, theirs) if is_moved else (theirs, mine)
    return interleaved(list(lead), list(follow))


def _onward(base, before: dict | None, mine: dict, conflicts: list[Conflict]):
    """The rows as my page has them; one that is asked about keeps the digest it started from, and is asked again."""
    if before is None and conflicts:
        return base
    before, asked = before or {}, {conflict.key for conflict in conflicts}
    keys = [key for key in dict.fromkeys([*mine, *before]) if key in mine or key in asked]
    digests_by_key = {key: before.get(key) if key in asked else digest(mine[key]) for key in keys}
    return [[key, one] for key, one in digests_by_key.items() if one]
