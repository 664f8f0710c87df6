"""What no form of ours sends: a sentence and a 4xx, and the sheet as it was."""

import datetime as dt
import uuid
from urllib.parse import urlencode

import pytest
from django.db import transaction

from actions.models import Action, Goal
from actions.snapshot import snapshot
from actions.steps import FILING_STEPS
from catalogue.search import current
from partners.models import Partner
from tests.actions.filing import address, autosave, fill, page_fields
from tests.actions.test_snapshot import whole  # noqa: F401 -- a fixture
from tests.factories import (
    ActionFactory,
    ContactFactory,
    DomainFactory,
    GoalFactory,
    PartnerFactory,
    TeamMemberFactory,
)

pytestmark = pytest.mark.django_db
SLUGS = [step.slug for step in FILING_STEPS]
MEANT = {"base", "csrfmiddlewaretoken"}
VALUES = {
    "long": "x" * 10_000,
    "emoji": "🧑‍🍳" * 40,
    "right to left": "\u202egnirtS\u202c",
    "markup": "<script>alert(1)</script><img src=x onerror=alert(1)>\"'><style>*{}</style>",
    "format": "${7*7} %s %(x)s {x}",
    "digits": "9" * 30,
    "negative": "-1",
    "power": "1e400",
    "not a number": "NaN",
    "no day": "2026-02-30",
    "late year": "10000-01-01",
    "year zero": "0000-01-01",
    "list": '[1, "x", {"a": null}]',
    "spaces": " \t\u00a0\u200b ",
    "unpaired": "\\ud800",
}


@pytest.fixture
def draft(unit):
    return ActionFactory(title="Cuisine partagée", carrier_unit=unit, context="<p>Avant.</p>")


def stored(action) -> dict:
    return snapshot(Action.objects.for_snapshot().get(pk=action.pk))


def answered(client, path, data, **options):
    """The answer was no failure, and speaks French where it refuses."""
    response = client.post(path, data, **options)
    assert response.status_code < 500
    if response.status_code >= 400 and response["Content-Type"].startswith("text/html"):
        assert '<html lang="fr"' in response.text
        assert "<script>alert" not in response.text
    return response


# --- Every field of every step ------------------------------------------------------------------------------------
@pytest.mark.matrix
@pytest.mark.parametrize("step", SLUGS)
def test_wrong_value_is_refused_or_kept_whole(step, manager_client, whole, whose_turn):  # noqa: F811
    """In every field at once, and in one alone; each starts from the same sheet."""
    manager_client.get(whole.get_absolute_url())  # drains the catalogue
    before, fields = stored(whole), fill(manager_client, whole, step)
    names = [name for name in fields if not (name in MEANT or "_FORMS" in name or name.endswith("-key"))]
    for turn, (kind, value) in enumerate(VALUES.items()):
        for changed in (names, *([name] for name in whose_turn(names, turn))):
            start = transaction.savepoint_create()
            response = answered(manager_client, address(whole, step), fields | dict.fromkeys(changed, value))

            assert response.status_code in (302, 422), (kind, changed)
            after = stored(whole)
            if after != before:
                assert manager_client.get(address(whole, step)).status_code == 200, (kind, changed)
                assert manager_client.get(whole.get_absolute_url()).status_code == 200, (kind, changed)
            rich = [text for text in map(str, after.values()) if "<p>" in text]
            assert not [text for text in rich if "<script" in text], (kind, changed)
            assert all(after[name] for name in ("title", "domain")), (kind, changed)
            others = before.keys() - set(next(s for s in FILING_STEPS if s.slug == step).names)
            assert [name for name in others if before[name] != after[name]] == [], (kind, changed)
            transaction.savepoint_rollback(start)
            current.forget()


@pytest.mark.engine
@pytest.mark.parametrize("step", SLUGS)
def test_nul_and_broken_text_are_refused(step, agent_client, draft):
    before = stored(draft)
    fields = fill(agent_client, draft, step)
    name = next(name for name in fields if name not in MEANT)
    assert answered(agent_client, address(draft, step), {**fields, name: "a\x00b"}).status_code == 400

    for broken in ("%ED%A0%80", "%FF%FE", "%00", "%C0%80"):
        body = urlencode({key: values[0] for key, values in fields.items() if key != name}) + f"&{name}={broken}"
        answer = answered(agent_client, address(draft, step), body, content_type="application/x-www-form-urlencoded")
        assert answer.status_code == 400
    assert stored(draft) == before


@pytest.mark.engine
def test_create_refuses_the_same(agent_client, unit):
    domain = DomainFactory()
    for value in VALUES.values():
        for name in ("title", "domain", "carrier_unit", "carrier_partner", "submission"):
            sent = {"title": "Cuisine", "domain": domain.pk, "carrier_unit": unit.pk, name: value}
            assert answered(agent_client, "/actions/nouvelle/", sent).status_code in (302, 422)
    assert all(action.carrier_unit == unit for action in Action.objects.all())


