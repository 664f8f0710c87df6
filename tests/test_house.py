"""The house rules that nobody should have to remember. Each guard proves that it looked at something."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.forms import NumberInput as NumberWidget
from django.urls import get_resolver

from catalogue.models import Entry, Revision, Stale, Withdrawn
from isic.lib.forms import FrontForm
from isic.lib.numbers import NumberInput
from tests import factories, locks
from tests.factories import ActionFactory, PartnershipFactory, TerritoryFactory
from tests.pages import assert_valid_html, first_headings

ROOT = Path(__file__).parent.parent
#: From the ground up.
ROOMS = [app for app in settings.INSTALLED_APPS if (ROOT / app).is_dir()]
MODELS = [model for room in ROOMS for model in apps.get_app_config(room).get_models()]

#: Every view that a person without an account may open → an address of it, and whether it is a page of the house.
PUBLIC = {
    "": ("/", True),
    "actions/": ("/actions/", True),
    "actions/<slug:slug>/": ("/actions/cuisine/", True),
    "groupes/": ("/groupes/", True),
    "groupes/communes/": ("/groupes/communes/?q=oyon", False),
    "territoires/": ("/territoires/", True),
    "territoires/<slug:slug>/": ("/territoires/bage/", True),
    "partenaires/<slug:slug>/": ("/partenaires/caf/", True),
    "mentions-legales/": ("/mentions-legales/", True),
    "donnees-personnelles/": ("/donnees-personnelles/", True),
    "accessibilite/": ("/accessibilite/", True),
    "contact/": ("/contact/", True),
    "plan-du-site/": ("/plan-du-site/", True),
    "compte/login/": ("/compte/login/", True),
    "compte/logout/": ("/compte/logout/", False),
    "compte/inactive/": ("/compte/inactive/", True),
    "compte/signup/": ("/compte/signup/", True),
    "compte/^invitation/(?P<uidb36>[0-9A-Za-z]+)-(?P<token>.+)/$": ("/compte/invitation/1-a/", False),
    "compte/2fa/authenticate/": ("/compte/2fa/authenticate/", False),
    "compte/password/reset/": ("/compte/password/reset/", True),
    "compte/password/reset/done/": ("/compte/password/reset/done/", True),
    "compte/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": ("/compte/password/reset/key/1-a/", True),
    "compte/password/reset/key/done/": ("/compte/password/reset/key/done/", True),
    "verifier/<str:token>/": ("/verifier/faux/", False),
    "verifier/accueil/<str:token>/": ("/verifier/accueil/faux/", False),
    "contacts/retrait/<str:token>/": ("/contacts/retrait/faux/", False),
    "admin/login/": ("/admin/login/", False),
    ".well-known/security.txt": ("/.well-known/security.txt", False),
    "media/<path:path>": ("/media/photo.jpg", False),
    "isic/calendrier/<slug:token>.ics": ("/isic/calendrier/1-a.ics", False),
    "isic/invite/<str:token>/": ("/isic/invite/a/", False),
    "isic/invite/<str:token>/ordre-du-jour.pdf": ("/isic/invite/a/ordre-du-jour.pdf", False),
    "isic/invite/<str:token>/compte-rendu.pdf": ("/isic/invite/a/compte-rendu.pdf", False),
    "favicon.ico": ("/favicon.ico", False),
    "theme.css": ("/theme.css", False),
    "robots.txt": ("/robots.txt", False),
    "sante/": ("/sante/", False),
    "sitemap.xml": ("/sitemap.xml", False),
    "sitemap-<int:page>.xml": ("/sitemap-1.xml", False),
}
#: A write in bulk sends no signal, so nothing would tell the catalogue: below it, each one says why it may.
BULK_WRITES = {
    ("meetings/retention.py", "forget"): "the people of a meeting are on no page of the catalogue",
    ("isic/lib/versions.py", "take_version"): "the save that follows in the same transaction sends the signal",
}


def _project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


def python_files() -> Iterator[Path]:
    for folder in ("isic", *ROOMS, "tests"):
        yield from (ROOT / folder).rglob("*.py")


# --- Order --------------------------------------------------------------------------------------------------------
def test_each_room_imports_only_those_below_it():
    report = subprocess.run([Path(sys.executable).with_name("lint-imports")], cwd=ROOT, capture_output=True, text=True)

    assert "1 kept, 0 broken" in report.stdout, report.stdout + report.stderr
    contract = _project()["tool"]["importlinter"]["contracts"][0]
    assert contract["layers"] == [*reversed(ROOMS), "isic.lib"]
    assert len(ROOMS) > 5


def test_each_room_points_only_to_those_below_it():
    relations = [
        (model, f) for model in MODELS for f in (*model._meta.fields, *model._meta.many_to_many) if f.is_relation
    ]

    upward = [
        f"{model.__name__}.{field.name}"
        for model, field in relations
        if ROOMS.index(field.related_model._meta.app_label) > ROOMS.index(model._meta.app_label)
    ]

    assert upward == []
    assert len(relations) > 30


def test_no_room_is_a_junk_drawer():
    names = {part for path in python_files() for part in (*path.relative_to(ROOT).parent.parts, path.stem)}

    assert names & {"common", "core", "utils", "helpers", "misc"} == set()
    assert {"catalogue", "lib", "factories"} <= names


# --- Models -------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_no_migration_is_pending():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_order_of_a_model_is_total(model):
    last = model._meta.ordering[-1].removeprefix("-")

    assert last == "pk" or model._meta.get_field(last).unique


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_names_are_lower_case(model):
    names = [model._meta.verbose_name, model._meta.verbose_name_plural]
    names += [field.verbose_name for field in (*model._meta.fields, *model._meta.many_to_many)]

    assert [name for name in names if name[0].isupper() and not name.split()[0].isupper()] == []


def test_every_model_has_a_factory():
    with_factory = {factory._meta.model for factory in factories.HouseFactory.__subclasses__()}

    # These four are written by the catalogue itself, from the sheets.
    assert set(MODELS) - with_factory == {Entry, Revision, Stale, Withdrawn}


def all_forms(base: type) -> set[type]:
    return {base, *(deeper for form in base.__subclasses__() for deeper in all_forms(form))}


def test_numbers_are_typed_in_texts():
    """A number input reads by the language of the browser, and sends nothing of what it does not understand."""
    get_resolver().url_patterns  # noqa: B018 - loads every form
    forms = [form for form in all_forms(FrontForm) if hasattr(form, "base_fields")]
    fields = {field.label: field for form in forms for field in form.base_fields.values()}
    templates = [path for path in (ROOT / "templates").rglob("*.html") if 'type="number"' in path.read_text()]

    assert {label for label, field in fields.items() if type(field.widget) is NumberInput} >= {
        "Heures",
        "Combien de séances en tout\u00a0?",
    }
    assert [label for label, field in fields.items() if isinstance(field.widget, NumberWidget)] == []
    assert templates == []


@pytest.mark.django_db
@pytest.mark.parametrize("factory", factories.HouseFactory.__subclasses__(), ids=lambda factory: factory.__name__)
def test_factory_makes_what_a_form_would_accept(factory):
    factory().full_clean()


def test_no_request_is_a_transaction():
    """With IMMEDIATE transactions every page would take SQLite's only write lock."""
    assert [connection.settings_dict["ATOMIC_REQUESTS"] for connection in connections.all()] == [False]


