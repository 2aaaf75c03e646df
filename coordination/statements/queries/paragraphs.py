"""The blocks of a draft with the amendments to each."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from coordination.statements.enums import AmendmentKind, AmendmentState
from coordination.statements.models import (
    Amendment,
    Block,
    Comment,
    Draft,
    PreparedAmendment,
    Settlement,
)
from coordination.statements.queries import labels
from coordination.statements.queries.amendments import standing_amendments, with_agencies
from coordination.statements.queries.block_views import (
    AmendmentConflict,
    BlockView,
    Insertion,
    Note,
    TouchingAmendments,
    excerpt,
)
from coordination.statements.queries.merged_text import (
    STANDING_STATES,
    is_typographic,
    merge_amendments,
)
from coordination.textkit import clauses, segmentation

# how drafters label inserted paragraphs
INSERTION_SUFFIXES = ("bis", "ter", "quater", "quinquies", "sexies", "septies", "octies")


def with_prepared(
    views: Iterable[BlockView], prepared: Mapping[int, tuple[PreparedAmendment, ...]]
) -> list[BlockView]:
    """Return the views with prepared amendments (see `prepared_in`). Pure."""
    return [
        replace(view, preparing=prepared[view.block.pk]) if view.block.pk in prepared else view
        for view in views
    ]


def block_views(draft: Draft, *, most: int | None = None, opened: str = "") -> list[BlockView]:
    """Return the blocks of a draft with the amendments to each.

    Four queries. With `most`, blocks after the first `most` amendments are folded: their amendments
    are counted but not loaded. The block with the key `opened` is never folded.
    """
    blocks: list[Any] = list(
        _blocks(draft) if most is None else _with_counts(draft, _blocks(draft))
    )
    folded = (
        {}
        if most is None
        else _folded_counts({block.key: block.standing_count for block in blocks}, most, opened)
    )
    amendments = standing_amendments(draft)
    if folded:
        amendments = amendments.filter(
            block__in=[block.pk for block in blocks if block.key not in folded]
        )
    by_block: dict[int, list[Amendment]] = {}
    for amendment in with_agencies(amendments):
        by_block.setdefault(amendment.block_id, []).append(amendment)
    views = []
    for block, label in zip(blocks, labels.block_labels(blocks), strict=True):
        view = _view(block, label, by_block.get(block.pk, []), getattr(block, "settlement", None))
        views.append(
            replace(view, folded=folded[block.key], agencies=block.agency_count)
            if block.key in folded
            else view
        )
    return views


def _blocks(draft: Draft) -> QuerySet[Block]:
    """Return the blocks in order, with settlement and number of comments."""
    comments = Comment.objects.filter(
        statement=draft.statement_id, key=OuterRef("key"), withdrawn_at__isnull=True
    ).order_by()
    # a subquery: a join with comments would repeat each block
    count = Subquery(comments.values("key").annotate(n=Count("pk")).values("n"))
    return (
        draft.blocks.select_related("settlement__settled_by")
        .annotate(comment_count=count)
        .order_by("position", "pk")
    )


def _with_counts(draft: Draft, blocks: QuerySet[Block]) -> QuerySet[Block]:
    """Return the blocks with numbers of amendments and agencies.

    `standing_count` is the number of amendments to the block, `agency_count` the number of agencies
    with amendments to the whole draft. Withdrawn amendments do not count.
    """
    # fields of the order would become part of GROUP BY, and split the counts
    standing = standing_amendments(draft).order_by()
    block_count = (
        standing.filter(block=OuterRef("pk")).values("block").annotate(n=Count("pk")).values("n")
    )
    agency_count = (
        standing.values("block__draft").annotate(n=Count("agency", distinct=True)).values("n")
    )
    return blocks.annotate(
        standing_count=Coalesce(Subquery(block_count), 0), agency_count=Subquery(agency_count)
    )


def _folded_counts(counts: Mapping[str, int], most: int, opened: str) -> dict[str, int]:
    """Return the blocks to fold, those after the first `most` amendments."""
    folded, before = {}, 0
    for key, count in counts.items():
        if count and before >= most and key != opened:
            folded[key] = count
        before += count
    return folded


def fold_views(views: Iterable[BlockView], most: int, opened: str = "") -> list[BlockView]:
    """Fold blocks whose amendments are all loaded, as `block_views` would. Pure."""
    views = list(views)
    folded = _folded_counts({view.block.key: len(view.all_notes) for view in views}, most, opened)
    return [replace(view, folded=folded.get(view.block.key, 0)) for view in views]


def as_proposed(views: Iterable[BlockView]) -> list[BlockView]:
    """Return the blocks without the chair's settlements, in order of proposal.

    Agencies see this view in consolidation, while the chair may still undo settlements.
    """
    proposed_views = []
    for view in views:
        for note in view.all_notes:
            amendment = note.amendment
            amendment.state = AmendmentState.OPEN
            amendment.settled_reason = amendment.settled_code = amendment.settled_text = ""
        amendments = sorted(
            (note.amendment for note in view.all_notes),
            key=lambda amendment: (amendment.proposed_at, amendment.pk),
        )
        proposed = _view(view.block, view.label, amendments, None)
        proposed_views.append(replace(proposed, folded=view.folded, agencies=view.agencies))
    return proposed_views


def _view(
    block: Block, label: str, amendments: Sequence[Amendment], settlement: Settlement | None
) -> BlockView:
    numbers = {
        amendment.pk: amendment.number
        for amendment in amendments
        if amendment.state in STANDING_STATES
    }
    merged = merge_amendments(
        block.text, (amendment for amendment in amendments if amendment.pk in numbers)
    )
    settled = _settled_amendments(block, amendments, settlement)
    undecided = [each for each in merged.conflicts if settled.isdisjoint(each.ids)]
    colliding = {pk for conflict in undecided for pk in conflict.ids}
    excluded = {pk for conflict in merged.conflicts for pk in conflict.ids} - colliding
    beside = {pk for group in merged.touching for pk in group}
    all_notes = [
        _note(amendment, block, colliding=colliding, excluded=excluded, beside=beside)
        for amendment in amendments
    ]
    notes = tuple(note for note in all_notes if note.amendment.kind != AmendmentKind.INSERT)
    inserting_notes = [note for note in all_notes if note.amendment.kind == AmendmentKind.INSERT]
    conflicts = tuple(
        AmendmentConflict(
            tuple(sorted(numbers[pk] for pk in conflict.ids)),
            _words_in(block.text[conflict.start : conflict.end]),
            conflict.same_words,
        )
        for conflict in undecided
    )
    touching = _touching(block, amendments, numbers, merged.touching)
    text = settlement.text if settlement else merged.text
    insertions = tuple(
        Insertion(insertion_label(label, place), note) for place, note in enumerate(inserting_notes)
    )
    return BlockView(
        block,
        label,
        notes,
        settlement,
        text,
        conflicts,
        touching,
        insertions,
    )


def _words_in(text: str) -> str:
    """Return a text without outer spaces, or "" without words."""
    return text.strip() if clauses.has_words(text) else ""


def _touching(
    block: Block,
    amendments: Sequence[Amendment],
    numbers: Mapping[int, int],
    groups: Iterable[tuple[int, ...]],
) -> tuple[TouchingAmendments, ...]:
    """Return groups of touching amendments with their combined words."""
    return tuple(
        TouchingAmendments(
            tuple(sorted(numbers[pk] for pk in group)),
            excerpt(
                segmentation.segments(
                    block.text,
                    merge_amendments(
                        block.text, (each for each in amendments if each.pk in group)
                    ).as_read,
                )
            ),
        )
        for group in groups
    )


def insertion_label(label: str, place: int) -> str:
    """Return the label of a new paragraph: "OP3 bis". Pure.

    `place` is its place (from 0) among those after the paragraph with `label`.
    """
    return f"{label} {INSERTION_SUFFIXES[min(place, len(INSERTION_SUFFIXES) - 1)]}".strip()


def _settled_amendments(
    block: Block, amendments: Sequence[Amendment], settlement: Settlement | None
) -> set[int]:
    """Return the keys of amendments against which a conflict is decided.

    Those taken; all of them once the chair wrote a text.
    """
    taken = [each for each in amendments if each.state == AmendmentState.TAKEN]
    if settlement and merge_amendments(block.text, taken).as_read != settlement.text:
        return {amendment.pk for amendment in amendments}
    return {amendment.pk for amendment in taken}


def _note(
    amendment: Amendment,
    block: Block,
    *,
    colliding: Collection[int],
    excluded: Collection[int],
    beside: Collection[int],
) -> Note:
    is_open = amendment.state == AmendmentState.OPEN
    return Note(
        amendment,
        block,
        is_open and amendment.pk in colliding,
        is_open and amendment.pk in beside,
        is_open and amendment.pk in excluded,
        is_typographic(block.text, amendment),
    )


def amendment_counts(views: Iterable[BlockView]) -> dict[str, int]:
    """Count amendments, agencies, how amendments fit, and states. Pure.

    Folded amendments count only under "all" and "agencies".
    """
    views = list(views)
    notes = [note for view in views for note in view.all_notes]
    states = [note.amendment.state for note in notes]
    return {
        "all": len(notes) + sum(view.folded for view in views if not view.all_notes),
        "agencies": max(
            [len({note.amendment.agency_id for note in notes}), *(view.agencies for view in views)]
        ),
        "conflicts": sum(note.has_conflict for note in notes),
        "touching": sum(note.display_state == "touching" for note in notes),
        "clean": sum(
            note.display_state == "open"
            and (view.can_merge or note.amendment.kind == AmendmentKind.INSERT)
            for view in views
            for note in view.all_notes
        ),
        "typographic": sum(
            note.is_typographic and note.display_state == "open" and view.can_merge
            for view in views
            for note in view.notes
        ),
        **{state.value: states.count(state) for state in AmendmentState},
    }


def proposing(views: Iterable[BlockView]) -> list[int]:
    """Return the agency (by key) of each open amendment. Pure."""
    notes = (note for view in views for note in view.all_notes)
    return [
        each.amendment.agency_id for each in notes if each.amendment.state == AmendmentState.OPEN
    ]
