"""Operations in any order, against a table of days: who chairs on each day, one agency list for each day."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from coordination.core.errors import RuleBroken
from coordination.core.periods import Period, gaps
from coordination.rotation.actions import offers, operations
from coordination.rotation.actions.offers import ExchangeOffer
from coordination.rotation.actions.plans import Cession
from coordination.rotation.enums import TermKind, TermState
from coordination.rotation.models import (
    ChairTerm,
    Handover,
    HandoverItem,
    OperationTerm,
    OwedTurn,
    TermAgency,
    TermOperation,
)
from coordination.rotation.queries import chair as chair_queries
from coordination.rotation.queries.vacancies import vacancies_ahead
from coordination.rotation.tests.schedule import DECIDED, term_of

pytestmark = [pytest.mark.django_db, pytest.mark.both]

FIRST, LENGTH = date(2026, 11, 1), 30
TURNS, DAYS = 6, 240
TODAY = date(2026, 11, 15)
NUMBER, DAY, AGENCY = st.integers(0, 9), st.integers(0, DAYS - 1), st.integers(0, 3)


def day(number):
    return FIRST + timedelta(days=number)


class ScheduleMachine(RuleBasedStateMachine):
    """A schedule of six turns, changed by operations; `table` has who chairs on each day."""

    cast = None

    def __init__(self):
        super().__init__()
        for model in (OwedTurn, OperationTerm, TermOperation, HandoverItem, Handover):
            model.objects.all().delete()
        TermAgency.objects.all().delete()
        ChairTerm.objects.all().delete()
        self.agencies, self.person, self.speakers = self.cast
        self.today = TODAY
        self.table = dict.fromkeys((day(number) for number in range(DAYS)), ())
        for turn in range(TURNS):
            agency = self.agencies[turn % 4]
            days = (day(turn * LENGTH), day((turn + 1) * LENGTH - 1))
            term_of([agency], days, slug=f"turn-{turn}")
            self.assign(Period(*days), [agency])
        self.past = dict(self.table)

    @property
    def at(self):
        return datetime.combine(self.today, time(12), UTC)

    def terms(self):
        return list(chair_queries.confirmed().order_by("first_day"))

    def chosen(self, number):
        terms = self.terms()
        return terms[number % len(terms)]

    def assign(self, period, agencies):
        days = [each for each in self.table if period.covers(each)]
        self.table.update(dict.fromkeys(days, tuple(sorted(each.acronym for each in agencies))))

    def act(self, function, *arguments):
        """Return whether the operation was allowed; one that is not changes nothing."""
        try:
            function(*arguments, DECIDED, by=self.person, at=self.at)
        except RuleBroken:
            return False
        return True

    @rule(number=NUMBER, last=DAY)
    def move_boundary(self, number, last):
        term = self.chosen(number)
        following = chair_queries.next_term(term.last_day)
        if self.act(operations.move_boundary, term, day(last)):
            both = Period(term.first_day, following.last_day)
            total = term.period.days + following.period.days
            self.assign(both, chair_queries.chairing_agencies(following))
            self.assign(Period(term.first_day, day(last)), chair_queries.chairing_agencies(term))
            now = ChairTerm.objects.in_bulk([term.pk, following.pk]).values()
            assert sum(each.period.days for each in now) == total

    @rule(number=NUMBER, last=DAY)
    def hand_back(self, number, last):
        term = self.chosen(number)
        if self.act(operations.hand_back, term, day(last)):
            self.assign(Period(day(last) + timedelta(days=1), term.last_day), [])

    @rule(number=NUMBER, last=DAY)
    def extend(self, number, last):
        term = self.chosen(number)
        if self.act(operations.extend_term, term, day(last)):
            self.assign(Period(term.first_day, day(last)), chair_queries.chairing_agencies(term))

    @rule(number=NUMBER, owed=st.booleans())
    def take_back(self, number, owed):
        term = self.chosen(number)
        if self.act(operations.defer_term if owed else operations.withdraw_confirmed, term):
            self.assign(term.period, [])

    @rule(number=NUMBER, taker=AGENCY)
    def cede(self, number, taker):
        term = self.chosen(number)
        [giver, *others] = chair_queries.chairing_agencies(term)
        if self.act(operations.cede_term, term, Cession(giver, self.agencies[taker])):
            self.assign(term.period, [self.agencies[taker], *others])

    @rule(number=NUMBER, keys=st.sets(AGENCY, min_size=1, max_size=2))
    def make_joint(self, number, keys):
        term, agencies = self.chosen(number), [self.agencies[key] for key in keys]
        if self.act(operations.set_chairs, term, agencies):
            self.assign(term.period, agencies)

    @rule(number=NUMBER, agency=AGENCY, caretaker=st.booleans())
    def fill(self, number, agency, caretaker):
        vacant = vacancies_ahead(self.today)
        if not vacant:
            return
        period, agencies = vacant[number % len(vacant)], [self.agencies[agency]]
        function = operations.appoint_caretaker if caretaker else operations.name_substitute
        assert self.act(function, agencies, period)
        self.assign(period, agencies)

    @rule(number=NUMBER)
    def move_up(self, number):
        vacant = vacancies_ahead(self.today)
        if not vacant:
            return
        period = vacant[number % len(vacant)]
        later = [
            (term.period, chair_queries.chairing_agencies(term))
            for term in self.terms()
            if term.first_day > period.last and term.kind == TermKind.TERM
        ]
        if self.act(operations.move_up, period.first):
            slots = [period, *(days for days, _agencies in later)]
            for slot, agencies in zip(slots, [*(each for _days, each in later), []], strict=True):
                self.assign(slot, agencies)

    @rule(number=NUMBER, other=NUMBER)
    def exchange_and_back(self, number, other):
        one, two = self.chosen(number), self.chosen(other)
        untouched = {term.pk: term.version for term in self.terms() if term not in (one, two)}
        if not self.exchange(one, two):
            return
        self.assign(one.period, chair_queries.chairing_agencies(two))
        self.assign(two.period, chair_queries.chairing_agencies(one))
        self.days_are_as_the_table_says()
        assert {t.pk: t.version for t in self.terms() if t.pk in untouched} == untouched
        again = ChairTerm.objects.in_bulk([one.pk, two.pk])
        assert (again[one.pk].period, again[two.pk].period) == (one.period, two.period)
        assert self.exchange(again[one.pk], again[two.pk])
        self.assign(one.period, chair_queries.chairing_agencies(one))
        self.assign(two.period, chair_queries.chairing_agencies(two))

    def exchange(self, one, two):
        """Offer, agree for every agency of both terms, and decide; return whether it was allowed."""
        first = min(one.first_day, two.first_day) - timedelta(days=1)
        offered_for = one.agencies.order_by("pk").first()
        try:
            offer = offers.offer_exchange(
                ExchangeOffer(one, two, offered_for, first),
                by=self.speakers[offered_for],
                at=self.at,
            )
        except RuleBroken:
            return False
        parties = {*one.agencies.all(), *two.agencies.all()} - {offered_for}
        for agency in sorted(parties, key=lambda each: each.pk):
            person = self.speakers[agency]
            offer = offers.accept_offer(offer, agency, version=offer.version, by=person, at=self.at)
        return self.act(offers.exchange_terms, offer)

    @rule(days=st.integers(1, 20))
    def days_pass(self, days):
        self.today = min(self.today + timedelta(days=days), day(DAYS - 40))
        self.past = dict(self.table)

    @invariant()
    def days_are_as_the_table_says(self):
        chairing = chair_queries.agencies_chairing(list(self.table))
        assert {
            each: tuple(sorted(agency.acronym for agency in agencies))
            for each, agencies in chairing.items()
        } == self.table

    @invariant()
    def each_day_is_in_one_term_or_one_vacancy(self):
        terms = ChairTerm.objects.filter(state=TermState.CONFIRMED)
        periods = [term.period for term in terms]
        free = gaps(periods, FIRST, day(DAYS - 1))
        for each in self.table:
            assert sum(period.covers(each) for period in [*periods, *free]) == 1

    @invariant()
    def the_past_never_moves(self):
        for each, agencies in self.past.items():
            if each < self.today:
                assert self.table[each] == agencies

    @invariant()
    def a_term_that_has_a_handover_in_progress_has_another_chair_before(self):
        terms = self.terms()
        for handover in Handover.objects.filter(set_aside_at__isnull=True):
            term = next(each for each in terms if each.pk == handover.incoming_term_id)
            before = chair_queries.term_before(term.first_day)
            assert before is None or not chair_queries.same_chair(before, term)


def test_operations_in_any_order_keep_the_table_of_days(
    group,
    administrator,
    unesco,
    who,
    unfpa,
    ohchr,
    chair,
    incoming_chair,
    focal_point,
    other_agency,
):
    agencies = [unesco, who, unfpa, ohchr]
    speakers = dict(zip(agencies, (chair, incoming_chair, focal_point, other_agency), strict=True))
    ScheduleMachine.cast = (agencies, administrator, speakers)
    run_state_machine_as_test(
        ScheduleMachine,
        settings=settings(
            max_examples=6,
            stateful_step_count=12,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
