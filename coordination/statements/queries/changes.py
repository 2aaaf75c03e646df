"""The history of a statement as its page shows it."""

from typing import Any

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from coordination.core import history
from coordination.core.history import HistoryEntry
from coordination.statements.enums import SETTLED_STATES, AmendmentState
from coordination.statements.models import (
    Amendment,
    Block,
    ClearanceStep,
    CoSponsor,
    Delivery,
    DismissedMention,
    Draft,
    LetterToSilent,
    ParagraphOrder,
    Position,
    Settlement,
    Statement,
)
from coordination.statements.queries import labels
from coordination.statements.queries.positions import list_agencies

PAGE_SIZE = 200  # on one page


def statement_changes(
    statement: Statement,
    newest: Draft | None,
    *,
    of_chair: bool,
    cleared: bool,
    page: int = 1,
    most: int = PAGE_SIZE,
) -> list[HistoryEntry]:
    """Return a page of a statement's history, newest first.

    It has the statement, its amendments and co-sponsors; with `cleared` also its clearance steps
    positions and letters to the silent; after adoption also its deliveries. Four to eight queries.

    Only the chair (`of_chair`) sees settlements of amendments to the newest draft, and those that
    the chair undid.
    """
    limit = page * most

    def visible_records(run: list[Any]) -> list[Any]:
        return run if of_chair else public_records(run, newest)

    amendments = Amendment.history.filter(block__draft__statement_id=statement.pk)
    entries = [
        *history.entries(Statement.history.filter(id=statement.pk), name=_record_name, most=limit),
        *history.entries(amendments, name=_record_name, select=visible_records, most=limit),
        *_cosponsor_entries(statement, limit),
        *_dismissed_entries(statement, limit),
    ]
    if cleared:
        steps = ClearanceStep.history.filter(statement_id=statement.pk)
        entries += history.entries(steps, name=_record_name, most=limit)
        entries += _position_entries(statement, limit)
        entries += _letter_entries(statement, limit)
    if statement.adopted_at:
        entries += history.entries(
            Delivery.history.filter(statement_id=statement.pk), name=_record_name, most=limit
        )
    return _page(entries, page, most)


def preparation_changes(
    statement: Statement, *, page: int = 1, most: int = PAGE_SIZE
) -> list[HistoryEntry]:
    """Return the history that only the chair's team sees.

    It has the drafts, the paragraphs in preparation and the settled texts. Three queries.
    """
    limit = page * most
    blocks = Block.history.filter(draft__statement_id=statement.pk, draft__number=1)
    entries = [
        *history.entries(
            Draft.history.filter(statement_id=statement.pk), name=_record_name, most=limit
        ),
        *(
            step
            for step in history.entries(blocks, name=_record_name, most=limit)
            if step.kind != "+"
        ),
        *history.entries(
            Settlement.history.filter(block__draft__statement_id=statement.pk),
            name=_record_name,
            most=limit,
        ),
        *history.entries(
            ParagraphOrder.history.filter(draft__statement_id=statement.pk),
            name=_record_name,
            most=limit,
        ),
    ]
    return _page(entries, page, most)


# each source is read up to the last entry of the page, then they are merged and cut
def _page(entries: list[HistoryEntry], page: int, most: int) -> list[HistoryEntry]:
    return history.newest_first(entries, most=page * most)[(page - 1) * most :]


def public_records(records: list[Any], newest: Draft | None) -> list[Any]:
    """Return the records of one amendment that agencies may see. Pure.

    `records` are oldest first. Agencies see only the last settlement, once the next draft is
    issued. They never see what the chair undid.
    """
    public = []
    for index, record in enumerate(records):
        previous = records[index - 1] if index else None
        is_undone = previous is not None and (
            previous.place != record.place
            or (record.state == AmendmentState.OPEN and previous.state in SETTLED_STATES)
        )
        is_published = (
            record is records[-1] and newest is not None and record.block.draft_id != newest.pk
        )
        if not is_undone and (record.state not in SETTLED_STATES or is_published):
            public.append(record)
    return public


