"""Every page of ours, in every state, in a real browser: no barrier that a machine can see, on any screen, in any mode."""

import html

import pytest

from tests.states import every_page

WIDTHS = [320, 1280]
#: Each state is shown by one of so many tests a width, so that the workers share the longest of them.
SHARES = 3
#: Mode → what is looked at in it: the dark one may only change colours.
MODES = {"light": {}, "dark": {"runOnly": ["color-contrast", "link-in-text-block"]}}


def is_missing(answer) -> bool:
    """A script, a style, an image. What a page saves by itself has nowhere to go: it is shown without its session."""
    return answer.status >= 400 and answer.request.method == "GET" and not answer.url.endswith("/shown/")


@pytest.mark.matrix
@pytest.mark.parametrize("share", range(SHARES))
@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_is_accessible_and_fits(
    page, live_server, axe, mailoutbox, subtests, width, share, whose_turn, ain_tables, example_tables
):
    """The browser shows what the house answered to a client, under its headers: a state needs no journey to be seen.

    Where it is light on a phone it is dark on a wide screen, the next one the other way round; with --whole, both on both.
    """
    shown, missing = {}, []
    page.route(f"{live_server.url}/shown/", lambda route: route.fulfill(**shown))
    page.on("response", lambda answer: is_missing(answer) and missing.append(answer.url))
    page.set_viewport_size({"width": width, "height": 720})
    for turn, (state, response) in enumerate(every_page(ain_tables, example_tables), WIDTHS.index(width)):
        if turn // 2 % SHARES != share:  # by pairs: the modes alternate
            continue
        shown |= {"status": response.status_code, "headers": dict(response.items()), "body": response.content}
        with subtests.test(state):
            page.goto("/shown/")
            assert page.title() in html.unescape(response.text)
            assert page.evaluate("document.documentElement.scrollWidth") == width
            for mode in whose_turn(MODES, turn):
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
