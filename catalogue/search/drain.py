"""Drain: turn marks into entries, in one transaction whose only lock is the revision's row (docs/catalogue.md)."""

import logging
import uuid
from itertools import batched

from django.db import OperationalError, transaction
from django.db.models import F

from actions.models import Action
from catalogue.models import Entry, Revision, Stale, Withdrawn
from catalogue.search.entries import build, public_ids, sheets
from isic.lib.database import lock_timeout

log = logging.getLogger(__name__)
BATCH = 500
#: How long a drain waits for the database's write lock.
LOCK_SECONDS = 2


def drain_after_commit() -> None:
    """What the writer does at once; a reader does it if the writer is killed before."""
    try:
        while drain():
            pass
    except OperationalError:
        log.warning("The drain could not run after a commit; the next reader will.", exc_info=True)


def drain() -> bool:
    """Serve at most 500 marks; True when there may be more.

    The next number is taken first, by an update that locks the revision: drains follow one another, so whoever reads
    `n` also sees every entry numbered up to it. It is given back when nothing that visitors are shown has changed, so
    that their pages stay as they are. Raises OperationalError when the write lock cannot be had.
    """
    if not Stale.objects.filter(error="").exists():
        return False
    with lock_timeout(LOCK_SECONDS), transaction.atomic(durable=True):
        number = take_number()
        marks = list(Stale.objects.filter(error="").order_by("pk").values_list("pk", "action_id")[:BATCH])
        ids = {action_id for _pk, action_id in marks if action_id is not None}
        has_labels = any(action_id is None for _pk, action_id in marks)
        # Read after the marks: of each change whose mark is here, whoever made it has committed.
        shown = shown_ids(ids)
        if has_labels:
            Revision.objects.update(labels=number)
        elif not shown:
            Revision.objects.update(n=number - 1)
        failed = write_entries(shown, number)
        Stale.objects.filter(pk__in=[pk for pk, action_id in marks if action_id not in failed]).delete()
        Stale.objects.filter(action_id__in=ids - failed.keys()).exclude(error="").delete()
        for action_id, error in failed.items():
            Stale.objects.filter(pk__in=[pk for pk, at in marks if at == action_id]).update(error=error)
    return len(marks) == BATCH


def take_number() -> int:
    """Lock the revision's row and take the next number."""
    if not Revision.objects.filter(pk=1).update(n=F("n") + 1):
        Revision.objects.bulk_create([Revision(pk=1)], ignore_conflicts=True)
        Revision.objects.filter(pk=1).update(n=F("n") + 1)
    return Revision.objects.values_list("n", flat=True).get(pk=1)


def shown_ids(ids: set[int]) -> set[int]:
    """Those of these sheets that a page of visitors may show: published, still in the catalogue, or the source of
    another, which stands in its lineage."""
    published = Action.objects.published().filter(pk__in=ids).order_by().values_list("pk")
    entered = Entry.objects.filter(pk__in=ids).order_by().values_list("pk")
    sources = Action.objects.filter(inspired_by__in=ids).order_by().values_list("inspired_by")
    return {pk for (pk,) in published.union(entered, sources).order_by()}


def write_entries(ids: set[int], number: int) -> dict[int, str]:
    """Write the entries of the published ones, withdraw the others; returns the sheets that cannot be built and why."""
    if not ids:
        return {}
    seen_by_all, entries, failed = public_ids(ids), [], {}
    for action in sheets(ids):
        try:
            entries.append(build(action, number=number, is_public=action.pk in seen_by_all))
        except Exception as error:  # whatever one sheet holds, the others must be served
            log.exception("The sheet %s cannot be built.", action.pk)
            failed[action.pk] = f"{type(error).__name__}: {error}"
    kept = {entry.action_id for entry in entries}
    gone = Entry.objects.filter(pk__in=ids - kept)
    withdrawn = [Withdrawn(action_id=action_id, number=number) for action_id in gone.values_list("pk", flat=True)]
    _upsert(Withdrawn, withdrawn)
    gone.delete()
    _upsert(Entry, entries)
    Withdrawn.objects.filter(pk__in=kept).delete()
    return failed


@transaction.atomic(durable=True)
def rebuild() -> int:
    """Every entry from nothing, in one transaction, under a new epoch. Returns how many.

    The sheets are listed once the lock is held and the marks are gone: what commits later leaves marks of its own.
    """
    number = take_number()
    Revision.objects.update(labels=number, epoch=uuid.uuid4())
    for model in (Entry, Withdrawn, Stale):
        model.objects.all().delete()
    for ids in batched(Action.objects.published().values_list("pk", flat=True), BATCH):
        for action_id, error in write_entries(set(ids), number).items():
            Stale.objects.create(action_id=action_id, error=error)
    return Entry.objects.count()


def _upsert(model, rows: list) -> None:
    fields = [f.name for f in model._meta.concrete_fields if not f.primary_key]
    model.objects.bulk_create(
        rows, batch_size=BATCH, update_conflicts=True, unique_fields=[model._meta.pk.name], update_fields=fields
    )
