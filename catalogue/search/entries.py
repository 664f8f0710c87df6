"""From a published sheet to its `Entry`: what the index and the card need, as ids, stems and dates."""

from django.contrib.auth.models import AnonymousUser

from actions import fieldmap
from actions.models import Action, Media
from catalogue.models import Entry
from isic.lib.french import stems
from isic.lib.richtext import to_text

#: Texts that the search does not read: formalities, and what names other actions, books and sites.
UNSEARCHED = frozenset("agreement_function life_state_reason inspiration_notes source source_pages source_url".split())
#: Texts with a weight of their own.
WEIGHED = frozenset({"title", "summary", "keywords"})
#: The others, in the order of the model: a text field added to the model is searched without further code.
LINES = tuple(name for name in fieldmap.lines() if name not in UNSEARCHED | WEIGHED)
#: The facets that are lists.
LISTS = tuple(field.name for field in Action._meta.many_to_many)
FEW_SESSIONS = 6
#: The width, in pixels, at which a card shows its photo.
CARD_WIDTH = 640
RELATIONS = (*LISTS, "goals", "partnerships", "sessions", "quotes", "media")


def sheets(action_ids) -> list[Action]:
    """The published ones among these sheets, with all that their entries hold, in two queries."""
    published = Action.objects.published().filter(pk__in=action_ids).select_related("carrier_partner")
    return list(published.loading(*RELATIONS).order_by("pk"))


def public_ids(action_ids) -> set[int]:
    """Those that everyone may see: the rule is `visible_to`, and nowhere else."""
    return set(Action.objects.filter(pk__in=action_ids).visible_to(AnonymousUser()).values_list("pk", flat=True))


def build(action: Action, *, number: int, is_public: bool) -> Entry:
    """The entry of a loaded sheet. Raises whatever a sheet that cannot be shown raises."""
    goals = "\n".join(goal.text for goal in action.goals.all())
    summed_up = "\n".join(filter(None, (goals, action.keywords)))
    body = "\n".join(filter(None, _body(action)))
    lines = (action.title, action.summary, summed_up, body)
    return Entry(
        action_id=action.pk,
        number=number,
        is_public=is_public,
        slug=action.slug,
        title=action.title,
        summary=action.summary,
        text=f"{summed_up}\n{body}",
        stems="\n".join(f" {' '.join(stems(line))} " for line in lines),
        facets=facets(action),
        facts=_facts(action),
        recent=int(action.updated_at.timestamp() * 1000),
        sort_key=action.sort_key,
    )


def _body(action: Action):
    yield from (to_text(getattr(action, name)) for name in fieldmap.rich_texts())
    yield from (getattr(action, name) for name in LINES)
    yield from (quote.text for quote in action.quotes.all())


def facets(action: Action) -> dict:
    """Parameter → the keys of a loaded sheet.

    What the service only understood of a source is shown on the sheet, with its mark; no facet asserts it.
    """
    ids = {name: [row.pk for row in getattr(action, name).all()] for name in LISTS}
    carrier = [action.carrier_partner_id] if action.carrier_partner_id else []
    units = [action.carrier_unit_id] if action.carrier_unit_id else []
    return {
        "domaine": [action.domain_id],
        "public": ids["audiences"],
        "cadre": ids["frameworks"],
        "theme": ids["themes"],
        "levier": ids["levers"],
        "territoire": sorted({*ids["places"], *units, *ids["other_units"]}),
        "partenaire": sorted({*carrier, *(partnership.partner_id for partnership in action.partnerships.all())}),
        "porteur": carrier,
        "type": [action.action_type] if action.action_type else [],
        "etat": [] if "life_state" in action.service_readings else [action.life_state],
        "habitants": [action.residents_place] if action.residents_place else [],
        "ouvert": ["oui"] if action.is_welcoming else [],
        "pratique": _practical(action),
        "featured": ["oui"] if action.is_featured else [],
        "annee": _years(action),
    }


def _practical(action: Action) -> list[str]:
    traits = {
        "peu-de-seances": action.session_count is not None and action.session_count <= FEW_SESSIONS,
        "sans-budget": action.without_budget,
        "un-animateur": action.facilitator_count == 1,
    }
    return [key for key, holds in traits.items() if holds]


def _years(action: Action) -> list[int | None]:
    first, last = action.years()
    return [] if first is None else [first, last]


def _facts(action: Action) -> dict:
    """What its card shows; dates are all kept, the reader's day chooses."""
    photo = next((m for m in action.media.all() if m.kind == Media.Kind.IMAGE and m.file), None)
    return {
        "unit": action.carrier_unit_id,
        "places": [place.pk for place in action.places.all()],
        "rhythm": action.rhythm,
        "how_to_join": action.how_to_join,
        "sessions": [s.date.isoformat() for s in action.sessions.all() if not s.is_cancelled],
        "is_example": action.is_example,
        "photo": {"url": photo.address(CARD_WIDTH), "until": photo.rights_until and photo.rights_until.isoformat()}
        if photo
        else None,
    }
