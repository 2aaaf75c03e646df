"""The history of a statement with all that hangs on it, readable on its page."""

from collections.abc import Callable, Iterator
from itertools import groupby, islice
from typing import Any

from django.db.models import QuerySet, Subquery
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from coordination.core.history import Change, change
from coordination.statements.enums import SETTLED, AmendmentState
from coordination.statements.models import Amendment, Block, ClearanceStep, CoSponsor, Delivery, Draft, Position, Settlement, Statement

MOST = 200  # on one page


def statement_changes(statement: Statement, *, of_chair: bool, page: int = 1, most: int = MOST) -> list[Change]:
    """Return a page of the changes of the statement, its steps, amendments, co-sponsors and positions, newest first; five queries.

    What the chair settles is the chair's (`of_chair`) until the next draft is issued, and what it undid meanwhile stays the chair's. Once
    adopted, where it is delivered too; one query more.
    """
    until = page * most
    amendments = _amendments(statement)
    found = [
        *_of(Statement.history.filter(id=statement.pk), until),
        *_of(ClearanceStep.history.filter(statement_id=statement.pk), until),
        *_of(amendments, until, all_of if of_chair else outside),
        *_said(statement, until),
        *_joined(statement, until),
        *(_of(Delivery.history.filter(statement_id=statement.pk), until) if statement.adopted_at else ()),
    ]
    return _newest_first(found, page, most)


def preparation_changes(statement: Statement, *, page: int = 1, most: int = MOST) -> list[Change]:
    """Return what the chair's team alone reads: how paragraphs were prepared and texts settled; three queries."""
    until = page * most
    paragraphs = _of(Block.history.filter(draft__statement_id=statement.pk, draft__number=1), until)
    found = [
        *_of(Draft.history.filter(statement_id=statement.pk), until),
        *(step for step in paragraphs if step.kind != "+"),
        *_of(Settlement.history.filter(block__draft__statement_id=statement.pk), until),
    ]
    return _newest_first(found, page, most)


def _newest_first(found: list[Change], page: int, most: int) -> list[Change]:
    return sorted(found, key=lambda step: step.at, reverse=True)[(page - 1) * most : page * most]


def _amendments(statement: Statement) -> QuerySet[Any]:
    """Return the records of amendments, each with `newest`: the key of the statement's newest draft."""
    newest = Subquery(statement.drafts.order_by("-number").values("pk")[:1])
    records: QuerySet[Any] = Amendment.history.filter(block__draft__statement_id=statement.pk)
    annotated: QuerySet[Any] = records.annotate(newest=newest)
    return annotated.select_related("agency", "block")


def all_of(run: list[Any]) -> list[Any]:
    """Return all records of one object."""
    return run


def outside(run: list[Any]) -> list[Any]:
    """Return, of the records of one amendment, newest first, those that others than the chair may know of.

    What became of it is told with the next draft, once; what the chair tried and undid is told to nobody.
    """
    found = []
    for place, (record, before) in enumerate(zip(run, [*run[1:], None], strict=True)):
        undone = before is not None and (before.place != record.place or (record.state == AmendmentState.OPEN and before.state in SETTLED))
        told = place == 0 and record.block.draft_id != record.newest
        if not undone and (record.state not in SETTLED or told):
            found.append(record)
    return found


def _of(records: QuerySet[Any], most: int, shown: Callable[[list[Any]], list[Any]] = all_of) -> list[Change]:
    """Return the steps of each object among the records, those that are `shown`, each beside the one before it."""
    newest = islice(records.select_related("history_user").order_by("-history_date", "-history_id"), most)
    by_object = sorted(newest, key=lambda record: record.id)
    return [step for _key, run in groupby(by_object, key=lambda record: record.id) for step in _steps(shown(list(run)))]


def _steps(run: list[Any]) -> Iterator[Change]:
    """Yield the steps of one object, whose records come newest first."""
    for new, old in zip(run, [*run[1:], None], strict=True):
        yield change(new, old, what=_named(new))


def _named(record: Any) -> str:
    """Return what a record is of."""
    kind = record.instance_type
    if kind is Amendment:
        return _amendment_named(record)
    if kind is Draft:
        return _("Draft %(number)s") % {"number": record.number}
    if kind is ClearanceStep:
        return str(record.get_level_display()).capitalize()
    return {Delivery: _("Delivery"), Statement: _("Statement"), Block: _("Paragraph"), Settlement: _("Settled text")}[kind]


def _amendment_named(amendment: Any) -> str:
    """Return what an amendment, or a record of one, is called; with its agency and block."""
    return _("Amendment of %(agency)s to “%(words)s”") % {"agency": amendment.agency, "words": Truncator(amendment.block.text).words(6)}


def _joined(statement: Statement, most: int) -> list[Change]:
    """Return who came to stand behind whose amendment, and who left."""
    rows = CoSponsor.objects.filter(amendment__block__draft__statement=statement)
    found = []
    for each in rows.select_related("agency", "person", "amendment__agency", "amendment__block").order_by("-joined_at", "-pk")[:most]:
        what = _amendment_named(each.amendment)
        found.append(Change(each.joined_at, each.person, _("%(agency)s joined") % {"agency": each.agency}, "+", what, ()))
        if each.left_at:
            reason = _("%(agency)s let go: the words had changed") if each.reworded else _("%(agency)s left")
            found.append(Change(each.left_at, None, reason % {"agency": each.agency}, "~", what, ()))
    return found


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
