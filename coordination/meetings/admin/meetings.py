"""Meetings of every kind in the admin, with their parts."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Value
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from coordination.core import clock
from coordination.core.admin import (
    VERSION_FIELD,
    ReadOnly,
    RecordAdmin,
    UndeletableAdmin,
    UndeletableInline,
    VersionedAdmin,
    VersionedForm,
)
from coordination.core.errors import RuleBroken
from coordination.core.http import AuthenticatedRequest
from coordination.core.templatetags.core import active_zone
from coordination.core.uploads import checked
from coordination.meetings import queries
from coordination.meetings.actions import attendance, meetings, records, working_hours
from coordination.meetings.actions.working_hours import HoursInput
from coordination.meetings.admin.decisions import NumbersDecisions
from coordination.meetings.enums import MeetingState
from coordination.meetings.errors import AttendanceChanged, AttendanceKept
from coordination.meetings.forms.attendance import AttendanceGrid, offered_names
from coordination.meetings.models import (
    ActionItem,
    AgendaItem,
    AttendanceClaim,
    Decision,
    HourPoll,
    Meeting,
    MeetingAnswer,
    MeetingDocument,
    MeetingVisitor,
    PollSlot,
    RefusedReply,
    WorkingHours,
)
from coordination.meetings.queries import not_begun_sentence
from coordination.meetings.templatetags.meetings import hours_on_record


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


class WorkingHoursAdminForm(VersionedForm):
    """Working hours, checked as on their page."""

    def clean(self) -> dict[str, Any]:
        """Refuse hours or a country that cannot be reckoned with."""
        cleaned = super().clean()
        values: dict[str, Any] = {name: cleaned.get(name) for name in working_hours.FIELDS}
        try:
            working_hours.refuse_hours(HoursInput(**values))
        except RuleBroken as error:
            self.add_error(error.field, error.message)
        return cleaned


class LockedInline(UndeletableInline):
    """Rows of a meeting; nobody changes those of an agreed record."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return not is_locked(obj) and bool(super().has_add_permission(request, obj))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return not is_locked(obj) and bool(super().has_change_permission(request, obj))


def is_locked(meeting: Any) -> bool:
    """Return whether the record of a meeting is agreed.

    False without a meeting.
    """
    return isinstance(meeting, Meeting) and meeting.agreed_at is not None


class DeletableWhilePlanned(LockedInline):
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
    form = VersionedForm
    autocomplete_fields = ("lead",)
    fields = ("position", "title", "lead", "minutes", "detail", "link", VERSION_FIELD)


class DecisionInline(LockedInline):
    """What was decided."""

    model = Decision


class ActionItemInline(LockedInline):
    """What agencies took on."""

    model = ActionItem
    form = VersionedForm
    autocomplete_fields = ("agency", "person")
    fields = ("number", "title", "agency", "person", "due_day", "state", "note", VERSION_FIELD)
    readonly_fields = ("state",)


class VisitorInline(LockedInline):
    """Who came and sits for no agency."""

    model = MeetingVisitor


class DocumentInline(LockedInline):
    """Papers."""

    model = MeetingDocument
    form = DocumentForm


