"""The sheet: what must always hold, and what it tells of itself. Who sees it and how it moves: the two files beside."""

import datetime as dt
from itertools import product

import pytest
from django.core.exceptions import ValidationError

from actions.models import Action, Audience, Domain
from actions.models.vocabularies import HUES
from tests.factories import ActionFactory, AudienceFactory, DomainFactory, PartnerFactory, SessionFactory
from tests.rules import assert_refused

pytestmark = [pytest.mark.engine, pytest.mark.django_db]

MARCH, APRIL, MAY = dt.date(2026, 3, 1), dt.date(2026, 4, 1), dt.date(2026, 5, 1)
ONE_CARRIER = "Choisissez un porteur, et un seul\u00a0: une unité locale ou un partenaire."
REASON = "Dites en une phrase pourquoi l’action est en pause ou abandonnée."


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"carrier_unit": None}, ONE_CARRIER),
        ({"contract_months": 0}, "Un contrat de participation dure 18 mois au plus."),
        ({"contract_months": 19}, "Un contrat de participation dure 18 mois au plus."),
        ({"life_state": "paused"}, REASON),
        ({"life_state": "dropped"}, REASON),
        ({"starts_on": APRIL, "ended_on": MARCH}, "La fin réelle ne peut pas précéder le début."),
        ({"starts_on": APRIL, "planned_end_on": MARCH}, "La fin prévue ne peut pas précéder le début."),
        (
            {"rhythm_starts_at": dt.time(16), "rhythm_ends_at": dt.time(14)},
            "L’heure de fin doit suivre l’heure de début.",
        ),
        ({"editorial_state": "published"}, "Une fiche publiée a une date de publication."),
    ],
)
def test_action_refuses(fields, sentence):
    action = ActionFactory()
    for name, value in fields.items():
        setattr(action, name, value)

    assert_refused(action, sentence)


def test_action_refuses_two_carriers():
    action = ActionFactory()
    action.carrier_partner = PartnerFactory()

    assert_refused(action, ONE_CARRIER)


@pytest.mark.parametrize(
    "fields",
    [
        {"contract_months": 18},
        {"life_state": "paused", "life_state_reason": "Travaux dans la salle."},
        {"starts_on": APRIL, "ended_on": APRIL, "planned_end_on": APRIL},
        {"ended_on": MARCH},
        {"rhythm_starts_at": dt.time(14)},
        {"rhythm_ordinals": [1, -1]},
    ],
)
def test_action_accepts(fields):
    action = ActionFactory(**fields)

    action.full_clean()

    assert {name: getattr(action, name) for name in fields} == fields


def test_draft_needs_a_title_a_domain_and_a_carrier_only():
    with pytest.raises(ValidationError) as refusal:
        Action().full_clean()

    assert set(refusal.value.message_dict) == {"title", "domain", "__all__"}
    assert refusal.value.message_dict["__all__"] == [ONE_CARRIER]


@pytest.mark.parametrize("value", [3, {"a": 1}, [0], [5], ["lundi"], [[1]]])
def test_action_refuses_days_of_the_month_that_are_none(value):
    action = ActionFactory(rhythm_ordinals=[1])
    action.rhythm_ordinals = value

    with pytest.raises(ValidationError) as refusal:
        action.full_clean()

    assert list(refusal.value.message_dict) == ["rhythm_ordinals"]


def test_action_takes_an_emptied_field_for_no_day_of_the_month():
    action = ActionFactory(rhythm_ordinals=[1])
    action.rhythm_ordinals = None

    action.full_clean()
    action.save()

    assert Action.objects.get().rhythm_ordinals == []


def test_welcoming_twins_agree():
    actions = [
        ActionFactory(open_to_newcomers=openness, life_state=state, life_state_reason="Pourquoi.")
        for openness, state in product(Action.Openness.values, Action.LifeState.values)
    ]

    assert set(Action.objects.welcoming()) == {action for action in actions if action.is_welcoming}
    assert {a.life_state for a in actions if a.is_welcoming} == {"preparing", "running"}
    assert {a.open_to_newcomers for a in actions if a.is_welcoming} == {"yes"}


