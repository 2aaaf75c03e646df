"""Visitors, and claims to have attended.

Visitors came besides the agencies of the group.
"""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coordination.core.models import record_history, validate_moment, within_bounds
from coordination.meetings.enums import ClaimState, Where
from coordination.meetings.models.meetings import Meeting
from coordination.members.models import Agency, Person


class MeetingVisitor(models.Model):
    """Somebody who attended and sat for no agency of the group."""

    meeting = models.ForeignKey(
        Meeting, models.CASCADE, related_name="visitors", verbose_name=_("meeting")
    )
    name = models.CharField(_("name and title"), max_length=200)
    body = models.CharField(_("for"), max_length=200, blank=True)
    where = models.CharField(
        pgettext_lazy("how somebody takes part", "where"), max_length=5, choices=Where, blank=True
    )

    history: Any = record_history()

    class Meta:
        verbose_name = _("visitor of a meeting")
        verbose_name_plural = _("visitors of meetings")
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return f"{self.name} ({self.body})" if self.body else self.name


class AttendanceClaim(models.Model):
    """A person's claim that they attended for an agency.

    Those who keep the minutes settle it.
    """

    meeting = models.ForeignKey(
        Meeting, models.CASCADE, related_name="claims", verbose_name=_("meeting")
    )
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name=_("agency"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("person"))
    where = models.CharField(
        pgettext_lazy("how somebody takes part", "where"), max_length=5, choices=Where, blank=True
    )
    state = models.CharField(
        pgettext_lazy("of a claim", "state"),
        max_length=9,
        choices=ClaimState,
        default=ClaimState.WAITING,
    )
    claimed_at = models.DateTimeField(_("claimed at"), validators=[validate_moment])
    settled_at = models.DateTimeField(
        _("settled at"), null=True, blank=True, validators=[validate_moment]
    )
    why_declined = models.CharField(_("why it is not confirmed"), max_length=500, blank=True)

    history: Any = record_history()

    class Meta:
        verbose_name = _("claim to have attended")
        verbose_name_plural = _("claims to have attended")
        ordering = ["claimed_at", "pk"]
        constraints = [
            within_bounds(
                "meetings_attendanceclaim_days_in_bounds", moments=("claimed_at", "settled_at")
            ),
            models.UniqueConstraint(
                fields=["meeting", "person"], name="meetings_attendanceclaim_once"
            ),
            models.CheckConstraint(
                condition=Q(state=ClaimState.WAITING) ^ Q(settled_at__isnull=False),
                name="meetings_attendanceclaim_settled_with_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} ({self.agency})"
