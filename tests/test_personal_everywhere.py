"""Whatever a person types in free words is under the rule of `isic.lib.people`, in every form and every field of every model."""

import re
from collections.abc import Iterator

import pytest
from django import forms
from django.apps import apps
from django.contrib import admin
from django.db import models
from django.urls import get_resolver, resolve, reverse

from actions.models import BudgetLine, Criterion, Goal, Partnership, Quote, StaffTime, TeamMember
from isic.lib.ordering import SortKeyField
from isic.lib.people import BELONGS, AsksAboutPeople, takes_words
from isic.lib.personal import KINDS
from isic.lib.rows import Row
from meetings.models import Delivery, Member, Presenter
from tests.factories import ActionFactory
from tests.test_two_hands_of_the_admin import values

pytestmark = pytest.mark.django_db
ROOMS = ("accounts", "territories", "partners", "actions", "catalogue", "meetings")
#: A form → why nothing typed there is kept, or is no text.
FREE = {
    "catalogue.search.filters.ActionFilterForm": "a search, which nobody keeps",
    "catalogue.forms.GroupSearchForm": "a search, which nobody keeps",
    "accounts.forms.LoginForm": "an address and a password",
    "accounts.forms.ReauthenticateForm": "a password",
    "accounts.forms.ResetPasswordKeyForm": "a password",
    "accounts.forms.InvitationForm": "a password",
    "accounts.forms.ChangePasswordForm": "a password",
    "accounts.forms.SetPasswordForm": "a password",
    "accounts.admin.PasswordForm": "a password",
    "accounts.forms.CodeForm": "a code",
    "accounts.forms.CodeAgainForm": "a code",
    "accounts.forms.ActivationForm": "a code",
}
#: What the forms of rows ask for.
ROW_MODELS = (BudgetLine, Criterion, Delivery, Goal, Member, Partnership, Presenter, Quote, StaffTime, TeamMember)
#: Model and field → where it is asked for, or who writes it.
WRITTEN = {
    "Action.editorial_reason": "the form of a move (isic.lib.moves), which asks; the admin's, which asks",
    "Alias.text": "names and codes of places, from the State's lists",
    "Contact.consent_wording": "the version of a text",
    "Entry.sort_key": "made from the sheet",
    "Entry.stems": "made from the sheet",
    "Entry.summary": "made from the sheet",
    "Entry.text": "made from the sheet",
    "Entry.title": "made from the sheet",
    "FruitlessSearch.words": "what was searched for, unless it tells of somebody (catalogue.fruitless)",
    "Meeting.reason": "the form of a move, which asks",
    "Minutes.reason": "the form of a correction, which asks",
    "PrivacyFlag.field": "the name of a field",
    "PrivacyFlag.kinds": "the names of kinds",
    "Replacement.model": "copied from what was asked",
    "Replacement.name": "copied from what was asked",
    "Replacement.slug": "made from a name",
    "Replacement.successor_name": "copied from what was asked",
    "SignIn.browser": "what the browser says of itself",
    "SignIn.session_data": "a signed session",
    "SignIn.session_key": "a random key",
    "Stale.error": "the class of an error",
    "Version.reason": "copied from what was asked",
}


def room_forms() -> Iterator[type[forms.BaseForm]]:
    get_resolver().url_patterns  # noqa: B018 every module of views, and of their forms, is there
    classes = [forms.BaseForm]
    while classes:
        form = classes.pop()
        classes += form.__subclasses__()
        if form.__module__.partition(".")[0] in ROOMS:
            yield form


def name_of(form: type) -> str:
    return f"{form.__module__}.{form.__name__}"


def words_of(form: type[forms.BaseForm]) -> list[str]:
    return [name for name, field in getattr(form, "base_fields", {}).items() if takes_words(field)]


@pytest.fixture
def admin_forms(rf, admin_user):
    """Name of a model → the form of its page in the admin, and those of its tables."""
    request = rf.get("/admin/")
    request.user = admin_user
    request.resolver_match = resolve("/admin/")
    pages = {}
    for model, page in admin.site._registry.items():
        if model._meta.app_label in ROOMS and (page.has_change_permission(request) or page.has_add_permission(request)):
            tables = [inline.get_formset(request).form for inline in page.get_inline_instances(request)]
            pages[model] = [page.get_form(request), page.get_form(request, change=True), *tables]
    return pages


