"""Amendments, co-sponsors, comments and settlements."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coordination.core.models import (
    Versioned,
    record_history,
    validate_moment,
    within_bounds,
)
from coordination.members.models import Agency, Person
from coordination.statements.enums import AmendmentKind, AmendmentState, BlockKind, StandardReason
from coordination.statements.models.statements import Block, Draft, Statement
from coordination.statements.models.word import WordFile


class Amendment(Versioned):
    """An agency's amendment to one block of one draft."""

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
        pgettext_lazy("in an order", "place"),
        default=0,
        editable=False,
        help_text=_(
            "Among the new paragraphs after one, as the chair put them; else as they came."
        ),
    )
    rationale = models.TextField(_("reason"), blank=True)
    state = models.CharField(
        pgettext_lazy("of an amendment", "state"),
        max_length=10,
        choices=AmendmentState,
        default=AmendmentState.OPEN,
    )
    proposed_at = models.DateTimeField(_("proposed at"), validators=[validate_moment])
    settled_by = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("settled by"),
    )
    settled_at = models.DateTimeField(
        _("settled at"), null=True, blank=True, validators=[validate_moment]
    )
    settled_reason = models.TextField(_("reason of the chair"), blank=True)
    settled_code = models.CharField(
        _("standard reason"), max_length=20, choices=StandardReason, blank=True
    )
    settled_text = models.TextField(
        _("text in its place"),
        blank=True,
        help_text=_("Of a new paragraph that the chair adapted."),
    )
    word_file = models.ForeignKey(
        WordFile,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="amendments",
        verbose_name=_("from the Word file"),
    )
    recorded = models.BooleanField(
        _("recorded by the chair"),
        default=False,
        help_text=_("From a Word file that the agency sent; the file is attached."),
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
            within_bounds(
                "statements_amendment_days_in_bounds", moments=("proposed_at", "settled_at")
            ),
            models.UniqueConstraint(
                fields=["block", "agency"],
                # an agency may propose several new paragraphs after one block
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
    def current_cosponsors(self) -> "list[CoSponsor]":
        """Return the prefetched co-sponsors, or an empty list."""
        cosponsors: list[CoSponsor] = getattr(self, "prefetched_cosponsors", [])
        return cosponsors

    @property
    def text(self) -> str:
        """Return a new paragraph's settled or proposed text."""
        return self.settled_text or self.proposed_text

    @property
    def shown_reason(self) -> str:
        """Return the written or standard reason of the settlement, or ""."""
        return self.settled_reason or str(self.get_settled_code_display())


class PreparedAmendment(Versioned):
    """An amendment that an agency prepares.

    Only the agency's own people see it until it is sent.
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
    saved_at = models.DateTimeField(_("saved at"), validators=[validate_moment])
    sent_as = models.OneToOneField(
        Amendment,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("sent as"),
    )
    discarded_at = models.DateTimeField(
        _("discarded at"), null=True, blank=True, validators=[validate_moment]
    )

    history: Any = record_history()

    class Meta:
        verbose_name = _("amendment in preparation")
        verbose_name_plural = _("amendments in preparation")
        ordering = ["saved_at", "pk"]
        constraints = [
            within_bounds(
                "statements_preparedamendment_days_in_bounds", moments=("saved_at", "discarded_at")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency}: {self.proposed_text[:60] or self.get_kind_display()}"


class CoSponsor(models.Model):
    """An agency that co-sponsors another agency's amendment.

    The row stays when the agency leaves, or when a change of the amendment's words ends it.
    """

    amendment = models.ForeignKey(
        Amendment, models.PROTECT, related_name="cosponsors", verbose_name=_("amendment")
    )
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name=_("agency"))
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="+", verbose_name=_("joined by")
    )
    joined_at = models.DateTimeField(_("joined at"), validators=[validate_moment])
    left_at = models.DateTimeField(
        _("left at"), null=True, blank=True, validators=[validate_moment]
    )
    reworded = models.BooleanField(_("left because the words changed"), default=False)

    class Meta:
        verbose_name = _("co-sponsor")
        verbose_name_plural = _("co-sponsors")
        ordering = ["joined_at", "pk"]
        constraints = [
            within_bounds("statements_cosponsor_days_in_bounds", moments=("joined_at", "left_at")),
            models.UniqueConstraint(
                # only present co-sponsors: an agency may leave and join again
                fields=["amendment", "agency"],
                condition=models.Q(left_at__isnull=True),
                name="statements_cosponsor_once",
            ),
        ]

    def __str__(self) -> str:
        return str(self.agency)


class Comment(models.Model):
    """A comment on a paragraph, or on an amendment to it.

    A withdrawn comment stays on record, but no page shows its words.
    """

    statement = models.ForeignKey(
        Statement, models.PROTECT, related_name="comments", verbose_name=_("statement")
    )
    # a key instead of a foreign key to Block, which belongs to one draft: threads go on in the next
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
    said_at = models.DateTimeField(_("said at"), validators=[validate_moment])
    withdrawn_at = models.DateTimeField(
        _("withdrawn at"), null=True, blank=True, validators=[validate_moment]
    )

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ["said_at", "pk"]
        indexes = [models.Index(fields=["statement", "key"])]
        constraints = [
            within_bounds("statements_comment_days_in_bounds", moments=("said_at", "withdrawn_at")),
        ]

    def __str__(self) -> str:
        return self.text[:60]


class DismissedMention(models.Model):
    """A mention that its agency dismissed without an answer.

    It is off the agency's desk.
    """

    comment = models.ForeignKey(
        Comment, models.PROTECT, related_name="dismissed", verbose_name=_("comment")
    )
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name=_("agency"))
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="+", verbose_name=_("dismissed by")
    )
    dismissed_at = models.DateTimeField(_("dismissed at"), validators=[validate_moment])

    class Meta:
        verbose_name = _("dismissed mention")
        verbose_name_plural = _("dismissed mentions")
        ordering = ["dismissed_at", "pk"]
        constraints = [
            within_bounds("statements_dismissedmention_days_in_bounds", moments=("dismissed_at",)),
            models.UniqueConstraint(
                fields=["comment", "agency"], name="statements_dismissed_mention_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency}: {self.comment}"


class Settlement(Versioned):
    """The chair's text of a block for the next draft.

    A block without a settlement keeps its text; an empty settlement deletes it. An empty line in
    the text begins a new paragraph.
    """

    block = models.OneToOneField(
        Block, models.CASCADE, related_name="settlement", verbose_name=_("block")
    )
    text = models.TextField(_("text"), blank=True)
    joins_previous = models.BooleanField(_("joins the paragraph before"), default=False)
    settled_by = models.ForeignKey(
        Person, models.PROTECT, related_name="+", verbose_name=_("settled by")
    )
    settled_at = models.DateTimeField(_("settled at"), validators=[validate_moment])

    history: Any = record_history()

    class Meta:
        verbose_name = _("settled text")
        verbose_name_plural = _("settled texts")
        constraints = [
            within_bounds("statements_settlement_days_in_bounds", moments=("settled_at",)),
        ]

    def __str__(self) -> str:
        return self.text[:60]


class ParagraphOrder(Versioned):
    """The chair's order of paragraphs in the next draft.

    Without one, they keep their order.
    """

    draft = models.OneToOneField(
        Draft, models.CASCADE, related_name="next_order", verbose_name=_("draft")
    )
    keys = models.JSONField(_("keys of paragraphs"), default=list)
    moved_by = models.ForeignKey(
        Person, models.PROTECT, related_name="+", verbose_name=_("moved by")
    )
    moved_at = models.DateTimeField(_("moved at"), validators=[validate_moment])

    history: Any = record_history()

    class Meta:
        verbose_name = _("order of paragraphs")
        verbose_name_plural = _("orders of paragraphs")
        constraints = [
            within_bounds("statements_paragraphorder_days_in_bounds", moments=("moved_at",))
        ]

    def __str__(self) -> str:
        return ", ".join(self.keys)[:60]
