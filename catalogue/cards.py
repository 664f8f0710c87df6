"""What a list shows of each sheet: ordinary templates, rendered once, with holes for what depends on the query.

A card is rendered once per entry number and cached with the labels it was rendered with: new labels, new cards.
"""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from django.template.loader import get_template
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from actions.models import Action
from catalogue.marking import excerpt, marked_words
from catalogue.models import Entry
from catalogue.search.labels import Labels, Value, upper_first
from isic.lib.pattern import pattern
from isic.lib.words import listed, lower_first

#: Private-use characters that stand for the holes while a template is rendered.
HOLES = TITLE, SUMMARY, EXCERPT = "\ue000", "\ue001", "\ue002"
#: All are filled in one pass: what fills one may hold such a character too.
_HOLE = re.compile(f"[{''.join(HOLES)}]")
COUNT, CHECKED = "\ue000", "\ue001"
#: Beyond this many kept cards a process starts again from none.
KEPT = 4000


@dataclass(frozen=True, slots=True)
class Card:
    """The facts of a card, with the names that its entry's ids had when it was rendered."""

    slug: str
    url: str
    domain_name: str
    domain_slug: str
    hue: int
    pictogram: str
    audiences: str
    place: str
    unit: str
    rhythm: str
    life_state: str
    life_state_key: str
    is_open: bool
    how_to_join: str
    next_session: str
    is_elsewhere: bool
    is_example: bool
    photo_url: str
    pattern: SafeString


def entries(action_ids: list[int]) -> list[Entry]:
    """The entries of these sheets, in this order; one withdrawn in between is left out."""
    by_id = Entry.objects.in_bulk(action_ids)
    return [by_id[action_id] for action_id in action_ids if action_id in by_id]


def cards(
    action_ids: list[int],
    labels: Labels,
    today: dt.date,
    *,
    marked: frozenset[str] = frozenset(),
    template: str = "catalogue/_card.html",
    level: int = 2,
) -> list[SafeString]:
    """These sheets as ready HTML, in this order, the marked stems in context.

    The facts of an entry are read only for the cards that this process has not rendered yet: a second query.
    """
    columns = ("pk", "number", "title", "summary", *(("stems", "text") if marked else ()))
    rows = {row[0]: row for row in Entry.objects.filter(pk__in=action_ids).values_list(*columns)}
    shown = [rows[action_id] for action_id in action_ids if action_id in rows]
    kept = _kept(labels)
    new = [pk for pk, number, *_ in shown if (pk, number, today, template, level) not in kept]
    for entry in entries(new) if new else ():
        kept[entry.pk, rows[entry.pk][1], today, template, level] = _render(entry, labels, today, template, level)
    return [
        _fill(kept[pk, number, today, template, level], marked, *texts)
        for pk, number, *texts in shown
        if (pk, number, today, template, level) in kept
    ]


def cards_of(shown: Iterable[Entry], labels: Labels, today: dt.date, *, level: int = 2) -> list[SafeString]:
    """The same for loaded entries, without a query and without a word to mark."""
    kept, template = _kept(labels), "catalogue/_card.html"
    html = []
    for entry in shown:
        key = entry.pk, entry.number, today, template, level
        if key not in kept:
            kept[key] = _render(entry, labels, today, template, level)
        html.append(_fill(kept[key], frozenset(), entry.title, entry.summary))
    return html


def facet_value(labels: Labels, param: str, value: Value, count: int, is_checked: bool) -> str:
    """One value of a facet: a ticked or unticked box, and how many results it would give."""
    kept = _kept(labels)
    key = (param, value.key)
    if key not in kept:
        context = {
            "param": param,
            "value": value.slug,
            "label": value.label,
            "id": f"f-{param}-{value.slug}",
            "count": mark_safe(COUNT),
            "checked": mark_safe(CHECKED),
        }
        kept[key] = get_template("catalogue/_facet_value.html").render(context)
    return kept[key].replace(COUNT, str(count)).replace(CHECKED, "checked" if is_checked else "")


def describe(entry: Entry, labels: Labels, today: dt.date) -> Card:
    """The facts of one card on one day."""
    facts, facets = entry.facts, entry.facets
    domain = labels.domains.get(facets["domaine"][0], {"name": "", "slug": "", "hue": 1, "pictogram": "circle"})
    places = [name for pk in facts["places"] if (name := labels.name("territoire", pk))]
    carrier = [*(labels.name("partenaire", pk) for pk in facets["porteur"]), labels.name("territoire", facts["unit"])]
    next_session = next((day for day in facts["sessions"] if day >= today.isoformat()), "")
    photo = facts["photo"]
    has_photo = photo and (photo["until"] is None or photo["until"] >= today.isoformat())
    state = next(iter(facets["etat"]), "")
    return Card(
        slug=entry.slug,
        url=reverse("catalogue:sheet", args=[entry.slug]),
        domain_name=domain["name"],
        domain_slug=domain["slug"],
        hue=domain["hue"],
        pictogram=domain["pictogram"],
        audiences=upper_first(
            listed([lower_first(name) for pk in facets["public"] if (name := labels.name("public", pk))], 2)
        ),
        place=listed(places, 2),
        unit=next(filter(None, carrier), ""),
        rhythm=upper_first(facts["rhythm"].rstrip(".")),
        life_state=upper_first(Action.LifeState(state).label) if state else "",
        life_state_key=state,
        is_open=bool(facets["ouvert"]),
        how_to_join=facts["how_to_join"],
        next_session=next_session,
        is_elsewhere=any(pk in labels.elsewhere for pk in facets["porteur"]),
        is_example=facts["is_example"],
        photo_url=photo["url"] if has_photo else "",
        pattern=pattern(entry.slug, domain["pictogram"]),
    )


def _fill(
    rendered: str, marked: frozenset[str], title: str, summary: str, stems: str = "", text: str = ""
) -> SafeString:
    """Put the title, the summary and the excerpt in their holes."""
    if not marked:
        pieces = escape(title), escape(summary), ""
    else:
        of_title, of_summary, goals, body = stems.split("\n")
        pieces = (
            marked_words(title, of_title, marked),
            marked_words(summary, of_summary, marked),
            excerpt(text, goals.rstrip() + body, marked),
        )
    return mark_safe(_HOLE.sub(lambda hole: pieces[HOLES.index(hole[0])], rendered))


def _render(entry: Entry, labels: Labels, today: dt.date, template: str, level: int) -> str:
    holes = {"title": mark_safe(TITLE), "summary": mark_safe(SUMMARY), "excerpt": mark_safe(EXCERPT)}
    return get_template(template).render({"card": describe(entry, labels, today), "level": level, **holes})


def _kept(labels: Labels) -> dict:
    """What this process has rendered with these labels."""
    if len(labels.rendered) > KEPT:
        labels.rendered.clear()
    return labels.rendered
