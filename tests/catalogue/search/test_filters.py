"""The parameters: what an address says becomes a `Query`, or a sentence."""

import pytest
from django.http import QueryDict

from catalogue.search import current
from catalogue.search.filters import LEGENDS, ActionFilterSet
from catalogue.search.query import Query
from tests.factories import ActionFactory, DomainFactory, TerritoryFactory

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
    assert set(ActionFilterSet.base_filters) - set(LEGENDS) == {"q", "tri", "vue", "page", "filtres", "tout"}


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
