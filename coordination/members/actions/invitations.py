"""Invitations by e-mail: an agency's own focal points, or an administrator, bring people in."""

from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.translation import gettext as _

from coordination.core import history, permissions
from coordination.core import queries as core_queries
from coordination.core.due import wake_on_commit
from coordination.core.permissions import On
from coordination.members.actions.appointments import (
    Tenure,
    lock_agency,
    record,
    refuse_own_appointment,
)
from coordination.members.actions.limits import lock_and_refuse, note_limit_hits
from coordination.members.actions.people import lock_person, refuse_link, verify_address
from coordination.members.enums import InvitationState, LimitKind, MembersChange, Role
from coordination.members.errors import (
    AccountClosed,
    AlreadyAppointed,
    AlreadyInvited,
    InvitationNotOpen,
)
from coordination.members.models import Agency, Appointment, Invitation, Person, new_nonce
from coordination.members.queries import agencies, invitations, limits, people
from coordination.members.queries.invitations import hash_of

OPEN_FOR = timedelta(days=14)


@note_limit_hits
@transaction.atomic
def invite(
    agency: Agency, *, email: str, name: str, role: Role, by: Person, at: datetime
) -> tuple[Invitation, str]:
    """Invite `email` to become `role` of `agency`.

    Return the invitation and the token, which is kept nowhere.

    The person is put on record at once, without a password and without any role, so that the mail
    has a recipient.
    Raises LimitReached for too many within an hour, NameWithLink, AlreadyInvited, AlreadyAppointed
    or AccountClosed.
    """
    agency = lock_agency(agency)
    day = core_queries.day_in_group(at)
    permissions.require(by, "members.invite", On(day, agency))
    refuse_link(name)
    lock_and_refuse(
        LimitKind.INVITATIONS, limits.invitations_sent, by=by, at=at, adding=1, field="email"
    )
    email = email.strip().lower()
    if invitations.invitations_of(agency, at).filter(email=email, role=role).exists():
        raise AlreadyInvited(
            _("An invitation to this address is open already; withdraw it first."), field="email"
        )
    person = _person_to_invite(email, name)
    refuse_own_appointment(person, agency, by=by, at=at)
    if people.people_for(agency, day, role).filter(person=person).exists():
        raise AlreadyAppointed(
            _("%(person)s already is that for %(agency)s.") % {"person": person, "agency": agency},
            field="email",
        )
    nonce = new_nonce()
    token = invitations.token_of(nonce)
    invitation = Invitation(
        agency=agency,
        email=email,
        name=name,
        role=role,
        person=person,
        nonce=nonce,
        token_sha256=hash_of(token),
        invited_by=by,
        invited_at=at,
        expires_at=at + OPEN_FOR,
    )
    history.sign(invitation, by=by, reason=MembersChange.INVITED)
    invitation.save()
    wake_on_commit()
    return invitation, token


def _person_to_invite(email: str, name: str) -> Person:
    """Return the person of that address, made when there is none.

    Two agencies may invite the same at once.
    """
    person, _made = Person.objects.get_or_create(
        email__iexact=email,
        defaults={"email": email, "name": name, "password": make_password(None)},
    )
    if not person.is_active:
        raise AccountClosed(
            _("The account of this address was closed; an administrator can open it again."),
            field="email",
        )
    return person


@transaction.atomic
def withdraw_invitation(invitation: Invitation, *, by: Person, at: datetime) -> Invitation:
    """Withdraw an open invitation; its link says so from then on."""
    invitation = (
        Invitation.objects.select_for_update(of=("self",))
        .select_related("agency")
        .get(pk=invitation.pk)
    )
    permissions.require(by, "members.invite", On(core_queries.day_in_group(at), invitation.agency))
    refuse_unless_open(invitation, at)
    invitation.withdrawn_at = at
    history.sign(invitation, by=by, reason=MembersChange.INVITATION_WITHDRAWN)
    invitation.save(update_fields=["withdrawn_at"])
    wake_on_commit()
    return invitation


