"""Pages of visitors are kept under their ETag, in bounded memory; only what visitors are shown makes them again."""

import random
import threading

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from catalogue.caching import CACHED_PAGES, PageCache
from catalogue.models import Stale
from tests.actions.filing import autosave, fill
from tests.factories import ActionFactory, AgendaItemFactory, MeetingFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sheet(unit):
    return ActionFactory(published=True, title="Jardin partagé", carrier_unit=unit, open_to_newcomers="yes")


@pytest.fixture
def addresses(sheet, unit) -> list[str]:
    """One of each kind of page that is kept."""
    names = ("catalogue:home", "catalogue:list", "catalogue:territories", "catalogue:groups")
    words = reverse("catalogue:list", query={"q": "jardin"})
    return [*map(reverse, names), words, unit.get_absolute_url(), sheet.get_absolute_url()]


def tags(addresses) -> dict[str, str]:
    """What a new visitor of each page is given to revalidate it."""
    return {address: Client().get(address)["ETag"] for address in addresses}


# --- What makes them again ----------------------------------------------------------------------------------------
def test_page_is_made_once_for_all_visitors(addresses, django_assert_num_queries):
    first = {address: Client().get(address).content for address in addresses}

    for address in addresses:
        with django_assert_num_queries(1):  # the revision
            again = Client().get(address)
        assert again.content == first[address]


def test_edit_of_a_draft_leaves_every_page_as_it_is(addresses, agent_client, unit, django_assert_num_queries):
    draft = ActionFactory(carrier_unit=unit, title="Brouillon")
    before = tags(addresses)

    for summary in ("Un", "Deux", "Trois"):
        answer = autosave(agent_client, draft, "identite", fill(agent_client, draft, "identite", summary=summary))
        assert answer.status_code == 200
    draft.refresh_from_db()

    assert draft.summary == "Trois"
    assert tags(addresses) == before
    for address in addresses:
        with django_assert_num_queries(1):
            Client().get(address)
    assert not Stale.objects.exists()


def test_proposal_leaves_every_page_as_it_is(addresses, agent, manager, unit):
    draft = ActionFactory(carrier_unit=unit, title="Brouillon")
    before = tags(addresses)

    draft.propose(by=agent, note="À lire.")
    draft.send_back(by=manager, reason="Le lieu manque.")
    draft.propose(by=agent)

    assert tags(addresses) == before


def test_meeting_leaves_every_page_as_it_is(addresses, sheet, manager, unit):
    before = tags(addresses)

    meeting = MeetingFactory(held=True, territory=unit)
    item = AgendaItemFactory(meeting=meeting, action=sheet)
    with transaction.atomic():
        item.outcome, item.brings = "supported", "Un appui."
        item.save()
        meeting.members.create(name="Camille")
        meeting.close(by=manager)

    assert tags(addresses) == before


def test_publication_makes_every_page_again(addresses, manager, unit):
    draft = ActionFactory(published=True, editorial_state="draft", carrier_unit=unit, title="Brouillon")
    before = tags(addresses)

    draft.publish(by=manager)

    after = tags(addresses)
    assert all(after[address] != before[address] for address in addresses)
    assert "Brouillon" in Client().get(reverse("catalogue:list")).text


def test_withdrawal_makes_every_page_again(addresses, sheet, manager):
    before = tags(addresses)

    sheet.archive(by=manager, reason="terminée")

    assert Client().get(sheet.get_absolute_url()).status_code == 404
    assert all(tags(addresses[:-1])[address] != before[address] for address in addresses[:-1])
    assert "Jardin partagé" not in Client().get(reverse("catalogue:list")).text


# --- Whose they are -----------------------------------------------------------------------------------------------
def test_page_of_somebody_signed_in_is_neither_kept_nor_given_from_what_is_kept(addresses, agent_client):
    for address in addresses:
        agent_client.get(address)
    assert CACHED_PAGES.size == 0

    for address in addresses:
        visitor, person = Client().get(address), agent_client.get(address)
        assert "/mes-actions/" not in visitor.text
        assert "/mes-actions/" in person.text


def test_page_that_does_not_exist_is_not_kept(db):
    assert Client().get("/actions/absente/").status_code == 404
    assert CACHED_PAGES.size == 0


# --- Within bounds ------------------------------------------------------------------------------------------------
def test_crawler_of_many_addresses_cannot_push_memory_beyond(sheet, settings):
    settings.CACHED_PAGES_MB = 1
    listing = reverse("catalogue:list")
    popular = Client().get(listing)
    weight = len(popular.content) + PageCache.OVERHEAD

    for number in range(2 * 1024 * 1024 // weight):
        Client().get(f"{listing}?q=jardin&annee={1000 + number}")
        Client().get(listing)  # somebody reads it meanwhile
        assert CACHED_PAGES.size <= 1024 * 1024

    assert CACHED_PAGES.size > 512 * 1024
    assert CACHED_PAGES.get(popular["ETag"]) == popular.content
    assert CACHED_PAGES.get(Client().get(f"{listing}?q=jardin&annee=1000")["ETag"])


def test_page_heavier_than_all_that_may_be_kept_is_not(settings):
    pages = PageCache()
    settings.CACHED_PAGES_MB = 1

    pages.keep("small", b"x")
    pages.keep("large", b"x" * 1024 * 1024)

    assert (pages.get("large"), pages.size) == (None, 0)


def test_least_recently_used_goes_first(settings):
    settings.CACHED_PAGES_MB = 1
    pages, body = PageCache(), b"x" * 300_000

    for tag in "abc":
        pages.keep(tag, body)
    pages.get("a")
    pages.keep("d", body)

    assert [tag for tag in "abcd" if pages.get(tag)] == ["a", "c", "d"]


def test_threads_share_what_is_kept(settings):
    settings.CACHED_PAGES_MB = 1
    pages = PageCache()

    def ask(seed: int) -> None:
        rng = random.Random(seed)
        for _ in range(2000):
            number = rng.randrange(200)
            if (body := pages.get(str(number))) is None:
                pages.keep(str(number), bytes(number * 100))
            else:
                wrong.extend([number] * (len(body) != number * 100))

    wrong: list[int] = []
    threads = [threading.Thread(target=ask, args=(seed,)) for seed in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    held = [body for number in range(200) if (body := pages.get(str(number))) is not None]
    assert not wrong
    assert pages.size == sum(len(body) + PageCache.OVERHEAD for body in held) <= 1024 * 1024
