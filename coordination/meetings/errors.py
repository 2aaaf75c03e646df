"""Broken rules of the meetings domain."""

from collections.abc import Collection, Mapping
from typing import Any

from coordination.core.errors import RuleBroken


class EndsBeforeStart(RuleBroken):
    """The meeting ends before it starts."""


class MeetingOver(RuleBroken):
    """A held or cancelled meeting cannot be moved or cancelled."""


class MeetingMoved(RuleBroken):
    """The meeting moved after the page was shown.

    The page asked about other hours.
    """


class ColleagueMissing(RuleBroken):
    """Who sends a colleague names them."""


class NotBegun(RuleBroken):
    """A meeting that has not begun has no outcome yet."""


class ItemSettled(RuleBroken):
    """A settled item must be opened again before it is settled differently."""


class NotAFile(RuleBroken):
    """The file is too large, or of an unknown type."""


class AttendanceChanged(RuleBroken):
    """Somebody saved the attendance of these agencies meanwhile.

    `records` are what they saved, by key of the agency; None where they removed it.
    """

    def __init__(self, message: str, records: Mapping[int, Any]) -> None:
        super().__init__(message)
        self.records = records


class AttendanceKept(RuleBroken):
    """The attendance of these agencies stays on record."""

    def __init__(self, message: str, agencies: Collection[int]) -> None:
        super().__init__(message)
        self.agencies = agencies


class SamePaysAgain(RuleBroken):
    """An agency is burdened again, without a reason.

    It sits outside its working hours, as at the last meeting.
    """


class PollOver(RuleBroken):
    """The poll takes no answers any more, or is settled."""


class WrongSlots(RuleBroken):
    """The hours of a poll, or its end, leave no time.

    Agencies cannot answer about them in time.
    """


class NotWorkingHours(RuleBroken):
    """The hours of work, or their country, are invalid.

    A country is valid if its holidays are known.
    """


class WrongSeries(RuleBroken):
    """These days make no series."""


class SeriesOver(RuleBroken):
    """The series has ended."""


class AgendaKept(RuleBroken):
    """These agenda items carry more than a title.

    Saving the agenda as lines does not remove them.
    """


class SamePaper(RuleBroken):
    """The item has this paper, or the paper is another meeting's."""


class ProposalSettled(RuleBroken):
    """The chair has decided about this proposal, or it was withdrawn."""


class DeclinedWithoutReason(RuleBroken):
    """A proposal is declined with a reason."""


class MinutesFixed(RuleBroken):
    """The minutes are circulated or adopted.

    They no longer change in this way.
    """


class MinutesNotReady(RuleBroken):
    """The minutes cannot be circulated or adopted yet."""


class ParagraphIncomplete(RuleBroken):
    """A paragraph of minutes lacks what its kind needs."""


class CorrectionSettled(RuleBroken):
    """The correction can no longer change.

    It was decided or withdrawn, or the time for corrections is over.
    """


class RecordAgreed(RuleBroken):
    """The record of the meeting is agreed, so nobody changes it."""


class ClaimRefused(RuleBroken):
    """The person cannot claim to have attended.

    It is too late, too early, or claimed before.
    """


class ClaimSettled(RuleBroken):
    """The claim was confirmed or declined already."""
