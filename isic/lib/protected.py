"""Rows that others use: why one cannot be deleted, and what goes with one that can, as sentences.

    44 actions s’appuient sur « Oyonnax » (territoire), qui reste donc : « Cuisine », « Balades », « Tricot » et 41 autres.

A foreign key that protects is refused by the database, as an error that the callers of `delete` never see; a list of another
row (the places of a sheet) would lose its value without a word. Both count as use.
"""

from collections import Counter, defaultdict

from django.core.exceptions import ValidationError
from django.db import router
from django.db.models import Model, ProtectedError, RestrictedError
from django.db.models.deletion import Collector

from isic.lib.words import counted, listed, opening

#: No more names than a reader can take in.
SHOWN = 3


def refusal(row: Model) -> list[str]:
    """Why this row cannot be deleted: a sentence for each kind of rows that use it, none when it may go."""
    return [_sentence(row, model, keys) for model, keys in uses(row).items()]


def uses(row: Model) -> dict[type[Model], list[int]]:
    """The keys of the rows that use this one, by model: a foreign key of theirs protects it, or a list has it."""
    using = defaultdict(set)
    try:
        _collect(row)
    except ProtectedError as error:
        for one in error.protected_objects:
            using[type(one)].add(one.pk)
    except RestrictedError as error:
        for one in error.restricted_objects:
            using[type(one)].add(one.pk)
    for relation in row._meta.related_objects:
        if relation.many_to_many:
            rows = relation.related_model._base_manager.filter(**{relation.field.name: row})
            using[relation.related_model].update(rows.values_list("pk", flat=True))
    return {model: sorted(using[model]) for model in sorted(using, key=lambda model: model._meta.label) if using[model]}


def counts(row: Model) -> list[str]:
    """« 44 actions collectives », « 3 contacts »: what uses this row."""
    return [
        counted(len(keys), model._meta.verbose_name, model._meta.verbose_name_plural)
        for model, keys in uses(row).items()
    ]


def consequences(row: Model) -> list[str]:
    """What else the deletion of this row does, a sentence each: its own parts go with it, others lose a value."""
    collector = _collect(row)
    parts = Counter()
    for model, rows in collector.data.items():
        parts[model] += len(rows) - (model is type(row))
    for rows in collector.fast_deletes:
        parts[rows.model] += rows.count()
    gone = [
        counted(number, model._meta.verbose_name, model._meta.verbose_name_plural)
        for model, number in parts.items()
        if number > 0 and not model._meta.auto_created
    ]
    lost = [
        f"{counted(number, field.model._meta.verbose_name, field.model._meta.verbose_name_plural)}"
        f" {'perd' if number == 1 else 'perdent'} sa valeur de «\u00a0{field.verbose_name}\u00a0»."
        for field, number in _emptied(collector).items()
    ]
    return [*([f"Disparaît avec «\u00a0{row}\u00a0»\u00a0: {listed(gone)}."] if gone else []), *lost]


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


def _sentence(row: Model, model: type[Model], keys: list[int]) -> str:
    how_many = counted(len(keys), model._meta.verbose_name, model._meta.verbose_name_plural)
    verb = "s’appuie" if len(keys) == 1 else "s’appuient"
    shown = keys[: SHOWN + 1] if len(keys) <= SHOWN + 1 else keys[:SHOWN]
    using = model._base_manager.filter(pk__in=shown).order_by("pk")
    named = [_quoted(one.in_full() if hasattr(one, "in_full") else str(one)) for one in using]
    others = [f"{len(keys) - len(shown)}\u00a0autres"] if len(keys) > len(shown) else []
    return f"{how_many} {verb} sur {_quoted(str(row))} ({row._meta.verbose_name}), qui reste donc\u00a0: {listed([*named, *others])}."


def _quoted(words: str) -> str:
    return f"«\u00a0{opening(words, 80)}\u00a0»"
