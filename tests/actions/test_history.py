"""The history of a sheet: its lines, any two versions, coming back, and what is thinned out."""

import datetime as dt

import pytest
from django.db import transaction
from django.utils import timezone

from actions.daily import thin_histories
from actions.history import bursts, history_lines, restorable, restore, thin
from actions.models import Action, Version
from actions.snapshot import snapshot
from tests.factories import (
    ActionFactory,
    BudgetLineFactory,
    ContactFactory,
    DomainFactory,
    GoalFactory,
    MediaFactory,
    PartnershipFactory,
    TeamMemberFactory,
    ThemeFactory,
    UserFactory,
    VersionFactory,
)
from tests.pages import assert_valid_html, first_headings

pytestmark = pytest.mark.django_db

NOON = dt.datetime(2026, 3, 3, 12, tzinfo=dt.UTC)


def read(action) -> dict:
    return snapshot(Action.objects.for_snapshot().get(pk=action.pk))


def edit(action, by, **values) -> None:
    with action.edited(by=by):
        for name, value in values.items():
            setattr(action, name, value)


@pytest.fixture
def sheet(unit, agent):
    """Three versions: as it was, then two titles."""
    action = ActionFactory(title="Cuisine", carrier_unit=unit)
    edit(action, agent, title="Cuisine partagée", summary="On cuisine.")
    edit(action, agent, title="Cuisine ouverte")
    return action


def at(action, *minutes, by=None, kind="edited") -> list[Version]:
    """A version at each of these minutes after noon."""
    start = action.versions.count() + 1
    return [
        VersionFactory(action=action, number=start + n, at=NOON + dt.timedelta(minutes=m), by=by, kind=kind, content={})
        for n, m in enumerate(minutes)
    ]


# --- Lines --------------------------------------------------------------------------------------------------------
def test_edits_of_one_person_in_a_row_are_one_line(agent, colleague):
    action = ActionFactory()
    at(action, 0, 29, 59, by=agent)
    at(action, 90, by=agent)
    at(action, 91, 92, by=colleague)
    at(action, 93, by=colleague, kind="proposed")
    at(action, 94, by=colleague)

    numbers = [[version.number for version in burst] for burst in bursts(action.versions.order_by("number"))]

    assert numbers == [[1, 2, 3], [4], [5, 6], [7], [8]]
    assert [entry.last.number for entry in history_lines(action)] == [8, 7, 6, 4, 3]


def test_history_says_who_when_what_and_why(agent_client, sheet, agent):
    agent.full_name, agent.function = "Dominique Exemple", "assistante sociale"
    agent.save()
    with transaction.atomic():
        sheet.propose(by=agent, note="Prête à lire.")

    page = agent_client.get(f"/actions/{sheet.slug}/historique/")

    assert page.status_code == 200
    assert first_headings(page.text) == ["Historique"]
    assert_valid_html(page.text)
    text = " ".join(page.text.split())
    assert (
        'Proposée<span class="visually-hidden">, version 4</span></a> <span class="tag tag--running">version actuelle</span>'
        in text
    )
    assert "par Dominique Exemple, assistante sociale" in text
    assert "par le site" in text
    assert "Nom de l’action et en une phrase</p>" in text
    assert "«&nbsp;Prête à lire.&nbsp;»" in text
    assert "2 enregistrements depuis" in text


def test_history_of_a_sheet_that_never_changed(agent_client, unit):
    action = ActionFactory(carrier_unit=unit)

    page = agent_client.get(f"/actions/{action.slug}/historique/")

    assert "Rien n’a changé depuis que la fiche existe" in page.text
    assert_valid_html(page.text)


def test_history_costs_the_same_for_one_line_and_for_three(agent_client, unit, django_assert_num_queries):
    for lines in (2, 4):
        action = ActionFactory(carrier_unit=unit)
        for number in range(1, lines + 1):
            VersionFactory(action=action, number=number, by=UserFactory(), at=NOON + dt.timedelta(hours=number))
        agent_client.get(f"/actions/{action.slug}/historique/")  # the session is written once
        # session, person, sheet, versions, contents
        with django_assert_num_queries(5):
            agent_client.get(f"/actions/{action.slug}/historique/")


def test_history_comes_in_pages(agent_client, unit):
    action = ActionFactory(carrier_unit=unit)
    for number in range(1, 23):
        VersionFactory(action=action, number=number, at=NOON + dt.timedelta(hours=number))

    first, second, far = (
        agent_client.get(f"/actions/{action.slug}/historique/?page={n}").text for n in ("1", "2", "9e30")
    )

    assert [page.count('name="version"') for page in (first, second, far)] == [20, 2, 20]
    assert 'rel="next"' in first
    assert 'rel="prev"' in second


