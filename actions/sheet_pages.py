"""The pages of one sheet: who opens them, and what each shows above its own.

A view fetches the sheet through here, and so is authorised; the dict that comes with it goes into its context:

    action, head = to_edit(request, slug, "history")
    return render(request, "actions/history.html", {**head, …})

A room above adds its page to the tab bar in its module `sheet_tabs`:

    TABS.add(Tab("followup", "Suivi", "followup:sheet"))
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.shortcuts import get_object_or_404
from django.urls import reverse

from actions.models import Action, ActionQuerySet
from isic.lib.registry import Registry

Load = Callable[[ActionQuerySet], ActionQuerySet]


@dataclass(frozen=True)
class Tab:
    """One page of a sheet, and of those who may read it."""

    name: str
    label: str
    url_name: str  # of an address made with the slug of the sheet
    is_for_editors: bool = False


TABS: Registry[Tab] = Registry("sheet_tabs")
TABS.add(Tab("sheet", "Fiche", "catalogue:sheet"))
TABS.add(Tab("edit", "Modifier", "actions:edit", is_for_editors=True))
TABS.add(Tab("history", "Historique", "actions:history", is_for_editors=True))


def to_edit(request, slug: str, tab: str = "", load: Load = ActionQuerySet.all) -> tuple[Action, dict]:
    """404 for whoever may not edit the sheet; `load` says what comes with it."""
    action = get_object_or_404(load(Action.objects.editable_by(request.user)), slug=slug)
    return action, head(request, action, tab, can_edit=True)


def to_read(request, slug: str, tab: str = "", load: Load = ActionQuerySet.all) -> tuple[Action, dict]:
    """404, never 403, for whoever may not see the sheet. For who is signed in, a query says whether he may edit it."""
    action = get_object_or_404(load(Action.objects.visible_to(request.user)), slug=slug)
    can_edit = Action.objects.editable_by(request.user).contains(action)
    return action, head(request, action, tab, can_edit=can_edit)


def head(request, action: Action, tab: str, *, can_edit: bool) -> dict:
    """For a sheet fetched already. A visitor has one page of it, and no choice."""
    tabs = [t for t in TABS if can_edit or not t.is_for_editors] if request.user.is_authenticated else []
    return {"action": action, "can_edit": can_edit, "tabs": [_link(request, action, t, tab) for t in tabs]}


def _link(request, action: Action, tab: Tab, current: str) -> dict[str, str]:
    """`current` is the value of its aria-current: the page itself, one under it, or neither."""
    url = reverse(tab.url_name, args=[action.slug])
    here = "" if tab.name != current else "page" if request.path == url else "true"
    return {"label": tab.label, "url": url, "current": here}
