"""A sheet as one document: what it holds, that it can be written back, and that every change leaves a version."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import models

from actions.models import Action, Goal
from actions.snapshot import BOOKKEEPING, READ_ONLY, ROWS, plain, snapshot, write
from isic.lib.versions import StaleVersion
from tests.factories import (
    ActionFactory,
    BudgetLineFactory,
    CriterionFactory,
    GoalFactory,
    MediaFactory,
    PartnershipFactory,
    QuoteFactory,
    StaffTimeFactory,
    TeamMemberFactory,
)

pytestmark = pytest.mark.django_db


def read(action) -> dict:
    return snapshot(Action.objects.for_snapshot().get(pk=action.pk))


@pytest.fixture
def whole():
    """A sheet with a row of each kind."""
    action = ActionFactory(
        published=True,
        title="Cuisine partagée",
        starts_on=dt.date(2026, 3, 1),
        rhythm_starts_at=dt.time(14),
        rhythm_ordinals=[1, -1],
        without_budget=True,
        contract_months=12,
        summary="On cuisine.\nOn parle.",
        context="<h3>Constat</h3>\n<p>Des voisins&nbsp;<strong>isolés</strong>.</p>\n<ul><li><p>un</p></li></ul>\n",
        description="<p>Une fois par mois.</p><p>Le soir.</p>",
    )
    general = GoalFactory(action=action, text="Se rencontrer", position=0)
    GoalFactory(action=action, text="Manger ensemble", position=1, parent=general)
    GoalFactory(action=action, text="Mieux dépenser", position=2)
    for factory in (CriterionFactory, TeamMemberFactory, PartnershipFactory, QuoteFactory, MediaFactory):
        factory(action=action)
    BudgetLineFactory(action=action, planned=Decimal("310.50"))
    StaffTimeFactory(action=action, hours=Decimal(12))
    return action


def test_document_has_every_field_and_part_but_the_bookkeeping(whole):
    fields = {field.name for field in (*Action._meta.concrete_fields, *Action._meta.many_to_many)}

    assert read(whole).keys() == (fields - BOOKKEEPING) | set(ROWS)
    assert fields >= BOOKKEEPING


def test_parts_are_all_there():
    related = {relation.name for relation in Action._meta.related_objects if isinstance(relation, models.ManyToOneRel)}

    assert related - {"versions", "privacy_flags", "inspired", "agenda_items", "sessions"} == set(ROWS)


def test_document_speaks_plainly(whole):
    content = read(whole)

    assert content["starts_on"] == "2026-03-01"
    assert content["rhythm_starts_at"] == "14:00:00"
    assert content["domain"] == whole.domain_id
    assert [(goal["text"], goal["level"]) for goal in content["goals"]] == [
        ("Se rencontrer", 0),
        ("Manger ensemble", 1),
        ("Mieux dépenser", 0),
    ]
    assert content["budget_lines"][0]["planned"] == "310.5"


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (Decimal("310.00"), "310"),
        (Decimal("12000"), "12000"),
        (Decimal("0.00"), "0"),
        (Decimal("0.50"), "0.5"),
        (True, True),
        ([1], [1]),
        (None, None),
    ],
)
def test_value_as_it_is_kept(value, kept):
    assert plain(value) == kept


def test_contact_is_there_by_its_key_only(whole):
    whole.contact.person_name = "Camille Exemple"

    assert read(whole)["contact"] == whole.contact_id


def test_document_written_into_an_empty_sheet_is_the_same_document(whole, agent):
    other = ActionFactory()
    kept = read(whole)

    with other.edited(by=agent):
        write(other, kept)

    written = read(other)
    assert {name: written[name] for name in READ_ONLY} == {"media": []}
    assert {n: v for n, v in written.items() if n not in READ_ONLY} == {
        n: v for n, v in kept.items() if n not in READ_ONLY
    }


def test_rows_are_told_apart_by_their_keys(whole, agent):
    kept = read(whole)
    first, second, third = kept["goals"]
    pks = set(whole.goals.values_list("pk", flat=True))

    with whole.edited(by=agent):
        write(whole, {"goals": [{**third, "text": "Dépenser mieux"}, {**second, "level": 3}]})

    goals = list(whole.goals.all())
    assert [(goal.text, goal.parent_id and goal.parent.text) for goal in goals] == [
        ("Dépenser mieux", None),
        ("Manger ensemble", "Dépenser mieux"),
    ]
    assert {goal.pk for goal in goals} < pks
    assert not Goal.objects.filter(text=first["text"]).exists()


def test_two_partners_exchange_their_roles(agent):
    action = ActionFactory()
    PartnershipFactory(action=action, role="host")
    PartnershipFactory(action=action, partner=action.partnerships.get().partner, role="funder")
    first, second = read(action)["partnerships"]

    with action.edited(by=agent):
        write(action, {"partnerships": [{**first, "role": "funder"}, {**second, "role": "host"}]})

    assert [row["role"] for row in read(action)["partnerships"]] == ["funder", "host"]


def test_only_the_names_asked_are_written(whole, agent):
    kept = read(whole)

    with whole.edited(by=agent):
        write(whole, {**kept, "title": "Autre", "goals": []}, ["title"])

    assert (read(whole)["title"], len(read(whole)["goals"])) == ("Autre", 3)


def test_edit_keeps_what_it_started_from_and_what_it_made(agent):
    action = ActionFactory(title="Cuisine")

    with action.edited(by=agent, reason="Le nom a changé."):
        action.title = "Jardin"

    first, second = action.versions.order_by("number")
    assert (first.number, first.kind, first.by, first.content["title"]) == (1, "loaded", None, "Cuisine")
    assert (second.number, second.kind, second.by, second.reason) == (2, "edited", agent, "Le nom a changé.")
    assert second.content == read(action)
    assert second.at == action.updated_at


def test_edit_of_a_sheet_that_somebody_saved_leaves_nothing(agent, colleague):
    action = ActionFactory(title="Cuisine")
    late = Action.objects.get()
    with action.edited(by=agent):
        action.title = "Jardin"

    with pytest.raises(StaleVersion), late.edited(by=colleague):
        late.title = "Théâtre"

    assert Action.objects.get().title == "Jardin"
    assert action.versions.count() == 2


def test_cost_of_an_edit_does_not_grow_with_the_rows(agent, django_assert_num_queries):
    for rows in (1, 3):
        action = ActionFactory()
        GoalFactory.create_batch(rows, action=action)
        with django_assert_num_queries(12), action.edited(by=agent):
            action.summary = "On cuisine."
