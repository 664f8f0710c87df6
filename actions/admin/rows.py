"""The rows of a sheet, in the order in which a reader meets them."""

from django.contrib import admin

from actions.models import (
    BudgetLine,
    Criterion,
    Goal,
    Media,
    Partnership,
    Quote,
    StaffTime,
    TeamMember,
)
from isic.lib.admin import QuietRelations, TableFormSet, TableInline
from isic.lib.admin_forms import RowForms


class PartFormSet(TableFormSet):
    def get_form_kwargs(self, index):
        """What was confirmed in a row, here or in the pages, is not asked again."""
        kwargs = super().get_form_kwargs(index)
        return kwargs | {"confirmed": getattr(self.instance, "confirmed_marks", ()), "part": self.prefix}


class PartInline(QuietRelations, TableInline):
    formset = PartFormSet
    merges = False


class GoalFormSet(PartFormSet):
    """An operational goal goes under a general goal of the same sheet; the choices are read once for all rows."""

    def add_fields(self, form, index):
        super().add_fields(form, index)
        own = self.queryset if self.instance.pk else Goal.objects.none()
        form.fields["parent"].queryset = own
        form.fields["parent"].widget.can_add_related = form.fields["parent"].widget.can_change_related = False
        form.fields["parent"].choices = [("", "—"), *((goal.pk, goal.text) for goal in own if goal.parent_id is None)]


class GoalInline(PartInline):
    model = Goal
    formset = GoalFormSet
    fields = ["text", "parent", "position"]


class CriterionInline(PartInline):
    model = Criterion
    fields = ["name", "indicator", "method", "target", "result", "position"]


class TeamMemberInline(PartInline):
    model = TeamMember
    verbose_name_plural = "équipe"
    fields = ["role", "function", "unit", "partner", "user", "position"]
    autocomplete_fields = ["unit", "partner", "user"]


class PartnershipInline(PartInline):
    model = Partnership
    fields = ["partner", "role", "notes", "position"]
    autocomplete_fields = ["partner"]


class BudgetLineInline(PartInline):
    model = BudgetLine
    fields = ["label", "funder", "planned", "actual", "position"]


class StaffTimeInline(PartInline):
    model = StaffTime
    fields = ["phase", "hours", "notes", "position"]


class QuoteInline(PartInline):
    model = Quote
    fields = ["text", "speaker", "has_consent", "position"]


class MediaInline(RowForms, QuietRelations, admin.StackedInline):
    model = Media
    formset = PartFormSet
    merges = False
    extra = 0
    fields = [
        ("kind", "title"),
        ("file", "url"),
        ("alt", "is_decorative"),
        "credit",
        ("consent", "rights_until"),
        "position",
    ]


INLINES = [
    GoalInline,
    CriterionInline,
    TeamMemberInline,
    PartnershipInline,
    BudgetLineInline,
    StaffTimeInline,
    QuoteInline,
    MediaInline,
]
