"""No field of a sheet is lost: each is shown to its readers, or says here why not; each is written in the admin."""

import datetime as dt

import html5lib
import pytest
from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.db import models, transaction
from django.utils import timezone

from actions import fieldmap, lineage
from actions.models import (
    Action,
    Audience,
    BudgetLine,
    Criterion,
    Framework,
    Goal,
    Lever,
    Media,
    Partnership,
    PrivacyFlag,
    Quote,
    Session,
    StaffTime,
    TeamMember,
    Theme,
    Version,
)
from actions.snapshot import READ_ONLY, ROWS
from actions.steps import FILING_STEPS
from catalogue.installing.sheets import PLAIN_FIELDS, PLAIN_ROWS, RELATED
from catalogue.search import entries
from meetings.models import AgendaItem
from territories.models import Territory
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

RICH = fieldmap.rich_texts()

#: Model → field → what the pages of `shown_fields` say of it.
TOLD = {
    Action: {
        "title": "Atelier soupe",
        "summary": "On épluche et on parle.",
        "domain": "Alimentation",
        "action_type": "atelier régulier",
        "keywords": "cuisine, budget",
        "themes": "Le travail en réseau",
        "frameworks": "COG Caf",
        "levers": "Quel élu inviter ?",
        "carrier_unit": "MDS du Lac",
        "carrier_partner": "Foyer des Dombes",
        "other_units": "MDS du Bois",
        "contact": "MDS du Lac, accueil",
        "audiences": "parents",
        "audience_notes": "avec de jeunes enfants",
        "expected_participants": "14 personnes attendues",
        "actual_participants": "23 personnes",
        "open_to_newcomers": "Le groupe accueille de nouvelles personnes.",
        "how_to_join": "Appelez l’accueil.",
        "trial_sessions": "On peut venir essayer avant de s’engager.",
        "has_contract": "Contrat de participation",
        "contract_months": "17 mois au plus",
        "places": "Chalamont",
        "venue_type": "salle communale",
        "venue": "Cuisine du foyer rural",
        "accessibility": "De plain-pied",
        "starts_on": "mars 2031",
        "planned_end_on": "juin 2032",
        "ended_on": "septembre 2032",
        "rhythm_frequency": "mois",
        "rhythm_every": "toutes les 5 semaines",
        "rhythm_weekday": "jeudi",
        "rhythm_ordinals": "deuxième",
        "rhythm_starts_at": "14",
        "rhythm_ends_at": "16",
        "rhythm_notes": "sauf pendant les vacances",
        "session_count": "11 séances",
        "problem_decider": "Par les habitants",
        "solution_decider": "Avec les habitants",
        "facilitation_decider": "Habitants consultés",
        "evaluation_decider": "Sans les habitants",
        "facilitator_count": "3 animateurs",
        "without_budget": "sans budget dédié",
        "budget_notes": "Les légumes sont donnés.",
        "agreement_on": "21/02/2031",
        "agreement_function": "responsable de la MDS",
        "agreement_hours": "48 heures accordées",
        "outcome": "Une association est née",
        "outcome_notes": "Le Coup de louche",
        "inspired_by": "La grande tablée",
        "inspiration_notes": "Vue aussi au Québec.",
        "source": "Le magazine du Lac",
        "source_year": "D’après un document de 1987",
        "source_pages": "pages 12 et 13",
        "source_url": "https://example.org/magazine",
        "service_readings": "lecture du service",
        "is_example": "Fiche d’exemple",
        "editorial_state": "Fiche archivée",
        "editorial_reason": "Le foyer a fermé.",
        "life_state": "En cours",
        "life_state_reason": "Faute de cuisine.",
        "visibility": "Fiche réservée aux agents connectés.",
        "verified_on": "vérifiée le 5 avril 2031",
        "published_at": "publiée le 2 avril 2031",
        **{name: f"Mots de {name}." for name in RICH},
    },
    Goal: {"text": "Se rencontrer", "parent": "Rompre l’isolementSe rencontrer"},
    Criterion: {
        "name": "Assiduité",
        "indicator": "Présences",
        "method": "Tour de table",
        "target": "8 sur 10",
        "result": "9 sur 10",
    },
    TeamMember: {
        "role": "présentateur",
        "function": "Conseillère en économie",
        "unit": "MDS de la Plaine",
        "partner": "Amis du potager",
    },
    Partnership: {"partner": "Caf", "role": "financeur", "notes": "au titre du REAAP"},
    BudgetLine: {"label": "Légumes", "funder": "Commune", "planned": "310", "actual": "290"},
    StaffTime: {"phase": "Coordination", "hours": "37", "notes": "à deux"},
    Session: {
        "date": "séance le",
        "starts_at": "10",
        "ends_at": "12",
        "place": "Au marché",
        "moved_from": "au lieu du 4 mars 2026",
        "cancellation_reason": "annulée : Salle indisponible",
    },
    Quote: {"text": "Ici, on m’écoute.", "speaker": "Une participante"},
    Media: {
        "kind": "sur un autre site",
        "title": "Le film",
        "url": "https://example.org/film",
        "credit": "Atelier vidéo",
        "file": "/media/actions/",
        "alt": "Une table dressée",
    },
}
#: Model → field → why no reader finds it.
UNTOLD = {
    Action: {
        "slug": "is the address itself",
        "sort_key": "orders lists",
        "is_featured": "puts the sheet on the home page",
        "review_due_on": "calls the service on its dashboard",
        "created_at": "who keeps the sheet reads it in the admin",
        "created_by": "an account is nobody's business",
        "published_by": "an account is nobody's business",
        "updated_at": "orders the catalogue; read by machines",
        "version": "keeps two editors from losing words",
        "newcomers_due_on": "calls the referent, as the review does",
        "reminded_on": "keeps the reminder from going twice",
        "submission": "keeps a form sent twice from making two sheets",
    },
    TeamMember: {"user": "opens the draft to a person; names stay out of pages"},
    Quote: {"has_consent": "without it there is no quote"},
    Media: {
        "is_decorative": "leaves the alternative text empty",
        "consent": "without it there is no photo",
        "rights_until": "the photo goes on that day",
        "weight": "counts in a quota",
        "width": "keeps the page from jumping",
        "height": "keeps the page from jumping",
        "widths": "lets the browser choose a size",
        "added_at": "keeps the order of arrival",
        "added_by": "counts in a quota; an account is nobody's business",
    },
}
#: Text that is shown and not searched → why.
UNSEARCHED = {
    "slug": "made of the title",
    "sort_key": "made of the title",
    "agreement_function": "a formality",
    "life_state_reason": "a formality",
    "editorial_reason": "of sheets that the catalogue no more has",
    "inspiration_notes": "names other actions, which have their sheets",
    "source": "names books and magazines",
    "source_pages": "as the source",
    "source_url": "an address",
}
#: What no hand writes in the admin.
UNASKED = {"sort_key", "published_at", "published_by", "version", "reminded_on", "submission"}
#: What the server says of a file.
COMPUTED = {"weight", "width", "height", "widths", "added_at", "added_by"}
#: What is said about a sheet, and is none of its parts.
ABOUT = {Version, PrivacyFlag, AgendaItem}
#: Where a person decides what becomes of a name of a sheet → the names of which it is decided.
DECIDED = {
    "asked in a step of filing (actions/steps.py)": {name for step in FILING_STEPS for name in step.names}
    | READ_ONLY
    | {"is_featured"},  # chosen by the service in the admin
    "copied by whoever redoes the action, or not (actions/lineage.py)": lineage.COPIED | lineage.EMPTIED,
    "read from the files of sheets (catalogue/installing/sheets.py)": PLAIN_FIELDS
    | RELATED
    | PLAIN_ROWS.keys()
    | {"partnerships", "inspired_by"},  # called partners there; the sheets of the files come from no other
    "shown to the readers, or why not (tests/test_fields.py)": {
        *TOLD[Action],
        *UNTOLD[Action],
        *(name for name in ROWS if Action._meta.get_field(name).related_model in TOLD),
    },
}
FACTORIES = {
    Audience: AudienceFactory,
    Framework: FrameworkFactory,
    Lever: LeverFactory,
    Territory: TerritoryFactory,
    Theme: ThemeFactory,
}
#: Every row has them.
OF_PARTS = {"action", "key", "position"}


