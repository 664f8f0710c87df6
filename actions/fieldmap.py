"""Every name of a sheet, once: its field, its French heading, its nature. Read from the model wherever it can be.

The history, the search and the files that sheets are made from ask here: each knows a new field of the model at once.
What a person must decide for it is listed in tests/test_fields.py, which fails until it is decided.
"""

from functools import cache

from django.db import models

from actions.models import Action
from actions.snapshot import ROWS, Snapshot, content_fields, plain, row_fields
from actions.steps import FILING_STEPS
from isic.lib.richtext import RichTextField
from isic.lib.words import upper_first

NBSP = "\u00a0"
#: Where the name of a field or of its rows alone would not say what it is.
LABELS = {
    "rhythm_every": f"rythme{NBSP}: toutes les … semaines",
    "rhythm_weekday": f"rythme{NBSP}: jour",
    "rhythm_ordinals": f"rythme{NBSP}: quels jours du mois",
    "rhythm_starts_at": "heure de début",
    "rhythm_ends_at": "heure de fin",
    "goals": "objectifs",
    "criteria": "critères d’évaluation",
    "team_members": "équipe",
    "partnerships": "partenaires",
    "budget_lines": "budget",
    "staff_times": "temps professionnel",
    "sessions": "séances",
    "quotes": "paroles",
    "media": "photos et documents",
}
#: The same for the fields of a row.
ROW_LABELS = {"planned": "prévu", "actual": "réalisé"}
#: Rows that the files of sheets (actions/data/) call otherwise.
FILE_NAMES = {"team_members": "team", "budget_lines": "budget", "partnerships": "partners", "media": "links"}


@cache
def fields() -> dict[str, models.Field]:
    """Name → field, for what is not rows."""
    return {field.name: field for field in (*content_fields(Action), *Action._meta.many_to_many)}


@cache
def fields_of_rows(name: str) -> dict[str, models.Field]:
    """Of rows: name → field, without the key that tells them apart."""
    model = Action._meta.get_field(name).related_model
    return {field.name: field for field in row_fields(model) if field.name != "key"}


def blank_row(name: str) -> Snapshot:
    """An empty row."""
    return {cell: plain(field.get_default()) for cell, field in fields_of_rows(name).items()}


@cache
def names() -> tuple[str, ...]:
    """Every name of a snapshot, in the order of the form; last, what no step asks for."""
    asked = [name for step in FILING_STEPS for name in step.names]
    return (*asked, *(name for name in (*ROWS, *fields()) if name not in asked))


def label(name: str) -> str:
    """« Contexte et diagnostic »: the heading of a difference, or of a column."""
    return upper_first(LABELS.get(name) or fields()[name].verbose_name)


def file_name(name: str) -> str:
    """What the files of sheets call these rows."""
    return FILE_NAMES.get(name, name)


def row_label(field: models.Field) -> str:
    return ROW_LABELS.get(field.name, field.verbose_name)


@cache
def rich_texts() -> tuple[str, ...]:
    """The long texts, in the order of the model."""
    return tuple(name for name, field in fields().items() if isinstance(field, RichTextField))


@cache
def lines() -> tuple[str, ...]:
    """The short texts that are written in free words."""
    texts = models.CharField | models.TextField
    free = ((name, f) for name, f in fields().items() if isinstance(f, texts) and not f.choices)
    return tuple(name for name, _field in free if name not in rich_texts())


@cache
def plain_names() -> frozenset[str]:
    """What a file says in the very words of the model: everything that points to no record."""
    return frozenset(name for name, field in fields().items() if not field.is_relation)
