"""What the group says about days on which nobody chairs."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from coordination.core.models import (
    Versioned,
    record_history,
    validate_day,
    validate_moment,
    within_bounds,
)
from coordination.core.periods import Period
from coordination.members.models import Person


class VacancyNote(Versioned):
    """Why nobody chairs on some days, as somebody who keeps the terms wrote it down.

    On these days the vacancy is acknowledged, and nobody is reminded of it. A vacancy keeps its
    note where its first day is the same; whether the days are vacant follows from the terms.
    """

    first_day = models.DateField(_("first day"), unique=True, validators=[validate_day])
    until = models.DateField(_("acknowledged until"), validators=[validate_day])
    words = models.TextField(_("why nobody chairs"), max_length=500)
    noted_by = models.ForeignKey(
        Person, models.PROTECT, related_name="+", verbose_name=_("noted by")
    )
    noted_at = models.DateTimeField(_("noted at"), validators=[validate_moment])

    history: Any = record_history()

    class Meta:
        verbose_name = _("note on a vacancy")
        verbose_name_plural = _("notes on vacancies")
        ordering = ["-first_day"]
        constraints = [
            within_bounds(
                "rotation_vacancynote_days_in_bounds",
                days=("first_day", "until"),
                moments=("noted_at",),
            ),
            models.CheckConstraint(
                condition=Q(until__gte=F("first_day")),
                name="rotation_vacancynote_until_not_before_first",
                violation_error_message=_("The last day is before the first."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_day}"

    @property
    def period(self) -> Period:
        """Return the days on which the vacancy is acknowledged."""
        return Period(self.first_day, self.until)
