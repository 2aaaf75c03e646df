"""Closed lists of the reminders domain."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class MessageState(TextChoices):
    """Where one mail of the outbox stands."""

    WAITING = "waiting", _("waiting")
    SENT = "sent", _("sent")
    PARKED = "parked", _("could not be delivered")
    HELD = "held", _("kept for the digest")
    DIGESTED = "digested", _("sent in a digest")


class Frequency(TextChoices):
    """How a person wants a kind of reminder; what needs a decision cannot be off."""

    AT_ONCE = "at_once", _("at once")
    DIGEST = "digest", _("in a daily digest")
    OFF = "off", _("not by e-mail")
