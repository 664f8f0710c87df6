"""The pages every public site owes its readers."""

import datetime as dt
import re
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from isic.checks import OWED, check_owed
from tests.pages import assert_valid_html, first_headings

PAGES = {
    "/mentions-legales/": "Mentions légales",
    "/donnees-personnelles/": "Données personnelles",
    "/accessibilite/": "Accessibilité",
    "/contact/": "Contact",
    "/plan-du-site/": "Plan du site",
}


@pytest.mark.parametrize(("path", "heading"), PAGES.items())
def test_legal_page_is_open_valid_and_named(client, db, path, heading):
    response = client.get(path)

    assert first_headings(response.text) == [heading]
    assert f"<title>{heading} – " in response.text
    assert_valid_html(response.text)


@pytest.mark.parametrize("path", PAGES)
def test_legal_page_leaves_no_cookie(client, db, path):
    assert not client.get(path).cookies


@pytest.mark.parametrize("path", PAGES)
def test_legal_page_is_in_the_footer(client, db, path):
    assert f'href="{path}"' in client.get("/contact/").text.partition("<footer")[2]


def test_legal_pages_say_what_the_settings_say(client, db, settings):
    settings.LEGAL_PUBLISHER = "le Département d’essai"
    settings.LEGAL_HOST = "un hébergeur d’essai"
    settings.DPO_EMAIL = "dpo@example.org"
    settings.ACCESSIBILITY_EMAIL = "acces@example.org"

    legal, privacy, accessibility = (
        client.get(path).text for path in ("/mentions-legales/", "/donnees-personnelles/", "/accessibilite/")
    )

    assert "le Département d’essai" in legal
    assert "un hébergeur d’essai" in legal
    assert 'href="mailto:dpo@example.org"' in privacy
    assert 'href="mailto:acces@example.org"' in accessibility


def test_what_is_not_set_says_in_french_who_fills_it_in(client, db, settings):
    text = client.get("/mentions-legales/").text

    assert "L’éditeur du site et le nom de la personne qui dirige la publication ne figurent pas encore ici." in text
    assert "Le service juridique du département le donne à la personne qui installe le site" in text
    assert "L’hébergeur ne figure pas encore ici." in text
    assert not re.search("LEGAL_|à compléter", text)

    settings.LEGAL_PUBLISHER = settings.LEGAL_DIRECTOR = settings.LEGAL_HOST = "Le Département d’essai"
    assert "pas encore ici" not in client.get("/mentions-legales/").text


def test_accessibility_statement_without_audit_is_not_conform_and_dated(client, db, settings):
    settings.ACCESSIBILITY_DECLARED_ON = dt.date(2027, 3, 1)

    text = client.get("/accessibilite/").text

    assert "<strong>non conforme</strong>" in text
    assert "établie le 1er mars 2027" in text
    assert "Accessibilité&nbsp;: non conforme" in text.replace("\u00a0", "&nbsp;")
    assert "partiellement" not in text
    assert not re.search(r"\d+\s*%|taux", text)
    assert "schéma pluriannuel de mise en accessibilité du département, et son plan d’actions" in text

    settings.ACCESSIBILITY_PLAN_URL = "https://departement.test/schema"
    assert 'href="https://departement.test/schema"' in client.get("/accessibilite/").text


def test_deployment_check_asks_for_what_only_the_departement_can_say(settings):
    for name in OWED:
        setattr(settings, name, "")
    assert [warning.id for warning in check_owed(None)] == [f"isic.W00{n}" for n in range(1, 6)]

    settings.LEGAL_HOST = "Un hébergeur"
    assert not any("hébergeur" in warning.msg for warning in check_owed(None))


def test_deployment_check_is_run_by_the_command(db, settings):
    with pytest.raises(SystemCheckError, match="Il manque l’éditeur du site"):
        call_command("check", "--deploy", "--fail-level", "WARNING")


def test_security_txt_leads_to_the_page_of_contact_without_a_mailbox(client, db, settings):
    settings.SECURITY_EMAIL = ""

    assert f"Contact: {settings.SITE_URL}/contact/" in client.get("/.well-known/security.txt").text


def test_security_txt_names_a_contact_and_expires_within_a_year(client, db, settings):
    settings.SECURITY_EMAIL = "securite@example.org"

    response = client.get("/.well-known/security.txt")
    fields = dict(line.split(": ", 1) for line in response.text.splitlines())

    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert fields["Contact"] == "mailto:securite@example.org"
    assert fields["Canonical"] == f"{settings.SITE_URL}/.well-known/security.txt"
    assert timezone.now() < parse_datetime(fields["Expires"]) < timezone.now() + timedelta(days=365)


def test_theme_gives_the_accent_of_the_department(client, db, settings):
    settings.ACCENT_COLOR = "#0b3d91"

    response = client.get("/theme.css")

    assert '<link rel="stylesheet" href="/theme.css">' in client.get("/contact/").text
    assert response["Content-Type"] == "text/css; charset=utf-8"
    assert response["Cache-Control"] == "public, max-age=3600"
    assert "--accent: #0b3d91;" in response.text


def test_theme_is_neither_linked_nor_served_without_an_accent(client, db, settings):
    settings.ACCENT_COLOR = ""

    assert "/theme.css" not in client.get("/contact/").text
    assert client.get("/theme.css").status_code == 404


def test_browser_finds_an_icon_at_the_root(client):
    assert client.get("/favicon.ico")["Location"] == "/static/img/favicon.svg"


def test_site_map_follows_who_reads_it(client, agent_client, manager_client):
    stranger, agent, manager = (c.get("/plan-du-site/").text for c in (client, agent_client, manager_client))

    assert 'href="/compte/signup/"' in stranger
    assert 'href="/compte/"' in agent.partition("<main")[2]
    assert 'href="/admin/"' not in agent.partition("<main")[2]
    assert 'href="/admin/"' in manager.partition("<main")[2]