@pytest.mark.parametrize("path", ["", "1/", "1/?avec=2", "2/restaurer/"])
def test_history_is_for_those_who_may_edit(client, stranger_client, agent_client, manager_client, sheet, path):
    address = f"/actions/{sheet.slug}/historique/{path}"

    assert [c.get(address).status_code for c in (agent_client, manager_client, stranger_client)] == [200, 200, 404]
    assert client.get(address).status_code == 302
    if path.endswith("restaurer/"):
        assert stranger_client.post(address, {"seen": sheet.version}).status_code == 404
    assert Action.objects.get().title == "Cuisine ouverte"


def test_history_of_a_published_sheet_is_not_for_its_readers(stranger_client):
    published = ActionFactory(published=True)

    assert stranger_client.get(published.get_absolute_url()).status_code == 200
    assert stranger_client.get(f"{published.get_absolute_url()}historique/").status_code == 404


# --- Any two versions ---------------------------------------------------------------------------------------------
def test_version_is_compared_with_the_one_before(agent_client, sheet):
    page = agent_client.get(f"/actions/{sheet.slug}/historique/3/")

    assert first_headings(page.text) == ["De la version 2 à la version 3"]
    assert "partagée</del>" in page.text
    assert "ouverte</ins>" in page.text
    assert "On cuisine." not in page.text
    assert_valid_html(page.text)


@pytest.mark.parametrize("path", ["3/?avec=1", "1/?avec=3"])
def test_any_two_versions_are_compared_from_the_older_to_the_newer(agent_client, sheet, path):
    page = agent_client.get(f"/actions/{sheet.slug}/historique/{path}")

    assert first_headings(page.text) == ["De la version 1 à la version 3"]
    assert "On cuisine.</ins>" in page.text


def test_first_version_has_none_before_it(agent_client, sheet):
    assert "C’est la première version gardée" in agent_client.get(f"/actions/{sheet.slug}/historique/1/").text


def test_two_versions_are_chosen_by_a_form(agent_client, sheet):
    address = f"/actions/{sheet.slug}/historique/"

    assert agent_client.get(f"{address}?version=1&avec=3").url == f"{address}3/?avec=1"
    for wrong in (
        "version=2&avec=2",
        "version=2",
        "version=x&avec=1",
        f"version={'9' * 5_000}&avec=1",
        "version=²&avec=1",
    ):
        refused = agent_client.get(f"{address}?{wrong}")
        assert refused.status_code == 400
        assert "Choisissez deux versions différentes." in refused.text


@pytest.mark.parametrize("number", ["0", "4", "9" * 30, "9" * 4_000])
def test_version_that_does_not_exist_is_not_found(agent_client, sheet, number):
    for path in (f"{number}/", f"{number}/restaurer/", f"1/?avec={number}", "1/?avec=abc", "1/?avec=", "1/?avec=-1"):
        assert agent_client.get(f"/actions/{sheet.slug}/historique/{path}").status_code == 404


def test_version_of_another_sheet_is_not_found(agent_client, sheet, unit):
    other = ActionFactory(carrier_unit=unit)
    VersionFactory(action=other, number=7, content={"title": "Le secret"})

    for path in ("7/", "7/restaurer/", "1/?avec=7"):
        assert agent_client.get(f"/actions/{sheet.slug}/historique/{path}").status_code == 404


# --- Coming back --------------------------------------------------------------------------------------------------
def test_version_comes_back_as_a_new_version(agent_client, sheet, agent):
    address = f"/actions/{sheet.slug}/historique/2/restaurer/"

    page = agent_client.get(address)
    assert first_headings(page.text) == ["Revenir à la version 2"]
    assert "ouverte</del>" in page.text
    assert_valid_html(page.text)
    answer = agent_client.post(address, {"seen": 3}, follow=True)

    sheet.refresh_from_db()
    assert (sheet.title, sheet.summary, sheet.version) == ("Cuisine partagée", "On cuisine.", 4)
    last = sheet.versions.first()
    assert (last.kind, last.by, last.number) == ("restored", agent, 4)
    assert last.reason.startswith("Version 2 du ")
    assert "La fiche est de nouveau comme le disait la version 2." in answer.text


def test_rows_that_did_not_change_are_not_told(agent_client, sheet):
    PartnershipFactory(action=sheet)
    VersionFactory(action=sheet, number=4)
    Action.objects.filter(pk=sheet.pk).update(summary="Autre")

    page = agent_client.get(f"/actions/{sheet.slug}/historique/4/restaurer/")

    assert "La fiche dit déjà ce que disait cette version" not in page.text
    assert "Partenaires" not in page.text


