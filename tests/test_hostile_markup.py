"""Markup typed in every text, then read wherever it shows: the client of the tests refuses what would run."""

import json

import pytest
from django.urls import reverse

from catalogue.models import Synonym
from partners.models import Contact, Partner
from tests.factories import (
    ActionFactory,
    AudienceFactory,
    ContactFactory,
    DomainFactory,
    FrameworkFactory,
    GoalFactory,
    LeverFactory,
    MediaFactory,
    PartnerFactory,
    PartnershipFactory,
    QuoteFactory,
    SessionFactory,
    SynonymFactory,
    TerritoryFactory,
    ThemeFactory,
    UserFactory,
)
from tests.pages import assert_valid_html

pytestmark = [pytest.mark.engine, pytest.mark.django_db]

PAYLOAD = "\"'><img src=x onerror=alert(1)></title></script><script>alert(1)</script><!--]]>"
PAGES = [
    "/",
    "/actions/",
    "/actions/?vue=tableau",
    "/actions/?filtres=tous",
    "/actions/?q=img",
    "/actions/?q=script+alert&tri=titre",
    "/groupes/",
    "/territoires/",
    "/plan-du-site/",
]


@pytest.fixture
def poisoned(db):
    """One public sheet of which every name is markup."""
    unit = TerritoryFactory(local_unit=True, name=PAYLOAD)
    partner = PartnerFactory(name=PAYLOAD, description=PAYLOAD, is_elsewhere=False)
    sheet = ActionFactory(
        published=True,
        title=PAYLOAD,
        summary=PAYLOAD,
        keywords=PAYLOAD,
        how_to_join=PAYLOAD,
        open_to_newcomers="yes",
        life_state="running",
        is_featured=True,
        rhythm_notes=PAYLOAD,
        description=f"<p>{PAYLOAD}</p>",
        domain=DomainFactory(name=PAYLOAD, description=PAYLOAD),
        audiences=[AudienceFactory(name=PAYLOAD)],
        themes=[ThemeFactory(name=PAYLOAD)],
        frameworks=[FrameworkFactory(name=PAYLOAD)],
        levers=[LeverFactory(name=PAYLOAD, advice=PAYLOAD)],
        places=[TerritoryFactory(name=PAYLOAD, parent=TerritoryFactory(epci=True, name=PAYLOAD))],
        carrier_unit=unit,
        contact=ContactFactory(label=PAYLOAD, phone="01<b>", unit=unit),
    )
    PartnershipFactory(action=sheet, partner=partner, notes=PAYLOAD)
    ContactFactory(label=PAYLOAD, partner=partner)
    GoalFactory(action=sheet, text=PAYLOAD)
    QuoteFactory(action=sheet, text=PAYLOAD, speaker=PAYLOAD)
    SessionFactory(action=sheet, place=PAYLOAD)
    MediaFactory(action=sheet, image=True, title=PAYLOAD, alt=PAYLOAD, credit=PAYLOAD)
    SynonymFactory(words=f"{PAYLOAD}, img")
    return sheet


def assert_inert(html: str) -> None:
    assert "<img src=x" not in html
    assert "<script>alert" not in html


@pytest.mark.parametrize("reader", ["client", "manager_client"])
@pytest.mark.parametrize("path", PAGES)
def test_public_page_shows_markup_as_words(path, reader, poisoned, request):
    html = request.getfixturevalue(reader).get(path).text

    assert_inert(html)
    assert_valid_html(html)


def test_pages_of_names_show_markup_as_words(poisoned, client):
    things = [poisoned, poisoned.carrier_unit, *poisoned.places.all(), *Partner.objects.all()]
    asked = [
        f"/actions/?domaine={poisoned.domain.slug}",
        f"/actions/?partenaire={PAYLOAD}",
        "/groupes/?commune=" + PAYLOAD[:60],
    ]

    pages = [client.get(address).text for address in (*(thing.get_absolute_url() for thing in things), *asked)]

    assert len(pages) == 7
    for html in pages:
        assert_inert(html)
        assert_valid_html(html)


def test_part_of_a_page_and_machines_get_markup_as_words(poisoned, client):
    answers = [
        client.get("/actions/?q=img", headers={"hx-request": "true"}),
        client.get("/sitemap.xml"),
        client.get("/robots.txt"),
    ]

    for answer in answers:
        assert answer.status_code == 200
        assert_inert(answer.text)


@pytest.mark.parametrize("param", ["q", "domaine", "territoire", "annee", "tri", "vue", "page", "tout", "filtres"])
def test_address_is_shown_as_words(param, poisoned, client):
    html = client.get("/actions/", {param: PAYLOAD}).text

    assert_inert(html)
    assert_valid_html(html)


def test_administration_shows_markup_as_words(poisoned, admin_client, admin_user):
    UserFactory(email="x@example.org", full_name=PAYLOAD, function=PAYLOAD)
    rows = [
        poisoned,
        poisoned.domain,
        poisoned.carrier_unit,
        Partner.objects.first(),
        Contact.objects.first(),
        Synonym.objects.first(),
    ]
    pages = [
        "/admin/",
        "/admin/accounts/user/",
        *(reverse(f"admin:{r._meta.label_lower.replace('.', '_')}_changelist") for r in rows),
        *(
            reverse(f"admin:{r._meta.label_lower.replace('.', '_')}_{page}", args=[r.pk])
            for r in rows
            for page in ("change", "history", "delete")
        ),
    ]

    for path in pages:
        response = admin_client.get(path, follow=True)
        assert response.status_code in (200, 403)
        assert_inert(response.text)

    data = {"action": "archive", "_selected_action": [poisoned.pk], "index": 0}
    assert_inert(admin_client.post("/admin/actions/action/", data).text)
    assert_inert(admin_client.post("/admin/actions/action/", data | {"reason": PAYLOAD}, follow=True).text)
    assert_inert(admin_client.get(poisoned.get_absolute_url()).text)


def test_choices_of_the_administration_are_data(poisoned, manager_client):
    response = manager_client.get(
        "/admin/autocomplete/?app_label=actions&model_name=action&field_name=carrier_unit&term=img"
    )

    assert response["Content-Type"] == "application/json"
    assert [row["text"][: len(PAYLOAD)] for row in json.loads(response.content)["results"]] == [PAYLOAD]
