"""Choices of the desk."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class EntryKind(TextChoices):
    """What a search finds, in the order in which a page lists equals."""

    AGENCY = "agency", _("Agencies")
    COMMISSION = "commission", _("Commissions")
    PERSON = "person", _("People")
    TERM = "term", _("Terms")
    STATEMENT = "statement", _("Statements")
    DRAFT = "draft", _("Texts")
    MEETING = "meeting", _("Meetings")
    DECISION = "decision", _("Decisions")
    ACTION = "action", _("Action items")
    AMENDMENT = "amendment", _("Amendments")
