"""A whole meeting in two browsers: prepared, presented in one, written down in the other, closed, and its letters sent."""

import re

import pytest
from django.core import mail
from playwright.sync_api import expect

from meetings.minutes import close
from meetings.models import AgendaItem, Meeting, Minutes
from tests.factories import (
    ActionFactory,
    AgendaItemFactory,
    MeetingFactory,
    MemberFactory,
    TerritoryFactory,
    UserFactory,
)

NUMBER = 8


@pytest.fixture
def desk(browser, browser_context_args, base_url, client_of):
    """`desk(user)`: a browser of this person's own, signed in."""
    contexts = []

    def open_for(user):
        context = browser.new_context(**{**browser_context_args, "base_url": base_url, "reduced_motion": "reduce"})
        contexts.append(context)
        session = client_of(user).cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": base_url}])
        return context.new_page()

    yield open_for
    for context in contexts:
        context.close()


def passage(page, item):
    return page.locator(f"#passage-{item.pk}")


def address(item):
    """The desk with this passage under the pen."""
    return f"/isic/{item.meeting_id}/passages/{item.pk}/avis/"


def brings(page, item):
    return passage(page, item).get_by_label("Ce que l’instance apporte")


def test_meeting_from_its_agenda_to_its_letters(desk, transactional_db, manager):
    meeting = MeetingFactory()
    MemberFactory(meeting=meeting, name="Camille", email="camille@example.org")
    actions = [ActionFactory(title=f"Action numéro {number}", published=True) for number in range(1, NUMBER + 1)]
    for action in actions:
        AgendaItemFactory(waiting=True, action=action)
    screen, table = desk(manager), desk(UserFactory(manager=True))

    # Prepared, and said to take place.
    screen.goto(f"/isic/{meeting.pk}/preparer/")
    for action in actions:
        screen.get_by_role("button", name=f"Ajouter {action.title}", exact=True).click()
        expect(screen.get_by_role("button", name=f"Ajouter {action.title}", exact=True)).to_have_count(0)
    assert meeting.items.count() == NUMBER
    screen.goto(f"/isic/{meeting.pk}/tenir/")
    screen.get_by_role("button", name="La réunion a lieu").click()

    # Presented on one screen, written down on another.
    screen.goto(f"/isic/{meeting.pk}/presentation/")
    screen.keyboard.press("ArrowRight")
    items = list(AgendaItem.objects.order_by("position"))
    table.goto(f"/isic/{meeting.pk}/avis/")
    for item in items[:2]:
        passage(table, item).get_by_label("soutenue", exact=True).check()
        brings(table, item).fill(f"Un mot pour {item.subject}.")
        table.get_by_role("button", name="Passage suivant").click()
        expect(table.get_by_role("link", name=item.subject).first).to_contain_text("Soutenue")

    # Without network, the words wait, then leave by themselves.
    table.context.set_offline(True)
    brings(table, items[2]).fill("Écrit sans réseau.")
    expect(passage(table, items[2]).locator("[data-state]")).to_contain_text("Pas de connexion")
    table.context.set_offline(False)
    expect(passage(table, items[2]).locator("[data-state]")).to_contain_text("Enregistré à", timeout=15_000)
    items = list(AgendaItem.objects.order_by("position"))
    assert [item.brings for item in items[:3]] == [
        "Un mot pour Action numéro 1.",
        "Un mot pour Action numéro 2.",
        "Écrit sans réseau.",
    ]

    # ReadableMinutes, closed, sent.
    table.goto(f"/isic/{meeting.pk}/")
    table.get_by_role("button", name="Communiquer les avis").click()
    expect(table.get_by_text("3 avis communiqués aux équipes.")).to_be_visible()
    table.goto(f"/isic/{meeting.pk}/clore/")
    table.get_by_label("Pourquoi clore quand même").fill("Le reste sera dit à la prochaine.")
    table.get_by_role("button", name="Clore la réunion").click()
    expect(table.get_by_text("La réunion est close.")).to_be_visible()
    assert Minutes.objects.get().content["items"][2]["brings"] == "Écrit sans réseau."
    assert Meeting.objects.get().state == "closed"
    table.get_by_role("button", name="Préparer l’envoi du compte rendu").click()
    table.get_by_role("button", name="Enregistrer et envoyer").click()
    expect(table.get_by_role("cell", name="camille@example.org")).to_be_visible()
    assert [message.to for message in mail.outbox] == [["camille@example.org"]]
    table.goto(f"/isic/{meeting.pk}/compte-rendu/")
    expect(table.get_by_text("Un mot pour Action numéro 2.")).to_be_visible()


