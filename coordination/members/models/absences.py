"""Days on which a person is away, and their alternate.

The alternate reads the person's mails meanwhile.
"""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from coordination.core.models import record_history, validate_day, validate_moment, within_bounds
from coordination.core.periods import Period
from coordination.members.models.records import Person


class Absence(models.Model):
    """Days on which a person is away, both inclusive.

    A withdrawn absence stays on record.
    """

    person = models.ForeignKey(
        Person, models.PROTECT, related_name="absences", verbose_name=_("person")
    )
    alternate = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("alternate"),
    )
    first_day = models.DateField(_("first day away"), validators=[validate_day])
    last_day = models.DateField(_("last day away"), validators=[validate_day])
    withdrawn_at = models.DateTimeField(
        _("withdrawn at"), null=True, blank=True, validators=[validate_moment]
    )

    history: Any = record_history()

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        ordering = ["first_day", "pk"]
        indexes = [models.Index(fields=["last_day"])]
        constraints = [
            within_bounds(
                "members_absence_days_in_bounds",
                days=("first_day", "last_day"),
                moments=("withdrawn_at",),
            ),
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")),
                name="members_absence_last_not_before_first",
            ),
            models.CheckConstraint(
                condition=Q(alternate__isnull=True) | ~Q(alternate=F("person")),
                name="members_absence_alternate_is_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.period.first}"

    @property
    def period(self) -> Period:
        """Return the days as a Period."""
        return Period(self.first_day, self.last_day)
