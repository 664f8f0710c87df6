"""The page of one action in a real browser."""

import re

import pytest
from django.db import transaction
from django.utils import timezone
from playwright.sync_api import expect

from tests.factories import (
    ActionFactory,
    CriterionFactory,
    LeverFactory,
    PartnershipFactory,
    QuoteFactory,
    SessionFactory,
)
from tests.screens import WIDTHS_AND_SCHEMES


@pytest.fixture
@transaction.atomic
def action(transactional_db):
    action = ActionFactory(
        published=True,
        life_state="running",
        open_to_newcomers="yes",
        problem_decider="with",
        context="<p>Le constat.</p>",
        description="<h3>Un temps</h3><p>On cuisine.</p>",
        effects_residents="<p>On se connaît.</p>",
        levers=[LeverFactory(advice="Et les élus ?")],
    )
    QuoteFactory(action=action, speaker="une participante")
    CriterionFactory(action=action, target="8 sur 10", result="9 sur 10")
    PartnershipFactory(action=action)
    SessionFactory(action=action, date=timezone.localdate())
    return action


@pytest.mark.parametrize(("width", "scheme"), WIDTHS_AND_SCHEMES)
def test_sheet_breaks_no_rule_of_accessibility_nor_of_the_policy(page, axe, action, width, scheme):
    messages = []
    page.on("console", lambda message: messages.append(message.text))
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")

    page.goto(action.get_absolute_url())

    axe(page)
    assert messages == []
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_contents_of_a_wide_sheet_stay_in_view_and_lead_to_the_parts(page, action):
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(action.get_absolute_url())

    page.get_by_role("navigation", name="Dans cette fiche").get_by_role("link", name="Ce qui a changé").click()

    expect(page).to_have_url(re.compile("#ce-qui-a-change$"))
    expect(page.get_by_role("heading", name="Ce qui a changé")).to_be_in_viewport()
    expect(page.get_by_role("link", name="Avec qui")).to_be_in_viewport()


def test_print_button_prints(page, action):
    page.add_init_script("window.print = () => { window.printed = true; }")
    page.goto(action.get_absolute_url())

    page.get_by_role("button", name="Imprimer la fiche").click()

    assert page.evaluate("window.printed") is True


def test_sheet_tells_how_to_print_without_script(browser, base_url, action):
    context = browser.new_context(java_script_enabled=False, base_url=base_url)
    page = context.new_page()
    page.goto(action.get_absolute_url())

    expect(page.get_by_text("Pour l’imprimer")).to_be_visible()
    expect(page.get_by_role("button", name="Imprimer la fiche")).to_have_count(0)
    context.close()
