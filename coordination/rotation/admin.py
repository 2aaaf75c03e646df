"""The rotation in the admin.

The workflow owns terms and handovers, so they are read-only. The checklist template is edited here.
"""

from django.contrib import admin

from coordination.core.admin import ReadOnly, RecordAdmin, UndeletableInline
from coordination.rotation.models import (
    ChairTerm,
    ChecklistTemplateItem,
    Handover,
    HandoverItem,
    TermAgency,
)


class TermAgencyInline(ReadOnly, UndeletableInline):
    """The agencies of a term."""

    model = TermAgency


@admin.register(ChairTerm)
class ChairTermAdmin(ReadOnly, RecordAdmin):
    """Chair terms."""

    list_display = ("slug", "first_day", "last_day", "kind", "state", "theme")
    list_filter = ("state", "kind")
    search_fields = ("slug", "theme", "chairs__agency__acronym", "note")
    date_hierarchy = "first_day"
    inlines = (TermAgencyInline,)


@admin.register(ChecklistTemplateItem)
class ChecklistTemplateItemAdmin(RecordAdmin):
    """The template of each new handover's items."""

    list_display = ("title", "side", "due_offset_days", "position", "active")
    list_filter = ("side", "active")
    search_fields = ("title", "detail", "key")


class HandoverItemInline(ReadOnly, UndeletableInline):
    """The items of a handover."""

    model = HandoverItem


@admin.register(Handover)
class HandoverAdmin(ReadOnly, RecordAdmin):
    """Handovers."""

    list_display = ("incoming_term", "created_at", "outgoing_signed_at", "incoming_signed_at")
    list_select_related = ("incoming_term",)
    list_filter = (
        ("outgoing_signed_at", admin.EmptyFieldListFilter),
        ("incoming_signed_at", admin.EmptyFieldListFilter),
    )
    search_fields = ("incoming_term__slug",)
    inlines = (HandoverItemInline,)


@admin.register(HandoverItem)
class HandoverItemAdmin(ReadOnly, RecordAdmin):
    """Handover items, with their history."""

    list_display = ("title", "handover", "side", "due_day", "state")
    list_select_related = ("handover__incoming_term",)
    list_filter = ("state", "side")
    search_fields = ("title",)
