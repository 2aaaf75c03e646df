"""Choices of the desk."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class EntryKind(TextChoices):
    """What a search finds.

    A page lists equal matches in this order.
    """

    AGENCY = "agency", _("agency")
    COMMISSION = "commission", _("commission")
    PERSON = "person", _("person")
    TERM = "term", _("chair term")
    STATEMENT = "statement", _("statement")
    DRAFT = "draft", pgettext_lazy("text of a statement", "draft")
    MEETING = "meeting", _("meeting")
    DECISION = "decision", _("decision")
    ACTION = "action", _("action item")
    AMENDMENT = "amendment", _("amendment")


# the heading of the results of a kind; drafts are found as their statement
HEADINGS = {
    EntryKind.AGENCY: _("Agencies"),
    EntryKind.COMMISSION: _("Commissions"),
    EntryKind.PERSON: _("People"),
    EntryKind.TERM: _("Terms"),
    EntryKind.STATEMENT: _("Statements"),
    EntryKind.MEETING: _("Meetings"),
    EntryKind.DECISION: _("Decisions"),
    EntryKind.ACTION: _("Action items"),
    EntryKind.AMENDMENT: _("Amendments"),
}


class Readers(TextChoices):
    """The lists of people who get mails.

    Each is derived from the appointments of the day.
    """

    FOCAL_POINTS = "focal_points", _("Focal points")
    CHAIR = "chair", _("Chair’s team")
    INCOMING = "incoming", _("Incoming chair’s team")
    PRINCIPALS = "principals", _("Principals")
    OFFICES = "offices", _("Principals’ offices")
    ADMINISTRATORS = "administrators", _("Administrators")
