"""The dates of a group: added, moved, cancelled and put back one at a time, outside the versions of the sheet."""

import datetime as dt
import uuid

import pytest
from django.utils import timezone

from actions.models import Action, PrivacyFlag, Session
from catalogue.models import Entry
from tests.actions.filing import page_fields
from tests.factories import ActionFactory, SessionFactory
from tests.pages import assert_valid_html, first_headings
from tests.rules import assert_refused

pytestmark = pytest.mark.django_db

MARCH, MAY = dt.date(2031, 3, 4), dt.date(2031, 5, 6)


@pytest.fixture
def sheet(unit):
    return ActionFactory(title="Cuisine", carrier_unit=unit, published=True)


@pytest.fixture
def session(sheet):
    return SessionFactory(action=sheet, date=MARCH, starts_at=dt.time(14), place="Foyer")


def address(sheet, *more) -> str:
    return "/".join([f"/actions/{sheet.slug}/seances", *map(str, more), ""])


def filled(client, path: str, **changes) -> dict:
    """The form of a page as it stands, with these fields changed."""
    return page_fields(client.get(path).text) | changes


def add(client, sheet, **typed):
    return client.post(address(sheet, "ajouter"), {"submission": uuid.uuid4(), **typed})


# --- The rules ----------------------------------------------------------------------------------------------------
@pytest.mark.engine
@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"starts_at": dt.time(16), "ends_at": dt.time(14)}, "L’heure de fin doit suivre l’heure de début."),
        ({"starts_at": dt.time(14), "ends_at": dt.time(14)}, "L’heure de fin doit suivre l’heure de début."),
        ({"ends_at": dt.time(14)}, "L’heure de fin doit suivre l’heure de début."),
        ({"date": MAY, "starts_at": dt.time(9)}, "Cette séance est déjà parmi les dates du groupe."),
        ({"date": MAY + dt.timedelta(days=1)}, "Cette date est déjà parmi celles du groupe."),
    ],
)
def test_session_refuses(sheet, fields, sentence):
    SessionFactory(action=sheet, date=MAY, starts_at=dt.time(9))
    SessionFactory(action=sheet, date=MAY + dt.timedelta(days=1))

    assert_refused(SessionFactory.build(action=sheet, **{"date": MARCH, **fields}), sentence)


def test_session_remembers_the_first_date_that_was_announced():
    session = Session(date=MARCH)

    moves = []
    for date in (MAY, dt.date(2031, 5, 7), MARCH):
        session.move_to(date)
        moves.append((session.date, session.moved_from))

    assert moves == [(MAY, MARCH), (dt.date(2031, 5, 7), MARCH), (MARCH, None)]


# --- The pages ----------------------------------------------------------------------------------------------------
def test_list_has_the_coming_dates_first_and_the_last_past_ones(agent_client, sheet):
    today = timezone.localdate()
    for days in (-9, -2, 0, 5):
        SessionFactory(action=sheet, date=today + dt.timedelta(days=days))

    page = agent_client.get(address(sheet))

    assert [s.date - today for s in page.context["coming"]] == [dt.timedelta(0), dt.timedelta(5)]
    assert [s.date - today for s in page.context["past"]] == [dt.timedelta(-2), dt.timedelta(-9)]
    assert first_headings(page.text) == ["Dates des séances"]
    assert_valid_html(page.text)


def test_cost_of_the_list_does_not_grow_with_its_dates(agent_client, sheet, django_assert_num_queries):
    agent_client.get(address(sheet))
    for day in (1, 2, 3):
        SessionFactory(action=sheet, date=MARCH + dt.timedelta(days=day))
        SessionFactory(action=sheet, date=dt.date(2001, 1, day))
        with django_assert_num_queries(6):
            agent_client.get(address(sheet))


@pytest.mark.parametrize("page", ["/actions/{}/modifier/", "/actions/{}/modifier/comment/"])
def test_filing_leads_to_the_dates(agent_client, sheet, page):
    assert f'href="{address(sheet)}"' in agent_client.get(page.format(sheet.slug)).text


