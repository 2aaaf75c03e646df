"""Minutes of meetings: paragraphs beside the agenda, corrections by agencies, corrigenda."""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coordination.core.models import (
    Versioned,
    record_history,
    validate_day,
    validate_moment,
    within_bounds,
)
from coordination.meetings.enums import (
    CorrectionKind,
    CorrectionState,
    MinutesState,
    ParagraphKind,
)
from coordination.meetings.models.agenda import AgendaItem
from coordination.meetings.models.meetings import Meeting
from coordination.members.models import Agency, Person


class Minutes(Versioned):
    """The minutes of a meeting: draft, circulated, adopted.

    They are circulated for corrections.
    """

    meeting = models.OneToOneField(
        Meeting, models.PROTECT, related_name="minutes", verbose_name=_("meeting")
    )
    state = models.CharField(
        pgettext_lazy("of minutes", "state"),
        max_length=10,
        choices=MinutesState,
        default=MinutesState.DRAFT,
    )
    circulated_at = models.DateTimeField(
        _("circulated at"), null=True, blank=True, validators=[validate_moment]
    )
    corrections_until = models.DateTimeField(
        _("corrections until"), null=True, blank=True, validators=[validate_moment]
    )
    adopted_at = models.DateTimeField(
        _("adopted at"), null=True, blank=True, validators=[validate_moment]
    )
    adopted_by_meeting = models.ForeignKey(
        Meeting,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("meeting that adopted them"),
    )

    history: Any = record_history()

    class Meta:
        verbose_name = _("minutes")
        verbose_name_plural = pgettext_lazy("of several meetings", "minutes")
        ordering = ["pk"]
        constraints = [
            within_bounds(
                "meetings_minutes_days_in_bounds",
                moments=("circulated_at", "corrections_until", "adopted_at"),
            ),
            models.CheckConstraint(
                condition=Q(
                    state=MinutesState.DRAFT,
                    circulated_at__isnull=True,
                    adopted_at__isnull=True,
                )
                | Q(
                    state=MinutesState.CIRCULATED,
                    circulated_at__isnull=False,
                    corrections_until__isnull=False,
                    adopted_at__isnull=True,
                )
                | Q(
                    state=MinutesState.ADOPTED,
                    circulated_at__isnull=False,
                    corrections_until__isnull=False,
                    adopted_at__isnull=False,
                    adopted_by_meeting__isnull=False,
                ),
                name="meetings_minutes_state_has_moments",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting}"

    def takes_corrections(self, at: datetime) -> bool:
        """Return whether agencies may propose corrections at `at` (UTC)."""
        return (
            self.state == MinutesState.CIRCULATED
            and self.corrections_until is not None
            and at < self.corrections_until
        )


class MinutesParagraph(Versioned):
    """One paragraph of minutes, under an agenda item or under none.

    `owners` are the agencies that act, or that were not there for the item. `due_day` belongs to an
    action. Only a paragraph about who was not there may have no text. A removed paragraph stays on
    record.
    """

    minutes = models.ForeignKey(
        Minutes, models.CASCADE, related_name="paragraphs", verbose_name=_("minutes")
    )
    item = models.ForeignKey(
        AgendaItem,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("agenda item"),
    )
    position = models.PositiveSmallIntegerField(_("number"), default=1)
    kind = models.CharField(
        pgettext_lazy("of a paragraph", "kind"),
        max_length=12,
        choices=ParagraphKind,
        default=ParagraphKind.INFORMATION,
    )
    text = models.TextField(pgettext_lazy("of a paragraph", "text"), blank=True)
    owners = models.ManyToManyField(
        Agency, related_name="+", blank=True, verbose_name=pgettext_lazy("of minutes", "agencies")
    )
    due_day = models.DateField(_("due"), null=True, blank=True, validators=[validate_day])
    is_removed = models.BooleanField(_("removed"), default=False)

    history: Any = record_history()

    class Meta:
        verbose_name = _("paragraph of minutes")
        verbose_name_plural = _("paragraphs of minutes")
        ordering = ["position", "pk"]
        constraints = [
            within_bounds("meetings_minutesparagraph_days_in_bounds", days=("due_day",)),
            models.CheckConstraint(
                condition=~Q(text="") | Q(kind=ParagraphKind.ABSENT),
                name="meetings_minutesparagraph_has_text",
                violation_error_message=_("Write the paragraph."),
            ),
        ]

    def __str__(self) -> str:
        return self.text[:80]


class MinutesCorrection(models.Model):
    """What an agency proposes to change in circulated minutes.

    `base` is the text of the paragraph when it was proposed, so that the changed words are known
    even after another correction was taken.
    """

    paragraph = models.ForeignKey(
        MinutesParagraph, models.PROTECT, related_name="corrections", verbose_name=_("paragraph")
    )
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name=_("agency"))
    author = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("author"))
    kind = models.CharField(
        pgettext_lazy("of a correction", "kind"),
        max_length=8,
        choices=CorrectionKind,
        default=CorrectionKind.CHANGE,
    )
    base = models.TextField(_("text before"))
    text = models.TextField(_("proposed text"), blank=True)
    reason = models.TextField(_("reason"), blank=True)
    state = models.CharField(
        pgettext_lazy("of a correction", "state"),
        max_length=10,
        choices=CorrectionState,
        default=CorrectionState.OPEN,
    )
    proposed_at = models.DateTimeField(_("proposed at"), validators=[validate_moment])
    decided_at = models.DateTimeField(
        _("decided at"), null=True, blank=True, validators=[validate_moment]
    )
    answer = models.TextField(_("answer of the chair"), blank=True)

    history: Any = record_history()

    class Meta:
        verbose_name = _("correction of minutes")
        verbose_name_plural = _("corrections of minutes")
        ordering = ["proposed_at", "pk"]
        constraints = [
            within_bounds(
                "meetings_minutescorrection_days_in_bounds", moments=("proposed_at", "decided_at")
            ),
            models.CheckConstraint(
                condition=Q(kind=CorrectionKind.REMOVE) ^ ~Q(text=""),
                name="meetings_minutescorrection_has_text",
                violation_error_message=_("Write the text that you propose."),
            ),
            models.CheckConstraint(
                condition=Q(state=CorrectionState.OPEN) ^ Q(decided_at__isnull=False),
                name="meetings_minutescorrection_decided_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency}: {self.get_kind_display()}"


class Corrigendum(models.Model):
    """A numbered correction of adopted minutes.

    The minutes themselves stay as they were adopted.
    """

    paragraph = models.ForeignKey(
        MinutesParagraph, models.PROTECT, related_name="corrigenda", verbose_name=_("paragraph")
    )
    minutes = models.ForeignKey(
        Minutes, models.PROTECT, related_name="corrigenda", verbose_name=_("minutes")
    )
    number = models.PositiveSmallIntegerField(_("number"))
    text = models.TextField(_("the paragraph reads"))
    reason = models.TextField(_("reason"))
    issued_at = models.DateTimeField(_("issued at"), validators=[validate_moment])

    history: Any = record_history()

    class Meta:
        verbose_name = _("corrigendum")
        verbose_name_plural = _("corrigenda")
        ordering = ["number"]
        constraints = [
            within_bounds("meetings_corrigendum_days_in_bounds", moments=("issued_at",)),
            models.UniqueConstraint(
                fields=["minutes", "number"], name="meetings_corrigendum_number_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.text[:80]}"
