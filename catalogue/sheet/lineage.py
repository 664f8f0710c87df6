"""Where an action comes from and where it was redone, among the sheets that the reader may see."""

from dataclasses import dataclass

from django.conf import settings

from actions.models import Action
from isic.lib.words import counted, listed

#: How far up and down the tree goes: beyond, the family is no help to a reader.
ABOVE, BELOW = 5, 3


@dataclass(frozen=True, slots=True)
class Relative:
    """One sheet of the tree, and under it those that it inspired."""

    action: Action
    is_here: bool
    children: "list[Relative]"

    @property
    def place(self) -> str:
        """« MDS du Lac, 2024 »."""
        first, last = self.action.years()
        return ", ".join(str(word) for word in (self.action.carrier, first or last) if word)


@dataclass(frozen=True, slots=True)
class Lineage:
    #: From the first known ancestor; empty for a sheet without relatives.
    tree: list[Relative]
    #: « Refaite dans 2 MDS et chez 1 partenaire »; empty when nobody did, or only its own unit.
    reach: str


def lineage(action: Action, visible) -> Lineage:
    """One query for a sheet without relatives, five at most. Who does not show is passed over: his heirs go to his ancestor."""
    parents = _relatives(action)
    parents.pop(action.pk, None)  # of its own family in a loop, which stops here
    readable = visible.filter(pk__in=parents).select_related("carrier_unit", "carrier_partner") if parents else ()
    shown = {relative.pk: relative for relative in readable}
    above = _ancestors(action, parents)
    origins = [shown[key] for key in above if key in shown]
    under: dict[int, list[Action]] = {}
    for heir in sorted(shown.values(), key=lambda heir: (heir.sort_key, heir.pk)):
        if heir.pk not in above:
            under.setdefault(_nearest(heir, parents, shown, action), []).append(heir)
    if not shown:
        return Lineage([], "")
    branch = _grow(action, under, here=action)
    for origin in origins:
        branch = Relative(origin, False, [branch])
    return Lineage([branch], _reach(action, [heir for heirs in under.values() for heir in heirs]))


def _relatives(action: Action) -> dict[int, int | None]:
    """Key → key of its source, of every relative: the sources in one query by primary keys, then one a generation.

    Each finds its sheets by an index, whatever PostgreSQL believes of the size of the table.
    """
    sheets = Action.objects.order_by()
    parents: dict[int, int | None] = {}
    if key := action.inspired_by_id:
        sources = ["__".join(["inspired_by"] * n) for n in range(1, ABOVE + 1)]
        for source in sheets.filter(pk=key).values_list(*sources).first() or ():
            parents[key] = source
            if source is None or source in parents:
                break
            key = source
    generation = {action.pk}
    for _ in range(BELOW):
        heirs = dict(sheets.filter(inspired_by__in=generation).values_list("pk", "inspired_by"))
        generation = heirs.keys() - parents.keys()
        parents |= heirs
        if not generation:
            break
    return parents


def _ancestors(action: Action, parents: dict[int, int | None]) -> list[int]:
    """Keys from the source up."""
    above: list[int] = []
    key = action.inspired_by_id
    while key in parents and key not in above:
        above.append(key)
        key = parents[key]
    return above


def _nearest(heir: Action, parents: dict[int, int | None], shown: dict[int, Action], action: Action) -> int:
    """The key of the sheet under which an heir stands: its source, or the first that shows above it."""
    key = parents[heir.pk]
    while key != action.pk and key not in shown:
        key = parents[key]
    return key


def _grow(action: Action, under: dict[int, list[Action]], *, here: Action) -> Relative:
    return Relative(action, action is here, [_grow(heir, under, here=here) for heir in under.get(action.pk, ())])


def _reach(action: Action, heirs: list[Action]) -> str:
    """Who redid it: published sheets only, an idea is not yet an action redone."""
    done = [heir for heir in heirs if heir.is_published]
    units = {heir.carrier_unit_id for heir in done} - {None, action.carrier_unit_id}
    partners = {heir.carrier_partner_id for heir in done} - {None, action.carrier_partner_id}
    label = settings.LOCAL_UNIT_LABEL
    words = [f"dans {counted(len(units), label, label)}"] * bool(units)
    words += [f"chez {counted(len(partners), 'partenaire')}"] * bool(partners)
    return f"Refaite {listed(words)}" if words else ""
