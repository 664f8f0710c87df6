"""Two people in one page of the admin lose nothing of each other's, and one page sent twice makes one record; for every model."""

import re

import pytest
from django.contrib import admin
from django.db import models
from django.urls import resolve, reverse

from accounts.models import User
from actions.models import Audience, Domain
from partners.models import Contact, Partner
from territories.models import Membership
from tests.factories import (
    ActionFactory,
    AudienceFactory,
    ContactFactory,
    PartnerFactory,
    TerritoryFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
ROOMS = ("accounts", "territories", "partners", "actions", "catalogue", "meetings")


def address(record) -> str:
    return reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_change", args=[record.pk])


def values(client, url: str) -> dict[str, object]:
    """What a browser would send from this page."""
    response = client.get(url)
    page, data = response.context["adminform"].form, {}
    forms = [page, *(row for formset in response.context["inline_admin_formsets"] for row in formset.formset)]
    forms += [formset.formset.management_form for formset in response.context["inline_admin_formsets"]]
    for form in forms:
        for bound in form:
            value = bound.value()
            if value is True:
                value = "on"
            if value is not None and value is not False and value != "":
                data[bound.html_name] = (
                    bound.field.widget.format_value(value)
                    if hasattr(bound.field.widget, "format_value") and not isinstance(value, list | models.QuerySet)
                    else [getattr(one, "pk", one) for one in value]
                )
    return {name: value for name, value in data.items() if value is not None}


def test_two_people_on_two_fields_keep_both(admin_client):
    partner = PartnerFactory(name="Le Relais", description="Avant.", website="https://avant.example.org/")
    mine, other = values(admin_client, address(partner)), values(admin_client, address(partner))

    admin_client.post(address(partner), other | {"description": "De l’autre."})
    answer = admin_client.post(address(partner), mine | {"website": "https://apres.example.org/"})

    partner.refresh_from_db()
    assert answer.status_code == 302
    assert (partner.description, partner.website) == ("De l’autre.", "https://apres.example.org/")


def test_two_people_on_one_field_are_told_and_the_second_chooses(admin_client):
    partner = PartnerFactory(description="Avant.")
    mine, other = values(admin_client, address(partner)), values(admin_client, address(partner))

    admin_client.post(address(partner), other | {"description": "De l’autre."})
    asked = admin_client.post(address(partner), mine | {"description": "De moi."})

    partner.refresh_from_db()
    assert asked.status_code == 200
    assert "«\u00a0De l’autre.\u00a0»" in asked.text
    assert "De moi." in asked.text
    assert partner.description == "De l’autre."
    again = mine | {"description": "De moi.", "base": asked.context["adminform"].form["base"].value()}
    assert admin_client.post(address(partner), again).status_code == 302
    partner.refresh_from_db()
    assert partner.description == "De moi."


def test_contact_of_two_people_keeps_both(admin_client):
    contact = ContactFactory(label="Accueil", email="a@example.org", phone="01 99 00 12 34")
    mine, other = values(admin_client, address(contact)), values(admin_client, address(contact))

    admin_client.post(address(contact), other | {"phone": "01 99 00 56 78"})
    admin_client.post(address(contact), mine | {"label": "Secrétariat"})

    contact.refresh_from_db()
    assert (contact.label, contact.phone) == ("Secrétariat", "01 99 00 56 78")


def test_row_of_a_table_that_somebody_else_changed_is_not_covered(admin_client):
    unit = TerritoryFactory(kind="local_unit")
    row = Membership.objects.create(user=UserFactory(), territory=unit, role=Membership.role.field.choices[0][0])
    page = values(admin_client, address(unit))
    other_role = Membership.role.field.choices[1][0]
    Membership.objects.filter(pk=row.pk).update(role=other_role)

    admin_client.post(address(unit), page | {"name": "Autre nom"})

    row.refresh_from_db()
    unit.refresh_from_db()
    assert (unit.name, row.role) == ("Autre nom", other_role)


def test_row_that_somebody_else_changed_is_not_deleted_without_a_word(admin_client):
    unit = TerritoryFactory(kind="local_unit")
    row = Membership.objects.create(user=UserFactory(), territory=unit, role=Membership.role.field.choices[0][0])
    page = values(admin_client, address(unit))
    Membership.objects.filter(pk=row.pk).update(role=Membership.role.field.choices[1][0])

    asked = admin_client.post(address(unit), page | {"memberships-0-DELETE": "on"})

    assert "vient de modifier une ligne que vous supprimez" in asked.text
    assert Membership.objects.filter(pk=row.pk).exists()


def test_ranks_of_a_list_that_two_people_type_keep_both(admin_client):
    Audience.objects.all().delete()
    first, _second = AudienceFactory(position=1), AudienceFactory(position=2)
    url = reverse("admin:actions_audience_changelist")
    page = admin_client.get(url).text
    data = dict(re.findall(r'<input type="hidden" name="(initial-form-\d-position)" value="(\d+)"', page))
    data |= dict(re.findall(r'<input type="hidden" name="(form-[\w-]+)" value="(\d*)"', page)) | {"_save": "1"}
    Audience.objects.filter(pk=first.pk).update(position=9)

    admin_client.post(url, data | {"form-0-position": "1", "form-1-position": "5"})

    assert list(Audience.objects.order_by("pk").values_list("position", flat=True)) == [9, 5]


@pytest.mark.parametrize("model", [Partner, Contact, Domain, User], ids=lambda model: model.__name__)
def test_page_sent_twice_makes_one_and_answers_alike(admin_client, model):
    url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_add")
    data = (
        values(admin_client, url)
        | {
            Partner: {"name": "Le Relais", "kind": "association"},
            Contact: {"label": "Accueil", "email": "a@example.org"},
            Domain: {"name": "Jeux"},
            User: {"email": "neuf@example.org", "full_name": "Neuf", "role": "contributor"},
        }[model]
    )
    before = model.objects.count()

    answers = [admin_client.post(url, data) for _ in range(2)]

    assert model.objects.count() == before + 1
    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0]["Location"] == answers[1]["Location"]


