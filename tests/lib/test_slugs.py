import pytest

from actions.models import Domain
from territories.models import Territory
from tests.factories import ActionFactory, DomainFactory, TerritoryFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("L’Abergement-de-Varey", "l-abergement-de-varey"),
        ("Groupe d'été", "groupe-d-ete"),
        ("Cœur de ville", "coeur-de-ville"),
        ("Ex æquo", "ex-aequo"),
        ("L\u02bcété inter\u00adcommunal", "l-ete-intercommunal"),
        ("Enfance/PMI", "enfance-pmi"),
        ("日本", "territory"),
        ("!!!", "territory"),
    ],
)
def test_slug_is_made_from_the_name(name, slug):
    assert TerritoryFactory(name=name).slug == slug


def test_slug_of_a_second_same_name_is_numbered():
    assert [TerritoryFactory(name="Arbent").slug for _ in range(3)] == ["arbent", "arbent-2", "arbent-3"]


def test_slug_fills_the_first_hole():
    TerritoryFactory(name="Arbent", slug="arbent-2")

    assert [TerritoryFactory(name="Arbent").slug for _ in range(2)] == ["arbent", "arbent-3"]


def test_slug_is_never_changed_by_a_new_name():
    domain = DomainFactory(name="Parentalité")

    domain.name = "Familles"
    domain.save()

    assert Domain.objects.get().slug == "parentalite"


def test_slug_of_the_longest_title_fits():
    longest = "é" * 150

    assert [len(ActionFactory(title=longest).slug) for _ in range(2)] == [150, 152]


def test_slug_given_is_kept():
    assert TerritoryFactory(name="Arbent", slug="mon-adresse").slug == "mon-adresse"


def test_slug_is_empty_until_the_first_write():
    assert Territory(name="Arbent").slug == ""


def test_slug_of_a_page_of_ours_is_never_given_to_a_sheet(db):
    assert ActionFactory(title="Nouvelle").slug == "nouvelle-2"
