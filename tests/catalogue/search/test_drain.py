"""From marks to entries: all or nothing, whatever one sheet holds, and with the write lock or without."""

import threading

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction

from actions.models import Action
from catalogue.models import Entry, Revision, Stale, Withdrawn
from catalogue.search import current, drain, marks
from tests.catalogue.asking import ask, find
from tests.factories import ActionFactory, DomainFactory, MediaFactory

pytestmark = pytest.mark.engine


@pytest.fixture
def broken(db):
    """A published sheet that cannot be built: a hand wrote what no form would."""
    action = ActionFactory(published=True, title="Cassée")
    assert find() == ["Cassée"]
    with transaction.atomic():
        Action.objects.filter(pk=action.pk).update(
            rhythm_frequency="weekly", rhythm_weekday=9, rhythm_starts_at=None, sort_key="cassee"
        )
        action.refresh_from_db()
        action.save()
    return action


def test_a_sheet_that_cannot_be_built_leaves_the_catalogue_and_the_others_are_served(broken):
    other = ActionFactory(published=True, title="Saine")

    assert find() == ["Saine"]
    assert list(Entry.objects.values_list("pk", flat=True)) == [other.pk]
    assert Withdrawn.objects.get().action_id == broken.pk
    mark = Stale.objects.get()
    assert (mark.action_id, bool(mark.error)) == (broken.pk, True)


def test_a_sheet_that_cannot_be_built_is_not_tried_again_by_readers(broken):
    find()
    number = Revision.objects.get().n

    assert find() == find() == []

    assert Revision.objects.get().n == number
    assert not current.check().has_marks


def test_a_sheet_that_cannot_be_built_is_told_by_the_health_page(broken, client):
    find()

    answer = client.get("/sante/")

    assert answer.status_code == 200
    assert answer.json()["catalogue"] == {"n": Revision.objects.get().n, "marks_waiting": 0, "marks_failed": 1}


def test_a_repaired_sheet_comes_back_and_its_error_goes(broken):
    find()
    with transaction.atomic():
        broken.rhythm_weekday = 1
        broken.save()

    assert find() == ["Cassée"]
    assert not Stale.objects.exists()
    assert not Withdrawn.objects.exists()


def test_a_sheet_broken_and_then_archived_keeps_no_error(broken):
    find()
    broken.archive(by=None, reason="abîmée")

    assert find() == []
    assert not Stale.objects.exists()


def test_marks_are_served_five_hundred_at_a_time(db):
    action = ActionFactory(published=True)
    find()
    Stale.objects.bulk_create([Stale(action_id=action.pk)] * 1001)

    assert [drain.drain() for _ in range(4)] == [True, True, False, False]
    assert Stale.objects.count() == 0


def test_a_drain_without_marks_takes_no_number(db):
    ActionFactory(published=True)
    find()
    number = Revision.objects.get().n

    assert drain.drain() is False
    assert Revision.objects.get().n == number


def test_labels_have_their_own_number(db):
    domain = DomainFactory()
    action = ActionFactory(published=True, domain=domain)
    find()
    before = Revision.objects.get()

    with transaction.atomic():
        action.save()
    find()
    between = Revision.objects.get()
    with transaction.atomic():
        domain.save()
    find()
    after = Revision.objects.get()

    assert before.n < between.n < after.n
    assert (between.labels, after.labels) == (before.labels, after.n)


def test_marks_of_sheets_that_are_no_more_are_served_too(db):
    with transaction.atomic():
        Stale.objects.create(action_id=987_654)

    assert find() == []
    assert not Stale.objects.exists()
    assert not Withdrawn.objects.exists()


def test_a_photo_whose_rights_ended_keeps_the_sheet(db):
    action = ActionFactory(published=True, title="Avec photo")
    MediaFactory(action=action, image=True, rights_until="2020-01-01")

    assert find() == ["Avec photo"]


# --- What no page of visitors shows ---------------------------------------------------------------------------------
def test_marks_of_drafts_are_deleted_and_take_no_number(db):
    draft, published = ActionFactory(), ActionFactory(published=True)
    find()
    before = Revision.objects.get()

    with transaction.atomic():
        draft.save()
    assert find() == [published.title]

    after = Revision.objects.get()
    assert (after.n, after.labels) == (before.n, before.labels)
    assert not Stale.objects.exists()


def test_draft_among_other_marks_takes_the_number_of_the_others(db):
    draft, published = ActionFactory(), ActionFactory(published=True, title="Avant")
    find()
    before = Revision.objects.get().n

    with transaction.atomic():
        draft.save()
        published.title = "Après"
        published.save()

    assert find() == ["Après"]
    assert Revision.objects.get().n == before + 1


def test_sheet_between_two_relatives_is_shown_though_it_is_no_more_published(db, client):
    """Its own page is gone, and its link to its source still makes the lineage of the others."""
    source, other = ActionFactory(published=True, title="Source"), ActionFactory(published=True, title="Autre")
    middle = ActionFactory(published=True, editorial_state="archived", title="Entre deux", inspired_by=source)
    ActionFactory(published=True, title="Petite-fille", inspired_by=middle)
    assert "Petite-fille</a>" in client.get(source.get_absolute_url()).text.partition('id="filiation"')[2]

    with transaction.atomic():
        middle.inspired_by = other
        middle.save()
    assert 'id="filiation"' not in client.get(source.get_absolute_url()).text
    assert "Petite-fille</a>" in client.get(other.get_absolute_url()).text.partition('id="filiation"')[2]

    with transaction.atomic():
        middle.delete()
    assert 'id="filiation"' not in client.get(other.get_absolute_url()).text


