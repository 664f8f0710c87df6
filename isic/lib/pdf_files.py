"""PDF files, kept without what says who made them: opened and written anew by qpdf."""

from collections.abc import Iterator
from io import BytesIO

import pikepdf
from django.core.exceptions import ValidationError
from pikepdf import Dictionary, Name, Object, Pdf, Stream

from isic.lib.photo_metadata import without_metadata

BROKEN_PDF = "Ce PDF est abîmé\u00a0: ouvrez-le, imprimez-le en PDF, puis déposez cette copie."
LOCKED_PDF = "Ce PDF est protégé\u00a0: enregistrez-en une copie sans protection, puis déposez cette copie."
SIGNED_PDF = (
    "Ce PDF porte une signature électronique, qui nomme son auteur\u00a0: imprimez-le en PDF, puis déposez cette copie."
)

#: Of all that describes a PDF, what readers need: its title, its language, and that it is accessible or to be archived.
_KEPT = ("dc:title", "dc:language", "pdfuaid:part", "pdfuaid:rev", "pdfaid:part", "pdfaid:conformance")
#: On any object: who made it with what, files attached to it, what starts by itself.
_DROPPED = (Name.Metadata, Name.PieceInfo, Name.AA, Name.AF)
_ATTACHED = (Name.JavaScript, Name.EmbeddedFiles)
_STARTING = (Name.JavaScript, Name.Launch)


def without_authors(content: bytes) -> bytes:
    """The same pages, forms and tags. Raises ValidationError."""
    if b"/ByteRange" in content:  # never packed: a signature says which bytes it is of
        raise ValidationError(SIGNED_PDF)
    try:
        with pikepdf.open(BytesIO(content)) as pdf:
            if pdf.is_encrypted:
                raise ValidationError(LOCKED_PDF)
            return _cleaned(pdf)
    except pikepdf.PasswordError:
        raise ValidationError(LOCKED_PDF) from None
    except pikepdf.PdfError as error:
        raise ValidationError(BROKEN_PDF) from error


def _cleaned(pdf: Pdf) -> bytes:
    title, described = _description(pdf)
    for one in pdf.objects:
        if isinstance(one, Dictionary | Stream):
            _clean_object(one)
    for annotation in _annotations(pdf):
        _clean_annotation(annotation)
    _clean_root(pdf.Root)
    _describe(pdf, title, described)
    out = BytesIO()
    pdf.save(out)
    return out.getvalue()


def _description(pdf: Pdf) -> tuple[str, dict]:
    title = str(pdf.docinfo.get(Name.Title, ""))
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as packet:
        return title, {name: packet[name] for name in _KEPT if name in packet}


def _describe(pdf: Pdf, title: str, described: dict) -> None:
    if Name.Metadata in pdf.Root:
        del pdf.Root.Metadata
    del pdf.docinfo
    if title:
        pdf.docinfo[Name.Title] = title
    if described:
        with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as packet:
            packet.update(described)


def _clean_object(one: Object) -> None:
    for name in _DROPPED:
        if name in one:
            del one[name]
    if _starts_something(one.get(Name.A)):
        del one[Name.A]
    if isinstance(one, Stream) and one.get(Name.Filter) == Name.DCTDecode:
        photo = one.read_raw_bytes()
        one.write(without_metadata(photo), filter=Name.DCTDecode, decode_parms=one.get(Name.DecodeParms))


def _clean_root(root: Object) -> None:
    if _starts_something(root.get(Name.OpenAction)):
        del root[Name.OpenAction]
    names = root.get(Name.Names)
    for name in _ATTACHED if isinstance(names, Dictionary) else ():
        if name in names:
            del names[name]


def _annotations(pdf: Pdf) -> Iterator[Object]:
    for page in pdf.pages:
        for annotation in page.obj.get(Name.Annots, ()):
            if isinstance(annotation, Dictionary):
                yield annotation


def _clean_annotation(annotation: Object) -> None:
    """`T` names the author of a remark, but the field of a form."""
    _clean_object(annotation)
    if annotation.get(Name.Subtype) != Name.Widget and Name.T in annotation:
        del annotation[Name.T]
    if Name.FS in annotation:
        del annotation[Name.FS]


def _starts_something(action: Object | None) -> bool:
    return isinstance(action, Dictionary) and action.get(Name.S) in _STARTING
