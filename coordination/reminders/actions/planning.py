"""Planning: what the sources say is due becomes rows of the outbox, each once, by its key."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice, takewhile

from django.db import transaction
from django.db.models import Exists, OuterRef

from coordination.core import due
from coordination.core.due import Due, Source
from coordination.members.models import Person
from coordination.members.queries import recipients
from coordination.reminders.actions.checking import renew, still_due
from coordination.reminders.actions.preferences import let_go
from coordination.reminders.enums import MESSAGE_LIFE, Frequency, MessageState
from coordination.reminders.models import MailPreference, OutboxMessage
from coordination.reminders.queries import outbox
from coordination.reminders.queries.checks import Facts, check_messages
from coordination.reminders.queries.mails import (
    DIGEST,
    Letterhead,
    Mail,
    digest_mail,
    letterhead,
    mail_of,
)
from coordination.reminders.smtp import never

BATCH = 500
# withheld or expired: when its key is due again, the row is planned again
REVIVED = MESSAGE_LIFE.before(MessageState.HELD)

# of a row that is planned again: its words, and what the first time left in it
REWRITTEN = (
    "recipient",
    "address",
    "subject",
    "text",
    "html",
    "headers",
    "url",
    "due_at",
    "until",
    "planned_at",
    "next_try_at",
    "state",
    "reason",
    "reason_values",
    "withheld_at",
    "digest",
    "tries",
    "last_answer",
)


@dataclass(frozen=True, slots=True)
class Planned:
    """The mails planned now.

    How many were planned before, and how many are dropped: not wanted, or nobody to write to.
    """

    rows: list[OutboxMessage] = field(default_factory=list)
    kept: int = 0
    dropped: int = 0

    @property
    def new(self) -> int:
        """Return how many were planned now."""
        return len(self.rows)

    def __add__(self, other: "Planned") -> "Planned":
        """Return both together."""
        return Planned(self.rows + other.rows, self.kept + other.kept, self.dropped + other.dropped)


def in_batches(dues: Iterable[Due]) -> Iterator[list[Due]]:
    """Yield what is due in batches, each mail once, by its key."""
    unique = iter({item.key: item for item in dues}.values())
    while batch := list(islice(unique, BATCH)):
        yield batch


def plan(at: datetime, *, dry: bool = False, stopping: Callable[[], bool] = never) -> Planned:
    """Write a row for each reminder that is due as of `at` and has none yet; `dry` only says which.

    Planning twice, or by two planners at once, changes nothing: the key is unique. Each batch is
    one transaction. A source or a mail that fails keeps no other from being planned; the errors
    are raised at the end, for the log and the operator. Once `stopping()` is true no further batch
    is begun.
    """
    head, planned, failures = letterhead(), Planned(), list[Exception]()
    for source in due.sources():
        try:
            for batch in takewhile(lambda _batch: not stopping(), in_batches(source.find(at))):
                planned += plan_batch(SourcePlan(source, head, at, failures), batch, dry=dry)
        except Exception as error:  # noqa: BLE001 - whatever a domain's source does wrong
            failures.append(error)
    kept_back = [row for row in planned.rows if row.state == MessageState.HELD]
    digests, errors = plan_digests(head, at, kept_back if dry else [], dry=dry)
    planned += digests
    failures += errors
    if failures:
        raise ExceptionGroup("some reminders could not be planned", failures)
    return planned


@dataclass(frozen=True, slots=True)
class SourcePlan:
    """What the mails of one source share, and where failures are noted."""

    source: Source
    head: Letterhead
    at: datetime
    failures: list[Exception]

    def write(self, item: Due, person: Person, frequency: str) -> OutboxMessage | None:
        """Return the row of one reminder, rendered in the person's zone.

        None if its template fails.
        """
        state = MessageState.HELD if frequency == Frequency.DIGEST else MessageState.WAITING
        try:
            mail = mail_of(self.source, item, person, self.head)
        except Exception as error:  # noqa: BLE001 - whatever a domain's template does wrong
            error.add_note(item.key)
            self.failures.append(error)
            return None
        message = OutboxMessage(
            key=item.key, kind=self.source.kind, due_at=item.at, until=item.until, state=state
        )
        row = filled(message, mail, person, at=self.at)
        row.address = item.address or row.address
        return row


@transaction.atomic
def plan_batch(source_plan: SourcePlan, batch: list[Due], *, dry: bool) -> Planned:
    """Write the missing rows of one batch for people who have an address and want the mail.

    A row that was withheld or expired, and whose key is due again, is planned again: its words are
    made anew.
    """
    states = dict(
        OutboxMessage.objects.filter(key__in=[item.key for item in batch]).values_list(
            "key", "state"
        )
    )
    fresh = [item for item in batch if states.get(item.key, MessageState.WITHHELD) in REVIVED]
    kept = len(batch) - len(fresh)
    if not fresh:
        return Planned(kept=kept)
    people = recipients.reachable_people({item.person_id for item in fresh})
    frequencies = (
        outbox.frequencies(source_plan.source.kind, people) if source_plan.source.can_be_off else {}
    )
    wanted = [
        item
        for item in fresh
        if item.person_id in people and frequencies.get(item.person_id) != Frequency.OFF
    ]
    written = [
        source_plan.write(
            item, people[item.person_id], frequencies.get(item.person_id, Frequency.AT_ONCE)
        )
        for item in wanted
    ]
    rows = [found for found in written if found]
    if not dry:
        OutboxMessage.objects.bulk_create(
            [row for row in rows if row.key not in states], ignore_conflicts=True
        )
        revived = revive([row for row in rows if row.key in states])
        rows = [row for row in rows if row.key not in states or row.key in revived]
    return Planned(rows, kept=kept, dropped=len(fresh) - len(wanted))


def revive(rows: list[OutboxMessage]) -> set[str]:
    """Write rows over those of their keys that were withheld or expired; return these keys.

    Those that another planner revived first are left as they are. Two queries.
    """
    # locked in one order, so that two planners do not wait for each other
    unsent = OutboxMessage.objects.select_for_update(of=("self",)).order_by("pk")
    found = unsent.filter(key__in=[row.key for row in rows], state__in=REVIVED)
    keys = set(found.values_list("key", flat=True))
    OutboxMessage.objects.bulk_create(
        [row for row in rows if row.key in keys],
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=REWRITTEN,
    )
    return keys


def filled(row: OutboxMessage, mail: Mail, person: Person, *, at: datetime) -> OutboxMessage:
    """Return a row of the outbox with the mail and its recipient in it, ready to be written."""
    row.recipient, row.address = person, person.email or ""
    row.subject, row.text, row.html = mail.subject, mail.text, mail.html
    row.headers, row.message_id, row.url = mail.headers, mail.message_id, mail.url
    row.planned_at = row.next_try_at = at
    return row


@transaction.atomic
def plan_digests(
    head: Letterhead, at: datetime, unwritten: list[OutboxMessage], *, dry: bool
) -> tuple[Planned, list[Exception]]:
    """Gather the held mails of each person whose morning has come into one mail each.

    The morning is 08:00 in the person's zone. `dry` only says which mails would be gathered.

    `unwritten` are the rows that would be held if the run were not dry. What came to be held while
    its kind was switched off is let go. What is not true any more is set aside, and what cannot be
    checked stays held; the errors are returned. The key names the first mail that it gathers, which
    no other digest gathers: a clock that goes back makes a second digest of the same morning, and
    loses nothing.
    """
    off = MailPreference.objects.filter(
        person=OuterRef("recipient"), kind=OuterRef("kind"), frequency=Frequency.OFF
    )
    if not dry:
        let_go(OutboxMessage.objects.filter(Exists(off)))
    held = (
        OutboxMessage.objects.select_for_update(of=("self",))
        .filter(~Exists(off), state__in=MESSAGE_LIFE.before(MessageState.DIGESTED))
        .select_related("recipient")
        .order_by("due_at", "pk")
    )
    mornings = list(outbox.digests([*held, *unwritten], head.group, at))
    mails, errors = held_still_due(
        [mail for _person, messages, _morning in mornings for mail in messages],
        Facts(at),
        head,
        dry=dry,
    )
    of_person = defaultdict[int, list[OutboxMessage]](list)
    for mail in mails:
        of_person[mail.recipient_id].append(mail)
    rows, gathered = list[OutboxMessage](), list[OutboxMessage]()
    for person, _messages, morning in mornings:
        if person.pk in of_person:
            rows.append(digest_of(person, of_person[person.pk], morning, head, at))
            gathered += of_person[person.pk]
            for mail in of_person[person.pk]:
                mail.digest, mail.state = rows[-1], MessageState.DIGESTED
    if not dry:
        OutboxMessage.objects.bulk_create(rows)
        OutboxMessage.objects.bulk_update(gathered, ["digest", "state"])
    return Planned(rows), errors


def held_still_due(
    messages: list[OutboxMessage], facts: Facts, head: Letterhead, *, dry: bool
) -> tuple[list[OutboxMessage], list[Exception]]:
    """Return the held mails that are still true, and what sources and templates raised.

    The mails have the words of today.

    A mail that cannot be checked is not among them. In a dry run nothing is written; mails without
    a row were found true just now.
    """
    checks = check_messages([message for message in messages if message.pk], facts)
    errors = [check.error for check in checks.values() if check.error]
    if dry:
        return [
            m for m in messages if not m.pk or not (checks[m.pk].error or checks[m.pk].reason)
        ], errors
    true, renewed = list[OutboxMessage](), list[OutboxMessage]()
    for mail in still_due(
        [message for message in messages if not checks[message.pk].error], checks, facts.at
    ):
        try:
            changed = renew(mail, checks[mail.pk].item, head, facts.at)
        except Exception as error:  # noqa: BLE001 - whatever a domain's template does wrong
            error.add_note(mail.key)
            errors.append(error)
        else:
            true.append(mail)
            renewed += [mail] if changed else []
    OutboxMessage.objects.bulk_update(renewed, ["address", "subject", "text", "html", "url"])
    return true, errors


def digest_of(
    person: Person, mails: list[OutboxMessage], morning: datetime, head: Letterhead, at: datetime
) -> OutboxMessage:
    """Return the row of one digest, ready to be written."""
    first = min((mail.pk for mail in mails if mail.pk), default=0)
    key = f"{DIGEST}:{morning.date().isoformat()}:{person.pk}:{first}"
    mail = digest_mail(key, person, mails, head, morning)
    digest = OutboxMessage(key=key, kind=DIGEST, due_at=morning, state=MessageState.WAITING)
    return filled(digest, mail, person, at=at)
