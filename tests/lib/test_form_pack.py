"""The crispy template pack « isic »: label, help, error and control hold together."""

from django import forms
from django.template import engines
from html5lib import parseFragment


class Invitation(forms.Form):
    email = forms.EmailField(label="Votre adresse", help_text="Celle de votre service.")
    note = forms.CharField(label="Un mot", required=False)
    kinds = forms.MultipleChoiceField(
        label="Pour quoi", choices=[("a", "lire"), ("b", "écrire")], widget=forms.CheckboxSelectMultiple
    )
    agreed = forms.BooleanField(label="J’ai lu la charte")


def render(form):
    text = engines["django"].from_string("{% load crispy_forms_filters %}{{ form|crispy }}").render({"form": form})
    return parseFragment(text, namespaceHTMLElements=False)


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
