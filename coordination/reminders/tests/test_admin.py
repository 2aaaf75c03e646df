"""The outbox and the preferences in the admin: to be read and searched."""

import pytest
from django.urls import reverse

from coordination.reminders.models import MailPreference
from coordination.reminders.tests.factories import OutboxMessageFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client, administrator):
    client.force_login(administrator, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_mails_are_found_and_their_words_are_not_shown(admin, focal_point):
    row = OutboxMessageFactory(
        recipient=focal_point, text="the secret link", html="the secret link"
    )

    found = admin.get(
        reverse("admin:reminders_outboxmessage_changelist"), {"q": "ferreira", "state": "waiting"}
    ).content.decode()
    page = admin.get(
        reverse("admin:reminders_outboxmessage_change", args=[row.pk])
    ).content.decode()

    assert row.subject in found
    assert (row.message_id.strip("<>") in page, "the secret link" in page) == (True, False)


def test_preferences_are_found(admin, focal_point):
    chosen = MailPreference.objects.create(
        person=focal_point, kind="rotation.vacancy", frequency="digest"
    )

    found = admin.get(
        reverse("admin:reminders_mailpreference_changelist"), {"q": "ferreira"}
    ).content.decode()
    page = admin.get(
        reverse("admin:reminders_mailpreference_change", args=[chosen.pk])
    ).content.decode()

    assert "Nadia Ferreira" in found
    assert "rotation.vacancy" in page


@pytest.mark.parametrize("model", ["outboxmessage", "mailpreference"])
def test_nothing_is_added_changed_or_deleted(admin, focal_point, model):
    row = (
        OutboxMessageFactory()
        if model == "outboxmessage"
        else MailPreference.objects.create(person=focal_point, kind="x")
    )

    assert admin.get(reverse(f"admin:reminders_{model}_add")).status_code == 403
    assert admin.post(reverse(f"admin:reminders_{model}_change", args=[row.pk])).status_code == 403
    assert admin.get(reverse(f"admin:reminders_{model}_delete", args=[row.pk])).status_code == 403
