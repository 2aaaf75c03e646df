"""Who has the chair's powers: one predicate, by the date in the group's zone; nobody touches an account when the day comes."""

from datetime import date, timedelta
from typing import Any

import rules
from django.db.models import QuerySet
from django.utils import dateformat
from django.utils.translation import gettext as _

from coordination.core import permissions
from coordination.core.permissions import On
from coordination.core.queries import group
from coordination.members.enums import Role
from coordination.members.models import Appointment
from coordination.members.queries import periods
from coordination.members.rules import belongs, is_administrator
from coordination.rotation import enums, queries
from coordination.rotation.models import ChairTerm


def focal_point_for(person: Any, day: date, agencies: QuerySet[Any]) -> bool:
    """Say whether the person is, on that day, a focal point of one of the agencies; one query."""
    return (
        bool(person.is_active)
        and Appointment.objects.filter(periods.running(day), person=person, role=Role.FOCAL_POINT, agency__in=agencies).exists()
    )


def team_of(term: ChairTerm, person: Any, on: On) -> bool:
    """Say whether the person is, on that day, a focal point of an agency that chairs in `term`."""
    return focal_point_for(person, on.day, term.agencies.all())


@rules.predicate
def is_chair(person: Any, on: On) -> bool:
    """Say whether the person belongs to the chair's team that day: a focal point of an agency of the term that covers it."""
    return focal_point_for(person, on.day, queries.chairing_on(on.day).values("agency"))


@rules.predicate
def answers_for_item(person: Any, on: On) -> bool:
    """Say whether the person is on the side that is responsible for the handover's item (on.thing)."""
    item = on.thing
    return bool(answers_for_side(person, On(on.day, (item.handover, item.side))))


@rules.predicate
def answers_for_side(person: Any, on: On) -> bool:
    """Say whether the person is a focal point on that side of the handover, and the side still answers for it.

    The outgoing team keeps its items for the group's days of grace (30) after its last day (design.md 4.2).
    """
    handover, side = on.thing
    term = handover.incoming_term
    if side == enums.Side.OUTGOING and handover.outgoing_term:
        term = handover.outgoing_term
        if on.day > term.last_day + timedelta(days=(on.house or group()).handover_grace_days):
            return False
    return team_of(term, person, on)


def who_chairs(person: Any, on: On) -> str:
    """Say who has the chair's powers that day; to the team that had them until then, that the day has passed."""
    chair = queries.chair_on(on.day)
    if chair.term is None:
        return _("Only the chair’s team may do this, and nobody chairs on %(day)s.") % {"day": dateformat.format(on.day, "j F Y")}
    names = {"agency": _(" and ").join(agency.acronym for agency in chair.agencies), "city": group().city}
    before = queries.term_on(chair.term.first_day - timedelta(days=1))
    if before and team_of(before, person, on):
        names |= {
            "before": _(" and ").join(a.acronym for a in queries.chairing_agencies(before)),
            "day": dateformat.format(chair.term.first_day, "j F Y"),
        }
        return (
            _(
                "The chair passed from %(before)s to %(agency)s on %(day)s, 00:00 %(city)s. "
                "What you sent was judged by the new day; nothing was changed.",
            )
            % names
        )
    return _("Only the chair’s team may do this. The chair is %(agency)s until %(day)s.") % {
        **names,
        "day": dateformat.format(chair.term.last_day, "j F Y"),
    }


def who_keeps_terms(person: Any, on: On) -> str:
    """Say who may propose and confirm terms."""
    return _("Only the chair’s team or an administrator may change terms.")


def who_answers(person: Any, on: On) -> str:
    """Say who may settle the items of a side."""
    handover, side = on.thing if isinstance(on.thing, tuple) else (on.thing.handover, on.thing.side)
    names = _(" and ").join(agency.acronym for agency in queries.side_agencies(handover, side))
    return _("Only the focal points of %(agency)s may do this; the outgoing chair until %(days)s days after its last day.") % {
        "agency": names,
        "days": group().handover_grace_days,
    }


def who_reads(person: Any, on: On) -> str:
    """Say who may read a handover, and the history of a term."""
    return _("This is for people in office for an agency of the group.")


permissions.add("rotation.chair", is_chair, who_chairs)
permissions.add("rotation.edit_term", is_chair | is_administrator, who_keeps_terms)
permissions.add("rotation.edit_handover_item", answers_for_item, who_answers)
permissions.add("rotation.sign_handover", answers_for_side, who_answers)
permissions.add("rotation.read", belongs | is_administrator, who_reads)
permissions.add("reminders.see_outbox", is_chair | is_administrator, who_chairs)
