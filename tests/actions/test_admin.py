"""What a manager does to sheets and vocabularies in the admin."""

import re
from pathlib import Path

import pytest
from django.contrib import admin
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse

from actions.models import Action, Domain, Media
from actions.workflows import ARCHIVE
from tests.factories import ActionFactory, AudienceFactory, DomainFactory, GoalFactory, TerritoryFactory
from tests.images import image_bytes

LIST = "/admin/actions/action/"


def change_url(sheet) -> str:
    return reverse("admin:actions_action_change", args=[sheet.pk])


def filled(client, url: str, **typed) -> dict:
    """What a browser would send back from this page, but for what is typed."""
    page = client.get(url).context
    forms = [page["adminform"].form, *(f.formset for f in page["inline_admin_formsets"])]
    values = {}
    for form in forms:
        rows = [form.management_form, *form.forms] if hasattr(form, "management_form") else [form]
        values |= {field.html_name: field.value() for row in rows for field in row}
    return {name: value for name, value in values.items() if value is not False and value not in (None, "")} | typed


def messages_of(response) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def act(client, action: str, *sheets, **more):
    """Run an action on a selection of the list."""
    data = {"action": action, "_selected_action": [sheet.pk for sheet in sheets], **more}
    return client.post(LIST, data, follow=True)


# --- States -------------------------------------------------------------------------------------------------------
def test_publishing_a_selection_publishes_what_can_be_and_says_what_cannot(manager_client, manager):
    ready = ActionFactory(
        published=True, title="Prête", editorial_state=Action.EditorialState.PROPOSED, published_at=None
    )
    bare = ActionFactory(title="Incomplète")

    response = act(manager_client, "publish", bare, ready, index=0)

    ready.refresh_from_db()
    bare.refresh_from_db()
    assert (ready.editorial_state, ready.published_by, ready.version) == ("published", manager, 2)
    assert (bare.editorial_state, bare.version) == ("draft", 1)
    assert set(messages_of(response)) == {
        "1 fiche publiée.",
        "Il manque la phrase de résumé, le public visé, le lieu, le contact du service pour publier «\u00a0Incomplète\u00a0».",
    }
    assert [sheet.title for sheet in Action.objects.published()] == ["Prête"]


def test_sheet_changed_under_the_hand_is_told_and_stops_no_other(rf, manager):
    changed, other = ActionFactory(published=True, title="Changée"), ActionFactory(published=True)
    with transaction.atomic():
        Action.objects.get(pk=changed.pk).take_version(1)
    request = rf.post(LIST)
    request.user, request.session = manager, {}
    request._messages = CookieStorage(request)

    admin.site._registry[Action].move_each(request, [changed, other], ARCHIVE, "Fini.")

    assert [str(message) for message in request._messages] == [
        "«\u00a0Changée\u00a0» vient d’être modifiée par quelqu’un d’autre\u00a0: relisez-la, puis recommencez.",
        "1 fiche archivée.",
    ]
    assert list(Action.objects.filter(editorial_state="archived")) == [other]


def test_archiving_asks_for_a_reason_first(manager_client):
    sheet = ActionFactory(published=True, title="À ranger")

    asked = act(manager_client, "archive", sheet, index=0)
    assert asked.templates[0].name == "admin/actions/action/reason.html"
    assert [s.title for s in asked.context["sheets"]] == ["À ranger"]
    sheet.refresh_from_db()
    assert sheet.editorial_state == "published"

    refused = act(manager_client, "archive", sheet, reason=" ")
    assert refused.context["form"].errors == {"reason": ["Ce champ est obligatoire."]}

    done = act(manager_client, "archive", sheet, reason="Le groupe a fini.")
    sheet.refresh_from_db()
    assert (sheet.editorial_state, sheet.editorial_reason) == ("archived", "Le groupe a fini.")
    assert messages_of(done) == ["1 fiche archivée."]


def test_change_page_leads_to_the_page_of_the_reason(manager_client):
    sheet = ActionFactory(published=True)

    asked = manager_client.post(change_url(sheet), {"CHANGE_FORM-action": "reopen", "_selected_action": sheet.pk})
    assert (asked.context["verb"], asked.context["url"]) == ("Remettre en brouillon", LIST)

    done = act(manager_client, "reopen", sheet, reason="Des chiffres à revoir.", select_across="0")
    sheet.refresh_from_db()
    assert (sheet.editorial_state, sheet.editorial_reason) == ("draft", "Des chiffres à revoir.")
    assert messages_of(done) == ["1 fiche remise en brouillon."]


