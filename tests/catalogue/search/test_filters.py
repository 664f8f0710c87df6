"""The parameters: what an address says becomes a `Query`, or a sentence."""

import pytest
from django.http import QueryDict

from catalogue.search import current
from catalogue.search.filters import LEGENDS, ActionFilterSet
from catalogue.search.query import Query
from tests.factories import ActionFactory, AliasFactory, DomainFactory, TerritoryFactory

pytestmark = pytest.mark.django_db


def filters(address: str) -> ActionFilterSet:
    return ActionFilterSet(QueryDict(address), current.catalogue().labels)


def test_nothing_asked_is_the_empty_query():
    asked = filters("")

    assert asked.errors == []
    assert asked.query == Query()


def test_values_become_keys_each_once_and_empty_ones_nothing():
    one, two = DomainFactory(name="Un"), DomainFactory(name="Deux")
    place = TerritoryFactory(name="Oyonnax", code="01283")

    asked = filters("domaine=un&domaine=&domaine=deux&domaine=un&territoire=01283&annee=2024&q=&tri=recent")

    assert asked.errors == []
    assert asked.query.facets == {"domaine": (one.pk, two.pk), "territoire": (place.pk,), "annee": (2024,)}
    assert asked.query.sort == "recent"
    assert [value.label for value in asked.chosen["domaine"]] == ["Un", "Deux"]


def test_every_facet_has_its_filter():
    assert set(LEGENDS) < set(ActionFilterSet.base_filters)
    assert set(ActionFilterSet.base_filters) - set(LEGENDS) == {
        "q",
        "lieu",
        "tri",
        "vue",
        "page",
        "exact",
        "filtres",
        "tout",
    }


def test_a_place_is_typed_and_widens_those_ticked():
    oyonnax, nantua = TerritoryFactory(name="Oyonnax", code="01283"), TerritoryFactory(name="Nantua", code="01269")
    AliasFactory(territory=oyonnax, kind="former_name", text="Veyziat")

    asked = filters("lieu=veyziat&territoire=01269")

    assert asked.errors == []
    assert asked.query.facets == {"territoire": (nantua.pk, oyonnax.pk)}


@pytest.mark.parametrize(
    ("typed", "sentence", "offered"),
    [
        ("01100", "«\u00a001100\u00a0» peut être plusieurs lieux. Lequel\u00a0?", ["Oyonnax", "Cheignieu"]),
        ("oyonax", "Nous ne connaissons pas «\u00a0oyonax\u00a0». Vouliez-vous dire\u00a0:", ["Oyonnax"]),
        (
            "zz",
            "Nous ne connaissons pas «\u00a0zz\u00a0» dans le département. Écrivez le nom ou le code postal d’une commune.",
            [],
        ),
    ],
)
def test_a_place_that_is_not_one_is_asked(typed, sentence, offered):
    AliasFactory(territory=TerritoryFactory(name="Oyonnax", code="01283"), kind="postal_code", text="01100")
    TerritoryFactory(name="Cheignieu", code="01100")

    asked = filters(f"lieu={typed}")

    assert asked.errors == [sentence]
    assert [name.label for name in asked.offered_places] == offered


@pytest.mark.parametrize("param", LEGENDS)
def test_an_unknown_value_is_told_and_drops_only_itself(param):
    DomainFactory(name="Un")

    asked = filters(f"{param}=inconnu&q=tricot&domaine=un&tri=titre")

    assert asked.errors == []
    assert [words.replace("\u00a0", " ") for words in asked.stale] == [f"{LEGENDS[param]} « inconnu »"]
    assert [value.label for value in asked.chosen["domaine"]] == ["Un"]
    assert (asked.query.text.words, asked.query.sort) == (("tricot",), "titre")
    assert "inconnu" not in asked.params.urlencode()
    assert "domaine=un" in asked.params.urlencode()


@pytest.mark.parametrize("param", ["tri", "vue", "filtres", "tout"])
def test_an_unknown_choice_is_told_and_drops_only_itself(param):
    asked = filters(f"{param}=inconnu&q=tricot")

    assert asked.errors == []
    assert len(asked.stale) == 1
    assert asked.query.text.words == ("tricot",)
    assert asked.params.urlencode() == "q=tricot"


@pytest.mark.parametrize("year", ["24", "02024", "-204", "٢٠٢٤", "2O24", "²024"])
def test_a_year_has_four_digits(year):
    assert len(filters(f"annee={year}").stale) == 1


def test_two_requests_share_nothing():
    DomainFactory(name="Un")
    ActionFactory(published=True)
    first, second = filters("domaine=un&tri=titre"), filters("")

    assert (first.errors, second.errors) == ([], [])
    assert (first.query.sort, second.query.sort) == ("titre", "")
    assert second.chosen == {}
