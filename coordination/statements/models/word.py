"""Word files that agencies sent back, and their authors."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coordination.core.models import Versioned, record_history, validate_moment, within_bounds
from coordination.members.models import Agency, Person
from coordination.statements.enums import WordFileState
from coordination.statements.models.statements import Draft, Statement


class WordFile(Versioned):
    """A Word file with changes to a draft, as it came.

    Only the agency that sent it and the chair's team open it. It stays on record when it is
    discarded.
    """

    statement = models.ForeignKey(
        Statement, models.PROTECT, related_name="word_files", verbose_name=_("statement")
    )
    # the draft that the file says it was made from, else the newest one when it came
    draft = models.ForeignKey(
        Draft,
        models.PROTECT,
        related_name="+",
        verbose_name=pgettext_lazy("text of a statement", "draft"),
    )
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name=_("agency"))
    sent_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("sent by"))
    sent_at = models.DateTimeField(_("sent at"), validators=[validate_moment])
    file = models.FileField(_("file"), upload_to="word/")
    name = models.CharField(pgettext_lazy("of a file", "name"), max_length=200)
    sha256 = models.CharField(_("SHA-256 of the file"), max_length=64)
    state = models.CharField(
        pgettext_lazy("of a Word file", "state"),
        max_length=10,
        choices=WordFileState,
        default=WordFileState.REVIEW,
    )
    ended_at = models.DateTimeField(
        _("ended at"), null=True, blank=True, validators=[validate_moment]
    )

    history: Any = record_history()

    class Meta:
        verbose_name = _("Word file")
        verbose_name_plural = _("Word files")
        ordering = ["-sent_at", "-pk"]
        constraints = [
            within_bounds("statements_wordfile_days_in_bounds", moments=("sent_at", "ended_at")),
        ]

    def __str__(self) -> str:
        return self.name


class WordAuthor(Versioned):
    """The agency for which an author in Word files writes.

    An agency said so once; later files use it. Without `writes_for` the author's changes are
    left out.
    """

    said_by = models.ForeignKey(
        Agency, models.PROTECT, related_name="+", verbose_name=_("agency that said so")
    )
    name = models.CharField(pgettext_lazy("of a person", "name"), max_length=200)
    writes_for = models.ForeignKey(
        Agency,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("writes for"),
    )

    history: Any = record_history()

    class Meta:
        verbose_name = _("author in Word files")
        verbose_name_plural = _("authors in Word files")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["said_by", "name"], name="statements_wordauthor_once")
        ]

    def __str__(self) -> str:
        return self.name
