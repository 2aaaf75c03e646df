"""What goes with an agenda: papers pinned to its items, and what agencies propose for it."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coordination.core.models import Versioned, record_history, validate_moment, within_bounds
from coordination.meetings.enums import ProposalState
from coordination.meetings.models.meetings import AgendaItem, Meeting, MeetingDocument
from coordination.members.models import Agency, Person


class PaperPin(models.Model):
    """The version of a paper that an agenda item discusses; a newer one changes nothing here."""

    item = models.ForeignKey(
        AgendaItem, models.CASCADE, related_name="pins", verbose_name=_("agenda item")
    )
    version = models.ForeignKey(
        MeetingDocument, models.PROTECT, related_name="pins", verbose_name=_("version discussed")
    )

    history: Any = record_history()

    class Meta:
        verbose_name = _("paper of an agenda item")
        verbose_name_plural = _("papers of agenda items")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["item", "version"], name="meetings_paperpin_once")
        ]

    def __str__(self) -> str:
        return str(self.version)


class AgendaProposal(Versioned):
    """What an agency wants to discuss: the chair puts it on an agenda or declines it.

    Without a meeting it is for any of the group's meetings to come.
    """

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name=_("agency"))
    title = models.CharField(pgettext_lazy("of an agenda item", "title"), max_length=200)
    why = models.TextField(pgettext_lazy("of a proposal", "why"), blank=True)
    minutes = models.PositiveSmallIntegerField(_("minutes wanted"), null=True, blank=True)
    meeting = models.ForeignKey(
        Meeting,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="proposals",
        verbose_name=_("meeting"),
    )
    state = models.CharField(
        pgettext_lazy("of a proposal", "state"),
        max_length=10,
        choices=ProposalState,
        default=ProposalState.WAITING,
    )
    proposed_by = models.ForeignKey(
        Person, models.PROTECT, related_name="+", verbose_name=_("proposed by")
    )
    proposed_at = models.DateTimeField(_("proposed at"), validators=[validate_moment])
    decided_by = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(
        _("decided at"), null=True, blank=True, validators=[validate_moment]
    )
    reason = models.TextField(pgettext_lazy("why it was declined", "reason"), blank=True)

    history: Any = record_history()

    class Meta:
        verbose_name = _("proposal for an agenda")
        verbose_name_plural = _("proposals for agendas")
        ordering = ["proposed_at", "pk"]
        constraints = [
            within_bounds(
                "meetings_agendaproposal_days_in_bounds", moments=("proposed_at", "decided_at")
            ),
            models.CheckConstraint(
                condition=~Q(state=ProposalState.DECLINED) | ~Q(reason=""),
                name="meetings_agendaproposal_declined_with_reason",
                violation_error_message=_("Say why it is declined."),
            ),
            models.CheckConstraint(
                condition=~Q(state=ProposalState.ACCEPTED) | Q(meeting__isnull=False),
                name="meetings_agendaproposal_accepted_for_meeting",
                violation_error_message=_("Say for which meeting it is accepted."),
            ),
        ]

    def __str__(self) -> str:
        return self.title
