"""The three statements of the demonstration.

Adopted and released, in clearance, under amendment.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from coordination.core.queries import day_in_group
from coordination.desk.actions.demo_story import Story, at_moment
from coordination.members.queries import agencies
from coordination.statements.actions import amendments, deliveries, drafts, positions
from coordination.statements.enums import PositionKind, StatementState
from coordination.statements.models import Block, ClearanceStep, Draft, Statement

HOURS = (8, 9, 11, 13, 14, 15)  # UTC


def start(story: Story, entry: Mapping[str, Any], begun: datetime, deadline: datetime) -> Statement:
    """Start a statement and circulate its first draft two days later, open to amendments."""
    with at_moment(begun):
        chair = story.chair_at(begun)
        statement = drafts.start_statement(
            entry["title"],
            text=entry["text"],
            by=chair,
            at=begun,
            details=drafts.StatementInput(occasion=entry["occasion"]),
        )
    circulated = begun + timedelta(days=2)
    with at_moment(circulated):
        drafts.circulate_draft(
            Draft.objects.get(statement=statement), deadline=deadline, by=chair, at=circulated
        )
    return statement


def to_clearance(
    story: Story, statement: Statement, closed: datetime, deadline: datetime
) -> ClearanceStep:
    """Close amendments and issue the next draft for clearance."""
    with at_moment(closed):
        chair = story.chair_at(closed)
        amendments.close_amendments(statement, by=chair, at=closed)
        draft = drafts.issue_draft(
            statement, to=StatementState.CLEARANCE, deadline=deadline, by=chair, at=closed
        )
    return ClearanceStep.objects.select_related("draft", "statement").get(draft=draft)


def at_work(begun: datetime, number: int, *, per_day: int) -> datetime:
    """Return the moment in working hours for the thing of that number, `per_day` a day.

    The first thing comes on the day after `begun`.
    """
    days, place = divmod(number, per_day)
    return (begun + timedelta(days=days + 1)).replace(hour=HOURS[place])


def say(
    story: Story,
    step: ClearanceStep,
    said: Mapping[str, tuple[PositionKind, str, tuple[str, ...]]],
    begun: datetime,
) -> None:
    """Let agencies take their positions on the days after `begun`, six a day."""
    for number, (acronym, (kind, reason, about)) in enumerate(said.items()):
        moment = at_work(begun, number, per_day=6)
        with at_moment(moment):
            position = positions.PositionInput(kind, step.draft.sha256, reason, about)
            positions.take_position(
                step, position, agency=story.agencies[acronym], by=story.speaker(acronym), at=moment
            )


def tell_adopted(story: Story) -> None:
    """Tell the statement that was adopted ten months ago, released and spoken at an event.

    It was released a week after its adoption.
    """
    entry, begun = story.data["adopted"], story.ago(days=340)
    statement = start(story, entry, begun, begun + timedelta(days=12))
    step = to_clearance(story, statement, begun + timedelta(days=13), begun + timedelta(days=17))
    said = {
        agency.acronym: (PositionKind.APPROVE, "", ())
        for agency in agencies.members_on(day_in_group(begun))
    }
    said |= {
        acronym: (PositionKind.NOT_JOIN, words, ())
        for acronym, words in entry["does_not_join"].items()
    }
    said |= {
        acronym: (PositionKind.RESERVE, words, (about,))
        for acronym, (about, words) in entry["reserves"].items()
    }
    say(story, step, said, begun + timedelta(days=13))
    approved = begun + timedelta(days=17)
    with at_moment(approved):
        step = positions.open_next_step(
            statement,
            deadline=approved + timedelta(days=8),
            by=story.chair_at(approved),
            at=approved,
        )
    say(
        story,
        ClearanceStep.objects.select_related("draft", "statement").get(pk=step.pk),
        said,
        approved,
    )
    adopted, released = begun + timedelta(days=21), begun + timedelta(days=28)
    with at_moment(adopted):
        positions.adopt(statement, by=story.chair_at(adopted), at=adopted)
    with at_moment(released):
        positions.release(statement, by=story.chair_at(released), at=released)
    spoken = begun + timedelta(days=32)
    occasion = deliveries.DeliveryInput(**entry["delivery"], day=day_in_group(spoken))
    with at_moment(spoken):
        chair = story.chair_at(spoken)
        delivery = deliveries.plan_delivery(statement, occasion, by=chair, at=spoken)
        deliveries.note_delivered(delivery, text="", version=delivery.version, by=chair, at=spoken)


def tell_clearance(story: Story) -> None:
    """Tell the statement whose second draft waits for some agencies."""
    entry, begun = story.data["clearance"], story.ago(days=24)
    statement = start(story, entry, begun, story.ago(days=6))
    issued = story.ago(days=3)
    step = to_clearance(story, statement, issued, story.ahead(4))
    said = dict.fromkeys(entry["approve"], (PositionKind.APPROVE, "", ()))
    said |= {
        acronym: (PositionKind.RESERVE, words, (about,))
        for acronym, (about, words) in entry["reserve"].items()
    }
    said |= {
        acronym: (PositionKind.NOT_JOIN, words, ()) for acronym, words in entry["not_join"].items()
    }
    say(story, step, said, issued)


def tell_amendments(story: Story) -> None:
    """Tell the statement whose first draft several agencies amend."""
    entry, begun = story.data["amendments"], story.ago(days=9)
    statement = start(story, entry, begun, story.ahead(2))
    blocks = {block.key: block for block in Block.objects.filter(draft__statement=statement)}
    for number, (acronym, key, words, instead, reason) in enumerate(entry["amendments"]):
        moment = at_work(begun + timedelta(days=2), number, per_day=2)
        assert words in blocks[key].text, f"{acronym}: {words}"
        with at_moment(moment):
            proposal = amendments.AmendmentInput(blocks[key].text.replace(words, instead), reason)
            amendments.amend(
                blocks[key],
                proposal,
                agency=story.agencies[acronym],
                by=story.speaker(acronym),
                at=moment,
            )
