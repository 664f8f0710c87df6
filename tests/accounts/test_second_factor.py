"""A role that opens drafts and lists asks for a code of one's phone; without it one reads what anyone reads."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.cache import cache
from django.db import connection
from django.test import override_settings
from django.urls import reverse

from accounts import resets
from tests.factories import PASSWORD, TOTP_SECRET, ActionFactory, UserFactory
from tests.pages import assert_valid_html, first_headings

ACTIVATE, CODES = "/compte/2fa/activate/", "/compte/2fa/recovery-codes/"
AUTHENTICATE, AGAIN = "/compte/2fa/authenticate/", "/compte/2fa/reauthenticate/"
WRONG = "Ce code n’est pas le bon, ou il n’est plus valable."
LIST = reverse("admin:accounts_user_changelist")


@pytest.fixture(autouse=True)
def forget_failures(db):
    cache.clear()


@pytest.fixture
def newcomer(db):
    """A manager who has not activated it yet."""
    return UserFactory(manager=True, second_factor=False)


def code_of(secret: str, steps: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def wrong_code(secret: str) -> str:
    return next(
        code
        for code in ("000000", "000001", "000002", "000003")
        if code not in {code_of(secret, n) for n in (-2, -1, 0, 1, 2)}
    )


def sign_in(client, user, **more):
    return client.post("/compte/login/", {"login": user.email, "password": PASSWORD, **more})


def activate(client) -> str:
    """The secret that the activation page gave, once its code is given back."""
    secret = client.get(ACTIVATE).context["form"].secret
    assert client.post(ACTIVATE, {"code": code_of(secret)})["Location"] == CODES
    return secret


# --- Who owes it --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("fields", "owes"),
    [
        ({}, False),
        ({"manager": True}, True),
        ({"administrator": True}, True),
        ({"manager": True, "is_example": True}, False),
        ({"manager": True, "is_active": False}, False),
    ],
)
@pytest.mark.django_db
def test_second_factor_is_owed_by_roles_that_open_the_administration(fields, owes):
    assert UserFactory(second_factor=False, **fields).owes_second_factor is owes


@pytest.mark.parametrize("target", ["/", "/actions/", "/admin/"])
def test_signing_in_leads_to_the_activation_wherever_one_was_going(client, newcomer, target):
    assert sign_in(client, newcomer, next=target)["Location"] == ACTIVATE


@pytest.mark.parametrize("path", ["/admin/", "/admin/actions/action/", "/admin/actions/action/add/", "/admin/login/"])
def test_administration_leads_to_the_activation(client_of, newcomer, path):
    answer = client_of(newcomer).get(path, follow=True)

    assert ACTIVATE in [step[0] for step in answer.redirect_chain]


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_is_written_before_the_activation(client_of, newcomer, method):
    sheet = ActionFactory(title="Cuisine")

    answer = getattr(client_of(newcomer), method)(reverse("admin:actions_action_change", args=[sheet.pk]))

    sheet.refresh_from_db()
    assert answer.status_code == 403
    assert first_headings(answer.text) == ["Il manque la double authentification"]
    assert (sheet.title, sheet.version) == ("Cuisine", 1)


def test_public_pages_show_what_anyone_reads(client, client_of, newcomer):
    published = ActionFactory(title="Cuisine", published=True)
    draft = ActionFactory(title="Brouillon")
    reader = client_of(newcomer)

    assert reader.get(published.get_absolute_url()).status_code == 200
    assert reader.get(draft.get_absolute_url()).status_code == 404
    assert "Administration" not in reader.get("/").text
    assert reader.get("/compte/login/")["Location"] == ACTIVATE


@pytest.mark.parametrize("path", ["/compte/", "/compte/logout/", "/compte/password/change/"])
def test_own_account_stays_open(client_of, newcomer, path):
    assert client_of(newcomer).get(path).status_code == 200


def test_signing_out_stays_open(client_of, newcomer):
    client = client_of(newcomer)

    assert client.post("/compte/logout/")["Location"] == "/"
    assert client.get("/compte/").status_code == 302


def test_role_given_later_asks_at_once(agent_client, agent):
    assert agent_client.get("/compte/").status_code == 200

    agent.role = agent.Role.MANAGER
    agent.save()

    assert agent_client.get("/admin/")["Location"] == ACTIVATE


def test_demonstration_goes_in_without(client):
    example = UserFactory(manager=True, is_example=True)

    assert sign_in(client, example, next="/admin/")["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_check_costs_no_query_of_its_own(manager_client, agent_client, django_assert_num_queries):
    manager_client.get("/contact/")  # the first visit writes when the session began

    with django_assert_num_queries(2):
        manager_client.get("/contact/")


# --- Activating ---------------------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_activation_right_after_signing_in_gives_recovery_codes(client, newcomer, mailoutbox):
    sign_in(client, newcomer)
    page = client.get(ACTIVATE)

    activate(client)
    codes = client.get(CODES)

    assert first_headings(page.text) == ["Activer la double authentification"]
    assert page.context["form"].secret in page.context["form"].spaced_secret.replace(" ", "")
    assert 'src="data:image/svg+xml;base64,' in page.text
    assert 'autocomplete="one-time-code"' in page.text
    assert 'inputmode="numeric"' in page.text
    assert_valid_html(page.text)
    assert len(codes.context["unused_codes"]) == 10
    assert_valid_html(codes.text)
    assert [mail.subject for mail in mailoutbox] == ["La double authentification est activée"]
    assert client.get("/admin/").status_code == 200


def test_wrong_code_activates_nothing_and_keeps_the_key(client, newcomer):
    sign_in(client, newcomer)
    secret = client.get(ACTIVATE).context["form"].secret

    refused = client.post(ACTIVATE, {"code": wrong_code(secret)})

    assert WRONG in refused.text
    assert "<title>Erreur\u00a0: Activer" in refused.text
    assert refused.context["form"].secret == secret
    assert not Authenticator.objects.exists()


def test_activation_long_after_signing_in_asks_for_the_password(client_of, newcomer):
    client = client_of(newcomer)

    asked = client.get(ACTIVATE)
    again = client.post(asked["Location"], {"password": PASSWORD})

    assert asked["Location"].startswith("/compte/reauthenticate/")
    assert again["Location"] == ACTIVATE
    assert client.get(ACTIVATE).status_code == 200


def test_secrets_rest_encrypted(client, newcomer):
    sign_in(client, newcomer)
    secret = activate(client)
    codes = client.get(CODES).context["unused_codes"]

    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM mfa_authenticator")
        rows = str(cursor.fetchall())
    assert secret not in rows
    assert not [code for code in codes if code in rows]


def test_recovery_codes_are_downloaded_under_a_french_name(client, newcomer):
    sign_in(client, newcomer)
    activate(client)

    file = client.get(f"{CODES}download/")

    assert file["Content-Disposition"] == 'attachment; filename="codes-de-secours.txt"'
    assert len(re.findall(r"^\d{8}$", file.text, re.MULTILINE)) == 10


@pytest.mark.django_db(transaction=True)
def test_new_recovery_codes_replace_the_old(client, newcomer, mailoutbox):
    sign_in(client, newcomer)
    activate(client)
    old = client.get(CODES).context["unused_codes"]

    asked = client.get(f"{CODES}generate/")
    client.post(f"{CODES}generate/")

    assert first_headings(asked.text) == ["Faire de nouveaux codes de secours"]
    assert set(client.get(CODES).context["unused_codes"]).isdisjoint(old)
    assert mailoutbox[-1].subject == "De nouveaux codes de secours"


@pytest.mark.parametrize("path", [CODES, f"{CODES}download/"])
def test_there_are_no_recovery_codes_without_a_second_factor(agent_client, path):
    assert agent_client.get(path).status_code == 404


# --- Signing in with it -------------------------------------------------------------------------------------------
def test_signing_in_takes_the_password_and_a_code(client, manager):
    asked = sign_in(client, manager, next="/admin/")
    page = client.get(AUTHENTICATE)

    assert asked["Location"].startswith(AUTHENTICATE)
    assert first_headings(page.text) == ["Votre code"]
    assert_valid_html(page.text)
    assert client.get("/compte/").status_code == 302  # the password alone opens nothing
    assert client.post(AUTHENTICATE, {"code": code_of(TOTP_SECRET)})["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_forgotten_password_does_not_replace_the_code(client, manager):
    chosen = {"password1": "Violon, marmite et 3 nuages", "password2": "Violon, marmite et 3 nuages"}
    page = client.get(resets.link(manager), follow=True)

    answer = client.post(page.redirect_chain[-1][0], chosen)

    assert answer["Location"].startswith(AUTHENTICATE)
    assert client.get("/compte/").status_code == 302


def test_code_serves_once(client_of, client, manager):
    code = code_of(TOTP_SECRET)
    sign_in(client, manager)
    client.post(AUTHENTICATE, {"code": code})
    thief = type(client)()
    sign_in(thief, manager)

    assert WRONG in thief.post(AUTHENTICATE, {"code": code}).text
    assert thief.get("/compte/").status_code == 302


def test_code_of_the_minute_before_is_too_old(client, manager):
    sign_in(client, manager)

    assert WRONG in client.post(AUTHENTICATE, {"code": code_of(TOTP_SECRET, -3)}).text


def test_recovery_code_serves_once_too(client, newcomer):
    sign_in(client, newcomer)
    activate(client)
    code = client.get(CODES).context["unused_codes"][0]
    client.post("/compte/logout/")

    sign_in(client, newcomer)
    assert client.post(AUTHENTICATE, {"code": code}).status_code == 302
    assert len(client.get(CODES).context["unused_codes"]) == 9
    client.post("/compte/logout/")
    sign_in(client, newcomer)
    assert WRONG in client.post(AUTHENTICATE, {"code": code}).text


def test_codes_are_throttled_even_the_right_one(client, manager):
    sign_in(client, manager)
    wrong = wrong_code(TOTP_SECRET)

    for _ in range(5):
        assert WRONG in client.post(AUTHENTICATE, {"code": wrong}).text

    assert "Trop d’essais manqués" in client.post(AUTHENTICATE, {"code": code_of(TOTP_SECRET)}).text
    assert client.get("/compte/").status_code == 302


@pytest.mark.parametrize("method", ["get", "post"])
def test_code_without_a_password_first_leads_to_the_sign_in(client, manager, method):
    assert getattr(client, method)(AUTHENTICATE, {"code": code_of(TOTP_SECRET)})["Location"] == "/compte/login/"


@pytest.mark.parametrize("code", ["", "abc", "9" * 5000, "é" * 6, "١٢٣٤٥٦"])
def test_code_that_is_none_is_refused_in_french(client, manager, code):
    sign_in(client, manager)

    answer = client.post(AUTHENTICATE, {"code": code})

    assert answer.status_code == 200
    assert WRONG in answer.text or "Ce champ est obligatoire." in answer.text


def test_another_secret_key_refuses_codes_and_breaks_nothing(client, manager):
    with override_settings(SECRET_KEY="another" * 10):
        sign_in(client, manager)

        assert WRONG in client.post(AUTHENTICATE, {"code": code_of(TOTP_SECRET)}).text


# --- Another phone, or none ---------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_phone_is_replaced_by_whoever_has_the_old_one(client_of, manager, mailoutbox):
    client = client_of(manager)

    asked = client.get(ACTIVATE)
    refused = client.get(f"/compte/reauthenticate/?next={ACTIVATE}")
    client.post(asked["Location"], {"code": code_of(TOTP_SECRET)})
    page = client.get(ACTIVATE)
    secret = activate(client)

    assert asked["Location"].startswith(AGAIN)
    assert refused["Location"].startswith(AGAIN)  # the password would not do
    assert first_headings(page.text) == ["Changer de téléphone"]
    assert Authenticator.objects.filter(user=manager, type="totp").count() == 1
    client.post("/compte/logout/")
    cache.clear()
    sign_in(client, manager)
    assert WRONG in client.post(AUTHENTICATE, {"code": code_of(TOTP_SECRET)}).text
    assert client.post(AUTHENTICATE, {"code": code_of(secret)}).status_code == 302


def test_old_phone_works_until_the_new_one_has_given_its_code(client_of, manager):
    client = client_of(manager)
    client.post(client.get(ACTIVATE)["Location"], {"code": code_of(TOTP_SECRET)})
    secret = client.get(ACTIVATE).context["form"].secret

    client.post(ACTIVATE, {"code": wrong_code(secret)})

    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize(
    "path", ["/compte/2fa/", "/compte/2fa/totp/deactivate/", "/compte/2fa/deactivate/", "/compte/2fa/trust/"]
)
def test_nobody_takes_it_off(manager_client, path):
    assert manager_client.post(path).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_administrator_resets_it_and_the_person_is_told(admin_client, client_of, manager, agent, mailoutbox):
    chosen = {"action": "reset_second_factor", ACTION_CHECKBOX_NAME: [manager.pk, agent.pk]}

    page = admin_client.post(LIST, chosen, follow=True)

    assert [str(message) for message in page.context["messages"]] == [
        f"{agent.email} n’a pas de double authentification.",
        f"La double authentification de {manager.email} est à activer de nouveau\u00a0; un e-mail le lui dit.",
    ]
    assert [(mail.to, mail.subject) for mail in mailoutbox] == [
        ([manager.email], "Votre double authentification est réinitialisée")
    ]
    assert client_of(manager).get("/admin/")["Location"] == ACTIVATE


def test_manager_resets_nobody(manager_client, admin_user):
    chosen = {"action": "reset_second_factor", ACTION_CHECKBOX_NAME: [admin_user.pk]}

    assert manager_client.post(LIST, chosen).status_code == 403
    assert Authenticator.objects.filter(user=admin_user).exists()


def test_list_of_accounts_says_who_has_it(admin_client, newcomer):
    UserFactory()

    column = set(re.findall(r'field-second_factor">([^<]+)<', admin_client.get(LIST).text))

    assert column == {"activée", "à activer", "non demandée"}
