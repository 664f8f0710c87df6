"""A sheet is filed in a real browser: by keyboard, without a connection, without a session, by two people at once."""

import pytest
from playwright.sync_api import expect

from accounts.models import SignIn
from actions.models import Action
from actions.steps import FILING_STEPS
from tests.actions.filing import address
from tests.browser.test_journeys import follow, skip_to_content, tab_to
from tests.factories import (
    PASSWORD,
    ActionFactory,
    AudienceFactory,
    ContactFactory,
    DomainFactory,
    GoalFactory,
    TerritoryFactory,
)

PHONE = {"width": 360, "height": 740}
SAVED = "Enregistré à"
WAITS = "Votre texte attend dans ce navigateur."
OFFERED = "Un texte attend dans ce navigateur"


@pytest.fixture
def draft(transactional_db, unit):
    return ActionFactory(title="Cuisine partagée", carrier_unit=unit, domain=DomainFactory(name="Alimentation"))


@pytest.fixture
def desk(page_of, agent):
    return page_of(agent)


def state(page):
    return page.locator("[data-state]")


def editor(page, name):
    return page.get_by_role("textbox", name=name)


def save(page) -> None:
    page.get_by_role("button", name="Enregistrer", exact=True).last.click()


def waits_of(page) -> int:
    return page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('brouillon/')).length")


def wait_for_nothing_to_wait(page) -> None:
    """All that was typed is saved."""
    for _ in range(100):
        if not waits_of(page):
            return
        page.wait_for_timeout(100)
    raise AssertionError(state(page).text_content())


def in_another_tab(page):
    """The page is closed while the connection is lost, as it is: then the connection is back, in another tab."""
    context = page.context
    # A page that closes slowly could send its text once the connection is back.
    page.route("**/*", lambda route: route.abort())
    page.close()
    context.set_offline(False)
    return context.new_page()


# --- From « Nouvelle action » to the catalogue --------------------------------------------------------------------
def test_sheet_is_filed_by_keyboard_on_a_phone_then_published(page_of, agent, manager, unit):
    DomainFactory(name="Alimentation")
    AudienceFactory(name="Tout public")
    TerritoryFactory(name="Chalamont", code="01074")
    contact = ContactFactory(unit=unit)
    phone = page_of(agent)
    phone.goto("/actions/nouvelle/")
    skip_to_content(phone)
    tab_to(phone, phone.get_by_label("Comment s’appelle l’action"))
    phone.keyboard.type("Cuisine partagée")
    tab_to(phone, phone.get_by_label("Dans quel domaine"))
    phone.keyboard.type("Alim")
    follow(phone, phone.get_by_role("button", name="Créer le brouillon"))

    expect(phone.get_by_role("heading", level=1)).to_have_text(FILING_STEPS[0].title)
    tab_to(phone, phone.get_by_label("En une phrase"), most=90)
    phone.keyboard.type("On cuisine ensemble.")
    follow(phone, phone.get_by_role("button", name="Continuer"), most=120)

    expect(phone.get_by_role("heading", level=1)).to_have_text(FILING_STEPS[1].title)
    tab_to(phone, phone.get_by_role("checkbox", name="Tout public"), most=120)
    phone.keyboard.press("Space")
    tab_to(phone, phone.get_by_role("group", name="Dans quelles communes").get_by_label("Ajouter un nom"), most=120)
    phone.keyboard.type("chala")
    expect(phone.get_by_role("option", name="Chalamont")).to_be_visible()
    phone.keyboard.press("ArrowDown")
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("button", name="Retirer Chalamont")).to_be_visible()
    follow(phone, phone.get_by_role("button", name="Continuer"), most=120)
    expect(phone.get_by_role("heading", level=1)).to_have_text(FILING_STEPS[2].title)

    action = Action.objects.get()
    assert (action.summary, action.contact) == ("On cuisine ensemble.", contact)
    phone.goto(f"/actions/{action.slug}/proposer/")
    follow(phone, phone.get_by_role("button", name="Proposer"), most=90)
    expect(phone.get_by_role("heading", level=1)).not_to_have_text("Proposer")
    action.refresh_from_db()
    assert action.editorial_state == Action.EditorialState.PROPOSED

    desk = page_of(manager)
    desk.goto(f"/actions/{action.slug}/publier/")
    follow(desk, desk.get_by_role("button", name="Publier"), most=90)
    expect(desk.get_by_role("heading", level=1)).not_to_have_text("Publier")
    action.refresh_from_db()
    assert action.is_published


