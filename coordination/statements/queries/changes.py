"""The history of a statement with all that hangs on it, readable on its page."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from coordination.core import history
from coordination.core.history import Change
from coordination.statements.enums import AmendmentState, StatementState
from coordination.statements.models import Amendment, Block, ClearanceStep, Draft, Position, Settlement, Statement

MOST = 200


def statement_changes(statement: Statement, *, of_chair: bool, most: int = MOST) -> list[Change]:
    """Return the newest changes of the statement, its steps, amendments and positions, newest first; four queries.

    What the chair settles is the chair's (`of_chair`) until the next draft is issued.
    """
    found = [
        *_of(Statement.history.filter(id=statement.pk), most),
        *_of(ClearanceStep.history.filter(statement_id=statement.pk), most),
        *_of(_amendments(statement, of_chair=of_chair), most),
        *_said(statement, most),
    ]
    return history.newest_first(found, most=most)


def preparation_changes(statement: Statement, most: int = MOST) -> list[Change]:
    """Return what the chair's team alone reads: how paragraphs were prepared and texts settled; three queries."""
    paragraphs = _of(Block.history.filter(draft__statement_id=statement.pk, draft__number=1), most)
    found = [
        *_of(Draft.history.filter(statement_id=statement.pk), most),
        *(step for step in paragraphs if step.kind != "+"),
        *_of(Settlement.history.filter(block__draft__statement_id=statement.pk), most),
    ]
    return history.newest_first(found, most=most)


def _amendments(statement: Statement, *, of_chair: bool) -> QuerySet[Any]:
    """Return the records of amendments; what the chair settles stays with the chair until the next draft is issued."""
    records: QuerySet[Any] = Amendment.history.filter(block__draft__statement_id=statement.pk)
    if of_chair or statement.state != StatementState.CONSOLIDATION:
        return records
    newest = statement.drafts.order_by("-number").values("pk")[:1]
    outside = ~Q(block__draft__in=newest) | Q(state=AmendmentState.WITHDRAWN)
    return records.filter(outside | Q(history_date__lt=statement.amendments_until))


def _of(records: QuerySet[Any], most: int) -> list[Change]:
    """Return the steps of each object among the records, each beside the one before it."""
    return history.steps(records, name=_named, most=most)


def _named(record: Any) -> str:
    """Return what a record is of."""
    kind = record.instance_type
    if kind is Amendment:
        return _("Amendment of %(agency)s to “%(words)s”") % {"agency": record.agency, "words": Truncator(record.block.text).words(6)}
    if kind is Draft:
        return _("Draft %(number)s") % {"number": record.number}
    if kind is ClearanceStep:
        return str(record.get_level_display()).capitalize()
    return {Statement: _("Statement"), Block: _("Paragraph"), Settlement: _("Settled text")}[kind]


def _said(statement: Statement, most: int) -> list[Change]:
    """Return the positions; they are never changed, so each is its own record."""
    rows = Position.objects.filter(step__statement=statement).select_related("agency", "person", "step__draft")
    return [
        Change(
            at=position.taken_at,
            who=position.person,
            reason=_("%(agency)s %(said)s (draft %(number)s%(about)s)")
            % {
                "agency": position.agency,
                "said": position.get_kind_display(),
                "number": position.step.draft.number,
                "about": f", {position.about}" if position.about else "",
            },
            kind="+",
            what=_("Position"),
            differences=(),
        )
        for position in rows.order_by("-taken_at", "-pk")[:most]
    ]
