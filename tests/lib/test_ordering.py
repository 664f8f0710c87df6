import pytest

from isic.lib.ordering import sort_key
from territories.models import Territory
from tests.factories import TerritoryFactory

pytestmark = pytest.mark.engine


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Été", "ete"),
        ("L’Abergement-Clémenciat", "l abergement clemenciat"),
        ("Œuvre, ÆON", "oeuvre aeon"),
        ("L\u02bcété inter\u00adcommunal", "l ete intercommunal"),
        ("  « Chemin   de mots » ", "chemin de mots"),
        ("x" * 300, "x" * 200),
        ("", ""),
    ],
)
def test_sort_key_is_plain(text, key):
    assert sort_key(text) == key


@pytest.mark.django_db
def test_sort_key_follows_the_name_on_every_write():
    commune = TerritoryFactory(name="Étrez")
    Territory.objects.bulk_create([TerritoryFactory.build(name="Bâgé", slug="bage")])
    assert [t.sort_key for t in Territory.objects.all()] == ["bage", "etrez"]

    commune.name = "Ambérieu"
    commune.save()

    assert [t.sort_key for t in Territory.objects.all()] == ["amberieu", "bage"]
