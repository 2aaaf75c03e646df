"""Resets of a lost second factor.

One administrator asks, another confirms.
"""

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.translation import gettext as _

from coordination.core import formatting, history, permissions
from coordination.core import queries as core_queries
from coordination.core.due import wake_on_commit
from coordination.core.errors import NotAllowed, RuleBroken
from coordination.core.permissions import On
from coordination.members import rules
from coordination.members.actions.people import lock_person
from coordination.members.enums import MembersChange, ResetState
from coordination.members.errors import NoSecondFactor, ResetAlreadyAsked, ResetNotOpen
from coordination.members.models import FactorReset, Person

ENOUGH = 2  # with so many administrators who may reset this factor, the command is not needed


@transaction.atomic
def ask_for_reset(person: Person, reason: str, *, by: Person, at: datetime) -> FactorReset:
    """Ask to take away the second factor of `person`.

    Another administrator confirms. The person and the administrators are told. Raises NotAllowed,
    NoSecondFactor, ResetAlreadyAsked.
    """
    person = lock_person(person)
    permissions.require(by, "members.reset_factor", On(core_queries.day_in_group(at), person))
    _refuse_without_factor(person)
    # Under the lock of the person, so that two requests at once do not both pass.
    if any(reset.state(at) == ResetState.OPEN for reset in person.factor_resets.all()):
        raise ResetAlreadyAsked(
            _("This is asked for already; another administrator confirms it."), field="person"
        )
    reset = FactorReset(person=person, reason=reason, asked_by=by, asked_at=at)
    history.sign(reset, by=by, reason=MembersChange.FACTOR_RESET_ASKED)
    reset.save()
    wake_on_commit()
    return reset


@transaction.atomic
def confirm_reset(reset: FactorReset, *, by: Person, at: datetime) -> FactorReset:
    """Take away the second factor.

    Neither the person nor who asked for it may confirm. Raises NotAllowed, ResetNotOpen.
    """
    reset, person = _lock_open_reset(reset, at)
    permissions.require(by, "members.reset_factor", On(core_queries.day_in_group(at), person))
    if reset.asked_by_id == by.pk:
        raise NotAllowed(_("You asked for it; another administrator confirms it."))
    reset.confirmed_by, reset.confirmed_at = by, at
    history.sign(reset, by=by, reason=MembersChange.FACTOR_RESET_CONFIRMED)
    reset.save(update_fields=["confirmed_by", "confirmed_at"])
    values = {"asked": str(reset.asked_by), "confirmed": str(by), "words": reset.reason}
    _remove_factor(person, by, MembersChange.FACTOR_REMOVED, values)
    return reset


@transaction.atomic
def withdraw_reset(reset: FactorReset, *, by: Person, at: datetime) -> FactorReset:
    """Withdraw an open request.

    Those who may ask for it can, and the person. Raises NotAllowed, ResetNotOpen.
    """
    reset, person = _lock_open_reset(reset, at)
    if by.pk != person.pk:
        permissions.require(by, "members.reset_factor", On(core_queries.day_in_group(at), person))
    reset.withdrawn_at = at
    history.sign(reset, by=by, reason=MembersChange.FACTOR_RESET_WITHDRAWN)
    reset.save(update_fields=["withdrawn_at"])
    return reset


@transaction.atomic
def reset_by_command(person: Person, reason: str, *, at: datetime) -> FactorReset:
    """Take away the second factor at once, for the command.

    Raises RuleBroken where two other administrators could do it, and NoSecondFactor.
    """
    person = lock_person(person)
    _refuse_without_factor(person)
    others = rules.who_can_reset_factor(person, core_queries.day_in_group(at))
    if len(others) >= ENOUGH:
        raise RuleBroken(
            _("Two administrators can do this: %(names)s.") % {"names": formatting.list_of(others)}
        )
    reset = FactorReset(person=person, reason=reason, asked_at=at, confirmed_at=at)
    history.sign(reset, by=None, reason=MembersChange.FACTOR_RESET_COMMANDED)
    reset.save()
    _remove_factor(person, None, MembersChange.FACTOR_REMOVED_BY_COMMAND, {"words": reason})
    return reset


def _lock_open_reset(reset: FactorReset, at: datetime) -> tuple[FactorReset, Person]:
    """Lock the person and the request, and return both as saved.

    Raises ResetNotOpen.
    """
    person = lock_person(reset.person)
    reset = (
        FactorReset.objects.select_for_update(of=("self",))
        .select_related("asked_by")
        .get(pk=reset.pk)
    )
    if reset.state(at) != ResetState.OPEN:
        raise ResetNotOpen(_("This request is not open any more. Ask again if it is still needed."))
    return reset, person


def _refuse_without_factor(person: Person) -> None:
    if not Authenticator.objects.filter(user=person).exists():
        raise NoSecondFactor(
            _("%(person)s has no second factor.") % {"person": person}, field="person"
        )


def _remove_factor(
    person: Person, by: Person | None, reason: MembersChange, values: dict[str, str]
) -> None:
    """Delete every second factor of the locked person and end their sessions."""
    Authenticator.objects.filter(user=person).delete()
    person.sessions_ended += 1
    person.version += 1
    history.sign(person, by=by, reason=reason, values=values)
    person.save(update_fields=["sessions_ended", "version"])
    wake_on_commit()
