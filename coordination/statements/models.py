"""Joint statements: drafts made of blocks, amendments to blocks, positions on one exact text."""

from datetime import datetime
from typing import Any

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from coordination.core.models import Sourced, Versioned, record_history
from coordination.meetings.models import Meeting
from coordination.members.models import Agency, Person
from coordination.statements.enums import (
    AmendmentKind,
    AmendmentState,
    BlockKind,
    PlannedStep,
    PositionKind,
    StatementLanguage,
    StatementState,
    StepLevel,
    default_plan,
)

ABOUT = _(
    "The paragraphs as the text numbers them, such as “PP 1, OP 3”; empty for the text as a whole."
)


class Statement(Sourced, Versioned):
    """A joint text of the group, from the first draft to its release."""

    slug = models.SlugField(_("address"), max_length=100, unique=True)
    symbol = models.CharField(_("symbol"), max_length=40, unique=True)
    title = models.CharField(_("title"), max_length=200)
    language = models.CharField(
        _("language"), max_length=10, choices=StatementLanguage, default=StatementLanguage.ENGLISH
    )
    state = models.CharField(
        _("state"), max_length=14, choices=StatementState, default=StatementState.DRAFTING
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
    plan = models.JSONField(_("steps of clearance"), default=default_plan, editable=False)
    amendments_until = models.DateTimeField(_("amendments until"), null=True, blank=True)
    started_at = models.DateTimeField(_("started at"))
    started_by = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("started by"),
    )
    adopted_at = models.DateTimeField(_("adopted at"), null=True, blank=True)
    adopted_sha256 = models.CharField(_("SHA-256 of the adopted text"), max_length=64, blank=True)
    released_at = models.DateTimeField(_("released at"), null=True, blank=True)
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

    def __str__(self) -> str:
        return self.title

    @property
    def planned(self) -> tuple[PlannedStep, ...]:
        """Return the steps of clearance, in order.

        A change of the group's plan leaves a statement under way as it was.
        """
        return tuple(
            PlannedStep(**{**step, "level": StepLevel(step["level"])}) for step in self.plan
        )


class StepTemplate(Versioned):
    """A step of clearance that new statements get.

    Without any, working-level clearance under silence and principals' approval.
    """

    position = models.PositiveSmallIntegerField(
        _("position"), unique=True, validators=[MinValueValidator(1)]
    )
    level = models.CharField(_("level"), max_length=14, choices=StepLevel)
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


class Draft(Versioned):
    """One numbered version; it never changes once circulated."""

    statement = models.ForeignKey(
        Statement, models.PROTECT, related_name="drafts", verbose_name=_("statement")
    )
    number = models.PositiveSmallIntegerField(_("number"))
    sha256 = models.CharField(_("SHA-256"), max_length=64, blank=True)
    circulated_at = models.DateTimeField(_("circulated at"), null=True, blank=True)
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
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["statement", "number"], name="statements_draft_number_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.statement}, {self.number}"


class Reading(models.Model):
    """That people of an agency have opened a draft, and when first.

    No other agency learns of it.
    """

    draft = models.ForeignKey(
        Draft, models.PROTECT, related_name="readings", verbose_name=_("draft")
    )
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name=_("agency"))
    read_at = models.DateTimeField(_("read at"))

    class Meta:
        verbose_name = _("reading")
        verbose_name_plural = _("readings")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["draft", "agency"], name="statements_reading_once")
        ]

    def __str__(self) -> str:
        return f"{self.agency}: {self.draft}"


class Block(Versioned):
    """One block of a draft; its key stays the same from draft to draft."""

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="blocks", verbose_name=_("draft"))
    key = models.CharField(_("key"), max_length=12)
    kind = models.CharField(_("kind"), max_length=12, choices=BlockKind, default=BlockKind.BODY)
    position = models.PositiveSmallIntegerField(_("position"))
    text = models.TextField(_("text"))
    origins = models.JSONField(_("who wrote it"), default=list, blank=True, editable=False)

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