def test_date_is_added_with_the_hours_of_the_rhythm_offered(agent_client, sheet):
    with_hours = ActionFactory(
        carrier_unit=sheet.carrier_unit, rhythm_starts_at=dt.time(9, 30), rhythm_ends_at=dt.time(11)
    )
    fields = filled(agent_client, address(with_hours, "ajouter"), date="2031-03-04")

    answer = agent_client.post(address(with_hours, "ajouter"), fields)

    added = with_hours.sessions.get()
    assert answer["Location"] == f"{address(with_hours)}#seance-{added.key}"
    assert (added.date, added.starts_at, added.ends_at) == (MARCH, dt.time(9, 30), dt.time(11))


def test_form_sent_twice_adds_one_date(agent_client, sheet):
    submission = uuid.uuid4()

    answers = [add(agent_client, sheet, submission=submission, date="2031-03-04") for _ in range(2)]

    key = sheet.sessions.get().key
    assert [answer["Location"] for answer in answers] == [f"{address(sheet)}#seance-{key}"] * 2


def test_page_that_is_sent_again_with_another_date_adds_another(agent_client, sheet):
    submission = uuid.uuid4()

    for date in ("2031-03-04", "2031-03-11"):
        add(agent_client, sheet, submission=submission, date=date)

    assert [session.date.day for session in sheet.sessions.all()] == [4, 11]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"date": ""}, "Ce champ est obligatoire."),
        ({"date": "31/02/2031"}, "Saisissez une date valide."),
        ({"date": "0031-03-04"}, "Vérifiez l’année de cette date."),
        ({"date": "2031-03-05", "starts_at": "16:00", "ends_at": "14:00"}, "L’heure de fin doit suivre"),
        ({"date": "2031-03-04", "starts_at": "14:00"}, "Cette séance est déjà parmi les dates du groupe."),
        ({"date": "2031-03-05", "place": "x" * 201}, "au plus 200 caractères"),
    ],
)
def test_wrong_date_gets_a_sentence_and_loses_nothing(agent_client, session, typed, sentence):
    typed = {"place": "Salle du haut", **typed}

    answer = add(agent_client, session.action, **typed)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert typed["place"] in answer.text
    assert session.action.sessions.count() == 1


def test_session_is_moved_by_itself(agent_client, sheet, session):
    other = SessionFactory(action=sheet, date=MAY)
    before = Action.objects.get(pk=sheet.pk)
    path = address(sheet, session.key)

    agent_client.post(path, filled(agent_client, path, date="2031-03-11"))

    session.refresh_from_db()
    assert (session.date, session.moved_from, session.place) == (dt.date(2031, 3, 11), MARCH, "Foyer")
    assert Session.objects.filter(pk=other.pk, date=MAY).exists()
    after = Action.objects.get(pk=sheet.pk)
    assert (after.version, after.updated_at, after.versions.count()) == (before.version, before.updated_at, 0)


def test_session_is_cancelled_with_a_reason_and_put_back(agent_client, sheet, session):
    path = address(sheet, session.key, "annuler")

    assert agent_client.post(path, filled(agent_client, path)).status_code == 422
    agent_client.post(path, filled(agent_client, path, cancellation_reason="Salle indisponible"))
    session.refresh_from_db()
    assert (session.is_cancelled, session.cancellation_reason) == (True, "Salle indisponible")

    for _ in range(2):
        assert agent_client.post(address(sheet, session.key, "retablir")).status_code == 302
    session.refresh_from_db()
    assert session.is_cancelled is False


def test_reason_that_tells_of_a_person_is_asked_then_flagged(agent_client, admin_client, sheet, session):
    path = address(sheet, session.key, "annuler")
    fields = filled(agent_client, path, cancellation_reason="Mme Durand est absente")
    asked = agent_client.post(path, fields)
    assert asked.status_code == 422

    box = asked.text.partition('name="cancellation_reason-oui-')[2].partition('"')[0]
    agent_client.post(path, {**fields, f"cancellation_reason-oui-{box}": "on"})

    assert (PrivacyFlag.objects.get().field, sheet.sessions.get().is_cancelled) == ("sessions", True)
    for page in ("/admin/", "/admin/actions/privacyflag/"):
        assert f'href="{address(sheet)}"' in admin_client.get(page).text


