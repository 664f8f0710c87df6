"""The admin of the house: one site with a dashboard first, and what all its lists share."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.options import ActionLocation, IncorrectLookupParameters
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.forms import BaseInlineFormSet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.text import capfirst
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from django.views.i18n import JavaScriptCatalog

from isic.lib import numbers, protected
from isic.lib.admin_forms import PAGE_KEY, Forms, RankForm, RowForms
from isic.lib.ordering import sort_key
from isic.lib.registry import Registry
from isic.lib.submissions import Submission

#: Of a page: which button was pressed, and what moves with each page.
_NO_WORDS = frozenset(["csrfmiddlewaretoken", PAGE_KEY, "_save", "_continue", "_addanother"])
#: No name in the house is longer; a longer search finds nothing rather than cost a scan.
LONGEST_SEARCH = 200


@dataclass(frozen=True)
class Line:
    text: str
    url: str = ""
    detail: str = ""


@dataclass(frozen=True)
class Panel:
    """One block of the dashboard: what waits, the first lines of it, and where the rest is."""

    title: str
    lines: Sequence[Line]
    total: int | None = None
    url: str = ""
    empty: str = ""


#: What the dashboard shows, room after room, from the modules `panels`; None for who is not concerned.
PANELS: Registry[Callable[[HttpRequest], Panel | None]] = Registry("panels")


class Autocomplete(AutocompleteJsonView):
    def serialize_result(self, obj, to_field_name):
        return super().serialize_result(obj, to_field_name) | {"text": self.model_admin.describe(obj)}


class Site(admin.AdminSite):
    site_header = site_title = f"{settings.SITE_NAME}\u00a0: administration"
    index_title = "Tableau de bord"
    empty_value_display = "–"
    enable_nav_sidebar = False
    #: Models of libraries, which say nothing to a manager; two-factor and e-mail records are kept by allauth itself,
    #: tasks have a page of ours (isic/admin.py).
    HIDDEN_APPS = frozenset({"auth", "account", "mfa", "django_tasks_database"})

    def register(self, model_or_iterable, admin_class=None, **options):
        models = [model_or_iterable] if isinstance(model_or_iterable, type) else model_or_iterable
        super().register([m for m in models if m._meta.app_label not in self.HIDDEN_APPS], admin_class, **options)

    def index(self, request, extra_context=None):
        return super().index(
            request, {"panels": list(filter(None, (panel(request) for panel in PANELS))), **(extra_context or {})}
        )

    @method_decorator(never_cache)
    @login_not_required
    def login(self, request, extra_context=None):
        """The house has one sign-in page; an account whose role does not open the admin gets a sentence."""
        wanted = request.GET.get(REDIRECT_FIELD_NAME) or reverse("admin:index", current_app=self.name)
        if not request.user.is_authenticated:
            return redirect_to_login(wanted)
        if not self.has_permission(request):
            raise PermissionDenied
        return redirect("admin:index")

    def admin_view(self, view, cacheable=False):
        """Django's pages take any method for a GET: here the others are refused, as on every page of the house."""
        return require_http_methods(["GET", "HEAD", "POST"])(super().admin_view(view, cacheable))

    def password_change(self, request, extra_context=None):
        return redirect("account_change_password")

    def i18n_javascript(self, request, extra_context=None):
        """With the French of the rich text editor, whose windows read the same catalogue."""
        return JavaScriptCatalog.as_view(packages=["django.contrib.admin", "django_prose_editor"])(request)

    def autocomplete_view(self, request):
        return Autocomplete.as_view(admin_site=self)(request)


OVERTAKEN = "Quelqu’un d’autre vient de modifier une ligne que vous supprimez\u00a0: rechargez la page, puis décidez."
DELETED = (
    "Une ligne de ce tableau a été supprimée entre-temps par quelqu’un d’autre\u00a0: "
    "cochez «\u00a0Supprimer\u00a0» à son bout."
)


class TableFormSet(BaseInlineFormSet):
    def clean(self):
        """A row on which something leans, or that somebody else just changed, stays, and the page says why.

        A row that somebody else deleted has no object left: without a word, the page would never save again.
        """
        gone = [form for form in self.initial_forms if self._should_delete_form(form) and form.instance.pk]
        held = [sentence for form in gone for sentence in protected.refusal(form.instance)]
        if held or any(form.is_overtaken() for form in gone):
            raise ValidationError(held or [OVERTAKEN])
        super().clean()
        if any(row.instance._state.adding and not self._should_delete_form(row) for row in self.initial_forms):
            raise ValidationError(DELETED)

    def add_fields(self, form, index):
        super().add_fields(form, index)
        if self.can_delete:
            form.fields["DELETE"].widget.attrs["aria-label"] = "Supprimer cette ligne"


class TableInline(RowForms, admin.TabularInline):
    """In a table the heading of the column labels the field for the eye only: each says its own name."""

    formset = TableFormSet
    extra = 0

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field:
            field.widget.attrs["aria-label"] = capfirst(db_field.verbose_name)
        return field


class QuietRelations:
    """A related record can be added or opened from a form, not deleted: that belongs to its own page. Numbers are typed as texts."""

    formfield_overrides = numbers.ADMIN

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget.can_delete_related = field.widget.can_view_related = False
        return field


