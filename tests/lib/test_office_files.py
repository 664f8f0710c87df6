"""Office documents: recognised by what they declare, kept without names, refused when they could do harm."""

import struct
import zipfile
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from PIL import Image

from isic.lib import office_files, office_xml
from isic.lib.office_files import MB, cleaned_archive
from tests.documents import archive, docx_bytes, members, open_bytes, relations, types, xlsx_bytes
from tests.images import image_bytes

WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
PROPERTIES = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
DC = "http://purl.org/dc/elements/1.1/"
OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
EXTENDED = "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"
CONTAINER = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
WORD_KIND = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


def with_place() -> bytes:
    exif = Image.Exif()
    exif[0x010E] = "Camille Secret"
    exif.get_ifd(0x8825).update({1: "N", 2: (46.0, 12.0, 0.0)})
    return image_bytes("JPEG", exif=exif)


def refused(content: bytes) -> list[str]:
    with pytest.raises(ValidationError) as refusal:
        cleaned_archive(content)
    return refusal.value.messages


# --- What they are ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("content", "suffix"),
    [
        (open_bytes(), "odt"),
        (open_bytes("spreadsheet"), "ods"),
        (docx_bytes(), "docx"),
        (docx_bytes(main="word/document2.xml"), "docx"),  # Word Online
        (xlsx_bytes(), "xlsx"),
    ],
)
def test_document_is_recognised_by_what_it_declares_and_keeps_its_members(content, suffix):
    kept, kind = cleaned_archive(content)

    assert kind == suffix
    assert members(kept) == members(content)
    assert list(members(kept)) == list(members(content))


def test_open_document_still_begins_with_its_type_unpacked():
    kept, _ = cleaned_archive(open_bytes())

    assert kept[30:77] == b"mimetypeapplication/vnd.oasis.opendocument.text"


# --- Names --------------------------------------------------------------------------------------------------------
NAMED = {
    "change": ("docx", "word/document.xml", f'<w:ins {WORD} w:author="Camille Secret"><w:t>Bien</w:t></w:ins>'),
    "single quotes": ("docx", "word/document.xml", f"<w:ins {WORD} w:author='Camille Secret'><w:t>Bien</w:t></w:ins>"),
    "comment": (
        "docx",
        "word/comments.xml",
        f'<w:c {WORD} w:author="Secret" w:initials="Secret"><w:t>Bien</w:t></w:c>',
    ),
    "people": (
        "docx",
        "word/people.xml",
        '<x:p xmlns:x="urn:x" x:author="Secret"><x:presenceInfo x:userId="S::secret@example.org"/>Bien</x:p>',
    ),
    "utf-16": ("docx", "word/comments.xml", f'<w:c {WORD} w:author="Secret"><w:t>Bien</w:t></w:c>'.encode("utf-16")),
    "core": (
        "docx",
        "docProps/core.xml",
        f'<c:coreProperties xmlns:c="{PROPERTIES}"><c:a>Secret</c:a></c:coreProperties>',
    ),
    "core elsewhere": (
        "docx",
        "package/services/metadata/core-properties/1.psmdcp",
        f'<coreProperties xmlns="{PROPERTIES}"><creator xmlns="{DC}">Secret</creator></coreProperties>',
    ),
    "company": (
        "xlsx",
        "docProps/app.xml",
        f'<p:Properties xmlns:p="{EXTENDED}"><p:Company>Secret</p:Company>Bien</p:Properties>',
    ),
    "sharepoint": ("docx", "customXml/item1.xml", "<p><UserInfo><DisplayName>Secret</DisplayName></UserInfo>Bien</p>"),
    "template": (
        "docx",
        "word/_rels/settings.xml.rels",
        relations("attachedTemplate", "file:///C:\\Users\\secret\\Normal.dotm"),
    ),
    "folder": ("xlsx", "xl/workbook.xml", '<w><x:absPath xmlns:x="urn:x" url="C:\\Users\\secret\\"/>Bien</w>'),
    "remark": ("xlsx", "xl/comments1.xml", f'<s:a xmlns:s="{SHEET}"><s:author>Secret</s:author>Bien</s:a>'),
    "person": (
        "xlsx",
        "xl/persons/person.xml",
        '<l><person displayName="Secret" userId="secret@example.org"/>Bien</l>',
    ),
    "annotation": ("odt", "content.xml", f'<a xmlns:d="{DC}"><d:creator>Secret</d:creator>Bien</a>'),
    "meta": (
        "odt",
        "meta.xml",
        f'<o:document-meta xmlns:o="{OFFICE}"><o:meta><x>Secret</x></o:meta></o:document-meta>',
    ),
    "photo": ("docx", "word/media/image1.jpeg", with_place()),
    "photo in a text": ("odt", "Pictures/1.jpg", with_place()),
    "table of a chart": (
        "docx",
        "word/embeddings/table.xlsx",
        archive(members(xlsx_bytes({"xl/comments1.xml": f'<a xmlns="{SHEET}"><author>Secret</author></a>'}))),
    ),
}
MAKE = {"docx": docx_bytes, "xlsx": xlsx_bytes, "odt": lambda extra: open_bytes("text", extra)}


