"""What is typed in any form survives a lost connection, an ended session, a closed tab: a sheet sent back, with its reason."""

import re

import pytest
from playwright.sync_api import expect

from accounts.models import SignIn
from actions.models import Action
from tests.factories import ActionFactory, UserFactory

WAITS = "Votre texte attend dans ce navigateur."
OFFERED = "Un texte attend dans ce navigateur"
REASON = "Dites où cela se passe."


@pytest.fixture
def proposed(transactional_db, unit):
    return ActionFactory(title="Cuisine partagée", carrier_unit=unit, editorial_state=Action.EditorialState.PROPOSED)


@pytest.fixture
def desk(page_of, manager):
    return page_of(manager)


def address(action) -> str:
    return f"{action.get_absolute_url()}renvoyer/"


def reason(page):
    return page.locator("main form [name=reason]")


def send(page) -> None:
    page.get_by_role("button", name="Renvoyer").click()


DRAFTS = "Object.keys(localStorage).filter((key) => key.startsWith('brouillon/')).length"


def drafts_of(page) -> int:
    return page.evaluate(DRAFTS)


def expect_no_draft(page) -> None:
    """The script of the page has seen that the server has the text. (The policy forbids a string as a second look.)"""
    page.wait_for_function(f"() => {DRAFTS} === 0")


def test_text_that_was_left_is_offered_once_with_its_date(desk, axe, proposed):
    desk.on("dialog", lambda dialog: dialog.accept())
    desk.goto(address(proposed))
    reason(desk).fill(REASON)
    desk.goto("/mes-actions/")
    assert drafts_of(desk) == 1

    desk.goto(address(proposed))
    expect(reason(desk)).to_have_value("")
    expect(desk.get_by_text(OFFERED)).to_be_visible()
    expect(desk.locator("[data-waiting-when]")).to_have_text(re.compile(r"^le \d+ \w+ à \d+\sh(\s\d\d)?$"))
    axe(desk)
    desk.get_by_role("button", name="Reprendre ce texte").click()
    expect(reason(desk)).to_have_value(REASON)
    expect(desk.get_by_text(OFFERED)).to_be_hidden()
    send(desk)

    expect(desk.get_by_role("heading", level=1)).to_have_text("Cuisine partagée")
    expect_no_draft(desk)
    proposed.refresh_from_db()
    assert proposed.editorial_reason == REASON


def test_leaving_with_unsent_words_asks(desk, proposed):
    asked = []
    desk.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    desk.goto(address(proposed))
    reason(desk).fill(REASON)
    desk.get_by_role("link", name="Ne rien changer").click()
    expect(reason(desk)).to_have_value(REASON)
    assert asked == ["beforeunload"]

    reason(desk).fill("")
    desk.get_by_role("link", name="Ne rien changer").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("Cuisine partagée")
    assert asked == ["beforeunload"]
    expect_no_draft(desk)


def test_without_a_connection_the_page_stays_and_says_so(desk, axe, proposed):
    desk.goto(address(proposed))
    reason(desk).fill(REASON)
    desk.context.set_offline(True)
    send(desk)
    expect(desk.locator("[data-state]")).to_contain_text(f"Pas de connexion. {WAITS}")
    axe(desk)

    desk.context.set_offline(False)
    desk.get_by_role("button", name="Essayer maintenant").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("Cuisine partagée")
    proposed.refresh_from_db()
    assert proposed.editorial_reason == REASON
    expect_no_draft(desk)


def test_ended_session_is_said_and_the_form_sent_once_signed_in_again(desk, manager, sign_in, proposed):
    desk.goto(address(proposed))
    reason(desk).fill(REASON)
    SignIn.objects.all().delete()
    send(desk)
    expect(desk.locator("[data-state]")).to_contain_text(f"Votre session est terminée. {WAITS}")

    expect(desk.get_by_role("link", name="Se reconnecter dans un autre onglet")).to_be_visible()
    sign_in(desk.context, manager)  # as the other tab would
    send(desk)

    expect(desk.get_by_role("heading", level=1)).to_have_text("Cuisine partagée")
    proposed.refresh_from_db()
    assert proposed.editorial_reason == REASON
    expect_no_draft(desk)


def test_page_refuses_to_send_under_another_account(desk, sign_in, proposed):
    desk.goto(address(proposed))
    reason(desk).fill(REASON)
    sign_in(desk.context, UserFactory(manager=True))
    send(desk)

    expect(desk.locator("[data-state]")).to_contain_text("Votre session est terminée.")
    desk.on("dialog", lambda dialog: dialog.accept())
    desk.reload()
    expect(reason(desk)).to_have_value("")
    expect(desk.get_by_text(OFFERED)).to_be_hidden()
    assert drafts_of(desk) == 1


def test_refused_form_is_still_kept(desk, proposed):
    desk.goto(address(proposed))
    reason(desk).fill("x" * 20)
    desk.evaluate("document.querySelector('[name=reason]').removeAttribute('maxlength')")
    reason(desk).fill("x" * 5000)
    send(desk)
    expect(desk.locator(".field--error, .error-summary, .invalid-feedback").first).to_be_visible()
    assert (drafts_of(desk), desk.get_by_text(OFFERED).count()) == (1, 0)

    desk.on("dialog", lambda dialog: dialog.accept())
    desk.goto(address(proposed))
    expect(desk.get_by_text(OFFERED)).to_be_visible()
    desk.get_by_role("button", name="L’oublier").click()
    expect(desk.get_by_text(OFFERED)).to_be_hidden()
    expect_no_draft(desk)


def test_form_that_is_no_longer_shown_offers_its_text_to_be_copied(desk, axe, proposed):
    desk.on("dialog", lambda dialog: dialog.accept())
    desk.goto(address(proposed))
    reason(desk).fill(REASON)
    Action.objects.update(editorial_state=Action.EditorialState.DRAFT)

    desk.reload()
    expect(desk.get_by_text(OFFERED)).to_be_visible()
    expect(desk.get_by_role("textbox", name="Le texte")).to_have_value(re.compile(REASON))
    axe(desk)
    desk.get_by_role("button", name="Copier ce texte").click()
    expect(desk.get_by_role("status").filter(has_text="Copié.")).to_be_attached()
    desk.get_by_role("button", name="L’oublier").click()
    expect(desk.get_by_text(OFFERED)).to_be_hidden()
    expect_no_draft(desk)


def test_full_storage_is_said_and_the_form_still_sent(desk, proposed):
    desk.add_init_script("Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError') }")
    desk.goto(address(proposed))
    reason(desk).fill(REASON)
    desk.context.set_offline(True)
    send(desk)
    expect(desk.locator("[data-state]")).to_contain_text("laissez cette page ouverte")

    desk.context.set_offline(False)
    desk.get_by_role("button", name="Essayer maintenant").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("Cuisine partagée")
