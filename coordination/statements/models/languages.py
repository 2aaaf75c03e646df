"""The text of a statement in other languages."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from coordination.core.models import (
    LONGEST_LANGUAGE,
    Versioned,
    record_history,
    validate_moment,
    within_bounds,
)
from coordination.members.models import Person
from coordination.statements.models.statements import Statement


class LanguageVersion(Versioned):
    """A statement in another language than the adopted one.

    `blocks` has for each paragraph its key, the hash of the paragraph that it renders, and the
    text. `of_sha256` is the hash of the whole text from which it was made.
    """

    statement = models.ForeignKey(
        Statement, models.PROTECT, related_name="languages", verbose_name=_("statement")
    )
    language = models.CharField(_("language"), max_length=LONGEST_LANGUAGE)
    blocks = models.JSONField(_("paragraphs"), default=list)
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    of_sha256 = models.CharField(_("SHA-256 of the text that it renders"), max_length=64)
    saved_by = models.ForeignKey(
        Person, models.PROTECT, related_name="+", verbose_name=_("saved by")
    )
    saved_at = models.DateTimeField(_("saved at"), validators=[validate_moment])

    history: Any = record_history()

    class Meta:
        verbose_name = _("language version")
        verbose_name_plural = _("language versions")
        ordering = ["language"]
        constraints = [
            within_bounds("statements_languageversion_days_in_bounds", moments=("saved_at",)),
            models.UniqueConstraint(
                fields=["statement", "language"], name="statements_languageversion_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.statement}, {self.language}"
