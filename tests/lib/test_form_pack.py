"""The crispy template pack « isic »: label, help, error and control hold together."""

import pytest
from crispy_forms.layout import Layout
from django import forms
from django.http import QueryDict
from django.template import engines
from html5lib import parseFragment

from isic.lib.forms import FrontForm
from isic.lib.layout import Pair, Section


class Invitation(forms.Form):
    email = forms.EmailField(label="Votre adresse", help_text="Celle de votre service.")
    note = forms.CharField(label="Un mot", required=False)
    kinds = forms.MultipleChoiceField(
        label="Pour quoi", choices=[("a", "lire"), ("b", "écrire")], widget=forms.CheckboxSelectMultiple
    )
    agreed = forms.BooleanField(label="J’ai lu la charte")


class FilingForm(FrontForm, forms.Form):
    title = forms.CharField(label="Comment s’appelle-t-elle\u00a0?", help_text="Quelques mots.")
    story = forms.CharField(label="Récit", required=False, widget=forms.Textarea)
    starts_on = forms.DateField(label="Du", required=False)
    ends_on = forms.DateField(label="Au", required=False)
    secret = forms.CharField(widget=forms.HiddenInput, initial="jeton")
    layout = Layout(
        Section("L’action", "title", "story", help="D’abord l’essentiel.", id="action"),
        Section("Quand", Pair("starts_on", "ends_on", legend="Quelles dates\u00a0?")),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["story"].privacy_note = "Aucun nom."

    def clean_story(self):
        self.confirmations["story"] = ("confirm_story", "C’est le numéro d’un service.")
        if "confirm_story" not in self.data:
            raise forms.ValidationError("Un numéro de téléphone\u00a0?")
        return self.cleaned_data["story"]


def parse(text: str):
    return parseFragment(text, namespaceHTMLElements=False)


def render(form):
    return parse(
        engines["django"].from_string("{% load crispy_forms_filters %}{{ form|crispy }}").render({"form": form})
    )


def show(form) -> str:
    """By its layout, as our pages do."""
    return engines["django"].from_string("{% load crispy_forms_tags %}{% crispy form %}").render({"form": form})


def by_id(tree, name):
    return next(element for element in tree.iter() if element.get("id") == name)


def words(element) -> str:
    return " ".join("".join(element.itertext()).split())


def test_pack_ties_help_and_error_to_the_control():
    tree = render(Invitation({"email": "non"}))
    control = by_id(tree, "id_email")
    assert control.get("aria-invalid") == "true"
    described = [by_id(tree, name) for name in control.get("aria-describedby").split()]
    assert [words(element) for element in described] == [
        "Celle de votre service.",
        "Erreur : Saisissez une adresse de courriel valide.",
    ]


def test_pack_labels_every_control_and_says_what_is_optional():
    tree = render(Invitation())
    labels = {label.get("for"): words(label) for label in tree.iter("label")}
    assert labels == {
        "id_email": "Votre adresse",
        "id_note": "Un mot (facultatif)",
        "id_kinds_0": "lire",
        "id_kinds_1": "écrire",
        "id_agreed": "J’ai lu la charte",
    }
    assert [words(legend) for legend in tree.iter("legend")] == ["Pour quoi"]


def test_pack_sums_the_errors_up_with_links_to_the_fields():
    tree = render(Invitation({"email": "non", "kinds": ["a"], "agreed": "on"}))
    assert [(link.get("href"), words(link)) for link in tree.iter("a")] == [
        ("#id_email", "Votre adresse : Saisissez une adresse de courriel valide.")
    ]


def test_pack_shows_no_summary_while_nothing_is_wrong():
    assert [element for element in render(Invitation()).iter("div") if element.get("role") == "alert"] == []


def test_layout_shows_sections_and_pairs_and_says_nothing_of_what_is_optional():
    tree = parse(show(FilingForm()))

    assert [words(title) for title in tree.iter("h2")] == ["L’action", "Quand"]
    assert [words(legend) for legend in tree.iter("legend")] == ["Quelles dates ?"]
    assert [words(label) for label in tree.iter("label")] == ["Comment s’appelle-t-elle ?", "Récit", "Du", "Au"]
    assert by_id(tree, "action").tag == "section"
    assert by_id(tree, "id_secret").get("value") == "jeton"
    assert [element for element in tree.iter() if element.tag in ("form", "style", "script", "button")] == []


def test_pack_ties_help_note_of_privacy_and_error_to_the_control():
    tree = parse(show(FilingForm(QueryDict("title=&story=06"))))

    described = {
        name: [words(by_id(tree, one)) for one in by_id(tree, name).get("aria-describedby", "").split()]
        for name in ("id_title", "id_story", "id_ends_on")
    }
    assert described == {
        "id_title": ["Quelques mots.", "Erreur : Ce champ est obligatoire."],
        "id_story": ["Erreur : Un numéro de téléphone ?", "Aucun nom."],
        "id_ends_on": [],
    }


@pytest.mark.parametrize(("sent", "ticked"), [("", False), ("&confirm_story=on", True)])
def test_pack_shows_the_box_that_confirms_a_value_as_it_was(sent, ticked):
    tree = parse(show(FilingForm(QueryDict(f"title=Un&story=06&secret=x{sent}"))))

    boxes = [one for one in tree.iter("input") if one.get("name") == "confirm_story"]
    assert ["checked" in box.attrib for box in boxes] == [ticked]
    assert [words(label) for label in tree.iter("label") if label.get("class") != "field__label"] == [
        "C’est le numéro d’un service."
    ]


def test_summary_puts_no_colon_after_a_question():
    tree = parse(show(FilingForm(QueryDict("title=&secret=x&confirm_story=on"))))

    assert [words(link) for link in tree.iter("a")] == ["Comment s’appelle-t-elle ? Ce champ est obligatoire."]
