"""The rotation in the admin: the workflow owns terms and handovers, so they are read here; the checklist's template is kept here."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from simple_history.admin import SimpleHistoryAdmin

from coordination.rotation.models import ChairTerm, ChecklistTemplateItem, Handover, HandoverItem, TermAgency


class ReadOnly:
    """Read, search and look at history; changes are made on the pages, by the rules."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing is added here."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing is changed here."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing is deleted at all."""
        return False


class TermAgencyInline(ReadOnly, admin.TabularInline[TermAgency, ChairTerm]):
    """The agencies of a term."""

    model = TermAgency
    extra = 0


@admin.register(ChairTerm)
class ChairTermAdmin(ReadOnly, SimpleHistoryAdmin):
    """Chair terms."""

    list_display = ("slug", "first_day", "last_day", "kind", "state", "theme")
    list_filter = ("state", "kind")
    search_fields = ("slug", "theme", "chairs__agency__acronym", "note")
    date_hierarchy = "first_day"
    inlines = (TermAgencyInline,)


@admin.register(ChecklistTemplateItem)
class ChecklistTemplateItemAdmin(SimpleHistoryAdmin):
    """What each new handover begins with."""

    list_display = ("title", "side", "due_offset_days", "position", "active")
    list_filter = ("side", "active")
    search_fields = ("title", "detail", "key")


class HandoverItemInline(ReadOnly, admin.TabularInline[HandoverItem, Handover]):
    """The items of a handover."""

    model = HandoverItem
    extra = 0


@admin.register(Handover)
class HandoverAdmin(ReadOnly, SimpleHistoryAdmin):
    """Handovers."""

    list_display = ("incoming_term", "created_at", "outgoing_signed_at", "incoming_signed_at")
    list_select_related = ("incoming_term",)
    search_fields = ("incoming_term__slug",)
    inlines = (HandoverItemInline,)


@admin.register(HandoverItem)
class HandoverItemAdmin(ReadOnly, SimpleHistoryAdmin):
    """Handover items, with their history."""

    list_display = ("title", "handover", "side", "due_day", "state")
    list_select_related = ("handover__incoming_term",)
    list_filter = ("state", "side")
    search_fields = ("title",)
