"""Errors that people read: each message is one translated sentence, without blame."""

from typing import Any

from django.db import models


class RuleBroken(Exception):
    """A rule of the group forbids this.

    `field` names the form field beside which the sentence belongs.
    """

    def __init__(self, message: str, *, field: str | None = None) -> None:
        """Keep the sentence and its place."""
        super().__init__(message)
        self.message = message
        self.field = field


class NotAllowed(RuleBroken):
    """The person may not do this on this day; the message says who may."""


class OutOfReach(RuleBroken):
    """A server that this needs does not answer now; nothing is amiss with what was asked."""


class TooManyAttempts(RuleBroken):
    """Somebody tries too often; `seconds` says how long to wait."""

    def __init__(self, message: str, *, seconds: int) -> None:
        """Keep the sentence and the time."""
        super().__init__(message)
        self.seconds = seconds


class Stale(RuleBroken):
    """Somebody saved the same thing meanwhile; `current` is the object as they left it."""

    def __init__(self, message: str, *, current: models.Model) -> None:
        """Keep the sentence and what is saved now."""
        super().__init__(message)
        self.current: Any = current  # whatever was being edited


class AlreadySubmitted(RuleBroken):
    """This form was sent before.

    `leads_to` is the address of what it made, `same_content` says whether it held the same.
    """

    def __init__(self, message: str, *, leads_to: str, same_content: bool) -> None:
        super().__init__(message)
        self.leads_to = leads_to
        self.same_content = same_content


class LastDayBeforeFirst(RuleBroken):
    """The last day is before the first."""
