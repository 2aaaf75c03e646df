"""What became of the amendments to the draft before, paragraph by paragraph."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from django.db.models import BooleanField, Count, ExpressionWrapper, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from coordination.statements.enums import AmendmentKind, AmendmentState
from coordination.statements.models import Amendment, Block, Draft
from coordination.statements.queries import drafts, labels
from coordination.statements.queries.amendments import COSPONSORS, TEXT_ORDER
from coordination.statements.queries.block_views import BlockFates, BlockView, Fate
from coordination.statements.queries.merged_text import IN_TEXT_STATES

MOST_FATES = 64  # beside a draft; the draft before shows the others


def with_fates(
    views: Iterable[BlockView], draft: Draft, agencies: Collection[int] = ()
) -> list[BlockView]:
    """Add the fates of earlier amendments to the views of blocks.

    The amendments are to the draft before. Those of `agencies` (by key) come first of the
    MOST_FATES that are loaded. Nothing of a draft in preparation, as its settlements may still
    be undone. Three queries, none for draft 1.
    """
    views = list(views)
    if draft.number == 1 or draft.circulated_at is None:
        return views
    before = _blocks_before(draft)
    of_agencies = ExpressionWrapper(Q(agency__in=list(agencies)), output_field=BooleanField())
    amendments = (
        Amendment.objects.filter(block__in=[block.pk for block in before])
        .exclude(state=AmendmentState.WITHDRAWN)
        .select_related("agency", "settled_by", "carried_to")
        .prefetch_related(COSPONSORS)
        .annotate(of_agencies=of_agencies)
        .order_by("-of_agencies", *TEXT_ORDER)[:MOST_FATES]
    )
    by_key = fates_by_key(before, [view.block for view in views], list(amendments))
    for key, here in by_key.items():
        if any(fate.amendment.agency_id in agencies for fate in here.fates):
            by_key[key] = replace(here, of_reader=True)
    return [replace(view, fates=by_key.get(view.block.key, BlockFates())) for view in views]


def _blocks_before(draft: Draft) -> list[Block]:
    """Return the blocks of the draft before, in the chair's order for `draft`.

    `standing_count` of each is the number of its amendments that were not withdrawn. One query.
    """
    before = Block.objects.filter(
        draft__statement=draft.statement_id, draft__number=draft.number - 1
    )
    counts = (
        Amendment.objects.filter(block=OuterRef("pk"))
        .exclude(state=AmendmentState.WITHDRAWN)
        .order_by()
        .values("block")
        .annotate(n=Count("pk"))
        .values("n")
    )
    blocks = list(
        before.select_related("draft__next_order")
        .annotate(standing_count=Coalesce(Subquery(counts), 0))
        .order_by("position", "pk")
    )
    return drafts.in_next_order(blocks, getattr(blocks[0].draft, "next_order", None))


def fates_by_key(
    before: Sequence[Block], after: Sequence[Block], amendments: Iterable[Amendment]
) -> dict[str, BlockFates]:
    """Return the fates of amendments by the paragraph beside which they stand.

    By key of the paragraph. Pure. An amendment stands beside what its paragraph became. Where
    that is gone or was joined to another, it stands beside the paragraph before; a new
    paragraph that was taken beside itself. `before` are the blocks of the draft before in their
    order in the new draft, with `standing_count`.
    """
    places = places_after(before, after)
    by_position = sorted(before, key=lambda block: block.position)
    names = dict(
        zip((block.pk for block in by_position), labels.block_labels(by_position), strict=True)
    )
    kept = {block.key for block in after}
    new = {
        (block.kind, block.text): block.key
        for block in after
        if block.key not in {old.key for old in before}
    }
    blocks = {block.pk: block for block in before}
    shown: dict[str, list[Fate]] = {}
    others = {block.pk: block.standing_count for block in before}  # type: ignore[attr-defined]  # annotated
    in_order = sorted(amendments, key=lambda each: (blocks[each.block_id].position, each.number))
    for amendment in in_order:
        block = blocks[amendment.block_id]
        others[block.pk] -= 1
        key = places[block.key]
        inserted = amendment.kind == AmendmentKind.INSERT and amendment.state in IN_TEXT_STATES
        if inserted:
            key = new.get((amendment.block_kind, amendment.text), key)
        is_gone = block.key not in kept and not inserted
        name = names[block.pk] or str(block.get_kind_display())
        shown.setdefault(key, []).append(Fate(amendment, block, name if is_gone else ""))
    fates = {key: BlockFates(tuple(each)) for key, each in shown.items()}
    for block in before:
        if others[block.pk]:
            key = places[block.key]
            here = fates.get(key, BlockFates())
            fates[key] = replace(here, others=here.others + others[block.pk], key=block.key)
    return fates


def places_after(before: Sequence[Block], after: Sequence[Block]) -> Mapping[str, str]:
    """Map each old paragraph to one of the new draft.

    Pure. One that is not there any more stands beside the one before it, else beside the first.
    """
    kept = {block.key for block in after}
    place = next(block.key for block in after)
    places = {}
    for block in before:
        place = block.key if block.key in kept else place
        places[block.key] = place
    return places
