"""The settings of the house, on a database and files of the tests' own; nothing of the caller's environment leaks in.

`TEST_DATABASE_URL` names a PostgreSQL server (`python -m tests.postgres COMMAND` starts one); without it, SQLite.
"""

import atexit
import os
import re
import shutil
import tempfile
from pathlib import Path

SCRATCH = Path(tempfile.mkdtemp(prefix="isic-tests-"))
atexit.register(shutil.rmtree, SCRATCH, ignore_errors=True)

for name in re.findall(r'env\.\w+\("([A-Z_]+)"', Path(__file__).parent.parent.joinpath("isic/settings.py").read_text()):
    os.environ.pop(name, None)
os.environ["SECRET_KEY"] = "only-for-tests-" + "x" * 50
os.environ["SERVICE_EMAIL"] = "service@example.org"
os.environ["MEDIA_ROOT"] = str(SCRATCH / "media")
os.environ["DATABASE_URL"] = os.environ.get("TEST_DATABASE_URL") or f"sqlite:///{SCRATCH / 'db.sqlite3'}"
# Playwright's synchronous API runs an event loop in the thread of the test, which Django would refuse to serve.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

from isic.settings import *

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, as in production: an in-memory database would share one connection between the threads of a live server.
    DATABASES["default"]["TEST"] = {"NAME": str(SCRATCH / "test.sqlite3")}

INSTALLED_APPS = [*INSTALLED_APPS, "tests.leaning"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STATIC_ROOT = SCRATCH / "static"
STATIC_ROOT.mkdir()
# Names without a hash: tests need no collectstatic. `make check` builds the manifest.
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
