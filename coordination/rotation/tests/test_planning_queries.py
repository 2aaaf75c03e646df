"""What the planner reads from the record, and what each agency has carried."""

from datetime import date
from fractions import Fraction

import pytest

from coordination.core.enums import NewcomerEntry
from coordination.members.enums import MembershipStatus
from coordination.members.tests.factories import AgencyFactory, MembershipFactory
from coordination.rotation.enums import TermKind, TermState
from coordination.rotation.models import ChairTerm
from coordination.rotation.planning import plan
from coordination.rotation.planning.situation import OpenTerm, StrategicEvent
from coordination.rotation.planning.spans import DaySpan
from coordination.rotation.queries import balances, planning
from coordination.rotation.queries.balances import Carried, Coverage
from coordination.rotation.queries.planning import Wishes
from coordination.rotation.tests.factories import ChairTermFactory, TermAgencyFactory
from coordination.tests.cast import TODAY
from coordination.tests.many import ROWS, many

pytestmark = pytest.mark.django_db
SUMMER_2027 = DaySpan(date(2027, 7, 1), date(2027, 12, 31))
WINTER_2028 = DaySpan(date(2028, 1, 1), date(2028, 6, 30))


def proposed(first, last, *agencies, kind=TermKind.TERM, state=TermState.PROPOSED):
    term = ChairTermFactory(first_day=first, last_day=last, kind=kind, state=state)
    for position, agency in enumerate(agencies, 1):
        TermAgencyFactory(term=term, agency=agency, position=position)
    return term


def open_terms(group, day=TODAY, count=3):
    return planning.plan_base(day, group, count=count).situation.open_terms


def test_open_terms_begin_after_the_confirmed_ones_and_follow_each_other(group, terms):
    assert open_terms(group) == (
        OpenTerm(SUMMER_2027),
        OpenTerm(WINTER_2028),
        OpenTerm(DaySpan(date(2028, 7, 1), date(2028, 12, 31))),
    )


def test_months_are_counted_from_the_first_open_day(group, terms):
    terms[1].last_day = date(2027, 8, 30)
    terms[1].save()

    assert [term.days.first for term in open_terms(group)] == [
        date(2027, 8, 31),
        date(2028, 2, 29),
        date(2028, 8, 31),
    ]


def test_in_a_vacancy_the_first_open_day_is_that_of_the_next_month(group, unfpa):
    assert open_terms(group)[0].days == DaySpan(date(2026, 12, 1), date(2027, 5, 31))


def test_a_gap_between_confirmed_terms_is_planned_up_to_its_end(group, terms, unfpa):
    proposed(date(2027, 9, 15), date(2028, 3, 31), unfpa, state=TermState.CONFIRMED)

    assert [term.days for term in open_terms(group, count=2)] == [
        DaySpan(date(2027, 7, 1), date(2027, 9, 14)),
        DaySpan(date(2028, 4, 1), date(2028, 9, 30)),
    ]


def test_a_proposed_term_is_an_open_term_with_its_days(group, terms, unfpa, ohchr):
    proposed(SUMMER_2027.first, date(2027, 11, 15), unfpa)
    joint = proposed(date(2027, 11, 16), date(2028, 3, 31), unfpa, ohchr)
    caretaker = proposed(date(2028, 4, 1), date(2028, 4, 30), ohchr, kind=TermKind.CARETAKER)
    proposed(date(2028, 5, 1), date(2028, 5, 31), unfpa, state=TermState.WITHDRAWN)

    base = planning.plan_base(TODAY, group, count=4)

    assert base.situation.open_terms == (
        OpenTerm(DaySpan(SUMMER_2027.first, date(2027, 11, 15)), announced=unfpa.pk),
        OpenTerm(DaySpan(joint.first_day, joint.last_day), kept=(unfpa.pk, ohchr.pk)),
        OpenTerm(DaySpan(caretaker.first_day, caretaker.last_day), kept=(ohchr.pk,)),
        OpenTerm(DaySpan(date(2028, 5, 1), date(2028, 10, 31))),
    )
    assert {at: term.pk for at, term in base.proposals.items()}[1] == joint.pk