class BaseAdmin(Forms, QuietRelations, admin.ModelAdmin):
    """What every list shares. A `sort_key` among the search fields makes the search blind to accents and case."""

    bulk_delete = True
    #: Fields on which links from other pages filter this list, besides those of `list_filter`.
    linked_filters = ()
    list_per_page = 50
    show_facets = admin.ShowFacets.NEVER

    def describe(self, obj) -> str:
        """The words of one choice in an autocomplete field."""
        return str(obj)

    def get_object(self, request, object_id, from_field=None):
        """A save holds the row from its first look to its commit: what it compares with is what it writes over."""
        record = super().get_object(request, object_id, from_field)
        if record is None or not hasattr(request, "submission"):  # set in the transaction of `changeform_view`
            return record
        self.model._base_manager.select_for_update().filter(pk=record.pk).order_by().first()
        return super().get_object(request, object_id, from_field)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """A page sent twice makes its record, and the rows of its tables, once; the answer is the same each time."""
        if request.method != "POST":
            return super().changeform_view(request, object_id, form_url, extra_context)
        with transaction.atomic():
            words = {name: values for name, values in request.POST.lists() if name not in _NO_WORDS}
            request.submission = Submission.of(request, words, field=PAGE_KEY)
            if made := self.get_queryset(request).filter(pk=request.submission.made or None).first():
                return (self.response_add if object_id is None else self.response_change)(request, made)
            response = super().changeform_view(request, object_id, form_url, extra_context)
            if response.status_code == 200:
                request.submission.drop()
            return response

    def log_addition(self, request, obj, message):
        self._keep_submission(request, obj)
        return super().log_addition(request, obj, message)

    def log_change(self, request, obj, message):
        self._keep_submission(request, obj)
        return super().log_change(request, obj, message)

    def _keep_submission(self, request, obj) -> None:
        if submission := getattr(request, "submission", None):
            submission.keep(obj)

    def get_changelist_form(self, request, **kwargs):
        return super().get_changelist_form(request, **{"form": RankForm, **kwargs})

    def changelist_view(self, request, extra_context=None):
        context = {"title": capfirst(self.opts.verbose_name_plural), **(extra_context or {})}
        return self._or_refused(request, partial(super().changelist_view, request, context))

    def delete_view(self, request, object_id, extra_context=None):
        context = {"title": f"Supprimer\u00a0: {self.opts.verbose_name}", **(extra_context or {})}
        return self._or_refused(request, partial(super().delete_view, request, object_id, context))

    def get_deleted_objects(self, objs, request):
        """In sentences: by what it is used; or what goes with it, which needs no permission of its own."""
        rows = list(objs)
        if held := [sentence for row in rows for sentence in protected.refusal(row)]:
            return [], {}, set(), held
        lines = [
            line for row in rows for line in (*([str(row)] if len(rows) > 1 else []), *protected.consequences(row))
        ]
        return lines or [str(row) for row in rows], {}, set(), []

    def delete_model(self, request, obj):
        protected.delete(obj)

    @transaction.atomic
    def delete_queryset(self, request, queryset):
        for row in queryset:
            protected.delete(row)

    def _or_refused(self, request, view: Callable[[], HttpResponse]) -> HttpResponse:
        """What the page did not know: something began to lean on the row since it was shown."""
        try:
            return view()
        except ValidationError as error:
            for sentence in error.messages:
                self.message_user(request, sentence, messages.ERROR)
            return redirect(request.get_full_path())

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        """Titles that need no article: « Ajouter : domaine », « Domaine »."""
        name = self.opts.verbose_name
        context["title"] = f"Ajouter\u00a0: {name}" if add else capfirst(name)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def get_changeform_initial_data(self, request):
        """Nothing comes from the address: no page of ours fills a form by it, and a wrong key there breaks the page."""
        return {}

    def get_actions(self, request, action_location=ActionLocation.CHANGE_LIST):
        actions = super().get_actions(request, action_location)
        if not self.bulk_delete:
            actions.pop("delete_selected", None)
        return actions

    def lookup_allowed(self, lookup, value, request):
        """What the pages offer, and nothing else: Django takes any lookup of any field, errors of the database included."""
        filters = [f[0] if isinstance(f, tuple) else f for f in self.get_list_filter(request)]
        names = [getattr(f, "parameter_name", f) for f in (*filters, *self.linked_filters, self.date_hierarchy) if f]
        return (
            any(lookup == name or lookup.startswith(f"{name}__") for name in names)
            and not lookup.endswith("regex")
            and super().lookup_allowed(lookup, value, request)
        )

    def get_changelist_instance(self, request):
        try:
            return super().get_changelist_instance(request)
        except OverflowError as error:  # a year of thirty digits
            raise IncorrectLookupParameters(error) from error

    def get_search_results(self, request, queryset, search_term):
        if len(search_term) > LONGEST_SEARCH:
            return queryset.none(), False
        if any(name.endswith("sort_key") for name in self.get_search_fields(request)):
            search_term = sort_key(search_term)
        return super().get_search_results(request, queryset, search_term)


class ReadOnlyAdmin(BaseAdmin):
    """To look at; the application itself writes these rows."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
