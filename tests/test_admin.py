"""Every page of the admin opens to whom it is for, and to nobody else; lists cost the same with one row and with three."""

import re
from collections.abc import Callable

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import transaction
from django.tasks import TaskResultStatus
from django.urls import reverse
from django.utils import timezone

from accounts.models import SignIn, User
from actions.models import Action, Audience, Domain, Framework, Lever, PrivacyFlag, Replacement, Session, Theme, Version
from catalogue.models import Entry, FruitlessSearch, Revision, Stale, Synonym, Withdrawn
from isic.models import FailedTask
from partners.models import Contact, Partner
from territories.models import Membership, Territory
from tests import factories
from tests.pages import first_headings

ROOMS = ["isic", "accounts", "territories", "partners", "actions", "catalogue"]
READ_ONLY = [Entry, Withdrawn, Stale, FruitlessSearch, Revision, FailedTask, PrivacyFlag, Replacement]
#: Models that have a page of their own instead. Sign-ins are never shown to anybody else: the key of one opens it.
ELSEWHERE = {Session, SignIn, Version}


def make_entry():
    return Entry.objects.create(
        action_id=Entry.objects.count() + 1, number=1, is_public=True, slug="a", title="A", summary="", text="", stems="",
        facets={}, facts={}, recent=1, sort_key="a",
    )  # fmt: skip


def make_failed_task():
    return FailedTask.objects.create(
        status=TaskResultStatus.FAILED, finished_at=timezone.now(), run_after=timezone.now(), exception_class_path="builtins.ValueError",
        task_path="isic.lib.mail.deliver", backend_name="default", args_kwargs={"args": [], "kwargs": {}},
    )  # fmt: skip


MAKERS: dict[type, Callable] = {
    User: factories.UserFactory,
    Territory: lambda: factories.TerritoryFactory(parent=factories.TerritoryFactory(epci=True)),
    Membership: factories.MembershipFactory,
    Partner: lambda: factories.PartnerFactory(territory=factories.TerritoryFactory()),
    Contact: lambda: factories.ContactFactory(named=True, unit=factories.TerritoryFactory(local_unit=True)),
    Action: lambda: factories.ActionFactory(published=True),
    Domain: factories.DomainFactory,
    Audience: factories.AudienceFactory,
    Framework: factories.FrameworkFactory,
    Theme: factories.ThemeFactory,
    Lever: factories.LeverFactory,
    Synonym: factories.SynonymFactory,
    FruitlessSearch: factories.FruitlessSearchFactory,
    Entry: make_entry,
    Withdrawn: lambda: Withdrawn.objects.create(action_id=Withdrawn.objects.count() + 1000, number=1),
    Stale: lambda: Stale.objects.create(action_id=1, error="Une erreur"),
    Revision: Revision.objects.create,
    FailedTask: make_failed_task,
    PrivacyFlag: factories.PrivacyFlagFactory,
    Replacement: factories.ReplacementFactory,
}


def url(model, page: str, *args) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def opened_by(model, role: str) -> bool:
    return role == "admin" or model._meta.app_label != "accounts"


def test_every_model_is_registered_or_a_row_of_one_that_is():
    ours = {model for room in ROOMS for model in apps.get_app_config(room).get_models()}
    registered = set(admin.site._registry)
    rows = {inline.model for model_admin in admin.site._registry.values() for inline in model_admin.inlines}

    assert ours - registered - rows == ELSEWHERE
    assert set(MAKERS) == registered & ours
    assert {model._meta.app_label for model in registered} == set(ROOMS)


@pytest.mark.parametrize("role", ["manager", "admin"])
@pytest.mark.parametrize("model", MAKERS)
def test_pages_open_according_to_the_role(model, role, request):
    client = request.getfixturevalue(f"{role}_client")
    instance = MAKERS[model]()
    opens = opened_by(model, role)

    pages = {page: client.get(url(model, page)) for page in ("changelist", "add")}
    pages["change"] = client.get(url(model, "change", instance.pk))
    # That of a sheet is on a page of its own.
    pages["history"] = client.get(url(model, "history", instance.pk), follow=True)

    expected = dict.fromkeys(pages, 200 if opens else 403)
    if model in READ_ONLY:
        expected["add"] = 403
    assert not any('type="number"' in page.text for page in pages.values())
    assert {page: response.status_code for page, response in pages.items()} == expected
    for response in pages.values():
        if response.status_code == 200:
            assert len(first_headings(response.text)) == 1


