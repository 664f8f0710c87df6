"""What a stranger must never read: one secret word a place, in sheets he may not see, looked for in every public answer."""

import pytest
from django.core.files.base import ContentFile

from actions.models import Action, Media
from tests.documents import pdf_bytes
from tests.factories import (
    ActionFactory,
    ContactFactory,
    DomainFactory,
    GoalFactory,
    MediaFactory,
    PartnerFactory,
    PartnershipFactory,
    TerritoryFactory,
)

pytestmark = pytest.mark.django_db

#: A part of every secret, and what a stranger types to be offered the word itself.
CANARY, NEARLY = "zyxofan", "zyxofam"
HIDDEN = {
    "draft": {"editorial_state": "draft"},
    "proposed": {"editorial_state": "proposed"},
    "archived": {"editorial_state": "archived"},
    "agents": {"visibility": Action.Visibility.AGENTS},
}


@pytest.fixture
def domain(db):
    return DomainFactory(name="Logement")


@pytest.fixture
def public(domain):
    """The one sheet that everybody reads, of the same domain and with the same lineage."""
    return ActionFactory(title="Cuisine partagée", published=True, domain=domain)


@pytest.fixture(params=HIDDEN)
def hidden(request, public, domain):
    """A sheet whose every name has the canary, in one of the states that keep it from strangers."""
    word = f"{CANARY}ie"
    action = ActionFactory(
        published=True,
        domain=domain,
        title=f"{word} collective",
        summary=f"Une {word} pour tous.",
        description=f"<p>La {word} du samedi.</p>",
        keywords=word,
        how_to_join=word,
        open_to_newcomers="yes",
        is_featured=True,
        inspired_by=public,
        audiences=public.audiences.all(),
        places=[TerritoryFactory(district=True, name=f"Quartier {CANARY}al")],
        contact=ContactFactory(label=f"Service {CANARY}e", email=f"{CANARY}@example.org"),
        **HIDDEN[request.param],
    )
    PartnershipFactory(action=action, partner=PartnerFactory(name=f"Association {CANARY}ique"))
    GoalFactory(action=action, text=f"Apprendre la {word}")
    MediaFactory(
        action=action,
        kind=Media.Kind.DOCUMENT,
        url="",
        file=ContentFile(pdf_bytes(), f"{CANARY}.pdf"),
        title=word,
    )
    return action


PAGES = [
    "/",
    "/actions/",
    "/actions/?filtres=tous&tout=territoire&tout=public",
    "/actions/?vue=tableau&tri=titre",
    "/actions/?ouvert=oui",
    f"/actions/?q={NEARLY}ie",
    f"/actions/?q={NEARLY}ique",
    f"/actions/?q={NEARLY}al",
    "/groupes/",
    "/territoires/",
    "/sitemap.xml",
    "/robots.txt",
    "/plan-du-site/",
    "/sante/",
    "/admin/",
]


@pytest.mark.parametrize("path", PAGES)
def test_no_page_tells_a_stranger_a_word_of_a_hidden_sheet(path, hidden, client):
    assert CANARY not in client.get(path, follow=True).text.lower()


def test_counts_leave_a_hidden_sheet_out(hidden, public, client):
    listed = client.get("/actions/").text

    assert 'data-total="1"' in listed
    assert f'data-facet="domaine:{public.domain.slug}" data-count="1"' in listed
    assert 'data-total="0"' in client.get("/actions/?ouvert=oui").text


def test_public_sheet_names_no_hidden_relative(hidden, public, client):
    """Neither among the close actions, nor in the lineage."""
    assert CANARY not in client.get(public.get_absolute_url()).text.lower()


def test_pages_of_a_hidden_sheet_do_not_exist(hidden, client):
    partner = hidden.partnerships.get().partner
    media = hidden.media.get()
    addresses = [hidden.get_absolute_url(), partner.get_absolute_url(), media.file.url]

    assert [client.get(address).status_code for address in addresses] == [404, 404, 404]
    assert [client.head(address).status_code for address in addresses] == [404, 404, 404]


def test_exact_word_of_a_hidden_sheet_finds_what_a_word_of_no_sheet_finds(hidden, client):
    hidden_word, unknown = (client.get(f"/actions/?q={word}").text for word in (f"{CANARY}ie", "wkqjvbnie"))

    assert hidden_word.replace(f"{CANARY}ie", "…") == unknown.replace("wkqjvbnie", "…")


def test_answer_does_not_tell_a_hidden_sheet_by_its_tag(hidden, client):
    addresses = [hidden.get_absolute_url(), "/actions/sans-rien/"]

    assert [client.get(address, headers={"if-none-match": "*"}).status_code for address in addresses] == [304, 304]
    assert [client.get(address).content.find(CANARY.encode()) for address in addresses] == [-1, -1]


def test_withdrawn_sheet_is_no_more_suggested(client, manager):
    """A process keeps the words of what it showed; it no longer says them."""
    action = ActionFactory(title=f"{CANARY}ie", published=True)
    assert CANARY in client.get(f"/actions/?q={NEARLY}ie").text.lower()

    action.archive(by=manager, reason="C’est fini.")

    assert CANARY not in client.get(f"/actions/?q={NEARLY}ie").text.lower()


def test_agent_is_offered_the_words_of_the_sheets_of_agents_as_they_are_written(agent_client):
    ActionFactory(title=f"{CANARY}ie", published=True, visibility=Action.Visibility.AGENTS)

    page = agent_client.get(f"/actions/?q={NEARLY}ie").text

    assert f"<strong>{CANARY}ie</strong>" in page


def test_contributor_searches_nothing_through_the_administration(hidden, stranger_client):
    address = "/admin/autocomplete/?app_label=actions&model_name=action&field_name=inspired_by"

    response = stranger_client.get(f"{address}&term={CANARY}", follow=True)

    assert response.status_code == 403
    assert CANARY not in response.text.lower()


def test_page_of_someone_signed_in_is_not_kept_for_strangers(hidden, public, client, manager_client):
    """The manager reads first, which fills what a process keeps."""
    for path in (public.get_absolute_url(), "/actions/", "/"):
        manager_client.get(path)

    assert [CANARY in client.get(path).text.lower() for path in (public.get_absolute_url(), "/actions/", "/")] == [
        False
    ] * 3


def test_part_of_a_page_and_the_whole_page_have_two_tags(public, client):
    """Going back, htmx asks for the whole page: a 304 would draw the results alone."""
    tags = {
        client.get("/actions/", headers=headers)["ETag"]
        for headers in ({}, {"hx-request": "true"}, {"hx-request": "true", "hx-history-restore-request": "true"})
    }

    assert len(tags) == 2
