"""Starting a département, loading the examples and taking them away: exactly that, twice as well as once."""

import json
import re
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from accounts.models import User
from actions.models import Action, Domain, Goal, Lever, Media, Session, Theme
from catalogue.installing.sheets import LoadError, SheetLoader, data_folder, read_sheets, rhythm_day
from catalogue.models import Synonym
from partners.models import Contact, Partner
from territories.models import Membership, Territory
from tests.factories import ActionFactory, ContactFactory, MembershipFactory, UserFactory

pytestmark = pytest.mark.engine

MODELS = (User, Membership, Territory, Partner, Contact, Action, Goal, Session, Media, Domain, Theme, Synonym)
DISTRIBUTION = {
    "enfance-pmi-parentalite": 33,
    "prevention-education-sexualite-groupe-de-parole": 14,
    "alimentation-gestion-budget": 8,
    "loisirs-culture": 8,
    "lien-social-echange-de-savoirs": 7,
    "animation-de-reseaux-professionnels-et-soutien": 7,
    "maitrise-de-la-langue-du-numerique": 3,
    "aide-aux-aidants": 3,
    "insertion": 1,
}
REAL_SHEETS = {"sus-au-tabou", "balades-en-scene", "cuisine-partagee-chalamont"}


def dump():
    """Every row of every model that the commands write, and the links of the lists, but for the marks."""
    rows = {model.__name__: sorted(model.objects.values_list(), key=str) for model in MODELS}
    for field in (*Action._meta.many_to_many, Territory._meta.get_field("serves")):
        rows[field.name] = set(field.remote_field.through.objects.values_list())
    return rows


# --- start_department ---------------------------------------------------------------------------------------------
def test_start_department_makes_a_clean_installation(ain):
    assert list(Domain.objects.values_list("slug", flat=True)) == list(DISTRIBUTION)
    assert list(Domain.objects.values_list("hue", flat=True)) == list(range(1, 10))
    assert list(Theme.objects.values_list("number", flat=True)) == [1, 3, 4, 5, 6, 17, 18, 19, 21, 23]
    assert Lever.objects.exclude(advice="").count() == 6
    assert Synonym.objects.count() >= 40
    home = Territory.objects.home().get()
    assert (home.name, home.code, home.children.filter(kind="epci").count()) == ("Ain", "01", 17)
    assert Action.objects.elsewhere().published().count() == Action.objects.count() == 13
    assert [User.objects.count(), Territory.objects.local_units().count()] == [0, 0]
    assert not Action.objects.filter(is_example=True).exists()


def test_start_department_loads_every_commune_with_its_facts(ain):
    communes = Territory.objects.filter(kind="commune", parent__kind="epci", outline__isnull=False, population__gt=0)

    assert communes.count() == 391
    oyonnax = Territory.objects.get(kind="commune", code="01283")
    assert oyonnax.name == "Oyonnax"
    assert oyonnax.parent.code == "200042935"
    assert (round(oyonnax.latitude, 1), round(oyonnax.longitude, 1)) == (46.3, 5.7)
    assert not Territory.objects.filter(name__contains="'").exists()


def test_start_department_of_another_hour_says_which_setting_it_needs(db, settings, tmp_path):
    with pytest.raises(CommandError, match="donnez DEPARTMENT_CODE=974 à cette commande et au serveur"):
        call_command("start_department", "974", verbosity=0)

    settings.DEPARTMENT_CODE = "974"
    with pytest.raises(CommandError, match="Les communes du département «\u00a0974\u00a0» manquent"):
        call_command("start_department", "974", verbosity=0)


def test_start_department_run_again_changes_nothing_that_the_service_edited(ain):
    sheet = Action.objects.earliest("slug")
    with transaction.atomic():
        Domain.objects.filter(slug="insertion").update(name="Emploi et insertion", slug="emploi", position=1)
        Synonym.objects.filter(words__startswith="seniors").update(words="seniors, personnes âgées")
        Action.objects.filter(pk=sheet.pk).update(title="Un titre revu", editorial_state="archived")
        Territory.objects.filter(code="01283").update(name="Oyonnax-la-Belle")
    Domain.objects.filter(slug="emploi").update(slug="insertion")
    before = dump()

    call_command("start_department", "01", verbosity=0)

    assert dump() == before


