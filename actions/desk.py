"""« Mes actions »: the sheets of a person and of his units, what waits for him, and what his work has become elsewhere.

Rooms above add what they wait for, and what they know of a sheet, in their module `desk` (isic.lib.registry):

    @DUES.add
    def due(user):
        yield Due("Le compte rendu de mars", "Il est à relire.", "Relire", "/isic/2026-03/")

    @RECOGNITIONS.add
    def recognition(user, sheets):
        return {sheet.pk: "dans le recueil 2026" for sheet in …}
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.db.models import (
    BooleanField,
    Case,
    Count,
    ExpressionWrapper,
    F,
    Q,
    QuerySet,
    Value,
    When,
    Window,
    prefetch_related_objects,
)
from django.db.models.functions import RowNumber
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from actions import freshness
from actions.completeness import step_url
from actions.models import Action, Version
from isic.lib.registry import Registry
from isic.lib.words import listed, upper_first

State = Action.EditorialState


@dataclass(frozen=True)
class Due:
    """Something that waits for a person: what, why, and the one next thing to do about it."""

    title: str
    words: str
    verb: str
    url: str
    page: str = ""  # of the sheet, behind the title
    reason: str = ""  # what the service wrote
    is_mine: bool = False


@dataclass(frozen=True)
class Group:
    """The sheets of one state, as the desk shows them."""

    slug: str
    title: str
    state: State
    is_folded: bool = False


GROUPS = (
    Group("brouillons", "Brouillons", State.DRAFT),
    Group("proposees", "Proposées", State.PROPOSED),
    Group("publiees", "Publiées", State.PUBLISHED),
    Group("archivees", "Archivées", State.ARCHIVED, is_folded=True),
)
#: Not among the drafts: with what the service asks, it is the first of what waits.
SENT_BACK = Q(editorial_state=State.DRAFT) & ~Q(editorial_reason="")
ORDER = ("-is_mine", "-updated_at", "-pk")
#: What to do about the first thing that publishing lacks.
COMPLETE = {
    "summary": "Écrire la phrase de résumé",
    "audiences": "Dire pour qui",
    "places": "Dire où",
    "contact": "Choisir le contact",
}

#: What else waits for somebody; in a number of queries that does not depend on how much.
DUES: Registry[Callable[[User], Iterable[Due]]] = Registry("desk")
#: What these sheets have become, as the user may see it: key of a sheet → a few words.
RECOGNITIONS: Registry[Callable[[User, list[Action]], Mapping[int, str]]] = Registry("desk")


def sheets_of(user: User) -> QuerySet[Action]:
    """Sheets of the account's units and teams, and those it created and may still edit; its own first (`is_mine`)."""
    own = Q(created_by=user) | Q(pk__in=user.team_memberships.order_by().values("action"))
    sheets = Action.objects.editable_by(user).filter(Action.objects.is_carried_by_units_of(user) | Q(created_by=user))
    is_mine = Case(When(own, then=Value(True)), default=Value(False), output_field=BooleanField())
    sheets = sheets.annotate(is_mine=is_mine).order_by(*ORDER)
    return sheets.select_related("domain", "carrier_unit", "carrier_partner")


def in_group(sheets: QuerySet[Action], group: Group) -> QuerySet[Action]:
    return sheets.filter(editorial_state=group.state).exclude(SENT_BACK)


def first_of_each(sheets: QuerySet[Action], number: int) -> dict[Group, list[Action]]:
    """So many sheets of each state that has some, each with `total`: how many the state has; one query."""
    state = {"partition_by": F("editorial_state")}
    ranked = sheets.exclude(SENT_BACK).annotate(
        rank=Window(RowNumber(), order_by=ORDER, **state), total=Window(Count("pk"), **state)
    )
    by_state = defaultdict(list)
    for sheet in ranked.filter(rank__lte=number):
        by_state[sheet.editorial_state].append(sheet)
    return {group: by_state[group.state] for group in GROUPS if group.state in by_state}


def load(sheets: Iterable[Action]) -> list[Action]:
    """With what `next_step` reads of each; two queries for all."""
    loaded = list(sheets)
    prefetch_related_objects([sheet for sheet in loaded if sheet.editorial_state == State.DRAFT], "audiences", "places")
    return loaded


def next_step(sheet: Action, user: User) -> tuple[str, str]:
    """The one next thing to do with a sheet, and where."""
    if sheet.editorial_state == State.ARCHIVED:
        return "Lire", sheet.get_absolute_url()
    if sheet.editorial_state == State.PROPOSED and user.is_manager:
        return "Relire", reverse("actions:publish", args=[sheet.slug])
    if sheet.editorial_state != State.DRAFT:
        return "Modifier", reverse("actions:edit", args=[sheet.slug])
    if sheet.editorial_reason:
        return "Reprendre", reverse("actions:edit", args=[sheet.slug])
    for name in sheet.missing_to_publish():
        return COMPLETE[name], step_url(sheet, name)
    if user.is_manager:
        return "Publier", reverse("actions:publish", args=[sheet.slug])
    return "Proposer au service", reverse("actions:propose", args=[sheet.slug])


