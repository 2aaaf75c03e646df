"""Act on checks: set mails aside, or update their text."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from coordination.core import due
from coordination.core.due import Due
from coordination.reminders.enums import MESSAGE_LIFE, MessageState, Reason
from coordination.reminders.models import OutboxMessage
from coordination.reminders.queries.checks import Check, Facts, check_messages
from coordination.reminders.queries.mails import Letterhead, Mail, digest_mail, mail_of

# a mail that is sent within this time is not rendered again
SOON = timedelta(minutes=1)


def set_aside(message: OutboxMessage, check: Check, at: datetime) -> bool:
    """Withhold a mail or let it expire, with the reason.

    Returns whether its state still allowed that.
    """
    states = MESSAGE_LIFE.before(check.state)
    return bool(
        OutboxMessage.objects.filter(
            # Nothing is changed if another worker has claimed the row meanwhile.
            pk=message.pk,
            state__in=states,
            leased_by=message.leased_by,
        ).update(
            state=check.state,
            reason=check.reason,
            reason_values=dict(check.values),
            withheld_at=at,
            leased_until=None,
            leased_by="",
        )
    )


def refresh(message: OutboxMessage, item: Due | None, head: Letterhead, at: datetime) -> None:
    """Give a mail its present address, and text if it has waited.

    Key and Message-ID stay. `item` is what its source yields now; without it the text stays.
    """
    changed = renew(message, item, head, at)
    if changed:
        message.save(update_fields=changed)


def renew(message: OutboxMessage, item: Due | None, head: Letterhead, at: datetime) -> list[str]:
    """Do what `refresh` does, unsaved.

    Returns the changed fields.
    """
    fields: dict[str, object] = {
        "address": (item and item.address) or message.recipient.email or ""
    }
    source = due.source_of(message.kind)
    if source and item and (message.has_failed or message.planned_at <= at - SOON):
        mail = mail_of(source, item, message.recipient, head)
        fields |= {**words_of(mail), "url": mail.url}
    return set_changed(message, fields)


def refresh_digest(digest: OutboxMessage, facts: Facts, head: Letterhead) -> Check:
    """Remove from a digest what is not due any more.

    Returns the reason if nothing is left. Raises what a source raises. A digest of an earlier
    version does not know its mails and stays as it is.
    """
    contained = OutboxMessage.objects.filter(
        digest=digest, state=MessageState.DIGESTED
    ).select_related("recipient")
    mails = list(contained.order_by("due_at", "pk"))
    checks = check_messages(mails, facts)
    errors = [check.error for check in checks.values() if check.error]
    # the whole digest waits until each of its mails can be checked
    if errors:
        raise errors[0]
    due_mails = still_due(mails, checks, facts.at)
    if mails and not due_mails:
        return Check(reason=Reason.EMPTY)
    fields: dict[str, object] = {"address": digest.recipient.email or ""}
    if len(due_mails) < len(mails):
        mail = digest_mail(digest.key, digest.recipient, due_mails, head, digest.due_at)
        fields |= words_of(mail)
    changed = set_changed(digest, fields)
    if changed:
        digest.save(update_fields=changed)
    return Check()


def still_due(
    mails: Sequence[OutboxMessage], checks: dict[int, Check], at: datetime
) -> list[OutboxMessage]:
    """Return the due mails and set the others aside. Two queries."""
    set_all_aside([mail for mail in mails if checks[mail.pk].reason], checks, at)
    return [mail for mail in mails if not checks[mail.pk].reason]


def set_all_aside(mails: Sequence[OutboxMessage], checks: dict[int, Check], at: datetime) -> None:
    """Set several mails aside that no worker has leased."""
    messages = OutboxMessage.objects.select_for_update(of=("self",)).order_by("pk")
    # a leased row is left to its worker, which checks it too
    locked = messages.filter(pk__in=[mail.pk for mail in mails], leased_by="")
    aside = [mail for mail in locked if MESSAGE_LIFE.allows(mail.state, checks[mail.pk].state)]
    for mail in aside:
        check = checks[mail.pk]
        mail.state, mail.reason = check.state, check.reason or ""
        mail.reason_values = dict(check.values)
        mail.withheld_at, mail.leased_until = at, None
    fields = ["state", "reason", "reason_values", "withheld_at", "leased_until"]
    OutboxMessage.objects.bulk_update(aside, fields)


def words_of(mail: Mail) -> dict[str, object]:
    """Return the fields with a mail's text and headers."""
    return {
        "subject": mail.subject,
        "text": mail.text,
        "html": mail.html,
        "calendar": mail.calendar,
        "headers": mail.headers,
    }


def set_changed(message: OutboxMessage, fields: dict[str, object]) -> list[str]:
    """Set the fields that differ and return their names."""
    changed = [name for name, value in fields.items() if getattr(message, name) != value]
    for name in changed:
        setattr(message, name, fields[name])
    return changed
