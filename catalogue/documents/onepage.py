"""One action on one page of paper, as plain data for templates/documents/sheet.typ."""

import datetime as dt

from django.conf import settings

from actions.models import Action, Media
from catalogue.sheet.page import eight_facts, provenance
from isic.lib.images import reduced_name
from isic.lib.richtree import paragraphs, shortened, tree
from isic.lib.words import opening
from partners.models import Contact

#: What a page holds of each text, in characters.
CONTEXT, DESCRIPTION, CHANGE, WORDS = 1100, 1500, 900, 320
#: What a link of a printed page may lead to.
SCHEMES = ("http://", "https://", "mailto:", "tel:")
#: Wide enough for a photo of four centimetres.
PHOTO_WIDTH = 480

Page = dict[str, object]
Images = dict[str, bytes]
#: What whoever prints the page adds at its end: a title, and words.
Box = tuple[str, str]


def one_page(
    action: Action, *, contact: Contact, today: dt.date, occasion: str = "", box: Box | None = None
) -> tuple[Page, Images]:
    """The page, and the images that it names; of an action loaded by `for_sheet()`, without a query.

    `occasion`, shown after the domain, is what the page is printed for.
    """
    sections = (
        ("Pourquoi", shortened(tree(action.context), CONTEXT) or _goals(action)),
        ("Comment", shortened(tree(action.description), DESCRIPTION)),
        ("Ce que ça a changé", shortened(tree(_change(action)), CHANGE)),
    )
    quote = next(iter(action.quotes.all()), None)
    photo, images = _photo(action, today)
    page = {
        **bare_page(action.title, label=" · ".join(filter(None, (str(action.domain), occasion))), box=box),
        "hue": action.domain.hue,
        "summary": action.summary,
        "carrier": f"Porté par {action.carrier}",
        "photo": photo,
        "facts": [
            {"label": fact.label, "lines": [{"text": line.text, "href": _outside(line.href)} for line in fact.lines]}
            for fact in eight_facts(action, contact=contact, today=today)
        ],
        "sections": [{"title": title, "blocks": blocks} for title, blocks in sections if blocks],
        "quote": {"text": f"«\u00a0{opening(quote.text, WORDS)}\u00a0»", "speaker": quote.speaker} if quote else None,
        "provenance": str(provenance(action)),
        "address": settings.SITE_URL + action.get_absolute_url() if action.is_published else "",
    }
    return page, images


def bare_page(title: str, *, label: str, summary: str = "", box: Box | None = None) -> Page:
    """Of an action whose sheet this reader may not open: what whoever prints it says of it."""
    return {
        "title": title,
        "label": label,
        "summary": summary,
        "box": {"title": box[0], "text": box[1]} if box else None,
        "hue": None,
        "carrier": "",
        "photo": None,
        "facts": [],
        "sections": [],
        "quote": None,
        "provenance": "",
        "address": "",
    }


def _goals(action: Action) -> list:
    goals = [paragraphs(goal.text) for goal in action.goals.all() if goal.parent_id is None]
    return [{"kind": "list", "ordered": False, "items": goals}] if goals else []


def _change(action: Action) -> str:
    """The inhabitants' viewpoint; the other viewpoints only where it is empty."""
    voices = (action.effects_residents, action.effects_professionals, action.effects_partners, action.effects_elected)
    return next(filter(None, (*voices, action.evaluation)), "")


def _outside(href: str) -> str:
    return href if href.startswith(SCHEMES) else ""


def _photo(action: Action, today: dt.date) -> tuple[dict | None, Images]:
    """Reduced: a page weighs some kilobytes. A file that is lost is not shown."""
    photos = (m for m in action.media.all() if m.kind == Media.Kind.IMAGE and m.widths and m.is_showable(today))
    photo = next(photos, None)
    if photo is None:
        return None, {}
    width = min(photo.widths, key=lambda width: abs(width - PHOTO_WIDTH))
    try:
        with photo.file.storage.open(reduced_name(photo.file.name, width)) as file:
            content = file.read()
    except OSError:
        return None, {}
    name = f"photo-{action.pk}.webp"
    return {"name": name, "alt": "" if photo.is_decorative else photo.alt}, {name: content}