def test_start_department_refuses_another_departement(ain):
    with pytest.raises(CommandError, match="déjà celle du département «\u00a0Ain\u00a0» \\(01\\)"):
        call_command("start_department", "38")


def feature(**changes):
    facts = {
        "code": "38001",
        "nom": "Les Abrets",
        "epci_code": "200",
        "epci_nom": "CC",
        "population": 10,
        "mairie": [5.5, 45.5],
    }
    square = {"type": "Polygon", "coordinates": [[[5, 45], [6, 45], [6, 46], [5, 45]]]}
    return {"type": "Feature", "properties": facts | changes, "geometry": changes.get("geometry", square)}


def test_start_department_takes_the_communes_of_a_file(db, tmp_path):
    path = tmp_path / "isere.geojson"
    path.write_text(json.dumps({"features": [feature(), feature(code="38002", nom="L'Île", epci_code="")]}))

    call_command("start_department", "38", "--communes", str(path), verbosity=0)

    home = Territory.objects.home().get()
    assert (home.name, home.population) == ("Isère", 20)
    communes = Territory.objects.filter(kind="commune", code__startswith="38").values_list("name", "parent__name")
    assert dict(communes) == {"Les Abrets": "CC", "L’Île": "Isère"}


@pytest.mark.parametrize(
    "content",
    [
        "pas du JSON",
        "[]",
        '{"features": []}',
        '{"features": [{}]}',
        "[" * 100_000,
        json.dumps({"features": [feature(), feature()]}),
        json.dumps({"features": [feature(code="01001")]}),
        json.dumps({"features": [feature(mairie=["x", 1])]}),
        json.dumps({"features": [feature(mairie=[500, 1])]}),
        json.dumps({"features": [feature(population=-1)]}),
        json.dumps({"features": [feature(nom=" ")]}),
        json.dumps({"features": [feature(geometry={"type": "Point", "coordinates": [1, 2]})]}),
    ],
)
def test_start_department_refuses_a_wrong_file_in_one_sentence(db, tmp_path, content):
    path = tmp_path / "communes.geojson"
    path.write_text(content)

    with pytest.raises(CommandError) as error:
        call_command("start_department", "38", "--communes", str(path))

    assert re.match(r"Le fichier communes\.geojson (n’est pas|est vide)", str(error.value))
    assert not Territory.objects.exists()


def test_start_department_says_what_is_missing(db):
    with pytest.raises(CommandError, match="donnez leur fichier GeoJSON avec --communes"):
        call_command("start_department", "38")
    with pytest.raises(CommandError, match="Les exemples se placent dans les communes de l’Ain"):
        call_command("load_examples")


# --- load_examples ------------------------------------------------------------------------------------------------
def test_examples_have_the_true_distribution(examples):
    ours = Action.objects.ours().published()
    counted = ours.values_list("domain__slug").annotate(Count("pk")).order_by("domain__position")

    assert dict(counted) == DISTRIBUTION
    assert ours.count() == 84
    assert set(ours.filter(is_example=False).values_list("slug", flat=True)) == REAL_SHEETS


def test_example_units_serve_every_commune_once(examples):
    units = Territory.objects.local_units()

    assert units.filter(is_example=True, contacts__isnull=False).count() == units.count() == 8
    assert Territory.objects.filter(kind="commune").annotate(n=Count("served_by")).filter(n=1).count() == 391


def test_examples_are_spread_over_the_year_and_welcome_people(examples):
    dates = set(Action.objects.ours().values_list("updated_at", flat=True))

    assert len(dates) == 84
    assert timezone.now() - timedelta(days=366) < min(dates) < timezone.now() - timedelta(days=300)
    assert Action.objects.welcoming().ours().count() >= 28
    assert Action.objects.ours().values("life_state").distinct().count() == 6
    assert not Session.objects.filter(date__lt=timezone.localdate()).exists()


def test_examples_loaded_again_change_nothing(examples):
    Action.objects.filter(slug="tricot-the").update(title="Tricot et café")
    before = dump()

    call_command("load_examples", verbosity=0)

    assert dump() == before


