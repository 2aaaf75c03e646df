"""Closed lists of reminders, and which states of a mail may follow."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coordination.core.enums import ChangeReason
from coordination.core.states import Life


class MessageState(TextChoices):
    """The state of one mail of the outbox."""

    WAITING = "waiting", pgettext_lazy("mail", "waiting")
    SENT = "sent", pgettext_lazy("mail", "sent")
    PARKED = "parked", _("could not be delivered")
    HELD = "held", _("kept for the digest")
    DIGESTED = "digested", _("sent in a digest")
    UNWANTED = "unwanted", _("not wanted any more")
    WITHHELD = "withheld", _("withheld")
    EXPIRED = "expired", pgettext_lazy("mail", "expired")


class Reason(TextChoices):
    """Why a planned mail is not sent, for the chair.

    Parameters are stored beside the code.
    """

    PAST = "past", _("It came too late.")
    INACTIVE = "inactive", _("The recipient’s account is closed, or has no e-mail address.")
    LEFT = "left", _("The recipient is not in office any more.")
    NOT_ADDRESSED = (
        "not_addressed",
        _(
            "It is due to others only: somebody else is responsible now, or the recipient’s "
            "agency has answered."
        ),
    )
    REPLACED = "replaced", _("A later mail about the same matter replaces it.")
    CHANGED = "changed", _("The facts changed after it was planned.")
    EMPTY = "empty", _("Nothing that it lists is due any more.")


class Failure(TextChoices):
    """Why a mail could not be sent, except for answers of the server.

    Parameters are stored beside the code.
    """

    TOO_SLOW = "too_slow", _("The mail server took longer than %(seconds)g s for one mail.")
    SILENT = "silent", _("Given up: every try ended without an answer.")
    UNCHECKED = "unchecked", _("It could not be checked against the facts: %(error)s")
    CONTROL_CHARACTER = "control_character", _("%(header)s holds a control character.")
    ADDRESS = "address", _("The mail system cannot write to %(address)s.")
    UNWRITABLE = "unwritable", _("The mail cannot be written: %(error)s")


class Frequency(TextChoices):
    """How a person wants a kind of reminder."""

    AT_ONCE = "at_once", _("at once")
    DIGEST = "digest", _("in a daily digest")
    OFF = "off", _("not by e-mail")


class RemindersChange(ChangeReason):
    """Why history records a change of mail preferences."""

    MAIL_PREFERENCES_CHANGED = "mail_preferences_changed", _("Changed mail preferences")


MESSAGE_LIFE = Life(
    name="mail",
    title="The life of a mail of the outbox",
    states=MessageState,
    begins=(MessageState.WAITING, MessageState.HELD),
    moves={
        MessageState.WAITING: frozenset(
            {MessageState.SENT, MessageState.PARKED, MessageState.WITHHELD, MessageState.EXPIRED}
        ),
        MessageState.SENT: frozenset(),
        MessageState.PARKED: frozenset({MessageState.WAITING}),
        MessageState.HELD: frozenset(
            {
                MessageState.DIGESTED,
                MessageState.UNWANTED,
                MessageState.WITHHELD,
                MessageState.EXPIRED,
            }
        ),
        MessageState.DIGESTED: frozenset({MessageState.WITHHELD, MessageState.EXPIRED}),
        MessageState.UNWANTED: frozenset(),
        MessageState.WITHHELD: frozenset({MessageState.WAITING, MessageState.HELD}),
        MessageState.EXPIRED: frozenset({MessageState.WAITING, MessageState.HELD}),
    },
    notes=(
        (
            "A message that the server puts off (4xx) or does not answer keeps waiting. One that "
            "it refuses for good (5xx) is parked until the chair tries again."
        ),
        (
            "Held messages are gathered in the digest, which is a mail of its own; once its kind "
            "is switched off, a message is unwanted."
        ),
        (
            "Each message is checked against the facts before it is sent and before it goes into a"
            " digest. It is withheld when they changed and expires when its moment has passed. "
            "When the same facts are true again, the planner plans it again, once."
        ),
    ),
)
