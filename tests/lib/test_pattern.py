import re
from xml.etree import ElementTree

from isic.lib.icons import symbol
from isic.lib.pattern import pattern


def test_pattern_is_the_same_for_the_same_sheet():
    assert pattern("sus-au-tabou", "family") == pattern("sus-au-tabou", "family")


def test_pattern_differs_between_five_hundred_sheets_of_one_domain():
    assert len({pattern(f"groupe-de-parole-{n}", "talk") for n in range(500)}) == 500


def test_pattern_is_a_small_hidden_drawing_of_the_domain_pictogram():
    for n in range(200):
        svg = pattern(f"fiche-{n}", "network")
        root = ElementTree.fromstring(svg)
        assert root.get("aria-hidden") == "true"
        assert {use.get("href") for use in root.iter("use")} == {symbol("domain-network")}
        assert len(svg.encode()) < 1200


def test_pattern_carries_no_style_attribute_and_only_classes_the_stylesheet_knows():
    drawn = "".join(pattern(f"fiche-{n}", "food") for n in range(50))
    assert "style=" not in drawn
    assert set(re.findall(r'class="([^"]+)"', drawn)) == {"pattern", "a", "b", "c", "d", "e"}


def test_pattern_escapes_what_it_is_given():
    assert '"><script>' not in pattern("x", 'a"><script>')
