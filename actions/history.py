"""The versions of a sheet: how its history reads, what of a version can come back, which versions are worth keeping."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models
from django.utils import timezone

from actions.differences import changed, pointers
from actions.fieldmap import blank_row, fields, fields_of_rows, label
from actions.models import Action, Version
from actions.replacing import as_of_today
from actions.snapshot import BOOKKEEPING, ROWS, Snapshot, write
from actions.steps import FILING_STEPS
from isic.lib.months import long_day
from isic.lib.words import counted, listed, lower_first
from partners.models import Contact

#: Edits of one person that are closer than this are one moment of work.
PAUSE = dt.timedelta(minutes=30)
#: How long each edit of such a moment is kept; after that, only what it ended with.
KEPT = dt.timedelta(days=30)
#: Both say who carries the action: one is worth nothing without the other.
CARRIERS = ("carrier_unit", "carrier_partner")
NBSP = "\u00a0"


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """A line of the history: an event, or one person’s edits in a row; the last one first."""

    versions: list[Version]
    #: What changed, in words; empty for the first version, and where nothing did.
    what: str = ""
    #: The version that it started from, when one is kept.
    since: int | None = None

    @property
    def last(self) -> Version:
        return self.versions[0]

    @property
    def first(self) -> Version:
        return self.versions[-1]


def bursts(versions: Iterable) -> Iterator[list]:
    """Versions in order, the oldest first: consecutive edits of one person together, any other event alone."""
    burst: list = []
    for version in versions:
        if burst and not _goes_on(burst[-1], version):
            yield burst
            burst = []
        burst.append(version)
    if burst:
        yield burst


def _goes_on(before, version) -> bool:
    return (
        (before.action_id, before.kind, before.by_id) == (version.action_id, Version.Kind.EDITED, version.by_id)
        and version.kind == Version.Kind.EDITED
        and version.at - before.at <= PAUSE
    )


def history_lines(action: Action) -> list[HistoryLine]:
    """The whole history, newest first, without a content: one query."""
    versions = action.versions.defer("content").select_related("by").order_by("number")
    return [HistoryLine(burst[::-1]) for burst in bursts(versions)][::-1]


def with_changes(action: Action, shown: list[HistoryLine], before: HistoryLine | None) -> list[HistoryLine]:
    """These history_lines with what changed in each since the one that comes before it; one query."""
    chain = [entry.last.number for entry in (*shown, before) if entry]
    contents = dict(action.versions.filter(number__in=chain).values_list("number", "content"))
    return [
        HistoryLine(entry.versions, _what(contents[since], contents[entry.last.number]) if since else "", since)
        for entry, since in zip_longest(shown, chain[1 : len(shown) + 1])
    ]


def _what(old: Snapshot, new: Snapshot) -> str:
    """« contexte, objectifs et budget »."""
    return listed([lower_first(label(name)) for name in changed(old, new)], limit=4)


def restorable(content: Snapshot) -> tuple[Snapshot, list[str]]:
    """What of a version can be written again, and in words what cannot.

    A record that is no more, a contact that may no longer be published: what the sheet has today stays. So do photos,
    and what no step of the form asks for. A value that was replaced since comes back as the one that stands for it.
    """
    content = as_of_today(content)
    available = {
        model: set(_available(model).filter(pk__in=keys).values_list("pk", flat=True))
        for model, keys in pointers([content]).items()
    }
    kept, sentences = {}, []
    for name in (name for step in FILING_STEPS for name in step.names if name in content):
        value, lost = _without_lost(name, content[name], available)
        if lost:
            what = counted(
                lost,
                "élément a été supprimé ou retiré, et ne revient pas",
                "éléments ont été supprimés ou retirés, et ne reviennent pas",
            )
            sentences.append(f"{label(name)}{NBSP}: {what}.")
        if value is not None or not lost:
            kept[name] = value
    if any(name not in kept for name in CARRIERS):
        kept = {name: value for name, value in kept.items() if name not in CARRIERS}
    return kept, sentences


def _available(model: type[models.Model]):
    return model.objects.publishable() if model is Contact else model.objects.all()


def _without_lost(name: str, value, available: Mapping) -> tuple[object, int]:
    """What is left of a value (None of a record that is lost), and how many records or rows are lost."""
    if name in ROWS:
        rows = [_without_lost_cells(name, row, available) for row in value]
        return [row for row in rows if row], rows.count(None)
    field = fields()[name]
    if not field.is_relation or not value:
        return value, 0
    there = available[field.related_model]
    if field.many_to_many:
        left = [key for key in value if key in there]
        return left, len(value) - len(left)
    return (value, 0) if value in there else (None, 1)


def _without_lost_cells(name: str, row: Snapshot, available: Mapping) -> Snapshot | None:
    """The row with all the fields of today; None where it is nothing without a record that is lost."""
    values = blank_row(name) | row
    for cell, field in fields_of_rows(name).items():
        if field.is_relation and values[cell] is not None and values[cell] not in available[field.related_model]:
            if not field.null:
                return None
            values[cell] = None
    return values


def restore(action: Action, version: Version, *, by) -> None:
    """Write this version again, as a new one. Raises StaleVersion, or ValidationError when the sheet could not hold it."""
    content, _sentences = restorable(version.content)
    try:
        with action.edited(by=by, kind=Version.Kind.RESTORED, reason=name_of(version)):
            _write(action, content)
            _check(action)
    except IntegrityError as error:
        raise ValidationError("Deux lignes d’un tableau diraient la même chose.") from error


def _write(action: Action, content: Snapshot) -> None:
    """Raises ValidationError where something leans on a row that the version does not have."""
    try:
        write(action, content)
    except ValidationError as error:
        raise ValidationError([*error.messages, "Rien n’est restauré."]) from error


def _check(action: Action) -> None:
    """Raises ValidationError, each of its sentences with the name of its field."""
    try:
        action.full_clean(exclude=BOOKKEEPING)
    except ValidationError as error:
        faults = [(name, sentence) for name, sentences in error.message_dict.items() for sentence in sentences]
        raise ValidationError(
            [f"{label(n)}{NBSP}: {words}" if n in fields() else words for n, words in faults]
        ) from error


def name_of(version: Version) -> str:
    """« Version 12 du mardi 3 mars 2026 »."""
    return f"Version {version.number} du {long_day(timezone.localtime(version.at))}"


def thin(today: dt.date) -> int:
    """Of each moment of work older than KEPT, leave what it ended with; returns how many versions went.

    Moves, restorations and checks stay for ever. Run twice, it takes nothing more.
    """
    limit = timezone.make_aware(dt.datetime.combine(today, dt.time())) - KEPT
    old = Version.objects.filter(at__lt=limit).order_by("action_id", "number")
    rows = old.values_list("pk", "action_id", "kind", "by_id", "at", named=True).iterator()
    passed = [version.pk for burst in bursts(rows) for version in burst[:-1]]
    for start in range(0, len(passed), 500):
        Version.objects.filter(pk__in=passed[start : start + 500]).delete()
    return len(passed)
