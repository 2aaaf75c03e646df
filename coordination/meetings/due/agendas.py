"""Mails about series of meetings and proposals for agendas."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from coordination.core import due
from coordination.core.due import Due
from coordination.core.queries import day_in_group
from coordination.meetings.models import MeetingSeries
from coordination.meetings.queries import agenda, announcements, calendars
from coordination.meetings.queries import series as series_queries
from coordination.meetings.queries.invitations import InvitedPeople
from coordination.meetings.queries.series import meetings_told
from coordination.members.enums import Role
from coordination.members.models import Person
from coordination.members.queries import recipients
from coordination.members.queries.agencies import belonging_on

PROPOSALS_TOLD = timedelta(days=30)


def series_news(at: datetime) -> Iterator[Due]:
    """Yield one mail with the dates of a series.

    Or with those that its end cancels. It is due ten minutes after the series was convened, changed
    or extended, and at once when the series ends. Who comes into office later gets it on the
    morning of their first day.
    """
    series_to_tell = [series for series in series_queries.told_series(at) if meetings_told(series)]
    if not series_to_tell:
        return
    invited = InvitedPeople(at)
    for series in series_to_tell:
        meetings = meetings_told(series)
        announced = announcements.announced(meetings, at)
        dated = series.dates_since + announcements.SETTLING
        changed = series_queries.changed_at(meetings, announced) or dated
        since = series.ended_at or max(dated, changed)
        sequences = {pk: each.sequence for pk, each in announced.items()}
        for pk in invited.when(since) if series.ended_at else invited.now():
            from_then = since if series.ended_at else max(since, invited.since(pk))
            if from_then <= at:
                yield Due(
                    kind="meetings.series",
                    subject=str(series.pk),
                    stage=_stage(series, changed if changed > dated else None),
                    person_id=pk,
                    at=from_then,
                    url=reverse("meetings:series", args=[series.pk]),
                    context={
                        "series": series,
                        "meetings": meetings,
                        "sequences": sequences,
                        # who came into office since is told of the series for the first time
                        "has_changed": changed > dated and invited.since(pk) <= changed,
                    },
                    until=meetings[-1].starts_at,
                )


def _stage(series: MeetingSeries, changed_at: datetime | None) -> str:
    """Return the stage of a mail about a series.

    Each extension and each change has its own.
    """
    if series.ended_at:
        return "ended"
    until = f"until {series.last_day}"
    return f"{until} as of {changed_at:%Y-%m-%dT%H:%M:%S}" if changed_at else until


def calendar_of_series(item: Due, person: Person) -> str:
    """Return the dates of a series as calendar entries in the person's language."""
    with translation.override(person.reading_language):
        meetings: Any = item.context["meetings"]
        sequences: Any = item.context["sequences"]
        return calendars.calendar_of_dates(meetings, sequences, at=item.at)


def settled_proposals(at: datetime) -> Iterator[Due]:
    """Yield a mail to the proposer of each settled proposal.

    The chair took it or declined it. It goes for a month, to a person who is in office still.
    """
    proposals = list(agenda.decided_since(at - PROPOSALS_TOLD, at))
    if not proposals:
        return
    day = day_in_group(at)
    reachable = {
        row.person_id
        for row in recipients.reachable_appointments(belonging_on(day), day, Role.FOCAL_POINT)
    }
    for proposal in proposals:
        if proposal.proposed_by_id in reachable and proposal.decided_at:
            yield Due(
                kind="meetings.proposal",
                subject=str(proposal.pk),
                stage=proposal.state,
                person_id=proposal.proposed_by_id,
                at=proposal.decided_at,
                url=reverse("meetings:proposal", args=[proposal.pk]),
                context={"proposal": proposal},
            )


due.register(
    due.Source(
        kind="meetings.series",
        label=_("Series of meetings"),
        can_be_off=False,
        find=series_news,
        changed=_("The series was changed or extended, or has ended, or its meetings are over."),
        calendar=calendar_of_series,
    )
)
due.register(
    due.Source(
        kind="meetings.proposal",
        label=_("Proposals for agendas"),
        can_be_off=True,
        find=settled_proposals,
        changed=_("The proposal was settled again, or its author has left."),
    )
)
