"""Closed lists of the members domain."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class MembershipStatus(TextChoices):
    """How an agency belongs: observers read but take no position."""

    MEMBER = "member", _("member")
    OBSERVER = "observer", _("observer")


class Role(TextChoices):
    """What a person is for an agency."""

    FOCAL_POINT = "focal_point", _("focal point")
    PRINCIPAL = "principal", _("principal")
    OFFICE = "office", _("principal’s office")


class DemoRole(TextChoices):
    """The roles of the demonstration, in the order of the sign-in page."""

    FOCAL_POINT = "focal_point", _("focal point")
    COLLEAGUE = "colleague", _("focal point, her colleague")
    OTHER_AGENCY = "other_agency", _("focal point of another agency")
    CHAIR = "chair", _("chair’s team")
    INCOMING_CHAIR = "incoming_chair", _("incoming chair")
    OFFICE = "office", _("principal’s office")
    ADMINISTRATOR = "administrator", _("administrator")


class FlagKind(TextChoices):
    """What is unusual about the number of an agency's focal points."""

    SHORTAGE = "shortage", _("too few focal points")
    EXCESS = "excess", _("too many focal points")
    SHORTAGE_AHEAD = "shortage_ahead", _("too few focal points soon")


class InvitationState(TextChoices):
    """The state of an invitation; only an open one can be accepted."""

    OPEN = "open", _("open")
    ACCEPTED = "accepted", _("accepted")
    WITHDRAWN = "withdrawn", _("withdrawn")
    EXPIRED = "expired", _("expired")


class LimitKind(TextChoices):
    """What is limited per person and hour.

    The numbers are in settings.HOURLY_LIMITS.
    """

    INVITATIONS = "invitations", _("invitations")
    COMMENTS = "comments", _("comments")
    MENTIONS = "mentions", _("mentions of agencies")


class ResetState(TextChoices):
    """The state of a request to reset a second factor.

    Only an open one can be confirmed.
    """

    OPEN = "open", _("open")
    CONFIRMED = "confirmed", _("confirmed")
    WITHDRAWN = "withdrawn", _("withdrawn")
    EXPIRED = "expired", _("expired")
