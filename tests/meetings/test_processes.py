"""Real servers on one database, some of them killed: what people do at the same moment is kept, and done once."""

import datetime as dt
import subprocess
import sys
import uuid
from concurrent.futures import ThreadPoolExecutor
from email import message_from_bytes

import pytest
from django.conf import settings
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from isic.lib import background
from meetings import outcomes
from meetings.models import AgendaItem, Delivery, Letter, Meeting, Task
from tests.actions.test_filing_processes import Sender
from tests.factories import (
    ActionFactory,
    AgendaItemFactory,
    DeliveryFactory,
    LetterFactory,
    MeetingFactory,
    MemberFactory,
    TaskFactory,
)
from tests.forks import environment, serving
from tests.meetings import letter_moments
from tests.meetings.hand import Hand, agenda_base
from tests.meetings.test_outbox import filled
from tests.meetings.test_outcomes import typed

pytestmark = [pytest.mark.engine, pytest.mark.processes, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def folder(tmp_path):
    """Where the servers put their mails."""
    return tmp_path / "mails"


@pytest.fixture
def serve(folder):
    backend = "django.core.mail.backends.filebased.EmailBackend"
    mailers = {"default": {"BACKEND": backend, "OPTIONS": {"file_path": str(folder)}}}
    return lambda moment=None: serving(moment, MAILERS=mailers)


@pytest.fixture
def held(unit):
    return MeetingFactory(held=True, territory=unit)


def at_once(url: str, *posts) -> list[int]:
    """Each (sender, name, arguments, data) at the same moment; the statuses of their answers."""
    with ThreadPoolExecutor(len(posts)) as pool:
        sent = [
            pool.submit(sender, url + reverse(f"meetings:{name}", args=args), data)
            for sender, name, args, data in posts
        ]
        return [one.result() for one in sent]


def receivers(folder) -> list[str]:
    """Of every mail that left, by a server or by this process."""
    files = [message_from_bytes(part) for file in folder.glob("*") for part in file.read_bytes().split(b"-" * 79)]
    return sorted([one["To"] for one in files if one["To"]] + [to for message in mail.outbox for to in message.to])


# --- Words --------------------------------------------------------------------------------------------------------
def test_what_secretaries_type_at_once_of_different_passages_and_fields_is_all_kept(
    serve, held, manager_client, admin_client
):
    items = [AgendaItemFactory(meeting=held) for _ in range(6)]
    first, second = Sender(manager_client), Sender(admin_client)
    posts = [(first, "outcome", [held.pk, item.pk], typed(item, brings=f"Mots {item.pk}.")) for item in items]
    posts += [(second, "outcome", [held.pk, item.pk], typed(item, outcome="advised")) for item in items]

    with serve() as url:
        statuses = at_once(url, *posts)

    assert set(statuses) == {200}
    assert {(item.pk, item.brings, item.outcome) for item in held.items.all()} == {
        (item.pk, f"Mots {item.pk}.", "advised") for item in items
    }


def test_of_two_texts_of_one_passage_at_once_one_is_kept_and_the_other_asked(serve, held, manager_client):
    item = AgendaItemFactory(meeting=held)
    sender = Sender(manager_client)
    posts = [(sender, "outcome", [held.pk, item.pk], typed(item, brings=f"Texte {number}.")) for number in range(8)]

    with serve() as url:
        statuses = at_once(url, *posts)

    assert sorted(statuses) == [200] + [409] * 7
    item.refresh_from_db()
    assert item.brings == f"Texte {statuses.index(200)}."


def test_words_typed_while_the_meeting_closes_are_in_its_minutes_or_refused(serve, held, manager_client, admin_client):
    items = [AgendaItemFactory(meeting=held) for _ in range(8)]
    sender, chair = Sender(manager_client), Sender(admin_client)
    posts = [(sender, "outcome", [held.pk, item.pk], typed(item, brings=f"Mots {item.pk}.")) for item in items]
    posts.insert(4, (chair, "close", [held.pk], {"seen": held.version, "reason": "Il est tard."}))

    with serve() as url:
        statuses = at_once(url, *posts)

    assert statuses.pop(4) == 200
    texts = {row["key"]: row["brings"] for row in held.minutes.get().content["items"]}
    assert dict(held.items.values_list("pk", "brings")) == texts
    assert statuses == [200 if texts[item.pk] else 409 for item in items]


def test_words_typed_while_they_are_released_stay(held, manager):
    item = AgendaItemFactory(meeting=held, outcome="advised", brings="Avant.")
    read = list(held.items.all())
    AgendaItem.objects.filter(pk=item.pk).update(brings="Après.")

    assert outcomes.release(read, by=manager) == 1

    item.refresh_from_db()
    assert (item.brings, bool(item.released_at)) == ("Après.", True)


def test_postponed_by_several_at_once_comes_back_once(serve, held, manager_client, admin_client):
    following = MeetingFactory(territory=held.territory)
    items = [AgendaItemFactory(meeting=held) for _ in range(3)]
    senders = [Sender(manager_client), Sender(admin_client)]
    posts = [
        (sender, "outcome", [held.pk, item.pk], typed(item, outcome="postponed"))
        for item in items
        for sender in senders * 2
    ]

    with serve() as url:
        statuses = at_once(url, *posts)

    assert set(statuses) == {200}
    assert sorted(following.items.values_list("continues", flat=True)) == [item.pk for item in items]
    assert AgendaItem.objects.count() == 6


def test_members_added_by_several_at_once_are_all_there(serve, held, manager_client, admin_client):
    MemberFactory(meeting=held, name="Camille")
    path = reverse("meetings:people", args=[held.pk])
    posts = []
    for number in range(6):
        client = (manager_client, admin_client)[number % 2]
        hand = Hand(client, path)
        hand.add("members", str(uuid.uuid4()), name=f"Membre {number}", role="member")
        posts.append((Sender(client), "people", [held.pk], hand.fields))

    with serve() as url:
        statuses = at_once(url, *posts)

    assert statuses == [200] * 6
    assert sorted(member.name for member in held.members.all()) == ["Camille", *(f"Membre {n}" for n in range(6))]


# --- The agenda ---------------------------------------------------------------------------------------------------
def test_agenda_put_in_order_while_teams_propose_keeps_every_passage(serve, unit, manager_client, agent_client):
    meeting = MeetingFactory(territory=unit, deadline_on=timezone.localdate())
    there = [AgendaItemFactory(meeting=meeting, topic=True, position=place).pk for place in range(4)]
    sheets = [ActionFactory(carrier_unit=unit) for _ in range(6)]
    manager, agent = Sender(manager_client), Sender(agent_client)
    proposal = {"meeting": meeting.pk, "kind": "new", "minutes": "10", "presenters-TOTAL_FORMS": "0"}
    proposal["presenters-INITIAL_FORMS"] = "0"
    posts = [(agent, "propose", [sheet.slug], proposal) for sheet in sheets for _ in range(2)]
    reversed_order = ",".join(map(str, reversed(there)))
    posts[::3] = [
        one
        for post in posts[::3]
        for one in (post, (manager, "order", [meeting.pk], {**agenda_base(meeting), "order": reversed_order}))
    ][: len(posts[::3])]

    with serve() as url:
        statuses = at_once(url, *posts)
        wanted = {post[2][0] for post in posts if post[1] == "propose"}

    assert set(statuses) <= {200, 409}
    on_it = list(meeting.items.exclude(action=None).values_list("action__slug", flat=True))
    assert sorted(on_it) == sorted(wanted)
    assert set(there) <= set(meeting.items.values_list("pk", flat=True))
    assert AgendaItem.objects.count() == 4 + len(wanted)


def test_proposal_and_its_withdrawal_clicked_twice_are_done_once(serve, unit, agent_client):
    sheet = ActionFactory(carrier_unit=unit)
    sender = Sender(agent_client)
    data = {
        "meeting": "",
        "kind": "new",
        "minutes": "10",
        "presenters-TOTAL_FORMS": "0",
        "presenters-INITIAL_FORMS": "0",
    }

    with serve() as url:
        proposed = at_once(url, *[(sender, "propose", [sheet.slug], data)] * 6)
        item = AgendaItem.objects.get()
        withdrawn = at_once(url, *[(sender, "withdraw", [sheet.slug, item.pk], {})] * 6)

    assert set(proposed + withdrawn) == {200}
    assert not AgendaItem.objects.exists()


def test_passage_taken_off_meeting_created_and_sheet_added_twice_at_once_are_so_once(serve, unit, manager_client):
    meeting = MeetingFactory(territory=unit)
    topic = AgendaItemFactory(meeting=meeting, topic=True)
    waiting = AgendaItemFactory(waiting=True)
    discarded = AgendaItemFactory(waiting=True)
    sender = Sender(manager_client)
    created = {"territory": unit.pk, "date": "2027-03-12", "starts_at": "09:00", "ends_at": "12:00"}
    created["submission"] = str(uuid.uuid4())

    with serve() as url:
        statuses = at_once(
            url,
            *[(sender, "create", [], created)] * 4,
            *[(sender, "remove", [meeting.pk, topic.pk], {})] * 4,
            *[(sender, "add_sheet", [meeting.pk, waiting.action.slug], {})] * 4,
            *[(sender, "discard", [meeting.pk, discarded.pk], {})] * 4,
        )

    assert set(statuses) == {200}
    assert Meeting.objects.count() == 2
    created = Meeting.objects.exclude(pk=meeting.pk).get()
    passages = AgendaItem.objects.exclude(kind="approval").values_list("pk", "meeting")
    assert set(passages) == {(topic.pk, None), (waiting.pk, meeting.pk)}
    assert [item.kind for item in created.items.all()] == ["approval"]


# --- Letters ------------------------------------------------------------------------------------------------------
@pytest.fixture
def letter(unit):
    letter = LetterFactory(meeting=MeetingFactory(territory=unit))
    for name in ("a", "b", "c"):
        DeliveryFactory(letter=letter, name=name, address=f"{name}@example.org")
    return letter


TO = ["a@example.org", "b@example.org", "c@example.org"]


def test_letter_sent_by_a_double_click_leaves_once(serve, folder, letter, manager_client):
    sender, data = Sender(manager_client), filled(letter, send="1")

    with serve() as url:
        statuses = at_once(url, *[(sender, "letter", [letter.meeting_id, letter.pk], data)] * 6)

    assert statuses == [200] * 6
    assert receivers(folder) == TO
    assert not Delivery.objects.filter(sent_at=None).exists()


@pytest.mark.parametrize(
    ("moment", "is_released", "recorded", "twice"),
    [
        (letter_moments.die_before_the_release_is_committed, False, 0, []),
        (letter_moments.die_before_the_first_mail, True, 0, []),
        (letter_moments.die_with_the_first_mail_sent, True, 0, TO[:1]),  # nobody can know: rather twice than never
        (letter_moments.die_with_the_first_mail_recorded, True, 1, []),
    ],
)
def test_server_killed_while_a_letter_leaves_forgets_nobody(
    moment, is_released, recorded, twice, serve, folder, letter, manager_client
):
    sender, data = Sender(manager_client), filled(letter, send="1")
    with serve(moment) as url:
        assert at_once(url, (sender, "letter", [letter.meeting_id, letter.pk], data)) == [0]
    assert bool(Letter.objects.get().released_at) == is_released
    assert Delivery.objects.exclude(sent_at=None).count() == recorded

    with serve() as url:  # the manager, who had no answer, clicks again
        again = at_once(url, (sender, "letter", [letter.meeting_id, letter.pk], data))
    assert again == [200]
    later()

    assert receivers(folder) == sorted(TO + twice)
    assert not Delivery.objects.filter(sent_at=None).exists()


def later() -> None:
    """The next day: what was lost is taken back, then tried again."""
    DBTaskResult.objects.running().update(started_at=timezone.now() - background.LOST_AFTER - dt.timedelta(minutes=1))
    background.take_back_lost()
    DBTaskResult.objects.exclude(run_after=None).update(run_after=timezone.now() - dt.timedelta(minutes=1))
    background.run_due()


# --- Every day ----------------------------------------------------------------------------------------------------
def test_day_that_runs_three_times_at_once_reminds_once_and_proposes_once(unit):
    due = timezone.localdate() + dt.timedelta(days=3)
    tasks = [TaskFactory(what=f"Appel {number}", due_on=due) for number in range(4)]
    answered = [AgendaItemFactory(meeting=MeetingFactory(held=True, date=dt.date(2026, 1, 12))) for _ in range(4)]
    command = [sys.executable, "manage.py", "daily"]

    days = [
        subprocess.Popen(command, env=environment(), cwd=settings.BASE_DIR, stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    written = "".join(day.communicate(timeout=120)[0] for day in days)

    assert [written.splitlines().count(task.what) for task in tasks] == [1] * 4
    assert not Task.objects.filter(reminded_on=None).exists()
    assert sorted(AgendaItem.objects.waiting().values_list("continues", flat=True)) == [item.pk for item in answered]
