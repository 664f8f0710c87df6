"""`/`: the département's own figures, the domains, and a choice of sheets."""

import datetime as dt
import re

import pytest
from django.utils import timezone

from catalogue.first_day import first_steps
from isic.checks import OWED
from tests.factories import ActionFactory, DomainFactory, PartnerFactory, TerritoryFactory
from tests.pages import assert_valid_html, first_headings

pytestmark = pytest.mark.django_db


def listed(html: str) -> list[str]:
    return re.findall(r'<article [^>]*data-action="([^"]*)"', html)


def tiles(html: str) -> dict[str, str]:
    return dict(re.findall(r'class="tile__name" href="[^"]*">([^<]*)</a>.*?<strong>(\d+)</strong>', html, re.DOTALL))


def test_the_figures_are_those_of_the_departement(client):
    domain, empty = DomainFactory(name="Loisirs"), DomainFactory(name="Insertion")
    ActionFactory.create_batch(2, published=True, domain=domain)
    ActionFactory(published=True, elsewhere=True, domain=empty)
    ActionFactory(published=True, visibility="agents", domain=domain)
    ActionFactory(domain=domain)

    page = client.get("/").text

    assert tiles(page) == {"Loisirs": "2", "Insertion": "0"}
    assert '<span class="ring__count"><strong>2</strong>actions</span>' in page
    assert_valid_html(page)
    assert len(first_headings(page)) == 1


def test_the_chosen_sheets_are_those_put_forward_or_else_the_newest(client):
    ours = ActionFactory.create_batch(4, published=True)
    ActionFactory(published=True, elsewhere=True)
    assert set(listed(client.get("/").text)) == {action.slug for action in ours[1:]}

    chosen = ActionFactory(published=True, is_featured=True)

    assert listed(client.get("/").text) == [chosen.slug]


def test_a_retired_domain_without_sheet_is_not_offered(client):
    DomainFactory(name="Ancien", is_retired=True)
    kept = DomainFactory(name="Ancien plein", is_retired=True)
    ActionFactory(published=True, domain=kept)

    assert tiles(client.get("/").text) == {"Ancien plein": "1"}


def test_the_examples_lead_to_answers_of_the_list(client):
    ActionFactory(published=True)

    page = client.get("/").text

    assert re.findall(r'href="(/actions/\?q=[^"]*)"', page) == [
        "/actions/?q=cuisine%20partag%C3%A9e",
        "/actions/?q=th%C3%A9%C3%A2tre",
        "/actions/?q=groupe%20de%20parents",
    ]


def test_local_units_are_listed(client):
    TerritoryFactory(local_unit=True, name="MDS du Lac")

    assert "/territoires/mds-du-lac/" in client.get("/").text


def test_the_first_day_shows_what_is_done_elsewhere_and_counts_nothing(client):
    domain, empty = DomainFactory(name="Loisirs"), DomainFactory(name="Insertion")
    inspiring = ActionFactory.create_batch(13, published=True, elsewhere=True, domain=domain)

    page = client.get("/").text

    assert set(listed(page)) == {action.slug for action in inspiring}
    assert "S’inspirer de ce qui se fait ailleurs" in page
    assert '<span class="ring__count"><strong>13</strong>idées</span>' in page
    assert re.findall(r'class="tile__count"><strong>(\d+)</strong> ([^<]*)<', page) == [("13", "idées d’ailleurs")]
    assert empty.name in page
    assert not re.search(r"<strong>0</strong>|\b0 (action|groupe)", page)
    for title in (
        "Près de chez vous",
        "en quelques chiffres",
        "Vous accompagnez quelqu’un",
        "Pour ouvrir le catalogue",
    ):
        assert title not in page
    assert_valid_html(page)


def test_the_first_day_ends_with_the_first_sheet_of_the_departement(client):
    ActionFactory(published=True, elsewhere=True)
    ours = ActionFactory(published=True)

    page = client.get("/").text

    assert listed(page) == [ours.slug]
    assert "S’inspirer de ce qui se fait ailleurs" not in page