@pytest.mark.parametrize("model", MAKERS)
def test_contributors_cannot_enter(model, agent_client):
    for page in ("changelist", "add"):
        answer = agent_client.get(url(model, page))
        assert (answer.status_code, answer.url) == (302, f"/admin/login/?next={url(model, page)}")

    assert agent_client.get(answer.url).status_code == 403


def test_strangers_sign_in_on_the_page_of_the_house(client):
    answer = client.get("/admin/login/", {"next": "/admin/actions/action/"})

    assert (answer.status_code, answer.url) == (302, "/compte/login/?next=%2Fadmin%2Factions%2Faction%2F")
    assert client.get("/admin/").url == "/admin/login/?next=/admin/"


@pytest.mark.engine
@pytest.mark.parametrize("model", MAKERS)
def test_list_costs_the_same_with_one_row_and_with_three(model, admin_client, django_assert_max_num_queries):
    def queries() -> int:
        with django_assert_max_num_queries(30) as captured:
            assert admin_client.get(url(model, "changelist")).status_code == 200
        return len(captured)

    MAKERS[model]()
    queries()  # whatever is read once a process
    with_one = queries()
    MAKERS[model]()
    MAKERS[model]()

    assert queries() == with_one


@pytest.mark.engine
@pytest.mark.parametrize("model", [m for m in MAKERS if admin.site._registry[m].search_fields])
@pytest.mark.parametrize("term", ["%_'\"\\", "é" * 5000, "a " * 90, "‮😀", "'’"])
def test_hostile_search_finds_nothing_or_something_but_never_breaks(model, term, admin_client):
    MAKERS[model]()

    assert admin_client.get(url(model, "changelist"), {"q": term}).status_code in (200, 414)


@pytest.mark.engine
@pytest.mark.parametrize("term", ["\0", "a\0b"])
def test_nul_in_a_search_is_refused(term, admin_client):
    assert admin_client.get(url(Action, "changelist"), {"q": term}).status_code == 400


def test_read_only_rows_cannot_be_written_by_an_administrator(admin_client):
    entry = make_entry()

    assert admin_client.post(url(Entry, "change", entry.pk), {"title": "B"}).status_code == 403
    assert admin_client.post(url(Entry, "delete", entry.pk), {"post": "yes"}).status_code == 403
    assert Entry.objects.get().title == "A"


@pytest.mark.engine
def test_search_is_blind_to_accents(manager_client):
    factories.TerritoryFactory(name="Abergement")
    factories.TerritoryFactory(name="Échallon")

    page = manager_client.get(url(Territory, "changelist"), {"q": "echallon"})

    assert "Échallon" in page.text
    assert "Abergement" not in page.text


@pytest.mark.engine
def test_place_is_found_by_its_other_names(manager_client):
    factories.AliasFactory(territory=factories.TerritoryFactory(name="Oyonnax"), kind="postal_code", text="01100")

    for typed in ("01100", "oyonnax"):
        assert "Oyonnax" in manager_client.get(url(Territory, "changelist"), {"q": typed}).text


def test_dashboard_shows_what_waits(manager_client):
    factories.ActionFactory(title="À lire vite", editorial_state=Action.EditorialState.PROPOSED)
    factories.ActionFactory(title="Ébauche", editorial_state=Action.EditorialState.DRAFT)
    late = factories.ActionFactory(published=True, title="Oubliée", review_due_on="2020-01-01")
    factories.ActionFactory(published=True, title="Muette", contact=None)
    with transaction.atomic():
        late.contact.withdraw_consent()  # of nobody: a service stays shown

    panels = {p.title: p for p in manager_client.get("/admin/").context["panels"]}

    assert {
        title: [line.text for line in panel.lines] for title, panel in panels.items() if panel.total is not None
    } == {
        "À relire": ["À lire vite"],
        "À vérifier": ["Oubliée"],
        "Brouillons": ["Ébauche"],
        "Sans contact": ["Muette"],
        "Référent parti": [],
        "Textes à regarder": [],
        "Envois et tâches en échec": [],
        "Recherches sans résultat": [],
    }
    assert [line.detail for line in panels["Santé du catalogue"].lines[:1]] == ["2"]
    assert "À lire vite" in manager_client.get(panels.pop("À relire").url).text
    for panel in panels.values():
        if panel.url:
            listed = manager_client.get(panel.url).context["cl"].result_list
            assert [sheet.title for sheet in listed] == [line.text for line in panel.lines]


