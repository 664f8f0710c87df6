"""The deck of a meeting: what it shows, from which sheet, to whom; and that it stays light."""

import datetime as dt

import pytest
from django.db import transaction
from django.utils import timezone

from actions.models import Action
from meetings.models import AgendaItem, Meeting
from meetings.slides import Excerpt, deck, excerpt
from tests.factories import (
    ActionFactory,
    AgendaItemFactory,
    ContactFactory,
    GoalFactory,
    MediaFactory,
    MeetingFactory,
    PartnershipFactory,
    PresenterFactory,
    QuoteFactory,
    SessionFactory,
)
from tests.pages import assert_valid_html, assert_well_built

TODAY = dt.date(2026, 11, 23)
#: Of the window of the presenter.
WINDOW = 15


def full_action(**values) -> Action:
    values = {
        "title": "La cantine du lac",
        "summary": "On cuisine ensemble le mercredi.",
        "context": "<p>Beaucoup de personnes mangent seules. Elles le disent.</p>",
        "description": "<p>Le matin, on va au marché.</p>",
        "effects_residents": "<p>Des voisins se parlent.</p>",
        **values,
    }
    action = ActionFactory(published=True, **values)
    GoalFactory(action=action, text="Se rencontrer")
    PartnershipFactory(action=action, partner__name="Caf")
    QuoteFactory(action=action, text="Ici, on m’attend.", speaker="une participante")
    SessionFactory(action=action)
    return action


def kinds(passage) -> list[str]:
    return [slide.kind for slide in passage.slides]


def url(meeting) -> str:
    return f"/isic/{meeting.pk}/presentation/"


@pytest.mark.django_db
def test_deck_tells_the_meeting_in_order(agent):
    meeting = MeetingFactory()
    AgendaItemFactory(meeting=meeting, kind=AgendaItem.Kind.APPROVAL, action=None, position=0)
    AgendaItemFactory(meeting=meeting, action=full_action(), position=1, question="Qui vient cuisiner\u00a0?")
    AgendaItemFactory(meeting=meeting, topic=True, position=2)

    slides = deck(meeting, agent, TODAY)

    assert [kinds(passage) for passage in slides.passages] == [
        ["opening", "agenda"],
        ["topic"],
        ["title", "facts", "text", "change", "question"],
        ["topic"],
        ["closing"],
    ]
    numbers = [slide.number for passage in slides.passages for slide in passage.slides]
    assert numbers == list(range(1, 11))
    assert slides.total == 10
    assert [(slot.item.position, first.number) for slot, first in slides.passages[0].slides[1].lines] == [
        (0, 3),
        (1, 4),
        (2, 9),
    ]
    title, facts, both, change, question = slides.passages[2].slides
    assert (title.title, title.words) == ("La cantine du lac", "On cuisine ensemble le mercredi.")
    assert "Pour qui" in [fact.label for fact in facts.facts]
    assert both.title == "Pourquoi et comment"
    assert both.text.lines == [
        ("heading", ["Pourquoi"]),
        ("text", ["Beaucoup de personnes mangent seules.", "Elles le disent."]),
        ("heading", ["Comment"]),
        ("text", ["Le matin, on va au marché."]),
    ]
    assert (change.text.lines, change.words) == ([("text", ["Des voisins se parlent."])], "Ici, on m’attend.")
    assert question.title == "Qui vient cuisiner\u00a0?"


@pytest.mark.django_db
def test_what_a_sheet_does_not_say_has_no_slide(agent):
    item = AgendaItemFactory()

    assert kinds(deck(item.meeting, agent, TODAY).passages[1]) == ["title", "facts", "question"]


def test_excerpt_keeps_whole_sentences_and_says_that_there_is_more():
    assert not excerpt([])
    assert excerpt([("text", "Un. Deux\u00a0! Trois")], 12) == Excerpt([("text", ["Un.", "Deux\u00a0!"])], is_cut=True)
    lines = [("heading", "Où"), ("item", "Une ligne."), ("item", "Une autre.")]
    assert excerpt(lines) == Excerpt([(kind, [line]) for kind, line in lines], is_cut=False)
    assert excerpt([("text", "Un."), ("heading", "Deux"), ("text", "Trois.")], 8).lines == [("text", ["Un."])]
    long = excerpt([("text", "mot " * 200)])
    assert long.is_cut
    [(_kind, [sentence])] = long.lines
    assert len(sentence) < 270
    assert sentence.endswith("…")


@pytest.mark.django_db
def test_words_of_somebody_are_all_there_or_say_that_there_is_more(agent):
    item = AgendaItemFactory(action=(action := full_action(effects_residents="")))
    assert deck(item.meeting, agent, TODAY).passages[1].slides[-2].words == "Ici, on m’attend."

    with transaction.atomic():
        action.quotes.all().delete()
    QuoteFactory(action=action, text="On m’attend. " * 40)
    words = deck(item.meeting, agent, TODAY).passages[1].slides[-2].words
    assert words.endswith("On m’attend. […]")
    assert len(words) < 300


