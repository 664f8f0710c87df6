"""Saving a step of a sheet: what one person changed is kept, what two people changed is asked, nothing is lost."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import get_object_or_404

from actions.conflicts import digest, merge
from actions.models import Action, TeamMember
from actions.snapshot import Snapshot, snapshot, write
from isic.lib.personal import fingerprint
from isic.lib.slugs import wait_for_other_writers
from partners.models import Contact, Partner


@dataclass
class Saved:
    #: Digests that the page goes on from.
    base: dict[str, str] = field(default_factory=dict)
    #: Names that somebody else changed too: nothing of them is written.
    conflicts: tuple[str, ...] = ()
    mine: Snapshot = field(default_factory=dict)
    theirs: Snapshot = field(default_factory=dict)


def new_draft(*, by, submission: uuid.UUID, **fields) -> tuple[Action, bool]:
    """A draft with its author as referent and the contact of its unit, and whether it is new: sent twice, it is the same.

    Call it in the transaction that ends with `close_version`. A key of somebody else opens nothing of his.
    """
    unit = fields["carrier_unit"]
    contact = Contact.objects.filter(unit=unit, person_name="").first() if unit else None
    defaults = {**fields, "contact": contact, "created_by": by}
    action, is_new = Action.objects.get_or_create(submission=uuid.uuid5(submission, str(by.pk)), defaults=defaults)
    if is_new:
        referent = TeamMember.Role.REFERENT
        function = by.function or referent.label
        TeamMember.objects.create(action=action, user=by, role=referent, function=function, unit=unit)
    return action, is_new


def save_step(form, pk: int, *, by, leave: Collection[str] = ()) -> Saved:
    """Write what the judged form may save into the sheet; names in `leave` keep what is stored.

    Holds the row from the comparison to the commit, so that the version it takes is the one it compared with.
    """
    try:
        with transaction.atomic():
            action = get_object_or_404(Action.objects.select_for_update(), pk=pk)  # it may be deleted meanwhile
            stored = snapshot(Action.objects.for_snapshot().get(pk=pk))
            mine = {name: value for name, value in form.mine().items() if name not in leave}
            merged = merge(form.read_base(), mine, stored)
            if merged.values:
                with action.edited(by=by):
                    make_partners(merged.values)
                    write(action, merged.values)
                    action.validate_constraints()
                    keep_flags(action, form.meant_texts(), merged.values, by)
    except ValidationError as error:
        # Each of the two changes was right alone; together they are not.
        form.add_error(None, error.messages)
        return Saved(base=form.read_base())
    now = {**stored, **merged.values}
    base = form.read_base() | {name: digest(value) for name, value in mine.items() if value == now[name]}
    return Saved(base, merged.conflicts, mine, stored)


def make_partners(values: Snapshot) -> None:
    """A partner that nobody knew is there by its words: it becomes a partner, once."""
    for row in values.get("partnerships", []):
        if isinstance(row["partner"], str):
            wait_for_other_writers(Partner._meta.db_table)
            known = Partner.objects.filter(name=row["partner"]).first()
            row["partner"] = (known or Partner.objects.create(name=row["partner"])).pk


def keep_flags(action, meant: dict, names: Collection[str], by) -> None:
    """Let a manager look at what was confirmed; the words themselves stay in the sheet only."""
    for name, found in meant.items():
        if name in names:
            kinds = ", ".join(dict.fromkeys(finding.label for finding in found))
            for mark in {fingerprint([finding]) for finding in found}:
                action.privacy_flags.get_or_create(
                    field=name, fingerprint=mark, defaults={"kinds": kinds, "confirmed_by": by}
                )
