"""The deck of a meeting, as plain data: what each slide shows, in order, made from the sheets themselves.

Opening and agenda; then, of each passage, its title and photo, the eight facts, why and how, what it changed, the question
for the instance; closing. Short texts share a slide. Texts are their beginnings: the browser makes them smaller, then
cuts them again to what fits (static/js/slides.js).
"""

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import batched

from actions.models import Action, Media, Quote
from catalogue.sheet.page import Fact, contacts_for, eight_facts
from isic.lib.pattern import pattern
from isic.lib.richtree import Block, paragraphs, tree
from isic.lib.words import NBSP, opening
from meetings.agenda import Slot, clock
from meetings.models import AgendaItem, Meeting
from meetings.outcomes import next_meeting
from meetings.presented import presented

#: What a room reads on one slide, in characters: of a text, of one beside somebody's words, of a sentence.
TEXT, TEXT_BESIDE, SENTENCE = 1000, 600, 260
#: What texts that share a slide hold together.
SHARED = 700
AGENDA_LINES = 6
LOOSE = re.compile(r" (?=[:;?!»])|(?<=«) ")
SENTENCE_END = re.compile(r"(?<=[.!?…])\s+(?=\S)")
#: What it is ("text", "heading", "item"), and its sentences.
Line = tuple[str, list[str]]
Kind = AgendaItem.Kind
QUESTIONS = {
    Kind.NEW: "Qu’est-ce que l’instance peut apporter à cette action\u00a0?",
    Kind.PROGRESS: "Où en est l’action, et de quoi a-t-elle besoin maintenant\u00a0?",
    Kind.ASSESSMENT: "Que nous apprend cette action, et quelle suite lui donner\u00a0?",
    Kind.SPREADING: "Qui veut la refaire chez soi, et de quoi aura-t-il besoin\u00a0?",
}
WITHDRAWN = "Cette fiche a été retirée du catalogue\u00a0: elle ne se lit plus ici."
NOT_PUBLISHED = "Cette fiche n’est pas encore publiée\u00a0: son équipe la présente de vive voix."


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The beginning of a text: its lines, each with its kind and its sentences, and whether the sheet says more."""

    lines: list[Line]
    is_cut: bool

    def __bool__(self):
        return bool(self.lines)

    def __len__(self):
        """In characters."""
        return sum(len(sentence) for _kind, sentences in self.lines for sentence in sentences)


@dataclass(slots=True)
class Slide:
    """One idea. `kind` names the fragment of templates/meetings/slides.html that shows it."""

    kind: str
    title: str
    number: int = 0
    text: Excerpt | None = None
    words: str = ""
    quote: Quote | None = None
    facts: list[Fact] = field(default_factory=list)
    photo: Media | None = None
    lines: list[tuple[Slot, "Slide"]] = field(default_factory=list)

    def __post_init__(self):
        self.title, self.words = tied(self.title), tied(self.words)

    @property
    def template(self) -> str:
        return f"meetings/slides.html#{self.kind}"


@dataclass(slots=True)
class Passage:
    """The slides of one item of the agenda; the opening and the closing have none."""

    slides: list[Slide]
    name: str
    item: AgendaItem | None = None
    action: Action | None = None
    art: str = ""
    notes: str = ""
    starts_at: dt.time | None = None

    @property
    def hue(self) -> int:
        return self.item.action.domain.hue if self.item and self.item.action else 0


@dataclass(frozen=True, slots=True)
class Deck:
    passages: list[Passage]
    total: int


def deck(meeting: Meeting, user, today: dt.date) -> Deck:
    """A number of queries that does not depend on the agenda."""
    items = list(meeting.items.visible_to(user).for_agenda())
    sheets = presented(meeting, items, user)
    contacts = contacts_for([action for action in sheets.values() if action])
    passages = [_passage(item, sheets.get(item.action_id), contacts, today) for item in items]
    slots = clock(meeting, items)
    for slot, passage in zip(slots, passages, strict=True):
        passage.starts_at = slot.starts_at
    lines = [(slot, passage.slides[0]) for slot, passage in zip(slots, passages, strict=True)]
    first = _opening(meeting, len(lines))
    all_passages = [first, *passages, _closing(meeting)]
    for number, slide in enumerate((slide for passage in all_passages for slide in passage.slides), 1):
        slide.number = number
    pages = [slide for slide in first.slides if slide.kind == "agenda"]
    for page, shown in zip(pages, batched(lines, AGENDA_LINES), strict=False):
        page.lines = list(shown)
    return Deck(all_passages, all_passages[-1].slides[-1].number)


def _opening(meeting: Meeting, count: int) -> Passage:
    pages = max(1, -(-count // AGENDA_LINES))
    agenda = [Slide("agenda", f"Ordre du jour{' (suite)' if page else ''}") for page in range(pages)]
    return Passage(
        [Slide("opening", str(meeting)), *agenda],
        "Ouverture",
        art=pattern(f"isic-{meeting.pk}", "circle"),
        notes=meeting.notes,
    )


def _closing(meeting: Meeting) -> Passage:
    following = next_meeting(meeting)
    words = f"{following}." if following else ""
    return Passage(
        [Slide("closing", "Merci à toutes et à tous", words=words)],
        "Clôture",
        art=pattern(f"isic-{meeting.pk}-fin", "circle"),
    )


def _passage(item: AgendaItem, action: Action | None, contacts: dict, today: dt.date) -> Passage:
    if item.action is None:
        return Passage([Slide("topic", item.subject, words=item.question)], item.subject, item, notes=item.notes)
    absent = Slide("absent", item.subject, words=WITHDRAWN if item.is_withdrawn else NOT_PUBLISHED)
    slides = _slides(action, contacts[action.pk], today) if action else [absent]
    if not item.is_withdrawn:
        slides.append(Slide("question", item.shown_question or QUESTIONS[Kind(item.kind)]))
    return Passage(
        slides,
        slides[0].title,
        item,
        action,
        art=pattern(item.action.slug, item.action.domain.pictogram),
        notes=item.notes,
    )


def _slides(action: Action, contact, today: dt.date) -> list[Slide]:
    """A slide that has nothing to say is left out."""
    photo = next((m for m in action.media.all() if m.kind == Media.Kind.IMAGE and m.is_showable(today)), None)
    if photo:
        photo.lend()
    goals = [("item", goal.text) for goal in action.goals.all() if goal.parent_id is None]
    why = excerpt(_lines(tree(action.context))) or excerpt(goals)
    how = excerpt(_lines(tree(action.description)))
    return [
        Slide("title", action.title, words=action.summary, photo=photo),
        Slide("facts", "L’action en bref", facts=_facts(action, contact, today)),
        *_why_and_how(why, how),
        *_change(action),
    ]


def _facts(action: Action, contact, today: dt.date) -> list[Fact]:
    """Nobody writes to an address that a room reads on a wall."""
    facts = eight_facts(action, contact=contact, today=today)
    spoken = (
        replace(fact, lines=[line for line in fact.lines if not line.href.startswith("mailto:")]) for fact in facts
    )
    return [fact for fact in spoken if fact.lines]


def _why_and_how(why: Excerpt, how: Excerpt) -> list[Slide]:
    """One slide when both are short."""
    if why and how and len(why) + len(how) <= SHARED and not (why.is_cut or how.is_cut):
        lines = [("heading", ["Pourquoi"]), *why.lines, ("heading", ["Comment"]), *how.lines]
        return [Slide("text", "Pourquoi et comment", text=Excerpt(lines, is_cut=False))]
    return [Slide("text", title, text=text) for title, text in (("Pourquoi", why), ("Comment", how)) if text]


def _change(action: Action) -> list[Slide]:
    """The inhabitants' viewpoint; the other viewpoints only where it is empty."""
    voices = (action.effects_residents, action.effects_professionals, action.effects_partners, action.effects_elected)
    first_text = next(filter(None, (*voices, action.evaluation)), "")
    quote = next(iter(action.quotes.all()), None)
    text = excerpt(_lines(tree(first_text)), TEXT_BESIDE if quote else TEXT)
    words = _words(quote) if quote else ""
    return [Slide("change", "Ce que ça a changé", text=text, quote=quote, words=words)] if text or quote else []


