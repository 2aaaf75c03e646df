"""What an outgoing chair writes down for the next: judgements, promises, places."""

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
from coordination.members.enums import ActingLevel
from coordination.members.models import Agency, Person
from coordination.rotation.enums import MatterKind, MatterOutlook, PromiseState
from coordination.rotation.models.terms import ChairTerm


class StateOfPlay(Versioned):
    """The summary of a term's state of play, with its file signature.

    The facts of the state of play are read from the data (`desk.queries.state_of_play`). The team
    signs to the file where nobody is confirmed to follow it.
    """

    term = models.OneToOneField(
        ChairTerm, models.PROTECT, related_name="state_of_play", verbose_name=_("term")
    )
    summary = models.TextField(_("what the next chair must know first"), blank=True)
    written_by = models.ForeignKey(
        Person, models.PROTECT, related_name="+", verbose_name=_("written by")
    )
    written_at = models.DateTimeField(_("written at"), validators=[validate_moment])
    filed_by = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("signed to the file by"),
    )
    filed_at = models.DateTimeField(
        _("signed to the file at"), null=True, blank=True, validators=[validate_moment]
    )
    filed_level = models.CharField(
        _("level of the signer"), max_length=12, choices=ActingLevel, blank=True
    )

    history: Any = record_history()

    class Meta:
        verbose_name = _("state of play")
        verbose_name_plural = _("states of play")
        ordering = ["-term__first_day"]
        constraints = [
            within_bounds(
                "rotation_stateofplay_days_in_bounds", moments=("written_at", "filed_at")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.term_id}"


class MatterJudgement(Versioned):
    """What the chair of a term thinks of one open matter.

    `key` is the primary key of the statement, meeting, action item, agency or promise; "next" of
    the succession.
    """

    term = models.ForeignKey(
        ChairTerm, models.PROTECT, related_name="judgements", verbose_name=_("term")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=MatterKind)
    key = models.CharField(_("key"), max_length=20)
    outlook = models.CharField(_("outlook"), max_length=8, choices=MatterOutlook)
    words = models.CharField(_("what the next chair must know"), max_length=300)
    condition = models.CharField(pgettext_lazy("condition", "if"), max_length=200, blank=True)
    response = models.CharField(pgettext_lazy("consequence", "then"), max_length=200, blank=True)
    judged_by = models.ForeignKey(
        Person, models.PROTECT, related_name="+", verbose_name=_("judged by")
    )
    judged_at = models.DateTimeField(_("judged at"), validators=[validate_moment])

    history: Any = record_history()

    class Meta:
        verbose_name = _("judgement of a matter")
        verbose_name_plural = _("judgements of matters")
        ordering = ["-judged_at", "-pk"]
        constraints = [
            within_bounds("rotation_matterjudgement_days_in_bounds", moments=("judged_at",)),
            models.UniqueConstraint(
                fields=["term", "kind", "key"], name="rotation_matterjudgement_once"
            ),
            models.CheckConstraint(
                condition=Q(condition="", response="") | ~Q(condition="") & ~Q(response=""),
                name="rotation_matterjudgement_if_and_then",
                violation_error_message=_("“If” and “then” belong together: give both or none."),
            ),
        ]

    def __str__(self) -> str:
        return self.words


class OutsidePromise(Versioned):
    """What a chair promised somebody outside the record, and by when.

    It stays open from chair to chair until one of them settles it.
    """

    term = models.ForeignKey(ChairTerm, models.PROTECT, related_name="+", verbose_name=_("term"))
    what = models.CharField(_("what was promised"), max_length=300)
    to_whom = models.CharField(_("to whom"), max_length=200)
    due_day = models.DateField(_("by when"), null=True, blank=True, validators=[validate_day])
    state = models.CharField(
        pgettext_lazy("of a promise", "state"),
        max_length=8,
        choices=PromiseState,
        default=PromiseState.OPEN,
    )
    note = models.CharField(pgettext_lazy("remark", "note"), max_length=300, blank=True)
    put_down_by = models.ForeignKey(
        Person, models.PROTECT, related_name="+", verbose_name=_("added by")
    )
    put_down_at = models.DateTimeField(_("added at"), validators=[validate_moment])
    settled_at = models.DateTimeField(
        _("settled at"), null=True, blank=True, validators=[validate_moment]
    )

    history: Any = record_history()

    class Meta:
        verbose_name = _("promise outside the record")
        verbose_name_plural = _("promises outside the record")
        ordering = ["due_day", "pk"]
        constraints = [
            within_bounds(
                "rotation_outsidepromise_days_in_bounds",
                days=("due_day",),
                moments=("put_down_at", "settled_at"),
            ),
        ]

    def __str__(self) -> str:
        return self.what


class KeptPlace(Versioned):
    """A place or key of the group and its holder; never a secret.

    It passes from chair to chair until it is ended.
    """

    what = models.CharField(_("what"), max_length=200)
    where = models.CharField(_("where it is"), max_length=300, blank=True)
    agency = models.ForeignKey(
        Agency, models.PROTECT, related_name="+", verbose_name=_("agency that keeps it")
    )
    holder = models.CharField(_("who holds it"), max_length=200)
    put_down_at = models.DateTimeField(_("added at"), validators=[validate_moment])
    ended_at = models.DateTimeField(
        _("ended at"), null=True, blank=True, validators=[validate_moment]
    )

    history: Any = record_history()

    class Meta:
        verbose_name = _("place or key")
        verbose_name_plural = _("places and keys")
        ordering = ["what", "pk"]
        constraints = [
            within_bounds("rotation_keptplace_days_in_bounds", moments=("put_down_at", "ended_at")),
        ]

    def __str__(self) -> str:
        return self.what
