"""The documents of sheets, one function each: bytes of a PDF. Rooms above say what goes with each page, and never how it looks."""

from collections.abc import Iterable

from catalogue.documents.onepage import Images, Page
from isic.lib.pdf import render


def sheets_pdf(pages: Iterable[tuple[Page, Images]], *, title: str, foot: str, if_none: str) -> bytes:
    """One page per action, from `catalogue.documents.onepage`; a sentence when there is no action."""
    sheets, images = [], {}
    for page, its_images in pages:
        sheets.append(page)
        images |= its_images
    data = {"title": title, "running": title, "foot": foot, "sheets": sheets, "if_none": if_none}
    return render("documents/sheets.typ", data, images=images)
