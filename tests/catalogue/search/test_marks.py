"""Every way of writing what a sheet shows leaves a mark, in the same transaction, or is refused."""

import pytest
from django.db import transaction
from django.urls import reverse

from actions.models import Action, Domain, PrivacyFlag, Version
from catalogue.models import Stale
from catalogue.search import marks
from meetings.models import AgendaItem
from tests import factories
from tests.catalogue.asking import ask
from tests.factories import (
    ActionFactory,
    AudienceFactory,
    DomainFactory,
    FrameworkFactory,
    GoalFactory,
    LeverFactory,
    PartnerFactory,
    SynonymFactory,
    TerritoryFactory,
    ThemeFactory,
)

pytestmark = pytest.mark.engine

PARTS = [getattr(factories, f"{model.__name__}Factory") for model in marks.ROW_MODELS]
LABELS = [getattr(factories, f"{model.__name__}Factory") for model in marks.LABELS]
LISTS = {
    "audiences": AudienceFactory,
    "frameworks": FrameworkFactory,
    "levers": LeverFactory,
    "other_units": lambda: TerritoryFactory(local_unit=True),
    "places": TerritoryFactory,
    "themes": ThemeFactory,
}


def marked() -> set:
    """The sheets marked since last asked (None: the labels)."""
    marked_keys = set(Stale.objects.values_list("action_id", flat=True))
    Stale.objects.all().delete()
    return marked_keys


@pytest.fixture
def action(db):
    action = ActionFactory(published=True)
    marked()
    return action


def test_the_lists_of_a_sheet_are_all_walked_through():
    assert LISTS.keys() == {field.name for field in Action._meta.many_to_many}
    parts = {rel.related_model for rel in Action._meta.related_objects if rel.one_to_many}
    assert parts - {Action, Version, PrivacyFlag, AgendaItem} == set(
        marks.ROW_MODELS
    )  # no sheet shows its history, nor what is asked or said of it


def test_a_sheet_is_marked_when_made_saved_and_deleted(db):
    with transaction.atomic():
        action = ActionFactory(domain=DomainFactory(), carrier_unit=TerritoryFactory(local_unit=True))
    assert action.pk in marked()
    with transaction.atomic():
        action.save()
    assert marked() == {action.pk}
    pk = action.pk
    with transaction.atomic():
        action.delete()
    assert marked() == {pk}


def test_the_moves_of_a_sheet_mark_it(action):
    for move in (
        lambda: action.archive(by=None, reason="finie"),
        lambda: action.reopen(by=None, reason="reprise"),
        lambda: action.publish(by=None),
    ):
        move()
        assert marked() == {action.pk}


@pytest.mark.parametrize("factory", PARTS, ids=lambda factory: factory._meta.model.__name__)
def test_a_part_marks_its_sheet(action, factory):
    part = factory(action=action)
    assert action.pk in marked()
    with transaction.atomic():
        part.save()
    assert marked() == {action.pk}
    with transaction.atomic():
        part.delete()
    assert marked() == {action.pk}


def test_parts_deleted_together_mark_each_sheet(action):
    other = ActionFactory()
    for one in (action, other):
        GoalFactory(action=one)
    marked()
    with transaction.atomic():
        GoalFactory._meta.model.objects.all().delete()
    assert marked() == {action.pk, other.pk}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_marks_its_sheet_from_the_side_of_the_sheet(action, name):
    one, two = LISTS[name](), LISTS[name]()
    marked()
    values = getattr(action, name)
    for change in (
        lambda: values.add(one),
        lambda: values.set([two]),
        lambda: values.remove(two),
        lambda: values.add(one, two),
        values.clear,
    ):
        with transaction.atomic():
            change()
        assert marked() == {action.pk}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_marks_its_sheets_from_the_side_of_the_value(action, name):
    other = ActionFactory()
    value = LISTS[name]()
    marked()
    sheets = getattr(value, Action._meta.get_field(name).remote_field.related_name)
    for change, expected in (
        (lambda: sheets.add(action), {action.pk}),
        (lambda: sheets.set([other]), {action.pk, other.pk}),
        (lambda: sheets.remove(other), {other.pk}),
        (lambda: sheets.add(action, other), {action.pk, other.pk}),
        (sheets.clear, {action.pk, other.pk}),
    ):
        with transaction.atomic():
            change()
        assert marked() == expected


@pytest.mark.parametrize("factory", LABELS, ids=lambda factory: factory._meta.model.__name__)
def test_a_label_marks_the_labels(db, factory):
    label = factory()
    assert None in marked()
    with transaction.atomic():
        label.save()
    assert marked() == {None}
    with transaction.atomic():
        label.delete()
    assert marked() == {None}


