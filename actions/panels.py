"""What waits for a manager, on the first page of the admin."""

from django.urls import reverse
from django.utils.timesince import timesince

from actions.completeness import field_url
from actions.models import Action, PrivacyFlag
from actions.workflows import waiting_longest
from isic.lib.admin import PANELS, Line, Panel

SHOWN = 5


def sheets_panel(title: str, empty: str, sheets, detail, url: str = "", **parameters) -> Panel:
    """The first sheets and how many there are; one query, or two when some do not show. All of them are at `url`."""
    first = list(sheets.select_related("carrier_unit", "carrier_partner")[: SHOWN + 1])
    return Panel(
        title=title,
        lines=[Line(s.title, reverse("admin:actions_action_change", args=[s.pk]), detail(s)) for s in first[:SHOWN]],
        total=len(first) if len(first) <= SHOWN else sheets.count(),
        url=url or reverse("admin:actions_action_changelist", query=parameters),
        empty=empty,
    )


def since(moment) -> str:
    return f"il y a {timesince(moment, depth=1)}"


@PANELS.add
def proposed(request):
    return sheets_panel(
        "À relire",
        "Aucune fiche n’attend d’être relue.",
        waiting_longest(),
        lambda sheet: f"{sheet.carrier}, {since(sheet.proposed_at)}",
        url=reverse("actions:queue"),
    )


@PANELS.add
def due_for_review(request):
    return sheets_panel(
        "À vérifier",
        "Aucune fiche n’est à vérifier.",
        Action.objects.due_for_review().order_by("review_due_on", "pk"),
        lambda sheet: f"{sheet.carrier}, depuis le {sheet.review_due_on:%d/%m/%Y}",
        suivre="a-verifier",
    )


@PANELS.add
def drafts(request):
    return sheets_panel(
        "Brouillons",
        "Aucun brouillon en cours.",
        Action.objects.filter(editorial_state=Action.EditorialState.DRAFT),
        lambda sheet: f"{sheet.carrier}, {since(sheet.updated_at)}",
        editorial_state__exact=Action.EditorialState.DRAFT,
    )


@PANELS.add
def without_contact(request):
    return sheets_panel(
        "Sans contact",
        "Toutes les fiches publiées disent à qui écrire.",
        Action.objects.without_contact(),
        lambda sheet: str(sheet.carrier),
        suivre="sans-contact",
    )


@PANELS.add
def left_by_referent(request):
    return sheets_panel(
        "Référent parti",
        "Chaque fiche a encore son référent.",
        Action.objects.left_by_referent(),
        lambda sheet: str(sheet.carrier),
        suivre="sans-referent",
    )


@PANELS.add
def privacy_flags(request):
    waiting = PrivacyFlag.objects.waiting().select_related("action")
    first = list(waiting[: SHOWN + 1])
    return Panel(
        title="Textes à regarder",
        lines=[Line(flag.action.title, field_url(flag.action, flag.field), flag.kinds) for flag in first[:SHOWN]],
        total=len(first) if len(first) <= SHOWN else waiting.count(),
        url=reverse("admin:actions_privacyflag_changelist", query={"etat": "a-regarder"}),
        empty="Aucun texte ne semble parler d’une personne.",
    )