def test_version_sent_twice_comes_back_once(agent_client, sheet):
    address = f"/actions/{sheet.slug}/historique/2/restaurer/"

    answers = [agent_client.post(address, {"seen": 3}) for _ in range(2)]

    assert [(a.status_code, a.url) for a in answers] == [(302, f"/actions/{sheet.slug}/historique/")] * 2
    assert sheet.versions.count() == 4


@pytest.mark.parametrize("seen", ["2", "", "x"])
def test_version_does_not_come_back_over_what_was_not_seen(agent_client, sheet, seen):
    answer = agent_client.post(f"/actions/{sheet.slug}/historique/2/restaurer/", {"seen": seen})

    assert answer.status_code == 409
    assert "Quelqu’un a enregistré la fiche entre-temps." in answer.text
    assert 'name="seen" value="3"' in answer.text
    assert Action.objects.get().title == "Cuisine ouverte"


def test_rows_come_back_and_photos_stay(agent, unit):
    action = ActionFactory(carrier_unit=unit)
    goal = GoalFactory(action=action, text="Se rencontrer")
    GoalFactory(action=action, text="Manger", parent=goal)
    BudgetLineFactory(action=action, planned=300)
    photo = MediaFactory(action=action)
    before = read(action)
    with action.edited(by=agent):
        goal.delete()
        action.budget_lines.first().delete()
        photo.delete()
    film = MediaFactory(action=action, title="Autre film")

    restore(action, action.versions.get(number=1), by=agent)

    after = read(action)
    assert {**after, "media": []} == {**before, "media": []}
    assert [row["title"] for row in after["media"]] == [film.title]


def test_what_is_no_more_does_not_come_back(agent, unit):
    theme, domain = ThemeFactory(), DomainFactory(name="Ancien")
    action = ActionFactory(carrier_unit=unit, domain=domain, themes=[theme])
    PartnershipFactory(action=action)
    TeamMemberFactory(action=action, user=UserFactory(), function="CESF")
    then = VersionFactory(action=action, number=1)
    content = {**then.content, "domain": 10_000, "themes": [*then.content["themes"], 10_000]}
    content["partnerships"] = [{**content["partnerships"][0], "partner": 10_000}]
    content["team_members"] = [{**content["team_members"][0], "user": 10_000}]

    kept, sentences = restorable(content)

    assert "domain" not in kept
    assert (kept["themes"], kept["partnerships"]) == ([theme.pk], [])
    assert (kept["team_members"][0]["function"], kept["team_members"][0]["user"]) == ("CESF", None)
    lost = "\u00a0: 1\u00a0élément a été supprimé ou retiré, et ne revient pas."
    assert sentences == [f"{name}{lost}" for name in ("Domaine", "Thématiques du guide", "Partenaires")]


def test_carrier_that_is_no_more_leaves_the_carrier_of_today(agent):
    action = ActionFactory(elsewhere=True)
    then = VersionFactory(action=action, number=1)
    then.content |= {"carrier_unit": 10_000, "carrier_partner": None}

    restore(action, then, by=agent)

    assert Action.objects.get(pk=action.pk).carrier_partner == action.carrier_partner


def test_version_older_than_a_field_leaves_that_field_alone(agent):
    action = ActionFactory(summary="D’aujourd’hui")
    BudgetLineFactory(action=action, funder="Caf")
    then = VersionFactory(action=action, number=1)
    del then.content["summary"], then.content["budget_lines"][0]["funder"]
    then.content["a_field_of_long_ago"] = "x"

    restore(action, then, by=agent)

    action.refresh_from_db()
    assert (action.summary, action.budget_lines.get().funder) == ("D’aujourd’hui", "")


def test_what_the_service_decides_does_not_come_back(agent):
    action = ActionFactory(is_featured=True)
    then = VersionFactory(action=action, number=1)
    with action.edited(by=agent):
        action.is_featured = False

    restore(action, then, by=agent)

    assert Action.objects.get().is_featured is False


def test_version_that_the_sheet_could_not_hold_is_refused_in_a_sentence(agent_client, sheet):
    then = sheet.versions.get(number=1)
    then.content |= {"starts_on": "2026-03-01", "ended_on": "2026-02-01"}
    then.save()

    answer = agent_client.post(f"/actions/{sheet.slug}/historique/1/restaurer/", {"seen": 3})

    assert answer.status_code == 409
    assert "La fin réelle ne peut pas précéder le début." in answer.text
    assert Action.objects.get().title == "Cuisine ouverte"


