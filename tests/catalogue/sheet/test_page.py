"""The page of one action: what it shows to everybody, and to machines."""

import datetime as dt
import json

import pytest
from django.db import transaction
from django.utils import timezone

from actions.models import Action, Partnership, StaffTime, TeamMember
from catalogue.caching import CACHED_PAGES
from catalogue.search.entries import facets
from catalogue.sheet.page import eight_facts
from catalogue.sheet.sections import QUOTE_HOSTS
from isic.lib.richtext import RichTextField
from tests.factories import (
    ActionFactory,
    AudienceFactory,
    BudgetLineFactory,
    ContactFactory,
    CriterionFactory,
    DomainFactory,
    FrameworkFactory,
    GoalFactory,
    LeverFactory,
    MediaFactory,
    PartnerFactory,
    PartnershipFactory,
    QuoteFactory,
    SessionFactory,
    StaffTimeFactory,
    TeamMemberFactory,
    TerritoryFactory,
    ThemeFactory,
)
from tests.pages import assert_valid_html

pytestmark = pytest.mark.django_db


def test_sheet_answers_the_eight_questions(read):
    action = ActionFactory(
        published=True,
        audiences=[AudienceFactory(name="Familles"), AudienceFactory(name="RSA")],
        audience_notes="avec des enfants de moins de trois ans",
        places=[TerritoryFactory(name="Oyonnax")],
        venue="Salle des fêtes",
        rhythm_frequency=Action.Frequency.WEEKLY,
        rhythm_weekday=2,
        session_count=12,
        starts_on=dt.date(2015, 10, 1),
        ended_on=dt.date(2017, 6, 30),
        actual_participants=20,
        facilitator_count=2,
        equipment="<p>Une cuisine équipée et un four. Et des tabliers.</p>",
        effects_residents="<p>Ils ont repris confiance en eux. Certains cuisinent.</p>",
        contact=ContactFactory(label="MDS du Lac, accueil", email="lac@example.org", phone="01 99 00 10 01"),
    )
    PartnershipFactory(action=action, partner=PartnerFactory(name="Caf"), role=Partnership.Role.FUNDER)
    PartnershipFactory(action=action, partner=PartnerFactory(name="Commune"))
    StaffTimeFactory(action=action, hours=35)
    BudgetLineFactory(action=action, planned=1000, actual=1500)

    assert read(action).facts == {
        "Pour qui": ["familles et RSA", "avec des enfants de moins de trois ans"],
        "Où": ["Oyonnax", "Salle des fêtes"],
        "Quand et à quel rythme": ["tous les mercredis", "12 séances, d’octobre 2015 à juin 2017"],
        "Combien de personnes": ["20 personnes"],
        "Avec qui": ["Caf et Commune"],
        "Ce qu’il faut": ["2 animateurs", "35 h de travail", "1 500 €", "Une cuisine équipée et un four"],
        "Ce que ça a changé": ["Ils ont repris confiance en eux"],
        "À qui écrire": ["MDS du Lac, accueil", "lac@example.org", "01 99 00 10 01"],
    }


def test_sheet_leaves_out_what_is_unknown(read):
    action = ActionFactory(published=True, places=[], audiences=[])

    page = read(action)

    assert list(page.facts) == ["À qui écrire"]
    assert list(page.landmarks) == ["Porteur", "État de l’action"]
    assert page.parts == {}
    assert "précisé" not in page.html


def test_sheet_shows_every_part_and_its_contents_list_them(read):
    words = {
        field.name: f"<p>Mots de {field.name}.</p>" for field in Action._meta.fields if isinstance(field, RichTextField)
    }
    action = ActionFactory(
        published=True,
        how_to_join="Venez",
        open_to_newcomers="yes",
        levers=[LeverFactory(advice="Et les élus ?")],
        **words,
    )
    goal = GoalFactory(action=action, text="Rompre l’isolement")
    GoalFactory(action=action, text="Se rencontrer", parent=goal)
    SessionFactory(action=action, date=timezone.localdate() + dt.timedelta(days=3))
    MediaFactory(action=action, title="Le film de l’atelier")
    TeamMemberFactory(action=action, function="assistante sociale")
    ActionFactory(published=True, title="La petite sœur", inspired_by=action)

    page = read(action)

    contents = [href.removeprefix("#") for href in page.attributes("a", "href") if href.startswith("#")]
    assert [anchor for anchor in contents if anchor in page.parts][-len(page.parts) :] == list(page.parts)
    assert set(page.parts) == {
        "contexte", "objectifs", "deroulement", "place-des-habitants", "rejoindre", "seances", "ce-qui-a-change",
        "evaluation", "avec-qui", "territoire", "moyens", "refaire", "developpement-social", "suites", "leviers",
        "a-voir", "filiation",
    }  # fmt: skip
    shown = " ".join(page.parts.values())
    assert [name for name in words if f"Mots de {name}." not in shown] == []
    assert page.parts["objectifs"] == "Les objectifs Rompre l’isolementSe rencontrer"
    assert_valid_html(page.html)


