"""Documents: recognised by their content, stored without the names that office software writes in them."""

import re
import zipfile
from io import BytesIO

from django.core.exceptions import ValidationError

MB = 1024 * 1024
#: What a document may become once unpacked: beyond, it was made to fill a memory.
MOST_UNPACKED, MOST_ENTRIES, MOST_RATIO = 50 * MB, 2000, 100

OPEN_DOCUMENTS = {
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
}
OFFICE_DOCUMENTS = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx"}
#: Where these formats keep their macros.
MACROS = ("vbaProject.bin", "Basic/", "Scripts/")

UNKNOWN = "Ce fichier n’est ni une photo (JPEG, PNG ou WebP) ni un document (PDF, ODT, ODS, DOCX ou XLSX)."
HAS_MACROS = "Ce document contient des macros\u00a0: enregistrez-le sans elles, puis recommencez."
BROKEN_DOCUMENT = (
    "Ce document est abîmé ou protégé par un mot de passe\u00a0: ouvrez-le, enregistrez-le sans protection, "
    "puis recommencez."
)
SWOLLEN = "Ce document est trop lourd une fois décompressé\u00a0: allégez-le, ou faites-en un PDF."

_DECLARATION = b'<?xml version="1.0" encoding="UTF-8"?>\n'
_PROPERTIES = b"http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
_CUSTOM = b"http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
_OFFICE = b"urn:oasis:names:tc:opendocument:xmlns:office:1.0"
#: The members that hold nothing but who, when and why.
_EMPTIED = {
    "docProps/core.xml": _DECLARATION + b'<cp:coreProperties xmlns:cp="' + _PROPERTIES + b'"/>',
    "docProps/custom.xml": _DECLARATION + b'<Properties xmlns="' + _CUSTOM + b'"/>',
    "meta.xml": _DECLARATION
    + b'<office:document-meta xmlns:office="'
    + _OFFICE
    + b'" office:version="1.3"><office:meta/></office:document-meta>',
}
#: Where the other names are: who wrote a comment or a correction, who may be mentioned, in whose folder the file was.
_NAMES = (
    ("word/", re.compile(rb'(\s(?:w|w15):(?:author|initials|userId)=)"[^"]*"'), rb'\1"Auteur"'),
    ("xl/persons/", re.compile(rb'(\s(?:displayName|userId)=)"[^"]*"'), rb'\1"Auteur"'),
    ("xl/workbook.xml", re.compile(rb'(absPath url=)"[^"]*"'), rb'\1""'),
    ("xl/comments", re.compile(rb"<(author)>[^<]*</"), rb"<\1></"),
    ("docProps/app.xml", re.compile(rb"<(Manager|Company)>[^<]*</"), rb"<\1></"),
    ("content.xml", re.compile(rb"<(dc:creator|meta:creator-initials|loext:sender-initials)>[^<]*</"), rb"<\1></"),
)
_PDF_VALUE = re.compile(rb"/Author\s*(?:\((?P<text>(?:\\.|[^\\()])*)\)|<(?P<hex>[0-9A-Fa-f\s]*)>)", re.DOTALL)
#: Stops at another opening: a file full of them would otherwise be read again and again.
_PDF_PACKET = re.compile(rb"<(dc:creator|pdf:Author)>(?P<text>(?:(?!<\1>).){0,4000}?)</\1>", re.DOTALL)


def cleaned(content: bytes) -> tuple[bytes, str]:
    """The document without its authors, and the suffix of its kind. Raises ValidationError."""
    if content.startswith(b"%PDF-"):
        return without_authors(content), "pdf"
    try:
        archive = zipfile.ZipFile(BytesIO(content))
    except Exception as error:  # whatever a file made to break it raises
        raise ValidationError(UNKNOWN) from error
    with archive:
        suffix = _suffix(archive, content)
        return _rewritten(archive), suffix


def without_authors(pdf: bytes) -> bytes:
    """Blanked in place, so that nothing moves: a PDF that compresses its properties, is signed or locked, keeps them."""
    if b"/Encrypt" in pdf or b"/ByteRange" in pdf:
        return pdf
    return _PDF_PACKET.sub(_blanked, _PDF_VALUE.sub(_blanked, pdf))


def _blanked(match: re.Match) -> bytes:
    whole, offset = match[0], match.start()
    group = next(name for name, value in match.groupdict().items() if value is not None)
    start, end = match.span(group)
    return whole[: start - offset] + b" " * (end - start) + whole[end - offset :]


def _suffix(archive: zipfile.ZipFile, content: bytes) -> str:
    entries = archive.infolist()
    names = [entry.filename for entry in entries]
    unpacked = sum(entry.file_size for entry in entries)
    if len(names) > MOST_ENTRIES or unpacked > min(MOST_UNPACKED, MOST_RATIO * len(content)):
        raise ValidationError(SWOLLEN)
    declared = _read(archive, "mimetype")[:100] if "mimetype" in names else b""
    suffix = OPEN_DOCUMENTS.get(declared) or next((OFFICE_DOCUMENTS[n] for n in names if n in OFFICE_DOCUMENTS), None)
    if not suffix or not content.startswith(b"PK"):
        raise ValidationError(UNKNOWN)
    if any(name.endswith(MACROS) or name.startswith(MACROS) for name in names):
        raise ValidationError(HAS_MACROS)
    if len(set(names)) < len(names):
        raise ValidationError(BROKEN_DOCUMENT)
    return suffix


def _rewritten(archive: zipfile.ZipFile) -> bytes:
    """In the same order, since an OpenDocument begins with its type; without dates, nor anything between its members."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as copy:
        for name in archive.namelist():
            member = zipfile.ZipInfo(name)
            member.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            copy.writestr(member, _without_names(name, _read(archive, name)))
    return out.getvalue()


def _without_names(name: str, content: bytes) -> bytes:
    if name in _EMPTIED:
        return _EMPTIED[name]
    for place, pattern, replacement in _NAMES:
        if name.startswith(place) and name.endswith(".xml"):
            content = pattern.sub(replacement, content)
    return content


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    """At most the size that the archive declares, which was counted."""
    try:
        return archive.read(name)
    except Exception as error:  # as above
        raise ValidationError(BROKEN_DOCUMENT) from error
