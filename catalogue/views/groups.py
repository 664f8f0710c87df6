"""`/groupes/`: a social worker with a person in front of him looks for a group near a commune, open now."""

from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_safe

from actions.models import Action
from catalogue.caching import catalogue_of, revalidated
from catalogue.cards import cards, entries
from catalogue.forms import GroupSearchForm
from catalogue.query import Query
from isic.lib.months import long_day
from isic.lib.parameters import with_parameters
from isic.lib.words import of_place

NEAR_KM = 30
PER_PAGE = 10


@dataclass(frozen=True, slots=True)
class Place:
    """Where a group is, seen from the commune asked for."""

    km: float
    words: str


@login_not_required
@require_safe
@revalidated
def groups(request):
    """The groups that take new people, the nearest first; all of them while no commune is asked for."""
    catalogue = catalogue_of(request)
    communes = [row for row in catalogue.labels.territories.values() if row["kind"] == "commune"]
    form = GroupSearchForm(request.GET, communes=communes)
    commune, found, far = form.place, [], 0
    if form.is_valid():
        results = catalogue.search(Query(facets={"ouvert": ("oui",), "ailleurs": ("non",)}), request.user)
        found = [(entry, _place(entry, commune, catalogue.labels)) for entry in entries(results[:])]
        found.sort(key=lambda pair: pair[1].km)
        if commune and not form.cleaned_data["loin"]:
            near = [pair for pair in found if pair[1].km <= NEAR_KM]
            found, far = near, len(found) - len(near)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "catalogue/groups.html",
        {
            "form": {"commune": form.typed, "error": form.errors.get("commune", [""])[0]},
            "communes": communes,
            "near": f"près {of_place(commune['name'])}" if commune else "",
            "groups": _described(page.object_list, catalogue.labels),
            "total": len(found),
            "page": page,
            "previous_url": with_parameters(request.GET, page=page.number - 1) if page.has_previous() else "",
            "next_url": with_parameters(request.GET, page=page.number + 1) if page.has_next() else "",
            "wider_url": with_parameters(request.GET, loin="oui") if far else "",
        },
    )


def _described(found, labels) -> list[dict]:
    """Each group's card, and what one needs to send somebody there: how far, when, how, whom to call."""
    today = timezone.localdate()
    contacts = _contacts([entry.pk for entry, _place in found])
    rendered = cards([entry.pk for entry, _place in found], labels, today)
    return [
        {
            "card": card,
            "distance": place.words,
            "next": _next(entry, today),
            "how": entry.facts["how_to_join"],
            "contact": contacts.get(entry.pk),
        }
        for card, (entry, place) in zip(rendered, found, strict=True)
    ]


def _contacts(action_ids) -> dict:
    """The service to call for each sheet; a named professional only while he agrees."""
    rows = Action.objects.filter(pk__in=action_ids, contact__isnull=False).select_related("contact")
    return {action.pk: action.contact for action in rows if action.contact.is_publishable}


def _next(entry, today) -> str:
    day = next((day for day in entry.facts["sessions"] if day >= today.isoformat()), "")
    return long_day(parse_date(day)) if day else ""


def _place(entry, commune, labels) -> Place:
    """How far the nearest place of a group is, as the crow flies between town halls."""
    if commune is None:
        return Place(0, "")
    if commune["pk"] in entry.facts["places"]:
        return Place(0, "dans la commune")
    known = (labels.territories[pk] for pk in entry.facts["places"] if pk in labels.territories)
    located = [row for row in known if row["latitude"] is not None and row["longitude"] is not None]
    if located and commune["latitude"] is not None:
        km = min(_distance(commune, row) for row in located)
        return Place(km, f"à {max(1, round(km))}\u00a0km")
    serves = entry.facts["unit"] in labels.within[commune["pk"]]
    return Place(NEAR_KM / 2, "dessert la commune") if serves else Place(10_000, "lieu à préciser")


def _distance(a: dict, b: dict) -> float:
    """Kilometres between two points of the globe (haversine)."""
    lat1, lon1, lat2, lon2 = map(radians, (a["latitude"], a["longitude"], b["latitude"], b["longitude"]))
    h = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * 6371 * asin(sqrt(h))