def due(user: User, sheets: QuerySet[Action] | None = None) -> list[Due]:
    """What waits for this person: sent back, to check, nearly ready; his own sheets first in each. Then the rooms above."""
    today = timezone.localdate()
    sheets = sheets_of(user) if sheets is None else sheets
    late = ~Q(editorial_reason="")
    for question in freshness.QUESTIONS:
        late |= Q(**{f"{question.field}__lte": today})
    gone = Q(contact__consent_withdrawn_on__isnull=False)
    late |= gone
    sheets = sheets.annotate(is_contact_gone=ExpressionWrapper(gone, BooleanField()))
    waiting = load(sheets.filter(Q(editorial_state=State.DRAFT) | Q(late, editorial_state=State.PUBLISHED)))
    lines = [
        line
        for kind in (_sent_back, _to_update, _to_answer, _without_person, _nearly_ready)
        for line in kind(waiting, user, today)
    ]
    return lines + [line for source in DUES for line in source(user)]


def _line(sheet: Action, words: str, verb: str, url: str, **more) -> Due:
    return Due(sheet.title, words, verb, url, page=sheet.get_absolute_url(), is_mine=sheet.is_mine, **more)


def _sent_back(waiting: list[Action], user: User, today: dt.date) -> Iterator[Due]:
    """With who asked and when; a query for all."""
    sheets = [s for s in waiting if s.editorial_state == State.DRAFT and s.editorial_reason]
    last = last_moves(sheets)
    for sheet in sheets:
        yield _line(sheet, move_words(last.get(sheet.pk)), *next_step(sheet, user), reason=sheet.editorial_reason)


def _to_answer(waiting: list[Action], user: User, today: dt.date) -> Iterator[Due]:
    """Is it still true, does it still welcome people: answered on a page of one question."""
    for sheet in waiting:
        for words, url in freshness.due(sheet, today):
            yield _line(sheet, words, "Répondre", url)


def _to_update(waiting: list[Action], user: User, today: dt.date) -> Iterator[Due]:
    """Published, and somebody answered that it is no longer true."""
    for sheet in waiting:
        if sheet.is_published and sheet.editorial_reason:
            yield _line(sheet, sheet.editorial_reason, *next_step(sheet, user))


def _without_person(waiting: list[Action], user: User, today: dt.date) -> Iterator[Due]:
    """Published, and the person whom it named is withdrawn."""
    for sheet in waiting:
        if sheet.is_published and sheet.is_contact_gone:
            words = "La personne nommée comme contact ne paraît plus\u00a0: la fiche montre le service."
            yield _line(sheet, words, COMPLETE["contact"], step_url(sheet, "contact"))


def _nearly_ready(waiting: list[Action], user: User, today: dt.date) -> Iterator[Due]:
    """Drafts that lack one thing, or nothing."""
    for sheet in waiting:
        if sheet.editorial_state == State.DRAFT and not sheet.editorial_reason:
            missing = list(sheet.missing_to_publish().values())
            if len(missing) < 2:
                words = f"Il ne manque que {missing[0]}." if missing else "Elle a tout ce qu’il faut pour être publiée."
                yield _line(sheet, words, *next_step(sheet, user))


def last_moves(sheets: list[Action]) -> dict[int, Version]:
    """The last change of state of each, by sheet; one query."""
    moves = Version.objects.moves().filter(action__in=sheets).select_related("by").defer("content").order_by("number")
    return {move.action_id: move for move in moves}


def move_words(move: Version | None) -> str:
    """« Renvoyée à l’équipe par Camille, le 3 novembre. »"""
    if move is None:
        return ""
    by = f" par {move.by}" if move.by else ""
    return f"{upper_first(move.get_kind_display())}{by} le {timezone.localdate(move.at):%d/%m/%Y}"


def recognition(user: User, sheets: list[Action]) -> dict[int, str]:
    """« refaite dans 2 MDS, dans le recueil 2026 », by sheet; nothing for those that nobody took up yet."""
    words = defaultdict(list)
    for source in (_redone, *RECOGNITIONS):
        for pk, text in source(user, sheets).items():
            words[pk].append(text)
    return {pk: listed(texts) for pk, texts in words.items()}


def _redone(user: User, sheets: list[Action]) -> dict[int, str]:
    """In how many units a published sheet says that it comes from this one; a query for all."""
    heirs = Action.objects.visible_to(user).published().filter(inspired_by__in=sheets).order_by()
    units, others = defaultdict(set), defaultdict(int)
    for source, unit in heirs.values_list("inspired_by", "carrier_unit"):
        if unit:
            units[source].add(unit)
        else:
            others[source] += 1
    words = {}
    for pk in units.keys() | others.keys():
        places = [f"{len(units[pk])}\u00a0{settings.LOCAL_UNIT_LABEL}"] if units[pk] else []
        places += [f"{others[pk]}\u00a0partenaire{'s' if others[pk] > 1 else ''}"] if others[pk] else []
        words[pk] = f"refaite par {listed(places)}" if not units[pk] else f"refaite dans {listed(places)}"
    return words
