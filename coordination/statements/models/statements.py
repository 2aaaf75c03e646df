"""Statements, drafts, blocks, signatories and deliveries."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coordination.core.models import (
    LONGEST_LANGUAGE,
    Sourced,
    Versioned,
    record_history,
    validate_day,
    validate_moment,
    within_bounds,
)
from coordination.meetings.models import Meeting
from coordination.members.models import Agency, Person
from coordination.statements.enums import (
    BlockKind,
    PlannedStep,
    StatementState,
    StepLevel,
    default_plan,
)


class Statement(Sourced, Versioned):
    """A joint text of the group, from draft to release."""

    slug = models.SlugField(
        pgettext_lazy("end of a web address", "address"), max_length=100, unique=True
    )
    symbol = models.CharField(_("symbol"), max_length=40, unique=True)
    title = models.CharField(pgettext_lazy("of a statement", "title"), max_length=200)
    # no choices: the group names its languages (Group.statement_languages)
    language = models.CharField(_("language"), max_length=LONGEST_LANGUAGE, default="en")
    state = models.CharField(
        pgettext_lazy("of a statement", "state"),
        max_length=14,
        choices=StatementState,
        default=StatementState.DRAFTING,
    )
    occasion = models.CharField(_("occasion"), max_length=200, blank=True)
    meeting = models.ForeignKey(
        Meeting, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("meeting")
    )
    participating = models.ManyToManyField(
        Agency,
        related_name="+",
        blank=True,
        verbose_name=_("agencies that are in"),
        help_text=_("None: all members of each day."),
    )
    # a copy of the group's StepTemplate rows when the statement was started
    plan = models.JSONField(_("steps of clearance"), default=default_plan, editable=False)
    amendments_until = models.DateTimeField(
        _("amendments until"), null=True, blank=True, validators=[validate_moment]
    )
    # set where the time for amendments is shorter than the group's least
    short_reason = models.TextField(_("why the time for amendments is short"), blank=True)
    short_by = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("short time set by"),
    )
    started_at = models.DateTimeField(_("started at"), validators=[validate_moment])
    started_by = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("started by"),
    )
    adopted_at = models.DateTimeField(
        _("adopted at"), null=True, blank=True, validators=[validate_moment]
    )
    adopted_sha256 = models.CharField(_("SHA-256 of the adopted text"), max_length=64, blank=True)
    released_at = models.DateTimeField(
        _("released at"), null=True, blank=True, validators=[validate_moment]
    )
    release_planned_for = models.DateTimeField(
        _("release planned for"), null=True, blank=True, validators=[validate_moment]
    )
    signatory_count = models.PositiveSmallIntegerField(
        _("number of signatories"),
        null=True,
        blank=True,
        help_text=_("For old statements of which only the number is known."),
    )

    history: Any = record_history()

    class Meta:
        verbose_name = _("statement")
        verbose_name_plural = _("statements")
        ordering = ["-started_at"]
        indexes = [models.Index(fields=["-started_at", "-id"], name="statements_newest_first")]
        constraints = [
            within_bounds(
                "statements_statement_days_in_bounds",
                moments=(
                    "amendments_until",
                    "started_at",
                    "adopted_at",
                    "released_at",
                    "release_planned_for",
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def planned(self) -> tuple[PlannedStep, ...]:
        """Return the planned clearance steps, in order.

        They are a copy: a change of the group's plan does not affect existing statements.
        """
        return tuple(
            PlannedStep(**{**step, "level": StepLevel(step["level"])}) for step in self.plan
        )


class Draft(Versioned):
    """A numbered version of the text; it never changes once circulated."""

    statement = models.ForeignKey(
        Statement, models.PROTECT, related_name="drafts", verbose_name=_("statement")
    )
    number = models.PositiveSmallIntegerField(_("number"))
    sha256 = models.CharField(_("SHA-256"), max_length=64, blank=True)
    circulated_at = models.DateTimeField(
        _("circulated at"), null=True, blank=True, validators=[validate_moment]
    )
    circulated_by = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("circulated by"),
    )

    history: Any = record_history()

    class Meta:
        verbose_name = pgettext_lazy("text of a statement", "draft")
        verbose_name_plural = _("drafts")
        ordering = ["number"]
        constraints = [
            within_bounds("statements_draft_days_in_bounds", moments=("circulated_at",)),
            models.UniqueConstraint(
                fields=["statement", "number"], name="statements_draft_number_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.statement}, {self.number}"


class Reading(models.Model):
    """The first time that an agency opened a draft.

    No other agency sees it.
    """

    draft = models.ForeignKey(
        Draft, models.PROTECT, related_name="readings", verbose_name=_("draft")
    )
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name=_("agency"))
    read_at = models.DateTimeField(_("read at"), validators=[validate_moment])

    class Meta:
        verbose_name = _("reading")
        verbose_name_plural = _("readings")
        ordering = ["pk"]
        constraints = [
            within_bounds("statements_reading_days_in_bounds", moments=("read_at",)),
            models.UniqueConstraint(fields=["draft", "agency"], name="statements_reading_once"),
        ]

    def __str__(self) -> str:
        return f"{self.agency}: {self.draft}"


class PersonReading(models.Model):
    """When a person first opened a draft on the decision page.

    That page shows what changed since. Nobody else sees it.
    """

    draft = models.ForeignKey(Draft, models.PROTECT, related_name="+", verbose_name=_("draft"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("person"))
    read_at = models.DateTimeField(_("read at"), validators=[validate_moment])

    class Meta:
        verbose_name = _("reading by a person")
        verbose_name_plural = _("readings by people")
        ordering = ["pk"]
        constraints = [
            within_bounds("statements_personreading_days_in_bounds", moments=("read_at",)),
            models.UniqueConstraint(
                fields=["draft", "person"], name="statements_personreading_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.draft}"


class Block(Versioned):
    """A block of a draft, with the same key in every draft."""

    draft = models.ForeignKey(
        Draft,
        models.CASCADE,
        related_name="blocks",
        verbose_name=pgettext_lazy("text of a statement", "draft"),
    )
    key = models.CharField(_("key"), max_length=12)
    kind = models.CharField(_("kind"), max_length=12, choices=BlockKind, default=BlockKind.BODY)
    position = models.PositiveSmallIntegerField(pgettext_lazy("place in an order", "position"))
    text = models.TextField(_("text"))
    origins = models.JSONField(_("who wrote it"), default=list, blank=True, editable=False)

    # origins follow from the amendments, and are as long as the text itself
    history: Any = record_history(excluded_fields=["origins"])

    class Meta:
        verbose_name = _("block")
        verbose_name_plural = _("blocks")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["draft", "key"], name="statements_block_key_once")
        ]

    def __str__(self) -> str:
        return self.text[:60]

    @property
    def is_heading(self) -> bool:
        """Say whether it is the title or a heading."""
        return self.kind in {BlockKind.TITLE, BlockKind.HEADING}


class Signatory(models.Model):
    """An agency that signed an adopted statement, or did not join."""

    statement = models.ForeignKey(
        Statement, models.PROTECT, related_name="signatories", verbose_name=_("statement")
    )
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name=_("agency"))
    joined = models.BooleanField(_("signatory"), default=True)
    reservation = models.TextField(_("reservation"), blank=True)

    class Meta:
        verbose_name = _("signatory")
        verbose_name_plural = _("signatories")
        ordering = ["agency__acronym"]
        constraints = [
            models.UniqueConstraint(
                fields=["statement", "agency"], name="statements_signatory_once"
            )
        ]

    def __str__(self) -> str:
        return str(self.agency)


class Delivery(Versioned):
    """The delivery of an adopted statement at an event.

    Pages say "check against delivery" before it, and "as delivered" after.
    """

    statement = models.ForeignKey(
        Statement, models.PROTECT, related_name="deliveries", verbose_name=_("statement")
    )
    event = models.CharField(_("event"), max_length=200)
    place = models.CharField(
        pgettext_lazy("where a statement is spoken", "place"), max_length=120, blank=True
    )
    day = models.DateField(_("day"), validators=[validate_day])
    speaker = models.CharField(_("speaker"), max_length=200)
    on_behalf_of = models.CharField(_("on behalf of"), max_length=200)
    delivered_at = models.DateTimeField(
        _("noted as delivered at"), null=True, blank=True, validators=[validate_moment]
    )
    text = models.TextField(
        _("as delivered"), blank=True, help_text=_("Where it differs from the adopted text.")
    )
    cancelled_at = models.DateTimeField(
        _("cancelled at"), null=True, blank=True, validators=[validate_moment]
    )

    history: Any = record_history()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["day", "pk"]
        constraints = [
            within_bounds(
                "statements_delivery_days_in_bounds",
                days=("day",),
                moments=("delivered_at", "cancelled_at"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event}: {self.speaker}"