@pytest.mark.django_db(transaction=True)
def test_publication_that_commits_while_a_drain_sees_a_draft_brings_its_own_mark(monkeypatch):
    """READ COMMITTED: the drain deletes the mark of the draft; that of the publication arrives with its commit."""
    if connection.vendor == "sqlite":
        pytest.skip("On SQLite a drain waits for the writer, or is refused.")
    monkeypatch.setattr(marks, "drain_after_commit", lambda: None)  # its process is killed before
    draft = ActionFactory(published=True, editorial_state="draft", title="Publiée pendant ce temps")
    drain.drain()
    number = Revision.objects.get().n
    Stale.objects.create(action_id=draft.pk)
    published, go_on = threading.Event(), threading.Event()

    def publish():
        try:
            with transaction.atomic():
                draft.publish(by=None)
                published.set()
                go_on.wait(30)
        finally:
            connections.close_all()

    writer = threading.Thread(target=publish)
    writer.start()
    assert published.wait(30)
    drain.drain()
    assert (Revision.objects.get().n, Stale.objects.count(), find()) == (number, 0, [])
    go_on.set()
    writer.join()

    assert find() == ["Publiée pendant ce temps"]
    assert Revision.objects.get().n == number + 1


# --- The lock -----------------------------------------------------------------------------------------------------
class Holder(threading.Thread):
    """Another connection that holds the write lock of the revision until told to let go."""

    def __init__(self):
        super().__init__()
        self.held, self.let_go = threading.Event(), threading.Event()

    def run(self):
        try:
            with transaction.atomic():
                Revision.objects.update(labels=1)
                self.held.set()
                self.let_go.wait(30)
                transaction.set_rollback(True)
        finally:
            connections.close_all()

    def __enter__(self):
        self.start()
        assert self.held.wait(30)
        return self

    def __exit__(self, *exc):
        self.let_go.set()
        self.join()


@pytest.mark.django_db(transaction=True)
def test_marked_sheets_are_left_out_while_the_lock_is_refused(monkeypatch):
    monkeypatch.setattr(drain, "LOCK_SECONDS", 0.2)
    domain = DomainFactory()
    marked, other = ActionFactory.create_batch(2, published=True, domain=domain)
    assert len(find()) == 2
    Stale.objects.create(action_id=marked.pk)

    with Holder():
        results = ask()
        assert results[:] == [other.pk]
        assert results.counts("domaine") == {domain.pk: 1}
        assert current.catalogue().hidden == (marked.pk,)

    assert len(find()) == 2
    assert current.catalogue().hidden == ()


@pytest.mark.django_db(transaction=True)
def test_a_page_with_sheets_left_out_has_no_tag(monkeypatch, client):
    monkeypatch.setattr(drain, "LOCK_SECONDS", 0.2)
    action = ActionFactory(published=True)
    assert "ETag" in client.get("/actions/")
    Stale.objects.create(action_id=action.pk)

    with Holder():
        response = client.get("/actions/")

    assert "ETag" not in response
    assert 'data-total="0"' in response.text


@pytest.mark.django_db(transaction=True)
def test_a_commit_succeeds_though_its_drain_is_refused(monkeypatch):
    monkeypatch.setattr(drain, "LOCK_SECONDS", 0.2)
    if connection.vendor == "sqlite":
        pytest.skip("On SQLite the holder of the lock refuses the write itself.")
    action = ActionFactory(published=True, title="Avant")
    assert find() == ["Avant"]

    with Holder(), transaction.atomic():
        action.title = "Après"
        action.save()

    assert find() == ["Après"]


# --- rebuild_search -----------------------------------------------------------------------------------------------
def test_rebuild_search_writes_every_entry_under_a_new_epoch(db, capsys):
    published = ActionFactory(published=True, title="Publiée")
    ActionFactory(title="Brouillon")
    assert find() == ["Publiée"]
    epoch = Revision.objects.get().epoch
    Entry.objects.update(title="Faux")
    Entry.objects.create(
        action_id=77, number=1, is_public=True, slug="x", title="Fantôme", recent=1, facets={}, facts={}
    )
    Stale.objects.create(action_id=published.pk, error="vieille erreur")

    call_command("rebuild_search")

    assert capsys.readouterr().out == "Entrées écrites\u00a0: 1.\n"
    assert list(Entry.objects.values_list("title", flat=True)) == ["Publiée"]
    assert not Stale.objects.exists()
    assert Revision.objects.get().epoch != epoch
    assert find() == ["Publiée"]


def test_rebuild_search_marks_the_sheets_that_cannot_be_built(broken):
    ActionFactory(published=True, title="Saine")

    call_command("rebuild_search", verbosity=0)

    assert find() == ["Saine"]
    assert Stale.objects.get().action_id == broken.pk


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda pk: Entry.objects.filter(pk=pk).update(title="Faux"), "diffère\u00a0: title."),
        (lambda pk: Entry.objects.filter(pk=pk).update(is_public=False), "diffère\u00a0: is_public."),
        (lambda pk: Entry.objects.filter(pk=pk).delete(), "n’a pas d’entrée."),
        (lambda pk: Action.objects.filter(pk=pk).update(editorial_state="draft"), "n’est plus publiée."),
    ],
)
def test_the_check_tells_each_difference_and_fails(db, capsys, change, sentence):
    action = ActionFactory(published=True)
    find()
    call_command("rebuild_search", check=True)
    assert "Entrées conformes\u00a0: 1." in capsys.readouterr().out

    change(action.pk)

    with pytest.raises(CommandError) as failure:
        call_command("rebuild_search", check=True)
    assert failure.value.returncode == 1
    assert sentence in capsys.readouterr().err
