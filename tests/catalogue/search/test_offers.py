"""Words of a question that are filters are offered as the filters they are, with what each would find."""

import html
import re

import pytest
from django.http import QueryDict

from catalogue.search import current
from catalogue.search.filters import ActionFilterSet
from catalogue.search.offers import offers
from territories.models import Territory
from tests.factories import ActionFactory, AliasFactory, AudienceFactory, SynonymFactory, TerritoryFactory


@pytest.fixture
def sheets(db):
    places = [TerritoryFactory(name="Oyonnax", code="01283"), TerritoryFactory(name="Bourg-en-Bresse", code="01053")]
    parents, women = AudienceFactory(name="Parents"), AudienceFactory(name="Femmes")
    AudienceFactory(name="Hommes")
    young = AudienceFactory(name="Jeunes enfants (0-6 ans)")
    TerritoryFactory(name="Villes")
    SynonymFactory(words="mamans et papas, parents")
    ActionFactory(title="Cuisine", published=True, places=places[:1], audiences=[parents], open_to_newcomers="yes")
    ActionFactory(
        title="Cuisine", published=True, places=places[1:], audiences=[women, young], action_type="talk_group"
    )
    ActionFactory(title="Ville", published=True)


def offered(typed: str, more: str = "") -> dict[str, str]:
    """Words and count of each offer → its address."""
    params = QueryDict(mutable=True)
    params["q"] = typed
    params.update(QueryDict(more))
    catalogue = current.catalogue()
    filters = ActionFilterSet(params, catalogue.labels)
    assert filters.errors == []
    made = offers(filters, lambda query: catalogue.index.search(query, audience="public", year=2026))
    return {f"{offer.words} ({offer.count})".replace("\u00a0", " "): offer.url for offer in made}


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("ouvert aux nouveaux", {"Places : Ouvert aux nouveaux (1)": "?ouvert=oui"}),
        ("Oyonnax", {"Territoire : Oyonnax (1)": "?territoire=01283"}),
        ("femmes", {"Public : Femmes (1)": "?public=femmes"}),
        ("femme", {"Public : Femmes (1)": "?public=femmes"}),
        ("bourg en bresse", {"Territoire : Bourg-en-Bresse (1)": "?territoire=01053"}),
        ("jeunes enfants", {"Public : Jeunes enfants (0-6 ans) (1)": "?public=jeunes-enfants-0-6-ans"}),
        ("mamans et papas", {"Public : Parents (1)": "?public=parents"}),
        ("groupe de parole", {"Type d’action : Groupe de parole (1)": "?type=groupe-de-parole"}),
        ("cuisine à Oyonnax", {"Territoire : Oyonnax (1)": "?q=cuisine&territoire=01283"}),
        ("cuisine pour les femmes du jeudi", {}),  # nothing would be left
        ("hommes", {}),  # nobody has it
        ("villes", {}),
        ("ville", {}),  # a word, not the commune of Villes
        ('"femmes"', {}),
        ("-femmes", {}),
        ("tricot", {}),
    ],
)
def test_names_are_offered(sheets, typed, expected):
    assert {words: set(url.strip("?").split("&")) for words, url in offered(typed).items()} == {
        words: set(url.strip("?").split("&")) for words, url in expected.items()
    }


@pytest.mark.parametrize("typed", ["01100", "Veyziat"])
def test_place_is_offered_by_its_other_names(sheets, typed):
    oyonnax = Territory.objects.get(name="Oyonnax")
    AliasFactory(territory=oyonnax, kind="postal_code", text="01100")
    AliasFactory(territory=oyonnax, kind="former_name", text="Veyziat")

    assert offered(typed) == {"Territoire : Oyonnax (1)": "?territoire=01283"}


def test_several_are_offered_together_then_each(sheets):
    assert list(offered("parents à Oyonnax")) == [
        "Public : Parents et Territoire : Oyonnax (1)",
        "Public : Parents (1)",
        "Territoire : Oyonnax (1)",
    ]


def test_what_is_chosen_already_is_not_offered_and_the_rest_is_kept(sheets):
    assert offered("femmes", "public=femmes") == {}
    assert offered("femmes", "public=parents&tri=titre") == {
        "Public : Femmes (2)": "?public=parents&public=femmes&tri=titre"
    }


def test_each_leads_to_what_it_says(client, sheets):
    page = client.get("/actions/", {"q": "parents à Oyonnax"}).text

    links = re.findall(
        r'<a class="chip" href="([^"]*)"><svg[^>]*><use[^>]*/></svg>[^<]*<span class="offers__count">\((\d+)\)', page
    )
    assert len(links) == 3
    for url, count in links:
        assert f'data-total="{count}"' in client.get(f"/actions/{html.unescape(url)}").text