def test_dashboard_costs_the_same_with_one_sheet_and_with_three(manager_client, django_assert_num_queries):
    factories.ActionFactory(published=True)
    manager_client.get("/admin/")
    with django_assert_num_queries(15):
        manager_client.get("/admin/")
    factories.ActionFactory(published=True)
    factories.ActionFactory(editorial_state=Action.EditorialState.PROPOSED)

    with django_assert_num_queries(15):
        manager_client.get("/admin/")


@pytest.mark.engine
@pytest.mark.parametrize(
    "query",
    [
        "p=-1",
        f"p={10**30}",
        "p=abc",
        "o=99.-99.x",
        "e=1",
        "all=1",
        "life_state__exact=inconnu",
        "domain__id__exact=abc",
        f"domain__id__exact={'9' * 40}",
        f"carrier_unit__id__exact={'9' * 5000}",
        "updated_at__year=99999",
        f"updated_at__year={'9' * 30}",
        "updated_at__year=2026&updated_at__month=13",
        "updated_at__year=2026&updated_at__month=2&updated_at__day=31",
        "suivre=autre",
        "created_by__password__startswith=a",
        "title__regex=(",
        "life_state__regex=(",
        "rhythm_ordinals__contains=x",
    ],
)
def test_hostile_filter_gets_a_page_or_a_refusal(query, manager_client):
    factories.ActionFactory()

    assert manager_client.get(f"/admin/actions/action/?{query}", follow=True).status_code in (200, 400, 404, 414)


@pytest.mark.parametrize("model", ["actions_action", "partners_contact", "territories_membership"])
def test_address_fills_no_form(model, manager_client):
    """A key that is none broke the page of adding."""
    typed = dict.fromkeys(["carrier_unit", "places", "unit", "user", "territory", "title", "label"], "1'")

    response = manager_client.get(reverse(f"admin:{model}_add", query=typed))

    assert response.status_code == 200
    assert "1&#x27;" not in response.text


@pytest.mark.engine
@pytest.mark.parametrize("pk", ["abc", "0", "9" * 40, "1_00", "é"])
def test_unknown_record_leads_back_to_the_dashboard(pk, manager_client):
    page = manager_client.get(f"/admin/actions/action/{pk}/change/", follow=True)

    assert (page.status_code, page.redirect_chain) == (200, [("/admin/", 302)])


@pytest.mark.engine
@pytest.mark.parametrize(
    ("lists", "model", "factory"),
    [
        ("domain", Domain, lambda value: factories.ActionFactory(domain=value)),
        *(
            (name, model, lambda value, name=name: factories.ActionFactory(**{name: [value]}))
            for name, model in [
                ("audiences", Audience),
                ("themes", Theme),
                ("frameworks", Framework),
                ("levers", Lever),
            ]
        ),
    ],
)
def test_count_of_a_value_leads_to_its_sheets(lists, model, factory, manager_client):
    value = MAKERS[model]()
    sheet = factory(value)
    factories.ActionFactory()
    link = admin.site._registry[model].sheets_link(admin.site._registry[model].get_queryset(None).get(pk=value.pk))

    listed = manager_client.get(re.search('href="(.*?)"', link).group(1)).context["cl"].result_list

    assert (list(listed), link[-6:]) == ([sheet], ">1</a>")


def test_count_of_contacts_leads_to_them(manager_client):
    contact = factories.ContactFactory(partner=factories.PartnerFactory())
    factories.ContactFactory()
    page = manager_client.get(url(Partner, "changelist")).text

    listed = manager_client.get(re.search('href="([^"]*partner__id[^"]*)"', page).group(1)).context["cl"].result_list

    assert list(listed) == [contact]


def test_sign_in_page_leads_whoever_is_signed_in_to_the_dashboard(manager_client):
    assert manager_client.get("/admin/login/").url == "/admin/"


def test_sheet_whose_address_was_emptied_is_asked_again(manager_client):
    sheet = factories.ActionFactory()

    response = manager_client.post(url(Action, "change", sheet.pk), {"slug": ""})

    assert response.status_code == 200
    assert "/admin/r/" in response.text


