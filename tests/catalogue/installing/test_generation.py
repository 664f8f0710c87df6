"""`generate_actions`: published sheets in bulk, in the catalogue at once."""

import json

import pytest
from django.core.management import CommandError, call_command

from actions.models import Action
from catalogue.models import Entry, Stale
from tests.factories import AudienceFactory, DomainFactory, TerritoryFactory

pytestmark = [pytest.mark.engine, pytest.mark.django_db]

ROW = {
    "id": 7,
    "title": "Ciné-débat de quartier",
    "summary": "On regarde, on parle.",
    "context": "Un constat.",
    "objectives": "Permettre à chacun de parler.",
    "results": "Les échanges ont été riches.",
    "domains": ["Loisirs/culture"],
    "mds": ["MDS Vallée-Verte", "MDS du Pré"],
    "communes": ["Orvault-le-Petit"],
    "publics": ["Adolescents"],
    "status": "En pause",
    "frameworks": ["Contrat de ville"],
    "levers": ["Mise en réseau"],
    "year": 2021,
    "partners": ["CPAM"],
}


@pytest.fixture
def lists(db):
    DomainFactory.create_batch(2)
    AudienceFactory()
    TerritoryFactory(name="Oyonnax")


def assert_in_the_catalogue(client, number: int) -> None:
    """Every sheet has the entry that a rebuild would write, and no mark waits."""
    assert f'data-total="{number}"' in client.get("/actions/").text
    call_command("rebuild_search", check=True)
    assert (Action.objects.published().count(), Entry.objects.count(), Stale.objects.count()) == (number, number, 0)


def test_generated_actions_are_in_the_catalogue(lists, client):
    call_command("generate_actions", 12)
    call_command("generate_actions", 3)

    assert_in_the_catalogue(client, 15)
    for action in Action.objects.all():
        action.full_clean()


def test_one_seed_makes_the_same_actions(lists):
    def made(seed: int) -> list[tuple]:
        call_command("generate_actions", 5, seed=seed)
        first_run = list(Action.objects.order_by("slug").values_list("slug", "title", "summary", "context"))
        Action.objects.all().delete()
        return first_run

    assert made(2) == made(2) != made(3)


def test_actions_of_a_file_keep_what_it_says(client, tmp_path):
    rows = [ROW, ROW | {"id": 8, "mds": [], "communes": [], "status": "Terminée"}]
    (tmp_path / "actions.jsonl").write_text("\n".join(map(json.dumps, rows)))

    call_command("generate_actions", file=tmp_path / "actions.jsonl")

    assert_in_the_catalogue(client, 2)
    action = Action.objects.get(slug="bench-7")
    assert (action.title, action.domain.name, action.life_state, action.starts_on.year) == (
        "Ciné-débat de quartier",
        "Loisirs/culture",
        "paused",
        2021,
    )
    assert (str(action.carrier), [unit.name for unit in action.other_units.all()]) == (
        "MDS Vallée-Verte",
        ["MDS du Pré"],
    )
    assert [[str(row) for row in getattr(action, name).all()] for name in ("places", "audiences", "frameworks")] == [
        ["Orvault-le-Petit"],
        ["Adolescents"],
        ["Contrat de ville"],
    ]
    assert [partnership.partner.name for partnership in action.partnerships.all()] == ["CPAM"]
    assert str(Action.objects.get(slug="bench-8").carrier) == "Département du banc d’essai"


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({}, "Indiquez un nombre d’actions, ou un fichier avec --from."),
        ({"count": 1, "file": "un.jsonl"}, "Indiquez un nombre d’actions, ou un fichier avec --from."),
        ({"count": 1}, "Il n’y a ni domaine ni commune\u00a0: lancez d’abord start_department."),
    ],
)
def test_what_cannot_be_generated_is_said_in_one_sentence(options, sentence):
    with pytest.raises(CommandError, match=sentence):
        call_command("generate_actions", **options)


@pytest.mark.parametrize("line", ["{", '{"id": 1}', "[]"])
def test_a_file_of_another_form_is_said_in_one_sentence(tmp_path, line):
    (tmp_path / "actions.jsonl").write_text(line)

    with pytest.raises(CommandError, match="n’a pas la forme attendue"):
        call_command("generate_actions", file=tmp_path / "actions.jsonl")
