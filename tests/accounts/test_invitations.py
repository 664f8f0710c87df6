"""From the administrator's form to the first page of the new account."""

import datetime as dt
import re
from unittest import mock

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.cache import cache
from django.urls import reverse

from accounts import resets
from accounts.invitations import Tokens, find, invite, link, tokens
from accounts.models import User
from tests.factories import UserFactory
from tests.pages import assert_valid_html, first_headings

ADD = reverse("admin:accounts_user_add")
LIST = reverse("admin:accounts_user_changelist")
PERSON = {
    "email": "Camille@Example.org",
    "full_name": "Camille Exemple",
    "role": "contributor",
    "memberships-TOTAL_FORMS": 0,
    "memberships-INITIAL_FORMS": 0,
}
CHOSEN = {"password1": "Violon, marmite et 3 nuages", "password2": "Violon, marmite et 3 nuages"}


@pytest.fixture(autouse=True)
def forget_failures(db):
    cache.clear()


@pytest.fixture
def invited():
    return UserFactory(email="camille@example.org", password=None)


def path_of(user) -> str:
    return re.sub("https?://[^/]+", "", link(user))


@pytest.mark.django_db(transaction=True)
def test_new_account_is_invited_by_a_mail_that_says_nothing_of_the_person(admin_client, mailoutbox, settings):
    admin_client.post(ADD, PERSON)

    user = User.objects.get(full_name="Camille Exemple")
    (mail,) = mailoutbox
    assert (user.email, user.has_usable_password(), user.state[:10]) == ("camille@example.org", False, "invité le ")
    assert (mail.to, mail.subject) == ([user.email], "Votre compte est ouvert sur «\u00a0Actions collectives\u00a0»")
    assert f"\n{settings.SITE_URL}/compte/invitation/" in mail.body
    assert "Camille" not in mail.body


@pytest.mark.django_db(transaction=True)
def test_invitation_chooses_a_password_and_signs_in(client, invited, mailoutbox):
    invite(invited)
    path = re.search(r"https?://[^/]+(/\S+)", mailoutbox[0].body)[1]

    page = client.get(path)
    answer = client.post(path, CHOSEN)

    invited.refresh_from_db()
    assert first_headings(page.text) == ["Bienvenue"]
    assert invited.email in page.text
    assert_valid_html(page.text)
    assert answer["Location"] == "/mes-actions/"
    assert invited.check_password(CHOSEN["password1"])
    assert client.get("/compte/").context["user"] == invited
    assert invited.state == "ouvert"


@pytest.mark.parametrize("method", ["get", "head"])
def test_reading_the_invitation_writes_nothing(client, invited, method):
    before = User.objects.values().get()

    assert getattr(client, method)(path_of(invited)).status_code == 200
    assert User.objects.values().get() == before


def test_poor_password_is_refused_and_the_link_still_works(client, invited):
    refused = client.post(path_of(invited), {"password1": "court", "password2": "court"})

    assert "<title>Erreur\u00a0: Bienvenue" in refused.text
    assert client.post(path_of(invited), CHOSEN).status_code == 302


def test_manager_goes_on_to_the_second_factor(client):
    manager = UserFactory(manager=True, password=None, second_factor=False)

    answer = client.post(path_of(manager), CHOSEN)

    assert answer["Location"] == "/compte/2fa/activate/"
    assert client.get(answer["Location"]).status_code == 200


def test_invitation_signs_out_whoever_shared_the_browser(agent_client, invited):
    agent_client.post(path_of(invited), CHOSEN)

    assert agent_client.get("/compte/").context["user"] == invited


# --- Links that no longer work ------------------------------------------------------------------------------------
def spent(user) -> None:
    user.set_password("x")
    user.save()


def moved(user) -> None:
    user.email = "autre@example.org"
    user.save()


def closed(user) -> None:
    user.is_active = False
    user.save()


@pytest.mark.parametrize("change", [spent, moved, closed])
def test_link_dies_with_what_it_was_made_for(client, invited, change):
    path = path_of(invited)
    change(invited)
    before = User.objects.values().get()

    for answer in (client.get(path), client.post(path, CHOSEN)):
        assert answer.status_code == 410
        assert first_headings(answer.text) == ["Cette invitation n’est plus valable"]
        assert_valid_html(answer.text)
    assert User.objects.values().get() == before


@pytest.mark.parametrize(("age", "works"), [(dt.timedelta(days=7), True), (dt.timedelta(days=7, seconds=2), False)])
def test_link_lives_a_week(invited, age, works):
    class Later(Tokens):
        def _now(self):
            return super()._now() + age

    assert Later().check_token(invited, tokens.make_token(invited)) is works


@pytest.mark.parametrize("path", ["1-a", "0-a", "zzzzzzzzzzzzz-1-2", "9" * 40 + "-1-2", "1-é", "1--", "1-" + "z" * 20])
def test_cut_or_forged_link_says_how_to_ask_for_another(client, invited, path):
    answer = client.get(f"/compte/invitation/{path}/")

    assert answer.status_code == 410
    assert "Demandez une nouvelle invitation" in answer.text


def test_link_of_one_does_not_open_the_account_of_another(invited):
    other = UserFactory(password=None)

    assert find(str(other.pk), tokens.make_token(invited)) is None


@pytest.mark.django_db(transaction=True)
def test_link_of_a_forgotten_password_is_no_invitation(client, invited):
    key = re.search(r"reset/key/(\S+)/", resets.link(invited))[1]

    assert client.get(f"/compte/invitation/{key}/").status_code == 410


def test_tries_are_counted(client, invited):
    answers = [client.post("/compte/invitation/1-a/", CHOSEN).status_code for _ in range(61)]

    assert (answers[0], answers[-1]) == (410, 429)


# --- Again --------------------------------------------------------------------------------------------------------
def act(client, name: str, *users):
    return client.post(LIST, {"action": name, ACTION_CHECKBOX_NAME: [user.pk for user in users]}, follow=True)


@pytest.mark.django_db(transaction=True)
def test_invitation_is_sent_again_to_those_who_have_not_come(admin_client, agent, invited, mailoutbox):
    gone = UserFactory(email="zoe@example.org", is_active=False, password=None)

    page = act(admin_client, "invite_again", agent, invited, gone)

    assert [mail.to for mail in mailoutbox] == [[invited.email]]
    assert [str(message) for message in page.context["messages"]] == [
        f"Pas d’invitation pour {agent.email}\u00a0: son mot de passe est déjà choisi.",
        f"L’invitation repart à {invited.email}.",
        f"Pas d’invitation pour {gone.email}\u00a0: le compte est fermé.",
    ]


def test_list_says_where_each_account_is(admin_client, invited):
    with mock.patch("django.utils.timezone.now", return_value=dt.datetime(2026, 12, 1, 9, tzinfo=dt.UTC)):
        invite(invited)

    assert "invité le mardi 1er décembre 2026, jamais connecté" in admin_client.get(LIST).text
