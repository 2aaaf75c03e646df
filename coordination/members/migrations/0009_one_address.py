"""Leave each person the one address with which they sign in.

Until now a person could have several confirmed addresses, and each of them could set a new password.
An address with capitals could set none; it is saved in lower case from now on.
"""

from django.db import migrations


def lower(apps, schema_editor):
    """Save each person's address in lower case, unless somebody else has that one."""
    Person = apps.get_model("members", "Person")
    for person in Person.objects.exclude(email=None).order_by("pk"):
        address = person.email.lower()
        if address != person.email and not Person.objects.filter(email=address).exists():
            person.email = address
            person.save(update_fields=["email"])


def leave_one(apps, schema_editor):
    """Delete the addresses that are not the person's own, and make their own the primary one."""
    EmailAddress = apps.get_model("account", "EmailAddress")
    for address in EmailAddress.objects.select_related("user").order_by("pk"):
        if address.email.lower() != (address.user.email or "").lower():
            address.delete()
    EmailAddress.objects.filter(primary=False).update(primary=True)


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0008_account_protection"),
        ("account", "0009_emailaddress_unique_primary_email"),
    ]

    operations = [
        migrations.RunPython(lower, migrations.RunPython.noop),
        migrations.RunPython(leave_one, migrations.RunPython.noop),
    ]
