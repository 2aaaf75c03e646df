"""My desk: what is asked, of whom, by when."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from coordination.core.next_steps import NextStep
from coordination.core.tests.pages import text_of
from coordination.desk.queries import my_desk
from coordination.desk.queries.my_desk import Desk, Silence, is_late
from coordination.meetings.tests.factories import (
    ActionItemFactory,
    AgendaItemFactory,
    MeetingFactory,
)
from coordination.members.enums import MembershipStatus, Role
from coordination.members.tests.factories import (
    AgencyFactory,
    AppointmentFactory,
    MembershipFactory,
    PersonFactory,
)
from coordination.rotation.queries.chair_now import chair_now
from coordination.rotation.tests.factories import HandoverFactory, HandoverItemFactory
from coordination.statements.enums import StatementState
from coordination.statements.models import Block, Draft, Position
from coordination.statements.tests.factories import (
    AmendmentFactory,
    ClearanceStepFactory,
    StatementFactory,
    circulated,
    in_clearance,
    many_circulated,
    take_position,
    unfrozen,
)
from coordination.tests.cast import NOW, TODAY
from coordination.tests.many import ROWS, many

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
# an action item of a meeting that is over, and on record
HELD = {"meeting__starts_at": NOW - timedelta(days=7), "meeting__outcome": "Held."}


def desk_of(person, group, following=None, *, is_chair=False):
    chair = replace(chair_now(TODAY), next_term=following, ours=is_chair)
    return my_desk.desk_of(person, group, TODAY, NOW, chair)


@pytest.fixture
def handover(terms):
    return HandoverFactory(incoming_term=terms[1])


def test_asks_stand_by_deadline_and_late_ones_are_counted(
    chair, unesco, ohchr, group, terms, handover
):
    step = in_clearance(title="Transit")
    HandoverItemFactory(handover=handover, title="Late", due_day=TODAY - timedelta(days=1))
    HandoverItemFactory(handover=handover, title="Soon", due_day=TODAY + timedelta(days=30))
    HandoverItemFactory(handover=handover, title="Done", due_day=TODAY, state="done")
    ActionItemFactory(agency=unesco, title="Owed", due_day=TODAY - timedelta(days=3), **HELD)

    desk = desk_of(chair, group, terms[1], is_chair=True)

    assert [ask.title for ask in desk.asked] == [
        "Late",
        "Approve or object, working-level clearance: Transit",
        "Soon",
    ]
    assert [ask.title for ask in desk.owed] == ["Owed"]
    assert [ask.title for ask in desk.of_chair] == [
        "Hear from all, working-level clearance: Transit"
    ]
    assert (desk.late, desk.owed_late, desk.settled, desk.items) == (1, 1, 1, 3)
    assert [(silence.statement, silence.step, silence.asked) for silence in desk.silent] == [
        (step.statement, step, 3)
    ]


def test_silences_name_who_has_not_spoken_and_none_when_all_have(
    focal_point, chair, ohchr, unfpa, who, unesco, group
):
    step = in_clearance()
    for agency in (ohchr, unesco):
        Position.objects.create(
            step=step, agency=agency, person=chair, kind="approve", sha256="0", taken_at=NOW
        )

    assert desk_of(focal_point, group).silent == (Silence(step.statement, step, (unfpa, who), 4),)
    for agency in (unfpa, who):
        Position.objects.create(
            step=step, agency=agency, person=chair, kind="approve", sha256="0", taken_at=NOW
        )
    assert desk_of(focal_point, group).silent == ()


def test_a_team_has_its_people_and_its_flag(
    focal_point, colleague, principals_office, former_focal_point, unfpa, group
):
    [team] = desk_of(focal_point, group).teams

    assert (team.agency, [row.person for row in team.people], team.flag) == (
        unfpa,
        [focal_point, colleague],
        None,
    )
    focal_point.appointments.update(last_day=date(2026, 12, 31))
    [team] = desk_of(principals_office, group).teams
    assert team.flag.sentence == "One focal point after 31 Dec 2026"


def test_several_agencies_each_have_their_team_and_their_asks(focal_point, unfpa, ohchr, group):
    AppointmentFactory(person=focal_point, agency=ohchr)
    ActionItemFactory(agency=unfpa, title="Of UNFPA", due_day=date(2026, 12, 2))
    ActionItemFactory(agency=ohchr, title="Of OHCHR", due_day=date(2026, 12, 1))

    desk = desk_of(focal_point, group)

    assert desk.agencies == (ohchr, unfpa)
    assert [ask.title for ask in desk.owed] == ["Of OHCHR", "Of UNFPA"]


def test_an_observer_reads_and_is_asked_for_no_position(group, unfpa):
    agency = AgencyFactory(acronym="ICRC")
    MembershipFactory(agency=agency, standing=MembershipStatus.OBSERVER)
    person = AppointmentFactory(agency=agency).person
    in_clearance()
    circulated()

    desk = desk_of(person, group)

    assert (desk.agencies, desk.asked, desk.teams[0].is_member, desk.teams[0].flag) == (
        (agency,),
        (),
        False,
        None,
    )


def test_who_is_in_office_for_no_agency_that_belongs_has_an_empty_desk(
    former_focal_point,
    stranger,
    administrator,
    other_agency,
    ohchr,
    group,
    django_assert_num_queries,
):
    ohchr.memberships.update(last_day=date(2020, 1, 1))
    MeetingFactory()
    chair = chair_now(TODAY)

    for person in (former_focal_point, stranger, administrator, other_agency):
        with django_assert_num_queries(1):
            assert my_desk.desk_of(person, group, TODAY, NOW, chair) == Desk()


def test_late_by_moment_by_day_or_never():
    def late(**when):
        return is_late(NextStep(what="", url_name="", verb="", kind="", **when), TODAY, NOW)

    assert (late(deadline=NOW), late(deadline=NOW - timedelta(seconds=1))) == (False, True)
    assert (late(day=TODAY), late(day=TODAY - timedelta(days=1)), late()) == (False, True, False)


def much(rows, handover, unfpa, focal_point):
    """Fill every part of the desk with `rows` things of twenty agencies, or of one."""
    members = many(AgencyFactory, min(rows, 20))
    many(MembershipFactory, len(members), agency=members)
    agencies = [members[n % len(members)] for n in range(rows)]
    people = many(PersonFactory, rows)
    blocks = list(Block.objects.filter(draft__in=many_circulated(rows)))
    many(AmendmentFactory, rows, block=blocks, agency=agencies, author=focal_point, number=1)
    steps = many(ClearanceStepFactory, rows, draft=many_circulated(rows, StatementState.CLEARANCE))
    Position.objects.bulk_create(
        Position(
            step=step, agency=agency, person=focal_point, kind="approve", sha256="0", taken_at=NOW
        )
        for step, agency in zip(steps, agencies, strict=True)
    )
    many(HandoverItemFactory, rows, handover=handover)
    many(
        ActionItemFactory,
        rows,
        agency=unfpa,
        person=people,
        meeting=many(MeetingFactory, rows, starts_at=NOW - timedelta(days=1)),
    )
    many(AgendaItemFactory, rows, meeting=many(MeetingFactory, rows), lead=agencies)
    many(AppointmentFactory, rows, agency=unfpa, person=people)


@pytest.mark.parametrize("rows", ROWS)
def test_desk_costs_nineteen_queries_whatever_is_on_it(
    sign_in, focal_point, unfpa, handover, rows, django_assert_num_queries
):
    much(rows, handover, unfpa, focal_point)
    client = sign_in(focal_point)

    with django_assert_num_queries(19):
        client.get("/desk/")


@pytest.mark.parametrize("rows", ROWS)
def test_the_chairs_desk_costs_two_queries_more(
    sign_in, chair, focal_point, unfpa, handover, rows, django_assert_num_queries
):
    much(rows, handover, unfpa, focal_point)
    StatementFactory()
    client = sign_in(chair)

    with django_assert_num_queries(21):
        client.get("/desk/")


def test_page_links_land_on_the_control(
    sign_in, focal_point, unfpa, group, terms, handover, other_agency
):
    meeting = MeetingFactory(
        slug="42",
        title="Meeting 42",
        starts_at=datetime(2026, 12, 2, 14, 0, tzinfo=UTC),
        ends_at=datetime(2026, 12, 2, 15, 15, tzinfo=UTC),
    )
    AgendaItemFactory(meeting=meeting, title="The draft", position=1, lead=unfpa)
    step = in_clearance(title="Transit", slug="2026-transit")
    item = ActionItemFactory(
        agency=unfpa,
        person=focal_point,
        title="Send data",
        meeting__slug="41",
        due_day=TODAY - timedelta(days=2),
        **HELD,
    )
    ActionItemFactory(agency=unfpa, title="Of all", **HELD)
    HandoverItemFactory(handover=handover)
    HandoverItemFactory(handover=handover, state="done")

    page = text_of(sign_in(focal_point).get("/desk/"))

    assert f'href="{reverse("statements:positions", args=["2026-transit"])}#take"' in page
    assert f'href="/meetings/41/#action-{item.pk}"' in page
    for words in (
        '4 things are on your desk: <b class="c-blocks">1 late</b>.',
        "2 things, by deadline",
        "Say whether you will attend",
        "What UNFPA owes",
        "2 action items open, 1 late",
        "Nadia Ferreira (you)",
        "The agency",
        "2 days late",
        "Wed 2 Dec, 09:00</time> to 10:15",
        "Your time, New York. Wed 15:00 Geneva.",
        "1. The draft (<b>UNFPA</b>)",
        "Handover in 39 days.",
        "Who has not spoken",
        "4 of 4",
        "One focal point",
    ):
        assert words in page
    assert "Asked of the chair" not in page
    assert step.statement.title in page


def test_empty_desks_say_what_belongs_there(sign_in, focal_point, chair, colleague):
    page = sign_in(focal_point).get("/desk/").content.decode()
    for words in (
        "Nothing is asked of you now",
        "No action item is open.",
        "No meeting is convened.",
        "Nobody has changed anything lately.",
    ):
        assert words in page

    assert "Nothing waits for the chair" in sign_in(chair).get("/desk/").content.decode()


def test_vacancy_on_the_desk(sign_in, focal_point):
    page = sign_in(focal_point).get("/desk/").content.decode()

    assert "Nobody</p>" in page


def test_people_without_office_are_told_whom_to_ask(
    sign_in, former_focal_point, stranger, administrator, terms
):
    page = sign_in(stranger).get("/desk/").content.decode()
    assert ("Your appointment may have ended." in page, reverse("members:directory") in page) == (
        True,
        True,
    )
    page = sign_in(former_focal_point).get("/desk/", follow=True).content.decode()
    assert "Your appointment as focal point of UNFPA ended on 30 June 2026" in page
    page = sign_in(administrator).get("/desk/").content.decode()
    assert (
        "you act for no agency" in page,
        reverse("admin:index") in page,
        reverse("reminders:outbox") in page,
    ) == (True, True, True)


def test_the_desk_is_for_those_who_signed_in(client, group):
    assert client.get("/desk/").url == "/accounts/login/?next=/desk/"


def test_office_of_a_principal_has_a_desk(principals_office, unfpa, group):
    desk = desk_of(principals_office, group)

    assert (desk.agencies, [row.role for row in desk.teams[0].people]) == ((unfpa,), [])
    assert principals_office.appointments.get().role == Role.OFFICE


def buttons(page):
    """Return the words of the primary buttons of a page."""
    found = re.findall(r'<a\s[^>]*class="[^"]*button--main[^"]*"[^>]*>([^<]*)<', page)
    return [words.strip() for words in found]


def test_the_head_counts_all_rows_and_each_heading_its_own(
    sign_in, chair, unesco, ohchr, terms, handover
):
    in_clearance(title="Transit")
    circulated(StatementState.CONSOLIDATION, title="Remittances")
    HandoverItemFactory(handover=handover, title="Late", due_day=TODAY - timedelta(days=1))
    HandoverItemFactory(handover=handover, title="Soon", due_day=TODAY + timedelta(days=30))
    ActionItemFactory(agency=unesco, title="Owed", due_day=TODAY - timedelta(days=3), **HELD)

    page = text_of(sign_in(chair).get("/desk/"))

    assert '6 things are on your desk: <b class="c-blocks">2 late</b>.' in page
    for name, rows, note in (
        ("chair-asks", 2, "2 things, by deadline"),
        ("asked", 3, '3 things, <b class="c-blocks">1 late</b>, by deadline'),
    ):
        section = page[page.index(f'id="{name}"') :]
        section = section[: section.index("</section>")]
        assert section.count('class="asks__what"') == rows
        assert note in section
    owed = page[page.index('id="owed"') :]
    assert "1 action item open, 1 late" in owed


def test_late_acts_of_the_chair_count(chair, group, unesco, terms):
    draft = circulated()
    draft.statement.amendments_until = NOW - timedelta(hours=1)
    draft.statement.save()

    desk = desk_of(chair, group, is_chair=True)

    assert (len(desk.of_chair), desk.chair_late, desk.count, desk.all_late) == (1, 1, 1, 1)


def test_the_one_primary_button_is_the_act_that_is_due_first(
    sign_in, chair, unesco, ohchr, terms, handover
):
    in_clearance(title="Transit")
    HandoverItemFactory(handover=handover, title="Late", due_day=TODAY - timedelta(days=1))

    # the chair's list stands first, but only asks to look
    assert buttons(text_of(sign_in(chair).get("/desk/"))) == ["Open checklist"]

    ActionItemFactory(agency=unesco, person=chair, due_day=TODAY - timedelta(days=3))
    assert buttons(text_of(sign_in(chair).get("/desk/"))) == ["Say where it stands"]


def test_what_a_colleague_took_on_is_not_due_first(focal_point, colleague, unfpa, group):
    ActionItemFactory(agency=unfpa, person=colleague, title="His", due_day=TODAY, **HELD)
    assert desk_of(focal_point, group).first is None

    ActionItemFactory(agency=unfpa, title="Of all", due_day=TODAY + timedelta(days=9), **HELD)
    assert desk_of(focal_point, group).first.title == "Of all"


def test_where_the_chair_can_only_look_that_is_the_button(chair, group, unesco, ohchr, terms):
    step = in_clearance(title="Transit")
    take_position(step, unesco, chair)

    desk = desk_of(chair, group, is_chair=True)

    assert (desk.asked, desk.first.kind) == ((), "statements.hear")


def test_an_empty_desk_has_no_primary_button(sign_in, focal_point, chair):
    assert buttons(text_of(sign_in(focal_point).get("/desk/"))) == []
    assert buttons(text_of(sign_in(chair).get("/desk/"))) == []


def test_a_principals_office_is_led_to_the_decision_and_not_asked_to_amend(
    sign_in, principals_office, unfpa, group, terms
):
    circulated(title="Remittances")
    in_clearance(title="Transit", slug="2026-transit")

    desk = desk_of(principals_office, group)

    assert [(ask.title, ask.url) for ask in desk.asked] == [
        (
            "Approve or object, working-level clearance: Transit",
            "/statements/2026-transit/decision/#take",
        )
    ]
    page = text_of(sign_in(principals_office).get("/desk/"))
    assert "Amend draft 1" not in page
    assert buttons(page) == ["Take a position"]


def test_who_is_focal_point_too_acts_as_one(principals_office, unfpa, group):
    AppointmentFactory(person=principals_office, agency=unfpa)
    circulated(title="Remittances")

    assert [ask.kind for ask in desk_of(principals_office, group).asked] == ["statements.amend"]


def test_a_later_draft_costs_the_desk_one_query_more(
    sign_in, focal_point, unfpa, handover, django_assert_num_queries
):
    many(ClearanceStepFactory, 20, draft=many_circulated(20, StatementState.CLEARANCE))
    with unfrozen():
        Draft.objects.update(number=2)
    client = sign_in(focal_point)

    with django_assert_num_queries(20):
        client.get("/desk/")
