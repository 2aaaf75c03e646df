"""The outbox in the admin: read only."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from coordination.core.admin import ReadOnly, RecordAdmin, UndeletableAdmin
from coordination.reminders.models import MailPreference, OutboxMessage
from coordination.reminders.queries import answers, outbox


@admin.register(OutboxMessage)
class OutboxMessageAdmin(ReadOnly, UndeletableAdmin):
    """Mails without their bodies, which may contain secret links."""

    list_display = ("subject", "recipient", "kind", "state", "due_at", "sent_at", "tries")
    list_select_related = ("recipient",)
    list_filter = ("state", "reason", "kind")
    search_fields = ("subject", "address", "recipient__name", "key")
    exclude = (
        "text",
        "html",
        "calendar",
        "url",
        "headers",
        "leased_by",
        "leased_until",
        "reason",
        "reason_values",
        "last_answer",
        "failure",
        "failure_values",
    )
    readonly_fields = ("why_not_sent", "last_failure")

    @admin.display(description=_("why it was not sent"), empty_value="-")
    def why_not_sent(self, message: OutboxMessage) -> str:
        """Return the reason as a sentence."""
        return outbox.reason_sentence(message)

    @admin.display(description=_("why the last try failed"), empty_value="-")
    def last_failure(self, message: OutboxMessage) -> str:
        """Return what the server answered, or our sentence."""
        return str(answers.last_failure(message))


@admin.register(MailPreference)
class MailPreferenceAdmin(ReadOnly, RecordAdmin):
    """What people want; they choose it themselves."""

    list_display = ("person", "kind", "frequency")
    list_select_related = ("person",)
    list_filter = ("kind", "frequency")
    search_fields = ("person__name", "person__email")
