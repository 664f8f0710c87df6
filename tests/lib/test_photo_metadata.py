"""Photos inside documents lose what a camera adds, and none of their pixels."""

from io import BytesIO

import pytest
from PIL import Image

from isic.lib.photo_metadata import without_metadata
from tests.images import image_bytes, two_images

EXIF = Image.Exif()
EXIF[0x010E] = "Secret"
EXIF.get_ifd(0x8825).update({1: "N", 2: (46.0, 12.0, 0.0)})


def noisy(kind: str, **extra) -> bytes:
    out = BytesIO()
    Image.effect_noise((60, 40), 90).convert("RGB").save(out, kind, exif=EXIF, **extra)
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        noisy("JPEG", comment=b"Secret", xmp=b"<x>Secret</x>"),
        noisy("JPEG", progressive=True),
        noisy("PNG"),
        noisy("WEBP", xmp=b"<x>Secret</x>"),
        two_images(exif=EXIF),
    ],
    ids=["jpeg", "progressive", "png", "webp", "two images"],
)
def test_place_date_and_words_go_and_pixels_stay(content):
    assert b"Secret" in content

    kept = without_metadata(content)

    with Image.open(BytesIO(content)) as before, Image.open(BytesIO(kept)) as after:
        assert after.format == {"MPO": "JPEG"}.get(before.format, before.format)
        assert after.tobytes() == before.tobytes()
        assert dict(after.getexif()) == {}
    assert b"Secret" not in kept
    assert without_metadata(kept) == kept


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_colours_are_kept(kind):
    with Image.open(BytesIO(without_metadata(image_bytes(kind, icc_profile=b"a profile")))) as image:
        assert image.info["icc_profile"] == b"a profile"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("length", [4, 12, 30, 100])
def test_cut_photo_stops_nothing(kind, length):
    assert len(without_metadata(noisy(kind)[:length])) <= length


def test_anything_else_stays_as_it_is():
    assert without_metadata(b"GIF89a") == b"GIF89a"
