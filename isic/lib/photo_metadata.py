"""What a camera adds to a photo (place, date, device, thumbnail) taken out without drawing it anew.

For the photos inside documents, which keep their pixels as they are. Linear in time; a broken file loses what is after the
break. Colours are kept: the profile of a JPEG (APP2), the sign of Adobe's (APP14).
"""

import re
import struct
from collections.abc import Iterator

_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_DROPPED = frozenset({b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME"})
_WEBP_DROPPED = frozenset({b"EXIF", b"XMP "})
#: In the second byte of VP8X: « there is an EXIF chunk », « there is an XMP chunk ».
_WEBP_FLAGS = 0x08 | 0x04
#: A marker: not a stuffed byte, not a restart, not filling.
_JPEG_MARKER = re.compile(rb"\xff[^\x00\x01\xd0-\xd8\xff]", re.DOTALL)
_END, _COMMENT = 0xD9, 0xFE
_APPLICATIONS, _KEPT_APPLICATIONS = range(0xE0, 0xF0), {0xE0, 0xEE}
_PROFILE = b"ICC_PROFILE\0"


def without_metadata(content: bytes) -> bytes:
    """The same photo, if it is a JPEG, a PNG or a WebP; anything else as it is."""
    if content.startswith(b"\xff\xd8\xff"):
        return b"\xff\xd8" + b"".join(_of_jpeg(content))
    if content.startswith(_PNG):
        return _PNG + b"".join(_of_png(content))
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        body = b"WEBP" + b"".join(_of_webp(content))
        return b"RIFF" + struct.pack("<I", len(body)) + body
    return content


def _of_jpeg(content: bytes) -> Iterator[bytes]:
    """Up to its end: a phone hides a second image, with its own place and date, after it."""
    at = 2
    while marker := _JPEG_MARKER.search(content, at):
        start, code = marker.start(), content[marker.start() + 1]
        yield content[at:start]
        if code == _END:
            yield b"\xff\xd9"
            return
        at = start + 2 + int.from_bytes(content[start + 2 : start + 4])
        segment = content[start:at]
        if _is_kept(code, segment):
            yield segment
    yield content[at:]


def _is_kept(code: int, segment: bytes) -> bool:
    if code in _APPLICATIONS:
        return code in _KEPT_APPLICATIONS or segment[4:].startswith(_PROFILE)
    return code != _COMMENT


def _of_png(content: bytes) -> Iterator[bytes]:
    at = len(_PNG)
    while len(head := content[at : at + 8]) == 8:
        size, kind = struct.unpack(">I4s", head)
        end = at + size + 12
        if kind not in _PNG_DROPPED:
            yield content[at:end]
        if kind == b"IEND":
            return
        at = end


def _of_webp(content: bytes) -> Iterator[bytes]:
    at = 12
    while len(head := content[at : at + 8]) == 8:
        kind, size = struct.unpack("<4sI", head)
        end = at + 8 + size + size % 2
        if kind == b"VP8X" and size:
            yield head + bytes([content[at + 8] & ~_WEBP_FLAGS]) + content[at + 9 : end]
        elif kind not in _WEBP_DROPPED:
            yield content[at:end]
        at = end
