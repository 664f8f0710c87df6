"""Signing in and out, and one's password."""

import re
import time

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.db import connection
from django.test import override_settings

from accounts.models import User
from accounts.passwords import WEAK
from tests.factories import PASSWORD, MembershipFactory, UserFactory
from tests.pages import assert_valid_html, first_headings

NEW_PASSWORD = "Violon, marmite et 3 nuages"
WRONG = "L’adresse e-mail ou le mot de passe n’est pas le bon."
TOO_MANY = "Trop d’essais manqués pour ce compte."


@pytest.fixture(autouse=True)
def forget_failures(db):
    cache.clear()


def sign_in(client, email, password=PASSWORD, **extra):
    return client.post("/compte/login/", {"login": email, "password": password}, **extra)


def is_signed_in(client) -> bool:
    return client.get("/compte/").status_code == 200


# --- Every page ---------------------------------------------------------------------------------------------------
OPEN_PAGES = {
    "/compte/login/": "Se connecter",
    "/compte/signup/": "Obtenir un compte",
    "/compte/inactive/": "Ce compte est fermé",
    "/compte/password/reset/": "Mot de passe oublié",
    "/compte/password/reset/done/": "Regardez vos e-mails",
    "/compte/password/reset/key/done/": "Votre mot de passe est enregistré",
    "/compte/password/reset/key/1-wrong/": "Ce lien n’est plus valable",
}
OWN_PAGES = {
    "/compte/": "Mon compte",
    "/compte/logout/": "Se déconnecter ?",
    "/compte/password/change/": "Changer de mot de passe",
}


@pytest.mark.parametrize(("path", "heading"), OPEN_PAGES.items())
def test_page_before_signing_in_is_french_and_valid(client, path, heading):
    response = client.get(path)

    assert response.status_code == 200
    assert first_headings(response.text) == [heading]
    assert_valid_html(response.text)


@pytest.mark.parametrize(("path", "heading"), OWN_PAGES.items())
def test_page_of_ones_own_account_is_french_and_valid(agent_client, path, heading):
    response = agent_client.get(path)

    assert response.status_code == 200
    assert first_headings(response.text) == [heading]
    assert_valid_html(response.text)


@pytest.mark.parametrize("path", ["/compte/", "/compte/password/change/", "/compte/password/set/"])
def test_page_of_ones_own_account_asks_strangers_to_sign_in(client, path):
    assert client.get(path)["Location"] == f"/compte/login/?next={path}"


@pytest.mark.parametrize("path", ["email/", "confirm-email/", "login/code/confirm/", "2fa/", "2fa/webauthn/"])
def test_unused_pages_of_the_library_are_closed(agent_client, path):
    assert agent_client.get(f"/compte/{path}").status_code == 404


def test_account_cannot_be_opened_by_oneself(client, django_user_model):
    client.post("/compte/signup/", {"email": "moi@example.org", "password1": NEW_PASSWORD, "password2": NEW_PASSWORD})

    assert not django_user_model.objects.exists()


def test_account_page_says_who_one_is_and_what_one_may_do(agent_client, agent):
    MembershipFactory(user=agent, territory__name="MDS du Bourg", role="head")

    text = agent_client.get("/compte/").text

    assert "agent@example.org" in text
    assert re.findall(r"(MDS du \w+)</a>, comme ([\w’ ]+\w)", text) == [
        ("MDS du Bourg", "responsable d’unité"),
        ("MDS du Lac", "agent"),
    ]
    assert [line for line in (*agent.role_help.allows, *agent.role_help.leaves) if line not in text] == []
    assert [rights.summary for rights in User.ROLE_HELP.values() if rights.summary not in text] == []


def test_account_page_takes_the_same_queries_with_one_unit_or_three(agent_client, agent, django_assert_num_queries):
    agent_client.get("/compte/")  # the first visit writes when the session began

    with django_assert_num_queries(3):
        agent_client.get("/compte/")
    MembershipFactory.create_batch(2, user=agent)
    with django_assert_num_queries(3):
        agent_client.get("/compte/")


# --- Signing in and out -------------------------------------------------------------------------------------------
def test_signing_in_opens_a_new_session_and_leads_to_ones_desk(client, agent):
    client.get("/compte/login/")

    response = sign_in(client, "Agent@Example.org")

    assert response["Location"] == "/mes-actions/"
    assert is_signed_in(client)
    assert client.cookies["sessionid"]["httponly"]
    assert client.cookies["sessionid"]["samesite"] == "Lax"
    assert not client.cookies["sessionid"]["max-age"]  # ends with the browser


