"""Colours: contrast, and an accent that stays readable in both modes."""

import re

import pytest

from isic.lib.colours import DARK_CARD, READABLE, SUNK, contrast, is_colour, mixed, theme


def test_contrast_is_that_of_wcag():
    assert round(contrast("#000000", "#ffffff"), 2) == 21
    assert round(contrast("#767676", "#ffffff"), 2) == 4.54


@pytest.mark.parametrize(
    ("text", "expected"), [("#0b5548", True), ("#FFF", False), ("green", False), ("#0b5548;", False)]
)
def test_a_colour_is_six_digits(text, expected):
    assert is_colour(text) is expected


def test_mixed_goes_from_one_to_the_other():
    assert [mixed("#000000", "#ffffff", part) for part in (0, 0.5, 1)] == ["#000000", "#808080", "#ffffff"]


@pytest.mark.parametrize("accent", ["#0b5548", "#0b3d91", "#8c1d40", "#000000", "#5c2d91"])
def test_theme_is_readable_in_both_modes(accent):
    light, dark = theme(accent).split("@media")
    for grounds, text in (((SUNK, "#ffffff"), light), ((DARK_CARD, "#161c1d"), dark)):
        value = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", text))
        for ground in (*grounds, value["accent-tint"]):
            assert contrast(value["accent"], ground) >= READABLE
        assert contrast(value["on-accent"], value["accent"]) >= READABLE
