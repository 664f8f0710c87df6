"""Two people who do the same thing at the same moment."""

import threading

import pytest
from django.db import connection, transaction

from actions.models import Action
from tests.factories import ActionFactory, DomainFactory, TerritoryFactory

pytestmark = pytest.mark.engine


@pytest.mark.django_db(transaction=True)
def test_two_sheets_of_one_title_filed_at_once_get_two_addresses():
    """The second, which cannot see the first yet, waits for it instead of taking its address and failing."""
    domain, unit = DomainFactory(), TerritoryFactory(local_unit=True)
    failures = []

    def file_another():
        try:
            ActionFactory(title="Cuisine", domain=domain, carrier_unit=unit)
        except Exception as failure:
            failures.append(failure)
        finally:
            connection.close()

    second = threading.Thread(target=file_another)
    with transaction.atomic():
        ActionFactory(title="Cuisine", domain=domain, carrier_unit=unit)
        second.start()
        second.join(timeout=0.5)
    second.join()

    assert failures == []
    assert set(Action.objects.values_list("slug", flat=True)) == {"cuisine", "cuisine-2"}
