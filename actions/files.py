"""The files of sheets: how many may come, those that wait for the rest of their form, their sizes, and what is left over."""

import datetime as dt
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage as storage
from django.db import transaction
from django.db.models import Sum

from actions.models import Media
from isic.lib.background import background
from isic.lib.images import IMAGES, originals, reduced_name, reductions
from isic.lib.office_files import MB
from isic.lib.uploads import Received, receive

MOST_A_SHEET = 20
MOST_A_PERSON = 500 * MB
#: How long a file waits for its form, and how old one must be to be taken for left over.
PATIENCE = dt.timedelta(hours=24)
WAITING, STORED = "pending", "actions"

TOO_MANY = (
    f"Cette fiche a déjà {MOST_A_SHEET}\u00a0photos, documents et liens, le plus possible\u00a0: retirez-en un d’abord."
)
TOO_MUCH = (
    f"Vos fichiers dépasseraient {MOST_A_PERSON // MB}\u00a0Mo, le plus possible par personne\u00a0: "
    "retirez-en, ou demandez au service."
)
FULL_DISK = (
    "Le site n’a presque plus de place\u00a0: ce fichier n’a pas été gardé. Prévenez le service, puis recommencez."
)


def take_in(file: File, *, action, by) -> Received:
    """What will be kept of an upload. Raises ValidationError, with the reason and what to do."""
    check_number(action)
    if not storage.has_room():
        raise ValidationError(FULL_DISK, code="full")
    received = receive(file)
    if weight_of(by) + received.size > MOST_A_PERSON:
        raise ValidationError(TOO_MUCH)
    return received


def check_number(action) -> None:
    if action.media.count() >= MOST_A_SHEET:
        raise ValidationError(TOO_MANY)


def weight_of(user) -> int:
    """Of everything this person sent, and of what waits for its form."""
    stored = Media.objects.filter(added_by=user).aggregate(weight=Sum("weight"))["weight"] or 0
    folder = Path(storage.path(_folder(user)))
    return stored + sum(path.stat().st_size for path in folder.glob("*"))


# --- Files that wait for the rest of their form --------------------------------------------------------------------
@dataclass(frozen=True)
class Waiting:
    """A file received once and for all, under the name that its sender gave it."""

    stored: str
    called: str

    @property
    def token(self) -> str:
        return signing.dumps([self.stored, self.called], salt=WAITING, compress=True)

    @property
    def suffix(self) -> str:
        return self.stored.rpartition(".")[2]

    @property
    def is_photo(self) -> bool:
        return self.suffix in IMAGES.values()

    def read(self) -> Received:
        with storage.open(self.stored) as file:
            return Received(file.read(), self.suffix)

    def forget(self) -> None:
        storage.delete(self.stored)


def keep(received: Received, *, called: str, by) -> Waiting:
    received.seek(0)
    return Waiting(storage.save(_folder(by) + received.name, received), called)


def waiting(token: str, *, by) -> Waiting | None:
    """None for a token that is forged, somebody else's, or too old."""
    try:
        upload = Waiting(*signing.loads(token, salt=WAITING, max_age=PATIENCE))
    except signing.BadSignature:
        return None
    return upload if upload.stored.startswith(_folder(by)) and storage.exists(upload.stored) else None


def _folder(user) -> str:
    return f"{WAITING}/{user.pk}/"


# --- Sizes --------------------------------------------------------------------------------------------------------
@background("Photos d’une fiche, dans les tailles des pages")
def reduce_photos(action_pk: int) -> None:
    """May be done again: what a killed process drew is drawn over."""
    for photo in Media.objects.filter(action=action_pk).unreduced():
        try:
            widths = _draw(photo.file)
        except FileNotFoundError:  # withdrawn meanwhile, or lost: pages do without
            continue
        with transaction.atomic():
            still = Media.objects.select_for_update().filter(pk=photo.pk, file=photo.file.name).first()
            if still:
                still.widths = widths
                still.save(update_fields=["widths"])


def _draw(original) -> list[int]:
    widths = []
    with storage.open(original.name) as file:
        for width, content in reductions(file):
            name = reduced_name(original.name, width)
            storage.delete(name)
            storage.save(name, ContentFile(content))
            widths.append(width)
    return widths


# --- What goes ----------------------------------------------------------------------------------------------------
def forget_after_commit(media: Media) -> None:
    """The files of a row that this transaction deletes."""
    if media.file:
        for name in (media.file.name, *(reduced_name(media.file.name, width) for width in media.widths)):
            transaction.on_commit(partial(storage.delete, name), robust=True)


def left_over(now: dt.datetime) -> list[str]:
    """Files that no row has, of no use since a day: a process was killed, a form given up, a sheet deleted."""
    root = Path(settings.MEDIA_ROOT)
    before = (now - PATIENCE).timestamp()
    old = [
        path.relative_to(root).as_posix()
        for folder in (WAITING, STORED)
        for path in sorted((root / folder).rglob("*"))
        if path.is_file() and path.stat().st_mtime < before
    ]
    # Read after the names: a file that came meanwhile has its row.
    listed = set(Media.objects.exclude(file="").values_list("file", flat=True))
    return [name for name in old if listed.isdisjoint([name, *originals(name)])]


def purge(now: dt.datetime) -> list[str]:
    gone = left_over(now)
    for name in gone:
        storage.delete(name)
    return gone