@pytest.mark.parametrize("name", LISTS)
def test_a_deleted_value_marks_the_sheets_that_had_it(action, name):
    value = LISTS[name]()
    with transaction.atomic():
        getattr(action, name).add(value)
    marked()
    with transaction.atomic():
        value.delete()
    assert marked() == {None, action.pk}


def test_values_deleted_together_mark_the_sheets_that_had_them(action):
    marked()
    with transaction.atomic():
        action.audiences.all().delete()
    assert marked() == {None, action.pk}


def test_what_a_local_unit_serves_marks_the_labels(db):
    unit, commune = TerritoryFactory(local_unit=True), TerritoryFactory()
    marked()
    for change in (
        lambda: unit.serves.add(commune),
        lambda: unit.serves.remove(commune),
        lambda: commune.served_by.add(unit),
        lambda: commune.served_by.clear(),
        lambda: unit.serves.set([commune]),
    ):
        with transaction.atomic():
            change()
        assert marked() == {None}


def test_a_bulk_write_is_marked_by_whoever_does_it(action):
    with transaction.atomic():
        Action.objects.filter(pk=action.pk).update(is_featured=True)
        marks.mark([action.pk])
    assert marked() == {action.pk}


def test_the_admin_marks_what_it_writes(action, admin_client):
    domain = action.domain
    url = reverse("admin:actions_domain_change", args=[domain.pk])
    form = admin_client.get(url).context["adminform"].form
    data = {name: form.get_initial_for_field(field, name) or "" for name, field in form.fields.items()}
    response = admin_client.post(url, data | {"name": "Un autre nom"})

    assert response.status_code == 302
    assert Domain.objects.get(pk=domain.pk).name == "Un autre nom"
    assert marked() == {None}


def test_the_bulk_actions_of_the_admin_mark_each_sheet(action, manager_client, manager):
    other = ActionFactory(published=True)
    marked()
    url = reverse("admin:actions_action_changelist")
    page = manager_client.get(url)
    choices = [value for value, _label in page.context["action_form"].fields["action"].choices if "archive" in value]
    assert choices
    data = {"action": choices[0], "_selected_action": [action.pk, other.pk], "reason": "finies", "confirm": "oui"}
    manager_client.post(url, data)

    moved = set(Action.objects.exclude(editorial_state="published").values_list("pk", flat=True))
    assert marked() == moved == {action.pk, other.pk}


# --- Outside a transaction ----------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_is_saved():
    action, synonym = ActionFactory(published=True, title="Avant"), SynonymFactory()
    goal, partner = GoalFactory(action=action), PartnerFactory()
    marked()
    action.title = goal.text = action.contact.label = partner.name = synonym.words = "Après"

    for write in (
        action.save,
        goal.save,
        action.contact.save,
        partner.save,
        synonym.save,
        lambda: marks.mark([action.pk]),
        lambda: Domain.objects.create(name="Nouveau"),
    ):
        with pytest.raises(transaction.TransactionManagementError):
            write()

    for row in (action, goal, partner, synonym):
        row.refresh_from_db()
    assert (action.title, goal.text) == ("Avant", "Rompre l’isolement")
    assert "Après" not in (action.contact.label, partner.name, synonym.words)
    assert not Domain.objects.filter(name="Nouveau").exists()
    assert marked() == set()


@pytest.mark.django_db(transaction=True)
def test_what_django_writes_in_a_transaction_of_its_own_shows_at_once():
    """Lists and deletions are atomic by themselves: their mark is in, and drained as soon as they commit."""
    action, audience = ActionFactory(published=True), AudienceFactory()
    unit, commune = TerritoryFactory(local_unit=True), TerritoryFactory()

    action.audiences.add(audience)
    assert ask(public=audience.pk)[:] == [action.pk]
    audience.actions.clear()
    assert ask(public=audience.pk)[:] == []
    action.places.set([commune])
    unit.serves.add(commune)
    assert ask(territoire=unit.pk)[:] == [action.pk]
    action.delete()
    assert ask()[:] == []
    assert marked() == set()


@pytest.mark.django_db(transaction=True)
def test_a_rollback_leaves_no_mark():
    action = ActionFactory(published=True)
    marked()

    with transaction.atomic():
        action.save()
        assert Stale.objects.filter(action_id=action.pk).exists()
        transaction.set_rollback(True)

    assert marked() == set()


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_savepoint_takes_its_mark_along():
    kept, undone = ActionFactory(published=True), ActionFactory(published=True)
    marked()

    with transaction.atomic():
        kept.save()
        with transaction.atomic():
            undone.save()
            transaction.set_rollback(True)
        assert set(Stale.objects.values_list("action_id", flat=True)) == {kept.pk}