def test_the_first_day_of_a_manager_says_what_to_do_first(client, manager_client, agent_client, settings):
    settings.LOCAL_UNIT_LABEL = "MDSI"
    for name in OWED:
        setattr(settings, name, "")
    ActionFactory(published=True, elsewhere=True)

    page, agent, stranger = (c.get("/").text for c in (manager_client, agent_client, client))

    steps = re.findall(
        r'<li class="first-step( first-step--done)?">\s*<h3>(?:.*?Fait&nbsp;: </span>)?([^<]*)</h3>', page
    )
    assert steps == [
        ("", "Dire qui publie le site"),
        (" first-step--done", "Créer vos MDSI"),
        (" first-step--done", "Inviter les agents"),
        ("", "Déposer une première action"),
    ]
    assert "Il manque l’adresse e-mail du service qui répond aux lecteurs, l’éditeur du site" in page
    assert "L’administration du site ouvre les comptes" in page
    assert "Déposez la première action" in agent
    assert "Pour ouvrir le catalogue" not in agent + stranger
    assert_valid_html(page)


def test_the_first_steps_lead_where_each_may_go(manager, admin_user, client_of):
    TerritoryFactory(home=True)
    for user, count in ((manager, 3), (admin_user, 4)):
        addresses = [step.url for step in first_steps(user) if step.url]

        assert len(addresses) == count
        assert {client_of(user).get(address).status_code for address in addresses} == {200}


def test_a_home_without_group_nor_unit_has_no_empty_part(client):
    ActionFactory(
        published=True,
        carrier_unit=None,
        carrier_partner=PartnerFactory(),
        starts_on=dt.date(2001, 5, 1),
        life_state="ended",
    )

    page = client.get("/").text

    for title in ("Près de chez vous", "en quelques chiffres", "Vous accompagnez quelqu’un"):
        assert title not in page


def test_an_empty_catalogue_has_its_page(client):
    page = client.get("/").text

    assert listed(page) == []
    assert_valid_html(page)


def test_the_service_is_told_what_waits(client, manager_client, agent_client):
    ActionFactory(editorial_state="proposed")

    assert "1\u00a0fiche à relire" in manager_client.get("/").text
    assert "à relire" not in agent_client.get("/").text
    assert "à relire" not in client.get("/").text


def test_the_service_is_told_that_nothing_waits(manager_client):
    ActionFactory(published=True)

    assert "Tout est à jour" in manager_client.get("/").text


def test_an_agent_is_led_to_what_waits_for_him(unit, agent_client, stranger_client):
    ActionFactory(carrier_unit=unit, editorial_reason="Dites pour qui.")

    assert "1\u00a0chose à faire" in agent_client.get("/").text
    assert "1\u00a0chose à faire" not in stranger_client.get("/").text


@pytest.mark.parametrize("path", ["/", "/actions/", "/mes-actions/"])
def test_filing_an_action_is_offered_to_those_who_can(path, agent_client, client):
    assert 'href="/actions/nouvelle/"' in agent_client.get(path).text
    assert 'href="/actions/nouvelle/"' not in client.get(path).text


def test_an_agent_is_led_to_his_unit(agent, agent_client, client):
    unit = agent.memberships.get().territory
    ActionFactory(published=True, carrier_unit=unit)

    page = agent_client.get("/").text

    assert f'href="{unit.get_absolute_url()}">Voir ce qui s’y fait' in page
    assert "1\u00a0action au catalogue" in page
    assert "Voir ce qui s’y fait" not in client.get("/").text


def test_the_year_counts_what_ran_in_it(client):
    year = timezone.localdate().year
    ActionFactory(published=True, starts_on=dt.date(year, 1, 1))
    ActionFactory(
        published=True, starts_on=dt.date(year - 3, 1, 1), ended_on=dt.date(year - 2, 1, 1), life_state="ended"
    )

    page = client.get("/").text

    assert f"L’année {year} en quelques chiffres" in page
    assert "<strong>1</strong> action menée cette année" in page
    assert '<span class="ring__count"><strong>2</strong>actions</span>' in page


def test_the_page_is_revalidated(client):
    first = client.get("/")
    assert client.get("/", headers={"If-None-Match": first["ETag"]}).status_code == 304
    ActionFactory(published=True)
    assert client.get("/", headers={"If-None-Match": first["ETag"]}).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_as_many_queries_whatever_it_shows(client, django_assert_num_queries, count):
    ActionFactory.create_batch(count, published=True)
    client.get("/actions/?q=rien")

    with django_assert_num_queries(3):
        assert len(listed(client.get("/").text)) == count
