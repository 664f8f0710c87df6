"""The queries of relevance.toml, on the data of a new installation: what people look for comes first."""

import re
import tomllib
from pathlib import Path

import pytest

from actions.models import Action
from tests.catalogue.asking import ask

pytestmark = pytest.mark.engine

QUERIES = tomllib.loads((Path(__file__).parent / "relevance.toml").read_text())["query"]
#: What the page says, beside its results.
PAGE_RULES = {"corrected", "offered", "shown"}


@pytest.fixture
def slugs(examples) -> dict[int, str]:
    """Action id → slug of the data."""
    return dict(Action.objects.values_list("pk", "slug"))


def test_people_find_what_they_look_for(slugs, client):
    misses = []
    for query in QUERIES:
        ranking = [slugs[pk] for pk in ask(query["typed"])[:]]
        first = query.get("first", [])
        page = (
            client.get("/actions/", {"q": query["typed"]}).text.replace("\u00a0", " ")
            if PAGE_RULES & query.keys()
            else ""
        )
        got = {
            "first": set(ranking[: len(first)]),
            "found": set(query.get("found", [])) & set(ranking),
            "not_found": set(query.get("not_found", [])) - set(ranking),
            "nothing": not ranking if "nothing" in query else [],
            "shown": set(query.get("shown", [])) & set(re.findall('data-action="([^"]*)"', page)),
            "corrected": "".join(re.findall(r"résultats pour <strong>([^<]*)", page)),
            "offered": set(re.findall(r'#ui-filter"/></svg>([^<]*) <span class="offers__count', page)),
        }
        for rule, answer in got.items():
            asked = query.get(rule, answer if rule in PAGE_RULES else [])
            if answer != (set(asked) if isinstance(asked, list) and isinstance(answer, set) else asked):
                misses.append((query["typed"], rule, ranking[:8], answer))

    assert misses == []
    assert len(QUERIES) >= 130


def test_every_sheet_is_found_by_its_title(slugs):
    """As typed by somebody who read it on a poster: with accents and capitals, or without any."""
    misses = [
        (typed, ranking[:3])
        for action in Action.objects.published()
        for typed in (action.title, action.sort_key)
        if (ranking := [slugs[pk] for pk in ask(typed)[:]])[:1] != [action.slug]
    ]

    assert misses == []
