"""What is owed to whom, and when: the contract between the domains' `due.py` and the planner.

A domain registers a source per kind; a source is a pure function of data and a moment. Actions never send mail:
they leave a fact and call `wake_on_commit`, and the planner derives the message.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.dispatch import Signal
from django.utils.functional import Promise

facts_changed = Signal()
_sources: dict[str, "Source"] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """One reminder that one person is owed.

    `subject` identifies the thing ("handover:12"), `stage` the occasion ("30 days"); with kind and person they make the
    unique key, so that planning twice changes nothing. `at` is the moment (UTC) from which it is due. `url` is the path of
    the very control; `context` feeds the mail's templates. Where one occasion owes a person several mails, such as one for each
    agency, each says which it is (`part`), whatever else is due: a key never depends on that.
    `address` replaces the person's own address, as for the notice to an address that is no longer theirs.
    """

    kind: str
    subject: str
    stage: str
    person_id: int
    at: datetime
    url: str
    context: Mapping[str, object] = field(default_factory=dict)
    part: str = ""
    address: str = ""

    @property
    def key(self) -> str:
        """Return the unique key: (kind, subject, recipient, stage), and the part where one occasion owes a person several mails."""
        return f"{self.kind}:{self.subject}:{self.person_id}:{self.stage}{self.part and ':'}{self.part}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A kind of reminder: its name ("rotation.handover"), label, whether it may be switched off, and what yields it."""

    kind: str
    label: str | Promise
    can_be_off: bool
    find: Callable[[datetime], Iterable[Due]]

    @property
    def template(self) -> str:
        """Return the stem of its mail templates: "rotation.handover" is in rotation/mail/handover.{subject.txt,txt,html}."""
        app, _, name = self.kind.partition(".")
        return f"{app}/mail/{name}"


def register(source: Source) -> None:
    """Make a kind known to the planner and to the page of preferences."""
    _sources[source.kind] = source


def sources() -> tuple[Source, ...]:
    """Return every kind, by name."""
    return tuple(_sources[kind] for kind in sorted(_sources))


def _say_so() -> None:
    """Tell whoever listens that facts have changed."""
    facts_changed.send(sender=None)


def wake_on_commit() -> None:
    """Tell the planner, once after this transaction commits, that something may be owed."""
    waiting = transaction.get_connection().run_on_commit
    if not any(_say_so in entry for entry in waiting):
        transaction.on_commit(_say_so, robust=True)
