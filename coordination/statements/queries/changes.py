"""The history of a statement with all that hangs on it, readable on its page."""

from typing import Any

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from coordination.core import history
from coordination.core.history import HistoryEntry
from coordination.statements.enums import SETTLED, AmendmentState
from coordination.statements.models import (
    Amendment,
    Block,
    ClearanceStep,
    CoSponsor,
    Delivery,
    Draft,
    Position,
    Settlement,
    Statement,
)
from coordination.statements.queries import labels

MOST = 200  # on one page


def statement_changes(
    statement: Statement,
    newest: Draft | None,
    *,
    of_chair: bool,
    cleared: bool,
    page: int = 1,
    most: int = MOST,
) -> list[HistoryEntry]:
    """Return a page of the statement's changes, newest first.

    They are those of the statement, its amendments and co-sponsors, and where it has steps of
    clearance (`cleared`) those of its steps and positions. Three to five queries.

    What the chair settles is the chair's (`of_chair`) until the draft after the `newest` is issued,
    and what it undid meanwhile stays the chair's. Once adopted, where it is delivered too; one
    query more.
    """
    until = page * most

    def told(run: list[Any]) -> list[Any]:
        return run if of_chair else outside(run, newest)

    amendments = Amendment.history.filter(block__draft__statement_id=statement.pk)
    found = [
        *history.steps(Statement.history.filter(id=statement.pk), name=_named, most=until),
        *history.steps(amendments, name=_named, told=told, most=until),
        *_joined(statement, until),
    ]
    if cleared:
        steps = ClearanceStep.history.filter(statement_id=statement.pk)
        found += history.steps(steps, name=_named, most=until)
        found += _said(statement, until)
    if statement.adopted_at:
        found += history.steps(
            Delivery.history.filter(statement_id=statement.pk), name=_named, most=until
        )
    return _page(found, page, most)


def preparation_changes(
    statement: Statement, *, page: int = 1, most: int = MOST
) -> list[HistoryEntry]:
    """Return what the chair's team alone reads.

    These are the changes of paragraphs in preparation and of settled texts. Three queries.
    """
    until = page * most
    blocks = Block.history.filter(draft__statement_id=statement.pk, draft__number=1)
    found = [
        *history.steps(Draft.history.filter(statement_id=statement.pk), name=_named, most=until),
        *(step for step in history.steps(blocks, name=_named, most=until) if step.kind != "+"),
        *history.steps(
            Settlement.history.filter(block__draft__statement_id=statement.pk),
            name=_named,
            most=until,
        ),
    ]
    return _page(found, page, most)


def _page(found: list[HistoryEntry], page: int, most: int) -> list[HistoryEntry]:
    return history.newest_first(found, most=page * most)[(page - 1) * most :]


def outside(run: list[Any], newest: Draft | None) -> list[Any]:
    """Return those records of one amendment that others than the chair may read.

    `run` is oldest first. What became of the amendment is told once, with the draft after its own;
    what the chair tried and undid is told to nobody. Pure.
    """
    found = []
    for place, record in enumerate(run):
        before = run[place - 1] if place else None
        undone = before is not None and (
            before.place != record.place
            or (record.state == AmendmentState.OPEN and before.state in SETTLED)
        )
        told = record is run[-1] and newest is not None and record.block.draft_id != newest.pk
        if not undone and (record.state not in SETTLED or told):
            found.append(record)
    return found


def _named(record: Any) -> str:
    """Return what a record is of."""
    kind = record.instance_type
    if kind is Amendment:
        return _amendment_named(record)
    if kind is Draft:
        return _("Draft %(number)s") % {"number": record.number}
    if kind is ClearanceStep:
        return str(record.get_level_display()).capitalize()
    return {
        Delivery: _("Delivery"),
        Statement: _("Statement"),
        Block: _("Paragraph"),
        Settlement: _("Settled text"),
    }[kind]


def _amendment_named(amendment: Any) -> str:
    """Return what an amendment, or a record of one, is called; with its agency and block."""
    return _("Amendment of %(agency)s to “%(words)s”") % {
        "agency": amendment.agency,
        "words": Truncator(amendment.block.text).words(6),
    }


def _joined(statement: Statement, most: int) -> list[HistoryEntry]:
    """Return who came to stand behind whose amendment, and who left."""
    rows = CoSponsor.objects.filter(amendment__block__draft__statement=statement)
    found = []
    for each in rows.select_related(
        "agency", "person", "amendment__agency", "amendment__block"
    ).order_by("-joined_at", "-pk")[:most]:
        what = _amendment_named(each.amendment)
        found.append(
            HistoryEntry(
                each.joined_at,
                each.person,
                _("%(agency)s joined") % {"agency": each.agency},
                "+",
                what,
                (),
            )
        )
        if each.left_at:
            reason = (
                _("%(agency)s let go: the words had changed")
                if each.reworded
                else _("%(agency)s left")
            )
            found.append(
                HistoryEntry(each.left_at, None, reason % {"agency": each.agency}, "~", what, ())
            )
    return found


def _position_sentence(position: Position) -> str:
    """Return "WHO objects (draft 2, OP 3)"."""
    sentence = (
        _("%(agency)s %(kind)s (draft %(number)s, %(about)s)")
        if position.about
        else _("%(agency)s %(kind)s (draft %(number)s)")
    )
    return sentence % {
        "agency": position.agency,
        "kind": position.get_kind_display(),
        "number": position.step.draft.number,
        "about": labels.labels_in_words(position.about),
    }


def _said(statement: Statement, most: int) -> list[HistoryEntry]:
    """Return the positions; they are never changed, so each is its own record."""
    rows = Position.objects.filter(step__statement=statement).select_related(
        "agency", "person", "step__draft"
    )
    return [
        HistoryEntry(
            at=position.taken_at,
            who=position.person,
            reason=_position_sentence(position),
            kind="+",
            what=_("Position"),
            differences=(),
        )
        for position in rows.order_by("-taken_at", "-pk")[:most]
    ]
