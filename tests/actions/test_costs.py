"""What a save costs, from the address to the answer, the catalogue brought up to date included."""

import re

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.actions.filing import autosave, fill
from tests.catalogue.sheet.test_page import full_action
from tests.factories import ActionFactory, AgendaItemFactory, MeetingFactory


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
        with transaction.atomic():  # the catalogue hears of all these rows at once
            action = full_action(unit, rows)
        fields = fill(manager_client, action, step, **change)
        with CaptureQueriesContext(connection) as captured:
            answer = autosave(manager_client, action, step, fields)
        assert answer.status_code == 200, answer.text
        assert any('INSERT INTO "catalogue_entry"' in query["sql"] for query in captured)
        costs.append(len(captured))

    assert costs[0] == costs[1] <= 60


@pytest.mark.django_db
def test_pages_find_sheets_by_their_keys_and_not_by_a_join(agent, agent_client, manager_client, unit):
    """Until its statistics are fresh PostgreSQL believes that so wide a table has one row, and compares with each of them."""
    source = full_action(unit, 1)
    sheet = ActionFactory(published=True, carrier_unit=unit, inspired_by=source)
    ActionFactory(carrier_unit=unit, created_by=agent)
    meeting = MeetingFactory(territory=unit)
    AgendaItemFactory(meeting=meeting, action=sheet)
    AgendaItemFactory(waiting=True, action=source)
    of_agents = [sheet.get_absolute_url(), "/mes-actions/", "/mes-actions/?qui=moi", "/mes-actions/?etat=publiees"]
    of_managers = [f"{meeting.get_absolute_url()}{page}" for page in ("", "preparer/", "presentation/")]
    asked = []

    for client, addresses in ((agent_client, ["/", *of_agents]), (manager_client, [*of_managers, *of_agents])):
        for address in addresses:
            with CaptureQueriesContext(connection) as captured:
                assert client.get(address).status_code == 200
            asked += [select for query in captured for select in query["sql"].split(" UNION ")]

    tables = [re.findall(r'(?:FROM|JOIN) "(\w+)"', sql) for sql in asked]
    assert sum("actions_action" in names for names in tables) > 20
    for sql, names in zip(asked, tables, strict=True):
        of_one = (
            "LEFT OUTER JOIN" in sql and 'ON ("actions_action"."inspired_by_id"' in sql
        )  # its sources, one row each
        assert of_one or names.count("actions_action") < 2, sql
        assert names[:1] != ["meetings_agendaitem"] or 'LEFT OUTER JOIN "actions_action"' not in sql, sql
