"""« Refaire cette action chez nous »: a draft made from a published sheet, with what travels and nothing that is local.

What travels is the method: the domain, the public, the goals, the course, the rhythm, the means. What was observed,
decided, signed, spent, said or achieved there belongs there; the source stays one click away.
"""

import uuid

from django.db import transaction

from actions.fieldmap import blank_row
from actions.filing import new_draft
from actions.models import Action
from actions.snapshot import ROWS, Snapshot, snapshot, write
from territories.models import Territory

#: Names of a snapshot that the draft starts with. A name that is in neither list fails a test.
COPIED = frozenset(
    "domain action_type keywords themes frameworks levers audiences audience_notes recruitment expected_participants "
    "trial_sessions has_contract contract_months rhythm_frequency rhythm_every rhythm_ordinals session_count goals "
    "criteria description resident_role social_development equipment facilitator_count without_budget budget_lines "
    "staff_times".split()
)
EMPTIED = frozenset(
    # Given anew: who carries it, whom to write to, where it comes from.
    "title carrier_unit carrier_partner contact team_members inspired_by "
    # Of that place and that time.
    "summary other_units places venue_type venue accessibility starts_on planned_end_on ended_on rhythm_weekday "
    "rhythm_starts_at rhythm_ends_at rhythm_notes open_to_newcomers how_to_join partnerships elected_role "
    "territory_project budget_notes agreement_on agreement_function agreement_hours life_state life_state_reason "
    "visibility is_featured "
    # Who saw the problem and decides is the question that the new team has to ask itself.
    "context problem_decider solution_decider facilitation_decider evaluation_decider "
    # What came of it, and the words of people there.
    "actual_participants evaluation effects_residents effects_professionals effects_elected effects_partners "
    "success_keys watchpoints transfer outlook outcome outcome_notes quotes media inspiration_notes source "
    "source_year source_pages source_url".split()
)
#: Of the rows that travel, what travels: amounts and times are orders of magnitude, results and funders are theirs.
CELLS = {
    "goals": {"text"},
    "criteria": {"name", "indicator", "method", "target"},
    "budget_lines": {"label", "planned"},
    "staff_times": {"phase", "hours"},
}


def travelling(source: Action) -> Snapshot:
    """What of a sheet a copy starts with (a query a list); values that were retired stay where they are."""
    content = {name: value for name, value in snapshot(source).items() if name in COPIED}
    for name in COPIED & {field.name for field in Action._meta.many_to_many}:
        content[name] = sorted(value.pk for value in getattr(source, name).all() if not value.is_retired)
    for name in COPIED & set(ROWS):
        content[name] = [_row(name, row) for row in content[name]]
    return content


def _row(name: str, row: Snapshot) -> Snapshot:
    """The row of the copy, with what travels of this one; its key says that it is the same goal, or criterion."""
    kept = {cell: value for cell, value in row.items() if cell in CELLS[name] or cell == "level"}
    return {**blank_row(name), **kept, "key": row["key"]}


@transaction.atomic
def redo(source: Action, *, by, title: str, unit: Territory, submission: uuid.UUID) -> Action:
    """The draft, with this person as its referent and the contact of its unit. Idempotent by its submission key."""
    action, is_new = new_draft(
        by=by,
        submission=submission,
        title=title,
        domain=source.domain,
        carrier_unit=unit,
        life_state=Action.LifeState.IDEA,
        inspired_by=source,
    )
    if is_new:
        write(action, travelling(source))
        action.close_version(by=by, kind="copied", reason=f"D’après «\u00a0{source.title}\u00a0».")
    return action
