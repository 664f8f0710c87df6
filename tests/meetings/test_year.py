"""The meetings of a year at once: the days that a rhythm gives, each kept or not, then made once."""

import datetime as dt
import uuid

import pytest

from meetings.forms.year import days_of_rhythm
from meetings.models import Meeting
from territories.models import Territory
from tests.factories import MeetingFactory, TerritoryFactory
from tests.pages import assert_valid_html

pytestmark = [pytest.mark.engine, pytest.mark.django_db]


def year(**typed):
    return {
        "territory": Territory.objects.get().pk,
        "date": "2099-01-01",
        "starts_at": "09:30",
        "ends_at": "12:00",
        "months": "1",
        "until": "2099-06-30",
        **typed,
    }


def test_meetings_of_a_year_are_proposed_then_made_once(manager_client):
    home = TerritoryFactory(home=True)
    MeetingFactory(territory=home, date=dt.date(2099, 3, 5))

    page = manager_client.post("/isic/nouvelle/annee/", year())
    form = page.context["form"]
    days = form["days"].value()
    sent = year(days=days[1:], proposed=form["proposed"].value(), submission=form["submission"].value() or uuid.uuid4())
    answers = [manager_client.post("/isic/nouvelle/annee/", sent).status_code for _ in range(2)]

    assert_valid_html(page.text)
    assert page.status_code == 200
    assert "jeudi 5 mars 2099 (déjà prévue)" in page.text
    assert days == ["2099-01-01", "2099-02-05", "2099-04-02", "2099-05-07", "2099-06-04"]
    assert answers == [302, 302]
    created = Meeting.objects.exclude(date="2099-03-05").order_by("date")
    assert [(str(one.date), str(one.deadline_on)) for one in created] == [
        ("2099-02-05", "2099-01-29"),
        ("2099-04-02", "2099-03-26"),
        ("2099-05-07", "2099-04-30"),
        ("2099-06-04", "2099-05-28"),
    ]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"until": "2098-01-01"}, "De 1 à 24 réunions"),
        ({"until": "2199-01-01"}, "De 1 à 24 réunions"),
        ({"ends_at": "08:00"}, "L’heure de fin doit suivre"),
        ({"proposed": "2099-01-01,x"}, "Voir les jours"),
        ({"days": ["2098-01-01"]}, "Sélectionnez un choix valide"),
    ],
)
def test_wrong_year_makes_nothing(typed, words, manager_client):
    TerritoryFactory(home=True)

    answer = manager_client.post("/isic/nouvelle/annee/", year(**typed))

    assert answer.status_code in (200, 422)
    assert not Meeting.objects.exists()


@pytest.mark.parametrize(
    ("first", "months", "expected"),
    [
        ((2027, 1, 29), 1, [(2027, 2, 26), (2027, 3, 26), (2027, 4, 30)]),  # the fifth Friday is the last one
        ((2027, 11, 4), 2, [(2028, 1, 6), (2028, 3, 2)]),
        ((2027, 1, 14), 3, [(2027, 4, 8), (2027, 7, 8)]),
    ],
)
def test_rhythm_keeps_the_day_of_the_week_and_its_rank(first, months, expected):
    days = days_of_rhythm(dt.date(*first), months, dt.date(2099, 1, 1))

    assert [next(days) for _ in range(len(expected) + 1)] == [dt.date(*day) for day in [first, *expected]]