def test_signing_in_changes_the_key_of_the_session(client, agent):
    session = client.session
    session["anonymous"] = True
    session.save()

    sign_in(client, agent.email)

    assert client.session.session_key != session.session_key


def test_signing_in_leads_where_one_was_going(client, agent):
    page = client.get("/compte/login/?next=/compte/").text

    response = client.post("/compte/login/", {"login": agent.email, "password": PASSWORD, "next": "/compte/"})

    assert '<input type="hidden" name="next" value="/compte/">' in page
    assert response["Location"] == "/compte/"


@pytest.mark.parametrize(
    "target", ["//evil.example.org", "https://evil.example.org", "/\\evil.example.org", "javascript:alert(1)"]
)
def test_signing_in_leads_to_no_other_site(client, agent, target):
    response = client.post("/compte/login/", {"login": agent.email, "password": PASSWORD, "next": target})

    assert response["Location"] == "/mes-actions/"


def test_signing_in_makes_no_copy_of_the_address(client, agent):
    """It would go on opening the account after an administrator changed the address."""
    sign_in(client, agent.email)
    client.post("/compte/password/reset/", {"email": agent.email})

    assert not EmailAddress.objects.exists()


@pytest.mark.parametrize("email", ["agent@example.org", "inconnu@example.org"])
def test_refusal_does_not_tell_whether_the_account_exists(client, agent, email):
    response = sign_in(client, email, "faux")

    assert WRONG in response.text.replace("&#x27;", "’")
    assert "<title>Erreur : Se connecter" in response.text


def test_closed_account_does_not_sign_in(client):
    closed = UserFactory(is_active=False)

    assert sign_in(client, closed.email)["Location"] == "/compte/inactive/"
    assert not is_signed_in(client)


def test_closing_an_account_ends_its_sessions(agent_client, agent):
    agent.is_active = False
    agent.save()

    assert not is_signed_in(agent_client)


def test_signing_out_takes_a_click(agent_client):
    agent_client.get("/compte/logout/")
    assert is_signed_in(agent_client)

    assert agent_client.post("/compte/logout/")["Location"] == "/"
    assert not is_signed_in(agent_client)


def test_administration_signs_in_at_the_same_door(client):
    assert client.get("/admin/login/?next=/admin/")["Location"] == "/compte/login/?next=%2Fadmin%2F"
    assert client.post("/admin/login/", {"username": "a", "password": "b"}).status_code == 302


# --- Too many failures --------------------------------------------------------------------------------------------
def test_five_failures_close_the_door_even_to_the_right_password(client, agent):
    for _ in range(5):
        assert WRONG in sign_in(client, agent.email, "faux").text

    assert TOO_MANY in sign_in(client, agent.email).text
    assert not is_signed_in(client)


def test_failures_of_one_account_leave_colleagues_of_the_same_address_alone(client, agent, colleague):
    for _ in range(6):
        sign_in(client, agent.email, "faux")

    assert sign_in(client, colleague.email).status_code == 302


def test_failures_elsewhere_leave_the_account_open_here(client, agent):
    for _ in range(6):
        sign_in(client, agent.email, "faux", REMOTE_ADDR="127.0.0.9")

    assert sign_in(client, agent.email).status_code == 302


def test_failures_count_for_all_processes():
    cache.set("probe", 1)

    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM throttle")
        assert cursor.fetchone() == (1,)


# --- Password -----------------------------------------------------------------------------------------------------
def ask_for_a_link(client, mailoutbox, email) -> str:
    client.post("/compte/password/reset/", {"email": email})
    return re.search(r"https?://\S+", mailoutbox[-1].body)[0]


@pytest.mark.django_db(transaction=True)
def test_forgotten_password_is_chosen_anew_by_a_link(client, agent, mailoutbox):
    link = ask_for_a_link(client, mailoutbox, agent.email)
    page = client.get(link, follow=True)
    path = page.redirect_chain[-1][0]

    response = client.post(path, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}, follow=True)

    agent.refresh_from_db()
    assert agent.check_password(NEW_PASSWORD)
    assert "Votre mot de passe est changé." in response.text
    assert is_signed_in(client)
    assert first_headings(client.get(link).text) == ["Ce lien n’est plus valable"]


@pytest.mark.django_db(transaction=True)
def test_link_is_on_the_configured_address(client, agent, mailoutbox, settings):
    settings.ALLOWED_HOSTS = ["autre.example.org"]

    client.post("/compte/password/reset/", {"email": agent.email}, headers={"host": "autre.example.org"})

    assert f"{settings.SITE_URL}/compte/password/reset/key/" in mailoutbox[0].body
    assert "autre.example.org" not in mailoutbox[0].body


