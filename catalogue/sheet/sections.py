"""The parts of a sheet, in reading order: only those which have something to say, for the contents as for the body."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.safestring import SafeString, mark_safe

from actions.models import Action, Goal, Media, Quote, Session
from isic.lib.links import web
from isic.lib.words import counted, euros, hours, upper_first

#: Where the pull quotes go, one each, before a part gets a second one.
QUOTE_HOSTS = ("ce-qui-a-change", "deroulement", "place-des-habitants", "contexte", "refaire")
#: No more dates than a reader can take in.
SESSIONS_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a part: what it holds, the fragment that shows it, and a subtitle if it needs one."""

    kind: str
    content: Any
    title: str = ""
    #: What the source does not say in so many words.
    is_reading: bool = False

    @property
    def template(self) -> str:
        return f"catalogue/sheet_blocks.html#{self.kind}"


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the sheet: an anchor, a title and its blocks."""

    id: str
    title: str
    blocks: list[Block]


class Decision(NamedTuple):
    """One of the four moments of « qui décide », and how far the inhabitants' place goes (1 to 4)."""

    moment: str
    value: str
    level: int
    is_reading: bool


class Voice(NamedTuple):
    name: str
    icon: str
    html: SafeString
    is_reading: bool


class GoalNode(NamedTuple):
    text: str
    children: list["GoalNode"]


class PartnerRow(NamedTuple):
    """A partner once, with all that it does here."""

    name: str
    url: str
    kind: str
    roles: str


class Exhibit(NamedTuple):
    """A photo, a document or a film, with an address that is safe to follow."""

    media: Media
    href: str
    note: str


class Cell(NamedTuple):
    """A cell knows its column: on a narrow screen it says it by itself."""

    column: str
    text: str


class Table(NamedTuple):
    """A table as text; the first cell of a row names it."""

    caption: str
    columns: list[str]
    rows: list[list[Cell]]
    total: list[Cell]


def sections(action, *, relatives, media: list[Media], today: dt.date) -> list[Section]:
    """What the sheet tells, from the first observation to what came after."""
    readings = action.service_readings
    sections = (
        ("contexte", "Le point de départ", [_text(action.context)]),
        ("objectifs", "Les objectifs", [Block("goals", goal_tree(action), is_reading="goals" in readings)]),
        ("deroulement", "Comment ça se passe", [_text(action.description)]),
        (
            "place-des-habitants",
            "Qui décide",
            [
                Block("decisions", decisions(action)),
                _text(action.resident_role, "La place des habitants", is_reading="resident_role" in readings),
            ],
        ),
        (
            "rejoindre",
            "Rejoindre le groupe"
            if action.life_state in Action.WELCOMING_STATES and not action.is_elsewhere
            else "Comment les personnes sont venues",
            [Block("joining", joining(action)), _text(action.recruitment)],
        ),
        ("seances", "Les prochaines séances", [Block("sessions", coming_sessions(action, today))]),
        ("ce-qui-a-change", "Ce qui a changé", [Block("voices", voices(action))]),
        (
            "evaluation",
            "Comment on le sait",
            [
                _text(action.evaluation),
                Block("table", criteria(action), is_reading="criteria" in readings),
            ],
        ),
        (
            "avec-qui",
            "Avec qui",
            [
                Block("partners", partners(action), "Les partenaires"),
                Block("team", list(action.team_members.all()), "L’équipe", is_reading="team_members" in readings),
            ],
        ),
        (
            "territoire",
            "Les élus et le territoire",
            [
                _text(action.elected_role, "La place des élus"),
                _text(action.territory_project, "Le projet du territoire"),
            ],
        ),
        (
            "moyens",
            "Ce qu’il faut",
            [
                _text(action.equipment, "Matériel et outils"),
                Block("table", budget(action)),
                Block("notes", _sentences(action.budget_notes)),
                Block("table", staff_time(action)),
                Block("notes", _sentences(agreement(action))),
            ],
        ),
        (
            "refaire",
            "Pour la refaire",
            [
                _text(action.success_keys, "Clés de réussite", is_reading="success_keys" in readings),
                _text(action.watchpoints, "Points de vigilance", is_reading="watchpoints" in readings),
                _text(action.transfer, "Les conditions pour la refaire", is_reading="transfer" in readings),
            ],
        ),
        (
            "developpement-social",
            "En quoi c’est du développement social",
            [_text(action.social_development, is_reading="social_development" in readings)],
        ),
        (
            "suites",
            "Et ensuite",
            [Block("notes", outcome(action), is_reading="outcome" in readings), _text(action.outlook)],
        ),
        ("leviers", "Des questions pour aller plus loin", [Block("levers", levers(action))]),
        ("a-voir", "À voir, à lire", [Block("media", exhibits(media))]),
        ("filiation", "D’où elle vient, ce qu’elle a inspiré", [Block("lineage", _lineage(action, relatives))]),
    )
    shown_sections = [
        Section(anchor, title, [block for block in blocks if block.content]) for anchor, title, blocks in sections
    ]
    return _with_quotes([part for part in shown_sections if part.blocks], list(action.quotes.all()))


