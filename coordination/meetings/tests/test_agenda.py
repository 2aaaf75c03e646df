"""The agenda, item by item: order, times, and what goes with an item."""

from datetime import UTC, date, datetime, timedelta

import pytest

from coordination.core.errors import NotAllowed, Stale
from coordination.core.tests.pages import text_of
from coordination.meetings import queries as meeting_queries
from coordination.meetings.actions import agenda, meetings
from coordination.meetings.actions.agenda import AgendaEntry
from coordination.meetings.enums import ActionState, MeetingState
from coordination.meetings.errors import AgendaKept, MeetingOver
from coordination.meetings.models import AgendaItem, Minutes, MinutesParagraph, PaperPin
from coordination.meetings.queries import agenda as queries
from coordination.meetings.tests.factories import (
    ActionItemFactory,
    AgendaItemFactory,
    DecisionFactory,
    DocumentFactory,
    MeetingFactory,
)
from coordination.meetings.views.meetings import form_values
from coordination.tests.cast import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now", "terms")]
STARTS = datetime(2026, 12, 2, 14, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def meeting():
    return MeetingFactory(slug="42", title="Meeting 42", starts_at=STARTS, ends_at=STARTS + HOUR)


@pytest.fixture
def three(meeting):
    return [
        AgendaItemFactory(meeting=meeting, position=n, title=title)
        for n, title in enumerate(("One", "Two", "Three"), 1)
    ]


def titles(meeting):
    return [f"{item.position} {item.title}" for item in meeting.agenda.all()]


def test_each_item_begins_after_the_minutes_before_it():
    def after(minutes):
        return STARTS + timedelta(minutes=minutes)

    assert queries.item_moments(STARTS, [5, 20, None, 10]) == [after(0), after(5), after(25), None]
    assert queries.item_moments(STARTS, []) == []


def test_the_agenda_sums_its_minutes_and_says_how_many_come_after_the_end(meeting):
    for minutes in (45, 30):
        AgendaItemFactory(meeting=meeting, minutes=minutes)
    shown = queries.agenda_of(queries.agenda_record("42").get())
    assert (shown.minutes, shown.over) == (75, 15)
    assert [row.begins_at for row in shown.rows] == [STARTS, STARTS + timedelta(minutes=45)]

    meeting.ends_at = None
    assert queries.minutes_over(meeting, 75) == 0
    meeting.sources = ["a source"]
    meeting.save()
    shown = queries.agenda_of(queries.agenda_record("42").get())
    assert [row.begins_at for row in shown.rows] == [None, None]


def test_without_minutes_no_item_has_an_hour(meeting, three):
    shown = queries.agenda_of(queries.agenda_record("42").get())

    assert [row.begins_at for row in shown.rows] == [None, None, None]


def test_the_chair_adds_and_changes_an_item(meeting, chair, unfpa):
    entry = AgendaEntry("The draft", "Second reading", unfpa, 20, "/statements/")
    item = agenda.add_agenda_item(meeting, entry, by=chair, at=NOW)
    assert (item.position, item.version) == (1, 1)

    agenda.edit_agenda_item(item, AgendaEntry("The new draft"), version=1, by=chair, at=NOW)
    item.refresh_from_db()
    assert (item.title, item.detail, item.lead, item.minutes, item.link) == (
        "The new draft",
        "",
        None,
        None,
        "",
    )
    with pytest.raises(Stale):
        agenda.edit_agenda_item(item, entry, version=1, by=chair, at=NOW)
    reasons = [record.history_change_reason for record in item.history.all()]
    assert reasons == ["agenda_item_changed", "agenda_item_added"]


def test_items_move_up_and_down_and_stop_at_the_ends(meeting, three, chair):
    one, _two, three_ = three

    agenda.move_agenda_item(three_, up=True, version=1, by=chair, at=NOW)
    assert titles(meeting) == ["1 One", "2 Three", "3 Two"]
    agenda.move_agenda_item(one, up=False, version=1, by=chair, at=NOW)
    assert titles(meeting) == ["1 Three", "2 One", "3 Two"]
    agenda.move_agenda_item(three_, up=True, version=2, by=chair, at=NOW)
    agenda.move_agenda_item(three[1], up=False, version=1, by=chair, at=NOW)
    assert titles(meeting) == ["1 Three", "2 One", "3 Two"]
    with pytest.raises(Stale):
        agenda.move_agenda_item(one, up=True, version=1, by=chair, at=NOW)


def test_an_item_that_is_taken_off_leaves_no_gap_and_its_paper_stays(meeting, three, chair):
    paper = DocumentFactory(meeting=meeting, link="https://x.example/")
    PaperPin.objects.create(item=three[0], version=paper)

    agenda.remove_agenda_item(three[0], version=1, by=chair, at=NOW)

    assert titles(meeting) == ["1 Two", "2 Three"]
    assert (PaperPin.objects.count(), meeting.documents.count()) == (0, 1)
    deeds = {entry.deed for entry in meeting_queries.meeting_changes(meeting)}
    assert deeds >= {
        "Taken off the agenda: agenda item “One”",
        f"Taken off the agenda: paper “{paper.title}”",
    }
    with pytest.raises(AgendaItem.DoesNotExist):
        agenda.remove_agenda_item(three[0], version=2, by=chair, at=NOW)


def test_what_the_minutes_say_something_about_is_not_taken_off(meeting, three, chair):
    minutes = Minutes.objects.create(meeting=meeting)
    MinutesParagraph.objects.create(minutes=minutes, item=three[0], text="So.")

    with pytest.raises(AgendaKept):
        agenda.remove_agenda_item(three[0], version=1, by=chair, at=NOW)
    assert titles(meeting) == ["1 One", "2 Two", "3 Three"]


def test_a_cancelled_meeting_keeps_its_agenda_and_a_held_one_its_items(meeting, three, chair):
    meeting.state = MeetingState.HELD
    meeting.save()
    agenda.add_agenda_item(meeting, AgendaEntry("Any other business"), by=chair, at=NOW)
    with pytest.raises(MeetingOver):
        agenda.remove_agenda_item(three[0], version=1, by=chair, at=NOW)
    meeting.state = MeetingState.CANCELLED
    meeting.save()
    with pytest.raises(MeetingOver):
        agenda.add_agenda_item(meeting, AgendaEntry("More"), by=chair, at=NOW)


def test_only_the_chair_edits_the_agenda(meeting, three, focal_point):
    acts = [
        lambda: agenda.add_agenda_item(meeting, AgendaEntry("A"), by=focal_point, at=NOW),
        lambda: agenda.edit_agenda_item(
            three[0], AgendaEntry("A"), version=1, by=focal_point, at=NOW
        ),
        lambda: agenda.move_agenda_item(three[0], up=True, version=1, by=focal_point, at=NOW),
        lambda: agenda.remove_agenda_item(three[0], version=1, by=focal_point, at=NOW),
    ]

    for act in acts:
        with pytest.raises(NotAllowed):
            act()


def edited(meeting, lines, chair):
    """Save the agenda as lines, with the form of the meeting."""
    values = form_values(meeting)
    names = ("title", "kind", "time_zone", "place", "video_url", "hour_reason")
    details = meetings.MeetingDetails(
        **{name: values[name] for name in names},
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        agenda=lines,
    )
    return meetings.edit_meeting(meeting, details, version=meeting.version, by=chair, at=NOW)


@pytest.mark.parametrize("field", ["minutes", "detail", "lead", "link", "paper"])
def test_lines_do_not_remove_what_carries_more_than_a_title(meeting, three, chair, unfpa, field):
    one = three[0]
    values = {"minutes": 5, "detail": "More", "lead": unfpa, "link": "/statements/"}
    if field == "paper":
        paper = DocumentFactory(meeting=meeting, link="https://x.example/")
        PaperPin.objects.create(item=one, version=paper)
    else:
        setattr(one, field, values[field])
        one.save()

    with pytest.raises(AgendaKept) as kept:
        edited(meeting, "Two\nThree", chair)
    assert kept.value.message == (
        "“One” has more than a title, such as a paper or an agency. Change or remove it on the page "
        "of the agenda."
    )
    edited(meeting, "Three\nOne", chair)
    assert titles(meeting) == ["1 Three", "2 One"]
    assert AgendaItem.objects.get(title="One").pk == one.pk


def test_open_actions_and_decisions_of_the_last_meeting_arise(meeting, unfpa):
    last = MeetingFactory(slug="41", starts_at=NOW - HOUR * 480, state=MeetingState.HELD)
    older = MeetingFactory(slug="40", starts_at=NOW - HOUR * 960, state=MeetingState.HELD)
    other = MeetingFactory(kind="event", starts_at=NOW - HOUR * 24, state=MeetingState.HELD)
    for each in (last, older, other):
        DecisionFactory(meeting=each, number=1)
        ActionItemFactory(meeting=each, number=1, agency=unfpa, due_day=date(2026, 11, 20))
    ActionItemFactory(meeting=last, agency=unfpa, state=ActionState.DONE)

    def asked():
        shown = queries.agenda_record("42").get()
        return (
            [each.action.meeting for each in queries.arising(shown)],
            [each.decision.meeting for each in queries.decisions_arising(shown)],
        )

    actions, decisions = asked()
    assert (set(actions), decisions) == ({last, older}, [last])
    AgendaItemFactory(meeting=meeting, link="/meetings/41/#decision-1")
    assert asked()[1] == []
    action = last.action_items.get(number=1)
    AgendaItemFactory(meeting=meeting, link=f"/meetings/41/#action-{action.pk}")
    assert asked()[0] == [older]


def test_the_page_of_the_meeting_shows_times_in_the_readers_zone(
    sign_in, focal_point, chair, meeting, unfpa
):
    AgendaItemFactory(meeting=meeting, position=1, title="One", minutes=15)
    AgendaItemFactory(
        meeting=meeting, position=2, title="Two", minutes=50, lead=unfpa, link="/statements/s/"
    )

    page = text_of(sign_in(focal_point).get("/meetings/42/"))
    for words in ("09:00 · 15 min", "09:15 · 50 min", "65 minutes in all; times in New York"):
        assert words in page
    assert '<a href="/statements/s/">statements/s</a>' in page
    assert ("Edit the agenda" in page, "longer than the meeting" in page) == (False, False)
    page = text_of(sign_in(chair).get("/meetings/42/"))
    assert ("Edit the agenda" in page, "5 minutes longer than the meeting" in page) == (True, True)
    assert "15:15 · 50 min" in page


def test_the_chair_edits_on_the_page(sign_in, chair, meeting, three, unfpa):
    client = sign_in(chair)
    page = text_of(client.get("/meetings/42/agenda/"))
    assert (page.count("Move up"), page.count("Move down")) == (2, 2)

    typed = {"title": "Four", "minutes": "10", "lead": str(unfpa.pk), "link": "/statements/"}
    answer = client.post("/meetings/42/agenda/new/", typed)
    added = AgendaItem.objects.get(title="Four")
    assert answer.url == f"/meetings/42/agenda/#item-{added.pk}"
    assert (added.lead, added.minutes, added.position) == (unfpa, 10, 4)
    assert "Four" in text_of(client.get(f"/meetings/42/agenda/{added.pk}/"))

    path = f"/meetings/42/agenda/{added.pk}/"
    assert client.post(path, typed | {"title": "Quattro", "version": "1"}).status_code == 302
    assert client.post(path, typed | {"title": "Vier", "version": "1"}).status_code == 409
    assert client.post(path, {"title": "", "version": "2"}).status_code == 422
    assert client.post(f"{path}up/", {"seen-version": "2"}).status_code == 302
    assert client.post(f"{path}up/", {"seen-version": "2"}).status_code == 409
    assert client.post(f"{path}down/", {"seen-version": "3"}).status_code == 302
    assert titles(meeting)[-1] == "4 Quattro"
    assert "Take “Quattro” off the agenda?" in text_of(client.get(f"{path}remove/"))
    assert client.post(f"{path}remove/", {"seen-version": "3"}).status_code == 409
    assert client.post(f"{path}remove/", {"seen-version": "4"}).status_code == 302
    assert titles(meeting) == ["1 One", "2 Two", "3 Three"]
    assert client.get("/meetings/42/agenda/999/").status_code == 404


@pytest.mark.parametrize(
    ("link", "saved"),
    [
        ("/statements/2026-02/drafts/3/", "/statements/2026-02/drafts/3/"),
        ("http://localhost:8000/rotation/2027-H1/#top", "/rotation/2027-H1/#top"),
        ("https://elsewhere.example/statements/", None),
        ("/admin/", None),
        ("/nothing/of/the/kind/", None),
        ("javascript:alert(1)", None),
        ("http://[", None),
    ],
)
def test_an_item_links_to_pages_of_this_site_alone(sign_in, chair, meeting, settings, link, saved):
    settings.SITE_URL = "http://localhost:8000"

    answer = sign_in(chair).post("/meetings/42/agenda/new/", {"title": "A", "link": link})

    assert answer.status_code == (302 if saved else 422)
    assert [item.link for item in meeting.agenda.all()] == ([saved] if saved else [])


def test_matters_arising_are_put_on_the_agenda_once(sign_in, chair, meeting, unfpa):
    last = MeetingFactory(slug="41", starts_at=NOW - HOUR * 480, state=MeetingState.HELD)
    action = ActionItemFactory(meeting=last, agency=unfpa, title="Send data")
    DecisionFactory(meeting=last, number=3, text="To circulate it.")
    client = sign_in(chair)
    page = text_of(client.get("/meetings/42/agenda/"))
    assert ("Send data" in page, "To circulate it." in page) == (True, True)

    links = [f"/meetings/41/#action-{action.pk}", "/meetings/41/#decision-3", "/statements/"]
    for link in [*links, links[0]]:
        assert client.post("/meetings/42/agenda/take/", {"link": link}).status_code == 302

    assert [(item.title, item.lead, item.link) for item in meeting.agenda.all()] == [
        ("Matters arising: Send data", unfpa, links[0]),
        ("Matters arising: To circulate it.", None, links[1]),
    ]


@pytest.mark.parametrize("rows", [1, 30])
def test_pages_of_an_agenda_cost_the_same_whatever_its_length(
    sign_in, chair, meeting, unfpa, rows, django_assert_max_num_queries
):
    last = MeetingFactory(slug="41", starts_at=NOW - HOUR * 480, state=MeetingState.HELD)
    for n in range(rows):
        item = AgendaItemFactory(meeting=meeting, minutes=5, lead=unfpa)
        paper = DocumentFactory(meeting=meeting, link="https://x.example/")
        DocumentFactory(meeting=meeting, link="https://x.example/", paper=paper, number=2)
        PaperPin.objects.create(item=item, version=paper)
        ActionItemFactory(meeting=last, number=n + 1, agency=unfpa)
        DecisionFactory(meeting=last, number=n + 1)
    client = sign_in(chair)

    with django_assert_max_num_queries(15):
        client.get("/meetings/42/agenda/")
    with django_assert_max_num_queries(16):
        client.get("/meetings/42/")
