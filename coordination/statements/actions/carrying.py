"""Carrying amendments over to the next draft."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
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


def carry_over_amendments(
    old: Draft, new: Draft, blocks: Mapping[str, Sequence[Block]], *, by: Person, at: datetime
) -> None:
    """Copy each open amendment to the new draft.

    `blocks` has what each old paragraph became, by its key. The copy keeps agency, author, reason
    and co-sponsors. If the words that an amendment changes have changed themselves, the amendment
    is returned to its agency instead.
    """
    # counted in memory: a query for each number would make the queries grow with the amendments
    number = amendments.next_amendment_number(new)
    copies: list[Amendment] = []
    cosponsors: list[CoSponsor] = []
    settled: defaultdict[tuple[AmendmentState, str], list[Amendment]] = defaultdict(list)
    for amendment in amendments.open_amendments(old).select_for_update(of=("self",)):
        carry_over = drafts.carry_over_of(amendment, blocks.get(amendment.block.key, ()))
        # grouped, because each group is saved in one query
        settled[carry_over.state, carry_over.why].append(amendment)
        if carry_over.block:
            copy = copy_amendment(
                amendment, carry_over.block, carry_over.text, number + len(copies)
            )
            copies.append(copy)
            cosponsors += [
                copy_cosponsor(cosponsor, copy) for cosponsor in amendment.current_cosponsors
            ]
    for copy in copies:
        history.sign(copy, by=by, reason=StatementsChange.CARRIED_ON, values={"number": new.number})
    create_with_history(copies)
    # after the amendments, which must have their keys
    CoSponsor.objects.bulk_create(cosponsors)
    for (state, why), group in settled.items():
        guards.settle_amendments(group, state, why=why, by=by, at=at)


def copy_amendment(amendment: Amendment, block: Block, text: str, number: int) -> Amendment:
    """Return an unsaved copy of an amendment to a new block."""
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


def copy_cosponsor(cosponsor: CoSponsor, amendment: Amendment) -> CoSponsor:
    """Return an unsaved copy of a co-sponsor for a copied amendment."""
    return CoSponsor(
        amendment=amendment,
        agency_id=cosponsor.agency_id,
        person_id=cosponsor.person_id,
        joined_at=cosponsor.joined_at,
    )


def carry_over_prepared(
    old: Draft, new: Draft, blocks: Mapping[str, Sequence[Block]], *, by: Person, at: datetime
) -> None:
    """Move unsent prepared amendments to the new draft.

    Each is rebased onto the new words of its paragraph. It stays with the old draft if the
    paragraph is gone. Nobody outside its agency, `by` included, sees any of this.
    """
    unsent = PreparedAmendment.objects.filter(
        block__draft=old, sent_as__isnull=True, discarded_at__isnull=True
    )
    carried = []
    for prepared in unsent.select_for_update(of=("self",)).select_related("block"):
        became = blocks.get(prepared.block.key)
        if became:
            prepared.proposed_text, prepared.block = drafts.rebased_text(prepared, became)
            prepared.saved_at = at
            prepared.version += 1
            history.sign(
                prepared, by=by, reason=StatementsChange.CARRIED_ON, values={"number": new.number}
            )
            carried.append(prepared)
    update_with_history(carried, ["proposed_text", "block", "saved_at", "version"])
