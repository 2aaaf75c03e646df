"""Clearance steps and positions."""

from datetime import datetime
from typing import Any

from django.core.validators import MinValueValidator
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
from coordination.statements.enums import (
    PositionKind,
    StepLevel,
)
from coordination.statements.models.statements import Draft, Statement

ABOUT = _(
    "The paragraphs as the text numbers them, such as “PP 1, OP 3”; empty for the text as a whole."
)


class StepTemplate(Versioned):
    """A clearance step of new statements.

    Without any row, new statements get `enums.DEFAULT_PLAN`.
    """

    position = models.PositiveSmallIntegerField(
        pgettext_lazy("place in an order", "position"),
        unique=True,
        validators=[MinValueValidator(1)],
    )
    level = models.CharField(
        pgettext_lazy("of clearance", "level"), max_length=14, choices=StepLevel
    )
    silence = models.BooleanField(_("silence approves"), default=False)
    hours = models.PositiveSmallIntegerField(
        _("usual hours"), default=72, validators=[MinValueValidator(1)]
    )
    working_hours = models.BooleanField(
        _("in working hours"), default=False, help_text=_("Monday to Friday, 9:00 to 17:00.")
    )

    history: Any = record_history()

    class Meta:
        verbose_name = _("step of clearance for new statements")
        verbose_name_plural = _("steps of clearance for new statements")
        ordering = ["position"]

    def __str__(self) -> str:
        return f"{self.position}. {self.get_level_display()}"


