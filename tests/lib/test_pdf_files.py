"""PDF files are kept without what says who made them."""

from io import BytesIO

import pikepdf
import pytest
from django.core.exceptions import ValidationError
from pikepdf import Array, Dictionary, Encryption, Name, ObjectStreamMode, Stream
from PIL import Image

from isic.lib import pdf_files
from isic.lib.pdf_files import without_authors
from tests.documents import pdf_bytes, saved
from tests.images import image_bytes

SECRET = "Camille Secret"


def authored(**saving) -> bytes:
    """A PDF that says who made it in each place where one may."""
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page()
        pdf.docinfo.update({"/Author": SECRET, "/Creator": SECRET, "/Custom": SECRET, "/Title": "Bilan"})
        with pdf.open_metadata() as packet:
            packet.update({"dc:creator": [SECRET], "dc:title": "Bilan", "pdfuaid:part": "1", "dc:language": ["fr"]})
        exif = Image.Exif()
        exif[0x010E] = SECRET
        photo = Stream(
            pdf, image_bytes("JPEG", exif=exif), Type=Name.XObject, Subtype=Name.Image, Filter=Name.DCTDecode
        )
        photo.Metadata = Stream(pdf, SECRET.encode())
        page.Resources = Dictionary(XObject=Dictionary(Photo=pdf.make_indirect(photo)))
        page.PieceInfo = Dictionary(Drawer=Dictionary(Private=SECRET))
        note = Dictionary(Subtype=Name.Text, T=SECRET, Contents="Bien", Rect=[0, 0, 9, 9])
        field = Dictionary(Subtype=Name.Widget, T="prenom", FT=Name.Tx, Rect=[0, 0, 9, 9])
        page.Annots = Array([note, pdf.make_indirect(field)])
        pdf.Root.AcroForm = Dictionary(Fields=[page.Annots[1]])
        pdf.attachments["notes.txt"] = SECRET.encode()
        return saved(pdf, **saving)


@pytest.mark.parametrize("packed", ObjectStreamMode.__members__.values())
def test_pdf_loses_its_authors_wherever_they_are_and_keeps_its_words(packed):
    kept = without_authors(authored(object_stream_mode=packed))

    with pikepdf.open(BytesIO(kept)) as pdf:
        assert dict(pdf.docinfo) == {"/Title": "Bilan"}
        with pdf.open_metadata() as packet:
            assert {name.rpartition("}")[2] for name in packet} == {"title", "part", "language"}
        page = pdf.pages[0]
        assert [(str(one.Subtype), one.get("/T")) for one in page.Annots] == [("/Text", None), ("/Widget", "prenom")]
        assert page.Annots[0].Contents == "Bien"
        assert not pdf.attachments
        assert b"JFIF" in page.Resources.XObject.Photo.read_raw_bytes()
        everything = b"".join(one.read_raw_bytes() for one in pdf.objects if isinstance(one, Stream))
        pdf.save(flat := BytesIO(), object_stream_mode=ObjectStreamMode.disable)
    assert b"Secret" not in everything + flat.getvalue()


def test_old_versions_of_a_pdf_are_not_kept():
    """Office software adds the new properties at the end, and leaves the old ones where they were."""
    sent = pdf_bytes(author=SECRET) + b"\n% " + SECRET.encode()

    assert SECRET.encode() not in without_authors(sent)


def test_what_starts_by_itself_goes():
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page()
        script = Dictionary(S=Name.JavaScript, JS="app.alert(1)")
        pdf.Root.OpenAction = script
        pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array(["x", script])))
        page.AA = Dictionary(O=script)
        page.Annots = Array([Dictionary(Subtype=Name.Link, Rect=[0, 0, 9, 9], A=script)])
        link = Dictionary(S=Name.URI, URI="https://example.org/")
        page.Annots.append(pdf.make_indirect(Dictionary(Subtype=Name.Link, Rect=[0, 0, 9, 9], A=link)))
        sent = saved(pdf)

    kept = without_authors(sent)

    assert b"app.alert" not in kept
    assert b"https://example.org/" in kept


@pytest.mark.parametrize("password", ["", "secret"], ids=["to change it", "to read it"])
def test_locked_pdf_is_refused(password):
    with pytest.raises(ValidationError) as refusal:
        without_authors(authored(encryption=Encryption(owner="secret", user=password)))

    assert refusal.value.messages == [pdf_files.LOCKED_PDF]


def test_signed_pdf_is_refused():
    """Its signature names its author, and would not survive."""
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        signature = pdf.make_indirect(Dictionary(Type=Name.Sig, ByteRange=[0, 1, 2, 3], Name=SECRET))
        pdf.Root.AcroForm = Dictionary(Fields=[Dictionary(FT=Name.Sig, V=signature)])
        sent = saved(pdf)

    with pytest.raises(ValidationError) as refusal:
        without_authors(sent)

    assert refusal.value.messages == [pdf_files.SIGNED_PDF]


@pytest.mark.parametrize(
    "content",
    [b"%PDF-1.7\n", b"%PDF-1.7\n1 0 obj\n<< /Author (" + b"a" * 5_000_000, b"%PDF-1.7" + b"/Author (" * 300_000],
    ids=["empty", "one endless author", "openings"],
)
def test_broken_pdf_is_refused(content):
    with pytest.raises(ValidationError) as refusal:
        without_authors(content)

    assert refusal.value.messages == [pdf_files.BROKEN_PDF]
