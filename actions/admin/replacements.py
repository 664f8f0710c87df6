"""What was replaced by what, to look at."""

from django.contrib import admin

from actions.models import Replacement
from isic.lib.admin import ReadOnlyAdmin


@admin.register(Replacement)
class ReplacementAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "successor_name", "at", "by"]
    search_fields = ["name", "successor_name"]
    list_select_related = ["by"]
