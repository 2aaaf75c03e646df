"""Sign a handover, decline to sign, or sign to the file.

The powers of a chair never wait for a signature.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from coordination.core import history, queries
from coordination.core.clock import day_at
from coordination.core.due import wake_on_commit
from coordination.core.models import Group
from coordination.core.permissions import On, require
from coordination.members.enums import ActingLevel
from coordination.members.models import Person
from coordination.rotation.actions import texts
from coordination.rotation.actions.texts import Writer
from coordination.rotation.enums import HandoverChange, HandoverSide, RotationChange
from coordination.rotation.errors import (
    AlreadySigned,
    LevelNotHeld,
    NoOutgoingSide,
    NoteNeeded,
    SideChanged,
    SuccessorConfirmed,
)
from coordination.rotation.models import ChairTerm, DeclinedSignature, Handover, StateOfPlay
from coordination.rotation.queries import confirmed_terms, handovers, signatures
from coordination.rotation.queries import texts as texts_queries
from coordination.rotation.queries.handovers import Terms
from coordination.rotation.rules import signing_levels

SIGNED = {
    HandoverSide.OUTGOING: RotationChange.OUTGOING_SIGNED,
    HandoverSide.INCOMING: RotationChange.INCOMING_SIGNED,
}


@transaction.atomic
def sign_handover(
    handover: Handover,
    side: str,
    *,
    level: str = ActingLevel.FOCAL_POINT,
    seen: int | None = None,
    by: Person,
    at: datetime,
) -> Handover:
    """Sign for one side, at a level that the person has.

    Open items do not prevent it: they stay visible. `seen` is the `side_version` that the signer
    saw. If the incoming team stands in for the outgoing one, the record says so. Raises
    AlreadySigned, NoOutgoingSide, LevelNotHeld, SideChanged, NotAllowed.
    """
    group = queries.group()
    handover, terms = lock_side(handover, side, level=level, by=by, at=at, group=group)
    if seen is not None:
        refuse_other_version(seen, signatures.side_version(handover, side))
    texts.set_signature(handover, side, by, at, level)
    stands_in = terms.stands_in(side, day_at(at, group.zone))
    reason = (
        RotationChange.INCOMING_SIGNED_FOR_OUTGOING if stands_in else SIGNED[HandoverSide(side)]
    )
    history.sign(handover, by=by, reason=reason)
    texts.save_signature(handover, side)
    wake_on_commit()
    return handover


def refuse_other_version(seen: int, saved: int) -> None:
    """Raise SideChanged if the signer saw another version.

    Than the saved one.
    """
    if seen != saved:
        raise SideChanged(
            _("Something changed since you opened this page. Look at it again, then sign.")
        )


@transaction.atomic
def decline_signature(
    handover: Handover, side: str, *, reason: str, level: str, by: Person, at: datetime
) -> DeclinedSignature:
    """Record why a side does not sign.

    It may sign later. Raises NoteNeeded, AlreadySigned, NoOutgoingSide, LevelNotHeld,
    NotAllowed.
    """
    if not reason.strip():
        raise NoteNeeded(_("Give the reason why you do not sign."), field="reason")
    handover, _terms = lock_side(handover, side, level=level, by=by, at=at, group=queries.group())
    declined = DeclinedSignature(
        handover=handover,
        side=side,
        reason=reason.strip(),
        level=level,
        declined_by=by,
        declined_at=at,
    )
    history.sign(declined, by=by, reason=HandoverChange.SIGNATURE_DECLINED)
    declined.save()
    wake_on_commit()
    return declined


def lock_side(
    handover: Handover, side: str, *, level: str, by: Person, at: datetime, group: Group
) -> tuple[Handover, Terms]:
    """Lock a handover and return its terms for a side's signature.

    Raises HandoverSetAside, AlreadySigned, NoOutgoingSide, LevelNotHeld, NotAllowed.
    """
    handover = Handover.objects.select_for_update(of=("self",)).get(pk=handover.pk)
    terms, day = handovers.terms_of(handover, group), day_at(at, group.zone)
    require(by, "rotation.sign_handover", On(day, (terms, side)))
    texts.refuse_set_aside(handover)
    is_outgoing = side == HandoverSide.OUTGOING
    if is_outgoing and terms.outgoing is None:
        raise NoOutgoingSide(_("Nobody chaired before this term, so nobody signs for that side."))
    if level not in signing_levels(terms.answering(side, day), by, On(day)):
        raise LevelNotHeld(_("Choose a level at which you act for the agency."), field="level")
    if (handover.outgoing_signed_at if is_outgoing else handover.incoming_signed_at) is not None:
        raise AlreadySigned(_("This side has signed already."))
    return handover, terms


@transaction.atomic
def sign_to_file(writer: Writer, *, level: str, seen: int | None = None) -> StateOfPlay:
    """Sign a chair's texts while no successor is confirmed.

    The handover to the next chair takes the signature over. `seen` is the `texts_version` that the
    signer saw. Raises SuccessorConfirmed, AlreadySigned, LevelNotHeld, SideChanged, NotAllowed.
    """
    term = texts.lock_term(writer)
    confirmed = confirmed_terms.load()
    if texts_queries.handover_after(term, confirmed):
        raise SuccessorConfirmed(_("A term is confirmed after this one: sign the handover to it."))
    day = day_at(writer.at, queries.group().zone)
    if level not in signing_levels(term, writer.by, On(day)):
        raise LevelNotHeld(_("Choose a level at which you act for the agency."), field="level")
    if seen is not None:
        refuse_other_version(seen, signatures.texts_version(term, confirmed))
    state = texts_queries.summary_of(term) or StateOfPlay(
        term=term, version=0, written_by=writer.by, written_at=writer.at
    )
    if state.filed_at is not None:
        raise AlreadySigned(_("This side has signed already."))
    state.filed_by, state.filed_at, state.filed_level = writer.by, writer.at, level
    state.version += 1
    history.sign(state, by=writer.by, reason=HandoverChange.SIGNED_TO_FILE)
    state.save()
    return state


def take_from_file(handover: Handover, outgoing: ChairTerm) -> None:
    """Copy the outgoing team's file signature to the handover.

    The caller saves.
    """
    filed = texts_queries.summary_of(outgoing)
    if filed and filed.filed_at:
        texts.set_signature(
            handover, HandoverSide.OUTGOING, filed.filed_by, filed.filed_at, filed.filed_level
        )
