"""A typing mistake is corrected; an acronym, a word of French, a word that resembles nothing are left as they are."""

import pytest

from catalogue.search.query import parse
from catalogue.search.spelling import correction, french
from tests.catalogue.asking import ask
from tests.factories import ActionFactory, DomainFactory

#: Words of French that no sheet has, each a letter or two from one that some sheet has.
OTHER_WORDS = (
    "marin lundis pensée patin ballon bouger rubans adultère logeuse cuisinier pente enfance santal pinte".split()
)


@pytest.fixture
def sheets(db):
    domain = DomainFactory(name="Domaine")
    for title in (
        *(
            "Cuisine et alimentation",
            "Le budget du matin",
            "Parentalité",
            "Oyonnax",
            "Psychologue",
            "Hygiène",
            "Le logement",
        ),
        *("Évier, vie, comme, agenda, asile, masse, close", "Un lit"),
    ):
        ActionFactory(title=title, published=True, summary="Une action.", domain=domain)


def corrected(typed: str) -> str:
    return correction(ask(typed), parse(typed), typed)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("budjet", "budget"),
        ("alimantation", "alimentation"),
        ("cusine", "cuisine"),
        ("parantalité", "parentalité"),
        ("oyonax", "oyonnax"),
        ("psycologue", "psychologue"),
        ("ygiène", "hygiène"),
        ("logment", "logement"),
        ("le budjet, à Oyonax !", "le budget, à oyonnax !"),
        ("CUSINE", "cuisine"),
    ],
)
def test_mistake_becomes_the_nearest_word(sheets, typed, expected):
    assert corrected(typed) == expected


@pytest.mark.parametrize(
    "typed",
    [
        "EVS",
        "VIF",
        "CPOM",
        "AED",
        "ASLL",
        "MASP",
        "CLSM",
        "C.A.F.",
        "punaises de lit",
        "xqzvj",
        "evs",
        "vif",
        "asll",
        "masp",
    ],
)
def test_acronym_or_word_that_resembles_nothing_stays(sheets, typed):
    assert corrected(typed) == ""


@pytest.mark.parametrize("typed", OTHER_WORDS)
def test_word_of_french_is_no_mistake(sheets, typed):
    assert corrected(typed) == ""


def test_dictionary_knows_french_folded():
    assert all(word in french() for word in ("theatre", "ecole", "coeur"))
    assert "budjet" not in french()
