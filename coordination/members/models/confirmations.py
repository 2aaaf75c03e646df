"""When agencies said that their people are as recorded."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from coordination.core.models import validate_moment, within_bounds
from coordination.members.models.records import Agency, Person


class RosterConfirmation(models.Model):
    """An agency's confirmation that its people are recorded correctly.

    Written once, never changed.
    """

    agency = models.ForeignKey(
        Agency, models.PROTECT, related_name="roster_confirmations", verbose_name=_("agency")
    )
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="+", verbose_name=_("confirmed by")
    )
    confirmed_at = models.DateTimeField(_("confirmed at"), validators=[validate_moment])
    by_link = models.BooleanField(_("by the link of a mail"), default=False)

    class Meta:
        verbose_name = _("confirmation of an agency’s people")
        verbose_name_plural = _("confirmations of agencies’ people")
        ordering = ["-confirmed_at", "-pk"]
        indexes = [models.Index(fields=["agency", "-confirmed_at"])]
        constraints = [
            within_bounds("members_rosterconfirmation_days_in_bounds", moments=("confirmed_at",)),
        ]

    def __str__(self) -> str:
        return f"{self.agency}, {self.confirmed_at:%Y-%m-%d}"
