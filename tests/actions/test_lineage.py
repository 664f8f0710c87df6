"""« Refaire cette action chez nous »: what travels, what does not, who may, and once."""

import uuid

import pytest

from actions.fieldmap import names
from actions.lineage import CELLS, COPIED, EMPTIED, redo
from actions.models import Action, Session
from actions.snapshot import snapshot
from tests.factories import (
    ActionFactory,
    BudgetLineFactory,
    ContactFactory,
    CriterionFactory,
    DomainFactory,
    GoalFactory,
    MediaFactory,
    MembershipFactory,
    PartnershipFactory,
    QuoteFactory,
    SessionFactory,
    StaffTimeFactory,
    TeamMemberFactory,
    ThemeFactory,
    UserFactory,
)
from tests.pages import assert_valid_html, first_headings

pytestmark = pytest.mark.django_db

KEY = uuid.UUID("11111111-1111-4111-8111-111111111111")


def read(action) -> dict:
    return snapshot(Action.objects.for_snapshot().get(pk=action.pk))


@pytest.fixture
def source(other_unit):
    """A published sheet of another unit, with something in every name."""
    action = ActionFactory(
        title="Cuisine partagée",
        published=True,
        carrier_unit=other_unit,
        context="<p>À Chalamont, on mange seul.</p>",
        description="<p>On cuisine, puis on mange.</p>",
        effects_residents="<p>On se connaît.</p>",
        rhythm_frequency="weekly",
        rhythm_every=2,
        rhythm_weekday=3,
        venue="salle des fêtes",
        themes=[ThemeFactory(), ThemeFactory(is_retired=True)],
        life_state=Action.LifeState.ENDED,
        visibility=Action.Visibility.AGENTS,
        is_featured=True,
    )
    general = GoalFactory(action=action, text="Se rencontrer")
    GoalFactory(action=action, text="Manger ensemble", parent=general, position=1)
    CriterionFactory(action=action, name="Assiduité", target="8 sur 10", result="9 sur 10")
    BudgetLineFactory(action=action, label="Courses", funder="Caf", planned=300, actual=310)
    StaffTimeFactory(action=action, hours=12, notes="À deux")
    for factory in (PartnershipFactory, QuoteFactory, SessionFactory, MediaFactory, TeamMemberFactory):
        factory(action=action)
    return action


# --- What travels -------------------------------------------------------------------------------------------------
def test_every_name_of_a_sheet_is_copied_or_emptied():
    """A new field fails here until somebody says whether it travels."""
    assert set(names()) == COPIED | EMPTIED
    assert COPIED.isdisjoint(EMPTIED)
    assert CELLS.keys() <= COPIED


def test_what_travels_is_the_method_and_nothing_of_the_place(source, agent, unit):
    service = ContactFactory(unit=unit, label="MDS du Lac, accueil")
    ContactFactory(unit=unit, named=True)
    blank = read(ActionFactory(life_state=Action.LifeState.IDEA))

    draft = redo(source, by=agent, title="Cuisine du Lac", unit=unit, submission=KEY)

    given = {"title", "carrier_unit", "contact", "team_members", "inspired_by"}
    copy, there = read(draft), read(source)
    assert {name: copy[name] for name in EMPTIED - given} == {name: blank[name] for name in EMPTIED - given}
    rows = {"goals", "criteria", "budget_lines", "staff_times"}
    assert {n: copy[n] for n in COPIED - rows - {"themes"}} == {n: there[n] for n in COPIED - rows - {"themes"}}
    assert [theme.is_retired for theme in draft.themes.all()] == [False]
    assert (draft.title, draft.carrier_unit, draft.contact, draft.inspired_by) == (
        "Cuisine du Lac",
        unit,
        service,
        source,
    )
    assert (draft.editorial_state, draft.life_state, draft.visibility) == ("draft", "idea", "public")


