"""The state of play: each open matter once, its facts, the chair's line; live and as of a day."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from coordination.core.models import Group
from coordination.core.tests.pages import text_of
from coordination.desk.queries import state_of_play as queries
from coordination.desk.queries.matters import AsOf
from coordination.meetings.tests.factories import ActionItemFactory, MeetingFactory
from coordination.members.tests.factories import AgencyFactory, AppointmentFactory
from coordination.rotation.models import MatterJudgement
from coordination.rotation.queries import confirmed_terms
from coordination.rotation.queries.chair import sittings
from coordination.rotation.tests.asking import as_shown
from coordination.rotation.tests.factories import (
    ChairTermFactory,
    HandoverFactory,
    KeptPlaceFactory,
    MatterJudgementFactory,
    OutsidePromiseFactory,
    StateOfPlayFactory,
    TermAgencyFactory,
)
from coordination.statements.enums import PositionKind, StatementState
from coordination.statements.models import Position
from coordination.statements.tests.factories import (
    AmendmentFactory,
    circulated,
    drafted,
    in_clearance,
    take_position,
)
from coordination.tests.cast import NOW, TODAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
STATE = "/rotation/2026-H2/state-of-play/"


@pytest.fixture
def elodie(sign_in, chair):
    return sign_in(chair)


def page_of(term, group, on=TODAY, *, sees_drafts=True):
    as_of = AsOf(on, NOW, group, sittings(), sees_drafts)
    return queries.state_of_play(term, confirmed_terms.load(), as_of)


def matters(page, kind):
    [section] = [section for section in page.sections if section.kind == kind]
    return [(matter.title, matter.facts, matter.is_late) for matter in section.matters]


def objection(step, agency, person, about=""):
    return Position.objects.create(
        step=step,
        agency=agency,
        person=person,
        kind=PositionKind.OBJECT,
        sha256=step.draft.sha256,
        about=about,
        reason="The mandate\nis missing.",
        taken_at=NOW,
    )


def test_a_statement_in_clearance_tells_step_waiting_objections_and_what_lifts_them(
    terms, group, unfpa, ohchr, chair, focal_point
):
    step = in_clearance(title="Transit")
    objection(step, unfpa, focal_point, "OP 1")
    objection(step, ohchr, focal_point)
    [block, *_rest] = step.draft.blocks.filter(kind="operative")
    AmendmentFactory(block=block, agency=unfpa, author=focal_point, proposed_text="x" * 200)
    AmendmentFactory(block=block, agency=ohchr, author=focal_point, kind="delete", proposed_text="")
    AmendmentFactory(block=block, agency=chair.appointments.get().agency, author=chair)

    [(title, facts, is_late)] = matters(page_of(terms[0], group), "statement")

    assert (title, is_late) == ("Transit", False)
    assert facts[0].startswith("Draft 1: working-level clearance, until ")
    assert facts[1:] == (
        "Waits for UNESCO and WHO.",
        "OHCHR objects to the text as a whole: “The mandate is missing.”",
        "It would be lifted by the deletion that it proposes.",
        "UNFPA objects to OP 1: “The mandate is missing.”",
        f"It would be lifted by: “{'x' * 139}…”",
        "3 open amendments: OHCHR (1), UNESCO (1) and UNFPA (1).",
    )


def test_an_agency_that_left_is_named_with_its_amendment(terms, group, chair):
    block = in_clearance().draft.blocks.get(key="b3")
    AmendmentFactory(block=block, agency=AgencyFactory(acronym="IRO"), author=chair)

    [(_title, facts, _is_late)] = matters(page_of(terms[0], group), "statement")

    assert facts[-1] == "1 open amendment: IRO (1)."


def test_a_silence_says_whether_it_approves_or_is_broken(terms, group, unesco, who, chair):
    silent = in_clearance(title="Silent", silence=True)
    broken = in_clearance(title="Broken", silence=True)
    broken.broken_at = NOW
    broken.save()
    for step in (silent, broken):
        for agency in (unesco, who):
            take_position(step, agency, chair)

    facts = {title: facts for title, facts, _late in matters(page_of(terms[0], group), "statement")}

    assert facts["Silent"][1:] == ("Silence approves.",)
    assert facts["Broken"][1:] == ("The silence was broken: today, 10:00.",)


def test_statements_before_clearance_tell_where_they_are(terms, group):
    circulated(title="Open")
    circulated(StatementState.CONSOLIDATION, title="Closed")
    drafted(title="Secret")

    seen = {title: facts for title, facts, _late in matters(page_of(terms[0], group), "statement")}
    of_members = matters(page_of(terms[0], group, sees_drafts=False), "statement")

    assert seen["Open"][0].startswith("Draft 1: amendments until ")
    assert seen["Closed"] == ("Draft 1: consolidation.",)
    assert seen["Secret"] == ("Draft 1: drafting.",)
    assert [title for title, *_rest in of_members] == ["Open", "Closed"]


def meeting(title, starts_at, **fields):
    return MeetingFactory(
        title=title, starts_at=starts_at, ends_at=starts_at + timedelta(hours=1), **fields
    )


def test_meetings_around_the_turn_and_those_without_an_outcome(terms, group):
    meeting("Of before the term", datetime(2026, 6, 1, 9, tzinfo=UTC))
    meeting("No outcome", datetime(2026, 10, 1, 9, tzinfo=UTC))
    meeting("Soon", datetime(2026, 12, 10, 9, tzinfo=UTC))
    meeting("After the turn", datetime(2027, 1, 20, 9, tzinfo=UTC))
    meeting("Far", datetime(2027, 5, 1, 9, tzinfo=UTC))
    meeting("Vacant", datetime(2027, 3, 20, 9, tzinfo=UTC))
    terms[1].last_day = date(2027, 3, 1)
    terms[1].save()
    MeetingFactory(
        title="By day", starts_at=datetime(2026, 12, 1, tzinfo=UTC), ends_at=None, sources=["x"]
    )

    live = matters(page_of(terms[0], group), "meeting")
    at_the_turn = matters(page_of(terms[0], group, date(2026, 12, 31)), "meeting")

    assert live == [
        ("No outcome", ("It was on Thu 1 Oct, 11:00; its outcome is not recorded.",), True),
        ("By day", ("On 1 Dec 2026; UNESCO chairs.",), False),
        ("Soon", ("On Thu 10 Dec, 10:00; UNESCO chairs.",), False),
        ("After the turn", ("On Wed 20 Jan 2027, 10:00; WHO chairs.",), False),
        ("Vacant", ("On Sat 20 Mar 2027, 10:00; nobody chairs.",), False),
    ]
    assert [title for title, *_rest in at_the_turn] == ["No outcome", "After the turn", "Vacant"]


def test_action_items_tell_who_owes_what_and_are_late_by_the_day(terms, group, unfpa, focal_point):
    ActionItemFactory(agency=unfpa, title="Late", due_day=TODAY - timedelta(days=1))
    ActionItemFactory(
        agency=unfpa,
        person=focal_point,
        title="Soon",
        due_day=date(2026, 12, 1),
        state="in_progress",
    )
    ActionItemFactory(agency=unfpa, title="Done", due_day=TODAY, state="done")

    assert matters(page_of(terms[0], group), "action") == [
        ("Late", ("UNFPA, open, 1 day late.",), True),
        ("Soon", ("UNFPA (Nadia Ferreira), in progress, due 1 Dec 2026.",), False),
    ]
    assert matters(page_of(terms[0], group, date(2026, 12, 31)), "action")[1] == (
        "Soon",
        ("UNFPA (Nadia Ferreira), in progress, 30 days late.",),
        True,
    )


def test_promises_and_places_pass_from_chair_to_chair(terms, group, chair, unesco):
    OutsidePromiseFactory(term=terms[0], put_down_by=chair)
    OutsidePromiseFactory(
        term=terms[0], what="A brief", put_down_by=chair, due_day=date(2026, 12, 1)
    )
    OutsidePromiseFactory(term=terms[0], state="kept")
    KeptPlaceFactory(agency=unesco, where="lists.example.org")
    KeptPlaceFactory(agency=AgencyFactory(acronym="IOM"), what="Old archive")
    KeptPlaceFactory(agency=unesco, ended_at=NOW)

    page = page_of(terms[1], group, date(2027, 1, 5))

    assert matters(page, "promise") == [
        ("A brief", ("To: The GFMD chair; 35 days late; added by Élodie Marchand.",), True),
        (
            "A speaker for the panel",
            ("To: The GFMD chair; without a day; added by Élodie Marchand.",),
            False,
        ),
    ]
    assert matters(page, "place") == [
        (
            "Mailing list of the focal points",
            ("lists.example.org · holder: The IT desk (UNESCO)",),
            False,
        ),
        (
            "Old archive",
            (
                "holder: The IT desk (IOM)",
                "IOM is no member on 5 Jan 2027: find another holder.",
            ),
            True,
        ),
    ]


def test_who_chairs_next_is_a_matter_where_nobody_is_decided(terms, group, ohchr):
    decided = page_of(terms[0], group)
    of_next = page_of(terms[1], group, date(2027, 5, 1))
    proposed = ChairTermFactory(
        slug="2027-H2",
        first_day=date(2027, 7, 1),
        last_day=date(2027, 12, 31),
        state="proposed",
    )
    TermAgencyFactory(term=proposed, agency=ohchr)

    [nothing] = [part.nothing for part in decided.sections if part.kind == "succession"]
    [calm] = [
        part.nothing for part in page_of(terms[1], group).sections if part.kind == "succession"
    ]
    assert matters(decided, "succession") == []
    assert nothing == "WHO from 1 Jan 2027."
    assert calm == "Nothing has to be decided within three months."
    assert matters(of_next, "succession") == [
        ("Nobody chairs from 1 Jul 2027", ("No term is planned.",), True)
    ]
    assert matters(page_of(terms[1], group, date(2027, 5, 1)), "succession") == [
        ("Nobody chairs from 1 Jul 2027", ("The term of OHCHR is proposed.",), True)
    ]


def test_members_short_of_focal_points_are_matters_as_of_the_day(terms, group, unfpa):
    for agency in (term.agencies.get() for term in terms):
        AppointmentFactory.create_batch(2, agency=agency)
    people = AppointmentFactory.create_batch(2, agency=unfpa)
    people[0].last_day = date(2026, 12, 31)
    people[0].save()

    [ahead] = matters(page_of(terms[0], group), "people")
    [short] = matters(page_of(terms[0], group, date(2027, 1, 1)), "people")

    assert ahead[0] == short[0] == "UNFPA"
    assert ahead[1][0] == "One focal point after 31 Dec 2026; 2 to 4 are expected."
    assert short[1] == (
        "One focal point; 2 to 4 are expected.",
        f"{people[1].person.name}.",
    )
    assert (ahead[2], short[2]) == (False, True)


def test_an_agency_without_any_focal_point_names_nobody(terms, group, ohchr):
    facts = {title: facts for title, facts, _late in matters(page_of(terms[0], group), "people")}

    assert facts["OHCHR"] == ("No focal point; 2 to 4 are expected.",)


def test_each_matter_has_the_newest_line_and_lines_of_earlier_chairs_say_so(
    elodie, terms, group, unfpa, chair
):
    mine, theirs = (ActionItemFactory(agency=unfpa, title=title) for title in ("A", "B"))
    before = ChairTermFactory(
        slug="2026-H1", first_day=date(2026, 1, 1), last_day=date(2026, 6, 30)
    )
    for term, item, outlook in (
        (before, mine, "stable"),
        (terms[0], mine, "urgent"),
        (before, theirs, "watch"),
    ):
        MatterJudgementFactory(
            term=term,
            kind="action",
            key=f"{item.pk}",
            outlook=outlook,
            judged_by=chair,
            condition="it rains",
            response="stay.",
        )

    page = page_of(terms[0], group)
    text = text_of(elodie.get(STATE))

    assert [page.matter("action", f"{item.pk}").own for item in (mine, theirs)] == [True, False]
    listed = sum(len(part.matters) for part in page.sections if part.kind != "place")
    assert (page.judged, page.total) == (1, listed)
    assert page.matter("place", "1") is None
    assert "If it rains, then stay." in text
    assert "said in 2026-H1" in text


def test_the_page_says_what_is_live_and_what_is_of_the_day(elodie, terms):
    live = text_of(elodie.get(STATE))
    later = text_of(elodie.get(f"{STATE}?on=2026-12-31"))
    wrong = text_of(elodie.get(f"{STATE}?on=yesterday"))
    far = text_of(elodie.get(f"{STATE}?on=0001-01-01"))
    Group.objects.update(focal_points_min=0)
    calm = text_of(elodie.get(STATE))

    assert "As of Mon 23 Nov 2026" in live
    assert "Show today" not in live
    assert "As of Thu 31 Dec 2026" in later
    assert (
        "As of 31 December 2026: who chairs, focal points, meetings, and what is late. As of "
        "today, 23 November 2026: texts, positions, amendments, action items, promises, places "
        "and the chair’s lines." in later
    )
    assert "As of Mon 23 Nov 2026" in wrong
    assert "As of Mon 23 Nov 2026" in far
    assert "matters have the chair’s line" in live
    assert "No matter is open" in calm


def test_the_chair_is_offered_to_write_and_others_read(
    elodie, sign_in, terms, focal_point, chair, unesco
):
    HandoverFactory(incoming_term=terms[1])
    OutsidePromiseFactory(term=terms[0], put_down_by=chair)
    own = text_of(elodie.get(STATE))
    StateOfPlayFactory(term=terms[0], summary="All is calm.", written_by=chair)
    written = text_of(elodie.get(STATE))
    other = text_of(sign_in(focal_point).get(STATE))

    assert "Not written yet. The facts below come from the data by themselves." in own
    assert "Write the summary" in own
    assert "Handover and its checklist" in own
    assert "Sign to the file" not in own
    assert "Change the summary" in written
    assert "Statements in preparation are listed for the chair’s team alone." in own
    for words in ("Change the summary", "Add a promise", "Write the line", "Edit"):
        assert words not in other
    assert "All is calm." in other
    assert "Statements that the chair has not circulated are left out." in other


def test_a_term_without_a_successor_is_signed_to_the_file(elodie, terms):
    terms[1].delete()

    assert "Sign to the file" in text_of(elodie.get(STATE))


def test_a_line_is_written_and_changed_on_its_page(elodie, terms, unfpa):
    item = ActionItemFactory(agency=unfpa, title="A paper")
    address = reverse("desk:judge", args=["2026-H2", "action", f"{item.pk}"])
    first = elodie.get(address)
    elodie.post(address, {"outlook": "watch", "words": "Nobody writes."})
    answer = elodie.post(address, as_shown(elodie, address, words="Tomás writes."))

    assert "A paper" in text_of(first)
    assert answer.url == f"{STATE}#matter-action-{item.pk}"
    assert MatterJudgement.objects.get().words == "Tomás writes."
    assert "Change the line" in text_of(elodie.get(STATE))


def test_the_second_of_two_who_judge_gets_both_lines(elodie, terms, unfpa, chair_colleague):
    item = ActionItemFactory(agency=unfpa)
    MatterJudgementFactory(
        term=terms[0], kind="action", key=f"{item.pk}", judged_by=chair_colleague
    )
    address = reverse("desk:judge", args=["2026-H2", "action", f"{item.pk}"])

    answer = elodie.post(address, {"outlook": "stable", "words": "All is well.", "version": 0})

    assert answer.status_code == 409
    assert "FAO has doubts." in text_of(answer)
    assert "All is well." in text_of(answer)


def test_the_form_begins_with_the_line_of_an_earlier_chair(elodie, terms, unfpa, chair):
    item = ActionItemFactory(agency=unfpa)
    before = ChairTermFactory(
        slug="2026-H1", first_day=date(2026, 1, 1), last_day=date(2026, 6, 30)
    )
    MatterJudgementFactory(term=before, kind="action", key=f"{item.pk}", judged_by=chair)
    address = reverse("desk:judge", args=["2026-H2", "action", f"{item.pk}"])

    page = text_of(elodie.get(address))
    elodie.post(address, as_shown(elodie, address))

    assert "The form begins with the line of Élodie Marchand, written in 2026-H1." in page
    assert sorted(MatterJudgement.objects.values_list("term__slug", "words")) == [
        ("2026-H1", "FAO has doubts."),
        ("2026-H2", "FAO has doubts."),
    ]


def test_if_without_then_is_said_beside_its_field(elodie, terms, unfpa):
    item = ActionItemFactory(agency=unfpa)
    address = reverse("desk:judge", args=["2026-H2", "action", f"{item.pk}"])

    answer = elodie.post(address, {"outlook": "watch", "words": "So.", "condition": "it rains"})

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["response"]


def test_what_is_no_open_matter_cannot_be_judged(elodie, terms, unfpa):
    item = ActionItemFactory(agency=unfpa, state="done")

    for kind, key in (("action", f"{item.pk}"), ("place", "1"), ("nothing", "1")):
        address = reverse("desk:judge", args=["2026-H2", kind, key])
        assert elodie.get(address).status_code == 404


@pytest.mark.parametrize("rows", [1, 12])
def test_the_page_costs_the_same_however_much_is_open(
    elodie, terms, group, unfpa, focal_point, chair, unesco, django_assert_num_queries, rows
):
    for _number in range(rows):
        step = in_clearance()
        objection(step, unfpa, focal_point)
        item = ActionItemFactory(agency=unfpa)
        meeting("So", datetime(2026, 12, 10, 9, tzinfo=UTC))
        OutsidePromiseFactory(term=terms[0], put_down_by=chair)
        KeptPlaceFactory(agency=unesco)
        MatterJudgementFactory(term=terms[0], kind="action", key=f"{item.pk}", judged_by=chair)
        block = step.draft.blocks.first()
        AmendmentFactory(block=block, agency=unfpa, author=focal_point)
    elodie.get(STATE)

    with django_assert_num_queries(22):
        elodie.get(STATE)
    with django_assert_num_queries(12):
        elodie.get(f"{STATE}history/")
    with django_assert_num_queries(19):
        page_of(terms[0], group)
