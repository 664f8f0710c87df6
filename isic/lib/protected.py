"""Rows that others use: why one cannot be deleted, and what goes with one that can, as sentences.

    44 actions s’appuient sur « Oyonnax » (territoire), qui reste donc : « Cuisine », « Balades », « Tricot » et 41 autres.

A foreign key that protects is refused by the database, as an error that the callers of `delete` never see; a list of another
row (the places of a sheet) would lose its value without a word. Both count as use.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import router
from django.db.models import Model, ProtectedError, RestrictedError
from django.db.models.deletion import Collector

from isic.lib.words import counted, listed, opening

#: No more names than a reader can take in.
SHOWN = 3


def refusal(row: Model) -> list[str]:
    """Why this row cannot be deleted: a sentence for each kind of rows that use it, none when it may go."""
    return [_sentence(row, model._meta, rows) for model, rows in uses(row).items()]


def uses(row: Model) -> dict[type[Model], list[Model]]:
    """The rows that use this one, by model: those whose foreign key protects it, those that have it in a list."""
    using = defaultdict(set)
    try:
        _collect(row)
    except ProtectedError as error:
        for one in error.protected_objects:
            using[type(one)].add(one)
    except RestrictedError as error:
        for one in error.restricted_objects:
            using[type(one)].add(one)
    for relation in row._meta.related_objects:
        if relation.many_to_many:
            using[relation.related_model].update(
                relation.related_model._base_manager.filter(**{relation.field.name: row})
            )
    ordered = sorted(using.items(), key=lambda pair: pair[0]._meta.label)
    return {model: sorted(rows, key=lambda one: one.pk) for model, rows in ordered if rows}


def consequences(row: Model) -> list[str]:
    """What else the deletion of this row does, a sentence each: its own parts go with it, others lose a value."""
    collector = _collect(row)
    parts = Counter()
    for model, rows in collector.data.items():
        parts[model] += len(rows) - (model is type(row))
    for rows in collector.fast_deletes:
        parts[rows.model] += rows.count()
    counts = [
        counted(number, model._meta.verbose_name, model._meta.verbose_name_plural)
        for model, number in parts.items()
        if number > 0 and not model._meta.auto_created
    ]
    lost = [
        f"{counted(number, field.model._meta.verbose_name, field.model._meta.verbose_name_plural)}"
        f" {'perd' if number == 1 else 'perdent'} sa valeur de «\u00a0{field.verbose_name}\u00a0»."
        for field, number in _emptied(collector).items()
    ]
    return [*([f"Disparaît avec «\u00a0{row}\u00a0»\u00a0: {listed(counts)}."] if counts else []), *lost]


def delete(row: Model) -> None:
    """Delete a row, in a transaction. Raises ValidationError with the sentences of `refusal`.

    The row is locked first: nobody can begin to use it between the check and the deletion.
    """
    list(type(row)._base_manager.select_for_update().filter(pk=row.pk).values_list("pk"))
    if sentences := refusal(row):
        raise ValidationError(sentences, "protected")
    row.delete()


def _collect(row: Model) -> Collector:
    """What Django would delete and empty. Raises ProtectedError or RestrictedError."""
    collector = Collector(router.db_for_write(type(row), instance=row))
    collector.collect([row])
    return collector


def _emptied(collector: Collector) -> dict:
    """Field → how many rows lose the value that they have in it."""
    counts = Counter()
    for (field, _value), batches in collector.field_updates.items():
        counts[field] += sum(len(batch) for batch in batches)
    return {field: number for field, number in counts.items() if number}


def _sentence(row: Model, options, using: Iterable[Model]) -> str:
    how_many = counted(len(using), options.verbose_name, options.verbose_name_plural)
    verb = "s’appuie" if len(using) == 1 else "s’appuient"
    named = [_quoted(one.in_full() if hasattr(one, "in_full") else str(one)) for one in using[: SHOWN + 1]]
    names = listed(named if len(using) <= SHOWN + 1 else [*named[:SHOWN], f"{len(using) - SHOWN}\u00a0autres"])
    return f"{how_many} {verb} sur {_quoted(str(row))} ({row._meta.verbose_name}), qui reste donc\u00a0: {names}."


def _quoted(words: str) -> str:
    return f"«\u00a0{opening(words, 80)}\u00a0»"
