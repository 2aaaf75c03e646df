"""When an agency works: its hours, and whose holidays it keeps."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from coordination.core.models import Versioned, record_history
from coordination.members.models import Agency


class WorkingHours(Versioned):
    """An agency's working hours, where they differ from the group's.

    They apply at its duty station. Hours are on the clocks of the city in which it sits on the day
    of a meeting. Without a country it is the one of the city's time zone.
    """

    agency = models.OneToOneField(
        Agency, models.PROTECT, related_name="+", verbose_name=_("agency")
    )
    begins = models.TimeField(_("work begins"), null=True, blank=True)
    ends = models.TimeField(_("work ends"), null=True, blank=True)
    # ISO 3166: "CH"; its part as in ISO 3166-2 after the hyphen: "GE"
    country = models.CharField(_("country of its holidays"), max_length=2, blank=True)
    part = models.CharField(_("part of the country"), max_length=12, blank=True)

    history: Any = record_history()

    class Meta:
        verbose_name = _("working hours")
        verbose_name_plural = _("working hours")
        ordering = ["agency__acronym"]
        constraints = [
            models.CheckConstraint(
                # A comparison with NULL passes, so both hours are asked for.
                condition=Q(begins__isnull=True, ends__isnull=True)
                | Q(begins__isnull=False, ends__isnull=False, begins__lt=F("ends")),
                name="meetings_workinghours_begins_before_ends",
                violation_error_message=_("Give both hours, the earlier one first, or neither."),
            ),
            models.CheckConstraint(
                condition=Q(part="") | ~Q(country=""),
                name="meetings_workinghours_part_has_country",
                violation_error_message=_("Choose the country of this part."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.agency)
