"""What people send: known by its content, cleaned, named by the server, or refused with a French sentence."""

import re
import struct
import subprocess
import zipfile
import zlib
from io import BytesIO
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from isic.lib import office_files, uploads
from isic.lib.uploads import UploadStorage, receive
from tests.images import image_bytes

HTML = b"<html><script>alert(1)</script></html>"
UUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"


def upload(content: bytes, name: str = "fichier.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def archive(*names: str, **members: str) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as zipped:
        for name in names:
            zipped.writestr(name, "")
        for name, content in members.items():
            zipped.writestr(name, content)
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
        (image_bytes("GIF"), office_files.UNKNOWN),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', office_files.UNKNOWN),
        (HTML, office_files.UNKNOWN),
        (b"\x00", office_files.UNKNOWN),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", uploads.HEIC),
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
def test_document_is_known_by_its_content_and_keeps_its_members(content, suffix):
    received = receive(upload(content, "\u202exslx.exe"))

    assert re.fullmatch(rf"{UUID}\.{suffix}", received.name)
    assert members(received.read()) == members(content)


def members(content: bytes) -> list:
    """What a document is made of, in its order."""
    if content.startswith(b"%PDF-"):
        return [content]
    with zipfile.ZipFile(BytesIO(content)) as opened:
        return [(name, opened.read(name)) for name in opened.namelist()]


COMMENT = (
    '<w:comment w:id="1" w:author="Camille Secret" w:initials="CS" w:date="2026-01-01"><w:t>Bien</w:t></w:comment>'
)
PEOPLE = '<w15:person w15:author="Camille Secret"><w15:presenceInfo w15:userId="S::secret@example.org"/></w15:person>'
NAMED = {
    "docx": {
        "word/document.xml": '<w:ins w:id="2" w:author="Camille Secret"><w:t>Bonjour</w:t></w:ins>',
        "word/comments.xml": COMMENT,
        "word/people.xml": PEOPLE,
        "docProps/core.xml": "<dc:creator>Camille Secret</dc:creator><cp:lastModifiedBy>Camille Secret</cp:lastModifiedBy>",
        "docProps/app.xml": "<Properties><Manager>Secret</Manager><Company>Secret</Company><Pages>2</Pages></Properties>",
        "docProps/custom.xml": "<property><vt:lpwstr>Secret</vt:lpwstr></property>",
    },
    "xlsx": {
        "xl/workbook.xml": '<x15ac:absPath url="C:\\Users\\secret\\"/>',
        "xl/comments1.xml": "<authors><author>Camille Secret</author></authors>",
        "xl/persons/person.xml": '<person displayName="Camille Secret" id="{1}" userId="secret@example.org"/>',
        "xl/tables/table1.xml": '<table name="Ateliers" displayName="Ateliers"/>',
    },
    "odt": {
        "mimetype": "application/vnd.oasis.opendocument.text",
        "content.xml": "<office:annotation><dc:creator>Camille Secret</dc:creator><text:p>Bonjour</text:p></office:annotation>",
        "meta.xml": "<meta:initial-creator>Camille Secret</meta:initial-creator>",
    },
}


@pytest.mark.parametrize("suffix", NAMED)
def test_document_loses_the_names_of_its_authors_and_keeps_its_words(suffix):
    kept = dict(members(receive(upload(archive(**NAMED[suffix]))).read()))

    assert kept.keys() == NAMED[suffix].keys()
    assert b"secret" not in b"".join(kept.values()).lower()
    words = {"docx": "word/document.xml", "xlsx": "xl/tables/table1.xml", "odt": "content.xml"}[suffix]
    assert kept[words].count({"docx": b"Bonjour", "xlsx": b'"Ateliers"', "odt": b"Bonjour"}[suffix]) in (1, 2)


def test_open_document_still_begins_with_its_type_unpacked():
    kept = receive(upload(archive(**NAMED["odt"]))).read()

    assert kept[30:38] == b"mimetype"
    assert kept[38:77] == b"application/vnd.oasis.opendocument.text"


PDF = (
    b"%PDF-1.7\n1 0 obj\n<< /Author (Camille \\(Secret\\)) /Title (Bilan) >>\nendobj\n"
    b"2 0 obj\n<</Author<43616D>>>\nendobj\n<rdf:li>x</rdf:li>"
    b"<dc:creator><rdf:Seq><rdf:li>Camille Secret</rdf:li></rdf:Seq></dc:creator>"
)


def test_pdf_loses_the_author_that_it_says_in_clear_and_nothing_moves():
    kept = receive(upload(PDF)).read()

    assert len(kept) == len(PDF)
    assert b"Secret" not in kept
    assert b"43616D" not in kept
    assert kept.index(b"/Title (Bilan)") == PDF.index(b"/Title (Bilan)")


@pytest.mark.parametrize("mark", [b"/ByteRange [0 1 2 3]", b"/Encrypt 5 0 R"])
def test_pdf_that_is_signed_or_locked_stays_as_it_came(mark):
    assert receive(upload(PDF + mark)).read() == PDF + mark


def packed(size: int, times: int = 1) -> bytes:
    """A document of `times` members of that size, all zeros."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr("word/document.xml", "")
        for rank in range(times):
            zipped.writestr(f"word/{rank}.xml", b"\0" * size)
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [packed(60 * office_files.MB), packed(6 * office_files.MB, 10), packed(0, 2001), packed(200_000)],
    ids=["one huge member", "large ones", "many", "a hundred times its weight"],
)
def test_document_that_swells_is_refused(content):
    with pytest.raises(ValidationError) as refusal:
        receive(upload(content, "bilan.docx"))

    assert refusal.value.messages == [office_files.SWOLLEN]


def lying(content: bytes) -> bytes:
    """The same archive, whose last member says that it is smaller than it is."""
    at = content.rindex(b"PK\x01\x02") + 24
    return content[:at] + struct.pack("<I", 10) + content[at + 4 :]


def locked(content: bytes) -> bytes:
    """The same archive, whose members say that they are encrypted."""
    at = content.index(b"PK\x01\x02") + 8
    return content[:at] + b"\x01" + content[at + 1 :]


def twice() -> bytes:
    with pytest.warns(UserWarning, match="Duplicate name"):
        return archive("word/document.xml", "word/document.xml")


@pytest.mark.parametrize("make", [lambda: lying(packed(200_000)), lambda: locked(DOCX), twice])
def test_document_that_cannot_be_read_whole_is_refused(make):
    with pytest.raises(ValidationError) as refusal:
        receive(upload(make(), "bilan.docx"))

    assert refusal.value.messages == [office_files.BROKEN_DOCUMENT]


def test_file_made_of_openings_is_read_once():
    """A pattern that starts again at each of them would take hours."""
    content = b"%PDF-1.7" + b"<dc:creator>" * 1_000_000 + b"/Author (" * 300_000

    assert receive(upload(content)).size == len(content)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (archive("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), office_files.HAS_MACROS),
        (archive("Basic/script-lc.xml", mimetype="application/vnd.oasis.opendocument.text"), office_files.HAS_MACROS),
        (archive("index.html"), office_files.UNKNOWN),
        (HTML + DOCX, office_files.UNKNOWN),
        (HTML + b"%PDF-1.7", office_files.UNKNOWN),
        (DOCX[:40], office_files.UNKNOWN),
    ],
    ids=["macros", "basic", "no-document", "page-before", "page-before-pdf", "cut"],
)
def test_document_that_could_do_harm_is_refused(content, sentence):
    with pytest.raises(ValidationError) as refusal:
        receive(upload(content, "bilan.docx"))

    assert refusal.value.messages == [sentence]


# --- Storing ------------------------------------------------------------------------------------------------------
@pytest.fixture
def small_disk(tmp_path):
    """A disk of 256 KB."""
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", tmp_path], capture_output=True)
    if mounted.returncode:
        pytest.skip("Only root may mount a small disk.")
    yield UploadStorage(tmp_path)
    subprocess.run(["umount", tmp_path], check=True)


def test_full_disk_leaves_no_half_file_and_what_was_there(small_disk):
    small_disk.save("photo.jpg", ContentFile(b"x" * 1000))

    with pytest.raises(OSError, match="No space left"):
        small_disk.save("actions/2026/autre.jpg", ContentFile(b"x" * 500_000))

    assert [path.name for path in Path(small_disk.location).rglob("*") if path.is_file()] == ["photo.jpg"]
    assert not small_disk.exists("actions/2026/autre.jpg")


def test_nearly_full_disk_has_no_room(small_disk):
    assert small_disk.has_room()

    small_disk.save("photo.jpg", ContentFile(b"x" * 252_000))

    assert not small_disk.has_room()


def test_file_has_its_name_once_it_is_whole(tmp_path):
    """A process killed in the middle leaves a name that nothing reads."""

    class Killed(BaseException):
        pass

    class Half(ContentFile):
        def chunks(self, chunk_size=None):
            yield b"half"
            raise Killed

    with pytest.raises(Killed):
        UploadStorage(tmp_path).save("photo.jpg", Half(b"whole"))

    assert [path.name for path in tmp_path.iterdir()] == ["photo.jpg.part"]
