"""Browsers of people."""

import pytest
from django.conf import settings

PHONE = {"width": 360, "height": 740}


@pytest.fixture
def sign_in(client_of, live_server):
    """`sign_in(context, user)`: the browser is this person's from now on, as after a sign-in in another tab."""

    def signed_in(context, user) -> None:
        cookie = client_of(user).cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])

    return signed_in


@pytest.fixture
def page_of(browser, browser_context_args, sign_in):
    """`page_of(user)`: a browser of this person's own; at the end, no script of its pages failed."""
    contexts, faults = [], []

    def opened(user, **options):
        context = browser.new_context(**{**browser_context_args, "viewport": PHONE, **options})
        contexts.append(context)
        sign_in(context, user)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda line: "Content Security Policy" in line.text and faults.append(line.text))
        return page

    yield opened
    for context in contexts:
        context.close()
    assert faults == []
