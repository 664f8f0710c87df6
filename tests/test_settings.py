"""A wrong setting stops every command and the server with one sentence, and without a traceback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
GOOD = {"SECRET_KEY": "only-for-tests-" * 4, "DATABASE_URL": "sqlite:///nowhere/db.sqlite3"}
INHERITED = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "VIRTUAL_ENV")}


def run(*arguments, **settings) -> subprocess.CompletedProcess:
    environment = {**INHERITED, **GOOD, **settings}
    return subprocess.run([sys.executable, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True)


def read(*names, **settings) -> list[str]:
    """The values that these settings take in a process of their own."""
    code = f"from isic import settings\nfor name in {names!r}: print(repr(getattr(settings, name)))"
    done = run("-c", code, **settings)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("SECRET_KEY", "", "SECRET_KEY manque"),
        ("SECRET_KEY", "abc", "SECRET_KEY se devine"),
        ("SECRET_KEY", "abcdefghij" * 4 + "klmnopqrs", "SECRET_KEY se devine"),  # 49
        ("SECRET_KEY", "abc" * 20, "SECRET_KEY se devine"),
        ("DATABASE_URL", "mysql://user:hidden@host/base", "DATABASE_URL n’est pas valable"),
        ("ACCENT_COLOR", "green", "ACCENT_COLOR vaut «\u00a0green\u00a0»"),
        ("ACCENT_COLOR", "#ffcc00", "ACCENT_COLOR vaut «\u00a0#ffcc00\u00a0»"),
        ("LOGO_PATH", "/absent/logo.png", "LOGO_PATH vaut «\u00a0/absent/logo.png\u00a0»"),
        ("LOGO_PATH", __file__, "LOGO_PATH vaut «"),
        ("DATABASE_URL", "postgres://host", "DATABASE_URL n’est pas valable"),
        ("DATABASE_URL", "postgres://user@host:port/base", "DATABASE_URL n’est pas valable"),
        ("DATABASE_URL", "sqlite://relative.sqlite3", "DATABASE_URL n’est pas valable"),
        ("DATABASE_URL", "nonsense", "DATABASE_URL n’est pas valable"),
        ("DATABASE_URL", "sqlite:///", "DATABASE_URL n’est pas valable"),
        ("SITE_NAME", "Actions\nBcc: tous@example.org", "SITE_NAME contient un retour à la ligne"),
        ("DEBUG", "maybe", "DEBUG vaut « maybe »"),
        ("BEHIND_PROXY", "2", "BEHIND_PROXY vaut « 2 »"),
        ("BACKGROUND", "later", "BACKGROUND vaut «\u00a0later\u00a0»\u00a0: écrivez immediate ou worker."),
        (
            "STATEMENT_SECONDS",
            "0",
            "STATEMENT_SECONDS vaut «\u00a00\u00a0»\u00a0: écrivez un nombre entier, à partir de 1.",
        ),
        ("CACHED_PAGES_MB", "-5", "CACHED_PAGES_MB vaut «\u00a0-5\u00a0»"),
        ("CACHED_PAGES_MB", "²", "CACHED_PAGES_MB vaut «"),
        ("ALLOWED_HOSTS", "http://example.org", "ALLOWED_HOSTS contient « http://example.org »"),
        ("SITE_URL", "ftp://example.org", "SITE_URL vaut « ftp://example.org »"),
        ("SITE_URL", "https://example.org/path", "SITE_URL vaut « https://example.org/path »"),
        ("EMAIL_URL", "carrier-pigeon://", "EMAIL_URL n’est pas valable"),
        ("EMAIL_URL", "smtp://", "EMAIL_URL n’est pas valable"),
        ("MEDIA_ROOT", "/dev/null", "MEDIA_ROOT vaut « /dev/null »"),
        ("ACCESSIBILITY_DECLARED_ON", "hier", "ACCESSIBILITY_DECLARED_ON vaut «\u00a0hier\u00a0»"),
        ("ACCESSIBILITY_PLAN_URL", "javascript:alert(1)", "ACCESSIBILITY_PLAN_URL vaut «"),
        ("SERVICE_EMAIL", "service", "SERVICE_EMAIL vaut « service »"),
    ],
)
def test_wrong_setting_stops_a_command_with_one_sentence(name, value, sentence):
    done = run("manage.py", "check", **{name: value})

    assert done.returncode == 1
    assert done.stderr.startswith(sentence)
    assert done.stderr.count("\n") == 1
    assert "hidden" not in done.stderr


def test_wrong_settings_are_all_said_at_once():
    done = run("manage.py", "check", SECRET_KEY="", DEBUG="maybe")

    assert [line.split()[0] for line in done.stderr.splitlines()] == ["DEBUG", "SECRET_KEY"]


def test_wrong_setting_stops_the_server():
    done = run("-m", "gunicorn", "isic.wsgi", "-b", "127.0.0.1:0", DEBUG="maybe")

    assert done.returncode == 1
    assert "DEBUG vaut « maybe »" in done.stderr
    assert "Traceback" not in done.stderr


def test_missing_database_stops_the_server_and_is_not_made(tmp_path):
    path = tmp_path / "missing.sqlite3"

    done = run("-m", "gunicorn", "isic.wsgi", "-b", "127.0.0.1:0", DATABASE_URL=f"sqlite:///{path}")

    assert done.returncode == 3
    assert done.stderr.count(f"La base {path} n’existe pas") == 1
    assert "Traceback" not in done.stderr
    assert not path.exists()


def test_silent_database_stops_the_server():
    done = run("-c", "import isic.wsgi", DATABASE_URL="postgres://user@127.0.0.1:1/base")

    assert done.returncode == 3
    assert done.stderr.splitlines() == [
        "La base de données ne répond pas : vérifiez DATABASE_URL et que le serveur est lancé."
    ]


def test_pending_migration_stops_the_server(tmp_path):
    path = tmp_path / "empty.sqlite3"
    path.touch()

    done = run("-c", "import isic.wsgi", DATABASE_URL=f"sqlite:///{path}")

    assert done.returncode == 3
    assert done.stderr.startswith("La base n’est pas à jour (migrations en attente : ")
    assert done.stderr.count("\n") == 1


def test_empty_settings_count_as_unset():
    debug, hosts, https = read("DEBUG", "ALLOWED_HOSTS", "SECURE_SSL_REDIRECT", DEBUG="", ALLOWED_HOSTS="", SITE_URL="")

    assert (debug, https) == ("False", "False")
    assert hosts == "['127.0.0.1', 'localhost', '127.0.0.1']"


@pytest.mark.parametrize(
    ("url", "options"),
    [
        ("smtp://mail.example.org", {"timeout": 5, "port": 25, "host": "mail.example.org"}),
        (
            "smtp+tls://user:p%40ss@mail.example.org:2525",
            {
                "timeout": 5,
                "port": 2525,
                "use_tls": True,
                "host": "mail.example.org",
                "username": "user",
                "password": "p@ss",
            },
        ),
        ("filemail:///tmp/mails", {"file_path": "/tmp/mails"}),
        ("consolemail://", {}),
    ],
)
def test_mailer_is_read_from_one_address(url, options):
    (mailers,) = read("MAILERS", EMAIL_URL=url)

    assert f"'OPTIONS': {options!r}" in mailers


def test_production_settings_pass_the_deployment_check(tmp_path):
    done = run(
        "manage.py",
        "check",
        "--deploy",
        "--fail-level=WARNING",
        SECRET_KEY="".join(map(chr, range(40, 100))),
        SITE_URL="https://actions.example.org",
        EMAIL_URL="smtp+tls://user:secret@mail.example.org",
        DATABASE_URL=f"sqlite:///{tmp_path / 'db.sqlite3'}",
        SERVICE_EMAIL="social@departement.test",
        LEGAL_PUBLISHER="Le Département",
        LEGAL_DIRECTOR="La présidente",
        LEGAL_HOST="Un hébergeur",
        ACCESSIBILITY_PLAN_URL="https://departement.test/schema",
    )

    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


@pytest.mark.parametrize(
    ("settings", "zone"),
    [
        ({}, "Europe/Paris"),
        ({"DEPARTMENT_CODE": "974"}, "Indian/Reunion"),
        ({"DEPARTMENT_CODE": "987", "TIME_ZONE": "Pacific/Marquesas"}, "Pacific/Marquesas"),
    ],
)
def test_hour_is_that_of_the_departement(settings, zone):
    assert read("TIME_ZONE", **settings) == [repr(zone)]
