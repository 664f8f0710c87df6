"""What people send: known by its content, cleaned, named by the server, or refused with a French sentence."""

import errno
import re
import struct
import zipfile
import zlib
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from isic.lib import uploads
from isic.lib.uploads import UploadStorage, receive
from tests.images import image_bytes

HTML = b"<html><script>alert(1)</script></html>"
UUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"


def upload(content: bytes, name: str = "fichier.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def archive(*names: str, **members: str) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name in names:
            made.writestr(name, "")
        for name, content in members.items():
            made.writestr(name, content)
    return out.getvalue()


ODT = archive("content.xml", mimetype="application/vnd.oasis.opendocument.text")
DOCX = archive("[Content_Types].xml", "word/document.xml")
HEADER = struct.pack(">4sIIBBBBB", b"IHDR", 30_000, 30_000, 8, 2, 0, 0, 0)
PNG_BOMB = b"\x89PNG\r\n\x1a\n\0\0\0\x0d" + HEADER + struct.pack(">I", zlib.crc32(HEADER)) + b"\0\0\0\0IDAT"


# --- Images -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("kind", "suffix"), [("JPEG", "jpg"), ("PNG", "png"), ("WEBP", "webp")])
def test_image_is_drawn_anew_under_a_name_of_the_server(kind, suffix):
    received = receive(upload(image_bytes(kind) + HTML, "../../Famille Exemple.html"))

    assert re.fullmatch(rf"{UUID}\.{suffix}", received.name)
    with Image.open(received) as image:
        assert (image.format, image.size) == (kind, (8, 6))
    assert HTML not in received.file.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_photo_loses_its_place_its_date_and_its_device_and_stands_upright(kind):
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned a quarter
    exif[0x0110] = "Secret 3000"
    exif.get_ifd(0x8825).update({1: "N", 2: (46.0, 12.0, 0.0)})
    sent = image_bytes(kind, exif=exif, xmp=b"<x:xmpmeta>Secret</x:xmpmeta>", comment=b"Secret")
    assert b"Secret 3000" in sent

    received = receive(upload(sent))

    with Image.open(received) as image:
        assert image.size == (6, 8)
        assert dict(image.getexif()) == {}
        assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "loop", "background"}
    assert b"Secret" not in received.file.getvalue()


@pytest.mark.parametrize(
    ("kind", "mode"), [("JPEG", "CMYK"), ("JPEG", "L"), ("PNG", "P"), ("PNG", "I;16"), ("PNG", "LA")]
)
def test_any_mode_of_an_image_is_read(kind, mode):
    with Image.open(receive(upload(image_bytes(kind, mode=mode)))) as image:
        assert image.mode == ("RGBA" if mode == "LA" else "RGB")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (PNG_BOMB, uploads.LARGE_IMAGE),
        (image_bytes("JPEG", size=(640, 480))[:2000], uploads.BROKEN_IMAGE),
        (image_bytes("PNG") + b" " * uploads.LARGEST_IMAGE, uploads.TOO_HEAVY),
        (image_bytes("GIF"), uploads.UNKNOWN),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', uploads.UNKNOWN),
        (HTML, uploads.UNKNOWN),
        (b"\x00", uploads.UNKNOWN),
        (b"%PDF" + b" " * uploads.LARGEST_DOCUMENT, uploads.TOO_HEAVY),
    ],
)
def test_what_is_no_photo_is_refused_whatever_its_name(content, sentence):
    with pytest.raises(ValidationError) as refusal:
        receive(upload(content, "photo.jpg"))

    assert refusal.value.messages == [sentence]


def test_image_of_too_many_pixels_is_refused_before_it_is_read():
    with pytest.raises(ValidationError) as refusal:
        receive(upload(image_bytes("PNG", size=(8000, 5001), mode="1")))

    assert refusal.value.messages == [uploads.LARGE_IMAGE]


# --- Documents ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("content", "suffix"),
    [
        (b"%PDF-1.7\n", "pdf"),
        (ODT, "odt"),
        (archive(mimetype="application/vnd.oasis.opendocument.spreadsheet"), "ods"),
        (DOCX, "docx"),
        (archive("[Content_Types].xml", "xl/workbook.xml"), "xlsx"),
    ],
)
def test_document_is_known_by_its_content_and_kept_as_it_came(content, suffix):
    received = receive(upload(content, "\u202exslx.exe"))

    assert re.fullmatch(rf"{UUID}\.{suffix}", received.name)
    assert received.read() == content


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (archive("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), uploads.HAS_MACROS),
        (archive("Basic/script-lc.xml", mimetype="application/vnd.oasis.opendocument.text"), uploads.HAS_MACROS),
        (archive("index.html"), uploads.UNKNOWN),
        (HTML + DOCX, uploads.UNKNOWN),
        (HTML + b"%PDF-1.7", uploads.UNKNOWN),
        (DOCX[:40], uploads.UNKNOWN),
    ],
)
def test_document_that_could_do_harm_is_refused(content, sentence):
    with pytest.raises(ValidationError) as refusal:
        receive(upload(content, "bilan.docx"))

    assert refusal.value.messages == [sentence]


# --- Storing ------------------------------------------------------------------------------------------------------
def test_full_disk_leaves_no_half_file(tmp_path, monkeypatch):
    def full(self, name, content):
        (tmp_path / name).write_bytes(b"half")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "_save", full)

    with pytest.raises(OSError, match="No space left"):
        UploadStorage(tmp_path).save("photo.jpg", ContentFile(b"x"))
    assert list(tmp_path.iterdir()) == []
