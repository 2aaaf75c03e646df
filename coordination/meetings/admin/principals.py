"""The records of principals' meetings.

One list, one screen for one job, and the agreed record.
"""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from coordination.core import sheets
from coordination.core.errors import Stale
from coordination.core.http import AuthenticatedRequest
from coordination.core.permissions import offered
from coordination.meetings.actions import records
from coordination.meetings.admin.meetings import MeetingAdmin, is_locked
from coordination.meetings.enums import MeetingKind, MeetingState
from coordination.meetings.models import Meeting, PrincipalsMeeting
from coordination.meetings.queries import outcomes, trend
from coordination.meetings.queries.outcomes import StatementOfMeeting
from coordination.meetings.queries.trend import TrendLine

WITH, WITHOUT = "yes", "no"


class StatementFilter(admin.SimpleListFilter):
    """Whether a meeting led to an adopted statement."""

    title = _("adopted statement")
    parameter_name = "statement"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Return the two answers."""
        return [(WITH, _("linked")), (WITHOUT, _("none"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return the meetings with, or without, an adopted statement."""
        if self.value() not in {WITH, WITHOUT}:
            return queryset
        found = outcomes.statements_of(PrincipalsMeeting.objects.all())
        keys = [key for key, each in found.items() if any(one.is_adopted for one in each)]
        chosen = {"pk__in": keys}
        return queryset.filter(**chosen) if self.value() == WITH else queryset.exclude(**chosen)


class AgreedFilter(admin.SimpleListFilter):
    """Whether the record of a meeting is agreed."""

    title = _("agreed record")
    parameter_name = "agreed"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Return the two answers."""
        return [(WITH, _("agreed and locked")), (WITHOUT, _("open"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return the meetings whose record is agreed, or is not."""
        if self.value() not in {WITH, WITHOUT}:
            return queryset
        return queryset.filter(agreed_at__isnull=self.value() == WITHOUT)


class ReopenForm(forms.Form):
    """Why an agreed record is opened again."""

    reason = forms.CharField(
        label=_("Why it is opened again"),
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("It stays in the history of the record."),
    )


