"""Mail preferences, and retries of parked mails."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from coordination.core import due, history
from coordination.core.permissions import On, require
from coordination.core.queries import day_in_group
from coordination.members.models import Person
from coordination.reminders.enums import MESSAGE_LIFE, Frequency, MessageState, RemindersChange
from coordination.reminders.errors import MustArrive, NotParked
from coordination.reminders.models import MailPreference, OutboxMessage
from coordination.reminders.queries.mails import DIGEST


@transaction.atomic
def set_preference(person: Person, kind: str, frequency: str, *, by: Person) -> None:
    """Set how `person` wants a kind of reminder.

    Held mails of a kind that is switched off are dropped, or they would come when it is switched on
    again. Raises MustArrive for a kind that needs a decision.
    """
    source = next((source for source in due.sources() if source.kind == kind), None)
    if source is None or (not source.can_be_off and frequency != Frequency.AT_ONCE):
        raise MustArrive(_("This reminder asks for a decision; it cannot be switched off."))
    # Locked, since the page and a link in a mail may change it at once.
    preference = MailPreference.objects.select_for_update().filter(
        person=person, kind=kind
    ).first() or MailPreference(person=person, kind=kind)
    if preference.pk and preference.frequency == frequency:
        return
    preference.frequency = Frequency(frequency)
    history.sign(preference, by=by, reason=RemindersChange.MAIL_PREFERENCES_CHANGED)
    preference.save()
    if frequency == Frequency.OFF:
        drop_held(OutboxMessage.objects.filter(recipient=person, kind=kind))


def drop_held(messages: QuerySet[OutboxMessage]) -> None:
    """Mark the held ones of these mails as unwanted.

    They are locked in the order in which a digest locks them, to avoid a deadlock.
    """
    held = messages.filter(state__in=MESSAGE_LIFE.before(MessageState.UNWANTED)).order_by(
        "due_at", "pk"
    )
    keys = list(held.select_for_update(of=("self",)).values_list("pk", flat=True))
    OutboxMessage.objects.filter(pk__in=keys).update(state=MessageState.UNWANTED)


@transaction.atomic
def switch_off(person: Person, kind: str) -> None:
    """Switch a kind off from a link in a mail.

    For the digest it switches off each kind that comes in it. The signed link stands for the
    person.
    """
    kinds_in_digest = MailPreference.objects.filter(
        person=person, frequency=Frequency.DIGEST
    ).values_list("kind", flat=True)
    for kind_to_stop in list(kinds_in_digest) if kind == DIGEST else [kind]:
        set_preference(person, kind_to_stop, Frequency.OFF, by=person)


@transaction.atomic
def retry(message: OutboxMessage, *, by: Person, at: datetime) -> OutboxMessage:
    """Queue a parked mail again, to the recipient's present address.

    Raises NotParked, NotAllowed.
    """
    message = OutboxMessage.objects.select_for_update(of=("self",)).get(pk=message.pk)
    require(by, "reminders.see_outbox", On(day_in_group(at)))
    if message.state != MessageState.PARKED or not MESSAGE_LIFE.allows(
        message.state, MessageState.WAITING
    ):
        raise NotParked(_("Only a mail that could not be delivered can be tried again."))
    message.state, message.tries, message.next_try_at, message.leased_until = (
        MessageState.WAITING,
        0,
        at,
        None,
    )
    # the address may have been corrected since
    message.address = message.recipient.email or message.address
    message.save(update_fields=["state", "tries", "next_try_at", "leased_until", "address"])
    return message
