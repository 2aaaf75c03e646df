"""The outbox: each mail is a row.

The broker only tells a worker that there is something to do.
"""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coordination.core.models import record_history, validate_moment, within_bounds
from coordination.members.models import Person
from coordination.reminders.enums import Failure, Frequency, MessageState, Reason


class OutboxMessage(models.Model):
    """One mail to one person, rendered when planned.

    Its `key` is unique. `calendar` is an iCalendar message (RFC 6047), or "". From `until` on it is
    useless. A mail that is not sent has a `reason` with parameters (`reason_values`) and its moment
    (`withheld_at`). `digest` is the mail that contains it. After a failed try `last_answer` is what
    the server answered, as it came, or `failure` is our code with its parameters
    (`failure_values`).

    A worker claims a row by setting `leased_until`; an expired lease is claimed again. `message_id`
    follows from the key, so a copy after a crash has the same one.
    """

    key = models.CharField(pgettext_lazy("of a mail", "key"), max_length=200, unique=True)
    kind = models.CharField(_("kind"), max_length=60)
    recipient = models.ForeignKey(
        Person, models.PROTECT, related_name="+", verbose_name=_("recipient")
    )
    # a copy: the row shows where the mail went, whatever the person's address is later
    address = models.EmailField(pgettext_lazy("of a mailbox", "address"))
    subject = models.CharField(_("subject"), max_length=300)
    text = models.TextField(_("text"))
    html = models.TextField(_("HTML"))
    calendar = models.TextField(_("calendar entry"), blank=True, default="", db_default="")
    # stored, because a copy after a crash must be equal
    headers = models.JSONField(_("headers"), default=dict)
    message_id = models.CharField(_("Message-ID"), max_length=120)
    url = models.CharField(_("link"), max_length=300, blank=True)
    due_at = models.DateTimeField(_("due at"), validators=[validate_moment])
    planned_at = models.DateTimeField(_("planned at"), validators=[validate_moment])
    state = models.CharField(
        pgettext_lazy("of a mail", "state"),
        max_length=10,
        choices=MessageState,
        default=MessageState.WAITING,
    )
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    next_try_at = models.DateTimeField(_("next try at"), validators=[validate_moment])
    leased_until = models.DateTimeField(
        _("leased until"), null=True, blank=True, validators=[validate_moment]
    )
    leased_by = models.CharField(_("leased by"), max_length=80, blank=True)
    sent_at = models.DateTimeField(
        _("sent at"), null=True, blank=True, validators=[validate_moment]
    )
    last_answer = models.TextField(_("last answer of the mail server"), blank=True)
    failure = models.CharField(
        _("failure"), max_length=20, choices=Failure, blank=True, default="", db_default=""
    )
    failure_values = models.JSONField(_("values of the failure"), null=True, blank=True)
    until = models.DateTimeField(
        _("of use until"), null=True, blank=True, validators=[validate_moment]
    )
    reason = models.CharField(
        _("reason"), max_length=20, choices=Reason, blank=True, default="", db_default=""
    )
    reason_values = models.JSONField(_("values of the reason"), null=True, blank=True)
    withheld_at = models.DateTimeField(
        _("withheld at"), null=True, blank=True, validators=[validate_moment]
    )
    digest = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("digest")
    )

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("outbox")
        ordering = ["-due_at", "-pk"]
        indexes = [
            # partial: each claim sorts the waiting rows, and most rows are sent
            models.Index(
                fields=["next_try_at", "id"],
                condition=models.Q(state="waiting"),
                name="reminders_waiting",
            ),
            models.Index(fields=["state", "-due_at"]),
        ]
        constraints = [
            within_bounds(
                "reminders_outboxmessage_days_in_bounds",
                moments=(
                    "due_at",
                    "planned_at",
                    "next_try_at",
                    "leased_until",
                    "sent_at",
                    "until",
                    "withheld_at",
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def has_failed(self) -> bool:
        """Return whether the last try failed, as far as we know."""
        return bool(self.last_answer or self.failure)


class MailPreference(models.Model):
    """How one person wants one kind of reminder."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name=_("person"))
    kind = models.CharField(_("kind"), max_length=60)
    frequency = models.CharField(
        _("how"), max_length=10, choices=Frequency, default=Frequency.AT_ONCE
    )

    history: Any = record_history()

    class Meta:
        verbose_name = _("mail preference")
        verbose_name_plural = _("mail preferences")
        constraints = [
            models.UniqueConstraint(fields=["person", "kind"], name="reminders_mailpreference_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.get_frequency_display()}"
