"""What each of the cast comes for, done in a browser whose JavaScript is off: every form posts, and the page that answers says so."""

from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from coordination.core import clock
from coordination.meetings.models import Meeting
from coordination.members.models import Invitation
from coordination.members.queries.invitations import token_of
from coordination.rotation.models import HandoverItem
from coordination.statements.models import Statement
from coordination.tests.e2e.test_browser import browser, page_for, story  # noqa: F401 - fixtures among them

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("story"),
]
WORDS = "as nobody has proposed before"


@pytest.fixture
def opened(live_server, browser):  # noqa: F811 - the fixture
    """Return how one of the cast opens a page: of one browser each, without JavaScript."""
    pages: dict[str, Page] = {}

    def at(role: str, path: str) -> Page:
        if role not in pages:
            pages[role] = page_for(
                browser, live_server.url, role, width=1280, theme="light", javascript=False
            )
        answer = pages[role].goto(live_server.url + path)
        assert answer.status == 200, path
        return pages[role]

    yield at
    for page in pages.values():
        page.context.close()


def send(within: Page | Locator, button: str, **fields: str) -> None:
    """Fill the fields, press the button, and see that the form was taken."""
    for name, value in fields.items():
        within.locator(f"[name={name}]").fill(value)
    within.get_by_role("button", name=button).first.click()
    page = within if isinstance(within, Page) else within.page
    expect(page.locator(".form__error")).to_have_count(0)


def said(page: Page, words: str) -> None:
    """See that the page says what was done."""
    expect(page.locator("#messages")).to_contain_text(words)


def amend_and_cosponsor(opened, place: str) -> None:
    page = opened("focal_point", place)
    page.locator("#b4").get_by_role("link", name="Amend").click()
    send(page, "Preview", proposed_text=WORDS)
    expect(page.locator(".typed ins")).to_contain_text(WORDS)
    send(page, "Propose the amendment", rationale="Why not.")
    expect(page.locator("#b4 .margin-note", has_text=WORDS)).to_have_count(1)
    others = page.locator(".margin-note", has=page.get_by_role("button", name="Co-sponsor")).first
    name = others.get_attribute("id")
    send(others, "Co-sponsor")
    expect(page.locator(f"#{name}").get_by_role("button", name="Take UNFPA off")).to_have_count(1)


def take_decline_and_adapt(opened, place: str) -> None:
    page = opened("chair", f"{place}act/close/")
    send(page, "Close amendments")
    page = opened("chair", f"{place}consolidate/")
    for act, state in (("Take", "settled"), ("Decline", "declined"), ("Adapt", "settled")):
        note = page.locator(
            '.margin-note[data-state="open"]', has=page.locator(f"text={act}")
        ).first
        name = note.get_attribute("id")
        if act == "Take":
            send(note, act)
        else:
            note.get_by_role("link", name=act).click()
            if act == "Decline":
                send(page, "Decline the amendment", reason="Not in this text.")
            else:
                send(page, "Settle on this text", text=WORDS, reason="Between the two.")
        expect(page.locator(f"#{name}")).to_have_attribute("data-state", state)


def take_a_position(opened, place: str) -> None:
    page = opened("focal_point", f"{place}positions/")
    send(page, "Approve draft 2")
    expect(page.locator("#said-unfpa")).to_contain_text("UNFPA approves")
    page.locator("#said-unfpa summary").click()
    page.get_by_label("Do not join", exact=True).check()
    send(page, "Record this position")
    expect(page.locator("#said-unfpa")).to_contain_text("UNFPA does not join")


def settle_an_item(opened) -> None:
    item = (
        HandoverItem.objects.filter(state="open", side="outgoing")
        .select_related("handover__incoming_term")
        .first()
    )
    page = opened("chair", f"/rotation/{item.handover.incoming_term.slug}/handover/")
    row = page.locator(f"#item-{item.pk}")
    row.locator("summary").click()
    send(row, "Mark done", note="In the folder.")
    expect(row).to_have_attribute("data-state", "done")
    expect(row).to_contain_text("In the folder.")


def convene(opened) -> None:
    page = opened("chair", "/meetings/")
    page.get_by_role("link", name="Convene a meeting").first.click()
    day = clock.now() + timedelta(days=20)
    fields = {
        "title": "An extraordinary meeting",
        "day": f"{day:%Y-%m-%d}",
        "begins": "14:00",
        "ends": "15:00",
    }
    for name, value in fields.items():
        page.locator(f"[name={name}]").fill(value)
    page.get_by_role("button", name="Convene", exact=True).click()
    # it is night in Tokyo, as at the last meeting
    expect(page.locator(".form__error")).to_contain_text("as at the last meeting. Say why")
    send(page, "Convene", hour_reason="The draft must be settled before the year ends.")
    assert Meeting.objects.filter(title="An extraordinary meeting").count() == 1
    expect(page.locator("h1")).to_contain_text("An extraordinary meeting")


def invite_and_accept(opened) -> None:
    page = opened("focal_point", "/members/unfpa/")
    page.get_by_role("link", name="Invite").first.click()
    send(page, "Send the invitation", email="sara.lind@unfpa.example.org", name="Sara Lind")
    said(page, "Sara Lind is invited")
    invitation = Invitation.objects.get(name="Sara Lind")
    colleague = opened("", f"/invitations/{token_of(invitation.nonce)}/")
    send(
        colleague,
        "Accept",
        password="seven kites over the lake",
        password_again="seven kites over the lake",
    )
    expect(colleague.locator("h1")).to_have_text("My desk")


def test_what_people_come_for_works_without_javascript(opened):
    amended, cleared = (
        f"/statements/{Statement.objects.get(state=state).slug}/"
        for state in ("amendments", "clearance")
    )

    amend_and_cosponsor(opened, amended)
    take_decline_and_adapt(opened, amended)
    take_a_position(opened, cleared)
    settle_an_item(opened)
    convene(opened)
    invite_and_accept(opened)
