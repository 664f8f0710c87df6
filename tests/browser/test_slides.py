"""The deck of a meeting in a browser: by keyboard, clicker, finger and mouse, without network, and nothing that spills."""

import re

import pytest
from django.db import transaction
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
from tests.screens import WIDTHS_AND_SCHEMES

LONG = "<p>" + "Une phrase assez longue pour que la suite ne tienne jamais sur une seule diapositive. " * 12 + "</p>"
#: Of the slide in view: whether anything is out of it on a side; whether it scrolls; the least size of its words.
LOOKS = """() => {
  const slide = document.querySelector("[data-slide]:not([hidden])");
  const parts = [...slide.querySelectorAll("*")].filter((e) => !e.closest("svg, .slide__art") && e.checkVisibility());
  const isSeen = (e) => e.innerText && !e.closest(".visually-hidden");
  return {
    spills: slide.scrollWidth > slide.clientWidth + 1 || parts.some((e) => e.getBoundingClientRect().right > innerWidth + 1),
    scrolls: slide.scrollHeight > slide.clientHeight + 1,
    least: Math.min(...parts.filter(isSeen).map((e) => parseFloat(getComputedStyle(e).fontSize))),
  };
}"""
TAKEN = "Cette touche sert déjà\u00a0: choisissez-en une autre."
#: Every photo has come, and asks for nothing more whatever becomes of the window.
PHOTOS_KEPT = """() => [...document.querySelectorAll("[data-photo]")]
  .every((one) => one.complete && one.naturalWidth && !one.srcset && !one.hidden)"""


def add_action(meeting, number: int, **values) -> AgendaItem:
    action = ActionFactory(published=True, **{"title": f"Action numéro {number}", **values})
    GoalFactory(action=action)
    PartnershipFactory(action=action)
    SessionFactory(action=action)
    item = AgendaItemFactory(meeting=meeting, action=action, position=number, minutes=10, notes=f"Note {number}")
    PresenterFactory(item=item, function="assistante sociale")
    return item


@pytest.fixture
@transaction.atomic
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
    expect(page.locator("[data-status]")).to_have_text(words)
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
        # Said once, with the heading: nothing is live that would say it again.
        expect(page.locator(":focus")).to_have_accessible_description(f"Diapositive {number} sur {last}")
    expect(page.get_by_role("status")).to_have_text("")
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
    page.wait_for_function(PHOTOS_KEPT)
    page.keyboard.press("ArrowRight")
    page.context.set_offline(True)
    page.set_viewport_size({"width": 1920, "height": 1080})
    last = total(page)
    for number in range(3, last + 1):
        page.keyboard.press("PageDown")
        at(page, number)
    assert page.evaluate(PHOTOS_KEPT)
    page.keyboard.press("Escape")
    expect(page.get_by_role("status")).to_contain_text("Le réseau est coupé")
    page.get_by_role("link", name="Quitter").click()
    expect(page.get_by_role("status")).to_contain_text("Le réseau est coupé")
    at(page, last)
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("link", name="Version texte").click()
    expect(page.locator("[data-slide]:not([hidden])")).to_have_count(last)


def test_server_may_go(deck, meeting, page):
    """The network is there, and answers nothing. Listened to from the start: the browser may let a first request by."""
    is_gone = False
    page.route("**/*", lambda route: route.abort() if is_gone else route.continue_())
    deck(meeting, "#4")
    is_gone = True
    page.keyboard.press("Escape")
    expect(page.get_by_role("status")).to_contain_text("Le réseau est coupé")
    is_gone = False
    page.keyboard.press("Escape")
    page.wait_for_url(f"**/isic/{meeting.pk}/")


def test_sheet_may_be_withdrawn_meanwhile(deck, meeting, manager):
    page, other = deck(meeting, "#3"), deck(meeting).context.new_page()
    other.goto(page.url)
    meeting.items.get(position=1).action.archive(by=manager, reason="Une personne le demande.")
    last = total(page)
    page.keyboard.press("End")
    at(page, last)
    other.reload()
    at(other, 1)
    expect(other.get_by_text("Cette fiche a été retirée du catalogue")).to_have_count(1)
    assert total(other) < last
    at(page, last)


def test_deck_opens_light_and_its_photos_follow(deck, meeting, page):
    answers = []
    page.on("response", lambda answer: answers.append(answer))
    deck(meeting)
    page.wait_for_function(PHOTOS_KEPT)
    first = [one for one in answers if "/media/" not in one.url]
    assert len(first) <= 15
    assert sum(len(one.body()) for one in first) <= 300_000
    assert len(answers) - len(first) == 1


def test_clicker(deck, meeting):
    page = deck(meeting)
    page.keyboard.press("F5")
    page.wait_for_function("() => document.fullscreenElement")
    at(page, 1)
    for key, number in (("PageDown", 2), (".", 2), ("b", 2), ("PageDown", 3), ("PageUp", 2)):
        page.keyboard.press(key)
        at(page, number)
    page.evaluate("document.exitFullscreen()")
    page.wait_for_function("() => !document.fullscreenElement")

    page.get_by_role("button", name="Menu").click()
    page.get_by_role("button", name="Raccourcis clavier").click()
    page.get_by_label("Utiliser aussi des raccourcis").check()
    page.get_by_role("button", name="Fermer").last.click()
    expect(page.get_by_role("button", name="Menu")).to_be_focused()
    black = page.locator("[data-black]")
    for key, back in ((".", "b"), ("b", "PageDown"), (".", "Escape")):
        page.keyboard.press(key)
        expect(black).to_be_visible()
        expect(page.get_by_role("status")).to_have_text("Écran noir")
        page.keyboard.press(back)
        expect(black).to_be_hidden()
        at(page, 2)