def test_two_people_write_on_one_passage_and_no_word_is_lost(desk, transactional_db, manager):
    item = AgendaItemFactory(meeting=MeetingFactory(held=True))
    first, second = desk(manager), desk(UserFactory(manager=True))
    for page in (first, second):
        page.goto(address(item))

    brings(first, item).fill("Le premier texte.")
    expect(passage(first, item).locator("[data-state]")).to_contain_text("Enregistré à")
    brings(second, item).fill("Le second texte.")
    expect(passage(second, item).locator("[data-state]")).to_contain_text("Quelqu’un d’autre a modifié")
    assert brings(second, item).input_value() == "Le second texte."
    second.get_by_role("button", name="Comparer les deux textes").click()
    expect(second.get_by_text("Le premier texte.")).to_be_visible()
    second.get_by_role("radio", name="Garder les deux textes").check()
    second.get_by_role("button", name="Enregistrer ce choix").click()

    both = "Le second texte.\n\nLe premier texte."
    expect(brings(second, item)).to_have_value(both)
    assert AgendaItem.objects.get().brings == both


def test_words_that_did_not_leave_wait_in_the_browser(desk, transactional_db, manager):
    item = AgendaItemFactory(meeting=MeetingFactory(held=True))
    page = desk(manager)
    page.on("dialog", lambda dialog: dialog.accept())
    page.route("**/avis/", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    page.goto(address(item))
    brings(page, item).fill("Écrit sans réseau.")
    expect(passage(page, item).locator("[data-state]")).to_contain_text("Votre texte attend dans ce navigateur.")
    page.reload()
    page.unroute("**/avis/")

    expect(brings(page, item)).to_have_value("")
    passage(page, item).get_by_role("button", name="Reprendre ce texte").click()

    expect(passage(page, item).locator("[data-state]")).to_contain_text("Enregistré à")
    assert AgendaItem.objects.get().brings == "Écrit sans réseau."


def test_words_that_tell_of_a_person_are_confirmed_on_the_page_of_the_passage(desk, transactional_db, manager):
    item = AgendaItemFactory(meeting=MeetingFactory(held=True))
    page = desk(manager)
    page.goto(address(item))
    brings(page, item).fill("Mme Dupont prête un local.")

    expect(passage(page, item).locator(".field__error")).to_contain_text("Mme Dupont")
    page.get_by_label("Rien ici ne désigne une personne").check()

    expect(passage(page, item).locator("[data-state]")).to_contain_text("Enregistré à")
    expect(passage(page, item).locator(".field__error")).to_have_count(0)
    expect(page.get_by_text("Un texte attend dans ce navigateur")).to_be_hidden()
    assert AgendaItem.objects.get().brings == "Mme Dupont prête un local."


def test_words_typed_while_the_meeting_is_closed_are_offered_to_be_copied(desk, transactional_db, manager):
    item = AgendaItemFactory(meeting=MeetingFactory(held=True))
    page = desk(manager)
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(address(item))
    close(item.meeting, by=manager)
    brings(page, item).fill("Écrit trop tard.")
    expect(passage(page, item).locator("[data-state]")).to_contain_text("La réunion est close")

    page.reload()

    expect(page.get_by_text("Un texte attend dans ce navigateur")).to_be_visible()
    expect(page.get_by_role("textbox", name="Le texte")).to_have_value(re.compile("Écrit trop tard"))


def test_link_to_another_passage_saves_what_is_being_typed_first(desk, transactional_db, manager):
    item = AgendaItemFactory(meeting=MeetingFactory(held=True))
    other = AgendaItemFactory(meeting=item.meeting, position=1, action__title="Jardin partagé", action__published=True)
    page = desk(manager)
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto(address(item))
    brings(page, item).fill("Un mot.")
    page.get_by_role("navigation", name="Passages").get_by_role("link", name="Jardin partagé").click()

    expect(page.get_by_role("heading", level=1)).to_have_text(other.subject)
    item.refresh_from_db()
    assert (item.brings, asked) == ("Un mot.", [])


def test_ten_people_are_there_in_two_taps(desk, transactional_db, manager):
    meeting = MeetingFactory(held=True)
    for number in range(10):
        MemberFactory(meeting=meeting, name=f"Personne {number}")
    page = desk(manager)
    page.goto(f"/isic/{meeting.pk}/presences/")
    page.get_by_role("group", name="Personne 4").get_by_label("excusé").check()
    expect(page.locator("[data-state]")).to_contain_text("Enregistré à")
    expect(page.get_by_text("0 présent sur 10, 9 à dire")).to_be_visible()
    page.get_by_role("button", name="Tous présents").click()

    expect(page.get_by_text("9 présents sur 10")).to_be_visible()
    assert meeting.members.filter(presence="present").count() == 9


def test_passage_told_from_its_own_page_is_saved_first(desk, transactional_db, manager):
    item = AgendaItemFactory(meeting=MeetingFactory(held=True), brings="Avant.")
    page = desk(manager)
    page.goto(address(item))
    brings(page, item).fill("Mme Dupont prête un local.")
    expect(passage(page, item).locator(".field__error")).to_contain_text("Mme Dupont")
    page.get_by_label("Ce que l’instance apporte").fill("On nous prête un local.")
    page.get_by_role("button", name="Communiquer cet avis à l’équipe").click()

    expect(page.get_by_text("1 avis communiqué aux équipes.")).to_be_visible()
    item.refresh_from_db()
    assert item.brings == "On nous prête un local."
    assert item.released_at


def test_telling_one_saves_what_is_being_typed_first(desk, transactional_db, manager):
    item = AgendaItemFactory(meeting=MeetingFactory(held=True), brings="Avant.")
    page = desk(manager)
    page.goto(address(item))
    brings(page, item).fill("Après.")
    page.get_by_role("button", name="Communiquer cet avis à l’équipe").click()

    expect(page.get_by_text("1 avis communiqué aux équipes.")).to_be_visible()
    item.refresh_from_db()
    assert item.brings == "Après."


def test_back_after_creating_a_meeting_makes_no_second_one(desk, transactional_db, manager):
    TerritoryFactory(home=True)
    page = desk(manager)
    page.goto("/isic/nouvelle/")
    page.get_by_label("Date").fill("2027-03-04")
    page.get_by_label("Lieu").fill("Salle bleue")
    page.get_by_role("button", name="Créer la réunion").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ordre du jour")

    page.go_back()
    page.get_by_label("Date").fill("2027-03-04")
    page.get_by_role("button", name="Créer la réunion").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Ordre du jour")
    assert Meeting.objects.count() == 1


@pytest.mark.parametrize("width", [360, 1280])
def test_hours_of_an_agenda_stay_off_its_thread_in_a_wide_letter(desk, transactional_db, manager, width):
    """The thread hangs half way between the column of hours and that of passages."""
    meeting = MeetingFactory()
    for place in range(3):
        AgendaItemFactory(meeting=meeting, position=place, topic=True)
    page = desk(manager)
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(meeting.get_absolute_url())

    page.evaluate("document.styleSheets[0].insertRule('.passage__clock time { letter-spacing: 0.25em }')")
    hours, bodies = page.locator(".passage__clock time"), page.locator(".passage__body")
    room = [body.bounding_box()["x"] - _right_of(hour) for hour, body in zip(hours.all(), bodies.all(), strict=True)]
    assert len(room) == 3
    assert min(room) >= 24
    assert page.evaluate("document.documentElement.scrollWidth") == width


def _right_of(element) -> float:
    """Where its words end, which may be beyond its box."""
    return element.evaluate(
        "e => { const r = document.createRange(); r.selectNodeContents(e); return r.getBoundingClientRect().right }"
    )
