"""Situations to plan, made by hand and by Hypothesis."""

from datetime import date, timedelta

from hypothesis import strategies as st

from coordination.rotation.planning import spans
from coordination.rotation.planning.situation import (
    ChairedDays,
    EntryRule,
    OpenTerm,
    PlannedMember,
    Situation,
    StrategicEvent,
)
from coordination.rotation.planning.spans import DaySpan

SINCE = date(2006, 1, 1)
FIRST = date(2027, 1, 1)


def member(key, *memberships, name="", place=None):
    """Return an agency; it has been a member from the start if nothing else is said."""
    days = tuple(DaySpan(*each) for each in memberships) or (DaySpan(SINCE),)
    return PlannedMember(key, key if place is None else place, days, ((SINCE, name),))


def half_years(number, first=FIRST):
    """Return so many terms of six months that follow one another."""
    whole = DaySpan(first, date(2199, 12, 31))
    terms = spans.terms_in(whole, 6)
    return [next(terms) for _ in range(number)]


def chaired(first, last, *holders):
    return ChairedDays(DaySpan(first, last), holders)


def situation(members, number=3, past=(), **more):
    """Return a situation of `number` half-years; `announced` has their agencies in order."""
    announced = more.pop("announced", [None] * number)
    open_terms = tuple(
        OpenTerm(days, key) for days, key in zip(half_years(number), announced, strict=True)
    )
    return Situation(tuple(members), tuple(past), open_terms, **more)


def a_day(first=date(2005, 1, 1), last=date(2030, 12, 31)):
    return st.dates(first, last)


@st.composite
def some_days(draw, longest=1500, **bounds):
    first = draw(a_day(**bounds))
    return DaySpan(first, first + timedelta(days=draw(st.integers(0, longest))))


@st.composite
def memberships(draw):
    """Return one membership that runs, or several, some of which have ended."""
    if draw(st.booleans()):
        return (DaySpan(draw(a_day(last=date(2027, 6, 30)))),)
    return tuple(spans.joined(draw(st.lists(some_days(6000), min_size=1, max_size=3))))


@st.composite
def terms_chaired(draw, keys):
    """Return terms that do not overlap, some joint and some with days between them."""
    terms, first = [], date(2005, 1, 1)
    for _ in range(draw(st.integers(0, 8))):
        first += timedelta(days=draw(st.sampled_from([0, 0, 0, 1, 40])))
        last = first + timedelta(days=draw(st.integers(0, 400)))
        holders = draw(st.lists(st.sampled_from(keys), min_size=1, max_size=2, unique=True))
        terms.append(ChairedDays(DaySpan(first, last), tuple(holders)))
        first = last + timedelta(days=1)
    return tuple(terms)


@st.composite
def situations(draw, most_members=6, most_terms=6):
    """Return a situation in which anything may be the matter."""
    keys = list(range(1, draw(st.integers(1, most_members)) + 1))
    number = draw(st.integers(1, most_terms))
    key = st.sampled_from(keys)
    days = some_days(400, first=date(2026, 6, 1))
    periods = st.lists(st.tuples(key, days), max_size=3).map(tuple)
    events = st.builds(StrategicEvent, days, st.frozensets(key, min_size=1))
    names = draw(st.permutations([f"Agency {letter}" for letter in "ABCDEF"]))
    members = [
        PlannedMember(each, each, draw(memberships()), ((SINCE, name),))
        for each, name in zip(keys, names, strict=False)
    ]
    return situation(
        members,
        number,
        draw(terms_chaired(keys)),
        announced=draw(st.lists(st.none() | key, min_size=number, max_size=number)),
        unavailable=draw(periods),
        declined=draw(periods),
        owed=draw(st.dictionaries(key, st.integers(0, 2), max_size=3)),
        events=draw(st.lists(events, max_size=1).map(tuple)),
        equal_within=draw(st.sampled_from([0, 30])),
        minimum_months=draw(st.sampled_from([0, 6, 24])),
        entry=draw(st.sampled_from(EntryRule)),
    )
