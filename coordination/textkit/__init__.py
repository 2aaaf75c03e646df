"""The text engine: what changed between two texts, and what a text is made of.

Pure: text in, values out.

``diff`` and ``apply`` are inverse; ``segments`` shows a difference. ``conflicts``, ``merge``,
``rebase`` and ``compile`` are about what several propose to one text, ``rivals`` writes out what
collides, ``fold`` is about amendments to a whole draft, ``align`` about a whole new text;
``balance`` counts words. ``recognise`` takes a pasted text apart into blocks, ``label`` numbers
them; ``canonical`` and ``fingerprint`` fix the exact text that agencies approve. What a hunk, a
conflict, an agreement is: docs/develop/textkit.md.
"""

from .alignment import Fate, align, moved
from .balances import Balance, balance
from .blocks import KINDS, BlockKind, ParsedBlock, label, recognise
from .canon import canonical, fingerprint
from .cleaning import clean
from .collisions import Conflict, Sponsored, conflicts
from .compilation import Run, RunKind, accepted, bracketed, compile, rejected  # noqa: A004 - what drafters call it
from .diffs import close_diff, diff, fine_diff
from .folding import (
    Amendment,
    AmendmentError,
    Block,
    BlockConflict,
    CompiledBlock,
    Folded,
    fold,
    new_key,
    write_compilation,
)
from .hunks import Hunk, HunkError, apply
from .merging import Merged, merge
from .rebasing import Rebased, rebase
from .rivalry import rivals
from .segmentation import Segment, segments

__all__ = [
    "KINDS",
    "Amendment",
    "AmendmentError",
    "Balance",
    "Block",
    "BlockConflict",
    "BlockKind",
    "CompiledBlock",
    "Conflict",
    "Fate",
    "Folded",
    "Hunk",
    "HunkError",
    "Merged",
    "ParsedBlock",
    "Rebased",
    "Run",
    "RunKind",
    "Segment",
    "Sponsored",
    "accepted",
    "align",
    "apply",
    "balance",
    "bracketed",
    "canonical",
    "clean",
    "close_diff",
    "compile",
    "conflicts",
    "diff",
    "fine_diff",
    "fingerprint",
    "fold",
    "label",
    "merge",
    "moved",
    "new_key",
    "rebase",
    "recognise",
    "rejected",
    "rivals",
    "segments",
    "write_compilation",
]
