"""Real servers on one database, some of them killed: a saving is done whole or not at all, and nobody's is lost."""

import time
import urllib.error
import urllib.request
import uuid
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import pytest

from actions.models import Action
from actions.snapshot import snapshot
from tests.actions import filing_moments
from tests.actions.filing import address, fill
from tests.factories import ActionFactory, DomainFactory, GoalFactory
from tests.forks import PATIENCE, serving

pytestmark = [pytest.mark.engine, pytest.mark.processes, pytest.mark.django_db(transaction=True)]
MOMENTS = {
    filing_moments.die_with_the_version_claimed: "before",
    filing_moments.die_with_the_fields_set: "before",
    filing_moments.die_with_the_sheet_saved: "before",
    filing_moments.die_before_the_commit: "before",
    filing_moments.die_once_committed: "after",
}


class Sender:
    """Posts as the browser of a client that signed in."""

    def __init__(self, client):
        page = client.get("/actions/nouvelle/")
        self.token = page.text.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
        self.cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())

    def __call__(self, url: str, fields: dict) -> int:
        body = urlencode({**fields, "csrfmiddlewaretoken": self.token}, doseq=True).encode()
        headers = {"Cookie": self.cookies, "Accept": "application/json", "Origin": "/".join(url.split("/")[:3])}
        request = urllib.request.Request(url, body, headers)
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as response:
                return response.status
        except urllib.error.HTTPError as refused:
            return refused.code
        except (OSError, urllib.error.URLError):
            return 0


@pytest.fixture
def draft(unit):
    return ActionFactory(title="Cuisine partagée", carrier_unit=unit, context="<p>Avant.</p>")


def stored(action) -> dict:
    return snapshot(Action.objects.for_snapshot().get(pk=action.pk))


def whole_history(action) -> list[int]:
    """Its versions, of which none is missing and the last one is what the sheet is."""
    action.refresh_from_db()
    versions = list(action.versions.all())
    numbers = [version.number for version in versions]
    assert numbers == list(range(action.version, action.version - len(numbers), -1))
    assert not versions or versions[0].content == stored(action)
    return numbers


@pytest.mark.parametrize(("moment", "kept"), MOMENTS.items())
def test_server_killed_in_a_saving_leaves_the_old_sheet_or_the_new_one(moment, kept, agent_client, draft):
    GoalFactory(action=draft, text="Avant")
    before = stored(draft)
    rows = {"goals-0-text": "Après", "goals-1-text": "Encore", "goals-1-level": "0", "goals-1-key": str(uuid.uuid4())}
    fields = fill(agent_client, draft, "pourquoi", context="Après.", **rows, **{"goals-TOTAL_FORMS": "2"})
    sender = Sender(agent_client)

    with serving(moment) as url:
        assert sender(url + address(draft, "pourquoi"), fields) == 0

    now = stored(draft)
    if kept == "before":
        assert now == before
        assert whole_history(draft) == []
    else:
        assert (now["context"], [goal["text"] for goal in now["goals"]]) == ("<p>Après.</p>", ["Après", "Encore"])
        assert whole_history(draft) == [2, 1]

    with serving() as url:  # the page sends again what had no answer
        assert sender(url + address(draft, "pourquoi"), fields) == 200
    assert [goal.text for goal in draft.goals.all()] == ["Après", "Encore"]
    assert whole_history(draft) == [2, 1]


def test_servers_killed_at_any_moment_leave_no_half_sheet(agent_client, draft):
    sender = Sender(agent_client)
    for turn in range(4):
        with serving() as url, ThreadPoolExecutor(4) as pool:
            fields = [fill(agent_client, draft, "pourquoi", context=f"Tour {turn}, {number}.") for number in range(4)]
            for one in fields:
                pool.submit(sender, url + address(draft, "pourquoi"), one)
            time.sleep(0.4 + 0.15 * turn)
        whole_history(draft)


def test_twenty_equal_forms_at_once_make_one_draft(agent_client, unit):
    sent = {"title": "Cuisine", "domain": DomainFactory().pk, "carrier_unit": unit.pk, "submission": str(uuid.uuid4())}
    sender = Sender(agent_client)

    with serving() as url, ThreadPoolExecutor(20) as pool:
        statuses = list(pool.map(lambda _: sender(url + "/actions/nouvelle/", sent), range(20)))

    assert all(0 < status < 500 for status in statuses), statuses
    action = Action.objects.get()
    assert action.team_members.count() == 1
    assert whole_history(action) == [1]


def test_twenty_savings_of_different_fields_at_once_are_all_kept(agent_client, draft):
    texts = [
        *[("identite", name) for name in ("summary", "keywords", "life_state_reason")],
        *[("qui-et-ou", name) for name in ("audience_notes", "how_to_join", "venue", "accessibility", "recruitment")],
        *[("pourquoi", name) for name in ("social_development", "territory_project")],
        *[("comment", name) for name in ("description", "resident_role", "elected_role", "equipment", "budget_notes")],
        *[
            ("ce-qui-a-change", name)
            for name in ("effects_residents", "evaluation", "outlook", "transfer", "watchpoints")
        ],
    ]
    assert len(texts) == 20
    sent = [(step, fill(agent_client, draft, step, **{name: f"Mots {name}."})) for step, name in texts]
    sender = Sender(agent_client)

    with serving() as url, ThreadPoolExecutor(20) as pool:
        statuses = list(pool.map(lambda one: sender(url + address(draft, one[0]), one[1]), sent))

    now = stored(draft)
    assert statuses == [200] * 20
    assert [name for _, name in texts if f"Mots {name}." not in now[name]] == []
    assert whole_history(draft) == list(range(21, 0, -1))


def test_one_new_partner_named_by_six_savings_at_once_is_made_once(agent_client, unit):
    name = "Les Jardins du Lac"
    sender, sent = Sender(agent_client), []
    for _ in range(6):
        action = ActionFactory(carrier_unit=unit)
        rows = {"partnerships-TOTAL_FORMS": "1", "partnerships-0-partner": name, "partnerships-0-role": "host"}
        asked = agent_client.post(address(action, "comment"), fill(agent_client, action, "comment", **rows))
        box = asked.text.partition('name="partnerships-0-partner-oui-')[2].partition('"')[0]
        rows[f"partnerships-0-partner-oui-{box}"] = "on"
        sent.append((action, fill(agent_client, action, "comment", **rows)))

    with serving() as url, ThreadPoolExecutor(6) as pool:
        statuses = list(pool.map(lambda one: sender(url + address(one[0], "comment"), one[1]), sent))

    assert statuses == [200] * 6
    partners = {action.partnerships.get().partner for action, _ in sent}
    assert [partner.name for partner in partners] == [name]