def test_examples_loaded_again_after_the_desks_change_nothing(demonstration):
    before = dump()

    call_command("load_examples", with_accounts=True, verbosity=0)

    assert {name: rows for name, rows in dump().items() if name != "User"} == {
        name: rows for name, rows in before.items() if name != "User"
    }


def test_every_part_of_a_sheet_is_loaded(examples):
    sheet = Action.objects.for_sheet().get(slug="cap-sur-moi")

    assert [goal.text for goal in sheet.goals.all() if goal.parent_id is None] == [
        "Redonner de l’élan",
        "Lever ensemble les freins du quotidien",
    ]
    assert Goal.objects.get(text="Retrouver des horaires").parent.text == "Redonner de l’élan"
    assert [member.get_role_display() for member in sheet.team_members.all()] == [
        "référent",
        "co-animateur",
        "présentateur",
    ]
    assert [p.partner.slug for p in sheet.partnerships.all()][:2] == ["mission-locale-exemple", "france-travail"]
    assert [str(line.planned) for line in sheet.budget_lines.all()] == ["21000.00", "2600.00"]
    assert [c.result for c in sheet.criteria.all()] == ["84\u00a0%", "66\u00a0%"]
    assert [len(rows.all()) for rows in (sheet.staff_times, sheet.quotes, sheet.sessions)] == [3, 1, 2]
    assert [unit.slug for unit in sheet.other_units.all()] == ["mds-exemple-plaine-de-l-ain"]
    assert sheet.rhythm == "tous les lundis, de 9\u00a0h à 12\u00a0h"
    assert sheet.contact.email == "mds.haut-bugey@example.org"
    assert {session.date.weekday() for session in sheet.sessions.all()} == {0}


def test_loaded_texts_name_no_mailbox_nor_phone_outside_the_reserved_ones(db):
    files = [path for app in ("actions", "territories") for path in data_folder(app).rglob("*.toml")]
    text = "\n".join(path.read_text() for path in files)

    assert len(files) > 20
    addresses = re.findall(r"[\w.+-]+@([\w.-]+)", text)
    phones = re.findall(r"\b0\d(?:[ .]?\d{2}){4}\b", text)
    assert set(addresses) == {"example.org"}
    assert {phone[:8] for phone in phones} == {"01 99 00"}
    assert not any(
        mark in path.read_text() for path in files if "elsewhere" in path.parts for mark in ("@", "01 99 00")
    )


def test_no_two_sheets_share_a_text(db):
    for folder in ("examples", "elsewhere"):
        sheets, _partners = read_sheets(data_folder("actions") / folder)
        for key in ("slug", "title", "summary", "context", "description"):
            values = [sheet[key] for sheet in sheets if key in sheet]
            assert len(values) == len(set(values)) > 0


def test_a_wrong_sheet_is_refused_in_one_sentence(examples):
    sheets, partners = read_sheets(data_folder("actions") / "examples")
    right = next(sheet for sheet in sheets if sheet["slug"] == "tricot-the") | {"slug": "tricot-bis"}
    wrong = [
        ({"colour": "red"}, "a des champs inconnus\u00a0: colour"),
        ({"domain": "magie"}, "n’a pas de valeur «\u00a0magie\u00a0»"),
        ({"places": ["99999"]}, "La commune «\u00a099999\u00a0» n’existe pas"),
        ({"carrier_unit": "mds-inconnue"}, "L’unité locale «\u00a0mds-inconnue\u00a0» n’existe pas"),
        ({"partners": [{"slug": "nobody", "role": "host"}]}, "Le partenaire «\u00a0nobody\u00a0» n’est pas défini"),
        ({"contract_months": 19}, "actions_action_contract_months"),
        ({"audiences": []}, "Il manque le public visé"),
        ({"action_type": "magie"}, "n’est pas un choix valide"),
        ({"sessions": [{"starts_at": "14:00"}]}, "ne se lit pas"),
    ]
    before = dump()

    for change, sentence in wrong:
        with pytest.raises(LoadError) as error, transaction.atomic():
            SheetLoader(partners).load(right | change, at=timezone.now())
        assert sentence in str(error.value)

    assert dump() == before