def test_every_form_that_takes_words_asks_about_people():
    takers = [form for form in room_forms() if words_of(form) and name_of(form) not in FREE]

    assert len(takers) > 30
    assert [form for form in takers if not issubclass(form, AsksAboutPeople)] == []
    assert set(FREE) <= set(map(name_of, room_forms()))


def test_every_form_of_the_admin_asks_about_people(admin_forms):
    takers = [form for forms_of_page in admin_forms.values() for form in forms_of_page if words_of(form)]

    assert len(takers) > 20
    assert [form for form in takers if not issubclass(form, AsksAboutPeople)] == []


def test_every_text_of_every_model_is_typed_in_a_form_that_asks_or_not_typed_at_all(admin_forms):
    """A field that no form asks for is written by the application: it is named here, with the reason."""
    by_page = {
        (form._meta.model, name)
        for forms_of_page in admin_forms.values()
        for form in forms_of_page
        for name in form.base_fields
    }
    typed = {
        (form._meta.model, name)
        for form in room_forms()
        if issubclass(form, AsksAboutPeople) and getattr(form, "_meta", None) and form._meta.model
        for name in form.base_fields
    } | by_page
    rows = {
        name
        for form in room_forms()
        if issubclass(form, Row) and issubclass(form, AsksAboutPeople)
        for name in form.base_fields
    }
    untold = [
        f"{field.model.__name__}.{field.name}"
        for model in apps.get_models()
        if model._meta.app_label in ROOMS and not model._meta.proxy
        for field in model._meta.local_fields
        if is_text(field) and (model, field.name) not in typed and not (model in ROW_MODELS and field.name in rows)
    ]

    assert sorted(untold) == sorted(WRITTEN)


def is_text(field: models.Field) -> bool:
    is_kept_text = isinstance(field, models.CharField | models.TextField)
    is_shaped = isinstance(field, models.EmailField | models.URLField | models.SlugField | SortKeyField)
    return is_kept_text and not is_shaped and not field.choices and field.editable


def test_kinds_in_their_place_are_kinds():
    assert set().union(*BELONGS.values()) <= set(KINDS)


def test_sheet_of_the_admin_asks_at_the_field_and_its_managers_find_what_was_meant(admin_client):
    sheet = ActionFactory()
    url = reverse("admin:actions_action_change", args=[sheet.pk])
    row = {"goals-TOTAL_FORMS": "1", "goals-0-text": "Revoir Mme Dupont", "goals-0-position": "0"}
    sent = values(admin_client, url) | row | {"summary": "Le 1 84 12 76 451 089 46."}

    asked = admin_client.post(url, sent)
    boxes = re.findall(r'type="checkbox" name="([\w-]+-oui-\w+)"', asked.text)

    assert sorted(box.partition("-oui-")[0] for box in boxes) == ["goals-0-text", "summary"]
    assert "numéro de sécurité sociale («\u00a01 84 12 76 451 089 46\u00a0»)" in asked.text
    assert not sheet.goals.exists()
    assert admin_client.post(url, sent | dict.fromkeys(boxes, "on")).status_code == 302
    assert sorted(sheet.privacy_flags.values_list("field", flat=True)) == ["goals", "summary"]


def test_reason_given_for_several_sheets_asks(admin_client):
    sheet = ActionFactory()
    sent = {"action": "archive", "_selected_action": sheet.pk, "reason": "Mme Dupont est partie."}

    asked = admin_client.post(reverse("admin:actions_action_changelist"), sent)
    (box,) = re.findall(r'type="checkbox" name="([\w-]+-oui-\w+)"', asked.text)

    assert "Mme Dupont" in asked.text
    admin_client.post(reverse("admin:actions_action_changelist"), sent | {box: "on"})
    sheet.refresh_from_db()
    assert sheet.editorial_state == "archived"


@pytest.mark.parametrize(
    ("page", "typed"),
    [
        ("partners_partner", {"name": "Le Relais", "description": "Une dame de 82 ans, qui a un cancer, le préside."}),
        ("partners_contact", {"label": "Mme Dupont", "email": "a@example.org"}),
        ("actions_domain", {"name": "Chez Mme Dupont"}),
        ("catalogue_synonym", {"words": "mme dupont, aînés"}),
        ("accounts_user", {"email": "a@example.org", "function": "Voisine de Mme Dupont"}),
    ],
)
def test_other_pages_of_the_admin_ask(page, typed, admin_client):
    url = reverse(f"admin:{page}_add")

    asked = admin_client.post(url, values(admin_client, url) | typed)

    assert asked.status_code == 200
    assert "-oui-" in asked.text
