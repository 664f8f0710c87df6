"""Photos: drawn anew within limits, whatever a telephone makes of them."""

import struct
import threading
import zlib
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from PIL import Image

from isic.lib import images
from isic.lib.images import LONGEST, open_image, redrawn
from tests.images import image_bytes, two_images

HEADER = struct.pack(">4sIIBBBBB", b"IHDR", 30_000, 30_000, 8, 2, 0, 0, 0)
PNG_BOMB = b"\x89PNG\r\n\x1a\n\0\0\0\x0d" + HEADER + struct.pack(">I", zlib.crc32(HEADER)) + b"\0\0\0\0IDAT"


def drawn(content: bytes) -> Image.Image:
    return Image.open(BytesIO(redrawn(open_image(content))))


@pytest.mark.parametrize("kind", ["JPEG", "MPO", "PNG", "WEBP"])
def test_photo_loses_its_place_its_date_and_its_device_and_stands_upright(kind):
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned a quarter
    exif[0x0110] = "Secret 3000"
    exif.get_ifd(0x8825).update({1: "N", 2: (46.0, 12.0, 0.0)})
    make = two_images if kind == "MPO" else lambda **extra: image_bytes(kind, **extra)
    sent = make(exif=exif, xmp=b"<x:xmpmeta>Secret</x:xmpmeta>", comment=b"Secret")
    assert b"Secret 3000" in sent

    kept = redrawn(open_image(sent))

    with Image.open(BytesIO(kept)) as image:
        assert image.size == (6, 8)
        assert image.format == {"MPO": "JPEG"}.get(kind, kind)
        assert dict(image.getexif()) == {}
        assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "loop", "background"}
    assert b"Secret" not in kept


@pytest.mark.parametrize(
    ("kind", "mode"), [("JPEG", "CMYK"), ("JPEG", "L"), ("PNG", "P"), ("PNG", "I;16"), ("PNG", "LA")]
)
def test_any_mode_of_an_image_is_read(kind, mode):
    assert drawn(image_bytes(kind, mode=mode)).mode == ("RGBA" if mode == "LA" else "RGB")


@pytest.mark.parametrize(
    ("kind", "mode", "size", "kept"),
    [
        ("JPEG", "L", (8064, 6048), (3200, 2400)),
        ("JPEG", "L", (6048, 8064), (2400, 3200)),
        ("PNG", "P", (4000, 100), (3200, 80)),
        ("WEBP", "RGB", (4000, 1), (3200, 1)),
        ("JPEG", "RGB", (LONGEST, 10), (LONGEST, 10)),
    ],
)
def test_large_photo_is_reduced_in_its_proportions(kind, mode, size, kept):
    assert drawn(image_bytes(kind, mode=mode, size=size)).size == kept


def test_colours_of_a_palette_are_mixed_not_dropped():
    """A line of one pixel in two is grey once the image is reduced."""
    stripes = Image.new("P", (LONGEST * 2, 2))
    stripes.putpalette([0, 0, 0, 255, 255, 255])
    stripes.paste(1, (0, 0, LONGEST * 2, 1))
    out = BytesIO()
    stripes.save(out, "PNG")

    assert drawn(out.getvalue()).getpixel((100, 0)) == (128, 128, 128)


@pytest.mark.parametrize(
    "content",
    [
        PNG_BOMB,
        image_bytes("PNG", size=(8000, 6251), mode="1"),
        image_bytes("JPEG", size=(8000, 6251), mode="L", progressive=True),
        image_bytes("JPEG", size=(16_000, 12_501), mode="L"),
    ],
    ids=["says so", "held whole", "drawn in passes", "reduced as it is read"],
)
def test_image_of_too_many_pixels_is_refused_before_it_is_read(content):
    with pytest.raises(ValidationError) as refusal:
        open_image(content)

    assert refusal.value.messages == [images.LARGE_IMAGE]


def test_cut_photo_is_refused():
    with pytest.raises(ValidationError) as refusal:
        redrawn(open_image(image_bytes("JPEG", size=(640, 480))[:2000]))

    assert refusal.value.messages == [images.BROKEN_IMAGE]


def test_one_photo_is_decoded_at_a_time(monkeypatch):
    """Four of 40 million pixels at once held two gigabytes."""
    decoding, together = [], []
    all_ready = threading.Barrier(4)
    original = Image.Image.thumbnail

    def watched(self, *args, **kwargs):
        decoding.append(self)
        original(self, *args, **kwargs)
        together.append(len(decoding))
        decoding.remove(self)

    def send():
        all_ready.wait()
        redrawn(open_image(content))

    monkeypatch.setattr(Image.Image, "thumbnail", watched)
    content = image_bytes("JPEG", size=(2000, 1500))
    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert together == [1, 1, 1, 1]


def test_large_photo_is_never_held_whole():
    """The decoder is told the size that is kept."""
    image = open_image(image_bytes("JPEG", size=(8064, 6048), mode="L"))

    redrawn(image)

    assert image.decoderconfig == (2, 0)
