"""Minutes in the admin, to read.

People write them on the page of the meeting.
"""

from django.contrib import admin

from coordination.core.admin import ReadOnly, RecordAdmin
from coordination.meetings.models import (
    Corrigendum,
    Minutes,
    MinutesCorrection,
    MinutesParagraph,
)


@admin.register(Minutes)
class MinutesAdmin(ReadOnly, RecordAdmin):
    """Whose minutes are written, circulated and adopted."""

    list_display = ("meeting", "state", "circulated_at", "adopted_at")
    list_select_related = ("meeting",)
    list_filter = ("state",)
    search_fields = ("meeting__title",)


@admin.register(MinutesParagraph)
class MinutesParagraphAdmin(ReadOnly, RecordAdmin):
    """The paragraphs of all minutes."""

    list_display = ("minutes", "position", "kind", "text", "is_removed")
    list_select_related = ("minutes__meeting",)
    list_filter = ("kind", "is_removed")
    search_fields = ("text", "minutes__meeting__title")


@admin.register(MinutesCorrection)
class MinutesCorrectionAdmin(ReadOnly, RecordAdmin):
    """What agencies proposed to correct, and what became of it."""

    list_display = ("paragraph", "agency", "kind", "state", "proposed_at")
    list_select_related = ("paragraph", "agency")
    list_filter = ("state", ("agency", admin.RelatedOnlyFieldListFilter))
    search_fields = ("text", "reason", "answer")


@admin.register(Corrigendum)
class CorrigendumAdmin(ReadOnly, RecordAdmin):
    """What was corrected after minutes were adopted."""

    list_display = ("minutes", "number", "text", "issued_at")
    list_select_related = ("minutes__meeting",)
    list_filter = ("issued_at",)
    search_fields = ("text", "reason")
