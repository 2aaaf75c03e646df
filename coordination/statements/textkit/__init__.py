"""The text engine: what changed between two texts, and what a text is made of. Pure: text in, values out.

``diff`` and ``apply`` are inverse; ``segments`` shows a difference; ``recognise`` takes a pasted text apart into blocks, ``label`` numbers
them; ``canonical`` and ``fingerprint`` fix the exact text that agencies approve.
"""

from .blocks import KINDS, BlockKind, ParsedBlock, label, recognise
from .canon import canonical, fingerprint
from .cleaning import clean
from .diffs import diff
from .hunks import Hunk, HunkError, apply
from .segmentation import Segment, segments

__all__ = [
    "KINDS",
    "BlockKind",
    "Hunk",
    "HunkError",
    "ParsedBlock",
    "Segment",
    "apply",
    "canonical",
    "clean",
    "diff",
    "fingerprint",
    "label",
    "recognise",
    "segments",
]
