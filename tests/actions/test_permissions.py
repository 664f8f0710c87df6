"""Who sees and who edits a sheet: one table, read by every kind of person."""

import pytest
from django.contrib.auth.models import AnonymousUser

from actions.models import Action
from tests.factories import ActionFactory, TeamMemberFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def sheets(unit, other_unit, stranger):
    """One sheet of each kind, named; « équipe » is carried by the other unit's neighbour, with the stranger in its team."""
    ActionFactory(title="brouillon", carrier_unit=unit)
    ActionFactory(title="proposée", carrier_unit=unit, editorial_state="proposed")
    ActionFactory(title="archivée", carrier_unit=unit, editorial_state="archived")
    ActionFactory(title="publique", carrier_unit=unit, published=True)
    ActionFactory(title="entre agents", carrier_unit=unit, published=True, visibility="agents")
    ActionFactory(title="équipe", carrier_unit=unit)
    TeamMemberFactory(action=Action.objects.get(title="équipe"), user=stranger)
    ActionFactory(title="autre brouillon", carrier_unit=other_unit)
    ActionFactory(title="ailleurs", elsewhere=True, published=True)


UNIT = {"archivée", "brouillon", "entre agents", "proposée", "publique", "équipe"}
EVERYTHING = UNIT | {"ailleurs", "autre brouillon"}
SIGNED_IN = {"ailleurs", "entre agents", "publique"}


@pytest.mark.usefixtures("sheets")
@pytest.mark.parametrize(
    ("person", "seen", "edited"),
    [
        ("agent", UNIT | SIGNED_IN, UNIT),
        ("colleague", UNIT | SIGNED_IN, UNIT),
        ("stranger", SIGNED_IN | {"équipe", "autre brouillon"}, {"équipe", "autre brouillon"}),
        ("manager", EVERYTHING, EVERYTHING),
        ("admin_user", EVERYTHING, EVERYTHING),
    ],
)
def test_person_sees_and_edits(request, person, seen, edited):
    user = request.getfixturevalue(person)

    assert sorted(a.title for a in Action.objects.visible_to(user)) == sorted(seen)
    assert sorted(a.title for a in Action.objects.editable_by(user)) == sorted(edited)


@pytest.mark.usefixtures("sheets")
def test_visitor_sees_public_sheets_and_edits_none():
    assert sorted(a.title for a in Action.objects.visible_to(AnonymousUser())) == ["ailleurs", "publique"]
    assert list(Action.objects.editable_by(AnonymousUser())) == []


@pytest.mark.usefixtures("sheets")
def test_permission_narrows_what_is_asked_and_never_widens_it(agent, manager):
    drafts = Action.objects.filter(editorial_state="draft", title="brouillon")

    for user in (agent, manager):
        assert [a.title for a in drafts.visible_to(user)] == ["brouillon"]
        assert [a.title for a in drafts.editable_by(user)] == ["brouillon"]


def test_person_in_the_team_twice_sees_the_sheet_once(stranger):
    action = ActionFactory()
    TeamMemberFactory(action=action, user=stranger)
    TeamMemberFactory(action=action, user=stranger, role="referent")

    assert list(Action.objects.visible_to(stranger)) == [action]
