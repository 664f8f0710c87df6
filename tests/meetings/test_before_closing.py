"""« Avant de clore »: what nobody said yet, each a link, beside the minutes to come; closing stays possible, with a sentence."""

import pytest
from django.urls import reverse

from meetings.closing import missing
from meetings.models import Meeting
from tests.factories import AgendaItemFactory, MeetingFactory, MemberFactory
from tests.pages import assert_valid_html

pytestmark = [pytest.mark.engine, pytest.mark.django_db]


@pytest.fixture
def meeting():
    """Everything is there."""
    meeting = MeetingFactory(held=True)
    MemberFactory(meeting=meeting, name="Camille", email="camille@example.org", presence="present")
    AgendaItemFactory(meeting=meeting, action__title="Cuisine", outcome="supported", brings="Un local.").release()
    return meeting


def close_page(client, meeting, **data):
    path = reverse("meetings:close", args=[meeting.pk])
    return client.post(path, {"seen": meeting.version, **data}) if data else client.get(path)


def test_nothing_is_asked_where_all_is_told(manager_client, meeting):
    AgendaItemFactory(meeting=meeting, topic=True)  # may leave nothing to say

    page = close_page(manager_client, meeting)

    assert_valid_html(page.text)
    assert missing(meeting) == []
    assert "Tout est dit" in page.text
    assert 'name="reason"' not in page.text
    assert "Un local." in page.text, "the minutes to come are beside"
    assert close_page(manager_client, meeting, x="1").status_code == 302
    assert Meeting.objects.get().state == "closed"


FAULTS = {
    "no outcome": ({"title": "Jardin"}, {}, "outcome", "«\u00a0Jardin\u00a0» n’a pas d’avis."),
    "no date": ({"title": "Jardin", "outcome": "rework"}, {}, "outcome", "est à retravailler, sans date"),
    "unreleased": ({"outcome": "supported"}, {}, "meeting", "1\u00a0avis n’est pas communiqué"),
    "approval": ({"kind": "approval"}, {}, "outcome", "Approbation du compte rendu"),
    "presence": (None, {"name": "Sacha", "email": "s@example.org"}, "presences", "Présences à dire\u00a0: Sacha."),
    "address": (None, {"name": "Sacha", "presence": "excused"}, "people", "Sans adresse"),
}


@pytest.mark.parametrize(("item", "member", "page", "words"), FAULTS.values(), ids=FAULTS)
def test_what_is_missing_leads_where_it_is_told(item, member, page, words, manager_client, meeting):
    args = [meeting.pk]
    if member:
        MemberFactory(meeting=meeting, **member)
    if item is not None:
        title = item.pop("title", "Autre")
        action = {"action": None} if item.get("kind") else {"action__title": title}
        passage = AgendaItemFactory(meeting=meeting, **item, **action)
        args += [passage.pk] if page == "outcome" else []

    html = close_page(manager_client, meeting).text

    lines = [one for one in missing(meeting) if words in one.words]
    assert [line.url.partition("#")[0] for line in lines] == [reverse(f"meetings:{page}", args=args)]
    assert f'href="{lines[0].url}"' in html
    assert_valid_html(html)


def test_meeting_without_members_says_so(meeting):
    meeting.members.all().delete()

    assert [one.words for one in missing(meeting)] == [
        "La liste des participants est vide\u00a0: personne ne recevra le compte rendu."
    ]


def test_meeting_is_closed_all_the_same_with_one_sentence(manager_client, agent_client, meeting):
    AgendaItemFactory(meeting=meeting)

    refused = close_page(manager_client, meeting, reason="")
    done = [close_page(manager_client, meeting, reason="Le porteur n’est pas venu.").status_code for _ in range(2)]

    assert (refused.status_code, done) == (422, [302, 302])
    assert Meeting.objects.get().reason == "Le porteur n’est pas venu."
    assert "Le porteur n’est pas venu." in manager_client.get(meeting.get_absolute_url()).text
    assert "Le porteur n’est pas venu." not in agent_client.get(meeting.get_absolute_url()).text


def test_page_costs_the_same_with_one_passage_and_three(manager_client, meeting, cost_of):
    def fill():
        AgendaItemFactory(meeting=meeting)
        MemberFactory(meeting=meeting)

    assert cost_of(manager_client, reverse("meetings:close", args=[meeting.pk]), fill) > 0
