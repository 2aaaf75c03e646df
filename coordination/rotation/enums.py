"""Closed lists of the rotation domain."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class TermKind(TextChoices):
    """A caretaker term bridges a vacancy, and is marked as such."""

    TERM = "term", _("term")
    CARETAKER = "caretaker", _("caretaker")


class TermState(TextChoices):
    """Only a confirmed term gives powers; a withdrawn proposal stays on record."""

    PROPOSED = "proposed", _("proposed")
    CONFIRMED = "confirmed", _("confirmed")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Side(TextChoices):
    """Who is responsible for an item of the handover."""

    OUTGOING = "outgoing", _("outgoing chair")
    INCOMING = "incoming", _("incoming chair")


class ItemState(TextChoices):
    """Where an item of the handover stands."""

    OPEN = "open", _("open")
    DONE = "done", _("done")
    NOT_APPLICABLE = "not_applicable", _("not applicable")
