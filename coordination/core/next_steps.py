"""What a person must or may do next, in every domain.

Each domain's `queries.next_steps` decides it from loaded facts. My desk, the bar on top of a page,
the page of the act and mails read the same answer.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

QUESTION_MARKS = ("?", "؟", "？")  # no colon stands after one


class Scope(StrEnum):
    """Who takes the step."""

    ME = "me"
    AGENCY = "agency"
    CHAIR = "chair"


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStep:
    """One step: what, why, by when, and where its control is.

    `kind` is its code ("statements.adopt"). `must` is true for a step that is asked of the person,
    false for one that is only possible. `about` is the title of the object where `what` does not
    name it. `agencies` are the person's agencies that take the step, `owner` is the person who took
    it on. `deadline` is a moment (UTC), `day` a whole day of the group.
    """

    kind: str
    what: str
    verb: str
    url_name: str
    url_args: tuple[object, ...] = ()
    anchor: str = ""
    must: bool = True
    scope: Scope = Scope.ME
    about: str = ""
    why: str = ""
    deadline: datetime | None = None
    day: date | None = None
    agencies: tuple[Any, ...] = ()
    owner: Any = None

    @property
    def url(self) -> str:
        """Return the address of the control."""
        anchor = f"#{self.anchor}" if self.anchor else ""
        return reverse(self.url_name, args=self.url_args) + anchor

    @property
    def title(self) -> str:
        """Return the step with its object, for a list about several objects."""
        if not self.about:
            return self.what
        if self.what.endswith(QUESTION_MARKS):
            return f"{self.what} {self.about}"
        return _("%(step)s: %(title)s") % {"step": self.what, "title": self.about}


def by_name(steps: Iterable[NextStep]) -> dict[str, NextStep]:
    """Return the steps of one object by name ("adopt")."""
    return {step.kind.rpartition(".")[2]: step for step in steps}


def by_deadline(steps: Iterable[NextStep]) -> list[NextStep]:
    """Return the steps by deadline.

    Those without one come last.
    """
    return sorted(steps, key=lambda step: (latest(step), step.title))


def latest(step: NextStep) -> datetime:
    """Return when the step is due.

    A day counts to its end.
    """
    if step.deadline:
        return step.deadline
    # The end of the day in UTC is exact enough for an order.
    return datetime.combine(step.day or date.max, time.max, tzinfo=UTC)
