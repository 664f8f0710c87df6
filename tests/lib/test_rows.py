"""Rows of a form: what they give, what they refuse, and what their buttons do without a script."""

import uuid

import pytest
from django import forms
from django.http import QueryDict

from isic.lib.forms import FrontForm
from isic.lib.rows import after_operation, operate, rows
from tests.lib.test_form_pack import by_id, parse, show, words

KEYS = [str(uuid.UUID(int=number)) for number in range(1, 4)]


class GoalRow(forms.Form):
    text = forms.CharField(label="Quel objectif\u00a0?", max_length=40)
    level = forms.ChoiceField(
        label="Niveau", choices=[("general", "Général"), ("precise", "Précis")], initial="precise"
    )
    done = forms.BooleanField(label="Atteint", required=False)


class WhyForm(FrontForm, forms.Form):
    title = forms.CharField(label="Titre")
    row_sets = {
        "goals": rows(
            GoalRow,
            label="Objectifs",
            singular="Objectif",
            add_label="Ajouter un objectif",
            help="Deux ou trois.",
            most=3,
        )
    }


def posted(*lines: dict, **others) -> QueryDict:
    data = QueryDict(mutable=True)
    data.update({"title": "Un jardin", "goals-TOTAL_FORMS": str(len(lines)), "goals-INITIAL_FORMS": "0", **others})
    for index, line in enumerate(lines):
        data.update({f"goals-{index}-{name}": value for name, value in ({"level": "precise"} | line).items()})
    return data


def texts(data: QueryDict) -> list[str]:
    return [data.get(f"goals-{index}-text") for index in range(int(data["goals-TOTAL_FORMS"]))]


THREE = [{"text": text, "key": key} for text, key in zip("abc", KEYS, strict=True)]


def test_rows_give_plain_values_in_the_order_of_the_page():
    form = WhyForm(
        posted({"text": "Deux", "key": KEYS[1]}, {"text": "Un", "key": KEYS[0], "level": "general", "done": "on"})
    )

    assert form.is_valid()
    assert form.cleaned_data["goals"] == [
        {"text": "Deux", "level": "precise", "done": False, "key": uuid.UUID(KEYS[1])},
        {"text": "Un", "level": "general", "done": True, "key": uuid.UUID(KEYS[0])},
    ]


def test_rows_left_blank_are_dropped_wherever_they_are():
    form = WhyForm(posted({"text": "", "key": KEYS[0]}, {"text": "Un", "key": KEYS[1]}, {"text": "  ", "key": KEYS[2]}))

    assert form.is_valid()
    assert [row["text"] for row in form.cleaned_data["goals"]] == ["Un"]


def test_a_row_half_filled_says_what_it_lacks():
    form = WhyForm(posted({"text": "Un"}, {"text": "", "level": "general"}))

    assert not form.is_valid()
    assert list(form.row_faults()) == [
        ("id_goals-1-text", "Objectif 2, Quel objectif\u00a0? Ce champ est obligatoire.")
    ]


@pytest.mark.parametrize("keys", [["", ""], ["x' OR 1=1", "\u0000"], [KEYS[0], KEYS[0]]])
def test_rows_never_share_a_key_nor_take_a_forged_one(keys):
    form = WhyForm(posted({"text": "Un", "key": keys[0]}, {"text": "Deux", "key": keys[1]}))

    assert form.is_valid()
    row_keys = [row["key"] for row in form.cleaned_data["goals"]]
    assert len(set(row_keys)) == 2
    assert {type(key) for key in row_keys} == {uuid.UUID}
    assert (str(row_keys[0]) == KEYS[0]) == (keys[0] == KEYS[0])


def test_rows_beyond_the_most_are_refused_and_kept_on_the_page():
    form = WhyForm(posted(*[{"text": f"But {number}"} for number in range(4)]))

    assert not form.is_valid()
    assert list(form.row_faults()) == [("goals_error", "Objectifs\u00a0: Pas plus de 3 lignes ici.")]
    assert 'value="But 3"' in show(form)


