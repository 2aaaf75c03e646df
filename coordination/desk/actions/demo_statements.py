"""The three statements of the demonstration.

One is adopted and released, one is in clearance, one is under amendment.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from coordination.core.queries import day_in_group
from coordination.desk.actions.demo_story import Story, dated
from coordination.members.queries import agencies
from coordination.statements.actions import amendments, deliveries, drafts, positions, settlements
from coordination.statements.enums import PositionKind, StatementState
from coordination.statements.models import Amendment, Block, ClearanceStep, Draft, Statement

HOURS = (8, 9, 11, 13, 14, 15)  # UTC


def start(story: Story, entry: Mapping[str, Any], begun: datetime, deadline: datetime) -> Statement:
    """Start a statement, and circulate its first draft two days later."""
    with dated(begun):
        chair = story.chair_at(begun)
        statement = drafts.start_statement(
            entry["title"],
            text=entry["text"],
            by=chair,
            at=begun,
            details=drafts.StatementInput(occasion=entry["occasion"]),
        )
    circulated = begun + timedelta(days=2)
    with dated(circulated):
        drafts.circulate_draft(
            Draft.objects.get(statement=statement), deadline=deadline, by=chair, at=circulated
        )
    return statement


def to_clearance(
    story: Story, statement: Statement, closed: datetime, deadline: datetime
) -> ClearanceStep:
    """Issue the next draft for clearance.

    Open amendments are closed first.
    """
    statement.refresh_from_db()
    with dated(closed):
        chair = story.chair_at(closed)
        if statement.state == StatementState.AMENDMENTS:
            amendments.close_amendments(statement, by=chair, at=closed)
        draft = drafts.issue_draft(
            statement, to=StatementState.CLEARANCE, deadline=deadline, by=chair, at=closed
        )
    return ClearanceStep.objects.select_related("draft", "statement").get(draft=draft)


def at_work(begun: datetime, number: int, *, per_day: int) -> datetime:
    """Return the moment in working hours of act `number`, `per_day` a day.

    The first comes on the day after `begun`.
    """
    days, hour = divmod(number, per_day)
    return (begun + timedelta(days=days + 1)).replace(hour=HOURS[hour])


def propose(
    story: Story, statement: Statement, entries: Iterable[Any], begun: datetime, *, per_day: int
) -> list[Amendment]:
    """Let agencies propose amendments to draft 1 after `begun`.

    Returns them in order.
    """
    blocks = {block.key: block for block in Block.objects.filter(draft__statement=statement)}
    proposed = []
    for number, (acronym, key, wording, replacement, reason) in enumerate(entries):
        moment = at_work(begun, number, per_day=per_day)
        assert wording in blocks[key].text, f"{acronym}: {wording}"
        with dated(moment):
            proposal = amendments.AmendmentInput(
                blocks[key].text.replace(wording, replacement), reason
            )
            proposed.append(
                amendments.amend(
                    blocks[key],
                    proposal,
                    agency=story.agencies[acronym],
                    by=story.speaker(acronym),
                    at=moment,
                )
            )
    return proposed


def settle(
    story: Story,
    statement: Statement,
    entry: Mapping[str, Any],
    proposed: Iterable[Amendment],
    closed: datetime,
) -> None:
    """Close amendments and settle them for the chair.

    The chair takes some, declines some, and writes one compromise.
    """
    chair = story.chair_at(closed)
    with dated(closed):
        amendments.close_amendments(statement, by=chair, at=closed)
        for amendment in proposed:
            acronym = amendment.agency.acronym
            if acronym in entry["taken"]:
                settlements.take(amendment, version=amendment.version, by=chair, at=closed)
            elif acronym in entry["declined"]:
                settlements.decline(
                    amendment,
                    reason=entry["declined"][acronym],
                    version=amendment.version,
                    by=chair,
                    at=closed,
                )
        key, text, reason = entry["compromise"]
        block = Block.objects.get(draft__statement=statement, key=key)
        settlements.adapt(block, text=text, reason=reason, version=0, by=chair, at=closed)


def take_positions(
    story: Story,
    step: ClearanceStep,
    stances: Mapping[str, tuple[PositionKind, str, tuple[str, ...]]],
    begun: datetime,
) -> None:
    """Let agencies take positions after `begun`, six a day."""
    for number, (acronym, (kind, reason, about)) in enumerate(stances.items()):
        moment = at_work(begun, number, per_day=6)
        with dated(moment):
            position = positions.PositionInput(kind, step.draft.sha256, reason, about)
            positions.take_position(
                step, position, agency=story.agencies[acronym], by=story.speaker(acronym), at=moment
            )


def tell_adopted(story: Story) -> None:
    """Tell the statement that was adopted ten months ago.

    It was released a week later and spoken at an event.
    """
    entry, begun = story.data["adopted"], story.ago(days=340)
    statement = start(story, entry, begun, begun + timedelta(days=12))
    step = to_clearance(story, statement, begun + timedelta(days=13), begun + timedelta(days=17))
    stances = {
        agency.acronym: (PositionKind.APPROVE, "", ())
        for agency in agencies.members_on(day_in_group(begun))
    }
    stances |= {
        acronym: (PositionKind.NOT_JOIN, reason, ())
        for acronym, reason in entry["does_not_join"].items()
    }
    stances |= {
        acronym: (PositionKind.RESERVE, reason, (about,))
        for acronym, (about, reason) in entry["reserves"].items()
    }
    take_positions(story, step, stances, begun + timedelta(days=13))
    approved = begun + timedelta(days=17)
    with dated(approved):
        step = positions.open_next_step(
            statement,
            deadline=approved + timedelta(days=8),
            by=story.chair_at(approved),
            at=approved,
        )
    take_positions(
        story,
        ClearanceStep.objects.select_related("draft", "statement").get(pk=step.pk),
        stances,
        approved,
    )
    adopted, released = begun + timedelta(days=21), begun + timedelta(days=28)
    with dated(adopted):
        positions.adopt(statement, by=story.chair_at(adopted), at=adopted)
    with dated(released):
        positions.release(statement, by=story.chair_at(released), at=released)
    spoken = begun + timedelta(days=32)
    occasion = deliveries.DeliveryInput(**entry["delivery"], day=day_in_group(spoken))
    with dated(spoken):
        chair = story.chair_at(spoken)
        delivery = deliveries.plan_delivery(statement, occasion, by=chair, at=spoken)
        deliveries.note_delivered(delivery, text="", version=delivery.version, by=chair, at=spoken)


def tell_clearance(story: Story) -> None:
    """Tell the statement whose second draft waits for some agencies."""
    entry, begun = story.data["clearance"], story.ago(days=24)
    statement = start(story, entry, begun, story.ago(days=6))
    issued = story.ago(days=3)
    proposed = propose(story, statement, entry["amendments"], story.ago(days=20), per_day=2)
    settle(story, statement, entry, proposed, story.ago(days=5))
    step = to_clearance(story, statement, issued, story.ahead(4))
    stances = dict.fromkeys(entry["approve"], (PositionKind.APPROVE, "", ()))
    stances |= {
        acronym: (PositionKind.RESERVE, reason, (about,))
        for acronym, (about, reason) in entry["reserve"].items()
    }
    stances |= {
        acronym: (PositionKind.NOT_JOIN, reason, ())
        for acronym, reason in entry["not_join"].items()
    }
    take_positions(story, step, stances, issued)


def tell_amendments(story: Story) -> None:
    """Tell the statement whose first draft several agencies amend."""
    entry, begun = story.data["amendments"], story.ago(days=9)
    statement = start(story, entry, begun, story.ahead(2))
    propose(story, statement, entry["amendments"], begun + timedelta(days=2), per_day=2)
