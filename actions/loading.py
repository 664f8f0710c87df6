"""Whole sheets: their lists, their rows and the records that these name, in one query whatever they hold.

One prefetch a relation took longer than the page it served. Here a relation is one branch of a UNION: its records come as
JSON arrays, which both engines write alike, and become ordinary instances in the caches that `prefetch_related` fills.
"""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from django.db import connections, models
from django.db.models.query import ModelIterable

#: Columns that no page of a sheet reads, and that weigh; reading one costs its own query.
LEFT_OUT = frozenset({"outline"})


class Branch(NamedTuple):
    """One relation of a sheet, or of its rows (`team_members__unit`): its part of the query, and what that gives."""

    model: type[models.Model]
    fields: list[models.Field]
    sql: str


class WholeIterable(ModelIterable):
    """What a queryset of sheets iterates over when it loads their relations; see `ActionQuerySet.loading`."""

    relations: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[models.Model]:
        sheets = list(super().__iter__())
        if sheets:
            load_relations(sheets, self.relations, using=self.queryset.db)
        yield from sheets


@cache
def iterable_with(*relations: str) -> type[WholeIterable]:
    return type("WholeIterable", (WholeIterable,), {"relations": tuple(dict.fromkeys(relations))})


def load_relations(sheets: Sequence[models.Model], relations: Sequence[str], *, using: str) -> None:
    """Fill these relations of the sheets; those of rows are named after the rows."""
    keys = list({sheet.pk for sheet in sheets})
    branches = {name: _branch(type(sheets[0]), name, connections[using].vendor) for name in relations}
    marks = ", ".join(["%s"] * len(keys))
    with connections[using].cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join(f"{branch.sql} IN ({marks})" for branch in branches.values()), keys * len(branches)
        )
        lines = sorted(cursor.fetchall(), key=lambda line: line[2])
    records: dict[tuple[str, int], list] = defaultdict(list)
    for name, owner, _rank, values in lines:
        records[name, owner].append(_record(branches[name], json.loads(values, parse_float=Decimal), using))
    for name in relations:
        first, _, second = name.partition("__")
        for sheet in sheets:
            if not second:
                _fill(sheet, name, records[name, sheet.pk])
                continue
            for row in getattr(sheet, first).all():
                for record in records[name, row.pk]:
                    row._meta.get_field(second).set_cached_value(row, record)


def _fill(sheet, name: str, records: list) -> None:
    """As `prefetch_related` does: `sheet.goals.all()` is answered from here, and a row knows its sheet."""
    loaded = getattr(sheet, name).all()
    loaded._result_cache, loaded._prefetch_done = records, True
    sheet.__dict__.setdefault("_prefetched_objects_cache", {})[name] = loaded
    relation = sheet._meta.get_field(name)
    if relation.one_to_many:
        for record in records:
            relation.field.set_cached_value(record, sheet)


@cache
def _branch(sheet: type[models.Model], name: str, vendor: str) -> Branch:
    """SELECT its name, the key of its owner, its rank, its columns; the condition on the sheets is left open."""
    model, link, target, owner, action = _relation(sheet, name)
    fields = [field for field in model._meta.concrete_fields if field.name not in LEFT_OUT]
    quote = connections["default"].ops.quote_name
    columns = ", ".join(f"r.{quote(field.column)}" for field in fields)
    values = f"json_build_array({columns})::text" if vendor == "postgresql" else f"json_array({columns})"
    rank = ", ".join(f"r.{quote(_column(model, order))}" for order in model._meta.ordering)
    source, alias = f"{quote(model._meta.db_table)} r", "r"
    if link:
        alias = "l"
        source += f" JOIN {quote(link._meta.db_table)} l ON r.{quote(model._meta.pk.column)} = l.{quote(target.column)}"
    head = f"{alias}.{quote(owner.column)}, ROW_NUMBER() OVER (ORDER BY {rank}), {values}"
    # Every word of it is a name of our models.
    sql = f"SELECT '{name}', {head} FROM {source} WHERE {alias}.{quote(action.column)}"  # noqa: S608
    return Branch(model, fields, sql)


def _relation(sheet: type[models.Model], name: str) -> tuple:
    """(model, table between or None, its field to the model, field of the owner, field of the sheet)."""
    first, _, second = name.partition("__")
    relation = sheet._meta.get_field(first)
    if second:  # a record that a row names: the row is the owner
        link = relation.related_model
        target = link._meta.get_field(second)
        return target.related_model, link, target, link._meta.pk, relation.field
    if relation.many_to_many:
        link = relation.remote_field.through
        target = link._meta.get_field(relation.m2m_reverse_field_name())
        owner = link._meta.get_field(relation.m2m_field_name())
        return target.related_model, link, target, owner, owner
    return relation.related_model, None, None, relation.field, relation.field


def _column(model: type[models.Model], name: str) -> str:
    field = model._meta.pk if name == "pk" else model._meta.get_field(name)
    return field.column


def _record(branch: Branch, values: list, using: str) -> models.Model:
    names = [field.attname for field in branch.fields]
    read = [
        value if value is None else _python(field, value) for field, value in zip(branch.fields, values, strict=True)
    ]
    return branch.model.from_db(using, names, read)


def _python(field: models.Field, value):
    """A value as Django's own query gives it: JSON has neither dates nor decimals, SQLite neither these nor booleans."""
    match field:
        case models.JSONField():
            return json.loads(value) if isinstance(value, str) else value
        case models.DateTimeField():
            at = dt.datetime.fromisoformat(value)
            return at if at.tzinfo else at.replace(tzinfo=dt.UTC)
        case models.DateField() | models.TimeField() | models.UUIDField() | models.BooleanField():
            return field.to_python(value)
        case models.DecimalField():
            return round(Decimal(value), field.decimal_places)
        case models.FloatField():
            return float(value)
        case _:
            return value
