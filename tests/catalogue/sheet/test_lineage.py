"""The family tree of an action: where it comes from, where it was redone, and who sees what of it."""

import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction

from actions.models import Action
from catalogue.caching import CACHED_PAGES
from catalogue.sheet.lineage import Lineage, lineage
from tests.factories import ActionFactory, PartnerFactory, TerritoryFactory

pytestmark = [pytest.mark.engine, pytest.mark.django_db]


def tree(action, user=None) -> list:
    """[title, [heirs]], the sheet itself between stars."""

    def told(relative) -> list:
        title = f"*{relative.action.title}*" if relative.is_here else relative.action.title
        return [title, *([[told(child) for child in relative.children]] if relative.children else [])]

    relatives = lineage(action, Action.objects.visible_to(user or AnonymousUser()))
    return [told(relative) for relative in relatives.tree]


def published(title: str, source=None, **fields) -> Action:
    return ActionFactory(published=True, title=title, inspired_by=source, **fields)


@pytest.fixture
def line():
    """Five generations in a line: A, B, C, D, E; and F, another heir of B."""
    sheets = []
    for title in "ABCDE":
        sheets.append(published(title, sheets[-1] if sheets else None))
    published("F", sheets[1])
    return {sheet.title: sheet for sheet in sheets}


def test_tree_goes_up_to_the_root_and_down_to_the_grandchildren(line):
    assert tree(line["C"]) == [["A", [["B", [["*C*", [["D", [["E"]]]]]]]]]]
    assert tree(line["B"]) == [["A", [["*B*", [["C", [["D", [["E"]]]]], ["F"]]]]]]
    assert tree(line["A"])[0][0] == "*A*"


def test_sheet_without_relatives_has_no_tree(django_assert_num_queries):
    action = published("Seule")

    with django_assert_num_queries(1):
        assert lineage(action, Action.objects.visible_to(AnonymousUser())) == Lineage([], "")


@pytest.mark.parametrize("heirs", [1, 3])
def test_tree_costs_as_many_queries_whatever_its_size(line, heirs, django_assert_num_queries):
    for n in range(heirs):
        published(f"Petite-fille {n}", published(f"Fille {n}", line["C"]), elsewhere=bool(n % 2))

    with django_assert_num_queries(5) as captured:  # the sources, three generations, what the reader may see of them
        relatives = lineage(line["C"], Action.objects.visible_to(AnonymousUser()))
        assert [relative.place for relative in relatives.tree] == [str(line["A"].carrier)]
    # Only the sources, by their primary keys: without statistics PostgreSQL plans any other such join as for one sheet.
    assert ['JOIN "actions_action"' in query["sql"] for query in captured] == [True, False, False, False, False]


def test_relative_that_the_reader_may_not_see_is_passed_over(line, agent, manager):
    with transaction.atomic():
        for title in "BD":
            line[title].editorial_state = "archived"
            line[title].save()

    assert tree(line["C"]) == [["A", [["*C*", [["E"]]]]]]
    assert tree(line["C"], agent) == tree(line["C"])
    assert tree(line["C"], manager) == [["A", [["B", [["*C*", [["D", [["E"]]]]]]]]]]


def test_family_in_a_loop_is_told_once():
    one, two = published("Un"), published("Deux")
    with transaction.atomic():
        one.inspired_by, two.inspired_by = two, one
        one.save()
        two.save()
    published("Trois", two)
    alone = published("Soi")
    with transaction.atomic():
        alone.inspired_by = alone
        alone.save()

    assert tree(one) == [["Deux", [["*Un*"]]]]
    assert tree(alone) == []


def test_place_says_who_and_when():
    source = published("Source")
    published(
        "Fille",
        source,
        carrier_unit=TerritoryFactory(local_unit=True, name="MDS du Lac"),
        starts_on=dt.date(2024, 3, 1),
    )

    relatives = lineage(source, Action.objects.visible_to(AnonymousUser()))

    assert [child.place for child in relatives.tree[0].children] == ["MDS du Lac, 2024"]


def test_reach_counts_the_others_that_redid_it(unit, other_unit, manager):
    source = published("Source", carrier_unit=unit)
    published("Saison 2", source, carrier_unit=unit)
    published("Une", source, carrier_unit=other_unit)
    published("Encore", source, carrier_unit=other_unit)
    ActionFactory(title="Une idée", inspired_by=source)

    assert lineage(source, Action.objects.visible_to(manager)).reach == "Refaite dans 1\u00a0MDS"
    published("Petite-fille", Action.objects.get(title="Une"))
    published("Chez un partenaire", source, carrier_unit=None, carrier_partner=PartnerFactory())
    assert (
        lineage(source, Action.objects.visible_to(manager)).reach == "Refaite dans 2\u00a0MDS et chez 1\u00a0partenaire"
    )


def test_sheet_shows_its_tree_and_its_reach(client, line):
    page = client.get(line["C"].get_absolute_url()).text

    assert '<strong aria-current="true">Cette fiche</strong>' in page
    assert page.index(">A</a>") < page.index(">B</a>") < page.index("Cette fiche</strong>") < page.index(">E</a>")
    assert '<a class="tag tag--outline" href="#filiation">Refaite dans 2\u00a0MDS</a>' in page


@pytest.mark.django_db(transaction=True)
def test_heir_published_later_is_on_the_page_that_a_browser_keeps(client, manager):
    source = published("Source")
    heir = published("Fille", source, editorial_state="draft")
    CACHED_PAGES.clear()
    first = client.get(source.get_absolute_url())
    assert client.get(source.get_absolute_url(), headers={"if-none-match": first["ETag"]}).status_code == 304

    heir.publish(by=manager)

    again = client.get(source.get_absolute_url(), headers={"if-none-match": first["ETag"]})
    assert (again.status_code, ">Fille</a>" in first.text, ">Fille</a>" in again.text) == (200, False, True)
