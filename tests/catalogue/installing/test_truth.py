"""What ships is true: no invented contact where nothing is an example, each source named, each reading marked."""

import json
import re
from collections import Counter

import pytest
from django.core.management import call_command
from django.db.models import Count
from django.utils import timezone

from actions.models import Action, Domain, Framework, Theme
from catalogue.documents import sheets_pdf
from catalogue.documents.onepage import one_page
from catalogue.installing.sheets import data_folder, read_sheets
from catalogue.sheet.page import contacts_for
from partners.models import Contact
from tests.catalogue.installing.test_sheets import DISTRIBUTION, feature
from tests.papers import pages_of, squeezed

pytestmark = pytest.mark.django_db

OURS = "social@departement.test"
#: The table at the head of the guide's annex 3: page → numbers of the sheets that the action illustrates.
CITED = {
    "pages 4 à 6": {1, 3},
    "pages 7 à 10": {3, 5, 6},
    "pages 11 à 15": {3, 5},
    "pages 16 à 20": {3, 5},
    "pages 21 à 23": {4},
    "pages 24 à 28": {6},
    "pages 29 à 32": {6, 21},
    "pages 33 à 36": {17},
    "pages 37 à 39": {18},
    "pages 40 à 43": {19},
    "page 44": {19},
    "à partir de la page 45": {23},
}
#: Where the source names one commune.
COMMUNES = {"Mézin", "Surgères", "Le Château-d’Oléron", "Rillieux-la-Pape", "Floirac", "Le Bouscat"}
#: Department numbers have the first two.
INVENTED = re.compile(r"example\.(org|com|net)|\b01[ .\u00a0]?99[ .\u00a0]?00")


@pytest.fixture
def clean(ain, settings):
    """A clean installation, whose operator said which service answers."""
    for name in ("SERVICE_EMAIL", "DPO_EMAIL", "ACCESSIBILITY_EMAIL", "SECURITY_EMAIL"):
        setattr(settings, name, OURS)
    return Action.objects.elsewhere()


def sourced():
    """The sheets that ship and were drawn from a text."""
    folder = data_folder("actions")
    sheets = [*read_sheets(folder / "elsewhere")[0], *read_sheets(folder / "examples")[0]]
    return {sheet["slug"]: sheet for sheet in sheets if "source" in sheet}


def test_a_clean_installation_publishes_no_invented_contact(clean, client):
    pages = {
        path: client.get(path).text for path in ("/", "/actions/", "/contact/", "/territoires/", "/mentions-legales/")
    }
    pages |= {sheet.slug: client.get(sheet.get_absolute_url()).text for sheet in clean}

    assert len(pages) == 5 + 13
    assert not Contact.objects.exists()
    assert {name: found[0] for name, page in pages.items() if (found := INVENTED.search(page))} == {}
    for sheet in clean:
        mailboxes = set(re.findall(r'href="mailto:([^"?]*)', pages[sheet.slug]))
        assert mailboxes == {OURS}
        assert "En parler avec notre service" in pages[sheet.slug]
        assert "Pour en savoir plus" in pages[sheet.slug]
        assert "vérifiée le" not in pages[sheet.slug]


def test_nothing_is_invented_either_where_nobody_said_which_service_answers(ain, client, settings):
    for name in ("SERVICE_EMAIL", "DPO_EMAIL", "ACCESSIBILITY_EMAIL", "SECURITY_EMAIL"):
        setattr(settings, name, "")
    paths = [
        "/",
        "/contact/",
        "/mentions-legales/",
        "/accessibilite/",
        "/donnees-personnelles/",
        "/.well-known/security.txt",
    ]
    paths += ["/compte/signup/", "/introuvable/", Action.objects.elsewhere().first().get_absolute_url()]

    for path in paths:
        page = client.get(path).text
        assert not INVENTED.search(page), path
        assert "mailto:" not in page, path


def test_a_clean_installation_prints_no_invented_contact(clean):
    sheets = list(Action.objects.for_sheet())
    contacts = contacts_for(sheets)
    today = timezone.localdate()
    pages = [one_page(sheet, contact=contacts[sheet.pk], today=today) for sheet in sheets]

    printed = pages_of(sheets_pdf(pages, title="Ailleurs", foot="", if_none=""))

    assert len(printed) == 13
    for page in printed:
        assert not INVENTED.search(page)
        assert "99 00" not in page
        assert squeezed("non revérifié") in squeezed(page)


def test_the_sheets_of_the_guide_name_their_pages_and_illustrate_what_it_cites(clean):
    guide = clean.exclude(slug="atelier-id-mix")

    themes = {sheet.source_pages: {theme.number for theme in sheet.themes.all()} for sheet in guide}
    assert themes == CITED
    assert {(sheet.source_year, sheet.source.split(",")[0]) for sheet in guide} == {
        (2019, "Haut Conseil du travail social")
    }
    assert all(sheet.source_url.startswith("https://") for sheet in clean)
    assert {place.name for sheet in clean for place in sheet.places.filter(kind="commune")} == COMMUNES


