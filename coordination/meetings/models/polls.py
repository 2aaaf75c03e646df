"""Polls on hours and the answers of agencies."""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coordination.core.models import Versioned, record_history, validate_moment, within_bounds
from coordination.meetings.enums import PollState, SlotAnswer
from coordination.meetings.models.meetings import Meeting
from coordination.members.models import Agency, Person


class HourPoll(Versioned):
    """A poll on the hour of a meeting.

    The chair proposes hours, and each agency says which suit it. It takes answers until
    `closes_at`, or until the chair closes it.
    """

    title = models.CharField(pgettext_lazy("of a meeting", "title"), max_length=200)
    minutes = models.PositiveSmallIntegerField(_("minutes"))
    note = models.TextField(pgettext_lazy("remark", "note"), blank=True)
    state = models.CharField(
        pgettext_lazy("of a poll", "state"),
        max_length=10,
        choices=PollState,
        default=PollState.OPEN,
    )
    opened_by = models.ForeignKey(
        Person, models.PROTECT, related_name="+", verbose_name=_("opened by")
    )
    opened_at = models.DateTimeField(_("opened at"), validators=[validate_moment])
    closes_at = models.DateTimeField(_("answers until"), validators=[validate_moment])
    meeting = models.ForeignKey(
        Meeting,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("meeting"),
    )

    history: Any = record_history()

    class Meta:
        verbose_name = _("poll on hours")
        verbose_name_plural = _("polls on hours")
        ordering = ["-opened_at"]
        constraints = [
            within_bounds("meetings_hourpoll_days_in_bounds", moments=("opened_at", "closes_at")),
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opened_at")),
                name="meetings_hourpoll_closes_after_opening",
                violation_error_message=_("The poll closes before it opens."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def is_open(self, at: datetime) -> bool:
        """Return whether it takes answers at `at`."""
        return self.state == PollState.OPEN and at < self.closes_at


class PollSlot(models.Model):
    """An hour that a poll proposes."""

    poll = models.ForeignKey(
        HourPoll, models.PROTECT, related_name="slots", verbose_name=_("poll on hours")
    )
    starts_at = models.DateTimeField(_("starts at"), validators=[validate_moment])

    class Meta:
        verbose_name = _("proposed hour")
        verbose_name_plural = _("proposed hours")
        ordering = ["starts_at"]
        constraints = [
            within_bounds("meetings_pollslot_days_in_bounds", moments=("starts_at",)),
            models.UniqueConstraint(fields=["poll", "starts_at"], name="meetings_pollslot_once"),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M}"


class PollAnswer(models.Model):
    """An agency's answer about a proposed hour.

    The last answer counts. History keeps all.
    """

    slot = models.ForeignKey(
        PollSlot, models.PROTECT, related_name="answers", verbose_name=_("proposed hour")
    )
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name=_("agency"))
    answer = models.CharField(_("answer"), max_length=10, choices=SlotAnswer)
    answered_by = models.ForeignKey(
        Person, models.PROTECT, related_name="+", verbose_name=_("answered by")
    )
    answered_at = models.DateTimeField(_("answered at"), validators=[validate_moment])
    by_link = models.BooleanField(_("by the link of a mail"), default=False)

    history: Any = record_history()

    class Meta:
        verbose_name = _("answer about an hour")
        verbose_name_plural = _("answers about hours")
        ordering = ["agency__acronym"]
        constraints = [
            within_bounds("meetings_pollanswer_days_in_bounds", moments=("answered_at",)),
            models.UniqueConstraint(fields=["slot", "agency"], name="meetings_pollanswer_once"),
        ]

    def __str__(self) -> str:
        return f"{self.agency}: {self.get_answer_display()}"
