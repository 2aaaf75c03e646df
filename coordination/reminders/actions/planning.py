"""Planning: what the sources say is due becomes rows of the outbox, each once, by its key."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.db import transaction

from coordination.core import due
from coordination.core.due import Due, Source
from coordination.members.models import Person
from coordination.reminders import queries
from coordination.reminders.enums import Frequency, MessageState
from coordination.reminders.models import OutboxMessage
from coordination.reminders.queries.mails import Letterhead, Mail, digest_mail, letterhead, mail_of

BATCH = 500


@dataclass(frozen=True, slots=True)
class Planned:
    """How many mails were planned now, and how many were planned before."""

    new: int
    kept: int


def in_batches(dues: Iterable[Due]) -> Iterator[list[Due]]:
    """Yield what is due in batches; a key that comes twice counts once."""
    unique = iter({item.key: item for item in dues}.values())
    while batch := list(islice(unique, BATCH)):
        yield batch


def plan(at: datetime) -> Planned:
    """Write a row for each reminder that is due as of `at` and has none yet.

    Planning twice, or by two planners at once, changes nothing: the key is unique. Each batch is one transaction. A source
    that fails keeps none of the others from being planned; its error is raised at the end, for the log and the operator.
    """
    head, new, kept, failures = letterhead(), 0, 0, []
    for source in due.sources():
        try:
            for batch in in_batches(source.find(at)):
                written = plan_batch(source, batch, head, at)
                new, kept = new + written, kept + len(batch) - written
        except Exception as error:  # noqa: BLE001 - whatever a domain's source or template does wrong
            failures.append(error)
    new += plan_digests(head, at)
    if failures:
        raise ExceptionGroup("sources of reminders failed", failures)
    return Planned(new, kept)


@transaction.atomic
def plan_batch(source: Source, batch: list[Due], head: Letterhead, at: datetime) -> int:
    """Write the rows of one batch that are not there yet; return how many."""
    known = set(OutboxMessage.objects.filter(key__in=[item.key for item in batch]).values_list("key", flat=True))
    fresh = [item for item in batch if item.key not in known]
    if not fresh:
        return 0
    people = Person.objects.in_bulk({item.person_id for item in fresh})
    frequencies = queries.frequencies(source.kind, people) if source.can_be_off else {}
    rows = [row for item in fresh if (row := row_of(source, item, people, frequencies, head, at))]
    OutboxMessage.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def row_of(
    source: Source,
    item: Due,
    people: Mapping[int, Person],
    frequencies: Mapping[int, str],
    head: Letterhead,
    at: datetime,
) -> OutboxMessage | None:
    """Return the row of one reminder, rendered in the person's zone; None for whoever has no address or wants none."""
    person = people.get(item.person_id)
    frequency = frequencies.get(item.person_id, Frequency.AT_ONCE)
    if person is None or not person.email or not person.is_active or frequency == Frequency.OFF:
        return None
    state = MessageState.HELD if frequency == Frequency.DIGEST else MessageState.WAITING
    return row(item.key, source.kind, person, mail_of(source, item, person, head), state=state, due_at=item.at, at=at)


def row(key: str, kind: str, person: Person, mail: Mail, *, state: str, due_at: datetime, at: datetime) -> OutboxMessage:
    """Return a row of the outbox, ready to be written."""
    return OutboxMessage(
        key=key,
        kind=kind,
        recipient=person,
        address=person.email or "",
        subject=mail.subject,
        text=mail.text,
        html=mail.html,
        headers=mail.headers,
        message_id=mail.message_id,
        url=mail.url,
        due_at=due_at,
        planned_at=at,
        next_try_at=at,
        state=state,
    )


@transaction.atomic
def plan_digests(head: Letterhead, at: datetime) -> int:
    """Gather what is held for people whose morning (08:00 in their zone) has come into one mail each; return how many."""
    held = list(
        OutboxMessage.objects.select_for_update(of=("self",))
        .filter(state=MessageState.HELD)
        .select_related("recipient")
        .order_by("due_at", "pk")
    )
    rows, gathered = [], []
    for person, messages, morning in queries.digests(held, head.group, at):
        mail = digest_mail(person, messages, head, morning)
        rows.append(
            row(
                f"digest:{person.pk}:{morning.date().isoformat()}",
                "reminders.digest",
                person,
                mail,
                state=MessageState.WAITING,
                due_at=morning,
                at=at,
            )
        )
        gathered += [message.pk for message in messages]
    OutboxMessage.objects.bulk_create(rows, ignore_conflicts=True)
    OutboxMessage.objects.filter(pk__in=gathered).update(state=MessageState.DIGESTED)
    return len(rows)
