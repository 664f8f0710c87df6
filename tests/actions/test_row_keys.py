"""A goal or a criterion is the same row for life: whoever leans on it finds it again, or is told that it must stay."""

import uuid

import pytest

from actions.lineage import redo
from actions.models import Goal
from isic.lib.admin import BaseAdmin
from partners.models import Partner
from tests.actions.filing import address, autosave, fill
from tests.actions.test_admin import change_url, filled
from tests.factories import (
    ActionFactory,
    CriterionFactory,
    GoalFactory,
    MediaFactory,
    PartnerFactory,
    PartnershipFactory,
)
from tests.leaning.models import Assessment

pytestmark = [pytest.mark.engine, pytest.mark.django_db]


@pytest.fixture
def sheet(unit):
    return ActionFactory(title="Cuisine", carrier_unit=unit, published=True)


@pytest.fixture
def goals(sheet):
    """A general goal, the operational one under it, and another general one."""
    general = GoalFactory(action=sheet, text="Se rencontrer")
    child = GoalFactory(action=sheet, text="Manger ensemble", parent=general, position=1)
    return general, child, GoalFactory(action=sheet, text="Mieux dépenser", position=2)


def identities(rows) -> list[tuple]:
    return [(row.pk, row.key) for row in rows]


def rows_of(sheet) -> set[tuple]:
    return {(row.pk, str(row.key)) for row in (*sheet.goals.all(), *sheet.criteria.all())}


def without(fields: dict, index: int) -> dict:
    """What the page sends once the button « Retirer » of this goal did its work."""
    lines = [
        {name.split("-")[2]: values for name, values in fields.items() if name.startswith(f"goals-{number}-")}
        for number in range(int(fields["goals-TOTAL_FORMS"][0]))
    ]
    del lines[index]
    kept = {name: values for name, values in fields.items() if not name.startswith("goals-")}
    named = {f"goals-{n}-{name}": values for n, line in enumerate(lines) for name, values in line.items()}
    return {**kept, **named, "goals-TOTAL_FORMS": [str(len(lines))], "goals-INITIAL_FORMS": ["0"]}


# --- The same row -------------------------------------------------------------------------------------------------
def test_text_that_changes_keeps_the_row_and_its_key(agent_client, sheet, goals):
    before = rows_of(sheet)

    agent_client.post(address(sheet, "pourquoi"), fill(agent_client, sheet, "pourquoi", **{"goals-0-text": "Se voir"}))

    assert (sheet.goals.first().text, rows_of(sheet)) == ("Se voir", before)


def test_criterion_that_changes_keeps_its_row_and_its_key(agent_client, sheet):
    CriterionFactory(action=sheet)
    before = rows_of(sheet)
    changed = {"criteria-0-name": "Présences", "criteria-0-result": "9 sur 10"}

    agent_client.post(address(sheet, "ce-qui-a-change"), fill(agent_client, sheet, "ce-qui-a-change", **changed))

    assert (sheet.criteria.get().name, rows_of(sheet)) == ("Présences", before)


def test_rows_in_another_order_are_the_same_rows(agent_client, sheet, goals):
    before = rows_of(sheet)
    moved = agent_client.post(
        address(sheet, "pourquoi"), fill(agent_client, sheet, "pourquoi", op="goals-2:up")
    ).context["form"]

    agent_client.post(address(sheet, "pourquoi"), {name: values for name, values in moved.data.lists() if name != "op"})

    assert [goal.text for goal in sheet.goals.all()] == ["Se rencontrer", "Mieux dépenser", "Manger ensemble"]
    assert rows_of(sheet) == before


def test_operational_goal_outlives_its_general_goal(agent_client, sheet, goals):
    """Promoted in the edit that removes the general one, it is the same row: what leans on it stays."""
    general, child, _other = goals
    Assessment.objects.create(title="juin", goal=child)
    fields = without(fill(agent_client, sheet, "pourquoi"), 0) | {"goals-0-level": "0"}

    answer = agent_client.post(address(sheet, "pourquoi"), fields)

    assert answer.status_code == 302
    kept = sheet.goals.get(key=child.key)
    assert (kept.pk, kept.parent, kept.assessments.get().title) == (child.pk, None, "juin")
    assert not Goal.objects.filter(pk=general.pk).exists()


def test_version_that_comes_back_brings_the_same_rows(agent, agent_client, sheet, goals):
    CriterionFactory(action=sheet, name="Assiduité")
    before = rows_of(sheet)
    gone, kept = goals[2], goals[:2]
    with sheet.edited(by=agent):
        sheet.goals.filter(pk=gone.pk).delete()
        for row in (sheet.goals.get(pk=kept[0].pk), sheet.criteria.get()):
            setattr(row, "text" if isinstance(row, Goal) else "name", "Autre")
            row.save()

    agent_client.post(f"/actions/{sheet.slug}/historique/1/restaurer/", {"seen": "2"})

    back = sheet.goals.get(text="Mieux dépenser")
    assert back.key == gone.key
    assert rows_of(sheet) == (before - {(gone.pk, str(gone.key))}) | {(back.pk, str(back.key))}
    assert [goal.text for goal in sheet.goals.all()] == ["Se rencontrer", "Manger ensemble", "Mieux dépenser"]
    assert sheet.criteria.get().name == "Assiduité"


def test_copy_has_rows_of_its_own_under_the_same_keys(agent, sheet, goals, unit):
    CriterionFactory(action=sheet)
    source = rows_of(sheet)

    copy = redo(sheet, by=agent, title="Cuisine du Lac", unit=unit, submission=uuid.uuid4())

    assert {key for _pk, key in rows_of(copy)} == {key for _pk, key in source}
    assert {pk for pk, _key in identities(copy.goals.all())}.isdisjoint(pk for pk, _key in source)
    assert rows_of(sheet) == source


