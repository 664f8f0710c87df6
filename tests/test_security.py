"""Headers and cookies: what every answer carries, and what none may."""

import json
import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from isic.lib.logs import JSONFormatter

ROOT = Path(__file__).resolve().parent.parent
PUBLIC_PAGES = ["/", "/actions/", "/groupes/", "/territoires/", "/contact/", "/compte/login/", "/nulle-part/"]
ADMIN_PAGES = ["/admin/", "/admin/accounts/user/", "/admin/accounts/user/add/", "/admin/actions/action/add/"]


def assert_strict_policy(response) -> None:
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http:" not in policy
    assert "https:" not in policy
    assert "*" not in policy


@pytest.mark.parametrize("path", PUBLIC_PAGES)
def test_public_page_carries_a_strict_policy_and_no_nonce(client, db, path):
    response = client.get(path)

    assert_strict_policy(response)
    assert "nonce" not in response["Content-Security-Policy"]
    assert "nonce" not in response.text


@pytest.mark.parametrize("path", ADMIN_PAGES)
def test_page_of_the_administration_carries_a_strict_policy(admin_client, path):
    response = admin_client.get(path)

    assert response.status_code == 200
    assert_strict_policy(response)


@pytest.mark.parametrize("path", ["/compte/", "/compte/password/change/", "/compte/logout/"])
def test_account_page_carries_a_strict_policy(agent_client, path):
    assert_strict_policy(agent_client.get(path))


@pytest.mark.parametrize("path", ["/contact/", "/nulle-part/", "/?q=%00", "/sante/"])
def test_every_answer_closes_what_the_site_does_not_use(client, db, path):
    response = client.get(path)

    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "geolocation=()" in response["Permissions-Policy"]


@pytest.mark.parametrize("path", ["/", "/actions/", "/contact/"])
def test_stranger_gets_no_cookie_and_no_token(client, db, path):
    response = client.get(path)

    assert not response.cookies
    assert "csrfmiddlewaretoken" not in response.text


@pytest.mark.parametrize("path", ["/", "/actions/", "/contact/", "/compte/", "/nulle-part/"])
def test_page_of_someone_signed_in_is_kept_by_nobody(agent_client, path):
    assert agent_client.get(path)["Cache-Control"] == "private, no-store"


def test_page_that_sets_a_cookie_is_kept_by_nobody(client, db):
    assert client.get("/compte/login/").cookies
    assert client.get("/compte/login/")["Cache-Control"] == "private, no-store"


def test_stranger_with_a_dead_session_reads_on(client, db):
    client.cookies["sessionid"] = "x" * 32

    assert client.get("/contact/").status_code == 200


def test_foreign_site_may_not_send_a_form(agent_client):
    agent_client.handler.enforce_csrf_checks = True

    response = agent_client.post("/compte/logout/", {"csrfmiddlewaretoken": "a" * 64})

    assert response.status_code == 403
    assert agent_client.get("/compte/").status_code == 200


# --- Over HTTPS, and static files, as a server of production serves them -------------------------------------------
PROBE = """
import json, os
from django.core.management import call_command
from django.test import Client
import django
django.setup()
call_command("migrate", verbosity=0)
from isic.wsgi import application  # collects the static files that nobody collected
from django.templatetags.static import static
plain, secure = Client().get("/contact/"), Client().get("/compte/login/", secure=True)
style = Client().get(static("css/base.css"), secure=True, headers={"accept-encoding": "gzip"})
print(json.dumps({
    "redirect": [plain.status_code, plain.headers.get("Location")],
    "hsts": secure.headers.get("Strict-Transport-Security"),
    "cookies": [[name, bool(c["secure"]), bool(c["httponly"])] for name, c in secure.cookies.items()],
    "style": [static("css/base.css"), style.status_code, dict(style.headers)],
}))
"""


@pytest.fixture(scope="module")
def production(tmp_path_factory):
    folder = tmp_path_factory.mktemp("production")
    environment = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "isic.settings",
        "SECRET_KEY": "only-for-tests-" * 4,
        "SITE_URL": "https://actions.example.org",
        "ALLOWED_HOSTS": "testserver",
        "DATABASE_URL": f"sqlite:///{folder / 'db.sqlite3'}",
        "STATIC_ROOT": str(folder / "static"),
    }
    done = subprocess.run([sys.executable, "-c", PROBE], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_site_over_https_leaves_plain_http(production):
    assert production["redirect"] == [301, "https://testserver/contact/"]
    assert production["hsts"] == "max-age=31536000; includeSubDomains; preload"


def test_cookies_over_https_are_closed_to_scripts_and_to_plain_http(production):
    assert production["cookies"] == [["__Host-csrftoken", True, True]]


def test_static_file_is_compressed_and_kept_for_ever(production):
    address, status, headers = production["style"]

    assert address.startswith("/static/css/base.")
    assert address != "/static/css/base.css"
    assert status == 200
    assert headers["Content-Encoding"] == "gzip"
    assert "immutable" in headers["Cache-Control"]


def test_no_style_or_script_asks_another_site():
    files = [path for finder in finders.get_finders() for path, storage in finder.list([]) if "admin" not in path]
    ours = [ROOT / "static" / path for path in files if (ROOT / "static" / path).suffix in (".css", ".js")]
    requests = [
        path.name for path in ours if path.exists() and ("url(http" in path.read_text() or "//cdn" in path.read_text())
    ]

    assert len([path for path in ours if path.exists()]) > 4
    assert requests == []


# --- Logs ---------------------------------------------------------------------------------------------------------
def test_log_says_who_asked_which_page_and_nothing_of_what_was_typed(agent_client, agent, caplog):
    with caplog.at_level(logging.INFO, logger="isic.requests"):
        agent_client.get("/contact/?q=secret")
    (record,) = caplog.records

    line = json.loads(JSONFormatter().format(record))

    assert line["method"] == "GET"
    assert line["path"] == "/contact/"
    assert line["status"] == 200
    assert line["user"] == agent.pk
    assert line["ms"] > 0
    assert "secret" not in json.dumps(line)


def test_log_keeps_the_traceback_of_a_failure():
    try:
        raise ValueError("boom")
    except ValueError:
        record = logging.getLogger("x").makeRecord("x", logging.ERROR, "f", 1, "failed", (), sys.exc_info())

    line = json.loads(JSONFormatter().format(record))

    assert (line["level"], line["message"]) == ("ERROR", "failed")
    assert "ValueError: boom" in line["traceback"]
