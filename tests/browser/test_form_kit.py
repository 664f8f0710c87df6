"""The form kit in a real browser, on a page of this module: rows, names, rich text, with and without scripts."""

import json

import pytest
from crispy_forms.layout import Layout
from django import forms
from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.template import engines
from django.urls import path
from django.views.decorators.http import require_http_methods
from playwright.sync_api import expect

from isic import urls
from isic.lib import names
from isic.lib.forms import FrontForm
from isic.lib.layout import Pair, Rows, Section
from isic.lib.richtext import RichTextFormField
from isic.lib.rows import after_operation, rows
from territories.models import Territory
from tests.factories import TerritoryFactory
from tests.screens import WIDTHS_AND_SCHEMES

pytestmark = pytest.mark.urls(__name__)

PAGE = """{% extends "base.html" %}{% load crispy_forms_tags %}
{% block title %}Essai{% endblock %}
{% block head %}{% csp_nonce_attr form.media %}{% endblock %}
{% block main %}<div class="wrap narrow main"><h1>Essai</h1><form class="form" method="post" novalidate>{% csrf_token %}
{% crispy form %}<p><button class="button button--call" type="submit">Enregistrer</button></p></form></div>{% endblock %}"""


def describe(place) -> names.Name:
    return names.Name(f"{place.name} ({place.code})", place.name, "CC de la Dombes")


def place_field(kind=names.NameField, **options):
    return kind(Territory.objects.all(), "/essai/communes/", describe=describe, **options)


class GoalRow(FrontForm, forms.Form):
    text = forms.CharField(label="Quel objectif\u00a0?", max_length=40)
    level = forms.ChoiceField(
        label="Quel niveau\u00a0?", choices=[("g", "Général"), ("o", "Opérationnel")], initial="o"
    )
    place = place_field(label="Où\u00a0?", required=False)
    reached = forms.ChoiceField(
        label="Atteint\u00a0?", choices=[("y", "Oui"), ("n", "Non")], required=False, widget=forms.RadioSelect
    )
    layout = Layout("text", Pair("level", "place"), "reached")


