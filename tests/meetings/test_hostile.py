"""What no form of ours sends to a meeting: a sentence and a 4xx, what was typed still there, and the meeting as it was."""

import uuid
from html import escape
from urllib.parse import urlencode

import pytest
from django.db import transaction
from django.urls import reverse

from meetings.forms.meetings import PeopleForm
from meetings.models import AgendaItem, Letter, Meeting, Member, Task
from tests.factories import AgendaItemFactory, LetterFactory, MeetingFactory, MemberFactory, TaskFactory
from tests.meetings.hand import agenda_base, base_for
from tests.meetings.stage import CLOSED, HELD, PAYLOADS, PREPARED, Stage, answered, invalid, path_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def stage(manager, unit):
    """`stage(form)`: a meeting in the state where this form is used, and the addresses of its parts."""
    return lambda form: Stage(form, manager, unit)


def documents(stage) -> list[str]:
    """Every page and document of the meeting that tells what was saved."""
    names = ["meeting", "presentation", "event", "agenda_pdf", "outbox", "tasks"]
    names += ["minutes", "minutes_pdf", "minutes_docx"] if stage.form in CLOSED else []
    names += ["edit", "people", "prepare", "attendance_pdf", "sheets_pdf"] if stage.form in PREPARED else []
    return names


# --- Every field of every form ------------------------------------------------------------------------------------
@pytest.mark.matrix
@pytest.mark.parametrize("form", [*PREPARED, *HELD, *CLOSED])
def test_wrong_value_is_refused_with_what_was_typed_or_kept_whole(form, stage, manager_client, whose_turn):
    """In every field at once, and in one alone."""
    stage = stage(form)
    fields = stage.fields(manager_client)
    names = [name for name in fields if not name.endswith("_FORMS")]
    values = {name: value for name, (_, value) in fields.items()} | {"csrfmiddlewaretoken": "x"}
    for turn, (payload, value) in enumerate(PAYLOADS.items()):
        for changed in (names, *([name] for name in whose_turn(names, turn))):
            sent = values | dict.fromkeys(changed, value)
            with transaction.atomic():  # each starts from the same meeting
                response = answered(manager_client, stage.path, sent)
                where = (payload, changed)
                shows_list = any(name.endswith("-paste") for name in changed)  # before anything is saved
                assert response.status_code in (302, 404, 409, 422, *([200] if shows_list else [])), where
                kept = [name for name in changed if fields[name][0] == "text"]
                if response.status_code in (409, 422) and kept:
                    assert escape(value.strip()).replace("\r\n", "\n") in response.text.replace("\r\n", "\n"), where
                transaction.set_rollback(True)


@pytest.mark.matrix
@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize(
    "forms", [["edit", "people", "item", "letter", "propose"], ["outcome", "tasks"]], ids=["prepared", "held"]
)
def test_what_was_kept_is_told_by_every_page_and_document(forms, payload, stage, manager_client, whose_turn):
    """In every field that takes it."""
    stage = stage(forms[0])
    for stage.form in forms:
        fields = stage.fields(manager_client)
        names = {name for name, (kind, _) in fields.items() if kind in ("text", "date", "time", "number")}
        values = {name: value for name, (_, value) in fields.items()}
        answer = answered(manager_client, stage.path, values | dict.fromkeys(names, PAYLOADS[payload]))
        if answer.status_code == 422:  # those that refuse it keep the others out
            taken = names - invalid(answer.text)
            answer = answered(manager_client, stage.path, values | dict.fromkeys(taken, PAYLOADS[payload]))
        if answer.status_code == 422:  # a fault of several together
            for name in taken:
                answered(manager_client, stage.path, stage.values(manager_client) | {name: PAYLOADS[payload]})

    names = documents(stage)
    pages = [name for name in names if not name.endswith(("_pdf", "_docx"))]
    papers = whose_turn([name for name in names if name not in pages], [*PAYLOADS].index(payload))
    assert manager_client.get(reverse("meetings:list")).status_code == 200
    for name in (*pages, *papers):
        assert manager_client.get(reverse(f"meetings:{name}", args=[stage.meeting.pk])).status_code == 200, name


