"""Searches that found nothing: kept without anybody, for thirty days, and read by managers."""

import datetime as dt

import pytest
from django.db import OperationalError
from django.test import Client

from catalogue import fruitless
from catalogue.daily import forget_searches
from catalogue.models import FruitlessSearch
from catalogue.search import current
from isic.lib.background import DAILY
from tests.factories import ActionFactory, DomainFactory, FruitlessSearchFactory, SynonymFactory

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 6, 1)


def kept() -> dict[str, int]:
    return dict(FruitlessSearch.objects.values_list("words", "count"))


def search(client, **params) -> None:
    assert client.get("/actions/", params).status_code == 200


@pytest.mark.engine
def test_words_that_find_nothing_are_counted(client):
    ActionFactory(published=True, title="Tricot")
    for typed in ("pêche", "tricot", "pêche à la ligne", "", "PÊCHE !"):
        search(client, q=typed)

    assert kept() == {"pêche": 2, "pêche à la ligne": 1}


def test_nothing_tells_who_searched(client, agent_client):
    search(agent_client, q="pêche")

    assert {field.name for field in FruitlessSearch._meta.get_fields()} == {"id", "day", "words", "count"}
    assert kept() == {"pêche": 1}


def test_corrected_search_and_one_that_filters_emptied_are_no_lack(client):
    DomainFactory(name="Vide")
    ActionFactory(published=True, title="Le budget du tricot")

    search(client, q="budjet")
    search(client, q="tricot", domaine="vide")

    assert kept() == {}


@pytest.mark.parametrize(
    "typed",
    [
        "Dupont",
        "martine dupont",
        "Mme Petit",
        "madame petit",
        "MARTINE",
        "06 12 34 56 78",
        "allocataire 1234567",
        "martine@example.org",
        "1 84 03 12 345 678",
        "une dame de 82 ans",
        "mon voisin boit trop depuis la mort de sa femme",
        "xqzvj",
    ],
)
def test_what_may_tell_of_somebody_is_not_kept(client, typed):
    search(client, q=typed)

    assert kept() == {}


def test_acronym_and_words_of_the_lexicon_are_kept(client):
    SynonymFactory(words="zumba, danse zumba")
    for typed in ("PSFP", "zumba", "alphabétisation"):
        search(client, q=typed)

    assert set(kept()) == {"psfp", "zumba", "alphabétisation"}


def test_page_that_is_kept_writes_nothing(client, django_assert_num_queries):
    ActionFactory(published=True)
    search(client, q="pêche")

    with django_assert_num_queries(1):  # the revision
        search(Client(), q="pêche")
    assert kept() == {"pêche": 1}


@pytest.mark.engine
def test_a_day_has_so_many_words_and_no_more(client, monkeypatch):
    monkeypatch.setattr(fruitless, "A_DAY", 2)
    labels = current.catalogue().labels
    for typed in ("pêche", "chasse", "danse", "pêche"):
        fruitless.note(typed, labels, TODAY)
    fruitless.note("danse", labels, TODAY + dt.timedelta(days=1))

    assert [(row.words, row.count) for row in FruitlessSearch.objects.order_by("pk")] == [
        ("pêche", 2),
        ("chasse", 1),
        ("danse", 1),
    ]


def test_busy_database_answers_all_the_same(client, monkeypatch):
    def busy(*args, **kwargs):
        raise OperationalError("database is locked")

    monkeypatch.setattr(FruitlessSearch.objects, "filter", busy)

    search(client, q="pêche")


def test_thirty_days_later_they_are_gone(client):
    FruitlessSearchFactory(day=TODAY - dt.timedelta(days=30), words="vieux")
    FruitlessSearchFactory(day=TODAY - dt.timedelta(days=29), words="récent")

    fruitless.forget(TODAY)

    assert set(kept()) == {"récent"}


def test_daily_erases_them():
    FruitlessSearchFactory(day=TODAY - dt.timedelta(days=31), words="vieux")

    forget_searches.func(TODAY)

    assert kept() == {}
    assert forget_searches in DAILY


def test_managers_read_the_most_sought_first(manager_client):
    for days, words, count in ((1, "pêche", 3), (2, "pêche", 4), (1, "chasse", 5)):
        FruitlessSearchFactory(day=TODAY - dt.timedelta(days=days), words=words, count=count)

    assert fruitless.most_sought(2) == [{"words": "pêche", "total": 7}, {"words": "chasse", "total": 5}]
    page = manager_client.get("/admin/").text
    assert page.index("/actions/?q=p%C3%AAche") < page.index("/actions/?q=chasse")
    assert "7 fois" in page