@pytest.mark.django_db
def test_signs_stay_with_their_words_however_they_were_typed(agent):
    item = AgendaItemFactory(action=full_action(title="Parents : et après ?", context="<p>Un « oui » ! Et puis.</p>"))

    title, _facts, why, *_rest = deck(item.meeting, agent, TODAY).passages[1].slides

    assert title.title == "Parents\u00a0: et après\u00a0?"
    assert why.text.lines[1] == ("text", ["Un «\u00a0oui\u00a0»\u00a0!", "Et puis."])


@pytest.mark.django_db
def test_sheet_reads_with_its_headings_and_its_points(agent_client):
    text = "<h3>Le matin</h3><p>Au marché.</p><ul><li><p>Des légumes</p></li></ul>"
    item = AgendaItemFactory(action=full_action(description=text))

    page = agent_client.get(url(item.meeting)).text

    assert '<h3 class="slide__heading">' not in page
    assert '<h3 class="slide__subtitle"><span data-piece>Le matin </span></h3>' in page
    assert '<p class="slide__item"><span data-piece>Des légumes </span></p>' in page


@pytest.mark.django_db
def test_photo_of_a_draft_is_lent_by_the_deck(agent, client):
    """Forty browsers open it at once: who each is was asked once, for the page."""
    item = AgendaItemFactory(action=ActionFactory(published=True))
    MediaFactory(action=item.action, image=True)

    photo = deck(item.meeting, agent, TODAY).passages[1].slides[0].photo
    item.action.editorial_state = "draft"
    with transaction.atomic():
        item.action.save()

    lent, hidden = client.get(photo.address()), client.get(f"/media/{photo.file.name}")
    assert (lent.status_code, hidden.status_code) == (200, 404)
    assert lent.getvalue()  # read to its end, which closes it


@pytest.mark.django_db
def test_photo_is_shown_while_its_rights_last(agent):
    action = full_action()
    MediaFactory(action=action, image=True, rights_until=TODAY - dt.timedelta(days=1))
    item = AgendaItemFactory(action=action)
    assert deck(item.meeting, agent, TODAY).passages[1].slides[0].photo is None

    shown = MediaFactory(action=action, image=True)
    assert deck(item.meeting, agent, TODAY).passages[1].slides[0].photo == shown


@pytest.mark.django_db
def test_held_meeting_shows_the_sheet_as_it_was_presented(agent, manager):
    withdrawn = ContactFactory(named=True)
    action = full_action(contact=withdrawn)
    photo, lost = MediaFactory(action=action, image=True), MediaFactory(action=action, image=True)
    item = AgendaItemFactory(action=action)
    item.meeting.hold(by=manager)
    with transaction.atomic(), action.edited(by=manager):
        action.title, action.context = "La cantine du bois", "<p>Autre chose.</p>"
        action.audiences.clear()
        action.goals.all().delete()
        action.quotes.all().delete()
        withdrawn.withdraw_consent()
        withdrawn.save()
        lost.delete()

    shown = deck(Meeting.objects.get(), agent, TODAY).passages[1]

    assert shown.name == "La cantine du lac"
    assert deck(Meeting.objects.get(), agent, TODAY).passages[0].slides[1].lines[0][1].title == "La cantine du lac"
    title, facts, both, change, _question = shown.slides
    assert title.photo == photo
    assert both.text.lines[1][1][0] == "Beaucoup de personnes mangent seules."
    assert change.quote.speaker == "une participante"
    lines_by_label = {fact.label: [line.text for line in fact.lines] for fact in facts.facts}
    assert lines_by_label["Avec qui"] == ["Caf"]
    assert lines_by_label["Pour qui"][0].startswith("public")
    assert "Camille Exemple" not in str(lines_by_label)

    item.meeting.refresh_from_db()
    item.meeting.resume(by=manager, reason="Par erreur.")
    assert deck(Meeting.objects.get(), agent, TODAY).passages[1].name == "La cantine du bois"


@pytest.mark.django_db
@pytest.mark.parametrize("held", [False, True])
def test_withdrawn_sheet_says_so(agent_client, manager, held):
    item = AgendaItemFactory(action=full_action(), question="Et maintenant\u00a0?")
    if held:
        item.meeting.hold(by=manager)
    action = Action.objects.get()
    action.archive(by=manager, reason="Une personne le demande.")

    page = agent_client.get(url(item.meeting))

    assert page.status_code == 200
    assert "Cette fiche a été retirée du catalogue" in page.text
    assert "Et maintenant" not in page.text
    assert "mangent seules" not in page.text
    assert "Une personne le demande" not in page.text


