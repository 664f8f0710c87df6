"""Photos and documents in a real browser: dropped, pasted, chosen; with a lost connection, and without a script."""

import base64
import re

import pytest
from playwright.sync_api import expect

from tests.documents import pdf_bytes
from tests.factories import ActionFactory, MediaFactory
from tests.images import image_bytes

PHOTO = {"name": "table.jpg", "mimeType": "image/jpeg", "buffer": image_bytes("JPEG", size=(1200, 900))}
PDF = {"name": "bilan.pdf", "mimeType": "application/pdf", "buffer": pdf_bytes()}
ARRIVED = "Le fichier est arrivé."


@pytest.fixture
def sheet(unit):
    return ActionFactory(title="Cuisine partagée", carrier_unit=unit, published=True)


@pytest.fixture
def sign_in(context, live_server, client_of, agent):
    def signed_in(in_context=context):
        cookie = client_of(agent).cookies["sessionid"].value
        in_context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])

    signed_in()
    return signed_in


@pytest.fixture
def desk(page, sheet, sign_in):
    page.set_default_timeout(10_000)
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"/actions/{sheet.slug}/medias/ajouter/")
    return page


def give(page, event: str, target: str, file: dict) -> None:
    """Drop or paste a file, as a person does from another window."""
    content = base64.b64encode(file["buffer"]).decode()
    transfer = page.evaluate_handle(
        """([content, name, type]) => {
            const transfer = new DataTransfer();
            transfer.items.add(new File([Uint8Array.from(atob(content), (c) => c.charCodeAt(0))], name, { type }));
            return transfer;
        }""",
        [content, file["name"], file["mimeType"]],
    )
    if event == "paste":
        page.evaluate("data => document.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data }))", transfer)
    else:
        page.dispatch_event(target, event, {"dataTransfer": transfer})


def write_words(page) -> None:
    page.get_by_label("Quel est son titre ?").fill("La table du samedi")
    page.get_by_label("Que montre la photo ?").fill("Huit personnes à table")
    page.get_by_label("Oui, et le service conserve l’accord écrit").check()


@pytest.mark.parametrize("way", ["choose", "drop", "paste"])
def test_photo_is_sent_while_its_words_are_written(desk, axe, sheet, way):
    if way == "choose":
        desk.get_by_label("Quel fichier ?").set_input_files([PHOTO])
    else:
        give(desk, way, "[data-upload-zone]", PHOTO)
    expect(desk.get_by_role("status").filter(has_text=ARRIVED)).to_be_visible()
    expect(desk.get_by_role("img", name="Aperçu de la photo")).to_be_visible()
    axe(desk)

    write_words(desk)
    sent = []
    desk.on("request", lambda request: request.method == "POST" and sent.append(len(request.post_data_buffer)))
    desk.get_by_role("button", name="Ajouter à la fiche").click()

    expect(desk.get_by_text("« La table du samedi » est dans la fiche.")).to_be_visible()
    assert sent[0] < 3000  # the file did not go again
    media = sheet.media.get()
    assert (media.width, media.alt, media.widths) == (1200, "Huit personnes à table", [480, 960, 1200])
    assert desk.evaluate("document.documentElement.scrollWidth") == 360


def test_document_asks_no_words_of_a_photo(desk, axe, sheet):
    desk.get_by_label("Quel fichier ?").set_input_files([PDF])

    expect(desk.get_by_role("heading", name="Si c’est une photo")).to_be_hidden()
    axe(desk)
    desk.get_by_label("Quel est son titre ?").fill("Le bilan")
    desk.get_by_role("button", name="Ajouter à la fiche").click()

    expect(desk.get_by_text("« Le bilan » est dans la fiche.")).to_be_visible()
    assert sheet.media.get().kind == "document"


def test_refused_file_is_told_at_once_and_the_words_stay(desk, axe):
    desk.get_by_label("Quel est son titre ?").fill("La table du samedi")

    desk.get_by_label("Quel fichier ?").set_input_files([{**PHOTO, "buffer": b"<html>"}])

    expect(desk.get_by_role("status").filter(has_text="Ce fichier n’est ni une photo")).to_be_visible()
    expect(desk.get_by_label("Quel fichier ?")).to_have_attribute("aria-invalid", "true")
    expect(desk.get_by_label("Quel est son titre ?")).to_have_value("La table du samedi")
    axe(desk)


