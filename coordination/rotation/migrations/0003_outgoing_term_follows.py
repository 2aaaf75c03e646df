"""A handover keeps no pointer to the term before it: that follows from the terms. The history says in words which it was."""

from django.db import migrations


def say_it_in_history(apps, schema_editor):
    """Name the term that a handover began from in the reason of its first record."""
    records = apps.get_model("rotation", "HistoricalHandover").objects.filter(history_type="+", outgoing_term__isnull=False)
    slugs = dict(apps.get_model("rotation", "ChairTerm").objects.values_list("pk", "slug"))
    for record in records.iterator():
        record.history_change_reason = f"{record.history_change_reason or ''} ({slugs.get(record.outgoing_term_id, '?')})".strip()
        record.save(update_fields=["history_change_reason"])


def point_again(apps, schema_editor):
    """Point to the term that comes before by now."""
    terms = apps.get_model("rotation", "ChairTerm").objects.filter(state="confirmed").order_by("-last_day")
    for handover in apps.get_model("rotation", "Handover").objects.select_related("incoming_term"):
        handover.outgoing_term = terms.filter(last_day__lt=handover.incoming_term.first_day).first()
        handover.save(update_fields=["outgoing_term"])


class Migration(migrations.Migration):
    dependencies = [("rotation", "0002_no_overlap")]
    operations = [
        migrations.RunPython(say_it_in_history, point_again),
        migrations.RemoveField(model_name="handover", name="outgoing_term"),
        migrations.RemoveField(model_name="historicalhandover", name="outgoing_term"),
    ]
