"""How points lie in PostgreSQL: a table a month, one for what is older than all of them, one for what comes after.

A month that is read or written costs the same however many others there are. Nothing that is written is ever refused
for want of a month: history that is older than the portal lies in `kpis_point_past`, and a day whose month nobody has
made (the worker was away for long, a clock is wrong) in `kpis_point_ahead` until its month is made. Between those two
no month is left out, so that whoever looks for the latest day goes from table to table and stops. On SQLite points are
one plain table, and nothing here does anything.
"""

from collections.abc import Iterator
from datetime import date

from django.db import connection, transaction

#: Months that are made before they come. Each is one more to pass on the way to a latest day.
AHEAD = 1
#: An index tells a point without its row only where vacuum has seen the page, so vacuum follows what is written.
FOLLOWED_CLOSELY = """
    autovacuum_vacuum_insert_threshold = 1000, autovacuum_vacuum_insert_scale_factor = 0.01,
    autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0.02
"""
#: Readers and writers queue up behind whoever waits for the whole table; the next hour is soon enough.
WAIT = "3s"


def is_partitioned() -> bool:
    return connection.vendor == "postgresql"


def make_room(today: date) -> list[str]:
    """Make the tables of this month and the next, and of those between that nobody made; the names of the new ones."""
    if not is_partitioned():
        return []
    begins, until = beginning_of_what_comes(), shift(today, AHEAD + 1)
    missing = (until.year - begins.year) * 12 + until.month - begins.month
    return [make_month(first) for first in months(begins, missing)]


def make_beginning(today: date) -> None:
    """The tables that a database begins with.

    History lies in one table on purpose: it comes series by series, and there a series' years are side by side. What
    comes day by day, from all series at once, is what months keep small.
    """
    first = shift(today, 0)
    run(
        "CREATE TABLE kpis_point_past PARTITION OF kpis_point "
        f"FOR VALUES FROM (MINVALUE) TO ('{first}') WITH ({FOLLOWED_CLOSELY})",
        "CREATE TABLE kpis_point_ahead PARTITION OF kpis_point "
        f"FOR VALUES FROM ('{first}') TO (MAXVALUE) WITH ({FOLLOWED_CLOSELY})",
    )
    make_room(today)


@transaction.atomic
def make_month(first: date) -> str:
    """Cut the next month off what comes after, with the rows that came before their month; its name.

    Whoever reads meanwhile waits: a query that was planned before would look for these rows in the old place.
    """
    name, until = name_of(first), shift(first, 1)
    run(
        f"SET LOCAL lock_timeout = '{WAIT}'",
        "LOCK TABLE kpis_point IN ACCESS EXCLUSIVE MODE",
        "ALTER TABLE kpis_point DETACH PARTITION kpis_point_ahead",
        f"CREATE TABLE {name} PARTITION OF kpis_point FOR VALUES FROM ('{first}') TO ('{until}') "
        f"WITH ({FOLLOWED_CLOSELY})",
        f"WITH moved AS (DELETE FROM kpis_point_ahead WHERE day < '{until}' RETURNING *) "  # noqa: S608
        f"INSERT INTO {name} SELECT * FROM moved",
        f"ALTER TABLE kpis_point ATTACH PARTITION kpis_point_ahead FOR VALUES FROM ('{until}') TO (MAXVALUE)",
    )
    return name


def refresh_statistics() -> None:
    """Autovacuum counts every month's rows, and never those of the whole."""
    if is_partitioned():
        run("ANALYZE kpis_point")


def tables() -> set[str]:
    """The names of the tables that points lie in."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'kpis_point'::regclass")
        return {name for (name,) in cursor.fetchall()}


def beginning_of_what_comes() -> date:
    """The first day of the first month that has no table."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT substring(pg_get_expr(relpartbound, oid) FROM '\\d{4}-\\d\\d-\\d\\d')::date "
            "FROM pg_class WHERE oid = 'kpis_point_ahead'::regclass"
        )
        return cursor.fetchone()[0]


def name_of(first: date) -> str:
    return f"kpis_point_{first:%Y_%m}"


def months(first: date, count: int) -> Iterator[date]:
    """The first days of so many months, beginning with this one."""
    return (shift(first, number) for number in range(count))


def shift(day: date, by: int) -> date:
    """The first day of the month that is so many months after this day's."""
    years, month = divmod(day.month - 1 + by, 12)
    return date(day.year + years, month + 1, 1)


def run(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
