"""The timeline: terms and vacancies cover each day of any range once, as the resolver has it; how they are drawn and told."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from coordination.core.enums import Precision
from coordination.core.periods import ONE_DAY, Period
from coordination.core.tests.pages import text_of
from coordination.members.models import Membership
from coordination.members.tests.factories import MembershipFactory
from coordination.rotation.enums import TermKind, TermState
from coordination.rotation.models import ChairTerm, TermAgency
from coordination.rotation.queries import timeline, windows
from coordination.rotation.queries.chair import chair_on, sittings, term_on
from coordination.rotation.queries.terms import terms_in_order
from coordination.rotation.queries.timeline import lines_of
from coordination.rotation.tests.factories import ChairTermFactory, TermAgencyFactory
from coordination.tests.cast import TODAY

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


def of_years(first, last, day=TODAY):
    return timeline.timeline(timeline.record(), windows.years(first, last), day)


def told(first, last, day=TODAY):
    """Return what the table tells of whole years, the oldest first."""
    return [
        (line.span, line.spoken_label, line.days)
        for line in reversed(of_years(first, last, day).lines)
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

    drawn = of_years(2024, 2031)

    assert [(line.state, line.term, line.days, line.spoken_label) for line in drawn.lines] == [
        ("proposed", proposed, 184, "UNFPA, proposed"),
        ("ahead", None, None, "No chair yet"),
        ("next", terms[1], 181, "WHO"),
        ("now", terms[0], 184, "UNESCO, chair now"),
        ("past", None, 30, "No chair"),
        ("caretaker", caretaker, 516, "OHCHR + UNFPA, caretaker"),
        ("unknown", None, None, "Not on record"),
    ]


def test_what_bridges_a_vacancy_is_named_on_the_timeline_and_on_every_page(
    terms, chair, sign_in, now
):
    client = sign_in(chair)
    for kind, head in (
        (TermKind.CARETAKER, "Caretaker"),
        (TermKind.EXTENSION, "Chair, extended"),
        (TermKind.TROIKA, "Troika"),
    ):
        for term in terms:
            term.kind = kind
            term.save()

        spoken = dict(line[:2] for line in told(2026, 2027))
        home, desk, line = (text_of(client.get(path)) for path in ("/", "/desk/", "/rotation/"))

        assert spoken["1 Jul 2026 to 31 Dec 2026"] == f"UNESCO, {kind} now"
        assert spoken["1 Jan 2027 to 30 Jun 2027"] == f"WHO, {kind}"
        assert f'<p class="masthead__chair">{head}: <a href="/rotation/2026-H2/">' in home
        assert f'<p class="meta">{kind.capitalize()}</p>' in home
        assert f"until 31 December 2026, {kind}" in desk
        assert f"{kind.capitalize()} now" in line


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
    assert of_years(*years, day).vacant_days == count


def test_the_years_of_the_beginning_and_the_end_follow_from_the_terms(history, unfpa):
    assert (timeline.record().first_year, timeline.record().last_year) == (2006, 2009)
    ChairTerm.objects.update(state=TermState.WITHDRAWN)
    assert (timeline.record().first_year, timeline.record().last_year) == (None, 0)


def test_days_without_a_chair_that_are_over_raise_no_alarm(history):
    """Red is for a vacancy that runs or comes."""
    states = [
        line.state
        for day in (date(2008, 6, 1), date(2009, 3, 1), date(2009, 7, 1))
        for line in of_years(2009, 2009, day).lines
        if line.term is None
    ]

    assert states == ["ahead", "vacant", "past"]


def test_days_before_the_first_confirmed_term_are_not_on_record_even_if_nobody_could_chair(
    history, unesco
):
    """The agency of the first term joined late: its first days are vacant, those before unknown."""
    unesco.memberships.update(first_day=date(2007, 1, 1))

    assert told(2006, 2007) == [
        ("until 30 Jun 2006", "Not on record", None),
        ("1 Jul 2006 to 31 Dec 2006", "No chair", 184),
        ("1 Jan 2007 to 31 Dec 2008", "UNESCO", 731),
    ]
    assert [chair_on(date(2006, 6, 30)).on_record, chair_on(date(2006, 7, 1)).on_record] == [
        False,
        True,
    ]


def test_two_agencies_that_chair_together_are_told_as_joint(history, who):
    TermAgencyFactory(term=history[0], agency=who, position=2)

    assert told(2007, 2007) == [("1 Jul 2006 to 31 Dec 2008", "UNESCO + WHO, joint chair", 915)]


def test_the_page_tells_of_gaps_in_drawing_and_table(client, now, history):
    page = text_of(client.get(reverse("rotation:timeline"), {"from": "2006", "to": "2010"}))

    assert page.count('data-state="past"') == 1
    assert page.count('data-state="vacant"') == 1
    assert page.count('data-state="unknown"') == 1
    assert "<title>No chair, 1 Jan 2009 to 31 May 2009</title>" in page
    assert page.count("timeline__gap--past") == 2  # its box and the legend
    assert page.count("timeline__gap--vacant") == 1
    assert "516 days without a chair until today" in page
    assert ">today</text>" not in page


def test_the_page_marks_today_among_its_years(client, now, terms):
    page = text_of(client.get(reverse("rotation:timeline")))

    assert ">today</text>" in page
    assert 'data-state="ahead"' in page


@pytest.mark.parametrize(
    ("query", "name", "current"),
    [
        ({}, "2026 to 2029", "all"),
        ({"zoom": "decade"}, "2020 to 2029", "2020 to 2029"),
        ({"zoom": "three"}, "2025 to 2027", "three years"),
        ({"zoom": "term"}, "April 2026 to March 2027", "this term"),
        ({"zoom": "centuries"}, "2026 to 2029", "all"),
        ({"from": "2024", "to": "2025"}, "2024 to 2025", None),
        ({"from": "2024"}, "2024 to 2029", None),
        ({"to": "2027"}, "2026 to 2027", None),
    ],
)
def test_the_address_zooms_and_the_page_says_to_where(client, now, terms, query, name, current):
    page = client.get(reverse("rotation:timeline"), query)

    assert page.context["timeline"].window.name == name
    marked = [f'<b aria-current="true">{current}</b>'] if current else []
    text = text_of(page)
    assert [words for words in marked if words in text] == marked
    assert text.count('<b aria-current="true">') == len(marked)


def test_in_a_vacancy_the_zoom_shows_the_months_around_today(client, now, terms):
    now.move_to("2027-08-10 09:00Z")

    page = client.get(reverse("rotation:timeline"), {"zoom": "term"})

    assert page.context["timeline"].window.name == "May 2027 to November 2027"
    assert '<b aria-current="true">these months</b>' in text_of(page)


def test_the_whole_ends_with_what_is_planned(client, now, terms, unfpa):
    far = ChairTermFactory(
        first_day=date(2033, 1, 1), last_day=date(2033, 6, 30), state=TermState.PROPOSED
    )
    TermAgencyFactory(term=far, agency=unfpa)

    page = client.get(reverse("rotation:timeline"))

    assert page.context["timeline"].window.name == "2026 to 2033"
