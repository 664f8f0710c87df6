"""What a server proves before it answers its first request."""

import sys
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.storage import ManifestFilesMixin, staticfiles_storage
from django.core.management import call_command
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor


class NotReady(Exception):
    """The reason, as a French sentence for the person who operates the site."""


def check_ready() -> None:
    """Stop with one sentence when this process could not serve.

    Code 3 makes gunicorn stop, preloading or not, instead of starting workers without end.
    """
    try:
        require_database()
        collect_static()
    except NotReady as reason:
        sys.stderr.write(f"{reason}\n")
        sys.exit(3)


@cache
def require_database() -> None:
    """Raise NotReady unless the database answers and is up to date; success is remembered, a failure is not."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite" and not connection.is_in_memory_db() and not Path(name).exists():
        # Connecting would create an empty file, and hide a wrong path.
        raise NotReady(f"La base {name} n’existe pas : lancez « manage.py migrate » ou corrigez DATABASE_URL.")
    try:
        executor = MigrationExecutor(connection)
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except Error as error:
        raise NotReady(
            "La base de données ne répond pas : vérifiez DATABASE_URL et que le serveur est lancé."
        ) from error
    if pending:
        raise NotReady(
            f"La base n’est pas à jour (migrations en attente : {len(pending)}) : lancez « manage.py migrate »."
        )


def collect_static() -> None:
    """Collect the static files where nobody did since they changed: a page that names an unknown file is a failure."""
    names_matter = not settings.DEBUG and isinstance(staticfiles_storage, ManifestFilesMixin)
    if not (names_matter and has_changed_static()):
        return
    try:
        call_command("collectstatic", interactive=False, verbosity=0)
    except OSError as error:
        raise NotReady("Les fichiers statiques ne sont pas à jour : lancez « manage.py collectstatic ».") from error


def has_changed_static() -> bool:
    manifest = Path(staticfiles_storage.path(staticfiles_storage.manifest_name))
    if not manifest.exists():
        return True
    files = (Path(storage.path(name)) for finder in get_finders() for name, storage in finder.list([]))
    return max(file.stat().st_mtime for file in files) > manifest.stat().st_mtime
