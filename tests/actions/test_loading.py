"""A sheet loaded whole is what the ORM's own queries give, in one query more than the sheet itself."""

import pytest

from actions.models import Action
from tests.catalogue.sheet.test_page import full_action
from tests.factories import GoalFactory

pytestmark = pytest.mark.django_db
RELATIONS = [*(field.name for field in Action._meta.many_to_many), *"goals criteria team_members partnerships".split()]
RELATIONS += "budget_lines staff_times sessions quotes media".split()
OF_ROWS = [("team_members", "unit"), ("team_members", "partner"), ("partnerships", "partner")]


def values(record, without=("outline",)) -> dict:
    """The value and the type of each column."""
    names = (field.attname for field in record._meta.concrete_fields if field.name not in without)
    return {name: (value := getattr(record, name), type(value)) for name in names}


@pytest.fixture
def sheet(unit):
    action = full_action(unit, 3)
    GoalFactory(action=action, parent=action.goals.first())
    return action


def test_every_relation_has_the_records_of_a_plain_query(sheet, django_assert_num_queries):
    full_action(sheet.team_members.first().unit, 2)  # another sheet gives it nothing
    plain = Action.objects.get(pk=sheet.pk)
    expected = {name: [values(record) for record in getattr(plain, name).all()] for name in RELATIONS}
    expected |= {(name, of): [values(getattr(row, of)) for row in getattr(plain, name).all()] for name, of in OF_ROWS}
    assert all(expected.values())

    with django_assert_num_queries(2):
        whole = Action.objects.for_sheet().get(pk=sheet.pk)
        loaded = {name: [values(record) for record in getattr(whole, name).all()] for name in RELATIONS}
        loaded |= {(name, of): [values(getattr(row, of)) for row in getattr(whole, name).all()] for name, of in OF_ROWS}
        assert all(row.action is whole for name in RELATIONS[6:] for row in getattr(whole, name).all())

    assert loaded == expected


def test_several_sheets_cost_as_one_and_each_has_its_own(sheet, unit, django_assert_num_queries):
    other, empty = full_action(unit, 1), Action.objects.exclude(goals__isnull=False).first()

    with django_assert_num_queries(2):
        loaded = {action.pk: action for action in Action.objects.for_sheet()}
        counts = {pk: len(action.goals.all()) for pk, action in loaded.items()}

    assert (counts[sheet.pk], counts[other.pk], counts[empty.pk]) == (4, 1, 0)


def test_manager_of_a_loaded_relation_still_asks_for_its_own_rows(sheet, unit):
    full_action(unit, 2)
    whole = Action.objects.for_sheet().get(pk=sheet.pk)

    assert whole.goals.filter(parent=None).count() == 3
    assert whole.audiences.filter(pk__gt=0).count() == 3


def test_no_sheet_is_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        assert list(Action.objects.for_sheet()) == []


def test_loading_twice_loads_each_relation_once(sheet, django_assert_num_queries):
    with django_assert_num_queries(2) as captured:
        Action.objects.for_snapshot().for_sheet().get(pk=sheet.pk)

    assert captured[1]["sql"].count('FROM "actions_goal" r') == 1


def test_outline_of_a_place_is_left_in_the_database(sheet):
    place = Action.objects.for_sheet().get(pk=sheet.pk).places.all()[0]

    assert place.get_deferred_fields() == {"outline"}
    assert place.outline is None
