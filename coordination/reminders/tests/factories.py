"""Test data of the reminders domain: rows of the outbox, and a source that owes whatever a test says."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

import factory
from factory.django import DjangoModelFactory

from coordination.core import due
from coordination.core.due import Due, Source
from coordination.members.models import Person
from coordination.members.tests.factories import PersonFactory
from coordination.reminders.models import OutboxMessage
from coordination.reminders.queries.mails import Mail, letterhead, mail_of

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
KIND = "tests.letter"


class OutboxMessageFactory(DjangoModelFactory):
    class Meta:
        model = OutboxMessage

    key = factory.Sequence(lambda n: f"tests.letter:thing:{n}:30d")
    kind = KIND
    recipient = factory.SubFactory(PersonFactory)
    address = factory.SelfAttribute("recipient.email")
    subject = factory.Sequence(lambda n: f"Hand over item {n}")
    text = "Dear Nadia,\n\nHand it over.\n"
    html = "<p>Hand it over.</p>"
    message_id = factory.Sequence(lambda n: f"<{n:040x}@localhost>")
    url = "/desk/"
    due_at = AT
    planned_at = AT
    next_try_at = AT


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleSource(Source):
    """A kind whose templates a test writes."""

    @property
    def template(self) -> str:
        return "tests/mail/letter"


def owed(*people, stage: str = "30d", at: datetime = AT, **context: object) -> list[Due]:
    """Return one reminder per person."""
    words = {"words": "Hand over", **context}
    return [
        Due(
            kind=KIND,
            subject="thing:1",
            stage=stage,
            person_id=person.pk,
            at=at,
            url="/desk/#item-1",
            context=words,
        )
        for person in people
    ]


def only_source(
    monkeypatch,
    find: Callable[[datetime], Iterable[Due]],
    *,
    can_be_off: bool = True,
    calendar: Callable[[Due, Person], str] | None = None,
) -> None:
    """Let the planner know one kind of reminder alone."""
    monkeypatch.setattr(due, "_sources", {})
    source = SampleSource(
        kind=KIND, label="Letters", can_be_off=can_be_off, find=find, calendar=calendar
    )
    due.register(source)


def letters(
    kind: str, find: Callable[[datetime], Iterable[Due]], at: datetime
) -> list[tuple[str, Mail]]:
    """Return what a source owes at a moment, each as its recipient's name and its mail."""
    source = next(source for source in due.sources() if source.kind == kind)
    people = [(item, Person.objects.get(pk=item.person_id)) for item in find(at)]
    return [(person.name, mail_of(source, item, person, letterhead(at))) for item, person in people]


MOMENT = AT


def due_for(person, *, stage="1d", subject="2027-01-01", kind="rotation.vacancy", days_left=30):
    """Return one reminder of a kind that can be switched off."""
    context = {"begins": datetime(2027, 1, 1, tzinfo=UTC).date(), "days_left": days_left}
    return Due(
        kind=kind,
        subject=subject,
        stage=stage,
        person_id=person.pk,
        at=MOMENT,
        url="/rotation/",
        context=context,
    )
