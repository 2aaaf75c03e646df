"""What a person must or may do next with terms and handovers."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from coordination.core.next_steps import NextStep, Scope
from coordination.rotation.enums import ItemState, OperationKind, OperationState, TermState
from coordination.rotation.models import ChairTerm, TermOperation
from coordination.rotation.queries.handovers import HandoverSideView
from coordination.rotation.queries.offers import waited_for

NEAR_DAYS = 30


def item_steps(items: Iterable[Any], day: date) -> list[NextStep]:
    """Return the steps for the agencies' items of handovers. Pure.

    Each item has `ours` (see handovers.items_ahead). Items that are due more than NEAR_DAYS after
    `day` are left out.
    """
    near = day + timedelta(days=NEAR_DAYS)
    return [
        NextStep(
            kind="rotation.item",
            what=item.shown_title,
            why=item.shown_detail,
            verb=_("Open checklist"),
            scope=Scope.AGENCY,
            day=item.due_day,
            url_name="rotation:handover",
            url_args=(item.handover.incoming_term.slug,),
            anchor=f"item-{item.pk}",
        )
        for item in items
        if item.ours and item.state == ItemState.OPEN and item.due_day <= near
    ]


def sign_step(term: ChairTerm, side: HandoverSideView) -> NextStep | None:
    """Return the step to sign for a side, or None. Pure.

    It is for those who answer for the side. Open items do not prevent it, and powers never wait for
    it.
    """
    if side.signed_at is not None:
        return None
    return NextStep(
        kind="rotation.sign",
        what=_("Sign the handover"),
        verb=_("Sign the handover"),
        must=False,
        scope=Scope.AGENCY,
        url_name="rotation:sign",
        url_args=(term.slug, side.key),
        agencies=side.answering,
    )


def operation_steps(
    term: ChairTerm,
    day: date,
    *,
    may_operate: bool,
    may_offer: bool,
    is_followed: bool,
) -> list[NextStep]:
    """Return the operations that apply to a confirmed term on `day`. Pure.

    `may_operate` says whether the person records decisions, `may_offer` whether it speaks for an
    agency of the term. `is_followed` says whether a confirmed term begins the day after this one.
    """
    if term.state != TermState.CONFIRMED or term.last_day < day:
        return []
    ahead = term.first_day > day
    kinds = [OperationKind.MOVE_BOUNDARY if is_followed else OperationKind.EXTEND]
    if term.last_day > max(day, term.first_day):
        kinds.append(OperationKind.HAND_BACK)
    if ahead or term.last_day > day:
        kinds += [OperationKind.SET_CHAIRS, OperationKind.CEDE]
    if ahead:
        kinds += [OperationKind.DEFER, OperationKind.WITHDRAW]
    steps = [
        operation_step(kind, "rotation:change", term.slug, kind.value.replace("_", "-"))
        for kind in kinds
        if may_operate
    ]
    if ahead and may_offer:
        exchange = operation_step(OperationKind.EXCHANGE, "rotation:offer_exchange", term.slug)
        steps.insert(0, exchange)
    return steps


def operation_step(kind: OperationKind, url_name: str, *url_args: str) -> NextStep:
    """Return the step that leads to the page of an operation."""
    return NextStep(
        kind=f"rotation.{kind}",
        what=str(kind.label),
        verb=str(kind.label),
        must=False,
        scope=Scope.CHAIR,
        url_name=url_name,
        url_args=url_args,
    )


def offer_steps(
    offers: Iterable[TermOperation], agencies: Iterable[Any], *, may_operate: bool
) -> list[NextStep]:
    """Return the steps for open offers: agree, or record the decision.

    Pure. `offers` are those of `offers.open_offers`; `agencies` those of which the person is a
    focal point.
    """
    steps = []
    for operation in offers:
        own = waited_for(operation, agencies)
        decides = may_operate and operation.state == OperationState.ACCEPTED
        if own or decides:
            steps.append(
                NextStep(
                    kind="rotation.offer",
                    what=_("Decide the exchange") if decides else _("Answer the exchange"),
                    verb=_("Open the offer"),
                    about=" – ".join(row["term"] for row in operation.before),
                    scope=Scope.CHAIR if decides else Scope.AGENCY,
                    day=operation.lapses_on,
                    url_name="rotation:operation",
                    url_args=(operation.pk,),
                    agencies=tuple(own),
                )
            )
    return steps


def term_steps(
    term: ChairTerm, day: date, *, may_edit: bool, may_correct: bool = False
) -> list[NextStep]:
    """Return what may be done with a term on `day`. Pure.

    `may_edit` tells whether the person may edit terms, `may_correct` whether they may correct the
    record of a term that has begun. A withdrawn proposal stays as it is.
    """
    steps = []
    if may_edit and term.state == TermState.PROPOSED:
        steps += [("confirm", _("Confirm the term")), ("withdraw", _("Withdraw the proposal"))]
    if may_edit and term.state == TermState.PROPOSED:
        steps.append(("edit", _("Correct this term")))
    if may_edit and term.state == TermState.CONFIRMED and term.last_day >= day:
        steps.append(("edit", _("Change the theme")))
    if may_correct and term.state == TermState.CONFIRMED and term.first_day <= day:
        steps.append(("correct", _("Correct the record")))
    return [
        NextStep(
            kind=f"rotation.{name}",
            what=verb,
            verb=verb,
            must=False,
            scope=Scope.CHAIR,
            url_name=f"rotation:{name}",
            url_args=(term.slug,),
        )
        for name, verb in steps
    ]
