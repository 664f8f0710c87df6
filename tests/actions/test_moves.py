"""The pages of the moves: who reaches them, what they write, and whom they tell. Nothing is done twice or unread."""

import pytest
from django.core import mail
from django.urls import reverse

from actions.models import Action, Version
from actions.workflows import ARCHIVE, MOVES, PUBLISH, REOPEN, carry_out_each
from tests.factories import ActionFactory, PrivacyFlagFactory, TeamMemberFactory, UserFactory
from tests.pages import assert_valid_html, first_headings

pytestmark = pytest.mark.django_db

STATES = list(Action.EditorialState)
OUTSIDE = {  # reader → what he gets, where an address is only the managers'
    "client": 302,
    "stranger_client": 404,
    "agent_client": 404,
}
REASON = "Il reste à dire pour qui."


def address(move, action) -> str:
    return reverse(f"actions:{move.name}", args=[action.slug])


def send(client, move, action, **typed):
    """The form of the page, as it stands for this sheet."""
    return client.post(address(move, action), {"seen": action.version, "reason": REASON, **typed})


def sheet(unit, state="draft", **given) -> Action:
    return ActionFactory(published=True, carrier_unit=unit, editorial_state=state, **given)


@pytest.fixture
def posted(manager_client, django_capture_on_commit_callbacks):
    """`posted(move, action)`: the answer to a manager, once its mails have left."""

    def post(move, action, client=manager_client, **typed):
        with django_capture_on_commit_callbacks(execute=True):
            return send(client, move, action, **typed)

    return post


def recipients() -> list[str]:
    return sorted(address for message in mail.outbox for address in message.to)


# --- From every state ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("move", MOVES, ids=lambda move: move.name)
def test_move_from_every_state(move, state, unit, posted, manager):
    action = sheet(unit, state)

    response = posted(move, action)

    action.refresh_from_db()
    if state in move.since:
        assert (response.status_code, response["Location"]) == (302, action.get_absolute_url())
        assert (action.editorial_state, action.version) == (move.target, 2)
        last = action.versions.first()
        assert (last.by, last.reason) == (manager, REASON if move.asks else "")
        assert last.kind in Version.MOVES
    else:
        assert (action.editorial_state, action.version) == (state, 1)
        assert response.status_code == (302 if state == move.target and not move.asks else 409)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("move", MOVES, ids=lambda move: move.name)
def test_page_of_a_move_writes_nothing_and_offers_what_is_possible(move, state, unit, manager_client):
    action = sheet(unit, state)

    page = manager_client.get(address(move, action))

    assert (page.status_code, len(first_headings(page.text))) == (200, 1)
    assert ('<button class="button button--call" type="submit">' in page.text) == (state in move.since)
    assert_valid_html(page.text)
    action.refresh_from_db()
    assert (action.editorial_state, action.version, mail.outbox) == (state, 1, [])


# --- Who ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("method", ["get", "head", "post"])
@pytest.mark.parametrize("reader", OUTSIDE)
@pytest.mark.parametrize("move", MOVES, ids=lambda move: move.name)
def test_who_reaches_a_move(move, reader, method, unit, agent, request):
    action = sheet(unit, "proposed" if move.name == "send_back" else move.since[0])
    client = request.getfixturevalue(reader)

    response = getattr(client, method)(address(move, action), {"seen": 1, "reason": REASON})

    proposing = move.name == "propose" and reader == "agent_client"
    assert response.status_code == ((302 if method == "post" else 200) if proposing else OUTSIDE[reader])
    action.refresh_from_db()
    assert action.version == (2 if proposing and method == "post" else 1)


@pytest.mark.parametrize("method", ["put", "patch", "delete", "trace"])
@pytest.mark.parametrize("move", MOVES, ids=lambda move: move.name)
def test_other_methods_are_refused(move, method, unit, manager_client):
    assert getattr(manager_client, method)(address(move, sheet(unit))).status_code == 405


