"""A unit writes its contacts; a person named in one takes the name back by a link, without signing in."""

import datetime as dt
import re
import uuid

import pytest
from django.conf import settings
from django.core import mail, signing
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from actions.filing import new_draft
from partners import consent
from partners.consent import withdrawal_path
from partners.models import Contact
from tests.actions.filing import fill, page_fields
from tests.factories import ActionFactory, ContactFactory, DomainFactory

pytestmark = pytest.mark.django_db(transaction=True)

NEW = "/contacts/nouveau/?unite=mds-du-lac"
SERVICE = {"label": "MDS du Lac", "email": "accueil@example.org", "phone": ""}
PERSON = SERVICE | {
    "email": "camille@example.org",
    "person_name": "Camille Exemple",
    "agrees": "on",
    "consent_given_on": "15/01/2026",
}


WITHDRAW = {"choice": "retirer"}
TODAY = timezone.localdate


# --- Writing ------------------------------------------------------------------------------------------------------
def test_agent_adds_the_service_of_the_unit(agent_client, unit):
    assert agent_client.get(NEW).status_code == 200

    answer = agent_client.post(NEW, SERVICE)

    contact = Contact.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/contacts/{contact.pk}/")
    assert (contact.label, contact.unit, contact.person_name, contact.is_publishable) == ("MDS du Lac", unit, "", True)
    assert mail.outbox == []


def test_named_person_is_recorded_with_the_wording_and_told(agent_client, agent, unit, client):
    agent_client.post(NEW, PERSON)

    contact = Contact.objects.get()
    assert (contact.consent_given_on, contact.consent_recorded_by) == (dt.date(2026, 1, 15), agent)
    assert contact.consent_wording == "2026-12"
    (message,) = mail.outbox
    assert message.to == ["camille@example.org"]
    assert "J’accepte que mon nom" in message.body
    link = re.search(r"https?://[^/]+(/contacts/retrait/\S+)", message.body)[1]
    assert "Camille Exemple" in client.get(link).text


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"agrees": ""}, "agrees"),
        ({"consent_given_on": ""}, "consent_given_on"),
        ({"consent_given_on": "31/02/2026"}, "consent_given_on"),
        ({"consent_given_on": "15/01/2126"}, "consent_given_on"),
        ({"email": "", "phone": "01 99 00 00 01"}, "email"),
    ],
)
def test_name_without_all_of_its_agreement_is_refused(agent_client, unit, change, field):
    page = agent_client.post(NEW, PERSON | change)

    assert page.status_code == 422
    assert [*page.context["form"].errors] == [field]
    assert "Camille Exemple" in page.text
    assert (Contact.objects.count(), mail.outbox) == (0, [])


def test_contact_that_nobody_could_reach_is_refused(agent_client, unit):
    page = agent_client.post(NEW, SERVICE | {"email": ""})

    assert page.status_code == 422
    assert "Indiquez une adresse e-mail ou un téléphone." in page.text


def test_name_added_to_a_service_without_agreement_is_refused(agent_client, unit):
    service = ContactFactory(unit=unit)

    page = agent_client.post(f"/contacts/{service.pk}/", PERSON | {"agrees": "", "consent_given_on": ""})

    assert page.status_code == 422
    assert "treize mois" not in page.text
    service.refresh_from_db()
    assert service.person_name == ""


def test_name_is_never_replaced_by_another(agent_client, unit):
    contact = ContactFactory(unit=unit, named=True)

    send(agent_client, contact, PERSON | {"person_name": "Dominique Autre"})

    contact.refresh_from_db()
    assert (contact.person_name, contact.email) == ("Camille Exemple", "camille@example.org")


def test_agreement_is_renewed(agent_client, agent, unit):
    old = timezone.localdate() - dt.timedelta(days=400)
    contact = ContactFactory(unit=unit, named=True, email="camille@example.org", consent_given_on=old)
    assert "plus de treize mois" in agent_client.get(f"/contacts/{contact.pk}/").text

    send(agent_client, contact, PERSON | {"consent_given_on": f"{timezone.localdate():%d/%m/%Y}"})

    contact.refresh_from_db()
    assert (contact.is_publishable, contact.consent_recorded_by) == (True, agent)


def test_two_people_change_two_things_and_both_stay(agent_client, manager_client, unit):
    contact = ContactFactory(unit=unit, label="Accueil", email="accueil@example.org")
    base = base_of_page(agent_client, contact)
    typed = {"label": "Accueil", "email": "accueil@example.org", "phone": "", "base": base}
    manager_client.post(f"/contacts/{contact.pk}/", typed | {"email": "nouveau@example.org"})

    agent_client.post(f"/contacts/{contact.pk}/", typed | {"phone": "01 99 00 00 01"})

    contact.refresh_from_db()
    assert (contact.email, contact.phone) == ("nouveau@example.org", "01 99 00 00 01")