@pytest.mark.engine
@pytest.mark.parametrize("form", [*PREPARED, *HELD, *CLOSED])
def test_nul_and_broken_text_are_refused(form, stage, manager_client):
    stage = stage(form)
    values = stage.values(manager_client)
    name = next(
        (name for name, (kind, _) in stage.fields(manager_client).items() if kind == "text"), next(iter(values))
    )

    assert answered(manager_client, stage.path, values | {name: "a\x00b"}).status_code == 400
    for broken in ("%ED%A0%80", "%FF%FE", "%00", "%C0%80"):
        body = urlencode({key: value for key, value in values.items() if key != name}) + f"&{name}={broken}"
        answer = answered(manager_client, stage.path, body, content_type="application/x-www-form-urlencoded")
        assert answer.status_code == 400, broken


@pytest.mark.parametrize("form", ["edit", "people", "item", "outcome", "tasks", "letter", "correct", "cancel"])
def test_no_form_writes_what_is_not_its_own(form, stage, manager_client, stranger):
    stage = stage(form)
    before = [list(model.objects.values()) for model in (Meeting, AgendaItem, Letter)]
    forged = {"state": "closed", "version": "99", "convoked_on": "2026-01-01", "closed_by": stranger.pk}
    forged |= {"released_at": "2026-01-01", "released_by": stranger.pk, "snapshot": "{}", "continues": stage.item.pk}
    forged |= {"meeting": MeetingFactory().pk, "action": stage.sheet.pk, "is_example": "on", "kind_of": "x"}
    before[0] = list(Meeting.objects.values())
    values = stage.values(manager_client)

    answered(manager_client, stage.path, forged | values | {"seen": values.get("seen", "")})

    after = [list(model.objects.values()) for model in (Meeting, AgendaItem, Letter)]
    allowed = {"version", "deadline_on"}  # which follows the date
    for old, new in zip(before, after, strict=True):
        changed = {key for a, b in zip(old, new, strict=True) for key in a if a[key] != b[key]}
        assert changed <= allowed


# --- What belongs to another meeting ------------------------------------------------------------------------------
def test_parts_of_another_meeting_are_not_reached_through_this_one(manager_client):
    here, there = (MeetingFactory(held=True) for _ in range(2))
    item = AgendaItemFactory(meeting=there, outcome="supported", notes="Le leur.")
    task = TaskFactory(meeting=there, item=item)
    letter = LetterFactory(meeting=there)
    topic = AgendaItemFactory(meeting=there, topic=True)
    tries = [
        ("item", item.pk, {"minutes": "3"}),
        ("outcome", item.pk, {f"passage-{item.pk}-brings": "Le mien."}),
        ("letter", letter.pk, {"subject": "x", "body": "x", "send": "1"}),
        ("finish", task.pk, {}),
    ]

    for name, pk, data in tries:
        assert answered(manager_client, reverse(f"meetings:{name}", args=[here.pk, pk]), data).status_code == 404
    for name, pk in (("remove", topic.pk), ("discard", topic.pk), ("discard_letter", letter.pk)):
        answered(manager_client, reverse(f"meetings:{name}", args=[here.pk, pk]), {})
    for data in ({"item": item.pk}, {"item": "9" * 9}, {"item": "x"}, {}):
        answered(manager_client, reverse("meetings:release", args=[here.pk]), data)
        answered(manager_client, reverse("meetings:outbox", args=[here.pk]), {"kind": "extract", **data})
    asked = answered(manager_client, reverse("meetings:tasks", args=[here.pk]), {"what": "x", "item": item.pk})

    assert asked.status_code == 422
    assert set(AgendaItem.objects.values_list("pk", "brings", "released_at")) == {
        (item.pk, "", None),
        (topic.pk, "", None),
    }
    assert (Task.objects.get().done_on, Letter.objects.get()) == (None, letter)


@pytest.mark.parametrize("seen", ["", "0", "-1", "x", "9" * 400, "1.0", "٣", "None"])
@pytest.mark.parametrize("form", ["edit", "people", "item", "order", "cancel"])
def test_forged_start_changes_nothing_and_keeps_what_was_typed(form, seen, stage, manager_client):
    stage = stage(form)
    values = stage.values(manager_client)
    typed = {"edit": "place", "people": "members-0-function", "item": "question", "cancel": "reason"}.get(form, "order")

    answer = answered(manager_client, stage.path, values | {typed: "Mes mots.", "seen": seen, "base": seen})

    assert answer.status_code == 409
    assert "Mes mots." in answer.text or form == "order"
    assert Meeting.objects.get().version == stage.meeting.version


