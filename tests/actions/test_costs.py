"""What a save costs, from the address to the answer, the catalogue brought up to date included."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.actions.filing import autosave, fill
from tests.catalogue.sheet.test_page import full_action


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("step", "change"),
    [("identite", {"summary": "Un jardin."}), ("comment", {"session_count": "12"})],
)
def test_autosave_of_one_field_of_a_published_sheet_costs_the_same_whatever_its_rows(
    manager_client, unit, step, change
):
    manager_client.get("/mes-actions/")  # the first request of a session writes it
    costs = []
    for rows in (1, 30):
        action = full_action(unit, rows)
        fields = fill(manager_client, action, step, **change)
        with CaptureQueriesContext(connection) as captured:
            answer = autosave(manager_client, action, step, fields)
        assert answer.status_code == 200, answer.text
        assert any('INSERT INTO "catalogue_entry"' in query["sql"] for query in captured)
        costs.append(len(captured))

    assert costs[0] == costs[1] <= 60
