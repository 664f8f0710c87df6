"""Filing a sheet: a draft in three answers, steps that save what they can, and never a lost word."""

import json
import re
import uuid
from decimal import Decimal

import pytest
from django.urls import reverse

from actions.completeness import lacks
from actions.models import Action, PrivacyFlag
from actions.snapshot import snapshot
from actions.steps import FILING_STEPS
from partners.models import Partner
from tests.actions.filing import address, autosave, fill, page_fields
from tests.actions.test_admin import change_url, filled
from tests.actions.test_snapshot import whole  # noqa: F401 -- a fixture
from tests.factories import (
    ActionFactory,
    AliasFactory,
    ContactFactory,
    DomainFactory,
    GoalFactory,
    MembershipFactory,
    PartnerFactory,
    PartnershipFactory,
    TerritoryFactory,
)

pytestmark = pytest.mark.django_db
CREATE = "/actions/nouvelle/"


@pytest.fixture
def draft(unit):
    return ActionFactory(title="Cuisine partagée", carrier_unit=unit)


def stored(action) -> dict:
    return snapshot(Action.objects.for_snapshot().get(pk=action.pk))


# --- Nouvelle action ----------------------------------------------------------------------------------------------
def test_draft_is_made_of_three_answers(agent_client, agent, unit):
    domain, contact = DomainFactory(), ContactFactory(unit=unit)
    agent.function = "éducatrice"
    agent.save()

    response = agent_client.post(
        CREATE, {"title": "Cuisine", "domain": domain.pk, "carrier_unit": unit.pk, "submission": uuid.uuid4()}
    )

    action = Action.objects.get()
    assert response["Location"] == address(action, "identite")
    assert (action.title, action.domain, action.carrier_unit, action.contact) == ("Cuisine", domain, unit, contact)
    assert (action.editorial_state, action.created_by) == ("draft", agent)
    [member] = action.team_members.all()
    assert (member.user, member.role, member.function) == (agent, "referent", "éducatrice")
    assert [(v.kind, v.by, v.content) for v in action.versions.all()] == [("created", agent, stored(action))]


def test_unit_of_an_agent_is_filled_in_and_no_other_is_offered(agent_client, unit, other_unit):
    page = agent_client.get(CREATE).text

    assert f'<option value="{unit.pk}" selected>' in page
    assert other_unit.name not in page


def test_unit_of_somebody_else_is_refused(agent_client, other_unit):
    response = agent_client.post(
        CREATE, {"title": "Cuisine", "domain": DomainFactory().pk, "carrier_unit": other_unit.pk}
    )

    assert response.status_code == 422
    assert Action.objects.count() == 0


def test_form_sent_twice_makes_one_draft(agent_client, unit):
    sent = {"title": "Cuisine", "domain": DomainFactory().pk, "carrier_unit": unit.pk, "submission": uuid.uuid4()}

    answers = [agent_client.post(CREATE, sent) for _ in range(2)]

    assert answers[0]["Location"] == answers[1]["Location"]
    assert Action.objects.get().team_members.count() == 1


def test_submission_of_somebody_else_opens_nothing_of_his(agent_client, stranger_client, unit, other_unit):
    sent = {"title": "Cuisine", "domain": DomainFactory().pk, "submission": uuid.uuid4()}

    agent_client.post(CREATE, {**sent, "carrier_unit": unit.pk})
    stranger_client.post(CREATE, {**sent, "carrier_unit": other_unit.pk})

    assert sorted(Action.objects.values_list("carrier_unit", flat=True)) == sorted([unit.pk, other_unit.pk])


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"title": ""}, "Ce champ est obligatoire."),
        ({"title": "ab"}, "au moins 3 caractères"),
        ({"title": "x" * 151}, "au plus 150 caractères"),
        ({"carrier_unit": ""}, "Choisissez un porteur, et un seul"),
        ({"domain": "99999999"}, "Sélectionnez un choix valide"),
        ({"carrier_partner": "Personne"}, "Nous ne connaissons pas"),
    ],
)
def test_wrong_answer_gets_a_sentence_and_keeps_the_rest(change, sentence, agent_client, unit):
    sent = {"title": "Cuisine du lac", "domain": DomainFactory().pk, "carrier_unit": unit.pk} | change

    response = agent_client.post(CREATE, sent)

    assert response.status_code == 422
    assert sentence in response.text
    assert "title" in change or 'value="Cuisine du lac"' in response.text
    assert Action.objects.count() == 0


