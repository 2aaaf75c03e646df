"""The timeline: terms and vacancies cover each day of any range once, as the resolver has it; how they are drawn and told."""

from datetime import date, timedelta
from itertools import groupby, pairwise

import pytest
from django.urls import reverse
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from coordination.core.enums import Precision
from coordination.core.periods import ONE_DAY, Period
from coordination.core.tests.pages import text_of
from coordination.members.models import Membership
from coordination.members.tests.factories import MembershipFactory
from coordination.rotation.enums import TermKind, TermState
from coordination.rotation.models import ChairTerm, TermAgency
from coordination.rotation.queries import timeline
from coordination.rotation.queries.chair import chair_on, sittings, term_on
from coordination.rotation.queries.terms import terms_in_order
from coordination.rotation.queries.timeline import WIDTH, Scale, lines_of
from coordination.rotation.tests.factories import ChairTermFactory, TermAgencyFactory
from coordination.tests.cast import TODAY
from coordination.tests.pseudo import CODE, pseudo_locale

pytestmark = pytest.mark.django_db
START = date(2009, 1, 1)


@st.composite
def rotations(draw):
    """Draw terms in order that never overlap: each begins some days after the one before, lasts some, and is in some state and kind."""
    found, free_from = [], START + timedelta(days=draw(st.integers(-20, 20)))
    for pause, length, state, kind in draw(
        st.lists(
            st.tuples(
                st.integers(0, 25),
                st.integers(1, 30),
                st.sampled_from(TermState),
                st.sampled_from(TermKind),
            ),
            max_size=6,
        )
    ):
        first = free_from + timedelta(days=pause)
        found.append(
            ChairTerm(
                slug=f"t{len(found)}",
                first_day=first,
                last_day=first + timedelta(days=length - 1),
                state=state,
                kind=kind,
            )
        )
        free_from = found[-1].last_day + ONE_DAY
    return found


@settings(max_examples=30, deadline=None)  # it asks the resolver for each day
@given(rotations(), st.integers(-30, 120), st.integers(0, 60), st.integers(-40, 150))
def test_terms_and_vacancies_tile_any_range_as_the_resolver_has_it(terms, offset, length, now):
    ChairTerm.objects.all().delete()
    ChairTerm.objects.bulk_create(terms)
    Membership.objects.all().delete()
    agency = MembershipFactory(agency__acronym="ILO", first_day=date(2006, 1, 1)).agency
    TermAgency.objects.bulk_create(TermAgency(term=term, agency=agency) for term in terms)
    first, today = START + timedelta(days=offset), START + timedelta(days=now)
    days = [first + timedelta(days=n) for n in range(length + 1)]

    lines = lines_of(terms_in_order(), sittings(), first, days[-1], today)

    chairing = [line for line in lines if line.state != "proposed"]
    shown = [
        line.shown.first + timedelta(days=n) for line in chairing for n in range(line.shown.days)
    ]
    assert shown == days
    resolved = [term_on(day) for day in days]
    assert [line.term for line in chairing for _n in range(line.shown.days)] == resolved
    for line in chairing:
        if line.term is None:
            chair = chair_on(line.shown.first)
            assert (line.first_day, line.last_day) == (chair.first_day, chair.last_day)
    proposed = {
        term.slug
        for term in terms
        if term.state == TermState.PROPOSED and term.period.overlaps(Period(first, days[-1]))
    }
    assert {line.term.slug for line in lines if line.state == "proposed"} == proposed