def test_archiving_all_the_pages_of_a_filtered_list_leaves_the_rest(manager_client):
    ActionFactory.create_batch(2, published=True, life_state="ended")
    running = ActionFactory(published=True, life_state="running")
    url = f"{LIST}?life_state__exact=ended"
    one = Action.objects.filter(life_state="ended")[0]

    data = {"action": "archive", "_selected_action": [one.pk], "select_across": "1"}
    asked = manager_client.post(url, data | {"index": 0})
    assert (asked.context["total"], asked.context["url"]) == (2, url)
    manager_client.post(url, data | {"reason": "Fini."})

    assert set(Action.objects.filter(editorial_state="archived").values_list("life_state", flat=True)) == {"ended"}
    running.refresh_from_db()
    assert running.editorial_state == "published"


def test_state_is_not_a_field_of_the_form(manager_client):
    sheet = ActionFactory()

    manager_client.post(change_url(sheet), filled(manager_client, change_url(sheet), editorial_state="published"))

    sheet.refresh_from_db()
    assert (sheet.editorial_state, sheet.version) == ("draft", 2)


def test_save_and_publish_keeps_the_words_even_if_it_cannot_publish(manager_client):
    sheet = ActionFactory(title="Ancien titre")
    data = filled(manager_client, change_url(sheet), title="Nouveau titre", _publish="1")

    response = manager_client.post(change_url(sheet), data, follow=True)

    sheet.refresh_from_db()
    assert (sheet.title, sheet.editorial_state) == ("Nouveau titre", "draft")
    assert [m for m in messages_of(response) if m.startswith("Il manque")] != []


def test_published_sheet_is_archived_before_it_is_deleted(manager_client):
    sheet = ActionFactory(published=True)
    delete = reverse("admin:actions_action_delete", args=[sheet.pk])

    assert manager_client.post(delete, {"post": "yes"}).status_code == 403
    with transaction.atomic():
        sheet.archive(by=None, reason="Fini.")
    manager_client.post(delete, {"post": "yes"})

    assert not Action.objects.filter(pk=sheet.pk).exists()


def test_change_page_says_what_is_missing_with_a_link_to_each_field(manager_client):
    bare = ActionFactory(summary="En une phrase.")

    page = manager_client.get(change_url(bare))

    anchors = re.findall(r'<a href="#([\w-]+)">', page.text.partition("Il manque")[2].partition("</fieldset>")[0])
    assert anchors[:3] == ["id_audiences", "id_places", "id_contact"]
    assert [anchor for anchor in anchors if f'id="{anchor}"' not in page.text] == []
    assert "Pour publier la fiche" not in manager_client.get(change_url(ActionFactory(published=True))).text


# --- Edits --------------------------------------------------------------------------------------------------------
def test_new_sheet_needs_a_title_a_domain_and_a_carrier(manager_client, manager, unit):
    add = reverse("admin:actions_action_add")
    domain = DomainFactory()

    refused = manager_client.post(add, filled(manager_client, add, title="Jardin"))
    assert refused.context["adminform"].form.errors["domain"] == ["Ce champ est obligatoire."]

    manager_client.post(add, filled(manager_client, add, title="Jardin", domain=domain.pk, carrier_unit=unit.pk))
    sheet = Action.objects.get()
    assert (sheet.title, sheet.slug, sheet.editorial_state, sheet.created_by) == ("Jardin", "jardin", "draft", manager)


def test_two_carriers_are_refused_in_french(manager_client):
    sheet = ActionFactory()
    data = filled(manager_client, change_url(sheet))
    del data["carrier_unit"]

    errors = manager_client.post(change_url(sheet), data).context["adminform"].form.non_field_errors()

    assert errors == ["Choisissez un porteur, et un seul\u00a0: une unité locale ou un partenaire."]


