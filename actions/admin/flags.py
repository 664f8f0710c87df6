"""Texts that seem to tell of a person, saved knowingly: a manager looks at each, once."""

from django.contrib import admin, messages
from django.utils.html import format_html

from actions.completeness import field_url
from actions.fieldmap import label
from actions.models import PrivacyFlag
from isic.lib.admin import ReadOnlyAdmin
from isic.lib.words import counted


class WaitingFilter(admin.SimpleListFilter):
    title = "état"
    parameter_name = "etat"

    def lookups(self, request, model_admin):
        return [("a-regarder", "à regarder"), ("regardes", "regardés")]

    def queryset(self, request, queryset):
        if self.value() == "a-regarder":
            return queryset.waiting()
        if self.value() == "regardes":
            return queryset.exclude(reviewed_at=None)
        return queryset


@admin.register(PrivacyFlag)
class PrivacyFlagAdmin(ReadOnlyAdmin):
    """The words themselves stay in the sheet: a link leads to them."""

    actions = ["mark_as_reviewed"]
    bulk_delete = False
    list_display = ["sheet", "text", "kinds", "confirmed_at", "reviewed_at"]
    list_filter = [WaitingFilter]
    list_select_related = ["action"]
    fields = ["sheet", "text", "kinds", "confirmed_by", "confirmed_at", "reviewed_by", "reviewed_at"]

    @admin.display(description="fiche", ordering="action__sort_key")
    def sheet(self, obj):
        return obj.action.title

    @admin.display(description="texte")
    def text(self, obj):
        return format_html('<a href="{}">{}</a>', field_url(obj.action, obj.field), label(obj.field))

    @admin.action(description="Marquer comme regardés")
    def mark_as_reviewed(self, request, queryset):
        flags = list(queryset.waiting())
        for flag in flags:
            flag.review(by=request.user)
        notice = counted(len(flags), "signalement regardé", "signalements regardés")
        self.message_user(request, f"{notice}.", messages.SUCCESS)
