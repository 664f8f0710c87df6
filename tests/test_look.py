"""What the stylesheets promise: readable colours in both modes, every pictogram drawn, light pages."""

import math
import re
from pathlib import Path

import pytest
from django.conf import settings

from actions.models import Action, Domain
from actions.models.vocabularies import HUES
from partners.models import Partner

STATIC = settings.BASE_DIR / "static"
TOKENS = (STATIC / "css/tokens.css").read_text()
LIGHT, DARK = TOKENS.split("@media (prefers-color-scheme: dark)")
SPRITE = (STATIC / "img/pictograms.svg").read_text()
TEXT = 4.5
CONTROL = 3


def tokens(mode: str) -> dict[str, str]:
    """Name → value; in the dark, what it does not say is as in the light; the OKLCH form wins where there are two."""
    values = dict(re.findall(r"--([\w-]+): ([^;]+);", LIGHT))
    return values | dict(re.findall(r"--([\w-]+): ([^;]+);", DARK)) if mode == "dark" else values


def luminance(colour: str) -> float:
    """Relative luminance (WCAG) of #rgb, #rrggbb or oklch(L C H)."""
    if colour.startswith("#"):
        digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
        channels = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    else:
        lightness, chroma, hue = map(float, re.findall(r"[\d.]+", colour))
        a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
        long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
        medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
        short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
        linear = [
            4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
            -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
            -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
        ]
    red, green, blue = (min(max(channel, 0), 1) for channel in linear)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_look_every_pair_of_colours_is_readable(mode):
    value = tokens(mode)
    grounds = ("paper", "card", "sunk")
    pairs = [(ink, ground, TEXT) for ink in ("ink", "ink-soft", "accent", "call", "danger") for ground in grounds]
    pairs += [(f"on-{name}", name, TEXT) for name in ("accent", "call")]
    pairs += [(name, f"{name}-tint", TEXT) for name in ("accent", "call", "danger")]
    pairs += [(ink, f"{name}-tint", TEXT) for ink in ("ink", "ink-soft") for name in ("accent", "call", "danger")]
    pairs += [("ink", "mark", TEXT)]
    pairs += [(line, ground, CONTROL) for line in ("line-strong", "focus") for ground in grounds]
    assert {
        (one, other): contrast(value[one], value[other])
        for one, other, least in pairs
        if contrast(value[one], value[other]) < least
    } == {}


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_look_every_domain_hue_is_readable_on_its_grounds(mode):
    value = tokens(mode)
    hues = re.findall(r"\.hue-(\d+) \{ --hue: (\d+); \}", TOKENS)
    assert [int(number) for number, _hue in hues] == list(range(1, HUES + 1))
    for _number, hue in hues:
        domain, tint, middle = (
            f"oklch({value[f'{name}-l']} {value[f'{name}-c']} {hue})" for name in ("domain", "tint", "mid")
        )
        for ground in (value["paper"], value["card"], tint):
            assert contrast(domain, ground) >= TEXT
        assert contrast(domain, middle) >= CONTROL
        assert contrast(value["ink"], middle) >= TEXT


def test_look_pictograms_are_those_that_a_page_may_name():
    drawn = set(re.findall(r'<symbol id="([^"]+)"', SPRITE))
    named = {f"domain-{key}" for key in Domain.Pictogram.values} | {f"partner-{key}" for key in Partner.Kind.values}
    named |= {f"place-{key}" for key in Action.Venue.values}
    written = "".join(path.read_text() for path in (settings.BASE_DIR / "templates").rglob("*.html"))
    written += "".join(path.read_text() for path in (settings.BASE_DIR / "catalogue").rglob("*.py"))
    named |= set(re.findall(r"[#\"'} ]((?:ui|place)-\w+)[\"'{]", written)) | {"mark"}
    assert named == drawn
    assert len(named) > len(Domain.Pictogram.values) + len(Partner.Kind.values) + len(Action.Venue.values)


def test_look_weighs_little():
    assert weight("css/tokens.css", "css/base.css", "css/layout.css", "css/components.css") < 30_000
    assert weight("js/catalogue.js") < 8_000


def weight(*names: str) -> int:
    return sum(Path(STATIC / name).stat().st_size for name in names)