# --- Two people ---------------------------------------------------------------------------------------------------
def test_two_people_on_two_dates_never_meet(agent_client, client_of, colleague, sheet, session):
    other = client_of(colleague)
    mine, theirs = (address(sheet, one.key) for one in (session, SessionFactory(action=sheet, date=MAY)))
    first, second = filled(agent_client, mine, place="Salle du haut"), filled(other, theirs, place="Jardin")

    answers = [agent_client.post(mine, first), other.post(theirs, second)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert sorted(sheet.sessions.values_list("place", flat=True)) == ["Jardin", "Salle du haut"]


def test_two_people_on_two_answers_of_one_date_keep_both(agent_client, client_of, colleague, sheet, session):
    other = client_of(colleague)
    path = address(sheet, session.key)
    first = filled(agent_client, path, place="Salle du haut")
    second = filled(other, path, date="2031-03-11")

    answers = [agent_client.post(path, first), other.post(path, second)]

    session.refresh_from_db()
    assert [answer.status_code for answer in answers] == [302, 302]
    assert (session.place, session.date, session.moved_from) == ("Salle du haut", dt.date(2031, 3, 11), MARCH)


def test_second_reads_the_answer_of_the_first_and_keeps_his_own_knowingly(
    agent_client, client_of, colleague, sheet, session
):
    other = client_of(colleague)
    path = address(sheet, session.key)
    first, second = (
        filled(agent_client, path, place="Salle du haut"),
        filled(other, path, place="Jardin", starts_at="15:00"),
    )
    agent_client.post(path, first)

    refused = other.post(path, second)

    session.refresh_from_db()
    assert refused.status_code == 409
    assert [name for name in page_fields(refused.text) if name.startswith("garder-")] == ["garder-place"]
    assert "Jardin" in refused.text
    assert "Salle du haut" in refused.text
    assert (session.place, session.starts_at) == ("Salle du haut", dt.time(15))

    assert other.post(path, page_fields(refused.text)).status_code == 302
    session.refresh_from_db()
    assert (session.place, session.starts_at) == ("Jardin", dt.time(15))


def test_two_people_cancel_one_date_each_with_a_reason(agent_client, client_of, colleague, sheet, session):
    other = client_of(colleague)
    path = address(sheet, session.key, "annuler")
    first = filled(agent_client, path, cancellation_reason="Salle indisponible")
    second = filled(other, path, cancellation_reason="Neige")
    agent_client.post(path, first)

    refused = other.post(path, second)

    assert (refused.status_code, sheet.sessions.get().cancellation_reason) == (409, "Salle indisponible")
    assert "Salle indisponible" in refused.text
    assert "Neige" in refused.text


# --- What the sheet and the catalogue say -------------------------------------------------------------------------
def test_sheet_and_catalogue_follow_each_change(
    client, agent_client, sheet, session, django_capture_on_commit_callbacks
):
    def told() -> tuple[list, str]:
        with django_capture_on_commit_callbacks(execute=True):
            pass
        page = client.get(sheet.get_absolute_url()).text
        return Entry.objects.get(pk=sheet.pk).facts["sessions"], page

    path = address(sheet, session.key)
    with django_capture_on_commit_callbacks(execute=True):
        agent_client.post(path, filled(agent_client, path, date="2031-03-11"))
    days, page = told()
    assert days == ["2031-03-11"]
    assert "au lieu du 4 mars 2031" in page

    path = address(sheet, session.key, "annuler")
    with django_capture_on_commit_callbacks(execute=True):
        agent_client.post(path, filled(agent_client, path, cancellation_reason="Salle indisponible"))
    days, page = told()
    assert days == []
    assert "annulée\u00a0: Salle indisponible" in page.replace("&nbsp;", "\u00a0")


def test_dates_are_in_no_version_and_stay_when_one_comes_back(agent, agent_client, sheet, session):
    with sheet.edited(by=agent):
        sheet.summary = "On cuisine."
    path = address(sheet, session.key)
    agent_client.post(path, filled(agent_client, path, date="2031-03-11"))

    agent_client.post(f"/actions/{sheet.slug}/historique/1/restaurer/", {"seen": "2"})

    assert [version.kind for version in sheet.versions.all()] == ["restored", "edited", "loaded"]
    assert not any("sessions" in version.content for version in sheet.versions.all())
    assert sheet.sessions.get().date == dt.date(2031, 3, 11)