# --- Mails --------------------------------------------------------------------------------------------------------
@pytest.fixture
def cast(unit, agent, colleague, stranger, manager, admin_user):
    """A team of two accounts, one of them twice; its creator; closed accounts; and people it does not concern."""
    action = sheet(unit, title="Cuisine", created_by=colleague)
    creator_left = UserFactory(email="partie@example.org", is_active=False)
    for user in (agent, agent, colleague, creator_left, None):
        TeamMemberFactory(action=action, user=user)
    UserFactory(manager=True, email="ancien@example.org", is_active=False)
    return action


def test_proposal_is_told_to_the_service(cast, posted, agent_client):
    posted(MOVES[0], cast, agent_client, reason="Bonne lecture.")

    assert recipients() == ["admin@example.org", "responsable@example.org"]
    assert all(len(message.to) == 1 for message in mail.outbox)
    assert mail.outbox[0].subject == "Une fiche à relire\u00a0: «\u00a0Cuisine\u00a0»"
    assert f"/actions/{cast.slug}/" in mail.outbox[0].body
    assert "Bonne lecture" not in mail.outbox[0].body
    assert "agent@" not in mail.outbox[0].body


@pytest.mark.parametrize(
    ("name", "subject"),
    [
        ("send_back", "À reprendre"),
        ("publish", "Publiée"),
        ("archive", "Archivée"),
        ("reopen", "De nouveau en brouillon"),
    ],
)
def test_what_the_service_does_is_told_to_the_team_and_the_creator(name, subject, unit, cast, posted):
    move = next(move for move in MOVES if move.name == name)
    cast.editorial_state = move.since[-1]
    cast.save()

    posted(move, cast)

    assert recipients() == ["agent@example.org", "collegue@example.org"]
    assert {message.subject for message in mail.outbox} == {f"{subject}\u00a0: «\u00a0Cuisine\u00a0»"}
    assert not any(REASON in message.body for message in mail.outbox)


def test_nobody_is_told_of_what_he_does(unit, posted, manager, agent):
    action = sheet(unit, created_by=manager)
    TeamMemberFactory(action=action, user=agent)

    posted(PUBLISH, action)

    assert recipients() == ["agent@example.org"]


def test_sheet_without_team_tells_nobody(unit, posted):
    posted(PUBLISH, sheet(unit))

    assert mail.outbox == []


def test_publishing_what_is_published_tells_nobody(unit, manager, agent, django_capture_on_commit_callbacks):
    """« Enregistrer et publier », in the admin."""
    action = sheet(unit, "published", created_by=agent)

    with django_capture_on_commit_callbacks(execute=True):
        PUBLISH.carry_out(action, by=manager)

    assert mail.outbox == []


# --- Nothing unread, nothing twice --------------------------------------------------------------------------------
@pytest.mark.parametrize("seen", ["2", "0", "", "x", "9" * 5000])
def test_sheet_that_changed_since_is_shown_again(seen, unit, posted):
    action = sheet(unit, "proposed")

    response = posted(PUBLISH, action, seen=seen)

    assert response.status_code == 409
    assert "Quelqu’un a enregistré la fiche entre-temps" in response.text
    assert 'name="seen" value="1"' in response.text
    assert Action.objects.get().editorial_state == "proposed"
    assert mail.outbox == []


def test_words_typed_are_kept_when_the_sheet_changed(unit, posted):
    response = posted(MOVES[2], sheet(unit, "proposed"), seen="7", reason="Et le lieu ?")

    assert 'value="Et le lieu ?"' in response.text


def test_words_typed_are_kept_when_there_is_nothing_left_to_do(unit, posted):
    response = posted(MOVES[2], sheet(unit, "published"), reason="Et le lieu ?")

    assert response.status_code == 409
    assert "Et le lieu ?" in response.text


def test_another_reason_for_what_is_done_is_given_back(unit, posted):
    response = posted(ARCHIVE, sheet(unit, "archived", editorial_reason="Le groupe est fini."), reason="En double.")

    assert response.status_code == 409
    assert "En double." in response.text


