"""Objections to an earlier draft that a new draft may meet."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from coordination.members.models import Agency
from coordination.statements.enums import PositionKind
from coordination.statements.models import Block, ClearanceStep, Position
from coordination.statements.queries import drafts
from coordination.textkit import blocks as blocks_textkit
from coordination.textkit.segmentation import Segment


@dataclass(frozen=True, slots=True)
class ObjectedPlace:
    """An objected paragraph: its old text and the new differences."""

    label: str
    old_text: str
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class EarlierObjection:
    """An agency's objection to an earlier draft, and what became of the text.

    `places` are the paragraphs that changed; without any, the text reads as before. `about` has the
    numbers of the paragraphs in the new draft.
    """

    position: Position
    draft_number: int
    places: tuple[ObjectedPlace, ...]
    about: tuple[str, ...]


def objections_to_meet(
    step: ClearanceStep, agencies: Collection[Agency]
) -> dict[int, EarlierObjection]:
    """Return the objections that the draft of `step` may meet, by agency key.

    They are of agencies whose newest position is an objection to an earlier draft. No query for
    draft 1; one, and one for each draft that was objected to.
    """
    if step.draft.number == 1 or not agencies:
        return {}
    rows = Position.objects.filter(
        step__statement=step.statement_id, agency__in=list(agencies)
    ).select_related("step__draft", "agency", "person")
    objections = standing_objections(step, rows)
    texts = {
        draft.pk: drafts.blocks_of_both(draft, step.draft)
        for draft in {position.step.draft for position in objections.values()}
    }
    return {
        key: earlier_objection(position, *texts[position.step.draft_id])
        for key, position in objections.items()
    }


def standing_objections(step: ClearanceStep, positions: Iterable[Position]) -> dict[int, Position]:
    """Return the newest positions that object to another draft than that of `step`. Pure.

    By agency key, from positions with their steps.
    """
    newest: dict[int, Position] = {}
    for position in sorted(positions, key=lambda each: (each.taken_at, each.pk)):
        newest[position.agency_id] = position
    return {
        key: position
        for key, position in newest.items()
        if position.kind == PositionKind.OBJECT and position.step.draft_id != step.draft_id
    }


def objecting_before(steps: Iterable[ClearanceStep]) -> dict[int, frozenset[int]]:
    """Return the agencies that still object to an earlier draft.

    Their keys by step key. One query, none where every step is on draft 1.
    """
    later = [step for step in steps if step.draft.number > 1]
    if not later:
        return {}
    rows = Position.objects.filter(step__statement__in=[step.statement_id for step in later])
    newest: dict[int, dict[int, tuple[str, int]]] = {}
    for statement, agency, kind, draft in rows.order_by("taken_at", "pk").values_list(
        "step__statement_id", "agency_id", "kind", "step__draft_id"
    ):
        newest.setdefault(statement, {})[agency] = (kind, draft)
    return {
        step.pk: frozenset(objecting_to_others(newest.get(step.statement_id, {}), step.draft_id))
        for step in later
    }


def objecting_to_others(newest: Mapping[int, tuple[str, int]], draft: int) -> list[int]:
    """Return the agencies that object to another draft than `draft` (its key). Pure.

    `newest` has, by agency key, the kind of the newest position and the key of its draft.
    """
    return [
        agency
        for agency, (kind, of_draft) in newest.items()
        if kind == PositionKind.OBJECT and of_draft != draft
    ]


def earlier_objection(
    position: Position, old: Sequence[Block], new: Sequence[Block]
) -> EarlierObjection:
    """Return what became of the paragraphs that a position objects to. Pure."""
    numbers = zip(blocks_textkit.label(old), old, strict=True)
    key_by_number = {number: block.key for number, block in numbers if number}
    named = position.about.split(", ") if position.about else []
    keys = {key_by_number[number] for number in named if number in key_by_number}
    pairs = [
        pair
        for pair in drafts.compared_blocks(old, new)
        if pair.state != "same" and (not keys or pair.key in keys)
    ]
    places = tuple(
        ObjectedPlace(
            pair.label,
            "".join(segment.text for segment in pair.segments if segment.kind != "insert"),
            pair.segments,
        )
        for pair in pairs
    )
    about = tuple(
        number
        for number, block in zip(blocks_textkit.label(new), new, strict=True)
        if number and block.key in keys
    )
    return EarlierObjection(position, position.step.draft.number, places, about)
