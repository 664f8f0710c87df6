"""What changed between two snapshots of a sheet (actions.snapshot), in the words of those who wrote them.

    labels = labels_for([old, new], reader=user)     # the names of what they point to; a constant number of queries
    for difference in differences(old, new, labels):
        difference.name, difference.label            # « context », « Contexte et diagnostic »
        difference.pieces                            # isic.lib.diff.Piece: what is removed, added, the same; or a note
        difference.rows                              # of a part: RowChange, each with its own differences
    words("context", old["context"], labels)         # one value: str, or list[str] for a list of records or of rows

`changed(old, new)` gives the names alone and asks nothing. Names come in the order of the steps of the form; those that
one of the two snapshots does not have (a field added since) are left out. `actions/_differences.html` shows them.

A contact that may no longer be published, a person and a sheet that the reader may not see are never named.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher

from django.db import models

from accounts.models import User
from actions.fieldmap import fields, fields_of_rows, label, names, row_label
from actions.models import Action
from actions.replacements import former_names
from actions.rhythm import ORDINALS, describe_hours
from actions.snapshot import ROWS, Snapshot
from isic.lib.diff import Piece, compare, replaced
from isic.lib.months import long_day
from isic.lib.richtext import RichTextField, to_text
from isic.lib.words import euros, grouped, hours, upper_first
from partners.models import Contact

NBSP = "\u00a0"
#: Shown in place of a record that is missing, or that this reader may not see.
GONE = {Contact: "(contact retiré)", Action: "(fiche non visible)"}
DELETED = "(supprimé)"


@dataclass(frozen=True, slots=True)
class ValueLabels:
    """Names of records, by model and key, in the order of their lists."""

    names: Mapping[type[models.Model], Mapping[int, str]]

    def one(self, model, key: int | str | None) -> str:
        """A partner that a form has just named has no key yet: it goes by its words."""
        if key is None or isinstance(key, str):
            return key or ""
        return self.names.get(model, {}).get(key, GONE.get(model, DELETED))

    def many(self, model, keys: Iterable[int]) -> list[str]:
        names = self.names.get(model, {})
        return [name for key, name in names.items() if key in keys] + [DELETED for key in keys if key not in names]


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row of a part: « ajoutée », « supprimée », or « modifiée » and « déplacée »."""

    states: tuple[str, ...]
    title: str
    cells: "Sequence[Difference]" = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """One name that changed: pieces of its words, or rows; a note where the words alone do not tell."""

    name: str
    label: str
    pieces: Sequence[Piece] = ()
    rows: Sequence[RowChange] = ()
    note: str = ""


def changed(old: Snapshot, new: Snapshot) -> list[str]:
    return [name for name in names() if name in old and name in new and old[name] != new[name]]


def labels_for(snapshots: Iterable[Snapshot], *, reader) -> ValueLabels:
    """One query for each kind of record that these snapshots point to, at most."""
    return ValueLabels({model: _name_all(model, reader, keys) for model, keys in pointers(snapshots).items()})


def pointers(snapshots: Iterable[Snapshot]) -> dict[type[models.Model], set[int]]:
    """The records that snapshots point to, by model."""
    keys: dict[type[models.Model], set[int]] = {}
    for model, key in (pointer for snapshot in snapshots for pointer in _pointers(snapshot)):
        keys.setdefault(model, set()).add(key)
    return keys


def words(name: str, value, labels: ValueLabels) -> str | list[str]:
    """A value in words: a list where the sheet has a list, empty for an empty value."""
    if name in ROWS:
        return [_row_words(name, row, labels) for row in value]
    field = fields()[name]
    return labels.many(field.related_model, value) if field.many_to_many else say(field, value, labels)


def differences(old: Snapshot, new: Snapshot, labels: ValueLabels) -> list[Difference]:
    return [_difference(name, old[name], new[name], labels) for name in changed(old, new)]


def _pointers(snapshot: Snapshot) -> Iterable[tuple[type[models.Model], int]]:
    """(model, key) of every record that a snapshot points to."""
    for name, field in fields().items():
        value = snapshot.get(name)
        if field.is_relation and value is not None:
            yield from ((field.related_model, key) for key in (value if field.many_to_many else [value]))
    for name in ROWS:
        relations = [(n, f.related_model) for n, f in fields_of_rows(name).items() if f.is_relation]
        for row in snapshot.get(name, ()):
            yield from ((model, row[n]) for n, model in relations if isinstance(row.get(n), int))


