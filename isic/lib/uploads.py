"""Uploaded files: recognised by their content, cleaned, and named by the server."""

import os
import shutil
import uuid
from io import BytesIO

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage
from django.db import models
from django.db.models.fields.files import FieldFile
from PIL import Image, ImageOps

from isic.lib.images import IMAGES
from isic.lib.office_files import MB, cleaned

LARGEST_IMAGE, LARGEST_DOCUMENT = 10 * MB, 20 * MB
MOST_PIXELS = 40_000_000
#: The share of the disk that uploads leave to the rest.
FREE_SHARE = 0.05

TOO_HEAVY = (
    f"Ce fichier est trop lourd\u00a0: {LARGEST_IMAGE // MB}\u00a0Mo au plus pour une photo, "
    f"{LARGEST_DOCUMENT // MB}\u00a0Mo pour un document."
)
LARGE_IMAGE = f"Cette photo est trop grande\u00a0: {MOST_PIXELS // 1_000_000}\u00a0millions de pixels au plus."
BROKEN_IMAGE = "Cette photo est abîmée\u00a0: ouvrez-la, enregistrez-la de nouveau, puis recommencez."
HEIC = (
    "Cette photo est au format HEIC de certains téléphones, que beaucoup d’ordinateurs n’ouvrent pas\u00a0: "
    "enregistrez-la en JPEG, puis recommencez."
)


class Received(ContentFile):
    """A file ready to be stored, under a name that says nothing of its sender; an image has a width and a height."""

    def __init__(self, content: bytes, suffix: str):
        super().__init__(content, f"{uuid.uuid4()}.{suffix}")
        self.width = self.height = None
        if suffix in IMAGES.values():
            with Image.open(BytesIO(content)) as image:
                self.width, self.height = image.size


def is_image(file: FieldFile) -> bool | None:
    """Whether a file received or stored is an image; None where there is no file, or one that was refused."""
    if not file or not (file._committed or isinstance(file.file, Received)):
        return None
    return file.name.rpartition(".")[2] in IMAGES.values()


def receive(file: File) -> Received:
    """What is kept of an upload: an image is drawn anew, a document loses its authors. Raises ValidationError."""
    if file.size > LARGEST_DOCUMENT:
        raise ValidationError(TOO_HEAVY)
    file.seek(0)
    content = file.read()
    image = open_image(content)
    if image:
        return Received(redrawn(image, len(content)), IMAGES[image.format])
    if content[4:8] == b"ftyp" and content[8:12] in (b"heic", b"heix", b"mif1", b"msf1"):
        raise ValidationError(HEIC)
    return Received(*cleaned(content))


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


class UploadStorage(FileSystemStorage):
    """A file has its name once it is whole: a full disk leaves nothing behind, a killed process a `.part` at most."""

    def _save(self, name, content):
        part = f"{name}.part"
        try:
            part = super()._save(part, content)
        except OSError:
            self.delete(part)
            raise
        os.replace(self.path(part), self.path(name))
        return name

    def has_room(self) -> bool:
        os.makedirs(self.location, exist_ok=True)
        usage = shutil.disk_usage(self.location)
        return usage.free >= usage.total * FREE_SHARE


class UploadField(models.FileField):
    """A file that went through `receive`, on every way in: by the form, and again before any write.

    Its row has a `weight`, a `width`, a `height`, and the `widths` of its reduced images, which a new file has not yet.
    """

    def clean(self, value, model_instance):
        value = super().clean(value, model_instance)
        self._receive(value)
        return value

    def pre_save(self, model_instance, add):
        value = getattr(model_instance, self.attname)
        self._receive(value)
        if value and not value._committed:
            row, file = model_instance, value.file
            row.weight, row.width, row.height, row.widths = file.size, file.width, file.height, []
        return super().pre_save(model_instance, add)

    def _receive(self, value) -> None:
        if value and not value._committed and not isinstance(value.file, Received):
            value.file = receive(value.file)
            value.name = value.file.name
