"""The index of a process follows the database: forward, back after a restore, and never from inside a transaction."""

import threading
import uuid

import pytest
from django.db import connections, transaction

from catalogue.models import Entry, Revision, Stale, Withdrawn
from catalogue.search import current
from isic.lib.french import stem
from tests.catalogue.asking import ask, find
from tests.factories import ActionFactory, DomainFactory

pytestmark = pytest.mark.engine
#: What the tests replace (conftest.py), taken before they do.
IN_PRODUCTION = current.is_in_transaction


def test_an_unchanged_database_keeps_the_same_catalogue(db):
    ActionFactory(published=True)

    assert current.catalogue() is current.catalogue()


def test_asking_costs_one_query_when_nothing_changed(db, django_assert_num_queries):
    ActionFactory(published=True)
    current.catalogue()

    with django_assert_num_queries(1):
        current.catalogue()


def test_a_change_is_applied_to_the_index_and_a_label_reads_no_entry(db):
    domain = DomainFactory(name="Loisirs")
    ActionFactory(published=True, title="Jardin", domain=domain)
    index = current.catalogue().index
    ActionFactory(published=True, title="Potager")
    assert current.catalogue().index is index

    with transaction.atomic():
        domain.name = "Culture"
        domain.save()

    assert find("culture") == ["Jardin"]
    assert current.catalogue().index is index


def test_a_restored_database_is_read_anew(db):
    ActionFactory(published=True, title="Gardée")
    find()
    saved = Revision.objects.get().n
    entries = list(Entry.objects.values())
    ActionFactory(published=True, title="Perdue")
    assert len(find()) == 2

    Entry.objects.all().delete()
    Entry.objects.bulk_create([Entry(**row) for row in entries])
    Stale.objects.all().delete()
    Withdrawn.objects.all().delete()
    Revision.objects.update(n=saved)

    assert find() == ["Gardée"]


def test_a_new_epoch_is_read_anew(db):
    ActionFactory(published=True, title="Avant")
    find()
    index = current.catalogue().index

    Entry.objects.update(title="Après", stems=f" {stem('après')} \n\n\n")
    Revision.objects.update(epoch=uuid.uuid4())

    assert current.catalogue().index is not index
    assert len(ask("après")) == 1


def test_an_emptied_database_shows_nothing(db):
    ActionFactory(published=True)
    find()

    for model in (Entry, Stale, Withdrawn, Revision):
        model.objects.all().delete()

    assert find() == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_in_transaction", [IN_PRODUCTION, None], ids=["production", "tests"])
def test_it_refuses_to_fill_inside_a_transaction(is_in_transaction, monkeypatch):
    if is_in_transaction:
        monkeypatch.setattr(current, "is_in_transaction", is_in_transaction)
    ActionFactory(published=True, title="Validée")
    current.forget()

    with pytest.raises(RuntimeError, match="never filled from inside a transaction"), transaction.atomic():
        current.catalogue()

    assert find() == ["Validée"]


@pytest.mark.django_db(transaction=True)
def test_threads_that_arrive_together_fill_it_once_and_agree():
    ActionFactory.create_batch(3, published=True)
    current.catalogue()
    current.forget()
    seen, barrier = [], threading.Barrier(6)

    def read():
        try:
            barrier.wait()
            seen.append((id(current.catalogue().index), tuple(ask()[:])))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=read) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(seen) == 6
    assert len(set(seen)) == 1


@pytest.mark.django_db(transaction=True)
def test_readers_beside_a_writer_always_see_a_state_that_was():
    actions = ActionFactory.create_batch(5, published=True)
    current.catalogue()
    faults, done = [], threading.Event()

    def read():
        try:
            while not done.is_set():
                results = ask()
                if len(results) != len(set(results[:])) or len(results) not in (4, 5):
                    faults.append(len(results))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=read) for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        for turn in range(6):
            action = actions[turn % 5]
            action.archive(by=None, reason="pause")
            action.reopen(by=None, reason="reprise")
            action.publish(by=None)
    finally:
        done.set()
        for thread in threads:
            thread.join()

    assert faults == []
    assert len(find()) == 5
