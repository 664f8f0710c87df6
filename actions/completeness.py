"""« Il manque… »: what the next reader of a sheet will look for and not find. Advice: only what publishing needs blocks."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.urls import reverse
from django.utils import timezone

from actions.models import Action, TeamMember
from actions.snapshot import ROWS
from actions.steps import step_of


class Reader(StrEnum):
    """Who will look for it; in the order in which a sheet meets them."""

    PUBLICATION = "pour publier la fiche"
    ISIC = "pour l’instance ISIC"
    FUNDER = "pour la Caf et les financeurs"
    HEIR = "pour qui voudra la refaire"


@dataclass(frozen=True)
class Lack:
    """One thing that is missing: the field that would say it, the words of the list, who looks for it."""

    action: Action
    name: str
    words: str
    reader: Reader

    @property
    def url(self) -> str:
        return field_url(self.action, self.name)


@dataclass(frozen=True)
class SheetCaution:
    """Something that deserves a look, and blocks nothing."""

    action: Action
    name: str
    words: str

    @property
    def url(self) -> str:
        return field_url(self.action, self.name)


def step_url(action: Action, name: str) -> str:
    return reverse("actions:step", args=[action.slug, step_of(name).slug])


def field_url(action: Action, name: str) -> str:
    """Where a name is asked: its block, in its step; the dates have a page of their own."""
    if name == "sessions":
        return reverse("actions:sessions", args=[action.slug])
    return f"{step_url(action, name)}#{anchor(name)}"


def anchor(name: str) -> str:
    """The id of the block of a field, or of a part, in the form."""
    return name if name in ROWS else f"div_id_{name}"


#: Field → words, for the readers after publication, each in the order of the sheet.
_LOOKED_FOR = {
    Reader.ISIC: {
        "context": "le constat de départ",
        "problem_decider": "qui a défini le problème",
        "goals": "les objectifs",
        "description": "le déroulement",
        "resident_role": "la place des habitants",
        "team_members": "l’équipe, avec un référent",
        "starts_on": "la date de début",
        "frameworks": "le cadre de rattachement",
        "agreement_on": "l’accord de l’encadrement",
        "criteria": "un critère d’évaluation",
    },
    Reader.FUNDER: {
        "action_type": "le type d’action",
        "expected_participants": "le nombre de personnes attendues",
        "rhythm": "le rythme",
        "session_count": "le nombre de séances",
        "partnerships": "les partenaires",
        "budget_lines": "le budget, ou «\u00a0sans budget dédié\u00a0»",
        "staff_times": "le temps de travail",
    },
    Reader.HEIR: {
        "effects_residents": "ce qui a changé pour les habitants",
        "effects_professionals": "ce qui a changé pour les professionnels",
        "success_keys": "les clés de réussite",
        "watchpoints": "les points de vigilance",
        "transfer": "les conditions pour la refaire",
    },
}
#: Answered elsewhere on the sheet, or not applicable to it.
_ANSWERED = {
    "rhythm": lambda action: bool(action.rhythm),
    "budget_lines": lambda action: action.without_budget or bool(action.budget_lines.all()),
    "team_members": lambda action: any(m.role == TeamMember.Role.REFERENT for m in action.team_members.all()),
}
#: What only time can tell: asked once the action runs, or is over.
_AFTERWARDS = {"effects_residents", "effects_professionals", "success_keys", "watchpoints", "transfer"}
_BEFORE = {Action.LifeState.IDEA, Action.LifeState.PREPARING}


def lacks(action: Action) -> list[Lack]:
    """Everything missing, by reader; reads an action loaded by `for_snapshot()` and never the database."""
    missing = [Lack(action, n, words, Reader.PUBLICATION) for n, words in action.missing_to_publish().items()]
    for reader, names in _LOOKED_FOR.items():
        missing += [Lack(action, _field(n), words, reader) for n, words in names.items() if _is_missing(action, n)]
    return missing


def cautions(action: Action) -> list[SheetCaution]:
    return [SheetCaution(action, name, words) for name, words in _cautions(action)]


def is_step_complete(step, missing: list[Lack]) -> bool:
    return not any(lack.name in step.names for lack in missing)


def _field(name: str) -> str:
    return "rhythm_frequency" if name == "rhythm" else name


def _is_missing(action: Action, name: str) -> bool:
    if name in _AFTERWARDS and action.life_state in _BEFORE:
        return False
    if name in _ANSWERED:
        return not _ANSWERED[name](action)
    value = getattr(action, name)
    return not value.all() if hasattr(value, "all") else value in (None, "")


def _cautions(action: Action) -> Iterator[tuple[str, str]]:
    if action.is_published and action.editorial_reason:  # its referent answered a reminder (actions.freshness)
        yield "title", action.editorial_reason
    today = timezone.localdate()
    running = action.life_state in (Action.LifeState.RUNNING, Action.LifeState.PREPARING)
    if running and action.planned_end_on and action.planned_end_on < today:
        yield "planned_end_on", "La fin prévue est passée\u00a0: l’action est-elle terminée\u00a0?"
    if action.life_state == Action.LifeState.PREPARING and action.starts_on and action.starts_on < today:
        yield "life_state", "La date de début est passée\u00a0: l’action est-elle en cours\u00a0?"
    if action.is_welcoming and not action.how_to_join:
        yield "how_to_join", "Le groupe accueille de nouvelles personnes\u00a0: dites comment le rejoindre."
    if not action.partnerships.all():
        yield "partnerships", "Aucun partenaire n’est indiqué."
    if action.has_contract and not action.contract_months:
        yield "contract_months", "Un contrat de participation a une durée\u00a0: 18 mois au plus."
