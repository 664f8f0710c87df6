"""What a form takes beyond its fields: nothing. (Who gets what, by which method, is `test_access.py`.)"""

import datetime as dt

import pytest
from django.urls import reverse

from accounts.models import User
from tests.actions.test_admin import change_url, filled
from tests.factories import PASSWORD, ActionFactory, ContactFactory, MediaFactory, SynonymFactory, UserFactory

pytestmark = [pytest.mark.engine, pytest.mark.django_db]

OUTSIDERS = ["client", "agent_client", "stranger_client"]
MADE = {
    "actions_action": ActionFactory,
    "accounts_user": UserFactory,
    "partners_contact": ContactFactory,
    "catalogue_synonym": SynonymFactory,
}


@pytest.mark.parametrize("reader", OUTSIDERS)
@pytest.mark.parametrize("name", MADE)
def test_administration_takes_no_form_of_contributors(name, reader, request):
    row = MADE[name]()
    before = type(row).objects.values().get(pk=row.pk)
    addresses = [reverse(f"admin:{name}_{page}") for page in ("changelist", "add")]
    addresses += [reverse(f"admin:{name}_{page}", args=[row.pk]) for page in ("change", "history", "delete")]
    client = request.getfixturevalue(reader)
    typed = {
        "post": "yes",
        "action": "delete_selected",
        "_selected_action": row.pk,
        "title": "X",
        "role": "administrator",
    }

    answers = [getattr(client, method)(path, typed) for path in addresses for method in ("get", "head", "post")]

    assert {answer.status_code for answer in answers} == {302}
    assert {answer["Location"].partition("?")[0] for answer in answers} <= {"/admin/login/", "/compte/login/"}
    assert type(row).objects.values().get(pk=row.pk) == before


def test_form_of_a_sheet_takes_its_fields_only(manager_client, manager, agent):
    sheet = ActionFactory(title="Cuisine")
    more = {
        "id": "999999",
        "pk": "999999",
        "version": "40",
        "editorial_state": "published",
        "editorial_reason": "Parce que",
        "published_at_0": "01/01/2020",
        "published_at": "2020-01-01",
        "published_by": agent.pk,
        "created_by": agent.pk,
        "created_at": "2020-01-01",
        "updated_at": "2020-01-01",
        "sort_key": "aaa",
    }
    kept = ("id", "editorial_state", "editorial_reason", "published_at", "published_by", "created_by", "created_at")
    before = {name: getattr(sheet, name) for name in kept}

    manager_client.post(change_url(sheet), filled(manager_client, change_url(sheet), title="Jardin", **more))

    sheet.refresh_from_db()
    assert (sheet.title, sheet.version, sheet.sort_key) == ("Jardin", 2, "jardin")
    assert {name: getattr(sheet, name) for name in kept} == before
    assert sheet.updated_at.date() > dt.date(2020, 1, 1)


def test_rows_of_another_sheet_are_not_taken(manager_client):
    """A forged key of a row neither moves it nor shows it."""
    photo = MediaFactory(title="Le film d’ailleurs")
    sheet = ActionFactory()
    typed = {
        "media-TOTAL_FORMS": "1",
        "media-INITIAL_FORMS": "1",
        "media-0-id": photo.pk,
        "media-0-action": sheet.pk,
        "media-0-kind": "link",
        "media-0-title": "Volé",
        "media-0-url": "https://example.org/",
        "media-0-position": "0",
    }

    response = manager_client.post(change_url(sheet), filled(manager_client, change_url(sheet)) | typed)

    photo.refresh_from_db()
    assert photo.title == "Le film d’ailleurs"
    assert photo.action != sheet
    assert response.status_code == 200
    assert "Le film d’ailleurs" not in response.text


def test_nobody_raises_his_own_role(agent_client, agent, client):
    more = {"role": "administrator", "is_staff": "1", "is_superuser": "1", "is_active": "1"}

    agent_client.post(
        "/compte/password/change/",
        {
            "oldpassword": PASSWORD,
            "password1": "Quatre mots bien longs, 1 chiffre",
            "password2": "Quatre mots bien longs, 1 chiffre",
            **more,
        },
    )
    client.post("/compte/login/", {"login": agent.email, "password": "Quatre mots bien longs, 1 chiffre", **more})

    agent.refresh_from_db()
    assert agent.check_password("Quatre mots bien longs, 1 chiffre")
    assert agent.role == User.Role.CONTRIBUTOR


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "/\\evil.example",
        "https:evil.example",
        "javascript:alert(1)",
        "\thttps://evil.example",
        "///evil.example",
    ],
)
@pytest.mark.parametrize("path", ["/compte/login/", "/compte/logout/", "/admin/login/"])
def test_no_address_leads_to_another_site(path, target, client, agent, agent_client):
    typed = {"login": agent.email, "password": PASSWORD, "next": target}
    answers = [client.post(f"{path}?next={target}", typed), agent_client.post(f"{path}?next={target}", typed)]
    answers += [client.get(path, {"next": target}), agent_client.get(path, {"next": target})]

    for answer in answers:
        assert answer.get("Location", "/").startswith("/")
        assert not answer.get("Location", "/").startswith(("//", "/\\"))
        assert 'href="javascript:' not in answer.text
