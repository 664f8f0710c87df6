"""The work in the background that failed, for the managers: try again, or give up."""

from django.contrib import admin, messages
from django.contrib.admin.options import ActionLocation
from django.shortcuts import redirect

from isic.lib import background
from isic.lib.admin import ReadOnlyAdmin
from isic.models import FailedTask

LIST = "admin:isic_failedtask_changelist"
EVERYWHERE = [ActionLocation.CHANGE_LIST, ActionLocation.CHANGE_FORM]


@admin.register(FailedTask)
class FailedTaskAdmin(ReadOnlyAdmin):
    list_display = fields = ["label", "failed_at", "tries", "plan", "error"]
    actions = ["retry", "give_up"]

    def has_view_permission(self, request, obj=None):
        return self.admin_site.has_permission(request)

    def has_module_permission(self, request):
        return self.admin_site.has_permission(request)

    @admin.display(description="tâche")
    def label(self, obj):
        return obj.label

    @admin.display(description="dernier essai")
    def failed_at(self, obj):
        return obj.failed_at

    @admin.display(description="essais")
    def tries(self, obj):
        return obj.tries

    @admin.display(description="et ensuite")
    def plan(self, obj):
        return obj.plan

    @admin.display(description="erreur")
    def error(self, obj):
        return obj.error

    @admin.action(description="Réessayer maintenant", permissions=["view"], location=EVERYWHERE)
    def retry(self, request, queryset):
        for row in queryset:
            background.retry(row)
        messages.success(request, "Nouvel essai lancé\u00a0: ce qui échoue encore reste dans cette liste.")
        return redirect(LIST)

    @admin.action(description="Abandonner", permissions=["view"], location=EVERYWHERE)
    def give_up(self, request, queryset):
        for row in queryset:
            row.delete()
        messages.success(request, "C’est abandonné\u00a0: il n’y aura plus d’essai.")
        return redirect(LIST)
