"""Accessible PDF (PDF/UA-1) typeset by Typst from plain data; nothing is fetched, no font of the machine is used.

    render("documents/agenda.typ", {"title": "Ordre du jour", …}, images={"photo-1.webp": content})

What a template says is ours (what they share is in documents/house.typ). What people wrote comes to it as JSON, where a
text stays a text: it cannot become markup, a command, the name of a file or an address to fetch. Each rendering sees a
folder of its own, with the templates and its images only.
"""

import json
import logging
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from unicodedata import category, normalize

import font_source_sans_pro
import typst
from django.conf import settings
from fontTools.ttLib import TTFont

logger = logging.getLogger(__name__)
FONTS = Path(font_source_sans_pro.font_directory)
TEMPLATES = settings.BASE_DIR / "templates" / "documents"
#: The accent of the stylesheets, where the département gave none.
ACCENT = "#0b5548"
#: In place of a letter that the font does not have: a reader sees that something was there.
UNKNOWN = "☐"
#: A hyphen that does not break is still a hyphen.
ALIKE = str.maketrans({"\u2011": "-", "\u2010": "-"})


def render(template: str, data: Mapping, *, images: Mapping[str, bytes] | None = None) -> bytes:
    """`data` has at least a title; the names of images are ours, never those of somebody's files.

    A logo that cannot be drawn is left out and logged, so that it blocks no document.
    """
    logo = settings.LOGO_PATH
    if logo:
        try:
            name = f"logo{logo.suffix.lower()}"
            return _compiled(template, data, {**(images or {}), name: logo.read_bytes()}, logo=name)
        except (OSError, typst.TypstError) as error:
            logger.warning("LOGO_PATH, %s\u00a0: les documents montrent le nom du département à sa place.", error)
    return _compiled(template, data, images or {})


def _compiled(template: str, data: Mapping, images: Mapping[str, bytes], *, logo: str = "") -> bytes:
    document = {**data, **_house(), "logo": logo}
    with TemporaryDirectory() as folder:
        for source in TEMPLATES.glob("*.typ"):
            (Path(folder) / source.name).write_bytes(source.read_bytes())
        for name, content in images.items():
            (Path(folder) / name).write_bytes(content)
        return typst.compile(
            Path(folder) / Path(template).name,
            root=Path(folder),
            font_paths=_fonts(),
            ignore_system_fonts=True,
            package_path=Path(folder),
            package_cache_path=Path(folder),
            pdf_standards="ua-1",
            sys_inputs={"data": json.dumps(_drawable(document), ensure_ascii=False)},
        )


def readable(text: str) -> str:
    """Composed, and without what is not a letter: commands of terminals, marks that turn the order of letters over."""
    composed = normalize("NFC", text)
    return "".join(c for c in composed if c in "\n\t\u00ad" or category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn"))


def _house() -> dict:
    return {
        "department": settings.DEPARTMENT_NAME,
        "service": settings.SERVICE_NAME,
        "email": settings.SERVICE_EMAIL,
        "accent": settings.ACCENT_COLOR or ACCENT,
    }


def _drawable(value):
    """PDF/UA refuses a letter without a drawing; nobody loses a document for an emoji."""
    if isinstance(value, str):
        letters = _letters()
        return "".join(c if ord(c) in letters else UNKNOWN for c in readable(value).translate(ALIKE))
    if isinstance(value, Mapping):
        return {key: _drawable(held) for key, held in value.items()}
    return [_drawable(held) for held in value] if isinstance(value, list | tuple) else value


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])


@cache
def _letters() -> frozenset[int]:
    """The codes of the letters that the font can draw, and those of tabs and ends of lines."""
    with TTFont(FONTS / "SourceSansPro-Regular.ttf", lazy=True) as font:
        return frozenset(font.getBestCmap()) | {9, 10}
