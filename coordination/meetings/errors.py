"""Broken rules of the meetings domain."""

from collections.abc import Collection, Mapping
from typing import Any

from coordination.core.errors import RuleBroken


class EndsBeforeStart(RuleBroken):
    """The meeting ends before it starts."""


class MeetingOver(RuleBroken):
    """A held or cancelled meeting cannot be moved or cancelled."""


class MeetingMoved(RuleBroken):
    """The meeting moved to other hours after the page with the question was shown."""


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
    """An agency sits outside its working hours again, and no reason is given."""


class PollOver(RuleBroken):
    """The poll takes no answers any more, or is settled."""


class WrongSlots(RuleBroken):
    """The hours of a poll, or its end, cannot be answered about in time."""


class NotWorkingHours(RuleBroken):
    """These are no hours of work, or no country whose holidays are known."""


class WrongSeries(RuleBroken):
    """These days make no series."""


class SeriesOver(RuleBroken):
    """The series has ended."""


class AgendaKept(RuleBroken):
    """These agenda items carry more than a title, so lines do not remove them."""


class SamePaper(RuleBroken):
    """The item has this paper already, or the paper is one of another meeting."""


class ProposalSettled(RuleBroken):
    """The chair has decided about this proposal, or it was withdrawn."""


class DeclinedWithoutReason(RuleBroken):
    """A proposal is declined with a reason."""


class MinutesFixed(RuleBroken):
    """The minutes are circulated or adopted, and do not change in this way any more."""


class MinutesNotReady(RuleBroken):
    """The minutes cannot be circulated or adopted yet."""


class ParagraphIncomplete(RuleBroken):
    """A paragraph of minutes lacks what its kind needs."""


class CorrectionSettled(RuleBroken):
    """The correction was decided or withdrawn, or the time for corrections is over."""


class RecordAgreed(RuleBroken):
    """The record of the meeting is agreed, so nobody changes it."""


class ClaimRefused(RuleBroken):
    """The person cannot claim to have attended: too late, too early, or said before."""


class ClaimSettled(RuleBroken):
    """The claim was confirmed or declined already."""