@pytest.mark.django_db
def test_draft_is_shown_to_those_who_may_read_it(agent, agent_client, stranger_client, manager_client, unit):
    item = AgendaItemFactory(action=ActionFactory(carrier_unit=unit, context="<p>Un brouillon.</p>"))

    assert "Un brouillon." in agent_client.get(url(item.meeting)).text
    assert "Un brouillon." in manager_client.get(url(item.meeting)).text
    other = stranger_client.get(url(item.meeting)).text
    assert "Un brouillon." not in other
    assert "n’est pas encore publiée" in other


@pytest.mark.django_db
def test_the_room_sees_no_note_and_the_window_of_the_service_is_for_managers(client, agent_client, manager_client):
    item = AgendaItemFactory(notes="Penser au budget", outcome="advised", brings="Un mot de l’instance")
    window = f"{url(item.meeting)}animation/"

    assert [reader.get(window).status_code for reader in (client, agent_client, manager_client)] == [302, 404, 200]
    assert client.get(url(item.meeting)).status_code == 302
    assert agent_client.get("/isic/0/presentation/").status_code == 404
    assert agent_client.post(url(item.meeting)).status_code == 405
    for page in (one.get(url(item.meeting)).text for one in (agent_client, manager_client)):
        assert "Penser au budget" not in page
        assert "Un mot de l’instance" not in page
        assert "soutenue" not in page
    assert "Penser au budget" in manager_client.get(window).text


@pytest.mark.django_db
def test_window_of_the_service_has_the_box_of_each_passage_once_the_meeting_is_held(manager_client, manager):
    item = AgendaItemFactory(notes="Penser au budget")
    window = f"{url(item.meeting)}animation/"
    assert "La réunion n’est pas tenue" in manager_client.get(window).text

    item.meeting.hold(by=manager)
    page = manager_client.get(window).text

    assert_valid_html(page)
    assert page.count(f'data-autosave="avis/{item.pk}"') == 1
    assert "Prévu à" in page


@pytest.mark.django_db
@pytest.mark.parametrize("number", [1, 3])
def test_window_of_the_service_asks_as_many_queries_whatever_it_holds(
    manager_client, manager, django_assert_num_queries, number
):
    meeting = MeetingFactory()
    for position in range(number):
        PresenterFactory(item=AgendaItemFactory(meeting=meeting, action=full_action(), position=position))
    meeting.hold(by=manager)
    manager_client.get(url(meeting))

    with django_assert_num_queries(WINDOW):
        manager_client.get(f"{url(meeting)}animation/")


@pytest.mark.django_db
def test_no_address_is_read_on_the_wall_and_a_long_fact_has_room(agent):
    action = full_action(contact=ContactFactory(email="mds@example.org"), rhythm_notes="un samedi sur deux, " * 7)
    facts = deck(AgendaItemFactory(action=action).meeting, agent, TODAY).passages[1].slides[1].facts

    assert "mds@example.org" not in str(facts)
    assert {fact.label for fact in facts if fact.is_long} == {"Quand et à quel rythme"}


@pytest.mark.django_db
@pytest.mark.parametrize("held", [False, True])
def test_page_is_well_built_and_light(manager_client, manager, held):
    meeting = MeetingFactory(notes="Accueillir\nles nouveaux")
    MeetingFactory(territory=meeting.territory, date=timezone.localdate() + dt.timedelta(days=60))
    for number in range(8):
        words = f"<p>{'Une phrase assez longue pour compter dans la page. ' * 30}</p>"
        action = full_action(title=f"Action {number}", context=words, description=words, effects_residents=words)
        MediaFactory(action=action, image=True)
        PresenterFactory(item=AgendaItemFactory(meeting=meeting, action=action, position=number))
    if held:
        meeting.hold(by=manager)

    page = manager_client.get(url(meeting))

    assert_valid_html(page.text)
    assert_well_built(page.text)
    assert len(page.content) < 300_000
    assert page.text.count("Ordre du jour") >= 2


@pytest.mark.django_db
@pytest.mark.parametrize("held", [False, True])
@pytest.mark.parametrize("number", [1, 3])
def test_deck_asks_as_many_queries_whatever_it_holds(agent, manager, django_assert_num_queries, number, held):
    meeting = MeetingFactory()
    for _ in range(number):
        item = AgendaItemFactory(meeting=meeting, action=full_action(contact=ContactFactory(named=True)))
        item.action.contact.withdraw_consent()
        MediaFactory(action=item.action, image=True)
        PresenterFactory(item=item)
    if held:
        meeting.hold(by=manager)

    with django_assert_num_queries(12 if held else 7):
        deck(meeting, agent, TODAY)


@pytest.mark.django_db
def test_text_of_a_sheet_is_never_markup(agent_client):
    evil = "<img src=x onerror=alert(1)>"
    item = AgendaItemFactory(action=full_action(title=evil, summary=evil), question=evil)
    PresenterFactory(item=item, name=evil)

    assert "<img src=x" not in agent_client.get(url(item.meeting)).text
