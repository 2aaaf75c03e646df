"""What the rotation tells of meetings and statements, which are above it.

It stands on the page of a term, and on the timeline.
"""

from collections.abc import Iterator

from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from coordination.core.clock import day_at, start_of
from coordination.core.periods import ONE_DAY, Period
from coordination.meetings.enums import MeetingKind, MeetingState
from coordination.meetings.models import Decision, Meeting
from coordination.rotation.queries.happenings import Chapter, Happening, TimelineMark, Viewer
from coordination.statements.models import Statement
from coordination.statements.queries.statements import Access, visible_to

LONGEST_DECISION = 200
# the meetings that the timeline marks, and the short words beside each
LABELS = {
    MeetingKind.PRINCIPALS: gettext_lazy("Principals"),
    MeetingKind.EVENT: gettext_lazy("Event"),
}


def moments(field: str, viewer: Viewer, days: Period) -> Q:
    """Return the condition that a moment is on these days in the group's zone."""
    assert days.last
    begins, ends = (start_of(day, viewer.zone) for day in (days.first, days.last + ONE_DAY))
    return Q(**{f"{field}__gte": begins, f"{field}__lt": ends})


def chapters(viewer: Viewer, days: Period) -> Iterator[Chapter]:
    """Yield the statements, meetings and decisions of the days.

    Only those that the viewer may read. Three queries; one for those who may not read meetings.
    """
    yield statements_chapter(viewer, days)
    if viewer.may("meetings.read"):
        yield meetings_chapter(viewer, days)
        yield decisions_chapter(viewer, days)


def statements_chapter(viewer: Viewer, days: Period) -> Chapter:
    """Return the statements that were started or adopted on the days."""
    visible = visible_to(Access(belongs=viewer.may("members.read")))
    rows = Statement.objects.filter(
        visible, moments("started_at", viewer, days) | moments("adopted_at", viewer, days)
    ).order_by(F("adopted_at").asc(nulls_last=True), "started_at", "pk")
    return Chapter(
        "statements",
        _("Statements"),
        tuple(
            Happening(
                day_at(row.adopted_at or row.started_at, viewer.zone),
                row.title,
                reverse("statements:show", args=[row.slug]),
                row.get_state_display(),
            )
            for row in rows
        ),
        _("No statement of these days is on record."),
    )


def meetings_chapter(viewer: Viewer, days: Period) -> Chapter:
    """Return the meetings of the days that were not cancelled."""
    rows = (
        Meeting.objects.filter(moments("starts_at", viewer, days))
        .exclude(state=MeetingState.CANCELLED)
        .annotate(decided=Count("decisions"))
        .order_by("starts_at", "pk")
    )
    return Chapter(
        "meetings",
        _("Meetings"),
        tuple(
            Happening(
                day_at(row.starts_at, viewer.zone),
                row.title,
                reverse("meetings:meeting", args=[row.slug]),
                decided_words(row),
            )
            for row in rows
        ),
        _("No meeting of these days is on record."),
    )


def decided_words(meeting: Meeting) -> str:
    """Return the kind of a meeting, and how many decisions it took."""
    kind, decided = str(meeting.get_kind_display()), getattr(meeting, "decided", 0)
    if not decided:
        return kind
    words = ngettext("%(kind)s, %(n)s decision", "%(kind)s, %(n)s decisions", decided)
    return words % {"kind": kind, "n": decided}


def decisions_chapter(viewer: Viewer, days: Period) -> Chapter:
    """Return what the meetings of the days decided."""
    rows = (
        Decision.objects.filter(moments("meeting__starts_at", viewer, days))
        .exclude(meeting__state=MeetingState.CANCELLED)
        .select_related("meeting")
        .order_by("meeting__starts_at", "meeting", "number")
    )
    return Chapter(
        "decisions",
        _("Decisions"),
        tuple(
            Happening(
                day_at(row.meeting.starts_at, viewer.zone),
                Truncator(row.text).chars(LONGEST_DECISION),
                reverse("meetings:meeting", args=[row.meeting.slug]),
                row.meeting.title,
            )
            for row in rows
        ),
        _("No decision of these days is on record."),
    )


def marks(viewer: Viewer, days: Period) -> Iterator[TimelineMark]:
    """Yield the principals' meetings, events and adopted statements of the days.

    Two queries. Who may not read meetings sees those of published sources, without a link.
    """
    may_open = viewer.may("meetings.read")
    held = Meeting.objects.filter(moments("starts_at", viewer, days), kind__in=LABELS).exclude(
        state=MeetingState.CANCELLED
    )
    for meeting in held.only("slug", "title", "starts_at", "sources", "kind"):
        if may_open or meeting.sources:
            url = reverse("meetings:meeting", args=[meeting.slug]) if may_open else ""
            day = day_at(meeting.starts_at, viewer.zone)
            yield TimelineMark(day, str(LABELS[MeetingKind(meeting.kind)]), meeting.title, url)
    visible = visible_to(Access(belongs=viewer.may("members.read")))
    adopted = Statement.objects.filter(visible, moments("adopted_at", viewer, days))
    for statement in adopted.only("slug", "title", "adopted_at"):
        url = reverse("statements:show", args=[statement.slug])
        assert statement.adopted_at
        day = day_at(statement.adopted_at, viewer.zone)
        yield TimelineMark(day, _("Statement"), statement.title, url, "text")
