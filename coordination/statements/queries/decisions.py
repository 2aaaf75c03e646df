"""What a principal's office reads on the one page of a decision."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q

from coordination.members.models import Agency, Person
from coordination.statements.enums import SETTLED_STATES, AmendmentState
from coordination.statements.models import Amendment, Block, Draft, PersonReading
from coordination.statements.queries import drafts, labels
from coordination.statements.queries.amendments import COSPONSORS
from coordination.statements.queries.block_views import changed_words
from coordination.statements.queries.drafts import BlockPair
from coordination.statements.queries.outcomes import Outcome


@dataclass(frozen=True, slots=True)
class ChangedText:
    """The paragraph pairs that changed since the draft of `reading`."""

    reading: PersonReading
    pairs: tuple[BlockPair, ...]


def readings_of(person: Person, draft: Draft) -> tuple[PersonReading | None, bool]:
    """Return a person's last earlier reading, and whether they read `draft`.

    One query.
    """
    readings = list(
        PersonReading.objects.filter(
            person=person, draft__statement=draft.statement_id, draft__number__lte=draft.number
        )
        .select_related("draft")
        .order_by("-draft__number")[:2]
    )
    has_read = bool(readings) and readings[0].draft_id == draft.pk
    earlier = readings[1:] if has_read else readings
    return next(iter(earlier), None), has_read


def changed_since(
    reading: PersonReading | None, draft: Draft, blocks: Mapping[int, Sequence[Block]]
) -> ChangedText | None:
    """Return what changed since the draft of `reading`.

    None without a reading. Pure. `blocks` are those of each draft, by key of the draft.
    """
    if reading is None:
        return None
    pairs = drafts.compared_blocks(blocks[reading.draft_id], blocks[draft.pk])
    return ChangedText(reading, tuple(pair for pair in pairs if pair.changed))


def amendments_by(
    agencies: Iterable[Agency],
    draft: Draft,
    blocks: Mapping[int, Sequence[Block]],
    *,
    provisional: bool,
) -> list[tuple[Draft, Outcome]]:
    """Return the fates of the agencies' amendments up to `draft`.

    Each with its draft. They proposed or co-sponsored them. One that was carried on is told in
    the last draft to which it was. With `provisional` those to `draft` count as open, since the
    chair may still undo what it settled. `blocks` are those of each draft, by key of the draft.
    Two queries, or one.
    """
    keys = [agency.pk for agency in agencies]
    sponsored = Q(cosponsors__agency__in=keys, cosponsors__left_at__isnull=True)
    amendments = list(
        Amendment.objects.filter(
            Q(agency__in=keys) | sponsored, block__draft__statement=draft.statement_id
        )
        .exclude(state=AmendmentState.CARRIED)
        .select_related("agency", "block__draft")
        .prefetch_related(COSPONSORS)
        .distinct()
        .order_by("block__draft__number", "block__position", "number")
    )
    if not amendments:
        return []
    names = _names_of_blocks(
        blocks[key] for key in {amendment.block.draft_id for amendment in amendments}
    )
    for amendment in amendments:
        hidden = provisional and amendment.block.draft_id == draft.pk
        if hidden and amendment.state in SETTLED_STATES:
            amendment.state = AmendmentState.OPEN
            amendment.settled_reason = amendment.settled_code = ""
    return [
        (
            amendment.block.draft,
            Outcome(
                names[amendment.block_id], changed_words(amendment, amendment.block), amendment
            ),
        )
        for amendment in amendments
    ]


def _names_of_blocks(drafts: Iterable[Sequence[Block]]) -> dict[int, str]:
    """Return each block's number, or else its kind, by primary key.

    Pure.
    """
    return {
        block.pk: label or str(block.get_kind_display())
        for rows in drafts
        for block, label in zip(rows, labels.block_labels(rows), strict=True)
    }