def test_lost_connection_keeps_file_and_words_until_one_tries_again(desk, context, axe, sheet):
    write_words(desk)
    context.set_offline(True)
    desk.get_by_label("Quel fichier ?").set_input_files([PHOTO])

    expect(desk.get_by_role("status").filter(has_text="La connexion est coupée")).to_be_visible()
    axe(desk)
    desk.get_by_role("button", name="Ajouter à la fiche").click()
    expect(desk.get_by_label("Quel est son titre ?")).to_have_value("La table du samedi")

    context.set_offline(False)
    desk.get_by_role("button", name="Réessayer").click()
    expect(desk.get_by_role("status").filter(has_text=ARRIVED)).to_be_visible()
    desk.get_by_role("button", name="Ajouter à la fiche").click()

    expect(desk.get_by_text("« La table du samedi » est dans la fiche.")).to_be_visible()
    assert sheet.media.get().width == 1200


def test_form_waits_for_its_file(desk, sheet):
    held = []
    desk.route("**/medias/fichier/", lambda route: held.append(route))
    write_words(desk)
    desk.get_by_label("Quel fichier ?").set_input_files([PHOTO])
    desk.get_by_role("button", name="Ajouter à la fiche").click()
    expect(desk.get_by_role("status").filter(has_text="L’envoi se termine")).to_be_visible()
    assert not sheet.media.exists()

    held[0].continue_()

    expect(desk.get_by_text("« La table du samedi » est dans la fiche.")).to_be_visible()


def test_ended_session_is_said_and_one_goes_on_after_signing_in_again(desk, context, sign_in, sheet):
    context.clear_cookies()
    desk.get_by_label("Quel est son titre ?").fill("La table du samedi")

    desk.get_by_label("Quel fichier ?").set_input_files([PHOTO])

    expect(desk.get_by_role("status").filter(has_text="Votre session est terminée")).to_be_visible()
    sign_in()
    desk.get_by_role("button", name="Réessayer").click()
    expect(desk.get_by_role("status").filter(has_text=ARRIVED)).to_be_visible()
    write_words(desk)
    desk.get_by_role("button", name="Ajouter à la fiche").click()
    expect(desk.get_by_text("« La table du samedi » est dans la fiche.")).to_be_visible()


def test_everything_works_without_a_script(browser, browser_context_args, sheet, sign_in):
    context = browser.new_context(**browser_context_args, java_script_enabled=False)
    sign_in(context)
    page = context.new_page()
    page.goto(f"/actions/{sheet.slug}/medias/")
    page.get_by_role("link", name="Ajouter une photo").click()
    page.get_by_label("Quel fichier ?").set_input_files([PHOTO])
    page.get_by_label("Quel est son titre ?").fill("La table du samedi")
    page.get_by_role("button", name="Ajouter à la fiche").click()
    expect(page.get_by_text("Il reste quelque chose à corriger")).to_be_visible()
    expect(page.get_by_text("table.jpg")).to_be_visible()

    write_words(page)
    page.get_by_role("button", name="Ajouter à la fiche").click()
    expect(page.get_by_text("« La table du samedi » est dans la fiche.")).to_be_visible()

    MediaFactory(action=sheet, title="Le film", position=1)
    page.reload()
    page.get_by_role("button", name="Monter « Le film »").click()
    expect(page.locator(".media-row__title").first).to_have_text("Le film")
    page.get_by_role("link", name="Retirer « Le film »").click()
    page.get_by_role("button", name="Retirer de la fiche").click()
    expect(page.locator(".media-row__title")).to_have_text(["La table du samedi"])
    context.close()


def test_page_with_photos_is_light(page, sheet, desk):
    """A camera's photos: the browser takes the size that the screen needs, and not the originals."""
    noise = {**PHOTO, "buffer": image_bytes("JPEG", size=(4000, 3000), quality=95)}
    for _ in range(2):
        page.goto(f"/actions/{sheet.slug}/medias/ajouter/")
        page.get_by_label("Quel fichier ?").set_input_files([noise])
        expect(page.get_by_role("status").filter(has_text=ARRIVED)).to_be_visible()
        write_words(page)
        page.get_by_role("button", name="Ajouter à la fiche").click()
        expect(page.get_by_text("est dans la fiche.")).to_be_visible()
    answers = []
    page.on("response", lambda answer: "/media/" in answer.url and answers.append(answer))

    page.goto(sheet.get_absolute_url(), wait_until="networkidle")
    page.mouse.wheel(0, 4000)

    page.wait_for_function("() => [...document.querySelectorAll('main img')].every(image => image.complete)")
    asked = [re.sub(r".*-(\d+)\.webp", r"\1", answer.url) for answer in answers]
    assert set(asked) == {"480"}
    assert len(asked) >= 1
