"""Synonyms, which the service keeps; the stored side of the index, which it may only look at."""

from django.contrib import admin
from django.db.models import Count, Q
from django.urls import reverse

from actions.models import Action
from catalogue.models import Entry, Revision, Stale, Synonym, Withdrawn
from isic.lib.admin import BaseAdmin, Line, Panel, ReadOnlyAdmin


@admin.register(Synonym)
class SynonymAdmin(BaseAdmin):
    list_display = ["words", "words_count"]
    search_fields = ["words"]
    fieldsets = [
        (
            None,
            {
                "fields": ["words"],
                "description": "Qui cherche l’un de ces mots trouve aussi les fiches qui emploient les autres. Les accents, "
                "les pluriels et les majuscules sont déjà compris\u00a0: «\u00a0aîné\u00a0» trouve «\u00a0aînés\u00a0» sans cela.",
            },
        )
    ]

    @admin.display(description="nombre de mots")
    def words_count(self, obj):
        return len(obj.expressions)


@admin.register(Entry)
class EntryAdmin(ReadOnlyAdmin):
    list_display = ["title", "is_public", "number", "action_id"]
    list_filter = ["is_public"]
    search_fields = ["sort_key"]


@admin.register(Withdrawn)
class WithdrawnAdmin(ReadOnlyAdmin):
    list_display = ["action_id", "number"]


@admin.register(Stale)
class StaleAdmin(ReadOnlyAdmin):
    list_display = ["pk", "__str__", "error"]
    list_filter = [("error", admin.EmptyFieldListFilter)]


@admin.register(Revision)
class RevisionAdmin(ReadOnlyAdmin):
    list_display = ["n", "labels", "epoch"]


@admin.site.add_panel
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
