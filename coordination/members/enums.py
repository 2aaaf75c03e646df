"""Closed lists of the members domain."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class MembershipStatus(TextChoices):
    """How an agency belongs: members take positions, observers attend and read."""

    MEMBER = "member", _("member")
    OBSERVER = "observer", _("observer")


class Role(TextChoices):
    """What a person is for an agency."""

    FOCAL_POINT = "focal_point", _("focal point")
    PRINCIPAL = "principal", _("principal")
    OFFICE = "office", _("principal’s office")


class DemoRole(TextChoices):
    """The cast of the demonstration, in the order in which the sign-in page offers it."""

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
    """Where an invitation stands on a moment; only an open one can be accepted."""

    OPEN = "open", _("open")
    ACCEPTED = "accepted", _("accepted")
    WITHDRAWN = "withdrawn", _("withdrawn")
    EXPIRED = "expired", _("expired")


class LimitKind(TextChoices):
    """What is limited per person and hour; settings.HOURLY_LIMITS says how many."""

    INVITATIONS = "invitations", _("invitations")
    COMMENTS = "comments", _("comments")
    MENTIONS = "mentions", _("mentions of agencies")


class ResetState(TextChoices):
    """Where a request to reset a second factor stands on a moment.

    Only an open one can be confirmed.
    """

    OPEN = "open", _("open")
    CONFIRMED = "confirmed", _("confirmed")
    WITHDRAWN = "withdrawn", _("withdrawn")
    EXPIRED = "expired", _("expired")