@pytest.fixture
def shown_fields(client, manager_client, settings, tmp_path) -> str:
    """The words and addresses of three sheets: open to all, over and archived, carried elsewhere for agents only."""
    settings.MEDIA_ROOT = tmp_path
    shared = {
        "summary": "On épluche et on parle.",
        "keywords": "cuisine, budget",
        "contact": ContactFactory(label="MDS du Lac, accueil"),
        "audiences": [AudienceFactory(name="Parents")],
        "places": [TerritoryFactory(name="Chalamont")],
        "starts_on": dt.date(2031, 3, 15),
        **{name: f"<p>Mots de {name}.</p>" for name in RICH},
    }
    action = ActionFactory(
        title="Atelier soupe",
        published=True,
        published_at=dt.datetime(2031, 4, 2, 10, tzinfo=dt.UTC),
        verified_on=dt.date(2031, 4, 5),
        source_pages="pages 12 et 13",
        service_readings=["success_keys"],
        domain=DomainFactory(name="Alimentation"),
        action_type=Action.Type.WORKSHOP,
        themes=[ThemeFactory(name="Le travail en réseau")],
        frameworks=[FrameworkFactory(name="COG Caf")],
        levers=[LeverFactory(advice="Quel élu inviter ?")],
        carrier_unit=TerritoryFactory(local_unit=True, name="MDS du Lac"),
        other_units=[TerritoryFactory(local_unit=True, name="MDS du Bois")],
        audience_notes="avec de jeunes enfants",
        expected_participants=14,
        open_to_newcomers=Action.Openness.YES,
        how_to_join="Appelez l’accueil.",
        trial_sessions=True,
        has_contract=True,
        contract_months=17,
        venue_type=Action.Venue.TOWN,
        venue="Cuisine du foyer rural",
        accessibility="De plain-pied",
        planned_end_on=dt.date(2032, 6, 15),
        life_state=Action.LifeState.RUNNING,
        rhythm_frequency=Action.Frequency.WEEKLY,
        rhythm_every=5,
        rhythm_weekday=Action.Weekday.THURSDAY,
        rhythm_starts_at=dt.time(14),
        rhythm_ends_at=dt.time(16),
        rhythm_notes="sauf pendant les vacances",
        session_count=11,
        **dict(zip(Action.DECISIONS, ("by", "with", "consulted", "without"), strict=True)),
        facilitator_count=3,
        without_budget=True,
        budget_notes="Les légumes sont donnés.",
        agreement_on=dt.date(2031, 2, 21),
        agreement_function="responsable de la MDS",
        agreement_hours=48,
        outcome=Action.Outcome.ASSOCIATION,
        outcome_notes="Le Coup de louche",
        inspired_by=ActionFactory(title="La grande tablée", published=True),
        inspiration_notes="Vue aussi au Québec.",
        source="Le magazine du Lac",
        source_url="https://example.org/magazine",
        is_example=True,
        **shared,
    )
    GoalFactory(action=action, text="Se rencontrer", parent=GoalFactory(action=action, text="Rompre l’isolement"))
    CriterionFactory(action=action, indicator="Présences", method="Tour de table", target="8 sur 10", result="9 sur 10")
    plain = TerritoryFactory(local_unit=True, name="MDS de la Plaine")
    TeamMemberFactory(action=action, function="conseillère en économie", unit=plain, role="presenter")
    TeamMemberFactory(action=action, function="bénévole", partner=PartnerFactory(name="Amis du potager"))
    PartnershipFactory(
        action=action, partner=PartnerFactory(name="Caf"), role=Partnership.Role.FUNDER, notes="au titre du REAAP"
    )
    BudgetLineFactory(action=action, label="Légumes", funder="Commune", planned=310, actual=290)
    StaffTimeFactory(action=action, phase=StaffTime.Phase.COORDINATION, hours=37, notes="à deux")
    day = timezone.localdate() + dt.timedelta(days=3)
    SessionFactory(
        action=action,
        date=day,
        starts_at=dt.time(10),
        ends_at=dt.time(12),
        place="Au marché",
        moved_from=dt.date(2026, 3, 4),
    )
    SessionFactory(action=action, date=day, cancelled=True)
    QuoteFactory(action=action, speaker="une participante")
    MediaFactory(action=action, credit="Atelier vidéo")
    MediaFactory(action=action, image=True)
    over = ActionFactory(
        editorial_state=Action.EditorialState.ARCHIVED,
        editorial_reason="Le foyer a fermé.",
        life_state=Action.LifeState.DROPPED,
        life_state_reason="Faute de cuisine.",
        ended_on=dt.date(2032, 9, 15),
        actual_participants=23,
        rhythm_frequency=Action.Frequency.MONTHLY,
        rhythm_weekday=Action.Weekday.THURSDAY,
        rhythm_ordinals=[2],
        **shared,
    )
    elsewhere = ActionFactory(
        published=True,
        visibility=Action.Visibility.AGENTS,
        carrier_unit=None,
        carrier_partner=PartnerFactory(name="Foyer des Dombes"),
        source="Un autre magazine",
        source_year=1987,
    )
    pages = [client.get(action.get_absolute_url())]
    pages += [manager_client.get(sheet.get_absolute_url()) for sheet in (over, elsewhere)]
    return " ".join(words for page in pages for words in _said(page.text))


