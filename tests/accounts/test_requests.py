"""An address given for a colleague: an account, or the wish for one, which an administrator answers."""

import datetime as dt

import pytest
from django.contrib.auth import authenticate
from django.utils import timezone

from accounts import requests
from accounts.models import User
from tests.factories import PASSWORD, TeamMemberFactory, UserFactory

pytestmark = pytest.mark.django_db

LIST = "/admin/accounts/user/"
ADDRESS = "nouvelle@example.org"


def act(client, action: str, *users: User):
    return client.post(LIST, {"action": action, "_selected_action": [user.pk for user in users]}, follow=True)


def test_address_without_account_is_asked_for_once(agent, colleague):
    first = requests.account_of(f" {ADDRESS.upper()} ", by=agent)
    second = requests.account_of(ADDRESS, by=colleague)

    assert first == second
    assert (first.email, first.asked_by, first.is_asked_for, first.is_closed) == (ADDRESS, agent, True, False)
    assert not first.has_usable_password()


def test_open_account_is_itself(agent, colleague):
    assert requests.account_of(colleague.email, by=agent) == colleague
    assert not User.objects.asked_for().exists()


def test_closed_account_is_asked_for_again(agent):
    closed = UserFactory(is_active=False)

    requests.account_of(closed.email, by=agent)

    closed.refresh_from_db()
    assert (closed.is_asked_for, closed.is_closed, closed.is_active) == (True, False, False)


@pytest.mark.parametrize("user", ["asked", "closed", "open"])
def test_twins_agree(user, agent):
    users = {
        "asked": lambda: requests.account_of(ADDRESS, by=agent),
        "closed": lambda: UserFactory(is_active=False),
        "open": lambda: agent,
    }
    user = users[user]()

    assert User.objects.asked_for().filter(pk=user.pk).exists() == user.is_asked_for
    assert User.objects.answering().filter(pk=user.pk).exists() == (user.is_active or user.is_asked_for)


@pytest.mark.django_db(transaction=True)
def test_nobody_signs_in_to_what_is_only_asked_for(client, agent, mailoutbox):
    requests.account_of(ADDRESS, by=agent)

    client.post("/compte/password/reset/", {"email": ADDRESS})

    assert authenticate(None, email=ADDRESS, password=PASSWORD) is None
    assert "Aucun compte n’est ouvert" in mailoutbox[0].body


@pytest.mark.django_db(transaction=True)
def test_confirmed_request_invites(admin_client, agent, mailoutbox):
    user = requests.account_of(ADDRESS, by=agent)

    page = act(admin_client, "confirm_request", user)

    user.refresh_from_db()
    assert "une invitation y part" in page.text
    assert (user.is_active, user.is_waiting, user.asked_at, user.asked_by) == (True, True, None, None)
    assert [mail.to for mail in mailoutbox] == [[ADDRESS]]


@pytest.mark.django_db(transaction=True)
def test_account_made_active_by_its_form_is_confirmed(admin_client, agent, mailoutbox):
    user = requests.account_of(ADDRESS, by=agent)
    sent = {"email": ADDRESS, "role": user.role, "is_active": "on"}
    sent |= {"memberships-TOTAL_FORMS": "0", "memberships-INITIAL_FORMS": "0"}

    response = admin_client.post(f"{LIST}{user.pk}/change/", sent)

    user.refresh_from_db()
    assert response.status_code == 302
    assert (user.is_active, user.asked_at) == (True, None)
    assert [mail.to for mail in mailoutbox] == [[ADDRESS]]


def test_refused_request_leaves_the_row_without_account(admin_client, agent):
    member = TeamMemberFactory(user=requests.account_of(ADDRESS, by=agent))
    closed = UserFactory(is_active=False, last_login=timezone.now())
    requests.account_of(closed.email, by=agent)

    act(admin_client, "refuse_request", member.user, closed)

    member.refresh_from_db()
    closed.refresh_from_db()
    assert member.user is None
    assert not User.objects.filter(email=ADDRESS).exists()
    assert closed.is_closed


def test_there_is_nothing_to_answer_of_other_accounts(admin_client, agent):
    page = act(admin_client, "refuse_request", agent)

    assert "Personne ne demande le compte" in page.text
    assert User.objects.filter(pk=agent.pk, is_active=True).exists()


def test_dashboard_of_administrators_shows_requests(admin_client, manager_client, agent):
    requests.account_of(ADDRESS, by=agent)

    assert ADDRESS in admin_client.get("/admin/").text
    assert "Comptes demandés" not in manager_client.get("/admin/").text
    assert ADDRESS in admin_client.get(f"{LIST}?etat=a-confirmer").text
    assert ADDRESS not in admin_client.get(f"{LIST}?etat=fermes").text


@pytest.mark.django_db(transaction=True)
def test_administrators_are_told_the_day_after_and_no_address_leaves(admin_user, agent, manager, mailoutbox):
    requests.account_of(ADDRESS, by=agent)
    today = timezone.localdate()

    requests.tell(today)
    requests.tell(today + dt.timedelta(days=1))
    requests.tell(today + dt.timedelta(days=2))

    [mail] = mailoutbox
    assert mail.to == [admin_user.email]
    assert mail.subject == "1\u00a0compte à confirmer"
    assert ADDRESS not in mail.body


@pytest.mark.parametrize(
    ("days", "is_named", "stays"), [(0, False, True), (1, False, False), (60, True, True), (61, True, False)]
)
def test_request_is_forgotten(days, is_named, stays, agent):
    user = requests.account_of(ADDRESS, by=agent)
    if is_named:
        TeamMemberFactory(user=user)

    requests.forget(timezone.localdate() + dt.timedelta(days=days))

    assert User.objects.filter(pk=user.pk).exists() == stays
