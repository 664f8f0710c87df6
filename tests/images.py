"""Images made for a test."""

from io import BytesIO

from PIL import Image


def image_bytes(kind: str, *, mode: str = "RGB", size: tuple[int, int] = (8, 6), **extra) -> bytes:
    out = BytesIO()
    Image.new(mode, size).save(out, kind, **extra)
    return out.getvalue()


def two_images(**extra) -> bytes:
    """What a phone calls a JPEG: a photo, then a second one that says how bright it is, or seen from the side."""
    out = BytesIO()
    second = Image.new("RGB", (4, 3))
    Image.new("RGB", (8, 6)).save(out, "MPO", save_all=True, append_images=[second], **extra)
    return out.getvalue()
