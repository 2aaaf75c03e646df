"""The lessons of a term, kept from chair to chair."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coordination.core.models import Versioned, record_history, validate_moment, within_bounds
from coordination.members.models import Person
from coordination.rotation.enums import LessonKind
from coordination.rotation.models.terms import ChairTerm


class Lesson(Versioned):
    """A lesson of a term; a withdrawn one stays on record."""

    term = models.ForeignKey(
        ChairTerm, models.PROTECT, related_name="lessons", verbose_name=_("term")
    )
    kind = models.CharField(_("question"), max_length=10, choices=LessonKind)
    text = models.TextField(pgettext_lazy("of a lesson", "text"), max_length=2000)
    written_by = models.ForeignKey(
        Person, models.PROTECT, related_name="+", verbose_name=_("written by")
    )
    written_at = models.DateTimeField(_("written at"), validators=[validate_moment])
    withdrawn_at = models.DateTimeField(
        _("withdrawn at"), null=True, blank=True, validators=[validate_moment]
    )

    history: Any = record_history()

    class Meta:
        verbose_name = _("lesson")
        verbose_name_plural = _("lessons")
        ordering = ["-term__first_day", "written_at", "pk"]
        constraints = [
            within_bounds("rotation_lesson_days_in_bounds", moments=("written_at", "withdrawn_at")),
        ]

    def __str__(self) -> str:
        return self.text[:80]
