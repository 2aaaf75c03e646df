"""Whether a text has the words of another.

Also where they first differ. Line breaks, spaces, marks of italics and labels of paragraphs are not
words: a text that was copied from a page, a mail or a Word file has others.
"""

import re
from typing import NamedTuple

from .diffs import changes
from .hunks import Change, Hunk

AROUND_LETTERS = 80
_ITALIC = re.compile(r"\*([^*\n]+)\*")
_LABEL = re.compile(r"^\s*(?:PP|OP|¶)\s?\d+(?:\s(?:bis|ter|quater))?[.:]?\s+", re.MULTILINE)


# the same words; other quotation marks, hyphens or spaces; all the words and more around them
SAME, TYPOGRAPHY, WITHIN, DIFFERENT = "same", "typography", "within", "different"


class Verdict(NamedTuple):
    """The result of a comparison.

    `kind` is SAME, TYPOGRAPHY, WITHIN or DIFFERENT. Of a different text, `official` and `given` are
    what stands at the first difference, between `before` and `after`. Of one with more around the
    words, `before` and `after` are that.
    """

    kind: str
    before: str = ""
    official: str = ""
    given: str = ""
    after: str = ""


def compare(official: str, given: str) -> Verdict:
    """Compare a text with the official one."""
    right, other = words_alone(official), words_alone(given)
    if right == other:
        return Verdict(SAME)
    found = [change for change in changes(right, other) if not change.typographic]
    if not found:
        return Verdict(TYPOGRAPHY)
    inner = [change for change in found if not _is_outside(change, len(right))]
    if inner:
        return _first_difference(right, inner[0].hunks[0])
    around = [hunk for change in found for hunk in change.hunks]
    return Verdict(
        WITHIN,
        before=_tail("".join(hunk.text for hunk in around if hunk.start == 0)),
        after=_head("".join(hunk.text for hunk in around if hunk.start)),
    )


def words_alone(text: str) -> str:
    """Return a text on one line, without italics and labels.

    Marks of italics and labels of paragraphs go.
    """
    text = text.replace("\u00ad", "")  # soft hyphens are places for a line end
    return " ".join(_LABEL.sub("", _ITALIC.sub(r"\1", text)).split())


def _is_outside(change: Change, length: int) -> bool:
    """Say whether a change only adds words around the official text.

    Before it or after it.
    """
    return all(hunk.start == hunk.end and hunk.start in {0, length} for hunk in change.hunks)


def _first_difference(text: str, hunk: Hunk) -> Verdict:
    return Verdict(
        DIFFERENT,
        before=_tail(text[: hunk.start]),
        official=text[hunk.start : hunk.end].strip(),
        given=hunk.text.strip(),
        after=_head(text[hunk.end :]),
    )


def _tail(text: str) -> str:
    """Return the last words of a text, with "…" for those before."""
    if len(text) <= AROUND_LETTERS:
        return text.strip()
    return "… " + text[-AROUND_LETTERS:].partition(" ")[2].strip()


def _head(text: str) -> str:
    """Return the first words of a text, with "…" for those after."""
    if len(text) <= AROUND_LETTERS:
        return text.strip()
    return text[:AROUND_LETTERS].rpartition(" ")[0].strip() + " …"
