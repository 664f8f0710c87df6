"""Every page of ours, in every state: valid HTML, well built, under the content security policy, wholly styled."""

import pytest

from tests.pages import assert_valid_html, assert_well_built, refuse_what_the_policy_blocks
from tests.states import every_page
from tests.styles import assert_styled


@pytest.mark.django_db
def test_every_page_is_valid_and_well_built(mailoutbox, subtests):
    for state, response in every_page():
        with subtests.test(state):
            assert_valid_html(response.text)
            assert_well_built(response.text)
            refuse_what_the_policy_blocks(response.text)
            assert_styled(response.text)


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
