"""The sheets of a meeting: as they are while it is prepared, as they were presented once it was held.

    sheets = presented(meeting, items, user)    # {action id: Action, or None where this person may not read it}
    sheets[item.action_id].audiences.all()      # whatever `catalogue.sheet` reads, and never the database

A sheet as it was presented is to be read only: what it shows is not what the database holds.
"""

from collections.abc import Iterable
from copy import copy

from django.db.models import Model

from accounts.models import User
from actions.differences import pointers
from actions.fieldmap import fields, fields_of_rows
from actions.models import Action
from actions.snapshot import ROWS, Snapshot
from meetings.models import AgendaItem, Meeting
from partners.models import Contact

Records = dict[type[Model], dict[int, Model]]


def presented(meeting: Meeting, items: Iterable[AgendaItem], user) -> dict[int, Action | None]:
    """A constant number of queries. An archived sheet was withdrawn: nobody reads it here any more."""
    ids = [item.action_id for item in items if item.action_id]
    readable = Action.objects.visible_to(user).exclude(editorial_state=Action.EditorialState.ARCHIVED)
    current = {action.pk: action for action in readable.for_sheet().filter(pk__in=ids)}
    took_place = meeting.state in (Meeting.State.HELD, Meeting.State.CLOSED)
    snapshots = {
        item.action_id: item.snapshot for item in items if took_place and item.snapshot and item.action_id in current
    }
    records = _records(snapshots.values())
    return dict.fromkeys(ids) | {
        pk: as_presented(action, snapshots[pk], records) if pk in snapshots else action
        for pk, action in current.items()
    }


def _records(snapshots: Iterable[Snapshot]) -> Records:
    """What the snapshots point to, in the order of each model; without people, and who withdrew is not there."""
    return {
        model: {
            record.pk: record
            for record in (model.objects.publishable() if model is Contact else model.objects.all()).filter(pk__in=keys)
        }
        for model, keys in pointers(snapshots).items()
        if model not in (User, Action)
    }


def as_presented(current: Action, content: Snapshot, records: Records) -> Action:
    """The sheet of a snapshot, with the dates of today. A record that is lost is the one of today; a photo, only while
    the sheet still has it.
    """
    shown = copy(current)
    shown._prefetched_objects_cache = {"sessions": current.sessions.all()}
    for name, field in fields().items():
        available = records.get(field.related_model, {}) if field.is_relation else {}
        if field.many_to_many:
            keys = content.get(name, ())
            shown._prefetched_objects_cache[name] = [record for key, record in available.items() if key in keys]
        elif name not in content:
            continue
        elif not field.is_relation:
            setattr(shown, field.attname, field.to_python(content[name]))
        elif content[name] is None or content[name] in available:
            setattr(shown, name, available.get(content[name]))
    if shown.carrier is None:
        shown.carrier_unit, shown.carrier_partner = current.carrier_unit, current.carrier_partner
    for name in ROWS:
        rows = content.get(name, [])
        shown._prefetched_objects_cache[name] = _media(current, rows) if name == "media" else _rows(name, rows, records)
    return shown


def _media(current: Action, rows: list[Snapshot]) -> list:
    """Their files and agreements are those of today."""
    kept = {row["key"] for row in rows}
    return [media for media in current.media.all() if str(media.key) in kept]


def _rows(name: str, rows: list[Snapshot], records: Records) -> list:
    """Without those that are nothing without a record that is lost."""
    model, rows_shown, above = Action._meta.get_field(name).related_model, [], []
    for number, values in enumerate(rows, 1):
        row = model(pk=number, key=values["key"])
        for cell, field in fields_of_rows(name).items():
            if field.is_relation:
                setattr(row, cell, records.get(field.related_model, {}).get(values.get(cell)) or None)
            elif cell in values:
                setattr(row, field.attname, field.to_python(values[cell]))
        if name == "goals":
            del above[values["level"] :]
            row.parent_id = above[-1].pk if above else None
            above.append(row)
        if all(getattr(row, f.attname) is not None for f in fields_of_rows(name).values() if not f.null):
            rows_shown.append(row)
    return rows_shown
