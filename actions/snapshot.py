"""A sheet as one plain record of its content: what its history keeps, what two editors compare, what a copy starts from.

`snapshot(action)` gives {name: value} of JSON values only: fields, lists (keys of records) and rows in order. The dates
of the group (actions.models.Session) are not in it: each is a row of its own.
A person, a contact or a partner is there by its key, never by its words: nothing here can bring back who withdrew.
"""

import datetime as dt
import uuid
from collections.abc import Iterable
from decimal import Decimal

from django.db.models import Model

from isic.lib import protected

#: Fields of a sheet that are not its content: where it stands, who keeps it, what the server computes.
BOOKKEEPING = frozenset(
    "id slug sort_key editorial_state editorial_reason verified_on review_due_on newcomers_due_on reminded_on "
    "created_at created_by updated_at published_at published_by version submission is_example service_readings".split()
)
#: Parts by the name of their relation, in the order of the sheet.
ROWS = (
    "goals",
    "criteria",
    "team_members",
    "partnerships",
    "budget_lines",
    "staff_times",
    "quotes",
    "media",
)
#: Of a row, what is not its content.
_ROW_BOOKKEEPING = frozenset("id action position parent weight width height widths added_at added_by".split())
#: Parts whose files and agreements live outside the snapshot: shown in the history, never restored from it.
READ_ONLY = frozenset({"media"})

Snapshot = dict[str, object]


def plain(value) -> object:
    """A value of a field as JSON keeps it."""
    if isinstance(value, Model):
        return value.pk
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value.normalize():f}" if value else "0"
    if isinstance(value, uuid.UUID):
        return str(value)
    return value if isinstance(value, bool | int | float | list | None) else str(value)


def content_fields(model) -> list:
    return [field for field in model._meta.concrete_fields if field.name not in BOOKKEEPING]


def row_fields(model) -> list:
    return [field for field in model._meta.concrete_fields if field.name not in _ROW_BOOKKEEPING]


def snapshot(action) -> Snapshot:
    """The whole content of a sheet loaded by `for_snapshot()`."""
    content = {field.name: plain(getattr(action, field.attname)) for field in content_fields(type(action))}
    for field in action._meta.many_to_many:
        content[field.name] = sorted(record.pk for record in getattr(action, field.name).all())
    for name in ROWS:
        rows = list(getattr(action, name).all())
        content[name] = _goals(rows) if name == "goals" else [_row(row) for row in rows]
    return content


def _row(row) -> Snapshot:
    return {field.name: plain(getattr(row, field.attname)) for field in row_fields(type(row))}


def _goals(rows: list) -> list[Snapshot]:
    """Goals in the order of reading, each with its depth under a general goal."""
    ordered = []

    def tell(parent, level):
        for goal in (row for row in rows if row.parent_id == parent):
            ordered.append({**_row(goal), "level": level})
            tell(goal.pk, level + 1)

    tell(None, 0)
    return ordered


def write(action, content: Snapshot, names: Iterable[str] | None = None) -> None:
    """Put these names of a snapshot into the sheet (all by default); call it inside `action.edited()`, which saves.

    Keys must exist: see `history.restorable`. Rows are matched by key and keep it; rows left out are deleted.
    Raises ValidationError where something leans on a row that is left out (isic.lib.protected).
    """
    fields = {field.name: field for field in content_fields(type(action))}
    for name in content if names is None else names:
        if name in READ_ONLY:
            continue
        if name in ROWS:
            _write_rows(action, name, content[name])
        elif name in fields:
            setattr(
                action,
                fields[name].attname,
                fields[name].target_field.to_python(content[name])
                if fields[name].is_relation
                else fields[name].to_python(content[name]),
            )
        else:
            getattr(action, name).set(content[name])


def _write_rows(action, name: str, rows: list[Snapshot]) -> None:
    manager = getattr(action, name)
    model = manager.model
    stored = {str(row.key): row for row in manager.all()}
    wanted = {row["key"]: row for row in rows}
    for key, row in list(stored.items()):
        # Two partners that exchange their roles would each meet the other's row: a changed one is written anew.
        if key not in wanted or (name == "partnerships" and _row(row) != wanted[key]):
            protected.delete(stored.pop(key))
    fields = [field for field in row_fields(model) if field.name != "key"]
    above = []
    for position, values in enumerate(rows):
        row = stored.get(values["key"]) or model(action=action, key=values["key"])
        for field in fields:
            setattr(row, field.attname, field.to_python(values[field.name]))
        row.position = position
        if name == "goals":
            del above[min(values["level"], len(above)) :]
            row.parent = above[-1] if above else None
        row.save()
        above.append(row)