def test_double_click_and_back_button_create_one_draft(desk, unit):
    DomainFactory(name="Alimentation")
    desk.goto("/actions/nouvelle/")
    desk.get_by_label("Comment s’appelle l’action").fill("Cuisine partagée")
    desk.get_by_label("Dans quel domaine").select_option(label="Alimentation")
    desk.get_by_role("button", name="Créer le brouillon").dblclick()
    expect(desk.get_by_role("heading", level=1)).to_have_text(FILING_STEPS[0].title)
    assert Action.objects.count() == 1

    desk.go_back()
    expect(desk.get_by_role("heading", level=1)).to_have_text("Nouvelle action")


def test_sheet_sent_back_is_corrected_and_proposed_again(page_of, agent, manager, draft):
    draft.propose(by=agent)
    service = page_of(manager)
    service.goto(f"/actions/{draft.slug}/renvoyer/")
    service.locator("main textarea, main input[type=text]").first.fill("Dites où cela se passe.")
    service.locator("main form button[type=submit]").click()
    expect(service.get_by_role("heading", level=1)).to_be_visible()

    desk = page_of(agent)
    desk.goto(f"/actions/{draft.slug}/modifier/")
    desk.goto(address(draft, "qui-et-ou"))
    desk.get_by_label("Où exactement").fill("Salle des fêtes")
    save(desk)
    expect(state(desk)).to_contain_text(SAVED)
    desk.goto(f"/actions/{draft.slug}/proposer/")
    desk.get_by_role("button", name="Proposer").click()
    expect(desk.get_by_role("heading", level=1)).not_to_have_text("Proposer")
    draft.refresh_from_db()
    assert (draft.editorial_state, draft.venue) == ("proposed", "Salle des fêtes")


# --- What the page does by itself ---------------------------------------------------------------------------------
def test_who_types_before_the_editor_is_there_goes_on_typing_in_it(desk, draft):
    held = []
    desk.route("**/rich-text*.js", lambda route: held.append(route))
    with desk.expect_request("**/rich-text*.js"):
        desk.goto(address(draft, "pourquoi"), wait_until="commit")
    field = editor(desk, "De quel constat part l’action")
    field.press_sequentially("Des voisins")

    held[0].continue_()
    expect(field).to_have_attribute("contenteditable", "true")
    desk.keyboard.type(" isolés.")
    save(desk)

    expect(state(desk)).to_contain_text(SAVED)
    draft.refresh_from_db()
    assert draft.context == "<p>Des voisins isolés.</p>"


def test_what_is_typed_is_saved_and_said_without_a_word_at_every_pause(desk, draft):
    desk.goto(address(draft, "pourquoi"))
    heard = desk.locator("[data-heard]")
    editor(desk, "De quel constat part l’action").press_sequentially("Des voisins isolés.")
    expect(state(desk)).to_contain_text(SAVED)
    expect(heard).to_have_text("")
    desk.get_by_role("button", name="Ajouter un objectif").click()
    desk.keyboard.type("Manger ensemble")
    desk.get_by_role("group", name="Objectif 1 sur 2").get_by_label("Objectif").fill("Se rencontrer")
    save(desk)
    expect(heard).to_contain_text(SAVED)

    draft.refresh_from_db()
    assert draft.context == "<p>Des voisins isolés.</p>"
    assert [goal.text for goal in draft.goals.all()] == ["Se rencontrer", "Manger ensemble"]
    assert waits_of(desk) == 0

    desk.get_by_role("group", name="Objectif 1 sur 2").get_by_role("button", name="Retirer").click()
    wait_for_nothing_to_wait(desk)
    assert [goal.text for goal in draft.goals.all()] == ["Manger ensemble"]


def test_page_left_alone_sends_nothing_and_one_change_is_one_version(desk, draft):
    desk.goto(address(draft, "pourquoi"))
    sent = []
    desk.on("request", lambda request: request.method == "POST" and sent.append(request))
    desk.wait_for_timeout(2000)
    assert sent == []

    editor(desk, "De quel constat part l’action").fill("Un constat.")
    expect(state(desk)).to_contain_text(SAVED)
    desk.wait_for_timeout(2500)
    assert len(sent) == 1
    assert [version.number for version in draft.versions.all()] == [2, 1]


def test_rhythm_is_said_back_and_what_is_missing_shrinks(desk, draft):
    desk.goto(address(draft, "identite"))
    missing = desk.get_by_role("complementary", name="Avancement de la fiche")
    expect(missing.get_by_role("link", name="la phrase de résumé")).to_be_visible()
    desk.get_by_label("En une phrase").fill("On cuisine.")
    expect(missing.get_by_role("link", name="la phrase de résumé")).to_have_count(0)

    desk.goto(address(draft, "comment"))
    desk.get_by_label("À quel rythme").select_option("weekly")
    desk.get_by_label("Toutes les combien").fill("2")
    desk.get_by_label("Quel jour\u00a0?").select_option(label="mardi")
    expect(desk.locator("p[data-shown=rhythm]")).to_contain_text("mardi")


