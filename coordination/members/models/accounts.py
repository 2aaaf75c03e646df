"""What protects accounts: limits reached, changed addresses, resets of second factors."""

from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from coordination.core.models import record_history, within_bounds
from coordination.members.enums import LimitKind, ResetState
from coordination.members.models.records import Person

RESET_OPEN_FOR = timedelta(days=7)


class LimitHit(models.Model):
    """How often a person hit a limit within one clock hour."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("person"))
    kind = models.CharField(_("limit"), max_length=20, choices=LimitKind)
    hour = models.DateTimeField(_("hour"))
    times = models.PositiveIntegerField(_("times"), default=1)
    last_at = models.DateTimeField(_("last at"))

    class Meta:
        verbose_name = _("limit that was reached")
        verbose_name_plural = _("limits that were reached")
        ordering = ["-last_at"]
        constraints = [
            within_bounds("members_limithit_days_in_bounds", moments=("hour", "last_at")),
            models.UniqueConstraint(
                fields=["person", "kind", "hour"], name="members_limithit_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.get_kind_display()}"


class AddressChange(models.Model):
    """A change of a sign-in address.

    Written once, never changed.
    """

    person = models.ForeignKey(
        Person, models.PROTECT, related_name="address_changes", verbose_name=_("person")
    )
    old = models.EmailField(_("old address"), blank=True)
    new = models.EmailField(_("new address"))
    changed_at = models.DateTimeField(_("changed at"), db_index=True)
    changed_by = models.ForeignKey(
        Person, models.PROTECT, related_name="+", verbose_name=_("changed by")
    )

    class Meta:
        verbose_name = _("change of an address")
        verbose_name_plural = _("changes of addresses")
        ordering = ["-changed_at"]
        constraints = [
            within_bounds("members_addresschange_days_in_bounds", moments=("changed_at",)),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.changed_at:%Y-%m-%d}"


class FactorReset(models.Model):
    """A request to reset the lost second factor of a person.

    One administrator asks, another confirms.
    """

    person = models.ForeignKey(
        Person, models.PROTECT, related_name="factor_resets", verbose_name=_("person")
    )
    reason = models.CharField(_("reason"), max_length=300)
    asked_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("asked by")
    )
    asked_at = models.DateTimeField(_("asked at"))
    confirmed_by = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("confirmed by"),
    )
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    history: Any = record_history()

    class Meta:
        verbose_name = _("reset of a second factor")
        verbose_name_plural = _("resets of second factors")
        ordering = ["-asked_at"]
        constraints = [
            within_bounds(
                "members_factorreset_days_in_bounds",
                moments=("asked_at", "confirmed_at", "withdrawn_at"),
            ),
            models.CheckConstraint(
                condition=~Q(asked_by=F("person")), name="members_factorreset_asked_by_another"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True)
                | (~Q(confirmed_by=F("person")) & ~Q(confirmed_by=F("asked_by"))),
                name="members_factorreset_confirmed_by_a_third",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.asked_at:%Y-%m-%d}"

    def state(self, at: datetime) -> ResetState:
        """Return the state of the request at the moment `at`."""
        if self.withdrawn_at:
            return ResetState.WITHDRAWN
        if self.confirmed_at:
            return ResetState.CONFIRMED
        return ResetState.OPEN if at < self.asked_at + RESET_OPEN_FOR else ResetState.EXPIRED
