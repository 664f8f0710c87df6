"""The deck of a meeting in a browser: by keyboard, clicker, finger and mouse, without network, and nothing that spills."""

import re

import pytest
from playwright.sync_api import expect

from meetings.models import AgendaItem
from tests.factories import (
    ActionFactory,
    AgendaItemFactory,
    GoalFactory,
    MediaFactory,
    MeetingFactory,
    PartnershipFactory,
    PresenterFactory,
    QuoteFactory,
    SessionFactory,
)

LONG = "<p>" + "Une phrase assez longue pour que la suite ne tienne jamais sur une seule diapositive. " * 12 + "</p>"
#: Of the slide in view: whether anything is out of it, or cut where nothing says so.
SPILLS = """() => {
  const slide = document.querySelector("[data-slide]:not([hidden])");
  const right = [...slide.querySelectorAll("*")].filter((e) => !e.closest("svg, .slide__art"));
  return slide.scrollHeight > slide.clientHeight + 1 || slide.scrollWidth > slide.clientWidth + 1
    || right.some((e) => e.getBoundingClientRect().right > innerWidth + 1);
}"""


def add_action(meeting, number: int, **values) -> AgendaItem:
    action = ActionFactory(published=True, **{"title": f"Action numéro {number}", **values})
    GoalFactory(action=action)
    PartnershipFactory(action=action)
    SessionFactory(action=action)
    item = AgendaItemFactory(meeting=meeting, action=action, position=number, minutes=10, notes=f"Note {number}")
    PresenterFactory(item=item, function="assistante sociale")
    return item


@pytest.fixture
def meeting(transactional_db):
    """Three actions: a short one, one whose every text is too long, one with a photo and somebody's words."""
    meeting = MeetingFactory(notes="Dire bonjour")
    add_action(meeting, 1, context="<p>Des voisins seuls.</p>")
    texts = dict.fromkeys(("context", "description", "effects_residents", "equipment"), LONG)
    title = "Une action dont le titre est bien trop long, " * 3
    long = add_action(
        meeting, 2, title=title, summary="Un résumé plutôt long. " * 12, rhythm_notes="tous les jours " * 12, **texts
    )
    QuoteFactory(action=long.action, text="Ici, on m’attend et l’on m’écoute. " * 15, speaker="une participante")
    last = add_action(meeting, 3, effects_residents="<p>On se parle.</p>")
    MediaFactory(action=last.action, image=True, credit="Le service")
    QuoteFactory(action=last.action, speaker="une participante")
    return meeting


@pytest.fixture
def deck(page, client_of, manager, base_url):
    """`deck(meeting)`: its presentation, opened by a manager."""
    session = client_of(manager).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": base_url}])
    page.emulate_media(reduced_motion="reduce")

    def open_deck(meeting, hash_: str = ""):
        page.goto(f"/isic/{meeting.pk}/presentation/{hash_}")
        return page

    return open_deck


def total(page) -> int:
    return page.locator("[data-slide]").count()


def at(page, number: int) -> None:
    """This slide, and no other, with all that goes with it."""
    words = f"Diapositive {number} sur {total(page)}"
    expect(page.get_by_role("status")).to_have_text(words)
    expect(page.locator("[data-slide]:not([hidden])")).to_have_id(str(number))
    expect(page).to_have_title(re.compile("^Présentation" if number == 1 else re.escape(words)))


def test_eight_actions_by_keyboard_alone(deck, transactional_db):
    meeting = MeetingFactory()
    for number in range(8):
        add_action(meeting, number)
    page = deck(meeting)
    at(page, 1)
    last = total(page)
    for number in range(2, last + 1):
        page.keyboard.press("ArrowRight")
        at(page, number)
        expect(page.locator(f"[id='titre-{number}']")).to_be_focused()
    page.keyboard.press("ArrowRight")
    at(page, last)
    for key, number in (("Home", 1), ("End", last), ("PageUp", last - 1), ("PageDown", last), ("ArrowLeft", last - 1)):
        page.keyboard.press(key)
        at(page, number)
    page.keyboard.press("Space")
    at(page, last)
    page.keyboard.press("Shift+Space")
    at(page, last - 1)
    page.keyboard.press("Escape")
    page.wait_for_url(f"**/isic/{meeting.pk}/")


def test_each_slide_has_its_address(deck, meeting):
    page = deck(meeting, "#4")
    at(page, 4)
    page.reload()
    at(page, 4)
    page.get_by_role("button", name="Diapositive suivante").click()
    at(page, 5)
    page.go_back()
    at(page, 4)
    page.go_forward()
    at(page, 5)


def test_network_may_go(deck, meeting):
    page = deck(meeting)
    page.wait_for_load_state("networkidle")
    page.keyboard.press("ArrowRight")
    page.context.set_offline(True)
    last = total(page)
    for number in range(3, last + 1):
        page.keyboard.press("PageDown")
        at(page, number)
    assert page.evaluate(
        "[...document.querySelectorAll('[data-photo]')].every((one) => one.naturalWidth && !one.hidden)"
    )
    page.keyboard.press("Escape")
    at(page, last)
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("link", name="Version texte").click()
    expect(page.locator("[data-slide]:not([hidden])")).to_have_count(last)


