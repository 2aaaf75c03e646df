"""The table of Django's database cache: sign-in limits are counted there, so they hold while Redis is away."""

from django.core.management import call_command
from django.db import migrations

TABLE = "core_cache"


def create(apps, schema_editor):
    # With a table name the command does not ask the settings which caches there are
    call_command("createcachetable", TABLE, database=schema_editor.connection.alias, verbosity=0)


def drop(apps, schema_editor):
    schema_editor.execute(f"DROP TABLE IF EXISTS {TABLE}")


class Migration(migrations.Migration):
    dependencies = [("core", "0005_edition")]

    operations = [migrations.RunPython(create, drop)]
