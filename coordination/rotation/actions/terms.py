"""Terms: proposed, corrected, confirmed, withdrawn. Two never share a day."""

import calendar
from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils import dateformat
from django.utils.translation import gettext as _

from coordination.core import formatting, history
from coordination.core.actions import kept_by
from coordination.core.due import wake_on_commit
from coordination.core.errors import LastDayBeforeFirst
from coordination.core.models import Group
from coordination.core.permissions import On, require
from coordination.core.queries import day_in_group
from coordination.core.versions import claim
from coordination.members.models import Agency, Person
from coordination.members.queries.agencies import is_member_on
from coordination.rotation.actions.handovers import hand_over_from, open_handover
from coordination.rotation.enums import TERM_LIFE, RotationChange, TermState
from coordination.rotation.errors import NobodyChairs, TermNotProposed, TermsOverlap, TooManyChairs
from coordination.rotation.models import ChairTerm, TermAgency
from coordination.rotation.queries import chair, terms
from coordination.rotation.queries.terms import TermWords

MOST_CHAIRS = 2


def slug_for(first_day: date, last_day: date) -> str:
    """Return the address of a term.

    "2013-H1" for a half-year, "2014" for a year, else "2009-06" or the whole first day.
    """
    halves = {((1, 1), (6, 30)): "-H1", ((7, 1), (12, 31)): "-H2", ((1, 1), (12, 31)): ""}
    if first_day.year == last_day.year:
        half = halves.get(((first_day.month, first_day.day), (last_day.month, last_day.day)))
        if half is not None:
            return f"{first_day.year}{half}"
    whole_months = (
        first_day.day == 1 and last_day.day == calendar.monthrange(last_day.year, last_day.month)[1]
    )
    return f"{first_day:%Y-%m}" if whole_months else first_day.isoformat()


def free_slug(words: TermWords) -> str:
    """Return an address that no other term has: a withdrawn one may hold the plain one."""
    slug, number = slug_for(words.first_day, words.last_day), 1
    while ChairTerm.objects.filter(slug=slug).exists():
        number += 1
        slug = f"{slug_for(words.first_day, words.last_day)}-{number}"
    return slug


def refuse_overlap(words: TermWords, *, other_than: int | None = None) -> None:
    """Raise LastDayBeforeFirst, and only then TermsOverlap, which names the other term."""
    if words.last_day < words.first_day:
        raise LastDayBeforeFirst(_("The last day is before the first."), field="last_day")
    other = terms.overlapping(words.period, other_than=other_than).first()
    if other:
        raise TermsOverlap(overlap_sentence(other), field="first_day")


def overlap_sentence(other: ChairTerm) -> str:
    """Say which term is in the way."""
    return _("These days overlap with the term of %(agencies)s, %(first)s to %(last)s.") % {
        "agencies": formatting.list_of(agency.acronym for agency in chair.chairing_agencies(other)),
        "first": dateformat.format(other.first_day, "j F Y"),
        "last": dateformat.format(other.last_day, "j F Y"),
    }


def refuse_chairs(agencies: Sequence[Agency], words: TermWords) -> None:
    """Raise NobodyChairs or TooManyChairs unless one agency, or two jointly, may chair.

    Each a member on the first and the last day.

    An agency that is known to leave within the term cannot be confirmed for the whole of it: its
    focal points would lose the chair's powers with nobody in their place. What happens to a
    membership later is seen when it happens.
    """
    if not agencies:
        raise NobodyChairs(_("Name at least one agency."), field="agencies")
    if len(agencies) > MOST_CHAIRS:
        raise TooManyChairs(
            _("One agency chairs, or two jointly; these are %(n)s.") % {"n": len(agencies)},
            field="agencies",
        )
    for agency in agencies:
        for day in (words.first_day, words.last_day):
            if not is_member_on(agency, day):
                message = _("%(agency)s is not a member on %(day)s.") % {
                    "agency": agency,
                    "day": dateformat.format(day, "j F Y"),
                }
                raise NobodyChairs(message, field="agencies")


def write(term: ChairTerm, words: TermWords, fields: list[str] | None = None) -> None:
    """Save; the database's own refusal of an overlap becomes the same sentence as ours."""
    otherwise = TermsOverlap(
        _("Somebody proposed a term for these days at the same moment."), field="first_day"
    )
    with kept_by(
        "rotation_chairterm_no_overlap",
        lambda: refuse_overlap(words, other_than=term.pk),
        otherwise,
    ):
        term.save(update_fields=fields)


@transaction.atomic
def propose_term(
    agencies: Sequence[Agency], words: TermWords, *, by: Person, at: datetime
) -> ChairTerm:
    """Propose that `agencies` (one, or two jointly) chair for the days in `words`.

    Raises LastDayBeforeFirst, TermsOverlap, NobodyChairs, TooManyChairs, NotAllowed.
    """
    lock_rotation()
    require(by, "rotation.edit_term", On(day_in_group(at)))
    refuse_overlap(words)
    refuse_chairs(agencies, words)
    term = ChairTerm(
        slug=free_slug(words),
        first_day=words.first_day,
        last_day=words.last_day,
        kind=words.kind,
        theme=words.theme,
    )
    history.sign(term, by=by, reason=RotationChange.TERM_PROPOSED)
    write(term, words)
    set_agencies(term, agencies, by=by)
    wake_on_commit()
    return term


