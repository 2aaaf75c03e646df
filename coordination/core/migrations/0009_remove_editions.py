"""Remove the editions: their triggers on every table, and the table of stamps."""

from django.db import migrations


def drop_triggers(apps, schema_editor):
    """Drop what an older version made after each `migrate`; a new database has none."""
    postgresql = schema_editor.connection.vendor == 'postgresql'
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(
            'SELECT tgname, relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid'
            if postgresql
            else "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'"
        )
        for name, table in cursor.fetchall():
            if name.endswith(('_edition_insert', '_edition_update', '_edition_delete')):
                cursor.execute(f'DROP TRIGGER "{name}"' + (f' ON "{table}"' if postgresql else ''))
        if postgresql:
            cursor.execute('DROP FUNCTION IF EXISTS core_new_edition()')


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0008_where_changes_came_from'),
    ]

    operations = [
        migrations.RunPython(drop_triggers, migrations.RunPython.noop),
        migrations.DeleteModel(name='Edition'),
    ]
