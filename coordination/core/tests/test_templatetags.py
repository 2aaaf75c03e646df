"""The tags and filters that every page may use."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone

from coordination.core.http import Reader
from coordination.core.icons import ICONS
from coordination.desk.views.samples import Body, SampleRun

GENEVA, NEW_YORK = ZoneInfo("Europe/Zurich"), ZoneInfo("America/New_York")
NOW = datetime(2026, 11, 23, 14, 12, tzinfo=UTC)
AT = datetime(2026, 11, 27, 16, 0, tzinfo=UTC)
FAO, ILO, WHO = (Body(name, f"Name of {name}") for name in ("FAO", "ILO", "WHO"))


@pytest.fixture(autouse=True)
def new_york():
    with timezone.override(NEW_YORK):
        yield


def rendered(source: str, **context: object) -> str:
    request = RequestFactory().get("/members/", {"on": "2009-01-01", "q": "a b", "page": "3"})
    request.day = date(2026, 11, 23)
    shared = {
        "request": request,
        "now": NOW,
        "group": SimpleNamespace(zone=GENEVA, zone_city="Geneva"),
        "reader": Reader(NEW_YORK, "New York"),
    }
    return Template(source).render(Context({**shared, **context}))


def test_moment_is_a_time_element_in_the_readers_zone():
    assert (
        rendered("{% moment at %}", at=AT)
        == '<time datetime="2026-11-27T11:00-05:00">Fri 27 Nov, 11:00</time>'
    )


def test_moment_can_be_said_in_another_zone():
    assert (
        rendered("{% moment at zone=group.zone %}", at=AT)
        == '<time datetime="2026-11-27T17:00+01:00">Fri 27 Nov, 17:00</time>'
    )


def test_a_moment_of_today_reads_right_within_a_sentence_and_alone():
    at = NOW + timedelta(hours=1)

    assert rendered("closed {% moment at %}", at=at) == (
        'closed <time datetime="2026-11-23T10:12-05:00">today, 10:12</time>'
    )
    assert rendered("{% moment_alone at %}", at=at) == (
        '<time datetime="2026-11-23T10:12-05:00">Today, 10:12</time>'
    )
    assert "Today, 10:12" in rendered("{% deadline at %}", at=at)


def test_moment_of_nothing_is_empty():
    assert rendered("{% moment at %}", at=None) == ""


def test_both_times_is_a_time_element_of_the_group():
    assert rendered("{% both_times at %}", at=AT) == (
        '<time datetime="2026-11-27T17:00+01:00">Fri 27 Nov 2026, 17:00 Geneva (11:00 your time, New York)</time>'
    )


def test_deadline_shows_the_reader_then_what_is_left_then_the_group():
    assert rendered("{% deadline at %}", at=AT) == (
        '<span class="deadline deadline--later"><time class="deadline__when" datetime="2026-11-27T11:00-05:00">Fri 27 Nov, 11:00</time>'
        '<span class="deadline__left">in 4 days</span><span class="deadline__zone">17:00 Geneva</span></span>'
    )


@pytest.mark.parametrize(
    ("at", "state", "icon"),
    [
        (datetime(2026, 11, 20, 17, 0, tzinfo=UTC), "late", "late"),
        (datetime(2026, 11, 23, 22, 0, tzinfo=UTC), "soon", "clock"),
    ],
)
def test_deadline_that_presses_has_an_icon(at, state, icon):
    page = rendered("{% deadline at %}", at=at)

    assert f'class="deadline deadline--{state}"' in page
    assert ICONS[icon] in page


def test_due_day_and_its_badge_say_what_is_left():
    page = rendered("{% due_day on %}", on=date(2026, 11, 20))

    assert 'class="deadline deadline--late"' in page
    assert '<time class="deadline__when" datetime="2026-11-20">Fri 20 Nov</time>' in page
    assert "3 days late" in page
    assert (
        rendered("{% due_badge on %}", on=date(2026, 12, 4))
        == '<span class="badge badge--plain">in 11 days</span>'
    )
    assert rendered("{% due_badge on %}", on=date(2026, 11, 24)).startswith(
        '<span class="badge badge--waits"><svg'
    )
    assert rendered("{% due_badge on %}", on=date(2026, 11, 20)).startswith(
        '<span class="badge badge--blocks"><svg'
    )


def test_short_day_leaves_out_the_year_that_runs():
    assert (
        rendered("{% short_day on %}", on=date(2026, 11, 27))
        == '<time datetime="2026-11-27">Fri 27 Nov</time>'
    )
    assert (
        rendered("{% short_day on %}", on=date(2027, 1, 1))
        == '<time datetime="2027-01-01">Fri 1 Jan 2027</time>'
    )
    assert rendered("{% short_day on %}", on=None) == ""


def test_short_day_without_a_request_names_the_year():
    assert (
        Template("{% short_day on %}").render(Context({"on": date(2026, 11, 27)}))
        == '<time datetime="2026-11-27">Fri 27 Nov 2026</time>'
    )


def test_day_says_no_more_than_is_known():
    assert (
        rendered('{{ on|day:"month" }}, {{ on|day }}', on=date(2003, 4, 1))
        == "April 2003, 1 April 2003"
    )


def test_initials_of_a_person():
    assert rendered("{{ who|initials }}", who="Nadia Ferreira") == "NF"


def test_agencies_are_joined_as_in_a_sentence():
    one, two, three = (
        rendered("{% agencies all %}", all=bodies)
        for bodies in ([FAO], [FAO, ILO], [FAO, ILO, WHO])
    )

    fao, ilo, who = (
        f'<abbr class="agency" title="Name of {name}">{name}</abbr>'
        for name in ("FAO", "ILO", "WHO")
    )
    assert one == fao
    assert two == f"{fao} and {ilo}"
    assert three == f"{fao}, {ilo} and {who}"
    assert rendered("{% agencies all %}", all=[]) == ""


def test_agency_escapes_what_a_person_typed():
    assert (
        rendered("{% agency body %}", body=Body("<b>", 'a"b'))
        == '<abbr class="agency" title="a&quot;b">&lt;b&gt;</abbr>'
    )


def test_diff_says_to_the_ear_what_it_shows_to_the_eye():
    page = rendered(
        "{% diff runs %}",
        runs=[SampleRun("keep", "to "), SampleRun("delete", "act <"), SampleRun("insert", "go")],
    )

    assert page == (
        'to <del><span class="sr">[deleted: </span>act &lt;<span class="sr">]</span></del>'
        '<ins><span class="sr">[added: </span>go<span class="sr">]</span></ins>'
    )


def test_query_with_changes_adds_and_removes():
    assert (
        rendered("{% autoescape off %}{% query_with page=4 %}{% endautoescape %}")
        == "?on=2009-01-01&q=a+b&page=4"
    )
    assert (
        rendered(
            "{% autoescape off %}{% query_with page=None q=None state='sent' %}{% endautoescape %}"
        )
        == "?on=2009-01-01&state=sent"
    )


@pytest.mark.parametrize(
    ("part", "whole", "width"), [(11, 17, "64.7%"), (0, 3, "0.0%"), (3, 3, "100.0%"), (1, 0, "0%")]
)
def test_percent_of_is_the_width_of_a_bar(part, whole, width):
    assert rendered("{{ part|percent_of:whole }}", part=part, whole=whole) == width


@pytest.mark.parametrize("name", sorted(ICONS))
def test_icon_is_hidden_from_the_ear(name):
    page = rendered("{% icon name %}", name=name)

    assert page.startswith(
        '<svg class="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false"><'
    )
    assert page.endswith("</svg>")


def test_icon_that_does_not_exist_is_an_error():
    with pytest.raises(KeyError, match="no-such"):
        rendered('{% icon "no-such" %}')
