"""`/actions/`: every parameter, facets and their counts, chips, sorts, pages, fragments and ETags."""

import datetime as dt
import html
import re

import html5lib
import pytest
from django.db import transaction

from tests.factories import (
    ActionFactory,
    AudienceFactory,
    DomainFactory,
    FrameworkFactory,
    LeverFactory,
    TerritoryFactory,
    ThemeFactory,
)
from tests.pages import assert_valid_html, first_headings

pytestmark = pytest.mark.django_db


def listed(page: str) -> list[str]:
    return re.findall(r'<article [^>]*data-action="([^"]*)"', page)


def total(page: str) -> int:
    (count,) = re.findall(r'data-total="(\d+)"', page)
    return int(count)


def facet(page: str, param: str) -> dict[str, int]:
    """Value → count of one facet, as the page says them."""
    return {value: int(n) for value, n in re.findall(rf'data-facet="{param}:([^"]*)" data-count="(\d+)"', page)}


def ticked(page: str) -> set[str]:
    return set(re.findall(r'data-facet="([^"]*)" data-count="\d+" checked', page))


# --- Every parameter: one row in, one row out ---------------------------------------------------------------------
def parametered():
    """Parameter → (its value, what the row in has, what the row out has)."""
    return {
        "q": ("tricot", {"title": "Tricot"}, {"title": "Couture"}),
        "domaine": ("un-domaine", {"domain": lambda: DomainFactory(name="Un domaine")}, {}),
        "territoire": ("01283", {"places": lambda: [TerritoryFactory(name="Oyonnax", code="01283")]}, {}),
        "lieu": ("oyonnax", {"places": lambda: [TerritoryFactory(name="Oyonnax", code="01283")]}, {}),
        "public": ("un-public", {"audiences": lambda: [AudienceFactory(name="Un public")]}, {}),
        "ouvert": ("oui", {"open_to_newcomers": "yes"}, {"open_to_newcomers": "waiting_list"}),
        "cadre": ("un-cadre", {"frameworks": lambda: [FrameworkFactory(name="Un cadre")]}, {}),
        "theme": ("un-theme", {"themes": lambda: [ThemeFactory(name="Un thème")]}, {}),
        "levier": ("un-levier", {"levers": lambda: [LeverFactory(name="Un levier")]}, {}),
        "type": ("groupe-de-parole", {"action_type": "talk_group"}, {"action_type": "workshop"}),
        "etat": ("en-cours", {"life_state": "running"}, {"life_state": "preparing"}),
        "annee": ("2019", {"starts_on": dt.date(2019, 2, 1), "ended_on": dt.date(2019, 3, 1)}, {}),
        "habitants": ("par-les-habitants", {"solution_decider": "by"}, {"solution_decider": "consulted"}),
        "pratique": ("sans-budget", {"without_budget": True}, {}),
        "ailleurs": ("seul", {"elsewhere": True}, {}),
    }


@pytest.mark.parametrize("param", parametered())
def test_each_parameter_keeps_what_has_it_and_leaves_out_the_rest(client, param):
    value, has, lacks = parametered()[param]
    matching = {name: given() if callable(given) else given for name, given in has.items()}
    kept, left = ActionFactory(published=True, **matching), ActionFactory(published=True, **lacks)

    page = client.get("/actions/", {param: value}).text

    assert listed(page) == [kept.slug]
    assert total(page) == 1
    assert left.slug not in listed(page)
    if param not in ("q", "lieu"):
        assert f"{param}:{value}" in ticked(page)
        assert facet(page, param)[value] == 1


def test_a_territory_answers_to_its_code_and_to_its_slug(client):
    place = TerritoryFactory(name="Oyonnax", code="01283")
    action = ActionFactory(published=True, places=[place])
    ActionFactory(published=True)

    assert listed(client.get("/actions/?territoire=01283").text) == [action.slug]
    assert listed(client.get("/actions/?territoire=oyonnax").text) == [action.slug]


def test_repeated_values_widen_and_parameters_narrow(client):
    one, two = DomainFactory(name="Un"), DomainFactory(name="Deux")
    actions = [ActionFactory(published=True, title=f"Tricot {d}", domain=d) for d in (one, two)]
    ActionFactory(published=True)

    assert set(listed(client.get("/actions/?domaine=un&domaine=deux").text)) == {a.slug for a in actions}
    assert listed(client.get("/actions/?domaine=un&domaine=deux&q=deux").text) == [actions[1].slug]