def test_second_editor_keeps_his_words_sees_the_others_and_saves_knowingly(manager_client, admin_client):
    sheet = ActionFactory(published=True, title="Au départ", context="<p>Un diagnostic.</p>")
    first = filled(manager_client, change_url(sheet), title="Titre de la première", context="<p>Refait.</p>")
    second = filled(admin_client, change_url(sheet), title="Titre du second", how_to_join="Appeler")
    manager_client.post(change_url(sheet), first)

    conflict = admin_client.post(change_url(sheet), second)

    sheet.refresh_from_db()
    assert (sheet.title, sheet.how_to_join, sheet.version) == ("Titre de la première", "", 2)
    form = conflict.context["adminform"].form
    assert form.non_field_errors()[0].startswith("Quelqu’un d’autre a enregistré cette fiche entre-temps (le ")
    assert {field.name: stored for field, stored in form.conflicts} == {
        "title": "Titre de la première",
        "how_to_join": "(vide)",
        "context": "Refait.",
    }
    assert (form["title"].value(), form["how_to_join"].value()) == ("Titre du second", "Appeler")
    assert "Valeur enregistrée entre-temps" in conflict.text

    admin_client.post(change_url(sheet), second | {"seen_version": form["seen_version"].value()})

    sheet.refresh_from_db()
    assert (sheet.title, sheet.how_to_join, sheet.version) == ("Titre du second", "Appeler", 3)


def test_second_editor_is_told_what_changed_in_the_tables(manager_client, admin_client):
    goal = GoalFactory(text="Se rencontrer")
    url = change_url(goal.action)
    late = filled(admin_client, url)
    manager_client.post(url, filled(manager_client, url) | {"goals-0-text": "Manger ensemble"})

    conflict = admin_client.post(url, late | {"title": "Autre nom"})

    [change] = conflict.context["adminform"].form.tables
    assert change.name == "goals"
    assert [row.title for row in change.rows] == ["Manger ensemble"]
    assert "Dans les tableaux, l’autre personne a changé" in conflict.text
    assert goal.action.goals.get().text == "Manger ensemble"


def test_row_that_another_editor_deleted_is_told_and_can_be_given_up(manager_client, admin_client):
    goal = GoalFactory(text="Premier")
    GoalFactory(action=goal.action, text="Second")
    url = change_url(goal.action)
    late = filled(admin_client, url)
    early = filled(manager_client, url)
    manager_client.post(url, early | {"goals-0-DELETE": "on"})

    conflict = admin_client.post(url, late)
    goals = conflict.context["inline_admin_formsets"][0].formset
    assert goals.non_form_errors() == [
        "Une ligne de ce tableau a été supprimée entre-temps par quelqu’un d’autre\u00a0: cochez «\u00a0Supprimer\u00a0» à son bout."
    ]

    seen = conflict.context["adminform"].form["seen_version"].value()
    admin_client.post(url, late | {"seen_version": seen, "goals-0-DELETE": "on"})

    goal.action.refresh_from_db()
    assert (goal.action.version, [g.text for g in goal.action.goals.all()]) == (3, ["Second"])


@pytest.mark.parametrize("seen", ["", "abc", "999", "-1", "9" * 30])
def test_forged_version_writes_nothing(seen, manager_client):
    sheet = ActionFactory(title="Intacte")

    manager_client.post(change_url(sheet), filled(manager_client, change_url(sheet), title="Forgée", seen_version=seen))

    sheet.refresh_from_db()
    assert (sheet.title, sheet.version) == ("Intacte", 1)


def test_rich_text_is_cleaned(manager_client):
    sheet = ActionFactory()
    dirty = '<p class="MsoNormal" style="color:red">Un <b onclick="x()">atelier</b><script>alert(1)</script></p>'

    manager_client.post(change_url(sheet), filled(manager_client, change_url(sheet), description=dirty))

    sheet.refresh_from_db()
    assert sheet.description == "<p>Un <strong>atelier</strong></p>"


def test_days_of_the_month_are_ticked(manager_client):
    sheet = ActionFactory(rhythm_ordinals=[2])
    page = manager_client.get(change_url(sheet))
    assert page.context["adminform"].form["rhythm_ordinals"].value() == [2]

    manager_client.post(change_url(sheet), filled(manager_client, change_url(sheet), rhythm_ordinals=["1", "-1"]))

    sheet.refresh_from_db()
    assert sheet.rhythm_ordinals == [1, -1]


def test_readings_of_the_service_are_ticked(manager_client):
    sheet = ActionFactory(service_readings=["life_state"])

    manager_client.post(
        change_url(sheet), filled(manager_client, change_url(sheet), service_readings=["success_keys", "goals"])
    )

    sheet.refresh_from_db()
    assert sheet.service_readings == ["success_keys", "goals"]


