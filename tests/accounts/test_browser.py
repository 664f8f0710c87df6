"""A manager's first day, by keyboard at the width of a phone: the invitation, the second factor, the next sign-in."""

import time

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from playwright.sync_api import expect

from accounts.invitations import link
from tests.factories import UserFactory

PASSWORD = "Violon, marmite et 3 nuages"


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def test_manager_comes_in_by_invitation_and_by_code(page, axe, live_server):
    cache.clear()
    manager = UserFactory(manager=True, password=None, second_factor=False)
    page.set_viewport_size({"width": 320, "height": 640})
    title = page.get_by_role("heading", level=1)

    page.goto(f"/compte/{link(manager).partition('/compte/')[2]}")
    axe(page)
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_label("Le même, une seconde fois").fill(PASSWORD)
    page.keyboard.press("Enter")

    expect(title).to_have_text("Activer la double authentification")
    axe(page)
    assert page.locator("img.qr").evaluate("image => image.naturalWidth") > 0  # the policy lets the square be seen
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    secret = page.locator(".key").inner_text().replace(" ", "").replace("\n", "")
    page.get_by_label("Code affiché par l’application").fill("abc")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Ce code n’est pas le bon")
    axe(page)
    page.get_by_label("Code affiché par l’application").fill(code_of(secret))
    page.keyboard.press("Enter")

    expect(title).to_have_text("Codes de secours")
    axe(page)
    expect(page.get_by_role("button", name="Imprimer")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Télécharger").click()
    assert download.value.suggested_filename == "codes-de-secours.txt"
    recovery = page.locator(".codes code").first.inner_text()
    page.goto("/admin/")
    expect(title).to_have_text("Tableau de bord")

    page.goto("/compte/")
    axe(page)
    page.get_by_role("button", name="Se déconnecter").click()
    page.wait_for_url(f"{live_server.url}/")
    page.goto("/compte/login/")
    page.get_by_label("Adresse e-mail").fill(manager.email)
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(title).to_have_text("Votre code")
    axe(page)
    page.get_by_label("Code").fill(recovery)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{live_server.url}/mes-actions/")
    page.goto("/admin/")
    expect(title).to_have_text("Tableau de bord")
