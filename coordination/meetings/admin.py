"""Meetings in the admin, which keeps principals' meetings too."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from coordination.core import clock
from coordination.core.admin import VERSION_FIELD, UndeletableInline, VersionedAdmin, VersionedForm
from coordination.core.templatetags.core import active_zone
from coordination.core.uploads import checked
from coordination.meetings.actions import meetings
from coordination.meetings.enums import Level, MeetingKind, MeetingState
from coordination.meetings.models import (
    ActionItem,
    AgendaItem,
    Attendance,
    Decision,
    Meeting,
    MeetingDocument,
    PrincipalsMeeting,
)
from coordination.meetings.queries import not_begun_sentence
from coordination.members.queries import agencies


class DocumentForm(forms.ModelForm[MeetingDocument]):
    """A paper; its file is checked and gets a random name."""

    link = forms.URLField(label=_("link"), required=False, assume_scheme="https")

    class Meta:
        model = MeetingDocument
        fields = ("title", "file", "link")

    def clean_file(self) -> Any:
        """Refuse a file that we do not store."""
        file = self.cleaned_data.get("file")
        return checked(file) if file and "file" in self.changed_data else file


class MeetingAdminForm(VersionedForm):
    """A meeting; its outcome is written once it has begun."""

    def clean(self) -> dict[str, Any]:
        """Refuse an outcome of a coming meeting, also after a move."""
        cleaned = super().clean()
        values = {
            name: cleaned.get(name, getattr(self.instance, name))
            for name in ("starts_at", "ends_at", "time_zone", "sources")
        }
        # Unsaved: `begun` needs the values of the form, not the saved ones.
        meeting = Meeting(**values)
        if cleaned.get("outcome") and meeting.starts_at and not meeting.begun(clock.now()):
            self.add_error("outcome", not_begun_sentence(meeting, active_zone()))
        return cleaned


class DeletableWhilePlanned(UndeletableInline):
    """Rows that may be deleted while the meeting is to come.

    Afterwards they are its record.
    """

    def has_delete_permission(self, request: HttpRequest, obj: Meeting | None = None) -> bool:
        """Return whether rows of this meeting may be deleted.

        An unsaved meeting has no record yet.
        """
        is_planned = obj is None or obj.state == MeetingState.CONVENED
        return is_planned and admin.TabularInline.has_delete_permission(self, request, obj)


class AgendaInline(DeletableWhilePlanned):
    """The agenda."""

    model = AgendaItem
    autocomplete_fields = ("lead",)


class AttendanceInline(DeletableWhilePlanned):
    """Who came, at what level, with name and title on that day."""

    model = Attendance
    autocomplete_fields = ("agency", "person")


class DecisionInline(UndeletableInline):
    """What was decided."""

    model = Decision


class ActionItemInline(UndeletableInline):
    """What agencies took on."""

    model = ActionItem
    form = VersionedForm
    autocomplete_fields = ("agency", "person")
    fields = ("number", "title", "agency", "person", "due_day", "state", "note", VERSION_FIELD)
    readonly_fields = ("state",)


class DocumentInline(UndeletableInline):
    """Papers."""

    model = MeetingDocument
    form = DocumentForm


@admin.register(Meeting)
class MeetingAdmin(VersionedAdmin):
    """Meetings of every kind.

    The state follows from the record; the chair cancels on the meeting's page.
    """

    form = MeetingAdminForm
    readonly_fields = ("state",)
    extra_help: ClassVar[Any] = {
        "state": _(
            "Held, once it is put on record after it began, or its outcome is; convened again, "
            "where its hour is corrected to one to come. "
            "The chair cancels a meeting on its page."
        ),
    }
    formfield_overrides: ClassVar[Any] = {models.URLField: {"assume_scheme": "https"}}
    list_display = ("title", "kind", "starts_at", "place", "named_chair", "state")
    list_select_related = ("chair_agency",)
    list_filter: ClassVar[Any] = (
        "kind",
        "state",
        ("chair_agency", admin.RelatedOnlyFieldListFilter),
    )
    search_fields = ("title", "place", "outcome", "slug")
    date_hierarchy = "starts_at"
    autocomplete_fields = ("chair_agency",)
    prepopulated_fields = {"slug": ("title",)}
    inlines = (AgendaInline, AttendanceInline, DecisionInline, ActionItemInline, DocumentInline)
    actions = ("fill_attendance",)
    fieldsets: ClassVar[Any] = (
        (None, {"fields": ("title", "slug", "kind", "number", "state")}),
        (
            _("When and where"),
            {"fields": ("starts_at", "ends_at", "time_zone", "place", "video_url")},
        ),
        (
            _("Chair of the day"),
            {
                "fields": ("chair_agency", "chair_name"),
                "description": _(
                    "Without an agency it is who chairs the group on that day; name one where it "
                    "was another."
                ),
            },
        ),
        (_("Outcome"), {"fields": ("outcome",)}),
        (
            _("Sources"),
            {
                "classes": ("collapse",),
                "fields": ("first_precision", "last_precision", "sources", "note"),
            },
        ),
    )

    def get_changeform_initial_data(self, request: Any) -> dict[str, Any]:
        """Begin with the group's zone."""
        return {
            "time_zone": request.group.time_zone,
            **super().get_changeform_initial_data(request),
        }

    def get_readonly_fields(self, request: HttpRequest, obj: Meeting | None = None) -> Any:
        """Keep a cancelled meeting without an outcome, as its page does."""
        read_only = super().get_readonly_fields(request, obj)
        return (*read_only, "outcome") if obj and obj.state == MeetingState.CANCELLED else read_only

    def save_model(self, request: Any, obj: Any, form: Any, change: bool) -> None:  # noqa: FBT001 - Django's signature
        """Set the state that follows from the record."""
        has_new_outcome = bool(obj.outcome) and "outcome" in form.changed_data
        obj.state = meetings.state_on_record(
            obj, request.now, has_new_outcome=has_new_outcome, is_new=not change
        )
        super().save_model(request, obj, form, change)

    @admin.display(description=_("chair of the day"), ordering="chair_agency__acronym")
    def named_chair(self, obj: Meeting) -> str:
        """Return the agency that the record names, if any."""
        return str(obj.chair_agency or _("as in the rotation"))

    @admin.action(description=_("Fill attendance with the members of that day, as absent"))
    def fill_attendance(self, request: HttpRequest, queryset: QuerySet[Meeting]) -> None:
        """Add a row for each member agency that has none."""
        count = 0
        for meeting in queryset:
            day = clock.day_at(meeting.starts_at, meeting.zone)
            present = set(meeting.attendances.values_list("agency", flat=True))
            for agency in agencies.members_on(day).exclude(pk__in=present):
                Attendance.objects.create(meeting=meeting, agency=agency, level=Level.ABSENT)
                count += 1
        self.message_user(
            request, _("%(count)d rows were added.") % {"count": count}, messages.SUCCESS
        )