def lock_rotation() -> None:
    """Let one change of the rotation follow another: lock the group's row."""
    list(Group.objects.select_for_update().values_list("pk", flat=True))


def set_agencies(term: ChairTerm, agencies: Sequence[Agency], *, by: Person | None) -> None:
    """Put exactly these agencies in the chair, in this order.

    One that stays where it was leaves no trace in history.
    """
    there = {row.agency_id: row for row in term.chairs.all()}
    for position, agency in enumerate(agencies, 1):
        row = there.pop(agency.pk, None) or TermAgency(term=term, agency=agency, position=0)
        if row.position != position:
            history.sign(
                row,
                by=by,
                reason=RotationChange.CHAIR_MOVED if row.pk else RotationChange.CHAIR_ADDED,
            )
            row.position = position
            row.save()
    for row in there.values():
        history.sign(row, by=by, reason=RotationChange.CHAIR_REMOVED)
        row.delete()


@transaction.atomic
def edit_term(
    term: ChairTerm,
    agencies: Sequence[Agency],
    words: TermWords,
    *,
    version: int,
    by: Person,
    at: datetime,
) -> ChairTerm:
    """Correct a proposal's agencies, days, kind or theme; of a confirmed term only the theme.

    Raises Stale, LastDayBeforeFirst, TermsOverlap, NobodyChairs, TooManyChairs, TermNotProposed,
    NotAllowed.
    """
    lock_rotation()
    term = ChairTerm.objects.select_for_update(of=("self",)).get(pk=term.pk)
    require(by, "rotation.edit_term", On(day_in_group(at), term))
    claim(term, version)
    seated = list(term.chairs.order_by("position").values_list("agency", flat=True))
    changed = (
        words.period != term.period
        or words.kind != term.kind
        or [agency.pk for agency in agencies] != seated
    )
    if changed and term.state != TermState.PROPOSED:
        raise TermNotProposed(
            _("The days and agencies of a confirmed term stand; only its theme can be corrected.")
        )
    if changed:
        refuse_overlap(words, other_than=term.pk)
        refuse_chairs(agencies, words)
        set_agencies(term, agencies, by=by)
    term.first_day, term.last_day, term.kind, term.theme = (
        words.first_day,
        words.last_day,
        words.kind,
        words.theme,
    )
    history.sign(term, by=by, reason=RotationChange.TERM_CORRECTED)
    write(term, words, ["first_day", "last_day", "kind", "theme", "version"])
    wake_on_commit()
    return term


@transaction.atomic
def confirm_term(term: ChairTerm, *, version: int, by: Person, at: datetime) -> ChairTerm:
    """Confirm a proposal: its agencies will chair, and the handover with its checklist begins.

    The next handover is from it.

    A term that was over before it was put on record has nothing to hand over.
    Raises TermNotProposed, Stale, NobodyChairs, TooManyChairs, NotAllowed.
    """
    lock_rotation()
    term = ChairTerm.objects.select_for_update(of=("self",)).get(pk=term.pk)
    require(by, "rotation.edit_term", On(day_in_group(at), term))
    if not TERM_LIFE.allows(term.state, TermState.CONFIRMED):
        raise TermNotProposed(_("This term is not a proposal any more."))
    claim(term, version)
    refuse_chairs(chair.chairing_agencies(term), TermWords(term.first_day, term.last_day))
    term.state, term.confirmed_at = TermState.CONFIRMED, at
    history.sign(term, by=by, reason=RotationChange.TERM_CONFIRMED)
    term.save(update_fields=["state", "confirmed_at", "version"])
    if term.last_day >= day_in_group(at):
        open_handover(term, by=by, at=at)
    hand_over_from(term, by=by)
    wake_on_commit()
    return term


@transaction.atomic
def withdraw_term(term: ChairTerm, *, version: int, by: Person, at: datetime) -> ChairTerm:
    """Withdraw a proposal; it stays on record, and its days are free.

    Raises TermNotProposed, Stale, NotAllowed.
    """
    lock_rotation()
    term = ChairTerm.objects.select_for_update(of=("self",)).get(pk=term.pk)
    require(by, "rotation.edit_term", On(day_in_group(at), term))
    if not TERM_LIFE.allows(term.state, TermState.WITHDRAWN):
        raise TermNotProposed(_("Only a proposal can be withdrawn."))
    claim(term, version)
    term.state = TermState.WITHDRAWN
    history.sign(term, by=by, reason=RotationChange.TERM_WITHDRAWN)
    term.save(update_fields=["state", "version"])
    wake_on_commit()
    return term