def test_paper_has_the_whole_text(deck, meeting):
    page = deck(meeting, "#4")
    at(page, 4)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(page.locator("[data-slide]:not([hidden])")).to_have_count(total(page))
    expect(page.locator("[data-bar]")).to_be_hidden()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    at(page, 4)


def test_links_of_the_text_stay_in_the_text(deck, meeting):
    page = deck(meeting, "#texte")
    expect(page.get_by_role("link", name="Revenir au diaporama")).to_be_visible()
    page.get_by_role("link", name="Action numéro 3").click()
    expect(page.get_by_role("heading", name="Action numéro 3", exact=True)).to_be_focused()
    page.keyboard.press("Home")
    page.locator(".skip").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-slide]:not([hidden])")).to_have_count(total(page))
    page.get_by_role("link", name="Revenir au diaporama").click()
    at(page, 1)


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
    expect(page.get_by_role("link", name="1. Instance ISIC")).to_be_focused()
    axe(page)
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("link", name="2. Ordre du jour")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Menu")).to_be_focused()
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("button", name="Toutes les diapositives").click()
    page.get_by_role("link", name="4. L’action en bref", exact=True).click()
    at(page, 4)
    expect(page.locator("[id='titre-4']")).to_be_focused()
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_shortcuts_of_one_key_are_off_until_wanted_and_may_change(deck, meeting, axe):
    page = deck(meeting, "#3")
    time = page.get_by_role("timer")
    page.keyboard.press("t")
    expect(time).to_be_hidden()

    page.get_by_role("button", name="Menu").click()
    page.get_by_role("button", name="Raccourcis clavier").click()
    axe(page)
    page.get_by_label("Utiliser aussi des raccourcis").check()
    page.get_by_label("Touche du temps restant").press("b")
    expect(page.get_by_label("Touche du temps restant")).to_have_js_property("validationMessage", TAKEN)
    page.get_by_label("Touche du temps restant").press("r")
    page.get_by_role("button", name="Fermer").last.click()
    page.keyboard.press("t")
    expect(time).to_be_hidden()
    page.keyboard.press("r")
    expect(time).to_have_text("10\N{NO-BREAK SPACE}min")
    axe(page)

    page.reload()
    page.keyboard.press("r")
    expect(time).to_be_visible()


def test_window_of_the_presenter_leads_the_deck_and_follows_it(deck, meeting, manager, axe):
    meeting.hold(by=manager)
    wall = deck(meeting, "#3")
    wall.get_by_role("button", name="Menu").click()
    with wall.expect_popup() as opened:
        wall.get_by_role("link", name="Fenêtre de l’animateur").click()
    window = opened.value

    where = window.locator("[data-where]")
    expect(where).to_have_text(f"Diapositive 3 sur {total(wall)}")
    expect(window.get_by_text("Note 1")).to_be_visible()
    expect(window.get_by_text("Note 2")).to_be_hidden()
    expect(window.locator("[data-pace]")).to_contain_text("il reste 10\N{NO-BREAK SPACE}min")
    axe(window)
    window.get_by_role("button", name="Diapositive suivante").click()
    at(wall, 4)
    expect(where).to_have_text(f"Diapositive 4 sur {total(wall)}")
    words = window.get_by_label("Ce que l’instance apporte").locator("visible=true")
    words.fill("On soutient.")
    words.press("ArrowLeft")
    expect(window.get_by_text("Enregistré").first).to_be_visible()
    at(wall, 4)
    wall.bring_to_front()
    wall.keyboard.press("End")
    expect(where).to_have_text(f"Diapositive {total(wall)} sur {total(wall)}")
    expect(window.get_by_text("Note 1")).to_be_hidden()
    assert meeting.items.filter(brings="On soutient.").count() == 1


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
    ("width", "height"),
    [
        (1280, 720),
        (1024, 768),
        (360, 640),
        (640, 360),
        *(pytest.param(*size, marks=pytest.mark.whole) for size in [(1920, 1080), (768, 1024), (320, 512)]),
    ],
)
def test_nothing_spills(deck, meeting, page, width, height):
    page.set_viewport_size({"width": width, "height": height})
    deck(meeting)
    page.wait_for_function(PHOTOS_KEPT)
    wrong = []
    is_projected = width >= 1024
    for number in range(1, total(page) + 1):
        at(page, number)
        looks = page.evaluate(LOOKS)
        if looks["spills"] or (is_projected and looks["scrolls"]) or looks["least"] < 12:
            wrong.append((page.locator("[data-slide]:not([hidden])").get_attribute("class"), looks))
        page.keyboard.press("PageDown")
    assert wrong == []
    if width > 1000:  # what is left out says so
        page.locator(".slide--text .slide__more:not([hidden])").first.evaluate(
            "(e) => { location.hash = e.closest('section').id }"
        )
        expect(page.get_by_role("link", name="la suite sur la fiche")).to_be_visible()


@pytest.mark.parametrize(("width", "scheme"), WIDTHS_AND_SCHEMES)
def test_every_state_is_accessible(deck, meeting, page, axe, scheme, width):
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": 640})
    deck(meeting, "#10")
    at(page, 10)

    def choose(name):
        page.get_by_role("button", name="Menu", exact=True).click()
        page.get_by_role("button", name=name).click()

    choose("Temps restant")
    axe(page)
    for name in ("Toutes les diapositives", "Raccourcis clavier", "Écran noir"):
        choose(name)
        axe(page)
        page.keyboard.press("Escape")
    at(page, 10)


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.whole)])
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
    assert text.evaluate("document.documentElement.scrollWidth") <= 320
    expect(text.get_by_role("button", name="Diapositive suivante")).to_be_hidden()
    plain.close()