@pytest.mark.parametrize(("choice", "kept"), [("mien", "Le mien"), ("autre", "Le sien")])
def test_two_people_change_one_thing_and_choose(choice, kept, agent_client, manager_client, unit):
    contact = ContactFactory(unit=unit, label="Accueil", email="accueil@example.org")
    typed = {"email": contact.email, "phone": "", "base": base_of_page(agent_client, contact)}
    manager_client.post(f"/contacts/{contact.pk}/", typed | {"label": "Le sien"})

    asked = agent_client.post(f"/contacts/{contact.pk}/", typed | {"label": "Le mien", "phone": "01 99 00 00 01"})
    assert asked.status_code == 409
    again = page_fields(asked.text) | {"garder-label": [choice]}
    assert agent_client.post(f"/contacts/{contact.pk}/", again).status_code == 302

    contact.refresh_from_db()
    assert (contact.label, contact.phone) == (kept, "01 99 00 00 01")


def base_of_page(client, contact) -> str:
    return client.get(f"/contacts/{contact.pk}/").context["form"]["base"].value()


def send(client, contact, fields):
    return client.post(f"/contacts/{contact.pk}/", fields | {"base": base_of_page(client, contact)})


def test_outsiders_find_no_contact(stranger_client, agent_client, manager_client, client, unit):
    contact = ContactFactory(unit=unit, named=True)
    elsewhere = ContactFactory()

    for path in (NEW, f"/contacts/{contact.pk}/"):
        answers = [stranger_client.get(path), stranger_client.post(path, PERSON)]
        assert [a.status_code for a in answers] == [404, 404]
        assert client.get(path)["Location"].startswith("/compte/login/")
        assert [c.get(path).status_code for c in (agent_client, manager_client)] == [200, 200]
    assert stranger_client.post(f"/contacts/{contact.pk}/retirer/").status_code == 404
    assert agent_client.get(f"/contacts/{elsewhere.pk}/").status_code == 404
    assert agent_client.get("/contacts/nouveau/").status_code == 404
    assert agent_client.get("/contacts/nouveau/?unite=%00").status_code in (400, 404)
    contact.refresh_from_db()
    assert contact.person_name == "Camille Exemple"


# --- Taking back --------------------------------------------------------------------------------------------------
def test_name_is_withdrawn_in_one_click(agent_client, unit):
    contact = ContactFactory(unit=unit, named=True)

    answers = [agent_client.post(f"/contacts/{contact.pk}/retirer/") for _ in range(2)]

    contact.refresh_from_db()
    assert [a.status_code for a in answers] == [302, 302]
    assert (contact.person_name, contact.email, contact.is_publishable) == ("", "", False)
    assert agent_client.get(f"/contacts/{contact.pk}/retirer/").status_code == 405


def test_form_left_open_cannot_bring_the_name_back(agent_client, unit):
    contact = ContactFactory(unit=unit, named=True)
    agent_client.post(f"/contacts/{contact.pk}/retirer/")

    page = agent_client.post(f"/contacts/{contact.pk}/", PERSON)

    contact.refresh_from_db()
    assert (page.status_code, contact.person_name, contact.email) == (422, "", "")


def test_link_asks_for_a_choice_and_only_the_choice_withdraws(client, unit):
    contact = ContactFactory(unit=unit, named=True)
    path = withdrawal_path(contact)

    assert (client.get(path).status_code, client.head(path).status_code) == (200, 200)
    contact.refresh_from_db()
    assert contact.person_name == "Camille Exemple"
    assert Client(enforce_csrf_checks=True).post(path, WITHDRAW).status_code == 403

    answers = [client.post(path, WITHDRAW)]

    contact.refresh_from_db()
    assert [(a.status_code, a["Location"]) for a in answers] == [(302, path)]
    assert (contact.person_name, contact.consent_withdrawn_on, contact.consent_withdrawn_by) == ("", TODAY(), None)
    page = client.get(path)
    assert "Votre nom est retiré" in page.text
    assert "Camille" not in page.text
    again = client.post(path, WITHDRAW)  # the form of another tab
    assert again.status_code == 422
    contact.refresh_from_db()
    assert contact.person_name == ""


def first_form(client, path: str):
    """Send the first form of a page as it is, as some scanners of mail do; the first choice too, where one is asked."""
    form = page_fields(client.get(path).text)
    return client.post(path, form), client.post(path, form | {"choice": ["garder"]})


