import pytest
from django.core.exceptions import ValidationError

from accounts.models import User
from tests.factories import UserFactory

pytestmark = [pytest.mark.engine, pytest.mark.django_db]


def test_user_is_created_with_a_lower_case_address_and_a_usable_password():
    user = User.objects.create_user("Agent@Example.ORG", "douze caractères")

    assert user.email == "agent@example.org"
    assert user.check_password("douze caractères")
    assert user.role == User.Role.CONTRIBUTOR


def test_superuser_is_an_administrator():
    user = User.objects.create_superuser("admin@example.org", "douze caractères")

    assert (user.role, user.is_superuser, user.is_staff) == (User.Role.ADMINISTRATOR, True, True)


def test_user_is_found_whatever_the_case_of_the_address():
    user = UserFactory(email="agent@example.org")

    assert User.objects.get_by_natural_key("AGENT@example.org") == user


def test_user_refuses_a_second_account_with_the_same_address_in_another_case():
    UserFactory(email="agent@example.org")
    twin = User(email="AGENT@example.org", password="x")

    with pytest.raises(ValidationError) as refusal:
        twin.full_clean()

    assert refusal.value.messages == ["Un compte existe déjà avec cette adresse e-mail."]


@pytest.mark.parametrize(
    ("role", "is_active", "manager", "superuser"),
    [
        (User.Role.CONTRIBUTOR, True, False, False),
        (User.Role.MANAGER, True, True, False),
        (User.Role.ADMINISTRATOR, True, True, True),
        (User.Role.MANAGER, False, False, False),
        (User.Role.ADMINISTRATOR, False, False, False),
    ],
)
def test_role_opens_the_doors_of_an_active_account_only(role, is_active, manager, superuser):
    user = User(email="x@example.org", role=role, is_active=is_active)

    assert (user.is_manager, user.is_staff, user.is_superuser) == (manager, manager, superuser)


@pytest.mark.parametrize(
    ("role", "opened"),
    [
        (User.Role.CONTRIBUTOR, []),
        (User.Role.MANAGER, ["actions", "catalogue", "partners", "territories"]),
        (User.Role.ADMINISTRATOR, ["accounts", "actions", "catalogue", "partners", "territories"]),
    ],
)
def test_role_opens_rooms_of_the_admin(role, opened):
    user = User(email="x@example.org", role=role)
    rooms = ["accounts", "actions", "catalogue", "partners", "territories"]

    assert [room for room in rooms if user.has_module_perms(room)] == opened
    assert [room for room in rooms if user.has_perms([f"{room}.change_thing", f"{room}.view_thing"])] == opened


@pytest.mark.parametrize("role", User.Role)
def test_role_is_told_in_plain_words(role):
    rights = User(role=role).role_help

    assert rights.summary.endswith(".")
    assert [line for line in (*rights.allows, *rights.leaves) if not line.endswith(".")] == []
    assert rights.allows
    assert rights.leaves


def test_user_goes_by_the_name_or_else_by_the_address():
    named = User(email="a@example.org", full_name="Camille Exemple")
    unnamed = User(email="a@example.org")

    assert (str(named), named.get_short_name()) == ("Camille Exemple", "Camille Exemple")
    assert (str(unnamed), unnamed.get_short_name()) == ("a@example.org", "a")
