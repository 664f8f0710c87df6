"""Actions close to another one, each with the reason why."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone
from django.utils.safestring import SafeString

from actions.models import Action
from catalogue.cards import cards_of, entries
from catalogue.models import Entry
from catalogue.search.current import Catalogue
from catalogue.search.entries import facets
from catalogue.search.index import EMPTY, having_most
from catalogue.search.labels import Labels
from catalogue.search.query import Query
from isic.lib.words import listed

#: What makes two actions of one domain similar, with its words.
SHARED = {"public": "même public", "type": "même type d’action", "theme": "même thématique"}


@dataclass(frozen=True, slots=True)
class Similar:
    html: SafeString
    reason: str


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A published sheet close to an action, and why."""

    action: Action
    entry: Entry
    reason: str


def similar_to(action: Action, catalogue: Catalogue, user, limit: int = 4) -> list[Similar]:
    """The sheets of the same domain that share most (audience, type, theme), other units first, then the newest.

    `action` is loaded with `for_sheet`; it may be a draft.
    """
    mine, labels = facets(action), catalogue.labels
    shown = entries(_nearest(action, mine, catalogue, user, limit))
    rendered = cards_of(shown, labels, timezone.localdate(), level=3)
    return [Similar(html, _reason(mine, entry, action, labels)) for html, entry in zip(rendered, shown, strict=True)]


def neighbours(actions: Iterable[Action], catalogue: Catalogue, user, limit: int = 4) -> list[Neighbour]:
    """The same for several sheets, with the facts of each rather than its card; one query for all."""
    sources = [(action, facets(action)) for action in actions]
    neighbours_of = [(action, mine, _nearest(action, mine, catalogue, user, limit)) for action, mine in sources]
    by_id = {entry.pk: entry for entry in entries([pk for _, _, pks in neighbours_of for pk in pks])}
    return [
        Neighbour(action, by_id[pk], _reason(mine, by_id[pk], action, catalogue.labels))
        for action, mine, pks in neighbours_of
        for pk in pks
        if pk in by_id
    ]


def _nearest(action: Action, mine: dict, catalogue: Catalogue, user, limit: int) -> list[int]:
    results = catalogue.search(Query(facets={"domaine": tuple(mine["domaine"])}), user)
    docs = results.hits - results.document(action.pk)
    at_home = results.carried_by(action.carrier_unit_id)
    ids, above = [], EMPTY
    for tier in having_most(docs, [results.bits(param, key) for param in SHARED for key in mine[param]]):
        new, above = tier - above, tier
        for group in (new - at_home, new & at_home):
            ids += results.newest(group, limit - len(ids))
    return ids


def _reason(mine: dict, entry: Entry, action: Action, labels: Labels) -> str:
    """« même domaine, même public et autre MDS »."""
    words = [label for param, label in SHARED.items() if set(mine[param]) & set(entry.facets[param])]
    words = words or ["même domaine"]
    if any(pk in labels.elsewhere for pk in entry.facets["porteur"]):
        words.append("ailleurs en France")
    elif entry.facts["unit"] and entry.facts["unit"] == action.carrier_unit_id:
        words.append("même équipe de territoire")
    elif entry.facts["unit"]:
        words.append(labels.name("territoire", entry.facts["unit"]))
    return listed(words)
