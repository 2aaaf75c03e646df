"""Folding all amendments to a draft into it.

Amendments change words in blocks, add blocks or delete blocks. docs/develop/textkit.md has the
rules.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, Literal, NamedTuple

from .collisions import Conflict, Id, Sponsored, sort_ids
from .compilation import CompiledRun, bracketed, compile  # noqa: A004 - what drafters call it
from .diffs import changes
from .hunks import Change, Hunk, place_sort_key
from .merging import merge
from .rivals import expand_rivals

AmendmentKind = Literal["edit", "insert", "delete"]


class AmendmentError(ValueError):
    """Blocks and amendments do not fit together.

    The message is a sentence for the person who supplied them.
    """


class TextBlock(NamedTuple):
    """A block with its key."""

    key: Hashable
    text: str


@dataclass(frozen=True, slots=True)
class TextAmendment(Generic[Id]):
    """A replacement, an insertion after a block, or a deletion.

    ``block`` of an insertion may be None for the start, or the key of another new block.
    ``agencies`` are the sponsors.
    """

    id: Id
    agencies: tuple[str, ...]
    kind: AmendmentKind
    block: Hashable
    text: str = ""


class BlockConflict(NamedTuple, Generic[Id]):
    """A conflict and its block."""

    block: Hashable
    conflict: Conflict[Id]


class BlockTouch(NamedTuple, Generic[Id]):
    """The amendments to a block that touch: read before any is taken."""

    block: Hashable
    ids: tuple[Id, ...]
    as_read: str  # the block with all amendments that do not conflict


class CompiledBlock(NamedTuple, Generic[Id]):
    """An old or new block as runs with sponsors."""

    key: Hashable
    runs: tuple[CompiledRun[Id], ...]


@dataclass(frozen=True, slots=True)
class FoldedDraft(Generic[Id]):
    """A draft with all amendments that neither conflict nor touch.

    ``order_to_settle`` has the groups of amendments with different new blocks at one place: all are
    added, and a person decides the order. ``compiled`` has all blocks and hunks, deleted and
    conflicting ones too.
    """

    blocks: tuple[TextBlock, ...]
    conflicts: tuple[BlockConflict[Id], ...]
    touching: tuple[BlockTouch[Id], ...]
    order_to_settle: tuple[tuple[Id, ...], ...]
    compiled: tuple[CompiledBlock[Id], ...]


@dataclass(frozen=True, slots=True)
class _Addition(Generic[Id]):
    """A new block and the amendments that propose it."""

    key: str
    text: str
    ids: tuple[Id, ...]


def fold(blocks: Iterable[TextBlock], amendments: Iterable[TextAmendment[Id]]) -> FoldedDraft[Id]:
    """Fold ``amendments``, in any order, into ``blocks``.

    Raises :class:`AmendmentError` for a duplicate key or id, an unknown block, or new blocks that
    follow each other in a circle.
    """
    draft = {}
    for block in blocks:
        if block.key in draft:
            raise AmendmentError(f"Two blocks have the key {block.key}.")
        draft[block.key] = block.text
    by_block: defaultdict[Hashable, list[TextAmendment[Id]]] = defaultdict(list)
    insertions: defaultdict[Hashable, list[TextAmendment[Id]]] = defaultdict(list)
    for amendment in _check_amendments(draft, amendments):
        (insertions if amendment.kind == "insert" else by_block)[amendment.block].append(amendment)
    standing: list[TextBlock] = []
    conflicts: list[BlockConflict[Id]] = []
    touching: list[BlockTouch[Id]] = []
    unsettled: list[tuple[Id, ...]] = []
    compiled: list[CompiledBlock[Id]] = []
    # the key None stands for the start of the draft, where new blocks may go
    for key, text in ((None, None), *draft.items()):
        if text is not None:
            folded = _fold_block(key, text, by_block[key])
            standing += folded.blocks
            conflicts += folded.conflicts
            touching += folded.touching
            compiled += folded.compiled
        additions, groups = _additions_after(key, insertions)
        standing += [TextBlock(addition.key, addition.text) for addition in additions]
        compiled += [
            CompiledBlock(addition.key, (CompiledRun(addition.text, "insert", addition.ids),))
            for addition in additions
        ]
        unsettled += groups
    # each new block removes its insertions; those that are left follow only one another
    if insertions:
        raise _circle_error(insertions.values())
    return FoldedDraft(
        tuple(standing), tuple(conflicts), tuple(touching), tuple(unsettled), tuple(compiled)
    )


def _circle_error(insertions: Iterable[Iterable[TextAmendment[Id]]]) -> AmendmentError:
    ids = ", ".join(str(amendment.id) for group in insertions for amendment in group)
    return AmendmentError(
        f"The new blocks of these amendments stand after one another in a circle: {ids}."
    )


def _fold_block(
    key: Hashable, text: str, amendments: Iterable[TextAmendment[Id]]
) -> FoldedDraft[Id]:
    """Fold the edits and deletions of one block.

    An edit and a deletion always conflict.
    """
    whole = Hunk(0, len(text), "")
    edits: dict[Id, tuple[Change, ...]] = {
        amendment.id: (Change((whole,)),)
        if amendment.kind == "delete"
        else changes(text, amendment.text)
        for amendment in amendments
    }
    deleters = tuple(amendment.id for amendment in amendments if amendment.kind == "delete")
    compiled = (CompiledBlock(key, compile(text, expand_rivals(text, edits))),)
    if not deleters:
        merged = merge(text, edits)
        return FoldedDraft(
            (TextBlock(key, merged.text),),
            tuple(BlockConflict(key, conflict) for conflict in merged.conflicts),
            tuple(BlockTouch(key, ids, merged.as_read) for ids in merged.touching),
            (),
            compiled,
        )
    sponsors: defaultdict[Hunk, list[Id]] = defaultdict(list)
    for id_, id_changes in edits.items():
        for change in id_changes:
            # typography is no reason to keep a block
            if not change.typographic:
                for hunk in change.hunks:
                    sponsors[hunk].append(id_)
    # nobody edits the block, so all agree to delete it
    if sponsors.keys() <= {whole}:
        return FoldedDraft((), (), (), (), compiled)
    sponsored = tuple(
        Sponsored(hunk, tuple(sponsors[hunk])) for hunk in sorted(sponsors, key=place_sort_key)
    )
    return FoldedDraft(
        (TextBlock(key, text),),
        (BlockConflict(key, Conflict(0, len(text), sponsored)),),
        (),
        (),
        compiled,
    )


def _additions_after(
    anchor: Hashable, insertions: dict[Hashable, list[TextAmendment[Id]]]
) -> tuple[list[_Addition[Id]], list[tuple[Id, ...]]]:
    """Return the new blocks after ``anchor``, and amendments to put in order.

    Removes them from ``insertions``. Equal new blocks at one place become one, with the key of the
    first. The blocks after a new block come before that block's neighbours.
    """
    additions: list[_Addition[Id]] = []
    unsettled: list[tuple[Id, ...]] = []
    pending, groups = _direct_additions((anchor,), insertions)
    unsettled += groups
    # a stack, because the blocks after a new block come before its neighbours
    while pending:
        addition = pending.pop()
        additions.append(addition)
        below, groups = _direct_additions([insertion_key(id_) for id_ in addition.ids], insertions)
        pending += below
        unsettled += groups
    return additions, unsettled


def _direct_additions(
    anchors: Iterable[Hashable], insertions: dict[Hashable, list[TextAmendment[Id]]]
) -> tuple[list[_Addition[Id]], list[tuple[Id, ...]]]:
    """Return the new blocks right after ``anchors``, the keys of one block.

    The last comes first. If they differ, their amendments are returned too.
    """
    texts = {
        amendment.id: amendment.text
        for anchor in anchors
        for amendment in insertions.pop(anchor, ())
    }
    ids_by_text: defaultdict[str, list[Id]] = defaultdict(list)
    for id_ in sort_ids(texts):
        ids_by_text[texts[id_]].append(id_)
    additions = [
        _Addition(insertion_key(ids[0]), text, tuple(ids)) for text, ids in ids_by_text.items()
    ]
    return additions[::-1], [sort_ids(texts)] if len(additions) > 1 else []


def insertion_key(id_: object) -> str:
    """Return the key of the block that the amendment ``id_`` adds."""
    return f"new:{id_}"


def write_compilation(folded: FoldedDraft[Id], amendments: Iterable[TextAmendment[Id]]) -> str:
    """Return the compilation with agencies in brackets, blocks separated by blank lines.

    See :func:`.compilation.bracketed`.
    """
    names = {amendment.id: amendment.agencies for amendment in amendments}
    return "\n\n".join(bracketed(block.runs, names) for block in folded.compiled)


def _check_amendments(
    draft: Mapping[Hashable, str], amendments: Iterable[TextAmendment[Id]]
) -> list[TextAmendment[Id]]:
    """Return the amendments sorted by id.

    Raises AmendmentError for bad ones.
    """
    by_id: dict[Id, TextAmendment[Id]] = {}
    for amendment in amendments:
        if amendment.id in by_id:
            raise AmendmentError(f"Two amendments have the id {amendment.id}.")
        by_id[amendment.id] = amendment
    in_order = [by_id[id_] for id_ in sort_ids(by_id)]
    added: set[Hashable] = set()
    for amendment in in_order:
        if amendment.kind == "insert":
            key = insertion_key(amendment.id)
            if key in draft or key in added:
                raise AmendmentError(f"Two blocks would have the key {key}.")
            added.add(key)
    for amendment in in_order:
        insertion = amendment.kind == "insert"
        if amendment.block not in draft and not (
            insertion and (amendment.block is None or amendment.block in added)
        ):
            raise AmendmentError(
                f"Amendment {amendment.id} is to the block {amendment.block}, which is not there."
            )
    return in_order
