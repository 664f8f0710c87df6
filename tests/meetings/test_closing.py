"""A closed meeting: its passages and its minutes are locked; a correction is a new version, with its reason."""

import json

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from isic.lib.versions import StaleVersion
from meetings.forms.outcomes import OutcomeForm
from meetings.minutes import as_read, close, content, correctable
from meetings.models import AgendaItem, Meeting, Minutes
from tests.factories import AgendaItemFactory, MeetingFactory, MemberFactory, PresenterFactory, TaskFactory
from tests.meetings.hand import Hand, base_for
from tests.papers import pages_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def item():
    """A passage of a meeting that is held, with people, words and a follow-up."""
    meeting = MeetingFactory(held=True)
    MemberFactory(meeting=meeting, name="Camille Exemple", presence="present")
    item = AgendaItemFactory(meeting=meeting, outcome="advised", brings="Un local à Bourg.")
    PresenterFactory(item=item, name="Dominique Exemple")
    TaskFactory(meeting=meeting, item=item, what="Appeler la mairie", who="Claude Exemple")
    return item


@pytest.fixture
def closed(item, manager):
    close(item.meeting, by=manager)
    return AgendaItem.objects.get(pk=item.pk)


def url(name, item):
    return reverse(f"meetings:{name}", args=[item.meeting_id])


def corrected(item, reason="Le lieu était faux.", base=None, **values):
    """What the page of correction sends."""
    form = OutcomeForm(instance=AgendaItem.objects.get(pk=item.pk))
    data = {form.add_prefix(name): form[name].value() or "" for name in form.fields if name != "is_to_spread"}
    data |= {form.add_prefix(name): value for name, value in values.items()}
    present = {f"presence-{member.pk}": member.presence for member in item.meeting.members.all()}
    start = base_for(correctable(item.meeting)) if base is None else {"base": base}
    return {**present, **data, **start, "reason": reason}


def test_closing_makes_the_minutes_once(manager_client, item, manager):
    path = reverse("meetings:close", args=[item.meeting_id])
    data = {"seen": item.meeting.version, "reason": "L’avis sera communiqué demain."}

    statuses = [manager_client.post(path, data).status_code for _ in range(2)]

    version = Minutes.objects.get()
    assert statuses == [302, 302]
    assert (version.number, version.by, version.content["items"][0]["brings"]) == (1, manager, "Un local à Bourg.")
    assert Meeting.objects.get().state == "closed"


def test_minutes_hold_nobody_by_name(item):
    words = json.dumps(content(item.meeting), ensure_ascii=False)

    assert [name for name in ("Camille", "Dominique", "Claude") if name in words] == []
    assert "Appeler la mairie" in words
    assert json.loads(words) == content(item.meeting)


def test_who_leaves_the_members_leaves_the_minutes(closed, manager):
    version = Minutes.objects.get()
    assert [person.name for _, people in as_read(version, to=manager).members for person in people] == [
        "Camille Exemple"
    ]

    closed.meeting.members.all().delete()

    assert as_read(Minutes.objects.get(), to=manager).members == []


@pytest.mark.parametrize("reader", ["agent", None])
def test_minutes_tell_only_what_is_released(reader, closed, request):
    reader = reader and request.getfixturevalue(reader)

    hidden = as_read(Minutes.objects.get(), to=reader)
    closed.release()
    shown = as_read(Minutes.objects.get(), to=reader)

    assert [(p.outcome, p.brings, p.is_unreleased) for p in hidden.passages] == [("", "", True)]
    assert hidden.tasks == []
    assert [(p.outcome, p.brings, p.is_unreleased) for p in shown.passages] == [
        ("soutenue avec conseils", "Un local à Bourg.", False)
    ]
    assert [task.what for task in shown.tasks] == ["Appeler la mairie"]


