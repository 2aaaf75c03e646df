"""The list of statements reads its newest by an index."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("statements", "0015_numbers_in_history"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="statement",
            index=models.Index(fields=["-started_at", "-id"], name="statements_newest_first"),
        ),
    ]