def _said(html: str):
    """What the body of a page says, and where it leads: not what it tells to machines."""
    body = html5lib.parse(html, namespaceHTMLElements=False).find(".//main")
    yield " ".join("".join(body.itertext()).split())
    yield from (element.get(name) for element in body.iter() for name in ("href", "src", "alt") if element.get(name))


def _fields(model) -> set[str]:
    names = {field.name for field in (*model._meta.fields, *model._meta.many_to_many)} - {"id"}
    return names if model is Action else names - OF_PARTS


def test_each_name_of_a_sheet_is_decided_everywhere():
    """A new field fails here, with each place that has nothing of it yet."""
    undecided = [
        f"{name} is not yet {place}"
        for place, names in DECIDED.items()
        for name in fieldmap.names()
        if name not in names
    ]

    assert not undecided, "\n".join(undecided)
    assert len(fieldmap.names()) > 80


@pytest.mark.parametrize("model", TOLD, ids=lambda model: model.__name__)
def test_field_of_a_sheet_is_shown_or_says_why_not(model):
    assert TOLD[model].keys() | UNTOLD.get(model, {}).keys() == _fields(model)
    assert TOLD[model].keys() & UNTOLD.get(model, {}).keys() == set()


def test_every_part_of_a_sheet_is_asked():
    parts = {relation.related_model for relation in Action._meta.related_objects if not relation.many_to_many}

    assert parts - {Action, *ABOUT} == TOLD.keys() - {Action}