def test_title_that_tells_of_a_person_is_asked_then_flagged(agent_client, agent, unit):
    sent = {"title": "Atelier de Mme Durand", "domain": DomainFactory().pk, "carrier_unit": unit.pk}
    asked = agent_client.post(CREATE, sent)
    assert asked.status_code == 422

    box = asked.text.partition('name="title-oui-')[2].partition('"')[0]
    agent_client.post(CREATE, {**sent, f"title-oui-{box}": "on"})

    flag = PrivacyFlag.objects.get()
    assert (flag.action.title, flag.field, flag.confirmed_by) == ("Atelier de Mme Durand", "title", agent)


# --- Steps --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("step", [step.slug for step in FILING_STEPS])
def test_page_sent_back_as_it_came_changes_nothing(step, manager_client, whole):  # noqa: F811
    before, versions = stored(whole), whole.versions.count()

    response = manager_client.post(address(whole, step), fill(manager_client, whole, step))

    assert response.status_code == 302, response.text
    assert stored(whole) == before
    assert whole.versions.count() == versions


@pytest.mark.parametrize("step", [step.slug for step in FILING_STEPS])
def test_step_opens_on_a_bare_draft(step, agent_client, draft):
    response = agent_client.get(address(draft, step))

    assert response.status_code == 200
    assert agent_client.post(address(draft, step), fill(agent_client, draft, step)).status_code == 302


def test_step_brings_the_french_and_the_styles_of_its_editor(agent_client, draft):
    page = agent_client.get(address(draft, "pourquoi")).text

    assert [name in page for name in ("css/rich-text", "/editeur.js", "material-icons")] == [True, True, False]


def test_step_is_closed_to_strangers_and_visitors(client, stranger_client, draft):
    for path in (address(draft, "identite"), reverse("actions:edit", args=[draft.slug])):
        assert stranger_client.get(path).status_code == 404
        assert stranger_client.post(path, {"title": "Volé"}).status_code in (404, 405)
        assert client.get(path).status_code == 302

    assert Action.objects.get().title == "Cuisine partagée"


def test_step_that_does_not_exist_is_not_found(agent_client, draft):
    assert agent_client.get(address(draft, "nulle-part")).status_code == 404


def test_button_saves_and_goes_on(agent_client, agent, draft):
    fields = fill(agent_client, draft, "identite", summary="On cuisine et on parle.", next="1")

    response = agent_client.post(address(draft, "identite"), fields)

    assert response["Location"] == address(draft, "qui-et-ou")
    draft.refresh_from_db()
    assert (draft.summary, draft.version) == ("On cuisine et on parle.", 2)
    assert draft.versions.first().by == agent


def test_last_step_leads_to_the_overview(agent_client, draft):
    fields = fill(agent_client, draft, "medias-et-contact", next="1")

    response = agent_client.post(address(draft, "medias-et-contact"), fields)

    assert response["Location"] == reverse("actions:edit", args=[draft.slug])


def test_overview_says_what_is_missing_with_a_link_to_each_field(agent_client, draft):
    page = agent_client.get(reverse("actions:edit", args=[draft.slug])).text

    assert f'<a href="{address(draft, "identite")}#div_id_summary">la phrase de résumé</a>' in page
    assert f'<a href="{address(draft, "qui-et-ou")}#div_id_places">le lieu</a>' in page


@pytest.mark.parametrize("step", [step.slug for step in FILING_STEPS])
def test_anchor_of_each_lack_is_in_its_step(step, agent_client, draft):
    page = agent_client.get(address(draft, step)).text

    anchors = [lack.url.partition("#")[2] for lack in lacks(draft) if f"/{step}/" in lack.url]
    assert [anchor for anchor in anchors if f'id="{anchor}"' not in page] == []


def test_wrong_value_does_not_keep_the_rest_from_being_saved(agent_client, draft):
    fields = fill(
        agent_client, draft, "comment", starts_on="31/02/2026", rhythm_notes="le soir", session_count="beaucoup"
    )

    response = agent_client.post(address(draft, "comment"), fields)

    assert response.status_code == 422
    assert 'value="beaucoup"' in response.text
    draft.refresh_from_db()
    assert (draft.rhythm_notes, draft.session_count, draft.starts_on) == ("le soir", None, None)


