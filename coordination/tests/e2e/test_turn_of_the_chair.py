"""The turn of the chair in a browser, with a real worker, beat and SMTP server, and a clock that moves.

A selection that three contest, up to the midnight on which the powers pass; and one in which nobody stands.
"""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Locator, Page

from coordination.tests.e2e.pressing import press
from coordination.tests.e2e.test_browser import browser  # noqa: F401 - a fixture
from coordination.tests.e2e.turn_group import FOCAL_POINTS, OPENS
from coordination.tests.e2e.turning import Servers, Turn

pytestmark = [
    pytest.mark.browser,
    pytest.mark.process,
    pytest.mark.once,
    pytest.mark.timeout(900),
]
ALL = tuple(FOCAL_POINTS)
# who gets a question to the principals: where neither principal nor office can be reached, the focal points
SENIORS = ("Head of UNFPA", "Office of WHO", "Élodie", "Grace", "Petra", "Samira")
CALL, DECIDE, PRINCIPALS = "Say by Tue 25 Aug", "Record by Fri 6 Nov", "For the principal of "
HAND_OVER, TAKE_OVER, EXCHANGE = "Hand over by Fri 1 Jan", "Take over on Fri 1 Jan", "by Wed 9 Dec"


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


@pytest.fixture(scope="module")
def servers(tmp_path_factory):
    made = Servers(tmp_path_factory.mktemp("turn"))
    try:
        made.start()
        yield made
    finally:
        made.stop()


@pytest.fixture
def turn(servers, browser):  # noqa: F811 - the fixture
    play = Turn(servers, browser)
    try:
        yield play
    finally:
        play.end()


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("main").get_by_role("button", name=name, exact=True)


def link(page: Page, name: str) -> Locator:
    return page.get_by_role("main").get_by_role("link", name=name).first


def words(page: Page, landmark: str = "main") -> str:
    return " ".join(page.get_by_role(landmark).inner_text().split())


def stand(turn: Turn, first: str) -> None:
    page = turn.follow(first, CALL)
    page.get_by_label("Our agency stands", exact=True).check()
    page.get_by_label("Priorities, if it chairs").fill("One joint statement.")
    page.get_by_label("Team that it would name").fill("Two people.")
    press(button(page, "Save the answer"))


def decline(turn: Turn, first: str, why: str) -> None:
    """Answer by the keyboard alone."""
    page = turn.follow(first, CALL)
    page.get_by_label("Our agency declines").press("Space")
    page.get_by_label("If it declines, why").select_option(label=why)
    press(button(page, "Save the answer"), key="Enter")


def three_stand_and_one_declines(turn: Turn) -> None:
    turn.move_to(OPENS)
    turn.expect_mails(CALL, *ALL)
    for first in ("Nadia", "Grace", "Ruth"):
        stand(turn, first)
    decline(turn, "Petra", "resources")
    said = words(turn.page("Petra"))
    assert "stand: 3; decline or withdrew: 1; have not answered: 2" in said
    assert "Declines this selection: resources" in said
    turn.move_to(at(2026, 8, 18, 15))
    turn.expect_mails(CALL, *ALL, "Élodie", "Samira")


def the_deadline_passes(turn: Turn) -> None:
    turn.move_to(at(2026, 10, 5, 15))
    turn.expect_mails(DECIDE, "Élodie")
    turn.move_to(at(2026, 10, 30, 15))
    turn.expect_mails(DECIDE, "Élodie", "Élodie")
    turn.move_to(at(2026, 11, 9, 15))
    turn.expect_mails(PRINCIPALS, *SENIORS)
    assert "This is for you to decide, as principal of UNFPA." in turn.text("Head of UNFPA")
    assert "This is for Yves Moreau to decide, as principal of UNESCO." in turn.text("Élodie")
    page = turn.follow("Head of UNFPA", PRINCIPALS)
    said = words(page)
    for each in (
        "Which of UNFPA, UNICEF and WHO chairs",
        "The deadline of the decision passed with Friday 6 November 2026",
        "Escalations 1",
        "From 1 Jan 2027 on nobody has the chair’s powers",
    ):
        assert each in said
    page.get_by_label("supports the agency chosen below").check()
    page.get_by_label("Which agency").select_option(label="WHO")
    press(button(page, "Save the answer"))
    assert "1 of 6 have answered" in words(page)


