"""Whatever an address asks: never an error of ours, never more than a page, and a sentence in French."""

from urllib.parse import quote, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actions.models import Action
from catalogue.search.filters import LEGENDS
from territories.models import Territory
from tests.contents import Contents
from tests.factories import ActionFactory, TerritoryFactory

pytestmark = pytest.mark.engine

PARAMETERS = ("q", *LEGENDS, "tri", "vue", "page", "tout", "filtres", "commune", "loin", "inconnu")
VALUES = {
    "nul": "\0",
    "long": "a" * 10_000,
    "negative": "-1",
    "huge": str(10**30),
    "scientific": "9e30",
    "unknown": "magie",
    "operators": "a AND (b OR NOT c) NEAR/3 d* ^e {f} : ~g",
    "sql": "%_\\'\"; DROP TABLE actions_action; --",
    "markup": "<script>alert(1)</script>",
    "date": "2026-02-30",
    "emoji": "👩‍👩‍👧 🧵",
    "direction": "\u202eabc",
    "quotes": '""""- "-" --',
    "digits": "٣٤٥٦",
    "spaces": "\u00a0\u2003\t",
    "newlines": "a\r\nSet-Cookie: x=1",
    "combining": "e" + "\u0301" * 60,
    "private": "\ue000\ue001\ue002",
}
RAW = {
    "invalid UTF-8": "{0}=%ff%fe%c0%80",
    "no value": "{0}",
    "empty": "{0}=",
    "duplicated": "{0}=a&{0}=b&{0}=a&{0}=",
    "five hundred": "&".join(f"{{0}}=v{n}" for n in range(500)),
    "eleven hundred": "&".join(f"p{n}={{0}}" for n in range(1100)),
    "brackets": "{0}[]=1&{0}[a]=2&{0}.x=3",
    "half an escape": "{0}=%&{0}=%z",
}


def make_sheets() -> None:
    """More than a page shows."""
    place = TerritoryFactory(name="Oyonnax")
    ActionFactory.create_batch(21, published=True, places=[place], open_to_newcomers="yes")


@pytest.fixture(scope="module")
def sheet_tables(loaded) -> Contents:
    return loaded(None, make_sheets)


@pytest.fixture
def pages(sheet_tables, db) -> list[str]:
    """Every public page that lists, and one sheet."""
    sheet_tables.put_back()
    place, sheet = Territory.objects.get(name="Oyonnax"), Action.objects.first()
    return [
        "/",
        "/actions/",
        "/groupes/",
        "/territoires/",
        f"/territoires/{place.slug}/",
        sheet.get_absolute_url(),
    ]


def assert_answers(client, address: str) -> None:
    response = client.get(address)
    assert response.status_code in (200, 400, 404, 414), (response.status_code, address[:200])
    assert "Set-Cookie" not in response
    text = response.text
    assert 'lang="fr"' in text
    assert text.count("<article") <= 20
    assert "<script>alert" not in text
    assert "Traceback" not in text
    if response.status_code == 200 and address.startswith("/actions/?") and "error-summary" in text:
        assert "Cette recherche ne peut pas être faite" in text
        assert text.count("<article") == 0


@pytest.mark.matrix
@pytest.mark.parametrize(("turn", "value"), [*enumerate(VALUES.values())], ids=VALUES)
def test_a_hostile_value_of_any_parameter_gets_an_answer(client, pages, turn, value, whose_turn):
    for page in pages:
        assert_answers(client, f"{page}?{urlencode(dict.fromkeys(PARAMETERS, value))}")
    for param in whose_turn(PARAMETERS, turn):
        assert_answers(client, f"/actions/?{param}={quote(value)}")
    assert_answers(client, f"/groupes/?commune={quote(value)}")


@pytest.mark.parametrize("query", RAW.values(), ids=RAW)
def test_a_hostile_address_gets_an_answer(client, pages, query):
    for page in pages:
        for param in ("q", "commune"):
            assert_answers(client, f"{page}?{query.format(param)}")


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("q=" + "a" * 201, "Recherche : "),
        ("public=" + "&public=".join(map(str, range(101))), "Public : choisissez 100 valeurs au plus."),
    ],
)
def test_a_parameter_that_cannot_be_is_told_in_french_and_lists_nothing(client, pages, query, sentence):
    text = client.get(f"/actions/?{query}").text.replace("\u00a0", " ")

    assert f"<li>{sentence}" in text
    assert "<article" not in text
    assert 'data-total="0"' in text


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("domaine=magie", "Domaine « magie »"),
        ("annee=20e4", "Année « 20e4 »"),
        ("ouvert=peut-etre", "Places « peut-etre »"),
        ("tri=prix", "Trier par « prix »"),
        ("vue=plan", "Affichage « plan »"),
        ("tout=rien", "Tout afficher « rien »"),
        ("domaine=%3Cb%3E", "Domaine « &lt;b&gt; »"),
        ("domaine=" + "&domaine=".join(f"m{n}" for n in range(20)), "Domaine « m0 », "),
    ],
)
def test_a_filter_that_does_not_exist_is_told_and_asks_nothing(client, pages, query, words):
    text = client.get(f"/actions/?{query}&ouvert=oui").text.replace("\u00a0", " ")

    assert words in text
    assert "Le reste de la recherche est gardé." in text
    assert 'data-total="21"' in text
    assert query.split("&")[0] not in text  # no link of the page repeats it


@pytest.mark.parametrize(
    ("asked", "shown"), [("1", 20), ("2", 1), ("-1", 1), ("0", 1), ("10" * 20, 1), ("un", 20), ("", 20)]
)
def test_a_page_that_is_not_there_is_the_nearest(client, pages, asked, shown):
    assert client.get(f"/actions/?page={asked}").text.count("<article") == shown


@pytest.mark.parametrize(
    "address", ["/territoires/inconnu/", "/actions/%ff/", "/partenaires/inconnu/", "/actions/a/b/"]
)
def test_an_address_of_nothing_is_not_found_in_french(client, db, address):
    response = client.get(address)

    assert response.status_code == 404
    assert 'lang="fr"' in response.text


@pytest.mark.parametrize(("query", "status"), [("q=%00", 400), ("page=%00", 400), ("q=" + "a" * 10_000, 414)])
def test_what_no_form_sends_is_refused_in_french(client, pages, query, status):
    for page in pages:
        response = client.get(f"{page}?{query}")
        assert response.status_code == status
        assert 'lang="fr"' in response.text


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_a_list_is_only_read(client, pages, method):
    assert {getattr(client, method)(page).status_code for page in pages} == {405}


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@settings(
    max_examples=15, suppress_health_check=[*settings().suppress_health_check, HealthCheck.function_scoped_fixture]
)
@given(query=st.lists(st.tuples(st.sampled_from(PARAMETERS), TEXT), max_size=6))
def test_any_parameters_get_an_answer(client, pages, query):
    for page in ("/actions/", "/groupes/"):
        assert_answers(client, f"{page}?{urlencode(query)}")


@settings(
    max_examples=20, suppress_health_check=[*settings().suppress_health_check, HealthCheck.function_scoped_fixture]
)
@given(typed=st.text(st.sampled_from('aé’"- \u0301œ*()<>&'), max_size=30))
def test_any_words_get_an_answer(client, pages, typed):
    assert_answers(client, f"/actions/?{urlencode({'q': typed})}")