@pytest.mark.django_db(transaction=True)
def test_mail_is_french_and_signed_by_the_service(client, agent, mailoutbox, settings):
    client.post("/compte/password/reset/", {"email": agent.email})

    assert mailoutbox[0].subject == "Choisir un nouveau mot de passe"
    assert mailoutbox[0].to == [agent.email]
    assert mailoutbox[0].body.startswith("Bonjour,\n\nVous avez demandé à choisir un mot de passe")
    assert settings.SERVICE_NAME in mailoutbox[0].body


@pytest.mark.django_db(transaction=True)
def test_unknown_address_gets_the_same_page_and_a_mail_that_says_so(client, agent, mailoutbox):
    answer_to_known = client.post("/compte/password/reset/", {"email": agent.email}, follow=True)
    unknown = client.post("/compte/password/reset/", {"email": "inconnu@example.org"}, follow=True)

    assert answer_to_known.text == unknown.text
    assert mailoutbox[1].to == ["inconnu@example.org"]
    assert "Aucun compte n’est ouvert avec elle." in mailoutbox[1].body


@pytest.mark.django_db(transaction=True)
def test_links_are_not_sent_without_end(client, agent, mailoutbox):
    answers = [client.post("/compte/password/reset/", {"email": agent.email}) for _ in range(4)]

    assert [answer.status_code for answer in answers] == [302, 302, 302, 429]
    assert first_headings(answers[-1].text) == ["Trop d’essais en peu de temps"]
    assert len(mailoutbox) == 3


def test_changing_ones_password_ends_the_other_sessions(client_of, agent):
    here, elsewhere = client_of(agent), client_of(agent)

    response = here.post(
        "/compte/password/change/",
        {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD},
    )

    assert response["Location"] == "/compte/"
    assert is_signed_in(here)
    assert not is_signed_in(elsewhere)


@pytest.mark.parametrize(
    ("old", "new", "again", "sentence"),
    [
        ("faux", NEW_PASSWORD, NEW_PASSWORD, "Le mot de passe actuel n’est pas le bon."),
        (PASSWORD, NEW_PASSWORD, "autre chose", "Vous devez saisir deux fois le même mot de passe."),
        (PASSWORD, "court", "court", WEAK),
        (PASSWORD, "qwerty123456", "qwerty123456", "Ce mot de passe est trop courant."),
    ],
)
def test_poor_password_is_refused_in_french(agent_client, agent, old, new, again, sentence):
    response = agent_client.post("/compte/password/change/", {"oldpassword": old, "password1": new, "password2": again})

    agent.refresh_from_db()
    assert sentence in response.text
    assert agent.check_password(PASSWORD)


# --- How long a session lasts -------------------------------------------------------------------------------------
def age(client, **moments) -> None:
    """Make the session older, by seconds."""
    client.get("/compte/")
    session = client.session
    for name, seconds in moments.items():
        session[name] = int(time.time()) - seconds
    session.save()


@pytest.mark.parametrize(
    ("moments", "lasts"),
    [
        ({"seen_at": 2 * 3600 - 60}, True),
        ({"seen_at": 2 * 3600 + 60}, False),
        ({"started_at": 12 * 3600 - 60}, True),
        ({"started_at": 12 * 3600 + 60}, False),
    ],
)
def test_session_ends_when_unused_and_after_a_day_of_work(agent_client, moments, lasts):
    age(agent_client, **moments)

    assert is_signed_in(agent_client) is lasts


@pytest.mark.parametrize("role", ["manager", "admin"])
@pytest.mark.parametrize(("minutes", "lasts"), [(29, True), (31, False)])
def test_session_of_who_reads_drafts_and_keeps_lists_ends_sooner(role, minutes, lasts, request):
    client = request.getfixturevalue(f"{role}_client")
    age(client, seen_at=minutes * 60)

    assert is_signed_in(client) is lasts


def test_session_that_is_used_goes_on(agent_client):
    age(agent_client, seen_at=3600)

    agent_client.get("/contact/")

    assert agent_client.session["seen_at"] > time.time() - 60


@pytest.mark.django_db(transaction=True)
@override_settings(SITE_URL="https://actions.example.org")
def test_link_is_https_where_the_site_is(client, agent, mailoutbox):
    assert ask_for_a_link(client, mailoutbox, agent.email).startswith("https://actions.example.org/compte/")
