"""What is wrong in the group's records, for its administrators."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coordination.core.models import Group
from coordination.members.enums import FlagKind
from coordination.members.queries import invitations
from coordination.members.queries.roster import roster
from coordination.reminders.enums import MessageState
from coordination.reminders.queries import outbox
from coordination.rotation.enums import TermState
from coordination.rotation.queries import undecided


@dataclass(frozen=True, slots=True)
class RecordProblem:
    """One problem, its effect, and the page to solve it."""

    what: str
    why: str
    verb: str
    url: str


def problems(group: Group, day: date, now: datetime) -> tuple[RecordProblem, ...]:
    """Return all problems at `now` (UTC), on the group's `day`.

    Seven queries. First days without a chair, then mails, agencies short of focal points, and
    invitations that lapsed.
    """
    return (
        *_terms(day),
        *_mails(),
        *_shortages(group, day),
        *_invitations(day, now),
    )


def _terms(day: date) -> Iterator[RecordProblem]:
    """Yield the days ahead on which nobody chairs. Two queries."""
    gap = undecided.undecided_days(day)
    if gap is None:
        return
    what = _("Nobody chairs today")
    if gap.first_day > day:
        what = _("Nobody chairs from %(day)s") % {
            "day": formats.date_format(gap.first_day, "j M Y")
        }
    if gap.term is None:
        yield RecordProblem(
            what, _("No term is planned."), _("Propose a term"), reverse("rotation:propose")
        )
    elif gap.rivals:
        yield RecordProblem(
            what,
            _("Several terms are proposed for these days: %(proposals)s. None is confirmed.")
            % {"proposals": gap.proposals},
            _("Confirm one of them"),
            reverse("rotation:timeline"),
        )
    elif gap.term.state == TermState.PROPOSED:
        yield RecordProblem(
            what,
            _("The term of %(agencies)s is proposed, and nobody has confirmed it.")
            % {"agencies": gap.agencies},
            _("Confirm or withdraw it"),
            reverse("rotation:term", args=[gap.term.slug]),
        )
    else:
        yield RecordProblem(
            what,
            _("The term of %(agencies)s is confirmed, but they are no members then.")
            % {"agencies": gap.agencies},
            _("Open the term"),
            reverse("rotation:term", args=[gap.term.slug]),
        )


def _mails() -> Iterator[RecordProblem]:
    """Yield the mails that could not be delivered, as one. One query."""
    count = outbox.counts().get(MessageState.PARKED, 0)
    if count:
        yield RecordProblem(
            ngettext(
                "%(n)d mail could not be delivered", "%(n)d mails could not be delivered", count
            )
            % {"n": count},
            _("The outbox says why; each can be tried again."),
            _("Open the outbox"),
            f"{reverse('reminders:outbox')}?state={MessageState.PARKED}",
        )


def _shortages(group: Group, day: date) -> Iterator[RecordProblem]:
    """Yield the members with too few focal points on `day`. Three queries."""
    for entry in roster(day, group):
        if entry.flag and entry.flag.kind == FlagKind.SHORTAGE:
            yield RecordProblem(
                _("%(agency)s is short of focal points") % {"agency": entry.agency},
                f"{entry.flag.sentence}. {entry.flag.expected}",
                _("Invite a focal point"),
                reverse("members:invite", args=[entry.agency.slug]),
            )


def _invitations(day: date, now: datetime) -> Iterator[RecordProblem]:
    """Yield the invitations that nobody accepted in time. One query."""
    for invitation in invitations.lapsed_invitations(day, now):
        yield RecordProblem(
            _("The invitation of %(name)s for %(agency)s lapsed")
            % {"name": invitation.name, "agency": invitation.agency},
            _("%(address)s had until %(day)s to accept it.")
            % {
                "address": invitation.email,
                "day": formats.date_format(invitation.expires_at, "j M Y"),
            },
            _("Invite again or withdraw"),
            reverse("members:agency", args=[invitation.agency.slug])
            + f"#invitation-{invitation.pk}",
        )
