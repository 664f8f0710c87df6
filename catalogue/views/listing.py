"""`/actions/`: search, facets, sort, pages."""

from dataclasses import replace
from functools import partial

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from catalogue import fruitless
from catalogue.caching import cached, catalogue_of
from catalogue.cards import cards, facet_value
from catalogue.search.filters import LEGENDS, OPEN, SORTS, VIEWS, ActionFilterSet
from catalogue.search.index import Results
from catalogue.search.labels import Value
from catalogue.search.offers import offers
from catalogue.search.query import parse
from catalogue.search.spelling import correction
from isic.lib.parameters import with_parameters
from isic.lib.words import counted
from territories.finding import Candidate

PER_PAGE = 20
VALUES_SHOWN = 10
STALE_SHOWN = 5
#: In which order the kinds of territory are offered: one looks for a unit first.
PLACES_FIRST = {"local_unit": 0, "epci": 1, "commune": 2, "district": 3, "department": 4}


@login_not_required
@require_safe
@cached
def actions(request):
    """The catalogue under the parameters of the address; an invalid one gives its sentence and no result."""
    filters = ActionFilterSet(request.GET, catalogue_of(request).labels)
    context = {
        "heading": "Les actions collectives",
        "q": request.GET.get("q", "")[:200],
        "errors": filters.errors,
        "stale": filters.stale[:STALE_SHOWN],
        "place": request.GET.get("lieu", "")[:120],
        "offered_places": [
            {"name": name, "url": with_parameters(filters.params, lieu=name.value)} for name in filters.offered_places
        ],
        **_controls(filters),
    }
    context |= _found(request, filters) if not filters.errors else _nothing()
    template = "catalogue/action_list.html"
    return render(
        request,
        f"{template}#results" if request.htmx and not request.htmx.history_restore_request else template,
        context,
    )


def _found(request, filters: ActionFilterSet) -> dict:
    """The page of results, what to say of them, and the facets that refine them."""
    catalogue, cleaned = catalogue_of(request), filters.form.cleaned_data
    search = partial(catalogue.search, user=request.user)
    results, corrected = _answer(filters, search)
    total = 0 if results.is_relaxed else len(results)
    page = Paginator(results, PER_PAGE).get_page(cleaned["page"] or 1)
    template = "catalogue/_row.html" if cleaned["vue"] == "tableau" else "catalogue/_card.html"
    return {
        "total": total,
        "total_words": _said(total, is_relaxed=results.is_relaxed and bool(results)),
        "corrected": corrected,
        "exact_url": with_parameters(filters.params, exact="oui"),
        "offers": offers(filters, search) if cleaned["q"] else [],
        "also": results.also,
        "relaxed": results.is_relaxed and bool(results),
        "page": page,
        "cards": cards(
            page.object_list, catalogue.labels, timezone.localdate(), marked=results.marked, template=template
        ),
        **_pages(filters.params, page),
        **_facets(filters, results),
    }


def _answer(filters: ActionFilterSet, search) -> tuple[Results, str]:
    """What is asked; where nothing is, the same without typing mistakes (and its words), else with any of the words."""
    results, cleaned = search(filters.query), filters.form.cleaned_data
    if results or not filters.query.text:
        return results, ""
    corrected = "" if cleaned["exact"] else correction(results, filters.query.text, cleaned["q"])
    if corrected:
        others = search(replace(filters.query, text=parse(corrected)))
        if others or others.relax():
            return others, corrected
    if not filters.chosen:
        fruitless.note(cleaned["q"], filters.labels, timezone.localdate())
    return results.relax(), ""


def _said(total: int, *, is_relaxed: bool = False) -> str:
    """How many results, in words."""
    if is_relaxed:
        return "Aucune action avec tous ces mots"
    return counted(total, "action") if total else "Aucune action"


def _nothing() -> dict:
    """What a page with an invalid parameter shows: no result, no facet."""
    return {
        "total": 0,
        "total_words": _said(0),
        "corrected": "",
        "offers": [],
        "also": [],
        "relaxed": False,
        "page": Paginator([], PER_PAGE).get_page(1),
        "cards": [],
        "facets": [],
        "more_facets": [],
        "elsewhere": [],
        "page_links": [],
        "previous_url": "",
        "next_url": "",
    }


