"""Operations: what changed the schedule, who decided it, and the offers that wait."""

from datetime import date
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
from coordination.members.models import Agency, Person
from coordination.rotation.enums import OFFER_OPEN, OperationKind, OperationState
from coordination.rotation.models.letters import ByLetter, letter_has_day
from coordination.rotation.models.terms import ChairTerm


class TermOperation(Versioned):
    """A named change of the schedule, with its decision, kept for ever.

    An exchange is first an offer: it hangs on its terms (`OperationTerm`), and its dates follow
    them. `offer_number` counts up whenever the terms change: an agency's consent to an earlier
    number does not count. `lapses_on` is the last day of an offer, or the day until which a vacancy
    is acknowledged. `before` and `after` are lists of the same length, a row for each term: its
    address, days, kind, state and agencies (see `queries.operations.StoredTerm`). `decided_how` are
    the codes of a decision that a selection made (see `queries.decision_words`), {} for others.
    """

    kind = models.CharField(_("operation"), max_length=20, choices=OperationKind)
    state = models.CharField(
        pgettext_lazy("of an operation", "state"),
        max_length=10,
        choices=OperationState,
        default=OperationState.DECIDED,
    )
    decision = models.CharField(_("who decided"), max_length=300, blank=True)
    document = models.CharField(_("document"), max_length=300, blank=True)
    decided_how = models.JSONField(_("how it was decided"), default=dict, editable=False)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    made_by = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("made by"),
    )
    made_at = models.DateTimeField(_("made at"), validators=[validate_moment])
    offered_for = models.ForeignKey(
        Agency,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("offered for"),
    )
    offer_number = models.PositiveSmallIntegerField(_("number of the offer"), default=1)
    moved_at = models.DateTimeField(
        _("terms moved at"), null=True, blank=True, validators=[validate_moment]
    )
    lapses_on = models.DateField(_("until"), null=True, blank=True, validators=[validate_day])
    decided_by = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("recorded by"),
    )
    decided_at = models.DateTimeField(
        _("decided at"), null=True, blank=True, validators=[validate_moment]
    )
    ended_at = models.DateTimeField(
        _("ended at"), null=True, blank=True, validators=[validate_moment]
    )
    before = models.JSONField(_("the schedule before"), default=list, editable=False)
    after = models.JSONField(_("the schedule after"), default=list, editable=False)

    history: Any = record_history()

    class Meta:
        verbose_name = _("operation on terms")
        verbose_name_plural = _("operations on terms")
        ordering = ["-made_at", "-pk"]
        constraints = [
            within_bounds(
                "rotation_termoperation_days_in_bounds",
                days=("lapses_on",),
                moments=("made_at", "moved_at", "decided_at", "ended_at"),
            ),
            models.CheckConstraint(
                condition=~Q(state=OperationState.DECIDED) | Q(decided_at__isnull=False),
                name="rotation_termoperation_decided_has_moment",
                violation_error_message=_("A decided operation has the moment of its decision."),
            ),
        ]
        indexes = [models.Index(fields=["state", "kind"])]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.made_at:%Y-%m-%d}"

    def is_open_on(self, day: date) -> bool:
        """Return whether it is an offer that waits on `day`."""
        return self.state in OFFER_OPEN and (self.lapses_on is None or day <= self.lapses_on)

    def has_lapsed_on(self, day: date) -> bool:
        """Return whether it is an offer that nobody settled by its last day."""
        return self.state in OFFER_OPEN and not self.is_open_on(day)


class OperationTerm(models.Model):
    """A term of an operation; an exchange keeps the offer's order.

    `term_version` is that of the term when the operation was made, or when the offer followed it.
    """

    operation = models.ForeignKey(
        TermOperation, models.CASCADE, related_name="terms", verbose_name=_("operation")
    )
    term = models.ForeignKey(
        ChairTerm, models.PROTECT, related_name="operations", verbose_name=_("term")
    )
    term_version = models.PositiveIntegerField(_("version of the term"), editable=False)
    position = models.PositiveSmallIntegerField(
        pgettext_lazy("place in an order", "position"), default=1
    )

    history: Any = record_history()

    class Meta:
        verbose_name = _("term of an operation")
        verbose_name_plural = _("terms of operations")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["operation", "term"], name="rotation_operationterm_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.term_id}"


class OperationConsent(ByLetter):
    """An agency's consent to one number of an offer.

    A later number asks again.
    """

    operation = models.ForeignKey(
        TermOperation, models.CASCADE, related_name="consents", verbose_name=_("operation")
    )
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name=_("agency"))
    given_by = models.ForeignKey(
        Person, models.PROTECT, related_name="+", verbose_name=_("given by")
    )
    given_at = models.DateTimeField(_("given at"), validators=[validate_moment])
    offer_number = models.PositiveSmallIntegerField(_("number of the offer"))

    history: Any = record_history()

    class Meta:
        verbose_name = _("consent to an operation")
        verbose_name_plural = _("consents to operations")
        ordering = ["given_at", "pk"]
        constraints = [
            within_bounds(
                "rotation_operationconsent_days_in_bounds",
                days=("letter_day",),
                moments=("given_at",),
            ),
            letter_has_day("rotation_operationconsent_letter_has_day"),
            models.UniqueConstraint(
                fields=["operation", "agency", "offer_number"],
                name="rotation_operationconsent_once",
            ),
        ]

    def __str__(self) -> str:
        return str(self.agency)


class OwedTurn(models.Model):
    """A turn that an agency deferred, until a later term settles it."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name=_("agency"))
    operation = models.ForeignKey(
        TermOperation, models.PROTECT, related_name="owed_turns", verbose_name=_("operation")
    )
    settled_by = models.ForeignKey(
        ChairTerm,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("settled by the term"),
    )

    history: Any = record_history()

    class Meta:
        verbose_name = _("owed turn")
        verbose_name_plural = _("owed turns")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["operation", "agency"], name="rotation_owedturn_once")
        ]

    def __str__(self) -> str:
        return str(self.agency)