def _name_all(model, reader, keys: set[int]) -> dict[int, str]:
    """Names of contacts, people and other sheets, as far as this reader may see them."""
    if model is User:
        # Nothing more: of an address typed in a row, nobody reads whether it has an account.
        return dict.fromkeys(model.objects.filter(pk__in=keys).values_list("pk", flat=True), "un compte")
    if model is Contact:
        contacts = model.objects.publishable().filter(pk__in=keys)
        return {c.pk: f"{c.person_name}, {c.label}" if c.person_name else c.label for c in contacts}
    records = model.objects.visible_to(reader) if model is Action else model.objects
    names = {record.pk: str(record) for record in records.filter(pk__in=keys)}
    return names if model is Action else names | former_names(model, keys - names.keys())


def _difference(name: str, old, new, labels: ValueLabels) -> Difference:
    if name in ROWS:
        return Difference(name, label(name), rows=_rows(name, old, new, labels))
    return _value(name, label(name), fields()[name], (old, new), labels)


def _value(name: str, title: str, field: models.Field, values: tuple, labels: ValueLabels) -> Difference:
    if field.many_to_many:
        pieces = [
            Piece(kind, word)
            for kind, here, there in (("removed", *values), ("added", *reversed(values)))
            for word in labels.many(field.related_model, [key for key in here if key not in there])
        ]
        return Difference(name, title, pieces)
    before, after = (say(field, value, labels) for value in values)
    pieces = compare(before, after) if _is_prose(field) else replaced(before, after)
    if before != after and any(piece.kind in ("removed", "added") for piece in pieces):
        return Difference(name, title, pieces)
    note = "Seule la mise en forme a changé." if _is_prose(field) else f"{after}{NBSP}: remplacé par un autre."
    return Difference(name, title, note=note)


def _is_prose(field: models.Field) -> bool:
    return isinstance(field, models.CharField | models.TextField) and not field.choices


def say(field: models.Field, value, labels: ValueLabels) -> str:
    """A single value in words; nothing for nothing."""
    if value is None or value in ("", []):
        return ""
    if field.is_relation:
        return labels.one(field.related_model, value)
    if field.flatchoices:
        return str(dict(field.flatchoices).get(value, value))
    if field.name == "hours":  # every other decimal is money
        return hours(Decimal(value))
    formatted = next((formatted for kind, formatted in _FORMATS.items() if isinstance(field, kind)), str)
    return formatted(value)


_FORMATS = {
    RichTextField: to_text,
    models.BooleanField: lambda value: "oui" if value else "non",
    models.DateField: lambda value: long_day(dt.date.fromisoformat(value)),
    models.TimeField: lambda value: describe_hours(dt.time.fromisoformat(value), None).removeprefix("à "),
    models.DecimalField: lambda value: euros(Decimal(value)),
    models.IntegerField: grouped,
    models.JSONField: lambda value: ", ".join(ORDINALS[rank] for rank in value if rank in ORDINALS),
    models.FileField: lambda value: "fichier joint",
}


def _row_words(name: str, row: Snapshot, labels: ValueLabels) -> str:
    """« Alimentation ; financeur : Caf ; prévu : 300 € »: the row's name, then its other values."""
    pieces = []
    for cell, field in fields_of_rows(name).items():
        words = say(field, row.get(cell), labels)
        if isinstance(field, models.BooleanField):
            pieces += [row_label(field)] if row.get(cell) else []
        elif words:
            pieces.append(f"{row_label(field)}{NBSP}: {words}" if pieces else words)
    return "– " * row.get("level", 0) + f"{NBSP}; ".join(pieces)


def _rows(name: str, old: list[Snapshot], new: list[Snapshot], labels: ValueLabels) -> list[RowChange]:
    """Row by row, by their keys: those that are there now in their order, then those that are no more."""
    before, after = ({row["key"]: row for row in rows} for rows in (old, new))
    still = _still([key for key in before if key in after], [key for key in after if key in before])
    changes = []
    for key, row in after.items():
        old_row = before.get(key)
        cells = _cells(name, old_row, row, labels) if old_row else []
        moved = old_row and (key not in still or old_row.get("level") != row.get("level"))
        states = ("ajoutée",) if not old_row else ("modifiée",) * bool(cells) + ("déplacée",) * bool(moved)
        if states:
            changes.append(RowChange(states, _row_words(name, row, labels), cells))
    gone = [row for key, row in before.items() if key not in after]
    return changes + [RowChange(("supprimée",), _row_words(name, row, labels)) for row in gone]


def _still(before: list[str], after: list[str]) -> set[str]:
    """The rows that kept their place among those that stay."""
    blocks = SequenceMatcher(None, before, after).get_matching_blocks()
    return {key for block in blocks for key in before[block.a : block.a + block.size]}


def _cells(name: str, old: Snapshot, new: Snapshot, labels: ValueLabels) -> list[Difference]:
    return [
        _value(cell, upper_first(row_label(field)), field, (old[cell], new[cell]), labels)
        for cell, field in fields_of_rows(name).items()
        if cell in old and cell in new and old[cell] != new[cell]
    ]
