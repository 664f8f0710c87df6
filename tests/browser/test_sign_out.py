"""Signing out asks what becomes of the texts that wait in the browser: they belong to the account."""

import pytest
from playwright.sync_api import expect

from actions.models import Action
from tests.browser.test_keep import address, drafts_of, reason
from tests.factories import ActionFactory

OTHER = "localStorage.setItem('brouillon/0/x', JSON.stringify({ name: 'x', at: Date.now(), entries: [], texts: [] }))"


@pytest.fixture
def page(page_of, manager, unit):
    """Of somebody whose reason is typed and not sent."""
    proposed = ActionFactory(title="Cuisine", carrier_unit=unit, editorial_state=Action.EditorialState.PROPOSED)
    page = page_of(manager)
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(address(proposed))
    reason(page).fill("Dites où cela se passe.")
    page.goto("/compte/")
    assert drafts_of(page) == 1
    return page


def sign_out(page):
    """What the browser was told, once it is signed out."""
    button = page.locator("main").get_by_role("button", name="Se déconnecter")
    with page.expect_response(lambda answer: answer.request.method == "POST" and "logout" in answer.url) as answer:
        button.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Que cherchez-vous")
    return answer.value.all_headers()["clear-site-data"]


@pytest.mark.parametrize(("choice", "left"), [("Les garder", 1), ("Les effacer", 0)])
def test_owner_says_whether_the_texts_go(choice, left, page, axe):
    page.get_by_role("button", name="Se déconnecter").click()
    expect(page.get_by_text("attendent dans ce navigateur (1)")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Se déconnecter").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Se déconnecter\u00a0?")  # nothing is chosen yet

    page.get_by_label(choice).check()
    stores = sign_out(page)

    assert drafts_of(page) == left
    assert ("storage" in stores) == (left == 0)


def test_texts_of_another_account_stay(page):
    page.evaluate(OTHER)
    page.goto("/compte/logout/")
    page.get_by_label("Les effacer").check()

    stores = sign_out(page)

    assert (stores, page.evaluate("Object.keys(localStorage)")) == ('"cache"', ["brouillon/0/x"])


def test_without_a_text_nothing_is_asked(page_of, agent):
    page = page_of(agent)
    page.goto("/compte/")

    assert "storage" in sign_out(page)