def test_numbers_are_typed_as_one_writes_them(agent_client, draft):
    rows = {
        "budget_lines-0-label": "Courses",
        "budget_lines-0-planned": "1 200,50\u00a0€",
        "budget_lines-TOTAL_FORMS": "1",
    }
    fields = fill(agent_client, draft, "comment", session_count="1 200", **rows)

    response = agent_client.post(address(draft, "comment"), fields)

    assert response.status_code == 302
    draft.refresh_from_db()
    assert draft.session_count == 1200
    assert draft.budget_lines.get().planned == Decimal("1200.50")
    assert 'value="1200,5"' in agent_client.get(address(draft, "comment")).text


def test_broken_constraint_is_told_at_its_field_and_keeps_none_of_its_values(agent_client, draft):
    fields = fill(
        agent_client, draft, "comment", starts_on="2026-09-01", planned_end_on="2026-01-01", rhythm_notes="le soir"
    )

    response = agent_client.post(address(draft, "comment"), fields)

    assert "La fin prévue ne peut pas précéder le début." in response.text
    draft.refresh_from_db()
    assert (draft.starts_on, draft.planned_end_on, draft.rhythm_notes) == (None, None, "le soir")


def test_postal_code_is_asked_before_it_is_saved_then_chosen_without_a_script(agent_client, draft):
    chalamont = TerritoryFactory(name="Chalamont", code="01074")
    AliasFactory(territory=chalamont, kind="postal_code", text="01320")
    TerritoryFactory(name="Replonges", code="01320")

    asked = agent_client.post(
        address(draft, "qui-et-ou"), fill(agent_client, draft, "qui-et-ou", places="01320", venue="Salle")
    )
    kept = list(draft.places.all())
    fields = page_fields(asked.text) | {"places.01320": ["Chalamont (01074)"]}
    agent_client.post(address(draft, "qui-et-ou"), fields)

    assert asked.status_code == 422
    assert "Chalamont (code postal 01320), Replonges (code officiel 01320). Lequel" in asked.text
    assert kept == []
    assert stored(draft)["venue"] == "Salle"
    assert list(draft.places.all()) == [chalamont]


def test_form_takes_its_fields_only(agent_client, draft, stranger):
    more = {
        "editorial_state": "published",
        "version": "40",
        "created_by": str(stranger.pk),
        "is_featured": "on",
        "slug": "x",
    }

    agent_client.post(address(draft, "identite"), fill(agent_client, draft, "identite", title="Cuisine", **more))

    after = Action.objects.get()
    assert (after.title, after.editorial_state, after.version, after.created_by) == ("Cuisine", "draft", 2, None)
    assert (after.is_featured, after.slug) == (False, draft.slug)


# --- Rows ---------------------------------------------------------------------------------------------------------
def test_row_is_added_without_a_script_and_nothing_typed_is_lost(agent_client, draft):
    fields = fill(agent_client, draft, "pourquoi", context="Des voisins isolés.", op="goals:add")

    response = agent_client.post(address(draft, "pourquoi"), fields)

    assert "Des voisins isolés." in response.text
    assert 'name="goals-1-text"' in response.text
    assert stored(draft)["goals"] == []


def test_rows_are_saved_in_order_and_once(agent_client, draft):
    keys = [str(uuid.uuid4()) for _ in range(2)]
    rows = {
        "goals-TOTAL_FORMS": "2",
        "goals-0-key": keys[0],
        "goals-0-text": "Se rencontrer",
        "goals-0-level": "0",
        "goals-1-key": keys[1],
        "goals-1-text": "Manger ensemble",
        "goals-1-level": "1",
    }
    fields = fill(agent_client, draft, "pourquoi", **rows)

    for _ in range(2):  # a page that did not hear the first answer sends the same again
        autosave(agent_client, draft, "pourquoi", fields)

    assert [(g["key"], g["text"], g["level"]) for g in stored(draft)["goals"]] == [
        (keys[0], "Se rencontrer", 0),
        (keys[1], "Manger ensemble", 1),
    ]