def test_sheet_says_who_decides_at_each_known_moment(read):
    action = ActionFactory(published=True, problem_decider="by", solution_decider="with", evaluation_decider="without")

    page = read(action)

    assert page.texts("decision") == [
        "Le problèmePar les habitants",
        "La solutionAvec les habitants",
        "L’évaluationSans les habitants",
    ]
    assert [e.get("class") for e in page.of_class("decision")] == [f"decision decision--{n}" for n in (4, 3, 1)]


def test_sheet_lets_four_voices_speak(read):
    action = ActionFactory(
        published=True, effects_residents="<p>A</p>", effects_elected="<p>B</p>", effects_partners="<p>C</p>"
    )

    assert read(action).texts("voice") == ["Les habitantsA", "Les élusB", "Les partenairesC"]


def test_sheet_spreads_the_words_of_people_over_its_parts(read):
    action = ActionFactory(published=True, description="<p>On cuisine.</p>", effects_residents="<p>On mange.</p>")
    for text in ("Un", "Deux", "Trois"):
        QuoteFactory(action=action, text=text, speaker="une participante")

    parts = read(action).parts

    assert QUOTE_HOSTS[:2] == ("ce-qui-a-change", "deroulement")
    assert parts["ce-qui-a-change"] == "Ce qui a changé Les habitantsOn mange. UnUne participanteTroisUne participante"
    assert parts["deroulement"] == "Comment ça se passe On cuisine. DeuxUne participante"


def test_sheet_gives_words_without_a_part_a_part_of_their_own(read):
    action = ActionFactory(published=True)
    QuoteFactory(action=action, text="Ici, on m’écoute.")

    assert read(action).parts == {"paroles": "Paroles Ici, on m’écoute."}


def test_sheet_tables_name_their_rows_and_columns_and_drop_the_empty_ones(read):
    action = ActionFactory(published=True)
    CriterionFactory(action=action, name="Assiduité", target="8 sur 10", result="9 sur 10")
    BudgetLineFactory(action=action, label="Goûter", planned=100)
    BudgetLineFactory(action=action, label="Car", planned="62.50")
    StaffTimeFactory(action=action, phase=StaffTime.Phase.PREPARATION, hours="3.5")

    tables = [
        [[" ".join(cell.itertext()) for cell in row if cell.tag in ("th", "td")] for row in table.iter("tr")]
        for table in read(action).of_class("grid")
    ]

    assert tables == [
        [["Critère", "Visé", "Constaté"], ["Assiduité", "8 sur 10", "9 sur 10"]],
        [["Poste", "Prévu"], ["Goûter", "100\u00a0€"], ["Car", "62,50\u00a0€"], ["Total", "162,50\u00a0€"]],
        [["Moment", "Heures"], ["Préparation", "3,5\u00a0h"]],
    ]


def test_sheet_names_a_partner_once_with_all_its_roles(read):
    caf = PartnerFactory(name="Caf de l’Ain")
    action = ActionFactory(published=True)
    PartnershipFactory(action=action, partner=caf, role=Partnership.Role.FUNDER, notes="REAAP")
    PartnershipFactory(action=action, partner=caf, role=Partnership.Role.REFERRER)

    page = read(action)

    assert page.texts("partners") == ["Caf de l’Ain financeur (REAAP), oriente des personnes"]
    assert page.attributes("a", "href").count("/partenaires/caf-de-l-ain/") == 1


def test_sheet_shows_functions_and_units_of_the_team_never_names(read, agent, unit):
    agent.full_name = "Camille Exemple"
    agent.save()
    action = ActionFactory(published=True)
    TeamMemberFactory(action=action, user=agent, unit=unit, function="éducatrice", role=TeamMember.Role.PRESENTER)

    page = read(action)

    assert page.texts("team") == ["Éducatrice, MDS du Lac présentateur"]
    assert "Camille" not in page.html
    assert agent.email not in page.html


