"""The agenda in a real browser: buttons by keyboard, drag by mouse, and what somebody else did meanwhile."""

import json

import pytest

from meetings.workflows import reorder
from tests.factories import ActionFactory, AgendaItemFactory, MeetingFactory, UserFactory
from tests.meetings.hand import agenda_base

NAMES = ["Accueil", "Cuisine", "Mobilité"]


@pytest.fixture
def meeting(transactional_db):
    meeting = MeetingFactory()
    for place, name in enumerate(NAMES):
        AgendaItemFactory(meeting=meeting, topic=True, title=name, position=place, minutes=20)
    return meeting


@pytest.fixture
def page(page, meeting, client_of, live_server):
    """The agenda being prepared, for a manager; with no script it would be the same page."""
    page.set_default_timeout(8000)
    cookie = client_of(UserFactory(manager=True)).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    page.goto(f"/isic/{meeting.pk}/preparer/")
    return page


def shown(page) -> list[str]:
    return page.locator("[data-item] .passage__title").all_inner_texts()


def stored(meeting) -> list[str]:
    return [item.title for item in meeting.items.order_by("position")]


def button(page, verb, name):
    return page.get_by_role("button", name=f"{verb} {name}", exact=True)


@pytest.mark.browser
def test_keyboard_moves_a_passage_and_stays_on_it(browser, page, meeting, axe):
    button(page, "Monter", "Mobilité").focus()
    page.keyboard.press("Enter")
    page.get_by_text("«\u00a0Mobilité\u00a0»\u00a0: 2 sur 3, à 9\u00a0h\u00a050.").wait_for(state="attached")
    assert page.evaluate("document.activeElement.id").startswith("up-")

    page.keyboard.press("Enter")
    page.get_by_text("«\u00a0Mobilité\u00a0»\u00a0: 1 sur 3").wait_for(state="attached")

    assert shown(page) == stored(meeting) == ["Mobilité", "Accueil", "Cuisine"]
    assert page.evaluate("document.activeElement.id").startswith("down-")  # at the top, « Monter » is out of use
    axe(page)


@pytest.mark.browser
def test_mouse_drags_a_passage(browser, page, meeting):
    handle = page.locator("[data-item]").nth(2).locator("[data-handle]").bounding_box()
    first = page.locator("[data-item]").first.bounding_box()
    page.mouse.move(handle["x"] + 10, handle["y"] + 10)
    page.mouse.down()
    page.mouse.move(handle["x"] + 10, first["y"] + 4, steps=8)
    page.mouse.up()
    page.get_by_text("«\u00a0Mobilité\u00a0»\u00a0: 1 sur 3").wait_for(state="attached")

    assert shown(page) == stored(meeting) == ["Mobilité", "Accueil", "Cuisine"]
    assert page.locator("time").first.inner_text() == "9\u00a0h\u00a030"


@pytest.mark.browser
def test_escape_puts_a_dragged_passage_back(browser, page, meeting):
    handle = page.locator("[data-item]").nth(2).locator("[data-handle]").bounding_box()
    page.mouse.move(handle["x"] + 10, handle["y"] + 10)
    page.mouse.down()
    page.mouse.move(handle["x"] + 10, handle["y"] - 300, steps=5)
    assert shown(page) != NAMES
    page.keyboard.press("Escape")
    page.mouse.up()

    assert shown(page) == stored(meeting) == NAMES


@pytest.mark.browser
def test_minutes_that_were_typed_go_with_the_move(browser, page, meeting):
    page.get_by_label("Minutes de «\u00a0Accueil\u00a0»").fill("45")
    button(page, "Descendre", "Cuisine").click()
    page.get_by_text("«\u00a0Cuisine\u00a0»\u00a0: 3 sur 3, à 10\u00a0h\u00a035.").wait_for(state="attached")

    assert meeting.items.get(title="Accueil").minutes == 45


@pytest.mark.browser
def test_what_another_manager_did_is_shown(browser, page, meeting):
    keys = list(meeting.items.values_list("pk", flat=True))
    reorder(meeting, keys[::-1], {}, base=json.loads(agenda_base(meeting)["base"]))

    button(page, "Descendre", "Accueil").click()
    page.get_by_text("L’ordre du jour a changé entre-temps").wait_for()

    assert shown(page) == NAMES[::-1]
    button(page, "Monter", "Accueil").click()
    page.get_by_text("«\u00a0Accueil\u00a0»\u00a0: 2 sur 3").wait_for(state="attached")
    assert stored(meeting) == ["Mobilité", "Accueil", "Cuisine"]


@pytest.mark.browser
def test_session_that_ended_leads_to_the_sign_in_page(browser, page):
    page.context.clear_cookies()

    button(page, "Monter", "Mobilité").click()

    page.wait_for_url("**/compte/login/**")


@pytest.mark.browser
def test_action_is_added_by_the_first_letters_of_its_name(browser, page, meeting):
    ActionFactory(title="Jardin partagé", published=True)

    page.get_by_role("combobox", name="Quelle action").press_sequentially("jardin")
    page.get_by_role("option", name="Jardin partagé").click()
    page.get_by_role("button", name="Ajouter l’action").click()

    page.get_by_text("«\u00a0Jardin partagé\u00a0» est à l’ordre du jour").wait_for()
    assert shown(page)[-1] == "Jardin partagé"
