"""Documents made for a test, as office software makes them."""

import zipfile
from functools import cache
from io import BytesIO

import pikepdf

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_MAIN = "application/vnd.openxmlformats-officedocument"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_MIMETYPE = "application/vnd.oasis.opendocument.{}"


@cache
def pdf_bytes(*, title: str = "", author: str = "", **saving) -> bytes:
    """One blank page."""
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        for name, value in (("/Title", title), ("/Author", author)):
            if value:
                pdf.docinfo[name] = value
        return saved(pdf, **saving)


def saved(pdf: pikepdf.Pdf, **saving) -> bytes:
    out = BytesIO()
    pdf.save(out, **saving)
    return out.getvalue()


def archive(members: dict[str, bytes | str]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in members.items():
            zipped.writestr(name, content)
    return out.getvalue()


def members(content: bytes) -> dict[str, bytes]:
    """What a document is made of, in its order."""
    with zipfile.ZipFile(BytesIO(content)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def types(main: str, kind: str) -> str:
    """[Content_Types].xml, of a main part and its kind."""
    return (
        f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/{main}" ContentType="{kind}"/></Types>'
    )


def relations(kind: str, target: str, mode: str = "External") -> str:
    return (
        f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" Target="{target}" TargetMode="{mode}"'
        f' Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}"/></Relationships>'
    )


def docx_bytes(extra: dict[str, bytes | str] | None = None, *, main: str = "word/document.xml") -> bytes:
    body = f'<w:document xmlns:w="{_WORD}"><w:body><w:p><w:r><w:t>Bonjour</w:t></w:r></w:p></w:body></w:document>'
    kind = f"{_MAIN}.wordprocessingml.document.main+xml"
    return archive({"[Content_Types].xml": types(main, kind), main: body} | (extra or {}))


def xlsx_bytes(extra: dict[str, bytes | str] | None = None) -> bytes:
    main, kind = "xl/workbook.xml", f"{_MAIN}.spreadsheetml.sheet.main+xml"
    return archive({"[Content_Types].xml": types(main, kind), main: "<workbook/>"} | (extra or {}))


def open_bytes(kind: str = "text", extra: dict[str, bytes | str] | None = None) -> bytes:
    """An OpenDocument, of kind « text » or « spreadsheet »."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as zipped:  # its type comes first, and is not packed
        for name, content in (
            {"mimetype": _MIMETYPE.format(kind), "content.xml": "<content/>"} | (extra or {})
        ).items():
            zipped.writestr(name, content)
    return out.getvalue()
