"""Closed lists of the reminders domain, and the life of a mail as a table."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from coordination.core.states import Life


class MessageState(TextChoices):
    """Where one mail of the outbox stands."""

    WAITING = "waiting", _("waiting")
    SENT = "sent", _("sent")
    PARKED = "parked", _("could not be delivered")
    HELD = "held", _("kept for the digest")
    DIGESTED = "digested", _("sent in a digest")
    UNWANTED = "unwanted", _("not wanted any more")


class Frequency(TextChoices):
    """How a person wants a kind of reminder; what needs a decision cannot be off."""

    AT_ONCE = "at_once", _("at once")
    DIGEST = "digest", _("in a daily digest")
    OFF = "off", _("not by e-mail")


MESSAGE_LIFE = Life(
    name="mail",
    title="The life of a mail of the outbox",
    states=MessageState,
    begins=(MessageState.WAITING, MessageState.HELD),
    moves={
        MessageState.WAITING: frozenset({MessageState.SENT, MessageState.PARKED}),
        MessageState.SENT: frozenset(),
        MessageState.PARKED: frozenset({MessageState.WAITING}),
        MessageState.HELD: frozenset({MessageState.DIGESTED, MessageState.UNWANTED}),
        MessageState.DIGESTED: frozenset(),
        MessageState.UNWANTED: frozenset(),
    },
    notes=(
        "What the server puts off (4xx) or does not answer waits on. What it refuses for good (5xx) is parked until the chair tries again.",
        "What is held is gathered in the digest, which is a mail of its own; once its kind is switched off, it is not wanted any more.",
    ),
)
