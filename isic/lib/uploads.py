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
from PIL import Image

from isic.lib.document_files import cleaned
from isic.lib.images import IMAGES, open_image, redrawn
from isic.lib.office_files import MB

#: What may be sent. A photo is kept smaller than it came.
LARGEST_IMAGE, LARGEST_DOCUMENT = 40 * MB, 20 * MB
#: The share of the disk that uploads leave to the rest.
FREE_SHARE = 0.05

TOO_HEAVY = (
    f"Ce fichier est trop lourd\u00a0: {LARGEST_IMAGE // MB}\u00a0Mo au plus pour une photo, "
    f"{LARGEST_DOCUMENT // MB}\u00a0Mo pour un document."
)
HEIC = (
    "Cette photo est au format HEIC ou AVIF, que beaucoup d’ordinateurs n’ouvrent pas\u00a0: enregistrez-la en JPEG, puis "
    "recommencez. Sur un iPhone\u00a0: Réglages, Appareil photo, Formats, «\u00a0Le plus compatible\u00a0»."
)
FILM = "C’est un film\u00a0: déposez-le sur une plateforme de vidéos, puis indiquez ici son adresse."
#: The families of the format that phones use for both: of photos, the first letters of their brands; the rest are films.
_BRAND, _PHOTO_BRANDS = slice(8, 12), (b"hei", b"hev", b"mif", b"msf", b"avi", b"mia", b"jpe")


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
    if file.size > LARGEST_IMAGE:
        raise ValidationError(TOO_HEAVY)
    file.seek(0)
    content = file.read()
    image = open_image(content)
    if image:
        return Received(redrawn(image), IMAGES[image.format])
    if content[4:8] == b"ftyp":
        raise ValidationError(HEIC if content[_BRAND].lower().startswith(_PHOTO_BRANDS) else FILM)
    if file.size > LARGEST_DOCUMENT:
        raise ValidationError(TOO_HEAVY)
    return Received(*cleaned(content))


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
