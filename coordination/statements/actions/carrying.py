"""Open amendments when the next draft is issued for another round.

They are carried on to it, or returned to their agency.
"""

from collections import defaultdict
from datetime import datetime

from coordination.core import history
from coordination.core.actions import create_with_history, update_with_history
from coordination.members.models import Person
from coordination.statements.actions import guards
from coordination.statements.enums import AmendmentState, StatementsChange
from coordination.statements.models import (
    Amendment,
    Block,
    CoSponsor,
    Draft,
    PreparedAmendment,
)
from coordination.statements.queries import amendments, drafts


def carry_on(old: Draft, new: Draft, *, by: Person, at: datetime) -> None:
    """Carry each open amendment on to the new draft.

    It keeps its agency, author and reason. If the words of its block changed meanwhile, it is
    returned to its agency, which decides what it still wants: no text goes into a place whose words
    its agency has not seen.
    """
    blocks = {block.key: block for block in drafts.blocks_of(new)}
    number = amendments.next_amendment_number(new)
    again: list[Amendment] = []
    sponsors: list[CoSponsor] = []
    settled: defaultdict[tuple[AmendmentState, str], list[Amendment]] = defaultdict(list)
    for amendment in amendments.open_amendments(old).select_for_update(of=("self",)):
        block = blocks.get(amendment.block.key)
        carried = drafts.carried(amendment, block)
        settled[carried.state, carried.why].append(amendment)
        if block and carried.state == AmendmentState.CARRIED:
            copy = carried_copy(amendment, block, carried.text, number + len(again))
            again.append(copy)
            sponsors += [carried_sponsor(sponsor, copy) for sponsor in amendment.cosponsoring]
    for copy in again:
        history.sign(copy, by=by, reason=StatementsChange.CARRIED_ON, values={"number": new.number})
    create_with_history(again)
    CoSponsor.objects.bulk_create(sponsors)
    for (state, why), same in settled.items():
        guards.settle(same, state, why=why, by=by, at=at)


def carried_copy(amendment: Amendment, block: Block, text: str, number: int) -> Amendment:
    """Return the amendment of the new draft, not saved, that carries on one to the old draft."""
    return Amendment(
        block=block,
        agency=amendment.agency,
        author=amendment.author,
        number=number,
        kind=amendment.kind,
        block_kind=amendment.block_kind,
        place=amendment.place,
        proposed_text=text,
        rationale=amendment.rationale,
        proposed_at=amendment.proposed_at,
        carried_from=amendment,
    )


def carried_sponsor(sponsor: CoSponsor, amendment: Amendment) -> CoSponsor:
    """Return the co-sponsor, not saved, that stays with an amendment that was carried on."""
    return CoSponsor(
        amendment=amendment,
        agency_id=sponsor.agency_id,
        person_id=sponsor.person_id,
        joined_at=sponsor.joined_at,
    )


def carry_prepared(old: Draft, new: Draft, *, by: Person, at: datetime) -> None:
    """Move unsent prepared amendments to the new draft.

    Each goes to its paragraph in the words that it most likely has there. If the paragraph is gone,
    it stays where it was. What was written before stays in its history. Only its agency learns of
    it; `by`, who issues the draft, does not.
    """
    blocks = {block.key: block for block in drafts.blocks_of(new)}
    found = PreparedAmendment.objects.filter(
        block__draft=old, sent_as__isnull=True, discarded_at__isnull=True
    )
    carried = []
    for prepared in found.select_for_update(of=("self",)).select_related("block"):
        block = blocks.get(prepared.block.key)
        if block is not None:
            prepared.proposed_text = drafts.best_guess(prepared, block)
            prepared.block, prepared.saved_at = block, at
            prepared.version += 1
            history.sign(
                prepared, by=by, reason=StatementsChange.CARRIED_ON, values={"number": new.number}
            )
            carried.append(prepared)
    update_with_history(carried, ["proposed_text", "block", "saved_at", "version"])
