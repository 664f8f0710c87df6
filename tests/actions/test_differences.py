"""What changed between two documents, as a social worker reads it; and who is never named there."""

import pytest
from django.db import transaction
from django.template.loader import render_to_string

from actions.differences import changed, differences, labels_for, words
from actions.fieldmap import label, names
from actions.models import Action
from actions.snapshot import snapshot
from tests.factories import (
    ActionFactory,
    BudgetLineFactory,
    ContactFactory,
    DomainFactory,
    GoalFactory,
    MediaFactory,
    PartnershipFactory,
    QuoteFactory,
    StaffTimeFactory,
    TeamMemberFactory,
    ThemeFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


def read(action) -> dict:
    return snapshot(Action.objects.for_snapshot().get(pk=action.pk))


@pytest.fixture
def compare(agent):
    """`compare(old, new)`: name → (pieces as « -removed » and « +added », or rows), note."""

    def told(old: dict, new: dict, reader=agent) -> dict:
        labels = labels_for([old, new], reader=reader)
        return {
            d.name: [
                f"{'-' if p.kind == 'removed' else '+' if p.kind == 'added' else ''}{p.text.strip()}" for p in d.pieces
            ]
            or [(*row.states, row.title) for row in d.rows]
            or d.note
            for d in differences(old, new, labels)
        }

    return told


def test_every_name_of_a_document_has_its_place_and_its_label():
    assert sorted(names()) == sorted(read(ActionFactory()))
    assert [name for name in names() if not label(name)[0].isupper()] == []


def test_names_come_in_the_order_of_the_form():
    old = read(ActionFactory())

    assert changed(old, {**old, "contact": 1, "context": "x", "title": "Autre", "goals": [1]}) == [
        "title",
        "context",
        "goals",
        "contact",
    ]


def test_name_that_one_of_the_two_does_not_have_is_left_out(compare):
    old = read(ActionFactory())

    assert compare(
        {n: v for n, v in old.items() if n != "summary"}, {**old, "summary": "Neuve", "title": "Autre"}
    ).keys() == {"title"}


@pytest.mark.parametrize(
    ("name", "before", "after", "pieces"),
    [
        ("title", "Cuisine partagée", "Cuisine ouverte", ["Cuisine", "-partagée", "+ouverte"]),
        ("context", "<p>Un <b>constat</b></p>", "<p>Un avis</p>", ["Un", "-constat", "+avis"]),
        ("life_state", "idea", "running", ["-idée", "+en cours"]),
        ("open_to_newcomers", "", "yes", ["+oui"]),
        ("has_contract", False, True, ["-non", "+oui"]),
        ("starts_on", "2026-03-01", None, ["-dimanche 1er mars 2026"]),
        ("rhythm_starts_at", None, "14:30:00", ["+14\u00a0h\u00a030"]),
        ("rhythm_weekday", 0, 2, ["-lundi", "+mercredi"]),
        ("rhythm_ordinals", [1, -1], [2], ["-premier, dernier", "+deuxième"]),
        ("expected_participants", 8, 1200, ["-8", "+1\u00a0200"]),
        ("context", "<p>Un constat</p>", "<p>Un</p><p>constat</p>", "Seule la mise en forme a changé."),
        ("context", "<p>Un constat</p>", "<p><strong>Un</strong> constat</p>", "Seule la mise en forme a changé."),
    ],
)
def test_value_in_words(compare, name, before, after, pieces):
    old = read(ActionFactory())

    assert compare({**old, name: before}, {**old, name: after}) == {name: pieces}


def test_records_go_by_their_names(compare):
    action = ActionFactory(domain__name="Alimentation", themes=[ThemeFactory(name="Estime de soi")])
    old = read(action)
    other, theme = DomainFactory(name="Insertion"), ThemeFactory(name="Habitat")

    assert compare(old, {**old, "domain": other.pk, "themes": [theme.pk]}) == {
        "domain": ["-Alimentation", "+Insertion"],
        "themes": ["-Estime de soi", "+Habitat"],
    }


def test_record_that_no_longer_exists_is_said_deleted(compare):
    old = read(ActionFactory(domain__name="Alimentation"))

    assert compare(old, {**old, "domain": 10_000, "themes": [10_000]}) == {
        "domain": ["-Alimentation", "+(supprimé)"],
        "themes": ["+(supprimé)"],
    }


def test_contact_who_withdrew_is_never_named(compare):
    service = ContactFactory(label="MDS du Lac")
    person = ContactFactory(named=True, label="MDS du Bois", person_name="Camille Exemple")
    old = read(ActionFactory(contact=service))
    new = {**old, "contact": person.pk}

    assert compare(old, new)["contact"] == ["-MDS du Lac", "+Camille Exemple, MDS du Bois"]
    with transaction.atomic():
        person.withdraw_consent()
    assert compare(old, new)["contact"] == ["-MDS du Lac", "+(contact retiré)"]


def test_sheet_that_the_reader_may_not_see_is_not_named(compare, agent, manager):
    secret = ActionFactory(title="Brouillon d’ailleurs")
    old = read(ActionFactory(inspired_by=secret))

    assert compare(old, {**old, "inspired_by": None}) == {"inspired_by": ["-(fiche non visible)"]}
    assert compare(old, {**old, "inspired_by": None}, manager) == {"inspired_by": ["-Brouillon d’ailleurs"]}


def test_person_is_a_function_not_a_name(compare):
    action = ActionFactory()
    one = UserFactory(full_name="Dominique Nom", function="assistante sociale")
    other = UserFactory(full_name="Claude Autre", function="assistante sociale")
    TeamMemberFactory(action=action, function="CESF", user=one)
    old = read(action)
    row = old["team_members"][0]

    labels = labels_for([old, {**old, "team_members": [{**row, "user": other.pk}]}], reader=one)
    [difference] = differences(old, {**old, "team_members": [{**row, "user": other.pk}]}, labels)

    assert difference.rows[0].title == "co-animateur\u00a0; fonction\u00a0: CESF\u00a0; compte\u00a0: un compte"
    assert [(cell.label, cell.note) for cell in difference.rows[0].cells] == [
        ("Compte", "un compte\u00a0: remplacé par un autre.")
    ]


def test_rows_are_added_removed_changed_and_moved(compare):
    action = ActionFactory()
    for position, text in enumerate(("Un", "Deux", "Trois", "Quatre")):
        GoalFactory(action=action, text=text, position=position)
    old = read(action)
    one, two, three, four = old["goals"]
    five = {**one, "key": "00000000-0000-4000-8000-000000000000", "text": "Cinq"}

    changes = compare(old, {**old, "goals": [four, {**two, "text": "Deux encore"}, {**three, "level": 1}, five]})

    assert changes == {
        "goals": [
            ("déplacée", "Quatre"),
            ("modifiée", "Deux encore"),
            ("déplacée", "– Trois"),
            ("ajoutée", "Cinq"),
            ("supprimée", "Un"),
        ]
    }


def test_rows_say_what_they_hold():
    action = ActionFactory()
    BudgetLineFactory(action=action, label="Courses", funder="Caf", planned=300)
    StaffTimeFactory(action=action, hours=12)
    QuoteFactory(action=action, text="On cuisine.", speaker="une participante")
    PartnershipFactory(action=action, partner__name="Aire")
    content = read(action)
    labels = labels_for([content], reader=UserFactory())

    assert {
        name: words(name, content[name], labels) for name in ("budget_lines", "staff_times", "quotes", "partnerships")
    } == {
        "budget_lines": ["Courses\u00a0; financeur\u00a0: Caf\u00a0; prévu\u00a0: 300\u00a0€"],
        "staff_times": ["animation\u00a0; heures\u00a0: 12\u00a0h"],
        "quotes": ["On cuisine.\u00a0; qui parle, sans nom\u00a0: une participante\u00a0; accord recueilli"],
        "partnerships": ["Aire\u00a0; rôle\u00a0: partenaire"],
    }


def test_partner_that_a_form_has_just_named_goes_by_its_words(agent):
    row = {"key": "k", "partner": "Une association", "role": "partner", "notes": ""}
    content = {**read(ActionFactory()), "partnerships": [row]}

    assert words("partnerships", content["partnerships"], labels_for([content], reader=agent)) == [
        "Une association\u00a0; rôle\u00a0: partenaire"
    ]


def test_names_are_asked_in_as_many_queries_whatever_the_rows(agent, django_assert_num_queries):
    for rows in (1, 3):
        action = ActionFactory(published=True, inspired_by=ActionFactory(published=True))
        PartnershipFactory.create_batch(rows, action=action)
        TeamMemberFactory.create_batch(rows, action=action, user=agent)
        for factory in (GoalFactory, QuoteFactory, MediaFactory):
            factory.create_batch(rows, action=action)
        content = read(action)
        # domain, unit and places, contact, audiences, sheet, accounts, partners
        with django_assert_num_queries(7):
            labels_for([content, content], reader=agent)


def test_page_shows_what_is_removed_and_added_to_the_eye_and_to_a_screen_reader(agent):
    old = read(ActionFactory(title="Cuisine <partagée>"))
    new = {**old, "title": "Cuisine ouverte"}

    html = render_to_string(
        "actions/_differences.html", {"differences": differences(old, new, labels_for([old, new], reader=agent))}
    )

    assert (
        '<dd class="diff__text">Cuisine <del class="diff__removed"><span class="visually-hidden">supprimé&nbsp;: </span>'
        '&lt;partagée&gt;</del> <ins class="diff__added"><span class="visually-hidden">ajouté&nbsp;: </span>ouverte</ins> </dd>'
    ) in html
