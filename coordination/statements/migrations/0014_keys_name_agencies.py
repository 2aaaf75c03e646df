"""The keys of mails that are written for one agency name it, so that what went to a person for one is not taken for another's."""

import re

from django.db import migrations

BATCH = 500
OF_SETTLED = re.compile(r"^(statements\.settled:draft:\d+)/agency:(\d+):(.+)$")  # of the second agency of a person, until now
QUOTED = re.compile("“.*”")


def told_for(text, acronyms):
    """Return the one of the agencies (acronyms by key) that a mail names first, beneath the salutation and outside the title."""
    words = QUOTED.sub("", text.partition("\n\n")[2])
    places = {pk: found for pk, acronym in acronyms.items() if (found := re.search(rf"(?<!\w){re.escape(acronym)}(?!\w)", words))}
    return min(places, key=lambda pk: (places[pk].start(), -places[pk].end()), default=min(acronyms))


def named(message, acronyms):
    """Return the key of a mail to a person who was in office for these agencies."""
    if again := OF_SETTLED.match(message.key):
        return f"{again[1]}:{again[3]}:agency {again[2]}"
    return f"{message.key}:agency {told_for(message.text, acronyms)}"


def name_agencies(apps, schema_editor):
    """Name in the key of each mail that was written for one agency which it was: what went once does not go again."""
    messages = apps.get_model("reminders", "OutboxMessage").objects
    appointments = apps.get_model("members", "Appointment").objects.order_by("pk")
    offices = {}
    for person, agency, acronym in appointments.values_list("person", "agency", "agency__acronym"):
        offices.setdefault(person, {})[agency] = acronym
    of_one = messages.filter(kind__in=["statements.position_due", "statements.settled"])
    late = messages.filter(kind="statements.amend_open").exclude(key__endswith=":opened")
    keys = set((of_one | late).values_list("key", flat=True))
    plain = list((of_one | late).exclude(key__contains=":agency ").order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(plain), BATCH):
        found = []
        for message in messages.filter(pk__in=plain[start : start + BATCH]).only("key", "text", "recipient_id").order_by("pk"):
            key = named(message, offices[message.recipient_id]) if message.recipient_id in offices else message.key
            if key not in keys:
                keys.add(key)
                message.key = key
                found.append(message)
        messages.bulk_update(found, ["key"])


class Migration(migrations.Migration):

    dependencies = [
        ("statements", "0013_deliveries"),
        ("reminders", "0002_alter_outboxmessage_state"),
        ("members", "0004_commission_history"),
    ]

    operations = [migrations.RunPython(name_agencies, migrations.RunPython.noop)]