def test_only_the_citations_of_the_guide_make_its_index(demonstration):
    counted = Theme.objects.annotate(n=Count("actions")).values_list("number", "n")

    assert dict(counted) == Counter(number for numbers in CITED.values() for number in numbers)


def test_who_decides_in_a_text_is_always_our_reading():
    """None of the sources answers in these words; nor do they say where the action is today, but for two that are over."""
    sheets = sourced()
    decisions = [(slug, name) for slug, sheet in sheets.items() for name in Action.DECISIONS if sheet.get(name)]
    unmarked = [(slug, name) for slug, name in decisions if name not in sheets[slug]["service_readings"]]

    assert len(sheets) == 16
    assert len(decisions) == 30
    assert unmarked == []
    assert {slug for slug, sheet in sheets.items() if "life_state" not in sheet["service_readings"]} == {
        "ateliers-des-parents-partage-d-experiences",
        "charte-des-aines-montmorillonnais",
    }


def test_keys_that_no_source_gives_are_marked():
    given = {"charte-des-aines-montmorillonnais", "parcours-culturel-cle-morbihan", "conferences-familiales"}

    deduced = {slug: sheet for slug, sheet in sourced().items() if "success_keys" in sheet and slug not in given}

    assert all("success_keys" in sheet["service_readings"] for sheet in deduced.values())
    assert all("À lire le récit" in sheet["success_keys"] for sheet in deduced.values())
    assert len(deduced) == 5


def test_no_marked_reading_is_empty_and_none_is_unknown():
    for slug, sheet in sourced().items():
        assert set(sheet["service_readings"]) <= set(Action.READINGS), slug
        names = {name.replace("team_members", "team") for name in sheet["service_readings"]}
        assert names <= sheet.keys(), slug


@pytest.mark.parametrize(
    ("slug", "words"),
    [
        ("esat-mezin-redonne-vie-a-un-village", ["près de 70"]),
        ("charte-des-aines-montmorillonnais", ["animés par les travailleurs sociaux de la MSA"]),
        ("politique-d-insertion-avec-les-allocataires-haute-garonne", ["un partenaire", "la co-construction"]),
        ("reseau-ile-chateau-d-oleron", ["l’association compte plus de 150 adhésions, soit plus de 300 personnes"]),
        ("parcours-culturel-cle-morbihan", ["12 à 15 participants", "quatre personnes accompagnées"]),
        ("conferences-familiales", ["30 à 35\u00a0heures", "1\u00a0500\u00a0€"]),
        (
            "respire-coulisses-d-une-action-collective",
            ["Bertrand-Baptiste Hagenmüller", "Batiste Combret", "Amélie Legrand", "Victor Moïse", "OXO Films"],
        ),
        ("atelier-id-mix", ["n’était pas encore envisagée pour l’un des participants"]),
        ("sus-au-tabou", ["Alain Gilbert", "une dizaine d’habitants"]),
    ],
)
def test_sheet_tells_what_its_source_tells(slug, words):
    text = repr(sourced()[slug]).replace("\\xa0", "\u00a0")

    assert [word for word in words if word not in text] == []


@pytest.mark.parametrize("name", ["actual_participants", "expected_participants", "staff_times", "budget"])
def test_numbers_that_the_sources_only_round_or_give_to_others_are_not_told_as_exact(name):
    """Fifty people are regularly there in the Montmorillonnais: the only count that a source gives as one."""
    assert {slug for slug, sheet in sourced().items() if name in sheet} <= {"charte-des-aines-montmorillonnais"}


def test_the_catalogue_counts_84_with_the_desks(demonstration):
    ours = Action.objects.ours().published()

    assert dict(ours.values_list("domain__slug").annotate(Count("pk")).order_by("domain__position")) == DISTRIBUTION
    assert list(DISTRIBUTION.values()) == [33, 14, 8, 8, 7, 7, 3, 3, 1]
    assert list(DISTRIBUTION) == list(Domain.objects.values_list("slug", flat=True))


def test_all_actions_of_the_ain_are_filed_under_both_frameworks(demonstration):
    both = Framework.objects.filter(slug__in=["projet-de-service", "cog-caf"])

    published = Action.objects.ours().published()
    assert published.count() == 84
    for framework in both:
        assert published.filter(frameworks=framework).count() == 84


def test_the_service_project_of_the_ain_is_not_that_of_others(db, tmp_path):
    path = tmp_path / "isere.geojson"
    path.write_text(json.dumps({"features": [feature()]}))

    call_command("start_department", "38", "--communes", str(path), verbosity=0)

    assert not Framework.objects.filter(name__contains="Agir pour la Solidarité").exists()
    assert Framework.objects.filter(slug="cog-caf").exists()
