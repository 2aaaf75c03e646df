"""Votes on the chair: open, cast, close."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Case, F, Value, When
from django.utils.translation import gettext as _

from coordination.core import history
from coordination.core.actions import refuse_far_day
from coordination.core.due import wake_on_commit
from coordination.core.permissions import On, require
from coordination.core.queries import day_in_group
from coordination.core.versions import claim
from coordination.members.models import Agency, Person
from coordination.members.queries.agencies import members_on
from coordination.rotation.actions import terms
from coordination.rotation.actions.selections import lock_running
from coordination.rotation.enums import VOTE_LIFE, SelectionChange, VoteState
from coordination.rotation.errors import VoteRefused
from coordination.rotation.models import (
    OpenVote,
    SecretVoter,
    SelectionTerm,
    SelectionVote,
    VoteOption,
)
from coordination.rotation.models.letters import AgencyLetter, LetterChange
from coordination.rotation.queries import selections

# a tally of fewer secret votes could tell who chose what
LEAST_SECRET = 3


@dataclass(frozen=True, slots=True)
class Ballot:
    """The input of an open vote: the choice and an optional letter.

    `version` is that of the agency's vote before, 0 for the first.
    """

    choice: VoteOption
    version: int = 0
    letter: AgencyLetter | None = None


@transaction.atomic
def open_vote(
    term: SelectionTerm,
    *,
    is_secret: bool,
    quorum: int,
    until: date,
    by: Person,
    at: datetime,
) -> SelectionVote:
    """Open a vote among the standing agencies.

    Each member of the day has one vote. Raises NotAllowed, SelectionOver, VoteRefused,
    FarFromToday.
    """
    selection = lock_running(term.selection)
    day = day_in_group(at)
    require(by, "rotation.run_selection", On(day))
    # stored as keys: who joins or leaves the group later changes no vote that is open
    electorate = list(members_on(day).values_list("pk", flat=True))
    standing = selections.standing_in(selection, day)
    if len(standing) < 2:  # noqa: PLR2004 - a vote decides between two
        raise VoteRefused(_("A vote needs two agencies that stand."))
    # read again: the decision may have been recorded before the lock
    if hasattr(SelectionTerm.objects.select_related("decision").get(pk=term.pk), "decision"):
        raise VoteRefused(_("This term has its decision."))
    if term.votes.filter(state=VoteState.OPEN).exists():
        raise VoteRefused(_("A vote on this term is open already."))
    least = LEAST_SECRET if is_secret else 1
    if not least <= quorum <= len(electorate):
        raise VoteRefused(
            _("The quorum is from %(least)s to %(most)s votes.")
            % {"least": least, "most": len(electorate)},
            field="quorum",
        )
    if until < day:
        raise VoteRefused(_("This day has passed."), field="until")
    refuse_far_day(until, at=at, field="until")
    vote = SelectionVote(
        term=term,
        is_secret=is_secret,
        quorum=quorum,
        electorate=electorate,
        until=until,
        opened_by=by,
        opened_at=at,
    )
    history.sign(vote, by=by, reason=SelectionChange.VOTE_OPENED)
    vote.save()
    # None is the choice to abstain
    VoteOption.objects.bulk_create(
        VoteOption(vote=vote, agency_id=key) for key in (*standing, None)
    )
    wake_on_commit()
    return vote


def lock_open(vote: SelectionVote, *, version: int | None = None) -> SelectionVote:
    """Lock a vote that is open.

    Raises SelectionOver, VoteRefused, and Stale for another version than the given one.
    """
    lock_running(vote.term.selection)
    vote = SelectionVote.objects.select_for_update(of=("self",)).get(pk=vote.pk)
    if version is not None:
        claim(vote, version)
    if not VOTE_LIFE.allows(vote.state, VoteState.CLOSED):
        raise VoteRefused(_("This vote is closed."))
    return vote


@transaction.atomic
def cast_vote(
    vote: SelectionVote,
    agency: Agency,
    choice: VoteOption,
    *,
    version: int | None = None,
    by: Person,
    at: datetime,
) -> None:
    """Cast an agency's vote.

    An open vote may change until the vote closes, a secret one may not. `version` is that of
    the agency's open vote that the page showed, 0 for none; None is no look. Raises NotAllowed,
    SelectionOver, VoteRefused, Stale.
    """
    vote = lock_open(vote)
    require(by, "members.act_for", On(day_in_group(at), agency))
    refuse_choice(vote, agency, choice, at=at)
    if vote.is_secret:
        cast_secretly(vote, agency, choice, by=by)
        return
    if version is None:
        row = OpenVote.objects.filter(vote=vote, agency=agency).first()
        version = row.version if row else 0
    write_open_vote(vote, agency, Ballot(choice, version), by=by, at=at)


def refuse_choice(vote: SelectionVote, agency: Agency, choice: VoteOption, *, at: datetime) -> None:
    """Raise VoteRefused unless the agency may choose this."""
    if agency.pk not in vote.electorate:
        raise VoteRefused(_("%(agency)s was no member when the vote opened.") % {"agency": agency})
    if day_in_group(at) > vote.until:
        raise VoteRefused(_("The time to vote has passed."))
    if choice.vote_id != vote.pk:
        raise VoteRefused(_("This is a choice of another vote."), field="choice")


def write_open_vote(
    vote: SelectionVote,
    agency: Agency,
    ballot: Ballot,
    *,
    by: Person,
    at: datetime,
) -> OpenVote:
    """Save an agency's open vote under the lock of the vote.

    Raises VoteRefused, Stale.
    """
    refuse_choice(vote, agency, ballot.choice, at=at)
    row = OpenVote.objects.filter(vote=vote, agency=agency).first()
    if row is None:
        row = OpenVote(vote=vote, agency=agency)
    else:
        claim(row, ballot.version)
    row.choice, row.cast_by, row.cast_at = ballot.choice, by, at
    row.keep_letter(ballot.letter)
    row.sign(SelectionChange.VOTE_CAST, LetterChange.VOTE, by=by)
    row.save()
    wake_on_commit()
    return row


def cast_secretly(vote: SelectionVote, agency: Agency, choice: VoteOption, *, by: Person) -> None:
    """Count a secret vote and record separately that the agency voted.

    Nothing links the two.
    """
    try:
        # a savepoint: on PostgreSQL the failed insert would end the caller's transaction
        with transaction.atomic():
            SecretVoter.objects.create(vote=vote, agency=agency, cast_by=by)
    except IntegrityError as error:
        raise VoteRefused(
            _("%(agency)s has voted. A secret vote cannot be changed: nobody knows which it was.")
            % {"agency": agency}
        ) from error
    # Every choice is written, or PostgreSQL's mark of the last writer of a row (xmin) would link
    # the counted choice to the row above.
    VoteOption.objects.filter(vote=vote).update(
        count=F("count") + Case(When(pk=choice.pk, then=Value(1)), default=Value(0))
    )
    wake_on_commit()


@transaction.atomic
def close_vote(
    vote: SelectionVote, *, version: int, by: Person | None, at: datetime
) -> SelectionVote:
    """Close a vote, which publishes its result.

    `by` is None for the scheduler. Raises NotAllowed, SelectionOver, VoteRefused, Stale.
    """
    if by:
        require(by, "rotation.run_selection", On(day_in_group(at)))
    vote = lock_open(vote, version=version)
    vote.state, vote.closed_at = VoteState.CLOSED, at
    history.sign(vote, by=by, reason=SelectionChange.VOTE_CLOSED)
    vote.save(update_fields=["state", "closed_at", "version"])
    wake_on_commit()
    return vote


@transaction.atomic
def close_overdue_votes(*, at: datetime) -> int:
    """Close the votes past their last day and return how many, for the scheduler."""
    # before the list: another scheduler may be closing the same votes
    terms.lock_rotation()
    overdue = SelectionVote.objects.filter(state=VoteState.OPEN, until__lt=day_in_group(at))
    votes = list(overdue.select_related("term__selection"))
    for vote in votes:
        close_vote(vote, version=vote.version, by=None, at=at)
    return len(votes)
