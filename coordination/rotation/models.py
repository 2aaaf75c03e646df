"""Chair terms, and the handover from one to the next."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from coordination.core.models import Sourced, Versioned, record_history
from coordination.core.periods import Period
from coordination.members.models import Agency, Person
from coordination.rotation.enums import HandoverSide, ItemState, TermKind, TermState


class ChairTerm(Sourced, Versioned):
    """A period in which one agency, or several jointly, chair the group.

    Terms that are not withdrawn never overlap. PostgreSQL has an exclusion constraint
    (rotation_chairterm_no_overlap, in a migration). On SQLite the action checks under the write
    lock. Days that no term covers are vacant.
    """

    slug = models.SlugField(
        pgettext_lazy("end of a web address", "address"), max_length=20, unique=True
    )
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
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
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)

    history: Any = record_history()

    class Meta:
        verbose_name = _("chair term")
        verbose_name_plural = _("chair terms")
        ordering = ["-first_day"]
        constraints = [
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
    """An agency that chairs in a term; a joint chair has several."""

    term = models.ForeignKey(
        ChairTerm, models.CASCADE, related_name="chairs", verbose_name=_("term")
    )
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name=_("agency"))
    position = models.PositiveSmallIntegerField(
        pgettext_lazy("place in an order", "position"), default=1
    )

    history: Any = record_history()

    class Meta:
        verbose_name = _("chairing agency")
        verbose_name_plural = _("chairing agencies")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["term", "agency"], name="rotation_termagency_once")
        ]

    def __str__(self) -> str:
        return str(self.agency)


class ChecklistTemplateItem(models.Model):
    """A template from which each handover's item is created."""

    key = models.SlugField(_("key"), max_length=40, unique=True)
    title = models.CharField(_("title"), max_length=200)
    detail = models.TextField(_("detail"), blank=True)
    side = models.CharField(_("side"), max_length=10, choices=HandoverSide)
    due_offset_days = models.IntegerField(_("due, in days from the first day of the new term"))
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    active = models.BooleanField(_("used for new handovers"), default=True)

    history: Any = record_history()

    class Meta:
        verbose_name = _("checklist template item")
        verbose_name_plural = _("checklist template")
        ordering = ["side", "due_offset_days", "position"]

    def __str__(self) -> str:
        return self.title


class Handover(Versioned):
    """The handover to a confirmed term.

    The outgoing term follows from the terms: `queries.handovers.outgoing_term`.
    """

    incoming_term = models.OneToOneField(
        ChairTerm, models.PROTECT, related_name="handover", verbose_name=_("incoming term")
    )
    created_at = models.DateTimeField(_("created at"))
    outgoing_signed_by = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("signed for the outgoing chair by"),
    )
    outgoing_signed_at = models.DateTimeField(
        _("signed for the outgoing chair at"), null=True, blank=True
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
        _("signed for the incoming chair at"), null=True, blank=True
    )

    history: Any = record_history()

    class Meta:
        verbose_name = _("handover")
        verbose_name_plural = _("handovers")
        ordering = ["-incoming_term__first_day"]

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
    due_day = models.DateField(_("due"))
    position = models.PositiveSmallIntegerField(
        pgettext_lazy("place in an order", "position"), default=0
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
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)

    history: Any = record_history()

    class Meta:
        verbose_name = _("handover item")
        verbose_name_plural = _("handover items")
        ordering = ["due_day", "position"]
        constraints = [
            models.UniqueConstraint(fields=["handover", "key"], name="rotation_handoveritem_once")
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
