"""The catalogue in a browser: filtered without a reload, by keyboard, on a phone, and without any script."""

import pytest
from playwright.sync_api import expect

from tests.factories import ActionFactory, AliasFactory, DomainFactory, TerritoryFactory


@pytest.fixture
def sheets(transactional_db):
    """Two sheets of one domain and one of another."""
    talk, food = DomainFactory(name="Groupe de parole"), DomainFactory(name="Alimentation")
    for title, domain in (("Paroles de parents", talk), ("Paroles de pères", talk), ("La marmite", food)):
        ActionFactory(title=title, domain=domain, published=True)


def titles(page) -> set[str]:
    return set(page.locator("[data-action] h2").all_inner_texts())


def test_filtering_changes_results_address_title_and_focus_without_a_reload(page, axe, sheets):
    page.goto("/actions/")
    page.evaluate("window.same = true")

    page.get_by_role("checkbox", name="Alimentation").check()
    page.get_by_role("button", name="Voir les 3 actions").click()
    expect(page.locator("#results-count")).to_have_text("1 action")
    assert titles(page) == {"La marmite"}
    assert page.url.endswith("/actions/?domaine=alimentation")
    expect(page).to_have_title("Les actions collectives – 1\N{NO-BREAK SPACE}action – Département de l’Ain")
    expect(page.get_by_role("heading", name="Résultats")).to_be_focused()
    expect(page.locator("#announcer")).to_have_text("1 action")
    axe(page)

    page.get_by_role("link", name="Retirer le filtre Alimentation").click()
    expect(page.locator("#results-count")).to_have_text("3 actions")
    expect(page.get_by_role("heading", name="Résultats")).to_be_focused()
    assert page.evaluate("window.same") is True

    page.go_back()
    expect(page.locator("#results-count")).to_have_text("1 action")
    expect(page.get_by_role("banner")).to_have_count(1)


def test_more_filters_open_in_place_and_take_the_focus(page, axe, sheets):
    page.goto("/actions/")
    page.get_by_role("link", name="Plus de filtres").click()
    expect(page.locator("#more-filters summary").first).to_be_focused()
    assert page.url.endswith("/actions/")
    axe(page)


def test_filters_rise_on_a_phone_close_with_escape_and_give_the_focus_back(page, axe, sheets):
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto("/actions/")
    opener = page.get_by_role("button", name="Filtrer")
    opener.click()
    expect(page.get_by_role("button", name="Voir les 3 actions")).to_be_in_viewport()
    axe(page)

    page.keyboard.press("Escape")
    expect(page.get_by_role("checkbox", name="Alimentation")).to_be_hidden()
    expect(opener).to_be_focused()
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_commune_is_found_by_its_postal_code_and_the_keyboard_alone(page, axe, sheets):
    oyonnax = TerritoryFactory(name="Oyonnax", code="01283", latitude=46.25, longitude=5.65)
    AliasFactory(territory=oyonnax, kind="postal_code", text="01100")
    page.goto("/groupes/")
    field = page.get_by_label("Dans quelle commune")

    field.press_sequentially("0110")
    expect(page.get_by_role("option")).to_have_text(["Oyonnax code postal 01100"])
    field.press("ArrowDown")
    field.press("Enter")
    expect(field).to_have_value("Oyonnax (01283)")
    axe(page)
    field.press("Enter")

    expect(page.get_by_role("heading", name="près d’Oyonnax")).to_be_visible()


def test_everything_works_without_script(browser, browser_context_args, sheets):
    page = browser.new_context(**browser_context_args, java_script_enabled=False).new_page()
    page.goto("/actions/")
    page.get_by_role("checkbox", name="Groupe de parole").check()
    page.get_by_role("button", name="Voir les 3 actions").click()
    assert titles(page) == {"Paroles de parents", "Paroles de pères"}

    page.get_by_label("Rechercher une action").fill("pères")
    page.get_by_label("Rechercher une action").press("Enter")
    assert titles(page) == {"Paroles de pères"}

    page.get_by_role("link", name="Plus de filtres").click()
    expect(page.locator("#more-filters details").first).to_be_visible()
    page.context.close()
