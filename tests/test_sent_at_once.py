"""The same form sent six times at once is done once, and each sending gets the page that the first one gets: never a conflict."""

import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.urls import reverse
from django.utils import timezone

from actions.models import Action
from meetings.models import AgendaItem
from partners.models import Partner
from tests.actions.filing import fill
from tests.actions.test_filing_processes import Sender
from tests.factories import ActionFactory, MeetingFactory, TeamMemberFactory
from tests.forks import serving
from tests.meetings.hand import Hand

pytestmark = [pytest.mark.engine, pytest.mark.processes, pytest.mark.django_db(transaction=True)]


def statuses(client, path: str, fields: dict) -> set[int]:
    """200 is the page that a redirect leads to."""
    sender = Sender(client)
    with serving() as url, ThreadPoolExecutor(6) as pool:
        return set(pool.map(lambda _: sender(url + path, fields), range(6)))


@pytest.mark.parametrize("move", ["actions:propose", "actions:publish"])
def test_move(move, unit, manager_client):
    sheet = ActionFactory(published=True, editorial_state="draft", carrier_unit=unit)
    path = reverse(move, args=[sheet.slug])
    fields = Hand(manager_client, path).fields

    assert statuses(manager_client, path, fields) == {200}
    assert sheet.versions.count() == 2  # where it started from, and the move


def test_proposal_to_the_instance(unit, agent, agent_client):
    sheet = ActionFactory(published=True, carrier_unit=unit)
    TeamMemberFactory(action=sheet, user=agent, role="referent")
    MeetingFactory(deadline_on=timezone.localdate())
    path = reverse("meetings:propose", args=[sheet.slug])
    fields = Hand(agent_client, path).fields | {"question": "Comment durer\u00a0?"}

    assert statuses(agent_client, path, fields) == {200}
    assert AgendaItem.objects.get().presenters.count() == 1


def test_step_with_a_new_partner(unit, agent_client):
    draft = ActionFactory(carrier_unit=unit)
    path = reverse("actions:step", args=[draft.slug, "comment"])
    row = {"partner": "Le Relais", "role": "host", "key": str(uuid.uuid4())}
    rows = {"partnerships-TOTAL_FORMS": "1", **{f"partnerships-0-{name}": value for name, value in row.items()}}
    fields = fill(agent_client, draft, "comment", **rows)
    asked = agent_client.post(path, fields)
    box = asked.context["form"].rows["partnerships"][0]["partner"].confirmation["name"]

    assert statuses(agent_client, path, fields | {box: "on"}) == {200}
    assert Partner.objects.filter(name="Le Relais").count() == 1
    assert Action.objects.get().partnerships.count() == 1
