"""Sign-ins as events: who, by what, from which network, and nothing of what was typed."""

import json
import logging

import pytest
from django.test import override_settings

from accounts.sign_ins import network
from isic.lib.logs import JSONFormatter
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def events(caplog):
    """What the log holds of sign-ins, as a machine reads it."""
    caplog.set_level(logging.INFO, logger="isic.sign_ins")

    def read() -> list[dict]:
        lines = [json.loads(JSONFormatter().format(r)) for r in caplog.records if r.name == "isic.sign_ins"]
        return [{name: line[name] for name in ("event", "account", "factor", "address")} for line in lines]

    return read


def sign_in(client, email, password=PASSWORD, address="203.0.113.77"):
    return client.post("/compte/login/", {"login": email, "password": password}, REMOTE_ADDR=address)


def test_sign_in_and_sign_out_are_events(client, agent, events):
    sign_in(client, agent.email)
    client.post("/compte/logout/", REMOTE_ADDR="2001:db8:1:2::7")

    assert events() == [
        {"event": "sign_in", "account": agent.pk, "factor": "password", "address": "203.0.113.0/24"},
        {"event": "sign_out", "account": agent.pk, "factor": "", "address": "2001:db8:1::/48"},
    ]


def test_refusals_are_events_and_hold_nothing_that_was_typed(client, agent, events, caplog):
    sign_in(client, agent.email, "Mauvais-mot-de-passe-1")
    sign_in(client, "personne@example.org", "Mauvais-mot-de-passe-1")

    assert [(one["event"], one["account"]) for one in events()] == [("refused", agent.pk), ("refused", None)]
    written = "".join(JSONFormatter().format(record) for record in caplog.records)
    for typed in (agent.email, "personne@", "Mauvais", "203.0.113.77"):
        assert typed not in written


@override_settings(ACCOUNT_RATE_LIMITS={"login_failed": "1/15m/key"})
def test_refusal_by_the_throttle_is_an_event(client, agent, events):
    for _ in range(2):
        sign_in(client, agent.email, "Mauvais-mot-de-passe-1")

    assert [one["event"] for one in events()] == ["refused", "throttled"]


def test_closed_account_is_known_by_its_key(client, events):
    closed = UserFactory(is_active=False)

    sign_in(client, closed.email)

    assert [(one["event"], one["account"]) for one in events()] == [("closed", closed.pk)]


@pytest.mark.parametrize(
    ("address", "kept"),
    [("192.0.2.130", "192.0.2.0/24"), ("2001:db8:1:2::7", "2001:db8:1::/48"), ("", ""), (None, ""), ("unix:", "")],
)
def test_address_is_told_by_its_network(address, kept):
    assert network(address) == kept
