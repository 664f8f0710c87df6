"""A question about people is asked once, at its place."""

import re

import pytest
from django import forms
from django.http import QueryDict

from isic.lib.forms import FrontForm
from isic.lib.people import AsksAboutPeople, Meant, marks_in_rows
from isic.lib.personal import find

NAMED = "Mme Dupont vient le mardi."
ILL = "Une dame de 82 ans, qui a un cancer, vient depuis mars."


class StoryForm(AsksAboutPeople, FrontForm, forms.Form):
    title = forms.CharField(required=False)
    story = forms.CharField(required=False, widget=forms.Textarea)
    how_to_join = forms.CharField(required=False)
    code = forms.CharField(required=False, widget=forms.HiddenInput)


class RememberingForm(StoryForm):
    remembers = True


def judged(initial=None, form=StoryForm, confirmed=(), **typed) -> StoryForm:
    data = QueryDict(mutable=True)
    data.update(typed)
    story = form(data, initial=initial, confirmed=confirmed)
    story.is_valid()
    return story


def boxes(form) -> dict[str, str]:
    """What the page has beside the story: its box, and the hidden field that says it was asked."""
    asked = form["story"].confirmation
    return {"box": asked["name"], "asking": asked["asking"]}


def test_text_that_tells_of_somebody_is_asked_about_in_its_words_and_why():
    form = judged(story=ILL)

    assert "âge d’une personne («\u00a0Une dame de 82 ans\u00a0»)" in form.errors["story"][0]
    assert "santé d’une personne («\u00a0a un cancer\u00a0»)" in form.errors["story"][0]
    assert "Même sans nom" in form.errors["story"][0]
    assert "Même sans nom" not in judged(story=NAMED).errors["story"][0]
    assert form["story"].confirmation["label"] == "Personne n’est reconnaissable ici\u00a0: garder ce texte"


@pytest.mark.parametrize("text", [NAMED, ILL])
def test_ticked_it_is_kept_with_what_was_meant(text):
    box = boxes(judged(story=text))["box"]

    form = judged(story=text, **{box: "on"})

    assert form.errors == {}
    assert [meant.finding for meant in form.meant["story"]] == find(text)


def test_what_is_told_of_a_life_passes_the_second_time_unticked_and_is_kept_in_mind():
    asking = boxes(judged(story=ILL))["asking"]

    form = judged(story=ILL, **{asking: "oui"})

    assert form.errors == {}
    assert {meant.finding.kind for meant in form.meant["story"]} == {"age", "health"}


def test_a_name_wants_its_box_every_time_and_so_does_another_life():
    named, ill = boxes(judged(story=NAMED))["asking"], boxes(judged(story=ILL))["asking"]

    assert "story" in judged(story=NAMED, **{named: "oui"}).errors
    assert "story" in judged(story="Un monsieur alcoolique vient.", **{ill: "oui"}).errors


def test_what_was_confirmed_in_one_field_is_asked_about_in_another():
    box = boxes(judged(story=NAMED))["box"]
    marks = {meant.mark for meant in judged(story=NAMED, **{box: "on"}).meant["story"]}

    assert judged(confirmed=marks, story=NAMED).errors == {}
    assert "title" in judged(confirmed=marks, title=NAMED).errors


def test_what_the_field_had_is_not_asked_about_and_only_the_rest_is_said():
    kept = judged({"story": NAMED}, story=f"{NAMED} On cuisine.")
    more = judged({"story": NAMED}, story=f"{NAMED} M. Petit aussi.")

    assert kept.errors == {}
    assert re.findall(r"M. Petit|Mme Dupont", more.errors["story"][0]) == ["M. Petit"]


def test_kind_in_its_place_is_not_asked_about_and_another_is():
    assert judged(how_to_join="Appelez le 01 99 00 12 34.").errors == {}
    assert "how_to_join" in judged(how_to_join="Appelez Mme Dupont au 01 99 00 12 34.").errors


def test_stored_text_that_nobody_confirmed_is_told_when_the_page_opens_and_may_be_confirmed_then():
    page = RememberingForm(initial={"story": NAMED})

    assert "Mme Dupont" in page["story"].caution
    box = page["story"].confirmation["name"]
    form = judged({"story": NAMED}, RememberingForm, story=NAMED, **{box: "on"})
    marks = {meant.mark for meant in form.meant["story"]}

    assert form.errors == {}
    assert RememberingForm(initial={"story": NAMED}, confirmed=marks)["story"].caution == ""
    assert StoryForm(initial={"story": NAMED})["story"].caution == ""


def test_rows_have_a_place_for_each_cell():
    (finding,) = find(NAMED)

    assert marks_in_rows("quotes", [{"key": "1", "text": NAMED, "level": 2}]) == {Meant("quotes.text", finding).mark}


def test_answer_of_a_form_that_saves_by_itself_shows_the_question_with_its_box():
    form = judged(story=NAMED)

    (fault,) = form.faults()

    assert fault["id"] == "id_story"
    assert 'id="id_story_error"' in fault["html"]
    assert f'name="{boxes(form)["box"]}"' in fault["html"]
