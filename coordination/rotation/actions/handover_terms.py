"""Let the handovers follow the terms after an operation."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch

from coordination.core import history
from coordination.core.queries import day_in_group
from coordination.members.models import Agency, Person
from coordination.rotation.actions import handovers, texts
from coordination.rotation.enums import HandoverSide, RotationChange, TermState
from coordination.rotation.models import ChairTerm, Handover, TermAgency
from coordination.rotation.queries import chair


@dataclass(frozen=True, slots=True)
class HandoverTerms:
    """The incoming and outgoing terms of a handover at one moment."""

    handover: Handover
    incoming: ChairTerm
    agencies: tuple[Agency, ...]
    outgoing: ChairTerm | None


def handover_terms(confirmed: Sequence[ChairTerm]) -> dict[int, HandoverTerms]:
    """Return the terms of each handover, by key.

    Two queries. `confirmed` are the confirmed terms in order, with their agencies.
    """
    chairs = Prefetch("incoming_term__chairs", TermAgency.objects.select_related("agency"))
    rows = Handover.objects.select_related("incoming_term").prefetch_related(chairs)
    return {
        row.pk: HandoverTerms(
            row,
            row.incoming_term,
            chair.chairing_agencies(row.incoming_term),
            term_before(confirmed, row.incoming_term),
        )
        for row in rows
    }


def confirmed_terms() -> list[ChairTerm]:
    """Return the confirmed terms in order; two queries."""
    return list(chair.confirmed().order_by("first_day"))


def term_before(confirmed: Sequence[ChairTerm], term: ChairTerm) -> ChairTerm | None:
    """Return the last confirmed term before `term`, or None.

    Pure.
    """
    before = [each for each in confirmed if each.last_day < term.first_day]
    return before[-1] if before else None


def term_after(confirmed: Sequence[ChairTerm], term: ChairTerm) -> ChairTerm | None:
    """Return the confirmed term that begins next, or None.

    After `term` begins. Pure.
    """
    return next((each for each in confirmed if each.first_day > term.first_day), None)


def handovers_before() -> dict[int, HandoverTerms]:
    """Return the handovers before an operation, for `follow_terms`; four queries."""
    return handover_terms(confirmed_terms())


def follow_terms(
    before: Mapping[int, HandoverTerms],
    terms: Collection[ChairTerm],
    *,
    by: Person | None,
    at: datetime,
) -> None:
    """Update the handovers of terms that an operation wrote, in its transaction.

    A handover is set aside where nothing is handed over, and taken up where something is again. Due
    days move with the first day. A signature of agencies that are not a side any more is void.
    """
    confirmed = confirmed_terms()
    lock_outgoing(before)
    # locked, since a team may be signing at this moment
    locked = Handover.objects.select_for_update(of=("self",)).in_bulk(field_name="incoming_term_id")
    for term in with_followers(terms, confirmed):
        settle_need(locked.get(term.pk), term, confirmed, by=by, at=at)
    for key, now in handover_terms(confirmed).items():
        was = before.get(key)
        # one that moved to another term has followed it already
        if was and was.incoming == now.incoming:
            follow_incoming(now, was, by=by)
        if was and now.outgoing and not same_outgoing(was, now.outgoing):
            handovers.record_outgoing(now.handover, now.outgoing, by=by, at=at)
        elif was and was.outgoing != now.outgoing:
            # the same chair in another term: its texts are others
            texts.follow_texts(now.handover, by=by, at=at)


def goes_on(term: ChairTerm) -> bool:
    """Return whether an agency of the term continues its own chair.

    Then it hands nothing over.
    """
    before = term_before(confirmed_terms(), term)
    return before is not None and chair.same_chair(before, term)


def lock_outgoing(before: Mapping[int, HandoverTerms]) -> None:
    """Lock the outgoing terms before their handovers.

    Whoever writes a text locks in the same order.
    """
    keys = {each.outgoing.pk for each in before.values() if each.outgoing}
    list(ChairTerm.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk"))


def same_outgoing(was: HandoverTerms, outgoing: ChairTerm) -> bool:
    """Return whether the same agencies hand over as before. Pure."""
    return was.outgoing is not None and chair.same_chair(was.outgoing, outgoing)


def with_followers(terms: Collection[ChairTerm], confirmed: Sequence[ChairTerm]) -> list[ChairTerm]:
    """Return terms and their followers once, in order.

    The follower is the next confirmed term. Pure.
    """
    # a term hands over to the one after it, so that handover changes too
    followers = [term_after(confirmed, term) for term in terms]
    by_key = {term.pk: term for term in (*followers, *terms) if term}
    return sorted(by_key.values(), key=lambda term: term.first_day)


def settle_need(
    handover: Handover | None,
    term: ChairTerm,
    confirmed: Sequence[ChairTerm],
    *,
    by: Person | None,
    at: datetime,
) -> None:
    """Begin, set aside or take up the handover to a term."""
    before, following = term_before(confirmed, term), term_after(confirmed, term)
    goes_on = before is not None and chair.same_chair(before, term)
    needed = term.state == TermState.CONFIRMED and not goes_on
    if handover is None:
        # nobody prepares for a term that has begun
        if needed and term.first_day >= day_in_group(at):
            if following and chair.same_chair(following, term):
                handovers.move_handover(following, term, by=by, at=at)
            else:
                handovers.open_handover(term, by=by, at=at)
    # it is needed and set aside, or the other way round
    elif needed == (handover.set_aside_at is not None):
        handover.set_aside_at = None if needed else at
        reason = RotationChange.HANDOVER_TAKEN_UP if needed else RotationChange.HANDOVER_SET_ASIDE
        handover.version += 1
        history.sign(handover, by=by, reason=reason)
        handover.save(update_fields=["set_aside_at", "version"])


def follow_incoming(now: HandoverTerms, was: HandoverTerms, *, by: Person | None) -> None:
    """Move due days with the first day of the incoming term.

    If the incoming chair changed, the signature of its side is void.
    """
    handovers.move_due_days(
        now.handover,
        now.incoming.first_day - was.incoming.first_day,
        by=by,
        reason=RotationChange.DUE_DAY_MOVED,
        term=now.incoming,
    )
    if set(now.agencies) == set(was.agencies):
        return
    handover = now.handover
    reason = (
        RotationChange.INCOMING_CHANGED
        if handover.incoming_signed_at is None
        else RotationChange.INCOMING_CHANGED_SIGNATURE_VOID
    )
    texts.set_signature(handover, HandoverSide.INCOMING, None, None, "")
    history.sign(handover, by=by, reason=reason, values=handovers.chair_values(now.incoming))
    texts.save_signature(handover, HandoverSide.INCOMING)
