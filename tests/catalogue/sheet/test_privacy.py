"""The page of one action: to whom, and what it never shows."""

import datetime as dt
import json

import pytest
from django.db import transaction
from django.db.models import CharField, TextField
from django.utils import timezone

from actions.models import Action, BudgetLine, Media
from tests.factories import (
    ActionFactory,
    AudienceFactory,
    BudgetLineFactory,
    ContactFactory,
    CriterionFactory,
    DomainFactory,
    FrameworkFactory,
    GoalFactory,
    LeverFactory,
    MediaFactory,
    PartnerFactory,
    PartnershipFactory,
    QuoteFactory,
    SessionFactory,
    StaffTimeFactory,
    TeamMemberFactory,
    TerritoryFactory,
    ThemeFactory,
)
from tests.pages import assert_valid_html

pytestmark = pytest.mark.django_db


def status(client, action) -> int:
    return client.get(action.get_absolute_url()).status_code


# --- To whom ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("state", ["draft", "proposed", "archived"])
def test_unpublished_sheet_exists_for_its_unit_and_the_managers_only(
    state, unit, client, agent_client, stranger_client, manager_client
):
    action = ActionFactory(carrier_unit=unit, editorial_state=state)

    statuses = [status(c, action) for c in (client, stranger_client, agent_client, manager_client)]

    assert statuses == [404, 404, 200, 200]


def test_draft_exists_for_its_team(stranger, stranger_client):
    action = ActionFactory()
    before = status(stranger_client, action)
    TeamMemberFactory(action=action, user=stranger)

    assert (before, status(stranger_client, action)) == (404, 200)


def test_unpublished_sheet_says_so_and_stays_away_from_robots(read, unit, agent_client):
    draft = ActionFactory(carrier_unit=unit)
    archived = ActionFactory(carrier_unit=unit, editorial_state="archived", editorial_reason="remplacée")

    page = read(draft, client=agent_client)

    assert page.texts("masthead__notice") == ["Brouillon, visible par l’équipe, son unité et le service."]
    assert page.meta("robots") == "noindex"
    assert page.meta("og:title") is None
    assert read(archived, client=agent_client).texts("masthead__notice") == [
        "Fiche archivée, retirée du catalogue : remplacée"
    ]


def test_sheet_for_agents_needs_an_account(read, client, stranger_client):
    action = ActionFactory(published=True, visibility=Action.Visibility.AGENTS)

    assert status(client, action) == 404
    page = read(action, client=stranger_client)
    assert page.texts("masthead__notice") == ["Fiche réservée aux agents connectés."]
    assert page.meta("robots") == "noindex"


def test_published_sheet_has_no_notice(read):
    assert read(ActionFactory(published=True)).texts("masthead__notice") == []


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options", "trace"])
def test_sheet_only_reads(client, method):
    action = ActionFactory(published=True)

    assert getattr(client, method)(action.get_absolute_url()).status_code == 405


def test_sheet_offers_to_edit_to_those_who_may(read, unit, agent_client, stranger_client, manager_client):
    action = ActionFactory(published=True, carrier_unit=unit)
    link = f"/actions/{action.slug}/modifier/"
    readers = (agent_client, stranger_client, manager_client)

    assert [link in read(action, client=c).attributes("a", "href") for c in readers] == [True, False, True]


# --- What it never shows ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("expected", "actual", "words"),
    [
        (12, None, "12 personnes attendues"),
        (4, None, "moins de 5 personnes attendues"),
        (12, 5, "5 personnes"),
        (12, 4, "moins de 5 personnes"),
        (12, 0, "moins de 5 personnes"),
    ],
)
def test_sheet_masks_counts_of_people_under_five(read, agent_client, expected, actual, words):
    action = ActionFactory(published=True, expected_participants=expected, actual_participants=actual)

    assert read(action).facts["Combien de personnes"] == [words]
    assert read(action, client=agent_client).facts["Combien de personnes"] == [words]


def test_sheet_shows_a_named_contact_only_while_the_consent_holds(read, unit):
    contact = ContactFactory(named=True, label="MDS du Lac", email="camille@example.org", phone="01 99 00 00 09")
    action = ActionFactory(published=True, carrier_unit=unit, contact=contact)
    assert read(action).facts["À qui écrire"] == [
        "Camille Exemple, MDS du Lac",
        "camille@example.org",
        "01 99 00 00 09",
    ]

    contact.consent_withdrawn_on = timezone.localdate()
    with transaction.atomic():
        contact.save()
    page = read(action)
    assert page.facts["À qui écrire"] == ["Service développement social", "service@example.org"]
    assert [secret for secret in ("Camille", "camille@", "01 99 00 00 09") if secret in page.html] == []

    ContactFactory(label="MDS du Lac, accueil", email="accueil@example.org", unit=unit)
    assert read(action).facts["À qui écrire"] == ["MDS du Lac, accueil", "accueil@example.org"]