class Amendment(Versioned):
    """What one agency proposes for one block of one draft, and what became of it."""

    block = models.ForeignKey(
        Block, models.PROTECT, related_name="amendments", verbose_name=_("block")
    )
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name=_("agency"))
    author = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("author"))
    number = models.PositiveSmallIntegerField(
        _("number"),
        default=0,
        editable=False,
        help_text=_("Among those to its draft, in the order in which they came; it never changes."),
    )
    kind = models.CharField(
        _("kind"), max_length=8, choices=AmendmentKind, default=AmendmentKind.REPLACE
    )
    proposed_text = models.TextField(_("proposed text"), blank=True)
    block_kind = models.CharField(
        _("kind of the new paragraph"), max_length=12, choices=BlockKind, blank=True
    )
    place = models.PositiveSmallIntegerField(
        _("place"),
        default=0,
        editable=False,
        help_text=_(
            "Among the new paragraphs after one, as the chair put them; else as they came."
        ),
    )
    rationale = models.TextField(_("reason"), blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=AmendmentState, default=AmendmentState.OPEN
    )
    proposed_at = models.DateTimeField(_("proposed at"))
    settled_by = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("settled by"),
    )
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    settled_reason = models.TextField(_("reason of the chair"), blank=True)
    settled_text = models.TextField(
        _("text in its place"),
        blank=True,
        help_text=_("Of a new paragraph that the chair adapted."),
    )
    carried_from = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="carried_to",
        verbose_name=_("carried on from"),
    )

    history: Any = record_history()

    class Meta:
        verbose_name = _("amendment")
        verbose_name_plural = _("amendments")
        ordering = ["block__position", "agency__acronym", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["block", "agency"],
                condition=models.Q(state="open", kind__in=["replace", "delete"]),
                name="statements_amendment_one_open_per_agency",
                violation_error_message=_(
                    "Your agency already has an open amendment to this paragraph."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency}: {self.proposed_text[:60] or self.get_kind_display()}"

    @property
    def cosponsoring(self) -> "list[CoSponsor]":
        """Return its co-sponsors, where they were fetched with it (`queries.amendments_of`)."""
        found: list[CoSponsor] = getattr(self, "behind", [])
        return found

    @property
    def text(self) -> str:
        """Return the text of the new paragraph as it stands.

        The chair's, where there is one in its place.
        """
        return self.settled_text or self.proposed_text


class PreparedAmendment(Versioned):
    """What colleagues of an agency prepare.

    Nobody else learns that it exists, until it is sent as an amendment.
    """

    block = models.ForeignKey(
        Block, models.PROTECT, related_name="prepared", verbose_name=_("block")
    )
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name=_("agency"))
    author = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("author"))
    kind = models.CharField(
        _("kind"), max_length=8, choices=AmendmentKind, default=AmendmentKind.REPLACE
    )
    proposed_text = models.TextField(_("proposed text"), blank=True)
    block_kind = models.CharField(
        _("kind of the new paragraph"), max_length=12, choices=BlockKind, blank=True
    )
    rationale = models.TextField(_("reason"), blank=True)
    saved_at = models.DateTimeField(_("saved at"))
    sent_as = models.OneToOneField(
        Amendment,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("sent as"),
    )
    discarded_at = models.DateTimeField(_("discarded at"), null=True, blank=True)

    history: Any = record_history()

    class Meta:
        verbose_name = _("amendment in preparation")
        verbose_name_plural = _("amendments in preparation")
        ordering = ["saved_at", "pk"]

    def __str__(self) -> str:
        return f"{self.agency}: {self.proposed_text[:60] or self.get_kind_display()}"


class PreparedPosition(Versioned):
    """The position that colleagues of an agency prepare in a step; nobody else learns of it.

    Once taken it has done its work.
    """

    step = models.ForeignKey(
        "ClearanceStep", models.PROTECT, related_name="prepared", verbose_name=_("step")
    )
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name=_("agency"))
    author = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("author"))
    kind = models.CharField(_("position"), max_length=10, choices=PositionKind)
    about = models.TextField(_("about"), blank=True, help_text=ABOUT)
    reason = models.TextField(_("reason"), blank=True)
    saved_at = models.DateTimeField(_("saved at"))

    history: Any = record_history()

    class Meta:
        verbose_name = _("position in preparation")
        verbose_name_plural = _("positions in preparation")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["step", "agency"], name="statements_preparedposition_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.agency} {self.get_kind_display()}"


class CoSponsor(models.Model):
    """An agency that stands behind another's amendment, as it was worded when it joined.

    One that left, or was left by a change, stays.
    """

    amendment = models.ForeignKey(
        Amendment, models.PROTECT, related_name="cosponsors", verbose_name=_("amendment")
    )
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name=_("agency"))
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="+", verbose_name=_("joined by")
    )
    joined_at = models.DateTimeField(_("joined at"))
    left_at = models.DateTimeField(_("left at"), null=True, blank=True)
    reworded = models.BooleanField(_("left because the words changed"), default=False)

    class Meta:
        verbose_name = _("co-sponsor")
        verbose_name_plural = _("co-sponsors")
        ordering = ["joined_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["amendment", "agency"],
                condition=models.Q(left_at__isnull=True),
                name="statements_cosponsor_once",
            )
        ]

    def __str__(self) -> str:
        return str(self.agency)


class Comment(models.Model):
    """What somebody says about a paragraph, or about an amendment to it.

    A withdrawn one stays, without its words on the page.
    """

    statement = models.ForeignKey(
        Statement, models.PROTECT, related_name="comments", verbose_name=_("statement")
    )
    key = models.CharField(
        _("paragraph"),
        max_length=12,
        help_text=_("Its key, which stays the same from draft to draft."),
    )
    amendment = models.ForeignKey(
        Amendment,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="comments",
        verbose_name=_("amendment"),
    )
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name=_("agency"))
    author = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("author"))
    text = models.TextField(_("comment"))
    mentions = models.ManyToManyField(
        Agency, related_name="+", blank=True, verbose_name=_("agencies that are mentioned")
    )
    said_at = models.DateTimeField(_("said at"))
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ["said_at", "pk"]
        indexes = [models.Index(fields=["statement", "key"])]

    def __str__(self) -> str:
        return self.text[:60]


