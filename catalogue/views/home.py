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
from catalogue.first_day import first_steps
from catalogue.search.query import Query
from isic.lib.words import counted
from territories.models import Territory

EXAMPLES = ("cuisine partagée", "théâtre", "groupe de parents")
#: What the sheets of elsewhere answer.
EXAMPLES_OF_ELSEWHERE = ("théâtre", "isolement", "numérique")
FEATURED = 3
#: All those that come with an installation.
INSPIRING = 13


@login_not_required
@require_safe
@cached
def home(request):
    """The département's own figures: sheets from elsewhere are told apart; while there are no others, they come first."""
    catalogue = catalogue_of(request)
    labels = catalogue.labels
    ours = catalogue.search(Query(facets={"ailleurs": ("non",)}), request.user)
    elsewhere = catalogue.search(Query(facets={"ailleurs": ("seul",)}), request.user)
    featured = catalogue.search(Query(facets={"featured": ("oui",)}), request.user)[:FEATURED] or ours[:FEATURED]
    first_day = not ours
    context = {
        "form_q": "",
        "first_day": first_day,
        "first_steps": first_steps(request.user) if first_day else [],
        "inspiring": cards(elsewhere[:INSPIRING], labels, timezone.localdate(), level=3) if first_day else [],
        "examples": EXAMPLES_OF_ELSEWHERE if first_day else EXAMPLES,
        "domains": _domains(labels, (elsewhere if first_day else ours).counts("domaine")),
        "featured": [] if first_day else cards(featured, labels, timezone.localdate(), level=3),
        "territories": _units(labels, ours.counts("territoire")),
        "total": len(ours),
        "elsewhere_total": len(elsewhere),
        "open_total": ours.counts("ouvert").get("oui", 0),
        "figures": _figures(catalogue, request.user, timezone.localdate().year),
        "next_step": _next_step(catalogue, request.user, first_day=first_day),
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


def _next_step(catalogue, user, *, first_day: bool) -> dict | None:
    """Where somebody signed in goes on: with what waits, else with a first sheet, or what his unit does."""
    if not user.is_authenticated:
        return None
    if waiting := _waiting_for_service() if user.is_manager else _waiting_for(user):
        return waiting
    if first_day:
        return None if user.is_manager else _first_sheet()  # a manager has a list of his own (catalogue.first_day)
    return _nothing_waits() if user.is_manager else _unit_of(catalogue, user)


def _waiting_for(user) -> dict | None:
    waiting = len(due(user))
    if not waiting:
        return None
    return {
        "title": f"{counted(waiting, 'chose')} à faire",
        "text": "Vos brouillons, ce que le service vous demande, les fiches à vérifier.",
        "url": reverse("actions:desk"),
        "link": "Mes actions",
    }


def _waiting_for_service() -> dict | None:
    if waiting := Action.objects.proposed().count():
        return {
            "title": f"{counted(waiting, 'fiche')} à relire",
            "text": "Des collègues attendent votre lecture pour publier.",
            "url": reverse("actions:queue"),
            "link": "Relire",
        }
    if waiting := Action.objects.due_for_review().count():
        return {
            "title": f"{counted(waiting, 'fiche')} à vérifier",
            "text": "La date de vérification est passée\u00a0: sont-elles toujours justes\u00a0?",
            "url": reverse("admin:actions_action_changelist", query={"suivre": "a-verifier"}),
            "link": "Vérifier",
        }
    return None


def _first_sheet() -> dict:
    return {
        "title": "Déposez la première action",
        "text": "Trois réponses font un brouillon. Inspirez-vous de ce qui se fait ailleurs, ou racontez ce que vous menez.",
        "url": reverse("actions:create"),
        "link": "Déposer une action",
    }


def _nothing_waits() -> dict:
    return {
        "title": "Tout est à jour",
        "text": "Aucune fiche n’attend d’être relue ni vérifiée.",
        "url": reverse("actions:desk"),
        "link": "Mes actions",
    }


def _unit_of(catalogue, user) -> dict | None:
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
