"""Series of meetings: convene, change, extend, end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import transaction
from django.utils.translation import gettext as _

from coordination.core import formatting, history
from coordination.core.actions import create_with_history, refuse_far_day, update_with_history
from coordination.core.due import wake_on_commit
from coordination.core.models import Group
from coordination.core.permissions import On, require
from coordination.core.queries import day_in_group
from coordination.core.versions import claim
from coordination.meetings.actions import meetings
from coordination.meetings.actions.meetings import MeetingDetails
from coordination.meetings.enums import MeetingChange, MeetingState, Repeats
from coordination.meetings.errors import SeriesOver, WrongSeries
from coordination.meetings.models import AgendaItem, Meeting, MeetingSeries
from coordination.meetings.queries import announcements
from coordination.meetings.queries import series as series_queries
from coordination.meetings.queries.announcements import Announced
from coordination.meetings.slots import recurrence
from coordination.members.models import Person

MOST_MEETINGS = 60
FIFTH = 5
SHARED = ("place", "video_url")


@dataclass(frozen=True, slots=True)
class Repetition:
    """How often a meeting repeats.

    Either to `last_day`, or `times` in all.
    """

    repeats: str
    last_day: date | None = None
    times: int | None = None


@dataclass(frozen=True, slots=True)
class SeriesHour:
    """The hour, place and link that the meetings of a series share.

    `begins` is on the clocks of the place; without `minutes` the end is not known.
    """

    begins: time
    minutes: int | None
    place: str = ""
    video_url: str = ""


def refuse_wrong_rule(repeats: str, first_day: date) -> None:
    """Raise WrongSeries if the first day does not fit the rule."""
    if repeats == Repeats.MONTHLY and recurrence.place_in_month(first_day) == FIFTH:
        raise WrongSeries(
            _("Not every month has a fifth such weekday. Choose the last one of the month."),
            field="repeats",
        )
    if repeats == Repeats.MONTHLY_LAST and not recurrence.is_last_of_month(first_day):
        raise WrongSeries(
            _("%(day)s is not the last such weekday of its month.")
            % {"day": formatting.plain_day(first_day)},
            field="repeats",
        )


def last_day_of(repetition: Repetition, first_day: date) -> date:
    """Return the last day of a series that begins on `first_day`.

    Raises WrongSeries for fewer than two meetings, or more than 60.
    """
    if repetition.last_day is None:
        times = repetition.times or 0
        refuse_count(times, field="times")
        return recurrence.day_at_step(repetition.repeats, first_day, times - 1)
    # no more days than are refused are reckoned
    latest = recurrence.day_at_step(repetition.repeats, first_day, MOST_MEETINGS)
    last_day = min(repetition.last_day, latest)
    days = recurrence.days_of(repetition.repeats, first_day, last_day)
    refuse_count(len(days), field="repeats_until")
    return days[-1]


def refuse_count(count: int, *, field: str) -> None:
    """Raise WrongSeries unless so many meetings make a series."""
    if not 1 < count <= MOST_MEETINGS:
        raise WrongSeries(
            _("A series has 2 to %(most)s meetings.") % {"most": MOST_MEETINGS}, field=field
        )


@transaction.atomic
def convene_series(
    invitation: MeetingDetails, repetition: Repetition, *, by: Person, at: datetime
) -> MeetingSeries:
    """Convene meetings by a rule.

    The first is that of the invitation. Raises EndsBeforeStart, FarFromToday, WrongSeries,
    SamePaysAgain, NotAllowed.
    """
    # the lock gives meetings that are convened at once different slugs
    list(Group.objects.select_for_update(of=("self",)).values_list("pk", flat=True))
    require(by, "meetings.convene", On(day_in_group(at)))
    refuse_far_day(invitation.starts_at.date(), at=at, field="day")
    meetings.refuse_end_before_start(invitation)
    if invitation.starts_at <= at:
        raise WrongSeries(_("A series begins with a meeting to come."), field="day")
    series = MeetingSeries(
        title=invitation.title,
        kind=invitation.kind,
        repeats=repetition.repeats,
        time_zone=invitation.time_zone,
        place=invitation.place,
        video_url=invitation.video_url,
        agenda=invitation.agenda,
        dates_since=at,
    )
    begins = invitation.starts_at.astimezone(series.zone)
    series.first_day, series.begins = begins.date(), begins.time()
    if invitation.ends_at:
        series.minutes = int((invitation.ends_at - invitation.starts_at).total_seconds()) // 60
    refuse_wrong_rule(series.repeats, series.first_day)
    series.last_day = last_day_of(repetition, series.first_day)
    refuse_far_day(series.last_day, at=at, field="repeats_until")
    meetings.refuse_same_payers(invitation, at)
    history.sign(series, by=by, reason=MeetingChange.SERIES_CONVENED)
    series.save()
    convene_meetings(series, series_queries.moments_of(series), by=by)
    wake_on_commit()
    return series


def convene_meetings(
    series: MeetingSeries, moments: Sequence[datetime], *, by: Person
) -> Sequence[Meeting]:
    """Convene the meetings of a series with their agenda.

    One at each moment (UTC).
    """
    slugs = [meetings.plain_slug(series.title, moment) for moment in moments]
    taken = set(Meeting.objects.filter(slug__in=slugs).values_list("slug", flat=True))
    convened = [
        Meeting(
            slug=meetings.free_slug(series.title, moment) if slug in taken else slug,
            series=series,
            title=series.title,
            kind=series.kind,
            starts_at=moment,
            ends_at=series_queries.end_of(series, moment),
            time_zone=series.time_zone,
            place=series.place,
            video_url=series.video_url,
        )
        for slug, moment in zip(slugs, moments, strict=True)
    ]
    for meeting in convened:
        history.sign(meeting, by=by, reason=MeetingChange.MEETING_CONVENED)
    create_with_history(convened)
    lines = meetings.agenda_lines(series.agenda)
    items = [
        AgendaItem(meeting=meeting, title=line, position=position)
        for meeting in convened
        for position, line in enumerate(lines, 1)
    ]
    for item in items:
        history.sign(item, by=by, reason=None)
    create_with_history(items)
    return convened


def claimed(series: MeetingSeries, version: int, *, by: Person, at: datetime) -> MeetingSeries:
    """Return the locked series, claimed at `version`.

    Raises SeriesOver, Stale, NotAllowed.
    """
    series = MeetingSeries.objects.select_for_update(of=("self",)).get(pk=series.pk)
    require(by, "meetings.convene", On(day_in_group(at), series))
    if series.ended_at:
        raise SeriesOver(_("This series has ended; convene another."))
    claim(series, version)
    return series


def locked_coming(series: MeetingSeries, at: datetime) -> list[Meeting]:
    """Return the convened meetings of the series that begin after `at`, locked."""
    coming = Meeting.objects.select_for_update(of=("self",)).filter(
        series=series, state=MeetingState.CONVENED, starts_at__gt=at
    )
    return list(coming.order_by("pk"))


@transaction.atomic
def change_series(
    series: MeetingSeries, hour: SeriesHour, *, version: int, by: Person, at: datetime
) -> int:
    """Change hour, place or link of the coming meetings.

    Returns how many changed. A meeting keeps what it does not share with the series. Raises
    SeriesOver, Stale, NotAllowed.
    """
    series = claimed(series, version, by=by, at=at)
    former = set(series_queries.moments_of(series))
    coming = locked_coming(series, at)
    following = [each for each in coming if series_queries.follows_hours(series, each, former)]
    days = {meeting.pk: meeting.day for meeting in following}
    changed: dict[int, Meeting] = {}
    for name in SHARED:
        for meeting in coming:
            is_shared = getattr(meeting, name) == getattr(series, name)
            if is_shared and getattr(meeting, name) != getattr(hour, name):
                setattr(meeting, name, getattr(hour, name))
                changed[meeting.pk] = meeting
    has_moved = (series.begins, series.minutes) != (hour.begins, hour.minutes)
    for name in ("begins", "minutes", *SHARED):
        setattr(series, name, getattr(hour, name))
    if has_moved:
        announced = announcements.announced(following, at)
        for meeting in following:
            meeting.starts_at = recurrence.moment_on(days[meeting.pk], series.begins, series.zone)
            meeting.ends_at = series_queries.end_of(series, meeting.starts_at)
            meetings.note_hours_since(meeting, announced.get(meeting.pk, Announced()).known, at)
            changed[meeting.pk] = meeting
    for meeting in changed.values():
        meeting.version += 1
        history.sign(meeting, by=by, reason=MeetingChange.SERIES_CHANGED)
    fields = ["starts_at", "ends_at", "hours_since", *SHARED, "version"]
    update_with_history(list(changed.values()), fields)
    history.sign(series, by=by, reason=MeetingChange.SERIES_CHANGED)
    series.save(update_fields=["begins", "minutes", *SHARED, "version"])
    wake_on_commit()
    return len(changed)


@transaction.atomic
def extend_series(
    series: MeetingSeries, last_day: date, *, version: int, by: Person, at: datetime
) -> int:
    """Convene the meetings of a series up to a later day.

    Returns how many. Raises WrongSeries, FarFromToday, SeriesOver, Stale, NotAllowed.
    """
    list(Group.objects.select_for_update(of=("self",)).values_list("pk", flat=True))
    refuse_far_day(last_day, at=at, field="repeats_until")
    series = claimed(series, version, by=by, at=at)
    days = recurrence.days_of(series.repeats, series.first_day, last_day)
    new = [day for day in days if day > series.last_day]
    if not new:
        raise WrongSeries(
            _("The rule has no day after %(last)s up to this one.")
            % {"last": formatting.plain_day(series.last_day)},
            field="repeats_until",
        )
    refuse_count(len(new) + 1, field="repeats_until")
    moments = [recurrence.moment_on(day, series.begins, series.zone) for day in new]
    coming = [moment for moment in moments if moment > at]
    convene_meetings(series, coming, by=by)
    series.last_day, series.dates_since = new[-1], at
    history.sign(series, by=by, reason=MeetingChange.SERIES_EXTENDED)
    series.save(update_fields=["last_day", "dates_since", "version"])
    wake_on_commit()
    return len(coming)


@transaction.atomic
def end_series(series: MeetingSeries, *, version: int, by: Person, at: datetime) -> int:
    """End a series: cancel its meetings to come and return how many.

    Raises SeriesOver, Stale, NotAllowed.
    """
    series = claimed(series, version, by=by, at=at)
    coming = locked_coming(series, at)
    for meeting in coming:
        meeting.state = MeetingState.CANCELLED
        meeting.version += 1
        history.sign(meeting, by=by, reason=MeetingChange.MEETING_CANCELLED)
    update_with_history(coming, ["state", "version"])
    series.ended_at = at
    history.sign(series, by=by, reason=MeetingChange.SERIES_ENDED)
    series.save(update_fields=["ended_at", "version"])
    wake_on_commit()
    return len(coming)