def _words(quote: Quote) -> str:
    """A quotation, with an ellipsis when it is shortened."""
    quotation = excerpt(_lines(paragraphs(quote.text)), SENTENCE)
    words = " ".join(sentence for _kind, sentences in quotation.lines for sentence in sentences)
    return f"{words} […]" if quotation.is_cut and not words.endswith("…") else words


def _lines(blocks: Iterable[Block], kind: str = "") -> Iterator[tuple[str, str]]:
    """A text, flat: what a room reads has no lists in lists."""
    for block in blocks:
        if block["kind"] == "list":
            for item in block["items"]:
                yield from _lines(item, "item")
        else:
            yield kind or block["kind"], "".join(run["text"] for run in block["runs"])


def excerpt(lines: Iterable[tuple[str, str]], limit: int = TEXT) -> Excerpt:
    """Whole sentences, as many as the limit holds; the first one always, shortened when it is very long."""
    kept: list[Line] = []
    for kind, line in lines:
        sentences: list[str] = []
        for sentence in filter(None, SENTENCE_END.split(tied(line.strip()))):
            shown = opening(sentence, SENTENCE) if len(sentence) > SENTENCE else sentence
            limit -= len(shown)
            if limit < 0 and (kept or sentences):
                return Excerpt(_ended([*kept, (kind, sentences)]), is_cut=True)
            sentences.append(shown)
            if shown != sentence:
                return Excerpt([*kept, (kind, sentences)], is_cut=True)
        if sentences:
            kept.append((kind, sentences))
    return Excerpt(kept, is_cut=False)


def tied(text: str) -> str:
    """No line of a slide begins with the sign that ends the one before, as people type it."""
    return LOOSE.sub(NBSP, text)


def _ended(lines: list[Line]) -> list[Line]:
    """Not on a heading whose text is left out."""
    while lines and (not lines[-1][1] or lines[-1][0] == "heading"):
        lines.pop()
    return lines
