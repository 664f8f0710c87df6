"""A name is published with an agreement, whose date and keeper are recorded, and which can be taken back."""

import datetime as dt

from django.urls import reverse
from django.utils import timezone

from partners.models import Contact
from tests.factories import ContactFactory

ADD = reverse("admin:partners_contact_add")
SERVICE = {"label": "MDS du Lac", "email": "accueil@example.org"}


def test_service_needs_no_agreement(manager_client):
    manager_client.post(ADD, SERVICE)

    contact = Contact.objects.get()
    assert (contact.label, contact.consent_recorded_by, contact.is_publishable) == ("MDS du Lac", None, True)


def test_contact_without_mailbox_nor_phone_is_refused(manager_client):
    page = manager_client.post(ADD, {"label": "MDS du Lac"})

    assert page.context["adminform"].form.non_field_errors() == ["Indiquez une adresse e-mail ou un téléphone."]


def test_named_person_without_agreement_is_refused(manager_client):
    page = manager_client.post(ADD, SERVICE | {"person_name": "Camille Exemple"})

    assert page.context["adminform"].form.non_field_errors() == [
        "Une personne nommée doit avoir donné son accord\u00a0: indiquez sa date et qui l’a enregistré."
    ]
    assert not Contact.objects.exists()


def test_agreement_is_recorded_by_whoever_enters_it(manager_client, manager, admin_client):
    manager_client.post(ADD, SERVICE | {"person_name": "Camille Exemple", "consent_given_on": "15/01/2026"})
    contact = Contact.objects.get()
    assert (contact.consent_given_on, contact.consent_recorded_by) == (dt.date(2026, 1, 15), manager)

    change = reverse("admin:partners_contact_change", args=[contact.pk])
    same = {"person_name": "Camille Exemple", "consent_given_on": "15/01/2026", "phone": "01 99 00 12 34"}
    admin_client.post(change, SERVICE | same)

    contact.refresh_from_db()
    assert (contact.phone, contact.consent_recorded_by) == ("01 99 00 12 34", manager)


def test_agreement_is_withdrawn_today_for_the_named_persons_of_a_selection(manager_client):
    named, service = ContactFactory(named=True), ContactFactory()
    data = {"action": "withdraw_consent", "_selected_action": [named.pk, service.pk], "index": 0}

    page = manager_client.post(reverse("admin:partners_contact_changelist"), data, follow=True)

    named.refresh_from_db()
    service.refresh_from_db()
    assert (named.consent_withdrawn_on, service.consent_withdrawn_on) == (timezone.localdate(), None)
    assert list(Contact.objects.publishable()) == [service]
    assert (named.person_name, named.email, named.phone) == ("", "", "")
    assert [str(m) for m in page.context["messages"]] == ["Accord retiré\u00a0: Camille Exemple."]
