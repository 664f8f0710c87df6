"""Each morning, the service reads what others changed in published sheets."""

import datetime as dt

import pytest
from django.core import mail
from django.utils import timezone

from actions import digest
from actions.models import Action
from tests.factories import ActionFactory, UserFactory

pytestmark = pytest.mark.django_db

NOON = dt.datetime(2026, 3, 3, 12, tzinfo=timezone.get_default_timezone())
DAY, NEXT = dt.date(2026, 3, 3), dt.date(2026, 3, 4)


def edit(action: Action, by, at=NOON, **values) -> None:
    with action.edited(by=by):
        for name, value in values.items():
            setattr(action, name, value)
    last = action.versions.first()
    last.at = at
    last.save()


@pytest.fixture
def sheet(unit):
    return ActionFactory(title="Cuisine", carrier_unit=unit, published=True, published_at=NOON - dt.timedelta(days=9))


def test_line_says_what_changed_from_the_morning_to_the_evening(sheet, agent, colleague):
    edit(sheet, agent, context="<p>Un constat.</p>", summary="Autre")
    edit(sheet, colleague, venue="Salle des fêtes")

    (line,) = digest.lines(DAY)

    assert (line.title, line.carrier) == ("Cuisine", "MDS du Lac")
    assert line.what == "en une phrase, lieu précis et contexte et diagnostic"
    assert line.url.endswith("/actions/cuisine/historique/")


def test_what_the_service_does_itself_is_left_out(sheet, manager, admin_user):
    edit(sheet, manager, summary="Autre")
    edit(sheet, admin_user, summary="Encore")

    assert digest.lines(DAY) == []


def test_answer_by_a_signed_link_is_told(sheet):
    edit(sheet, None, open_to_newcomers="no")

    assert [line.what for line in digest.lines(DAY)] == ["ouvert aux nouveaux"]


def test_other_days_drafts_and_what_came_back_are_left_out(sheet, unit, agent):
    edit(sheet, agent, summary="La veille", at=NOON - dt.timedelta(days=1))
    edit(sheet, agent, summary="Autre")
    edit(sheet, agent, summary="La veille")
    edit(ActionFactory(carrier_unit=unit), agent, summary="Un brouillon")
    edit(ActionFactory(published=True, published_at=NOON + dt.timedelta(hours=2)), agent, summary="Avant de paraître")

    assert digest.lines(DAY) == []
    assert [line.what for line in digest.lines(DAY - dt.timedelta(days=1))] == ["en une phrase"]


def test_each_manager_gets_one_mail_and_nobody_else(
    sheet, agent, manager, admin_user, django_capture_on_commit_callbacks
):
    UserFactory(manager=True, is_active=False)
    edit(sheet, agent, summary="Autre")

    with django_capture_on_commit_callbacks(execute=True):
        digest.send(NEXT)

    assert sorted(m.to[0] for m in mail.outbox) == sorted([manager.email, admin_user.email])
    message = mail.outbox[0]
    assert message.subject == "1\u00a0fiche publiée a changé le 03/03/2026"
    assert "Cuisine (MDS du Lac)\u00a0: en une phrase" in message.body


def test_nothing_changed_nothing_sent(sheet, manager, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        digest.send(NEXT)

    assert mail.outbox == []
