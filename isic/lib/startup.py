"""What a server proves before it answers its first request."""

import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from shutil import disk_usage

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.storage import ManifestFilesMixin, staticfiles_storage
from django.core.management import call_command
from django.db import Error, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from isic.lib.database import is_full
from isic.lib.registry import Registry

#: Free bytes under which SQLite cannot be trusted to write: its journal alone may take as much.
ROOM = 16 * 1024**2


class NotReady(Exception):
    """The reason, as a French sentence for the person who operates the site."""


#: What rooms want to be true; each raises NotReady.
CHECKS: Registry[Callable[[], None]] = Registry("startup")


def check_ready() -> None:
    """Stop with one sentence when this process could not serve.

    Code 3 makes gunicorn stop, preloading or not, instead of starting workers without end.
    """
    try:
        require_database()
        for check in CHECKS:
            check()
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


def require_room() -> None:
    """Raise NotReady when the disk of the database is full: pages can still be read, nothing can be saved.

    SQLite is on a disk of this machine; PostgreSQL is asked for a page of its own.
    """
    full = NotReady("Le disque de la base est plein\u00a0: rien ne peut plus être enregistré.")
    if connection.vendor == "sqlite":
        if not connection.is_in_memory_db() and disk_usage(Path(connection.settings_dict["NAME"]).parent).free < ROOM:
            raise full
        return
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("CREATE TEMPORARY TABLE room ON COMMIT DROP AS SELECT 1")
    except Error as error:
        if is_full(error):
            raise full from error
        raise


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
