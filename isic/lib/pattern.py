"""The banner of a sheet without a photo: drawn from its slug, so it is always the same and never another's."""

import random

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from isic.lib.icons import symbol

WIDTH, HEIGHT = 320, 180
#: Where the pictograms stand, the largest first: (x, y, size). Each banner takes one, mirrored or not, and jogs it.
LAYOUTS = (
    ((160, 92, 158), (44, 46, 44), (284, 132, 54), (38, 138, 34), (282, 42, 34)),
    ((100, 98, 150), (272, 112, 86), (206, 46, 60), (204, 142, 34), (300, 30, 30)),
    ((222, 70, 190), (58, 96, 84), (122, 146, 40), (120, 40, 36), (20, 30, 28)),
    ((132, 112, 98), (228, 58, 86), (42, 52, 74), (298, 128, 64), (150, 22, 34), (48, 146, 40)),
)


def pattern(slug: str, pictogram: str) -> SafeString:
    """An SVG of about a kilobyte; `pictogram` names a symbol `domain-…` of the sprite, colours come from the classes."""
    draw = random.Random(slug)  # noqa: S311 -- a drawing, not a secret
    mirrored = draw.random() < 0.5
    discs = format_html_join(
        "",
        '<circle class="{}" cx="{}" cy="{}" r="{}"/>',
        [(tone, draw.randint(0, WIDTH), draw.randint(0, HEIGHT), draw.randint(46, 112)) for tone in "de"],
    )
    slots = draw.choice(LAYOUTS)
    uses = format_html_join(
        "",
        '<use class="{}" href="{}" x="{}" y="{}" width="{}" height="{}" transform="rotate({} {} {})"/>',
        [
            (tone, symbol(f"domain-{pictogram}"), *_place(draw, WIDTH - x if mirrored else x, y, size))
            for (x, y, size), tone in zip(slots, "c" + "".join(draw.choices("abbc", k=len(slots) - 1)), strict=True)
        ],
    )
    return format_html(
        '<svg class="pattern" viewBox="0 0 {} {}" preserveAspectRatio="xMidYMid slice" aria-hidden="true">{}{}</svg>',
        *(WIDTH, HEIGHT, discs, uses),
    )


def _place(draw: random.Random, x: int, y: int, size: int) -> tuple[int, ...]:
    """x, y, width, height, then the turn and its centre: a slot, moved, resized and turned a little."""
    x, y = x + draw.randint(-10, 10), y + draw.randint(-10, 10)
    size += draw.randint(-size // 9, size // 9)
    turn = 16 if size > 120 else 38
    return x - size // 2, y - size // 2, size, size, draw.randint(-turn, turn), x, y
