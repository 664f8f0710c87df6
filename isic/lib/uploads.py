"""Files that people send: told by their content, cleaned, and named by the server."""

import uuid
import zipfile
from io import BytesIO

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage
from django.db import models
from django.db.models.fields.files import FieldFile
from PIL import Image, ImageOps

MB = 1024 * 1024
LARGEST_IMAGE, LARGEST_DOCUMENT = 10 * MB, 20 * MB
MOST_PIXELS = 40_000_000
#: What Pillow calls a format → the suffix of the file.
IMAGES = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp"}
OPEN_DOCUMENTS = {
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
}
OFFICE_DOCUMENTS = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx"}
#: Where these formats keep their macros.
MACROS = ("vbaProject.bin", "Basic/", "Scripts/")

UNKNOWN = "Ce fichier n’est ni une photo (JPEG, PNG ou WebP) ni un document (PDF, ODT, ODS, DOCX ou XLSX)."
TOO_HEAVY = (
    f"Ce fichier est trop lourd\u00a0: {LARGEST_IMAGE // MB}\u00a0Mo au plus pour une photo, "
    f"{LARGEST_DOCUMENT // MB}\u00a0Mo pour un document."
)
LARGE_IMAGE = f"Cette photo est trop grande\u00a0: {MOST_PIXELS // 1_000_000}\u00a0millions de pixels au plus."
BROKEN_IMAGE = "Cette photo est abîmée\u00a0: ouvrez-la, enregistrez-la de nouveau, puis recommencez."
HAS_MACROS = "Ce document contient des macros\u00a0: enregistrez-le sans elles, puis recommencez."


class Received(ContentFile):
    """A file ready to be stored, under a name that says nothing of its sender."""

    def __init__(self, content: bytes, suffix: str):
        super().__init__(content, f"{uuid.uuid4()}.{suffix}")


def is_image(file: FieldFile) -> bool | None:
    """Whether a file received or stored is an image; None where there is no file, or one that was refused."""
    if not file or not (file._committed or isinstance(file.file, Received)):
        return None
    return file.name.rpartition(".")[2] in IMAGES.values()


def receive(file: File) -> Received:
    """What is kept of an upload: an image is drawn anew, a document stays as it came. Raises ValidationError."""
    if file.size > LARGEST_DOCUMENT:
        raise ValidationError(TOO_HEAVY)
    file.seek(0)
    content = file.read()
    image = open_image(content)
    if image:
        return Received(redrawn(image, len(content)), IMAGES[image.format])
    return Received(content, document_suffix(content))


def open_image(content: bytes) -> Image.Image | None:
    """The image, its pixels not read yet; None for anything else."""
    try:
        return Image.open(BytesIO(content), formats=list(IMAGES))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise ValidationError(LARGE_IMAGE) from None
    except Exception:  # whatever a decoder raises on a file made to break it
        return None


def redrawn(image: Image.Image, weight: int) -> bytes:
    """The pixels alone, upright: no place, no date, no device, no thumbnail, nothing hidden after the image."""
    if weight > LARGEST_IMAGE:
        raise ValidationError(TOO_HEAVY)
    if image.width * image.height > MOST_PIXELS:
        raise ValidationError(LARGE_IMAGE)
    try:
        upright = ImageOps.exif_transpose(image)
        drawn = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
        drawn.info = {}
        out = BytesIO()
        drawn.save(out, image.format, quality=85)
    except Exception as error:  # as above
        raise ValidationError(BROKEN_IMAGE) from error
    return out.getvalue()


def document_suffix(content: bytes) -> str:
    if content.startswith(b"%PDF-"):
        return "pdf"
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            names = archive.namelist()
            declared = archive.open("mimetype").read(100) if "mimetype" in names else b""
    except Exception as error:  # as above
        raise ValidationError(UNKNOWN) from error
    found = OPEN_DOCUMENTS.get(declared) or next((OFFICE_DOCUMENTS[n] for n in names if n in OFFICE_DOCUMENTS), None)
    if not found or not content.startswith(b"PK"):
        raise ValidationError(UNKNOWN)
    if any(name.endswith(MACROS) or name.startswith(MACROS) for name in names):
        raise ValidationError(HAS_MACROS)
    return found


class UploadStorage(FileSystemStorage):
    """A file that could not be written whole (a full disk) leaves nothing behind."""

    def _save(self, name, content):
        try:
            return super()._save(name, content)
        except OSError:
            self.delete(name)
            raise


class UploadField(models.FileField):
    """A file that went through `receive`, on every way in: by the form, and again before any write."""

    def clean(self, value, model_instance):
        value = super().clean(value, model_instance)
        self._receive(value)
        return value

    def pre_save(self, model_instance, add):
        self._receive(getattr(model_instance, self.attname))
        return super().pre_save(model_instance, add)

    def _receive(self, value) -> None:
        if value and not value._committed and not isinstance(value.file, Received):
            value.file = receive(value.file)
            value.name = value.file.name
