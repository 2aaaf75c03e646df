"""Records of amendments from before they were numbered get the numbers of 0009, so that no next act reads "number: 0 -> 7"."""

from django.db import migrations
from django.db.models import Exists, OuterRef, Subquery


def number_history(apps, schema_editor):
    """Give each record of history without a number that of its amendment, which never changes; one statement."""
    numbered = apps.get_model("statements", "Amendment").objects.filter(pk=OuterRef("id"), number__gt=0)
    records = apps.get_model("statements", "HistoricalAmendment").objects.filter(Exists(numbered), number=0)
    records.update(number=Subquery(numbered.values("number")[:1]))


class Migration(migrations.Migration):

    dependencies = [
        ("statements", "0014_keys_name_agencies"),
    ]

    operations = [migrations.RunPython(number_history, migrations.RunPython.noop)]