@pytest.mark.parametrize(
    ("state", "visibility", "links"),
    [
        ("published", "public", [True, True]),
        ("published", "agents", [True, False]),
        ("archived", "public", [False, False]),
    ],
)
def test_guest_is_led_to_no_sheet_of_the_agents(state, visibility, links, closed, agent):
    action = closed.action
    with transaction.atomic():
        action.editorial_state, action.visibility = state, visibility
        action.save()

    passages = [as_read(Minutes.objects.get(), to=reader).passages[0] for reader in (agent, None)]

    assert [passage.url == action.get_absolute_url() for passage in passages] == links
    assert {passage.subject for passage in passages} == {action.title}


def test_page_of_the_minutes_by_reader(agent_client, manager_client, client, item, manager):
    assert agent_client.get(url("minutes", item)).status_code == 404
    close(item.meeting, by=manager)

    pages = [each.get(url("minutes", item)) for each in (agent_client, manager_client, client)]

    assert [page.status_code for page in pages] == [200, 200, 302]
    assert ["Un local à Bourg." in page.text for page in pages] == [False, True, False]


def test_closed_meeting_refuses_every_change(manager_client, closed, manager):
    before = AgendaItem.objects.values().get(pk=closed.pk)
    meeting = closed.meeting
    posts = {
        reverse("meetings:outcome", args=[meeting.pk, closed.pk]): corrected(closed, brings="Autre"),
        reverse("meetings:tasks", args=[meeting.pk]): {"what": "Autre", "who": "moi"},
        reverse("meetings:remove", args=[meeting.pk, closed.pk]): {},
        reverse("meetings:hold", args=[meeting.pk]): {"seen": meeting.version},
        reverse("meetings:resume", args=[meeting.pk]): {"seen": meeting.version, "reason": "Pour voir"},
        reverse("meetings:cancel", args=[meeting.pk]): {"seen": meeting.version, "reason": "Pour voir"},
    }

    answers = {path: manager_client.post(path, data).status_code for path, data in posts.items()}

    assert answers == dict.fromkeys(posts, 409)
    assert AgendaItem.objects.values().get(pk=closed.pk) == before
    assert Meeting.objects.get().state == "closed"


# --- Corrections --------------------------------------------------------------------------------------------------
def test_correction_is_a_new_version_with_its_reason(manager_client, closed, manager):
    member = closed.meeting.members.get()
    data = {**corrected(closed, brings="Un local à Oyonnax."), f"presence-{member.pk}": "excused"}

    assert manager_client.post(url("correct", closed), data).status_code == 302

    last, first = Minutes.objects.all()
    assert (last.number, last.reason, last.by) == (2, "Le lieu était faux.", manager)
    assert [v.content["items"][0]["brings"] for v in (first, last)] == ["Un local à Bourg.", "Un local à Oyonnax."]
    assert [v.content["members"][0]["presence"] for v in (first, last)] == ["present", "excused"]
    closed.refresh_from_db()
    assert closed.brings == "Un local à Oyonnax."
    assert "Un local à Bourg." in manager_client.get(url("minutes", closed), {"version": "1"}).text


@pytest.mark.parametrize(
    ("change", "status"),
    [({"reason": ""}, 422), ({"base": "0"}, 409), ({"base": "x"}, 409), ({"same": True}, 409), ({"outcome": "?"}, 422)],
)
def test_correction_that_cannot_be_loses_no_word(change, status, manager_client, closed):
    same = change.pop("same", False)
    values = {} if same else {"brings": "Un local à Oyonnax."}

    answer = manager_client.post(url("correct", closed), corrected(closed, **values, **change))

    assert answer.status_code == status
    assert same or "Un local à Oyonnax." in answer.text
    assert Minutes.objects.count() == 1


