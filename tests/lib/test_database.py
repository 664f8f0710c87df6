"""No statement of a page lasts, on either engine; a command's may; bulk loads leave fresh statistics; a full disk is told."""

import subprocess
import sys

import pytest
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.backends.signals import connection_created
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.urls import path

from isic.lib.database import limit_statements, refresh_statistics
from tests.forks import environment

ENDLESS = (
    "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {}) "
    "SELECT COUNT(*) FROM numbers"
)


@login_not_required
def count(request, last):
    with connection.cursor() as cursor:
        cursor.execute(ENDLESS.format(last))
        return HttpResponse(str(cursor.fetchone()[0]))


@login_not_required
def fill(request):
    """What each engine itself raises when its disk has no room left."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = 'disk_full'; END $$")
        cursor.execute("PRAGMA max_page_count = 1")  # what the file has already
        try:
            cursor.execute("CREATE TABLE more AS SELECT zeroblob(10000000)")
        finally:
            cursor.execute("PRAGMA max_page_count = 1000000")


urlpatterns = [path("compter/<int:last>/", count), path("remplir/", fill)]
handler500 = "isic.lib.errors.server_error"
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls(__name__)]


@pytest.fixture
def limited():
    """A connection opened by a process that serves pages."""
    connection.close()
    limit_statements(seconds=0.05)
    yield
    connection_created.disconnect(dispatch_uid="limit_statements")
    connection.close()
    connection.execute_wrappers.clear()


def test_statement_beyond_the_limit_gives_a_french_503(limited, client):
    client.raise_request_exception = False

    answer = client.get("/compter/1000000000/")

    assert answer.status_code == 503
    assert "Le site est momentanément indisponible" in answer.text
    assert answer["Retry-After"] == "30"


def test_connection_goes_on_after_a_statement_beyond_the_limit(limited, client):
    with pytest.raises(OperationalError):
        client.get("/compter/1000000000/")

    assert [client.get("/compter/1000/").text for _ in range(3)] == ["1000"] * 3


def test_limit_holds_once_the_connection_was_opened_again(limited, client):
    connection.close()

    with pytest.raises(OperationalError):
        client.get("/compter/1000000000/")
    if connection.vendor == "sqlite":
        assert len(connection.execute_wrappers) == 1


def test_command_takes_the_time_that_it_needs(client):
    assert client.get("/compter/200000/").text == "200000"


def test_statistics_are_those_of_the_rows():
    refresh_statistics()

    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT COUNT(*) FROM pg_stats WHERE tablename = 'django_migrations'")
        else:
            cursor.execute("SELECT COUNT(*) FROM sqlite_stat1 WHERE tbl = 'django_migrations'")
        assert cursor.fetchone()[0] > 0


def test_each_bulk_load_ends_with_fresh_statistics():
    for command in (["start_department", "01"], ["load_examples"], ["generate_actions", "2"], ["rebuild_search"]):
        with CaptureQueriesContext(connection) as captured:
            call_command(*command)

        assert captured[-1]["sql"] == "ANALYZE", command


@pytest.mark.processes
def test_server_limits_its_statements():
    code = (
        "import isic.wsgi\nfrom django.db import connection\n"
        "cursor = connection.cursor()\n"
        "if connection.vendor == 'sqlite':\n    print(connection.execute_wrappers[0].calls)\n"
        "else:\n    cursor.execute('SHOW statement_timeout')\n    print(cursor.fetchone()[0])\n"
    )

    done = subprocess.run([sys.executable, "-c", code], env=environment(), cwd=settings.BASE_DIR, capture_output=True)

    assert done.stdout.decode().strip() == ("15000" if connection.vendor == "sqlite" else "15s"), done.stderr


def test_database_without_room_gives_a_french_507(client):
    client.raise_request_exception = False

    answer = client.get("/remplir/")

    assert answer.status_code == 507
    assert "Le site n’a plus de place" in answer.text