@pytest.mark.parametrize("total", ["", "x", "-1", "9" * 30, "1e9", "\u00b2"])
def test_a_forged_count_of_rows_is_a_sentence_and_no_failure(total):
    data = posted({"text": "Un"}, **{"goals-TOTAL_FORMS": total})

    form = WhyForm(data)

    assert not form.is_valid()
    assert len(list(form.row_faults())) > 0
    assert operate(data, "goals:add", WhyForm.row_sets)["goals-TOTAL_FORMS"].isdecimal()


def test_rows_lost_on_the_way_are_not_taken_for_an_empty_list():
    form = WhyForm(QueryDict("title=Un"))

    assert not form.is_valid()
    assert "goals" not in form.cleaned_data


@pytest.mark.parametrize(
    ("op", "left"),
    [
        ("goals-0:down", ["b", "a", "c"]),
        ("goals-2:up", ["a", "c", "b"]),
        ("goals-1:remove", ["a", "c"]),
        ("goals-0:up", ["a", "b", "c"]),
        ("goals-2:down", ["a", "b", "c"]),
        ("goals-7:remove", ["a", "b", "c"]),
        ("goals-7:up", ["a", "b", "c"]),
        ("goals:add", ["a", "b", "c"]),  # the most
        ("others:add", ["a", "b", "c"]),
        ("goals-0:explode", ["a", "b", "c"]),
        ("", ["a", "b", "c"]),
    ],
)
def test_buttons_of_rows_move_and_remove_whole_rows(op, left):
    data = operate(posted(*THREE), op, WhyForm.row_sets)

    assert texts(data) == left
    keys = dict(zip("abc", KEYS, strict=True))
    assert [data[f"goals-{index}-key"] for index in range(len(left))] == [keys[text] for text in left]
    assert data["title"] == "Un jardin"
    assert not any(name.startswith(f"goals-{len(left)}-") for name in data)


def test_a_row_added_is_blank_and_has_a_key_and_what_its_form_proposes():
    data = operate(posted(THREE[0]), "goals:add", WhyForm.row_sets)

    assert texts(data) == ["a", None]
    assert uuid.UUID(data["goals-1-key"])
    assert data["goals-1-level"] == "precise"
    form = WhyForm(data)
    assert form.is_valid()
    assert len(form.cleaned_data["goals"]) == 1


def test_after_a_button_all_that_was_typed_is_there_and_nothing_is_judged():
    form = after_operation(WhyForm, posted({"text": "x" * 99}, title="", op="goals:add"))

    page = show(form)

    assert "x" * 99 in page
    assert "obligatoire" not in page
    assert "error" not in page.replace("goals_error", "")
    tree = by_id(parse(page), "goals")
    assert [words(one) for one in tree.iter() if one.get("role") == "status"] == ["Ajout fait. Objectif 2 sur 2."]
    assert [one.get("id") for one in tree.iter() if "autofocus" in one.attrib] == ["id_goals-1-text"]


@pytest.mark.parametrize(
    ("op", "focus", "announcement"),
    [
        ("goals-1:up", "goals-0:down", "Déplacement fait. Objectif 1 sur 3."),
        ("goals-0:down", "goals-1:down", "Déplacement fait. Objectif 2 sur 3."),
        ("goals-1:remove", "goals:add", "Retrait fait. Il en reste 2."),
    ],
)
def test_after_a_button_the_reader_goes_on_where_he_was(op, focus, announcement):
    tree = parse(show(after_operation(WhyForm, posted(*THREE, op=op))))

    assert [one.get("value") for one in tree.iter() if "autofocus" in one.attrib] == [focus]
    assert [words(one) for one in by_id(tree, "goals").iter() if one.get("role") == "status"] == [announcement]


def test_rows_start_from_what_is_known():
    form = WhyForm(initial={"goals": [{"text": "Un", "key": KEYS[0]}, {"text": "Deux", "key": KEYS[1]}]})

    tree = parse(show(form))

    assert [words(one) for one in tree.iter("legend")] == [
        "Objectif 1 sur 2",
        "Objectif 2 sur 2",
        "Objectif __number__ sur __total__",
    ]
    assert by_id(tree, "id_goals-0-key").get("value") == KEYS[0]
    assert by_id(tree, "id_goals-1-text").get("value") == "Deux"
    assert by_id(tree, "id_goals-__prefix__-key").get("value") is None
