"""Rows that name a person whose account is closed, or was never opened: what is saved, shown and told."""

import json
import re
from itertools import zip_longest

import pytest
from django.utils import timezone

from accounts.models import User
from accounts.requests import account_of
from actions.freshness import recipients, remind_all
from actions.models import Action
from tests.actions.filing import address, autosave, fill
from tests.factories import ActionFactory, ContactFactory, DomainFactory, TeamMemberFactory, UserFactory

pytestmark = pytest.mark.django_db

CLOSED = "Compte fermé"


@pytest.fixture
def draft(unit):
    return ActionFactory(title="Cuisine partagée", carrier_unit=unit)


def row(user: str, **more) -> dict[str, str]:
    cells = {"role": "co_facilitator", "function": "animatrice", "user": user, **more}
    return {"team_members-TOTAL_FORMS": "1"} | {f"team_members-0-{name}": value for name, value in cells.items()}


def leave(user: User) -> None:
    user.is_active = False
    user.save()


# --- A stored row stays valid -------------------------------------------------------------------------------------
def test_step_saves_after_somebody_of_its_team_left(agent_client, draft, stranger):
    TeamMemberFactory(action=draft, user=stranger, function="animatrice")
    leave(stranger)

    page = agent_client.get(address(draft, "comment")).text
    response = agent_client.post(
        address(draft, "comment"), fill(agent_client, draft, "comment", description="Chanter.")
    )

    assert page.count(CLOSED) == 1
    assert stranger.email in page
    assert response.status_code == 302
    assert [member.user for member in draft.team_members.all()] == [stranger]
    assert "Chanter." in Action.objects.get(pk=draft.pk).description


def test_function_of_who_left_may_be_changed_by_itself(agent_client, draft, stranger):
    TeamMemberFactory(action=draft, user=stranger, function="animatrice")
    leave(stranger)

    sent = fill(agent_client, draft, "comment", **{"team_members-0-function": "conteuse"})
    response = autosave(agent_client, draft, "comment", sent)

    assert response.status_code == 200
    assert [(member.function, member.user) for member in draft.team_members.all()] == [("conteuse", stranger)]


def test_open_account_is_not_told_closed(agent_client, draft, stranger):
    TeamMemberFactory(action=draft, user=stranger)

    assert CLOSED not in agent_client.get(address(draft, "comment")).text


# --- Nobody learns who has an account -----------------------------------------------------------------------------
def same_but_for(typed: str, action: Action, html: str) -> list[str]:
    """A line each, without what differs from one sheet to another: its keys, its address, tokens, digests of what is stored."""
    html = html.replace(typed, "ADRESSE").replace(action.slug, "FICHE")
    html = re.sub(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", "CLÉ", html)
    html = re.sub(r"\b[0-9a-f]{16}\b|(?<=value=\")\w{64}(?=\")|(?<=nonce=\")[^\"]+", "…", html)
    html = re.sub(
        r'<svg class="pattern".*|<time.*|\d\d:\d\d|\d+.h.\d\d', "", html
    )  # drawn from the address, and the hour
    return re.sub(r"/\d+/", "/N/", html).splitlines()


@pytest.mark.parametrize("who", ["nobody", "closed", "stranger", "waiting"])
def test_answer_is_the_same_for_every_address(who, agent_client, unit):
    known = {
        "nobody": lambda: "personne@example.org",
        "closed": lambda: UserFactory(is_active=False, full_name="Camille Exemple", function="conteuse").email,
        "stranger": lambda: UserFactory(full_name="Camille Exemple", function="conteuse").email,
        "waiting": lambda: UserFactory(password="!").email,
    }
    typed, reference = known[who](), UserFactory(full_name="Claude Exemple", function="clown").email

    domain = DomainFactory()

    def seen(typed: str):
        draft = ActionFactory(title="Cuisine partagée", carrier_unit=unit, domain=domain)
        sent = fill(agent_client, draft, "comment", **row(typed, role="referent"))
        answers = [autosave(agent_client, draft, "comment", sent)]
        sent["base"] = json.dumps(answers[0].json()["base"])
        answers.append(agent_client.post(address(draft, "comment"), sent))
        tabs = ("", "modifier/", "modifier/comment/", "historique/", "isic/", "isic/proposer/")
        answers += [agent_client.get(f"/actions/{draft.slug}/{tab}") for tab in tabs]
        lines = [[str(answer.status_code), *same_but_for(typed, draft, answer.text)] for answer in answers]
        return [line for page in lines for line in page]

    here, there = seen(typed), seen(reference)

    assert [(mine, other) for mine, other in zip_longest(here, there) if mine != other] == []
    assert len(here) > 500


def test_unknown_address_becomes_an_invitation_to_confirm(agent_client, agent, draft, mailoutbox):
    agent_client.post(address(draft, "comment"), fill(agent_client, draft, "comment", **row("nouvelle@example.org")))

    [member] = draft.team_members.all()
    assert (member.user.email, member.user.asked_by, member.user.is_asked_for) == ("nouvelle@example.org", agent, True)
    assert CLOSED not in agent_client.get(address(draft, "comment")).text
    assert mailoutbox == []


# --- A referent who left ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("referents", "state", "shows"),
    [
        (["closed"], "published", True),
        (["closed"], "draft", True),
        (["closed"], "archived", False),
        (["closed", "open"], "published", False),
        (["open"], "published", False),
        (["nobody"], "published", False),
        (["asked"], "published", False),
        ([], "published", False),
    ],
)
def test_sheet_whose_only_referent_left_is_on_the_dashboard(referents, state, shows, manager_client, agent):
    action = ActionFactory(title="Jardin", published=True)
    users = {
        "closed": lambda: UserFactory(is_active=False),
        "open": UserFactory,
        "nobody": lambda: None,
        "asked": lambda: account_of("nouvelle@example.org", by=agent),
    }
    for referent in referents:
        TeamMemberFactory(action=action, role="referent", user=users[referent]())
    action.editorial_state = state
    action.save()

    assert (action in Action.objects.left_by_referent()) == shows
    assert ("Jardin" in manager_client.get("/admin/actions/action/?suivre=sans-referent").text) == shows
    assert ("suivre=sans-referent" in manager_client.get("/admin/").text) == shows


@pytest.mark.django_db(transaction=True)
def test_reminder_goes_to_the_service_and_says_that_the_referent_left(mailoutbox):
    due = timezone.localdate()
    action = ActionFactory(published=True, review_due_on=due, contact=ContactFactory(email="mds@example.org"))
    TeamMemberFactory(action=action, role="referent", user=UserFactory(is_active=False))

    remind_all(timezone.localdate())

    assert recipients(action) == ["mds@example.org"]
    [mail] = mailoutbox
    assert mail.to == ["mds@example.org"]
    assert "n’a plus de compte" in mail.body
