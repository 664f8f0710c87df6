"""`/territoires/` and `/partenaires/`: what is done in a place, and by whom."""

import re

import pytest
from django.db import transaction

from isic.lib.replacing import replace
from territories.models import Territory
from tests.factories import (
    ActionFactory,
    ContactFactory,
    DomainFactory,
    PartnerFactory,
    PartnershipFactory,
    TerritoryFactory,
)
from tests.pages import assert_valid_html, first_headings

pytestmark = pytest.mark.django_db


def listed(html: str) -> list[str]:
    return re.findall(r'<article [^>]*data-action="([^"]*)"', html)


@pytest.fixture
def ain():
    return TerritoryFactory(home=True)


@pytest.fixture
def epci(ain):
    return TerritoryFactory(epci=True, name="Haut-Bugey", parent=ain)


@pytest.fixture
def oyonnax(epci):
    return TerritoryFactory(name="Oyonnax", code="01283", parent=epci)


def test_the_list_has_places_where_something_is_done_and_every_unit(client, oyonnax, unit):
    TerritoryFactory(name="Commune vide")
    ActionFactory(published=True, places=[oyonnax], carrier_unit=unit)

    page = client.get("/territoires/").text

    slugs = re.findall(r'href="/territoires/([^"/]+)/"', page)
    assert {"oyonnax", "haut-bugey", "mds-du-lac"} <= set(slugs)
    assert "commune-vide" not in slugs
    assert_valid_html(page)


def test_the_list_has_no_commune_of_elsewhere_only_its_departement(client):
    gers = TerritoryFactory(kind="department", name="Gers")
    TerritoryFactory(name="Auch", parent=gers)
    ActionFactory(published=True, elsewhere=True, places=[gers.children.get()])

    page = client.get("/territoires/").text

    assert "/territoires/gers/" in page
    assert "/territoires/auch/" not in page


def test_a_place_shows_what_is_done_in_it_and_under_it(client, epci, oyonnax):
    domain = DomainFactory(name="Loisirs")
    here = ActionFactory(published=True, places=[oyonnax], domain=domain, open_to_newcomers="yes")
    ActionFactory(published=True, domain=domain)
    ActionFactory(published=True, places=[oyonnax], visibility="agents")

    page = client.get("/territoires/haut-bugey/").text

    assert listed(page) == [here.slug]
    assert first_headings(page) == ["Haut-Bugey"]
    assert f"/actions/?territoire={epci.code or epci.slug}" in page
    assert f"domaine={domain.slug}" in page
    assert "/territoires/oyonnax/" in page
    assert_valid_html(page)


def test_the_links_of_a_place_lead_to_what_it_counts(client, oyonnax):
    ActionFactory.create_batch(2, published=True, places=[oyonnax], domain=DomainFactory(), open_to_newcomers="yes")
    page = client.get("/territoires/oyonnax/").text

    for address in set(re.findall(r'href="(/actions/\?territoire=[^"]*)"', page)):
        assert 'data-total="2"' in client.get(address.replace("&amp;", "&")).text


def test_a_unit_shows_its_contact_and_what_it_serves(client, unit, oyonnax):
    with transaction.atomic():
        unit.serves.add(oyonnax)
    ContactFactory(unit=unit, label="Secrétariat du Lac")
    action = ActionFactory(published=True, places=[oyonnax])

    page = client.get("/territoires/mds-du-lac/").text

    assert listed(page) == [action.slug]
    assert "Secrétariat du Lac" in page


def test_a_place_whose_tree_has_a_loop_is_shown_all_the_same(client, epci, oyonnax):
    Territory.objects.filter(pk=epci.pk).update(parent=oyonnax)

    assert [parent["name"] for parent in client.get(oyonnax.get_absolute_url()).context["parents"]] == ["Haut-Bugey"]


def test_a_place_where_nothing_is_done_leads_to_the_groups_around(client, oyonnax):
    page = client.get("/territoires/oyonnax/").text

    assert listed(page) == []
    assert '<a href="/groupes/?commune=01283">Chercher un groupe aux alentours</a>' in page