def test_machine_that_sends_the_form_as_it_is_withdraws_and_restores_nobody(client, unit):
    contact = ContactFactory(unit=unit, named=True)
    path = withdrawal_path(contact)

    untouched, first = first_form(client, path)
    assert (untouched.status_code, first.status_code) == (422, 302)
    assert "Choisissez l’un ou l’autre" in untouched.text
    contact.refresh_from_db()
    assert contact.person_name == "Camille Exemple"

    client.post(path, WITHDRAW)
    untouched, _ = first_form(client, path)
    assert untouched.status_code == 422
    contact.refresh_from_db()
    assert contact.person_name == ""


@transaction.atomic
def withdrawn_days_ago(contact, days: int) -> None:
    contact.refresh_from_db()
    contact.consent_withdrawn_on = TODAY() - dt.timedelta(days=days)
    contact.save()


@pytest.mark.parametrize(("days", "comes_back"), [(0, True), (1, True), (2, False)])
def test_person_may_come_back_until_the_next_day(days, comes_back, client, unit):
    contact = ContactFactory(unit=unit, named=True, email="camille@example.org", phone="01 99 00 00 09")
    path = withdrawal_path(contact)
    client.post(path, WITHDRAW)
    withdrawn_days_ago(contact, days)

    assert ("changez d’avis" in client.get(path).text) == comes_back
    client.post(path, {"sure": "on"})

    contact.refresh_from_db()
    found = (contact.person_name, contact.email, contact.phone, contact.is_publishable)
    assert found == (
        ("Camille Exemple", "camille@example.org", "01 99 00 00 09", True) if comes_back else ("", "", "", False)
    )


@pytest.mark.parametrize(("days", "is_kept"), [(1, True), (2, False)])
def test_withdrawn_name_is_erased_for_good_once_nobody_may_put_it_back(days, is_kept, client, unit):
    contact = ContactFactory(unit=unit, named=True)
    client.post(withdrawal_path(contact), WITHDRAW)
    withdrawn_days_ago(contact, days)

    for _ in range(2):
        consent.forget(TODAY())

    contact.refresh_from_db()
    assert (contact.withdrawn is not None) == contact.may_be_restored == is_kept
    assert mail.outbox == []


def test_team_reads_it_at_once_and_is_told_once_it_is_certain(agent, agent_client, unit):
    person = ContactFactory(unit=unit, named=True, label="MDS du Lac")
    action = ActionFactory(title="Cuisine", published=True, carrier_unit=unit, contact=person, created_by=agent)
    ActionFactory(published=True, editorial_state="archived", contact=person, created_by=agent)
    person.withdraw_consent()

    desk = agent_client.get("/mes-actions/").text
    withdrawn_days_ago(person, 2)
    for _ in range(2):
        consent.forget(TODAY())

    assert "La personne nommée comme contact ne paraît plus" in desk
    [message] = mail.outbox
    assert message.to == [agent.email]
    assert f"/actions/{action.slug}/modifier/medias-et-contact/" in message.body
    assert "Camille" not in message.subject + message.body


def test_house_puts_back_what_it_withdrew_and_not_what_the_person_did(agent_client, stranger_client, client, unit):
    contact = ContactFactory(unit=unit, named=True)
    back = f"/contacts/{contact.pk}/remettre/"

    agent_client.post(f"/contacts/{contact.pk}/retirer/")
    assert "Remettre ce nom" in agent_client.get(f"/contacts/{contact.pk}/").text
    assert stranger_client.post(back).status_code == 404
    agent_client.post(back)
    contact.refresh_from_db()
    assert (contact.person_name, contact.is_publishable) == ("Camille Exemple", True)

    client.post(withdrawal_path(contact), WITHDRAW)
    assert "Remettre ce nom" not in agent_client.get(f"/contacts/{contact.pk}/").text
    assert agent_client.post(back).status_code == 404
    contact.refresh_from_db()
    assert contact.person_name == ""


@pytest.mark.parametrize("services", ["none", "unit", "withdrawn too"])
def test_there_is_always_somebody_to_write_to(services, client, unit):
    person = ContactFactory(unit=unit, named=True, label="MDS du Lac")
    if services == "unit":
        ContactFactory(unit=unit, label="Accueil du Lac", email="accueil@example.org")
    if services == "withdrawn too":
        ContactFactory(unit=unit, named=True, label="A").withdraw_consent()
    values = {"carrier_unit": unit, "contact": person, "open_to_newcomers": "yes", "life_state": "running"}
    action = ActionFactory(title="Cuisine", published=True, **values)
    with transaction.atomic():
        Contact.objects.get(pk=person.pk).withdraw_consent()
    whom = "accueil@example.org" if services == "unit" else settings.SERVICE_EMAIL

    for path in (action.get_absolute_url(), "/groupes/", unit.get_absolute_url()):
        assert f"mailto:{whom}" in client.get(path).text.partition("<main")[2].partition("</main")[0], path
    assert "Appelez MDS" not in client.get(action.get_absolute_url()).text