def test_sheet_lists_the_sessions_to_come(read):
    today = timezone.localdate()
    action = ActionFactory(published=True)
    SessionFactory(action=action, date=today - dt.timedelta(days=1), place="Salle d’hier")
    SessionFactory(action=action, date=today, cancelled=True)
    SessionFactory(
        action=action, date=today + dt.timedelta(days=7), starts_at=dt.time(14), ends_at=dt.time(16, 30), place="Au lac"
    )

    page = read(action)

    days = [element.get("datetime") for element in page.tree.iter("time")]
    assert days == [str(today), str(today + dt.timedelta(days=7))]
    assert page.parts["seances"].count("annulée") == 1
    assert page.parts["seances"].endswith("de 14 h à 16 h 30Au lac")
    assert "hier" not in page.parts["seances"]
    assert page.facts["Quand et à quel rythme"] == [f"prochaine séance le {today + dt.timedelta(days=7):%d/%m/%Y}"]


def test_sheet_tells_how_to_join_only_while_one_can(read):
    running = ActionFactory(
        published=True,
        life_state="running",
        open_to_newcomers="yes",
        how_to_join="Un appel suffit",
        trial_sessions=True,
    )
    over = ActionFactory(published=True, life_state="ended", open_to_newcomers="yes", how_to_join="Un appel suffit")

    assert read(running).texts("joining") == [
        "Le groupe accueille de nouvelles personnes.Un appel suffitOn peut venir essayer avant de s’engager."
    ]
    assert read(running).texts("tag--open") == ["Ouvert aux nouveaux"]
    assert read(over).parts == {}
    assert read(over).texts("tag--open") == []


def test_sheet_labels_examples_and_sheets_from_elsewhere(read):
    assert read(ActionFactory(published=True, elsewhere=True)).texts("tag--outline") == ["Ailleurs en France"]
    assert read(ActionFactory(published=True, is_example=True)).texts("tag--outline") == ["Fiche d’exemple"]
    assert read(ActionFactory(published=True)).texts("tag--outline") == []


def test_sheet_gives_its_landmarks(read, unit, other_unit):
    action = ActionFactory(
        published=True,
        carrier_unit=unit,
        other_units=[other_unit],
        action_type=Action.Type.WORKSHOP,
        life_state="paused",
        life_state_reason="le local est en travaux",
        places=[TerritoryFactory(name="Oyonnax")],
        frameworks=[FrameworkFactory(name="COG Caf")],
        themes=[ThemeFactory(number=18, name="Le travail en réseau")],
        has_contract=True,
        contract_months=18,
        keywords="cuisine, budget",
        accessibility="Plain-pied",
    )

    assert read(action).landmarks == {
        "Porteur": ["MDS du Lac"],
        "Avec": ["MDS du Bois"],
        "État de l’action": ["en pause", "le local est en travaux"],
        "Type d’action": ["atelier régulier"],
        "Lieux": ["Oyonnax"],
        "Accessibilité": ["Plain-pied"],
        "Contrat de participation": ["18 mois au plus"],
        "Cadres": ["COG Caf"],
        "Guide du travail social collectif": ["Fiche 18. Le travail en réseau"],
        "Mots-clés": ["cuisine, budget"],
    }


def test_sheet_says_when_it_was_verified_and_where_it_comes_from(read):
    action = ActionFactory(
        published=True,
        published_at=dt.datetime(2026, 3, 2, 10, tzinfo=dt.UTC),
        verified_on=dt.date(2026, 5, 23),
        source="Le magazine",
        source_url="https://example.org/mag",
    )

    page = read(action)

    assert page.texts("source") == [
        f"Fiche vérifiée le 23 mai 2026, publiée le 2 mars 2026. Source : Le magazine Cette fiche en ligne : http://127.0.0.1:8000{action.get_absolute_url()}"
    ]
    assert "https://example.org/mag" in page.attributes("a", "href")


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (
            {"source_year": 2019, "source_pages": "pages 4 à 6"},
            "D’après un document de 2019 (Le guide, pages 4 à 6), non revérifié.",
        ),
        ({}, "D’après un document non daté (Le guide), non revérifié."),
        ({"source": ""}, "Fiche publiée le 2 mars 2026."),
    ],
)
def test_sheet_that_nobody_verified_says_what_it_was_drawn_from(read, facts, words):
    at = dt.datetime(2026, 3, 2, 10, tzinfo=dt.UTC)
    action = ActionFactory(published=True, published_at=at, verified_on=None, **{"source": "Le guide", **facts})

    page = read(action)

    assert page.texts("source")[0].startswith(words)
    assert "vérifiée le" not in page.html
    assert "lastReviewed" not in page.html


