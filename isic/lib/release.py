"""Which release of the code answers: part of every ETag, so that a deployment renews the pages browsers keep."""

from functools import cache
from pathlib import Path

from django.conf import settings


@cache
def release() -> str:
    """The newest change among the code and the templates, read once a process; equal in all processes of a host."""
    folders = [
        path for path in Path(settings.BASE_DIR).iterdir() if path.is_dir() and not path.name.startswith((".", "var"))
    ]
    files = (
        file
        for folder in folders
        for file in folder.rglob("*")
        if file.suffix in {".py", ".html", ".css", ".js", ".svg"}
    )
    return format(max(file.stat().st_mtime_ns for file in files), "x")
