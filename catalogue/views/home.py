"""`/`: a question, the domains, the territories, a choice of sheets."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from actions.models import Action
from catalogue.caching import catalogue_of, revalidated
from catalogue.cards import cards
from catalogue.query import Query
from isic.lib.words import counted

EXAMPLES = ("cuisine partagée", "théâtre", "groupe de parents")
FEATURED = 3


@login_not_required
@require_safe
@revalidated
def home(request):
    """The département's own figures: sheets from elsewhere are told apart."""
    catalogue = catalogue_of(request)
    labels = catalogue.labels
    ours = catalogue.search(Query(facets={"ailleurs": ("non",)}), request.user)
    featured = catalogue.search(Query(facets={"une": ("oui",)}), request.user)[:FEATURED] or ours[:FEATURED]
    by_domain, by_place = ours.counts("domaine"), ours.counts("territoire")
    kinds = {pk: labels.territories[pk]["kind"] for pk in by_place}
    listing = reverse("catalogue:list")
    context = {
        "form_q": "",
        "examples": EXAMPLES,
        "domains": [
            {**row, "url": f"{listing}?domaine={row['slug']}", "count": by_domain.get(pk, 0)}
            for pk, row in labels.domains.items()
            if not row["is_retired"] or by_domain.get(pk)
        ],
        "featured": cards(featured, labels, timezone.localdate(), level=3),
        "territories": [
            {
                "name": row["name"],
                "url": reverse("catalogue:territory", args=[row["slug"]]),
                "count": by_place.get(pk, 0),
            }
            for pk, row in labels.territories.items()
            if row["kind"] == "local_unit"
        ],
        "figures": {
            "actions": len(ours),
            "units": sum(kind == "local_unit" for kind in kinds.values()),
            "communes": sum(kind == "commune" for kind in kinds.values()),
            "elsewhere": ours.counts("ailleurs").get("seul", 0),
            "open": ours.counts("ouvert").get("oui", 0),
        },
        "year": timezone.localdate().year,
        "next_step": _next_step(request.user),
    }
    return render(request, "catalogue/home.html", context)


def _next_step(user) -> dict | None:
    """For the service: the sheets that wait to be read."""
    if not user.is_authenticated or not user.is_manager:
        return None
    waiting = Action.objects.filter(editorial_state=Action.EditorialState.PROPOSED).count()
    if not waiting:
        return None
    return {
        "title": f"{counted(waiting, 'fiche')} à relire",
        "url": f"{reverse('admin:actions_action_changelist')}?editorial_state__exact=proposed",
        "text": "Des collègues attendent votre lecture pour publier.",
    }
