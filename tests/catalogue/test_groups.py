"""`/groupes/`: the groups that take new people, from a commune."""

import datetime as dt
import re

import pytest
from django.db import transaction
from django.utils import timezone

from tests.factories import ActionFactory, AliasFactory, ContactFactory, SessionFactory, TerritoryFactory
from tests.pages import assert_valid_html

pytestmark = pytest.mark.django_db


@pytest.fixture
def oyonnax():
    return TerritoryFactory(name="Oyonnax", code="01283", latitude=46.25, longitude=5.65)


@pytest.fixture
def near():
    return TerritoryFactory(name="Nantua", latitude=46.15, longitude=5.61)


@pytest.fixture
def far():
    return TerritoryFactory(name="Trévoux", latitude=45.94, longitude=4.77)


def group(title: str, place, **kwargs):
    return ActionFactory(
        published=True, title=title, places=[place], life_state="running", **{"open_to_newcomers": "yes", **kwargs}
    )


def listed(html: str) -> list[str]:
    return re.findall(r'<article [^>]*data-action="([^"]*)"', html)


def distances(html: str) -> list[str]:
    return [
        re.sub("<[^>]*>", "", words).replace("\u00a0", " ").strip()
        for words in re.findall(r'class="group__distance">(.*?)</p>', html)
    ]


def test_only_groups_of_the_departement_that_take_people_are_listed(client, oyonnax):
    group("Ouvert", oyonnax)
    group("Complet", oyonnax, open_to_newcomers="waiting_list")
    group("Ailleurs", oyonnax, elsewhere=True)
    ActionFactory(title="Brouillon", places=[oyonnax], open_to_newcomers="yes")

    page = client.get("/groupes/").text

    assert listed(page) == ["ouvert"]
    assert_valid_html(page)


@pytest.mark.parametrize("typed", ["Oyonnax", "oyonnax", " OYONNAX ", "01283", "01100 Oyonnax", "oyon\u00adnax"])
def test_the_nearest_come_first_from_a_commune_however_it_is_typed(client, oyonnax, near, far, typed):
    group("À Nantua", near)
    group("À Trévoux", far)
    group("À Oyonnax", oyonnax)

    page = client.get("/groupes/", {"commune": typed}).text

    assert listed(page) == ["a-oyonnax", "a-nantua"]
    assert distances(page) == ["Dans la commune", "À 12 km"]


def test_one_may_go_further(client, oyonnax, near, far):
    group("À Nantua", near)
    group("À Trévoux", far)
    page = client.get("/groupes/?commune=Oyonnax").text
    assert listed(page) == ["a-nantua"]
    (wider,) = re.findall(r'href="(\?[^"]*loin=oui[^"]*)"', page)

    page = client.get(f"/groupes/{wider.replace('&amp;', '&')}").text

    assert listed(page) == ["a-nantua", "a-trevoux"]
    assert distances(page)[1] == "À 76 km"


def test_a_unit_that_serves_the_commune_is_told(client, oyonnax):
    unit, unplaced = TerritoryFactory(local_unit=True), TerritoryFactory(epci=True)
    with transaction.atomic():
        unit.serves.add(oyonnax)
    group("Portée", unplaced, carrier_unit=unit)

    page = client.get("/groupes/?commune=Oyonnax").text

    assert listed(page) == ["portee"]
    assert distances(page) == ["Dessert la commune"]


def test_an_unknown_commune_gets_a_sentence_and_no_group(client, oyonnax):
    group("Ouvert", oyonnax)

    page = client.get("/groupes/", {"commune": "<Nulle>part"}).text

    assert "Nous ne connaissons pas" in page
    assert "&lt;Nulle&gt;part" in page
    assert "<Nulle>" not in page
    assert 'aria-invalid="true"' in page
    assert listed(page) == []


def test_a_postal_code_that_may_be_two_communes_asks_which(client, oyonnax):
    group("Ouvert", oyonnax)
    with transaction.atomic():
        AliasFactory(territory=oyonnax, kind="postal_code", text="01100")
        TerritoryFactory(name="Cheignieu-la-Balme", code="01100")

    page = client.get("/groupes/?commune=01100&loin=oui").text
    links = re.findall(r'<a class="chip" href="([^"]*)">([^<]*)<', page)

    assert "«\u00a001100\u00a0» peut être plusieurs communes. Laquelle" in page
    assert [name.strip() for _url, name in links] == ["Oyonnax", "Cheignieu-la-Balme"]
    assert listed(page) == []
    assert listed(client.get(f"/groupes/{links[0][0].replace('&amp;', '&')}").text) == ["ouvert"]


def test_a_commune_of_before_says_what_it_is_today(client, oyonnax):
    group("Ouvert", oyonnax)
    with transaction.atomic():
        AliasFactory(territory=oyonnax, kind="former_name", text="Veyziat")

    page = client.get("/groupes/?commune=veyziat").text

    assert "nous avons compris <strong>Oyonnax</strong> (ancienne commune\u00a0: Veyziat)" in page
    assert listed(page) == ["ouvert"]


def test_a_typing_error_gets_the_nearest_name(client, oyonnax):
    page = client.get("/groupes/?commune=oyonax").text

    assert "Vouliez-vous dire" in page
    assert 'href="?commune=Oyonnax+%2801283%29"' in page


def test_no_page_holds_the_names_of_all_communes(client, oyonnax):
    assert "<datalist" not in client.get("/groupes/").text
    assert client.get("/groupes/communes/?q=oyo").json() == [
        {"value": "Oyonnax (01283)", "label": "Oyonnax", "detail": ""}
    ]


def test_a_code_of_elsewhere_says_where_it_is(client, oyonnax):
    page = client.get("/groupes/?commune=71000").text

    assert "est hors du département (Saône-et-Loire). Indiquez la commune d’ici la plus proche." in page


def test_a_group_says_when_how_and_whom_to_call(client, oyonnax):
    today = timezone.localdate()
    action = group("Tricot", oyonnax, how_to_join="Poussez la porte.", contact=ContactFactory(label="Accueil du Lac"))
    SessionFactory(action=action, date=today - dt.timedelta(days=3))
    SessionFactory(action=action, date=today + dt.timedelta(days=1), cancelled=True)
    SessionFactory(action=action, date=today + dt.timedelta(days=8))

    page = client.get("/groupes/").text

    assert "Poussez la porte." in page
    assert "Accueil du Lac" in page
    (when,) = re.findall(r"Prochaine séance</dt><dd>(.*?)</dd>", page)
    assert str((today + dt.timedelta(days=8)).day) in when


def test_groups_come_ten_a_page(client, oyonnax):
    for n in range(12):
        group(f"Groupe {n}", oyonnax)

    first, second = client.get("/groupes/").text, client.get("/groupes/?page=2").text

    assert (len(listed(first)), len(listed(second))) == (10, 2)
    assert not set(listed(first)) & set(listed(second))


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_as_many_queries_whatever_it_shows(client, oyonnax, django_assert_max_num_queries, count):
    for n in range(count):
        group(f"Groupe {n}", oyonnax)
    client.get("/groupes/?commune=inconnue")

    with django_assert_max_num_queries(3):  # the revision, the entries, their contacts
        assert len(listed(client.get("/groupes/?commune=Oyonnax").text)) == count
