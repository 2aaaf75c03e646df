"""Open amendments when the next draft is issued for another round.

They are carried on to it, or returned to their agency.
"""

from datetime import datetime

from django.utils.translation import gettext as _

from coordination.core import history
from coordination.members.models import Person
from coordination.statements.actions import guards
from coordination.statements.enums import AmendmentState
from coordination.statements.models import Amendment, CoSponsor, Draft, PreparedAmendment
from coordination.statements.queries import amendments, drafts


def carry_on(old: Draft, new: Draft, *, by: Person, at: datetime) -> None:
    """Carry each open amendment on to the new draft.

    It keeps its agency, author and reason. If the words of its block changed meanwhile, it is
    returned to its agency, which decides what it still wants: no text goes into a place whose words
    its agency has not seen.
    """
    blocks = {block.key: block for block in drafts.blocks_of(new)}
    number = amendments.next_amendment_number(new)
    for amendment in amendments.open_amendments(old).select_for_update(of=("self",)):
        block = blocks.get(amendment.block.key)
        carried = drafts.carried(amendment, block)
        if carried.state == AmendmentState.CARRIED:
            again = Amendment(
                block=block,
                agency=amendment.agency,
                author=amendment.author,
                number=number,
                kind=amendment.kind,
                block_kind=amendment.block_kind,
                place=amendment.place,
                proposed_text=carried.text,
                rationale=amendment.rationale,
                proposed_at=amendment.proposed_at,
                carried_from=amendment,
            )
            history.sign(
                again, by=by, reason=_("Carried on to draft %(number)s") % {"number": new.number}
            )
            again.save()
            number += 1
            CoSponsor.objects.bulk_create(
                CoSponsor(
                    amendment=again,
                    agency_id=each.agency_id,
                    person_id=each.person_id,
                    joined_at=each.joined_at,
                )
                for each in amendment.cosponsors.filter(left_at__isnull=True)
            )
        guards.settle(amendment, carried.state, why=carried.why, by=by, at=at)


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
    for prepared in found.select_for_update(of=("self",)).select_related("block"):
        block = blocks.get(prepared.block.key)
        if block is not None:
            prepared.proposed_text = drafts.best_guess(prepared, block)
            prepared.block, prepared.saved_at = block, at
            prepared.version += 1
            history.sign(
                prepared, by=by, reason=_("Carried on to draft %(number)s") % {"number": new.number}
            )
            prepared.save()
