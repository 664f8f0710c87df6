"""The page of two texts: each side by side, all that was typed goes along, and the choice comes back."""

import json

import pytest
from django.http import QueryDict

from isic.lib.merge import base_of, merge, read_base
from isic.lib.two_texts import Choice, ask
from tests.lib.test_form_pack import parse
from tests.pages import assert_valid_html, assert_well_built

BEFORE = {"title": "Titre", "brings": "Avant.", "people": [{"key": "a", "name": "Ana"}, {"key": "b", "name": "Bea"}]}
MINE = {"title": "Le mien", "brings": "Avant. Mien.", "people": [{"key": "a", "name": "Ana M."}]}
THEIRS = {
    "title": "L’autre",
    "brings": "Avant. Autre.",
    "people": [{"key": "a", "name": "Ana T."}, {"key": "b", "name": "Bea T."}],
}


def words(name, value):
    return [row["name"] for row in value] if name == "people" else value


@pytest.fixture
def posted():
    data = QueryDict(mutable=True)
    data.update({"title": "Le mien", "brings": "Avant. Mien.", "base": json.dumps(base_of(BEFORE)), "other": "a\nb"})
    return data


@pytest.fixture
def page(rf, posted):
    request = rf.post("/ici/", posted)
    saved = merge(read_base(posted), MINE, THEIRS)
    return ask(request, saved, label=str.upper, words=words, texts={"brings"}, title="Essai", by="Camille")


def fields(page) -> dict[str, list[str]]:
    values_by_name: dict[str, list[str]] = {}
    for element in parse(page.text).iter("input"):
        values_by_name.setdefault(element.get("name"), []).append(element.get("value"))
    return values_by_name


def test_both_texts_are_there_name_by_name_and_row_by_row(page):
    assert page.status_code == 409
    assert_valid_html(page.text)
    assert_well_built(page.text)
    for text in ("Le mien", "L’autre", "Ana M.", "Ana T.", "(ligne retirée)", "Bea T.", "Camille"):
        assert text in page.text
    assert fields(page)["garder-title"] == ["mien", "autre"]
    assert fields(page)["garder-brings"] == ["mien", "autre", "deux"]
    assert fields(page)["garder-people:b"] == ["mien", "autre"]


def test_all_that_was_typed_goes_along_and_the_choice_is_asked_once(page):
    sent = fields(page)

    assert (sent["title"], sent["other"]) == (["Le mien"], ["a\nb"])
    assert merge(json.loads(sent["base"][0]), MINE, THEIRS).conflicts == ()


def test_choice_keeps_mine_theirs_or_both(page):
    data = QueryDict(mutable=True)
    data.update({"garder-title": "autre", "garder-brings": "deux", "garder-people:a": "autre", "garder-people:b": "x"})
    data.update({"brings": "Avant. Mien.", "base": fields(page)["base"][0]})
    choice = Choice.read(data)

    joined = choice.join(data, THEIRS)
    saved = merge(read_base(joined), {**MINE, "brings": joined["brings"]}, THEIRS, leave=choice.theirs)

    assert saved.conflicts == ()
    assert saved.values == {"brings": "Avant. Mien.\n\nAutre.", "people": [{"key": "a", "name": "Ana T."}]}


def test_forged_choice_breaks_nothing():
    data = QueryDict("garder-=deux&garder-people=deux&garder-title:x=deux&garder-brings=deux&base={")

    assert Choice.read(data).join(data, THEIRS) is data
