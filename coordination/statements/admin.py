"""Statements in the admin: to search and read with their history.

The workflow owns what they say.
"""

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from coordination.core.admin import (
    ReadOnly,
    RecordAdmin,
    UndeletableAdmin,
    UndeletableInline,
    VersionedAdmin,
)
from coordination.meetings.admin import PrincipalsMeetingAdmin as MeetingRecord
from coordination.meetings.models import PrincipalsMeeting
from coordination.statements.models import (
    Amendment,
    Block,
    ClearanceStep,
    Comment,
    CoSponsor,
    Delivery,
    Draft,
    Position,
    Settlement,
    Signatory,
    Statement,
    StepTemplate,
)
from coordination.statements.queries import positions


class DraftInline(ReadOnly, UndeletableInline):
    """The drafts of a statement."""

    model = Draft
    fields = ("number", "sha256", "circulated_at", "circulated_by")
    show_change_link = True


class StepInline(ReadOnly, UndeletableInline):
    """The steps of clearance."""

    model = ClearanceStep
    fields = ("draft", "level", "silence", "opened_at", "deadline", "broken_at", "closed_at")
    also_select = ("draft__statement",)
    show_change_link = True


class SignatoryInline(ReadOnly, UndeletableInline):
    """Who signed, and who did not join."""

    model = Signatory


class DeliveryInline(ReadOnly, UndeletableInline):
    """Where it is or was spoken."""

    model = Delivery
    fields = ("event", "place", "day", "speaker", "on_behalf_of", "delivered_at", "cancelled_at")


class BlockInline(ReadOnly, UndeletableInline):
    """The paragraphs of a draft."""

    model = Block
    fields = ("key", "kind", "text")


class PositionInline(ReadOnly, UndeletableInline):
    """What agencies said in a step, oldest first; nothing is overwritten."""

    model = Position
    fields = ("taken_at", "agency", "kind", "about", "reason", "person", "signed_by", "sha256")


