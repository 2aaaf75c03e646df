"""Test data of the meetings domain."""

from datetime import UTC, date, datetime, time

import factory
from factory.django import DjangoModelFactory

from coordination.meetings.enums import Level, MeetingKind, RefusalReason, Reply
from coordination.meetings.models import (
    ActionItem,
    AgendaItem,
    AgendaProposal,
    Attendance,
    AttendanceClaim,
    Decision,
    HourPoll,
    Meeting,
    MeetingAnswer,
    MeetingDocument,
    MeetingSeries,
    MeetingVisitor,
    RefusedReply,
    WorkingHours,
)
from coordination.members.tests.factories import AgencyFactory, PersonFactory


class MeetingFactory(DjangoModelFactory):
    class Meta:
        model = Meeting

    slug = factory.Sequence(lambda n: f"meeting-{n}")
    title = factory.Sequence(lambda n: f"Meeting {n}")
    kind = MeetingKind.WORKING_LEVEL
    starts_at = datetime(2026, 12, 2, 14, 0, tzinfo=UTC)
    time_zone = "Europe/Zurich"


class MeetingAnswerFactory(DjangoModelFactory):
    class Meta:
        model = MeetingAnswer

    meeting = factory.SubFactory(MeetingFactory)
    person = factory.SubFactory(PersonFactory)
    reply = Reply.ACCEPTED
    answered_at = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    starts_at = factory.SelfAttribute("meeting.starts_at")


class RefusedReplyFactory(DjangoModelFactory):
    class Meta:
        model = RefusedReply

    received_at = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    sender = "somebody@example.org"
    reason = RefusalReason.UNKNOWN_SENDER
    message_id = factory.Sequence(lambda n: f"<{n}@example.org>")


class AgendaItemFactory(DjangoModelFactory):
    class Meta:
        model = AgendaItem

    meeting = factory.SubFactory(MeetingFactory)
    position = factory.Sequence(lambda n: n + 1)
    title = factory.Sequence(lambda n: f"Agenda item {n}")


class DocumentFactory(DjangoModelFactory):
    class Meta:
        model = MeetingDocument

    meeting = factory.SubFactory(MeetingFactory)
    title = factory.Sequence(lambda n: f"Paper {n}")


class AttendanceFactory(DjangoModelFactory):
    class Meta:
        model = Attendance

    meeting = factory.SubFactory(MeetingFactory)
    agency = factory.SubFactory(AgencyFactory)
    level = Level.PRINCIPAL


class MeetingVisitorFactory(DjangoModelFactory):
    class Meta:
        model = MeetingVisitor

    meeting = factory.SubFactory(MeetingFactory)
    name = factory.Sequence(lambda n: f"Visitor {n}")


class AttendanceClaimFactory(DjangoModelFactory):
    class Meta:
        model = AttendanceClaim

    meeting = factory.SubFactory(MeetingFactory)
    agency = factory.SubFactory(AgencyFactory)
    person = factory.SubFactory(PersonFactory)
    claimed_at = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


class DecisionFactory(DjangoModelFactory):
    class Meta:
        model = Decision

    meeting = factory.SubFactory(MeetingFactory)
    number = factory.Sequence(lambda n: n + 1)
    text = factory.Sequence(lambda n: f"Decision {n}")


class ActionItemFactory(DjangoModelFactory):
    class Meta:
        model = ActionItem

    meeting = factory.SubFactory(MeetingFactory)
    number = factory.Sequence(lambda n: n + 1)
    title = factory.Sequence(lambda n: f"Action {n}")
    agency = factory.SubFactory(AgencyFactory)
    due_day = date(2026, 12, 1)


class WorkingHoursFactory(DjangoModelFactory):
    class Meta:
        model = WorkingHours

    agency = factory.SubFactory(AgencyFactory)
    begins = time(8)
    ends = time(16)


class HourPollFactory(DjangoModelFactory):
    class Meta:
        model = HourPoll

    title = factory.Sequence(lambda n: f"Meeting {n}")
    minutes = 60
    opened_by = factory.SubFactory(PersonFactory)
    opened_at = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
    closes_at = datetime(2026, 11, 27, 17, 0, tzinfo=UTC)


class MeetingSeriesFactory(DjangoModelFactory):
    class Meta:
        model = MeetingSeries

    title = factory.Sequence(lambda n: f"Series {n}")
    repeats = "monthly"
    first_day = date(2026, 12, 16)
    last_day = date(2027, 6, 30)
    begins = time(15)
    time_zone = "Europe/Zurich"
    dates_since = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


class AgendaProposalFactory(DjangoModelFactory):
    class Meta:
        model = AgendaProposal

    agency = factory.SubFactory(AgencyFactory)
    title = factory.Sequence(lambda n: f"Proposal {n}")
    proposed_by = factory.SubFactory(PersonFactory)
    proposed_at = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
