"""Derive mails about coming handovers and late items."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from django.urls import reverse

from coordination.core import queries
from coordination.core.clock import start_of
from coordination.core.due import Due
from coordination.core.models import Group
from coordination.core.queries import day_in_group
from coordination.members.models import Person
from coordination.rotation.due.stages import (
    LAST_STAGE_LASTS,
    acronyms_of,
    newest_stage,
    reachable_team,
    zone_of,
)
from coordination.rotation.models import Handover
from coordination.rotation.queries import chair, handovers, late, moved_days
from coordination.rotation.queries.handovers import HandoverTeam
from coordination.rotation.queries.moved_days import stage_for

HANDOVER_DAYS = (90, 60, 30, 14, 7, 1, 0)


def handover_reminders(at: datetime) -> Iterator[Due]:
    """Yield the reminders of each handover in progress.

    They go to each team that answers for a side, 90 to 1 days before, and on the day. Where the
    first day moved, each stage comes again for the new day.
    """
    group, day = queries.group(), day_in_group(at)
    in_progress = list(handovers.handovers_in_progress(day, group))
    at_first = moved_days.first_days_confirmed(row.incoming_term_id for row in in_progress)
    for handover in in_progress:
        moved_from = at_first.get(handover.incoming_term_id)
        for team in handovers.teams(handover, day, group):
            for person in reachable_team(team.side.agencies, day):
                stage = newest_stage(
                    HANDOVER_DAYS, handover.incoming_term.first_day, zone_of(person, group), at
                )
                if stage:
                    days_left = (handover.incoming_term.first_day - day).days
                    name = stage_for(f"{stage[0]}d", handover.incoming_term.first_day, moved_from)
                    reminder = handover_due(handover, team, person, stage, days_left, group)
                    yield replace(reminder, stage=name)


def handover_due(
    handover: Handover,
    team: HandoverTeam,
    person: Person,
    stage: tuple[int, datetime],
    days_left: int,
    group: Group,
) -> Due:
    """Return one reminder of the handover.

    It lists the open items for which the team answers.
    """
    return Due(
        kind="rotation.handover",
        subject=f"{handover.pk}:{team.side.key}",
        stage=f"{stage[0]}d",
        person_id=person.pk,
        at=stage[1],
        url=reverse("rotation:handover", args=[handover.incoming_term.slug]),
        # Useless a week after the first day of the term.
        until=stage[1] + timedelta(days=stage[0]) + LAST_STAGE_LASTS,
        context={
            "handover": handover,
            "side": team.side,
            "outgoing_side": team.outgoing,
            "outgoing": acronyms_of(team.outgoing.agencies) if team.outgoing else "",
            "open": team.open,
            "days_left": days_left,
            "first_day": handover.incoming_term.first_day,
            "begins_at": start_of(handover.incoming_term.first_day, group.zone),
            "incoming": acronyms_of(chair.chairing_agencies(handover.incoming_term)),
        },
    )


def overdue_items(at: datetime) -> Iterator[Due]:
    """Yield reminders of each late item.

    To the people whom `late.LateReaders` names. Its owners are the agencies that answer for its
    side.
    """
    group, day = queries.group(), day_in_group(at)
    late_sides = [
        (handover, side)
        for handover in handovers.handovers_in_progress(day, group)
        for side in handovers.sides(handover, day, group)
        if side.late
    ]
    at_first = moved_days.due_days_at_first(
        item.pk for _h, side in late_sides for item in side.late
    )
    owners = [agency for _handover, side in late_sides for agency in side.answering]
    readers = late.late_readers(owners, day)
    for handover, side in late_sides:
        incoming = acronyms_of(chair.chairing_agencies(handover.incoming_term))
        for item in side.late:
            for person, reminder in readers.reminders(side.answering, item.due_day, group, at):
                yield Due(
                    kind="rotation.item_overdue",
                    subject=f"{item.pk}",
                    stage=stage_for(reminder.stage, item.due_day, at_first.get(item.pk)),
                    person_id=person.pk,
                    at=reminder.at,
                    url=reverse("rotation:handover", args=[handover.incoming_term.slug])
                    + f"#item-{item.pk}",
                    context={
                        "item": item,
                        "owner": acronyms_of(side.answering),
                        "left": readers.have_left(side.answering),
                        "monthly": reminder.monthly,
                        "days_late": (day - item.due_day).days,
                        "incoming": incoming,
                    },
                )
