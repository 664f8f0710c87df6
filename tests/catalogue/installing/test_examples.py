"""The desks of the demonstration: sheets at every stage, with their dates, on the pages of each account; and their removal."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from accounts.models import User
from actions.desk import due, recognition, sheets_of
from actions.models import Action, TeamMember, Version
from actions.workflows import waiting_longest
from catalogue.installing.examples import ACCOUNTS, load_desks

pytestmark = pytest.mark.django_db


def person(name: str) -> User:
    return User.objects.get(email=f"{name}@example.org")


def states(name: str) -> dict[str, int]:
    own_states = list(sheets_of(person(name)).filter(is_mine=True).values_list("editorial_state", flat=True))
    return {state: own_states.count(state) for state in own_states}


def test_each_account_has_sheets_at_several_stages(demonstration):
    assert states("agent") == {"draft": 3, "proposed": 1, "published": 2}
    assert states("agent2") == {"draft": 1, "proposed": 1, "published": 1}
    assert states("responsable") == states("admin") == {"draft": 1}
    assert not Action.objects.filter(created_by__isnull=False, is_example=False).exists()
    assert mail.outbox == []


def test_desk_of_the_agent_says_what_waits(demonstration, client):
    agent = person("agent")

    waits = [line for line in due(agent) if line.is_mine]

    assert [(line.title, line.verb) for line in waits] == [
        ("Le café des pères", "Reprendre"),
        ("Coudre, réparer, transmettre", "Répondre"),
        ("Les mots de la facture", "Dire pour qui"),
    ]
    assert waits[0].words.startswith("Renvoyée à l’équipe par Responsable de démonstration")
    again = Action.objects.get(slug="la-ludotheque-du-palier")
    assert recognition(agent, [again]) == {again.pk: "refaite dans 1\u00a0MDS"}
    client.force_login(agent)
    assert "Refaite dans 1\u00a0MDS" in client.get("/mes-actions/").text


def test_queue_of_the_service_knows_the_ages(demonstration):
    assert [(sheet.slug, (timezone.now() - sheet.proposed_at).days) for sheet in waiting_longest()] == [
        ("un-samedi-au-musee", 12),
        ("marcher-pour-se-parler", 3),
    ]


def test_history_is_that_of_a_sheet_that_lived(demonstration):
    versions = Action.objects.get(slug="la-ludotheque-du-palier").versions.order_by("number")

    assert [version.kind for version in versions] == [
        "created",
        "edited",
        "proposed",
        "sent_back",
        "edited",
        "proposed",
        "published",
        "edited",
    ]
    dates = [version.at for version in versions]
    assert dates == sorted(dates)
    assert dates[0] < timezone.now() - timedelta(days=209)
    assert all(version.by.email in ACCOUNTS for version in versions)


def test_loaded_again_they_change_nothing(demonstration):
    before = list(Version.objects.order_by("pk").values_list("action", "number", "at"))

    assert load_desks() == 0
    assert list(Version.objects.order_by("pk").values_list("action", "number", "at")) == before


def test_removal_takes_them_and_leaves_what_a_visitor_filed(demonstration):
    unit = person("agent").memberships.get().territory
    mine = Action(title="À moi", domain=Action.objects.first().domain, carrier_unit=unit, created_by=person("agent"))
    mine.save()

    call_command("remove_examples", verbosity=0)

    assert list(Action.objects.ours()) == [mine]
    assert not TeamMember.objects.filter(user__isnull=False).exists()
    assert list(User.objects.values_list("email", flat=True)) == ["agent@example.org"]
