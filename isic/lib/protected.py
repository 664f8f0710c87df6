"""Rows that others lean on: why one cannot be deleted, as a sentence.

    3 bilans s’appuient sur « Se rencontrer » (objectif), qui reste donc : « mars », « juin » et « octobre ».

Django refuses such a deletion by an error of the database, which the callers of `delete` never see.
"""

from collections import defaultdict
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import router
from django.db.models import Model, ProtectedError, RestrictedError
from django.db.models.deletion import Collector

from isic.lib.words import counted, listed, opening

#: No more names than a reader can take in.
SHOWN = 3


def refusal(row: Model) -> list[str]:
    """Why this row cannot be deleted: a sentence for each kind of rows that lean on it, none when it may go."""
    try:
        Collector(router.db_for_write(type(row), instance=row)).collect([row])
    except ProtectedError as error:
        return _sentences(row, error.protected_objects)
    except RestrictedError as error:
        return _sentences(row, error.restricted_objects)
    return []


def delete(row: Model) -> None:
    """Delete a row, in a transaction. Raises ValidationError with the sentences of `refusal`.

    The row is locked first: nobody can begin to lean on it between the check and the deletion.
    """
    list(type(row)._base_manager.select_for_update().filter(pk=row.pk).values_list("pk"))
    if sentences := refusal(row):
        raise ValidationError(sentences, "protected")
    row.delete()


def _sentences(row: Model, leaning: Iterable[Model]) -> list[str]:
    by_model = defaultdict(list)
    for one in sorted(leaning, key=lambda one: (one._meta.label, one.pk)):
        by_model[one._meta].append(one)
    return [_sentence(row, options, rows) for options, rows in by_model.items()]


def _sentence(row: Model, options, leaning: list[Model]) -> str:
    how_many = counted(len(leaning), options.verbose_name, options.verbose_name_plural)
    verb = "s’appuie" if len(leaning) == 1 else "s’appuient"
    named = [_named(one) for one in leaning[: SHOWN + 1]]
    names = listed(named if len(leaning) <= SHOWN + 1 else [*named[:SHOWN], f"{len(leaning) - SHOWN}\u00a0autres"])
    return f"{how_many} {verb} sur {_named(row)} ({row._meta.verbose_name}), qui reste donc\u00a0: {names}."


def _named(row: Model) -> str:
    return f"«\u00a0{opening(str(row), 80)}\u00a0»"
