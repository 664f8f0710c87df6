"""How a sheet moves from state to state, and that nobody loses an edit."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from actions.models import Action
from isic.lib.versions import StaleVersion
from tests.factories import ActionFactory

pytestmark = pytest.mark.django_db

STATES = list(Action.EditorialState)


@pytest.mark.parametrize("state", ["draft", "proposed", "published"])
def test_publish_puts_the_sheet_in_the_catalogue(state, manager):
    action = ActionFactory(
        published=True, editorial_state=state, editorial_reason="À compléter.", published_at=timezone.now()
    )

    action.publish(by=manager)

    action.refresh_from_db()
    assert (action.editorial_state, action.editorial_reason, action.version) == ("published", "", 2)
    assert action.published_by == manager
    assert action.verified_on is None  # only an answer to « est-elle toujours d’actualité ? » verifies
    assert action.review_due_on == timezone.localdate() + dt.timedelta(days=365)


def test_publish_refuses_an_archived_sheet(manager):
    action = ActionFactory(published=True, title="Cuisine", editorial_state="archived")

    with pytest.raises(ValidationError) as refusal:
        action.publish(by=manager)

    assert refusal.value.messages == ["«\u00a0Cuisine\u00a0» est archivée\u00a0: rouvrez-la d’abord."]
    assert Action.objects.get().editorial_state == "archived"


def test_publish_names_what_is_missing(manager):
    action = ActionFactory(title="Cuisine")

    with pytest.raises(ValidationError) as refusal:
        action.publish(by=manager)

    assert refusal.value.messages == [
        "Il manque la phrase de résumé, le public visé, le lieu, le contact du service pour publier «\u00a0Cuisine\u00a0»."
    ]
    assert (action.editorial_state, action.version) == ("draft", 1)


def test_a_sheet_from_elsewhere_needs_no_contact_and_is_never_due(manager):
    action = ActionFactory(published=True, elsewhere=True, editorial_state="draft", contact=None, review_due_on=None)

    action.publish(by=manager)

    action.refresh_from_db()
    assert (action.editorial_state, action.review_due_on) == ("published", None)
    assert not Action.objects.without_contact().exists()


def test_publish_again_keeps_the_first_date_and_hand(manager, admin_user):
    first = dt.datetime(2025, 9, 1, tzinfo=dt.UTC)
    action = ActionFactory(published=True, published_at=first, published_by=manager, verified_on=dt.date(2025, 9, 2))

    action.archive(by=manager, reason="Doublon.")
    action.reopen(by=manager, reason="Finalement non.")
    action.publish(by=admin_user)

    action.refresh_from_db()
    assert (action.published_at, action.published_by, action.verified_on) == (first, manager, dt.date(2025, 9, 2))
    assert action.version == 4


@pytest.mark.parametrize(("verb", "state"), [("archive", "archived"), ("reopen", "draft")])
@pytest.mark.parametrize("before", STATES)
def test_sheet_is_archived_or_reopened_from_every_state_with_a_reason(verb, state, before, manager):
    action = ActionFactory(published=True, editorial_state=before)

    getattr(action, verb)(by=manager, reason="Le groupe a changé de nom.")

    action.refresh_from_db()
    assert (action.editorial_state, action.editorial_reason) == (state, "Le groupe a changé de nom.")


@pytest.mark.parametrize(
    ("verb", "sentence"),
    [
        ("archive", "Dites en une phrase pourquoi la fiche est archivée."),
        ("reopen", "Dites en une phrase pourquoi la fiche redevient un brouillon."),
    ],
)
def test_sheet_does_not_leave_the_catalogue_without_a_reason(verb, sentence, manager):
    action = ActionFactory(published=True)

    with pytest.raises(ValidationError) as refusal:
        getattr(action, verb)(by=manager, reason="")

    assert refusal.value.messages == [sentence]
    assert Action.objects.get().editorial_state == "published"


def test_second_edit_of_one_version_is_refused(manager):
    seen_by_one = ActionFactory(published=True)
    seen_by_other = Action.objects.get()

    seen_by_one.archive(by=manager, reason="Doublon.")
    with pytest.raises(StaleVersion):
        seen_by_other.publish(by=manager)

    assert (Action.objects.get().editorial_state, Action.objects.get().version) == ("archived", 2)


def test_version_is_taken_from_what_the_editor_saw():
    action = ActionFactory(version=7)

    with transaction.atomic():
        action.take_version(7)
        action.summary = "Une phrase."
        action.save()

    assert (Action.objects.get().version, Action.objects.get().summary) == (8, "Une phrase.")


@pytest.mark.django_db(transaction=True)
def test_version_is_not_taken_outside_a_transaction():
    action = ActionFactory()

    with pytest.raises(transaction.TransactionManagementError):
        action.take_version(1)

    assert Action.objects.get().version == 1
