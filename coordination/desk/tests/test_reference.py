"""Reference data and the demonstration: loading twice changes nothing."""

from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.urls import reverse

from coordination.core.clock import day_at
from coordination.core.models import SourceDisagreement
from coordination.core.queries import group as the_group
from coordination.core.tests.pages import text_of
from coordination.desk.actions import reference
from coordination.desk.actions.demo import usual_hour
from coordination.desk.queries import my_desk
from coordination.desk.queries.my_desk import Desk
from coordination.meetings.models import ActionItem, Meeting
from coordination.members.enums import DemoRole
from coordination.members.models import Person
from coordination.members.queries import agencies, flags
from coordination.rotation.models import ChairTerm, Handover
from coordination.rotation.queries import chair, handovers
from coordination.rotation.queries.chair_now import chair_now
from coordination.statements.models import Amendment, Position, Statement
from coordination.tests.cast import NOW
from coordination.tests.story import tell

pytestmark = pytest.mark.django_db


def counts():
    """Return how many rows each table of ours has, history included."""
    ours = (model for model in apps.get_models() if model.__module__.startswith("coordination."))
    return {model._meta.label: model._default_manager.count() for model in ours}


def told(command):
    words = StringIO()
    call_command(command, stdout=words)
    return words.getvalue().strip()


@pytest.mark.usefixtures("now")
def test_reference_data_loads_once(db):
    assert told("load_reference").endswith("records changed.")
    before = counts()

    assert told("load_reference") == "Nothing changed."

    assert counts() == before
    assert before["members.Agency"] == 18
    assert before["meetings.Meeting"] == 3
    assert before["statements.Statement"] == 2
    call_command("load_reference", verbosity=0)


@pytest.mark.usefixtures("now")
def test_reference_data_says_what_the_sources_say(db):
    reference.load_reference(settings.FIXTURES, at=NOW)

    years = {2003: 6, 2006: 10, 2007: 14, 2009: 16, 2014: 18}
    assert {year: agencies.members_on(date(year, 12, 31)).count() for year in years} == years
    days = chair.stretches(chair.sittings(), date(2006, 7, 1))
    gaps = [
        (str(gap.first_day), str(gap.last_day))
        for gap in days
        if gap.state == "vacant" and gap.last_day
    ]
    assert gaps == [("2009-01-01", "2009-05-31"), ("2012-06-01", "2012-06-30")]
    spoken_for = chair.chair_on(date(2013, 2, 1))
    assert (
        [str(each) for each in spoken_for.agencies],
        spoken_for.spoken_for[0].commission.acronym,
    ) == (
        ["UNRC"],
        "ESCAP",
    )
    assert SourceDisagreement.objects.count() == 5
    assert not [term for term in ChairTerm.objects.all() if not term.sources]


OTHERS = [datetime(2027, 1, 31, 23, 30, tzinfo=UTC), datetime(2028, 2, 29, 0, 30, tzinfo=UTC)]
MOMENTS = [NOW, *(pytest.param(moment, marks=pytest.mark.once) for moment in OTHERS)]


@pytest.mark.parametrize("moment", MOMENTS, ids=lambda moment: f"{moment:%Y-%m-%d}")
def test_demonstration_is_a_live_moment_and_loads_once(db, now, moment):
    now.move_to(moment)
    reference.load_reference(settings.FIXTURES, at=moment)
    assert told("load_demo") == "The demonstration is ready."
    before = counts()

    assert told("load_demo") == "The demonstration was there already; nothing changed."

    assert counts() == before
    today = day_at(moment, the_group().zone)
    present, following = chair.chair_on(today), chair.next_term(today)
    months = (today.year - present.first_day.year) * 12 + today.month - present.first_day.month
    assert ([str(each) for each in present.agencies], months) == (["UNESCO"], 4)
    assert (following.first_day, [str(each) for each in following.agencies.all()]) == (
        present.last_day + timedelta(days=1),
        ["WHO"],
    )
    assert list(
        ChairTerm.objects.filter(state="proposed").values_list("agencies__acronym", flat=True)
    ) == ["UNFPA"]
    days = chair.stretches(chair.sittings(), date(2006, 7, 1))
    vacant = [gap.first_day for gap in days if gap.state == "vacant" and gap.last_day]
    assert len([day for day in vacant if day > date(2020, 1, 1)]) == 1
    assert {person.demo_role for person in Person.objects.exclude(demo_role="")} == set(
        DemoRole.values
    )


@pytest.fixture
def story(now, db):
    tell()
    return {person.demo_role: person for person in Person.objects.exclude(demo_role="")}


