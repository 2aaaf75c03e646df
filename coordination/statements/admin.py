"""Search and read statements with their history.

Only the pages of the app change texts and states.
"""

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from coordination.core.admin import (
    ReadOnly,
    RecordAdmin,
    UndeletableAdmin,
    UndeletableInline,
    VersionedAdmin,
)
from coordination.meetings.admin.principals import PrincipalsMeetingAdmin as MeetingRecord
from coordination.meetings.models import PrincipalsMeeting
from coordination.statements.models import (
    Amendment,
    Block,
    ClearanceStep,
    Comment,
    CoSponsor,
    Delivery,
    DismissedMention,
    Draft,
    LanguageVersion,
    Manifest,
    ManifestEnvelope,
    ManifestFile,
    ParagraphOrder,
    Position,
    Settlement,
    Signatory,
    SigningKey,
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
    """The signatories, and the agencies that did not join."""

    model = Signatory


class DeliveryInline(ReadOnly, UndeletableInline):
    """The deliveries of a statement."""

    model = Delivery
    fields = ("event", "place", "day", "speaker", "on_behalf_of", "delivered_at", "cancelled_at")


class BlockInline(ReadOnly, UndeletableInline):
    """The paragraphs of a draft."""

    model = Block
    fields = ("key", "kind", "text")


class PositionInline(ReadOnly, UndeletableInline):
    """The positions in a step, oldest first."""

    model = Position
    fields = (
        "taken_at",
        "agency",
        "kind",
        "about",
        "reason",
        "person",
        "signed_by",
        "spoken_by",
        "sha256",
    )


@admin.register(Statement)
class StatementAdmin(VersionedAdmin):
    """Statements; only the occasion, meeting and sources can be corrected."""

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
        "release_planned_for",
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
                    "release_planned_for",
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
        """Refuse, because the chair starts statements in the app."""
        return False

    @admin.display(description=_("agencies that are in"))
    def taking_part(self, obj: Statement) -> str:
        """Return the participating agencies as text."""
        named = obj.participating.all()
        return positions.list_agencies(named) if named else str(_("all members of each day"))


@admin.register(StepTemplate)
class StepTemplateAdmin(VersionedAdmin):
    """The clearance steps of new statements; existing statements keep theirs."""

    list_display = ("position", "level", "silence", "hours", "working_hours")
    list_filter = ("level", "silence")

    def has_delete_permission(self, request: HttpRequest, obj: StepTemplate | None = None) -> bool:
        """Allow it: this is a setting, and its history stays."""
        # statements copy their plan, so no row refers to a template
        return admin.ModelAdmin.has_delete_permission(self, request, obj)


@admin.register(Draft)
class DraftAdmin(ReadOnly, RecordAdmin):
    """Drafts and their paragraphs."""

    list_display = ("statement", "number", "sha256", "circulated_at", "circulated_by")
    list_select_related = ("statement", "circulated_by")
    search_fields = ("statement__title", "statement__symbol", "sha256")
    list_filter: ClassVar[Any] = (("circulated_at", admin.DateFieldListFilter),)
    inlines = (BlockInline,)


class CoSponsorInline(ReadOnly, UndeletableInline):
    """The co-sponsors of an amendment, past ones included."""

    model = CoSponsor
    fields = ("agency", "person", "joined_at", "left_at", "reworded")


@admin.register(Amendment)
class AmendmentAdmin(ReadOnly, RecordAdmin):
    """Amendments and their outcomes."""

    inlines = (CoSponsorInline,)
    raw_id_fields = (
        "block",
        "agency",
        "author",
        "settled_by",
        "carried_from",
    )  # the form is read-only, and select boxes would load every block and person
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


class DismissedMentionInline(ReadOnly, UndeletableInline):
    """Show mentions that agencies dismissed from their desks."""

    model = DismissedMention


@admin.register(Comment)
class CommentAdmin(ReadOnly, UndeletableAdmin):
    """Comments on paragraphs and amendments."""

    inlines = (DismissedMentionInline,)

    list_display = ("statement", "key", "agency", "author", "said_at", "withdrawn_at")
    list_select_related = ("statement", "agency", "author")
    list_filter: ClassVar[Any] = (("agency", admin.RelatedOnlyFieldListFilter),)
    search_fields = ("text", "statement__title")
    date_hierarchy = "said_at"


@admin.register(Settlement)
class SettlementAdmin(ReadOnly, RecordAdmin):
    """The chair's settled texts."""

    list_display = ("block", "text", "settled_by", "settled_at")
    list_select_related = ("block", "settled_by")
    list_filter: ClassVar[Any] = (
        ("block__draft__statement", admin.RelatedOnlyFieldListFilter),
        ("settled_at", admin.DateFieldListFilter),
    )
    search_fields = ("text", "block__draft__statement__title")


@admin.register(ParagraphOrder)
class ParagraphOrderAdmin(ReadOnly, RecordAdmin):
    """The chair's orders of the paragraphs of a next draft."""

    raw_id_fields = ("draft",)  # as in amendments
    list_display = ("draft", "moved_by", "moved_at")
    list_select_related = ("draft__statement", "moved_by")
    list_filter: ClassVar[Any] = (("moved_at", admin.DateFieldListFilter),)
    search_fields = ("draft__statement__title",)


@admin.register(ClearanceStep)
class ClearanceStepAdmin(ReadOnly, RecordAdmin):
    """Clearance steps and their positions."""

    raw_id_fields = ("statement", "draft")  # as in amendments
    list_display = ("statement", "draft", "level", "opened_at", "deadline", "closed_at")
    list_select_related = ("statement", "draft__statement")
    list_filter: ClassVar[Any] = ("level", ("closed_at", admin.EmptyFieldListFilter))
    search_fields = ("statement__title", "statement__symbol")
    inlines = (PositionInline,)


class MeetingWithStatementsAdmin(MeetingRecord):
    """Principals' meetings with the statements to which they led."""

    readonly_fields: ClassVar[Any] = (*MeetingRecord.readonly_fields, "led_to")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Show the statements beside the outcome."""
        return [
            (name, {**options, "fields": [*options["fields"], "led_to"]})
            if "outcome" in options["fields"]
            else (name, options)
            for name, options in super().get_fieldsets(request, obj)
        ]

    @admin.display(description=_("statements"))
    def led_to(self, obj: PrincipalsMeeting) -> str:
        """Return links to the statements, or how to link one.

        Each with its page and its record.
        """
        rows = [
            (
                reverse("statements:show", args=[statement.slug]),
                str(statement),
                statement.get_state_display(),
                reverse("admin:statements_statement_change", args=[statement.pk]),
                _("Record"),
            )
            for statement in Statement.objects.filter(meeting=obj.pk or 0).order_by("pk")
        ]
        return format_html(
            '{}{} <a href="{}">{}</a>',
            format_html_join("", '<p><a href="{}">{}</a>, {} (<a href="{}">{}</a>)</p>', rows),
            "" if rows else _("No statement is linked."),
            reverse("admin:statements_statement_changelist"),
            _("Open a statement and choose this meeting in it"),
        )


admin.site.unregister(PrincipalsMeeting)
admin.site.register(PrincipalsMeeting, MeetingWithStatementsAdmin)


class ManifestFileInline(ReadOnly, UndeletableInline):
    """The files of an adoption."""

    model = ManifestFile
    fields = ("name", "sha256", "missing")


class ManifestEnvelopeInline(ReadOnly, UndeletableInline):
    """The signature of a manifest."""

    model = ManifestEnvelope
    fields = ("key", "signed_at")


@admin.register(Manifest)
class ManifestAdmin(ReadOnly, UndeletableAdmin):
    """The manifests of adoptions, newest first; nobody changes them."""

    list_display = ("number", "statement", "sha256", "made_at")
    list_select_related = ("statement",)
    search_fields = ("statement__title", "statement__symbol", "sha256")
    list_filter: ClassVar[Any] = (("made_at", admin.DateFieldListFilter),)
    ordering = ("-number",)
    inlines = (ManifestFileInline, ManifestEnvelopeInline)


@admin.register(SigningKey)
class SigningKeyAdmin(ReadOnly, RecordAdmin):
    """The public keys; a command replaces the one in use."""

    list_display = ("key_id", "algorithm", "used_from", "used_until")
    search_fields = ("key_id",)
    list_filter = ("algorithm",)


@admin.register(LanguageVersion)
class LanguageVersionAdmin(ReadOnly, RecordAdmin):
    """Show language versions; the chair edits them in the app."""

    list_display = ("statement", "language", "of_sha256", "saved_by", "saved_at")
    list_select_related = ("statement", "saved_by")
    search_fields = ("statement__title", "statement__symbol", "language")
    list_filter = ("language",)
