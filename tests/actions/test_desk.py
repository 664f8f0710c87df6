"""« Mes actions »: what waits first, with the one next thing to do; then the sheets by state, and what became of them."""

import datetime as dt
import re

import pytest
from django.utils import timezone

from actions import desk
from actions.desk import Due
from actions.models import Action
from actions.workflows import PROPOSE, SEND_BACK
from isic.lib.registry import Registry
from tests.factories import ActionFactory, AudienceFactory, TeamMemberFactory, TerritoryFactory
from tests.pages import assert_valid_html, first_headings

pytestmark = pytest.mark.django_db

DESK = "/mes-actions/"
YESTERDAY = timezone.localdate() - dt.timedelta(days=1)


def parts(html: str) -> dict[str, list[str]]:
    """Id of a section → the titles it shows."""
    headings = {}
    for section in html.split("<section")[1:]:
        slug = re.search(r'aria-labelledby="([\w-]+)"', section)[1]
        headings[slug] = re.findall(r'<h3 class="[\w-]+__title">(?:<a [^>]*>)?([^<]*)', section)
    return headings


def ways(html: str) -> dict[str, tuple[str, str]]:
    """Title → the next thing to do among the sheets, and where."""
    rows = html.split('<li class="desk-row ')[1:]
    title = re.compile(r'desk-row__title"><a [^>]*>([^<]*)<')
    way = re.compile(r'desk-row__way" href="([^"]*)">([^<]*)<')
    return {title.search(row)[1]: way.search(row).group(2, 1) for row in rows}


def test_newcomer_is_invited_to_file(agent_client):
    page = agent_client.get(DESK).text

    assert "Votre bureau est prêt" in page
    assert 'class="button button--call" href="/actions/nouvelle/"' in page
    assert parts(page) == {}
    assert_valid_html(page)
    assert len(first_headings(page)) == 1


def test_desk_asks_to_sign_in(client):
    assert client.get(DESK)["Location"] == "/compte/login/?next=/mes-actions/"


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
def test_desk_is_only_read(method, agent_client):
    assert getattr(agent_client, method)(DESK).status_code == 405


def test_sheets_are_by_state(unit, other_unit, agent, agent_client, stranger_client):
    bare = {"carrier_unit": unit, "summary": ""}
    ActionFactory(title="Brouillon", **bare)
    ActionFactory(title="Proposée", editorial_state="proposed", **bare)
    ActionFactory(title="Publiée", published=True, carrier_unit=unit)
    ActionFactory(title="Archivée", editorial_state="archived", **bare)
    ActionFactory(title="D’ailleurs", published=True, carrier_unit=other_unit)
    member = ActionFactory(title="En équipe", published=True, carrier_unit=other_unit)
    TeamMemberFactory(action=member, user=agent)

    page = agent_client.get(DESK).text

    assert parts(page) == {
        "brouillons": ["Brouillon"],
        "proposees": ["Proposée"],
        "publiees": ["En équipe", "Publiée"],  # one's own first
        "archivees": ["Archivée"],
    }
    assert parts(stranger_client.get(DESK).text) == {"publiees": ["En équipe", "D’ailleurs"]}
    assert_valid_html(page)


def test_what_one_made_stays_only_while_one_may_edit_it(agent, agent_client, manager, manager_client):
    ActionFactory(title="D’une autre unité", created_by=agent)
    ActionFactory(title="Du service", created_by=manager)

    assert parts(agent_client.get(DESK).text) == {}
    assert parts(manager_client.get(DESK).text) == {"brouillons": ["Du service"]}


def test_ones_own_are_told_apart(unit, agent, agent_client):
    ActionFactory(title="À moi", carrier_unit=unit, created_by=agent)
    ActionFactory(title="À l’unité", carrier_unit=unit)

    everything, own = agent_client.get(DESK).text, agent_client.get(f"{DESK}?qui=moi").text

    assert parts(everything) == {"brouillons": ["À moi", "À l’unité"]}
    assert everything.count("Vous y êtes") == 1
    assert parts(own) == {"brouillons": ["À moi"]}
    assert "à vous" in agent_client.get(f"{DESK}?qui=moi&etat=archivees").text


def test_what_was_sent_back_comes_first_with_its_reason(unit, agent, manager, agent_client):
    action = ActionFactory(title="À reprendre", published=True, editorial_state="draft", carrier_unit=unit)
    ActionFactory(title="Presque", published=True, editorial_state="draft", carrier_unit=unit, audiences=[])
    PROPOSE.carry_out(action, by=agent)
    SEND_BACK.carry_out(action, by=manager, reason="Dites pour <qui>.")

    page = agent_client.get(DESK).text

    assert parts(page) == {"a-faire": ["À reprendre", "Presque"], "brouillons": ["Presque"]}
    assert "Dites pour &lt;qui&gt;." in page
    assert f"Renvoyée à l’équipe par {manager} le {timezone.localdate():%d/%m/%Y}" in page
    assert f'<a class="button" href="/actions/{action.slug}/modifier/">Reprendre' in page