def withdraw_invitations_of(person: Person, *, by: Person, at: datetime) -> None:
    """Withdraw the open invitations of a person, inside the caller's transaction.

    Their address changes: the links went to the old one.
    """
    found = invitations.open_invitations(at).filter(person=person)
    for invitation in found.select_for_update(of=("self",)).order_by("pk"):
        invitation.withdrawn_at = at
        history.sign(invitation, by=by, reason=MembersChange.INVITATION_WITHDRAWN_ADDRESS_CHANGED)
        invitation.save(update_fields=["withdrawn_at"])


def invited_person(invitation: Invitation) -> Person:
    """Return who is invited; raise InvitationNotOpen if their address changed since."""
    person = invitations.person_of(invitation)
    if person is None or (person.email or "").lower() != invitation.email.lower():
        raise InvitationNotOpen(
            _(
                "This invitation went to an old address. Ask the focal points of %(agency)s for "
                "another."
            )
            % {"agency": invitation.agency}
        )
    return person


def refuse_unless_open(invitation: Invitation | None, at: datetime) -> Invitation:
    """Return the invitation if it can be accepted at `at`.

    Raise InvitationNotOpen, which says why not.
    """
    if invitation is None:
        raise InvitationNotOpen(
            _("This link opens no invitation. Copy the whole link from the mail.")
        )
    sentences = {
        InvitationState.ACCEPTED: _("This invitation has been accepted already. Sign in instead."),
        InvitationState.WITHDRAWN: _(
            "This invitation has been withdrawn. Ask the focal points of %(agency)s for another."
        ),
        InvitationState.EXPIRED: _(
            "This invitation has expired. Ask the focal points of %(agency)s for another."
        ),
    }
    state = invitation.state(at)
    if state in sentences:
        raise InvitationNotOpen(sentences[state] % {"agency": invitation.agency})
    return invitation


@transaction.atomic
def accept_invitation(token: str, *, name: str, password: str, at: datetime) -> Appointment:
    """Make the invited person what they were invited for, from the day of `at`.

    The link works once.

    Whoever holds the token shows that the address is theirs. `name` and `password` are taken only
    from a person who has neither a password nor a passkey: an account that exists keeps its own.
    """
    known = refuse_unless_open(invitations.invitation_of(token), at)
    agency = lock_agency(known.agency)
    invitation = Invitation.objects.select_for_update(of=("self",)).get(pk=known.pk)
    invitation.agency = agency
    refuse_unless_open(invitation, at)
    invitation.person = lock_person(invited_person(known))
    person = invited_person(invitation)
    if not person.is_active:
        raise AccountClosed(_("Your account was closed; an administrator can open it again."))
    if not people.has_way_in(person):
        refuse_link(name)
        _open_account(person, agency, name=name, password=password, at=at)
    verify_address(person)
    invitation.accepted_at = at
    history.sign(invitation, by=person, reason=MembersChange.INVITATION_ACCEPTED)
    invitation.save(update_fields=["accepted_at"])
    tenure = Tenure(first_day=core_queries.day_in_group(at))
    appointment = Appointment(person=person, agency=agency, role=invitation.role)
    return record(
        appointment,
        tenure,
        by=person,
        reason=MembersChange.APPOINTED_BY_INVITATION,
        values={"name": str(invitation.invited_by)},
    )


def _open_account(
    person: Person, agency: Agency, *, name: str, password: str, at: datetime
) -> None:
    """Give an invited person a name, a password, and the time zone of the agency."""
    place = agencies.zone_and_city(agency, core_queries.day_in_group(at))
    person.name = name or person.name
    person.time_zone = (
        person.time_zone or place.unknown_zone or (place.zone.key if place.zone else "")
    )
    person.joined_at = person.joined_at or at
    person.set_password(password)
    history.sign(person, by=person, reason=MembersChange.ACCOUNT_OPENED_BY_INVITATION)
    person.save(update_fields=["name", "time_zone", "joined_at", "password"])
