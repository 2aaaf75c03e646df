"""Series and proposals in the admin, to read.

People act on their pages.
"""

from typing import Any, ClassVar

from django.contrib import admin
from django.db import models

from coordination.core.admin import ReadOnly, RecordAdmin
from coordination.meetings.models import AgendaProposal, MeetingSeries


@admin.register(MeetingSeries)
class MeetingSeriesAdmin(ReadOnly, RecordAdmin):
    """Series of meetings by rule."""

    formfield_overrides: ClassVar[Any] = {models.URLField: {"assume_scheme": "https"}}
    list_display = ("title", "kind", "repeats", "first_day", "last_day", "ended_at")
    list_filter = ("kind", "repeats")
    search_fields = ("title", "place")


@admin.register(AgendaProposal)
class AgendaProposalAdmin(ReadOnly, RecordAdmin):
    """Proposals of agencies for agendas, and their results."""

    list_display = ("title", "agency", "state", "meeting", "proposed_at", "decided_at")
    list_select_related = ("agency", "meeting")
    list_filter = ("state", ("agency", admin.RelatedOnlyFieldListFilter))
    search_fields = ("title", "why", "reason")