def test_a_proposal_whose_first_day_has_come_is_not_planned_nor_are_its_days(group, unfpa):
    proposed(date(2026, 11, 1), date(2027, 1, 31), unfpa)

    assert open_terms(group)[0].days.first == date(2027, 2, 1)


def test_a_proposal_that_overlaps_a_confirmed_term_or_an_earlier_one_is_a_rival():
    """Selections may have rivals; the planner looks at the first one alone."""

    def term(first, last, state):
        return ChairTerm(first_day=first, last_day=last, state=state)

    confirmed = term(SUMMER_2027.first, SUMMER_2027.last, TermState.CONFIRMED)
    rival = term(date(2027, 12, 1), date(2028, 2, 29), TermState.PROPOSED)

    open_ones, proposals = planning.open_terms_from(TODAY, [], [confirmed, rival], 6, 2)

    assert [each.days for each in open_ones] == [
        DaySpan(date(2026, 12, 1), date(2027, 5, 31)),
        DaySpan(date(2027, 6, 1), date(2027, 6, 30)),
    ]
    assert proposals == {}


def test_a_plan_reaches_to_the_last_announced_term(group, terms, unfpa, ohchr):
    proposed(date(2029, 1, 1), date(2029, 6, 30), ohchr)

    base = planning.plan_base(TODAY, group, count=2)

    assert [term.announced for term in base.situation.open_terms] == [None] * 3 + [ohchr.pk]
    assert plan.make(base.situation).holders[:2] == ((unfpa.pk,), (terms[0].agencies.get().pk,))


def test_terms_end_within_ten_years(group, terms):
    assert len(open_terms(group, count=20)) == 18
    assert open_terms(group, count=20)[-1].days.last == date(2036, 6, 30)


def test_without_an_open_term_there_is_no_horizon(group, terms, unfpa):
    proposed(SUMMER_2027.first, date(2037, 12, 31), unfpa, state=TermState.CONFIRMED)

    base = planning.plan_base(TODAY, group)

    assert (base.situation.open_terms, base.horizon) == ((), None)


def test_members_have_their_memberships_as_members_and_a_place_by_acronym(group, unfpa, ohchr):
    unfpa.memberships.update(last_day=date(2020, 12, 31))
    MembershipFactory(agency=unfpa, first_day=date(2022, 1, 1))
    observer = AgencyFactory(acronym="OBS")
    MembershipFactory(agency=observer, standing=MembershipStatus.OBSERVER)

    members = planning.plan_base(TODAY, group).situation.members

    assert [(each.key, each.place, each.memberships) for each in members] == [
        (ohchr.pk, 0, (DaySpan(date(2006, 1, 1)),)),
        (
            unfpa.pk,
            1,
            (DaySpan(date(2006, 1, 1), date(2020, 12, 31)), DaySpan(date(2022, 1, 1))),
        ),
    ]


def test_names_are_read_where_the_alphabet_decides(group, now, unfpa, ohchr):
    group.newcomer_entry = NewcomerEntry.ALPHABETICAL
    unfpa.name = "United Nations Population Fund"
    unfpa.save()
    now.shift(3 * 24 * 3600)
    unfpa.name = "Population Fund"
    unfpa.save()
    [imported] = many(AgencyFactory, 1, acronym="NEW", name="New Body")
    MembershipFactory(agency=imported)

    base = planning.plan_base(TODAY, group)
    by_key = {member.key: member for member in base.situation.members}

    assert by_key[unfpa.pk].name_on(date(2026, 11, 25)) == "United Nations Population Fund"
    assert by_key[unfpa.pk].name_on(date(2026, 11, 26)) == "Population Fund"
    assert by_key[imported.pk].name_on(TODAY) == "New Body"
    group.newcomer_entry = NewcomerEntry.END
    assert planning.plan_base(TODAY, group).situation.members[0].names == ()


