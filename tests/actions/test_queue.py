"""« À relire »: the managers only, the first proposed first, one by one or several at once."""

import datetime as dt
import re

import pytest
from django.core import mail
from django.db import transaction
from django.utils import timezone

from actions.models import Action
from actions.workflows import PROPOSE
from tests.factories import ActionFactory, PrivacyFlagFactory
from tests.pages import assert_valid_html, first_headings

pytestmark = pytest.mark.django_db

QUEUE = "/a-relire/"


def proposed(agent, days: int = 0, *, ready: bool = True, note: str = "", **given) -> Action:
    """Proposed so many days ago."""
    action = ActionFactory(
        **{"published": True, "editorial_state": "draft"} if ready else {}, created_by=agent, **given
    )
    PROPOSE.carry_out(action, by=agent, reason=note)
    line = action.versions.first()
    line.at = timezone.now() - dt.timedelta(days=days)
    line.save()
    return action


def titles(html: str) -> list[str]:
    return re.findall(r'<h2 class="desk-row__title"><a [^>]*>([^<]*)</a>', html)


def ticked(*sheets) -> list[str]:
    return [f"{sheet.pk}:{sheet.version}" for sheet in sheets]


@pytest.fixture
def send(manager_client, django_capture_on_commit_callbacks):
    def post(**typed):
        with django_capture_on_commit_callbacks(execute=True):
            return manager_client.post(QUEUE, typed, follow=True)

    return post


@pytest.mark.parametrize("method", ["get", "head", "post", "put", "patch", "delete"])
@pytest.mark.parametrize(("reader", "code"), [("client", 302), ("agent_client", 404), ("stranger_client", 404)])
def test_queue_is_the_managers(method, reader, code, agent, request):
    action = proposed(agent)

    response = getattr(request.getfixturevalue(reader), method)(QUEUE, {"fiches": ticked(action), "publish": ""})

    assert response.status_code == (405 if code == 404 and method in ("put", "patch", "delete") else code)
    assert Action.objects.get().editorial_state == "proposed"


def test_the_first_proposed_is_read_first(manager_client, agent):
    proposed(agent, 3, title="Troisième")
    proposed(agent, 40, title="Première", note="On commence lundi.")
    proposed(agent, 12, title="Deuxième", ready=False)
    ActionFactory(title="Brouillon")
    PrivacyFlagFactory(action=Action.objects.get(title="Troisième"))

    page = manager_client.get(QUEUE).text

    assert titles(page) == ["Première", "Deuxième", "Troisième"]
    assert re.findall(r"il y a <strong>([^<]*)</strong> par ([^<]*)<", page) == [
        ("1\u00a0mois", "agent@example.org"),
        ("1\u00a0semaine", "agent@example.org"),
        ("3\u00a0jours", "agent@example.org"),
    ]
    assert "On commence lundi." in page
    assert page.count("Elle a tout ce qu’il faut") == 2
    assert page.count("Pour publier, il manque la phrase de résumé, le public visé, le lieu, le contact") == 1
    assert page.count("1 texte à regarder") == 1
    assert_valid_html(page)
    assert len(first_headings(page)) == 1


def test_empty_queue_says_so(manager_client):
    page = manager_client.get(QUEUE).text

    assert "Tout est lu" in page
    assert_valid_html(page)


@pytest.mark.parametrize("count", [1, 3])
def test_queue_asks_as_many_queries_whatever_it_shows(count, manager_client, agent, django_assert_num_queries):
    for _ in range(count):
        PrivacyFlagFactory(action=proposed(agent))

    with django_assert_num_queries(11):
        assert len(titles(manager_client.get(QUEUE).text)) == count


def test_queue_has_pages(manager_client, agent):
    ActionFactory.create_batch(21, editorial_state="proposed")

    assert len(titles(manager_client.get(QUEUE).text)) == 20
    assert len(titles(manager_client.get(f"{QUEUE}?page=2").text)) == 1
    assert len(titles(manager_client.get(f"{QUEUE}?page=zut").text)) == 20


def test_ticked_sheets_are_published_but_what_lacks_something(send, agent):
    one, two, bare = proposed(agent), proposed(agent), proposed(agent, ready=False, title="Vide")

    page = send(fiches=ticked(one, bare, two), publish="")

    assert set(Action.objects.published()) == {one, two}
    assert "2 fiches publiées." in page.text
    assert "Il manque la phrase de résumé" in page.text
    assert [message.to for message in mail.outbox] == [["agent@example.org"]] * 2
    assert titles(page.text) == ["Vide"]


def test_sheet_changed_since_it_was_read_is_not_published(send, agent):
    action = proposed(agent)
    read = ticked(action)
    with transaction.atomic(), action.edited(by=agent):
        action.summary = "Tout autre chose."

    page = send(fiches=read, publish="")

    assert "vient d’être modifiée par quelqu’un d’autre" in page.text
    assert (Action.objects.get().editorial_state, Action.objects.get().version) == ("proposed", 3)
    assert list(Action.objects.get().versions.values_list("number", flat=True)) == [3, 2, 1]


def test_several_are_archived_with_one_reason(send, agent):
    action, other = proposed(agent, title="Une"), proposed(agent, title="Autre")

    asked = send(fiches=ticked(action, other), archive="")
    assert asked.status_code == 200
    assert "Archiver 2 fiches" in asked.text
    assert_valid_html(asked.text)
    assert Action.objects.proposed().count() == 2

    refused = send(fiches=ticked(action, other), archive="1", reason=" ")
    assert refused.status_code == 422

    done = send(fiches=ticked(action, other), archive="1", reason="Deux doublons.")
    assert "2 fiches archivées." in done.text
    assert set(Action.objects.values_list("editorial_state", "editorial_reason")) == {("archived", "Deux doublons.")}
    assert len(mail.outbox) == 2


def test_sending_twice_ends_the_same_and_tells_once(send, agent):
    read = ticked(proposed(agent))

    send(fiches=read, publish="")
    again = send(fiches=read, publish="")

    assert again.status_code == 200
    assert "C’était déjà fait" in again.text
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("values", [["x"], ["1:"], ["9:9"], ["1:1:1"], ["9" * 5000 + ":1"]])
def test_forged_ticks_move_nothing(values, send, agent):
    proposed(agent)

    assert send(fiches=values, publish="").status_code == 200
    assert Action.objects.get().editorial_state == "proposed"


def test_nothing_ticked_is_said(send, agent):
    proposed(agent)

    page = send(publish="")

    assert page.status_code == 422
    assert "Cochez d’abord" in page.text
