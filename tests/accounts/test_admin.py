"""Accounts are made, given a role and deactivated by the administrators; nobody locks the door behind himself."""

from django.urls import reverse

from accounts.models import User
from territories.models import Membership
from tests.factories import TerritoryFactory, UserFactory

ADD = reverse("admin:accounts_user_add")
ROWS = {"memberships-TOTAL_FORMS": 0, "memberships-INITIAL_FORMS": 0}
PERSON = {"email": "Camille@Example.org", "full_name": "Camille Exemple", "role": "contributor"} | ROWS


def change_url(user) -> str:
    return reverse("admin:accounts_user_change", args=[user.pk])


def test_account_without_password_is_made_and_its_owner_chooses_one(admin_client):
    admin_client.post(ADD, PERSON | {"usable_password": "false"})

    user = User.objects.get(full_name="Camille Exemple")
    assert (user.email, user.role, user.has_usable_password()) == ("camille@example.org", "contributor", False)


def test_account_is_made_with_a_password(admin_client):
    password = "un long mot de passe"
    admin_client.post(ADD, PERSON | {"usable_password": "true", "password1": password, "password2": password})

    assert User.objects.get(full_name="Camille Exemple").check_password(password)


def test_address_of_another_account_is_refused_whatever_its_case(admin_client):
    UserFactory(email="camille@example.org")

    page = admin_client.post(ADD, PERSON | {"usable_password": "false"})

    assert page.context["adminform"].form.errors["email"] == ["Un compte existe déjà avec cette adresse e-mail."]


def test_form_says_what_each_role_allows(admin_client):
    roles = [str(label) for _, label in admin_client.get(ADD).context["adminform"].form.fields["role"].choices]

    assert roles == [f"{role.label.capitalize()} – {User.ROLE_HELP[role]}" for role in User.Role]


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
        ]

    assert rows(unit) == [[agent]]
    assert rows(TerritoryFactory()) == []


def test_account_is_deactivated_and_never_deleted(admin_client):
    user = UserFactory()

    admin_client.post(change_url(user), PERSON)
    refused = admin_client.post(reverse("admin:accounts_user_delete", args=[user.pk]), {"post": "yes"})

    user.refresh_from_db()
    assert (user.is_active, refused.status_code) == (False, 403)


def test_administrator_keeps_his_own_role_and_account(admin_client, admin_user):
    admin_client.post(change_url(admin_user), PERSON | {"email": admin_user.email})

    admin_user.refresh_from_db()
    assert (admin_user.full_name, admin_user.role, admin_user.is_active) == ("Camille Exemple", "administrator", True)


def test_password_is_changed_by_an_administrator(admin_client):
    user = UserFactory()
    password = "encore un long mot de passe"
    url = reverse("admin:auth_user_password_change", args=[user.pk])

    admin_client.post(url, {"usable_password": "true", "password1": password, "password2": password})

    user.refresh_from_db()
    assert user.check_password(password)


def test_own_password_is_changed_on_the_page_of_the_house(manager_client):
    assert manager_client.get(reverse("admin:password_change")).url == reverse("account_change_password")


def test_leaving_the_admin_signs_out(manager_client):
    answer = manager_client.post(reverse("admin:logout"))

    assert (answer.status_code, answer.url) == (302, "/")
    assert manager_client.get("/admin/").status_code == 302