class TrialForm(FrontForm, forms.Form):
    title = forms.CharField(label="Comment s’appelle l’action\u00a0?", help_text="Quelques mots, sans sigle.")
    story = RichTextFormField(label="Que s’y passe-t-il\u00a0?", required=False, help_text="Comme on le raconte.")
    places = place_field(names.NamesField, label="Dans quelles communes\u00a0?", required=False)
    partner = place_field(label="Avec quel partenaire\u00a0?", required=False, allow_new=True)
    row_sets = {
        "goals": rows(
            GoalRow,
            label="Objectifs",
            singular="Objectif",
            add_label="Ajouter un objectif",
            help="Du plus général au plus précis.",
            most=4,
        )
    }
    layout = Layout(
        Section("L’action", "title", "story", help="Ce que l’on en dit d’abord.", id="action"),
        Section("Où et pourquoi", Pair("places", "partner"), Rows("goals")),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["story"].privacy_note = "Ni nom, ni santé, ni origine\u00a0: ce que la personne pourrait lire."

    def clean(self):
        cleaned = super().clean()
        if "06" in cleaned.get("story", ""):
            self.confirmations["story"] = ("confirm_story", "Ce numéro est celui d’un service, je le garde.")
            if "confirm_story" not in self.data:
                self.add_error("story", "Un numéro de téléphone, semble-t-il.")
        return cleaned


@require_http_methods(["GET", "POST"])
def trial(request):
    if "op" in request.POST:
        form = after_operation(TrialForm, request.POST)
    elif request.method == "POST":
        form = TrialForm(request.POST)
        if form.is_valid():
            return JsonResponse(form.cleaned_data, json_dumps_params={"default": str, "ensure_ascii": False})
    else:
        first = Territory.objects.order_by("pk")[:1]
        start = {"title": "Un jardin", "story": "<p>Un.</p><p>Deux &lt; trois.</p>", "places": list(first)}
        form = TrialForm(initial=start | {"goals": [{"text": "Se connaître", "level": "g"}]})
    return HttpResponse(engines["django"].from_string(PAGE).render({"form": form}, request))


def suggest(request):
    return names.suggestions(request, Territory.objects.all(), describe)


urlpatterns = [path("essai/", trial), path("essai/communes/", suggest), *urls.urlpatterns]


@pytest.fixture
def desk(page, live_server, agent_client):
    """The page of someone signed in; at the end, nothing was refused by the policy nor written to the console."""
    for name, code in (("Chalamont", "01074"), ("Châtillon", "01093"), ("Saint-Martin", "01373"), ("Bâgé", "01025")):
        TerritoryFactory(name=name, code=code)
    faults = []
    page.on("console", lambda message: message.type in ("error", "warning") and faults.append(message.text))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.add_init_script(
        "document.addEventListener('securitypolicyviolation', e => console.error('CSP', e.violatedDirective, e.sourceFile));"
        "document.addEventListener('input', () => { document.documentElement.dataset.heard = (+document.documentElement.dataset.heard || 0) + 1 })"
    )
    session = agent_client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    yield page
    assert faults == []


def heard(desk) -> int:
    """How many times a script of the page, autosave for one, was told of a change."""
    return int(desk.evaluate("document.documentElement.dataset.heard || 0"))


def save(desk) -> dict:
    """What the server understood."""
    desk.get_by_role("button", name="Enregistrer").last.click()
    return json.loads(desk.locator("body").text_content())


def goals(desk) -> list[str]:
    return [one.input_value() for one in desk.get_by_label("Quel objectif").all()]


@pytest.mark.parametrize(("width", "scheme"), WIDTHS_AND_SCHEMES)
def test_kit_is_accessible_with_and_without_errors(desk, axe, scheme, width):
    desk.emulate_media(color_scheme=scheme)
    desk.set_viewport_size({"width": width, "height": 800})
    desk.goto("/essai/")
    desk.get_by_role("button", name="Ajouter un objectif").click()
    desk.get_by_label("Avec quel partenaire").press_sequentially("cha")
    expect(desk.get_by_role("option").first).to_be_visible()
    desk.keyboard.press("ArrowDown")
    axe(desk)

    desk.keyboard.press("Escape")
    desk.get_by_role("textbox", name="Que s’y passe-t-il").fill("Appelez le 06 11 22 33 44.")
    desk.get_by_label("Comment s’appelle").fill("")
    desk.get_by_role("combobox", name="Ajouter un nom").fill("Chalamon")
    desk.get_by_role("button", name="Enregistrer").last.click()

    expect(desk.get_by_role("heading", name="Il reste")).to_be_visible()
    expect(desk.get_by_role("textbox", name="Que s’y passe-t-il")).to_have_text("Appelez le 06 11 22 33 44.")
    axe(desk)
    assert desk.evaluate("document.documentElement.scrollWidth") <= width
    small = desk.evaluate(
        """[...document.querySelectorAll("main button:not([tabindex='-1']), main input, main select")]
           .filter((one) => one.checkVisibility() && !["checkbox", "radio", "hidden"].includes(one.type))
           .filter((one) => Math.min(one.offsetWidth, one.offsetHeight) < 43.5).map((one) => one.outerHTML)"""
    )
    assert small == []


def test_rows_are_written_moved_and_removed_by_keyboard(desk):
    desk.goto("/essai/")
    status = desk.locator("[data-rows-status]")
    add = desk.get_by_role("button", name="Ajouter un objectif")

    add.press("Enter")
    desk.keyboard.type("Cuisiner")
    desk.get_by_role("group", name="Objectif 1 sur 2").get_by_label("Non").check()
    desk.get_by_role("group", name="Objectif 2 sur 2").get_by_label("Oui").check()
    add.press("Enter")
    desk.keyboard.type("Manger")
    expect(status).to_have_text("Ajout fait. Objectif 3 sur 3.")
    last = desk.get_by_role("group", name="Objectif 3 sur 3")
    last.get_by_role("button", name="Monter").press("Enter")
    desk.keyboard.press("Enter")

    expect(status).to_have_text("Déplacement fait. Objectif 1 sur 3.")
    assert goals(desk) == ["Manger", "Se connaître", "Cuisiner"]
    assert [one.get_attribute("value") for one in desk.locator("#goals [type=radio]:checked").all()] == ["n", "y"]
    expect(desk.get_by_role("group", name="Objectif 1 sur 3").get_by_role("button", name="Descendre")).to_be_focused()
    before = heard(desk)
    desk.get_by_role("group", name="Objectif 2 sur 3").get_by_role("button", name="Retirer").press("Enter")
    expect(status).to_have_text("Retrait fait. Il en reste 2.")
    expect(desk.get_by_role("group", name="Objectif 2 sur 2").get_by_label("Quel objectif")).to_be_focused()
    assert heard(desk) == before + 1
    rows_saved = save(desk)["goals"]
    assert [(row["text"], row["level"]) for row in rows_saved] == [("Manger", "o"), ("Cuisiner", "o")]
    assert len({row["key"] for row in rows_saved}) == 2


def test_a_row_just_added_has_its_own_names_and_suggestions_until_the_list_is_full(desk):
    desk.goto("/essai/")
    add = desk.get_by_role("button", name="Ajouter un objectif")
    for _ in range(3):
        add.click()
    expect(add).to_be_hidden()
    expect(desk.get_by_text("La liste est complète")).to_be_visible()

    last = desk.get_by_role("group", name="Objectif 4 sur 4")
    last.get_by_label("Quel objectif").fill("Jardiner")
    last.get_by_label("Où").press_sequentially("bage")
    last.get_by_role("option", name="Bâgé").click()
    expect(last.get_by_label("Où")).to_have_value("Bâgé (01025)")
    desk.get_by_role("group", name="Objectif 2 sur 4").get_by_role("button", name="Retirer").click()
    expect(add).to_be_visible()

    ids = desk.evaluate("[...document.querySelectorAll('[id]')].map((one) => one.id)")
    assert len(ids) == len(set(ids))
    assert [(row["text"], row["place"]) for row in save(desk)["goals"]] == [
        ("Se connaître", None),
        ("Jardiner", "Bâgé"),
    ]


def test_names_are_chosen_and_removed_by_keyboard(desk):
    desk.goto("/essai/")
    field = desk.get_by_role("combobox", name="Ajouter un nom")
    places = desk.get_by_role("group", name="Dans quelles communes")
    chosen, options = places.get_by_role("listitem"), places.get_by_role("option")
    expect(chosen).to_have_count(1)

    field.press_sequentially("CHA")
    expect(field).to_have_attribute("aria-expanded", "true")
    expect(options).to_have_text(["Chalamont CC de la Dombes", "Châtillon CC de la Dombes"])
    desk.keyboard.press("ArrowUp")
    expect(desk.get_by_role("option", name="Châtillon")).to_have_attribute("aria-selected", "true")
    desk.keyboard.press("Home")
    desk.keyboard.press("Enter")
    expect(chosen).to_have_text(["MDS du Lac ()", "Chalamont (01074)"])
    expect(field).to_be_focused()
    field.press_sequentially("saint-martin")
    expect(options).to_have_count(1)
    desk.keyboard.press("Enter")
    expect(chosen).to_have_count(3)
    field.press_sequentially("cha")
    expect(options).to_have_text(["Châtillon CC de la Dombes"])
    desk.keyboard.press("Escape")
    expect(field).to_have_attribute("aria-expanded", "false")
    expect(field).to_have_value("cha")
    field.fill("")
    before = heard(desk)
    desk.get_by_role("button", name="Retirer Chalamont").press("Enter")
    expect(desk.get_by_role("button", name="Retirer Saint-Martin")).to_be_focused()
    assert heard(desk) == before + 1

    assert save(desk)["places"] == ["MDS du Lac", "Saint-Martin"]


def test_a_name_typed_and_not_chosen_is_sent_and_corrected_in_place(desk):
    desk.goto("/essai/")
    desk.get_by_role("combobox", name="Ajouter un nom").fill("Chalamon")
    desk.get_by_label("Avec quel partenaire").fill("Les amis du four")
    desk.get_by_role("button", name="Enregistrer").last.click()

    wrong = desk.locator("input[name=places][aria-invalid=true]")
    expect(wrong).to_have_value("Chalamon")
    wrong.fill("")
    wrong.press_sequentially("chalamont")
    desk.get_by_role("option", name="Chalamont").click()
    expect(wrong).to_have_count(0)

    saved = save(desk)
    assert saved["places"] == ["MDS du Lac", "Chalamont"]
    assert saved["partner"] == "Les amis du four"


def test_rich_text_tells_of_its_changes_and_takes_a_text_put_back(desk):
    desk.goto("/essai/")
    editor = desk.get_by_role("textbox", name="Que s’y passe-t-il")
    expect(editor.locator("p")).to_have_text(["Un.", "Deux < trois."])
    described = editor.get_attribute("aria-describedby").split()
    assert [desk.locator(f"#{one}").text_content().strip() for one in described] == [
        "Comme on le raconte.",
        "Ni nom, ni santé, ni origine\u00a0: ce que la personne pourrait lire.",
    ]
    editor.press("End")
    before = heard(desk)
    desk.keyboard.type("!")
    assert heard(desk) > before

    desk.locator("textarea[name=story]").evaluate(
        """(textarea) => {
            textarea.value = "Un retour.\\nDeux < trois"
            textarea.dispatchEvent(new Event("rich-text:set"))
        }"""
    )
    expect(editor.locator("p")).to_have_count(2)
    editor.select_text()
    desk.get_by_role("button", name="Lien", exact=True).click()
    desk.get_by_role("dialog").get_by_role("button", name="Annuler").click()
    assert save(desk)["story"] == "<p>Un retour.</p><p>Deux &lt; trois</p>"


def test_enter_in_a_field_saves_and_presses_no_button_of_the_rows(desk):
    desk.goto("/essai/")
    desk.get_by_label("Quel objectif").press("Enter")

    assert [row["text"] for row in json.loads(desk.locator("body").text_content())["goals"]] == ["Se connaître"]


@pytest.mark.browser_context_args(java_script_enabled=False)
def test_kit_works_without_scripts(desk, axe):
    desk.goto("/essai/")
    expect(desk.get_by_label("Que s’y passe-t-il")).to_have_value("Un.\nDeux < trois.")
    desk.get_by_label("Que s’y passe-t-il").fill("Un & deux.\n\nTrois.")
    desk.get_by_label("Ajouter un nom").fill("chalamont")
    desk.get_by_role("button", name="Ajouter un objectif").click()

    expect(desk.get_by_role("group", name="Objectif 2 sur 2").get_by_label("Quel objectif")).to_be_focused()
    desk.keyboard.type("Manger")
    desk.get_by_role("group", name="Objectif 2 sur 2").get_by_role("button", name="Monter").click()
    expect(desk.get_by_role("group", name="Objectif 1 sur 2").get_by_role("button", name="Descendre")).to_be_focused()

    saved = save(desk)
    assert [row["text"] for row in saved["goals"]] == ["Manger", "Se connaître"]
    assert saved["story"] == "<p>Un &amp; deux.</p><p>Trois.</p>"
    assert saved["places"] == ["MDS du Lac", "Chalamont"]