@admin.register(Statement)
class StatementAdmin(VersionedAdmin):
    """Statements: only the occasion and the sources can be corrected here.

    The text and the state cannot.
    """

    list_display = ("symbol", "title", "state", "started_at", "adopted_at", "released_at")
    list_filter: ClassVar[Any] = ("state", "language")
    search_fields = ("symbol", "title", "occasion", "slug")
    date_hierarchy = "started_at"
    autocomplete_fields = ("meeting",)
    inlines = (DraftInline, StepInline, SignatoryInline, DeliveryInline)
    readonly_fields = (
        "slug",
        "symbol",
        "title",
        "language",
        "state",
        "taking_part",
        "amendments_until",
        "started_at",
        "started_by",
        "adopted_at",
        "adopted_sha256",
        "released_at",
    )
    fieldsets: ClassVar[Any] = (
        (
            None,
            {
                "fields": (
                    "symbol",
                    "title",
                    "slug",
                    "language",
                    "state",
                    "taking_part",
                    "occasion",
                    "meeting",
                )
            },
        ),
        (
            _("Life"),
            {
                "fields": (
                    "started_at",
                    "started_by",
                    "amendments_until",
                    "adopted_at",
                    "adopted_sha256",
                    "released_at",
                )
            },
        ),
        (
            _("Sources"),
            {
                "classes": ("collapse",),
                "fields": (
                    "signatory_count",
                    "first_precision",
                    "last_precision",
                    "sources",
                    "note",
                ),
            },
        ),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Leave it to the chair, who starts one on its own page."""
        return False

    @admin.display(description=_("agencies that are in"))
    def taking_part(self, obj: Statement) -> str:
        """Return the agencies that the chair named, or that it named none."""
        named = obj.participating.all()
        return positions.listed(named) if named else str(_("all members of each day"))


@admin.register(StepTemplate)
class StepTemplateAdmin(VersionedAdmin):
    """The steps of clearance that new statements get.

    Statements under way keep theirs. There are few rows, so there is no search.
    """

    list_display = ("position", "level", "silence", "hours", "working_hours")
    list_filter = ("level", "silence")

    def has_delete_permission(self, request: HttpRequest, obj: StepTemplate | None = None) -> bool:
        """Leave it to whoever may.

        A setting, of which no statement and no position is a part, and whose history stays.
        """
        return admin.ModelAdmin.has_delete_permission(self, request, obj)


@admin.register(Draft)
class DraftAdmin(ReadOnly, RecordAdmin):
    """Drafts with their paragraphs."""

    list_display = ("statement", "number", "sha256", "circulated_at", "circulated_by")
    list_select_related = ("statement", "circulated_by")
    search_fields = ("statement__title", "statement__symbol", "sha256")
    list_filter: ClassVar[Any] = (("circulated_at", admin.DateFieldListFilter),)
    inlines = (BlockInline,)


class CoSponsorInline(ReadOnly, UndeletableInline):
    """Who stands, or stood, behind an amendment."""

    model = CoSponsor
    fields = ("agency", "person", "joined_at", "left_at", "reworded")


@admin.register(Amendment)
class AmendmentAdmin(ReadOnly, RecordAdmin):
    """Amendments, and what became of them."""

    inlines = (CoSponsorInline,)
    raw_id_fields = (
        "block",
        "agency",
        "author",
        "settled_by",
        "carried_from",
    )  # what was, is shown in a form: without all that there is to choose
    list_display = ("agency", "number", "block", "state", "author", "proposed_at", "settled_by")
    list_select_related = ("agency", "block", "author", "settled_by")
    list_filter: ClassVar[Any] = ("state", ("agency", admin.RelatedOnlyFieldListFilter))
    search_fields = (
        "proposed_text",
        "rationale",
        "settled_reason",
        "block__draft__statement__title",
    )
    date_hierarchy = "proposed_at"


@admin.register(Comment)
class CommentAdmin(ReadOnly, UndeletableAdmin):
    """What agencies said about paragraphs and amendments."""

    list_display = ("statement", "key", "agency", "author", "said_at", "withdrawn_at")
    list_select_related = ("statement", "agency", "author")
    list_filter: ClassVar[Any] = (("agency", admin.RelatedOnlyFieldListFilter),)
    search_fields = ("text", "statement__title")
    date_hierarchy = "said_at"


@admin.register(Settlement)
class SettlementAdmin(ReadOnly, RecordAdmin):
    """Texts on which the chair settled."""

    list_display = ("block", "text", "settled_by", "settled_at")
    list_select_related = ("block", "settled_by")
    list_filter: ClassVar[Any] = (
        ("block__draft__statement", admin.RelatedOnlyFieldListFilter),
        ("settled_at", admin.DateFieldListFilter),
    )
    search_fields = ("text", "block__draft__statement__title")


@admin.register(ClearanceStep)
class ClearanceStepAdmin(ReadOnly, RecordAdmin):
    """Steps of clearance with the positions taken in them."""

    raw_id_fields = ("statement", "draft")  # as in amendments
    list_display = ("statement", "draft", "level", "opened_at", "deadline", "closed_at")
    list_select_related = ("statement", "draft__statement")
    list_filter: ClassVar[Any] = ("level", ("closed_at", admin.EmptyFieldListFilter))
    search_fields = ("statement__title", "statement__symbol")
    inlines = (PositionInline,)


class LinkedStatementInline(ReadOnly, UndeletableInline):
    """The statements that the meeting was to adopt."""

    model = Statement
    fk_name = "meeting"
    fields: ClassVar[Any] = ("symbol", "title", "state", "adopted_at", "released_at")
    show_change_link = True
    verbose_name_plural = _("linked statements")


class MeetingWithStatementsAdmin(MeetingRecord):
    """The record of principals' meetings, with the statements linked to it."""

    inlines: ClassVar[Any] = (*MeetingRecord.inlines, LinkedStatementInline)


admin.site.unregister(PrincipalsMeeting)
admin.site.register(PrincipalsMeeting, MeetingWithStatementsAdmin)
