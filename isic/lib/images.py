"""Photos: opened within limits, drawn anew without what a camera adds, and in the sizes that pages need.

A photo may weigh hundreds of megabytes once decoded, so a process decodes one at a time, and a JPEG directly near the size
that is kept. The reduced sizes are WebP, beside the original and named after it.
"""

import re
from collections.abc import Iterator
from io import BytesIO
from threading import Lock
from typing import BinaryIO

from django.core.exceptions import ValidationError
from PIL import Image, ImageOps

#: What Pillow calls a format → the suffix of the file. A phone puts two images in one JPEG: Pillow calls it MPO.
IMAGES = {"JPEG": "jpg", "MPO": "jpg", "PNG": "png", "WEBP": "webp"}
#: The longest side of what is kept, in pixels: an A4 page printed at 270 dots an inch.
LONGEST = 3200
#: A JPEG is decoded reduced, by blocks; what is drawn in several passes, or is no JPEG, has to be held whole.
MOST_PIXELS, MOST_PIXELS_WHOLE = 200_000_000, 50_000_000
#: A phone, a column of text, the whole width of a screen.
WIDTHS = (480, 960, 1600)

LARGE_IMAGE = (
    f"Cette photo est trop grande\u00a0: {MOST_PIXELS_WHOLE // 1_000_000}\u00a0millions de pixels au plus, "
    f"ou {MOST_PIXELS // 1_000_000}\u00a0pour un JPEG d’appareil photo."
)
BROKEN_IMAGE = "Cette photo est abîmée\u00a0: ouvrez-la, enregistrez-la de nouveau, puis recommencez."

_REDUCED = re.compile(r"(.+)-\d{1,4}\.webp")
_decoding = Lock()
# The limits above are ours; Pillow's own comes first, and only warns.
Image.MAX_IMAGE_PIXELS = MOST_PIXELS


def reduced_name(name: str, width: int) -> str:
    """« actions/2026/x.jpg », 480 → « actions/2026/x-480.webp »."""
    return f"{name.rpartition('.')[0]}-{width}.webp"


def originals(name: str) -> list[str]:
    """The names that the original of a reduced image may have; none for any other file."""
    reduced = _REDUCED.fullmatch(name)
    return [f"{reduced[1]}.{suffix}" for suffix in dict.fromkeys(IMAGES.values())] if reduced else []


def stem(name: str) -> str:
    """What the original and its reduced images share: « actions/2026/x »."""
    reduced = _REDUCED.fullmatch(name)
    return reduced[1] if reduced else name.rpartition(".")[0]


def widths_for(width: int) -> list[int]:
    """Never larger than the original."""
    return sorted({min(width, most) for most in WIDTHS})


def open_image(content: bytes) -> Image.Image | None:
    """The image, its pixels not read yet; None for anything else. Raises ValidationError when it has too many."""
    try:
        image = Image.open(BytesIO(content), formats=["JPEG", "PNG", "WEBP"])
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise ValidationError(LARGE_IMAGE) from None
    except Exception:  # whatever a decoder raises on a file made to break it
        return None
    if image.width * image.height > (MOST_PIXELS if _is_reduced_as_read(image) else MOST_PIXELS_WHOLE):
        raise ValidationError(LARGE_IMAGE)
    return image


def redrawn(image: Image.Image) -> bytes:
    """The pixels alone, upright: no place, no date, no device, no thumbnail, nothing hidden after the image."""
    try:
        with _decoding:
            upright = ImageOps.exif_transpose(_drawn(image, _size_within(image, LONGEST)))
            drawn = upright.convert(_mode(upright))
        drawn.info = {}
        out = BytesIO()
        drawn.save(out, "JPEG" if IMAGES[image.format] == "jpg" else image.format, quality=85)
    except Exception as error:  # as above
        raise ValidationError(BROKEN_IMAGE) from error
    return out.getvalue()


def reductions(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """(width, content) of each size of a stored photo."""
    with Image.open(file) as image:
        widths = widths_for(image.width)
        with _decoding:
            largest = _drawn(image, _size_of_width(image, widths[-1]))
        for width in widths:
            out = BytesIO()
            sized = largest.resize(_size_of_width(largest, width), Image.Resampling.LANCZOS, reducing_gap=3)
            sized.save(out, "WEBP", quality=78)
            yield width, out.getvalue()


def _is_reduced_as_read(image: Image.Image) -> bool:
    return image.format in ("JPEG", "MPO") and "progressive" not in image.info


def _drawn(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """Decoded at that size, or at its own when that is smaller."""
    if image.format not in ("JPEG", "MPO") and image.mode != _mode(image):
        image = image.convert(_mode(image))  # colours of a palette have no mean
    image.thumbnail(size, Image.Resampling.LANCZOS, reducing_gap=1)
    return image


def _mode(image: Image.Image) -> str:
    return "RGBA" if image.has_transparency_data else "RGB"


def _size_within(image: Image.Image, longest: int) -> tuple[int, int]:
    """As large as fits, in the same proportions."""
    scale = min(1, longest / max(image.size))
    return max(1, round(image.width * scale)), max(1, round(image.height * scale))


def _size_of_width(image: Image.Image, width: int) -> tuple[int, int]:
    return width, max(1, round(image.height * width / image.width))
