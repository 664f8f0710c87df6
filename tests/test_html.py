"""Every page of ours, in every state: valid HTML, well built, under the content security policy, wholly styled."""

import re
from itertools import chain

import pytest
from django.conf import settings

from tests.pages import assert_valid_html, assert_well_built, forms_that_write, refuse_what_the_policy_blocks
from tests.states import every_page, filing
from tests.styles import assert_styled

TEMPLATES = settings.BASE_DIR / "templates"
#: Forms whose text need not wait in the browser (docs/decisions/010-two-hands.md) → why.
UNKEPT = {
    r"/compte/.*": "a password or a code is kept nowhere",
}


@pytest.mark.engine
@pytest.mark.django_db
def test_every_page_is_valid_and_well_built(mailoutbox, subtests, ain_tables, example_tables):
    forms, shown = {}, set()
    for state, response in chain(every_page(ain_tables, example_tables), filing()):
        with subtests.test(state):
            assert_valid_html(response.text)
            assert_well_built(response.text)
            refuse_what_the_policy_blocks(response.text)
            assert_styled(response.text)
            for address, has_text, is_kept in forms_that_write(response.text):
                forms[address or response.request["PATH_INFO"], has_text, is_kept] = state
            shown |= {template.name for template in response.templates}
    assert_every_text_is_kept(forms)
    writing = {
        str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html") if 'method="post"' in path.read_text()
    }
    assert {name for name in writing - shown if not name.startswith("admin/")} == set()


def assert_every_text_is_kept(forms: dict) -> None:
    """What is typed in a form survives a lost connection, an ended session, a closed tab."""
    unkept = {address: state for (address, has_text, is_kept), state in forms.items() if has_text and not is_kept}
    spared = {why for why in UNKEPT for address in unkept if re.fullmatch(why, address)}
    assert {a: state for a, state in unkept.items() if not any(re.fullmatch(why, a) for why in UNKEPT)} == {}
    assert UNKEPT.keys() - spared == set(), "nothing is exempt by these any more"
    assert sum(has_text and is_kept for _, has_text, is_kept in forms) > 25


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("<h1>A</h1><h3>B</h3>", "from h1 to h3"),
        ("<h1>A</h1><p id=x></p><p id=x></p>", "id 'x' 2 times"),
        ("<h1>A</h1><label for=x>B</label>", "label: for of 'x'"),
        ("<h1>A</h1><a href='#x'>B</a>", "a: href of 'x'"),
        ("<h1>A</h1><ul><p></p></ul>", "p in ul"),
        ("<h1>A</h1><p hx-get='/'></p>", "p has hx-get"),
        ("<h1>A</h1><button></button>", "button without a word"),
        ("<p>A</p>", "0 h1"),
        ('<h1>A</h1><svg aria-hidden="true"><use href="/pictograms.svg#ui-rien"/></svg>', "ui-rien is no pictogram"),
    ],
)
def test_ill_built_page_is_refused(body, fault):
    with pytest.raises(AssertionError, match=fault):
        assert_well_built(f"<!doctype html><html lang=fr><head><title>T</title></head><main>{body}</main></html>")