def test_page_sent_twice_adds_its_rows_once_and_answers_alike(admin_client):
    sheet = ActionFactory()
    row = {"goals-TOTAL_FORMS": "1", "goals-0-text": "Se rencontrer", "goals-0-position": "0"}
    sent = values(admin_client, address(sheet)) | row

    answers = [admin_client.post(address(sheet), sent) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0]["Location"] == answers[1]["Location"]
    assert [goal.text for goal in sheet.goals.all()] == ["Se rencontrer"]


def test_another_record_of_the_same_page_is_another(admin_client):
    url = reverse("admin:partners_partner_add")
    data = values(admin_client, url) | {"kind": "association"}

    for name in ("Le Relais", "Le Lien"):
        admin_client.post(url, data | {"name": name})

    assert Partner.objects.count() == 2


def test_page_that_was_refused_makes_its_record_once_it_is_right(admin_client):
    url = reverse("admin:partners_contact_add")
    data = values(admin_client, url)

    refused = admin_client.post(url, data | {"label": "Accueil"})
    assert refused.status_code == 200
    assert admin_client.post(url, data | {"label": "Accueil", "email": "a@example.org"}).status_code == 302
    assert Contact.objects.count() == 1


def test_every_page_of_the_admin_that_writes_has_the_rules(rf, admin_user):
    """A sheet compares versions, and its tables go with it; every other form merges by field."""
    request = rf.get("/admin/")
    request.user, request.resolver_match = admin_user, resolve("/admin/")
    seen = []
    for model, page in admin.site._registry.items():
        record = model()
        if model._meta.app_label not in ROOMS or not page.has_change_permission(request, record):
            continue
        seen.append(model.__name__)
        changes, adds = page.get_form(request, record, change=True).base_fields, page.get_form(request).base_fields
        assert "base" in changes or "seen_version" in changes, model
        assert "page_key" in adds, model
        hidden = [name for _title, options in page.get_fieldsets(request, record) for name in options["fields"]]
        assert "base" in hidden or "seen_version" in changes, model
        for table in page.get_inline_instances(request, record):
            fields = table.get_formset(request, record).form.base_fields
            assert "base" in fields or "seen_version" in changes, table

    assert len(seen) > 8
