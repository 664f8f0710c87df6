"""Photos in the sizes that pages need: WebP, beside the original and named after it."""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import BinaryIO

from PIL import Image

#: What Pillow calls a format → the suffix of the file.
IMAGES = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp"}
#: A phone, a column of text, the whole width of a screen.
WIDTHS = (480, 960, 1600)
_REDUCED = re.compile(r"(.+)-\d{1,4}\.webp")


def reduced_name(name: str, width: int) -> str:
    """« actions/2026/x.jpg », 480 → « actions/2026/x-480.webp »."""
    return f"{name.rpartition('.')[0]}-{width}.webp"


def originals(name: str) -> list[str]:
    """The names that the original of a reduced image may have; none for any other file."""
    reduced = _REDUCED.fullmatch(name)
    return [f"{reduced[1]}.{suffix}" for suffix in IMAGES.values()] if reduced else []


def widths_for(width: int) -> list[int]:
    """Never larger than the original."""
    return sorted({min(width, most) for most in WIDTHS})


def reductions(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """(width, content) of each size of a stored photo."""
    with Image.open(file) as image:
        for width in widths_for(image.width):
            height = max(1, round(image.height * width / image.width))
            out = BytesIO()
            image.resize((width, height), Image.Resampling.LANCZOS).save(out, "WEBP", quality=78)
            yield width, out.getvalue()
