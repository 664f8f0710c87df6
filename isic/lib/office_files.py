"""Office documents, which are archives: recognised by what they declare, stored without the names that office software writes."""

import re
import zipfile
from io import BytesIO

from django.core.exceptions import ValidationError

from isic.lib.office_xml import is_locked, media_types, without_names
from isic.lib.photo_metadata import without_metadata

MB = 1024 * 1024
#: What a document may become once unpacked: beyond, it was made to fill a memory.
MOST_UNPACKED, MOST_ENTRIES, MOST_RATIO = 50 * MB, 2000, 100
#: A table in a text, a chart in the table: documents inside documents go no further.
DEEPEST = 3

OPEN_DOCUMENTS = {
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
}
#: How the type of the main part ends, wherever that part is: Word Online calls it document2.xml.
OFFICE_DOCUMENTS = {"wordprocessingml.document.main+xml": "docx", "spreadsheetml.sheet.main+xml": "xlsx"}

UNKNOWN = "Ce fichier n’est ni une photo (JPEG, PNG ou WebP) ni un document (PDF, ODT, ODS, DOCX ou XLSX)."
HAS_MACROS = "Ce document contient des macros\u00a0: enregistrez-le sans elles, puis recommencez."
BROKEN_DOCUMENT = "Ce document est abîmé\u00a0: ouvrez-le, enregistrez-le de nouveau, puis recommencez."
LOCKED_DOCUMENT = (
    "Ce document est protégé par un mot de passe\u00a0: enregistrez-le sans mot de passe, puis recommencez."
)
OLD_DOCUMENT = (
    "Ce document est d’un ancien format (DOC, XLS ou PPT)\u00a0: enregistrez-le en DOCX, XLSX ou PDF, puis recommencez."
)
SWOLLEN = "Ce document est trop lourd une fois décompressé\u00a0: allégez-le, ou faites-en un PDF."
ODD_PHOTO = (
    "Une image de ce document est d’un format (HEIC, AVIF ou TIFF) qui peut garder le lieu où la photo a été prise\u00a0: "
    "remplacez-la par une image JPEG ou PNG, ou faites du document un PDF, puis recommencez."
)

#: Microsoft's container of before: a .doc, an .xls, or a new document under a password.
_CONTAINER = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOCKED_INSIDE, _MACROS_INSIDE = "EncryptedPackage".encode("utf-16-le"), "_VBA_PROJECT".encode("utf-16-le")
#: Where these formats keep their macros, in any case.
_MACROS = re.compile(r"(?:.*/)?vba(?:project|data)[^/]*|(?:basic|scripts|.*/macrosheets)/.*", re.DOTALL)
_XML = (".xml", ".rels", ".psmdcp")
#: The cells of a spreadsheet name nobody, and weigh more than all the rest.
_CELLS = ("xl/worksheets/sheet", "xl/sharedstrings")
_ODD_PHOTO = re.compile(rb"II\*\0|MM\0\*|.{4}ftyp(?:hei|hev|mif|msf|avi)", re.DOTALL)


def cleaned_archive(content: bytes, depth: int = 0) -> tuple[bytes, str]:
    """The document without its authors, and the suffix of its kind. Raises ValidationError."""
    if content.startswith(_CONTAINER):
        raise ValidationError(LOCKED_DOCUMENT if _LOCKED_INSIDE in content else OLD_DOCUMENT)
    if not content.startswith(b"PK"):
        raise ValidationError(UNKNOWN)
    try:
        archive = zipfile.ZipFile(BytesIO(content))
    except Exception as error:  # whatever a file made to break it raises
        raise ValidationError(UNKNOWN) from error
    with archive:
        _check_size(archive, len(content))
        suffix = _suffix(archive)
        return _rewritten(archive, depth), suffix


def _check_size(archive: zipfile.ZipFile, weight: int) -> None:
    entries = archive.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > MOST_ENTRIES or unpacked > min(MOST_UNPACKED, MOST_RATIO * weight):
        raise ValidationError(SWOLLEN)


def _suffix(archive: zipfile.ZipFile) -> str:
    """Names are compared as office software does, whatever their case."""
    names = {name.casefold(): name for name in archive.namelist()}
    if len(names) < len(archive.namelist()):
        raise ValidationError(BROKEN_DOCUMENT)
    declared = names.get("[content_types].xml")
    types = media_types(_read(archive, declared)) if declared else []
    if any(_MACROS.fullmatch(name) for name in names) or any("macro" in one or "vba" in one for one in types):
        raise ValidationError(HAS_MACROS)
    suffix = next((OFFICE_DOCUMENTS[end] for end in OFFICE_DOCUMENTS for one in types if one.endswith(end)), None)
    if "mimetype" in names:
        suffix = OPEN_DOCUMENTS.get(_read(archive, names["mimetype"])[:100].strip())
    if not suffix:
        raise ValidationError(UNKNOWN)
    if "meta-inf/manifest.xml" in names and is_locked(_read(archive, names["meta-inf/manifest.xml"])):
        raise ValidationError(LOCKED_DOCUMENT)
    return suffix


def _rewritten(archive: zipfile.ZipFile, depth: int) -> bytes:
    """In the same order, since an OpenDocument begins with its type; without dates, nor anything between its members."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as copy:
        for name in archive.namelist():
            member = zipfile.ZipInfo(name)
            member.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            copy.writestr(member, _cleaned_member(name.casefold(), _read(archive, name), depth))
    return out.getvalue()


def _cleaned_member(name: str, content: bytes, depth: int) -> bytes:
    if name.endswith(_XML):
        return content if name.startswith(_CELLS) else without_names(name, content)
    if content.startswith(_CONTAINER) and _MACROS_INSIDE in content:
        raise ValidationError(HAS_MACROS)
    if content.startswith(b"PK\x03\x04"):
        return _cleaned_inside(content, depth + 1)
    if _ODD_PHOTO.match(content[:16]):
        raise ValidationError(ODD_PHOTO)
    return without_metadata(content)


def _cleaned_inside(content: bytes, depth: int) -> bytes:
    """A document inside the document: a chart has its table. What is no document of ours stays."""
    if depth > DEEPEST:
        raise ValidationError(SWOLLEN)
    try:
        return cleaned_archive(content, depth)[0]
    except ValidationError as refusal:
        if refusal.messages == [UNKNOWN]:
            return content
        raise


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    """At most the size that the archive declares, which was counted."""
    try:
        return archive.read(name)
    except RuntimeError as error:  # zipfile's own, for a member under a password
        raise ValidationError(LOCKED_DOCUMENT) from error
    except Exception as error:  # as above
        raise ValidationError(BROKEN_DOCUMENT) from error
