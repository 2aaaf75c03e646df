"""Meetings in the admin, where the records of principals' meetings are kept."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from coordination.core.admin import SEEN, SeenForm, VersionedAdmin
from coordination.core.clock import day_at
from coordination.core.uploads import checked
from coordination.meetings.enums import Level, MeetingKind
from coordination.meetings.models import ActionItem, AgendaItem, Attendance, Decision, Meeting, MeetingDocument, PrincipalsMeeting
from coordination.members.queries import members_on


class DocumentForm(forms.ModelForm[MeetingDocument]):
    """A paper: its size and its type by content are looked at, and it is stored under a random name."""

    link = forms.URLField(label=_("link"), required=False, assume_scheme="https")

    class Meta:
        model = MeetingDocument
        fields = ("title", "file", "link")

    def clean_file(self) -> Any:
        """Refuse a file that is too large or of a type that we do not keep."""
        file = self.cleaned_data.get("file")
        return checked(file) if file and "file" in self.changed_data else file


class AgendaInline(admin.TabularInline[AgendaItem, Meeting]):
    """The agenda."""

    model = AgendaItem
    extra = 0
    autocomplete_fields = ("lead",)


class AttendanceInline(admin.TabularInline[Attendance, Meeting]):
    """Who came, at what level, under which name and title on that day."""

    model = Attendance
    extra = 0
    autocomplete_fields = ("agency", "person")


class DecisionInline(admin.TabularInline[Decision, Meeting]):
    """What was decided."""

    model = Decision
    extra = 0


class ActionItemInline(admin.TabularInline[ActionItem, Meeting]):
    """Who took what on."""

    model = ActionItem
    form = SeenForm
    extra = 0
    autocomplete_fields = ("agency", "person")
    fields = ("number", "title", "agency", "person", "due_day", "state", "note", SEEN)


class DocumentInline(admin.TabularInline[MeetingDocument, Meeting]):
    """Papers."""

    model = MeetingDocument
    form = DocumentForm
    extra = 0


@admin.register(Meeting)
class MeetingAdmin(VersionedAdmin):
    """Meetings of every kind."""

    formfield_overrides: Any = {models.URLField: {"assume_scheme": "https"}}
    list_display = ("title", "kind", "starts_at", "place", "named_chair", "state")
    list_select_related = ("chair_agency",)
    list_filter: Any = ("kind", "state", ("chair_agency", admin.RelatedOnlyFieldListFilter))
    search_fields = ("title", "place", "outcome", "slug")
    date_hierarchy = "starts_at"
    autocomplete_fields = ("chair_agency",)
    prepopulated_fields = {"slug": ("title",)}
    inlines = (AgendaInline, AttendanceInline, DecisionInline, ActionItemInline, DocumentInline)
    actions = ("fill_attendance",)
    fieldsets: Any = (
        (None, {"fields": ("title", "slug", "kind", "number", "state")}),
        (_("When and where"), {"fields": ("starts_at", "ends_at", "time_zone", "place", "video_url")}),
        (
            _("Chair of the day"),
            {
                "fields": ("chair_agency", "chair_name"),
                "description": _("Without an agency it is who chairs the group on that day; name one where it was another."),
            },
        ),
        (_("Outcome"), {"fields": ("outcome",)}),
        (_("Sources"), {"classes": ("collapse",), "fields": ("first_precision", "last_precision", "sources", "note")}),
    )

    @admin.display(description=_("chair of the day"), ordering="chair_agency__acronym")
    def named_chair(self, obj: Meeting) -> str:
        """Return the agency that the record names, if it names one."""
        return str(obj.chair_agency or _("as in the rotation"))

    @admin.action(description=_("Fill attendance with the members of that day, as absent"))
    def fill_attendance(self, request: HttpRequest, queryset: QuerySet[Meeting]) -> None:
        """Make a row for each member agency of the meeting's day that has none."""
        made = 0
        for meeting in queryset:
            day = day_at(meeting.starts_at, meeting.zone)
            there = set(meeting.attendances.values_list("agency", flat=True))
            for agency in members_on(day).exclude(pk__in=there):
                Attendance.objects.create(meeting=meeting, agency=agency, level=Level.ABSENT)
                made += 1
        self.message_user(request, _("%(made)d rows were made.") % {"made": made}, messages.SUCCESS)


@admin.register(PrincipalsMeeting)
class PrincipalsMeetingAdmin(MeetingAdmin):
    """The record of principals' meetings: place, chair, agenda, attendance by level, outcome, papers."""

    list_display = ("title", "starts_at", "place", "named_chair", "chair_name", "state")
    list_filter: Any = ("state", ("chair_agency", admin.RelatedOnlyFieldListFilter))
    fieldsets: Any = ((None, {"fields": ("title", "slug", "state")}), *MeetingAdmin.fieldsets[1:])

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: FBT001 - Django's signature
        """Keep it a principals' meeting."""
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