def test_an_unknown_or_deleted_place_is_not_found(client, oyonnax):
    assert client.get("/territoires/oyonnax/").status_code == 200
    with transaction.atomic():
        oyonnax.delete()

    assert client.get("/territoires/oyonnax/").status_code == 404
    assert client.get("/territoires/inconnu/").status_code == 404


def test_a_renamed_place_shows_its_name_everywhere(client, oyonnax):
    ActionFactory(published=True, places=[oyonnax])
    client.get("/territoires/oyonnax/")

    with transaction.atomic():
        oyonnax.name = "Oyonnax-la-Belle"
        oyonnax.save()

    for address in ("/territoires/", f"/territoires/{oyonnax.slug}/", "/actions/"):
        assert "Oyonnax-la-Belle" in client.get(address).text


def test_a_partner_tells_what_it_carries_from_what_it_takes_part_in(client):
    partner = PartnerFactory(name="Centre social du Plateau")
    carried = ActionFactory(published=True, carrier_unit=None, carrier_partner=partner)
    involved = ActionFactory(published=True)
    PartnershipFactory(action=involved, partner=partner)
    ActionFactory(published=True)

    page = client.get(f"/partenaires/{partner.slug}/").text

    assert listed(page) == [carried.slug, involved.slug]
    assert first_headings(page) == ["Centre social du Plateau"]
    assert_valid_html(page)


def test_the_link_of_a_partner_finds_its_sheets(client):
    partner = PartnerFactory(name="Centre social du Plateau")
    action = ActionFactory(published=True, carrier_unit=None, carrier_partner=partner)
    page = client.get(f"/partenaires/{partner.slug}/").text

    for address in re.findall(r'href="(/actions/\?q=[^"]*)"', page):
        assert listed(client.get(address.replace("&amp;", "&")).text) == [action.slug]


def test_a_partner_shows_the_contacts_that_may_be(client):
    partner = PartnerFactory()
    ContactFactory(partner=partner, label="Accueil du centre")
    PartnershipFactory(action=ActionFactory(published=True), partner=partner)

    assert "Accueil du centre" in client.get(f"/partenaires/{partner.slug}/").text
    assert client.get("/partenaires/inconnu/").status_code == 404


def test_a_partner_that_only_drafts_name_is_not_found_by_strangers(client):
    partner = PartnerFactory()
    PartnershipFactory(action=ActionFactory(), partner=partner)

    assert client.get(f"/partenaires/{partner.slug}/").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_pages_cost_as_many_queries_whatever_they_show(client, epci, oyonnax, django_assert_num_queries, count):
    caf = PartnerFactory(name="Caf")
    ContactFactory.create_batch(count, partner=caf)
    for action in ActionFactory.create_batch(count, published=True, places=[oyonnax]):
        PartnershipFactory(action=action, partner=caf)
        TerritoryFactory(parent=epci)
    client.get("/actions/?q=rien")

    for path, queries in {"/territoires/": 1, epci.get_absolute_url(): 4, caf.get_absolute_url(): 4}.items():
        with django_assert_num_queries(queries):
            client.get(path)


def test_addresses_of_what_was_replaced_lead_to_what_took_its_place(client, manager, oyonnax):
    veyziat, caf, double = (
        TerritoryFactory(name="Veyziat", code="01440"),
        PartnerFactory(),
        PartnerFactory(name="Double"),
    )
    action = ActionFactory(published=True, places=[veyziat])

    replace(veyziat, oyonnax, by=manager)
    replace(double, caf, by=manager)

    for old, new in (("/territoires/veyziat/", oyonnax), ("/partenaires/double/", caf)):
        answer = client.get(old)
        assert (answer.status_code, answer["Location"]) == (301, new.get_absolute_url())
    assert f'data-action="{action.slug}"' in client.get("/actions/?territoire=01440").text
