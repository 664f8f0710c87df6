"""Mark: the transaction that changes something a sheet shows says so, in the same transaction.

The one signal handler of the house. `update()` and `bulk_*` send no signal: whoever uses them calls `mark`.
"""

from collections.abc import Iterable

from django.db import connection, transaction
from django.db.models import signals

from actions.models import (
    Action,
    Audience,
    Domain,
    Framework,
    Lever,
    Theme,
)
from actions.snapshot import ROWS
from catalogue.models import Stale, Synonym
from catalogue.search.drain import drain_after_commit
from partners.models import Contact, Partner
from territories.models import Alias, Territory

ROW_MODELS = tuple(Action._meta.get_field(name).related_model for name in (*ROWS, "sessions"))
#: A contact is on the sheet only; its mark raises the revision, so that no cached page keeps one who withdrew.
LABELS = (Alias, Audience, Contact, Domain, Framework, Lever, Partner, Synonym, Territory, Theme)
ACTION_LISTS = tuple(field.remote_field.through for field in Action._meta.many_to_many)
LABEL_LISTS = (Territory.serves.through,)


def mark(action_ids: Iterable[int | None]) -> None:
    """These sheets (None: the labels) changed. Raises outside a transaction: the mark must live or die with the change."""
    _require_transaction()
    Stale.objects.bulk_create([Stale(action_id=action_id) for action_id in set(action_ids)])
    if not any(callback is drain_after_commit for _sids, callback, _robust in connection.run_on_commit):
        transaction.on_commit(drain_after_commit, robust=True)


def connect() -> None:
    """Listen to every model that a sheet shows; called once, when the room is ready."""
    for model in (Action, *ROW_MODELS, *LABELS):
        for signal in (signals.pre_save, signals.pre_delete, signals.post_save, signals.post_delete):
            signal.connect(_changed, sender=model, dispatch_uid=f"catalogue-{id(signal)}-{model.__name__}")
    for through in (*ACTION_LISTS, *LABEL_LISTS):
        signals.m2m_changed.connect(_changed, sender=through, dispatch_uid=f"catalogue-{through.__name__}")


def _changed(sender, instance, signal, action: str = "", reverse: bool = False, pk_set=None, **kwargs) -> None:
    """The handler: before a write it asks for a transaction, around it it marks what the write touches."""
    _require_transaction()
    if sender in LABEL_LISTS:
        mark([None])
    elif sender in ACTION_LISTS:
        if not reverse:
            mark([instance.pk])
        elif action in ("pre_clear", "post_add", "post_remove"):
            mark(pk_set or _using(instance, sender))
    elif signal is signals.pre_delete and sender in LABELS:
        mark([None, *(pk for through in ACTION_LISTS for pk in _using(instance, through))])
    elif signal is signals.pre_delete and sender is Action:
        mark(instance.inspired.order_by().values_list("pk", flat=True))  # they lose their source, without a signal
    elif signal in (signals.post_save, signals.post_delete):
        mark([_touched(sender, instance)])


def _touched(sender, instance) -> int | None:
    if sender is Action:
        return instance.pk
    return instance.action_id if sender in ROW_MODELS else None


def _using(instance, through) -> Iterable[int]:
    """The sheets that have this value in one of their lists."""
    targets = [f for f in through._meta.fields if f.is_relation and f.related_model is type(instance)]
    return [
        pk for f in targets for pk in through.objects.filter(**{f.name: instance}).values_list("action_id", flat=True)
    ]


def _require_transaction() -> None:
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError(
            "What a sheet shows is written inside transaction.atomic(), so that its mark lives or dies with the change."
        )