class Settlement(Versioned):
    """The text that the chair settles on for a block in consolidation.

    Only where it is not the block's own. An empty one deletes the block.
    """

    block = models.OneToOneField(
        Block, models.CASCADE, related_name="settlement", verbose_name=_("block")
    )
    text = models.TextField(_("text"), blank=True)
    settled_by = models.ForeignKey(
        Person, models.PROTECT, related_name="+", verbose_name=_("settled by")
    )
    settled_at = models.DateTimeField(_("settled at"))

    history: Any = record_history()

    class Meta:
        verbose_name = _("settled text")
        verbose_name_plural = _("settled texts")

    def __str__(self) -> str:
        return self.text[:60]


class ClearanceStep(Versioned):
    """A step of clearance, opened on one draft; each member agency takes a position in it."""

    statement = models.ForeignKey(
        Statement, models.PROTECT, related_name="steps", verbose_name=_("statement")
    )
    draft = models.ForeignKey(Draft, models.PROTECT, related_name="steps", verbose_name=_("draft"))
    level = models.CharField(_("level"), max_length=14, choices=StepLevel)
    position = models.PositiveSmallIntegerField(_("position"))
    opened_at = models.DateTimeField(_("opened at"))
    deadline = models.DateTimeField(_("deadline"))
    silence = models.BooleanField(_("silence approves"), default=False)
    broken_at = models.DateTimeField(_("silence broken at"), null=True, blank=True)
    extended_at = models.DateTimeField(_("extended at"), null=True, blank=True)
    extension_reason = models.TextField(_("why it was extended"), blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    history: Any = record_history()

    class Meta:
        verbose_name = _("clearance step")
        verbose_name_plural = _("clearance steps")
        ordering = ["draft__number", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["draft", "position"], name="statements_clearancestep_once"
            )
        ]

    def __str__(self) -> str:
        return self.get_level_display()

    def passed(self, at: datetime) -> bool:
        """Say whether silence has passed at `at`.

        The deadline came, unbroken, while the step was open.
        """
        return self.silence and self.broken_at is None and self.deadline <= (self.closed_at or at)

    @property
    def silent(self) -> bool:
        """Say whether silence still approves here: nobody broke it."""
        return self.silence and self.broken_at is None


class Position(models.Model):
    """What an agency said in a step to one exact text.

    Append-only, the newest per agency counts.
    """

    step = models.ForeignKey(
        ClearanceStep, models.PROTECT, related_name="positions", verbose_name=_("step")
    )
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name=_("agency"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("taken by"))
    kind = models.CharField(_("position"), max_length=10, choices=PositionKind)
    sha256 = models.CharField(_("SHA-256 of the text"), max_length=64)
    about = models.TextField(_("about"), blank=True, help_text=ABOUT)
    reason = models.TextField(_("reason"), blank=True)
    taken_at = models.DateTimeField(_("taken at"))
    letter = models.FileField(_("letter"), upload_to="letters/", blank=True)
    signed_by = models.CharField(
        _("signed by"),
        max_length=200,
        blank=True,
        help_text=_("Of a position that came by letter and was recorded by the chair."),
    )

    class Meta:
        verbose_name = _("position")
        verbose_name_plural = _("positions")
        ordering = ["taken_at", "pk"]
        indexes = [models.Index(fields=["step", "agency", "-taken_at"])]

    def __str__(self) -> str:
        return f"{self.agency} {self.get_kind_display()}"


class Signatory(models.Model):
    """An agency named in an adopted statement: as signatory, or as not joining."""

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
    """An adopted statement, spoken at an event: by whom, on whose behalf.

    "check against delivery" until it was, then "as delivered".
    """

    statement = models.ForeignKey(
        Statement, models.PROTECT, related_name="deliveries", verbose_name=_("statement")
    )
    event = models.CharField(_("event"), max_length=200)
    place = models.CharField(_("place"), max_length=120, blank=True)
    day = models.DateField(_("day"))
    speaker = models.CharField(_("speaker"), max_length=200)
    on_behalf_of = models.CharField(_("on behalf of"), max_length=200)
    delivered_at = models.DateTimeField(_("noted as delivered at"), null=True, blank=True)
    text = models.TextField(
        _("as delivered"), blank=True, help_text=_("Where it differs from the adopted text.")
    )
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, blank=True)

    history: Any = record_history()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["day", "pk"]

    def __str__(self) -> str:
        return f"{self.event}: {self.speaker}"
