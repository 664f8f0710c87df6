"""A server is at the hour of its département."""

import pytest

from isic.lib.startup import CHECKS, NotReady
from territories.startup import require_hour
from tests.factories import TerritoryFactory

pytestmark = pytest.mark.django_db


def test_server_at_the_hour_of_another_departement_does_not_start(settings):
    TerritoryFactory(home=True, name="La Réunion", code="974")

    with pytest.raises(NotReady, match="donnez DEPARTMENT_CODE=974"):
        require_hour()
    settings.DEPARTMENT_CODE = "974"
    require_hour()

    assert require_hour in CHECKS


@pytest.mark.parametrize("code", ["01", "2A"])
def test_server_of_the_same_hour_starts(code):
    TerritoryFactory(home=True, code=code)

    require_hour()
