"""Who has the chair's powers, by the date in the group's zone.

On the first day of a term the powers pass by themselves; no account changes.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import rules
from django.utils import dateformat
from django.utils.translation import gettext as _

from coordination.core import formatting, permissions, queries
from coordination.core.models import Group
from coordination.core.permissions import On
from coordination.members.enums import ActingLevel, MembershipStatus, Role
from coordination.members.models import Agency, Appointment
from coordination.members.queries import held_roles, periods
from coordination.members.queries.agencies import in_membership
from coordination.members.rules import belongs, is_administrator, may_act_for
from coordination.rotation import enums
from coordination.rotation.models import ChairTerm
from coordination.rotation.queries import chair_now, handovers, offers, selections
from coordination.rotation.queries.chair import (
    agencies_on,
    chair_on,
    chairing_agencies,
    chairing_on,
)


def focal_point_of(person: Any, on: On) -> set[Agency]:
    """Return the member agencies whose focal point the person is."""
    return set(held_roles.focal_point_agencies(held_roles.roles_of(person, on)))


def is_focal_point_of_any(person: Any, day: date, agencies: Any) -> bool:
    """Return whether the person is a member agency's focal point.

    One of `agencies`, which may be a subquery, on `day`; one query.
    """
    return (
        bool(person.is_active)
        and Appointment.objects.filter(
            in_membership(day, MembershipStatus.MEMBER),
            periods.running(day),
            person=person,
            role=Role.FOCAL_POINT,
            agency__in=agencies,
        ).exists()
    )


def is_in_team(term: ChairTerm, person: Any, on: On) -> bool:
    """Return whether the person is in the team of `term` that day.

    A team is the focal points of the term's agencies that are members that day.
    """
    if on.request is None:
        present = term.chairs.exclude(last_day__lt=on.day)
        return is_focal_point_of_any(person, on.day, present.values("agency"))
    return not focal_point_of(person, on).isdisjoint(chairs_of(term, on.day))


def chairs_of(term: ChairTerm, day: date) -> tuple[Agency, ...]:
    """Return a term's agencies that have not left by `day`.

    No query when `chairs__agency` were prefetched.
    """
    agencies = chairing_agencies(term)
    left = {row.agency_id for row in term.chairs.all() if row.last_day and row.last_day < day}
    return tuple(agency for agency in agencies if agency.pk not in left)


@rules.predicate
def is_chair(person: Any, on: On) -> bool:
    """Return whether the person is in the chair's team that day.

    A page knows it from its head, without a query.
    """
    if on.request is None:
        return is_focal_point_of_any(person, on.day, chairing_on(on.day).values("agency"))
    return bool(person.is_active) and chair_now.of_request(on.request).ours


@rules.predicate
def may_settle_item(person: Any, on: On) -> bool:
    """Return whether the person's side is responsible for the item (on.subject)."""
    item = on.subject
    return bool(
        may_answer_for_side(
            person,
            On(
                on.day,
                (handovers.terms_of(item.handover, on.group or queries.group()), item.side),
                on.group,
                on.request,
            ),
        )
    )


@rules.predicate
def may_answer_for_side(person: Any, on: On) -> bool:
    """Return whether the person may answer for a side.

    on.subject is a pair: the handover's terms, and the side.
    """
    terms, side = on.subject
    return is_in_team(terms.answering(side, on.day), person, on)


@rules.predicate
def may_sign_for_side(person: Any, on: On) -> bool:
    """Return whether the person may sign for a side; on.subject as in may_answer_for_side."""
    terms, side = on.subject
    return bool(signing_levels(terms.answering(side, on.day), person, on))


def signing_levels(term: ChairTerm, person: Any, on: On) -> tuple[ActingLevel, ...]:
    """Return the levels at which a person may sign for a term.

    A principal signs as such; a focal point as one, or for the deputy or as a delegate.
    """
    agencies = chairs_of(term, on.day)
    roles = {
        held.role
        for held in held_roles.roles_of(person, on)
        if held.is_of_member and held.agency in agencies
    }
    as_principal = (ActingLevel.PRINCIPAL,) if Role.PRINCIPAL in roles else ()
    of_the_team = (ActingLevel.FOCAL_POINT, ActingLevel.DELEGATE, ActingLevel.DEPUTY)
    return as_principal + (of_the_team if Role.FOCAL_POINT in roles else ())


@rules.predicate
def may_write_for_term(person: Any, on: On) -> bool:
    """Return whether the person may write for the chair of a term (on.subject).

    Its team does, from its first day to the last day of its grace.
    """
    term = on.subject
    until = writing_until(term, on.group or queries.group())
    return bool(
        term.state == enums.TermState.CONFIRMED
        and until
        and term.first_day <= on.day <= until
        and is_in_team(term, person, on)
    )


