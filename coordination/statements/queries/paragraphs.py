"""The blocks of a draft with what was proposed to each."""

from collections.abc import Iterable, Mapping, Sequence
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
from coordination.statements.queries.amendments import standing_in, with_agencies
from coordination.statements.queries.margin import BlockView, Clash, Insertion, Note
from coordination.statements.queries.merged_text import STANDING, laid_together

# how drafters label inserted paragraphs
ORDER = ("bis", "ter", "quater", "quinquies", "sexies", "septies", "octies")


def with_prepared(
    views: Iterable[BlockView], prepared: Mapping[int, tuple[PreparedAmendment, ...]]
) -> list[BlockView]:
    """Return the views, each with what the reader's agencies prepare to its block.

    See `prepared_in`. Pure.
    """
    return [
        replace(view, preparing=prepared[view.block.pk]) if view.block.pk in prepared else view
        for view in views
    ]


def amendments_by_block(
    draft: Draft, *, most: int | None = None, opened: str = ""
) -> list[BlockView]:
    """Return the draft's blocks with what was proposed to each.

    Four queries, however many blocks there are.

    With `most`, the blocks after the first that hold so many amendments together are `folded`:
    counted, not read; the one with the key `opened` never is.
    """
    blocks: list[Any] = list(_blocks(draft) if most is None else _counted(draft, _blocks(draft)))
    folded = (
        {}
        if most is None
        else _beyond({block.key: block.standing_count for block in blocks}, most, opened)
    )
    read = standing_in(draft)
    if folded:
        read = read.filter(block__in=[block.pk for block in blocks if block.key not in folded])
    grouped: dict[int, list[Amendment]] = {}
    for amendment in with_agencies(read):
        grouped.setdefault(amendment.block_id, []).append(amendment)
    views = []
    for block, label in zip(blocks, labels.block_labels(blocks), strict=True):
        view = _view(block, label, grouped.get(block.pk, []), getattr(block, "settlement", None))
        views.append(
            replace(view, folded=folded[block.key], agencies=block.agency_count)
            if block.key in folded
            else view
        )
    return views


def _blocks(draft: Draft) -> QuerySet[Block]:
    """Return the blocks of a draft in their order.

    Each comes with its settlement and the number of its comments.
    """
    said = Comment.objects.filter(
        statement=draft.statement_id, key=OuterRef("key"), withdrawn_at__isnull=True
    ).order_by()
    count = Subquery(said.values("key").annotate(n=Count("pk")).values("n"))
    return (
        draft.blocks.select_related("settlement__settled_by")
        .annotate(comment_count=count)
        .order_by("position", "pk")
    )


def _counted(draft: Draft, blocks: QuerySet[Block]) -> QuerySet[Block]:
    """Return the blocks with the numbers of their amendments and agencies.

    `standing_count` is how many amendments a page shows to the block, `agency_count` from how many
    agencies the whole draft has some.
    """
    standing = standing_in(draft).order_by()
    here = standing.filter(block=OuterRef("pk")).values("block").annotate(n=Count("pk")).values("n")
    whose = standing.values("block__draft").annotate(n=Count("agency", distinct=True)).values("n")
    return blocks.annotate(standing_count=Coalesce(Subquery(here), 0), agency_count=Subquery(whose))


def _beyond(counts: Mapping[str, int], most: int, opened: str) -> dict[str, int]:
    """Return the blocks with amendments after the first `most` amendments.

    They are in their order, without the one with the key `opened`.
    """
    found, before = {}, 0
    for key, count in counts.items():
        if count and before >= most and key != opened:
            found[key] = count
        before += count
    return found


def fold(views: Iterable[BlockView], most: int, opened: str = "") -> list[BlockView]:
    """Return blocks folded as they would be if read with `most`.

    Their amendments were all read. Pure.
    """
    views = list(views)
    folded = _beyond({view.block.key: len(view.every) for view in views}, most, opened)
    return [replace(view, folded=folded.get(view.block.key, 0)) for view in views]


def as_proposed(views: Iterable[BlockView]) -> list[BlockView]:
    """Return the blocks as the agencies proposed, in the order in which they did.

    Without what the chair settles and may still undo.
    """
    found = []
    for view in views:
        for note in view.every:
            note.amendment.state, note.amendment.settled_reason, note.amendment.settled_text = (
                AmendmentState.OPEN,
                "",
                "",
            )
        as_they_came = sorted(
            (note.amendment for note in view.every), key=lambda each: (each.proposed_at, each.pk)
        )
        proposed = _view(view.block, view.label, as_they_came, None)
        found.append(replace(proposed, folded=view.folded, agencies=view.agencies))
    return found


def _view(
    block: Block, label: str, amendments: Sequence[Amendment], settlement: Settlement | None
) -> BlockView:
    """Return a block as the page shows it.

    Its text is as settled, or with all that merges, or as circulated.
    """
    numbers = {
        amendment.pk: amendment.number for amendment in amendments if amendment.state in STANDING
    }
    merged = laid_together(
        block.text, (amendment for amendment in amendments if amendment.pk in numbers)
    )
    colliding = {pk for conflict in merged.conflicts for pk in conflict.ids}
    every = [_note(amendment, block, meets=amendment.pk in colliding) for amendment in amendments]
    notes = tuple(note for note in every if note.amendment.kind != AmendmentKind.INSERT)
    added = [note for note in every if note.amendment.kind == AmendmentKind.INSERT]
    clashes = tuple(
        Clash(
            tuple(sorted(numbers[pk] for pk in conflict.ids)),
            block.text[conflict.start : conflict.end].strip(),
        )
        for conflict in merged.conflicts
    )
    text = settlement.text if settlement else merged.text
    insertions = tuple(
        Insertion(inserted_label(label, place), note) for place, note in enumerate(added)
    )
    return BlockView(
        block,
        label,
        notes,
        settlement,
        text,
        clashes,
        insertions,
    )


def inserted_label(label: str, place: int) -> str:
    """Return what drafters call a new paragraph: "OP3 bis".

    It is the one at `place` (0 is the first) after the paragraph with `label`. Pure.
    """
    return f"{label} {ORDER[min(place, len(ORDER) - 1)]}".strip()


def _note(amendment: Amendment, block: Block, *, meets: bool) -> Note:
    return Note(amendment, block, meets and amendment.state == AmendmentState.OPEN)


def work_left(views: Iterable[BlockView]) -> dict[str, int]:
    """Count the amendments, their agencies and their states.

    Also how many collide and how many merge cleanly. Of amendments that were not read (`folded`)
    only the first two are known. Pure.
    """
    views = list(views)
    notes = [note for view in views for note in view.every]
    states = [note.amendment.state for note in notes]
    return {
        "all": len(notes) + sum(view.folded for view in views if not view.every),
        "agencies": max(
            [len({note.amendment.agency_id for note in notes}), *(view.agencies for view in views)]
        ),
        "conflicts": sum(note.conflict for note in notes),
        "clean": sum(
            note.look == "open" and (view.mergeable or note.amendment.kind == AmendmentKind.INSERT)
            for view in views
            for note in view.every
        ),
        **{state.value: states.count(state) for state in AmendmentState},
    }