def test_text_that_tells_of_a_person_is_asked_then_confirmed(desk, axe, draft):
    desk.goto(address(draft, "pourquoi"))
    editor(desk, "De quel constat part l’action").fill("Appelez Mme Durand au 06 12 34 56 78.")
    expect(state(desk)).to_contain_text("sauf ce qui reste à corriger")
    box = desk.get_by_role("checkbox", name="Rien ici ne désigne une personne")
    expect(box).to_be_visible()
    expect(desk.get_by_text(OFFERED)).to_be_hidden()
    axe(desk)

    box.focus()
    desk.keyboard.press("Space")
    expect(desk.locator(".field--error")).to_have_count(0)
    expect(box).to_be_focused()
    draft.refresh_from_db()
    assert "Mme Durand" in draft.context


def test_what_is_told_of_a_life_is_asked_at_its_field_and_passes_when_sent_again(desk, axe, draft):
    """By itself the form keeps asking; whoever sends it was told once, and goes on."""
    desk.goto(address(draft, "pourquoi"))
    editor(desk, "De quel constat part l’action").fill("Une dame de 82 ans, qui a un cancer, vient depuis mars.")

    error = desk.locator("#div_id_context .field__error")
    expect(error).to_contain_text("santé d’une personne («\u00a0a un cancer\u00a0»)")
    expect(desk.get_by_role("button", name="Voir quoi")).to_have_count(0)
    axe(desk)
    draft.refresh_from_db()
    assert draft.context == ""

    save(desk)
    expect(desk.get_by_text("C’est enregistré.")).to_be_visible()
    draft.refresh_from_db()
    assert "82 ans" in draft.context
    assert draft.privacy_flags.filter(field="context").count() == 2


# --- Without a connection, without a session ----------------------------------------------------------------------
def test_lost_connection_is_said_and_what_is_typed_is_saved_when_it_is_back(desk, axe, draft):
    desk.goto(address(draft, "pourquoi"))
    desk.context.set_offline(True)
    editor(desk, "De quel constat part l’action").press_sequentially("Des voisins isolés.")
    desk.get_by_role("group", name="Objectif 1").get_by_label("Objectif").fill("Se rencontrer")
    expect(state(desk)).to_contain_text(f"Pas de connexion. {WAITS}")
    expect(desk.locator("[data-heard]")).to_contain_text("Pas de connexion.")
    axe(desk)
    desk.get_by_role("button", name="Continuer").click()
    expect(state(desk)).to_contain_text(WAITS)
    assert waits_of(desk) == 1

    desk.context.set_offline(False)
    expect(state(desk)).to_contain_text(
        SAVED, timeout=15_000
    )  # a first try that comes too early is followed in five seconds
    expect(desk.locator("[data-heard]")).to_contain_text(SAVED)
    wait_for_nothing_to_wait(desk)
    draft.refresh_from_db()
    assert draft.context == "<p>Des voisins isolés.</p>"
    assert [goal.text for goal in draft.goals.all()] == ["Se rencontrer"]


def test_answer_that_is_lost_makes_nobody_a_second_editor(desk, draft):
    """The server saved, the page did not hear it, and the person wrote on."""
    desk.goto(address(draft, "identite"))
    statuses = []
    desk.on("response", lambda answer: statuses.append(answer.status))

    def lose(route):
        route.fetch()
        route.abort()

    desk.route("**/modifier/identite/", lose, times=1)
    desk.get_by_label("En une phrase").fill("On cuisine")
    expect(state(desk)).to_contain_text(WAITS)
    desk.get_by_label("En une phrase").fill("On cuisine ensemble.")
    desk.get_by_role("button", name="Essayer maintenant").click()

    wait_for_nothing_to_wait(desk)
    expect(state(desk)).to_contain_text(SAVED)
    draft.refresh_from_db()
    assert draft.summary == "On cuisine ensemble."
    assert 409 not in statuses