# --- Facets -------------------------------------------------------------------------------------------------------
def test_a_facet_counts_without_its_own_choice_and_the_others_with_it(client):
    one, two = DomainFactory(name="Un"), DomainFactory(name="Deux")
    public = AudienceFactory(name="Parents")
    for domain in (one, one, two):
        ActionFactory(published=True, domain=domain, audiences=[public])

    page = client.get("/actions/?domaine=un").text

    assert facet(page, "domaine") == {"un": 2, "deux": 1}
    assert facet(page, "public") == {"parents": 2}


def test_a_facet_shows_ten_values_the_chosen_ones_always_and_all_when_asked(client):
    for n in range(13):
        domain = DomainFactory(name=f"Domaine {chr(97 + n)}")
        ActionFactory.create_batch(1 + (n < 10), published=True, domain=domain)

    page = client.get("/actions/").text
    assert facet(page, "domaine") == {f"domaine-{chr(97 + n)}": 2 for n in range(10)}
    assert "(3 de plus)" in page

    page = client.get("/actions/?domaine=domaine-m").text
    assert len(facet(page, "domaine")) == 11
    assert ticked(page) == {"domaine:domaine-m"}

    page = client.get("/actions/?tout=domaine").text
    assert len(facet(page, "domaine")) == 13
    assert "de plus)" not in page.split('id="facet-territoire"')[0]


def test_a_chosen_value_that_gives_nothing_stays_to_be_unticked(client):
    DomainFactory(name="Vide")
    ActionFactory(published=True)

    page = client.get("/actions/?domaine=vide").text

    assert facet(page, "domaine")["vide"] == 0
    assert ticked(page) == {"domaine:vide"}
    assert total(page) == 0
    assert "Aucune action ne correspond" in page


def test_a_retired_value_is_offered_while_a_sheet_has_it(client):
    ActionFactory(published=True, audiences=[AudienceFactory(name="Anciens", is_retired=True)])
    AudienceFactory(name="Oubliés", is_retired=True)

    assert facet(client.get("/actions/").text, "public") == {"anciens": 1}
    assert total(client.get("/actions/?public=anciens").text) == 1


def test_four_facets_are_shown_and_the_others_when_asked_or_chosen(client):
    ActionFactory(
        published=True,
        action_type="workshop",
        open_to_newcomers="yes",
        starts_on=dt.date(2020, 1, 1),
        without_budget=True,
    )

    def shown(query: str) -> list[str]:
        return re.findall(r'id="facet-(\w+)"', client.get(f"/actions/?{query}").text)

    assert shown("") == ["domaine", "territoire", "public", "ouvert"]
    assert shown("type=atelier-regulier") == ["domaine", "territoire", "public", "ouvert", "type"]
    assert shown("filtres=tous")[4:] == ["etat", "type", "annee", "pratique"]


def test_each_count_is_the_total_of_the_page_it_leads_to(client):
    places = TerritoryFactory.create_batch(2)
    for n in range(6):
        ActionFactory(published=True, places=[places[n % 2]], life_state=["running", "ended"][n % 2], title=f"Mot {n}")
    page = client.get("/actions/?q=mot&filtres=tous").text

    for param, value, count in re.findall(r'data-facet="(\w+):([^"]*)" data-count="(\d+)"', page):
        assert total(client.get("/actions/", {"q": "mot", param: value}).text) == int(count), (param, value)


# --- Chips, sorts, views, pages -----------------------------------------------------------------------------------
def links(page: str, name: str) -> dict[str, str]:
    """Words → address of the links of this class."""
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    return {
        " ".join("".join(a.itertext()).split()): a.get("href")
        for a in tree.iter("a")
        if name in a.get("class", "").split()
    }


def test_each_chip_takes_its_value_away_and_goes_back_to_the_first_page(client):
    DomainFactory(name="Un")
    DomainFactory(name="Deux")

    page = client.get("/actions/?q=tricot&domaine=un&domaine=deux&tri=titre&page=3").text

    assert links(page, "chip") == {
        "Retirer le filtre « tricot »": "?domaine=un&domaine=deux&tri=titre",
        "Retirer le filtre Un": "?q=tricot&domaine=deux&tri=titre",
        "Retirer le filtre Deux": "?q=tricot&domaine=un&tri=titre",
        "Tout effacer": "/actions/",
    }


