"""Two people edit one sheet: what each wrote, against what both started from.

A form carries a digest of each value it started from. A name that only one of the two changed keeps that change; a
name that both changed, differently, is a conflict, and only a person may choose. See docs/decisions/010-two-editors.md.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from actions.snapshot import Snapshot


@dataclass(frozen=True)
class Merge:
    #: What to write: the names of which mine wins.
    values: Snapshot
    #: Names that both changed; their values differ.
    conflicts: tuple[str, ...]


def digest(value) -> str:
    """A value of a snapshot, told apart from any other."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:16]


def digests(snapshot: Mapping, names) -> dict[str, str]:
    return {name: digest(snapshot[name]) for name in names}


def merge(base: Mapping[str, str], mine: Mapping, theirs: Mapping) -> Merge:
    """Three-way, name by name; `base` holds digests. Without one, whatever differs is a conflict: nobody knows whose."""
    values, conflicts = {}, []
    for name, value in mine.items():
        if value == theirs[name] or digest(value) == base.get(name):
            continue
        if digest(theirs[name]) == base.get(name):
            values[name] = value
        else:
            conflicts.append(name)
    return Merge(values, tuple(conflicts))
