"""The list, the page of a meeting, its forms and its moves: who reaches them, and what nobody can do to a closed one."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from meetings.forms.meetings import MeetingForm, PeopleForm
from meetings.models import AgendaItem, Meeting, Member
from meetings.moves import MOVES
from meetings.workflows import begin
from tests.factories import (
    ActionFactory,
    AgendaItemFactory,
    MeetingFactory,
    MemberFactory,
    PresenterFactory,
    TerritoryFactory,
    UserFactory,
)
from tests.meetings.hand import base_for
from tests.pages import assert_valid_html, first_headings

pytestmark = pytest.mark.django_db

#: Pages of the service alone, by GET and by POST.
SERVICE = ["edit", "people", "prepare", *(move.name for move in MOVES)]
ROWS = {"members-TOTAL_FORMS": "0", "members-INITIAL_FORMS": "0"}


def told(meeting, **typed):
    """The form of a meeting as its page sends it."""
    return {
        "territory": meeting.territory_id,
        "date": meeting.date.isoformat(),
        "starts_at": "09:30",
        "ends_at": "12:00",
        "place": meeting.place,
        "video_url": "",
        "deadline_on": "",
        "notes": "",
        **(base_for(MeetingForm.stored_of(meeting)) if meeting.pk else {}),
        **typed,
    }


def rows(*people):
    """The rows of the members, as their form sends them."""
    data = {"members-TOTAL_FORMS": len(people), "members-INITIAL_FORMS": 0}
    for index, person in enumerate(people):
        data |= {f"members-{index}-{name}": value for name, value in {"role": "member", **person}.items()}
    return data


# --- Who reaches what ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["list", "meeting", "event"])
def test_any_agent_reads_and_nobody_else(name, client, agent_client, stranger_client, manager_client):
    meeting = MeetingFactory()
    path = reverse(f"meetings:{name}", args=[] if name == "list" else [meeting.pk])

    answers = [reader.get(path).status_code for reader in (client, agent_client, stranger_client, manager_client)]

    assert answers == [302, 200, 200, 200]


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("name", SERVICE)
def test_page_of_the_service_does_not_exist_for_others(name, method, client, agent_client, manager_client):
    meeting = MeetingFactory()
    path = reverse(f"meetings:{name}", args=[meeting.pk])

    assert [getattr(reader, method)(path).status_code for reader in (client, agent_client)] in ([302, 404], [302, 405])
    meeting.refresh_from_db()
    assert (meeting.version, meeting.state) == (1, "preparing")


def test_creating_is_the_service_s(client, agent_client, manager_client):
    path = reverse("meetings:create")

    assert [reader.get(path).status_code for reader in (client, agent_client, manager_client)] == [302, 404, 200]
    assert agent_client.post(path, told(MeetingFactory.build(territory=TerritoryFactory(home=True)))).status_code == 404
    assert not Meeting.objects.exists()


def test_meeting_that_does_not_exist_is_nowhere(manager_client):
    paths = [reverse(f"meetings:{name}", args=[10**15]) for name in ("meeting", "event", *SERVICE)]

    assert {manager_client.get(path).status_code for path in paths} == {404}
    assert manager_client.get("/isic/" + "9" * 30 + "/").status_code == 404


# --- The list -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("number", [1, 3])
def test_list_costs_the_same(number, agent_client, django_assert_num_queries):
    for _ in range(number):
        AgendaItemFactory(meeting=MeetingFactory())
        AgendaItemFactory(meeting=MeetingFactory(held=True))

    with django_assert_num_queries(10):
        response = agent_client.get("/isic/")

    assert len(response.context["coming"]) == len(response.context["past"]) == number
    assert_valid_html(response.text)
    assert first_headings(response.text) == ["Réunions ISIC"]


def test_list_tells_what_comes_and_what_is_past(agent_client):
    today = timezone.localdate()
    later, sooner = MeetingFactory(date=today + dt.timedelta(days=9)), MeetingFactory(date=today)
    old, last = MeetingFactory(closed=True), MeetingFactory(held=True, date=dt.date(2026, 5, 1))
    cancelled = MeetingFactory(state="cancelled", reason="Neige.")

    context = agent_client.get("/isic/").context

    assert list(context["coming"]) == [sooner, later]
    assert list(context["past"]) == [cancelled, last, old]


@pytest.mark.parametrize("page", ["2", "-1", "x", "9" * 40])
def test_any_page_of_the_past_is_a_page(page, agent_client):
    for day in range(1, 23):
        MeetingFactory(closed=True, date=dt.date(2025, 1, day))

    assert agent_client.get("/isic/", {"page": page}).status_code == 200


# --- The page of a meeting ----------------------------------------------------------------------------------------
def test_meeting_costs_the_same_with_one_passage_and_with_three(agent_client, manager_client, cost_of):
    meeting = MeetingFactory()

    def fill():
        PresenterFactory(item=AgendaItemFactory(meeting=meeting))
        MemberFactory(meeting=meeting)

    for client in (agent_client, manager_client):
        assert cost_of(client, meeting.get_absolute_url(), fill) > 0


def test_agent_reads_the_agenda_and_no_note(agent_client, manager_client):
    meeting = MeetingFactory(notes="Une note du service.")
    draft = AgendaItemFactory(meeting=meeting, action=ActionFactory(title="Un brouillon"), notes="Un mot à part.")
    MemberFactory(meeting=meeting, name="Camille", email="camille@example.org")

    page = agent_client.get(meeting.get_absolute_url()).text

    assert "Un brouillon" in page
    assert draft.action.get_absolute_url() not in page
    assert "Camille" in page
    assert [words for words in ("Une note", "Un mot à part", "camille@example.org") if words in page] == []
    assert "Une note du service." in manager_client.get(meeting.get_absolute_url()).text


def test_clock_runs_from_passage_to_passage(agent_client):
    meeting = MeetingFactory(starts_at=dt.time(9, 30))
    AgendaItemFactory(meeting=meeting, position=1, minutes=20)
    AgendaItemFactory(meeting=meeting, position=0, minutes=45, topic=True)

    slots = agent_client.get(meeting.get_absolute_url()).context["slots"]

    assert [slot.hour for slot in slots] == ["9\u00a0h\u00a030", "10\u00a0h\u00a015"]
    assert slots[-1].ends_at == dt.time(10, 35)


# --- Created, changed ---------------------------------------------------------------------------------------------
def test_meeting_begins_with_the_minutes_of_the_previous_one_and_its_members(manager_client, manager):
    previous = MeetingFactory(closed=True, territory=TerritoryFactory(home=True))
    MemberFactory(meeting=previous, role="chair", name="Camille", user=manager, presence="present")
    MemberFactory(meeting=previous, role="guest", name="Un invité d’un jour")
    date = timezone.localdate() + dt.timedelta(days=30)

    response = manager_client.post("/isic/nouvelle/", told(previous, date=date.isoformat()))

    meeting = Meeting.objects.get(state="preparing")
    assert response["Location"] == reverse("meetings:prepare", args=[meeting.pk])
    assert meeting.deadline_on == date - dt.timedelta(days=7)
    assert [(m.name, m.role, m.user, m.presence) for m in meeting.members.all()] == [("Camille", "chair", manager, "")]
    assert [(i.kind, i.subject) for i in meeting.items.all()] == [
        ("approval", "Approbation du compte rendu du jeudi 12 mars 2026")
    ]


def test_meetings_created_ahead_approve_each_the_one_before_whatever_is_moved_or_cancelled(manager):
    home = TerritoryFactory(home=True)
    october, november, december, january = (
        begin(MeetingFactory.build(territory=home, date=dt.date(year, month, 3)))
        for year, month in ((2098, 10), (2098, 12), (2099, 1), (2098, 11))
    )
    october, november, december, january = sorted((october, november, december, january), key=lambda m: m.date)

    def approvals():
        return [
            [item.subject for item in Meeting.objects.get(pk=meeting.pk).items.all()]
            for meeting in (october, november, december, january)
        ]

    words = "Approbation du compte rendu du {}".format
    days = ["vendredi 3 octobre 2098", "lundi 3 novembre 2098", "mercredi 3 décembre 2098"]
    assert approvals() == [[], *([words(day)] for day in days)]
    november.refresh_from_db()
    november.cancel(by=manager, reason="Neige.")
    assert approvals()[2] == [words(days[0])]
    december.refresh_from_db()
    december.hold(by=manager)
    assert december.items.get().title == words(days[0])


def test_first_meeting_of_a_territory_begins_empty(manager_client):
    MeetingFactory(closed=True)
    manager_client.post("/isic/nouvelle/", told(MeetingFactory.build(territory=TerritoryFactory(home=True))))

    assert not Meeting.objects.get(state="preparing").items.exists()


def test_form_sent_twice_makes_one_meeting(manager_client):
    home = TerritoryFactory(home=True)
    page = manager_client.get("/isic/nouvelle/")
    typed = told(MeetingFactory.build(territory=home), submission=page.context["form"]["submission"].value())

    answers = [manager_client.post("/isic/nouvelle/", typed)["Location"] for _ in range(2)]

    assert answers[0] == answers[1]
    assert Meeting.objects.count() == 1


def test_form_sent_again_with_another_day_makes_another_meeting(manager_client):
    home = TerritoryFactory(home=True)
    key = manager_client.get("/isic/nouvelle/").context["form"]["submission"].value()
    for days in (10, 20):
        date = timezone.localdate() + dt.timedelta(days=days)
        manager_client.post("/isic/nouvelle/", told(MeetingFactory.build(territory=home, date=date), submission=key))

    assert Meeting.objects.count() == 2


def test_second_meeting_of_a_day_is_asked_first(manager_client):
    first = MeetingFactory(territory=TerritoryFactory(home=True))
    typed = told(first, place="Salle bleue")

    asked = manager_client.post("/isic/nouvelle/", typed)

    assert asked.status_code == 422
    assert "Ce territoire a déjà une réunion ce jour-là, de 9\u00a0h\u00a030 à 12\u00a0h." in asked.text
    assert "Salle bleue" in asked.text
    box = asked.context["form"]["date"].confirmation["name"]
    manager_client.post("/isic/nouvelle/", typed | {box: "on"})
    assert Meeting.objects.count() == 2


@pytest.mark.parametrize("other", [{"state": "cancelled", "reason": "Neige."}, {"territory": None}])
def test_meeting_cancelled_or_elsewhere_asks_nothing(other, manager_client):
    home = TerritoryFactory(home=True)
    elsewhere = (
        {"territory": TerritoryFactory(local_unit=True)} if "territory" in other else {"territory": home, **other}
    )
    first = MeetingFactory(**elsewhere)

    manager_client.post("/isic/nouvelle/", told(MeetingFactory.build(territory=home, date=first.date)))

    assert Meeting.objects.count() == 2


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"ends_at": "09:00"}, "L’heure de fin doit suivre l’heure de début."),
        ({"deadline_on": "2999-01-01"}, "la date limite la précède"),
        ({"territory": "0"}, "Sélectionnez un choix valide"),
        ({"date": "jamais"}, "Saisissez une date valide"),
        ({"video_url": "quelque part"}, "URL"),
        ({"submission": "x"}, ""),
    ],
)
def test_wrong_meeting_is_told_and_loses_nothing(typed, words, manager_client):
    data = told(MeetingFactory.build(territory=TerritoryFactory(home=True)), place="Salle bleue", **typed)

    response = manager_client.post("/isic/nouvelle/", data)

    assert response.status_code == 422
    assert words in response.text
    assert "Salle bleue" in response.text
    assert not Meeting.objects.exists()


def test_deadline_follows_the_date_unless_chosen(manager_client):
    meeting = MeetingFactory(deadline_on=timezone.localdate() + dt.timedelta(days=3))
    path, date = reverse("meetings:edit", args=[meeting.pk]), meeting.date + dt.timedelta(days=5)

    manager_client.post(path, told(meeting, date=date.isoformat(), deadline_on=meeting.deadline_on.isoformat()))
    meeting.refresh_from_db()
    assert meeting.deadline_on == date - dt.timedelta(days=7)

    manager_client.post(path, told(meeting, deadline_on=date.isoformat()))
    meeting.refresh_from_db()
    assert meeting.deadline_on == date


def test_second_to_save_is_told_and_loses_nothing(manager_client):
    meeting = MeetingFactory()
    path = reverse("meetings:edit", args=[meeting.pk])
    mine = told(meeting, place="Salle bleue")
    manager_client.post(path, told(meeting, place="Salle rouge"))

    response = manager_client.post(path, mine)

    assert response.status_code == 409
    assert "Salle bleue" in response.text
    meeting.refresh_from_db()
    assert (meeting.place, meeting.version) == ("Salle rouge", 2)
    assert manager_client.post(path, mine | base_for(MeetingForm.stored_of(meeting))).status_code == 302


@pytest.mark.parametrize("base", ["", "x", "-1", "9" * 50, "\N{ARABIC-INDIC DIGIT ONE}"])
def test_start_that_is_none_is_not_the_present_one(base, manager_client):
    meeting = MeetingFactory()
    typed = told(meeting, place="Ailleurs", base=base)

    assert manager_client.post(reverse("meetings:edit", args=[meeting.pk]), typed).status_code == 409
    meeting.refresh_from_db()
    assert (meeting.place, meeting.version) == ("Salle des fêtes", 1)


@pytest.mark.parametrize("traits", [{"closed": True}, {"state": "cancelled", "reason": "Neige."}])
def test_locked_meeting_no_longer_changes(traits, manager_client):
    meeting = MeetingFactory(**traits)
    pages = {name: reverse(f"meetings:{name}", args=[meeting.pk]) for name in ("edit", "people")}

    for path, typed in ((pages["edit"], told(meeting, place="Ailleurs")), (pages["people"], ROWS)):
        assert "button--call" not in manager_client.get(path).text
        response = manager_client.post(path, typed)
        assert response.status_code == 409
        assert "elle ne change plus" in response.text
    meeting.refresh_from_db()
    assert meeting.place == "Salle des fêtes"
    assert manager_client.get(reverse("meetings:prepare", args=[meeting.pk])).status_code == 302


# --- Who takes part -----------------------------------------------------------------------------------------------
def test_people_with_an_account_and_without(manager_client, agent):
    agent.full_name, agent.function = "Alix Morel", "assistante sociale"
    agent.save()
    meeting = MeetingFactory()
    people = rows(
        {"role": "chair", "email": "AGENT@example.org"},
        {"name": "Nadia Perrin", "function": "élue", "email": "nadia@example.org", "presence": "excused"},
        {},
    )

    response = manager_client.post(
        reverse("meetings:people", args=[meeting.pk]), people | base_for(PeopleForm.stored_of(meeting))
    )

    assert response.status_code == 302
    stored = list(meeting.members.in_order().values_list("name", "function", "user", "role", "presence", "email"))
    assert stored == [
        ("Alix Morel", "assistante sociale", agent.pk, "chair", "", "agent@example.org"),
        ("Nadia Perrin", "élue", None, "member", "excused", "nadia@example.org"),
    ]


def test_chair_and_secretary_change_places_and_stay_themselves(manager_client):
    meeting = MeetingFactory()
    chair, secretary = (MemberFactory(meeting=meeting, role=role, name=role) for role in ("chair", "secretary"))
    swapped = rows(
        {"key": secretary.key, "role": "chair", "name": "secretary"},
        {"key": chair.key, "role": "secretary", "name": "chair"},
    )

    manager_client.post(
        reverse("meetings:people", args=[meeting.pk]), swapped | base_for(PeopleForm.stored_of(meeting))
    )

    assert dict(Member.objects.values_list("pk", "role")) == {chair.pk: "secretary", secretary.pk: "chair"}


@pytest.mark.parametrize(
    ("people", "words"),
    [
        ([{"role": "chair", "name": "A"}, {"role": "chair", "name": "B"}], "Une seule personne préside"),
        ([{"email": "agent@example.org", "name": "A"}, {"email": "agent@example.org", "name": "B"}], "deux fois"),
        ([{"email": "personne@example.org"}], "Indiquez un nom"),
        ([{"role": "roi", "name": "A"}], "Sélectionnez un choix valide"),
        ([{"name": "x" * 151}], "150"),
    ],
)
def test_wrong_people_are_told(people, words, manager_client, agent):
    meeting = MeetingFactory()

    response = manager_client.post(reverse("meetings:people", args=[meeting.pk]), rows(*people))

    assert response.status_code == 422
    assert words in response.text
    assert not meeting.members.exists()


def test_row_is_added_without_a_script(manager_client):
    meeting = MeetingFactory()
    typed = rows({"name": "Nadia"}) | {"op": "members:add"}

    response = manager_client.post(reverse("meetings:people", args=[meeting.pk]), typed)

    assert response.status_code == 200
    assert "Participant 2 sur 2" in response.text
    assert "Nadia" in response.text


# --- Moves --------------------------------------------------------------------------------------------------------
IN_STATE = {
    "preparing": {},
    "held": {"held": True},
    "closed": {"closed": True},
    "cancelled": {"state": "cancelled", "reason": "Neige."},
}


@pytest.mark.parametrize("state", IN_STATE)
@pytest.mark.parametrize("move", MOVES, ids=lambda move: move.name)
def test_move_from_every_state(move, state, manager_client):
    meeting = MeetingFactory(**IN_STATE[state])
    path = reverse(f"meetings:{move.name}", args=[meeting.pk])

    assert manager_client.get(path).status_code == 200
    response = manager_client.post(path, {"seen": meeting.version, "reason": "Un contretemps."})

    meeting.refresh_from_db()
    if state in move.since:
        assert (response.status_code, meeting.state) == (302, move.target)
    else:
        assert meeting.state == state
        assert response.status_code == (302 if state == move.target and not move.asks else 409)
        if move.asks:
            assert "Un contretemps." in response.text


def test_move_sent_twice_ends_the_same(manager_client):
    meeting = MeetingFactory()
    typed = {"seen": 1, "reason": "Neige."}

    answers = [manager_client.post(reverse("meetings:cancel", args=[meeting.pk]), typed) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    meeting.refresh_from_db()
    assert (meeting.state, meeting.version) == ("cancelled", 2)


def test_move_of_a_meeting_that_changed_waits(manager_client):
    meeting = MeetingFactory(version=4)

    response = manager_client.post(reverse("meetings:hold", args=[meeting.pk]), {"seen": "3"})

    assert response.status_code == 409
    assert "Quelqu’un a enregistré la réunion entre-temps" in response.text


def test_cancelling_needs_a_reason(manager_client):
    meeting = MeetingFactory()

    response = manager_client.post(reverse("meetings:cancel", args=[meeting.pk]), {"seen": "1", "reason": " "})

    assert response.status_code == 422
    assert Meeting.objects.get().state == "preparing"


def test_cancelled_meeting_says_why_and_frees_its_actions(manager_client, agent_client):
    item = AgendaItemFactory()
    manager_client.post(reverse("meetings:cancel", args=[item.meeting_id]), {"seen": "1", "reason": "Neige annoncée."})

    assert "Neige annoncée." in agent_client.get(reverse("meetings:meeting", args=[item.meeting_id])).text
    assert list(AgendaItem.objects.waiting()) == [item]


def test_what_people_write_stays_text(manager_client, agent_client):
    payload = "<script>alert(1)</script>"
    meeting = MeetingFactory(place=payload, notes=payload, state="cancelled", reason=payload)
    MemberFactory(meeting=meeting, name=payload, function=payload)
    AgendaItemFactory(meeting=meeting, topic=True, title=payload, question=payload)

    for path in ("/isic/", meeting.get_absolute_url()):
        assert payload not in manager_client.get(path).text


def test_manager_is_one_like_another_in_another_room():
    """A second manager sees the same meetings: they belong to the service, not to who made them."""
    MeetingFactory()

    assert Meeting.objects.editable_by(UserFactory(manager=True)).count() == 1


def test_dashboard_of_the_service_shows_the_next_meetings_and_what_waits(manager_client):
    meeting = MeetingFactory(date=timezone.localdate(), territory__name="MDS du Lac")
    AgendaItemFactory(meeting=meeting)
    AgendaItemFactory(waiting=True)

    [panel] = [panel for panel in manager_client.get("/admin/").context["panels"] if panel.title == "Réunions ISIC"]

    assert [line.detail for line in panel.lines] == ["MDS du Lac, 1\u00a0passage", ""]
    assert panel.lines[0].url == reverse("meetings:prepare", args=[meeting.pk])
    assert panel.lines[1].text == "1\u00a0proposition sans réunion"