# --- Rows ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("total", ["1000000000", "-1", "dix", "", "1e3", "\uff19", "99999999999999999999999"])
@pytest.mark.parametrize("op", [{}, {"op": "goals:add"}, {"op": "goals-0:remove"}])
def test_forged_number_of_rows_removes_none(total, op, agent_client, draft):
    GoalFactory(action=draft, text="Se rencontrer")
    fields = fill(agent_client, draft, "pourquoi", context="Après.", **op, **{"goals-TOTAL_FORMS": total})

    answered(agent_client, address(draft, "pourquoi"), fields)

    assert [goal.text for goal in draft.goals.all()] == ["Se rencontrer"]


@pytest.mark.parametrize("most", [101, 1500])
def test_too_many_rows_are_refused_and_those_stored_stay(most, agent_client, draft):
    GoalFactory(action=draft, text="Se rencontrer")
    rows = {f"goals-{index}-text": "x" for index in range(most)}
    fields = fill(agent_client, draft, "pourquoi", **rows, **{"goals-TOTAL_FORMS": str(most)})

    assert answered(agent_client, address(draft, "pourquoi"), fields).status_code == 422
    assert [goal.text for goal in draft.goals.all()] == ["Se rencontrer"]


def test_five_thousand_fields_are_refused(agent_client, draft):
    fields = {f"goals-{index}-text": "x" for index in range(5000)} | {"goals-TOTAL_FORMS": "5000"}

    assert answered(agent_client, address(draft, "pourquoi"), fields).status_code == 400
    assert stored(draft)["context"] == "<p>Avant.</p>"


@pytest.mark.engine
def test_keys_of_rows_forged_or_repeated_take_nothing_from_another_sheet(agent_client, draft, other_unit):
    theirs = GoalFactory(action=ActionFactory(carrier_unit=other_unit), text="Le leur")
    for key in (theirs.key, "", "x", "0" * 400, uuid.UUID(int=0)):
        rows = {"goals-TOTAL_FORMS": "2"}
        for index in range(2):
            rows |= {
                f"goals-{index}-key": str(key),
                f"goals-{index}-text": f"Le mien {index}",
                f"goals-{index}-level": "0",
            }
        fields = fill(agent_client, draft, "pourquoi", **rows)
        assert answered(agent_client, address(draft, "pourquoi"), fields).status_code == 302
        assert [goal.text for goal in draft.goals.all()] == ["Le mien 0", "Le mien 1"]

    theirs.refresh_from_db()
    assert (theirs.text, theirs.action.carrier_unit) == ("Le leur", other_unit)
    assert Goal.objects.count() == 3


@pytest.mark.parametrize(
    "op", ["", "x", "goals:drop", "goals-9999:up", "goals-0:up:up", "media:add", "_:add", "\u202e"]
)
def test_unknown_button_changes_nothing_and_shows_what_was_typed(op, agent_client, draft):
    fields = fill(agent_client, draft, "pourquoi", context="Mes mots.", op=op)

    response = answered(agent_client, address(draft, "pourquoi"), fields)

    assert "Mes mots." in response.text
    assert stored(draft)["context"] == "<p>Avant.</p>"


@pytest.mark.engine
def test_a_new_partner_is_no_door_for_bad_names(agent_client, draft):
    for name in ("x" * 500, "\u202e\u200b", "<b>x</b>", "🧑‍🍳", "'; DROP TABLE"):
        rows = {"partnerships-TOTAL_FORMS": "1", "partnerships-0-partner": name, "partnerships-0-role": "host"}
        asked = answered(agent_client, address(draft, "comment"), fill(agent_client, draft, "comment", **rows))
        assert asked.status_code == 422
        again = page_fields(asked.text)
        boxes = {
            part.partition('"')[0]: "on"
            for part in asked.text.split('name="')[1:]
            if part.startswith("partnerships-0-partner-oui-")
        }
        answered(agent_client, address(draft, "comment"), again | boxes)
    assert all(0 < len(partner.name) <= 200 for partner in Partner.objects.all())


# --- What was not offered -----------------------------------------------------------------------------------------
@pytest.mark.engine
def test_records_that_are_not_offered_are_refused(agent_client, draft, unit, other_unit):
    hidden = ActionFactory(title="Secret du Bois", carrier_unit=other_unit)
    unconsented = ContactFactory(named=True, consent_given_on=dt.date(2020, 1, 1))
    retired = DomainFactory(is_retired=True)
    for step, name, value in [
        ("identite", "domain", retired.pk),
        ("identite", "domain", ""),
        ("identite", "themes", "Rien de tel"),
        ("qui-et-ou", "carrier_unit", other_unit.pk),
        ("qui-et-ou", "carrier_unit", 10**12),
        ("qui-et-ou", "other_units", 10**12),
        ("qui-et-ou", "places", other_unit.name),
        ("qui-et-ou", "carrier_partner", "Personne"),
        ("medias-et-contact", "contact", unconsented.pk),
        ("medias-et-contact", "contact", "x"),
        ("medias-et-contact", "inspired_by", f"{hidden.title} ({hidden.slug})"),
        ("medias-et-contact", "inspired_by", f"{draft.title} ({draft.slug})"),
    ]:
        before = stored(draft)
        response = answered(agent_client, address(draft, step), fill(agent_client, draft, step, **{name: str(value)}))
        assert response.status_code == 422, (name, value)
        assert stored(draft) == before, (name, value)


