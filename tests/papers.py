"""Reads our PDF with pikepdf, which did not make them: what PDF/UA-1 asks that a machine can see, and the words."""

import re
from collections.abc import Iterator
from io import BytesIO
from itertools import pairwise

import pikepdf

HEADING = re.compile(r"/H([1-6])")
PAIR = re.compile(rb"<(\w+)>\s*<(\w+)>")
SHOWN = ("Tj", "TJ")


def assert_accessible(content: bytes) -> list[pikepdf.Dictionary]:
    """Gives back the elements of its structure, in the order of reading."""
    with pikepdf.open(BytesIO(content)) as pdf:
        root = pdf.Root
        assert root.MarkInfo.Marked
        assert str(root.Lang).startswith("fr")
        assert root.ViewerPreferences.DisplayDocTitle
        with pdf.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
            assert metadata["dc:title"]
        tags = list(elements(root.StructTreeRoot.K))
        kinds = [str(element.S) for element in tags]
        headings = [int(match[1]) for match in map(HEADING.fullmatch, kinds) if match]
        assert all(after <= before + 1 for before, after in pairwise([0, *headings])), headings
        assert all(str(element.get("/Alt", "")) for element in tags if element.S == "/Figure")
        for element in tags:
            if element.S == "/TH":
                assert _attribute(element, "/Scope") == "/Column"
            if element.S == "/Table":
                assert any(below.S == "/TH" for below in elements(element.K))
        for page in pdf.pages:
            assert page.Tabs == "/S"
            assert list(_untagged(page)) == []
            for font in page.Resources.get("/Font", {}).values():
                descriptor = font.DescendantFonts[0].FontDescriptor
                assert {"/FontFile2", "/FontFile3"} & set(descriptor.keys()), font.BaseFont
                assert "/ToUnicode" in font
        return [pikepdf.Dictionary(S=element.S, Alt=element.get("/Alt", "")) for element in tags]


def assert_inside(content: bytes, margin: float = 28) -> None:
    """No word and no image nearer to an edge than that: what is drawn outside is read by a machine, and by nobody else."""
    with pikepdf.open(BytesIO(content)) as pdf:
        for page in pdf.pages:
            _, _, width, height = map(float, page.mediabox)
            for what, left, low, right, high in _drawn(page):
                within = min(left, low) >= margin and right <= width - margin and high <= height - margin
                assert within, (what, left, low, right, high)


def _drawn(page) -> Iterator[tuple[str, float, float, float, float]]:
    """Each line of words and each image, with its place."""
    fonts = page.Resources.get("/Font", {})
    widths, letters = ({name: read(font) for name, font in fonts.items()} for read in (_widths, _letters))
    here, kept = pikepdf.Matrix(), []
    for operands, operator in pikepdf.parse_content_stream(page):
        match str(operator):
            case "q":
                kept.append(here)
            case "Q":
                here = kept.pop()
            case "cm":
                here = pikepdf.Matrix(*operands) @ here
            case "Tf":
                font, size = str(operands[0]), float(operands[1])
            case "Tm":
                pen = pikepdf.Matrix(*operands) @ here
            case "Tj" | "TJ":
                pieces = operands[0] if str(operator) == "TJ" else [operands[0]]
                codes = b"".join(bytes(piece) for piece in pieces if isinstance(piece, pikepdf.String))
                glyphs = [codes[i] << 8 | codes[i + 1] for i in range(0, len(codes), 2)]
                shifts = sum(float(piece) for piece in pieces if not isinstance(piece, pikepdf.String))
                length = (sum(widths[font].get(glyph, 0) for glyph in glyphs) - shifts) * size / 1000
                (left, low), (right, high) = pen.transform((0, 0)), pen.transform((length, size))
                yield "".join(letters[font][g] for g in glyphs), left, min(low, high), right, max(low, high)
            case "Do":
                (left, low), (right, high) = here.transform((0, 0)), here.transform((1, 1))
                yield "an image", left, min(low, high), right, max(low, high)


def _widths(font) -> dict[int, float]:
    """Two forms follow each other in it: first, last, width of each; and first, [width, width…]."""
    widths, row = {}, list(font.DescendantFonts[0].W)
    while row:
        first, then = int(row.pop(0)), row.pop(0)
        if isinstance(then, pikepdf.Array):
            widths |= {first + index: float(width) for index, width in enumerate(then)}
        else:
            widths |= dict.fromkeys(range(first, int(then) + 1), float(row.pop(0)))
    return widths


def elements(node) -> Iterator[pikepdf.Dictionary]:
    """The elements of a tree of structure; not the pieces of pages at its leaves."""
    if isinstance(node, pikepdf.Array):
        for held in node:
            yield from elements(held)
    elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
        yield node
        if "/K" in node:
            yield from elements(node.K)


def _attribute(element, name: str):
    attributes = element.get("/A", pikepdf.Array())
    held = attributes if isinstance(attributes, pikepdf.Array) else [attributes]
    return next((each[name] for each in held if name in each), None)


def _untagged(page) -> Iterator[str]:
    """What is drawn outside the structure and is not said to be an ornament either."""
    depth = 0
    for operands, operator in pikepdf.parse_content_stream(page):
        name = str(operator)
        depth += {"BDC": 1, "BMC": 1, "EMC": -1}.get(name, 0)
        if name in (*SHOWN, "Do", "f", "S", "B") and depth == 0:
            yield f"{name} {operands}"


def pages_of(content: bytes) -> list[str]:
    """The words of each page, in the order in which they are drawn, without any space: lines break where they may."""
    with pikepdf.open(BytesIO(content)) as pdf:
        return ["".join("".join(_words(page)).split()) for page in pdf.pages]


def squeezed(text: str) -> str:
    return "".join(text.split())


def _words(page) -> Iterator[str]:
    fonts, letters = page.Resources.get("/Font", {}), {}
    table: dict[int, str] = {}
    hidden = []  # for each open mark, whether it says its words itself
    for operands, operator in pikepdf.parse_content_stream(page):
        name = str(operator)
        if name == "Tf":
            table = letters.setdefault(str(operands[0]), _letters(fonts[str(operands[0])]))
        elif name in ("BDC", "BMC"):
            drawn = (
                operands[1].get("/ActualText")
                if name == "BDC" and isinstance(operands[1], pikepdf.Dictionary)
                else None
            )
            hidden.append(drawn is not None)
            if drawn is not None:
                yield str(drawn)
        elif name == "EMC":
            hidden.pop()
        elif name in SHOWN and not any(hidden):
            pieces = operands[0] if name == "TJ" else [operands[0]]
            codes = b"".join(bytes(piece) for piece in pieces if isinstance(piece, pikepdf.String))
            yield "".join(table[codes[i] << 8 | codes[i + 1]] for i in range(0, len(codes), 2))


def _letters(font) -> dict[int, str]:
    """Each glyph's letters, as the font's own table of the PDF says."""
    table, by_code = bytes(font.ToUnicode.read_bytes()), {}
    for body in re.findall(rb"beginbfchar(.*?)endbfchar", table, re.DOTALL):
        for code, letters in PAIR.findall(body):
            by_code[int(code, 16)] = bytes.fromhex(letters.decode()).decode("utf-16-be")
    return by_code
