"""What robots read."""

import xml.etree.ElementTree as ET

import pytest
from django.utils import timezone

from actions.models import Action
from catalogue.views import machines
from tests.factories import ActionFactory

pytestmark = pytest.mark.django_db

LOC = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"


def addresses(client, path: str = "/sitemap.xml") -> list[str]:
    response = client.get(path)
    assert response["Content-Type"] == "application/xml"
    return [loc.text.removeprefix("http://127.0.0.1:8000") for loc in ET.fromstring(response.content).iter(LOC)]


def test_sitemap_lists_the_entrances_and_the_public_sheets_only(client, manager_client):
    ActionFactory(title="Brouillon")
    ActionFactory(title="Archivée", editorial_state="archived")
    ActionFactory(title="Aux agents", published=True, visibility=Action.Visibility.AGENTS)
    ActionFactory(title="Publique", published=True)

    expected = ["/", "/actions/", "/groupes/", "/territoires/", "/actions/publique/"]
    assert addresses(client) == expected
    assert addresses(manager_client) == expected


def test_sitemap_dates_the_sheets_and_uses_the_address_of_the_site(client, settings):
    settings.SITE_URL = "https://actions.example.org"
    action = ActionFactory(title="Publique", published=True)

    text = client.get("/sitemap.xml", headers={"host": "127.0.0.1"}).text

    changed_on = timezone.localdate(action.updated_at)
    assert f"<loc>https://actions.example.org/actions/publique/</loc><lastmod>{changed_on}</lastmod>" in text


def test_sitemap_goes_on_in_further_files_that_robots_find(client, monkeypatch):
    monkeypatch.setattr(machines, "ADDRESSES_PER_FILE", 2)
    slugs = [ActionFactory(published=True).slug for _ in range(3)]

    assert addresses(client)[4:] == [f"/actions/{slug}/" for slug in slugs[:2]]
    assert addresses(client, "/sitemap-2.xml") == [f"/actions/{slugs[2]}/"]
    assert client.get("/sitemap-3.xml").status_code == 404
    assert [line for line in client.get("/robots.txt").text.split("\n") if line.startswith("Sitemap")] == [
        "Sitemap: http://127.0.0.1:8000/sitemap.xml",
        "Sitemap: http://127.0.0.1:8000/sitemap-2.xml",
    ]


def test_robots_keep_out_of_accounts_and_of_combinations_of_filters(client):
    response = client.get("/robots.txt")

    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response.text == (
        "User-agent: *\nDisallow: /admin/\nDisallow: /compte/\nDisallow: /actions/?\nDisallow: /groupes/?\n\n"
        "Sitemap: http://127.0.0.1:8000/sitemap.xml\n"
    )


@pytest.mark.parametrize("path", ["/sitemap.xml", "/robots.txt"])
def test_machines_only_read(client, path):
    assert client.post(path).status_code == 405


@pytest.mark.parametrize("number", [1, 3])
def test_sitemap_asks_as_many_queries_whatever_it_lists(client, django_assert_num_queries, number):
    for _ in range(number):
        ActionFactory(published=True)

    with django_assert_num_queries(2):
        client.get("/sitemap.xml")
