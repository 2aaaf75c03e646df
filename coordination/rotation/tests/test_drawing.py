"""The drawing of the timeline: boxes and words in years and months, none cut, none over another."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from coordination.core.periods import ONE_DAY, Period
from coordination.rotation.enums import TermKind, TermState
from coordination.rotation.queries import drawing, timeline, windows
from coordination.rotation.queries.drawing import LEAST_WIDTH, Label, text_width
from coordination.rotation.queries.happenings import TimelineMark
from coordination.rotation.queries.timeline import Line
from coordination.rotation.tests.factories import ChairTermFactory, TermAgencyFactory
from coordination.tests.cast import TODAY
from coordination.tests.pseudo import CODE, pseudo_locale

YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))


def drawn(first, last, day=TODAY, marks=()):
    window = windows.years(first, last)
    return timeline.timeline(timeline.record(), window, day, marks)


def term(first, last, *agencies, **fields):
    found = ChairTermFactory(first_day=first, last_day=last, **fields)
    for position, agency in enumerate(agencies, 1):
        TermAgencyFactory(term=found, agency=agency, position=position)
    return found


def boxes_of(part):
    return [(box.style, box.label, box.x, box.width, box.y, box.height) for box in part.boxes]


def edges(label):
    """Return where the words of a label, with their sign, begin and end on the least screen."""
    at = label.x * LEAST_WIDTH / 100
    sign = drawing.BESIDE if label.has_sign else 0
    width = text_width(label.text) + sign
    if label.anchor == "middle":
        return at - width / 2, at + width / 2
    return (at - sign, at + width) if label.anchor == "start" else (at - width, at + sign)


@given(st.lists(st.dates(date(2026, 1, 2), date(2026, 12, 31)), max_size=8, unique=True))
def test_the_boxes_of_a_year_follow_one_another(borders):
    days = [YEAR.first, *sorted(borders), YEAR.last + ONE_DAY]
    lines = [
        (Line(first, end - ONE_DAY, Period(first, end - ONE_DAY), "past", None), 0)
        for first, end in pairwise(days)
    ]

    part = drawing.part_of("2026", YEAR, lines, [], date(2025, 1, 1))

    assert [round(box.x, 2) for box in part.boxes] == [
        round(drawing.place(first, YEAR) + drawing.INSET, 2) for first in days[:-1]
    ]
    assert all(box.width >= drawing.NARROWEST for box in part.boxes)
    for box, following in pairwise(part.boxes):
        wide = box.width > drawing.NARROWEST
        assert not wide or box.x + box.width < following.x


@given(
    st.lists(
        st.tuples(
            st.dates(date(2026, 1, 1), date(2026, 12, 31)),
            st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1),
        ),
        max_size=12,
    ),
    st.lists(st.dates(date(2026, 1, 2), date(2026, 12, 31)), max_size=6, unique=True),
    st.dates(date(2026, 1, 1), date(2026, 12, 31)),
)
def test_no_words_are_cut_or_over_others_on_the_least_screen(signs, borders, day):
    days = [YEAR.first, *sorted(borders), YEAR.last + ONE_DAY]
    lines = [
        (Line(first, end - ONE_DAY, Period(first, end - ONE_DAY), "past", None), 0)
        for first, end in pairwise(days)
    ]
    marks = [TimelineMark(at, words, words) for at, words in signs]

    part = drawing.part_of("2026", YEAR, lines, marks, day)

    assert len(part.labels) == len(marks) + len(lines) + 1
    for label in part.labels:
        begin, end = edges(label)
        assert begin >= -0.5
        assert end <= LEAST_WIDTH + 0.5
        assert label.y < part.height
    for lane in {label.y for label in part.labels}:
        found = sorted(edges(label) for label in part.labels if label.y == lane)
        assert all(before[1] < after[0] for before, after in pairwise(found))


@pytest.mark.django_db
def test_the_year_of_now_is_drawn_with_its_words(terms):
    year, following = drawn(2026, 2027).parts

    assert boxes_of(year) == [
        ("unknown", "", 0.5, 48.59, 8, 28),
        ("now", "UNESCO", 50.09, 49.41, 8, 28),
    ]
    now = year.boxes[1]
    assert (now.small, now.url, now.title, now.middle, now.label_y, now.small_y) == (
        "chair now",
        "/rotation/2026-H2/",
        "UNESCO, chair now, 1 Jul 2026 to 31 Dec 2026",
        74.795,
        19,
        31,
    )
    assert [(label.style, label.text, label.anchor, label.y) for label in year.labels] == [
        ("today", "today", "middle", 51),
        ("unknown", "Not on record", "start", 51),
    ]
    assert (year.today, following.today) == (89.32, None)
    assert [(box.style, box.label, box.label_y) for box in following.boxes] == [
        ("next", "WHO", 26),
        ("ahead", "", 26),
    ]


@pytest.mark.django_db
def test_a_lone_proposal_is_drawn_within_the_vacancy_that_it_would_fill(terms, unfpa):
    term(date(2027, 7, 1), date(2027, 12, 31), unfpa, state=TermState.PROPOSED)

    [part] = drawn(2027, 2027).parts

    assert boxes_of(part)[1:] == [
        ("ahead", "", 50.09, 49.41, 8, 28),
        ("proposed", "UNFPA", 51.09, 47.41, 9, 26),
    ]
    assert part.boxes[2].small == "proposed"


@pytest.mark.django_db
def test_rival_proposals_stand_one_below_the_other_and_none_in_the_line_of_chairs(
    terms, unfpa, ohchr, who
):
    proposed = {"state": TermState.PROPOSED}
    term(date(2027, 7, 1), date(2027, 12, 31), unfpa, slug="a", **proposed)
    term(date(2027, 7, 1), date(2027, 12, 31), ohchr, slug="b", **proposed)
    # overlaps a confirmed term, and rivals nobody else
    term(date(2027, 3, 1), date(2027, 5, 31), who, slug="c", **proposed)

    [part] = drawn(2027, 2027).parts

    places = [(box.style, box.label, box.y, box.height) for box in part.boxes]
    assert places == [
        ("next", "WHO", 8, 28),
        ("ahead", "", 8, 28),
        ("proposed", "WHO", 60, 22),
        ("proposed", "UNFPA", 86, 22),
        ("proposed", "OHCHR", 112, 22),
    ]
    assert [(label.text, label.y) for label in part.labels] == [("No chair yet", 51)]
    assert part.height == 139


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("first", "last", "anchor", "dx"),
    [
        (date(2027, 1, 10), date(2027, 1, 31), "start", 6),
        (date(2027, 12, 1), date(2027, 12, 31), "end", -6),
        (date(2027, 6, 1), date(2027, 7, 20), "middle", 0),
    ],
)
def test_the_name_of_a_rival_that_does_not_fit_stands_beside_its_box(
    terms, unfpa, ohchr, first, last, anchor, dx
):
    proposed = {"state": TermState.PROPOSED}
    term(first, last, unfpa, ohchr, slug="a", **proposed)
    term(first, last, ohchr, slug="b", **proposed)

    [part] = drawn(2027, 2027).parts

    rival = next(box for box in part.boxes if box.title.startswith("UNFPA + OHCHR"))
    [name] = [label for label in part.labels if label.text == "UNFPA + OHCHR"]
    assert (rival.label, name.anchor, name.dx, name.y) == ("", anchor, dx, rival.y + 15)
    assert name.has_sign is False


@pytest.mark.django_db
def test_a_term_over_two_years_goes_on_without_an_edge_and_is_named_in_both(terms, unesco):
    terms[0].first_day, terms[0].kind = date(2025, 7, 1), TermKind.CARETAKER
    terms[0].save()

    before, after = drawn(2025, 2026, date(2030, 1, 1)).parts

    (_style, name, x, width, *_), again = boxes_of(before)[1], boxes_of(after)[0]
    assert (name, x, x + width) == ("UNESCO", 50.09, 103.0)
    assert (again[1], again[2], again[2] + again[3]) == ("UNESCO", -3.0, 99.5)
    assert (before.boxes[1].small, after.boxes[0].small) == ("caretaker", "")
    assert after.boxes[0].middle == 49.75


@pytest.mark.django_db
def test_a_name_that_does_not_fit_its_box_stands_under_it(terms):
    terms[0].last_day = date(2026, 7, 31)
    terms[0].save()

    [part] = drawn(2026, 2026).parts

    box = next(box for box in part.boxes if box.style == "term")
    assert (box.label, box.title) == ("", "UNESCO, 1 Jul 2026 to 31 Jul 2026")
    label = next(label for label in part.labels if label.style == "name")
    assert (label.text, label.url) == ("UNESCO", "/rotation/2026-H2/")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("ends", "begins", "words"),
    [
        (date(2025, 12, 31), date(2026, 6, 1), "No chair, Jan to May"),
        (date(2025, 12, 31), date(2026, 2, 1), "No chair, Jan"),
        (date(2026, 1, 10), date(2026, 6, 1), "No chair"),
    ],
)
def test_a_vacancy_that_is_over_names_its_months(unesco, who, ends, begins, words):
    term(date(2025, 1, 1), ends, unesco)
    term(begins, date(2026, 6, 30), who)

    [part] = drawn(2026, 2026, date(2026, 6, 15)).parts

    assert [label.text for label in part.labels if label.style == "past"] == [words]


@pytest.mark.django_db
def test_signs_stand_with_their_words_where_there_is_room(terms):
    marks = [
        TimelineMark(date(2026, 1, 1), "Forum", "Review Forum", "/forum/"),
        TimelineMark(date(2026, 12, 30), "Statement", "On health", "", "text"),
        TimelineMark(date(2028, 1, 1), "Far away", "Far away"),
    ]

    shown = drawn(2026, 2026, date(2030, 1, 1), marks)

    assert shown.marks == tuple(marks[:2])
    signs = [label for label in shown.parts[0].labels if label.has_sign]
    assert [(label.text, label.dx, label.anchor, label.style, label.url) for label in signs] == [
        ("Forum", 8, "start", "event", "/forum/"),
        ("Statement", -8, "end", "text", ""),
    ]


def test_words_longer_than_a_year_are_shortened():
    label = drawing.centred(Label(50, 0, 0, "middle", "name", "FAO + " * 20, "")).label

    assert label.text.startswith("FAO + FAO")
    assert label.text.endswith("…")
    assert text_width(label.text) <= LEAST_WIDTH


@pytest.mark.django_db
def test_time_goes_from_right_to_left_in_a_language_that_does(terms):
    marks = [TimelineMark(date(2026, 3, 1), "Forum", "Forum")]
    [from_left] = drawn(2026, 2026, marks=marks).parts
    with pseudo_locale(), translation.override(CODE):
        [from_right] = drawn(2026, 2026, marks=marks).parts
        [without_today] = drawn(2025, 2025).parts

    assert [(box.x, box.width) for box in from_right.boxes] == [
        (round(100 - box.x - box.width, 2), box.width) for box in from_left.boxes
    ]
    assert from_right.today == round(100 - from_left.today, 2)
    [sign] = [label for label in from_right.labels if label.has_sign]
    assert (sign.x, sign.dx, sign.anchor) == (
        round(100 - drawing.place(date(2026, 3, 1), YEAR), 2),
        -8,
        "start",
    )
    assert without_today.today is None


@pytest.mark.parametrize(
    ("window", "name", "columns", "parts"),
    [
        (windows.years(2026, 2026), "2026", 1, ["2026"]),
        (windows.years(2026, 2020), "2026", 1, ["2026"]),
        (windows.three_years(TODAY), "2025 to 2027", 3, ["2025", "2026", "2027"]),
        (windows.decade(TODAY), "2020 to 2029", 5, [str(year) for year in range(2020, 2030)]),
        (windows.years(2006, 2029), "2006 to 2029", 8, [str(year) for year in range(2006, 2030)]),
        (
            windows.months_around(date(2026, 12, 15), date(2026, 12, 20)),
            "September 2026 to March 2027",
            6,
            ["Sep 2026", "Oct 2026", "Nov 2026", "Dec 2026", "Jan 2027", "Feb 2027", "Mar 2027"],
        ),
    ],
)
def test_a_window_is_cut_into_years_or_months(window, name, columns, parts):
    assert (window.name, window.columns) == (name, columns)
    assert [part for part, _period in window.parts()] == parts
    periods = [period for _part, period in window.parts()]
    assert (periods[0].first, periods[-1].last) == (window.first, window.last)
    assert all(
        before.last + timedelta(days=1) == after.first for before, after in pairwise(periods)
    )


def test_a_window_has_bounds():
    assert windows.years(2006, 2150).last == date(2066, 12, 31)
    assert windows.years(2140, 3000).last == date(2150, 12, 31)
    assert windows.months_around(date(2000, 1, 1), date(2020, 1, 1)).last == date(2003, 9, 30)
    one_month = windows.Window(date(2026, 3, 1), date(2026, 3, 31), by_month=True)
    assert one_month.name == "March 2026"
