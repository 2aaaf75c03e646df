"""The selection of a chair: its terms, what agencies answer, what is decided."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coordination.core.models import (
    Versioned,
    record_history,
    validate_day,
    validate_moment,
    within_bounds,
)
from coordination.core.periods import Period
from coordination.members.models import Agency, Person
from coordination.rotation.enums import (
    Answer,
    DecisionMethod,
    DeclineReason,
    EscalationReason,
    PrincipalView,
    SelectionOutcome,
    SelectionState,
)
from coordination.rotation.models.letters import ByLetter, letter_has_day
from coordination.rotation.models.terms import ChairTerm


class Selection(Versioned):
    """The process that fills one future term, or several that follow each other.

    Each date is the last day of its stage, in the group's zone. `opened_by` is None if the
    scheduler opened it.
    """

    slug = models.SlugField(
        pgettext_lazy("end of a web address", "address"), max_length=24, unique=True
    )
    state = models.CharField(
        pgettext_lazy("of a selection", "state"),
        max_length=10,
        choices=SelectionState,
        default=SelectionState.RUNNING,
    )
    call_until = models.DateField(_("candidatures by"), validators=[validate_day])
    consultation_until = models.DateField(_("consultation to"), validators=[validate_day])
    decision_until = models.DateField(_("decision by"), validators=[validate_day])
    opened_by = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("opened by"),
    )
    opened_at = models.DateTimeField(_("opened at"), validators=[validate_moment])
    closed_at = models.DateTimeField(
        _("closed at"), null=True, blank=True, validators=[validate_moment]
    )
    closing_words = models.TextField(_("why it was closed"), blank=True)

    history: Any = record_history()

    class Meta:
        verbose_name = _("selection")
        verbose_name_plural = _("selections")
        ordering = ["-opened_at"]
        constraints = [
            within_bounds(
                "rotation_selection_days_in_bounds",
                days=("call_until", "consultation_until", "decision_until"),
                moments=("opened_at", "closed_at"),
            ),
            models.CheckConstraint(
                condition=Q(call_until__lte=F("consultation_until"))
                & Q(consultation_until__lte=F("decision_until")),
                name="rotation_selection_dates_in_order",
                violation_error_message=_("The dates of the stages follow each other."),
            ),
        ]

    def __str__(self) -> str:
        return self.slug

    @property
    def is_running(self) -> bool:
        """Return whether it is not decided or closed yet."""
        return self.state == SelectionState.RUNNING


class SelectionTerm(models.Model):
    """One of the terms that a selection fills, by its days (both inclusive)."""

    selection = models.ForeignKey(
        Selection, models.CASCADE, related_name="terms", verbose_name=_("selection")
    )
    first_day = models.DateField(_("first day"), validators=[validate_day])
    last_day = models.DateField(_("last day"), validators=[validate_day])

    class Meta:
        verbose_name = _("term to fill")
        verbose_name_plural = _("terms to fill")
        ordering = ["first_day"]
        constraints = [
            within_bounds("rotation_selectionterm_days_in_bounds", days=("first_day", "last_day")),
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")),
                name="rotation_selectionterm_last_not_before_first",
                violation_error_message=_("The last day is before the first."),
            ),
            models.UniqueConstraint(
                fields=["selection", "first_day"], name="rotation_selectionterm_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_day} – {self.last_day}"

    @property
    def period(self) -> Period:
        """Return the days of the term."""
        return Period(self.first_day, self.last_day)


class Candidature(ByLetter, Versioned):
    """What an agency answers to a call.

    A decline is no wish for another term: `wishes_next` is said by itself. `preferred` is the term
    of several for which it stands; None for any.
    """

    selection = models.ForeignKey(
        Selection, models.CASCADE, related_name="candidatures", verbose_name=_("selection")
    )
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name=_("agency"))
    answer = models.CharField(_("answer"), max_length=10, choices=Answer)
    decline_reason = models.CharField(
        _("why it declines"), max_length=10, choices=DeclineReason, blank=True
    )
    words = models.TextField(_("in its words"), blank=True)
    priorities = models.TextField(_("priorities"), blank=True)
    team = models.TextField(_("team"), blank=True)
    preferred = models.ForeignKey(
        SelectionTerm,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("stands for"),
    )
    wishes_next = models.BooleanField(_("wishes the term after"), default=False)
    answered_by = models.ForeignKey(
        Person, models.PROTECT, related_name="+", verbose_name=_("answered by")
    )
    answered_at = models.DateTimeField(_("answered at"), validators=[validate_moment])

    history: Any = record_history()

    class Meta:
        verbose_name = _("candidature")
        verbose_name_plural = _("candidatures")
        ordering = ["agency__acronym"]
        constraints = [
            within_bounds(
                "rotation_candidature_days_in_bounds",
                days=("letter_day",),
                moments=("answered_at",),
            ),
            letter_has_day("rotation_candidature_letter_has_day"),
            models.UniqueConstraint(
                fields=["selection", "agency"], name="rotation_candidature_once"
            ),
            models.CheckConstraint(
                condition=~Q(answer=Answer.DECLINES) | ~Q(decline_reason=""),
                name="rotation_candidature_decline_has_reason",
                violation_error_message=_("A decline has a reason."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency_id}: {self.answer}"


class Unavailability(Versioned):
    """Days on which an agency cannot chair, whatever it answers to a call."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name=_("agency"))
    first_day = models.DateField(_("first day"), validators=[validate_day])
    last_day = models.DateField(_("last day"), validators=[validate_day])
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    noted_by = models.ForeignKey(
        Person, models.PROTECT, related_name="+", verbose_name=_("noted by")
    )
    withdrawn_at = models.DateTimeField(
        _("withdrawn at"), null=True, blank=True, validators=[validate_moment]
    )

    history: Any = record_history()

    class Meta:
        verbose_name = _("unavailability")
        verbose_name_plural = _("unavailabilities")
        ordering = ["first_day"]
        constraints = [
            within_bounds(
                "rotation_unavailability_days_in_bounds",
                days=("first_day", "last_day"),
                moments=("withdrawn_at",),
            ),
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")),
                name="rotation_unavailability_last_not_before_first",
                violation_error_message=_("The last day is before the first."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_day} – {self.last_day}"


class SelectionDecision(models.Model):
    """The decision on one term of a selection, and the term it made.

    `agencies` and `consulted` are keys, in their order. `limits` says what a caretaker, an
    extended chair or a troika is asked not to do.
    """

    term = models.OneToOneField(
        SelectionTerm, models.PROTECT, related_name="decision", verbose_name=_("term to fill")
    )
    chair_term = models.OneToOneField(
        ChairTerm, models.PROTECT, related_name="decision", verbose_name=_("chair term")
    )
    outcome = models.CharField(_("outcome"), max_length=10, choices=SelectionOutcome)
    method = models.CharField(_("decided by"), max_length=10, choices=DecisionMethod)
    agencies = models.JSONField(_("chair"), default=list, editable=False)
    consulted = models.JSONField(_("consulted"), default=list, editable=False)
    vote = models.ForeignKey(
        "SelectionVote",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("vote"),
    )
    document = models.CharField(_("document"), max_length=300, blank=True)
    words = models.TextField(_("words of the decision"), blank=True)
    limits = models.TextField(_("limits of the powers"), blank=True)
    recorded_by = models.ForeignKey(
        Person, models.PROTECT, related_name="+", verbose_name=_("recorded by")
    )
    recorded_at = models.DateTimeField(_("recorded at"), validators=[validate_moment])

    history: Any = record_history()

    class Meta:
        verbose_name = _("decision on the chair")
        verbose_name_plural = _("decisions on the chair")
        ordering = ["recorded_at"]
        constraints = [
            within_bounds("rotation_selectiondecision_days_in_bounds", moments=("recorded_at",)),
        ]

    def __str__(self) -> str:
        return f"{self.term_id}: {self.outcome}"


class Escalation(models.Model):
    """A selection that went to the principals when a deadline passed."""

    selection = models.ForeignKey(
        Selection, models.CASCADE, related_name="escalations", verbose_name=_("selection")
    )
    reason = models.CharField(_("reason"), max_length=15, choices=EscalationReason)
    deadline = models.DateField(_("deadline that passed"), validators=[validate_day])
    at = models.DateTimeField(_("at"), validators=[validate_moment])

    history: Any = record_history()

    class Meta:
        verbose_name = _("escalation")
        verbose_name_plural = _("escalations")
        ordering = ["at", "pk"]
        constraints = [
            within_bounds(
                "rotation_escalation_days_in_bounds", days=("deadline",), moments=("at",)
            ),
            models.UniqueConstraint(
                fields=["selection", "reason", "deadline"], name="rotation_escalation_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reason}, {self.deadline}"


class PrincipalAnswer(Versioned):
    """What the principal of an agency answers to an escalated selection."""

    selection = models.ForeignKey(
        Selection, models.CASCADE, related_name="principal_answers", verbose_name=_("selection")
    )
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name=_("agency"))
    view = models.CharField(_("answer"), max_length=10, choices=PrincipalView)
    supported = models.ForeignKey(
        Agency,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("supported agency"),
    )
    words = models.TextField(_("in their words"), blank=True)
    answered_by = models.ForeignKey(
        Person, models.PROTECT, related_name="+", verbose_name=_("answered by")
    )
    answered_at = models.DateTimeField(_("answered at"), validators=[validate_moment])

    history: Any = record_history()

    class Meta:
        verbose_name = _("answer of a principal")
        verbose_name_plural = _("answers of principals")
        ordering = ["agency__acronym"]
        constraints = [
            within_bounds("rotation_principalanswer_days_in_bounds", moments=("answered_at",)),
            models.UniqueConstraint(
                fields=["selection", "agency"], name="rotation_principalanswer_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency_id}: {self.view}"
