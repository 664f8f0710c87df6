"""The index and `visible_to` never disagree about a sheet of the catalogue."""

import pytest
from django.contrib.auth.models import AnonymousUser

from actions.models import Action
from tests.catalogue.asking import ask
from tests.factories import ActionFactory, TeamMemberFactory

pytestmark = pytest.mark.engine

PEOPLE = ("anonymous", "agent", "colleague", "stranger", "manager", "admin_user")


@pytest.fixture
def sheets(unit, stranger):
    """Every state of a sheet, for every audience."""
    created = []
    for state in Action.EditorialState.values:
        for visibility in Action.Visibility.values:
            created.append(
                ActionFactory(published=True, carrier_unit=unit, editorial_state=state, visibility=visibility)
            )
            created.append(ActionFactory(elsewhere=True, published=True, editorial_state=state, visibility=visibility))
    for action in created:
        TeamMemberFactory(action=action, user=stranger)
    return created


@pytest.mark.parametrize("person", PEOPLE)
def test_the_catalogue_shows_the_published_sheets_that_one_may_see(request, sheets, person):
    user = AnonymousUser() if person == "anonymous" else request.getfixturevalue(person)
    seen = set(ask(user=user)[:])

    assert {sheet.pk: sheet.pk in seen for sheet in sheets} == {
        sheet.pk: Action.objects.published().visible_to(user).filter(pk=sheet.pk).exists() for sheet in sheets
    }


@pytest.mark.parametrize("person", PEOPLE)
def test_the_list_and_the_sheet_agree_for_each_person(request, client, client_of, sheets, person):
    visitor = client if person == "anonymous" else client_of(request.getfixturevalue(person))
    page = visitor.get("/actions/").text

    for sheet in sheets:
        listed = f'data-action="{sheet.slug}"' in page
        assert listed == (sheet.is_published and visitor.get(sheet.get_absolute_url()).status_code == 200)


def test_no_word_of_a_hidden_sheet_helps_a_visitor(client, sheets, unit):
    ActionFactory(published=True, carrier_unit=unit, visibility="agents", title="Kumquatier")
    ActionFactory(carrier_unit=unit, title="Kumquatière", summary="kumquatier")

    page = client.get("/actions/", {"q": "kumquatie"}).text

    assert "kumquatier" not in page.lower()