def test_order_that_is_none_of_these_passages_changes_nothing(manager_client):
    meeting = MeetingFactory()
    items = [AgendaItemFactory(meeting=meeting, topic=True, position=place) for place in range(3)]
    other = AgendaItemFactory(meeting=MeetingFactory(), topic=True)
    first, second, third = (item.pk for item in items)
    orders = [
        f"{third},{second}",
        f"{third},{second},{first},{first}",
        f"{third},{second},{other.pk}",
        f"{third},{second},{first},{other.pk}",
        "," * 3000,
        "9" * 3000,
        "²,³",
        "\u0663",
    ]

    for order in orders:
        data = {**agenda_base(meeting), "order": order}
        assert answered(manager_client, reverse("meetings:order", args=[meeting.pk]), data).status_code == 409, order
    for move in (f"{other.pk}:up", f"{first}:up:up", f"{first}:", ":", f"{third}:down", "x" * 5000):
        answered(manager_client, reverse("meetings:order", args=[meeting.pk]), {**agenda_base(meeting), "move": move})

    assert [item.pk for item in meeting.items.order_by("position")] == [first, second, third]


def people(meeting, *rows) -> dict[str, str]:
    data = {
        **base_for(PeopleForm.stored_of(meeting)),
        "members-TOTAL_FORMS": str(len(rows)),
        "members-INITIAL_FORMS": "0",
    }
    return data | {f"members-{place}-{name}": value for place, row in enumerate(rows) for name, value in row.items()}


@pytest.mark.engine
def test_keys_of_people_forged_or_repeated_take_nobody_from_another_meeting(manager_client, client):
    meeting, there = MeetingFactory(), MeetingFactory()
    theirs = MemberFactory(meeting=there, name="La leur", email="leur@example.org")
    for key in (str(theirs.key), "", "x", "0" * 400, str(uuid.UUID(int=0))):
        rows = [{"key": key, "role": "member", "name": f"La mienne {place}"} for place in range(2)]
        answer = answered(manager_client, reverse("meetings:people", args=[meeting.pk]), people(meeting, *rows))
        assert answer.status_code == 302
        assert [member.name for member in meeting.members.in_order()] == ["La mienne 0", "La mienne 1"]

    theirs.refresh_from_db()
    assert (theirs.name, theirs.meeting) == ("La leur", there)
    assert f"/isic/{meeting.pk}/" not in client.get(path_of(theirs)).text


@pytest.mark.parametrize("total", ["1000000000", "-1", "dix", "", "1e3", "\uff19", "101"])
def test_forged_number_of_people_removes_none(total, manager_client):
    member = MemberFactory(name="Camille")
    data = people(member.meeting, {"key": str(member.key), "role": "member", "name": "Camille"})

    answered(
        manager_client, reverse("meetings:people", args=[member.meeting.pk]), data | {"members-TOTAL_FORMS": total}
    )

    assert [one.name for one in Member.objects.all()] == ["Camille"]


# --- Great texts --------------------------------------------------------------------------------------------------
GREAT = "Une salle à Bourg. " * 55_000


@pytest.mark.engine
@pytest.mark.parametrize(("form", "name"), [("edit", "notes"), ("item", "notes"), ("letter", "body")])
def test_text_of_a_million_letters_is_kept_whole(form, name, stage, manager_client):
    stage = stage(form)
    values = stage.values(manager_client)

    assert answered(manager_client, stage.path, values | {name: GREAT}).status_code == 302

    assert stage.fields(manager_client)[name][1].strip() == GREAT.strip()


@pytest.mark.engine
def test_minutes_of_a_million_letters_are_told(manager_client, stage):
    stage = stage("outcome")
    values = stage.values(manager_client)
    brings = f"passage-{stage.item.pk}-brings"
    assert answered(manager_client, stage.path, values | {brings: GREAT}).status_code == 302
    closing = {"seen": stage.meeting.version, "reason": "Les présences seront dites demain."}
    manager_client.post(reverse("meetings:close", args=[stage.meeting.pk]), closing)

    for name in ("minutes", "minutes_pdf", "minutes_docx"):
        assert manager_client.get(reverse(f"meetings:{name}", args=[stage.meeting.pk])).status_code == 200
