"""On PostgreSQL the database itself refuses to take the same time of one person twice. SQLite, which writes one
transaction at a time, has no such constraint and needs none."""

from django.db import migrations

GUARD = [
    "CREATE EXTENSION IF NOT EXISTS btree_gist",
    "ALTER TABLE meetings_heldtime ADD CONSTRAINT nobody_is_in_two_places "
    "EXCLUDE USING gist (person_id WITH =, tstzrange(starts_at, ends_at) WITH &&)",
]


def guard(_apps, editor):
    if editor.connection.vendor == "postgresql":
        for statement in GUARD:
            editor.execute(statement)


def leave_unguarded(_apps, editor):
    if editor.connection.vendor == "postgresql":
        editor.execute("ALTER TABLE meetings_heldtime DROP CONSTRAINT nobody_is_in_two_places")


class Migration(migrations.Migration):
    dependencies = [("meetings", "0001_initial")]
    operations = [migrations.RunPython(guard, leave_unguarded)]
