"""A meeting in two browsers at once, on a connection that goes and with a session that ends: no word of anybody is lost."""

import re

import pytest
from playwright.sync_api import expect

from accounts.models import SignIn
from meetings.minutes import close
from meetings.models import Letter, Meeting, Minutes
from tests.factories import (
    AgendaItemFactory,
    DeliveryFactory,
    LetterFactory,
    MeetingFactory,
    MemberFactory,
    PresenterFactory,
    TerritoryFactory,
    UserFactory,
)

WAITS = "Votre texte attend dans ce navigateur."
OFFERED = "Un texte attend dans ce navigateur"
TWO_TEXTS = "Deux textes à comparer"


@pytest.fixture
def desks(page_of, manager):
    """The browsers of two managers; the first a phone, the second a desk."""
    return page_of(manager), page_of(UserFactory(manager=True), viewport={"width": 1280, "height": 900})


@pytest.fixture
def meeting(transactional_db):
    meeting = MeetingFactory(place="Salle des fêtes")
    MemberFactory(meeting=meeting, name="Camille")
    return meeting


def save(page, name="Enregistrer") -> None:
    page.get_by_role("button", name=name, exact=True).click()


def is_saved(page) -> None:
    expect(page.get_by_text("C’est enregistré.")).to_be_visible()


def waits(page, number: int) -> None:
    """So many texts wait in this browser, once its scripts have run."""
    page.wait_for_function(
        "number => Object.keys(localStorage).filter((key) => key.startsWith('brouillon/')).length === number",
        arg=number,
    )


def is_asked(page, *texts) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(TWO_TEXTS)
    for text in texts:
        expect(page.get_by_role("group").get_by_text(text).first).to_be_visible()


# --- Two browsers -------------------------------------------------------------------------------------------------
def test_two_people_add_two_members_and_neither_goes(desks, axe, meeting):
    for page in desks:
        page.goto(f"/isic/{meeting.pk}/participants/")
    for page, name in zip(desks, ("Alix", "Sacha"), strict=True):
        page.get_by_role("button", name="Ajouter un participant").click()
        page.get_by_role("textbox", name="Nom").last.fill(name)
        save(page)
        is_saved(page)
        axe(page)

    assert sorted(member.name for member in meeting.members.all()) == ["Alix", "Camille", "Sacha"]


def test_two_people_change_one_member_and_the_second_chooses(desks, axe, meeting):
    for page in desks:
        page.goto(f"/isic/{meeting.pk}/participants/")
    one, other = desks
    one.get_by_label("Présence").first.select_option("present")
    save(one)
    is_saved(one)
    other.get_by_label("Présence").first.select_option("excused")
    save(other)

    is_asked(other, re.compile("Camille.*présent"), re.compile("Camille.*excusé"))
    axe(other)
    save(other, "Enregistrer ce choix")
    is_saved(other)
    assert meeting.members.get().presence == "excused"
    waits(other, 0)


def test_two_people_write_of_one_meeting_in_two_fields(desks, meeting):
    for page in desks:
        page.goto(f"/isic/{meeting.pk}/modifier/")
    one, other = desks
    one.get_by_label("Notes du service").fill("Réserver la salle.")
    save(one)
    is_saved(one)
    other.get_by_label("Lieu").fill("Salle bleue")
    save(other)
    is_saved(other)

    meeting.refresh_from_db()
    assert (meeting.place, meeting.notes) == ("Salle bleue", "Réserver la salle.")


def test_two_people_write_the_notes_of_one_passage_and_keep_both(desks, axe, meeting):
    item = AgendaItemFactory(meeting=meeting)
    PresenterFactory(item=item, name="Nadia")
    for page in desks:
        page.goto(f"/isic/{meeting.pk}/passages/{item.pk}/")
    one, other = desks
    one.get_by_label("Notes du service").fill("Venir tôt.")
    save(one)
    is_saved(one)
    other.get_by_label("Notes du service").fill("Apporter les photos.")
    save(other)

    is_asked(other, "Venir tôt.", "Apporter les photos.")
    axe(other)
    other.get_by_label("Garder les deux textes").check()
    save(other, "Enregistrer ce choix")
    is_saved(other)
    item.refresh_from_db()
    assert item.notes == "Apporter les photos.\n\nVenir tôt."
    assert item.presenters.get().name == "Nadia"


def test_choice_may_be_put_off_and_what_was_typed_is_still_there(desks, meeting):
    item = AgendaItemFactory(meeting=meeting)
    for page in desks:
        page.goto(f"/isic/{meeting.pk}/passages/{item.pk}/")
        page.get_by_label("Notes du service").fill(f"Un mot de {page.viewport_size['width']}.")
    one, other = desks
    save(one)
    is_saved(one)
    save(other)
    is_asked(other, "Un mot de 360.", "Un mot de 1280.")

    save(other, "Revenir à mon texte sans rien enregistrer")

    expect(other.get_by_label("Notes du service")).to_have_value("Un mot de 1280.")
    waits(other, 1)
    item.refresh_from_db()
    assert item.notes == "Un mot de 360."