def test_sorts(client):
    now = dt.datetime(2026, 5, 1, tzinfo=dt.UTC)
    for n, title in enumerate(("Ours", "Écureuil", "Zèbre")):
        ActionFactory(published=True, title=title, updated_at=now - dt.timedelta(days=n))

    assert listed(client.get("/actions/?tri=recent").text) == ["ours", "ecureuil", "zebre"]
    assert listed(client.get("/actions/?tri=titre").text) == ["ecureuil", "ours", "zebre"]
    assert listed(client.get("/actions/?tri=pertinence").text) == ["ours", "ecureuil", "zebre"]
    assert '<option value="titre" selected>' in client.get("/actions/?tri=titre").text


def test_the_table_shows_the_same_sheets(client):
    actions = ActionFactory.create_batch(3, published=True)

    cards, table = client.get("/actions/").text, client.get("/actions/?vue=tableau").text

    assert listed(table) == listed(cards)
    assert len(listed(table)) == len(actions)
    assert table.count("<tr") == 1 + len(actions)
    assert '<input type="hidden" name="vue" value="tableau">' in table
    assert_valid_html(table)


def test_pages_follow_each_other_and_show_every_sheet_once(client):
    actions = ActionFactory.create_batch(45, published=True)
    pages = [client.get(f"/actions/?page={n}").text for n in (1, 2, 3)]

    assert [len(listed(page)) for page in pages] == [20, 20, 5]
    assert {slug for page in pages for slug in listed(page)} == {action.slug for action in actions}
    assert {total(page) for page in pages} == {45}
    assert re.findall(r'href="([^"]*)" rel="(?:prev|next)"', pages[1]) == ["?page=1", "?page=3"]
    assert re.findall(r'aria-current="page"><span class="visually-hidden">Page </span>(\d)', pages[2]) == ["3"]


def test_pages_keep_the_question(client):
    ActionFactory.create_batch(21, published=True, title="Tricot")

    page = client.get("/actions/?q=tricot&tri=titre").text

    assert re.findall(r'href="([^"]*)" rel="next"', page) == ["?q=tricot&amp;tri=titre&amp;page=2"]


# --- Words --------------------------------------------------------------------------------------------------------
def test_a_typing_mistake_shows_the_corrected_results_and_says_so(client):
    action = ActionFactory(published=True, title="La cuisine partagée")

    page = client.get("/actions/?q=cusine&tri=titre").text

    assert listed(page) == [action.slug]
    assert total(page) == 1
    assert "Voici les résultats pour <strong>cuisine</strong>" in page
    assert '<a href="?q=cusine&amp;tri=titre&amp;exact=oui">Chercher quand même «&nbsp;cusine&nbsp;»</a>' in page

    page = client.get("/actions/?q=cusine&exact=oui").text
    assert (listed(page), total(page)) == ([], 0)
    assert "Chercher quand même" not in page


# --- Here and elsewhere -------------------------------------------------------------------------------------------
def switch(page: str) -> list[tuple[str, str, bool]]:
    """(value, count, whether it is chosen) of each position."""
    (part,) = re.findall(r'<fieldset class="switch".*?</fieldset>', page, re.DOTALL) or [""]
    return [
        (value, count, "checked" in attributes)
        for value, attributes, count in re.findall(r'value="(\w*)"([^>]*)><label[^>]*>[^<]*<span>(\d+)', part)
    ]


def test_elsewhere_is_one_switch(client):
    ActionFactory.create_batch(2, published=True)
    ActionFactory(published=True, elsewhere=True)

    assert switch(client.get("/actions/").text) == [("", "3", True), ("non", "2", False), ("seul", "1", False)]
    assert switch(client.get("/actions/?ailleurs=seul").text)[2] == ("seul", "1", True)
    assert switch(client.get("/actions/?ailleurs=seul&ailleurs=non").text)[0] == ("", "3", True)


def test_switch_is_shown_only_where_there_is_something_to_choose(client):
    ActionFactory(published=True)

    assert switch(client.get("/actions/").text) == []
    assert len(switch(client.get("/actions/?ailleurs=seul").text)) == 3


