"""Every page of ours, in every state, in a real browser: no barrier that a machine can see, on any screen, in any mode."""

import html

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpResponse

from catalogue.caching import CACHED_PAGES
from catalogue.search import current
from tests.contents import Contents
from tests.states import every_page

WIDTHS = [320, 1280]
#: Each state is shown by one of so many tests, so that the workers share the longest of them.
SHARES = 3
#: Mode → what is looked at in it: the dark one may only change colours.
MODES = {"light": {}, "dark": {"runOnly": ["color-contrast", "link-in-text-block"]}}


@pytest.fixture(scope="module")
def states(django_db_blocker, ain_tables, example_tables) -> tuple[list[tuple[str, HttpResponse]], Contents]:
    """What the house answers in every state, once a worker, and the tables that images of these pages are read from."""
    with django_db_blocker.unblock():
        before = Contents.read()
        answers = [
            (state, HttpResponse(answer.content, status=answer.status_code, headers=dict(answer.items())))
            for state, answer in every_page(ain_tables, example_tables)
        ]
        tables = Contents.read()
        before.put_back()
    current.forget()
    CACHED_PAGES.clear()
    return answers, tables


@pytest.fixture
def show(page, monkeypatch):
    """`show(answer)`: the browser gets it, with its headers, from the server of the test: styles are fetched once.

    (Playwright fetches every file again for each page once it answers one of them itself.)
    """
    answered, shown = WSGIHandler.get_response, []
    monkeypatch.setattr(
        WSGIHandler, "get_response", lambda *args: shown[-1] if args[1].path == "/shown/" else answered(*args)
    )

    def opened(answer: HttpResponse) -> None:
        shown.append(answer)
        page.goto(f"/shown/?{len(shown)}")  # by an address of its own: some of them may be kept

    return opened


def is_missing(answer) -> bool:
    """A script, a style, an image. What a page saves by itself has nowhere to go: it is shown without its session."""
    return answer.status >= 400 and answer.request.method == "GET" and "/shown/" not in answer.url


@pytest.mark.matrix
@pytest.mark.parametrize("share", range(SHARES))
def test_every_page_is_accessible_and_fits(page, axe, show, subtests, share, whose_turn, states):
    """The browser shows what the house answered to a client, under its headers: a state needs no journey to be seen.

    Where it is light on a phone it is dark on a wide screen, the next one the other way round; with --whole, both on both.
    """
    (answers, tables), missing = states, []
    tables.put_back()
    page.on("response", lambda answer: is_missing(answer) and missing.append(answer.url))
    for turn, (state, answer) in enumerate(answers):
        if turn % SHARES != share:
            continue
        with subtests.test(state):
            show(answer)
            assert page.title() in html.unescape(answer.text)
            for place, width in enumerate(WIDTHS, turn):
                page.set_viewport_size({"width": width, "height": 720})
                assert page.evaluate("document.documentElement.scrollWidth") == width
                for mode in whose_turn(MODES, place):
                    page.emulate_media(color_scheme=mode, reduced_motion="reduce")
                    axe(page, **MODES[mode])
    assert missing == []


@pytest.mark.parametrize("path", ["/", "/actions/", "/actions/sus-au-tabou/"])
def test_page_is_light_on_a_slow_connection(page, path, examples):
    """Before compression: what is sent weighs a third of it."""
    answers = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(path, wait_until="networkidle")

    weights = {answer.url: len(answer.body()) for answer in answers}
    assert len(weights) <= 15
    assert sum(weights.values()) <= 300_000, weights