def test_elsewhere_twins_agree():
    local = ActionFactory()
    neighbour = ActionFactory(carrier_unit=None, carrier_partner=PartnerFactory())
    far = ActionFactory(elsewhere=True)

    assert [action.is_elsewhere for action in (local, neighbour, far)] == [False, False, True]
    assert set(Action.objects.elsewhere()) == {far}
    assert set(Action.objects.ours()) == {local, neighbour}
    assert [action.carrier for action in (local, far)] == [local.carrier_unit, far.carrier_partner]


def test_published_twins_agree():
    actions = {
        ActionFactory(editorial_state=state, published_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
        for state in Action.EditorialState
    }

    assert len(actions) == 4
    assert set(Action.objects.published()) == {action for action in actions if action.is_published}


@pytest.mark.parametrize(
    ("deciders", "place"),
    [
        (("", "", "", ""), ""),
        (("without", "", "", ""), "without"),
        (("without", "consulted", "", "without"), "consulted"),
        (("by", "with", "", ""), "by"),
        (("", "", "", "with"), "with"),
    ],
)
def test_residents_place_is_the_furthest_of_the_four_decisions(deciders, place):
    assert Action(**dict(zip(Action.DECISIONS, deciders, strict=True))).residents_place == place


@pytest.mark.parametrize(
    ("fields", "years"),
    [
        ({}, (None, None)),
        ({"ended_on": dt.date(2024, 6, 30)}, (2024, 2024)),
        ({"starts_on": dt.date(2023, 1, 1)}, (2023, None)),
        ({"starts_on": dt.date(2023, 1, 1), "ended_on": dt.date(2025, 6, 30)}, (2023, 2025)),
        ({"starts_on": dt.date(2023, 1, 1), "planned_end_on": dt.date(2024, 6, 30)}, (2023, 2024)),
        (
            {"starts_on": dt.date(2023, 1, 1), "planned_end_on": dt.date(2024, 6, 30), "life_state": "running"},
            (2023, None),
        ),
        ({"starts_on": dt.date(2023, 1, 1), "life_state": "ended"}, (2023, 2023)),
        ({"starts_on": dt.date(2023, 1, 1), "life_state": "dropped"}, (2023, 2023)),
        ({"planned_end_on": dt.date(2024, 6, 30)}, (2024, 2024)),
    ],
)
def test_years_are_those_during_which_it_ran(fields, years):
    assert Action(**fields).years() == years


def test_next_session_is_the_first_to_come_that_holds():
    action = ActionFactory()
    for date, cancelled in ((MAY, False), (MARCH, False), (APRIL, True)):
        SessionFactory(action=action, date=date, cancelled=cancelled)

    assert action.next_session(MARCH).date == MARCH
    assert action.next_session(MARCH + dt.timedelta(days=1)).date == MAY
    assert action.next_session(MAY + dt.timedelta(days=1)) is None


def test_for_sheet_loads_in_a_number_of_queries_that_does_not_depend_on_the_sheet(django_assert_num_queries):
    action = ActionFactory(published=True)
    for _ in range(3):
        SessionFactory(action=action)
        action.audiences.add(AudienceFactory())

    with django_assert_num_queries(2):
        sheet = Action.objects.for_sheet().get()
        assert (len(sheet.sessions.all()), len(sheet.audiences.all()), sheet.domain) == (3, 4, action.domain)


def test_vocabulary_offers_a_sheet_what_is_in_use_and_what_it_has():
    kept, retired = AudienceFactory(position=2), AudienceFactory(is_retired=True)
    first = AudienceFactory(position=1)
    old, new = ActionFactory(audiences=[retired]), ActionFactory()

    assert list(Audience.objects.offered_to(new)) == [first, kept]
    assert list(Audience.objects.offered_to(old)) == [first, kept, retired]


def test_domain_takes_the_next_hue_and_begins_again_after_the_last():
    DomainFactory(name="Dernière", hue=HUES - 1)

    assert [DomainFactory().hue, DomainFactory().hue] == [HUES, 1]
    assert [domain.hue for domain in Domain.objects.order_by("pk")] == [HUES - 1, HUES, 1]
