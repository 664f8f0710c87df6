"""Saving a step of a sheet: what one person changed is kept, what two people changed is asked, nothing is lost."""

import uuid
from collections.abc import Collection, Mapping
from itertools import chain

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.shortcuts import get_object_or_404

from actions.models import Action, TeamMember
from actions.snapshot import ROWS, Snapshot, snapshot, write
from isic.lib import protected
from isic.lib.database import wait_for_turn
from isic.lib.merge import Base, Place, Saved, merge, read_base, rows_of_base
from isic.lib.people import Meant
from partners.models import Contact, Partner

#: Two people added each a row, and the sheet takes only one such row.
TWICE = (
    "Quelqu’un d’autre vient d’ajouter une ligne qui dit la même chose que l’une des vôtres\u00a0: retirez la vôtre."
)


def new_draft(*, by, submission: uuid.UUID, **fields) -> tuple[Action, bool]:
    """A draft with its author as referent and the contact of its unit, and whether it is new: sent twice, it is the same.

    Call it in the transaction that ends with `close_version`. A key of somebody else opens nothing of his.
    """
    unit = fields["carrier_unit"]
    contact = Contact.objects.publishable().filter(unit=unit, person_name="").first() if unit else None
    defaults = {**fields, "contact": contact, "created_by": by}
    action, is_new = Action.objects.get_or_create(
        submission=uuid.uuid5(submission, f"{by.pk}/{fields['title']}"), defaults=defaults
    )
    if is_new:
        referent = TeamMember.Role.REFERENT
        function = by.function or referent.label
        TeamMember.objects.create(action=action, user=by, role=referent, function=function, unit=unit)
    return action, is_new


def save_step(form, pk: int, *, by, leave: Collection[Place] = ()) -> Saved:
    """Write what the judged form may save into the sheet; `leave`: what keeps what is stored.

    Holds the row from the comparison to the commit, so that the version it takes is the one it compared with.
    """
    base = read_base(form.data)
    try:
        with transaction.atomic():
            action = get_object_or_404(Action.objects.for_snapshot().select_for_update(), pk=pk)  # it may be deleted
            stored = snapshot(action)
            mine = with_known_partners(keep_held(form, base, action, stored))
            saved = merge(base, mine, stored, leave=leave)
            if saved.values:
                with action.edited(by=by):
                    make_partners(saved.values)
                    write(action, saved.values)
                    check_together(action, saved.values)
                    keep_flags(action, form.meant_texts(), saved.values, by)
    except (ValidationError, IntegrityError) as error:
        # Each of the two changes was right alone; together they are not.
        form.add_error(None, error.messages if isinstance(error, ValidationError) else TWICE)
        return Saved(base=base)
    return saved


def keep_held(form, base: Base, action: Action, stored: Snapshot) -> Snapshot:
    """What the form may save; rows that it took away and on which something leans are back, and the form says why.

    A query for each list of which a row was taken away, and those of `protected.refusal` for each such row.
    """
    mine = form.mine()
    for name in mine.keys() & set(ROWS):
        sent, shown = {row["key"] for row in mine[name]}, rows_of_base(base.get(name)) or {}
        gone = {row["key"]: place for place, row in enumerate(stored[name]) if row["key"] in shown.keys() - sent}
        rows = getattr(action, name).select_for_update().filter(key__in=gone) if gone else ()
        held = {gone[str(row.key)]: sentences for row in rows if (sentences := protected.refusal(row))}
        for place in sorted(held):
            mine[name].insert(place, stored[name][place])
        if held:
            form.put_back(name, {place: stored[name][place] for place in sorted(held)}, [*chain(*held.values())])
    return mine


def check_together(action, names: Collection[str]) -> None:
    """Raise ValidationError where one of these fields is wrong with the others; what touches none of them was right."""
    for constraint in Action._meta.constraints:
        if constraint.condition.referenced_base_fields & set(names):
            constraint.validate(Action, action)


def with_known_partners(values: Snapshot) -> Snapshot:
    """A partner was new when the form was judged; the same form, sent twice, may have made it since."""
    for row in values.get("partnerships", []):
        if isinstance(row["partner"], str):
            partner = Partner.objects.filter(name=row["partner"]).first()
            row["partner"] = partner.pk if partner else row["partner"]
    return values


def make_partners(values: Snapshot) -> None:
    """A partner that nobody knew is there by its words: it becomes a partner, once."""
    for row in values.get("partnerships", []):
        if isinstance(row["partner"], str):
            wait_for_turn(Partner._meta.db_table)
            partner = Partner.objects.filter(name=row["partner"]).first()
            row["partner"] = (partner or Partner.objects.create(name=row["partner"])).pk


def keep_flags(action, meant: Mapping[str, list[Meant]], names: Collection[str], by) -> None:
    """Let a manager look at what was confirmed; the words themselves stay in the sheet only."""
    for name, texts in meant.items():
        if name in names:
            kinds = ", ".join(dict.fromkeys(text.finding.label for text in texts))[:200]
            for mark in {text.mark for text in texts}:
                action.privacy_flags.get_or_create(
                    field=name, fingerprint=mark, defaults={"kinds": kinds, "confirmed_by": by}
                )