def test_two_corrections_at_once_are_compared(manager_client, closed):
    """Who comes second keeps every word, and reads the other version before a second click replaces it."""
    member = closed.meeting.members.get()
    late = corrected(closed, reason="Mon motif.", brings="Un local à Oyonnax.") | {f"presence-{member.pk}": "excused"}
    manager_client.post(url("correct", closed), corrected(closed, reason="L’autre motif.", brings="À Nantua."))

    answer = manager_client.post(url("correct", closed), late)

    assert answer.status_code == 409
    page = answer.text.replace("&nbsp;", "\u00a0")
    assert all(words in page for words in ("À Nantua.", "Un local à Oyonnax.", "Mon motif."))
    assert "<title>Deux textes à comparer" in page
    assert Minutes.objects.count() == 2
    hand = Hand(manager_client, url("correct", closed))
    assert hand.keep(answer, "mien").status_code == 302
    assert Minutes.objects.first().content["members"][0]["presence"] == "excused"
    assert [v.content["items"][0]["brings"] for v in Minutes.objects.order_by("number")] == [
        "Un local à Bourg.",
        "À Nantua.",
        "Un local à Oyonnax.",
    ]


def test_document_is_that_of_the_version_asked_for(manager_client, closed):
    manager_client.post(url("correct", closed), corrected(closed, brings="Un local à Oyonnax."))
    path = f"/isic/{closed.meeting_id}/compte-rendu.pdf"

    last, first = ("".join(pages_of(manager_client.get(each).content)) for each in (path, f"{path}?version=1"))

    assert "UnlocalàOyonnax." in last
    assert "Lelieuétaitfaux." in last
    assert "UnlocalàBourg." in first
    assert "Oyonnax" not in first


def test_fault_is_said_first(manager_client, closed):
    answer = manager_client.post(url("correct", closed), corrected(closed, brings="Autre.", reason=""))

    assert answer.status_code == 422
    assert "<title>Erreur\u00a0: " in answer.text.replace("&nbsp;", "\u00a0")
    assert "Rien n’est enregistré" in answer.text


def test_meeting_that_is_not_closed_is_not_corrected(manager_client, item):
    assert manager_client.get(url("correct", item)).status_code == 404


def test_earlier_versions_are_the_services(agent_client, manager_client, closed):
    manager_client.post(url("correct", closed), corrected(closed, brings="Autre."))

    assert [agent_client.get(url("minutes", closed), {"version": v}).status_code for v in ("1", "2", "9", "x")] == [
        404,
        200,
        404,
        404,
    ]


def test_closing_under_the_hand_is_refused(item, manager):
    late = Meeting.objects.get(pk=item.meeting_id)
    item.meeting.take_version(item.meeting.version)

    with pytest.raises(StaleVersion):
        close(late, by=manager)
    assert not Minutes.objects.exists()


def test_meeting_being_prepared_is_not_closed(manager):
    with pytest.raises(ValidationError):
        close(MeetingFactory(), by=manager)


def test_approval_is_recorded_at_the_first_passage_of_the_next_meeting(manager_client, agent_client, closed):
    following = MeetingFactory(territory=closed.meeting.territory, held=True, date=timezone.localdate())
    approval = AgendaItemFactory(meeting=following, kind="approval", action=None)
    form = OutcomeForm(instance=approval)
    data = {form.add_prefix("outcome"): "supported", form.add_prefix("brings"): "", "base": form.base}

    manager_client.post(reverse("meetings:outcome", args=[following.pk, approval.pk]), data)

    assert "Approuvé le" in manager_client.get(url("minutes", closed)).text
    assert "Approuvé le" not in agent_client.get(url("minutes", closed)).text
    approval.refresh_from_db()
    approval.release()
    assert "Approuvé le" in agent_client.get(url("minutes", closed)).text


def test_minutes_cost_the_same_with_one_passage_and_three(manager_client, agent_client, closed, cost_of):
    version = Minutes.objects.get()

    def fill():
        PresenterFactory(item=AgendaItemFactory(meeting=version.meeting, brings="Un mot.", released_at=timezone.now()))
        version.content = content(version.meeting)
        version.save()

    for client in (manager_client, agent_client):
        assert cost_of(client, url("minutes", closed), fill) > 0
