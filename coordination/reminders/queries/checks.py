"""Whether a planned mail is still true.

A mail is true while its source yields its key for the facts of that moment. Each source is asked
once for all mails of its kind.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from coordination.core import due
from coordination.core.due import Due
from coordination.core.queries import day_in_group
from coordination.members.models import Appointment
from coordination.members.queries import periods, recipients
from coordination.reminders.enums import MessageState, Reason
from coordination.reminders.models import OutboxMessage
from coordination.reminders.queries.copies import Copies


@dataclass(frozen=True, slots=True)
class Check:
    """The result for one mail.

    `item` is what its source yields now; None for a mail without a source. `reason` is None for a
    mail that is still true. `error` is what the source raised; then the result is unknown.
    """

    item: Due | None = None
    reason: Reason | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    error: Exception | None = None

    @property
    def state(self) -> MessageState:
        """Return the state of a mail that is not sent for `reason`."""
        return MessageState.EXPIRED if self.reason == Reason.PAST else MessageState.WITHHELD


class Facts:
    """What the sources yield as of `at`.

    Each source is asked at most once, when a mail of its kind is checked.
    """

    def __init__(self, at: datetime) -> None:
        self.at = at
        self._copies = Copies(at)
        # kind: (since which moment its news are included, reminders by key)
        self._by_kind: dict[str, tuple[datetime, dict[str, Due]]] = {}

    def of(self, kind: str, planned_at: datetime) -> dict[str, Due] | None:
        """Return what a kind yields, by key, with the news of `planned_at`.

        None for a kind without a source.
        """
        source = due.source_of(kind)
        if source is None:
            return None
        since, items = self._by_kind.get(kind, (None, {}))
        # An older mail needs older news, so the source is asked once more, further back.
        if since is None or (source.find_since and planned_at < since):
            found = self._copies.added_to(source.find_planned(self.at, planned_at))
            items = {item.key: item for item in found}
            self._by_kind[kind] = planned_at, items
        return items


def check_messages(messages: Sequence[OutboxMessage], facts: Facts) -> dict[int, Check]:
    """Return the result for each mail by primary key.

    The mails have their recipients loaded.
    """
    oldest: dict[str, datetime] = {}
    for message in messages:
        oldest[message.kind] = min(message.planned_at, oldest.get(message.kind, message.planned_at))
    checks: dict[int, Check] = {}
    for kind, planned_at in oldest.items():
        of_kind = [message for message in messages if message.kind == kind]
        try:
            items = facts.of(kind, planned_at)
        except Exception as error:  # noqa: BLE001 - whatever a source does wrong; the caller reports it
            checks |= {message.pk: Check(error=error) for message in of_kind}
        else:
            checks |= {message.pk: check_message(message, items, facts.at) for message in of_kind}
    return _with_those_who_left(messages, checks, facts.at)


def check_message(message: OutboxMessage, items: Mapping[str, Due] | None, at: datetime) -> Check:
    """Return the result for one mail. Pure.

    `items` is what its source yields as of `at`; None without a source.
    """
    if not recipients.can_be_reached(message.recipient):
        return Check(reason=Reason.INACTIVE)
    item = (items or {}).get(message.key)
    if item:
        return Check(item)
    # Checked after the source: what it still yields is worth sending.
    if message.until and message.until <= at:
        return Check(reason=Reason.PAST, values={"until": message.until.isoformat()})
    if items is None:
        return Check()
    return _why_not_due(message, items.values())


def _why_not_due(message: OutboxMessage, items: Iterable[Due]) -> Check:
    """Return the reason, from what is due about the same subject."""
    to_others = False
    for item in items:
        # the beginning of `Due.key`, for this recipient
        prefix = f"{item.kind}:{item.subject}:{message.recipient_id}:"
        if not message.key.startswith(prefix):
            continue
        stage, _colon, part = message.key.removeprefix(prefix).partition(":")
        if (
            item.person_id == message.recipient_id
            and item.stage != stage
            and part in {"", item.part}
        ):
            return Check(reason=Reason.REPLACED, values={"key": item.key})
        to_others = True
    return Check(reason=Reason.NOT_ADDRESSED if to_others else Reason.CHANGED)


def _with_those_who_left(
    messages: Sequence[OutboxMessage], checks: dict[int, Check], at: datetime
) -> dict[int, Check]:
    """Return the checks with the reason LEFT where it holds.

    It holds for recipients who had appointments, but none on the day of `at`. One query if needed.
    """
    unexplained = [
        message
        for message in messages
        if checks[message.pk].reason in {Reason.NOT_ADDRESSED, Reason.CHANGED}
    ]
    if not unexplained:
        return checks
    appointed = Appointment.objects.filter(
        person__in={message.recipient_id for message in unexplained}
    )
    in_office = set(
        appointed.filter(periods.running(day_in_group(at))).values_list("person_id", flat=True)
    )
    left = set(appointed.values_list("person_id", flat=True)) - in_office
    return checks | {
        message.pk: Check(reason=Reason.LEFT)
        for message in unexplained
        if message.recipient_id in left
    }
