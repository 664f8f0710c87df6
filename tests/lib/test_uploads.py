"""What people send: known by its content, cleaned, named by the server, or refused with a French sentence."""

import re
import subprocess
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from isic.lib import images, office_files, uploads
from isic.lib.uploads import UploadStorage, receive
from tests.documents import docx_bytes, pdf_bytes
from tests.images import image_bytes, two_images

HTML = b"<html><script>alert(1)</script></html>"
UUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"


def upload(content: bytes, name: str = "fichier.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def family(brand: bytes) -> bytes:
    """The beginning of a photo or a film of a phone."""
    return b"\0\0\0\x18ftyp" + brand + b"\0\0\0\0mif1heic"


@pytest.mark.parametrize(
    ("kind", "make", "suffix"),
    [
        ("JPEG", lambda: image_bytes("JPEG"), "jpg"),
        ("JPEG", two_images, "jpg"),
        ("PNG", lambda: image_bytes("PNG"), "png"),
        ("WEBP", lambda: image_bytes("WEBP"), "webp"),
    ],
)
def test_image_is_drawn_anew_under_a_name_of_the_server(kind, make, suffix):
    received = receive(upload(make() + HTML, "../../Famille Exemple.html"))

    assert re.fullmatch(rf"{UUID}\.{suffix}", received.name)
    with Image.open(received) as image:
        assert (image.format, image.size, (received.width, received.height)) == (kind, (8, 6), (8, 6))
    assert HTML not in received.file.getvalue()


@pytest.mark.parametrize(("content", "suffix"), [(pdf_bytes(author="Secret"), "pdf"), (docx_bytes(), "docx")])
def test_document_is_cleaned_under_a_name_of_the_server(content, suffix):
    received = receive(upload(content, "\u202exslx.exe"))

    assert re.fullmatch(rf"{UUID}\.{suffix}", received.name)
    assert (received.width, b"Secret" in received.read()) == (None, False)


def test_photo_heavier_than_a_document_is_kept_lighter():
    received = receive(upload(image_bytes("PNG") + b" " * uploads.LARGEST_DOCUMENT))

    assert received.size < 1000


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (image_bytes("JPEG", size=(640, 480))[:2000], images.BROKEN_IMAGE),
        (image_bytes("PNG") + b" " * uploads.LARGEST_IMAGE, uploads.TOO_HEAVY),
        (b"%PDF" + b" " * uploads.LARGEST_DOCUMENT, uploads.TOO_HEAVY),
        (image_bytes("GIF"), office_files.UNKNOWN),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', office_files.UNKNOWN),
        (HTML, office_files.UNKNOWN),
        (HTML + pdf_bytes(), office_files.UNKNOWN),
        (b"\x00", office_files.UNKNOWN),
        *((family(brand), uploads.HEIC) for brand in b"heic heix heim heis hevc hevx hevm mif1 msf1 avif avis".split()),
        *((family(brand), uploads.FILM) for brand in (b"mp42", b"isom", b"qt  ", b"M4V ", b"3gp4")),
    ],
)
def test_what_is_not_kept_is_refused_whatever_its_name(content, sentence):
    with pytest.raises(ValidationError) as refusal:
        receive(upload(content, "photo.jpg"))

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