def record_decision(turn: Turn, outcome: str, agency: str, limits: str = "") -> Page:
    """Let the chair record what the senior officials decided, with their document."""
    page = turn.open("Élodie", "/desk/")
    press(link(page, "Record the decision"))
    page.get_by_label(outcome).check()
    page.get_by_role("group", name="Who chairs").get_by_label(agency).check()
    page.get_by_label("senior officials").check()
    page.get_by_label("Document").fill("Note of the principals, in the archive")
    page.get_by_label("Limits of the powers").fill(limits)
    press(button(page, "See what happens then"))
    assert "Decided by Senior officials: Note of the principals, in the archive" in words(page)
    press(button(page, "Record the decision"))
    assert "Decided by Senior officials Document Note of the principals" in words(page)
    return page


def the_senior_officials_decide(turn: Turn) -> None:
    record_decision(turn, "a chair of those that stand", "WHO")
    others = [first for first in ALL if first != "Ruth"]
    turn.expect_mails("WHO chairs from 1 January 2027", *others)
    turn.expect_mails("Your agency chairs from 1 January 2027", "Ruth", "Office of WHO")
    # 53 days before the first day: the reminder of 60 days comes with the checklist
    turn.expect_mails(HAND_OVER, "Élodie")
    turn.expect_mails(TAKE_OVER, "Ruth")
    page = turn.follow("Ruth", TAKE_OVER)
    for item in ("State of play on one page", "Name the chair’s team"):
        assert item in words(page)
    page.get_by_text("Settle: Name the chair’s team").click()
    press(button(page, "Mark done"))
    assert "1 of 1 settled" in words(page)
    history = words(turn.open("Nadia", "/rotation/history/"))
    assert "Senior officials of the agencies" in history


def two_later_terms_are_exchanged(turn: Turn) -> None:
    page = turn.open("Petra", "/rotation/2027-H2/")
    press(link(page, "Exchange two terms"))
    page.get_by_label("Exchange with").select_option(label="OHCHR, 2028-H1")
    press(button(page, "Show what changes"))
    assert "ILO would chair 182 days instead of 184." in words(page)
    press(button(page, "Offer the exchange"))
    turn.expect_mails(f"Answer {EXCHANGE}: ILO offers OHCHR an exchange of terms", "Samira")
    press(button(turn.follow("Samira", f"Answer {EXCHANGE}"), "Agree for OHCHR"))
    turn.expect_mails(f"Record {EXCHANGE} whether the group exchanges two terms", "Élodie")
    page = turn.follow("Élodie", f"Record {EXCHANGE}")
    page.get_by_label("Who decided, when and how").fill("Meeting of 9 November, by consensus")
    press(button(page, "Record the decision"))
    turn.expect_mails("The turn of ILO has changed", "Petra")
    turn.expect_mails("The turn of OHCHR has changed", "Samira")


def the_state_of_play_is_written(turn: Turn) -> None:
    turn.move_to(at(2026, 12, 2, 15))
    turn.expect_mails(HAND_OVER, *["Élodie"] * 2)
    turn.expect_mails(TAKE_OVER, *["Ruth"] * 2)
    turn.expect_mails("12 days late: State of play on one page", "Élodie")
    page = turn.follow("Élodie", "12 days late: State of play on one page")
    press(link(page, "Write: state of play"))
    press(link(page, "Write the summary"))
    page.get_by_label("What the next chair must know first").fill("One promise runs.")
    press(button(page, "Save the summary"))
    press(link(page, "Add a promise"))
    page.get_by_label("What was promised").fill("A speaker for the panel")
    page.get_by_label("To whom").fill("The chair of the GFMD")
    press(button(page, "Add the promise"))
    press(link(page, "Write the line"))
    page.get_by_label("watch").check()
    page.get_by_label("What the next chair must know").fill("No name yet.")
    page.get_by_label("If (optional)").fill("nobody is named by March")
    page.get_by_label("Then (optional)").fill("offer the chair itself.")
    press(button(page, "Save the line"))
    said = words(turn.open("Ruth", "/rotation/2026-H2/state-of-play/"))
    assert "1 of 1 matters have the chair’s line" in said
    assert "No name yet. If nobody is named by March, then offer the chair itself." in said


def both_sides_sign(turn: Turn) -> None:
    for first, side in (("Élodie", "outgoing"), ("Ruth", "incoming")):
        page = turn.open(first, "/rotation/2027-H1/handover/")
        press(link(page, "Sign the handover"))
        assert f"{side.capitalize()} chair: " in words(page)
        assert "Nothing: each item of this side is settled." in words(page)
        page.get_by_label("focal point").check()
        press(button(page, "Sign the handover"))
    assert "2 of 2 sides signed" in words(page)