# --- Deleting and replacing -----------------------------------------------------------------------------------------
def used_by_a_sheet() -> dict[type, Callable]:
    """Model → makes a record that a sheet uses."""
    action = factories.ActionFactory
    return {
        Territory: lambda: action(published=True, places=[factories.TerritoryFactory(name="Lancrans")]).places.get(),
        Partner: lambda: factories.PartnershipFactory().partner,
        Contact: lambda: action(contact=factories.ContactFactory()).contact,
        Domain: lambda: action().domain,
        Audience: lambda: action(audiences=[factories.AudienceFactory()]).audiences.get(),
        Framework: lambda: action(frameworks=[factories.FrameworkFactory()]).frameworks.get(),
        Theme: lambda: action(themes=[factories.ThemeFactory()]).themes.get(),
        Lever: lambda: action(levers=[factories.LeverFactory()]).levers.get(),
    }


def delete_page(client, row):
    return client.get(url(type(row), "delete", row.pk))


DELETABLE = [model for model in MAKERS if model not in READ_ONLY and model is not User]


@pytest.mark.parametrize("model", DELETABLE)
def test_deletion_says_in_words_what_it_does(model, admin_client):
    row = factories.ActionFactory() if model is Action else MAKERS[model]()  # a published sheet is archived first

    page = delete_page(admin_client, row)

    assert page.status_code == 200
    assert str(row) in page.text
    assert " object (" not in page.text
    assert "_" not in "".join(map(str, page.context["deleted_objects"]))


def test_every_model_that_may_be_deleted_says_what_it_does(admin_client, rf):
    request = rf.get("/admin/")
    request.user = User(role=User.Role.ADMINISTRATOR, is_active=True)
    ours = [model for model in admin.site._registry if model in MAKERS]

    assert {m for m in ours if admin.site._registry[m].has_delete_permission(request)} == set(DELETABLE)


@pytest.mark.parametrize("model", used_by_a_sheet())
def test_what_a_sheet_uses_is_not_deleted_and_the_page_offers_to_replace_it(model, manager_client):
    row = used_by_a_sheet()[model]()

    page = delete_page(manager_client, row)
    manager_client.post(url(model, "delete", row.pk), {"post": "yes"})

    assert "qui reste donc" in page.text
    assert " object (" not in page.text
    assert f'href="{url(model, "replace", row.pk)}"' in page.text
    assert model.objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize("model", used_by_a_sheet())
def test_what_a_sheet_uses_is_replaced_after_a_page_that_says_what_changes(model, manager_client):
    row, other = used_by_a_sheet()[model](), MAKERS[model]()
    typed = str(other) if model in (Territory, Partner) else other.pk

    asked = manager_client.post(url(model, "replace", row.pk), {"replacement": typed})
    still_there = model.objects.filter(pk=row.pk).exists()
    done = manager_client.post(url(model, "replace", row.pk), {"replacement": typed, "confirm": "oui"})

    assert "sera remplacé par" in asked.text
    assert f"1\u00a0{'partenariat' if model is Partner else 'action collective'}" in asked.text
    assert still_there
    assert done.url == url(model, "changelist")
    assert not model.objects.filter(pk=row.pk).exists()
    assert Replacement.objects.get().successor_key == other.pk


def test_replacement_is_asked_again_when_it_is_not_understood(manager_client):
    row = factories.TerritoryFactory(name="Lancrans")
    factories.TerritoryFactory(name="Valserhône", code="01033")

    page = manager_client.post(url(Territory, "replace", row.pk), {"replacement": "valseronne", "confirm": "oui"})

    assert "Vouliez-vous dire\u00a0: Valserhône" in page.text
    assert Territory.objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize("role", ["agent", "stranger"])
def test_only_who_may_delete_may_replace(role, request, db):
    row = factories.DomainFactory()

    answer = request.getfixturevalue(f"{role}_client").post(url(Domain, "replace", row.pk), {"confirm": "oui"})

    assert answer.status_code in (302, 403)


def test_several_rows_are_deleted_together_or_not_at_all(manager_client):
    used = used_by_a_sheet()[Territory]()
    free = factories.TerritoryFactory(name="Libre")
    fields = {"action": "delete_selected", "_selected_action": [used.pk, free.pk], "post": "yes"}

    page = manager_client.post(url(Territory, "changelist"), fields)

    assert "qui reste donc" in page.text
    assert " object (" not in page.text
    assert Territory.objects.filter(pk__in=[used.pk, free.pk]).count() == 2
