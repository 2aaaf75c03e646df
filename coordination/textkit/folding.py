"""The amendments to a whole draft, folded into it.

They change words inside blocks, add whole blocks, or take blocks out.

The one home of what happens when amendments to blocks meet; the rules are told in
docs/develop/textkit.md.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, Literal, NamedTuple

from .collisions import Conflict, Id, Sponsored, in_order
from .compilation import CompiledRun, bracketed, compile  # noqa: A004 - what drafters call it
from .diffs import close_diff
from .hunks import Hunk, by_place
from .merging import merge
from .rivalry import rivals

AmendmentKind = Literal["edit", "insert", "delete"]


class AmendmentError(ValueError):
    """Blocks and amendments that do not fit together.

    The message is a sentence for the person who gave them.
    """


class TextBlock(NamedTuple):
    """A block by its key, and its words."""

    key: Hashable
    text: str


@dataclass(frozen=True, slots=True)
class TextAmendment(Generic[Id]):
    """What is proposed for one block.

    It is other words for it, a whole new block after it, or its deletion.

    ``block`` of an insertion may be None, at the very start, or the key of another new block.
    ``agencies`` are its sponsors.
    """

    id: Id
    agencies: tuple[str, ...]
    kind: AmendmentKind
    block: Hashable
    text: str = ""


class BlockConflict(NamedTuple, Generic[Id]):
    """A conflict, and the block that it is in."""

    block: Hashable
    conflict: Conflict[Id]


class CompiledBlock(NamedTuple, Generic[Id]):
    """A block, base or new, as runs that say who would do what to it."""

    key: Hashable
    runs: tuple[CompiledRun[Id], ...]


@dataclass(frozen=True, slots=True)
class Folded(Generic[Id]):
    """A draft with all amendments in it that collide with none.

    ``order_to_settle`` lists the groups of amendments that put different new blocks at one place:
    all stay, a person says in which order. ``compiled`` has all blocks, those that go too, and all
    hunks, those that collide too.
    """

    blocks: tuple[TextBlock, ...]
    conflicts: tuple[BlockConflict[Id], ...]
    order_to_settle: tuple[tuple[Id, ...], ...]
    compiled: tuple[CompiledBlock[Id], ...]


@dataclass(frozen=True, slots=True)
class _Addition(Generic[Id]):
    """A whole new block, and all who ask for it."""

    key: str
    text: str
    ids: tuple[Id, ...]


def fold(blocks: Iterable[TextBlock], amendments: Iterable[TextAmendment[Id]]) -> Folded[Id]:
    """Fold ``amendments`` into ``blocks``; the order of the amendments does not matter.

    Raises :class:`AmendmentError` when a key or an id is there twice, or an amendment names a block
    that is not there.
    """
    draft = {}
    for block in blocks:
        if block.key in draft:
            raise AmendmentError(f"Two blocks have the key {block.key}.")
        draft[block.key] = block.text
    by_block: defaultdict[Hashable, list[TextAmendment[Id]]] = defaultdict(list)
    insertions: defaultdict[Hashable, list[TextAmendment[Id]]] = defaultdict(list)
    for amendment in _checked(draft, amendments):
        (insertions if amendment.kind == "insert" else by_block)[amendment.block].append(amendment)
    standing: list[TextBlock] = []
    clashes: list[BlockConflict[Id]] = []
    unsettled: list[tuple[Id, ...]] = []
    compiled: list[CompiledBlock[Id]] = []
    for key, text in ((None, None), *draft.items()):
        if text is not None:
            folded = _folded_block(key, text, by_block[key])
            standing += folded.blocks
            clashes += folded.conflicts
            compiled += folded.compiled
        additions, groups = _additions(key, insertions)
        standing += [TextBlock(addition.key, addition.text) for addition in additions]
        compiled += [
            CompiledBlock(addition.key, (CompiledRun(addition.text, "insert", addition.ids),))
            for addition in additions
        ]
        unsettled += groups
    if insertions:
        circle = ", ".join(str(one.id) for asked in insertions.values() for one in asked)
        raise AmendmentError(
            f"The new blocks of these amendments stand after one another in a circle: {circle}."
        )
    return Folded(tuple(standing), tuple(clashes), tuple(unsettled), tuple(compiled))


def _folded_block(key: Hashable, text: str, amendments: Iterable[TextAmendment[Id]]) -> Folded[Id]:
    """Fold the edits of one block, and the proposals to delete it.

    These two collide, whatever words the edits are about.
    """
    whole = Hunk(0, len(text), "")
    edits = {
        one.id: (whole,) if one.kind == "delete" else close_diff(text, one.text)
        for one in amendments
    }
    deleters = tuple(one.id for one in amendments if one.kind == "delete")
    compiled = (CompiledBlock(key, compile(text, rivals(text, edits))),)
    if not deleters:
        merged = merge(text, edits)
        return Folded(
            (TextBlock(key, merged.text),),
            tuple(BlockConflict(key, clash) for clash in merged.conflicts),
            (),
            compiled,
        )
    sponsors: defaultdict[Hunk, list[Id]] = defaultdict(list)
    for id_, hunks in edits.items():
        for hunk in hunks:
            sponsors[hunk].append(id_)
    if sponsors.keys() <= {whole}:
        return Folded((), (), (), compiled)
    sponsored = tuple(
        Sponsored(hunk, tuple(sponsors[hunk])) for hunk in sorted(sponsors, key=by_place)
    )
    return Folded(
        (TextBlock(key, text),),
        (BlockConflict(key, Conflict(0, len(text), sponsored)),),
        (),
        compiled,
    )


def _additions(
    anchor: Hashable, insertions: dict[Hashable, list[TextAmendment[Id]]]
) -> tuple[list[_Addition[Id]], list[tuple[Id, ...]]]:
    """Return the new blocks after ``anchor``, and the amendments to put in order.

    Takes them out of ``insertions``.

    Equal new blocks at one place are one, by the key of the first. What stands after a new block
    comes before that block's neighbours.
    """
    found: list[_Addition[Id]] = []
    unsettled: list[tuple[Id, ...]] = []
    waiting, groups = _next_to((anchor,), insertions)
    unsettled += groups
    while waiting:
        addition = waiting.pop()
        found.append(addition)
        below, groups = _next_to([new_key(id_) for id_ in addition.ids], insertions)
        waiting += below
        unsettled += groups
    return found, unsettled


def _next_to(
    anchors: Iterable[Hashable], insertions: dict[Hashable, list[TextAmendment[Id]]]
) -> tuple[list[_Addition[Id]], list[tuple[Id, ...]]]:
    """Return the new blocks right after ``anchors``, which are one block.

    The last comes first. If they differ, all who ask for one are returned too.
    """
    texts = {one.id: one.text for anchor in anchors for one in insertions.pop(anchor, ())}
    asking: defaultdict[str, list[Id]] = defaultdict(list)
    for id_ in in_order(texts):
        asking[texts[id_]].append(id_)
    additions = [_Addition(new_key(ids[0]), text, tuple(ids)) for text, ids in asking.items()]
    return additions[::-1], [in_order(texts)] if len(additions) > 1 else []


def new_key(id_: object) -> str:
    """Return the key of the block that the amendment ``id_`` would put in."""
    return f"new:{id_}"


def write_compilation(folded: Folded[Id], amendments: Iterable[TextAmendment[Id]]) -> str:
    """Write the compilation with agencies in brackets.

    A blank line stands between blocks. See :func:`.compilation.bracketed`.
    """
    names = {amendment.id: amendment.agencies for amendment in amendments}
    return "\n\n".join(bracketed(block.runs, names) for block in folded.compiled)


def _checked(
    draft: Mapping[Hashable, str], amendments: Iterable[TextAmendment[Id]]
) -> list[TextAmendment[Id]]:
    """Return the amendments in the order of their ids, once each has its block."""
    by_id: dict[Id, TextAmendment[Id]] = {}
    for amendment in amendments:
        if amendment.id in by_id:
            raise AmendmentError(f"Two amendments have the id {amendment.id}.")
        by_id[amendment.id] = amendment
    found = [by_id[id_] for id_ in in_order(by_id)]
    added: set[Hashable] = set()
    for amendment in found:
        if amendment.kind == "insert":
            key = new_key(amendment.id)
            if key in draft or key in added:
                raise AmendmentError(f"Two blocks would have the key {key}.")
            added.add(key)
    for amendment in found:
        insertion = amendment.kind == "insert"
        if amendment.block not in draft and not (
            insertion and (amendment.block is None or amendment.block in added)
        ):
            raise AmendmentError(
                f"Amendment {amendment.id} is to the block {amendment.block}, which is not there."
            )
    return found