def test_nothing_below_the_catalogue_writes_in_bulk():
    files = [path for path in python_files() if path.relative_to(ROOT).parts[0] not in ("catalogue", "tests")]
    bulk_calls = {
        (str(path.relative_to(ROOT)), function.name)
        for path in files
        for function in ast.walk(ast.parse(path.read_text()))
        if isinstance(function, ast.FunctionDef)
        for call in ast.walk(function)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and _is_bulk(call)
    }

    assert bulk_calls == BULK_WRITES.keys()
    assert len(files) > 40


def _is_bulk(call: ast.Call) -> bool:
    """`update` with keywords is a queryset's: that of a dict is given a dict."""
    return call.func.attr.startswith("bulk_") or (call.func.attr == "update" and bool(call.keywords))


# --- Pages --------------------------------------------------------------------------------------------------------
def views(resolver, prefix: str = "") -> Iterator[tuple]:
    for pattern in resolver.url_patterns:
        path = prefix + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from views(pattern, path)
        else:
            yield path, pattern.callback


def test_a_view_needs_an_account_unless_listed_here():
    seen = dict(views(get_resolver()))

    assert {path for path, view in seen.items() if not getattr(view, "login_required", True)} == PUBLIC.keys()
    assert len(seen) > 100


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("path", [path for path, is_page in PUBLIC.values() if is_page])
def test_public_page_is_valid_and_has_one_first_heading(client, path):
    bage = TerritoryFactory(name="Bâgé")
    cuisine = ActionFactory(title="Cuisine", published=True, places=[bage], domain__name="Alimentation")
    PartnershipFactory(action=cuisine, partner__name="Caf")

    response = client.get(path, follow=True)

    assert response.status_code == 200
    assert len(first_headings(response.text)) == 1
    assert_valid_html(response.text)


def test_templates_carry_no_address_of_elsewhere():
    """Nothing is fetched from another host: no script, style, font or image."""
    templates = list((ROOT / "templates").rglob("*.html"))
    outside = re.compile(r"""(?:src|srcset|<link[^>]+href)=["'](?:https?:)?//""")

    assert [path.name for path in templates if outside.search(path.read_text())] == []
    assert len(templates) > 15


def test_every_template_is_used():
    """Named in code or in a template; or of a library, which finds ours in the place of its own."""
    folder = ROOT / "templates"
    code = "".join(path.read_text() for path in (*python_files(), *folder.rglob("*.html")))
    pages = {f"pages/{name}.html" for name in re.findall(r'\{"name": "(\w+)"\}', code)}
    theirs = [Path(app.path) / "templates" for app in apps.get_app_configs()]
    # The template pack: crispy makes the names from that of the pack.
    by_widgets = {f"isic/{name}.html" for name in ("uni_form", "whole_uni_form", "field", "errors")} | pages
    by_widgets |= {f"mail/{name}.txt" for name in re.findall(r'"(\w+)"', code)}
    templates = {str(path.relative_to(folder)) for path in folder.rglob("*.*")}

    def is_theirs(name: str) -> bool:
        """Of that name, or one that the admin looks for by model first."""
        return any((place / n).exists() for place in theirs for n in (name, f"admin/{Path(name).name}"))

    unused = [name for name in templates - by_widgets if name not in code and not is_theirs(name)]

    assert unused == []
    assert len(pages) > 4
    assert len(templates) > 40


