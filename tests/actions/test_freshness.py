"""A sheet is asked again whether it is true: dates, reminders, links that answer without signing in."""

import datetime as dt
import re

import pytest
from django.core import mail, signing
from django.test import Client
from django.utils import timezone

from actions import freshness
from actions.freshness import NEWCOMERS, REVIEW
from actions.models import Action, Version
from tests.actions.filing import page_fields
from tests.factories import ActionFactory, ContactFactory, TeamMemberFactory, UserFactory

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


def days_ago(number: int) -> dt.date:
    return timezone.localdate() - number * DAY


@pytest.fixture
def late(unit):
    """Asked about since yesterday."""
    return ActionFactory(title="Cuisine", published=True, carrier_unit=unit, review_due_on=days_ago(1))


@pytest.fixture
def open_late(unit):
    return ActionFactory(
        title="Marche", published=True, carrier_unit=unit, open_to_newcomers="yes", newcomers_due_on=days_ago(1)
    )


def written() -> list[tuple]:
    """All that a link could change."""
    return [
        *Action.objects.order_by("pk").values_list("version", "verified_on", "review_due_on", "open_to_newcomers"),
        *Version.objects.order_by("pk").values_list("pk"),
    ]


# --- Dates --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("days", "stale"), [(0, False), (29, False), (30, True)])
def test_stale_twins_agree(days, stale):
    action = ActionFactory(
        published=True, review_due_on=days_ago(days), open_to_newcomers="yes", newcomers_due_on=days_ago(days)
    )
    ActionFactory(review_due_on=days_ago(days), newcomers_due_on=days_ago(days))  # a draft
    ActionFactory(published=True)  # without dates
    today = timezone.localdate()

    assert (freshness.is_stale(action, today), list(Action.objects.stale()) == [action]) == (stale, stale)
    assert freshness.are_newcomers_stale(action, today) == stale == (list(Action.objects.newcomers_stale()) == [action])
    assert list(Action.objects.newcomers_due()) == [action]


def test_publishing_an_open_sheet_asks_again_in_three_months(manager):
    action = ActionFactory(published=True, editorial_state="draft", open_to_newcomers="waiting_list")

    action.publish(by=manager)

    assert action.newcomers_due_on == timezone.localdate() + 90 * DAY


@pytest.mark.parametrize(
    ("change", "asked_in"),
    [
        ({"title": "Autre"}, 10),
        ({"open_to_newcomers": "waiting_list"}, 90),
        ({"open_to_newcomers": "no"}, None),
        ({"life_state": "ended"}, None),
    ],
)
def test_new_answer_of_an_editor_starts_the_date_again(agent, change, asked_in):
    soon = timezone.localdate() + 10 * DAY
    action = ActionFactory(published=True, open_to_newcomers="yes", newcomers_due_on=soon)

    with action.edited(by=agent):
        for name, value in change.items():
            setattr(action, name, value)

    action.refresh_from_db()
    assert action.newcomers_due_on == (asked_in and timezone.localdate() + asked_in * DAY)


# --- Links --------------------------------------------------------------------------------------------------------
def test_link_shows_the_sheet_to_anybody_and_writes_nothing(client, late, open_late):
    before = written()

    for path, title in ((REVIEW.path(late), "Cuisine"), (NEWCOMERS.path(open_late), "Marche")):
        page = client.get(path)
        assert (page.status_code, client.head(path).status_code) == (200, 200)
        assert title in page.text
        assert "no-store" in page["Cache-Control"]
    assert written() == before


def test_button_verifies_the_sheet_once(client, late):
    path = REVIEW.path(late)

    answers = [client.post(path, {"answer": "yes"}) for _ in range(2)]

    late.refresh_from_db()
    assert [(a.status_code, a["Location"]) for a in answers] == [(302, path)] * 2
    assert (late.verified_on, late.review_due_on) == (timezone.localdate(), timezone.localdate() + 365 * DAY)
    assert late.version == 2
    assert [(v.kind, v.by) for v in late.versions.all()] == [("verified", None), ("loaded", None)]
    assert "C’est noté, merci" in client.get(path).text


def test_button_asks_for_a_token_of_the_page(late):
    path, strict = REVIEW.path(late), Client(enforce_csrf_checks=True)

    assert strict.post(path, {"answer": "yes"}).status_code == 403
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', strict.get(path).text)[1]
    assert strict.post(path, {"answer": "yes", "csrfmiddlewaretoken": token}).status_code == 302


def test_sheet_to_update_is_told_to_its_team_and_may_be_verified_later(client, agent_client, late):
    path = REVIEW.path(late)

    answers = [client.post(path, {"answer": "update"}) for _ in range(2)]

    assert [a["Location"] for a in answers] == [f"/actions/{late.slug}/modifier/"] * 2
    late.refresh_from_db()
    assert late.editorial_reason.startswith("À mettre à jour")
    assert (late.version, late.review_due_on) == (2, days_ago(1))
    assert late.editorial_reason in agent_client.get(f"/actions/{late.slug}/modifier/").text

    client.post(path, {"answer": "yes"})

    late.refresh_from_db()
    assert (late.editorial_reason, late.version) == ("", 3)