def test_what_is_late_is_due(unit, agent_client):
    late = {"published": True, "carrier_unit": unit}
    ActionFactory(title="À vérifier", review_due_on=YESTERDAY, **late)
    ActionFactory(title="À confirmer", newcomers_due_on=YESTERDAY, **late)
    ActionFactory(title="À jour", review_due_on=timezone.localdate() + dt.timedelta(days=1), **late)
    ActionFactory(title="Rien de prévu", **late)
    ActionFactory(title="Plus juste", editorial_reason="À mettre à jour, répond l’équipe.", **late)
    ActionFactory(title="Sans rien", carrier_unit=unit)

    page = agent_client.get(DESK).text

    assert parts(page)["a-faire"] == ["Plus juste", "À confirmer", "À vérifier"]
    assert re.findall(r'class="button" href="(/verifier/(?:accueil/)?|/actions/[\w-]+/modifier/)', page) == [
        "/actions/plus-juste/modifier/",
        "/verifier/accueil/",
        "/verifier/",
    ]


@pytest.mark.parametrize(
    ("lacking", "verb", "where"),
    [
        ({"summary": ""}, "Écrire la phrase de résumé", "/modifier/"),
        ({"audiences": []}, "Dire pour qui", "/modifier/"),
        ({"places": []}, "Dire où", "/modifier/"),
        ({"contact": None}, "Choisir le contact", "/modifier/"),
        ({}, "Proposer au service", "/proposer/"),
    ],
)
def test_draft_has_one_next_thing_to_do(lacking, verb, where, unit, agent_client):
    ActionFactory(title="Cuisine", published=True, editorial_state="draft", carrier_unit=unit, **lacking)

    label, url = ways(agent_client.get(DESK).text)["Cuisine"]

    assert label == verb
    assert where in url
    assert agent_client.get(url).status_code == 200


@pytest.mark.parametrize(
    ("reader", "state", "expected"),
    [
        ("agent_client", "proposed", "Modifier"),
        ("agent_client", "published", "Modifier"),
        ("agent_client", "archived", "Lire"),
        ("manager_client", "draft", "Publier"),
        ("manager_client", "proposed", "Relire"),
    ],
)
def test_next_thing_by_state_and_reader(reader, state, expected, unit, agent, manager, request):
    owner = manager if reader == "manager_client" else agent
    ActionFactory(title="Cuisine", published=True, editorial_state=state, carrier_unit=unit, created_by=owner)
    client = request.getfixturevalue(reader)

    label, url = ways(client.get(DESK).text)["Cuisine"]

    assert label == expected
    assert client.get(url).status_code == 200


def test_recognition_counts_the_units_that_did_it_again(unit, other_unit, agent_client):
    mine = ActionFactory(published=True, carrier_unit=unit)
    ActionFactory.create_batch(2, published=True, carrier_unit=other_unit, inspired_by=mine)
    ActionFactory(published=True, inspired_by=mine, visibility="agents")
    ActionFactory(inspired_by=mine, carrier_unit=TerritoryFactory(local_unit=True))  # a draft counts for nothing
    ActionFactory(published=True, elsewhere=True, inspired_by=mine)

    assert "Refaite dans 2\u00a0MDS et 1\u00a0partenaire" in agent_client.get(DESK).text


def test_rooms_above_add_what_waits_and_what_they_know(unit, agent, agent_client, monkeypatch):
    monkeypatch.setattr(desk, "DUES", Registry("nowhere"))
    monkeypatch.setattr(desk, "RECOGNITIONS", Registry("nowhere"))
    action = ActionFactory(title="Cuisine", published=True, carrier_unit=unit)
    desk.DUES.add(lambda user: [Due(f"Compte rendu pour {user}", "Il est à relire.", "Relire", "/ailleurs/")])
    desk.RECOGNITIONS.add(
        lambda user, sheets: {sheet.pk: "dans le recueil 2026" for sheet in sheets if sheet == action}
    )

    page = agent_client.get(DESK).text

    assert parts(page)["a-faire"] == [f"Compte rendu pour {agent}"]
    assert "Dans le recueil 2026" in page


def test_manager_is_led_to_the_queue(manager_client, agent_client):
    ActionFactory(editorial_state="proposed")

    assert "1 fiche à relire" in manager_client.get(DESK).text
    assert 'href="/a-relire/"' not in agent_client.get(DESK).text


def test_eighty_sheets_stay_light(unit, agent_client):
    ActionFactory.create_batch(40, published=True, carrier_unit=unit, domain=ActionFactory().domain)

    page = agent_client.get(DESK).text
    assert len(parts(page)["publiees"]) == 5
    assert "Voir les 40 fiches" in page

    pages = [agent_client.get(f"{DESK}?etat=publiees&page={number}").text for number in (1, 2, "zut")]
    assert [len(ways(page)) for page in pages] == [20, 20, 20]
    assert set(ways(pages[0])) & set(ways(pages[1])) == set()
    assert_valid_html(pages[0])


@pytest.mark.parametrize("path", [f"{DESK}?etat=rien&qui=zut&page=9", f"{DESK}?etat=&page=%C3%A9", f"{DESK}?qui=moi"])
def test_strange_address_shows_a_desk(path, agent_client):
    assert agent_client.get(path).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("path", "queries"), [(DESK, 17), (f"{DESK}?etat=publiees", 10)])
def test_desk_asks_as_many_queries_whatever_it_shows(
    path, queries, count, unit, agent, manager, agent_client, django_assert_num_queries
):
    for _ in range(count):
        for state in Action.EditorialState:
            action = ActionFactory(
                published=True, carrier_unit=unit, editorial_state=state, review_due_on=YESTERDAY, created_by=agent
            )
            ActionFactory(published=True, inspired_by=action)
        action = ActionFactory(carrier_unit=unit, audiences=[AudienceFactory()])
        PROPOSE.carry_out(action, by=agent)
        SEND_BACK.carry_out(action, by=manager, reason="À compléter.")

    with django_assert_num_queries(queries):
        agent_client.get(path)