def test_sheet_hides_a_photo_whose_rights_have_expired(read):
    action = ActionFactory(published=True)
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    MediaFactory(action=action, image=True, alt="La photo d’avant", rights_until=yesterday, position=0)
    MediaFactory(action=action, image=True, alt="Une table dressée", credit="Le service", position=1)
    MediaFactory(action=action, image=True, alt="Le jardin", title="Au jardin", credit="Une voisine", position=2)

    page = read(action)

    assert page.attributes("img", "alt") == ["Une table dressée", "Le jardin"]
    assert [page.words(caption) for caption in page.tree.iter("figcaption")] == [
        "Photo : Le service",
        "Au jardin. Photo : Une voisine",
    ]
    assert "La photo d’avant" not in page.html


def test_sheet_links_to_films_and_documents(read):
    action = ActionFactory(published=True)
    MediaFactory(action=action, title="Le film", url="https://example.org/film", credit="32 min")
    document = MediaFactory(action=action, image=True, kind=Media.Kind.DOCUMENT, title="Le jeu de l’oie")

    page = read(action)

    assert page.texts("media__link") == [
        "Le filmsur un autre site, 32 min",
        "Le jeu de l’oiedocument à télécharger (JPG, 1 Ko)",
    ]
    assert [a.get("href") for a in page.of_class("media__link")] == ["https://example.org/film", document.file.url]


def test_lineage_shows_only_sheets_that_the_reader_may_see(read, unit, agent_client):
    origin = ActionFactory(title="La grande sœur", carrier_unit=unit)
    action = ActionFactory(published=True, inspired_by=origin)
    ActionFactory(title="Le brouillon d’ici", carrier_unit=unit, inspired_by=action)
    ActionFactory(title="Le brouillon d’ailleurs", inspired_by=action)
    ActionFactory(title="La petite sœur", published=True, inspired_by=action)
    ActionFactory(title="La cousine", published=True, inspired_by=action, visibility="agents")

    public, inside = read(action).parts["filiation"], read(action, client=agent_client).parts["filiation"]

    titles = ("La grande sœur", "Le brouillon d’ici", "Le brouillon d’ailleurs", "La petite sœur", "La cousine")
    assert [title for title in titles if title in public] == ["La petite sœur"]
    assert [title for title in titles if title in inside] == [t for t in titles if t != "Le brouillon d’ailleurs"]


PAYLOAD = '"><img src=x onerror=alert(1)></script><script>alert(1)</script>'


def poison(model) -> dict[str, str]:
    """The payload, as long as each free text of the model allows."""
    return {
        field.name: PAYLOAD[: field.max_length or None]
        for field in model._meta.fields
        if isinstance(field, CharField | TextField)
        and not field.choices
        and field.editable
        and field.name not in ("slug", "email", "phone", "file", "rhythm_ordinals", "code")
    }


def test_every_text_of_the_sheet_is_escaped(read):
    plain = read(ActionFactory(published=True))
    action = ActionFactory(
        **{**poison(Action), "outcome": "stopped", "editorial_state": "published", "published_at": timezone.now()},
        domain=DomainFactory(**poison(DomainFactory._meta.model)),
        audiences=[AudienceFactory(name=PAYLOAD)],
        places=[TerritoryFactory(name=PAYLOAD)],
        levers=[LeverFactory(name=PAYLOAD, advice=PAYLOAD)],
        themes=[ThemeFactory(name=PAYLOAD)],
        frameworks=[FrameworkFactory(name=PAYLOAD)],
        carrier_unit=TerritoryFactory(local_unit=True, name=PAYLOAD),
        contact=ContactFactory(label=PAYLOAD),
    )
    PartnershipFactory(action=action, partner=PartnerFactory(name=PAYLOAD), notes=PAYLOAD)
    for factory in (
        GoalFactory,
        CriterionFactory,
        TeamMemberFactory,
        BudgetLineFactory,
        StaffTimeFactory,
        QuoteFactory,
    ):
        factory(action=action, **poison(factory._meta.model))
    SessionFactory(action=action, date=timezone.localdate(), place=PAYLOAD)
    MediaFactory(action=action, **{**poison(Media), "url": "https://example.org/?q=" + PAYLOAD})
    BudgetLine.objects.update(planned=1)

    page = read(action)

    assert page.attributes("img", "src") == []
    assert len(list(page.tree.iter("script"))) == len(list(plain.tree.iter("script")))
    assert page.html.count("&lt;img src=x") >= 40
    data = json.loads(next(e.text for e in page.tree.iter("script") if e.get("type") == "application/ld+json"))
    assert data["@graph"][0]["name"] == PAYLOAD
    assert_valid_html(page.html)


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//example.org", "JaVaScRiPt:alert(1)"])
def test_sheet_follows_only_addresses_of_the_web(read, url):
    action = ActionFactory(published=True, source="Le magazine", source_url=url)
    MediaFactory(action=action, url=url)

    page = read(action)

    assert page.texts("source")[0].count("D’après un document non daté (Le magazine), non revérifié.") == 1
    assert [href for href in page.attributes("a", "href") if href.lower() == url.lower()] == []
    assert page.texts("media__link") == []