@pytest.mark.parametrize(("openness", "asked_in"), [("yes", 90), ("waiting_list", 90), ("no", None)])
def test_newcomers_are_confirmed(client, open_late, openness, asked_in):
    path = NEWCOMERS.path(open_late)

    for _ in range(2):
        client.post(path, {"answer": openness})

    open_late.refresh_from_db()
    assert (open_late.open_to_newcomers, open_late.version) == (openness, 2)
    assert open_late.newcomers_due_on == (asked_in and timezone.localdate() + asked_in * DAY)
    assert "C’est noté, merci" in client.get(path).text


@pytest.mark.parametrize("question", [REVIEW, NEWCOMERS], ids=["review", "newcomers"])
def test_machine_that_sends_the_form_as_it_is_answers_nothing(question, client, late, open_late):
    path, before = question.path(late if question is REVIEW else open_late), written()

    response = client.post(path, page_fields(client.get(path).text))

    assert response.status_code == 422
    assert "Choisissez une réponse." in response.text
    assert written() == before


CANCEL = {"cancelling": "1", "cancel": "on"}


@pytest.mark.parametrize(("question", "given"), [(REVIEW, "yes"), (NEWCOMERS, "yes"), (NEWCOMERS, "no")])
def test_answer_is_cancelled_by_the_same_link(question, given, client, late, open_late):
    action = late if question is REVIEW else open_late
    path = question.path(action)
    names = freshness.ANSWERED
    before = Action.objects.values(*names).get(pk=action.pk)
    client.post(path, {"answer": given})
    assert Action.objects.values(*names).get(pk=action.pk) != before

    untouched = client.post(path, {"cancelling": "1"})
    answers = [client.post(path, CANCEL) for _ in range(2)]

    assert untouched.status_code == 422
    assert [answers[0].status_code, answers[1].status_code] == [302, 422]
    assert Action.objects.values(*names).get(pk=action.pk) == before
    assert question.words in client.get(path).text, "the question is asked again"
    assert "annulée" in action.versions.first().reason


def test_answer_is_cancelled_for_a_day(client, late):
    path = REVIEW.path(late)
    client.post(path, {"answer": "yes"})
    line = late.versions.first()
    line.at -= freshness.CANCELLABLE
    line.save()

    assert "Annuler la réponse" not in client.get(path).text
    client.post(path, CANCEL)

    late.refresh_from_db()
    assert late.verified_on == timezone.localdate()


def test_what_somebody_changed_since_the_answer_stays(client, agent, open_late):
    path = NEWCOMERS.path(open_late)
    client.post(path, {"answer": "yes"})
    open_late.refresh_from_db()
    with open_late.edited(by=agent):
        open_late.open_to_newcomers = "no"

    client.post(path, CANCEL)

    open_late.refresh_from_db()
    assert open_late.open_to_newcomers == "no"


def test_answer_that_is_none_says_so(client, late):
    before = written()

    for data in ({}, {"answer": "no"}):
        assert client.post(REVIEW.path(late), data).status_code == 422
    assert written() == before


def test_link_that_is_not_ours_is_refused(client, late, open_late, monkeypatch):
    before = written()
    good = REVIEW.path(late).split("/")[2]
    old = f"{days_ago(1)}"
    forged = [
        "x",
        good[:-1],
        f"x{good}",
        signing.dumps([late.pk, old]),
        signing.dumps([late.pk, old], key="other", salt="actions.freshness.review"),
        NEWCOMERS.path(open_late).split("/")[3],
        signing.dumps([0, old], salt="actions.freshness.review"),  # of a sheet deleted since
    ]

    for token in forged:
        for answer in (client.get(f"/verifier/{token}/"), client.post(f"/verifier/{token}/", {"answer": "yes"})):
            assert answer.status_code == 410
            assert "Ce lien n’est plus valable" in answer.text
    monkeypatch.setattr(freshness, "LIFETIME", dt.timedelta(seconds=-1))
    assert client.post(f"/verifier/{good}/", {"answer": "yes"}).status_code == 410
    assert written() == before


def test_link_of_a_sheet_that_left_the_catalogue_says_so(client, manager, late):
    path = REVIEW.path(late)
    late.archive(by=manager, reason="Doublon.")
    before = written()

    page = client.get(path)
    client.post(path, {"answer": "yes"})

    assert "elle est archivée" in page.text
    assert "<button" not in page.text.partition("<main")[2].partition("</main")[0]
    assert written() == before


