"""Chair terms, their agencies, and corrections of the record."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coordination.core.models import (
    Sourced,
    Versioned,
    record_history,
    validate_day,
    validate_moment,
    within_bounds,
)
from coordination.core.periods import Period
from coordination.members.models import Agency, Person
from coordination.rotation.enums import TermKind, TermState


class ChairTerm(Sourced, Versioned):
    """A period in which one agency, or several jointly, chair the group.

    Confirmed terms never overlap; proposals may overlap anything. PostgreSQL has an exclusion
    constraint (rotation_chairterm_no_overlap, in a migration). On SQLite the action checks under
    the write lock. Days that no confirmed term covers are vacant.
    """

    slug = models.SlugField(
        pgettext_lazy("end of a web address", "address"), max_length=20, unique=True
    )
    first_day = models.DateField(_("first day"), validators=[validate_day])
    last_day = models.DateField(_("last day"), validators=[validate_day])
    kind = models.CharField(_("kind"), max_length=10, choices=TermKind, default=TermKind.TERM)
    state = models.CharField(
        pgettext_lazy("of a term", "state"),
        max_length=10,
        choices=TermState,
        default=TermState.PROPOSED,
    )
    theme = models.CharField(_("theme"), max_length=200, blank=True)
    agencies: Any = models.ManyToManyField(
        Agency, through="TermAgency", related_name="+", verbose_name=_("chair")
    )
    confirmed_at = models.DateTimeField(
        _("confirmed at"), null=True, blank=True, validators=[validate_moment]
    )

    history: Any = record_history()

    class Meta:
        verbose_name = _("chair term")
        verbose_name_plural = _("chair terms")
        ordering = ["-first_day"]
        constraints = [
            within_bounds(
                "rotation_chairterm_days_in_bounds",
                days=("first_day", "last_day"),
                moments=("confirmed_at",),
            ),
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")),
                name="rotation_chairterm_last_not_before_first",
                violation_error_message=_("The last day is before the first."),
            ),
        ]
        indexes = [models.Index(fields=["first_day", "last_day"])]

    def __str__(self) -> str:
        return self.slug

    @property
    def period(self) -> Period:
        """Return the days of the term."""
        return Period(self.first_day, self.last_day)


class TermAgency(models.Model):
    """An agency that chairs in a term; a joint chair has several.

    `last_day` is set where it left the group while the others of a joint chair went on: it does not
    chair after it, whatever its membership is later.
    """

    term = models.ForeignKey(
        ChairTerm, models.CASCADE, related_name="chairs", verbose_name=_("term")
    )
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name=_("agency"))
    position = models.PositiveSmallIntegerField(
        pgettext_lazy("place in an order", "position"), default=1
    )
    last_day = models.DateField(
        _("left the chair after"), null=True, blank=True, validators=[validate_day]
    )

    history: Any = record_history()

    class Meta:
        verbose_name = _("chairing agency")
        verbose_name_plural = _("chairing agencies")
        ordering = ["position", "pk"]
        constraints = [
            within_bounds("rotation_termagency_days_in_bounds", days=("last_day",)),
            models.UniqueConstraint(fields=["term", "agency"], name="rotation_termagency_once"),
        ]

    def __str__(self) -> str:
        return str(self.agency)


class TermCorrection(Versioned):
    """A correction of a term that has begun, with its source.

    An administrator's is applied at once, an agency's when another agency agrees. `term` is None
    for a term that the record lacks, until it is applied. `agencies` are keys, in their order.
    `before` is what the record said when it was applied; empty for a new term.
    """

    term = models.ForeignKey(
        ChairTerm,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="corrections",
        verbose_name=_("term"),
    )
    term_version = models.PositiveIntegerField(_("version of the term"), default=0, editable=False)
    first_day = models.DateField(_("first day"), validators=[validate_day])
    last_day = models.DateField(_("last day"), validators=[validate_day])
    kind = models.CharField(_("kind"), max_length=10, choices=TermKind, default=TermKind.TERM)
    theme = models.CharField(_("theme"), max_length=200, blank=True)
    agencies = models.JSONField(_("chair"), default=list, editable=False)
    source = models.CharField(_("source"), max_length=300)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    before = models.JSONField(_("the record before"), default=dict, editable=False)
    proposed_by = models.ForeignKey(
        Person, models.PROTECT, related_name="+", verbose_name=_("proposed by")
    )
    proposed_for = models.ForeignKey(
        Agency,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("proposed for"),
    )
    proposed_at = models.DateTimeField(_("proposed at"), validators=[validate_moment])
    agreed_by = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("agreed by"),
    )
    agreed_for = models.ForeignKey(
        Agency,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("agreed for"),
    )
    applied_at = models.DateTimeField(
        _("applied at"), null=True, blank=True, validators=[validate_moment]
    )
    withdrawn_at = models.DateTimeField(
        _("withdrawn at"), null=True, blank=True, validators=[validate_moment]
    )

    history: Any = record_history()

    class Meta:
        verbose_name = _("correction of a term")
        verbose_name_plural = _("corrections of terms")
        ordering = ["-proposed_at"]
        constraints = [
            within_bounds(
                "rotation_termcorrection_days_in_bounds",
                days=("first_day", "last_day"),
                moments=("proposed_at", "applied_at", "withdrawn_at"),
            ),
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")),
                name="rotation_termcorrection_last_not_before_first",
                violation_error_message=_("The last day is before the first."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_day}, {self.source}"

    @property
    def is_open(self) -> bool:
        """Return whether it waits for a second agency."""
        return self.applied_at is None and self.withdrawn_at is None

    @property
    def period(self) -> Period:
        """Return the corrected days of the term."""
        return Period(self.first_day, self.last_day)