def test_two_people_write_one_letter_and_nothing_leaves_unread(desks, meeting):
    letter = LetterFactory(meeting=meeting, body="Bonjour,\n\nVenez.")
    DeliveryFactory(letter=letter, address="camille@example.org")
    for page in desks:
        page.goto(f"/isic/{meeting.pk}/courriers/{letter.pk}/")
    one, other = desks
    one.get_by_label("Message").fill("Bonjour,\n\nVenez jeudi.")
    save(one)
    is_saved(one)
    other.get_by_label("Message").fill("Bonjour,\n\nVenez à dix heures.")
    other.get_by_role("button", name="Enregistrer et envoyer").click()

    is_asked(other, "Venez jeudi.", "Venez à dix heures.")
    save(other, "Enregistrer ce choix")
    is_saved(other)
    letter.refresh_from_db()
    assert (letter.body, letter.released_at) == ("Bonjour,\n\nVenez à dix heures.", None)


def test_two_people_correct_the_minutes_of_two_passages(desks, manager, transactional_db):
    meeting = MeetingFactory(held=True)
    items = [
        AgendaItemFactory(meeting=meeting, position=place, outcome="advised", brings=f"Un mot {place}.")
        for place in range(2)
    ]
    close(meeting, by=manager)
    for page in desks:
        page.goto(f"/isic/{meeting.pk}/compte-rendu/corriger/")
    for page, item in zip(desks, items, strict=True):
        page.get_by_label("Que corrigez-vous").fill(f"Le mot {item.position}.")
        page.locator(f"[name=passage-{item.pk}-brings]").fill(f"Corrigé {item.position}.")
        save(page, "Enregistrer une nouvelle version")
        expect(page.get_by_text("du compte rendu est enregistrée")).to_be_visible()

    assert [row["brings"] for row in Minutes.objects.first().content["items"]] == ["Corrigé 0.", "Corrigé 1."]


# --- A connection that goes, a session that ends ------------------------------------------------------------------
def test_letter_typed_without_a_connection_leaves_once_it_is_back(desks, axe, meeting):
    letter = LetterFactory(meeting=meeting)
    body = "\n".join(f"Ligne {number}." for number in range(18))
    page, _ = desks
    page.goto(f"/isic/{meeting.pk}/courriers/{letter.pk}/")
    page.get_by_label("Message").fill(body)
    page.context.set_offline(True)
    save(page)
    expect(page.locator("[data-state]").first).to_contain_text(f"Pas de connexion. {WAITS}")
    axe(page)

    page.context.set_offline(False)
    page.get_by_role("button", name="Essayer maintenant").click()
    is_saved(page)
    waits(page, 0)
    assert Letter.objects.get().body == body


def test_presences_ticked_after_the_session_ended_are_sent_once_signed_in(desks, sign_in, manager, meeting):
    page, _ = desks
    page.goto(f"/isic/{meeting.pk}/participants/")
    page.get_by_label("Présence").first.select_option("present")
    SignIn.objects.all().delete()
    save(page)
    expect(page.locator("[data-state]").first).to_contain_text("Votre session est terminée.")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360

    sign_in(page.context, manager)
    save(page)
    is_saved(page)
    assert meeting.members.get().presence == "present"


@pytest.mark.parametrize("way", ["left", "closed"])
def test_rows_and_notes_of_a_passage_that_was_left_are_offered_back(way, desks, meeting):
    item = AgendaItemFactory(meeting=meeting, question="")
    page, _ = desks
    path = f"/isic/{meeting.pk}/passages/{item.pk}/"
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(path)
    page.get_by_label("Notes du service").fill("Venir tôt.")
    page.get_by_role("button", name="Ajouter une personne").click()
    page.get_by_role("textbox", name="Nom").last.fill("Nadia")
    if way == "left":
        page.goto("/isic/")
    else:
        context = page.context
        page.close()
        page = context.new_page()
    page.goto(path)
    expect(page.get_by_text(OFFERED)).to_be_visible()
    expect(page.get_by_label("Notes du service")).to_have_value("")

    page.get_by_role("button", name="Reprendre ce texte").click()
    expect(page.get_by_label("Notes du service")).to_have_value("Venir tôt.")
    save(page)

    is_saved(page)
    item.refresh_from_db()
    assert (item.notes, item.presenters.get().name) == ("Venir tôt.", "Nadia")
    waits(page, 0)


def test_text_offered_back_is_asked_about_where_somebody_else_wrote_meanwhile(desks, meeting):
    item = AgendaItemFactory(meeting=meeting)
    one, other = desks
    path = f"/isic/{meeting.pk}/passages/{item.pk}/"
    one.on("dialog", lambda dialog: dialog.accept())
    one.goto(path)
    one.get_by_label("Notes du service").fill("Venir tôt.")
    one.goto("/isic/")
    other.goto(path)
    other.get_by_label("Notes du service").fill("Venir tard.")
    save(other)
    is_saved(other)

    one.goto(path)
    one.get_by_role("button", name="Reprendre ce texte").click()
    expect(one.get_by_label("Notes du service")).to_have_value("Venir tôt.")
    save(one)

    is_asked(one, "Venir tôt.", "Venir tard.")