@admin.register(PrincipalsMeeting)
class PrincipalsMeetingAdmin(MeetingAdmin):
    """The record of principals' meetings.

    It has place, chair, agenda, attendance by level, outcome and papers.
    """

    list_display = ("title", "starts_at", "place", "named_chair", "chair_name", "state")
    list_filter: ClassVar[Any] = ("state", ("chair_agency", admin.RelatedOnlyFieldListFilter))
    fieldsets: ClassVar[Any] = (
        (None, {"fields": ("title", "slug", "state")}),
        *MeetingAdmin.fieldsets[1:],
    )

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: FBT001 - Django's signature
        """Set the kind, which the form does not show."""
        obj.kind = MeetingKind.PRINCIPALS
        super().save_model(request, obj, form, change)


@admin.register(ActionItem)
class ActionItemAdmin(VersionedAdmin):
    """Action items of every meeting."""

    list_display = ("title", "agency", "person", "due_day", "state", "meeting")
    list_select_related = ("agency", "person", "meeting")
    list_filter = ("state", ("agency", admin.RelatedOnlyFieldListFilter))
    search_fields = ("title", "note", "meeting__title")
    autocomplete_fields = ("meeting", "agency", "person")
    readonly_fields = ("state", "settled_at")
    extra_help: ClassVar[Any] = {
        "state": _("Its agency and the chair change the state on the meeting's page.")
    }