def goal_tree(action) -> list[GoalNode]:
    """General goals with the operational ones under them, from the rows already loaded."""
    under: dict[int | None, list[Goal]] = defaultdict(list)
    for goal in action.goals.all():
        under[goal.parent_id].append(goal)

    def grow(parent: int | None) -> list[GoalNode]:
        return [GoalNode(goal.text, grow(goal.pk)) for goal in under[parent]]

    return grow(None)


def decisions(action) -> list[Decision]:
    """The answered moments, in the order of the project."""
    moments = ("Le problème", "La solution", "L’animation", "L’évaluation")
    order = list(Action.Decider.values)
    answers = [(name, Action.Decider(getattr(action, name))) for name in Action.DECISIONS]
    return [
        Decision(moment, str(answer.label), order.index(answer), name in action.service_readings)
        for moment, (name, answer) in zip(moments, answers, strict=True)
        if answer
    ]


def joining(action) -> list[str]:
    """What someone who accompanies a person needs to know; nothing once the action is over."""
    if action.life_state in (Action.LifeState.ENDED, Action.LifeState.DROPPED):
        return []
    openness = Action.Openness
    places = {
        openness.YES: "Le groupe accueille de nouvelles personnes." if action.is_welcoming else "",
        openness.WAITING_LIST: "Le groupe est complet\u00a0: il y a une liste d’attente.",
        openness.NO: "Le groupe n’accueille pas de nouvelles personnes en ce moment.",
    }.get(action.open_to_newcomers, "")
    return _sentences(
        places,
        action.how_to_join,
        "On peut venir essayer avant de s’engager." if action.trial_sessions else "",
    )


def coming_sessions(action, today: dt.date) -> list[Session]:
    """The next dates; a cancelled one is shown as such, so that nobody comes for nothing."""
    return [session for session in action.sessions.all() if session.date >= today][:SESSIONS_SHOWN]


def voices(action) -> list[Voice]:
    all_voices = (
        ("Les habitants", "ui-home", "effects_residents"),
        ("Les professionnels", "place-unit", "effects_professionals"),
        ("Les élus", "partner-commune", "effects_elected"),
        ("Les partenaires", "ui-hand", "effects_partners"),
    )
    return [
        Voice(speaker, icon, mark_safe(words), name in action.service_readings)
        for speaker, icon, name in all_voices
        if (words := getattr(action, name))
    ]


def criteria(action) -> Table | None:
    rows = [[row.name, row.indicator, row.method, row.target, row.result] for row in action.criteria.all()]
    columns = ["Critère", "Indicateur", "Comment on le recueille", "Visé", "Constaté"]
    return _table("La grille d’évaluation de l’action", columns, rows)


def budget(action) -> Table | None:
    lines = list(action.budget_lines.all())
    rows = [[line.label, line.funder, _amount(line.planned), _amount(line.actual)] for line in lines]
    total = ["Total", "", *(_amount(_sum(lines, name)) for name in ("planned", "actual"))] if len(lines) > 1 else []
    return _table("Le budget", ["Poste", "Financeur", "Prévu", "Réalisé"], rows, total)


