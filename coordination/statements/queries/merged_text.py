"""Merging the amendments to one paragraph. Pure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from coordination.statements.enums import AmendmentKind, AmendmentState
from coordination.statements.models import Amendment
from coordination.textkit import diffs, folding, merging, rebasing
from coordination.textkit.collisions import Conflict
from coordination.textkit.folding import TextBlock

# what the chair may still have in the text
STANDING_STATES = frozenset({AmendmentState.OPEN, AmendmentState.TAKEN})
IN_TEXT_STATES = frozenset({AmendmentState.TAKEN, AmendmentState.ADAPTED})


@dataclass(frozen=True, slots=True)
class MergedText:
    """A paragraph with all amendments that do not conflict.

    `text` is "" once it is deleted. `conflicts` have the primary keys of amendments.
    """

    text: str
    conflicts: tuple[Conflict[int], ...]


def without_insertions(amendments: Iterable[Amendment]) -> list[Amendment]:
    """Return the amendments that replace or delete the paragraph. Pure."""
    return [amendment for amendment in amendments if amendment.kind != AmendmentKind.INSERT]


def merge_amendments(base: str, amendments: Iterable[Amendment]) -> MergedText:
    """Merge the amendments that do not conflict into a block. Pure.

    Ignores new paragraphs.
    """
    edits = without_insertions(amendments)
    # nearly all amendments are replacements, and a merge is faster than a fold
    if all(amendment.kind == AmendmentKind.REPLACE for amendment in edits):
        merged = merging.merge(
            base,
            {amendment.pk: diffs.close_diff(base, amendment.proposed_text) for amendment in edits},
        )
        return MergedText(merged.text, tuple(merged.conflicts))
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
    return MergedText(
        folded.blocks[0].text if folded.blocks else "",
        tuple(collision.conflict for collision in folded.conflicts),
    )


def mergeable_amendments(base: str, amendments: Collection[Amendment]) -> list[Amendment]:
    """Return the open amendments that conflict with no open or taken one.

    New paragraphs never conflict. Pure.
    """
    standing = [amendment for amendment in amendments if amendment.state in STANDING_STATES]
    colliding = {
        pk for conflict in merge_amendments(base, standing).conflicts for pk in conflict.ids
    }
    return [
        amendment
        for amendment in standing
        if amendment.state == AmendmentState.OPEN and amendment.pk not in colliding
    ]


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
