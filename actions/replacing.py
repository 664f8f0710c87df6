"""What replacing a value does to sheets: each that used it keeps a version, and what was replaced stays readable."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db.models import Model, Q

from actions.differences import pointers
from actions.fieldmap import fields, fields_of_rows
from actions.models import Action, Replacement
from actions.replacements import label_of, successors
from actions.snapshot import ROWS, Snapshot, snapshot, write
from isic.lib.replacing import MOVES
from isic.lib.words import opening
from partners.models import Contact


@MOVES.add
def sheets(old, new, by) -> None:
    """One version a sheet, in the transaction of the whole."""
    if isinstance(new, Contact) and not new.is_publishable:
        raise ValidationError("Ce contact ne peut plus être montré\u00a0: choisissez-en un autre.")
    keys = Action.objects.filter(_using(old)).order_by("pk").values_list("pk", flat=True).distinct()
    locked = list(
        Action.objects.select_for_update().filter(pk__in=list(keys)).order_by("pk").values_list("pk", flat=True)
    )
    reason = f"«\u00a0{opening(str(old))}\u00a0» est remplacé par «\u00a0{opening(str(new))}\u00a0»."[:300]
    for action in Action.objects.for_snapshot().filter(pk__in=locked).order_by("pk"):
        content = snapshot(action)
        written = replaced(content, type(old), old.pk, new.pk)
        with action.edited(by=by, reason=reason):
            write(action, written, [name for name in written if written[name] != content[name]])
    if type(old) in {*pointers_of_sheets()}:
        _remember(old, new, by)


def _remember(old: Model, new: Model, by) -> None:
    is_told = not isinstance(old, Contact)
    Replacement.objects.create(
        model=label_of(type(old)),
        key=old.pk,
        name=str(old)[:200] if is_told else "",
        slug=getattr(old, "slug", ""),
        successor_key=new.pk,
        successor_name=str(new)[:200] if is_told else "",
        by=by,
    )


def pointers_of_sheets() -> Iterable[type[Model]]:
    """The models that a sheet or one of its rows points to."""
    yield from (field.related_model for field in fields().values() if field.is_relation)
    yield from (field.related_model for name in ROWS for field in fields_of_rows(name).values() if field.is_relation)


def _using(old: Model) -> Q:
    """The sheets that point to this record, by a field, a list or a row."""
    names = [name for name, field in fields().items() if field.is_relation and field.related_model is type(old)]
    names += [
        f"{rows}__{name}"
        for rows in ROWS
        for name, field in fields_of_rows(rows).items()
        if field.is_relation and field.related_model is type(old)
    ]
    using = Q(pk__in=[])
    for name in names:
        using |= Q(**{name: old})
    return using


def replaced(content: Snapshot, model: type[Model], old: int, new: int) -> Snapshot:
    """The same content with one key in the place of another, each record once in a list."""

    def swap(field, value):
        if not field.is_relation or field.related_model is not model or not value:
            return value
        if field.many_to_many:
            return sorted({new if key == old else key for key in value})
        return new if value == old else value

    values = {name: swap(field, content[name]) for name, field in fields().items() if name in content}
    for name in ROWS:
        cells = fields_of_rows(name)
        values[name] = _once(
            name, [row | {cell: swap(field, row[cell]) for cell, field in cells.items()} for row in content[name]]
        )
    return content | values


def as_of_today(content: Snapshot) -> Snapshot:
    """A version with what stands today for the values that were replaced since."""
    for model, keys in pointers([content]).items():
        for key, today in successors(model, keys).items():
            content = replaced(content, model, key, today)
    return content


def _once(name: str, rows: list[Snapshot]) -> list[Snapshot]:
    """Two partnerships of one partner in one role become one, which has the notes of both."""
    if name != "partnerships":
        return rows
    kept: dict[tuple, Snapshot] = {}
    for row in rows:
        first = kept.setdefault((row["partner"], row["role"]), row)
        if first is not row and row["notes"] and row["notes"] != first["notes"]:
            both = "\u00a0; ".join(filter(None, [first["notes"], row["notes"]]))
            kept[row["partner"], row["role"]] = first | {"notes": both[:200]}
    return list(kept.values())
