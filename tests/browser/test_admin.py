"""A manager at work in a real browser, under the real content security policy."""

import re

import pytest
from django.conf import settings
from playwright.sync_api import expect

from tests.factories import ActionFactory, PartnerFactory, PartnershipFactory, TerritoryFactory


@pytest.fixture
def desk(page, live_server, manager_client):
    """The page of a signed-in manager; at the end, nothing was refused by the policy nor written to the console."""
    faults = []
    page.on("console", lambda message: message.type in ("error", "warning") and faults.append(message.text))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.add_init_script(
        "document.addEventListener('securitypolicyviolation', e => console.error('CSP', e.violatedDirective, e.sourceFile))"
    )
    session = manager_client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    yield page
    assert faults == []


def paste(editor, html: str) -> None:
    editor.focus()
    editor.evaluate(
        """(element, html) => {
            const data = new DataTransfer()
            data.setData('text/html', html)
            element.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true}))
        }""",
        html,
    )


def test_manager_edits_a_whole_sheet(desk):
    sheet = ActionFactory(title="Un jardin")
    TerritoryFactory(name="Ambérieu-en-Bugey")
    PartnerFactory(name="Les jardins de l’Albarine")
    desk.goto(f"/admin/actions/action/{sheet.pk}/change/")

    desk.get_by_label("En une phrase").fill("Vingt parcelles au pied des immeubles.")
    description = desk.locator(".field-description [role=textbox]")
    description.click()
    desk.locator(".field-description .prose-menubar").get_by_role("button", name="Gras").click()
    desk.keyboard.type("Bêcher")
    desk.keyboard.press("Enter")
    desk.keyboard.type("ensemble.")
    paste(
        desk.locator(".field-context [role=textbox]"),
        '<style>p.MsoNormal {margin: 0}</style><p class="MsoNormal" style="margin:0cm"><span style="font-family:Calibri">Des <b>balcons</b> vides<o:p></o:p></span></p>',
    )
    desk.locator(".field-places .select2-selection").click()
    desk.keyboard.type("amberieu")
    desk.get_by_role("option", name="Ambérieu-en-Bugey (commune)").click()
    desk.locator("#id_starts_on ~ .datetimeshortcuts .date-icon").click()
    desk.locator(".calendarbox:visible").get_by_text("15", exact=True).click()
    desk.get_by_text("Ajouter un objet Partenariat supplémentaire").click()
    desk.locator("#partnerships-0 .select2-selection").click()
    desk.keyboard.type("albarine")
    desk.get_by_role("option", name="Les jardins de l’Albarine").click()
    desk.get_by_role("button", name="Enregistrer et continuer les modifications").click()

    expect(desk.locator(".messagelist")).to_contain_text("Un jardin")
    sheet.refresh_from_db()
    assert sheet.summary == "Vingt parcelles au pied des immeubles."
    assert sheet.description == "<p><strong>Bêcher</strong></p><p><strong>ensemble.</strong></p>"
    assert sheet.context == "<p>Des <strong>balcons</strong> vides</p>"
    assert [place.name for place in sheet.places.all()] == ["Ambérieu-en-Bugey"]
    assert [row.partner.name for row in sheet.partnerships.all()] == ["Les jardins de l’Albarine"]
    assert sheet.starts_on.day == 15
    assert sheet.version == 2


def test_manager_adds_a_contact_from_the_sheet_in_a_window(desk):
    sheet = ActionFactory()
    desk.goto(f"/admin/actions/action/{sheet.pk}/change/")

    with desk.expect_popup() as opened:
        desk.locator("#add_id_contact").click()
    popup = opened.value
    popup.get_by_label("Service").fill("MDS du Lac, accueil")
    popup.get_by_label("Adresse e-mail").fill("accueil@example.org")
    popup.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(desk.locator(".field-contact .select2-selection")).to_contain_text("MDS du Lac, accueil")
    desk.get_by_role("button", name="Enregistrer", exact=True).click()

    expect(desk).to_have_url(re.compile(r"/admin/actions/action/$"))
    sheet.refresh_from_db()
    assert sheet.contact.label == "MDS du Lac, accueil"


def test_lists_and_dashboard_work_under_the_policy(desk):
    ActionFactory(published=True, title="À ranger")
    desk.goto("/admin/")
    desk.get_by_role("link", name="Domaines").first.click()
    desk.get_by_role("button", name=re.compile("^Descendre")).first.press("Enter")
    desk.goto("/admin/actions/action/")
    desk.locator("tr", has_text="À ranger").get_by_role("checkbox").check()
    desk.locator("select[name=action]").select_option("Archiver…")
    desk.get_by_role("button", name="Exécuter").click()
    desk.get_by_label("Motif").fill("Terminée.")
    desk.get_by_role("button", name="Archiver").click()

    expect(desk.locator(".messagelist")).to_have_text("1 fiche archivée.")


def test_administration_has_only_the_barriers_it_declares(desk, axe):
    """Those of Django and of select2 that /accessibilite/ tells; no control without a name, even in a row just added."""
    declared = {"rules": {rule: {"enabled": False} for rule in ("empty-table-header", "list")}}
    place = TerritoryFactory()
    sheet = ActionFactory(published=True, places=[place], other_units=[TerritoryFactory(local_unit=True)])
    PartnershipFactory(action=sheet)
    for path in (
        "",
        "actions/action/",
        f"actions/action/{sheet.pk}/history/",
        f"territories/territory/{place.pk}/change/",
    ):
        desk.goto(f"/admin/{path}")
        axe(desk, **declared)
    desk.goto(f"/admin/actions/action/{sheet.pk}/change/")
    desk.get_by_text("Ajouter un objet Partenariat supplémentaire").click()
    expect(desk.locator("#partnerships-1").get_by_role("combobox", name="Partenaire")).to_be_visible()
    axe(desk, **declared)