def test_page_that_was_closed_offers_its_text_and_saves_it_at_once(desk, axe, draft):
    desk.goto(address(draft, "pourquoi"))
    desk.context.set_offline(True)
    editor(desk, "De quel constat part l’action").press_sequentially("Des voisins isolés.")
    expect(state(desk)).to_contain_text(WAITS)
    desk = in_another_tab(desk)

    desk.goto(address(draft, "pourquoi"))
    expect(desk.get_by_text(OFFERED)).to_be_visible()
    axe(desk)
    desk.get_by_label("Quel lien avec le projet").last.focus()
    editor(desk, "Quel lien avec le projet").fill("Un autre texte.")
    expect(state(desk)).to_contain_text(SAVED)
    expect(desk.get_by_text(OFFERED)).to_be_visible()

    desk.reload()
    desk.get_by_role("button", name="Reprendre ce texte").click()
    expect(editor(desk, "De quel constat part l’action")).to_have_text("Des voisins isolés.")
    expect(state(desk)).to_contain_text(SAVED)
    expect(desk.get_by_text(OFFERED)).to_be_hidden()
    draft.refresh_from_db()
    assert (draft.context, draft.territory_project) == ("<p>Des voisins isolés.</p>", "<p>Un autre texte.</p>")
    assert waits_of(desk) == 0


def test_text_that_waits_is_forgotten_when_asked(desk, draft):
    desk.goto(address(draft, "identite"))
    desk.context.set_offline(True)
    desk.get_by_label("En une phrase").fill("On cuisine.")
    expect(state(desk)).to_contain_text(WAITS)
    desk = in_another_tab(desk)
    desk.goto(address(draft, "identite"))
    desk.get_by_role("button", name="L’oublier").click()

    expect(desk.get_by_text(OFFERED)).to_be_hidden()
    assert waits_of(desk) == 0
    assert desk.evaluate("document.activeElement.name") == "title"


def test_session_that_ended_is_said_and_the_text_saved_once_signed_in_again(desk, agent, draft):
    desk.goto(address(draft, "identite"))
    SignIn.objects.all().delete()
    desk.get_by_label("En une phrase").fill("On cuisine.")
    expect(state(desk)).to_contain_text(f"Votre session est terminée. {WAITS}")

    with desk.expect_popup() as opened:
        desk.get_by_role("link", name="Se reconnecter dans un autre onglet").click()
    other = opened.value
    other.get_by_label("Adresse e-mail").fill(agent.email)
    other.get_by_label("Mot de passe").fill(PASSWORD)
    other.keyboard.press("Enter")
    expect(other.get_by_role("heading", level=1)).to_have_text(FILING_STEPS[0].title)
    other.close()

    expect(state(desk)).to_contain_text(SAVED, timeout=15_000)
    draft.refresh_from_db()
    assert draft.summary == "On cuisine."


def test_browser_of_2021_saves_too(desk, draft):
    """iOS 15 and Chrome 102 lack these: a page that needs one would say « Le site ne répond pas » for ever."""
    desk.add_init_script(
        "delete AbortSignal.timeout; delete Array.prototype.at; delete HTMLFormElement.prototype.requestSubmit;"
        "delete crypto.randomUUID; delete window.structuredClone; delete Object.hasOwn;"
        "Object.defineProperty(SubmitEvent.prototype, 'submitter', { get: () => undefined });"
    )
    desk.goto(address(draft, "pourquoi"))
    desk.get_by_role("group", name="Objectif 1").get_by_label("Objectif").fill("Se rencontrer")
    desk.get_by_role("button", name="Ajouter un objectif").click()
    desk.keyboard.type("Manger ensemble")
    expect(state(desk)).to_contain_text(SAVED)
    desk.get_by_role("button", name="Continuer").click()

    expect(desk.get_by_role("heading", level=1)).to_have_text(FILING_STEPS[3].title)
    assert [goal.text for goal in draft.goals.all()] == ["Se rencontrer", "Manger ensemble"]


# --- Two editors --------------------------------------------------------------------------------------------------
def test_two_editors_of_one_field_see_both_texts_and_choose(page_of, axe, agent, colleague, draft):
    mine, theirs = page_of(agent), page_of(colleague)
    for page in (mine, theirs):
        page.goto(address(draft, "identite"))
    theirs.get_by_label("En une phrase").fill("Le sien.")
    expect(state(theirs)).to_contain_text(SAVED)
    mine.get_by_label("En une phrase").fill("Le mien.")
    mine.get_by_label("Quels mots la feraient trouver").fill("soupe")
    expect(state(mine)).to_contain_text("Quelqu’un d’autre a modifié")
    axe(mine)
    mine.get_by_role("button", name="Comparer les deux textes").click()

    expect(mine.get_by_role("heading", level=1)).to_have_text("Deux textes à comparer")
    axe(mine)
    assert mine.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    mine.get_by_role("radio", name="Garder l’autre").check()
    mine.get_by_role("button", name="Enregistrer ce choix").click()
    expect(mine.get_by_label("En une phrase")).to_have_value("Le sien.")
    expect(mine.get_by_text(OFFERED)).to_be_hidden()
    draft.refresh_from_db()
    assert (draft.summary, draft.keywords) == ("Le sien.", "soupe")


