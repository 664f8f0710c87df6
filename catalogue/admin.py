"""Synonyms, which the service keeps; the stored side of the index, which it may only look at."""

from django.contrib import admin

from catalogue.models import Entry, FruitlessSearch, Revision, Stale, Synonym, Withdrawn
from isic.lib.admin import BaseAdmin, ReadOnlyAdmin


@admin.register(Synonym)
class SynonymAdmin(BaseAdmin):
    list_display = ["words", "related"]
    search_fields = ["words", "related"]
    fieldsets = [
        (
            None,
            {
                "fields": ["words", "related"],
                "description": "Qui cherche l’un de ces mots trouve aussi les fiches qui emploient les autres. Les accents, "
                "les pluriels, les majuscules et les points des sigles sont déjà compris\u00a0: «\u00a0aîné\u00a0» trouve "
                "«\u00a0aînés\u00a0» et «\u00a0C.A.F.\u00a0» trouve «\u00a0Caf\u00a0» sans cela. Une expression de plusieurs "
                "mots n’est trouvée qu’entière.",
            },
        )
    ]


@admin.register(FruitlessSearch)
class FruitlessSearchAdmin(ReadOnlyAdmin):
    list_display = ["words", "count", "day"]
    search_fields = ["words"]


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