def _record_name(record: Any) -> str:
    kind = record.instance_type
    if kind is Amendment:
        return _amendment_name(record)
    if kind is Draft:
        return _("Draft %(number)s") % {"number": record.number}
    if kind is ClearanceStep:
        return str(record.get_level_display()).capitalize()
    return {
        Delivery: _("Delivery"),
        Statement: _("Statement"),
        Block: _("Paragraph"),
        Settlement: _("Settled text"),
        ParagraphOrder: _("Order of paragraphs"),
    }[kind]


def _amendment_name(amendment: Any) -> str:
    return _("Amendment of %(agency)s to “%(words)s”") % {
        "agency": amendment.agency,
        "words": Truncator(amendment.block.text).words(6),
    }


def _dismissed_entries(statement: Statement, most: int) -> list[HistoryEntry]:
    """Return the mentions that agencies took off their desks. One query."""
    rows = DismissedMention.objects.filter(comment__statement=statement)
    return [
        HistoryEntry(
            row.dismissed_at,
            row.person,
            _("%(agency)s need not answer") % {"agency": row.agency},
            "+",
            _("Mention by %(agency)s") % {"agency": row.comment.agency},
            (),
        )
        for row in rows.select_related("agency", "person", "comment__agency").order_by(
            "-dismissed_at", "-pk"
        )[:most]
    ]


def _cosponsor_entries(statement: Statement, most: int) -> list[HistoryEntry]:
    rows = CoSponsor.objects.filter(amendment__block__draft__statement=statement)
    entries = []
    for cosponsor in rows.select_related(
        "agency", "person", "amendment__agency", "amendment__block"
    ).order_by("-joined_at", "-pk")[:most]:
        name = _amendment_name(cosponsor.amendment)
        entries.append(
            HistoryEntry(
                cosponsor.joined_at,
                cosponsor.person,
                _("%(agency)s joined") % {"agency": cosponsor.agency},
                "+",
                name,
                (),
            )
        )
        if cosponsor.left_at:
            reason = (
                _("%(agency)s let go: the words had changed")
                if cosponsor.reworded
                else _("%(agency)s left")
            )
            entries.append(
                HistoryEntry(
                    cosponsor.left_at, None, reason % {"agency": cosponsor.agency}, "~", name, ()
                )
            )
    return entries


def _position_sentence(position: Position) -> str:
    """Return "WHO objects (draft 2, OP 3)"."""
    sentence = (
        _("%(agency)s %(kind)s (draft %(number)s, %(about)s)")
        if position.about
        else _("%(agency)s %(kind)s (draft %(number)s)")
    )
    words = sentence % {
        "agency": position.agency,
        "kind": position.get_kind_display(),
        "number": position.step.draft.number,
        "about": labels.labels_in_words(position.about),
    }
    if position.signed_by:
        return words + _(", by letter of %(who)s") % {"who": position.signed_by}
    if position.spoken_by:
        return words + _(", by telephone: %(who)s, heard by %(heard)s") % {
            "who": position.spoken_by,
            "heard": position.heard_by,
        }
    return words


def _letter_entries(statement: Statement, most: int) -> list[HistoryEntry]:
    """Return an entry for each letter to the silent. Two queries."""
    rows = LetterToSilent.objects.filter(step__statement=statement).select_related("sent_by")
    return [
        HistoryEntry(
            at=letter.sent_at,
            who=letter.sent_by,
            reason=_("To %(agencies)s: “%(text)s”")
            % {"agencies": list_agencies(letter.agencies.all()), "text": letter.text},
            kind="+",
            what=_("Letter to the silent"),
            differences=(),
        )
        for letter in rows.prefetch_related("agencies").order_by("-sent_at")[:most]
    ]


def _position_entries(statement: Statement, most: int) -> list[HistoryEntry]:
    """Return an entry for each position; positions never change."""
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