class PreparedPosition(Versioned):
    """A position that an agency prepares in a step.

    Only the agency's own people see it. It is ignored once the position is taken.
    """

    step = models.ForeignKey(
        "ClearanceStep", models.PROTECT, related_name="prepared", verbose_name=_("step")
    )
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name=_("agency"))
    author = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("author"))
    kind = models.CharField(_("position"), max_length=10, choices=PositionKind)
    about = models.TextField(_("about"), blank=True, help_text=ABOUT)
    reason = models.TextField(_("reason"), blank=True)
    saved_at = models.DateTimeField(_("saved at"), validators=[validate_moment])

    history: Any = record_history()

    class Meta:
        verbose_name = _("position in preparation")
        verbose_name_plural = _("positions in preparation")
        ordering = ["pk"]
        constraints = [
            within_bounds("statements_preparedposition_days_in_bounds", moments=("saved_at",)),
            models.UniqueConstraint(
                # one row, which the next position that the agency prepares uses again
                fields=["step", "agency"],
                name="statements_preparedposition_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency} {self.get_kind_display()}"


class ClearanceStep(Versioned):
    """A step in which agencies take positions on a draft."""

    statement = models.ForeignKey(
        Statement, models.PROTECT, related_name="steps", verbose_name=_("statement")
    )
    draft = models.ForeignKey(
        Draft,
        models.PROTECT,
        related_name="steps",
        verbose_name=pgettext_lazy("text of a statement", "draft"),
    )
    level = models.CharField(
        pgettext_lazy("of clearance", "level"), max_length=14, choices=StepLevel
    )
    position = models.PositiveSmallIntegerField(pgettext_lazy("place in an order", "position"))
    opened_at = models.DateTimeField(_("opened at"), validators=[validate_moment])
    deadline = models.DateTimeField(_("deadline"), validators=[validate_moment])
    silence = models.BooleanField(_("silence approves"), default=False)
    broken_at = models.DateTimeField(
        _("silence broken at"), null=True, blank=True, validators=[validate_moment]
    )
    extended_at = models.DateTimeField(
        _("extended at"), null=True, blank=True, validators=[validate_moment]
    )
    extension_reason = models.TextField(_("why it was extended"), blank=True)
    restarted_at = models.DateTimeField(
        _("silence restarted at"), null=True, blank=True, validators=[validate_moment]
    )
    # set where the silence is shorter than the group's least
    short_reason = models.TextField(_("why the silence is short"), blank=True)
    short_by = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("short silence set by"),
    )
    closed_at = models.DateTimeField(
        _("closed at"), null=True, blank=True, validators=[validate_moment]
    )

    history: Any = record_history()

    class Meta:
        verbose_name = _("clearance step")
        verbose_name_plural = _("clearance steps")
        ordering = ["draft__number", "position"]
        constraints = [
            within_bounds(
                "statements_clearancestep_days_in_bounds",
                moments=(
                    "opened_at",
                    "deadline",
                    "broken_at",
                    "extended_at",
                    "restarted_at",
                    "closed_at",
                ),
            ),
            models.UniqueConstraint(
                fields=["draft", "position"], name="statements_clearancestep_once"
            ),
        ]

    def __str__(self) -> str:
        return self.get_level_display()

    @property
    def silent_since(self) -> datetime:
        """Return when the silence began or was restarted."""
        return self.restarted_at or self.opened_at

    def silence_passed(self, at: datetime) -> bool:
        """Say whether silence has passed at `at`.

        It has if the deadline came while the step was open and nobody had broken the silence.
        """
        return self.silence and self.broken_at is None and self.deadline <= (self.closed_at or at)

    @property
    def silence_holds(self) -> bool:
        """Return whether silence still approves in this step.

        It is not broken.
        """
        return self.silence and self.broken_at is None


class Position(models.Model):
    """An agency's position on one exact text.

    Rows are only added; the newest of an agency counts.
    """

    step = models.ForeignKey(
        ClearanceStep, models.PROTECT, related_name="positions", verbose_name=_("step")
    )
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name=_("agency"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("taken by"))
    kind = models.CharField(
        pgettext_lazy("of an agency on a text", "position"), max_length=10, choices=PositionKind
    )
    # stored with the position, so that it proves on which text the agency spoke
    sha256 = models.CharField(_("SHA-256 of the text"), max_length=64)
    about = models.TextField(_("about"), blank=True, help_text=ABOUT)
    reason = models.TextField(_("reason"), blank=True)
    taken_at = models.DateTimeField(_("taken at"), validators=[validate_moment])
    letter = models.FileField(_("letter"), upload_to="letters/", blank=True)
    signed_by = models.CharField(
        _("signed by"),
        max_length=200,
        blank=True,
        help_text=_("Of a position that came by letter and was recorded by the chair."),
    )
    spoken_by = models.CharField(
        _("spoken by"),
        max_length=200,
        blank=True,
        help_text=_("Of an approval given by telephone and recorded by the chair."),
    )
    spoken_at = models.DateTimeField(
        _("spoken at"), null=True, blank=True, validators=[validate_moment]
    )
    heard_by = models.CharField(_("heard by"), max_length=200, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("of an agency on a text", "position")
        verbose_name_plural = _("positions")
        ordering = ["taken_at", "pk"]
        indexes = [models.Index(fields=["step", "agency", "-taken_at"])]
        constraints = [
            within_bounds("statements_position_days_in_bounds", moments=("taken_at", "spoken_at")),
        ]

    def __str__(self) -> str:
        return f"{self.agency} {self.get_kind_display()}"


class LetterToSilent(models.Model):
    """A letter of the chair to silent agencies; never changed."""

    step = models.ForeignKey(
        ClearanceStep, models.PROTECT, related_name="letters_to_silent", verbose_name=_("step")
    )
    agencies = models.ManyToManyField(Agency, related_name="+", verbose_name=_("agencies"))
    text = models.TextField(_("text"))
    sent_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("sent by"))
    sent_at = models.DateTimeField(_("sent at"), validators=[validate_moment])
    day = models.DateField(
        _("day"), help_text=_("In the group’s time zone."), validators=[validate_day]
    )

    class Meta:
        verbose_name = _("letter to the silent")
        verbose_name_plural = _("letters to the silent")
        ordering = ["sent_at", "pk"]
        constraints = [
            within_bounds(
                "statements_lettertosilent_days_in_bounds", days=("day",), moments=("sent_at",)
            ),
            models.UniqueConstraint(
                fields=["step", "day"], name="statements_lettertosilent_once_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.step}, {self.day}"