# --- Tests --------------------------------------------------------------------------------------------------------
def test_no_test_asserts_how_long_something_takes():
    """A slow day of a machine is no fault of ours: count queries, connections, sizes."""
    clock = re.compile(r"assert \(?time\.(?:monotonic|perf_counter|time)\(\) - ")
    tests = [path for path in (ROOT / "tests").rglob("*.py") if path != Path(__file__)]

    assert [path.name for path in tests if clock.search(path.read_text())] == []
    assert clock.search("    assert time.monotonic() - began < 2")
    assert len(tests) > 100


# --- Papers -------------------------------------------------------------------------------------------------------
def test_locks_answer_to_the_project():
    assert locks.faults() == []
    assert len(locks.asked()["requirements.lock"]) > 10
    assert all(locks.asked().values())


def test_commands_of_the_readme_exist():
    readme = (ROOT / "README.md").read_text()
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    known_targets = set(re.findall(r"(?:^|`)(?:\w+=\S+ )?make ([\w-]+)", readme, re.MULTILINE))
    managed = set(re.findall(r"manage\.py (\w+)", readme))
    commands = {path.stem for room in ("isic", *ROOMS) for path in (ROOT / room).glob("management/commands/*.py")}

    assert known_targets >= {"run", "test", "test-all", "check", "fix", "bench"}
    assert known_targets <= targets
    assert managed >= {"start_department", "load_examples", "remove_examples", "rebuild_search"}
    assert managed <= commands | {"migrate", "collectstatic", "createsuperuser"}


def test_rooms_are_on_the_map_in_their_order():
    readme, contributing = ((ROOT / name).read_text() for name in ("README.md", "CONTRIBUTING.md"))

    mapped = [name for name in re.findall(r"^\| `(\w+)/` \|", readme, re.MULTILINE) if name in apps.app_configs]

    assert mapped == ["isic", *ROOMS]
    assert " → ".join(f"`{room}/`" for room in ROOMS) in contributing


def test_contributing_names_what_exists():
    contributing = (ROOT / "CONTRIBUTING.md").read_text()
    commands = contributing.partition("```sh")[2].partition("```")[0]
    quoted = re.findall(r"`([^`\s]+)`", contributing.replace(commands, ""))
    paths = {name for name in quoted if re.fullmatch(r"\w.*/.*|[\w.]+\.(md|toml)|\.\w+/\w+", name)}
    paths |= set(re.findall(r"(?<= )tests/\w+", commands)) | set(re.findall(r"\]\(([\w/.-]+)", contributing))
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    marks = [mark.partition(":")[0] for mark in _project()["tool"]["pytest"]["ini_options"]["markers"]]
    field = contributing.partition("## A field")[2].partition("\n4.")[0]

    assert [path for path in paths if not (ROOT / path).exists()] == []
    assert len(paths) > 40
    assert {"test", "test-all", "check"} <= set(re.findall(r"`make ([\w-]+)`", contributing)) <= targets
    assert {"engine", "matrix"} <= set(marks) & set(quoted)
    assert [
        path for path in re.findall(r"`(\w+/[\w/]+\.py)`", field) if "watchpoints" not in (ROOT / path).read_text()
    ] == []


def test_settings_of_the_readme_are_those_of_the_house():
    rows = [line.split("|")[1] for line in (ROOT / "README.md").read_text().splitlines() if line.startswith("| `")]
    named = {name for row in rows for name in re.findall(r"`([A-Z_]+)`", row)}
    read = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', (ROOT / "isic/settings.py").read_text()))

    assert named >= read
    assert len(read) > 10


def test_glossary_names_every_model():
    glossary = (ROOT / "docs/glossary.md").read_text()

    assert [model.__name__ for model in MODELS if f"`{model.__name__}`" not in glossary] == []


# --- Scripts ------------------------------------------------------------------------------------------------------
#: What iOS 15.0 and Chrome 102 lack: a page that calls one of these stops there.
TOO_NEW = (
    r"AbortSignal\.(timeout|any)|\.at\(|\.requestSubmit\(|\.findLast|structuredClone|Object\.(hasOwn|groupBy)"
    r"|\.to(Sorted|Reversed|Spliced)\(|\(\?<[=!]|static \{|Promise\.withResolvers"
)


def test_scripts_call_nothing_that_old_phones_lack():
    scripts = {path.name: re.sub(r"//.*", "", path.read_text()) for path in (ROOT / "static/js").glob("*.js")}

    assert {name: match[0] for name, text in scripts.items() if (match := re.search(TOO_NEW, text))} == {}
    assert {"autosave.js", "rows.js"} < scripts.keys()