def test_refusal_of_a_hidden_sheet_is_that_of_no_sheet(agent_client, draft, other_unit):
    ActionFactory(title="Secret du Bois", carrier_unit=other_unit)
    answers = [
        agent_client.post(
            address(draft, "medias-et-contact"), fill(agent_client, draft, "medias-et-contact", inspired_by=name)
        )
        for name in ("Secret du Bois", "Secret du Boit")
    ]

    assert all("Nous ne connaissons pas" in answer.text for answer in answers)
    assert "Vouliez-vous dire" not in answers[1].text


def test_agent_cannot_take_a_sheet_where_he_is_not(agent_client, agent, draft, other_unit):
    """Not by its carrier; a partner may carry it, and its team keeps it."""
    TeamMemberFactory(action=draft, user=agent)
    partner = PartnerFactory(name="Caf")
    taken = fill(agent_client, draft, "qui-et-ou", carrier_unit=str(other_unit.pk), venue="Ici")
    assert answered(agent_client, address(draft, "qui-et-ou"), taken).status_code == 422
    assert (stored(draft)["carrier_unit"], stored(draft)["venue"]) == (draft.carrier_unit_id, "Ici")

    both = fill(agent_client, draft, "qui-et-ou", carrier_partner=partner.name)
    assert answered(agent_client, address(draft, "qui-et-ou"), both).status_code == 422
    assert stored(draft)["carrier_partner"] is None

    given = fill(agent_client, draft, "qui-et-ou", carrier_unit="", carrier_partner=partner.name)
    assert answered(agent_client, address(draft, "qui-et-ou"), given).status_code == 302
    assert agent_client.get(address(draft, "qui-et-ou")).status_code == 200


@pytest.mark.parametrize("step", SLUGS)
def test_no_step_writes_what_is_not_its_own(step, agent_client, draft, stranger):
    fields = fill(agent_client, draft, step)
    before = Action.objects.filter(pk=draft.pk).values().get()
    own = set(next(one for one in FILING_STEPS if one.slug == step).names)
    forged = {name: "1" for name in before if name.removesuffix("_id") not in own and name not in fields} | {
        "media-TOTAL_FORMS": "0",
        "versions": "0",
        "editorial_state": "published",
        "created_by": str(stranger.pk),
    }

    answered(agent_client, address(draft, step), fields | forged)

    after = Action.objects.filter(pk=draft.pk).values().get()
    assert after == before


# --- Digests ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "base",
    ["", "null", "[]", "1", "{", '{"context": ["x"]}', '{"context": null}', "[" * 5000, '{"context": "x"}', "9" * 5000],
)
def test_forged_digests_ask_and_lose_nothing(base, agent_client, draft):
    response = answered(
        agent_client, address(draft, "pourquoi"), fill(agent_client, draft, "pourquoi", context="Après.", base=base)
    )

    assert response.status_code in (409, 422)
    assert stored(draft)["context"] == "<p>Avant.</p>"


@pytest.mark.parametrize("choice", ["", "x", "autre" * 1000, "\u202e"])
def test_choice_nobody_offered_is_asked_again(choice, agent_client, draft):
    late = fill(agent_client, draft, "pourquoi", context="Le mien.")
    agent_client.post(address(draft, "pourquoi"), fill(agent_client, draft, "pourquoi", context="Le sien."))
    fields = late | {"garder-context": [choice], "garder-title": ["autre"], "garder-": ["autre"]}

    assert answered(agent_client, address(draft, "pourquoi"), fields).status_code == 409
    assert stored(draft)["context"] == "<p>Le sien.</p>"


@pytest.mark.parametrize("body", ["", "x", "%", "&&&&", "=", "a=1&a=2"])
def test_empty_post_empties_nothing(body, agent_client, draft):
    """Without digests, whatever differs is asked."""
    for step in SLUGS:
        before = stored(draft)
        response = answered(agent_client, address(draft, step), body, content_type="application/x-www-form-urlencoded")
        assert response.status_code in (302, 409, 422)
        assert stored(draft) == before


@pytest.mark.engine
def test_autosave_of_a_sheet_that_was_just_deleted_is_told(agent_client, draft):
    fields = fill(agent_client, draft, "identite")
    draft.delete()

    assert autosave(agent_client, draft, "identite", fields).status_code == 404