@admin.register(PrincipalsMeeting)
class PrincipalsMeetingAdmin(MeetingAdmin):
    """The record of principals' meetings.

    It has place, chair, agenda, attendance by level, outcome and papers. Once it is agreed, it is
    locked.
    """

    list_display: Any = (
        "title",
        "when",
        "place",
        "named_chair",
        "attended",
        "statement_on_list",
        "state",
        "agreed_at",
    )
    list_filter: ClassVar[Any] = (
        "state",
        AgreedFilter,
        StatementFilter,
        ("chair_agency", admin.RelatedOnlyFieldListFilter),
    )
    search_fields: ClassVar[Any] = (*MeetingAdmin.search_fields, "chair_name", "decisions__text")
    actions = ("as_excel", "as_csv")
    readonly_fields: ClassVar[Any] = (*MeetingAdmin.readonly_fields, "agreement", "printed")
    fieldsets: ClassVar[Any] = (
        (None, {"fields": ("title", "slug", "state", "agreement", "printed")}),
        *MeetingAdmin.fieldsets[1:],
    )

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Set the kind, which the form does not show."""
        obj.kind = MeetingKind.PRINCIPALS
        super().save_model(request, obj, form, change)

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """Load attendance and statements of all rows of the list."""
        page: Any = super().get_changelist_instance(request)
        meetings = list(page.result_list)
        for meeting, line in zip(meetings, trend.lines_of(meetings), strict=True):
            meeting.line = line
        page.result_list = meetings
        return page

    @admin.display(description=_("represented"))
    def attended(self, obj: Any) -> str:
        """Return how many members were represented, and by how many principals."""
        line: TrendLine = obj.line
        if not line.is_known:
            return str(_("not on record"))
        return str(
            _("%(represented)d of %(members)d, %(principals)d by their principal")
            % {
                "represented": line.represented,
                "members": line.members,
                "principals": line.principals,
            }
        )

    @admin.display(description=_("statement"))
    def statement_on_list(self, obj: Any) -> str:
        """Return the adopted statement, or that there is none."""
        statements: list[StatementOfMeeting] = obj.line.statements
        if outcomes.lacks_statement(obj, statements):
            return str(_("⚠ none"))
        return ", ".join(each.title for each in statements)

    @admin.display(description=_("agreed record"))
    def agreement(self, obj: Meeting) -> str:
        """Return whether the record is agreed.

        With a link to the page that changes it.
        """
        if not obj.pk or obj.state != MeetingState.HELD:
            return str(_("A record is agreed after the meeting was held."))
        sentence = records.agreed_sentence(obj) or _("It is not agreed yet.")
        words = _("Open it again …") if is_locked(obj) else _("Note that it is agreed …")
        return format_html(
            '{} <a href="{}">{}</a>', sentence, self.address("agreement", obj), words
        )

    @admin.display(description=_("to print"))
    def printed(self, obj: Meeting) -> str:
        """Return links to the record as PDF and to its changes.

        The changes are shown with their differences.
        """
        if not obj.pk:
            return str(_("Save the record first."))
        return format_html(
            '<a href="{}">{}</a> · <a href="{}">{}</a>',
            reverse("meetings:record_pdf", args=[obj.slug]),
            _("Record as PDF"),
            reverse("meetings:history", args=[obj.slug]),
            _("All changes, with what was before"),
        )

    def get_urls(self) -> list[URLPattern]:
        """Add the page on which a record is agreed or opened again."""
        name = f"{self.opts.app_label}_{self.opts.model_name}_agreement"
        view = self.admin_site.admin_view(self.agreement_view)
        return [path("<path:object_id>/agreement/", view, name=name), *super().get_urls()]

    def agreement_view(self, request: AuthenticatedRequest, object_id: str) -> HttpResponse:
        """Ask before a record is agreed or opened again, then do it."""
        meeting = self.get_object(request, object_id)
        if meeting is None:
            raise Http404
        if not MeetingAdmin.has_view_permission(self, request, meeting):
            raise PermissionDenied
        was_agreed = is_locked(meeting)
        form = ReopenForm(request.POST if request.method == "POST" and was_agreed else None)
        status = 200
        if request.method == "POST":
            if self.change_agreement(request, meeting, form):
                return redirect(self.address("change", meeting))
            status = 422 if form.errors else 409
        name = "meetings.reopen_record" if was_agreed else "meetings.agree_record"
        context = {
            **self.admin_site.each_context(request),
            "title": _("Agreed record"),
            "subtitle": meeting.title,
            "opts": self.opts,
            "meeting": meeting,
            "form": form,
            "sentence": records.agreed_sentence(meeting),
            "is_stale": status == 409,  # noqa: PLR2004 - somebody else was first
            "may_change": offered(request, name, meeting),
            "verb": _("Open the record again") if was_agreed else _("The record is agreed"),
            "back": self.address("change", meeting),
        }
        return TemplateResponse(request, "meetings/agreement_edit.html", context, status=status)

    def change_agreement(
        self, request: AuthenticatedRequest, meeting: Meeting, form: ReopenForm
    ) -> bool:
        """Agree a record or open it again.

        Returns whether it is done.
        """
        sent = request.POST.get("version", "")
        version = int(sent) if sent.isdecimal() and len(sent) < 10 else -1  # noqa: PLR2004 - no version is that long
        try:
            if not is_locked(meeting):
                records.agree_record(meeting, version=version, by=request.user, at=request.now)
                messages.success(request, _("The record is agreed, and locked."))
                return True
            if not form.is_valid():
                return False
            reason = form.cleaned_data["reason"]
            records.reopen_record(meeting, reason, version=version, by=request.user, at=request.now)
        except Stale:
            return False
        messages.success(request, _("The record is open again."))
        return True

    @admin.action(description=_("Save as Excel"), permissions=["view"])
    def as_excel(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse:
        """Return the chosen records as an Excel file."""
        return sheets.answer(trend.sheets_of(list(queryset)), sheets.XLSX, "principals-meetings")

    @admin.action(description=_("Save as CSV"), permissions=["view"])
    def as_csv(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse:
        """Return the chosen records as a CSV file."""
        return sheets.answer(trend.sheets_of(list(queryset)), sheets.CSV, "principals-meetings")
