"""The steps of filing: which question is asked where. Form, « Il manque… » and history all read it here."""

from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True)
class FilingStep:
    slug: str
    title: str
    question: str
    #: Names of a document (actions.snapshot) that this step writes, in the order of the page.
    names: tuple[str, ...]


FILING_STEPS = (
    FilingStep(
        "identite",
        "L’action en bref",
        "De quoi s’agit-il\u00a0?",
        tuple(
            "title summary domain action_type life_state life_state_reason keywords themes frameworks levers visibility".split()
        ),
    ),
    FilingStep(
        "qui-et-ou",
        "Qui et où",
        "Pour qui, avec qui, à quel endroit\u00a0?",
        tuple(
            "carrier_unit carrier_partner other_units audiences audience_notes recruitment expected_participants "
            "actual_participants open_to_newcomers how_to_join trial_sessions has_contract contract_months places "
            "venue_type venue accessibility".split()
        ),
    ),
    FilingStep(
        "pourquoi",
        "Pourquoi",
        "D’où part l’action, et que vise-t-elle\u00a0?",
        tuple(
            "context problem_decider solution_decider facilitation_decider evaluation_decider goals social_development "
            "territory_project".split()
        ),
    ),
    FilingStep(
        "comment",
        "Comment",
        "Comment se passe-t-elle, et que faut-il\u00a0?",
        tuple(
            "description starts_on planned_end_on ended_on rhythm_frequency rhythm_every rhythm_weekday rhythm_ordinals "
            "rhythm_starts_at rhythm_ends_at rhythm_notes session_count resident_role elected_role team_members "
            "facilitator_count partnerships staff_times equipment without_budget budget_lines budget_notes agreement_on "
            "agreement_function agreement_hours".split()
        ),
    ),
    FilingStep(
        "ce-qui-a-change",
        "Ce que ça a changé",
        "Qu’est-ce que l’action a changé\u00a0?",
        tuple(
            "criteria evaluation effects_residents effects_professionals effects_elected effects_partners quotes "
            "success_keys watchpoints transfer outlook outcome outcome_notes".split()
        ),
    ),
    FilingStep(
        "medias-et-contact",
        "Photos et contact",
        "Que montrer, et à qui écrire\u00a0?",
        tuple("contact inspired_by inspiration_notes source source_year source_pages source_url".split()),
    ),
)


@cache
def step_of(name: str) -> FilingStep:
    """The step that asks for this name of a document."""
    return next(step for step in FILING_STEPS if name in step.names or (name == "media" and step is FILING_STEPS[-1]))


def step_called(slug: str) -> FilingStep | None:
    return next((step for step in FILING_STEPS if step.slug == slug), None)
