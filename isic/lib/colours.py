"""Colours as the stylesheets need them: mixed, and readable (WCAG contrast)."""

import re

type Channels = tuple[float, float, float]

WHITE, BLACK = "#ffffff", "#000000"
#: The least contrast of a text, and the grounds of tokens.css that are the hardest to read an accent on.
READABLE = 4.5
SUNK, DARK_CARD = "#f3ede2", "#1f2728"


def is_colour(text: str) -> bool:
    """Whether this is #rrggbb."""
    return re.fullmatch(r"#[0-9a-fA-F]{6}", text) is not None


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def mixed(colour: str, other: str, part: float) -> str:
    """This colour with a part, from 0 to 1, of another."""
    pairs = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{round(255 * (a + (b - a) * part)):02x}" for a, b in pairs)


def theme(accent: str) -> str:
    """The accent of the département over that of tokens.css, in both modes: as it is, then as light as the dark asks."""
    steps = (mixed(accent, WHITE, part / 20) for part in range(21))
    light = next(colour for colour in steps if contrast(colour, mixed(DARK_CARD, colour, 0.15)) >= 1.3 * READABLE)
    return f"""@layer tokens {{
  :root {{ --accent: {accent}; --on-accent: {WHITE}; --accent-tint: {mixed(WHITE, accent, 0.1)}; }}
  @media (prefers-color-scheme: dark) {{
    :root {{ --accent: {light}; --on-accent: {mixed(accent, BLACK, 0.8)}; --accent-tint: {mixed(DARK_CARD, light, 0.15)}; }}
  }}
}}
"""


def _channels(colour: str) -> Channels:
    return tuple(int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))


def _luminance(colour: str) -> float:
    linear = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in _channels(colour))
    return sum(weight * channel for weight, channel in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