def test_photo_that_does_not_come_leaves_the_pattern(deck, meeting, page):
    page.route("**/media/**", lambda route: route.abort())
    deck(meeting)
    page.locator(".slide--photo").evaluate("(slide) => { location.hash = slide.id }")
    expect(page.get_by_role("heading", name="Action numéro 3")).to_be_visible()
    expect(page.locator(".slide--photo .slide__art")).to_be_visible()
    expect(page.locator("[data-photo]")).to_be_hidden()


def test_overview_leads_to_any_slide(deck, meeting, axe):
    page = deck(meeting)
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("button", name="Toutes les diapositives").click()
    expect(page.get_by_role("link", name="1 Instance ISIC")).to_be_focused()
    axe(page)
    page.get_by_role("link", name="4 L’action en bref", exact=True).click()
    at(page, 4)
    expect(page.locator("[id='titre-4']")).to_be_focused()
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_shortcuts_of_one_key_are_off_until_wanted_and_may_change(deck, meeting, axe):
    page = deck(meeting, "#3")
    notes, time = page.get_by_role("complementary", name="Notes du service"), page.get_by_role("timer")
    page.keyboard.press("n")
    page.keyboard.press("t")
    expect(notes).to_be_hidden()
    expect(time).to_be_hidden()

    page.get_by_role("button", name="Menu").click()
    page.get_by_role("button", name="Raccourcis clavier").click()
    axe(page)
    page.get_by_label("Utiliser aussi des raccourcis").check()
    page.get_by_label("Touche du temps restant").fill("r")
    page.get_by_role("button", name="Fermer").last.click()
    page.keyboard.press("n")
    expect(notes).to_contain_text("Note 1")
    page.keyboard.press("t")
    expect(time).to_be_hidden()
    page.keyboard.press("r")
    expect(time).to_have_text("10\N{NO-BREAK SPACE}min")
    axe(page)

    page.reload()
    page.keyboard.press("n")
    expect(notes).to_be_visible()
    page.keyboard.press("n")
    expect(notes).to_be_hidden()


def test_finger_and_mouse(deck, meeting, browser, browser_context_args, page):
    deck(meeting)
    page.locator("[data-slide]:not([hidden])").click(position={"x": 20, "y": 20})
    at(page, 2)

    phone = browser.new_context(**browser_context_args, viewport={"width": 360, "height": 640}, has_touch=True)
    phone.add_cookies(page.context.cookies())
    page = phone.new_page()
    page.goto(f"/isic/{meeting.pk}/presentation/")
    swipe = """([from, to]) => {
      const stage = document.querySelector("[data-stage]");
      const touch = (clientX) => new Touch({ identifier: 1, target: stage, clientX, clientY: 300 });
      stage.dispatchEvent(new TouchEvent("touchstart", { touches: [touch(from)], changedTouches: [touch(from)] }));
      stage.dispatchEvent(new TouchEvent("touchend", { touches: [], changedTouches: [touch(to)] }));
    }"""
    page.evaluate(swipe, [300, 60])
    at(page, 2)
    page.evaluate(swipe, [60, 300])
    at(page, 1)
    page.get_by_role("button", name="Diapositive suivante").tap()
    at(page, 2)
    phone.close()


@pytest.mark.parametrize(
    ("width", "height"), [(1920, 1080), (1280, 720), (1024, 768), (360, 640), (640, 360), (320, 512)]
)
def test_nothing_spills(deck, meeting, page, width, height):
    page.set_viewport_size({"width": width, "height": height})
    deck(meeting)
    spilt = []
    for number in range(1, total(page) + 1):
        at(page, number)
        if page.evaluate(SPILLS):
            spilt.append(page.locator("[data-slide]:not([hidden])").get_attribute("class"))
        page.keyboard.press("PageDown")
    assert spilt == []
    if width > 1000:  # what is left out says so
        page.locator(".slide--text .slide__more:not([hidden])").first.evaluate(
            "(e) => { location.hash = e.closest('section').id }"
        )
        expect(page.get_by_role("link", name="la suite sur la fiche")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_slide_is_accessible(deck, meeting, page, axe, scheme):
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    deck(meeting)
    seen = set()
    for number in range(1, total(page) + 1):
        at(page, number)
        kind = page.locator("[data-slide]:not([hidden])").get_attribute("class").partition(" hue")[0]
        if kind not in seen:
            axe(page)
        seen.add(kind)
        page.keyboard.press("PageDown")
    page.goto(f"{page.url.partition('#')[0]}#texte")
    expect(page.get_by_role("banner")).to_be_visible()
    axe(page)


def test_without_script_it_is_a_text(deck, meeting, browser, browser_context_args, page):
    deck(meeting)
    plain = browser.new_context(**browser_context_args, java_script_enabled=False)
    plain.add_cookies(page.context.cookies())
    text = plain.new_page()
    text.set_viewport_size({"width": 320, "height": 640})
    text.goto(f"/isic/{meeting.pk}/presentation/")
    expect(text.get_by_role("heading", level=2)).to_have_count(total(page))
    expect(text.get_by_role("button", name="Diapositive suivante")).to_be_hidden()
    plain.close()
