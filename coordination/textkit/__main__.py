"""Fold the amendments in a file into its blocks.

``python -m coordination.textkit FILE.json``.

The file: ``{"blocks": [{"key", "text"}], "amendments": [{"id", "agency", "block", "text" |
"insert_after" | "delete": true}]}``. The answer: ``{"conflicts": [[id, …]], "touching": [[id, …]],
"order_to_settle": [[id, …]], "merged": [{"key", "text"}], "compiled": "…"}``. Bad input gives one
sentence on stderr and exit code 2. See docs/develop/textkit.md.
"""

import json
import sys

from .folding import AmendmentError, fold, write_compilation
from .json_input import read_file

_BAD_INPUT = 2


def main(arguments: list[str]) -> int:
    """Run the command; return its exit code."""
    try:
        answer = _answer(arguments)
    except AmendmentError as error:
        sys.stderr.write(f"{' '.join(str(error).split())}\n")
        return _BAD_INPUT
    sys.stdout.buffer.write(answer)
    return 0


def _answer(arguments: list[str]) -> bytes:
    if len(arguments) != 1:
        raise AmendmentError("Give one file: python -m coordination.textkit FILE.json")
    blocks, amendments = read_file(arguments[0])
    folded = fold(blocks, amendments)
    answer = {
        "conflicts": [conflict.conflict.ids for conflict in folded.conflicts],
        "touching": [touch.ids for touch in folded.touching],
        "order_to_settle": folded.order_to_settle,
        "merged": [{"key": block.key, "text": block.text} for block in folded.blocks],
        "compiled": write_compilation(folded, amendments),
    }
    return json.dumps(answer, ensure_ascii=False, indent=2).encode() + b"\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
