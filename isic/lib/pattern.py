"""The banner of a sheet without a photo: drawn from its slug, so it is always the same and never another's."""

import random

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

#: Where a small pictogram may stand, in a field of 320 × 180: two rows in quincunx, so that none hides another.
SPOTS = [(x, 48) for x in (32, 96, 160, 224, 288)] + [(x, 132) for x in (0, 64, 128, 192, 256, 320)]


def pattern(slug: str, pictogram: str, sprite_url: str) -> SafeString:
    """An SVG of about a kilobyte; `pictogram` names a symbol `domain-…` of the sprite, colours come from the classes."""
    draw = random.Random(slug)
    big_x, big_y, size = draw.randint(70, 250), draw.randint(60, 120), draw.randint(128, 184)
    spots = [spot for spot in SPOTS if abs(spot[0] - big_x) > size / 2]
    parts = [_disc(draw), _disc(draw), _use(pictogram, sprite_url, draw, (big_x, big_y), size, "c", 18)]
    parts += [
        _use(pictogram, sprite_url, draw, spot, draw.randint(26, 52), draw.choice("abbc"), 40)
        for spot in draw.sample(spots, min(4, len(spots)))
    ]
    return format_html(
        '<svg class="pattern" viewBox="0 0 320 180" preserveAspectRatio="xMidYMid slice" aria-hidden="true">{}</svg>',
        mark_safe("".join(parts)),
    )


def _disc(draw: random.Random) -> str:
    return f'<circle class="d" cx="{draw.randint(0, 320)}" cy="{draw.randint(0, 180)}" r="{draw.randint(44, 110)}"/>'


def _use(pictogram: str, sprite_url: str, draw: random.Random, centre: tuple, size: int, tone: str, turn: int) -> str:
    """One pictogram around its centre, moved and turned a little."""
    x, y = centre[0] + draw.randint(-8, 8), centre[1] + draw.randint(-8, 8)
    return format_html(
        '<use class="{}" href="{}#domain-{}" x="{}" y="{}" width="{}" height="{}" transform="rotate({} {} {})"/>',
        tone, sprite_url, pictogram, x - size // 2, y - size // 2, size, size, draw.randint(-turn, turn), x, y,
    )  # fmt: skip
