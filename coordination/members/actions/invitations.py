"""Invitations by e-mail, by focal points or an administrator."""

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
    record_appointment,
    refuse_own_appointment,
)
from coordination.members.actions.limits import record_limit_hits, refuse_above_limit
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


@record_limit_hits
@transaction.atomic
def invite(
    agency: Agency, *, email: str, name: str, role: Role, by: Person, at: datetime
) -> tuple[Invitation, str]:
    """Invite `email` to become `role` of `agency`.

    Returns the invitation and token. The token is stored nowhere. The person is created at once,
    without a password or a role, so that the mail has a recipient. Raises NotAllowed, LimitReached,
    NameWithLink, AlreadyInvited, AlreadyAppointed, AccountClosed.
    """
    agency = lock_agency(agency)
    day = core_queries.day_in_group(at)
    permissions.require(by, "members.invite", On(day, agency))
    refuse_link(name)
    refuse_above_limit(
        LimitKind.INVITATIONS, limits.invitations_sent, by=by, at=at, adding=1, field="email"
    )
    # allauth compares addresses in lower case.
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
    # it follows from the nonce and the secret key, so the mail can be rendered again
    token = invitations.token_of(nonce)
    invitation = Invitation(
        agency=agency,
        email=email,
        name=name,
        role=role,
        person=person,
        nonce=nonce,
        # whoever reads the database alone cannot open an invitation
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
    """Return the person with that address, created if there is none.

    get_or_create, since two agencies may invite the same person at once. Raises AccountClosed.
    """
    person, _is_new = Person.objects.get_or_create(
        email__iexact=email,
        # unusable: nobody can sign in before the invitation is accepted
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
    """Withdraw an invitation that is open, or that nobody accepted in time.

    Its link says so from then on. Raises NotAllowed, InvitationNotOpen.
    """
    invitation = (
        Invitation.objects.select_for_update(of=("self",))
        .select_related("agency")
        .get(pk=invitation.pk)
    )
    permissions.require(by, "members.invite", On(core_queries.day_in_group(at), invitation.agency))
    if invitation.state(at) != InvitationState.EXPIRED:
        refuse_unless_open(invitation, at)
    invitation.withdrawn_at = at
    history.sign(invitation, by=by, reason=MembersChange.INVITATION_WITHDRAWN)
    invitation.save(update_fields=["withdrawn_at"])
    wake_on_commit()
    return invitation


def withdraw_invitations_of(person: Person, *, by: Person, at: datetime) -> None:
    """Withdraw a person's open invitations, in the caller's transaction.

    Their address changes, and the links went to the old one.
    """
    open_ones = invitations.open_invitations(at).filter(person=person)
    for invitation in open_ones.select_for_update(of=("self",)).order_by("pk"):
        invitation.withdrawn_at = at
        history.sign(invitation, by=by, reason=MembersChange.INVITATION_WITHDRAWN_ADDRESS_CHANGED)
        invitation.save(update_fields=["withdrawn_at"])


def invited_person(invitation: Invitation) -> Person:
    """Return the invited person.

    Raises InvitationNotOpen if their address has changed since.
    """
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

    Raises InvitationNotOpen, which says why not.
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
    """Appoint the invited person, from the day of `at`.

    The link works once; it shows that the address is theirs. `name` and `password` are ignored for
    a person who has a password or a passkey already. Raises InvitationNotOpen, AccountClosed,
    NameWithLink, AlreadyAppointed.
    """
    unlocked = refuse_unless_open(invitations.invitation_of(token), at)
    # Locks come in the order agency, invitation, person everywhere.
    agency = lock_agency(unlocked.agency)
    invitation = Invitation.objects.select_for_update(of=("self",)).get(pk=unlocked.pk)
    invitation.agency = agency
    refuse_unless_open(invitation, at)
    # Locked last; a second acceptance waits at the invitation.
    invitation.person = lock_person(invited_person(unlocked))
    person = invited_person(invitation)
    if not person.is_active:
        raise AccountClosed(_("Your account was closed; an administrator can open it again."))
    # an invitation never replaces the password of an existing account
    if not people.has_credentials(person):
        refuse_link(name)
        _open_account(person, agency, name=name, password=password, at=at)
    verify_address(person)
    invitation.accepted_at = at
    history.sign(invitation, by=person, reason=MembersChange.INVITATION_ACCEPTED)
    invitation.save(update_fields=["accepted_at"])
    tenure = Tenure(first_day=core_queries.day_in_group(at))
    appointment = Appointment(person=person, agency=agency, role=invitation.role)
    return record_appointment(
        appointment,
        tenure,
        by=person,
        reason=MembersChange.APPOINTED_BY_INVITATION,
        values={"name": str(invitation.invited_by)},
    )


def _open_account(
    person: Person, agency: Agency, *, name: str, password: str, at: datetime
) -> None:
    """Give an invited person name, password and time zone."""
    seat = agencies.zone_and_city(agency, core_queries.day_in_group(at))
    person.name = name or person.name
    person.time_zone = person.time_zone or seat.unknown_zone or (seat.zone.key if seat.zone else "")
    person.joined_at = person.joined_at or at
    person.set_password(password)
    history.sign(person, by=person, reason=MembersChange.ACCOUNT_OPENED_BY_INVITATION)
    person.save(update_fields=["name", "time_zone", "joined_at", "password"])