def test_new_sheet_takes_no_withdrawn_contact(agent, unit):
    ContactFactory(unit=unit, named=True, label="A").withdraw_consent()
    service = ContactFactory(unit=unit, label="B")

    with transaction.atomic():
        action, _ = new_draft(
            by=agent, submission=uuid.uuid4(), title="Chant", domain=DomainFactory(), carrier_unit=unit
        )

    assert action.contact == service


def test_step_keeps_the_withdrawn_contact_that_nobody_touched(agent_client, unit):
    person = ContactFactory(unit=unit, named=True)
    action = ActionFactory(carrier_unit=unit, contact=person)
    person.withdraw_consent()

    sent = fill(agent_client, action, "medias-et-contact", source="Un livre")
    response = agent_client.post(f"/actions/{action.slug}/modifier/medias-et-contact/", sent)

    action.refresh_from_db()
    assert (response.status_code, action.contact, action.source) == (302, person, "Un livre")


def test_link_that_is_not_ours_withdraws_nothing(client):
    contact, service = ContactFactory(named=True), ContactFactory()
    good = withdrawal_path(contact).split("/")[3]
    other = withdrawal_path(service).split("/")[3]
    forged = [
        "x",
        good[:-1],
        f"{contact.pk}",
        good.replace(f"{contact.pk}:", f"{contact.pk + 1}:", 1),
        signing.Signer().sign(contact.pk),
        signing.Signer(key="other", salt="partners.withdrawal").sign(contact.pk),
        other,  # a service has no name
    ]

    for token in forged:
        answers = [client.get(f"/contacts/retrait/{token}/"), client.post(f"/contacts/retrait/{token}/")]
        assert [a.status_code for a in answers] == [410, 410]
    contact.refresh_from_db()
    assert contact.person_name == "Camille Exemple"


def test_withdrawal_empties_every_page_at_once_even_those_kept(client, agent_client, manager_client, unit):
    person = ContactFactory(unit=unit, named=True, email="camille@example.org", phone="01 99 00 00 09")
    values = {"carrier_unit": unit, "contact": person, "open_to_newcomers": "yes", "life_state": "running"}
    action = ActionFactory(title="Cuisine", published=True, **values)
    with action.edited(by=None):
        action.summary = "Une autre phrase."
    history = f"/actions/{action.slug}/historique/"
    public = [action.get_absolute_url(), "/groupes/", unit.get_absolute_url(), "/actions/?q=camille"]
    private = [history, f"{history}1/", f"{history}2/", f"{history}1/restaurer/", f"/actions/{action.slug}/modifier/"]
    assert "Camille" in client.get(public[0]).text

    with transaction.atomic():
        Contact.objects.get().withdraw_consent()

    leaks = [
        (path, words)
        for reader, paths in ((client, public), (agent_client, public + private), (manager_client, public + private))
        for path in paths
        for words in ("Camille", "camille@", "01 99 00 00 09")
        if words in reader.get(path).text.replace("q=camille", "")
    ]
    # What the reader typed is said back to him.
    assert [(path, words) for path, words in leaks if "camille" not in path] == []


def test_form_sent_twice_makes_one_contact_and_says_the_same(agent_client, unit):
    page = f"{reverse('partners:create')}?unite={unit.slug}"
    sent = {"label": "Accueil", "email": "accueil@example.org", "submission": "0b5a1f0e-8d5b-4a4e-9a1e-0d0c6a3a0c11"}

    answers = [agent_client.post(page, sent, follow=True) for _ in range(2)]

    assert Contact.objects.filter(label="Accueil").count() == 1
    assert answers[0].redirect_chain == answers[1].redirect_chain
    assert all("Le contact est enregistré." in answer.text for answer in answers)


def test_label_that_tells_of_a_person_is_asked_about(agent_client, unit):
    page = f"{reverse('partners:create')}?unite={unit.slug}"

    asked = agent_client.post(page, {"label": "Mme Dupont, secrétariat", "email": "accueil@example.org"})

    assert asked.status_code == 422
    assert "Mme Dupont" in asked.text
    assert not Contact.objects.filter(email="accueil@example.org").exists()
