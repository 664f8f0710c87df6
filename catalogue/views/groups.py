"""`/groupes/`: a social worker with a person in front of him looks for a group near a commune, open now."""

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_safe

from actions.freshness import are_newcomers_stale
from actions.models import Action
from catalogue.caching import cached, catalogue_of
from catalogue.cards import cards_of, entries
from catalogue.forms import COMMUNE, GroupSearchForm
from catalogue.nearby import Nearby
from catalogue.search.query import Query
from catalogue.sheet.page import contacts_for
from isic.lib.months import long_day
from isic.lib.parameters import with_parameters
from isic.lib.words import of_place
from territories.fields import suggested

PER_PAGE = 10


@login_not_required
@require_safe
@cached
def groups(request):
    """The groups that take new people, the nearest first; all of them while no commune is asked for."""
    catalogue = catalogue_of(request)
    form = GroupSearchForm(request.GET, gazetteer=catalogue.labels.gazetteer)
    commune, nearby, everywhere = catalogue.labels.territories.get(form.key), [], []
    if form.is_valid():
        results = catalogue.search(Query(facets={"ouvert": ("oui",), "ailleurs": ("non",)}), request.user)
        nearby = Nearby(results, commune, catalogue.labels, far=form.cleaned_data["loin"])
        everywhere = results
    page = Paginator(nearby, PER_PAGE).get_page(form.cleaned_data.get("page") or 1)
    return render(
        request,
        "catalogue/groups.html",
        {
            "form": {"commune": form.typed, "error": form.errors.get("commune", [""])[0]},
            "offered": form.offered,
            "read_as": form.read_as,
            "near": f"près {of_place(commune['name'])}" if commune else "",
            "groups": _described(page.object_list, catalogue.labels),
            "total": len(nearby),
            "page": page,
            "previous_url": with_parameters(request.GET, page=page.number - 1) if page.has_previous() else "",
            "next_url": with_parameters(request.GET, page=page.number + 1) if page.has_next() else "",
            "wider_url": with_parameters(request.GET, loin="oui") if len(everywhere) > len(nearby) else "",
        },
    )


@login_not_required
@require_safe
def suggest_communes(request):
    """Communes whose name, postal code or former name begins so."""
    return suggested(request, catalogue_of(request).labels.gazetteer, COMMUNE)


def _described(nearby: list[tuple[int, str]], labels) -> list[dict]:
    """Each group's card, and what one needs to send somebody there: how far, when, how, whom to call."""
    today = timezone.localdate()
    distances = dict(nearby)
    shown = entries(list(distances))
    sheets = Action.objects.select_related("contact").in_bulk(distances)
    contacts = contacts_for(sheets.values())
    rendered = cards_of(shown, labels, today)
    return [
        {
            "card": card,
            "distance": distances[entry.pk],
            "next": _next(entry, today),
            "how": entry.facts["how_to_join"],
            "contact": contacts[entry.pk],
            "to_confirm": are_newcomers_stale(sheets[entry.pk], today),
        }
        for card, entry in zip(rendered, shown, strict=True)
    ]


def _next(entry, today) -> str:
    day = next((day for day in entry.facts["sessions"] if day >= today.isoformat()), "")
    return long_day(parse_date(day)) if day else ""
