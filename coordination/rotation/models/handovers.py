"""The handover from one chair to the next: checklist and signatures."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from coordination.core.models import (
    Versioned,
    record_history,
    validate_day,
    validate_moment,
    within_bounds,
)
from coordination.members.enums import ActingLevel
from coordination.members.models import Person
from coordination.rotation.enums import HandoverSide, ItemPage, ItemState
from coordination.rotation.models.terms import ChairTerm

LONGEST_OFFSET = 366  # days


class ChecklistTemplateItem(models.Model):
    """A template from which each handover's item is created."""

    key = models.SlugField(_("key"), max_length=40, unique=True)
    title = models.CharField(_("title"), max_length=200)
    detail = models.TextField(_("detail"), blank=True)
    side = models.CharField(_("side"), max_length=10, choices=HandoverSide)
    due_offset_days = models.IntegerField(_("due, in days from the first day of the new term"))
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    page = models.CharField(
        _("page that it opens"),
        max_length=20,
        choices=ItemPage,
        blank=True,
        default="",
        db_default="",
    )
    active = models.BooleanField(_("used for new handovers"), default=True)

    history: Any = record_history()

    class Meta:
        verbose_name = _("checklist template item")
        verbose_name_plural = _("checklist template")
        ordering = ["side", "due_offset_days", "position"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    due_offset_days__gte=-LONGEST_OFFSET, due_offset_days__lte=LONGEST_OFFSET
                ),
                name="rotation_checklisttemplateitem_offset_in_bounds",
                violation_error_message=_("An item is due within a year of the first day."),
            )
        ]

    def __str__(self) -> str:
        return self.title


class Handover(Versioned):
    """The handover to a confirmed term.

    The outgoing term follows from the terms: `queries.handovers.outgoing_term`. It is set aside
    while nothing is handed over: the term was withdrawn, or the same agencies chair before it.
    """

    incoming_term = models.OneToOneField(
        ChairTerm, models.PROTECT, related_name="handover", verbose_name=_("incoming term")
    )
    created_at = models.DateTimeField(_("created at"), validators=[validate_moment])
    set_aside_at = models.DateTimeField(
        _("set aside at"), null=True, blank=True, validators=[validate_moment]
    )
    # 0: it was made before versions were kept
    template_version = models.PositiveIntegerField(
        _("version of the checklist’s template"), default=0, db_default=0, editable=False
    )
    outgoing_signed_by = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("signed for the outgoing chair by"),
    )
    outgoing_signed_at = models.DateTimeField(
        _("signed for the outgoing chair at"),
        null=True,
        blank=True,
        validators=[validate_moment],
    )
    outgoing_level = models.CharField(
        _("level of the outgoing signer"),
        max_length=12,
        choices=ActingLevel,
        blank=True,
        default="",
        db_default="",
    )
    incoming_signed_by = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("signed for the incoming chair by"),
    )
    incoming_signed_at = models.DateTimeField(
        _("signed for the incoming chair at"),
        null=True,
        blank=True,
        validators=[validate_moment],
    )
    incoming_level = models.CharField(
        _("level of the incoming signer"),
        max_length=12,
        choices=ActingLevel,
        blank=True,
        default="",
        db_default="",
    )

    history: Any = record_history()

    class Meta:
        verbose_name = _("handover")
        verbose_name_plural = _("handovers")
        ordering = ["-incoming_term__first_day"]
        constraints = [
            within_bounds(
                "rotation_handover_days_in_bounds",
                moments=(
                    "created_at",
                    "set_aside_at",
                    "outgoing_signed_at",
                    "incoming_signed_at",
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.incoming_term_id}"


class HandoverItem(Versioned):
    """One item of a handover's checklist, with its side and due day."""

    handover = models.ForeignKey(
        Handover, models.CASCADE, related_name="items", verbose_name=_("handover")
    )
    key = models.SlugField(_("key"), max_length=40)
    title = models.CharField(_("title"), max_length=200)
    detail = models.TextField(_("detail"), blank=True)
    side = models.CharField(
        pgettext_lazy("of a handover", "side"), max_length=10, choices=HandoverSide
    )
    due_day = models.DateField(_("due"), validators=[validate_day])
    position = models.PositiveSmallIntegerField(
        pgettext_lazy("place in an order", "position"), default=0
    )
    page = models.CharField(
        _("page that it opens"),
        max_length=20,
        choices=ItemPage,
        blank=True,
        default="",
        db_default="",
    )
    state = models.CharField(
        pgettext_lazy("of an item", "state"),
        max_length=14,
        choices=ItemState,
        default=ItemState.OPEN,
    )
    note = models.TextField(pgettext_lazy("remark", "note"), blank=True)
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

    history: Any = record_history()

    class Meta:
        verbose_name = _("handover item")
        verbose_name_plural = _("handover items")
        ordering = ["due_day", "position"]
        constraints = [
            within_bounds(
                "rotation_handoveritem_days_in_bounds", days=("due_day",), moments=("settled_at",)
            ),
            models.UniqueConstraint(fields=["handover", "key"], name="rotation_handoveritem_once"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def shown_title(self) -> str:
        """Return the title in the reader's language.

        Only titles of the reference data are translated.
        """
        return gettext(self.title)

    @property
    def shown_detail(self) -> str:
        """Return the detail in the reader's language.

        Only details of the reference data are translated.
        """
        # gettext("") is the head of the catalogue
        return gettext(self.detail) if self.detail else ""


class DeclinedSignature(models.Model):
    """That a side declined to sign, and why; rows are only added.

    The side may sign later: then the signature counts.
    """

    handover = models.ForeignKey(
        Handover, models.CASCADE, related_name="declined", verbose_name=_("handover")
    )
    side = models.CharField(
        pgettext_lazy("of a handover", "side"), max_length=10, choices=HandoverSide
    )
    reason = models.TextField(_("reason"), max_length=1000)
    level = models.CharField(_("level of the signer"), max_length=12, choices=ActingLevel)
    declined_by = models.ForeignKey(
        Person, models.PROTECT, related_name="+", verbose_name=_("declined by")
    )
    declined_at = models.DateTimeField(_("declined at"), validators=[validate_moment])

    history: Any = record_history()

    class Meta:
        verbose_name = _("declined signature")
        verbose_name_plural = _("declined signatures")
        ordering = ["-declined_at", "-pk"]
        constraints = [
            within_bounds("rotation_declinedsignature_days_in_bounds", moments=("declined_at",)),
        ]

    def __str__(self) -> str:
        return self.reason[:80]