def test_what_agencies_wish_and_the_group_reserves_is_in_the_situation(group, terms, unfpa):
    event = StrategicEvent(DaySpan(TODAY, TODAY), frozenset({unfpa.pk}))
    wishes = Wishes(((unfpa.pk, SUMMER_2027),), ((unfpa.pk, WINTER_2028),), {unfpa.pk: 1}, (event,))

    situation = planning.plan_base(TODAY, group, wishes=wishes).situation

    assert (situation.unavailable, situation.declined) == (wishes.unavailable, wishes.declined)
    assert (situation.owed, situation.events) == (wishes.owed, wishes.events)


def test_the_fingerprint_changes_with_all_that_decides_and_only_then(group, terms, unfpa, ohchr):
    term = proposed(SUMMER_2027.first, SUMMER_2027.last, unfpa)

    def fingerprint(day=TODAY, **more):
        return planning.plan_base(day, group, **more).fingerprint

    first = fingerprint()
    assert first == fingerprint() == fingerprint(date(2026, 11, 24))
    seen = {first, fingerprint(count=7), fingerprint(wishes=Wishes(owed={unfpa.pk: 1}))}
    seen.add(fingerprint(wishes=Wishes(events=(StrategicEvent(SUMMER_2027, frozenset({1, 2})),))))
    ChairTerm.objects.filter(pk=term.pk).update(version=2)
    seen.add(fingerprint())
    ohchr.memberships.update(last_day=date(2030, 1, 1))
    seen.add(fingerprint())
    group.newcomer_months = 6
    seen.add(fingerprint())
    assert len(seen) == 7


@pytest.mark.parametrize("count", ROWS)
def test_the_base_costs_the_same_number_of_queries(
    group, terms, unfpa, django_assert_num_queries, count
):
    days = [date.fromordinal(date(2007, 1, 1).toordinal() + 2 * n) for n in range(count)]
    many(
        TermAgencyFactory,
        count,
        term=many(ChairTermFactory, count, first_day=days, last_day=days),
        agency=unfpa,
    )
    proposed(SUMMER_2027.first, SUMMER_2027.last, unfpa)
    group.newcomer_entry = NewcomerEntry.ALPHABETICAL

    with django_assert_num_queries(7):
        planning.plan_base(TODAY, group)
    with django_assert_num_queries(2):
        balances.carried_on(TODAY)


def test_what_each_member_has_carried(group, terms, unfpa, ohchr, unesco, who):
    joint = proposed(date(2026, 1, 1), date(2026, 6, 30), unfpa, unesco, state=TermState.CONFIRMED)
    unesco_days = (TODAY - date(2026, 7, 1)).days + 1
    share = Fraction(joint.period.days + unesco_days, 4)

    wishes = Wishes(declined=((ohchr.pk, SUMMER_2027),) * 2, owed={ohchr.pk: 1})
    assert balances.carried_on(TODAY, wishes) == [
        Carried(ohchr, 0, 0, None, 2, 1, share),
        Carried(unesco, 2, 181 + 146, 0, 0, 0, share - Fraction(181, 2) - 146),
        Carried(unfpa, 1, 181, 4, 0, 0, share - Fraction(181, 2)),
        Carried(who, 0, 0, None, 0, 0, share),
    ]


def test_an_agency_that_has_left_carries_nothing_more_and_is_not_shown(group, terms, unfpa, who):
    unfpa.memberships.update(last_day=date(2026, 6, 30))

    assert [line.agency.acronym for line in balances.carried_on(TODAY)] == ["UNESCO", "WHO"]
    assert sum(line.balance for line in balances.carried_on(TODAY)) == 0


def test_coverage_is_in_days_and_dates(group, terms, unfpa):
    proposed(date(2026, 1, 1), date(2026, 5, 31), unfpa, state=TermState.CONFIRMED)
    base = planning.plan_base(TODAY, group)

    covered = balances.coverage_until(TODAY, base.sittings)

    assert covered == Coverage(
        DaySpan(date(2026, 1, 1), TODAY), (DaySpan(date(2026, 6, 1), date(2026, 6, 30)),)
    )
    assert (covered.days, covered.vacant_days) == (297, 30)
    assert balances.coverage_until(date(2025, 1, 1), base.sittings) is None
    assert balances.coverage_until(TODAY, []) is None
