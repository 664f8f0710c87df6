"""The page that machines watch."""

import shutil

import pytest
from django.db import OperationalError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from catalogue.models import Revision, Stale
from isic.lib import startup
from isic.lib.startup import require_database

#: What PostgreSQL itself raises then.
FULL_DISK = "DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = 'disk_full'; END $$"
pytestmark = pytest.mark.engine


@pytest.fixture(autouse=True)
def forget_what_was_checked():
    require_database.cache_clear()
    yield
    require_database.cache_clear()


def test_health_tells_the_revision_and_the_marks(client, db):
    Stale.objects.all().delete()
    Revision.objects.update_or_create(pk=1, defaults={"n": 7})
    Stale.objects.bulk_create([Stale(action_id=1), Stale(action_id=2), Stale(action_id=3, error="boom")])

    response = client.get("/sante/")

    assert response.status_code == 200
    assert response.json() == {
        "status": "ok",
        "database": "ok",
        "catalogue": {"n": 7, "marks_waiting": 2, "marks_failed": 1},
    }


def test_health_answers_before_any_data(client, db):
    Revision.objects.all().delete()

    assert client.get("/sante/").json()["catalogue"]["n"] == 0


def test_health_is_never_kept(client, db):
    assert "no-store" in client.get("/sante/")["Cache-Control"]


def test_health_fails_with_the_database(client, db):
    def refuse(*arguments):
        raise OperationalError("gone")

    with connection.execute_wrapper(refuse):
        response = client.get("/sante/")

    assert response.status_code == 503
    assert response.json()["status"] == "error"
    assert "ne répond pas" in response.json()["database"]


def test_health_fails_where_a_migration_is_pending(client, db):
    [last] = MigrationLoader(connection).graph.leaf_nodes("accounts")
    MigrationRecorder(connection).record_unapplied(*last)

    response = client.get("/sante/")

    assert response.status_code == 503
    assert response.json()["database"].startswith("La base n’est pas à jour")


def test_health_fails_where_the_disk_of_the_database_is_full(client, db, monkeypatch):
    if connection.vendor == "sqlite":
        monkeypatch.setattr(startup, "ROOM", shutil.disk_usage("/").total * 1000)

    def refuse(execute, sql, params, many, context):
        return execute(FULL_DISK if "TEMPORARY" in sql else sql, params, many, context)

    with connection.execute_wrapper(refuse):
        response = client.get("/sante/")

    assert response.status_code == 503
    assert response.json()["database"] == "Le disque de la base est plein\u00a0: rien ne peut plus être enregistré."


def test_health_is_not_redirected_to_https(client, db, settings):
    settings.SECURE_SSL_REDIRECT = True

    assert client.get("/sante/").status_code == 200
    assert client.get("/contact/").status_code == 301
