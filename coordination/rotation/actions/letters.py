"""Record what an agency wrote in a letter: answer, consent, open vote.

The chair's team records it. Nobody acts for an agency that they do not belong to (design.md 4.6),
so each record keeps the letter, its day and who recorded it, and none takes the place of what the
agency said itself.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from coordination.core.actions import refuse_far_day
from coordination.core.permissions import On, require
from coordination.core.queries import day_in_group
from coordination.members.models import Agency, Person
from coordination.members.queries.agencies import is_member_on
from coordination.rotation.actions import candidatures, offers, votes
from coordination.rotation.actions.candidatures import AnswerInput
from coordination.rotation.actions.selections import lock_running
from coordination.rotation.actions.votes import Ballot
from coordination.rotation.enums import Answer
from coordination.rotation.errors import LetterRefused, VoteRefused
from coordination.rotation.models import (
    Candidature,
    OpenVote,
    Selection,
    SelectionVote,
    TermOperation,
)
from coordination.rotation.models.letters import AgencyLetter
from coordination.rotation.queries import offers as offers_queries


def require_letter(
    letter: AgencyLetter | None, agency: Agency, *, by: Person, at: datetime
) -> None:
    """Refuse a letter that the person may not record.

    Raises NotAllowed, LetterRefused or FarFromToday.
    """
    today = day_in_group(at)
    require(by, "rotation.run_selection", On(today))
    if letter is None or not letter.document.strip():
        raise LetterRefused(
            _("Name the letter: its title, and where it is kept."), field="document"
        )
    if letter.day > today:
        raise LetterRefused(_("A letter is not of a day to come."), field="letter_day")
    refuse_far_day(letter.day, at=at, field="letter_day")
    if not is_member_on(agency, today):
        raise LetterRefused(_("%(agency)s is not a member today.") % {"agency": agency})


def refuse_own_words(agency: Agency) -> None:
    """Refuse a letter for an agency that answered itself.

    Raises LetterRefused; the agency changes its answer itself.
    """
    raise LetterRefused(
        _("%(agency)s has answered on its own page. It changes its answer there.")
        % {"agency": agency}
    )


@transaction.atomic
def record_answer(
    selection: Selection,
    agency: Agency,
    given: AnswerInput,
    *,
    version: int,
    by: Person,
    at: datetime,
) -> Candidature:
    """Record an agency's answer to a call by letter.

    The letter is `given.letter`. `version` as in `answer_call`. Raises NotAllowed,
    SelectionOver, LetterRefused, AnswerRefused, Stale, FarFromToday.
    """
    selection = lock_running(selection)
    require_letter(given.letter, agency, by=by, at=at)
    row = Candidature.objects.filter(selection=selection, agency=agency).first()
    if row and not row.letter and row.answer != Answer.NOT_YET:
        refuse_own_words(agency)
    return candidatures.write_answer(selection, agency, given, version=version, by=by, at=at)


@transaction.atomic
def record_consent(
    operation: TermOperation,
    agency: Agency,
    letter: AgencyLetter,
    *,
    version: int,
    by: Person,
    at: datetime,
) -> TermOperation:
    """Record by letter that an agency agreed to the present offer.

    Raises NotAllowed, OfferClosed, LetterRefused, Stale, FarFromToday.
    """
    operation = offers.lock_open(operation, version=version, at=at)
    require_letter(letter, agency, by=by, at=at)
    if agency.pk not in offers_queries.party_keys(operation):
        raise LetterRefused(_("%(agency)s has none of the two terms.") % {"agency": agency})
    return offers.write_consent(operation, agency, by=by, at=at, letter=letter)


@transaction.atomic
def record_vote(
    vote: SelectionVote, agency: Agency, ballot: Ballot, *, by: Person, at: datetime
) -> OpenVote:
    """Record an open vote that an agency gave by letter.

    A secret vote cannot be given by letter. Raises NotAllowed, SelectionOver, VoteRefused,
    LetterRefused, Stale, FarFromToday.
    """
    vote = votes.lock_open(vote)
    require_letter(ballot.letter, agency, by=by, at=at)
    if vote.is_secret:
        raise VoteRefused(
            _("A secret vote cannot be given by letter: who records it would read it.")
        )
    row = OpenVote.objects.filter(vote=vote, agency=agency).first()
    if row and not row.letter:
        refuse_own_words(agency)
    return votes.write_open_vote(vote, agency, ballot, by=by, at=at)