def test_reason_of_a_move_is_kept_when_it_is_left(desks, meeting):
    page, _ = desks
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto(f"/isic/{meeting.pk}/annuler/")
    page.get_by_label("Pourquoi").fill("La salle est fermée.")
    page.get_by_role("link", name="Ne rien changer").click()
    page.wait_for_url(f"**/isic/{meeting.pk}/")
    page.goto(f"/isic/{meeting.pk}/annuler/")
    page.get_by_role("button", name="Reprendre ce texte").click()
    page.get_by_role("button", name="Annuler la réunion").click()

    expect(page.get_by_text("La réunion est annulée.")).to_be_visible()
    waits(page, 0)
    assert (asked, Meeting.objects.get().reason) == (["beforeunload"], "La salle est fermée.")


# --- The agenda ---------------------------------------------------------------------------------------------------
@pytest.fixture
def agenda(meeting):
    for place, title in enumerate(("Accueil", "Cuisine", "Mobilité")):
        AgendaItemFactory(meeting=meeting, topic=True, title=title, position=place, minutes=20)
    return meeting


def minutes_of(page, title):
    return page.get_by_label(f"Minutes de «\u00a0{title}\u00a0»")


def test_minutes_typed_then_left_are_offered_back(desks, agenda):
    page, _ = desks
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    path = f"/isic/{agenda.pk}/preparer/"
    page.goto(path)
    minutes_of(page, "Cuisine").fill("45")
    page.goto("/isic/")
    page.goto(path)
    expect(minutes_of(page, "Cuisine")).to_have_value("20")
    page.get_by_role("button", name="Reprendre ce texte").click()
    expect(minutes_of(page, "Cuisine")).to_have_value("45")
    save(page, "Recalculer l’horaire")

    expect(page.locator("[data-hour]").last).to_have_attribute("data-hour", "10\u00a0h\u00a035")
    assert agenda.items.get(title="Cuisine").minutes == 45
    waits(page, 0)
    assert asked == ["beforeunload"]


def test_minutes_are_kept_while_there_is_no_connection_and_when_the_session_ended(desks, sign_in, manager, agenda):
    page, _ = desks
    page.goto(f"/isic/{agenda.pk}/preparer/")
    minutes_of(page, "Cuisine").fill("45")
    page.context.set_offline(True)
    save(page, "Recalculer l’horaire")
    expect(page.locator("#ordre [data-state]")).to_contain_text(f"Pas de connexion. {WAITS}")
    page.context.set_offline(False)
    SignIn.objects.all().delete()
    save(page, "Recalculer l’horaire")
    expect(page.locator("#ordre [data-state]")).to_contain_text("Votre session est terminée.")
    sign_in(page.context, manager)
    save(page, "Recalculer l’horaire")

    expect(page.locator("[data-hour]").last).to_have_attribute("data-hour", "10\u00a0h\u00a035")
    assert agenda.items.get(title="Cuisine").minutes == 45
    waits(page, 0)


def test_minutes_of_two_people_are_both_kept_and_the_same_ones_are_told(desks, agenda):
    for page in desks:
        page.goto(f"/isic/{agenda.pk}/preparer/")
    one, other = desks
    minutes_of(one, "Accueil").fill("30")
    minutes_of(one, "Cuisine").fill("10")
    save(one, "Recalculer l’horaire")
    expect(one.locator("[data-hour]").last).to_have_attribute("data-hour", "10\u00a0h\u00a010")
    minutes_of(other, "Mobilité").fill("5")
    minutes_of(other, "Cuisine").fill("15")
    save(other, "Recalculer l’horaire")

    expect(other.get_by_role("alert")).to_contain_text("Cuisine\u00a0»\u00a0: 10 minutes, et vous 15")
    expect(minutes_of(other, "Accueil")).to_have_value("30")
    expect(minutes_of(other, "Cuisine")).to_have_value("15")
    save(other, "Recalculer l’horaire")
    expect(other.get_by_role("alert")).to_have_count(0)
    assert dict(agenda.items.values_list("title", "minutes")) == {"Accueil": 30, "Cuisine": 15, "Mobilité": 5}


def test_back_after_creating_a_meeting_and_sending_again_makes_no_second_one(desks, transactional_db):
    TerritoryFactory(home=True)
    page, _ = desks
    page.goto("/isic/nouvelle/")
    page.get_by_label("Date").first.fill("2099-03-12")
    page.get_by_label("Lieu").fill("Salle rouge")
    save(page, "Créer la réunion")
    expect(page.get_by_text("La réunion est créée.")).to_be_visible()
    page.go_back()
    page.get_by_label("Date").first.fill("2099-03-12")
    page.get_by_label("Lieu").fill("Salle bleue")
    save(page, "Créer la réunion")

    expect(page.get_by_text("Déjà prévue")).to_be_visible()
    expect(page.get_by_label("Lieu")).to_have_value("Salle bleue")
    assert Meeting.objects.filter(date="2099-03-12").count() == 1
