"""Three people do what they came for with a keyboard alone: on a phone and on a wide screen, with scripts and without."""

import pytest
from django.db import transaction
from django.utils import timezone
from playwright.sync_api import expect

from actions.models import Action
from tests.factories import (
    PASSWORD,
    ActionFactory,
    ContactFactory,
    DomainFactory,
    SessionFactory,
    TerritoryFactory,
    UserFactory,
)

#: What has the focus: whether one sees that it has it, and whether a part of it at least is in view and uncovered.
FOCUSED = """() => {
  const element = document.activeElement
  if (element === document.body || element.getAttribute("tabindex") === "-1") return null
  const box = element.getBoundingClientRect()
  const bearers = [".card", ".search", ".select2-selection", ".prose-editor"].map(each => element.closest(each))
  const isDrawn = (where, pseudo) => getComputedStyle(where, pseudo).outlineStyle !== "none"
  const isUncovered = ([x, y]) => {
    const above = document.elementFromPoint(x, y)
    return above && (element.contains(above) || above.contains(element) || element.labels?.[0]?.contains(above))
  }
  const [middle, centre] = [(box.top + box.bottom) / 2, (box.left + box.right) / 2]
  const points = [[centre, middle], [centre, box.top + 4], [centre, box.bottom - 4], [box.left + 4, middle]]
  return {
    words: element.outerHTML.slice(0, 200),
    isSeen: isDrawn(element) || isDrawn(element, "::after") || bearers.some(each => each && isDrawn(each)),
    isUncovered: points.some(isUncovered),
  }
}"""


#: Width, and whether there are scripts; each with each in `make test-all`.
MANNERS = [
    pytest.param((360, True), id="360 with scripts"),
    pytest.param((1280, False), id="1280 without scripts"),
    pytest.param((360, False), id="360 without scripts", marks=pytest.mark.whole),
    pytest.param((1280, True), id="1280 with scripts", marks=pytest.mark.whole),
]


@pytest.fixture(params=MANNERS)
def manner(request) -> tuple[int, bool]:
    return request.param


@pytest.fixture
def width(manner) -> int:
    return manner[0]


@pytest.fixture
def walker(browser, browser_context_args, manner):
    """A page for somebody who has a keyboard and nothing else."""
    width, has_scripts = manner
    with browser.new_context(
        **browser_context_args,
        java_script_enabled=has_scripts,
        viewport={"width": width, "height": 740},
        reduced_motion="reduce",
    ) as context:
        yield context.new_page()


@pytest.fixture
@transaction.atomic
def kitchen(transactional_db):
    place = TerritoryFactory(name="Chalamont", code="01074", latitude=45.99, longitude=5.17)
    action = ActionFactory(
        title="La cuisine partagée",
        published=True,
        domain=DomainFactory(name="Alimentation"),
        places=[place],
        life_state=Action.LifeState.RUNNING,
        open_to_newcomers=Action.Openness.YES,
        how_to_join="Appelez, puis venez goûter.",
        description="<p>On épluche, on parle.</p>",
        contact=ContactFactory(label="MDS du Lac, accueil", phone="01 99 00 10 01", email="lac@example.org"),
    )
    SessionFactory(action=action, date=timezone.localdate())
    ActionFactory(title="Le jardin", published=True, domain=DomainFactory(name="Nature"))
    return action


def tab_to(page, target, most: int = 60) -> None:
    """Press Tab until the focus is there; at every stop one sees where it is."""
    for _ in range(most):
        page.keyboard.press("Tab")
        # After the last stop come the frame of the browser, then the first stop again; before the first, where a script
        # or a link put the focus: no stop of the key.
        if not (focus := page.evaluate(FOCUSED)):
            continue
        assert focus["isSeen"], f"No focus is seen on {focus['words']}"
        assert focus["isUncovered"], f"Something covers {focus['words']}"
        if target.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"{most} times Tab do not lead to {target}.")


def follow(page, target, most: int = 60) -> None:
    tab_to(page, target, most)
    page.keyboard.press("Enter")


def skip_to_content(page) -> None:
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Aller au contenu")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")


def open_menu(page, width: int) -> None:
    if width < 992:
        follow(page, page.get_by_role("button", name="Menu"))


def test_partner_finds_and_reads_a_sheet(walker, kitchen):
    walker.goto("/")
    skip_to_content(walker)
    walker.keyboard.press("Tab")
    expect(walker.get_by_label("Rechercher une action")).to_be_focused()
    walker.keyboard.type("cuisine")
    walker.keyboard.press("Enter")
    expect(walker.locator("#results-count")).to_have_text("1 action")

    follow(walker, walker.get_by_role("link", name="La cuisine partagée"))
    expect(walker).to_have_title("La cuisine partagée – Département de l’Ain")
    skip_to_content(walker)
    tab_to(walker, walker.get_by_role("link", name="lac@example.org").first)
    expect(walker.get_by_text("On épluche, on parle.")).to_be_visible()


def test_partner_filters(walker, kitchen, width):
    walker.goto("/actions/")
    if width < 992:
        follow(walker, walker.get_by_role("button", name="Filtrer"))
    tab_to(walker, walker.get_by_role("checkbox", name="Nature"))
    walker.keyboard.press("Space")
    follow(walker, walker.get_by_role("button", name="Voir les 2 actions"))

    expect(walker.locator("#results-count")).to_have_text("1 action")
    expect(walker.get_by_role("checkbox", name="Nature")).to_be_visible(visible=width > 992)
    assert walker.locator("[data-action] h2").all_inner_texts() == ["Le jardin"]
    follow(walker, walker.get_by_role("link", name="Retirer le filtre Nature"))
    expect(walker.locator("#results-count")).to_have_text("2 actions")


