"""Merging the amendments to one paragraph. Pure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from coordination.statements.enums import AmendmentKind, AmendmentState
from coordination.statements.models import Amendment
from coordination.textkit import diffs, folding, merging, rebasing, typography
from coordination.textkit.collisions import Conflict
from coordination.textkit.folding import TextBlock

# what the chair may still have in the text
STANDING_STATES = frozenset({AmendmentState.OPEN, AmendmentState.TAKEN})
IN_TEXT_STATES = frozenset({AmendmentState.TAKEN, AmendmentState.ADAPTED})


@dataclass(frozen=True, slots=True)
class MergedText:
    """A paragraph with all amendments that neither conflict nor touch.

    `as_read` has those that touch too: what a person reads before taking them. Both are "" once the
    paragraph is deleted. `touching` and `conflicts` have the primary keys of amendments.
    """

    text: str
    as_read: str
    touching: tuple[tuple[int, ...], ...]
    conflicts: tuple[Conflict[int], ...]


def without_insertions(amendments: Iterable[Amendment]) -> list[Amendment]:
    """Return the amendments that replace or delete the paragraph. Pure."""
    return [amendment for amendment in amendments if amendment.kind != AmendmentKind.INSERT]


def merge_amendments(base: str, amendments: Iterable[Amendment]) -> MergedText:
    """Merge amendments into a block. Pure.

    Ignores new paragraphs.
    """
    edits = without_insertions(amendments)
    # nearly all amendments are replacements, and a merge is faster than a fold
    if all(amendment.kind == AmendmentKind.REPLACE for amendment in edits):
        merged = merging.merge(
            base,
            {amendment.pk: diffs.changes(base, amendment.proposed_text) for amendment in edits},
        )
        return MergedText(merged.text, merged.as_read, merged.touching, merged.conflicts)
    block = TextBlock("", base)
    text_amendments = [
        folding.TextAmendment(
            amendment.pk,
            (),
            "delete" if amendment.kind == AmendmentKind.DELETE else "edit",
            "",
            amendment.proposed_text,
        )
        for amendment in edits
    ]
    folded = folding.fold([block], text_amendments)
    text = folded.blocks[0].text if folded.blocks else ""
    return MergedText(
        text,
        text,
        (),  # beside a deletion, every other change conflicts
        tuple(collision.conflict for collision in folded.conflicts),
    )


def mergeable_amendments(base: str, amendments: Collection[Amendment]) -> list[Amendment]:
    """Return the open amendments without conflict or touching neighbours.

    Only open and taken amendments count as neighbours. New paragraphs never conflict. Pure.
    """
    standing = [amendment for amendment in amendments if amendment.state in STANDING_STATES]
    merged = merge_amendments(base, standing)
    to_decide = {pk for conflict in merged.conflicts for pk in conflict.ids}.union(*merged.touching)
    return [
        amendment
        for amendment in standing
        if amendment.state == AmendmentState.OPEN and amendment.pk not in to_decide
    ]


def is_typographic(base: str, amendment: Amendment) -> bool:
    """Return whether an amendment changes only typography, such as the form of quotes.

    Pure.
    """
    return amendment.kind == AmendmentKind.REPLACE and typography.is_same_but_typography(
        base, amendment.proposed_text
    )


def is_fully_in(amendment: Amendment, base: str, text: str) -> bool:
    """Say whether `text` has all changes of an amendment to `base`. Pure."""
    if amendment.kind != AmendmentKind.REPLACE:
        return False
    # what is left of the amendment once it is rebased onto the text
    missing = rebasing.rebase(diffs.close_diff(base, amendment.proposed_text), base, text)
    return missing.certain and not missing.hunks


def empties_block(text: str, amendments: Iterable[Amendment]) -> bool:
    """Say whether the merged text is empty though no amendment deletes it.

    Pure.
    """
    return not text.strip() and any(
        amendment.kind == AmendmentKind.REPLACE for amendment in amendments
    )