def test_reason_that_seems_to_tell_of_a_person_is_asked_about_and_kept(unit, posted):
    response = posted(ARCHIVE, sheet(unit), reason="Appeler le 06 12 34 56 78")

    assert response.status_code == 422
    assert 'value="Appeler le 06 12 34 56 78"' in response.text
    assert Action.objects.get().editorial_state == "draft"


@pytest.mark.parametrize("move", MOVES, ids=lambda move: move.name)
def test_form_sent_twice_ends_the_same_and_tells_once(move, unit, agent, admin_user, posted):
    action = sheet(unit, move.since[-1], created_by=agent)

    first, second = posted(move, action), posted(move, action)

    assert first["Location"] == second["Location"] == action.get_absolute_url()
    assert action.versions.count() == 2  # where it started from, and the move
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("reason", ["", " ", "x" * 301])
def test_move_that_needs_a_reason_asks_for_it_again(reason, unit, posted):
    response = posted(REOPEN, sheet(unit, "archived"), reason=reason)

    assert response.status_code == 422
    assert "field--error" in response.text
    assert Action.objects.get().editorial_state == "archived"


def test_publishing_says_what_is_missing_and_where(unit, posted, manager_client):
    action = ActionFactory(carrier_unit=unit)

    page, response = manager_client.get(address(PUBLISH, action)), posted(PUBLISH, action)

    assert "le public visé" in page.text
    assert "/modifier/" in page.text
    assert '<button class="button button--call" type="submit">Publier' not in page.text
    assert (response.status_code, Action.objects.get().editorial_state) == (409, "draft")


def test_flags_that_wait_are_told_before_publishing(unit, manager_client):
    action = sheet(unit, "proposed")
    PrivacyFlagFactory(action=action)

    assert "1 texte de cette fiche semble parler d’une personne" in manager_client.get(address(PUBLISH, action)).text


# --- Several ------------------------------------------------------------------------------------------------------
def test_one_that_cannot_move_stops_no_other(unit, manager):
    ready, bare, changed = sheet(unit), ActionFactory(title="Vide"), sheet(unit, title="Changée")
    REOPEN.carry_out(Action.objects.get(pk=changed.pk), by=manager, reason="Une faute.")

    moved, refusals = carry_out_each([bare, changed, ready], lambda action: PUBLISH.carry_out(action, by=manager))

    assert moved == 1
    assert [refusal.partition("\u00a0»")[0].partition("«\u00a0")[2] for refusal in refusals] == ["Vide", "Changée"]
    assert list(Action.objects.published()) == [ready]


# --- On the page of a sheet ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("reader", "state", "offered"),
    [
        ("agent_client", "draft", ["proposer"]),
        ("agent_client", "proposed", []),
        ("agent_client", "published", []),
        ("manager_client", "draft", ["proposer", "publier", "archiver"]),
        ("manager_client", "proposed", ["publier", "renvoyer", "archiver"]),
        ("manager_client", "published", ["archiver", "rouvrir"]),
        ("manager_client", "archived", ["rouvrir"]),
    ],
)
def test_sheet_offers_its_moves(reader, state, offered, unit, request):
    action = sheet(unit, state)

    page = request.getfixturevalue(reader).get(action.get_absolute_url()).text

    words = ("proposer", "publier", "renvoyer", "archiver", "rouvrir")
    assert [word for word in words if f'href="{action.get_absolute_url()}{word}/"' in page] == offered
    assert f'href="{action.get_absolute_url()}modifier/"' in page


def test_sheet_shows_strangers_no_way_to_change_it(unit, client, stranger_client, agent_client):
    action = sheet(unit, "published")
    pages = [reader.get(action.get_absolute_url()).text for reader in (agent_client, client, stranger_client)]

    assert ["modifier/" in page for page in pages] == [True, False, False]


def test_reason_of_a_return_is_read_on_the_sheet(unit, agent_client, posted):
    action = sheet(unit, "proposed")
    posted(MOVES[2], action, reason="Il manque l’adresse.")

    assert "Il manque l’adresse." in agent_client.get(action.get_absolute_url()).text
