"""Agendas: items, papers and their versions, and what agencies propose."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coordination.core.models import Versioned, record_history, validate_moment, within_bounds
from coordination.meetings.enums import ProposalState
from coordination.meetings.models.meetings import Meeting
from coordination.members.models import Agency, Person


class AgendaItem(Versioned):
    """One item of a meeting's agenda, with the minutes allotted to it."""

    meeting = models.ForeignKey(
        Meeting, models.CASCADE, related_name="agenda", verbose_name=_("meeting")
    )
    position = models.PositiveSmallIntegerField(_("number"), default=1)
    title = models.CharField(pgettext_lazy("of an agenda item", "title"), max_length=200)
    detail = models.TextField(_("detail"), blank=True)
    lead = models.ForeignKey(
        Agency,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=pgettext_lazy("agency that leads", "lead"),
    )
    minutes = models.PositiveSmallIntegerField(_("minutes allotted"), null=True, blank=True)
    # the path of the page in this app that the item is about
    link = models.CharField(_("page that it is about"), max_length=300, blank=True, db_default="")
    # the release before this one writes none
    version = models.PositiveIntegerField(_("version"), default=1, db_default=1, editable=False)

    history: Any = record_history()

    class Meta:
        verbose_name = _("agenda item")
        verbose_name_plural = _("agenda")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return f"{self.position}. {self.title}"


class MeetingDocument(models.Model):
    """A version of a paper of a meeting.

    It is a file or a link.
    """

    meeting = models.ForeignKey(
        Meeting, models.CASCADE, related_name="documents", verbose_name=_("meeting")
    )
    title = models.CharField(pgettext_lazy("of a document", "title"), max_length=200)
    file = models.FileField(_("file"), upload_to="meetings/", blank=True)
    content_type = models.CharField(
        _("type of the file"), max_length=100, blank=True, editable=False
    )
    link = models.URLField(_("link"), blank=True)
    # the first version of the paper; empty for the first itself
    paper = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="later_versions",
        verbose_name=_("first version"),
    )
    number = models.PositiveSmallIntegerField(
        _("number of the version"), default=1, db_default=1, editable=False
    )
    # empty for what the records hold from before
    uploaded_by = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("uploaded by"),
    )
    uploaded_at = models.DateTimeField(
        _("uploaded at"), null=True, blank=True, editable=False, validators=[validate_moment]
    )

    history: Any = record_history()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["title", "number"]
        constraints = [
            within_bounds("meetings_meetingdocument_days_in_bounds", moments=("uploaded_at",)),
            models.UniqueConstraint(
                fields=["paper", "number"], name="meetings_meetingdocument_number_once"
            ),
            models.CheckConstraint(
                condition=~Q(file="") | ~Q(link=""),
                name="meetings_meetingdocument_file_or_link",
                violation_error_message=_("Give a file or a link."),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class PaperPin(models.Model):
    """The version of a paper that an agenda item discusses.

    A newer version changes nothing here.
    """

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
    """A topic that an agency wants to discuss.

    The chair puts it on an agenda or declines it. Without a meeting it is for any of the group's
    meetings to come.
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
