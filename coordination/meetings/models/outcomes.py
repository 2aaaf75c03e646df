"""What came of meetings: decisions and action items."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coordination.core.models import (
    Versioned,
    record_history,
    validate_day,
    validate_moment,
    within_bounds,
)
from coordination.meetings.enums import ACTION_LIFE, ActionState
from coordination.meetings.models.meetings import Meeting
from coordination.members.models import Agency, Person


class Decision(models.Model):
    """What a meeting decided."""

    meeting = models.ForeignKey(
        Meeting, models.CASCADE, related_name="decisions", verbose_name=_("meeting")
    )
    number = models.PositiveSmallIntegerField(_("number"), default=1)
    text = models.TextField(pgettext_lazy("of a decision", "text"))
    # the permanent number in the register; both are given once and never change
    year = models.PositiveSmallIntegerField(_("year"), null=True, editable=False)
    serial = models.PositiveSmallIntegerField(_("serial number"), null=True, editable=False)
    is_withdrawn = models.BooleanField(_("taken out of the minutes"), default=False, editable=False)
    paragraph = models.OneToOneField(
        "MinutesParagraph",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="decision",
        verbose_name=_("paragraph of the minutes"),
    )

    history: Any = record_history()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "number"], name="meetings_decision_number_once"
            ),
            models.UniqueConstraint(
                fields=["year", "serial"], name="meetings_decision_serial_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.text[:80]}"

    @property
    def register_number(self) -> str:
        """Return the permanent number: "2026/4".

        "" before it is given.
        """
        return f"{self.year}/{self.serial}" if self.serial else ""


class ActionItem(Versioned):
    """What an agency took on at a meeting, with its due day."""

    meeting = models.ForeignKey(
        Meeting, models.PROTECT, related_name="action_items", verbose_name=_("meeting")
    )
    number = models.PositiveSmallIntegerField(_("number"), default=1)
    title = models.CharField(_("what"), max_length=300)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name=_("agency"))
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("person")
    )
    due_day = models.DateField(_("due"), validators=[validate_day])
    state = models.CharField(
        pgettext_lazy("of an action item", "state"),
        max_length=12,
        choices=ActionState,
        default=ActionState.OPEN,
    )
    note = models.TextField(pgettext_lazy("remark", "note"), blank=True)
    settled_at = models.DateTimeField(
        _("settled at"), null=True, blank=True, validators=[validate_moment]
    )
    paragraph = models.ForeignKey(
        "MinutesParagraph",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="action_items",
        verbose_name=_("paragraph of the minutes"),
    )

    history: Any = record_history()

    class Meta:
        verbose_name = _("action item")
        verbose_name_plural = _("action items")
        ordering = ["due_day", "pk"]
        indexes = [models.Index(fields=["agency", "state", "due_day"])]
        constraints = [
            within_bounds(
                "meetings_actionitem_days_in_bounds", days=("due_day",), moments=("settled_at",)
            ),
            models.UniqueConstraint(
                fields=["meeting", "number"], name="meetings_actionitem_number_once"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def next_states(self) -> list[tuple[str, Any]]:
        """Return the states that may follow, with labels, the present one too."""
        return [
            (state.value, state.label)
            for state in ActionState
            if ACTION_LIFE.allows(self.state, state)
        ]
