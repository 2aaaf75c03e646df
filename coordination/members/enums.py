"""Closed lists of the members domain."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coordination.core.enums import ChangeReason


class MembershipStatus(TextChoices):
    """How an agency belongs: observers read but take no position."""

    MEMBER = "member", pgettext_lazy("status of a membership", "member")
    OBSERVER = "observer", pgettext_lazy("status of a membership", "observer")


class Role(TextChoices):
    """What a person is for an agency."""

    FOCAL_POINT = "focal_point", _("focal point")
    PRINCIPAL = "principal", pgettext_lazy("role of a person", "principal")
    OFFICE = "office", _("principal’s office")


class ActingLevel(TextChoices):
    """The level at which a person acts for an agency.

    For example to attend a meeting or to sign a handover.
    """

    PRINCIPAL = "principal", pgettext_lazy("level of attendance", "principal")
    DEPUTY = "deputy", pgettext_lazy("level of attendance", "deputy")
    DELEGATE = "delegate", pgettext_lazy("level of attendance", "delegate")
    FOCAL_POINT = "focal_point", _("focal point")


class DemoRole(TextChoices):
    """The roles of the demonstration, in the order of the sign-in page."""

    FOCAL_POINT = "focal_point", _("focal point")
    COLLEAGUE = "colleague", _("focal point, her colleague")
    OTHER_AGENCY = "other_agency", _("focal point of another agency")
    CHAIR = "chair", _("chair’s team")
    INCOMING_CHAIR = "incoming_chair", _("incoming chair")
    OFFICE = "office", _("principal’s office")
    ADMINISTRATOR = "administrator", pgettext_lazy("part in the demonstration", "administrator")


class FlagKind(TextChoices):
    """What is unusual about the number of an agency's focal points."""

    SHORTAGE = "shortage", _("too few focal points")
    EXCESS = "excess", _("too many focal points")
    SHORTAGE_AHEAD = "shortage_ahead", _("too few focal points soon")


class InvitationState(TextChoices):
    """The state of an invitation.

    Only an open one can be accepted.
    """

    OPEN = "open", pgettext_lazy("invitation", "open")
    ACCEPTED = "accepted", _("accepted")
    WITHDRAWN = "withdrawn", pgettext_lazy("invitation", "withdrawn")
    EXPIRED = "expired", pgettext_lazy("invitation", "expired")


class LimitKind(TextChoices):
    """What is limited per person and hour.

    The numbers are in settings.HOURLY_LIMITS.
    """

    INVITATIONS = "invitations", pgettext_lazy("what is limited", "invitations")
    COMMENTS = "comments", pgettext_lazy("what is limited", "comments")
    MENTIONS = "mentions", _("mentions of agencies")
    WORD_FILES = "word_files", pgettext_lazy("what is limited", "Word files")


class ResetState(TextChoices):
    """The state of a request to reset a second factor.

    Only an open one can be confirmed.
    """

    OPEN = "open", pgettext_lazy("reset of a second factor", "open")
    CONFIRMED = "confirmed", pgettext_lazy("reset of a second factor", "confirmed")
    WITHDRAWN = "withdrawn", pgettext_lazy("reset of a second factor", "withdrawn")
    EXPIRED = "expired", pgettext_lazy("reset of a second factor", "expired")


class MembersChange(ChangeReason):
    """Why history records a change of people, agencies, appointments and invitations."""

    ADDRESS_CHANGED = "address_changed", _("Sign-in address changed")
    SESSIONS_ENDED = "sessions_ended", _("Sessions ended")
    ACCOUNT_REOPENED = "account_reopened", _("Account opened again")
    ACCOUNT_CLOSED = "account_closed", _("Account closed")
    PERMISSIONS_CHANGED = "permissions_changed", _("Permissions changed")
    PERMISSIONS_GRANTED = "permissions_granted", _("Permissions changed; granted: %(granted)s")
    PERMISSIONS_TAKEN = "permissions_taken", _("Permissions changed; taken: %(taken)s")
    PERMISSIONS_GRANTED_AND_TAKEN = (
        "permissions_granted_and_taken",
        _("Permissions changed; granted: %(granted)s; taken: %(taken)s"),
    )
    PASSWORD_SET = "password_set", _("Password set by an administrator")
    PASSWORD_DISABLED = "password_disabled", _("Password disabled by an administrator")
    FACTOR_RESET_ASKED = "factor_reset_asked", _("Asked for")
    FACTOR_RESET_CONFIRMED = "factor_reset_confirmed", _("Confirmed")
    FACTOR_RESET_WITHDRAWN = "factor_reset_withdrawn", _("Withdrawn")
    FACTOR_RESET_COMMANDED = "factor_reset_commanded", _("Reset by a command")
    FACTOR_REMOVED = (
        "factor_removed",
        _("Second factor reset, asked by %(asked)s, confirmed by %(confirmed)s: %(words)s"),
    )
    FACTOR_REMOVED_BY_COMMAND = (
        "factor_removed_by_command",
        _("Second factor reset by a command: %(words)s"),
    )
    MANDATE_WORDS = "mandate_words", _("Words of the mandate")
    APPOINTED = "appointed", _("Appointed")
    APPOINTED_BY_INVITATION = "appointed_by_invitation", _("Accepted the invitation of %(name)s")
    APPOINTMENT_CORRECTED = "appointment_corrected", _("Corrected")
    APPOINTMENT_ENDED = "appointment_ended", _("Ended")
    APPOINTMENT_ENDED_WITH_MEMBERSHIP = (
        "appointment_ended_with_membership",
        _("Ended with the membership of %(agency)s"),
    )
    INVITED = "invited", _("Invited")
    INVITATION_WITHDRAWN = "invitation_withdrawn", _("Withdrawn")
    INVITATION_WITHDRAWN_ADDRESS_CHANGED = (
        "invitation_withdrawn_address_changed",
        _("Withdrawn: the address changed"),
    )
    INVITATION_ACCEPTED = "invitation_accepted", _("Accepted")
    ACCOUNT_OPENED_BY_INVITATION = "account_opened_by_invitation", _("Account opened by invitation")
    ACCOUNT_MADE_BY_COMMAND = "account_made_by_command", _("Account made by a command")
    PROFILE_CHANGED = "profile_changed", _("Profile changed")
    MEMBER_JOINED = "member_joined", _("Joined")
    MEMBER_LEFT = "member_left", _("Left")
    SPEAKS_FOR = "speaks_for", _("Speaks for %(agency)s")
    FEEDS_MADE = "feeds_made", _("Addresses of calendar feeds made")
    FEEDS_RENEWED = "feeds_renewed", _("Addresses of calendar feeds renewed")
    FEEDS_REVOKED = "feeds_revoked", _("Addresses of calendar feeds revoked")
    ABSENCE_NOTED = "absence_noted", _("Days away noted")
    ABSENCE_WITHDRAWN = "absence_withdrawn", _("Days away withdrawn")
    PERSON_ERASED = "person_erased", _("Personal data erased")