def writing_until(term: ChairTerm, group: Group) -> date | None:
    """Return a team's last day to write; None for no member."""
    return handovers.grace_ends(term, timedelta(days=group.handover_grace_days))


def list_of(agencies: Iterable[Agency]) -> str:
    """Return agencies for a sentence."""
    return formatting.list_of(agency.acronym for agency in agencies)


def acronyms(term: ChairTerm) -> str:
    """Return the agencies of a term for a sentence."""
    return list_of(chairing_agencies(term))


def who_chairs(person: Any, on: On) -> str:
    """Return who has the chair's powers that day.

    The former team reads that the day has passed.
    """
    chair = chair_on(on.day)
    if chair.term is None:
        return _("Only the chair’s team may do this, and nobody chairs on %(day)s.") % {
            "day": dateformat.format(on.day, "j F Y")
        }
    assert chair.first_day
    assert chair.last_day
    names = {"agency": list_of(chair.agencies), "city": queries.group().zone_city}
    # Someone who sent a form around midnight reads why it was refused.
    before = agencies_on(chair.first_day - timedelta(days=1))
    if before and is_focal_point_of_any(person, on.day, before):
        names |= {
            "before": list_of(before),
            "day": dateformat.format(chair.first_day, "j F Y"),
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
        "day": dateformat.format(chair.last_day, "j F Y"),
    }


def who_keeps_terms(person: Any, on: On) -> str:
    """Return who may propose and confirm terms."""
    return _("Only the chair’s team or an administrator may change terms.")


@rules.predicate
def is_focal_point_of_a_member(person: Any, on: On) -> bool:
    """Return whether the person is a focal point of a member."""
    return bool(focal_point_of(person, on))


@rules.predicate
def may_agree(person: Any, on: On) -> bool:
    """Return whether the person may agree to the correction (on.subject).

    A focal point of a member agency other than the one that proposed it.
    """
    return person.pk != on.subject.proposed_by_id and any(
        agency.pk != on.subject.proposed_for_id for agency in focal_point_of(person, on)
    )


@rules.predicate
def may_withdraw(person: Any, on: On) -> bool:
    """Return whether the person is of the agency that proposed the correction (on.subject)."""
    return any(agency.pk == on.subject.proposed_for_id for agency in focal_point_of(person, on))


def who_corrects(person: Any, on: On) -> str:
    """Return who may correct the record of past terms."""
    return _(
        "Only an administrator, or the focal points of a member agency together with those of "
        "another, may correct the record."
    )


def who_agrees(person: Any, on: On) -> str:
    """Return who may agree to a correction."""
    return _(
        "Only an administrator, or a focal point of a member agency other than the one that "
        "proposed the correction, may agree to it."
    )


def who_withdraws(person: Any, on: On) -> str:
    """Return who may withdraw a correction."""
    return _("Only an administrator, or the agency that proposed the correction, may withdraw it.")


def who_answers(person: Any, on: On) -> str:
    """Return who may settle the items of a side."""
    terms, side = (
        on.subject
        if isinstance(on.subject, tuple)
        else (handovers.terms_of(on.subject.handover, queries.group()), on.subject.side)
    )
    names = {"agency": acronyms(terms.answering(side, on.day))}
    if side == enums.HandoverSide.INCOMING or terms.outgoing is None or terms.until is None:
        return _("Only the focal points of %(agency)s may do this.") % names
    names |= {
        "outgoing": acronyms(terms.outgoing),
        "until": dateformat.format(terms.until, "j F Y"),
    }
    if terms.stands_in(side, on.day):
        return (
            _(
                "Only the focal points of %(agency)s may do this: %(outgoing)s answered for these "
                "items until %(until)s."
            )
            % names
        )
    return (
        _(
            "Only the focal points of %(agency)s may do this until %(until)s, from then on those "
            "of the incoming chair."
        )
        % names
    )


@rules.predicate
def may_offer(person: Any, on: On) -> bool:
    """Return whether the person may offer a term for an agency.

    `on.subject` is the pair.
    """
    term, agency = on.subject
    of_term = agency in chairing_agencies(term)
    return of_term and agency in focal_point_of(person, on)


@rules.predicate
def may_answer_offer(person: Any, on: On) -> bool:
    """Return whether the person may answer an offer for an agency.

    `on.subject` is the pair.
    """
    operation, agency = on.subject
    is_party = agency.pk in offers.party_keys(operation)
    return is_party and agency in focal_point_of(person, on)


@rules.predicate
def is_of_a_party(person: Any, on: On) -> bool:
    """Return whether the person is a focal point of a party.

    `on.subject` is the offer.
    """
    parties = offers.party_keys(on.subject)
    return any(agency.pk in parties for agency in focal_point_of(person, on))