def test_social_worker_finds_an_open_group_and_how_to_join(walker, kitchen, width):
    walker.goto("/")
    open_menu(walker, width)
    follow(walker, walker.get_by_role("navigation").get_by_role("link", name="Je cherche un groupe"))
    expect(walker).to_have_title("Je cherche un groupe – Département de l’Ain")
    tab_to(walker, walker.get_by_label("Dans quelle commune habite la personne"))
    walker.keyboard.type("Chalamont")
    walker.keyboard.press("Enter")

    expect(walker.get_by_role("heading", level=2).first).to_have_text("1 groupe près de Chalamont")
    expect(walker.get_by_text("Appelez, puis venez goûter.")).to_be_visible()
    tab_to(walker, walker.get_by_role("link", name="01 99 00 10 01"))


def test_manager_signs_in_and_edits_a_sheet(walker, kitchen, width):
    manager = UserFactory(manager=True, is_example=True)  # the second factor has a journey of its own
    walker.goto("/")
    open_menu(walker, width)
    follow(walker, walker.get_by_role("link", name="Se connecter"))
    expect(walker).to_have_title("Se connecter – Département de l’Ain")
    tab_to(walker, walker.get_by_label("Adresse e-mail"))
    walker.keyboard.type(manager.email)
    tab_to(walker, walker.get_by_label("Mot de passe"))
    walker.keyboard.type(PASSWORD)
    walker.keyboard.press("Enter")
    expect(walker.get_by_role("heading", level=1)).not_to_have_text("Se connecter")
    walker.goto(f"/admin/actions/action/{kitchen.pk}/change/")
    tab_to(walker, walker.get_by_label("En une phrase"))
    walker.keyboard.press("ControlOrMeta+A")
    walker.keyboard.type("On cuisine, on mange.")
    follow(walker, walker.get_by_role("button", name="Enregistrer", exact=True), most=400)

    expect(walker.locator(".messagelist")).to_contain_text("La cuisine partagée")
    kitchen.refresh_from_db()
    assert kitchen.summary == "On cuisine, on mange."


# --- What a script does for those who do not see it ---------------------------------------------------------------
def test_change_of_results_is_heard_and_takes_the_focus(page, axe, kitchen):
    page.goto("/actions/")
    tab_to(page, page.get_by_role("button", name="Trier"), most=90)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Résultats")).to_be_focused()
    expect(page.locator("#announcer")).to_have_text("2 actions")

    page.get_by_label("Rechercher une action").fill("cuisin boxe")
    page.keyboard.press("Enter")
    expect(page.locator("#announcer")).to_contain_text("Aucune fiche ne contient")
    axe(page)


@pytest.mark.parametrize(
    ("path", "opener", "inside"), [("/", "Menu", "Catalogue"), ("/actions/", "Filtrer", "Domaine")]
)
def test_panel_of_a_phone_opens_and_closes_by_keyboard(page, axe, kitchen, path, opener, inside):
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(path)
    opener = page.get_by_role("button", name=opener)
    follow(page, opener)
    panel = page.locator(":popover-open")
    expect(panel.get_by_text(inside).first).to_be_in_viewport()
    axe(page)

    tab_to(page, panel.get_by_role("button", name="Fermer"))
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    expect(opener).to_be_focused()


# --- Readers who enlarge, space out, or cannot bear movement ------------------------------------------------------
READ = [
    "/",
    "/actions/?filtres=tous",
    "/actions/?vue=tableau",
    "/actions/la-cuisine-partagee/",
    "/groupes/",
    "/contact/",
]
SPACED = "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }"
LARGE = "html { font-size: 200% !important }"
CUT = """() => [...document.querySelectorAll("body *")].filter(element => {
  const style = getComputedStyle(element)
  const hides = ["hidden", "clip"].includes(style.overflowX) || ["hidden", "clip"].includes(style.overflowY)
  const isCut = element.scrollHeight > element.clientHeight + 2 || element.scrollWidth > element.clientWidth + 2
  return hides && isCut && element.innerText && element.clientWidth > 1 && !element.closest(".visually-hidden")
}).map(element => element.className + ": " + element.innerText.slice(0, 60))"""


@pytest.mark.parametrize(("style", "width"), [(SPACED, 320), (LARGE, 640)], ids=["spaced out", "twice as large"])
def test_text_may_be_spaced_or_enlarged_without_loss(page, kitchen, subtests, style, width):
    page.set_viewport_size({"width": width, "height": 740})
    for path in READ:
        with subtests.test(path):
            assert page.goto(path).ok
            page.evaluate(
                "css => { const s = new CSSStyleSheet(); s.replaceSync(css); document.adoptedStyleSheets = [s] }", style
            )
            assert page.evaluate("document.documentElement.scrollWidth") == width
            assert page.evaluate(CUT) == []


def test_nothing_moves_for_who_asked_so(page, kitchen):
    page.emulate_media(reduced_motion="reduce")
    page.goto("/actions/")
    moving = """() => [...document.querySelectorAll("*")].filter(element => {
      const style = getComputedStyle(element)
      return style.animationName !== "none" || !/^(0s(, )?)+$/.test(style.transitionDuration)
             || style.scrollBehavior === "smooth"
    }).length"""
    assert page.evaluate(moving) == 0
    page.emulate_media(reduced_motion="no-preference")
    assert page.evaluate(moving) > 0