def test_change_of_a_copy_leaves_its_source_alone(agent, agent_client, sheet, goals, unit):
    copy = redo(sheet, by=agent, title="Cuisine du Lac", unit=unit, submission=uuid.uuid4())
    source = rows_of(sheet)

    agent_client.post(address(copy, "pourquoi"), without(fill(agent_client, copy, "pourquoi"), 2))

    assert (copy.goals.count(), rows_of(sheet)) == (2, source)


# --- A row on which something leans -------------------------------------------------------------------------------
SENTENCE = "2\u00a0bilans s’appuient sur «\u00a0Mieux dépenser\u00a0» (objectif), qui reste donc\u00a0: «\u00a0mars\u00a0» et «\u00a0juin\u00a0»."


@pytest.fixture
def held(goals):
    for title in ("mars", "juin"):
        Assessment.objects.create(title=title, goal=goals[2])
    return goals[2]


def test_goal_that_something_needs_stays_and_the_rest_is_saved(agent_client, sheet, held):
    fields = without(fill(agent_client, sheet, "pourquoi", context="Un constat.", **{"goals-0-text": "Se voir"}), 2)

    answer = agent_client.post(address(sheet, "pourquoi"), fields)

    assert answer.status_code == 422
    assert SENTENCE in answer.text
    assert 'value="Mieux dépenser"' in answer.text
    sheet.refresh_from_db()
    assert "Un constat." in sheet.context
    assert [goal.text for goal in sheet.goals.all()] == ["Se voir", "Manger ensemble", "Mieux dépenser"]
    assert (sheet.goals.get(pk=held.pk).key, held.assessments.count()) == (held.key, 2)


def test_page_goes_on_from_a_goal_that_stays(agent_client, sheet, held):
    """ReadableMinutes once, the page has the row again: the next saving meets no conflict."""
    refused = agent_client.post(address(sheet, "pourquoi"), without(fill(agent_client, sheet, "pourquoi"), 2))

    fields = dict(refused.context["form"].data.lists()) | {"goals-2-text": "Dépenser mieux"}
    answer = agent_client.post(address(sheet, "pourquoi"), fields)

    assert answer.status_code == 302
    assert sheet.goals.get(pk=held.pk).text == "Dépenser mieux"


def test_autosave_tells_what_a_goal_is_needed_for(agent_client, sheet, held):
    answer = autosave(agent_client, sheet, "pourquoi", without(fill(agent_client, sheet, "pourquoi"), 2))

    assert answer.status_code == 422
    assert [fault["words"] for fault in answer.json()["faults"] if SENTENCE in fault["words"]]
    assert Goal.objects.filter(pk=held.pk).exists()


def test_version_without_a_goal_that_something_needs_does_not_come_back(agent, agent_client, sheet):
    with sheet.edited(by=agent):
        sheet.summary = "On cuisine."
        held = GoalFactory(action=sheet, text="Mieux dépenser")
    for title in ("mars", "juin"):
        Assessment.objects.create(title=title, goal=held)

    answer = agent_client.post(f"/actions/{sheet.slug}/historique/1/restaurer/", {"seen": "2"})

    assert answer.status_code == 409
    assert SENTENCE in answer.text
    assert "Deux lignes" not in answer.text
    sheet.refresh_from_db()
    assert (sheet.summary, Goal.objects.filter(pk=held.pk).exists()) == ("On cuisine.", True)


def test_admin_keeps_a_goal_that_something_needs(manager_client, sheet, held):
    typed = filled(manager_client, change_url(sheet), **{"goals-2-DELETE": "on", "summary": "On cuisine."})

    answer = manager_client.post(change_url(sheet), typed)

    assert answer.status_code == 200
    assert SENTENCE in answer.text
    assert "On cuisine." in answer.text
    assert Goal.objects.filter(pk=held.pk).exists()


def test_photo_that_something_needs_stays(agent_client, sheet):
    film = MediaFactory(action=sheet, title="Le film")
    Assessment.objects.create(title="juin", media=film)

    answer = agent_client.post(f"/actions/{sheet.slug}/medias/{film.key}/supprimer/", follow=True)

    assert "1\u00a0bilan s’appuie sur «\u00a0Le film\u00a0» (média), qui reste donc" in answer.text
    assert (sheet.media.get(), sheet.versions.count()) == (film, 0)


@pytest.mark.parametrize("door", ["page", "list"])
def test_admin_tells_what_leans_on_a_record_since_its_page_was_shown(door, manager_client, monkeypatch):
    caf = PartnerFactory(name="Caf")
    shown = BaseAdmin.get_deleted_objects

    def then_a_colleague_writes(self, rows, request):
        seen = shown(self, rows, request)
        PartnershipFactory(partner=caf)
        return seen

    monkeypatch.setattr(BaseAdmin, "get_deleted_objects", then_a_colleague_writes)
    path, sent = {
        "page": (f"/admin/partners/partner/{caf.pk}/delete/", {"post": "yes"}),
        "list": ("/admin/partners/partner/", {"action": "delete_selected", "_selected_action": caf.pk, "post": "yes"}),
    }[door]

    answer = manager_client.post(path, sent, follow=True)

    assert answer.status_code == 200
    assert "1\u00a0partenariat s’appuie sur «\u00a0Caf\u00a0» (partenaire), qui reste donc" in answer.text
    assert Partner.objects.filter(pk=caf.pk).exists()
