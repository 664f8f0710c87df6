"""What people paste into a text, in the real editor and under the real policy: it stays lists, bold words, lines."""

import re

import pytest

from isic.lib.richtext import clean_html
from tests.actions.filing import address
from tests.clipboards import PASTED, PLAIN
from tests.factories import ActionFactory

#: Of an ordered list, what the editor says of all.
SAME = re.compile(r' data-type="decimal"')
PASTE = """(editor, [kind, content]) => {
    const textarea = editor.closest("[data-django-prose-editor-configurable], .prose-editor")?.querySelector("textarea")
        ?? editor.parentElement.querySelector("textarea")
    textarea.value = ""
    textarea.dispatchEvent(new Event("rich-text:set"))
    const data = new DataTransfer()
    data.setData(kind, content)
    editor.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }))
    return textarea.value
}"""


@pytest.fixture(scope="module")
def clipboards() -> list[tuple[str, str, str]]:
    """(name and kind, content, what is kept) of each."""
    pages = [(f"{name} text/html", html, kept) for name, (html, kept) in PASTED.items()]
    return pages + [(f"{name} text/plain", text, kept) for name, (text, kept) in PLAIN.items()]


def test_what_is_pasted_keeps_its_lists_its_emphasis_and_its_rows(page_of, live_server, agent, unit, clipboards):
    sheet = ActionFactory(carrier_unit=unit)
    page = page_of(agent)
    page.goto(live_server.url + address(sheet, "pourquoi"))
    editor = page.get_by_role("textbox", name="De quel constat part l’action")

    pasted = {name: editor.evaluate(PASTE, [name.rpartition(" ")[2], content]) for name, content, _ in clipboards}

    kept = {name: SAME.sub("", clean_html(html)).replace("&nbsp;", " ") for name, html in pasted.items()}
    assert kept == {name: expected for name, _, expected in clipboards}