def powers_are_with(turn: Turn, first: str, other: str, masthead: str) -> None:
    page = turn.open(first, "/rotation/")
    assert masthead in words(page, "banner")
    assert link(page, "Propose a term").count() == 1
    page = turn.open(other, "/rotation/")
    assert masthead in words(page, "banner")
    assert link(page, "Propose a term").count() == 0
    turn.open(other, "/rotation/propose/", 403)


def midnight_passes(turn: Turn) -> None:
    turn.move_to(at(2026, 12, 31, 22, 30))
    turn.expect_mails(HAND_OVER, *["Élodie"] * 3)
    turn.expect_mails(TAKE_OVER, *["Ruth"] * 3)
    powers_are_with(turn, "Élodie", "Ruth", "Chair: UNESCO until 31 Dec 2026, then WHO")
    turn.move_to(at(2026, 12, 31, 23, 0))  # 00:00 in Geneva
    powers_are_with(turn, "Ruth", "Élodie", "Chair: WHO until 30 Jun 2027, then OHCHR")


def test_three_stand_and_the_decision_goes_to_the_senior_officials(turn):
    three_stand_and_one_declines(turn)
    the_deadline_passes(turn)
    the_senior_officials_decide(turn)
    two_later_terms_are_exchanged(turn)
    the_state_of_play_is_written(turn)
    both_sides_sign(turn)
    midnight_passes(turn)
    # the clock came by the half-yearly question whether the people of each agency are right
    turn.expect_mails("Still to confirm", *ALL)
    turn.expect_nothing_else()


def nobody_stands(turn: Turn) -> None:
    turn.move_to(OPENS)
    turn.expect_mails(CALL, *ALL)
    for first, why in (
        ("Nadia", "resources"),
        ("Petra", "strategic reasons"),
        ("Ruth", "chaired recently"),
    ):
        decline(turn, first, why)
    turn.move_to(at(2026, 8, 18, 15))
    turn.expect_mails(CALL, *ALL, "Élodie", "Grace", "Samira")
    turn.move_to(at(2026, 8, 26, 15))
    turn.expect_mails(PRINCIPALS, *SENIORS)
    assert "Nobody stands." in turn.text("Head of UNFPA")
    page = turn.follow("Office of WHO", PRINCIPALS)
    assert "Who bridges these days: nobody stands." in words(page)
    page.get_by_label("What your principal proposes").fill("OHCHR bridges these months.")
    press(button(page, "Save the answer"))
    assert "“OHCHR bridges these months.”" in words(page)


def a_caretaker_is_shown_as_one(turn: Turn) -> None:
    turn.move_to(at(2027, 1, 4, 15))
    visitor = turn.open("", "/rotation/")
    assert "Caretaker: OHCHR until 30 Jun 2027, then ILO" in words(visitor, "banner")
    row = visitor.get_by_role("row", name="1 Jan 2027 to 30 Jun 2027")
    assert " ".join(row.inner_text().split()).startswith(
        "1 Jan 2027 to 30 Jun 2027 OHCHR Caretaker now 181"
    )
    assert visitor.get_by_text("OHCHR, caretaker now").count() == 1  # on the timeline
    address = turn.servers.address
    data = visitor.request.get(f"{address}/rotation/schedule.json").json()
    [kept] = [term for term in data["terms"] if term["term"] == "2027-H1"]
    assert (kept["kind"], [agency["acronym"] for agency in kept["agencies"]]) == (
        "caretaker",
        ["OHCHR"],
    )
    feed = visitor.request.get(f"{address}/rotation/calendar.ics").text()
    assert "SUMMARY:GMG chair: OHCHR (caretaker)\r\nDTSTART;VALUE=DATE:20270101" in feed
    said = words(turn.open("", "/rotation/2027-H1/"))
    assert "A caretaker bridges days for which no chair was found." in said
    assert link(turn.open("Samira", "/rotation/"), "Propose a term").count() == 1


def test_nobody_stands_and_a_caretaker_bridges_the_days(turn):
    nobody_stands(turn)
    page = record_decision(turn, "a caretaker", "OHCHR", limits="start a statement")
    assert "The group asks it not to: start a statement" in words(page)
    others = [first for first in ALL if first != "Samira"]
    turn.expect_mails("OHCHR chairs from 1 January 2027", *others)
    turn.expect_mails("Your agency chairs from 1 January 2027", "Samira")
    turn.expect_nothing_else()
    a_caretaker_is_shown_as_one(turn)
