"""A page is told which text of the browser the server has: by one cookie, after a form that was accepted."""

import pytest

from tests.factories import ActionFactory

DRAFT = "m3x8a9kq2v7"


def sent(client, action, **fields):
    return client.post(f"{action.get_absolute_url()}renvoyer/", {"seen": action.version, "draft": DRAFT, **fields})


@pytest.fixture
def proposed(unit):
    return ActionFactory(carrier_unit=unit, editorial_state="proposed")


def test_accepted_form_says_which_text_it_was(manager_client, proposed):
    answer = sent(manager_client, proposed, reason="Dites où.")

    cookie = answer.cookies["enregistre"]
    assert (answer.status_code, cookie.value, cookie["max-age"], cookie["samesite"]) == (302, DRAFT, 60, "Lax")


def test_form_that_was_refused_or_sent_to_sign_in_says_nothing(manager_client, client, proposed):
    answers = [sent(manager_client, proposed), sent(client, proposed, reason="Dites où.")]

    assert [answer.status_code for answer in answers] == [422, 302]
    assert [answer.cookies.get("enregistre") for answer in answers] == [None, None]


@pytest.mark.parametrize("draft", ["", "x", "a" * 41, "a; Path=/", "é" * 10, "<b>bbbbbbb</b>"])
def test_key_that_no_page_of_ours_made_goes_nowhere(draft, manager_client, proposed):
    answer = sent(manager_client, proposed, reason="Dites où.", draft=draft)

    assert answer.status_code == 302
    assert "enregistre" not in answer.cookies