@pytest.mark.django_db
def test_sheets_tell_every_field(shown_fields):
    silent = [
        f"{model.__name__}.{name}"
        for model, fields in TOLD.items()
        for name, words in fields.items()
        if words not in shown_fields
    ]

    assert silent == []


def test_search_reads_every_text_or_says_why_not():
    texts = {
        field.name
        for field in Action._meta.fields
        if isinstance(field, models.CharField | models.TextField) and not field.choices
    }

    read = {*entries.WEIGHED, *fieldmap.rich_texts(), *entries.LINES}
    assert read | UNSEARCHED.keys() == texts
    assert read.isdisjoint(UNSEARCHED)


@pytest.mark.django_db
@pytest.mark.parametrize("name", entries.LISTS)
def test_each_list_of_a_sheet_is_a_facet(name):
    action = ActionFactory()
    bare = entries.facets(action)

    with transaction.atomic():
        getattr(action, name).set([FACTORIES[Action._meta.get_field(name).related_model]()])

    assert entries.facets(action) != bare


def test_admin_asks_for_every_field_of_a_sheet():
    site = admin.site._registry[Action]
    forms = {Action: flatten_fieldsets(site.fieldsets)}
    forms |= {inline.model: flatten_fieldsets([(None, {"fields": inline.fields})]) for inline in site.inlines}

    missing = {model: _fields(model) - set(asked) for model, asked in forms.items()}

    assert missing.pop(Action) == UNASKED
    assert missing.pop(Media) == COMPUTED
    assert [names for names in missing.values() if names] == []
    # The dates of a group have pages of their own: they are saved one by one.
    assert missing.keys() == TOLD.keys() - {Action, Media, Session}