def test_photo_is_uploaded_with_its_rights_or_refused(manager_client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    sheet = ActionFactory()
    row = {"kind": "image", "title": "La table", "position": "0"}

    def post(**fields):
        photo = SimpleUploadedFile("table.png", image_bytes("PNG"))
        data = filled(manager_client, change_url(sheet), **{"media-TOTAL_FORMS": 1, "media-0-file": photo})
        return manager_client.post(
            change_url(sheet), data | {f"media-0-{name}": value for name, value in (row | fields).items()}
        )

    refused = post().context["inline_admin_formsets"][-1].formset.forms[0]
    assert set(refused.non_field_errors()) == {
        "Décrivez ce que l’image montre, ou dites qu’elle est décorative.",
        "Dites si quelqu’un est reconnaissable\u00a0: sans l’accord écrit de chacun, la photo ne se publie pas.",
    }
    post(alt="Une table dressée", consent="agreed")
    media = Media.objects.get()
    assert media.title == "La table"
    assert Path(media.file.path).read_bytes().startswith(b"\x89PNG")


# --- Vocabularies -------------------------------------------------------------------------------------------------
def test_retired_value_stays_on_its_sheets_and_is_offered_to_no_other(manager_client):
    audience = AudienceFactory(name="Jeunes")
    has_it, has_not = ActionFactory(audiences=[audience]), ActionFactory()

    manager_client.post(
        reverse("admin:actions_audience_changelist"), {"action": "retire", "_selected_action": audience.pk, "index": 0}
    )

    def offered(sheet):
        form = manager_client.get(change_url(sheet)).context["adminform"].form
        return [str(value) for value in form.fields["audiences"].queryset]

    assert (offered(has_it), offered(has_not)) == (["Jeunes"], [])
    manager_client.post(change_url(has_it), filled(manager_client, change_url(has_it), title="Retouchée"))
    has_it.refresh_from_db()
    assert (has_it.title, list(has_it.audiences.all())) == ("Retouchée", [audience])


@pytest.mark.parametrize(
    ("move", "names"),
    [("2:up", ["B", "A", "C"]), ("2:down", ["A", "C", "B"]), ("1:up", ["A", "B", "C"]), ("9:up", ["A", "B", "C"])],
)
def test_buttons_put_values_in_order(move, names, manager_client):
    for pk, name in enumerate("ABC", start=1):
        DomainFactory(pk=pk, name=name)
    pk, _, direction = move.partition(":")

    manager_client.post(reverse("admin:actions_domain_changelist"), {"move": f"{pk}:{direction}"})

    assert [domain.name for domain in Domain.objects.all()] == names


def test_ranks_are_typed_in_the_list(manager_client):
    a, b = DomainFactory(name="A", position=10), DomainFactory(name="B", position=20)
    url = reverse("admin:actions_domain_changelist")
    data = {"form-TOTAL_FORMS": 2, "form-INITIAL_FORMS": 2, "_save": "1"}
    data |= {"form-0-id": a.pk, "form-0-position": 30, "form-1-id": b.pk, "form-1-position": 20}

    manager_client.post(url, data)

    assert [domain.name for domain in Domain.objects.all()] == ["B", "A"]


def test_value_in_use_cannot_be_deleted(manager_client):
    used, unused = AudienceFactory(), AudienceFactory()
    ActionFactory(audiences=[used])

    statuses = [
        manager_client.post(reverse("admin:actions_audience_delete", args=[value.pk]), {"post": "yes"}).status_code
        for value in (used, unused)
    ]

    assert statuses == [200, 302]
    assert list(type(used).objects.all()) == [used]


def test_choices_of_a_place_say_what_it_is(manager_client):
    TerritoryFactory(name="Oyonnax")
    TerritoryFactory(local_unit=True, name="MDS d’Oyonnax")
    query = {"app_label": "actions", "model_name": "action", "field_name": "places", "term": "oyo"}

    answer = manager_client.get(reverse("admin:autocomplete"), query)

    assert [choice["text"] for choice in answer.json()["results"]] == ["MDS d’Oyonnax (MDS)", "Oyonnax (commune)"]


def test_manager_looks_up_a_person_for_a_team_but_not_the_accounts(manager_client, agent):
    query = {"app_label": "actions", "model_name": "teammember", "field_name": "user", "term": "agent"}

    answer = manager_client.get(reverse("admin:autocomplete"), query)

    assert [choice["text"] for choice in answer.json()["results"]] == ["agent@example.org"]
    assert manager_client.get(reverse("admin:accounts_user_changelist")).status_code == 403
