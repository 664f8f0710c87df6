"""Sessions that know whose they are: seen and ended by their owner, gone with the account, and cleared when they are over."""

import datetime as dt
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from accounts.daily import clear_sessions
from accounts.models import SignIn
from isic.lib.browsers import name_of
from tests.factories import PASSWORD, UserFactory
from tests.pages import assert_valid_html

pytestmark = [pytest.mark.engine, pytest.mark.django_db]

PAGE = "/compte/sessions/"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 (KHTML, like Gecko) Version/18.0 Safari/604.1"


def elsewhere(client_of, user, agent=IPHONE):
    client = client_of(user)
    client.get("/contact/", headers={"user-agent": agent})
    return client


def is_signed_in(client) -> bool:
    return client.get("/compte/").status_code == 200


# --- Seen and ended -----------------------------------------------------------------------------------------------
def test_page_shows_where_one_is_signed_in_and_nothing_that_opens_it(agent_client, client_of, agent, stranger):
    other = elsewhere(client_of, agent)
    elsewhere(client_of, stranger, "Opera inconnu")

    page = agent_client.get(PAGE, headers={"user-agent": FIREFOX})

    assert_valid_html(page.text)
    assert ("Firefox, Windows" in page.text, "Safari, iPhone" in page.text) == (True, True)
    assert page.text.count("C’est celle-ci") == 1
    assert page.text.count('name="sign_in"') == 1
    for client in (agent_client, other):
        assert client.session.session_key not in page.text


def test_one_session_is_ended(agent_client, client_of, agent):
    phone, tablet = elsewhere(client_of, agent), elsewhere(client_of, agent, FIREFOX)
    handle = SignIn.objects.get(session_key=phone.session.session_key).handle

    answer = agent_client.post(PAGE, {"sign_in": handle}, follow=True)
    again = agent_client.post(PAGE, {"sign_in": handle}, follow=True)

    assert "1\u00a0connexion fermée." in answer.text
    assert "plus rien à fermer" in again.text
    assert [is_signed_in(client) for client in (phone, tablet, agent_client)] == [False, True, True]


def test_all_the_others_are_ended(agent_client, client_of, agent, stranger):
    phone, tablet, foreign = (elsewhere(client_of, one) for one in (agent, agent, stranger))

    agent_client.post(PAGE, {"others": "1"})

    assert [is_signed_in(client) for client in (phone, tablet, foreign, agent_client)] == [False, False, True, True]


def test_session_of_somebody_else_is_out_of_reach(agent_client, client_of, stranger):
    foreign = elsewhere(client_of, stranger)
    handle = SignIn.objects.get(session_key=foreign.session.session_key).handle

    agent_client.post(PAGE, {"sign_in": handle})
    agent_client.post(PAGE, {"sign_in": foreign.session.session_key})

    assert is_signed_in(foreign)


def test_what_opens_nothing_any_more_is_not_shown(agent_client, client_of, agent):
    idle = elsewhere(client_of, agent)
    session = idle.session
    session["seen_at"] -= settings.SESSION_IDLE_SECONDS + 60
    session.save()
    new = "Violon, marmite et 3 nuages"
    elsewhere(client_of, agent, FIREFOX)
    assert len(SignIn.objects.standing_of(agent)) == 1

    agent_client.post("/compte/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    agent.refresh_from_db()

    assert [one.session_key for one in SignIn.objects.standing_of(agent)] == [agent_client.session.session_key]


@pytest.mark.parametrize("number", [1, 3])
def test_page_costs_the_same_whatever_it_shows(number, agent_client, client_of, agent, django_assert_num_queries):
    agent_client.get(PAGE)
    for _ in range(number):
        elsewhere(client_of, agent)

    with django_assert_num_queries(6):
        agent_client.get(PAGE)


# --- Over ---------------------------------------------------------------------------------------------------------
def test_account_that_is_closed_is_signed_out_everywhere(admin_client, client_of, agent):
    phone = elsewhere(client_of, agent)
    sent = {"email": agent.email, "role": agent.role, "memberships-TOTAL_FORMS": "0", "memberships-INITIAL_FORMS": "0"}

    admin_client.post(f"/admin/accounts/user/{agent.pk}/change/", sent)

    agent.refresh_from_db()
    assert not agent.is_active
    assert not agent.sign_ins.exists()
    assert not is_signed_in(phone)


def test_sessions_go_with_their_account(client_of):
    user = UserFactory()
    elsewhere(client_of, user)

    user.delete()

    assert not SignIn.objects.exists()


def test_sessions_that_are_over_are_deleted_by_the_job_of_the_day(client_of, agent):
    over, lasts = elsewhere(client_of, agent), elsewhere(client_of, agent)
    row = SignIn.objects.get(session_key=over.session.session_key)
    row.expire_date = timezone.now() - dt.timedelta(seconds=1)
    row.save()

    clear_sessions.func(timezone.localdate())

    assert [one.session_key for one in SignIn.objects.all()] == [lasts.session.session_key]


# --- Signing out --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("sent", "stores"), [({}, '"cache"'), ({"storage": "clear"}, '"cache", "storage"')])
def test_signing_out_has_the_browser_forget_the_pages(sent, stores, agent_client):
    response = agent_client.post("/compte/logout/", sent)

    assert response["Clear-Site-Data"] == stores
    assert "Clear-Site-Data" not in agent_client.get("/contact/")


# --- Cookies over https -------------------------------------------------------------------------------------------
PROBE = """
import json
from isic import settings
print(json.dumps([settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.ACCEPTED_COOKIE_NAME]))
"""


@pytest.mark.parametrize(("scheme", "prefix"), [("https", "__Host-"), ("http", "")])
def test_cookies_are_those_of_this_host_alone_over_https(scheme, prefix):
    environment = {"PATH": os.environ["PATH"], "SECRET_KEY": "only-for-tests-" * 4}
    environment["SITE_URL"] = f"{scheme}://actions.example.org"
    root = Path(__file__).resolve().parent.parent.parent

    done = subprocess.run([sys.executable, "-c", PROBE], cwd=root, env=environment, capture_output=True, text=True)

    assert json.loads(done.stdout) == [f"{prefix}{name}" for name in ("sessionid", "csrftoken", "enregistre")]


# --- Words --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (FIREFOX, "Firefox, Windows"),
        (IPHONE, "Safari, iPhone"),
        (
            "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537 (KHTML, like Gecko) Chrome/130 Mobile Safari/537",
            "Chrome, Android",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537 (KHTML, like Gecko) Chrome/130 Safari/537 Edg/130",
            "Edge, Windows",
        ),
        ("curl/8", "Navigateur inconnu"),
        ("", "Navigateur inconnu"),
    ],
)
def test_browser_is_told_in_words(user_agent, words):
    assert name_of(user_agent) == words
