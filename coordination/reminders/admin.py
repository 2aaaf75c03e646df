"""The outbox in the admin: read only."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from simple_history.admin import SimpleHistoryAdmin

from coordination.reminders.models import MailPreference, OutboxMessage


@admin.register(OutboxMessage)
class OutboxMessageAdmin(admin.ModelAdmin[OutboxMessage]):
    """Mails; their bodies may carry secret links and are not shown here."""

    list_display = ("subject", "recipient", "kind", "state", "due_at", "sent_at", "tries")
    list_select_related = ("recipient",)
    list_filter = ("state", "kind")
    search_fields = ("subject", "address", "recipient__name", "key")
    exclude = ("text", "html", "url", "headers", "leased_by", "leased_until")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Mails are planned."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Mails stay as they were planned."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """No mail is deleted."""
        return False


@admin.register(MailPreference)
class MailPreferenceAdmin(SimpleHistoryAdmin):
    """What people want; they choose it themselves."""

    list_display = ("person", "kind", "frequency")
    list_select_related = ("person",)
    list_filter = ("kind", "frequency")
    search_fields = ("person__name", "person__email")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """People choose on their own page."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """People choose on their own page."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """People choose on their own page."""
        return False
