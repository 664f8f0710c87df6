"""`/territoires/` and `/partenaires/`: what is done here, and by whom."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from actions.replacements import successor_at
from catalogue.caching import cached, catalogue_of
from catalogue.cards import cards
from catalogue.search.query import Query
from catalogue.sheet.page import department_contact
from partners.models import Contact, Partner
from territories.models import Territory

SHOWN = 12


@login_not_required
@require_safe
@cached
def territories(request):
    """Every place of the département where something is done, and every local unit."""
    catalogue = catalogue_of(request)
    counts = catalogue.search(Query(), request.user).counts("territoire")
    rows = {kind: [] for kind in Territory.Kind.values}
    for row in catalogue.labels.territories.values():
        above = [catalogue.labels.territories[pk] for pk in catalogue.labels.path(row["pk"])[1:]]
        if any(place["kind"] == Territory.Kind.DEPARTMENT and not place["is_home"] for place in above):
            continue  # the communes of elsewhere are under their own département
        if counts.get(row["pk"]) or row["kind"] == Territory.Kind.LOCAL_UNIT:
            rows[row["kind"]].append(_link(row, counts))
    return render(
        request,
        "catalogue/territory_list.html",
        {
            "units": rows["local_unit"],
            "epcis": rows["epci"],
            "communes": rows["commune"],
            "departments": [row for row in rows["department"] if not row["is_home"]],
        },
    )


@login_not_required
@require_safe
@cached
def territory(request, slug):
    """What is done in one place, everything under it included."""
    catalogue = catalogue_of(request)
    row = Territory.objects.defer("outline").select_related("parent").filter(slug=slug).first()
    if row is None:
        return _where_it_is_today(Territory, slug)
    if row.pk not in catalogue.labels.territories:
        raise Http404
    results = catalogue.search(Query(facets={"territoire": (row.pk,)}), request.user)
    context = _place(catalogue, row, results, request.user)
    context["cards"] = cards(results[:SHOWN], catalogue.labels, timezone.localdate(), level=3)
    return render(request, "catalogue/territory.html", context)


@login_not_required
@require_safe
@cached
def partner(request, slug):
    """What an organisation carries, and what it takes part in; to a stranger, one that only drafts name does not exist."""
    catalogue = catalogue_of(request)
    row = Partner.objects.filter(slug=slug).first()
    if row is None:
        return _where_it_is_today(Partner, slug)
    results = catalogue.search(Query(facets={"partenaire": (row.pk,)}), request.user)
    if not (results or request.user.is_authenticated):
        raise Http404
    carried = results.hits & results.bits("porteur", row.pk)
    parts = {
        name: cards(results.newest(docs, SHOWN), catalogue.labels, timezone.localdate(), level=3)
        for name, docs in (("carried", carried), ("involved", results.hits - carried))
    }
    return render(
        request,
        "catalogue/partner.html",
        {
            "partner": row,
            "contacts": Contact.objects.publishable().filter(partner=row),
            "total": len(results),
            "list_url": reverse("catalogue:list", query={"q": f'"{row.name}"'}),
            **parts,
        },
    )


def _where_it_is_today(model, slug: str) -> HttpResponsePermanentRedirect:
    """A printed address of what was replaced leads to what took its place. Raises Http404."""
    if (today := successor_at(model, slug)) is None:
        raise Http404
    return HttpResponsePermanentRedirect(today.get_absolute_url())


def _link(row: dict, counts: dict) -> dict:
    url = reverse("catalogue:territory", args=[row["slug"]])
    return {**row, "url": url, "count": counts.get(row["pk"], 0)}


def _place(catalogue, row: Territory, results, user) -> dict:
    """A territory in its tree, its figures and its contact."""
    labels, listing = catalogue.labels, reverse("catalogue:list")
    value = labels.values["territoire"][row.pk].slug
    counts = catalogue.search(Query(), user).counts("territoire")
    by_domain = results.counts("domaine")
    children = [child for child in labels.territories.values() if child["parent_id"] == row.pk]
    return {
        "territory": row,
        "parents": [_link(labels.territories[pk], counts) for pk in reversed(labels.path(row.pk)[1:])],
        "children": [_link(child, counts) for child in children if counts.get(child["pk"])],
        "domains": [
            {
                **labels.domains[pk],
                "count": n,
                "url": f"{listing}?territoire={value}&domaine={labels.domains[pk]['slug']}",
            }
            for pk, n in by_domain.items()
        ],
        "total": len(results),
        "list_url": f"{listing}?territoire={value}",
        "open_total": results.counts("ouvert").get("oui", 0),
        "open_url": f"{listing}?territoire={value}&ouvert=oui",
        "contact": _contact_of(row) if row.kind == "local_unit" else None,
    }


def _contact_of(unit: Territory) -> Contact:
    """The service before a person; where a unit has neither, the département's."""
    contacts = Contact.objects.publishable().filter(unit=unit)
    return contacts.order_by("person_name", "label", "pk").first() or department_contact()
