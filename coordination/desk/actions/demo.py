"""The demonstration: an invented story around the present moment.

It uses the same actions as people do.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db import transaction

from coordination.core.queries import group
from coordination.desk.actions import demo_handover, demo_selection, demo_statements
from coordination.desk.actions.demo_story import (
    HALF_YEAR,
    MONTHS_BEFORE,
    Story,
    dated,
    months_later,
)
from coordination.meetings.actions import corrections, items, minutes
from coordination.meetings.actions.corrections import ProposedCorrection
from coordination.meetings.actions.items import Task
from coordination.meetings.actions.meetings import MeetingDetails, convene, record_outcome
from coordination.meetings.actions.minutes import ParagraphInput
from coordination.meetings.enums import CorrectionKind, MeetingKind
from coordination.meetings.models import Meeting
from coordination.members.actions import appointments, people
from coordination.members.actions.appointments import Tenure
from coordination.members.enums import DemoRole, Role
from coordination.members.models import Agency, Person
from coordination.rotation.actions.corrections import Correction, correct_record
from coordination.rotation.actions.terms import TermProposal, confirm_term, propose_term

FIRST_DEMO_DAY = date(2019, 1, 1)
WITH_VACANCY = 7  # the term so many before the present one began a month late


@transaction.atomic
def tell_story(data: Mapping[str, Any], *, at: datetime) -> bool:
    """Tell the story around the moment `at`.

    Returns False, and changes nothing, if it was told before.
    """
    # Only the story gives this role.
    if Person.objects.filter(demo_role=DemoRole.ADMINISTRATOR).exists():
        return False
    story = Story(data, at, at.astimezone(group().zone).date(), None)  # type: ignore[arg-type]  # the first thing the story makes
    tell_people(story)
    tell_terms(story)
    demo_selection.tell_selection(story)
    demo_handover.tell_past_handovers(story)
    demo_handover.tell_handover(story)
    tell_meetings(story)
    tell_statements(story)
    demo_handover.tell_state_of_play(story)
    return True


def address(name: str, agency: str) -> str:
    """Return an e-mail address that reaches nobody."""
    plain = (
        name.lower()
        .translate(str.maketrans("éèáàíóöø ", "eeaaiooo."))
        .encode("ascii", "ignore")
        .decode()
    )
    return f"{plain}@{agency.lower().replace(' ', '')}.example.org"


def tell_people(story: Story) -> None:
    """Create the cast and their colleagues, with appointments."""
    long_ago = story.begun
    story.agencies = {agency.acronym: agency for agency in Agency.objects.all()}
    with dated(long_ago):
        story.administrator = people.add_person(
            story.data["administrator"],
            email="administrator@example.org",
            time_zone=group().time_zone,
            at=long_ago,
            administrator=True,
        )
        for acronym, names in story.data["people"].items():
            for name in names:
                tell_person(story, name, story.agencies[acronym], Role.FOCAL_POINT, long_ago)
        for acronym, name in story.data["principals"].items():
            tell_person(story, name, story.agencies[acronym], Role.PRINCIPAL, long_ago)
        office = story.data["office"]
        tell_person(story, office["name"], story.agencies[office["agency"]], Role.OFFICE, long_ago)
    parts = {**story.data["parts"], "office": office["name"]}
    for part, name in parts.items():
        people.set_demo_role(story.people[name], DemoRole(part))
    people.set_demo_role(story.administrator, DemoRole.ADMINISTRATOR)


def tell_person(story: Story, name: str, agency: Agency, role: Role, at: datetime) -> None:
    """Create one person with an appointment.

    One of them leaves with the present term.
    """
    zone = agency.time_zone or "Asia/Bangkok"
    person = people.add_person(name, email=address(name, agency.acronym), time_zone=zone, at=at)
    last_day = None
    if name == story.data["leaves_with_the_term"]:
        last_day = months_later(story.today.replace(day=1), HALF_YEAR - MONTHS_BEFORE) - timedelta(
            days=1
        )
    appointments.appoint(
        person, agency, role, Tenure(at.date(), last_day), by=story.administrator, at=at
    )
    story.people[name] = person


def tell_terms(story: Story) -> None:
    """Fill the years since 2019 with half-year terms.

    The present chair is in its fifth month, and one earlier month is vacant. One term is confirmed
    after the present one, and one is proposed after that.
    """
    start = months_later(story.today.replace(day=1), -MONTHS_BEFORE)
    for number, acronym in reversed(list(enumerate(story.data["before"], 1))):
        first, end = (
            months_later(start, -HALF_YEAR * number),
            months_later(start, -HALF_YEAR * (number - 1)),
        )
        if first >= FIRST_DEMO_DAY:
            tell_term(
                story, acronym, months_later(first, 1) if number == WITH_VACANCY else first, end
            )
    tell_term(story, story.data["chair"], start, months_later(start, HALF_YEAR))
    tell_term(
        story,
        story.data["incoming"],
        months_later(start, HALF_YEAR),
        months_later(start, 2 * HALF_YEAR),
    )
    tell_term(
        story,
        story.data["after"],
        months_later(start, 2 * HALF_YEAR),
        months_later(start, 3 * HALF_YEAR),
        confirm=False,
    )


def tell_term(story: Story, acronym: str, first: date, end: date, *, confirm: bool = True) -> None:
    """Propose one term up to the day before `end`, and confirm it.

    It is confirmed half a year ahead, or when the story begins if that is later. A term that had
    begun by then is put on record.
    """
    half_a_year_ahead = datetime(first.year, first.month, 1, 9, tzinfo=story.at.tzinfo) - timedelta(
        days=180
    )
    moment = max(story.begun, min(story.ago(days=40), half_a_year_ahead))
    proposal = TermProposal(
        first,
        end - timedelta(days=1),
        theme=story.data["themes"].get(acronym, "") if end > story.today else "",
    )
    agencies = [story.agencies[acronym]]
    with dated(moment):
        if first < moment.date():
            record = Correction(agencies, proposal, "The demonstration")
            correct_record(None, record, version=0, by=story.administrator, at=moment)
            return
        term = propose_term(agencies, proposal, by=story.administrator, at=moment)
        if confirm:
            confirm_term(term, version=term.version, by=story.administrator, at=moment)


def tell_meetings(story: Story) -> None:
    """Hold the last meeting with action items, and convene the next."""
    last_entry, next_entry = story.data["last_meeting"], story.data["meeting"]
    held, moment = usual_hour(story.today - timedelta(days=20)), story.ago(days=34)
    with dated(moment):
        meeting = convene(invitation(last_entry, held), by=story.chair_at(moment), at=moment)
    after = held + timedelta(days=1)
    with dated(after):
        chair = story.chair_at(after)
        record_outcome(meeting, last_entry["outcome"], version=meeting.version, by=chair, at=after)
        for title, acronym, name, days in last_entry["actions"]:
            due = story.today + timedelta(days=days)
            owner = story.people[name] if name else None
            task = Task(title, story.agencies[acronym], due, owner)
            items.add_action_item(meeting, task, by=chair, at=after)
    tell_minutes(story, meeting)
    next_begins, recently = usual_hour(story.today + timedelta(days=7)), story.ago(days=5)
    with dated(recently):
        convene(invitation(next_entry, next_begins), by=story.chair_at(recently), at=recently)


def tell_minutes(story: Story, meeting: Meeting) -> None:
    """Circulate the minutes of the last meeting.

    One agency proposes a correction.
    """
    entry, moment = story.data["last_meeting"], story.ago(days=6)
    agenda = list(meeting.agenda.order_by("position"))
    with dated(moment):
        chair = story.chair_at(moment)
        written = [
            minutes.add_paragraph(
                meeting, agenda[item - 1], ParagraphInput(text, kind), by=chair, at=moment
            )
            for item, kind, text in entry["minutes"]
        ]
        draft = written[0].minutes
        until = story.ahead(days=4)
        minutes.circulate_minutes(draft, until, version=draft.version, by=chair, at=moment)
    correction, later = entry["correction"], story.ago(days=3)
    paragraph, agency = written[correction["paragraph"]], story.agencies[correction["agency"]]
    change = ProposedCorrection(
        CorrectionKind.CHANGE,
        paragraph.text.replace(*correction["change"]),
        correction["reason"],
    )
    with dated(later):
        corrections.propose_correction(
            paragraph, agency, change, by=story.speaker(agency.acronym), at=later
        )


def usual_hour(day: date) -> datetime:
    """Return 15:00 of `day` in the group's zone.

    For a weekend, of the Friday before it.
    """
    friday = day - timedelta(days=max(0, day.weekday() - 4))
    return datetime.combine(friday, time(15), tzinfo=group().zone).astimezone(UTC)


def invitation(
    entry: Mapping[str, Any], begins: datetime, kind: MeetingKind = MeetingKind.WORKING_LEVEL
) -> MeetingDetails:
    """Return the input of a meeting of 75 minutes."""
    return MeetingDetails(
        entry["title"],
        kind,
        begins,
        begins + timedelta(minutes=75),
        group().time_zone,
        entry.get("place", "By videoconference"),
        "",
        "\n".join(entry["agenda"]),
        entry.get("hour_reason", ""),
    )


def tell_statements(story: Story) -> None:
    """Tell three statements, each in another state."""
    demo_statements.tell_adopted(story)
    demo_statements.tell_clearance(story)
    demo_statements.tell_amendments(story)
