"""Planning: what is due becomes rows of the outbox, once by key."""

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
from coordination.reminders.actions.preferences import drop_held
from coordination.reminders.enums import MESSAGE_LIFE, Frequency, MessageState
from coordination.reminders.models import MailPreference, OutboxMessage
from coordination.reminders.queries import outbox
from coordination.reminders.queries.checks import Facts, check_messages
from coordination.reminders.queries.copies import Copies
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
# withheld or expired: a row in these states is planned again when its key is due again
REVIVED = MESSAGE_LIFE.before(MessageState.HELD)

# fields of a row that is planned again
REWRITTEN = (
    "recipient",
    "address",
    "subject",
    "text",
    "html",
    "calendar",
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
    "failure",
    "failure_values",
)


@dataclass(frozen=True, slots=True)
class Planned:
    """The result of planning.

    `rows` are the mails planned now. `already_planned` and `dropped` are counts; dropped are those
    that nobody wants or that have no address.
    """

    rows: list[OutboxMessage] = field(default_factory=list)
    already_planned: int = 0
    dropped: int = 0

    @property
    def new(self) -> int:
        """Return how many were planned now."""
        return len(self.rows)

    def __add__(self, other: "Planned") -> "Planned":
        """Return the sum of both."""
        return Planned(
            self.rows + other.rows,
            self.already_planned + other.already_planned,
            self.dropped + other.dropped,
        )


def in_batches(dues: Iterable[Due]) -> Iterator[list[Due]]:
    """Yield what is due in batches, each key once."""
    # A source may yield a key twice; PostgreSQL refuses an upsert of both.
    unique = iter({item.key: item for item in dues}.values())
    while batch := list(islice(unique, BATCH)):
        yield batch


def plan(at: datetime, *, dry: bool = False, stopping: Callable[[], bool] = never) -> Planned:
    """Write a row for each due reminder that has none.

    `dry` only returns them. Planning twice, or by two planners at once, changes nothing, since the
    key is unique. Each batch is one transaction. A source or mail that fails does not stop the
    others; the errors are raised at the end. Once `stopping()` is true no further batch begins.
    """
    head, planned, failures = letterhead(at), Planned(), list[Exception]()
    copies = Copies(at, head.group.zone)
    for source in due.sources():
        try:
            batches = in_batches(copies.added_to(source.find(at)))
            for batch in takewhile(lambda _batch: not stopping(), batches):
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
    """What the mails of one source share, and the list of failures."""

    source: Source
    head: Letterhead
    at: datetime
    failures: list[Exception]

    def write(self, item: Due, person: Person, frequency: str) -> OutboxMessage | None:
        """Return the row of one reminder, rendered in the person's zone.

        None if its template fails.
        """
        is_held = frequency == Frequency.DIGEST and not self.source.calendar
        state = MessageState.HELD if is_held else MessageState.WAITING
        try:
            mail = mail_of(self.source, item, person, self.head)
        except Exception as error:  # noqa: BLE001 - whatever a domain's template does wrong
            error.add_note(item.key)
            self.failures.append(error)
            return None
        message = OutboxMessage(
            key=item.key, kind=self.source.kind, due_at=item.at, until=item.until, state=state
        )
        row = fill_row(message, mail, person, at=self.at)
        # the notice of a changed address goes to the old one
        row.address = item.address or row.address
        return row


@transaction.atomic
def plan_batch(source_plan: SourcePlan, batch: list[Due], *, dry: bool) -> Planned:
    """Write the missing rows of one batch.

    Only for people who have an address and want the mail. A withheld or expired row whose key is
    due again is planned again, with new text.
    """
    states = dict(
        OutboxMessage.objects.filter(key__in=[item.key for item in batch]).values_list(
            "key", "state"
        )
    )
    new_items = [item for item in batch if states.get(item.key, MessageState.WITHHELD) in REVIVED]
    already_planned = len(batch) - len(new_items)
    if not new_items:
        return Planned(already_planned=already_planned)
    people = recipients.reachable_people({item.person_id for item in new_items})
    # a kind that needs a decision cannot be off, so nobody has a choice to read
    frequencies = (
        outbox.frequencies(source_plan.source.kind, people) if source_plan.source.can_be_off else {}
    )
    wanted = [
        item
        for item in new_items
        if item.person_id in people and frequencies.get(item.person_id) != Frequency.OFF
    ]
    written = [
        source_plan.write(
            item, people[item.person_id], frequencies.get(item.person_id, Frequency.AT_ONCE)
        )
        for item in wanted
    ]
    rows = [row for row in written if row]
    if not dry:
        OutboxMessage.objects.bulk_create(
            # Another planner may have written the same key since it was read.
            [row for row in rows if row.key not in states],
            ignore_conflicts=True,
        )
        revived = revive([row for row in rows if row.key in states])
        rows = [row for row in rows if row.key not in states or row.key in revived]
    return Planned(rows, already_planned=already_planned, dropped=len(new_items) - len(wanted))