def test_demonstration_has_all_that_its_story_says(story, group_of_story):
    today = date(2026, 11, 23)
    states = {
        statement.title: statement.state
        for statement in Statement.objects.filter(started_at__year__gte=2020)
    }
    assert states == {
        "Access to health for migrants in situations of vulnerability": "adopted",
        "Fair recruitment and the cost of remittances": "clearance",
        "Protection of migrants in transit": "amendments",
    }
    assert Amendment.objects.filter(state="open").values("agency").distinct().count() == 8
    outgoing, incoming = handovers.sides(
        Handover.objects.get(incoming_term__first_day=date(2027, 1, 1)), today, group_of_story
    )
    assert (
        outgoing.settled + incoming.settled,
        outgoing.total + incoming.total,
        len(outgoing.late),
    ) == (9, 18, 1)
    past = Handover.objects.filter(incoming_term__first_day__lte=today)
    assert (
        past.count(),
        past.filter(outgoing_signed_at=None).count(),
        past.filter(items__state="open").count(),
    ) == (5, 0, 0)
    assert ActionItem.objects.filter(state="open", due_day__lt=today).count() == 3
    assert (
        Meeting.objects.get(starts_at=datetime(2026, 11, 30, 14, 0, tzinfo=UTC)).agenda.count() == 4
    )
    short = [
        str(agency)
        for agency in agencies.members_on(today)
        if flags.shortage_or_excess(agency, today, group_of_story)
    ]
    assert short == ["UNFPA", "UNITAR"]


@pytest.fixture
def group_of_story(story):
    return the_group()


def test_history_of_the_demonstration_reads_as_if_it_had_happened(story):
    statement = Statement.objects.get(title="Protection of migrants in transit")

    moments = [
        record.history_date for record in statement.history.order_by("history_date", "history_id")
    ]
    assert moments == [datetime(2026, 11, day, 10, 0, tzinfo=UTC) for day in (14, 16)]
    assert {record.history_user.name for record in statement.history.all()} == {"Élodie Marchand"}
    late = [
        model
        for model in apps.get_models()
        if hasattr(model, "history_date") and model.objects.filter(history_date__gt=NOW).exists()
    ]
    assert late == []
    assert not Position.objects.filter(taken_at__gt=NOW).exists()


def test_each_of_the_cast_has_a_desk(story, group_of_story):
    def desk(part):
        day = date(2026, 11, 23)
        chair = chair_now(day, story[part].pk)
        return my_desk.desk_of(story[part], group_of_story, day, NOW, chair)

    desks = {part: desk(part) for part in story}
    assert [
        len(desks[part].asked)
        for part in ("focal_point", "other_agency", "chair", "incoming_chair")
    ] == [4, 2, 8, 5]
    assert [str(agency) for agency in desks["focal_point"].silent[0].agencies] == [
        "FAO",
        "UN Women",
        "UNCTAD",
        "UNFPA",
        "UNITAR",
        "UNU",
    ]
    assert desks["focal_point"].teams[0].flag.sentence == "One focal point after 31 Dec 2026"
    assert [step.verb for step in desks["chair"].of_chair] == [
        "See positions",
        "Decide the corrections",
    ]
    assert desks["administrator"] == Desk()
    assert [len(desks[part].owed) for part in ("focal_point", "chair")] == [3, 2]


@pytest.mark.parametrize(
    ("slug_day", "members", "disagree"),
    [("2010-09-30", 16, True), ("2011-11-15", 16, False)],
)
def test_a_number_of_signatories_other_than_that_of_members_is_shown_as_a_disagreement(
    client, now, db, slug_day, members, disagree
):
    told("load_reference")
    statement = Statement.objects.get(signatory_count=14 if disagree else 16)

    page = text_of(client.get(reverse("statements:show", args=[statement.slug])))
    roster = text_of(client.get(reverse("members:directory"), {"on": slug_day}))

    assert f"{members} members" in roster
    assert (f"The roster of that day has {members} members" in page) is disagree
    assert ("Where sources disagree" in roster, "14 members, who all signed" in roster) == (
        True,
        True,
    )


@pytest.mark.parametrize(
    ("day", "begins"),
    [
        (date(2026, 11, 26), datetime(2026, 11, 26, 14, 0, tzinfo=UTC)),
        (date(2026, 11, 27), datetime(2026, 11, 27, 14, 0, tzinfo=UTC)),
        (date(2026, 11, 28), datetime(2026, 11, 27, 14, 0, tzinfo=UTC)),
        (date(2026, 7, 5), datetime(2026, 7, 3, 13, 0, tzinfo=UTC)),
    ],
)
def test_meetings_of_the_demonstration_are_on_weekdays_in_the_zone_of_the_group(group, day, begins):
    assert usual_hour(day) == begins
