"""Signing in, the legal pages and the refusals, in a browser: accessible in every state, at the width of a phone."""

import pytest
from playwright.sync_api import expect

from tests.factories import PASSWORD

PAGES = [
    "/nulle-part/",
    "/mentions-legales/",
    "/donnees-personnelles/",
    "/accessibilite/",
    "/contact/",
    "/plan-du-site/",
    "/compte/signup/",
    "/compte/password/reset/",
]


@pytest.fixture
def phone(page):
    page.set_viewport_size({"width": 320, "height": 640})
    return page


@pytest.mark.parametrize("path", PAGES)
def test_page_is_accessible_and_fits_a_phone(phone, axe, path):
    phone.goto(path)

    axe(phone)
    assert phone.evaluate("document.documentElement.scrollWidth") == 320


def test_one_signs_in_by_keyboard_after_a_mistake_and_out_again(phone, axe, agent):
    phone.goto("/compte/login/?next=/compte/")
    phone.get_by_label("Adresse e-mail").fill(agent.email)
    phone.get_by_label("Mot de passe").fill("faux")
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("alert")).to_contain_text("L’adresse e-mail ou le mot de passe n’est pas le bon.")
    axe(phone)

    phone.get_by_label("Mot de passe").fill(PASSWORD)
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Mon compte")
    axe(phone)

    phone.get_by_role("link", name="Changer de mot de passe").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Changer de mot de passe")
    axe(phone)

    phone.goto("/compte/")
    phone.get_by_role("button", name="Se déconnecter").click()
    phone.goto("/compte/")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Se connecter")
