"""Accounts are made, given a role and deactivated by the administrators; nobody locks the door behind himself."""

import re

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.urls import reverse

from accounts.models import User
from territories.models import Membership
from tests.factories import ActionFactory, TerritoryFactory, UserFactory

ADD = reverse("admin:accounts_user_add")
LIST = reverse("admin:accounts_user_changelist")
ROWS = {"memberships-TOTAL_FORMS": 0, "memberships-INITIAL_FORMS": 0}
PERSON = {"email": "Camille@Example.org", "full_name": "Camille Exemple", "role": "contributor"} | ROWS


def change_url(user) -> str:
    return reverse("admin:accounts_user_change", args=[user.pk])


def test_address_of_another_account_is_refused_whatever_its_case(admin_client):
    UserFactory(email="camille@example.org")

    page = admin_client.post(ADD, PERSON)

    assert page.context["adminform"].form.errors["email"] == ["Un compte existe déjà avec cette adresse e-mail."]


def test_form_says_what_each_role_allows(admin_client):
    roles = [str(label) for _, label in admin_client.get(ADD).context["adminform"].form.fields["role"].choices]

    assert roles == [f"{role.label.capitalize()} – {User.ROLE_HELP[role].summary}" for role in User.Role]


def test_person_joins_a_unit_on_the_page_of_the_account(admin_client, unit):
    user = UserFactory()
    row = {"memberships-TOTAL_FORMS": 1, "memberships-0-territory": unit.pk, "memberships-0-role": "agent"}

    admin_client.post(change_url(user), PERSON | row | {"is_active": "on", "memberships-0-user": user.pk})

    assert [(m.user, m.territory) for m in Membership.objects.all()] == [(user, unit)]


def test_unit_shows_its_members_and_a_commune_has_none(manager_client, agent, unit):
    def rows(territory):
        page = manager_client.get(reverse("admin:territories_territory_change", args=[territory.pk]))
        return [
            [form.instance.user for form in inline.formset.initial_forms]
            for inline in page.context["inline_admin_formsets"]
            if inline.opts.model is Membership
        ]

    assert rows(unit) == [[agent]]
    assert rows(TerritoryFactory()) == []


def test_account_is_deactivated_which_ends_its_sessions_and_keeps_its_sheets(admin_client, client_of):
    user = UserFactory()
    sheet = ActionFactory(created_by=user)
    theirs = client_of(user)
    assert theirs.get("/compte/").status_code == 200

    admin_client.post(change_url(user), PERSON)

    user.refresh_from_db()
    sheet.refresh_from_db()
    assert (user.is_active, user.state, sheet.created_by) == (False, "fermé", user)
    assert theirs.get("/compte/").status_code == 302


def test_account_is_never_deleted_alone_or_in_bulk(admin_client):
    user = UserFactory()
    every = {"action": "delete_selected", ACTION_CHECKBOX_NAME: [user.pk], "post": "yes"}

    admin_client.post(LIST, every)
    refused = admin_client.post(reverse("admin:accounts_user_delete", args=[user.pk]), {"post": "yes"})

    assert refused.status_code == 403
    assert User.objects.filter(pk=user.pk).exists()
    assert "delete_selected" not in admin_client.get(LIST).text


@pytest.mark.django_db(transaction=True)
def test_page_of_an_account_offers_what_it_lacks(admin_client, mailoutbox):
    waiting = UserFactory(password=None)
    protected = UserFactory(manager=True)
    settled = UserFactory()

    def offered(user):
        return re.findall(r'name="CHANGE_FORM-action" value="(\w+)"', admin_client.get(change_url(user)).text)

    assert [offered(user) for user in (waiting, protected, settled)] == [["invite_again"], ["reset_second_factor"], []]
    for user in (waiting, protected):
        pressed = {"CHANGE_FORM-action": offered(user)[0], ACTION_CHECKBOX_NAME: [user.pk]}
        assert admin_client.post(change_url(user), pressed).status_code == 302
    assert [mail.to for mail in mailoutbox] == [[waiting.email], [protected.email]]
    assert offered(protected) == []


def test_administrator_keeps_his_own_role_and_account(admin_client, admin_user):
    admin_client.post(change_url(admin_user), PERSON | {"email": admin_user.email})

    admin_user.refresh_from_db()
    assert (admin_user.full_name, admin_user.role, admin_user.is_active) == ("Camille Exemple", "administrator", True)


@pytest.mark.django_db(transaction=True)
@pytest.mark.engine
def test_password_is_changed_by_an_administrator_and_its_owner_is_told(admin_client, mailoutbox):
    user = UserFactory()
    password = "Encore un long mot de passe"
    url = reverse("admin:auth_user_password_change", args=[user.pk])

    admin_client.post(url, {"usable_password": "true", "password1": password, "password2": password})

    user.refresh_from_db()
    assert user.check_password(password)
    assert [(mail.to, mail.subject) for mail in mailoutbox] == [([user.email], "Votre mot de passe a changé")]


def test_own_password_is_changed_on_the_page_of_the_house(manager_client):
    assert manager_client.get(reverse("admin:password_change")).url == reverse("account_change_password")


def test_leaving_the_admin_signs_out(manager_client):
    answer = manager_client.post(reverse("admin:logout"))

    assert (answer.status_code, answer.url) == (302, "/")
    assert manager_client.get("/admin/").status_code == 302