def test_rows_travel_without_what_was_achieved_or_paid(source, agent, unit):
    copy = read(redo(source, by=agent, title="Cuisine du Lac", unit=unit, submission=KEY))

    assert [(goal["text"], goal["level"]) for goal in copy["goals"]] == [("Se rencontrer", 0), ("Manger ensemble", 1)]
    assert [(row["target"], row["result"]) for row in copy["criteria"]] == [("8 sur 10", "")]
    assert [(row["label"], row["planned"], row["actual"], row["funder"]) for row in copy["budget_lines"]] == [
        ("Courses", "300", None, "")
    ]
    assert [(row["hours"], row["notes"]) for row in copy["staff_times"]] == [("12", "")]
    assert source.sessions.count() == 1
    assert not Session.objects.exclude(action=source).exists()


def test_draft_has_its_author_as_referent_and_a_first_version(source, agent, unit):
    agent.function = "CESF"
    agent.save()

    draft = redo(source, by=agent, title="Cuisine du Lac", unit=unit, submission=KEY)

    member = draft.team_members.get()
    assert (member.user, member.function, member.role, member.unit) == (agent, "CESF", "referent", unit)
    version = draft.versions.get()
    assert (version.number, version.kind, version.by) == (1, "copied", agent)
    assert version.reason == "D’après «\u00a0Cuisine partagée\u00a0»."
    assert version.content == read(draft)
    assert draft.created_by == agent


def test_source_does_not_change(source, agent, unit):
    before = read(source)

    redo(source, by=agent, title="Cuisine du Lac", unit=unit, submission=KEY)

    assert read(source) == before
    assert Action.objects.get(pk=source.pk).version == source.version


def test_sheet_from_elsewhere_is_redone_too(agent, unit):
    source = ActionFactory(elsewhere=True, published=True)

    draft = redo(source, by=agent, title="Chez nous", unit=unit, submission=KEY)

    assert (draft.carrier_unit, draft.carrier_partner, draft.inspired_by) == (unit, None, source)


def test_same_form_sent_twice_makes_one_draft_for_each_person(source, agent, colleague, unit):
    drafts = [redo(source, by=by, title="Chez nous", unit=unit, submission=KEY) for by in (agent, agent, colleague)]

    assert drafts[0] == drafts[1] != drafts[2]
    assert [draft.goals.count() for draft in drafts] == [2, 2, 2]


# --- The page -----------------------------------------------------------------------------------------------------
def test_page_says_what_is_copied_and_asks_a_title_and_a_unit(agent_client, source, unit):
    page = agent_client.get(f"/actions/{source.slug}/refaire/")

    assert first_headings(page.text) == ["Refaire cette action chez nous"]
    assert "Ce qui est repris" in page.text
    assert "Ce qui est à écrire chez vous" in page.text
    assert 'value="Cuisine partagée"' in page.text
    assert f'<option value="{unit.pk}" selected>MDS du Lac</option>' in page.text
    assert "MDS du Bois</option>" not in page.text
    assert_valid_html(page.text)


def test_button_makes_the_draft_once(agent_client, source, unit):
    address = f"/actions/{source.slug}/refaire/"
    sent = {"title": "Cuisine du Lac", "carrier_unit": unit.pk, "submission": str(KEY)}

    answers = [agent_client.post(address, sent) for _ in range(2)]

    draft = Action.objects.get(inspired_by=source)
    assert [(answer.status_code, answer.url) for answer in answers] == [(302, f"/actions/{draft.slug}/modifier/")] * 2
    assert (draft.title, draft.carrier_unit) == ("Cuisine du Lac", unit)


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""},
        {"title": "x" * 151},
        {"title": "\x00"},
        {"carrier_unit": ""},
        {"carrier_unit": "9" * 30},
        {"carrier_unit": "abc"},
        {"submission": "abc"},
        {"submission": ""},
    ],
)
def test_wrong_form_makes_nothing_and_loses_nothing(agent_client, source, unit, wrong):
    sent = {"title": "Cuisine du Lac", "carrier_unit": unit.pk, "submission": str(KEY), **wrong}

    answer = agent_client.post(f"/actions/{source.slug}/refaire/", sent)

    assert answer.status_code in (400, 422)
    assert not Action.objects.filter(inspired_by=source).exists()
    if "title" not in wrong:
        assert 'value="Cuisine du Lac"' in answer.text