@pytest.mark.parametrize(("weekday", "ordinals"), [(None, []), (3, []), (1, [1, 3]), (5, [-1])])
def test_sessions_fall_on_the_days_of_the_rhythm(weekday, ordinals):
    action = Action(rhythm_weekday=weekday, rhythm_ordinals=ordinals)
    today = timezone.localdate()

    day = rhythm_day(action, at_least_in=5)

    assert day >= today + timedelta(days=5)
    assert weekday is None or day.weekday() == weekday
    if ordinals == [1, 3]:
        assert (day.day - 1) // 7 + 1 in ordinals
    if ordinals == [-1]:
        assert (day + timedelta(days=7)).month != day.month


# --- Demo accounts ------------------------------------------------------------------------------------------------
def test_accounts_come_only_when_asked_for(examples, capsys, monkeypatch):
    assert not User.objects.exists()
    monkeypatch.delenv("DEMO_PASSWORD", raising=False)

    call_command("load_examples", with_accounts=True)

    printed = capsys.readouterr().out
    password = re.search(r"agent@example.org +(\S+)", printed)[1]
    assert dict(User.objects.values_list("email", "role")) == {
        "admin@example.org": "administrator",
        "agent2@example.org": "contributor",
        "agent@example.org": "contributor",
        "responsable@example.org": "manager",
    }
    assert all(user.check_password(password) for user in User.objects.all())
    assert dict(Membership.objects.values_list("user__email", "territory__slug")) == {
        "agent@example.org": "mds-exemple-haut-bugey",
        "agent2@example.org": "mds-exemple-dombes",
    }


def test_accounts_keep_their_password_unless_one_is_given(examples, capsys, monkeypatch):
    monkeypatch.setenv("DEMO_PASSWORD", "un premier secret")
    call_command("load_examples", with_accounts=True)
    monkeypatch.delenv("DEMO_PASSWORD")

    call_command("load_examples", with_accounts=True)
    assert "agent@example.org  (mot de passe inchangé)" in capsys.readouterr().out
    assert User.objects.get(email="agent@example.org").check_password("un premier secret")

    monkeypatch.setenv("DEMO_PASSWORD", "un autre secret")
    call_command("load_examples", with_accounts=True)
    assert User.objects.get(email="agent@example.org").check_password("un autre secret")


# --- remove_examples ----------------------------------------------------------------------------------------------
def test_remove_examples_takes_exactly_those_away(ain, demonstration_tables):
    before = dump()
    demonstration_tables.put_back()
    assert dump() != before

    call_command("remove_examples", verbosity=0)
    assert dump() == before

    call_command("remove_examples", verbosity=0)
    assert dump() == before


def test_remove_examples_leaves_what_people_made_and_says_why(examples, capsys):
    unit = Territory.objects.get(slug="mds-exemple-bresse")
    own = ActionFactory(title="Une vraie action", carrier_unit=unit, created_by=UserFactory())
    member = MembershipFactory(territory=Territory.objects.get(slug="mds-exemple-bourg"))
    contact = ContactFactory(unit=Territory.objects.get(slug="mds-exemple-dombes"), label="Un vrai secrétariat")
    guest = ActionFactory(title="Une action à deux", created_by=own.created_by)
    with transaction.atomic():
        guest.other_units.add(Territory.objects.get(slug="mds-exemple-bugey-sud"))

    call_command("remove_examples")

    assert set(Action.objects.ours()) == {own, guest}
    assert list(Membership.objects.all()) == [member]
    assert contact in Contact.objects.all()
    assert set(Territory.objects.filter(is_example=True).values_list("slug", flat=True)) == {
        "mds-exemple-bourg",
        "mds-exemple-bresse",
        "mds-exemple-bugey-sud",
        "mds-exemple-dombes",
    }
    printed = capsys.readouterr().out
    assert (
        "1\u00a0action collective s’appuie sur «\u00a0MDS d’exemple – Bresse\u00a0» (territoire), qui reste donc\u00a0: "
        "«\u00a0Une vraie action\u00a0»."
    ) in printed


def test_remove_examples_leaves_a_real_sheet_of_the_same_address(ain):
    own = ActionFactory(title="Sus au tabou", slug="sus-au-tabou", created_by=UserFactory())
    call_command("load_examples", verbosity=0)

    call_command("remove_examples", verbosity=0)

    assert list(Action.objects.ours()) == [own]
