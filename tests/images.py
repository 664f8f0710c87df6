"""Images made for a test."""

from io import BytesIO

from PIL import Image


def image_bytes(kind: str, *, mode: str = "RGB", size: tuple[int, int] = (8, 6), **extra) -> bytes:
    out = BytesIO()
    Image.new(mode, size).save(out, kind, **extra)
    return out.getvalue()