@given(
    st.integers(1995, 2030),
    st.integers(0, 40),
    st.lists(st.dates(date(1996, 1, 1), date(2069, 1, 1)), max_size=8, unique=True),
)
def test_boxes_tile_each_row(first_year, more, borders):
    """Cut the years at any days: the boxes follow one another from the start of each row to its end."""
    scale, last = Scale(first_year, first_year + more), date(first_year + more, 12, 31)
    days = sorted(
        {
            date(first_year, 1, 1),
            *(day for day in borders if date(first_year, 1, 1) < day <= last),
            last + ONE_DAY,
        }
    )

    boxes = [
        piece
        for begin, end in pairwise(days)
        for piece in scale.pieces(Period(begin, end - ONE_DAY))
    ]

    rows = {row: list(found) for row, found in groupby(boxes, key=lambda piece: piece[0])}
    assert list(rows) == list(range(more // scale.per_row + 1))
    for row, found in rows.items():
        ends = [0.0, *(round(x + width, 1) for _row, x, width in found)]
        years_here = min(scale.per_row, more + 1 - row * scale.per_row)
        assert [x for _row, x, _width in found] == ends[:-1]
        assert ends[-1] == round(years_here * WIDTH / scale.per_row, 1)


def told(first, last, day=TODAY):
    """Return what the table tells of whole years, the oldest first."""
    return [
        (line.span, line.spoken_label, line.days)
        for line in reversed(timeline.timeline(first, last, day).lines)
    ]


@pytest.fixture
def history(unesco, who):
    """Return the terms around the vacancy of 2009."""
    found = [
        ChairTermFactory(first_day=date(2006, 7, 1), last_day=date(2008, 12, 31)),
        ChairTermFactory(first_day=date(2009, 6, 1), last_day=date(2009, 12, 31)),
    ]
    for term, agency in zip(found, (unesco, who), strict=True):
        TermAgencyFactory(term=term, agency=agency)
    return found


def test_a_vacancy_at_the_edge_of_the_years_is_told(history):
    assert told(2009, 2009) == [
        ("1 Jan 2009 to 31 May 2009", "No chair", 151),
        ("1 Jun 2009 to 31 Dec 2009", "WHO", 214),
    ]


def test_years_within_a_vacancy_tell_of_the_whole_of_it(history):
    history[1].delete()
    TermAgencyFactory(
        term=ChairTermFactory(first_day=date(2013, 1, 1), last_day=date(2013, 6, 30)),
        agency=history[0].agencies.get(),
    )

    assert told(2010, 2011) == [("1 Jan 2009 to 31 Dec 2012", "No chair", 1461)]


def test_days_before_the_first_term_are_not_on_record_and_those_after_the_last_vacant(history):
    assert told(2006, 2012) == [
        ("until 30 Jun 2006", "Not on record", None),
        ("1 Jul 2006 to 31 Dec 2008", "UNESCO", 915),
        ("1 Jan 2009 to 31 May 2009", "No chair", 151),
        ("1 Jun 2009 to 31 Dec 2009", "WHO", 214),
        ("from 1 Jan 2010 on", "No chair", None),
    ]


def test_without_any_term_no_day_is_on_record(db):
    assert told(2006, 2010) == [("no term on record", "Not on record", None)]


def test_a_proposal_that_covers_today_does_not_hide_the_vacancy(history, unfpa):
    proposed = ChairTermFactory(
        first_day=date(2010, 1, 1), last_day=date(2010, 6, 30), state=TermState.PROPOSED
    )
    TermAgencyFactory(term=proposed, agency=unfpa)
    today = date(2010, 3, 1)

    assert told(2010, 2010, today) == [
        ("from 1 Jan 2010 on", "No chair", None),
        ("1 Jan 2010 to 30 Jun 2010", "UNFPA, proposed", 181),
    ]
    assert chair_on(today).vacant
    boxes = timeline.timeline(2010, 2010, today).boxes
    assert [(box.style, box.x, box.width, box.y, box.height) for box in boxes] == [
        ("vacant", 0.0, 1000.0, 18, 28),
        ("proposed", 0.0, 495.9, 20, 24),
    ]


def test_the_timeline_of_now_draws_and_tells_each_kind(terms, unfpa, ohchr):
    caretaker = ChairTermFactory(
        first_day=date(2025, 1, 1), last_day=date(2026, 5, 31), kind=TermKind.CARETAKER
    )
    proposed = ChairTermFactory(
        first_day=date(2027, 7, 1), last_day=date(2027, 12, 31), state=TermState.PROPOSED
    )
    TermAgencyFactory(term=proposed, agency=unfpa)
    TermAgencyFactory(term=caretaker, agency=ohchr)
    TermAgencyFactory(term=caretaker, agency=unfpa, position=2)

    drawn = timeline.timeline(2024, 2031, TODAY)

    assert [(line.state, line.term, line.days, line.spoken_label) for line in drawn.lines] == [
        ("proposed", proposed, 184, "UNFPA, proposed"),
        ("ahead", None, None, "No chair yet"),
        ("next", terms[1], 181, "WHO"),
        ("now", terms[0], 184, "UNESCO, chair now"),
        ("vacant", None, 30, "No chair"),
        ("caretaker", caretaker, 516, "OHCHR + UNFPA, caretaker"),
        ("unknown", None, None, "Not on record"),
    ]
    now = next(box for box in drawn.boxes if box.style == "now")
    assert (now.label, now.small, now.base, now.wide, now.middle) == (
        "UNESCO",
        "chair now",
        18,
        True,
        343.5,
    )
    assert now.title == "UNESCO, chair now, 1 Jul 2026 to 31 Dec 2026"
    assert [year.number for year in drawn.years] == list(range(2024, 2032))
    assert (drawn.today_x, drawn.today_y) == (361.6, 0)


def test_a_caretaker_that_chairs_now_is_marked_as_one(terms):
    terms[0].kind = TermKind.CARETAKER
    terms[0].save()

    assert told(2026, 2026)[-1] == ("1 Jul 2026 to 31 Dec 2026", "UNESCO, caretaker now", 184)


def test_a_term_known_by_month_is_told_by_month(unesco):
    term = ChairTermFactory(
        first_day=date(2012, 1, 1),
        last_day=date(2012, 5, 31),
        first_precision=Precision.MONTH,
        last_precision=Precision.MONTH,
    )
    TermAgencyFactory(term=term, agency=unesco)

    assert ("January 2012 to May 2012", "UNESCO", 152) in told(2012, 2012)


def test_a_term_known_by_year_is_told_by_year(unesco):
    known = {"first_precision": Precision.YEAR, "last_precision": Precision.YEAR}
    TermAgencyFactory(
        term=ChairTermFactory(first_day=date(2015, 1, 1), last_day=date(2015, 12, 31), **known),
        agency=unesco,
    )

    assert told(2015, 2015) == [("2015", "UNESCO", 365)]


@pytest.mark.parametrize(
    ("day", "anchor"),
    [(date(2026, 1, 2), "start"), (date(2026, 11, 23), "middle"), (date(2026, 12, 31), "end")],
)
def test_the_word_today_stays_within_the_row(db, day, anchor):
    assert timeline.timeline(2026, 2026, day).today_anchor == anchor


@pytest.mark.parametrize(
    ("years", "day", "count"),
    [
        ((2006, 2012), date(2012, 12, 31), 151 + 365 + 365 + 366),
        ((2009, 2009), date(2009, 3, 1), 60),
        ((2009, 2009), date(2008, 3, 1), 0),
        ((2011, 2012), date(2010, 3, 1), 0),
        ((2007, 2008), date(2012, 3, 1), 0),
    ],
)
def test_days_without_a_chair_are_counted_until_today(history, years, day, count):
    assert timeline.timeline(*years, day).vacant_days == count


def test_a_term_over_the_edge_of_a_row_is_cut_in_two(unesco):
    term = ChairTermFactory(first_day=date(2013, 7, 1), last_day=date(2014, 6, 30))
    TermAgencyFactory(term=term, agency=unesco)

    boxes = [box for box in timeline.timeline(2006, 2016, TODAY).boxes if box.style == "term"]

    assert [(box.x, box.y, box.width) for box in boxes] == [(937.0, 18, 63.0), (0.0, 102, 62.0)]


def test_few_years_take_the_whole_width():
    """A year alone is drawn over the whole row; today has no place in other years."""
    drawn = timeline.timeline(2009, 2009, TODAY)

    assert [(box.x, box.width) for box in drawn.boxes] == [(0.0, 1000.0)]
    assert (drawn.height, drawn.today_x, drawn.name) == (84, None, "2009")
    two = timeline.timeline(2009, 2010, TODAY)
    assert (two.years[1].x, two.name) == (500.0, "2009 to 2010")


def test_a_box_too_narrow_for_its_label_has_it_in_its_title_alone(terms):
    terms[0].last_day = date(2026, 7, 31)
    terms[0].save()

    box = next(box for box in timeline.timeline(2020, 2027, TODAY).boxes if box.label == "UNESCO")

    assert (box.wide, box.title) == (False, "UNESCO, 1 Jul 2026 to 31 Jul 2026")


def test_the_page_tells_of_gaps_in_drawing_and_table(client, now, history):
    page = text_of(client.get(reverse("rotation:timeline"), {"from": "2006", "to": "2010"}))

    assert page.count('data-state="vacant"') == 2
    assert page.count('data-state="unknown"') == 1
    assert "Until 30 Jun 2006: Not on record.<" in page
    assert "<title>No chair, 1 Jan 2009 to 31 May 2009</title>" in page
    assert page.count('class="timeline__gap" x=') == 2
    assert "516 days without a chair until today" in page
    assert ">today</text>" not in page


def test_the_page_marks_today_among_its_years(client, now, terms):
    page = text_of(client.get(reverse("rotation:timeline")))

    assert ">today</text>" in page
    assert 'data-state="ahead"' in page
    assert "From 1 Jul 2027 on: No chair yet. " in page


def test_the_years_go_from_right_to_left_in_a_language_that_does(terms):
    from_left = timeline.timeline(2026, 2027, TODAY)
    with pseudo_locale(), translation.override(CODE):
        from_right = timeline.timeline(2026, 2027, TODAY)
        without_today = timeline.timeline(2006, 2007, TODAY)

    assert [year.x for year in from_right.years] == [WIDTH - year.x for year in from_left.years]
    assert [(box.x, box.width) for box in from_right.boxes] == [
        (WIDTH - box.x - box.width, box.width) for box in from_left.boxes
    ]
    assert from_right.today_x == WIDTH - from_left.today_x
    assert without_today.today_x is None
