"""The pages of a sheet: who is shown which, and that a room above adds one by a line."""

import re

import pytest

from actions import sheet_pages
from actions.sheet_pages import TABS, Tab
from isic.lib.registry import Registry
from tests.factories import ActionFactory

pytestmark = pytest.mark.django_db

TAB = re.compile(r'<li><a href="([^"]+)"(?: aria-current="(\w+)")?>([^<]+)</a></li>')


def tabs(page: str) -> dict[str, tuple[str, str]]:
    """Label → (address, what it is to the page that is shown)."""
    _, _, bar = page.partition('aria-label="Pages de l’action"')
    return {label: (url, current) for url, current, label in TAB.findall(bar.partition("</nav>")[0])}


@pytest.fixture
def action(unit):
    return ActionFactory(title="Cuisine", published=True, carrier_unit=unit)


@pytest.mark.parametrize(
    ("reader", "labels"),
    [
        ("client", []),
        ("stranger_client", ["Fiche", "Instance ISIC"]),
        ("agent_client", ["Fiche", "Modifier", "Historique", "Instance ISIC"]),
    ],
)
def test_each_reader_has_the_pages_that_open_to_him(reader, labels, action, request):
    client = request.getfixturevalue(reader)

    shown = tabs(client.get(action.get_absolute_url()).text)

    assert list(shown) == labels
    assert [client.get(url).status_code for url, _current in shown.values()] == [200] * len(labels)


@pytest.mark.parametrize(
    ("path", "label", "current"),
    [
        ("", "Fiche", "page"),
        ("modifier/", "Modifier", "page"),
        ("medias/", "Modifier", "true"),
        ("historique/", "Historique", "page"),
        ("isic/", "Instance ISIC", "page"),
        ("isic/proposer/", "Instance ISIC", "true"),
        ("proposer/", None, ""),
    ],
)
def test_the_tab_of_a_page_is_marked(path, label, current, action, agent_client):
    shown = tabs(agent_client.get(action.get_absolute_url() + path).text)

    assert len(shown) == 4
    assert {name: mark for name, (_url, mark) in shown.items() if mark} == ({label: current} if label else {})


def test_a_room_above_adds_a_page_by_one_line(action, agent_client, monkeypatch):
    more = Registry("nowhere")
    for tab in TABS:
        more.add(tab)
    more.add(Tab("followup", "Suivi", "actions:redo"))
    monkeypatch.setattr(sheet_pages, "TABS", more)

    assert list(tabs(agent_client.get(action.get_absolute_url()).text))[-1] == "Suivi"


def test_a_visitor_pays_nothing_for_the_pages_of_agents(action, client, monkeypatch):
    monkeypatch.setattr(sheet_pages, "TABS", None)  # reading it would fail

    assert client.get(action.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("path", ["modifier/", "historique/", "medias/", "isic/proposer/", "proposer/"])
def test_who_only_reads_a_sheet_opens_no_page_of_its_team(path, action, stranger_client, agent_client):
    answers = [client.get(action.get_absolute_url() + path) for client in (stranger_client, agent_client)]

    assert [answer.status_code for answer in answers] == [404, 200]
