"""On PostgreSQL the table of points is made anew, by months, and the rows that it has are brought over.

The key holds everything that a chart reads, so that charts are drawn from the index alone.
"""

from django.db import migrations
from django.utils import timezone

from kpis.partitions import make_beginning

PARTITIONED = [
    "ALTER TABLE kpis_point RENAME TO kpis_point_plain",
    "CREATE TABLE kpis_point (LIKE kpis_point_plain INCLUDING DEFAULTS) PARTITION BY RANGE (day)",
    "ALTER TABLE kpis_point ADD CONSTRAINT one_point_a_day PRIMARY KEY (series_id, day) "
    "INCLUDE (value, final, provenance, reason)",
]
BROUGHT_OVER = [
    "INSERT INTO kpis_point SELECT * FROM kpis_point_plain",
    "DROP TABLE kpis_point_plain",
    "CREATE INDEX points_still_open ON kpis_point (series_id, day) WHERE NOT final",
]
PLAIN = [
    "ALTER TABLE kpis_point RENAME TO kpis_point_months",
    "CREATE TABLE kpis_point (LIKE kpis_point_months INCLUDING DEFAULTS)",
    "INSERT INTO kpis_point SELECT * FROM kpis_point_months",
    "DROP TABLE kpis_point_months",
    "ALTER TABLE kpis_point ADD PRIMARY KEY (series_id, day)",
    "CREATE INDEX points_still_open ON kpis_point (series_id, day) WHERE NOT final",
]


def lay_out_by_month(_apps, editor):
    if editor.connection.vendor == "postgresql":
        run(editor, PARTITIONED)
        make_beginning(timezone.localdate())
        run(editor, BROUGHT_OVER)


def lay_out_plainly(_apps, editor):
    if editor.connection.vendor == "postgresql":
        run(editor, PLAIN)


def leave_room(_apps, editor):
    """Every pull writes a latest value: with room on its page the row is changed in place, and its indexes stay."""
    if editor.connection.vendor == "postgresql":
        run(editor, ["ALTER TABLE kpis_metricseries SET (fillfactor = 60)"])


def take_room(_apps, editor):
    if editor.connection.vendor == "postgresql":
        run(editor, ["ALTER TABLE kpis_metricseries RESET (fillfactor)"])


def run(editor, statements):
    for statement in statements:
        editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("kpis", "0001_initial")]

    operations = [
        migrations.RunPython(lay_out_by_month, lay_out_plainly),
        migrations.RunPython(leave_room, take_room),
    ]