# --- What readers are told ----------------------------------------------------------------------------------------
def test_stale_sheet_says_since_when(client):
    action = ActionFactory(published=True, verified_on=dt.date(2025, 3, 10), review_due_on=dt.date(2026, 3, 10))

    assert "Fiche non vérifiée depuis mars 2025\u00a0: appelez avant d’orienter quelqu’un." in (
        client.get(action.get_absolute_url()).text
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("days", "shown"), [(29, False), (30, True)])
def test_welcome_that_nobody_confirmed_is_to_be_confirmed(client, days, shown):
    action = ActionFactory(published=True, open_to_newcomers="yes", newcomers_due_on=days_ago(days))

    assert ("Ouvert aux nouveaux, à confirmer" in client.get(action.get_absolute_url()).text) == shown
    assert ("à confirmer" in client.get("/groupes/").text) == shown


# --- Reminders ----------------------------------------------------------------------------------------------------
def run(job, today=None, commit=None) -> list:
    """The mails that the job of the day sent."""
    mail.outbox.clear()
    with commit(execute=True):
        job(today or timezone.localdate())
    return mail.outbox


def test_referent_gets_one_mail_with_a_link_that_works(late, client, django_capture_on_commit_callbacks):
    referent = UserFactory(email="referente@example.org")
    TeamMemberFactory(action=late, user=referent, role="referent")
    TeamMemberFactory(action=late, user=UserFactory(), role="presenter")
    TeamMemberFactory(action=late, user=UserFactory(is_active=False), role="referent")

    sent = list(run(freshness.remind_all, commit=django_capture_on_commit_callbacks))
    again = list(run(freshness.remind_all, timezone.localdate() + DAY, django_capture_on_commit_callbacks))

    assert ([m.to for m in sent], again) == ([["referente@example.org"]], [])
    assert sent[0].subject == "Toujours d’actualité\u00a0? «\u00a0Cuisine\u00a0»"
    link = re.search(r"https?://[^/]+(/verifier/\S+)", sent[0].body)[1]
    client.post(link, {"answer": "yes"})
    late.refresh_from_db()
    assert late.verified_on == timezone.localdate()
    later = timezone.localdate() + 365 * DAY
    assert len(run(freshness.remind_all, later - DAY, django_capture_on_commit_callbacks)) == 0
    run(freshness.remind_all, later, django_capture_on_commit_callbacks)
    late.refresh_from_db()
    assert late.reminded_on == later


def test_two_questions_make_one_mail(late, django_capture_on_commit_callbacks):
    with late.edited(by=None):
        late.open_to_newcomers = "yes"
    with late.edited(by=None):
        late.newcomers_due_on = days_ago(2)

    (message,) = run(freshness.remind_all, commit=django_capture_on_commit_callbacks)

    assert message.to == [late.contact.email]
    assert message.body.count("/verifier/") == 2


def test_nobody_is_written_to_but_the_team_or_the_service(django_capture_on_commit_callbacks):
    named = ActionFactory(published=True, review_due_on=days_ago(1), contact=ContactFactory(named=True))
    ActionFactory(review_due_on=days_ago(1))  # a draft

    assert run(freshness.remind_all, commit=django_capture_on_commit_callbacks) == []
    named.refresh_from_db()
    assert named.reminded_on is None


def test_reminder_makes_no_version(late, django_capture_on_commit_callbacks):
    run(freshness.remind_all, commit=django_capture_on_commit_callbacks)

    late.refresh_from_db()
    assert (late.version, late.versions.count()) == (1, 0)


def test_due_says_what_to_answer_and_where(late, open_late):
    today = timezone.localdate()

    assert freshness.due(late, today) == [(REVIEW.words, REVIEW.path(late))]
    assert freshness.due(open_late, today) == [(NEWCOMERS.words, NEWCOMERS.path(open_late))]
    assert freshness.due(late, today - 2 * DAY) == []


# --- Drafts that nobody touches -----------------------------------------------------------------------------------
def test_forgotten_draft_is_archived_after_its_notice(agent, django_capture_on_commit_callbacks):
    commit, now = django_capture_on_commit_callbacks, timezone.now()
    draft = ActionFactory(title="Idée", created_by=agent, updated_at=now - 400 * DAY)
    ActionFactory(title="Récent", created_by=agent, updated_at=now - 300 * DAY)
    today = timezone.localdate()

    assert [m.to for m in run(freshness.put_away, today, commit)] == [["agent@example.org"]]
    assert run(freshness.put_away, today + 29 * DAY, commit) == []
    assert Action.objects.filter(editorial_state="archived").count() == 0
    run(freshness.put_away, today + 30 * DAY, commit)

    draft.refresh_from_db()
    assert (draft.editorial_state, draft.editorial_reason) == (
        "archived",
        "Brouillon resté sans changement depuis un an.",
    )
    assert run(freshness.put_away, today + 31 * DAY, commit) == []


def test_draft_that_is_taken_up_again_stays(agent, django_capture_on_commit_callbacks):
    commit, today = django_capture_on_commit_callbacks, timezone.localdate()
    draft = ActionFactory(created_by=agent, updated_at=timezone.now() - 400 * DAY)
    run(freshness.put_away, today, commit)

    with draft.edited(by=agent):
        draft.summary = "Reprise"
    run(freshness.put_away, today + 31 * DAY, commit)

    draft.refresh_from_db()
    assert draft.editorial_state == "draft"
