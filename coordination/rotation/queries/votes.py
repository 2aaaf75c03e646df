"""Votes on the chair: who has voted, and what came out."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import F, Prefetch, QuerySet

from coordination.members.models import Agency
from coordination.rotation.models import OpenVote, SecretVoter, SelectionVote, VoteOption


def with_cast() -> QuerySet[SelectionVote]:
    """Return all votes with their choices, by acronym, and ballots.

    Four queries.
    """
    options = VoteOption.objects.select_related("agency")
    cast = OpenVote.objects.select_related("agency", "choice__agency", "cast_by")
    return SelectionVote.objects.select_related("term__selection").prefetch_related(
        Prefetch("options", options.order_by(F("agency__acronym").asc(nulls_last=True))),
        Prefetch("open_votes", cast),
        Prefetch("secret_voters", SecretVoter.objects.select_related("agency")),
    )


@dataclass(frozen=True, slots=True)
class Tally:
    """How often one choice was made; no agency is an abstention."""

    agency: Agency | None
    count: int


@dataclass(frozen=True, slots=True)
class VoteResult:
    """What a closed vote says.

    `tallies` are empty where the quorum was missed: so few votes could tell who chose what.
    `winner` is None without a quorum, in a tie, and when all abstained.
    """

    cast: int
    has_quorum: bool
    tallies: tuple[Tally, ...]
    winner: Agency | None
    is_tie: bool


def voters(vote: SelectionVote) -> list[Agency]:
    """Return the agencies that have voted, by acronym."""
    rows = vote.secret_voters.all() if vote.is_secret else vote.open_votes.all()
    return sorted((row.agency for row in rows), key=lambda agency: agency.acronym)


def result_of(vote: SelectionVote) -> VoteResult | None:
    """Return what a closed vote says, or None while it is open.

    A secret tally is read here and nowhere else.
    """
    if vote.is_open:
        return None
    options = list(vote.options.all())
    if vote.is_secret:
        counts = {option.pk: option.count for option in options}
    else:
        chosen = Counter(row.choice_id for row in vote.open_votes.all())
        counts = {option.pk: chosen[option.pk] for option in options}
    cast = sum(counts.values())
    has_quorum = cast >= vote.quorum
    tallies = sorted(
        (Tally(option.agency, counts[option.pk]) for option in options),
        key=lambda tally: (tally.agency is None, -tally.count, str(tally.agency)),
    )
    named = [tally for tally in tallies if tally.agency and tally.count]
    leaders = [tally for tally in named if tally.count == named[0].count]
    is_tie = has_quorum and len(leaders) > 1
    wins = has_quorum and len(leaders) == 1
    return VoteResult(
        cast,
        has_quorum,
        tuple(tallies) if has_quorum or not vote.is_secret else (),
        leaders[0].agency if wins else None,
        is_tie,
    )
