"""Errors for people: each message is one translated sentence, without blame."""

from typing import Any

from django.db import models


class RuleBroken(Exception):
    """A rule of the group forbids this.

    `field` names the form field beside which the sentence belongs.
    """

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class NotAllowed(RuleBroken):
    """The person may not do this on this day."""


class OutOfReach(RuleBroken):
    """A server that this needs does not answer now."""


class TooManyAttempts(RuleBroken):
    """Somebody tries too often.

    The person may try again after `seconds`.
    """

    def __init__(self, message: str, *, seconds: int) -> None:
        super().__init__(message)
        self.seconds = seconds


class Stale(RuleBroken):
    """Somebody saved the object meanwhile.

    `current` is what they saved.
    """

    def __init__(self, message: str, *, current: models.Model) -> None:
        super().__init__(message)
        self.current: Any = current  # of the model that the action edits


class AlreadySubmitted(RuleBroken):
    """This form was sent before.

    `leads_to` is the address of what it created. `same_content` tells whether both forms held the
    same.
    """

    def __init__(self, message: str, *, leads_to: str, same_content: bool) -> None:
        super().__init__(message)
        self.leads_to = leads_to
        self.same_content = same_content


class FarFromToday(RuleBroken):
    """An act is about a day that is too far from today."""


class LastDayBeforeFirst(RuleBroken):
    """The last day is before the first."""


class AnotherGroup(RuleBroken):
    """The database belongs to another group than the data to load."""


class AlreadySetUp(RuleBroken):
    """A group is on record already."""


class FieldRefused(RuleBroken):
    """A field refuses a value, which came from no form."""
