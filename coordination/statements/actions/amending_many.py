"""Save the amendments of a Word file together.

All or none, in few queries.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from coordination.core import history, permissions
from coordination.core.actions import create_with_history, update_with_history
from coordination.core.due import wake_on_commit
from coordination.core.errors import Stale
from coordination.core.permissions import On
from coordination.core.queries import day_in_group
from coordination.members.models import Agency, Person
from coordination.members.queries import held_roles
from coordination.statements.actions import guards
from coordination.statements.actions.amendments import (
    AmendmentInput,
    clean_proposal,
    insertion_kind,
    refuse_closed,
)
from coordination.statements.enums import (
    AmendmentKind,
    AmendmentState,
    StatementsChange,
    StatementState,
)
from coordination.statements.errors import (
    AlreadyAmended,
    NothingChanged,
    NotParticipating,
    ReasonMissing,
)
from coordination.statements.models import Amendment, Block, CoSponsor, Statement, WordFile
from coordination.statements.queries import amendments, drafts, statements

CHANGED = (
    "proposed_text",
    "rationale",
    "author",
    "kind",
    "block_kind",
    "word_file",
    "version",
)


@dataclass(frozen=True, slots=True)
class NewAmendment:
    """One amendment to make, or a change to an open `existing` one.

    `name` tells the form which of its fields to blame ("reason-" and the name).
    """

    block: Block
    proposal: AmendmentInput
    agency: Agency
    name: str
    existing: Amendment | None = None


def amend_many(
    statement: Statement,
    entries: Sequence[NewAmendment],
    word_file: WordFile,
    *,
    by: Person,
    at: datetime,
) -> list[Amendment]:
    """Propose several amendments to the newest draft.

    For other agencies, as a record of the chair. The caller holds the lock of the statement.
    Raises NotAllowed, NotParticipating, DeadlinePassed, WrongState, AlreadyAmended,
    NothingChanged, ReasonMissing, or Stale where an amendment that would change is no longer as
    the person saw it.
    """
    own = _own_agencies(statement, entries, word_file, by=by, at=at)
    changed = _locked(entries)
    draft = drafts.latest_draft(statement)
    taken = {
        (one.block_id, one.agency_id)
        for one in amendments.open_amendments(draft)
        if one.kind != AmendmentKind.INSERT
    }
    number = amendments.next_amendment_number(draft)
    made: list[Amendment] = []
    new: list[Amendment] = []
    for entry in entries:
        if entry.existing is not None:
            amendment = changed[entry.existing.pk]
            reason = StatementsChange.AMENDMENT_FROM_WORD
            amendment.version += 1
        else:
            _refuse_second(entry, taken)
            amendment = Amendment(
                block=entry.block,
                agency=entry.agency,
                number=number + len(new),
                proposed_at=at,
                recorded=entry.agency not in own,
            )
            reason = (
                StatementsChange.AMENDMENT_RECORDED
                if amendment.recorded
                else StatementsChange.AMENDMENT_FROM_WORD
            )
            new.append(amendment)
        _write(amendment, entry, word_file, by=by)
        history.sign(amendment, by=by, reason=reason)
        made.append(amendment)
    create_with_history(new)
    update_with_history(list(changed.values()), CHANGED)
    # co-sponsors agreed to the old words
    CoSponsor.objects.filter(amendment__in=changed, left_at__isnull=True).update(
        left_at=at, reworded=True
    )
    wake_on_commit()
    return made


def _own_agencies(
    statement: Statement,
    entries: Sequence[NewAmendment],
    word_file: WordFile,
    *,
    by: Person,
    at: datetime,
) -> list[Agency]:
    """Return the agencies for which the person acts.

    Raises unless all agencies may amend now.
    """
    day = day_in_group(at)
    own = held_roles.acting_agencies(held_roles.roles_of(by, On(day)))
    agencies = {entry.agency for entry in entries}
    participants = set(statements.participants_on(statement.pk, day))
    for agency in sorted(agencies - participants, key=lambda each: each.acronym):
        raise NotParticipating(agency)
    refuse_closed(statement, word_file.agency, by=by, at=at)
    if agencies - {word_file.agency}:
        guards.refuse_state(statement, StatementState.AMENDMENTS)
    if agencies - set(own):
        permissions.require(by, "statements.settle", On(day, statement))
    return own


def _locked(entries: Sequence[NewAmendment]) -> dict[int, Amendment]:
    """Lock and return the amendments to change.

    Raises Stale if one changed since it was shown.
    """
    seen = {entry.existing.pk: entry.existing for entry in entries if entry.existing is not None}
    if not seen:
        return {}
    locked = {
        one.pk: one
        for one in Amendment.objects.select_for_update(of=("self",))
        .select_related("agency", "block")
        .filter(pk__in=seen, state=AmendmentState.OPEN)
    }
    for key, amendment in seen.items():
        if key not in locked or locked[key].version != amendment.version:
            raise Stale(
                _("Somebody changed an amendment while you looked. Look at the file once more."),
                current=amendment,
            )
    return locked


def _refuse_second(entry: NewAmendment, taken: set[tuple[int, int]]) -> None:
    """Raise AlreadyAmended for an agency's second amendment to a block."""
    if entry.proposal.kind == AmendmentKind.INSERT:
        return
    place = (entry.block.pk, entry.agency.pk)
    if place in taken:
        raise AlreadyAmended(
            _("%(agency)s already has an open amendment to this paragraph. Edit that one.")
            % {"agency": entry.agency},
            field=f"reason-{entry.name}",
        )
    taken.add(place)


def _write(amendment: Amendment, entry: NewAmendment, word_file: WordFile, *, by: Person) -> None:
    """Give an amendment its words and reason."""
    try:
        text, reason = clean_proposal(entry.block, entry.proposal)
    except (NothingChanged, ReasonMissing) as error:
        raise type(error)(error.message, field=f"reason-{entry.name}") from error
    amendment.proposed_text, amendment.rationale = text, reason
    amendment.kind = entry.proposal.kind
    amendment.block_kind = insertion_kind(entry.block, entry.proposal)
    amendment.author, amendment.word_file = by, word_file
