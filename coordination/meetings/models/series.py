"""Series of meetings by rule."""

from typing import Any
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coordination.core import zones
from coordination.core.models import (
    Versioned,
    record_history,
    validate_day,
    validate_moment,
    validate_time_zone,
    within_bounds,
)
from coordination.meetings.enums import MeetingKind, Repeats


class MeetingSeries(Versioned):
    """Meetings by a rule, such as "third Wednesday 15:00".

    Each is an ordinary meeting. It follows the series in the hour, place and link that it shares
    with it; what was moved or cancelled alone stays as it is.
    """

    title = models.CharField(pgettext_lazy("of a meeting", "title"), max_length=200)
    kind = models.CharField(
        _("kind"), max_length=14, choices=MeetingKind, default=MeetingKind.WORKING_LEVEL
    )
    repeats = models.CharField(_("repeats"), max_length=12, choices=Repeats)
    # the rule takes its weekday, and its place in the month, from the first day
    first_day = models.DateField(_("first day"), validators=[validate_day])
    last_day = models.DateField(_("last day"), validators=[validate_day])
    begins = models.TimeField(_("begins"))
    # empty: the end is not known
    minutes = models.PositiveIntegerField(_("minutes"), null=True, blank=True)
    time_zone = models.CharField(
        _("time zone of the place"), max_length=60, validators=[validate_time_zone]
    )
    place = models.CharField(
        pgettext_lazy("where people meet", "place"), max_length=200, blank=True
    )
    video_url = models.URLField(_("videoconference"), blank=True)
    # one title a line: what each new meeting begins with
    agenda = models.TextField(_("agenda"), blank=True)
    dates_since = models.DateTimeField(_("dates as they are since"), validators=[validate_moment])
    ended_at = models.DateTimeField(
        _("ended at"), null=True, blank=True, validators=[validate_moment]
    )

    history: Any = record_history()

    class Meta:
        verbose_name = _("series of meetings")
        verbose_name_plural = _("series of meetings")
        ordering = ["title", "pk"]
        constraints = [
            within_bounds(
                "meetings_meetingseries_days_in_bounds",
                days=("first_day", "last_day"),
                moments=("dates_since", "ended_at"),
            ),
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")),
                name="meetings_meetingseries_last_day_after_first",
                violation_error_message=_("The last day is before the first."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def zone(self) -> ZoneInfo:
        """Return the zone in which its hours are given."""
        return zones.zone_of(self.time_zone)
