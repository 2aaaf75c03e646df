"""PostgreSQL itself refuses two chair terms that share a day; on SQLite the action looks under the write lock."""

from django.db import migrations

ADD = """
ALTER TABLE rotation_chairterm ADD CONSTRAINT rotation_chairterm_no_overlap
EXCLUDE USING gist (daterange(first_day, last_day, '[]') WITH &&) WHERE (state <> 'withdrawn')
"""
DROP = "ALTER TABLE rotation_chairterm DROP CONSTRAINT rotation_chairterm_no_overlap"


def add(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(ADD)


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(DROP)


class Migration(migrations.Migration):
    dependencies = [("rotation", "0001_initial")]
    operations = [migrations.RunPython(add, drop)]