def _controls(filters: ActionFilterSet) -> dict:
    """Chips, sorts and views: what the form carries besides the facets."""
    params, cleaned = filters.params, filters.form.cleaned_data if filters.form.is_valid() else {}
    chips = [{"label": f"«\u00a0{q}\u00a0»", "url": with_parameters(params, q=None)}] if (q := cleaned.get("q")) else []
    chips += [
        {"label": value.label, "url": with_parameters(params, without=(param, slug))}
        for param, values in filters.chosen.items()
        for value, slug in zip(values, dict.fromkeys(filter(None, params.getlist(param))), strict=True)
    ]
    if place := filters.place:
        chips.append({"label": _place_words(place), "url": with_parameters(params, lieu=None)})
    sort = cleaned.get("tri") or "pertinence"
    view = cleaned.get("vue") or "cartes"
    return {
        "chips": chips,
        "clear_url": reverse("catalogue:list"),
        # Relevance has no parameter: a new question must not carry the order chosen for the last one.
        "sorts": [
            {"value": "" if value == "pertinence" else value, "label": label, "current": value == sort}
            for value, label in SORTS.items()
        ],
        "views": [
            {"value": value, "label": label, "current": value == view, "url": with_parameters(params, vue=value)}
            for value, label in VIEWS.items()
        ],
        "is_table": view == "tableau",
        "all_facets_url": with_parameters(params, filtres="tous"),
        "groups_url": reverse("catalogue:groups"),
    }


def _place_words(candidate: Candidate) -> str:
    """The place understood, and why when its name is not what was typed."""
    name = candidate.place.name
    return f"{name} ({candidate.why})" if candidate.why not in ("", name) else name


def _pages(params, page) -> dict:
    """The links of the pagination: first, last, and two on each side."""
    last = page.paginator.num_pages
    shown = [n for n in range(1, last + 1) if n in (1, last)] if last > 9 else list(range(1, last + 1))
    if last > 9:
        shown = sorted({*shown, *(n for n in range(page.number - 2, page.number + 3) if 1 <= n <= last)})
    links, before = [], 0
    for number in shown:
        url = with_parameters(params, page=number)
        links.append({"number": number, "url": url, "current": number == page.number, "gap": number > before + 1})
        before = number
    return {
        "page_links": links if last > 1 else [],
        "previous_url": with_parameters(params, page=page.number - 1) if page.has_previous() else "",
        "next_url": with_parameters(params, page=page.number + 1) if page.has_next() else "",
    }


def _facets(filters: ActionFilterSet, results) -> dict:
    """The first facets, and the others when asked for (or chosen)."""
    everything = filters.form.cleaned_data["filtres"] == "tous"
    whole = filters.form.cleaned_data["tout"]
    shown = [p for p in LEGENDS if p != "ailleurs" and (p in OPEN or everything or filters.chosen.get(p))]
    facets = {param: _facet(filters, results, param, whole=param in whole) for param in shown}
    return {
        "facets": [facet for param, facet in facets.items() if param in OPEN and facet["values"]],
        "more_facets": [facet for param, facet in facets.items() if param not in OPEN and facet["values"]],
        "has_more_facets": not everything,
        "elsewhere": _elsewhere(filters, results),
    }


def _elsewhere(filters: ActionFilterSet, results) -> list[dict]:
    """One switch: everywhere, the département, elsewhere; none where there is nothing to choose."""
    counts, chosen = results.counts("ailleurs"), filters.chosen.get("ailleurs", ())
    values = filters.labels.values["ailleurs"].values()
    if len(counts) < len(values) and not chosen:
        return []
    current = chosen[0].slug if len(chosen) == 1 else ""
    everywhere = Value("", "", "Partout")
    return [
        {
            "value": value.slug,
            "label": value.label,
            "count": counts.get(value.key, 0) if value.key else sum(counts.values()),
            "is_current": value.slug == current,
        }
        for value in (everywhere, *values)
    ]


def _facet(filters: ActionFilterSet, results, param: str, *, whole: bool) -> dict:
    """One facet: at most ten values, always the chosen ones."""
    labels, counts = filters.labels, results.counts(param)
    chosen = {value.key: value for value in filters.chosen.get(param, ())}
    values = _offered(labels, param, counts)
    if not whole and len(values) > VALUES_SHOWN:
        if param not in ("territoire", "annee"):
            values.sort(key=lambda value: -counts[value.key])
        values = values[:VALUES_SHOWN]
    values += [value for key, value in chosen.items() if key not in {value.key for value in values}]
    return {
        "param": param,
        "legend": LEGENDS[param],
        "is_open": param in OPEN,
        "values": mark_safe(
            "".join(
                facet_value(labels, param, value, counts.get(value.key, 0), value.key in chosen) for value in values
            )
        ),
        "hidden_count": sum(key not in {value.key for value in values} for key in counts),
        "more_url": with_parameters(filters.params, tout=param),
        "chosen": len(chosen),
    }


def _offered(labels, param: str, counts: dict) -> list[Value]:
    """The values that would give something, in the order in which a reader looks for them."""
    if param == "annee":
        return [Value(year, str(year), str(year)) for year in counts]
    offered = labels.values[param]
    if param == "territoire":
        keys = sorted(counts, key=lambda pk: (PLACES_FIRST[labels.territories[pk]["kind"]], -counts[pk]))
        return [offered[key] for key in keys]
    return [offered[key] for key in counts]