def staff_time(action) -> Table | None:
    times = list(action.staff_times.all())
    rows = [[upper_first(time.get_phase_display()), hours(time.hours), time.notes] for time in times]
    total = ["Total", hours(sum(time.hours for time in times)), ""] if len(times) > 1 else []
    return _table("Le temps de travail", ["Moment", "Heures", "Précisions"], rows, total)


def partners(action) -> list[PartnerRow]:
    """In the order of the sheet; a partner with several roles has one row."""
    rows = defaultdict(list)
    for row in action.partnerships.all():
        rows[row.partner].append(f"{row.get_role_display()} ({row.notes})" if row.notes else row.get_role_display())
    return [PartnerRow(p.name, p.get_absolute_url(), p.kind, ", ".join(roles)) for p, roles in rows.items()]


def levers(action) -> list[tuple[str, str]]:
    """Each lever as the question or the advice of the service."""
    return [(lever.name, lever.advice or lever.description) for lever in action.levers.all()]


def exhibits(media: list[Media]) -> list[Exhibit]:
    shown = []
    for item in media:
        note = {
            Media.Kind.IMAGE: "",
            Media.Kind.DOCUMENT: f"document à télécharger ({item.nature})",
            Media.Kind.LINK: "sur un autre site",
        }[item.kind]
        href = web(item.url) if item.kind == Media.Kind.LINK else item.file.url
        credit = f"Photo\u00a0: {item.credit}" if item.credit and item.kind == Media.Kind.IMAGE else item.credit
        shown.append(Exhibit(item, href, ", ".join(filter(None, (note, credit)))))
    return [exhibit for exhibit in shown if exhibit.href]


def agreement(action) -> str:
    """Lever 6: the time that the management granted."""
    if not action.agreement_on:
        return ""
    by = f" ({action.agreement_function})" if action.agreement_function else ""
    granted = f"\u00a0: {counted(action.agreement_hours, 'heure')} accordées" if action.agreement_hours else ""
    return f"Accord de l’encadrement{by} le {action.agreement_on:%d/%m/%Y}{granted}."


def outcome(action) -> list[str]:
    """« Reprise par d’autres. La MJC… »"""
    status = f"{upper_first(action.get_outcome_display())}. " if action.outcome else ""
    return _sentences(f"{status}{upper_first(action.outcome_notes)}".rstrip())


def _text(html: str, title: str = "", *, is_reading: bool = False) -> Block:
    """Rich text was cleaned when it was written."""
    return Block("text", mark_safe(html), title, is_reading)


def _sentences(*texts: str) -> list[str]:
    return [text for text in texts if text]


def _amount(amount: Decimal | None) -> str:
    return "" if amount is None else euros(amount)


def _sum(lines: list, name: str) -> Decimal | None:
    amounts = [getattr(line, name) for line in lines if getattr(line, name) is not None]
    return sum(amounts) if amounts else None


def _table(caption: str, columns: list[str], rows: list[list[str]], total: list[str] | None = None) -> Table | None:
    """A table without the columns that nobody filled."""
    filled = [index for index in range(len(columns)) if any(row[index] for row in rows)]

    def keep(cells: list[str]) -> list[Cell]:
        return [Cell(columns[index], cells[index]) for index in filled]

    if not rows:
        return None
    return Table(
        caption, [columns[index] for index in filled], [keep(row) for row in rows], keep(total) if total else []
    )


def _lineage(action, relatives) -> dict:
    content = {"reach": relatives.reach, "tree": relatives.tree, "notes": action.inspiration_notes}
    return content if any(content.values()) else {}


def _with_quotes(shown_sections: list[Section], quotes: list[Quote]) -> list[Section]:
    """Spread the words of people over the parts, in turn; a sheet without such parts gives them one of their own."""
    by_id = {part.id: part for part in shown_sections}
    hosts = [by_id[anchor] for anchor in QUOTE_HOSTS if anchor in by_id] or [Section("paroles", "Paroles", [])]
    for turn, host in enumerate(hosts):
        if spoken := quotes[turn :: len(hosts)]:
            host.blocks.insert(1, Block("quotes", spoken))
    return shown_sections if hosts[0] in shown_sections or not quotes else [*shown_sections, *hosts]
