"""How the signatures of a handover stand: given, late, declined, void."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Model, Q, Subquery, Sum, Value

from coordination.core.clock import day_at
from coordination.core.models import Group
from coordination.rotation.enums import HandoverSide, RotationChange, SignatureState
from coordination.rotation.models import (
    ChairTerm,
    DeclinedSignature,
    Handover,
    KeptPlace,
    Lesson,
    MatterJudgement,
    OutsidePromise,
    StateOfPlay,
)
from coordination.rotation.queries import confirmed_terms
from coordination.rotation.queries.confirmed_terms import ConfirmedTerms
from coordination.rotation.queries.handovers import HandoverSideView

VOID = {
    HandoverSide.OUTGOING: (
        RotationChange.OUTGOING_SIGNATURE_VOID,
        RotationChange.OUTGOING_CHANGED_SIGNATURE_VOID,
    ),
    HandoverSide.INCOMING: (
        RotationChange.INCOMING_SIGNATURE_VOID,
        RotationChange.INCOMING_CHANGED_SIGNATURE_VOID,
    ),
}


@dataclass(frozen=True, slots=True)
class SideSignature:
    """The signature of one side on a day.

    `late` is by how many days it came, or is wanting, after the first day of the new term. `void`
    is the entry of history of the edit that voided the last signature; None where one stands.
    `declined` is the newest refusal, also where the side has signed since.
    """

    side: HandoverSideView
    state: SignatureState
    level: str
    late: int
    declined: DeclinedSignature | None
    void: Any

    @property
    def is_signed(self) -> bool:
        """Return whether the side has signed."""
        return self.side.signed_at is not None


def signatures_of(
    handover: Handover, sides: Sequence[HandoverSideView], day: date, group: Group
) -> list[SideSignature]:
    """Return how the signatures of both sides stand on `day`; two queries."""
    refusals = list(handover.declined.select_related("declined_by").order_by("declined_at", "pk"))
    entries = list(
        Handover.history.filter(
            id=handover.pk,
            history_change_reason__in=[code for codes in VOID.values() for code in codes],
        )
        .select_related("history_user")
        .order_by("history_date", "history_id")
    )
    declined = {row.side: row for row in refusals}
    voided = {
        side: entry
        for entry in entries
        for side in VOID
        if entry.history_change_reason in VOID[side]
    }
    levels = {
        HandoverSide.OUTGOING: handover.get_outgoing_level_display(),
        HandoverSide.INCOMING: handover.get_incoming_level_display(),
    }
    first_day = handover.incoming_term.first_day
    return [
        SideSignature(
            side=side,
            state=state_of(side, declined.get(side.key), day, first_day, group),
            level=levels[side.key],
            late=max(0, (judged_day(side.signed_at, day, group) - first_day).days),
            declined=declined.get(side.key),
            void=None if side.signed_at else voided.get(side.key),
        )
        for side in sides
    ]


def judged_day(signed_at: datetime | None, day: date, group: Group) -> date:
    """Return a signature's day in the group's zone.

    `day` without one. Pure.
    """
    return day_at(signed_at, group.zone) if signed_at else day


def state_of(
    side: HandoverSideView,
    declined: DeclinedSignature | None,
    day: date,
    first_day: date,
    group: Group,
) -> SignatureState:
    """Return the state of a side's signature. Pure.

    It is due by the first day of the new term, on which powers pass whatever it says.
    """
    if side.key == HandoverSide.OUTGOING and side.terms.outgoing is None:
        return SignatureState.NO_SIDE
    is_late = judged_day(side.signed_at, day, group) > first_day
    if side.signed_at:
        return SignatureState.SIGNED_LATE if is_late else SignatureState.SIGNED
    if declined:
        return SignatureState.DECLINED
    return SignatureState.LATE if is_late else SignatureState.WAITS


def side_version(handover: Handover, side: str, confirmed: ConfirmedTerms | None = None) -> int:
    """Return a number that grows with each change of what a side signs; four queries at most.

    These are its items; of the outgoing side also its summary, judgements and lessons, and the
    promises and places, which pass from chair to chair. One query where the confirmed terms and
    the items are loaded.
    """
    version: int = handover.version
    version += sum(item.version for item in handover.items.all() if item.side == side)
    if side == HandoverSide.OUTGOING:
        confirmed = confirmed or confirmed_terms.load()
        outgoing = confirmed.before(handover.incoming_term.first_day)
        version += texts_version(outgoing, confirmed) if outgoing else 0
    return version


def texts_version(term: ChairTerm, confirmed: ConfirmedTerms) -> int:
    """Return a number that grows with each change of what the chair of a term leaves; one query.

    These are its summary, judgements and lessons, and the promises and places.
    """
    of_run = Q(term__in=confirmed.run_of(term))
    sums = [sum_of_versions(model, of_run) for model in (StateOfPlay, MatterJudgement, Lesson)]
    sums += [sum_of_versions(model, Q()) for model in (OutsidePromise, KeptPlace)]
    [versions] = ChairTerm.objects.filter(pk=term.pk).values_list(*sums)
    return sum(filter(None, versions))


def sum_of_versions(model: type[Model], condition: Q) -> Subquery:
    """Return the sum of the versions of some rows as a subquery; NULL without any."""
    rows = model._default_manager.filter(condition).order_by()
    # all rows in one group
    return Subquery(rows.values(every=Value(1)).annotate(n=Sum("version")).values("n"))
