"""The accounts that somebody asked for, on the first page of the administrators."""

from django.urls import reverse

from accounts.models import User
from isic.lib.admin import PANELS, Line, Panel

SHOWN = 5


@PANELS.add
def asked_for(request):
    """Managers have no list of accounts: for them there is no such panel."""
    if not request.user.is_superuser:
        return None
    users = User.objects.asked_for().select_related("asked_by").order_by("asked_at", "pk")
    first = list(users[: SHOWN + 1])
    return Panel(
        title="Comptes demandés",
        lines=[
            Line(
                u.email, reverse("admin:accounts_user_change", args=[u.pk]), f"par {u.asked_by or 'un compte supprimé'}"
            )
            for u in first[:SHOWN]
        ],
        total=len(first) if len(first) <= SHOWN else users.count(),
        url=reverse("admin:accounts_user_changelist", query={"etat": "a-confirmer"}),
        empty="Aucune demande n’attend.",
    )