def test_new_partner_is_made_once_it_is_wanted(agent_client, draft):
    rows = {
        "partnerships-TOTAL_FORMS": "1",
        "partnerships-0-key": str(uuid.uuid4()),
        "partnerships-0-partner": "Les Jardins du Lac",
        "partnerships-0-role": "host",
        "partnerships-0-notes": "",
    }
    asked = agent_client.post(address(draft, "comment"), fill(agent_client, draft, "comment", **rows))

    assert asked.status_code == 422
    assert "Ajouter «\u00a0Les Jardins du Lac\u00a0» aux partenaires" in asked.text
    assert Partner.objects.count() == 0

    box = asked.text.partition('name="partnerships-0-partner-oui-')[2].partition('"')[0]
    rows[f"partnerships-0-partner-oui-{box}"] = "on"
    agent_client.post(address(draft, "comment"), fill(agent_client, draft, "comment", **rows))

    assert [(p.partner.name, p.role) for p in draft.partnerships.all()] == [("Les Jardins du Lac", "host")]


def test_same_partner_twice_in_one_role_gets_a_sentence(agent_client, draft):
    partner = PartnerFactory(name="Caf")
    rows = {"partnerships-TOTAL_FORMS": "2"}
    for index in range(2):
        rows |= {f"partnerships-{index}-partner": partner.name, f"partnerships-{index}-role": "host"}

    response = agent_client.post(address(draft, "comment"), fill(agent_client, draft, "comment", **rows))

    assert "Ce partenaire a déjà ce rôle dans l’action." in response.text
    assert draft.partnerships.count() == 0


@pytest.mark.parametrize("step", ["pourquoi", "comment"])
def test_cost_of_a_step_does_not_grow_with_its_rows(step, agent_client, unit, django_assert_num_queries):
    counts = {"pourquoi": 5, "comment": 7}
    agent_client.get(CREATE)  # the first request of a session writes it
    for rows in (1, 3):
        action = ActionFactory(carrier_unit=unit)
        GoalFactory.create_batch(rows, action=action)
        PartnershipFactory.create_batch(rows, action=action)
        with django_assert_num_queries(counts[step]):
            agent_client.get(address(action, step))


# --- Autosave -----------------------------------------------------------------------------------------------------
def test_autosave_answers_what_the_page_needs_and_no_text(agent_client, draft):
    fields = fill(agent_client, draft, "identite", summary="On cuisine.")

    answer = autosave(agent_client, draft, "identite", fields)

    payload = answer.json()
    assert answer.status_code == 200
    assert payload.keys() == {"base", "at", "conflicts", "faults", "next", "shown"}
    assert "la phrase de résumé" not in payload["shown"]["progress"]
    assert "On cuisine." not in answer.text
    assert payload["base"] != json.loads(fields["base"][0])


def test_autosave_again_goes_on_from_the_last_answer(agent_client, draft):
    fields = fill(agent_client, draft, "identite")
    for summary in ("On", "On cuisine", "On cuisine."):
        fields["summary"] = [summary]
        fields["base"] = [json.dumps(autosave(agent_client, draft, "identite", fields).json()["base"])]

    assert stored(draft)["summary"] == "On cuisine."


def test_autosave_says_what_is_wrong_and_where(agent_client, draft):
    answer = autosave(agent_client, draft, "comment", fill(agent_client, draft, "comment", session_count="x"))

    assert answer.status_code == 422
    assert [fault["id"] for fault in answer.json()["faults"]] == ["id_session_count"]


def test_autosave_of_an_ended_session_is_sent_to_the_sign_in(client, draft):
    assert client.post(address(draft, "identite"), {}, headers={"accept": "application/json"}).status_code == 302


# --- Two editors --------------------------------------------------------------------------------------------------
def test_two_editors_of_two_fields_both_keep_their_words(agent_client, client_of, colleague, draft):
    other = client_of(colleague)
    mine = fill(agent_client, draft, "identite", summary="On cuisine.")
    theirs = fill(other, draft, "identite", keywords="soupe")

    other.post(address(draft, "identite"), theirs)
    response = agent_client.post(address(draft, "identite"), mine)

    assert response.status_code == 302
    draft.refresh_from_db()
    assert (draft.summary, draft.keywords) == ("On cuisine.", "soupe")