@pytest.mark.parametrize("case", NAMED)
def test_document_loses_the_names_of_its_authors_and_keeps_its_words(case):
    suffix, member, content = NAMED[case]
    sent = MAKE[suffix]({member: content})

    kept = members(cleaned_archive(sent)[0])

    inside = [*members(kept[member]).values()] if member.endswith(".xlsx") else [kept[member]]
    assert b"secret" not in b"".join(inside).lower()
    assert kept[member]
    assert (b"Bien" in kept[member]) == ("Bien" in str(content) or case == "utf-16")
    assert list(kept) == list(members(sent))


def test_words_that_look_like_names_of_authors_stay():
    table = '<table name="Ateliers" displayName="Ateliers"/>'
    sources = '<b:Source xmlns:b="urn:b"><b:Author>Freire</b:Author></b:Source>'
    sent = xlsx_bytes({"xl/tables/table1.xml": table, "customXml/item1.xml": sources})

    assert members(cleaned_archive(sent)[0]) == members(sent)


# --- Harm ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "content",
    [
        docx_bytes({"word/vbaProject.bin": ""}),
        docx_bytes({"word/VBAPROJECT.BIN": ""}),
        docx_bytes({"word/embeddings/x.bin": CONTAINER + "_VBA_PROJECT".encode("utf-16-le")}),
        docx_bytes({"word/embeddings/x.docm": docx_bytes({"word/vbaProject.bin": ""})}),
        archive({"[Content_Types].xml": types("d.xml", "application/vnd.ms-word.document.macroEnabled.main+xml")}),
        xlsx_bytes({"xl/macrosheets/sheet1.xml": "<x/>"}),
        open_bytes("text", {"Basic/script-lc.xml": "<x/>"}),
        open_bytes("text", {"SCRIPTS/x.py": ""}),
    ],
    ids=["part", "any case", "object", "document inside", "declared", "sheet", "basic", "scripts"],
)
def test_macros_are_refused(content):
    assert refused(content) == [office_files.HAS_MACROS]


@pytest.mark.parametrize(
    ("kind", "target"),
    [
        ("attachedTemplate", "https://example.org/a.dotm"),
        ("attachedTemplate", "\\\\example.org\\a.dotm"),
        ("attachedTemplate", "file://example.org/a.dotm"),
        ("attachedTemplate", "file:///\\\\example.org\\a.dotm"),
        ("oleObject", "http://example.org/a.rtf"),
        ("frame", "mhtml:http://example.org/a.html"),
    ],
)
def test_document_that_fetches_something_when_it_opens_is_refused(kind, target):
    rels = relations(kind, target)

    assert refused(docx_bytes({"word/_rels/settings.xml.rels": rels})) == [office_xml.FETCHES]
    assert refused(docx_bytes({"word/_rels/SETTINGS.XML.RELS": rels.replace("External", "external")})) == [
        office_xml.FETCHES
    ]


