"""What a person must or may do next with terms and handovers."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from coordination.core.next_steps import NextStep, Scope
from coordination.rotation.enums import ItemState, TermState
from coordination.rotation.models import ChairTerm
from coordination.rotation.queries.handovers import HandoverSideView

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
    if may_edit and term.state == TermState.CONFIRMED:
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