@pytest.mark.parametrize(("choice", "kept"), [("mien", "Le mien."), ("autre", "Le sien.")])
def test_two_editors_of_one_field_choose(choice, kept, agent_client, client_of, colleague, draft):
    other = client_of(colleague)
    mine = fill(agent_client, draft, "identite", summary="Le mien.", keywords="soupe")
    other.post(address(draft, "identite"), fill(other, draft, "identite", summary="Le sien."))

    asked = agent_client.post(address(draft, "identite"), mine)

    assert asked.status_code == 409
    assert "Le mien." in asked.text
    assert "Le sien." in asked.text
    assert stored(draft)["keywords"] == "soupe"

    again = page_fields(asked.text) | {"garder-summary": [choice]}
    assert agent_client.post(address(draft, "identite"), again).status_code == 302
    assert (stored(draft)["summary"], stored(draft)["keywords"]) == (kept, "soupe")


def test_both_texts_are_kept_without_a_sentence_twice(agent_client, client_of, colleague, draft):
    other = client_of(colleague)
    other.post(address(draft, "pourquoi"), fill(other, draft, "pourquoi", context="<p>Un constat.</p>"))
    mine = fill(agent_client, draft, "pourquoi", context="<p>Un constat. Le mien.</p>")
    other.post(address(draft, "pourquoi"), fill(other, draft, "pourquoi", context="<p>Un constat. Le sien.</p>"))

    asked = agent_client.post(address(draft, "pourquoi"), mine)
    agent_client.post(address(draft, "pourquoi"), page_fields(asked.text) | {"garder-context": ["deux"]})

    assert stored(draft)["context"] == "<p>Un constat. Le mien.</p><p>Le sien.</p>"


def test_both_texts_that_are_too_long_together_are_asked_at_their_field(agent_client, client_of, colleague, draft):
    other = client_of(colleague)
    mine = fill(agent_client, draft, "identite", summary=f"{'Mien. ' * 40}Fin.")
    other.post(address(draft, "identite"), fill(other, draft, "identite", summary=f"{'Sien ' * 40}fin."))

    asked = agent_client.post(address(draft, "identite"), mine)
    page = agent_client.post(address(draft, "identite"), page_fields(asked.text) | {"garder-summary": ["deux"]})

    assert page.status_code == 422
    assert "Mien." in page_fields(page.text)["summary"][0]
    assert "Sien" in page_fields(page.text)["summary"][0]
    assert stored(draft)["summary"].startswith("Sien")


