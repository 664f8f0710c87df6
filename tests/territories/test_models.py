import pytest
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError

from territories.models import Membership, Territory
from tests.factories import MembershipFactory, TerritoryFactory
from tests.rules import assert_refused

pytestmark = [pytest.mark.engine, pytest.mark.django_db]


def test_territory_refuses_an_official_code_twice_in_one_kind():
    TerritoryFactory(code="01053")

    assert_refused(
        TerritoryFactory.build(code="01053"),
        "Ce code officiel est déjà celui d’un autre territoire du même type.",
    )


def test_territory_accepts_a_code_in_two_kinds_and_several_without_code():
    TerritoryFactory(code="01")
    TerritoryFactory(home=True, code="01")
    TerritoryFactory(code="")
    TerritoryFactory(code="")

    assert Territory.objects.count() == 4


def test_territory_refuses_a_second_home():
    TerritoryFactory(home=True)

    assert_refused(
        TerritoryFactory.build(home=True, code="38"),
        "Un autre département est déjà celui de cette installation.",
    )


def test_territory_refuses_a_home_that_is_no_department():
    assert_refused(TerritoryFactory.build(is_home=True), "Seul un département peut être celui de cette installation.")


def test_territory_refuses_to_contain_itself():
    commune = TerritoryFactory()
    commune.parent = commune

    assert_refused(commune, "Un territoire ne peut pas se contenir lui-même.")


def test_territory_refuses_to_contain_itself_through_others():
    epci = TerritoryFactory(epci=True)
    commune = TerritoryFactory(parent=epci)
    district = TerritoryFactory(district=True, parent=commune)
    epci.parent = district

    with pytest.raises(ValidationError) as refusal:
        epci.full_clean()

    assert refusal.value.message_dict == {"parent": ["Un territoire ne peut pas se contenir lui-même."]}


def test_territory_refuses_a_parent_whose_tree_has_a_loop():
    """Only code that forgets to ask can make one; nobody waits for ever because of it."""
    epci = TerritoryFactory(epci=True)
    commune = TerritoryFactory(parent=epci)
    Territory.objects.filter(pk=epci.pk).update(parent=commune)

    with pytest.raises(ValidationError) as refusal:
        TerritoryFactory.build(parent=Territory.objects.get(pk=commune.pk)).full_clean()

    assert refusal.value.message_dict["parent"] == ["Un territoire ne peut pas se contenir lui-même."]


@pytest.mark.parametrize(("latitude", "longitude"), [(90.1, 5), (-91, 5), (46, 181), (46, -180.5)])
def test_territory_refuses_a_point_outside_the_earth(latitude, longitude):
    with pytest.raises(ValidationError):
        TerritoryFactory.build(latitude=latitude, longitude=longitude).full_clean()


def test_territory_with_children_is_protected():
    epci = TerritoryFactory(epci=True)
    TerritoryFactory(parent=epci)

    with pytest.raises(ProtectedError):
        epci.delete()


def test_home_and_local_units_are_told_apart():
    home = TerritoryFactory(home=True)
    unit = TerritoryFactory(local_unit=True)
    TerritoryFactory()

    assert list(Territory.objects.home()) == [home]
    assert list(Territory.objects.local_units()) == [unit]


def test_served_by_user_are_the_units_of_his_memberships(agent, unit, stranger, other_unit):
    assert list(Territory.objects.served_by_user(agent)) == [unit]
    assert list(Territory.objects.served_by_user(stranger)) == [other_unit]


def test_local_unit_goes_by_the_department_own_word(settings):
    settings.LOCAL_UNIT_LABEL = "CMS"

    assert TerritoryFactory.build(local_unit=True).kind_label == "CMS"
    assert TerritoryFactory.build().kind_label == "commune"


def test_territories_sort_as_a_reader_looks_for_them():
    for name in ("Épinal", "L’Abergement", "Étrez", "Zone", "ambronay", "Echallon"):
        TerritoryFactory(name=name)

    assert [t.name for t in Territory.objects.all()] == [
        "ambronay", "Echallon", "Épinal", "Étrez", "L’Abergement", "Zone",
    ]  # fmt: skip


def test_membership_refuses_the_same_person_twice_in_a_unit(agent, unit):
    assert_refused(
        Membership(user=agent, territory=unit, role=Membership.Role.HEAD),
        "Cette personne est déjà membre de cette unité.",
    )


def test_membership_goes_with_the_account_and_holds_the_unit():
    membership = MembershipFactory()

    with pytest.raises(ProtectedError):
        membership.territory.delete()
    membership.user.delete()

    assert list(Membership.objects.all()) == []
