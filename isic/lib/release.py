"""What answers: the code and the names of the site, part of every ETag, so that a deployment renews what browsers keep."""

import hashlib
from functools import cache
from pathlib import Path

from django.conf import settings

from isic.lib.site import site

SHOWN = {".py", ".html", ".css", ".js", ".svg"}


@cache
def release() -> str:
    """The newest change among code and templates, and what templates know of the site.

    Read once a process; equal in all processes of a host.
    """
    folders = [path for path in Path(settings.BASE_DIR).iterdir() if path.is_dir() and path.name[0] != "."]
    folders = [path for path in folders if path.name not in ("var", "tests", "docs")]
    newest = max(file.stat().st_mtime_ns for folder in folders for file in folder.rglob("*") if file.suffix in SHOWN)
    return hashlib.sha256(repr((newest, site(None))).encode()).hexdigest()