def test_two_editors_of_two_rows_never_meet(agent_client, client_of, colleague, draft):
    other = client_of(colleague)
    first, second = GoalFactory(action=draft, text="Un"), GoalFactory(action=draft, text="Deux", position=1)
    mine = fill(agent_client, draft, "pourquoi", **{"goals-0-text": "Un, le mien"})
    theirs = fill(other, draft, "pourquoi", **{"goals-1-text": "Deux, le sien", "goals-TOTAL_FORMS": "3"})
    theirs |= {"goals-2-text": ["Trois"], "goals-2-level": ["0"], "goals-2-key": [str(uuid.uuid4())]}

    answers = [other.post(address(draft, "pourquoi"), theirs), agent_client.post(address(draft, "pourquoi"), mine)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert [goal.text for goal in draft.goals.all()] == ["Un, le mien", "Deux, le sien", "Trois"]
    assert {first.pk, second.pk} < {goal.pk for goal in draft.goals.all()}


def test_row_that_both_changed_is_asked_alone(agent_client, client_of, colleague, draft):
    other = client_of(colleague)
    GoalFactory(action=draft, text="Un")
    GoalFactory(action=draft, text="Deux", position=1)
    mine = fill(agent_client, draft, "pourquoi", **{"goals-0-text": "Un, le mien", "goals-1-text": "Deux, le mien"})
    other.post(address(draft, "pourquoi"), fill(other, draft, "pourquoi", **{"goals-0-text": "Un, le sien"}))

    asked = agent_client.post(address(draft, "pourquoi"), mine)

    assert asked.status_code == 409
    assert [goal.text for goal in draft.goals.all()] == ["Un, le sien", "Deux, le mien"]
    fields = page_fields(asked.text)
    [choice] = [name for name in fields if name.startswith("garder-goals:")]
    assert agent_client.post(address(draft, "pourquoi"), fields | {choice: ["mien"]}).status_code == 302
    assert [goal.text for goal in draft.goals.all()] == ["Un, le mien", "Deux, le mien"]


def test_partner_that_two_editors_add_at_once_is_said_and_not_doubled(agent_client, client_of, colleague, draft):
    other, partner = client_of(colleague), PartnerFactory(name="Caf")
    rows = {"partnerships-TOTAL_FORMS": "1", "partnerships-0-partner": partner.name, "partnerships-0-role": "host"}
    mine, theirs = (fill(client, draft, "comment", **rows) for client in (agent_client, other))
    other.post(address(draft, "comment"), theirs)

    response = agent_client.post(address(draft, "comment"), mine)

    assert response.status_code == 422
    assert "Quelqu’un d’autre vient d’ajouter une ligne" in response.text
    assert draft.partnerships.count() == 1


def test_choice_made_too_late_is_asked_again(agent_client, client_of, colleague, draft):
    other = client_of(colleague)
    mine = fill(agent_client, draft, "identite", summary="Le mien.")
    other.post(address(draft, "identite"), fill(other, draft, "identite", summary="Le sien."))
    asked = agent_client.post(address(draft, "identite"), mine)
    other.post(address(draft, "identite"), fill(other, draft, "identite", summary="Le sien, mieux."))

    again = agent_client.post(address(draft, "identite"), page_fields(asked.text) | {"garder-summary": ["mien"]})

    assert again.status_code == 409
    assert "Le sien, mieux." in again.text
    assert stored(draft)["summary"] == "Le sien, mieux."


def test_back_button_does_not_undo_what_came_after(agent_client, draft):
    first = fill(agent_client, draft, "identite", summary="Un.")
    agent_client.post(address(draft, "identite"), first)
    agent_client.post(address(draft, "identite"), fill(agent_client, draft, "identite", summary="Deux."))

    agent_client.post(address(draft, "identite"), first)

    assert stored(draft)["summary"] == "Deux."


@pytest.mark.parametrize("base", ["", "null", "[]", '"x"', "{", '{"summary": 3}', "\u202e"])
def test_forged_base_loses_nothing(base, agent_client, draft):
    agent_client.post(address(draft, "identite"), fill(agent_client, draft, "identite", summary="Un."))

    response = agent_client.post(
        address(draft, "identite"), fill(agent_client, draft, "identite", summary="Deux.", base=base)
    )

    assert response.status_code in (409, 422)
    assert stored(draft)["summary"] == "Un."


def test_right_changes_that_are_wrong_together_are_not_written(agent_client, client_of, colleague, draft):
    other = client_of(colleague)
    mine = fill(agent_client, draft, "comment", ended_on="2026-03-01")
    other.post(address(draft, "comment"), fill(other, draft, "comment", starts_on="2026-09-01"))

    response = agent_client.post(address(draft, "comment"), mine)

    assert response.status_code == 422
    assert "La fin réelle ne peut pas précéder le début." in response.text
    assert (stored(draft)["starts_on"], stored(draft)["ended_on"]) == ("2026-09-01", None)


def test_form_against_admin_keeps_both_or_asks(agent_client, manager_client, draft):
    url = change_url(draft)
    mine = fill(agent_client, draft, "identite", summary="Le mien.")
    apart = fill(agent_client, draft, "qui-et-ou", venue="Salle des fêtes")
    manager_client.post(url, filled(manager_client, url, summary="Du service."))

    assert agent_client.post(address(draft, "qui-et-ou"), apart).status_code == 302
    assert agent_client.post(address(draft, "identite"), mine).status_code == 409

    assert (stored(draft)["summary"], stored(draft)["venue"]) == ("Du service.", "Salle des fêtes")


def test_admin_against_form_is_asked(agent_client, manager_client, draft):
    url = change_url(draft)
    late = filled(manager_client, url, summary="Du service.")
    agent_client.post(address(draft, "identite"), fill(agent_client, draft, "identite", summary="Le mien."))

    conflict = manager_client.post(url, late)

    form = conflict.context["adminform"].form
    assert [(field.name, words) for field, words in form.conflicts] == [("summary", "Le mien.")]
    assert form["summary"].value() == "Du service."
    assert stored(draft)["summary"] == "Le mien."


def test_form_against_bulk_action_loses_neither(agent_client, manager_client, draft):
    mine = fill(agent_client, draft, "identite", summary="Le mien.")
    chosen = {"action": "archive", "_selected_action": draft.pk, "reason": "Doublon."}
    manager_client.post("/admin/actions/action/", chosen)

    assert agent_client.post(address(draft, "identite"), mine).status_code == 302

    draft.refresh_from_db()
    assert (draft.summary, draft.editorial_state, draft.editorial_reason) == ("Le mien.", "archived", "Doublon.")


# --- Privacy ------------------------------------------------------------------------------------------------------
def test_text_that_tells_of_a_person_is_asked_then_flagged(agent_client, agent, draft):
    words = "Mme Durand est joignable au 06 12 34 56 78."
    fields = fill(agent_client, draft, "pourquoi", context=words, social_development="Oui.")

    asked = agent_client.post(address(draft, "pourquoi"), fields)

    assert asked.status_code == 422
    assert words in asked.text
    assert (stored(draft)["context"], stored(draft)["social_development"]) == ("", "<p>Oui.</p>")

    box = asked.text.partition('name="context-oui-')[2].partition('"')[0]
    fields = fill(agent_client, draft, "pourquoi", context=words, **{f"context-oui-{box}": "on"})
    assert agent_client.post(address(draft, "pourquoi"), fields).status_code == 302
    assert words in stored(draft)["context"]
    flags = PrivacyFlag.objects.all()
    assert {(flag.action, flag.field, flag.confirmed_by) for flag in flags} == {(draft, "context", agent)}
    assert all("Durand" not in flag.kinds for flag in flags)

    more = fill(agent_client, draft, "pourquoi", context=f"{words} Elle vient souvent.")
    assert agent_client.post(address(draft, "pourquoi"), more).status_code == 302
    other = fill(agent_client, draft, "pourquoi", context=f"{words} Et Mme Martin aussi.")
    assert agent_client.post(address(draft, "pourquoi"), other).status_code == 422


@pytest.mark.parametrize("step", [step.slug for step in FILING_STEPS])
def test_rule_is_in_view_beside_each_free_text(step, agent_client, draft):
    page = agent_client.get(address(draft, step)).text
    texts = re.findall(r'<textarea[^>]* id="(id_\w+)"', page)

    assert [name for name in texts if f'id="{name}_privacy"' not in page] == []
    assert texts or step in ("medias-et-contact",)


def test_row_that_tells_of_a_person_is_asked(agent_client, draft):
    rows = {"goals-TOTAL_FORMS": "1", "goals-0-text": "Aider Mme Durand", "goals-0-level": "0"}

    response = agent_client.post(address(draft, "pourquoi"), fill(agent_client, draft, "pourquoi", **rows))

    assert response.status_code == 422
    assert "Rien ici ne désigne une personne accompagnée" in response.text
    assert stored(draft)["goals"] == []


# --- Suggestions --------------------------------------------------------------------------------------------------
def test_suggestions_name_places_partners_and_visible_sheets(agent_client, client, other_unit):
    TerritoryFactory(name="Chalamont", code="01074")
    PartnerFactory(name="Chaîne d’amitié")
    ActionFactory(title="Chanter ensemble", published=True)
    ActionFactory(title="Chant secret", carrier_unit=other_unit)

    def found(what):
        return [row["label"] for row in agent_client.get(f"/actions/suggestions/{what}/?q=cha").json()]

    assert found("communes") == ["Chalamont"]
    assert found("partenaires") == ["Chaîne d’amitié"]
    assert found("fiches") == ["Chanter ensemble"]
    assert agent_client.get("/actions/suggestions/comptes/?q=age").status_code == 404
    assert client.get("/actions/suggestions/communes/?q=cha").status_code == 302


def test_member_by_address_gets_the_sheet(agent_client, stranger, stranger_client, draft):
    MembershipFactory()
    rows = {
        "team_members-TOTAL_FORMS": "1",
        "team_members-0-role": "co_facilitator",
        "team_members-0-function": "animatrice",
        "team_members-0-user": stranger.email.upper(),
    }

    agent_client.post(address(draft, "comment"), fill(agent_client, draft, "comment", **rows))

    assert [member.user for member in draft.team_members.all()] == [stranger]
    assert stranger_client.get(address(draft, "comment")).status_code == 200
