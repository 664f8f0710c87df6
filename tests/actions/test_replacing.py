"""One value in the place of another, in every sheet: a version each, histories that read, restorations that hold."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from actions.differences import labels_for, words
from actions.history import restorable, restore
from actions.models import Action, Domain, Replacement
from actions.snapshot import snapshot
from catalogue.search import current
from catalogue.search.query import Query
from isic.lib.replacing import replace
from partners.models import Contact, Partner
from territories.models import Membership, Territory
from tests.factories import (
    ActionFactory,
    ContactFactory,
    DomainFactory,
    MeetingFactory,
    MembershipFactory,
    PartnerFactory,
    PartnershipFactory,
    TeamMemberFactory,
    TerritoryFactory,
)

pytestmark = [pytest.mark.engine, pytest.mark.django_db]


def content(action: Action) -> dict:
    return snapshot(Action.objects.for_snapshot().get(pk=action.pk))


def test_two_communes_merge_in_every_sheet_and_each_keeps_a_version(manager):
    old, new = TerritoryFactory(name="Lancrans", code="01205"), TerritoryFactory(name="Valserhône", code="01033")
    only, both = ActionFactory(published=True, places=[old]), ActionFactory(places=[old, new])
    other = ActionFactory(places=[new])
    started = other.version

    replace(old, new, by=manager)

    assert [list(action.places.all()) for action in (only, both)] == [[new], [new]]
    assert [
        (line.by, line.kind, line.reason.replace("\u00a0", " "))
        for line in (only.versions.first(), both.versions.first())
    ] == [(manager, "edited", "« Lancrans » est remplacé par « Valserhône ».")] * 2
    assert Action.objects.get(pk=other.pk).version == started
    assert not Territory.objects.filter(pk=old.pk).exists()
    assert set(new.aliases.values_list("kind", "text")) == {("former_name", "Lancrans"), ("other_code", "01205")}


def test_catalogue_finds_the_sheets_at_the_new_place(manager):
    old, new = TerritoryFactory(name="Lancrans"), TerritoryFactory(name="Valserhône")
    action = ActionFactory(published=True, places=[old])
    current.catalogue()

    replace(old, new, by=manager)

    results = current.catalogue().search(Query(facets={"territoire": (new.pk,)}), manager)
    assert list(results[:5]) == [action.pk]


def test_partner_entered_twice_becomes_one_with_its_roles_notes_and_contacts(manager):
    old, new = PartnerFactory(name="C.A.F."), PartnerFactory(name="Caf")
    action = ActionFactory(carrier_unit=None, carrier_partner=old)
    PartnershipFactory(action=action, partner=new, role="funder", notes="500 €")
    PartnershipFactory(action=action, partner=old, role="funder", notes="par convention")
    PartnershipFactory(action=action, partner=old, role="host")
    TeamMemberFactory(action=action, partner=old)
    contact = ContactFactory(partner=old)

    replace(old, new, by=manager)

    action = Action.objects.get(pk=action.pk)
    assert action.carrier_partner == new
    assert [(row.partner, row.role, row.notes) for row in action.partnerships.all()] == [
        (new, "funder", "500 €\u00a0; par convention"),
        (new, "host", ""),
    ]
    assert action.team_members.get().partner == new
    assert Contact.objects.get(pk=contact.pk).partner == new
    assert not Partner.objects.filter(pk=old.pk).exists()


def test_unit_that_closes_gives_its_people_sheets_and_communes_to_another(manager, agent, colleague):
    old, new = TerritoryFactory(local_unit=True), TerritoryFactory(local_unit=True)
    commune = TerritoryFactory()
    old.serves.add(commune)
    MembershipFactory(user=agent, territory=old, role="head")
    MembershipFactory(user=agent, territory=new)
    MembershipFactory(user=colleague, territory=old)
    action = ActionFactory(carrier_unit=old)

    replace(old, new, by=manager)

    assert Action.objects.get(pk=action.pk).carrier_unit == new
    assert list(new.serves.all()) == [commune]
    assert dict(Membership.objects.filter(territory=new).values_list("user", "role")) == {
        agent.pk: "head",
        colleague.pk: "agent",
    }


def test_meeting_of_a_unit_goes_with_it_under_its_next_version(manager):
    old, new = TerritoryFactory(local_unit=True), TerritoryFactory(local_unit=True)
    meeting = MeetingFactory(territory=old)

    replace(old, new, by=manager)

    stored = type(meeting).objects.get(pk=meeting.pk)
    assert (stored.territory, stored.version) == (new, meeting.version + 1)


def test_history_reads_what_was_replaced_and_a_restoration_holds(manager):
    old, new = DomainFactory(name="Budget"), DomainFactory(name="Alimentation et budget")
    action = ActionFactory(domain=old)
    with action.edited(by=manager):
        action.title = "Un titre"
    before = action.versions.first()

    replace(old, new, by=manager)

    labels = labels_for([before.content], reader=manager)
    assert words("domain", before.content["domain"], labels) == "Budget (remplacé par Alimentation et budget)"
    assert restorable(before.content)[1] == []
    action = Action.objects.get(pk=action.pk)
    restore(action, before, by=manager)
    assert Action.objects.get(pk=action.pk).domain == new


def test_chain_of_replacements_ends_at_what_stands_today(manager):
    first, second, third = DomainFactory(), DomainFactory(), DomainFactory()
    version = content(ActionFactory(domain=first))

    replace(first, second, by=manager)
    replace(second, third, by=manager)

    assert restorable(version)[0]["domain"] == third.pk


def test_no_word_of_a_contact_stays(manager):
    old, new = ContactFactory(named=True, label="Accueil du Lac"), ContactFactory()
    action = ActionFactory(contact=old)

    replace(old, new, by=manager)

    kept = Replacement.objects.get()
    assert (kept.name, kept.slug, kept.successor_name) == ("", "", "")
    assert Action.objects.get(pk=action.pk).contact == new


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: (TerritoryFactory(), TerritoryFactory(epci=True)), "que par un autre du même type"),
        (lambda: (DomainFactory(), PartnerFactory()), "une autre valeur de la même liste"),
        (lambda: (TerritoryFactory(home=True), TerritoryFactory(kind="department", code="38")), "même type"),
    ],
)
def test_what_cannot_take_the_place_is_refused_and_nothing_changes(manager, make, sentence):
    old, new = make()

    with pytest.raises(ValidationError, match=sentence):
        replace(old, new, by=manager)

    assert type(old).objects.filter(pk=old.pk).exists()
    assert not Replacement.objects.exists()


def test_value_that_is_gone_already_is_said(manager):
    old, new = DomainFactory(), DomainFactory()
    replace(old, new, by=manager)

    for pair in ((Domain(pk=888_888, name="Vu avant"), new), (new, Domain(pk=999_999, name="Parti"))):
        with pytest.raises(ValidationError, match="vient d’être remplacée ou supprimée"):
            replace(*pair, by=manager)


def test_refusal_halfway_leaves_nothing_changed(manager):
    old, new = ContactFactory(), ContactFactory(named=True, consent_given_on=dt.date(2020, 1, 1))
    action = ActionFactory(contact=old)

    with pytest.raises(ValidationError, match="ne peut plus être montré"):
        replace(old, new, by=manager)

    assert Action.objects.get(pk=action.pk).contact == old
    assert Domain.objects.exists()