@pytest.mark.parametrize(
    ("kind", "target"),
    [
        ("hyperlink", "https://example.org/"),
        ("attachedTemplate", "Normal.dotm"),
        ("oleObject", "file:///C:\\Documents\\budget.xlsx"),
        ("oleObject", "budget.xlsx"),
    ],
)
def test_links_stay(kind, target):
    sent = docx_bytes({"word/_rels/document.xml.rels": relations(kind, target)})

    assert members(cleaned_archive(sent)[0]) == members(sent)


@pytest.mark.parametrize("photo", [b"II*\0", b"MM\0*", b"\0\0\0\x18ftypheic", b"\0\0\0\x18ftypavif"])
def test_photo_that_cannot_be_cleaned_is_refused(photo):
    assert refused(docx_bytes({"word/media/image1.tiff": photo})) == [office_files.ODD_PHOTO]


# --- Locked, old, broken ------------------------------------------------------------------------------------------
def under_zip_password() -> bytes:
    """The same archive, whose members say that they are encrypted."""
    content = docx_bytes()
    at = content.index(b"PK\x01\x02") + 8
    return content[:at] + b"\x01" + content[at + 1 :]


def lying() -> bytes:
    """An archive whose last member says that it is smaller than it is."""
    content = packed(200_000, filling=b"0123456789abcdef" * 40)
    at = content.rindex(b"PK\x01\x02") + 24
    return content[:at] + struct.pack("<I", 10) + content[at + 4 :]


def packed(size: int, times: int = 1, filling: bytes = b"\0") -> bytes:
    return docx_bytes({f"word/{rank}.bin": (filling * size)[:size] for rank in range(times)})


def twice() -> bytes:
    out = BytesIO(docx_bytes())
    with zipfile.ZipFile(out, "a") as zipped:
        zipped.writestr("WORD/document.xml", "")
    return out.getvalue()


LOCKED_ODF = '<m:manifest xmlns:m="urn:m"><m:file-entry><m:encryption-data/></m:file-entry></m:manifest>'
ENTITIES = '<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;">]><a>&c;</a>'


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (CONTAINER + "EncryptedPackage".encode("utf-16-le"), office_files.LOCKED_DOCUMENT),
        (open_bytes("text", {"META-INF/manifest.xml": LOCKED_ODF}), office_files.LOCKED_DOCUMENT),
        (under_zip_password(), office_files.LOCKED_DOCUMENT),
        (CONTAINER + "WordDocument".encode("utf-16-le"), office_files.OLD_DOCUMENT),
        (lying(), office_files.BROKEN_DOCUMENT),
        (twice(), office_files.BROKEN_DOCUMENT),
        (docx_bytes({"word/settings.xml": "<a>"}), office_xml.BROKEN_XML),
        (docx_bytes({"word/settings.xml": ENTITIES}), office_xml.BROKEN_XML),
        (packed(60 * MB), office_files.SWOLLEN),
        (packed(6 * MB, 10), office_files.SWOLLEN),
        (packed(0, 2001), office_files.SWOLLEN),
        (packed(200_000), office_files.SWOLLEN),
        (archive({"index.html": ""}), office_files.UNKNOWN),
        (archive({"[Content_Types].xml": types("word/document.xml", "text/plain")}), office_files.UNKNOWN),
        (b"<html>" + docx_bytes(), office_files.UNKNOWN),
        (docx_bytes()[:40], office_files.UNKNOWN),
    ],
    ids=[
        "Office under a password",
        "OpenDocument under a password",
        "archive under a password",
        "old",
        "lying",
        "a name twice",
        "cut XML",
        "entities",
        "one huge member",
        "large ones",
        "many",
        "a hundred times its weight",
        "no document",
        "another kind",
        "a page before",
        "cut",
    ],
)
def test_document_that_cannot_be_kept_is_refused_with_its_sentence(content, sentence):
    assert refused(content) == [sentence]
