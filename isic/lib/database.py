"""What both engines need: a limit to each statement of a page, turns, fresh statistics after a bulk load."""

from django.db import DatabaseError, connection
from django.db.backends.signals import connection_created

#: SQLite has no clock of statements: it counts steps of its virtual machine, of which it does 25 to 50 millions a second.
STEPS_A_SECOND, STEPS_A_CALL = 20_000_000, 20_000


def limit_statements(seconds: float) -> None:
    """Stop any statement of a connection opened from now on that lasts longer; it raises OperationalError, hence a 503.

    For a process that serves pages: a command takes the time that it needs. What a server reads row by row while Python
    works does not count, on either engine.
    """

    def limit(sender, connection, **kwargs):
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('statement_timeout', %s, false)", [f"{seconds * 1000:.0f}ms"])
        else:
            _StepLimit(connection, int(seconds * STEPS_A_SECOND / STEPS_A_CALL))

    connection_created.connect(limit, weak=False, dispatch_uid="limit_statements")


class _StepLimit:
    """Counts the steps of the statement that runs; each new one starts from zero."""

    def __init__(self, connection, calls: int):
        self.calls = self.left = calls
        connection.execute_wrappers[:] = [w for w in connection.execute_wrappers if not isinstance(w, _StepLimit)]
        connection.execute_wrappers.append(self)
        connection.connection.set_progress_handler(self.is_over, STEPS_A_CALL)

    def __call__(self, execute, sql, params, many, context):
        self.left = self.calls
        return execute(sql, params, many, context)

    def is_over(self) -> bool:
        self.left -= 1
        return self.left < 0


def wait_for_turn(name: str) -> None:
    """Inside a transaction: until it ends, whoever waits for the same turn sees what this one writes.

    SQLite has one writer at a time anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [name])


def is_full(error: BaseException | None) -> bool:
    """Whether the database could not write for want of room on its disk."""
    cause = error.__cause__ if isinstance(error, DatabaseError) else None
    return getattr(cause, "sqlite_errorname", "") == "SQLITE_FULL" or getattr(cause, "sqlstate", "") == "53100"


class lock_timeout:
    """Wait so long for the write lock, not the twenty seconds that a person's own save may."""

    def __init__(self, seconds: float):
        self.seconds = seconds

    def __enter__(self):
        self._wait(self.seconds)

    def __exit__(self, *exc):
        self._wait(0 if connection.vendor == "postgresql" else connection.settings_dict["OPTIONS"].get("timeout", 20))

    def _wait(self, seconds: float) -> None:
        milliseconds = int(seconds * 1000)
        on_sqlite, on_postgresql = f"PRAGMA busy_timeout = {milliseconds}", f"SET lock_timeout = {milliseconds}"
        with connection.cursor() as cursor:
            cursor.execute(on_sqlite if connection.vendor == "sqlite" else on_postgresql)


def refresh_statistics() -> None:
    """The end of a bulk load: PostgreSQL plans as for small tables until it has looked at them again."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
