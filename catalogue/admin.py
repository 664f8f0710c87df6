"""Synonyms, which the service keeps; the stored side of the index, which it may only look at."""

from django.contrib import admin

from catalogue.models import Entry, Revision, Stale, Synonym, Withdrawn
from isic.lib.admin import BaseAdmin, ReadOnlyAdmin


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
