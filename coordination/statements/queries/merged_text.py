"""The amendments to one paragraph laid together: what merges, what collides. Pure: no query."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from coordination.statements.enums import AmendmentKind, AmendmentState
from coordination.statements.models import Amendment
from coordination.textkit import diffs, folding, merging, rebasing
from coordination.textkit.collisions import Conflict
from coordination.textkit.folding import TextBlock

# what the chair may still have in the text
STANDING = frozenset({AmendmentState.OPEN, AmendmentState.TAKEN})
IN_TEXT = frozenset({AmendmentState.TAKEN, AmendmentState.ADAPTED})


@dataclass(frozen=True, slots=True)
class MergedText:
    """A paragraph with all amendments that do not collide.

    `text` is "" once it is deleted. `conflicts` name the amendments that collide by their primary
    keys.
    """

    text: str
    conflicts: tuple[Conflict[int], ...]


def own_words(amendments: Iterable[Amendment]) -> list[Amendment]:
    """Return the amendments to the paragraph's own words: all but those for a new one after it.

    Pure.
    """
    return [amendment for amendment in amendments if amendment.kind != AmendmentKind.INSERT]


def laid_together(base: str, amendments: Iterable[Amendment]) -> MergedText:
    """Return the text of a block with all that does not collide, and what does.

    New paragraphs after it are left aside. Pure.
    """
    found = own_words(amendments)
    # what nearly all are, by the shortest way
    if all(amendment.kind == AmendmentKind.REPLACE for amendment in found):
        merged = merging.merge(
            base, {each.pk: diffs.close_diff(base, each.proposed_text) for each in found}
        )
        return MergedText(merged.text, tuple(merged.conflicts))
    block = TextBlock("", base)
    edits = [
        folding.TextAmendment(
            each.pk,
            (),
            "delete" if each.kind == AmendmentKind.DELETE else "edit",
            "",
            each.proposed_text,
        )
        for each in found
    ]
    folded = folding.fold([block], edits)
    return MergedText(
        folded.blocks[0].text if folded.blocks else "",
        tuple(clash.conflict for clash in folded.conflicts),
    )


def that_merge(base: str, amendments: Collection[Amendment]) -> list[Amendment]:
    """Return the open amendments that collide with no other.

    The others are those open or taken. New paragraphs never collide. Pure.
    """
    live = [amendment for amendment in amendments if amendment.state in STANDING]
    colliding = {pk for conflict in laid_together(base, live).conflicts for pk in conflict.ids}
    return [
        amendment
        for amendment in live
        if amendment.state == AmendmentState.OPEN and amendment.pk not in colliding
    ]


def has_in_full(amendment: Amendment, base: str, text: str) -> bool:
    """Say whether `text` has all that an amendment asks for.

    `text` was made of the paragraph `base`. Pure.
    """
    if amendment.kind != AmendmentKind.REPLACE:
        return False
    left = rebasing.rebase(diffs.close_diff(base, amendment.proposed_text), base, text)
    return left.certain and not left.hunks


def leaves_nothing(text: str, amendments: Iterable[Amendment]) -> bool:
    """Say whether amendments empty a paragraph that none asks to delete.

    Pure.
    """
    return not text.strip() and any(
        amendment.kind == AmendmentKind.REPLACE for amendment in amendments
    )