def test_sheet_marks_what_the_service_read_into_its_source(read):
    action = ActionFactory(
        published=True,
        life_state="running",
        problem_decider="with",
        solution_decider="by",
        success_keys="<p>Du temps.</p>",
        watchpoints="<p>La fatigue.</p>",
        effects_professionals="<p>Un autre regard.</p>",
        service_readings=["life_state", "solution_decider", "success_keys", "effects_professionals"],
    )

    page = read(action)

    mark = "lecture du service"
    assert page.landmarks["État de l’action"] == [f"en cours {mark}"]
    assert page.texts("decision") == ["Le problèmeAvec les habitants", f"La solutionPar les habitants {mark}"]
    assert page.parts["refaire"] == f"Pour la refaire Clés de réussite {mark} Du temps. Points de vigilance La fatigue."
    assert f"Les professionnels {mark}" in page.parts["ce-qui-a-change"]
    assert "tag--running" not in page.html
    assert "« Lecture du service » : la source ne le dit pas en toutes lettres" in page.texts("source")[0]


def test_facts_and_facets_assert_no_reading():
    known = ActionFactory(published=True, outcome="continues", problem_decider="with", life_state="running")
    read = ActionFactory(
        published=True,
        outcome="continues",
        problem_decider="with",
        life_state="running",
        service_readings=["outcome", "problem_decider", "life_state"],
    )

    for action, words, values in ((known, ["l’action continue"], (["running"], ["with"])), (read, [], ([], []))):
        sheet = Action.objects.for_sheet().get(pk=action.pk)
        facts = {
            fact.label: [line.text for line in fact.lines]
            for fact in eight_facts(sheet, contact=sheet.contact, today=timezone.localdate())
        }
        assert facts.get("Ce que ça a changé", []) == words
        assert (facets(sheet)["etat"], facets(sheet)["habitants"]) == values


def test_sheet_without_readings_has_no_mark(read):
    assert "lecture du service" not in read(ActionFactory(published=True, success_keys="<p>Du temps.</p>")).html.lower()


def test_sheet_from_elsewhere_sends_to_its_source_and_to_our_service(read, settings):
    settings.SERVICE_NAME, settings.SERVICE_EMAIL = "Développement social", "social@departement.test"
    action = ActionFactory(
        published=True,
        elsewhere=True,
        contact=None,
        source="Le guide",
        source_pages="page 4",
        source_url="https://guide.test/",
    )

    page = read(action)

    assert page.facts["Pour en savoir plus"] == [
        "Le document d’où elle vient, page 4",
        "En parler avec notre service : Développement social",
    ]
    assert "À qui écrire" not in page.facts
    assert "https://guide.test/" in page.attributes("a", "href")
    assert any(href.startswith("mailto:social@departement.test?subject=") for href in page.attributes("a", "href"))
    assert "En parler avec notre service" in page.texts("inspire__ways")[0]


def test_sheet_whose_service_has_no_mailbox_leads_to_its_page(read, settings):
    settings.SERVICE_EMAIL = ""

    page = read(ActionFactory(published=True, elsewhere=True, contact=None))

    assert not any(href.startswith("mailto:") for href in page.attributes("a", "href"))
    assert page.attributes("a", "href").count("/contact/") >= 2


def test_contact_that_the_service_gave_a_sheet_from_elsewhere_shows(read):
    page = read(ActionFactory(published=True, elsewhere=True, contact=ContactFactory(label="Leur mairie")))

    assert page.facts["À qui écrire"][0] == "Leur mairie"


