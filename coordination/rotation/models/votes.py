"""Votes on the chair.

An open vote keeps who chose what. A secret vote keeps who has voted (`SecretVoter`) and how often
each choice was made (`VoteOption.count`), in two tables that nothing links: no key, no moment, no
history, and no order. So neither pages nor the admin can read a choice back.
"""

import uuid
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
from coordination.members.models import Agency, Person
from coordination.rotation.enums import VoteState
from coordination.rotation.models.letters import ByLetter, letter_has_day
from coordination.rotation.models.selection import SelectionTerm


class SelectionVote(Versioned):
    """A vote on who chairs a term, one vote per member.

    The members are those of the day on which it opened. `electorate` are the keys of these
    members. `until` is the last day, in the group's zone.
    """

    term = models.ForeignKey(
        SelectionTerm, models.CASCADE, related_name="votes", verbose_name=_("term to fill")
    )
    state = models.CharField(
        pgettext_lazy("of a vote", "state"),
        max_length=6,
        choices=VoteState,
        default=VoteState.OPEN,
    )
    is_secret = models.BooleanField(_("secret"), default=False)
    quorum = models.PositiveSmallIntegerField(_("quorum, in votes"))
    electorate = models.JSONField(_("who may vote"), default=list, editable=False)
    until = models.DateField(_("votes by"), validators=[validate_day])
    opened_by = models.ForeignKey(
        Person, models.PROTECT, related_name="+", verbose_name=_("opened by")
    )
    opened_at = models.DateTimeField(_("opened at"), validators=[validate_moment])
    closed_at = models.DateTimeField(
        _("closed at"), null=True, blank=True, validators=[validate_moment]
    )

    history: Any = record_history()

    class Meta:
        verbose_name = _("vote on the chair")
        verbose_name_plural = _("votes on the chair")
        ordering = ["-opened_at"]
        constraints = [
            within_bounds(
                "rotation_selectionvote_days_in_bounds",
                days=("until",),
                moments=("opened_at", "closed_at"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"

    @property
    def is_open(self) -> bool:
        """Return whether votes can be cast."""
        return self.state == VoteState.OPEN


class VoteOption(models.Model):
    """A choice in a vote: an agency, or None to abstain.

    Only secret votes use `count`.
    """

    vote = models.ForeignKey(
        SelectionVote, models.CASCADE, related_name="options", verbose_name=_("vote")
    )
    agency = models.ForeignKey(
        Agency,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("agency"),
    )
    count = models.PositiveSmallIntegerField(_("votes"), default=0, editable=False)

    class Meta:
        verbose_name = _("choice of a vote")
        verbose_name_plural = _("choices of a vote")
        constraints = [
            models.UniqueConstraint(fields=["vote", "agency"], name="rotation_voteoption_once")
        ]

    def __str__(self) -> str:
        return f"{self.agency_id}"


class OpenVote(ByLetter, Versioned):
    """What an agency chose in an open vote."""

    vote = models.ForeignKey(
        SelectionVote, models.CASCADE, related_name="open_votes", verbose_name=_("vote")
    )
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name=_("agency"))
    choice = models.ForeignKey(
        VoteOption, models.PROTECT, related_name="+", verbose_name=_("choice")
    )
    cast_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("cast by"))
    cast_at = models.DateTimeField(_("cast at"), validators=[validate_moment])

    history: Any = record_history()

    class Meta:
        verbose_name = _("open vote")
        verbose_name_plural = _("open votes")
        ordering = ["agency__acronym"]
        constraints = [
            within_bounds(
                "rotation_openvote_days_in_bounds", days=("letter_day",), moments=("cast_at",)
            ),
            letter_has_day("rotation_openvote_letter_has_day"),
            models.UniqueConstraint(fields=["vote", "agency"], name="rotation_openvote_once"),
        ]

    def __str__(self) -> str:
        return f"{self.agency_id}"


class SecretVoter(models.Model):
    """An agency that voted in a secret vote.

    It stores neither choice nor moment.
    """

    # random, so that keys tell no order
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    vote = models.ForeignKey(
        SelectionVote, models.CASCADE, related_name="secret_voters", verbose_name=_("vote")
    )
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name=_("agency"))
    cast_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("cast by"))

    class Meta:
        verbose_name = _("agency that has voted in secret")
        verbose_name_plural = _("agencies that have voted in secret")
        ordering = ["agency__acronym"]
        constraints = [
            models.UniqueConstraint(fields=["vote", "agency"], name="rotation_secretvoter_once")
        ]

    def __str__(self) -> str:
        return f"{self.agency_id}"