def revive(rows: list[OutboxMessage]) -> set[str]:
    """Overwrite the withheld or expired rows of these keys.

    Returns the keys. Those that another planner revived first stay as they are. Two queries.
    """
    # one order of locks, so that two planners do not wait for each other
    unsent = OutboxMessage.objects.select_for_update(of=("self",)).order_by("pk")
    locked = unsent.filter(key__in=[row.key for row in rows], state__in=REVIVED)
    keys = set(locked.values_list("key", flat=True))
    OutboxMessage.objects.bulk_create(
        [row for row in rows if row.key in keys],
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=REWRITTEN,
    )
    return keys


def fill_row(row: OutboxMessage, mail: Mail, person: Person, *, at: datetime) -> OutboxMessage:
    """Return the row with the mail and its recipient in it, unsaved."""
    row.recipient, row.address = person, person.email or ""
    row.subject, row.text, row.html = mail.subject, mail.text, mail.html
    row.headers, row.message_id, row.url = mail.headers, mail.message_id, mail.url
    row.calendar = mail.calendar
    row.planned_at = row.next_try_at = at
    return row


@transaction.atomic
def plan_digests(
    head: Letterhead, at: datetime, unwritten: list[OutboxMessage], *, dry: bool
) -> tuple[Planned, list[Exception]]:
    """Put the held mails of each person into one mail each.

    It is due at 08:00 in the person's zone. `dry` only returns the digests; `unwritten` are the
    rows that a dry run would hold. Mails of a kind that is now off are dropped, those that are not
    true any more are set aside, and those that cannot be checked stay held. The errors are
    returned. The key names the first mail of the digest, which no other digest contains: if a clock
    goes back, a second digest of the same morning loses nothing.
    """
    is_off = MailPreference.objects.filter(
        person=OuterRef("recipient"), kind=OuterRef("kind"), frequency=Frequency.OFF
    )
    if not dry:
        drop_held(OutboxMessage.objects.filter(Exists(is_off)))
    # Locked, so that two planners do not put one mail into two digests.
    held = (
        OutboxMessage.objects.select_for_update(of=("self",))
        .filter(~Exists(is_off), state__in=MESSAGE_LIFE.before(MessageState.DIGESTED))
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
    by_person = defaultdict[int, list[OutboxMessage]](list)
    for mail in mails:
        by_person[mail.recipient_id].append(mail)
    rows, digested = list[OutboxMessage](), list[OutboxMessage]()
    for person, _messages, morning in mornings:
        if person.pk in by_person:
            rows.append(digest_of(person, by_person[person.pk], morning, head, at))
            digested += by_person[person.pk]
            for mail in by_person[person.pk]:
                mail.digest, mail.state = rows[-1], MessageState.DIGESTED
    if not dry:
        OutboxMessage.objects.bulk_create(rows)
        OutboxMessage.objects.bulk_update(digested, ["digest", "state"])
    return Planned(rows), errors


def held_still_due(
    messages: list[OutboxMessage], facts: Facts, head: Letterhead, *, dry: bool
) -> tuple[list[OutboxMessage], list[Exception]]:
    """Return the held mails that are still true, and the errors.

    The mails have present text. One that cannot be checked is left out. A dry run writes nothing;
    unsaved mails were found true just now.
    """
    checks = check_messages([message for message in messages if message.pk], facts)
    errors = [check.error for check in checks.values() if check.error]
    if dry:
        return [
            message
            for message in messages
            if not message.pk or not (checks[message.pk].error or checks[message.pk].reason)
        ], errors
    still_true, renewed = list[OutboxMessage](), list[OutboxMessage]()
    for mail in still_due(
        [message for message in messages if not checks[message.pk].error], checks, facts.at
    ):
        try:
            changed = renew(mail, checks[mail.pk].item, head, facts.at)
        except Exception as error:  # noqa: BLE001 - whatever a domain's template does wrong
            error.add_note(mail.key)
            errors.append(error)
        else:
            still_true.append(mail)
            renewed += [mail] if changed else []
    OutboxMessage.objects.bulk_update(
        renewed, ["address", "subject", "text", "html", "headers", "url"]
    )
    return still_true, errors


def digest_of(
    person: Person, mails: list[OutboxMessage], morning: datetime, head: Letterhead, at: datetime
) -> OutboxMessage:
    """Return the row of one digest, unsaved."""
    first = min((mail.pk for mail in mails if mail.pk), default=0)
    key = f"{DIGEST}:{morning.date().isoformat()}:{person.pk}:{first}"
    mail = digest_mail(key, person, mails, head, morning)
    digest = OutboxMessage(key=key, kind=DIGEST, due_at=morning, state=MessageState.WAITING)
    return fill_row(digest, mail, person, at=at)