@rules.predicate
def made_the_offer(person: Any, on: On) -> bool:
    """Return whether the person is of the agency that made the offer (on.subject)."""
    return any(agency.pk == on.subject.offered_for_id for agency in focal_point_of(person, on))


def who_operates(person: Any, on: On) -> str:
    """Return who may record a decision that changes the schedule."""
    return _("Only the chair’s team or an administrator may record what the group decided.")


def who_offers(person: Any, on: On) -> str:
    """Return who may offer a term for an exchange."""
    term, _agency = on.subject
    return _("Only the focal points of %(agencies)s may offer this term.") % {
        "agencies": acronyms(term)
    }


def who_answers_offer(person: Any, on: On) -> str:
    """Return who may answer an offer for an agency."""
    _operation, agency = on.subject
    return _("Only the focal points of %(agency)s may answer for it.") % {"agency": agency}


def who_declines_offer(person: Any, on: On) -> str:
    """Return who may decline an offer."""
    return _(
        "Only the focal points of the agencies of the two terms may decline it, and the chair’s "
        "team or an administrator for the group."
    )


def who_withdraws_offer(person: Any, on: On) -> str:
    """Return who may withdraw an offer."""
    return _("Only the focal points of %(agency)s, which made the offer, may withdraw it.") % {
        "agency": on.subject.offered_for
    }


def who_writes(person: Any, on: On) -> str:
    """Return who may write for the chair of a term."""
    term = on.subject
    until = writing_until(term, queries.group())
    return _("Only the focal points of %(agency)s may write this, from %(first)s to %(until)s.") % {
        "agency": acronyms(term),
        "first": dateformat.format(term.first_day, "j F Y"),
        "until": dateformat.format(until or term.last_day, "j F Y"),
    }


def who_reads(person: Any, on: On) -> str:
    """Return who may read a handover, and the history of a term."""
    return _("This is for people in office for an agency of the group.")


@rules.predicate
def keeps_the_record_of_a_vacancy(person: Any, on: On) -> bool:
    """Return whether the person is an administrator, and nobody chairs that day."""
    return bool(person.is_active and person.is_staff) and not chairing_on(on.day).exists()


def who_runs_a_selection(person: Any, on: On) -> str:
    """Return who may open, move, decide and close a selection."""
    return _(
        "Only the chair’s team may do this; while nobody chairs, an administrator may do it too."
    )


@rules.predicate
def may_answer_as_principal(person: Any, on: On) -> bool:
    """Return whether the person may answer for the principal of the agency (on.subject).

    The principal or the office; where neither has an account, whoever is in office for the agency.
    """
    return bool(may_act_for(person, on)) and bool(
        selections.answering_as_principal(person.pk, [on.subject], on.day)
    )


def who_answers_as_principal(person: Any, on: On) -> str:
    """Return who may answer for a principal."""
    return _("Only the principal of %(agency)s or the principal’s office may answer here.") % {
        "agency": on.subject
    }


def who_answers_a_call(person: Any, on: On) -> str:
    """Return who may answer a call, and vote."""
    return _("Only people who are in office today for a member agency may answer for it.")


permissions.add("rotation.chair", is_chair, who_chairs)
permissions.add(
    "rotation.run_selection", is_chair | keeps_the_record_of_a_vacancy, who_runs_a_selection
)
permissions.add("rotation.answer_as_principal", may_answer_as_principal, who_answers_as_principal)
permissions.add("rotation.edit_term", is_chair | is_administrator, who_keeps_terms)
permissions.add(
    "rotation.correct_record", is_focal_point_of_a_member | is_administrator, who_corrects
)
permissions.add("rotation.apply_correction", is_administrator, who_corrects)
permissions.add("rotation.agree_correction", may_agree | is_administrator, who_agrees)
permissions.add("rotation.withdraw_correction", may_withdraw | is_administrator, who_withdraws)
permissions.add("rotation.edit_handover_item", may_settle_item, who_answers)
permissions.add("rotation.answer_for_side", may_answer_for_side, who_answers)
permissions.add("rotation.sign_handover", may_sign_for_side, who_answers)
permissions.add("rotation.write_handover", may_write_for_term, who_writes)
permissions.add("rotation.read", belongs | is_administrator, who_reads)
permissions.add("rotation.operate", is_chair | is_administrator, who_operates)
permissions.add("rotation.offer_exchange", may_offer, who_offers)
permissions.add("rotation.answer_offer", may_answer_offer, who_answers_offer)
permissions.add(
    "rotation.decline_offer", is_of_a_party | is_chair | is_administrator, who_declines_offer
)
permissions.add("rotation.withdraw_offer", made_the_offer, who_withdraws_offer)
permissions.add("reminders.see_outbox", is_chair | is_administrator, who_chairs)
