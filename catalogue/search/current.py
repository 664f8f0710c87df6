"""The index of this process, and how it follows the database: check, drain what is marked, apply what is new."""

import gc
import logging
import threading
import time
from dataclasses import dataclass, replace

from django.db import InternalError, OperationalError, connection
from django.utils import timezone

from catalogue.models import Entry, Stale, Withdrawn
from catalogue.search.drain import drain, shown_ids
from catalogue.search.index import Index, Results
from catalogue.search.labels import Labels
from catalogue.search.query import Query
from catalogue.search.spelling import french

log = logging.getLogger(__name__)
FIELDS = ("action_id", "number", "is_public", "recent", "sort_key", "stems", "facets")
#: How long a reader drains before it answers without the sheets still marked.
PATIENCE = 2


@dataclass(frozen=True, slots=True)
class CheckedRevision:
    """What the one-row check reads. `n` is the number up to which every entry is visible."""

    n: int
    labels: int
    epoch: str
    has_marks: bool


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The catalogue as one request sees it."""

    index: Index
    revision: CheckedRevision
    #: Sheets to leave out: marked, and no drain could run.
    hidden: tuple[int, ...] = ()

    @property
    def labels(self) -> Labels:
        return self.index.state.labels

    def search(self, query: Query, user) -> Results:
        """Ask as this person."""
        return self.index.search(
            query,
            audience="agents" if user.is_authenticated else "public",
            year=timezone.localdate().year,
            hidden=self.hidden,
            read_stems=_read_stems,
        )


_current: Catalogue | None = None
_changing = threading.Lock()


def catalogue() -> Catalogue:
    """The catalogue at the database's revision."""
    revision, hidden = check(), ()
    if revision.has_marks:
        hidden = _drain()
        revision = check()
    known_catalogue = _current
    if known_catalogue is None or (known_catalogue.revision.n, known_catalogue.revision.epoch) != (
        revision.n,
        revision.epoch,
    ):
        known_catalogue = _follow()
    return replace(known_catalogue, hidden=hidden) if hidden else known_catalogue


def check() -> CheckedRevision:
    """n, labels, epoch, any marks? One short query, outside any transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT n, labels, epoch, EXISTS (SELECT 1 FROM catalogue_stale WHERE error = '') "
            "FROM catalogue_revision WHERE id = 1"
        )
        if row := cursor.fetchone():
            return CheckedRevision(row[0], row[1], str(row[2]), bool(row[3]))
    return CheckedRevision(0, 0, "", Stale.objects.filter(error="").exists())


def load() -> None:
    """Fill the index before the first request, and before a server forks; read the dictionary of French."""
    catalogue()
    french()
    gc.collect()
    gc.freeze()  # what was loaded is shared with the children: the collector need not touch it again


def is_in_transaction() -> bool:
    """Whether what this thread reads may still be rolled back. Tests, each in a transaction, replace it (conftest.py)."""
    return connection.in_atomic_block


def forget() -> None:
    """Start from nothing: tests do it between databases."""
    global _current
    _current = None


def _drain() -> tuple[int, ...]:
    """Serve the marks; the sheets still marked when that cannot be, or would take too long."""
    deadline = time.monotonic() + PATIENCE
    try:
        while drain():
            if time.monotonic() > deadline:
                break
        else:
            return ()
    except (OperationalError, InternalError):  # locked, or read-only
        log.warning("The catalogue cannot drain its marks; the marked sheets are left out.", exc_info=True)
    marked = Stale.objects.filter(error="", action_id__isnull=False)
    return tuple(shown_ids(set(marked.values_list("action_id", flat=True))))


def _follow() -> Catalogue:
    """Bring the index to the database's revision; one thread at a time, the others wait."""
    global _current
    with _changing:
        revision = check()  # another thread may have followed it further; a smaller n is a restored database
        known_catalogue = _current
        if known_catalogue and (known_catalogue.revision.epoch, known_catalogue.revision.n) == (
            revision.epoch,
            revision.n,
        ):
            return known_catalogue
        if is_in_transaction():
            raise RuntimeError(
                "The catalogue is never filled from inside a transaction: it would show what may not be."
            )
        base = (
            known_catalogue
            if known_catalogue
            and known_catalogue.revision.epoch == revision.epoch
            and not known_catalogue.index.is_worn
            else None
        )
        is_usable = base is not None and revision.n >= base.revision.n
        labels = Labels() if not is_usable or revision.labels > base.revision.labels else None
        if is_usable and (labels is None or base.index.knows(labels)):
            index = base.index
            _apply(index, base.revision, labels)
        else:
            index = Index(labels or Labels(), Entry.objects.values_list(*FIELDS).iterator(2000))
        _current = Catalogue(index, revision)
        return _current


def _apply(index: Index, old: CheckedRevision, labels: Labels | None) -> None:
    """Rows numbered after the old revision; what a later drain wrote meanwhile is applied again at the next check."""
    if labels:
        index.relabel(labels)
    rows = list(Entry.objects.filter(number__gt=old.n).values_list(*FIELDS))
    entered = {row[0] for row in rows}
    gone = Withdrawn.objects.filter(number__gt=old.n).values_list("action_id", flat=True)
    if rows or gone:
        index.add(rows, removed=[action_id for action_id in gone if action_id not in entered])


def _read_stems(action_ids: list[int]):
    for at in range(0, len(action_ids), 500):
        yield from Entry.objects.filter(pk__in=action_ids[at : at + 500]).values_list("action_id", "stems")
