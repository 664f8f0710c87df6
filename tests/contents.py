"""What the tables hold: read once, put back as often as tests want it, by the shortest way of each engine."""

from dataclasses import dataclass

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, transaction

#: Which migrations have run is no content.
LEFT_ALONE = {"django_migrations"}


@dataclass(frozen=True, slots=True)
class Contents:
    """By table, its columns and its rows as the engine writes them: tuples on SQLite, the text of COPY on PostgreSQL."""

    tables: dict[str, tuple[str, list[tuple] | bytes]]

    @classmethod
    def read(cls) -> "Contents":
        with connection.cursor() as cursor:
            return cls({table: _read(cursor, table) for table in filled(cursor)})

    def put_back(self) -> None:
        """Afterwards the tables hold this and no more; the keys of new rows follow those that are there."""
        with transaction.atomic(), connection.cursor() as cursor:
            for table in filled(cursor):
                cursor.execute(f'DELETE FROM "{table}"')
            for table, (columns, rows) in self.tables.items():
                _write(cursor, table, columns, rows)
            if connection.vendor == "postgresql" and self.tables:
                models = [m for m in apps.get_models(include_auto_created=True) if m._meta.db_table in self.tables]
                cursor.execute(";".join(connection.ops.sequence_reset_sql(no_style(), models)))


def filled(cursor) -> list[str]:
    """The tables that hold a row."""
    tables = sorted(set(connection.introspection.table_names(cursor)) - LEFT_ALONE)
    cursor.execute(" UNION ALL ".join(f"SELECT '{t}' WHERE EXISTS (SELECT 1 FROM \"{t}\")" for t in tables))
    return [name for (name,) in cursor.fetchall()]


def _read(cursor, table: str) -> tuple[str, list[tuple] | bytes]:
    """Columns that the database computes are left out."""
    if connection.vendor == "postgresql":
        cursor.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND is_generated = 'NEVER'"
            " ORDER BY ordinal_position",
            [table],
        )
        columns = ", ".join(f'"{name}"' for (name,) in cursor.fetchall())
        with cursor.copy(f'COPY "{table}" ({columns}) TO STDOUT') as copy:
            return columns, b"".join(copy)
    cursor.execute(f'SELECT name FROM pragma_table_xinfo("{table}") WHERE hidden = 0')
    names = [f'"{name}"' for (name,) in cursor.fetchall()]
    # A plus keeps a value as it is stored: the bare column would come as the date that Python reads in it.
    values = ", ".join(f"+{name}" for name in names)
    return ", ".join(names), cursor.connection.execute(f'SELECT {values} FROM "{table}"').fetchall()


def _write(cursor, table: str, columns: str, rows: list[tuple] | bytes) -> None:
    if connection.vendor == "postgresql":
        with cursor.copy(f'COPY "{table}" ({columns}) FROM STDIN') as copy:
            copy.write(rows)
    else:
        holes = ", ".join("?" * len(rows[0]))
        cursor.connection.executemany(f'INSERT INTO "{table}" ({columns}) VALUES ({holes})', rows)
