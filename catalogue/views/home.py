"""`/`: a question, the domains, the territories, a choice of sheets."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from actions.desk import due
from actions.models import Action
from catalogue.caching import cached, catalogue_of
from catalogue.cards import cards
from catalogue.search.query import Query
from isic.lib.words import counted
from territories.models import Territory

EXAMPLES = ("cuisine partagée", "théâtre", "groupe de parents")
FEATURED = 3


@login_not_required
@require_safe
@cached
def home(request):
    """The département's own figures; sheets from elsewhere are counted separately."""
    catalogue = catalogue_of(request)
    labels = catalogue.labels
    ours = catalogue.search(Query(facets={"ailleurs": ("non",)}), request.user)
    featured = catalogue.search(Query(facets={"featured": ("oui",)}), request.user)[:FEATURED] or ours[:FEATURED]
    context = {
        "form_q": "",
        "examples": EXAMPLES,
        "domains": _domains(labels, ours.counts("domaine")),
        "featured": cards(featured, labels, timezone.localdate(), level=3),
        "territories": _units(labels, ours.counts("territoire")),
        "total": len(ours),
        "elsewhere_total": ours.counts("ailleurs").get("seul", 0),
        "open_total": ours.counts("ouvert").get("oui", 0),
        "figures": _figures(catalogue, request.user, timezone.localdate().year),
        "next_step": _next_step(catalogue, request.user),
    }
    return render(request, "catalogue/home.html", context)


def _domains(labels, counts: dict) -> list[dict]:
    """Every domain with what it counts; a retired one only while a sheet has it."""
    listing = reverse("catalogue:list")
    return [
        {**row, "url": f"{listing}?domaine={row['slug']}", "count": counts.get(pk, 0)}
        for pk, row in labels.domains.items()
        if not row["is_retired"] or counts.get(pk)
    ]


def _units(labels, counts: dict) -> list[dict]:
    return [
        {"name": row["name"], "url": reverse("catalogue:territory", args=[row["slug"]]), "count": counts.get(pk, 0)}
        for pk, row in labels.territories.items()
        if row["kind"] == Territory.Kind.LOCAL_UNIT
    ]


def _figures(catalogue, user, year: int) -> dict:
    """What ran this year in the département, and where."""
    ours = catalogue.search(Query(facets={"ailleurs": ("non",), "annee": (year,)}), user)
    kinds = [catalogue.labels.territories[pk]["kind"] for pk in ours.counts("territoire")]
    return {
        "year": year,
        "actions": len(ours),
        "units": kinds.count(Territory.Kind.LOCAL_UNIT),
        "communes": kinds.count(Territory.Kind.COMMUNE),
    }


def _next_step(catalogue, user) -> dict | None:
    """Where somebody signed in goes on: the service with what waits for it, an agent with his desk, or his unit."""
    if not user.is_authenticated:
        return None
    if user.is_manager:
        return _for_manager()
    if waiting := len(due(user)):
        return {
            "title": f"{counted(waiting, 'chose')} à faire",
            "text": "Vos brouillons, ce que le service vous demande, les fiches à vérifier.",
            "url": reverse("actions:desk"),
            "link": "Mes actions",
        }
    membership = user.memberships.select_related("territory").first()
    if membership is None:
        return None
    unit = membership.territory
    count = catalogue.search(Query(), user).counts("territoire").get(unit.pk, 0)
    return {
        "title": unit.name,
        "text": f"{counted(count, 'action')} au catalogue dans votre {settings.LOCAL_UNIT_LABEL}.",
        "url": unit.get_absolute_url(),
        "link": "Voir ce qui s’y fait",
    }


def _for_manager() -> dict:
    if waiting := Action.objects.proposed().count():
        return {
            "title": f"{counted(waiting, 'fiche')} à relire",
            "text": "Des collègues attendent votre lecture pour publier.",
            "url": reverse("actions:queue"),
            "link": "Relire",
        }
    if due := Action.objects.due_for_review().count():
        return {
            "title": f"{counted(due, 'fiche')} à vérifier",
            "text": "La date de vérification est passée\u00a0: sont-elles toujours justes\u00a0?",
            "url": reverse("admin:actions_action_changelist", query={"suivre": "a-verifier"}),
            "link": "Vérifier",
        }
    return {
        "title": "Tout est à jour",
        "text": "Aucune fiche n’attend d’être relue ni vérifiée.",
        "url": reverse("actions:desk"),
        "link": "Mes actions",
    }