def test_version_with_two_rows_alike_is_refused_in_a_sentence(agent_client, sheet):
    row = PartnershipFactory(action=sheet)
    then = sheet.versions.get(number=1)
    cell = {"key": str(row.key), "partner": row.partner_id, "role": row.role, "notes": ""}
    then.content["partnerships"] = [cell, {**cell, "key": "00000000-0000-4000-8000-000000000000"}]
    then.save()

    answer = agent_client.post(f"/actions/{sheet.slug}/historique/1/restaurer/", {"seen": 3})

    assert answer.status_code == 409
    assert "Deux lignes d’un tableau diraient la même chose." in answer.text
    assert sheet.partnerships.count() == 1


# --- A contact who withdrew ---------------------------------------------------------------------------------------
@pytest.fixture
def withdrawn(unit, agent):
    """A sheet whose first version has a person who withdrew since; today it has the service."""
    person = ContactFactory(
        named=True, person_name="Camille Exemple", label="Ligne directe", email="camille@example.org"
    )
    action = ActionFactory(carrier_unit=unit, contact=person, summary="D’avant")
    edit(action, agent, contact=ContactFactory(label="MDS du Lac"), summary="D’après")
    with transaction.atomic():
        person.withdraw_consent()
    return action


def test_contact_who_withdrew_does_not_come_back(agent_client, withdrawn):
    address = f"/actions/{withdrawn.slug}/historique/1/restaurer/"

    page = agent_client.get(address)
    agent_client.post(address, {"seen": 2})

    withdrawn.refresh_from_db()
    assert (withdrawn.summary, withdrawn.contact.label) == ("D’avant", "MDS du Lac")
    assert "Contact affiché\u00a0: 1\u00a0élément a été supprimé ou retiré, et ne revient pas." in page.text


def test_contact_who_withdrew_is_on_no_page_of_the_history(agent_client, manager_client, withdrawn):
    for client in (agent_client, manager_client):
        for path in ("", "1/", "2/", "2/?avec=1", "1/restaurer/"):
            page = client.get(f"/actions/{withdrawn.slug}/historique/{path}").text
            assert [word for word in ("Camille", "camille@", "Ligne directe") if word in page] == []
    assert "(contact retiré)" in agent_client.get(f"/actions/{withdrawn.slug}/historique/2/").text


def test_words_of_a_contact_are_in_no_version(withdrawn):
    assert [v for v in withdrawn.versions.all() if "Camille" in str(v.content) or "camille@" in str(v.content)] == []


def test_admin_leads_to_the_history_of_the_house(manager_client, withdrawn):
    answer = manager_client.get(f"/admin/actions/action/{withdrawn.pk}/history/", follow=True)

    assert answer.redirect_chain == [(f"/actions/{withdrawn.slug}/historique/", 302)]
    assert "Camille" not in answer.text
    for wrong in ("10000", "abc", "9" * 30):
        assert manager_client.get(f"/admin/actions/action/{wrong}/history/").status_code == 404


# --- Thinning -----------------------------------------------------------------------------------------------------
def test_old_edits_in_between_are_thinned_out(agent, colleague):
    action = ActionFactory()
    at(action, 0, 10, 20, by=agent)
    at(action, 21, by=agent, kind="proposed")
    at(action, 22, 23, by=colleague)
    at(action, 24, by=agent)
    at(action, 80, by=agent)
    at(action, 81, 82, by=agent, kind="restored")
    other = ActionFactory()
    at(other, 83, 84, by=agent)

    gone = thin(dt.date(2026, 4, 3))

    assert gone == 4
    assert list(action.versions.order_by("number").values_list("number", flat=True)) == [3, 4, 6, 7, 8, 9, 10]
    assert other.versions.get().number == 2
    assert thin(dt.date(2026, 4, 3)) == 0
    assert thin(dt.date(2026, 5, 3)) == 0


def test_recent_edits_stay(agent):
    at(ActionFactory(), 0, 10, by=agent)

    assert thin(dt.date(2026, 4, 2)) == 0
    assert thin(dt.date(2026, 4, 3)) == 1


def test_versions_of_today_are_never_thinned_out(sheet):
    assert thin(timezone.localdate()) == 0
    assert sheet.versions.count() == 3


def test_thinning_is_a_job_of_the_day(agent):
    at(ActionFactory(), 0, 10, by=agent)

    thin_histories.call("2026-04-03")

    assert Version.objects.count() == 1
