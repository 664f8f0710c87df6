import datetime as dt

import pytest
from django.utils import timezone

from partners.models import Contact, Partner
from tests.factories import ContactFactory, PartnerFactory
from tests.rules import assert_refused

pytestmark = [pytest.mark.engine, pytest.mark.django_db]

CONSENT_NEEDED = "Une personne nommée doit avoir donné son accord\u00a0: indiquez sa date et qui l’a enregistré."


def test_contact_refuses_to_be_unreachable():
    assert_refused(ContactFactory.build(email="", phone=""), "Indiquez une adresse e-mail ou un téléphone.")


def test_contact_needs_only_one_way_to_be_reached():
    ContactFactory(email="", phone="01 99 00 00 01")
    ContactFactory(email="service@example.org", phone="")

    assert Contact.objects.count() == 2


def test_contact_refuses_a_named_person_without_consent():
    assert_refused(ContactFactory.build(person_name="Camille Exemple"), CONSENT_NEEDED)


def test_contact_refuses_a_consent_that_nobody_recorded():
    contact = ContactFactory.build(person_name="Camille Exemple", consent_given_on=dt.date(2026, 1, 15))

    assert_refused(contact, CONSENT_NEEDED)


def test_publishable_twins_agree():
    cases = {
        ContactFactory(): True,
        ContactFactory(named=True): True,
        ContactFactory(named=True, consent_withdrawn_on=dt.date(2026, 2, 1)): False,
        ContactFactory(named=True, consent_given_on=timezone.localdate() - dt.timedelta(days=395)): True,
        ContactFactory(named=True, consent_given_on=timezone.localdate() - dt.timedelta(days=396)): False,
        ContactFactory(email="", consent_withdrawn_on=dt.date(2026, 2, 1)): False,
    }

    assert {contact: contact.is_publishable for contact in cases} == cases
    assert set(Contact.objects.publishable()) == {contact for contact, expected in cases.items() if expected}


def test_partners_sort_as_a_reader_looks_for_them():
    for name in ("Œuvre des villages", "Écoute", "Caf de l’Ain"):
        PartnerFactory(name=name)

    assert [partner.name for partner in Partner.objects.all()] == ["Caf de l’Ain", "Écoute", "Œuvre des villages"]


def test_withdrawal_leaves_nothing_that_leads_to_the_person_and_keeps_the_dates():
    contact = ContactFactory(named=True, phone="01 99 00 00 09")
    keeper = contact.consent_recorded_by

    contact.withdraw_consent()
    contact.withdraw_consent()

    contact.refresh_from_db()
    assert (contact.person_name, contact.email, contact.phone) == ("", "", "")
    assert (contact.consent_given_on, contact.consent_withdrawn_on) == (timezone.localdate(), timezone.localdate())
    assert (contact.consent_recorded_by, contact.is_publishable) == (keeper, False)


def test_service_has_nothing_to_withdraw():
    service = ContactFactory(email="accueil@example.org")

    service.withdraw_consent()

    service.refresh_from_db()
    assert (service.email, service.is_publishable) == ("accueil@example.org", True)


def test_contacts_offered_are_those_of_the_units_the_partner_and_the_service(agent, manager, unit, other_unit):
    own, service, partner = ContactFactory(unit=unit), ContactFactory(), ContactFactory(partner=PartnerFactory())
    foreign = ContactFactory(unit=other_unit)
    ContactFactory(unit=unit, email="", consent_withdrawn_on=dt.date(2026, 2, 1))

    assert set(Contact.objects.offered_to(agent)) == {own, service}
    assert set(Contact.objects.offered_to(agent, partner=partner.partner_id)) == {own, service, partner}
    assert set(Contact.objects.offered_to(agent, current=foreign.pk)) == {own, service, foreign}
    assert set(Contact.objects.offered_to(manager)) == {own, service, partner, foreign}


def test_contacts_sort_as_french_people_look_for_them():
    for label in ("Oyonnax", "Écoute santé", "accueil", "Zone sud"):
        ContactFactory(label=label)

    assert [contact.label for contact in Contact.objects.all()] == ["accueil", "Écoute santé", "Oyonnax", "Zone sud"]
