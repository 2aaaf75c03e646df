"""The reasons of a plan as sentences in the reader's language."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coordination.core import formatting
from coordination.rotation.planning.eligibility import Obstacle, ObstacleKind
from coordination.rotation.planning.order import Tiebreak
from coordination.rotation.planning.situation import Key
from coordination.rotation.planning.why import ProposedFor, WhyNot, Worsened
from coordination.rotation.queries.planning import PlanBase
from coordination.rotation.queries.what_if import PlanComparison, PlanLine, day_text


def acronyms(base: PlanBase, keys: Iterable[Key]) -> str:
    """Return agencies for a sentence."""
    return formatting.list_of(base.agencies[key].acronym for key in keys)


def because_sentence(base: PlanBase, line: PlanLine) -> str:
    """Return why an agency is planned for a term."""
    before = acronyms(base, line.because.before)
    sentences = {
        ProposedFor.KEPT: _("A joint or caretaker term stays as it is proposed."),
        ProposedFor.FIXED: _("A change puts it here."),
        ProposedFor.OWED: _("It is owed a turn."),
        ProposedFor.ANNOUNCED: _("Announced for this term; %(agencies)s would be due earlier.")
        % {"agencies": before},
        ProposedFor.ONLY_ABLE: _("Of those whose turn is still to come, it alone is able."),
        ProposedFor.DUE_FIRST: _("It is due first of those that are able."),
        ProposedFor.OTHERS_LATER: _(
            "%(agencies)s would be due earlier, but the order above needs it in another term."
        )
        % {"agencies": before},
        ProposedFor.NOBODY_ABLE: _("No agency is able; the planner proposes a vacancy."),
        ProposedFor.LEFT_VACANT: _("A change leaves it vacant."),
    }
    sentence = sentences[line.because.reason]
    return (
        f"{sentence} {obstacle_sentence(line.changed[0].acronym, line.obstacle)}"
        if line.obstacle
        else sentence
    )


def standing_text(line: PlanLine) -> str:
    """Describe the planned agency's balance and last term.

    When its turn is decided. "" where the planner did not choose it.
    """
    if line.standing is None:
        return ""
    balance = signed_days(line.standing.balance)
    if line.standing.last_chaired is None:
        return _("Balance then: %(balance)s days; it has never chaired.") % {"balance": balance}
    return _("Balance then: %(balance)s days; its last term ends on %(day)s.") % {
        "balance": balance,
        "day": day_text(line.standing.last_chaired),
    }


def obstacle_sentence(agency: str, obstacle: Obstacle) -> str:
    """Return what keeps an agency from a term."""
    values = {
        "agency": agency,
        "first": day_text(obstacle.days.first),
        "last": day_text(obstacle.days.last),
        "day": day_text(obstacle.day or obstacle.days.first),
    }
    sentences = {
        ObstacleKind.NOT_A_MEMBER: _(
            "%(agency)s is not a member on every day from %(first)s to %(last)s."
        ),
        ObstacleKind.TOO_NEW: _("%(agency)s is a new member and may chair from %(day)s."),
        ObstacleKind.UNAVAILABLE: _("%(agency)s is not available from %(first)s on.")
        if obstacle.days.last == date.max
        else _("%(agency)s is not available from %(first)s to %(last)s."),
        ObstacleKind.DECLINED: _("%(agency)s has declined from %(first)s to %(last)s."),
        ObstacleKind.RESERVED: _(
            "The chair is reserved for other agencies, for an event on %(first)s."
        )
        if obstacle.days.first == obstacle.days.last
        else _(
            "The chair is reserved for other agencies, for an event from %(first)s to %(last)s."
        ),
    }
    return sentences[obstacle.kind] % values


def why_not_sentence(comparison: PlanComparison, answer: WhyNot) -> str:
    """Return what would be worse with an agency in a term."""
    base = comparison.base
    agency = base.agencies[answer.agency].acronym
    if answer.obstacle:
        return obstacle_sentence(agency, answer.obstacle)
    if answer.worsened == Worsened.ORDER and answer.then is not None:
        return order_sentence(comparison, answer)
    return not_ordered_sentence(comparison, answer) % {
        "agency": agency,
        "term": first_day_of(comparison, answer.at),
        "then": first_day_of(comparison, answer.term),
        "owed": "" if answer.instead is None else base.agencies[answer.instead].acronym,
        "moved": moved_text(comparison, answer.moved),
    }


def not_ordered_sentence(comparison: PlanComparison, answer: WhyNot) -> str:
    """Return the sentence of an objective before the order, with names for values."""
    sentences = {
        Worsened.NOTHING: _("%(agency)s is planned for the term from %(term)s."),
        Worsened.KEPT: _("The joint or caretaker term from %(term)s stays as it is proposed."),
        Worsened.FIXED: _("A change above decides the term from %(term)s."),
        Worsened.FIXED_ELSEWHERE: _("A change above puts %(agency)s in the term from %(then)s."),
        Worsened.VACANT: _(
            "With %(agency)s in the term from %(term)s, the term from %(then)s would be vacant."
        ),
        Worsened.OWED: _(
            "With %(agency)s in the term from %(term)s, %(owed)s, which is owed a turn, would not "
            "chair from %(then)s."
        ),
        Worsened.MOVED: ngettext(
            "With %(agency)s in the term from %(term)s, this announced term would change hands: "
            "%(moved)s.",
            "With %(agency)s in the term from %(term)s, these announced terms would change hands: "
            "%(moved)s.",
            len(answer.moved),
        ),
        Worsened.ORDER: _(
            "With %(agency)s in the term from %(term)s, %(owed)s would lose the term from %(then)s."
        ),
    }
    return sentences[answer.worsened]


def order_sentence(comparison: PlanComparison, answer: WhyNot) -> str:
    """Return which agency would be passed over, and what puts it first."""
    base = comparison.base
    assert answer.term is not None
    assert answer.instead is not None
    assert answer.then is not None
    within = comparison.changed.plan.round_of(answer.term)
    assert within
    standings = within.ranking.standings
    sentences = {
        Tiebreak.BALANCE: _(
            "%(due)s is due before %(then)s: its balance at the end of the confirmed terms is "
            "%(due_days)s days, that of %(then)s %(then_days)s days."
        ),
        Tiebreak.LONGEST_SINCE: _(
            "%(due)s is due before %(then)s: their balances are less than a month apart, and "
            "%(due)s has not chaired for longer."
        ),
        Tiebreak.PLACE: _(
            "%(due)s is due before %(then)s: their balances and their last terms are equal, and "
            "then the alphabet decides."
        ),
        Tiebreak.ENTRY: _(
            "%(due)s is due before %(then)s by the rule of the group for new members."
        ),
    }
    reason = sentences[answer.tiebreak or Tiebreak.PLACE] % {
        "due": base.agencies[answer.instead].acronym,
        "then": base.agencies[answer.then].acronym,
        "due_days": signed_days(standings[answer.instead].balance),
        "then_days": signed_days(standings[answer.then].balance),
    }
    if answer.term == answer.at:
        return reason
    return (
        _("The term from %(term)s would then go to %(then)s.")
        % {
            "term": first_day_of(comparison, answer.term),
            "then": base.agencies[answer.then].acronym,
        }
        + f" {reason}"
    )


def moved_text(comparison: PlanComparison, moved: Iterable[int]) -> str:
    """Return announced terms for a sentence: who, and from when."""
    return formatting.list_of(
        _("%(agencies)s from %(day)s")
        % {
            "agencies": formatting.list_of(a.acronym for a in comparison.lines[at].announced),
            "day": first_day_of(comparison, at),
        }
        for at in moved
    )


def signed_days(days: Fraction) -> str:
    """Return signed days with one decimal, in the reader's format."""
    tenths = round(days * 10)
    sign = "+" if tenths > 0 else "−" if tenths < 0 else ""
    return sign + number_format(Decimal(abs(tenths)) / 10, decimal_pos=1)


def first_day_of(comparison: PlanComparison, at: int | None) -> str:
    """Return an open term's first day for a sentence.

    "" for None.
    """
    return "" if at is None else day_text(comparison.lines[at].days.first)