def test_nobody_files_in_the_name_of_a_unit_that_is_not_theirs(agent_client, manager_client, source, other_unit):
    sent = {"title": "Cuisine du Lac", "carrier_unit": other_unit.pk, "submission": str(KEY)}

    assert agent_client.post(f"/actions/{source.slug}/refaire/", sent).status_code == 422
    assert not Action.objects.filter(inspired_by=source).exists()
    assert manager_client.post(f"/actions/{source.slug}/refaire/", sent).status_code == 302


def test_what_is_added_to_the_form_is_ignored(agent_client, source, unit, other_unit):
    sent = {"title": "Cuisine du Lac", "carrier_unit": unit.pk, "submission": str(KEY)}

    agent_client.post(
        f"/actions/{source.slug}/refaire/", {**sent, "editorial_state": "published", "inspired_by": "1", "version": "9"}
    )

    draft = Action.objects.get(inspired_by=source)
    assert (draft.editorial_state, draft.version) == ("draft", 1)


def test_person_of_two_units_chooses(client_of, agent, source, unit):
    MembershipFactory(user=agent, territory__name="MDS du Pré", territory__local_unit=True)

    page = client_of(agent).get(f"/actions/{source.slug}/refaire/")

    assert [name in page.text for name in ("MDS du Lac</option>", "MDS du Pré</option>", "MDS du Bois</option>")] == [
        True,
        True,
        False,
    ]


def test_person_of_no_unit_is_told_whom_to_ask(client_of, source):
    page = client_of(UserFactory()).get(f"/actions/{source.slug}/refaire/")

    assert "Votre compte n’est encore rattaché à aucune" in page.text
    assert "Créer mon brouillon" not in page.text
    assert_valid_html(page.text)


@pytest.mark.parametrize("state", ["draft", "proposed", "archived"])
def test_only_a_published_sheet_is_redone(agent_client, manager_client, unit, state):
    action = ActionFactory(published=True, carrier_unit=unit, editorial_state=state)

    for client in (agent_client, manager_client):
        for method in (client.get, client.post):
            assert method(f"/actions/{action.slug}/refaire/").status_code == 404


def test_sheet_for_agents_is_redone_by_agents_and_nobody_else(client, agent_client, source):
    address = f"/actions/{source.slug}/refaire/"

    assert agent_client.get(address).status_code == 200
    assert client.get(address).url == f"/compte/login/?next={address}"
    assert client.post(address).url == f"/compte/login/?next={address}"
    assert agent_client.delete(address).status_code == 405


def test_page_costs_the_same_whatever_the_rows(agent_client, django_assert_num_queries, unit):
    for rows in (1, 3):
        action = ActionFactory(published=True)
        GoalFactory.create_batch(rows, action=action)
        agent_client.get(f"/actions/{action.slug}/refaire/")
        # session, person, sheet, units (own, whether any, choices)
        with django_assert_num_queries(6):
            agent_client.get(f"/actions/{action.slug}/refaire/")


# --- On the sheet -------------------------------------------------------------------------------------------------
def test_sheet_offers_it_to_people_with_an_account(client, agent_client):
    source = ActionFactory(published=True)

    assert "Refaire cette action chez nous" in agent_client.get(source.get_absolute_url()).text
    assert "Refaire cette action chez nous" not in client.get(source.get_absolute_url()).text


def test_draft_does_not_offer_it(agent_client, unit):
    draft = ActionFactory(carrier_unit=unit)

    assert "Refaire cette action chez nous" not in agent_client.get(draft.get_absolute_url()).text


def test_domain_that_was_retired_goes_along(agent, unit):
    source = ActionFactory(published=True, domain=DomainFactory(is_retired=True))

    assert redo(source, by=agent, title="Chez nous", unit=unit, submission=KEY).domain == source.domain