@admin.register(Meeting)
class MeetingAdmin(NumbersDecisions, VersionedAdmin):
    """Meetings of every kind.

    The state follows from the record; the chair cancels on the meeting's page.
    """

    form = MeetingAdminForm
    readonly_fields: ClassVar[Any] = ("state", "hours_there", "attendance")
    extra_help: ClassVar[Any] = {
        "slug": _(
            "The end of the meeting’s web address: with 2026-principals-paris it is at "
            "/meetings/2026-principals-paris/. It follows from the title; links that people have "
            "saved stop working when it changes."
        ),
        "state": _(
            "Held, once it is put on record after it began, or its outcome is; convened again, "
            "where its hour is corrected to one to come. "
            "The chair cancels a meeting on its page."
        ),
    }
    formfield_overrides: ClassVar[Any] = {models.URLField: {"assume_scheme": "https"}}
    list_display: Any = ("title", "kind", "when", "place", "named_chair", "state")
    list_select_related = ("chair_agency",)
    list_filter: ClassVar[Any] = (
        "kind",
        "state",
        ("chair_agency", admin.RelatedOnlyFieldListFilter),
    )
    search_fields: ClassVar[Any] = ("title", "place", "outcome", "slug")
    date_hierarchy = "starts_at"
    autocomplete_fields = ("chair_agency",)
    prepopulated_fields = {"slug": ("title",)}
    inlines = (AgendaInline, DecisionInline, ActionItemInline, VisitorInline, DocumentInline)
    fieldsets: ClassVar[Any] = (
        (None, {"fields": ("title", "slug", "kind", "number", "state")}),
        (
            _("When and where"),
            {
                "fields": (
                    "starts_at",
                    "ends_at",
                    "time_zone",
                    "hours_there",
                    "place",
                    "video_url",
                    "hour_reason",
                )
            },
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
        (_("Attendance"), {"fields": ("attendance",)}),
        (_("Outcome"), {"fields": ("outcome",)}),
        (
            _("Sources"),
            {
                "classes": ("collapse",),
                "fields": ("first_precision", "last_precision", "sources", "note"),
            },
        ),
    )

    def get_queryset(self, request: Any) -> Any:
        """Give each meeting the group's zone and city.

        Its hours are read beside them.
        """
        return (
            super()
            .get_queryset(request)
            .annotate(
                group_zone=Value(request.group.time_zone), group_city=Value(request.group.zone_city)
            )
        )

    def get_changeform_initial_data(self, request: Any) -> dict[str, Any]:
        """Begin with the group's zone."""
        return {
            "time_zone": request.group.time_zone,
            **super().get_changeform_initial_data(request),
        }

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse to change an agreed record.

        Says why when a form of it is sent.
        """
        if request.method == "POST" and is_locked(obj):
            records.refuse_agreed(obj)
        return not is_locked(obj) and bool(super().has_change_permission(request, obj))

    def get_readonly_fields(self, request: HttpRequest, obj: Meeting | None = None) -> Any:
        """Keep a cancelled meeting without an outcome, as its page does."""
        read_only = super().get_readonly_fields(request, obj)
        return (*read_only, "outcome") if obj and obj.state == MeetingState.CANCELLED else read_only

    def save_model(self, request: Any, obj: Any, form: Any, change: bool) -> None:
        """Set the state that follows from the record."""
        has_new_outcome = bool(obj.outcome) and "outcome" in form.changed_data
        obj.state = meetings.state_on_record(
            obj, request.now, has_new_outcome=has_new_outcome, is_new=not change
        )
        if change and set(meetings.HOURS).intersection(form.changed_data):
            meetings.note_new_hours(obj, request.now)
        super().save_model(request, obj, form, change)

    @admin.display(description=_("chair of the day"), ordering="chair_agency__acronym")
    def named_chair(self, obj: Meeting) -> str:
        """Return the agency that the record names, if any."""
        return str(obj.chair_agency or _("as in the rotation"))

    @admin.display(description=_("when"), ordering="starts_at")
    def when(self, obj: Meeting) -> str:
        """Return the hours at the place and the reader's.

        The day alone where only that is known.
        """
        return hours_on_record(obj)

    @admin.display(description=_("hours at the place"))
    def hours_there(self, obj: Meeting) -> str:
        """Return the hours at the place, then the reader's."""
        return hours_on_record(obj) if obj.pk else str(_("Save the record first."))

    @admin.display(description=_("attendance"))
    def attendance(self, obj: Meeting) -> str:
        """Return how many members attended, linked to the page of all.

        That is how many were represented.
        """
        if not obj.pk:
            return str(_("Save the record first. Then all members of the day stand on one page."))
        represented, members = queries.represented(queries.attendance_rows(obj))
        if is_locked(obj):
            address = reverse("meetings:meeting", args=[obj.slug])
            words = _("Read it on the meeting’s page")
        else:
            address = self.address("attendance", obj)
            words = _("Fill in the attendance of all")
        return format_html(
            '{} <a href="{}">{}</a>',
            _("%(represented)d of %(members)d members represented.")
            % {"represented": represented, "members": members},
            address,
            words,
        )

    def address(self, name: str, obj: Meeting) -> str:
        """Return the address of a page of the record."""
        meta = self.opts
        return reverse(f"admin:{meta.app_label}_{meta.model_name}_{name}", args=[obj.pk])

    def view_on_site(self, obj: Meeting) -> str:
        """Return the address of the meeting's page, which shows outcome and attendance."""
        return reverse("meetings:meeting", args=[obj.slug])

    def get_urls(self) -> list[URLPattern]:
        """Add the page of a meeting's attendance."""
        name = f"{self.opts.app_label}_{self.opts.model_name}_attendance"
        view = self.admin_site.admin_view(self.attendance_view)
        return [path("<path:object_id>/attendance/", view, name=name), *super().get_urls()]

    def save_attendance(
        self, request: AuthenticatedRequest, meeting: Meeting, page: AttendanceGrid
    ) -> bool:
        """Save all rows, or none.

        Returns whether they are saved.
        """
        if page.wrong:
            page.refuse()
            return False
        try:
            attendance.record_attendance(meeting, page.entries, by=request.user)
        except AttendanceChanged as error:
            page.show_saved(queries.attendance_rows(meeting), error)
            return False
        except AttendanceKept as error:
            page.show_kept(error)
            return False
        messages.success(request, _("The attendance is saved."))
        return True

    def attendance_view(self, request: AuthenticatedRequest, object_id: str) -> HttpResponse:
        """Show or save the attendance of all agencies of a meeting."""
        meeting = self.get_object(request, object_id)
        if meeting is None:
            raise Http404
        if not self.has_change_permission(request, meeting):
            raise PermissionDenied
        rows = queries.attendance_rows(meeting)
        data = request.POST if request.method == "POST" else None
        page = AttendanceGrid(data, rows, offered_names(rows, meeting.kind))
        if data is not None and self.save_attendance(request, meeting, page):
            return redirect(self.address("change", meeting))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Attendance"),
            "subtitle": meeting.title,
            "opts": self.opts,
            "meeting": meeting,
            "page": page,
            "back": self.address("change", meeting),
        }
        return TemplateResponse(
            request, "meetings/attendance_edit.html", context, status=page.status
        )


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