# --- For machines -------------------------------------------------------------------------------------------------
def test_sheet_has_one_address_a_title_and_a_description(read, settings):
    settings.SITE_URL = "https://actions.example.org"
    action = ActionFactory(published=True, title="L’atelier", summary="On y cuisine ensemble.")

    page = read(action)

    links = {link.get("rel"): link.get("href") for link in page.tree.iter("link")}
    assert links["canonical"] == "https://actions.example.org/actions/l-atelier/"
    assert page.words(next(page.tree.iter("title"))) == "L’atelier – Département de l’Ain"
    assert [page.meta(name) for name in ("description", "og:description", "og:title", "og:url", "robots")] == [
        "On y cuisine ensemble.",
        "On y cuisine ensemble.",
        "L’atelier",
        "https://actions.example.org/actions/l-atelier/",
        None,
    ]


def test_sheet_describes_itself_in_schema_org(read):
    action = ActionFactory(
        published=True,
        title="L’atelier",
        summary="On y cuisine.",
        domain=DomainFactory(name="Alimentation"),
        carrier_unit=TerritoryFactory(local_unit=True, name="MDS du Lac"),
        places=[TerritoryFactory(name="Oyonnax")],
        audiences=[AudienceFactory(name="Familles")],
    )

    page = read(action)

    data = json.loads(next(e.text for e in page.tree.iter("script") if e.get("type") == "application/ld+json"))
    about, service = data["@graph"]
    assert about["mainEntity"] == {"@id": service["@id"]}
    assert [step["name"] for step in about["breadcrumb"]["itemListElement"]] == [
        "Catalogue",
        "Alimentation",
        "L’atelier",
    ]
    assert service == {
        "@type": "Service",
        "@id": "http://127.0.0.1:8000/actions/l-atelier/",
        "name": "L’atelier",
        "description": "On y cuisine.",
        "serviceType": "Alimentation",
        "provider": {"@type": "Organization", "name": "MDS du Lac"},
        "areaServed": [{"@type": "Place", "name": "Oyonnax"}],
        "audience": [{"@type": "Audience", "audienceType": "Familles"}],
    }


def full_action(unit, number: int) -> Action:
    """A published sheet with `number` of each part."""

    def some(factory, **fields):
        return [factory(**fields) for _ in range(number)]

    action = ActionFactory(
        published=True,
        inspired_by=ActionFactory(published=True),
        audiences=some(AudienceFactory),
        frameworks=some(FrameworkFactory),
        themes=some(ThemeFactory),
        levers=some(LeverFactory),
        places=some(TerritoryFactory),
        other_units=some(TerritoryFactory, local_unit=True),
    )
    some(ActionFactory, published=True, inspired_by=action)
    for factory in (GoalFactory, CriterionFactory, BudgetLineFactory, StaffTimeFactory, QuoteFactory, MediaFactory):
        some(factory, action=action)
    some(PartnershipFactory, action=action)
    for days in range(number):
        SessionFactory(action=action, date=timezone.localdate() + dt.timedelta(days=days))
    for _ in range(number):
        TeamMemberFactory(action=action, unit=unit, partner=PartnerFactory())
    return action


@pytest.mark.parametrize("number", [1, 3])
def test_sheet_asks_as_many_queries_whatever_it_holds(client, unit, django_assert_num_queries, number):
    action = full_action(unit, number)
    client.get(action.get_absolute_url())
    CACHED_PAGES.clear()

    with django_assert_num_queries(7):
        client.get(action.get_absolute_url())


def test_sheet_with_all_that_it_may_have_stays_within_twelve_queries(client, unit, django_assert_max_num_queries):
    action = full_action(unit, 3)
    source = None
    for _ in range(6):
        source = ActionFactory(published=True, inspired_by=source, domain=action.domain)
    with transaction.atomic():
        action.inspired_by = source
        action.contact = ContactFactory(unit=unit, named=True, consent_withdrawn_on=timezone.localdate())
        action.save()
    heir = action.inspired.first()
    for _ in range(3):
        heir = ActionFactory(published=True, inspired_by=heir)
    client.get("/actions/")  # the index is up to date

    with django_assert_max_num_queries(12):
        client.get(action.get_absolute_url())


def test_sheet_read_again_asks_the_revision_only_and_shows_every_change(client, unit, django_assert_num_queries):
    action = full_action(unit, 1)
    client.get(action.get_absolute_url())

    with django_assert_num_queries(1):
        client.get(action.get_absolute_url())
    with transaction.atomic():
        action.contact.email = "autre@example.org"
        action.contact.save()

    assert "autre@example.org" in client.get(action.get_absolute_url()).text
