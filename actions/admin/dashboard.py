"""What waits for a manager, on the first page of the admin."""

from django.contrib import admin
from django.urls import reverse
from django.utils.timesince import timesince

from actions.models import Action
from isic.lib.admin import Line, Panel

SHOWN = 5


def sheets_panel(title: str, empty: str, sheets, detail, **parameters) -> Panel:
    """The first sheets and how many there are; one query, or two when some do not show."""
    first = list(sheets.select_related("carrier_unit", "carrier_partner")[: SHOWN + 1])
    return Panel(
        title=title,
        lines=[Line(s.title, reverse("admin:actions_action_change", args=[s.pk]), detail(s)) for s in first[:SHOWN]],
        total=len(first) if len(first) <= SHOWN else sheets.count(),
        url=reverse("admin:actions_action_changelist", query=parameters),
        empty=empty,
    )


def waiting(sheet) -> str:
    return f"{sheet.carrier}, il y a {timesince(sheet.updated_at, depth=1)}"


@admin.site.add_panel
def proposed(request):
    return sheets_panel(
        "À relire",
        "Aucune fiche n’attend d’être relue.",
        Action.objects.proposed().order_by("updated_at", "pk"),
        waiting,
        editorial_state__exact=Action.EditorialState.PROPOSED,
    )


@admin.site.add_panel
def due_for_review(request):
    return sheets_panel(
        "À vérifier",
        "Aucune fiche n’est à vérifier.",
        Action.objects.due_for_review().order_by("review_due_on", "pk"),
        lambda sheet: f"{sheet.carrier}, depuis le {sheet.review_due_on:%d/%m/%Y}",
        suivre="a-verifier",
    )


@admin.site.add_panel
def drafts(request):
    return sheets_panel(
        "Brouillons",
        "Aucun brouillon en cours.",
        Action.objects.filter(editorial_state=Action.EditorialState.DRAFT),
        waiting,
        editorial_state__exact=Action.EditorialState.DRAFT,
    )


@admin.site.add_panel
def without_contact(request):
    return sheets_panel(
        "Sans contact",
        "Toutes les fiches publiées disent à qui écrire.",
        Action.objects.without_contact(),
        lambda sheet: str(sheet.carrier),
        suivre="sans-contact",
    )