@admin.register(AttendanceClaim)
class AttendanceClaimAdmin(ReadOnly, RecordAdmin):
    """Claims to have attended.

    Those who keep the minutes settle them on the page of the roll.
    """

    list_display = ("meeting", "person", "agency", "state", "claimed_at")
    list_select_related = ("meeting", "person", "agency")
    list_filter = ("state",)
    search_fields = ("meeting__title", "person__name")
    ordering = ("-claimed_at", "-pk")


@admin.register(MeetingAnswer)
class MeetingAnswerAdmin(ReadOnly, RecordAdmin):
    """Who answered an invitation, and how.

    People answer on the pages.
    """

    list_display = ("meeting", "person", "reply", "colleague", "answered_at")
    list_select_related = ("meeting", "person")
    list_filter = ("reply",)
    search_fields = ("meeting__title", "person__name", "colleague")
    ordering = ("-answered_at", "-pk")


@admin.register(RefusedReply)
class RefusedReplyAdmin(ReadOnly, UndeletableAdmin):
    """Mails with a calendar's answer that changed nothing."""

    list_display = ("received_at", "sender", "reason", "meeting", "subject")
    list_select_related = ("meeting",)
    list_filter = ("reason",)
    search_fields = ("sender", "subject")


@admin.register(WorkingHours)
class WorkingHoursAdmin(VersionedAdmin):
    """The working hours of agencies.

    Their focal points and the chair also set them on a page.
    """

    form = WorkingHoursAdminForm
    list_display = ("agency", "begins", "ends", "country", "part")
    list_select_related = ("agency",)
    list_filter = ("country",)
    search_fields = ("agency__acronym", "agency__name")
    autocomplete_fields = ("agency",)


class PollSlotInline(UndeletableInline):
    """The proposed hours."""

    model = PollSlot
    readonly_fields = ("starts_at", "answers")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse: agencies have answered about the hours that were proposed."""
        return False

    @admin.display(description=_("answers"))
    def answers(self, obj: PollSlot) -> str:
        """Return what each agency said."""
        return ", ".join(str(answer) for answer in obj.answers.all())


@admin.register(HourPoll)
class HourPollAdmin(VersionedAdmin):
    """Polls on hours, to read.

    The chair opens and closes them on their pages.
    """

    list_display = ("title", "state", "opened_at", "closes_at", "meeting")
    list_select_related = ("meeting",)
    list_filter = ("state",)
    search_fields = ("title", "note")
    readonly_fields = ("state", "opened_by", "opened_at", "closes_at", "meeting", "minutes")
    inlines = (PollSlotInline,)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse: a poll is opened on its page."""
        return False

    def get_queryset(self, request: Any) -> Any:
        """Load the answers with the polls."""
        return super().get_queryset(request).prefetch_related("slots__answers__agency")