def test_two_editors_of_two_fields_keep_both(page_of, agent, colleague, draft):
    mine, theirs = page_of(agent), page_of(colleague)
    for page in (mine, theirs):
        page.goto(address(draft, "identite"))
    theirs.get_by_label("Quels mots la feraient trouver").fill("soupe")
    mine.get_by_label("En une phrase").fill("Le mien.")
    for page in (mine, theirs):
        expect(state(page)).to_contain_text(SAVED)

    draft.refresh_from_db()
    assert (draft.summary, draft.keywords) == ("Le mien.", "soupe")


def test_two_editors_of_two_rows_keep_both_and_are_asked_nothing(page_of, agent, colleague, draft):
    for position, text in enumerate(("Un", "Deux")):
        GoalFactory(action=draft, text=text, position=position)
    mine, theirs = page_of(agent), page_of(colleague)
    for page in (mine, theirs):
        page.goto(address(draft, "pourquoi"))
    theirs.get_by_role("group", name="Objectif 2 sur 2").get_by_label("Objectif").fill("Deux, le sien")
    mine.get_by_role("group", name="Objectif 1 sur 2").get_by_label("Objectif").fill("Un, le mien")
    for page in (mine, theirs):
        expect(state(page)).to_contain_text(SAVED)

    assert [goal.text for goal in draft.goals.all()] == ["Un, le mien", "Deux, le sien"]


def test_two_tabs_of_one_person_are_asked_too_and_keep_their_own_texts(desk, draft):
    other = desk.context.new_page()
    for page in (desk, other):
        page.goto(address(draft, "identite"))
    desk.get_by_label("En une phrase").fill("Un.")
    expect(state(desk)).to_contain_text(SAVED)
    other.get_by_label("En une phrase").fill("Deux.")
    expect(state(other)).to_contain_text("Comparer les deux textes")
    desk.get_by_label("Quels mots la feraient trouver").fill("soupe")
    save(desk)
    expect(state(desk)).to_contain_text(SAVED)

    assert waits_of(desk) == 1
    draft.refresh_from_db()
    assert draft.summary == "Un."


# --- Without scripts ----------------------------------------------------------------------------------------------
def test_steps_are_filled_without_scripts(page_of, agent, draft):
    GoalFactory(action=draft, text="Se rencontrer")
    desk = page_of(agent, java_script_enabled=False)
    desk.goto(address(draft, "pourquoi"))
    desk.get_by_label("De quel constat part l’action").fill("Des voisins isolés.")
    desk.get_by_role("button", name="Ajouter un objectif").click()
    desk.get_by_role("group", name="Objectif 2 sur 2").get_by_label("Objectif").fill("Manger ensemble")
    desk.get_by_role("group", name="Objectif 2 sur 2").get_by_role("button", name="Monter").click()
    save(desk)
    expect(desk.get_by_text("C’est enregistré.")).to_be_visible()
    desk.get_by_role("group", name="Objectif 2 sur 2").get_by_role("button", name="Retirer").click()
    desk.get_by_role("button", name="Continuer").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text(FILING_STEPS[3].title)

    draft.refresh_from_db()
    assert draft.context == "<p>Des voisins isolés.</p>"
    assert [goal.text for goal in draft.goals.all()] == ["Manger ensemble"]


# --- Every step ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_steps_are_accessible_and_fit_a_phone_empty_and_wrong(page_of, axe, agent, draft, subtests, scheme):
    desk = page_of(agent, viewport={"width": 320, "height": 640}, color_scheme=scheme, reduced_motion="reduce")
    for step in FILING_STEPS:
        with subtests.test(step.slug):
            desk.goto(address(draft, step.slug))
            axe(desk)
            assert desk.evaluate("document.documentElement.scrollWidth") == 320
            desk.evaluate(
                "for (const one of document.querySelectorAll('main form [type=number]')) one.value = -1;"
                "for (const one of document.querySelectorAll('main form :is([type=text], [type=url], textarea)'))"
                " one.value = 'Mme Durand, 06 12 34 56 78';"
            )
            with desk.expect_navigation():
                desk.evaluate("setTimeout(() => document.querySelector('form[data-autosave]').submit())")
            expect(desk.get_by_role("alert")).to_be_visible()
            axe(desk)
            assert desk.evaluate("document.documentElement.scrollWidth") == 320