def test_sheets_of_the_departement_come_before_those_of_elsewhere_that_are_as_relevant(client):
    now = dt.datetime(2026, 5, 1, tzinfo=dt.UTC)
    old = ActionFactory(published=True, title="Tricot", updated_at=now - dt.timedelta(days=9))
    away = ActionFactory(published=True, title="Tricot ailleurs", elsewhere=True, updated_at=now)
    less = ActionFactory(published=True, title="Couture", keywords="tricot", updated_at=now)

    assert listed(client.get("/actions/?q=tricot").text) == [old.slug, away.slug, less.slug]
    assert listed(client.get("/actions/").text) == [less.slug, old.slug, away.slug]
    assert listed(client.get("/actions/?tri=recent").text)[-1] == old.slug


def test_words_never_together_give_the_sheets_that_have_some(client):
    action = ActionFactory(published=True, title="Tricot")
    ActionFactory(published=True, title="Couture")

    page = client.get("/actions/?q=tricot+jardin+couture").text

    assert "Aucune fiche ne contient tous ces mots ensemble" in page
    assert action.slug in listed(page)


# --- One contract -------------------------------------------------------------------------------------------------
def test_the_page_is_valid_and_says_what_it_shows(client):
    ActionFactory(published=True, title="Tricot & thé")

    page = client.get("/actions/?q=tricot&filtres=tous").text

    assert_valid_html(page)
    assert first_headings(page) == ["Les actions collectives"]
    title = " ".join(html.unescape(re.search("<title>(.*?)</title>", page, re.DOTALL)[1]).split())
    assert title.startswith("Recherche : « tricot » – 1 action")


def test_the_fragment_is_contained_in_the_page(client):
    ActionFactory.create_batch(3, published=True)

    page = client.get("/actions/?q=action").text
    fragment = client.get("/actions/?q=action", headers={"HX-Request": "true"})

    assert fragment.text.strip() in page
    assert fragment.text.lstrip().startswith('<div class="catalogue')
    assert total(fragment.text) == 3
    assert {"Cookie", "HX-Request"} <= set(fragment["Vary"].split(", "))


def test_a_page_restored_by_the_browser_is_whole(client):
    headers = {"HX-Request": "true", "HX-History-Restore-Request": "true"}

    assert client.get("/actions/", headers=headers).text.startswith("<!doctype html>")


def test_a_page_that_still_holds_is_not_sent_again(client):
    action = ActionFactory(published=True)
    first = client.get("/actions/")
    again = client.get("/actions/", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get("/actions/?tri=titre", headers={"If-None-Match": first["ETag"]}).status_code == 200
    fragment = client.get("/actions/", headers={"If-None-Match": first["ETag"], "HX-Request": "true"})
    assert fragment.status_code == 200

    with transaction.atomic():
        action.title = "Changée"
        action.save()

    renewed = client.get("/actions/", headers={"If-None-Match": first["ETag"]})
    assert renewed.status_code == 200
    assert "Changée" in renewed.text
    assert renewed["ETag"] != first["ETag"]


def test_a_new_label_renews_the_page(client):
    domain = DomainFactory(name="Loisirs")
    ActionFactory(published=True, domain=domain)
    first = client.get("/actions/")

    with transaction.atomic():
        domain.name = "Culture"
        domain.save()

    renewed = client.get("/actions/", headers={"If-None-Match": first["ETag"]})
    assert "Culture" in renewed.text
    assert "Loisirs" not in renewed.text


def test_somebody_signed_in_has_pages_of_his_own(agent_client):
    ActionFactory(published=True, visibility="agents")

    response = agent_client.get("/actions/")

    assert "ETag" not in response
    assert total(response.text) == 1


@pytest.mark.parametrize("count", [1, 3])
def test_a_page_costs_as_many_queries_whatever_it_shows(client, django_assert_num_queries, count):
    ActionFactory.create_batch(count, published=True, title="Tricot")
    client.get("/actions/?q=rien")

    with django_assert_num_queries(3):  # the revision, the entries, and what their cards show
        client.get("/actions/?q=tricot")
    with django_assert_num_queries(2):  # the cards are made
        client.get("/actions/?q=tricot&tri=titre")
    with django_assert_num_queries(1):  # the page is kept
        client.get("/actions/?q=tricot&tri=titre")


def test_a_page_weighs_little(client):
    ActionFactory.create_batch(21, published=True)

    page = client.get("/actions/").content

    assert len(page) < 100_000
