"""Whether the search tells what is published, and what it did not find, on the first page of the admin."""

from django.db.models import Count, Q
from django.urls import reverse

from actions.models import Action
from catalogue import fruitless
from catalogue.models import Entry, Stale
from isic.lib.admin import PANELS, Line, Panel

SEARCHES_SHOWN = 8


@PANELS.add
def health(request):
    """Whether what readers see is what is published."""
    marks = Stale.objects.aggregate(waiting=Count("pk", filter=Q(error="")), failed=Count("pk", filter=~Q(error="")))
    published, entries = Action.objects.published().count(), Entry.objects.count()
    stale = reverse("admin:catalogue_stale_changelist")
    return Panel(
        title="Santé du catalogue",
        lines=[
            Line(
                "Fiches publiées",
                reverse("admin:actions_action_changelist", query={"editorial_state__exact": "published"}),
                str(published),
            ),
            Line("Fiches trouvées par la recherche", reverse("admin:catalogue_entry_changelist"), str(entries)),
            Line("Changements en attente", stale, str(marks["waiting"])),
            Line("Changements en échec", stale, str(marks["failed"])),
        ],
    )


@PANELS.add
def fruitless_searches(request):
    """What people look for and do not find, the most sought first: a group to set up, or a word for the lexicon."""
    first = fruitless.most_sought(SEARCHES_SHOWN)
    url = reverse("admin:catalogue_fruitlesssearch_changelist")
    return Panel(
        title="Recherches sans résultat",
        lines=[
            Line(row["words"], reverse("catalogue:list", query={"q": row["words"]}), f"{row['total']} fois")
            for row in first
        ],
        total=len(first),
        url=url,
        empty="Ces trente derniers jours, chaque recherche a trouvé quelque chose.",
    )
