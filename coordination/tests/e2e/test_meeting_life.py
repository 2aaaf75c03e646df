"""A whole meeting in a browser: an hour, invitations, three kinds of answer, roll, minutes, corrections, adoption, an action settled late.

The chair (UNESCO), UNFPA, OHCHR, WHO and a newcomer (UNICEF) take part. Mails go over SMTP, and the answer of a calendar program
comes in over IMAP. Each page is looked at in two widths.
"""

import re
from datetime import date, timedelta
from email import message_from_bytes, policy

import pytest

from coordination.core import clock
from coordination.meetings import tasks
from coordination.meetings.models import ActionItem, Meeting, MeetingAnswer, Minutes
from coordination.meetings.queries import calendars
from coordination.meetings.tests.test_calendar_answers import mail, part
from coordination.reminders.actions import delivery, planning
from coordination.tests.cast import NOW, agency, appointed
from coordination.tests.e2e.pressing import press
from coordination.tests.e2e.test_browser import browser  # noqa: F401 - a fixture
from coordination.tests.e2e.test_statement_life import Stage
from coordination.tests.services.smtp import SmtpSink

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(840),
]
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
TITLE = "Working-level meeting 42"
CHAIR, UNFPA, OHCHR, WHO, UNICEF = "UNESCO", "UNFPA", "OHCHR", "WHO", "UNICEF"


class MeetingStage(Stage):
    """A stage whose mails go to a mail server, and whose calendar answers come from a mailbox."""

    def __init__(self, address, chromium, people, settings, sink):
        self.sink = sink
        self.at = NOW
        super().__init__(address, chromium, people, settings)

    def move_to(self, moment):
        self.at = moment
        super().move_to(moment)

    def see(self, acronym, path):
        """Open a page of the site."""
        page = self.page(acronym)
        answer = page.goto(self.address + path)
        assert answer.status == 200, (acronym, path, answer.status)
        return page

    def post_mails(self):
        """Plan and send what is due; return the mails about the meeting by address."""
        before = len(self.sink.mails())
        planning.plan(clock.now())
        delivery.deliver(clock.now)
        new = [
            (each["to"][0], message_from_bytes(each["body"].encode(), policy=policy.default))
            for each in self.sink.mails()[before:]
        ]
        return {address: message for address, message in new if TITLE in text_of(message)}

    @property
    def meeting(self):
        return Meeting.objects.get(title=TITLE)

    @property
    def place(self):
        return f"/meetings/{self.meeting.slug}/"

    def words(self, acronym, path):
        return " ".join(self.see(acronym, path).locator("main").inner_text().split())


@pytest.fixture
def stage(
    live_server,
    browser,  # noqa: F811 - the fixture
    settings,
    tmp_path,
    chair,
    focal_point,
    other_agency,
    incoming_chair,
    terms,
):
    sink = SmtpSink(tmp_path).start()
    settings.EMAIL_BACKEND = "coordination.reminders.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
    settings.SITE_URL = live_server.url
    people = {CHAIR: chair, UNFPA: focal_point, OHCHR: other_agency, WHO: incoming_chair}
    made = MeetingStage(live_server.url, browser, people, settings, sink)
    yield made
    for page in made.pages.values():
        page.context.close()
    sink.stop()


def text_of(message):
    text = message.get_body(("plain",)).get_content()
    return " ".join([*message["Subject"].split(), *text.split()])


def find_an_hour_and_convene(stage):
    page = stage.see(CHAIR, "/meetings/hours/?first_day=2026-12-02&last_day=2026-12-04&minutes=60")
    stage.looks(page, "meeting-hour")
    press(page.locator("section[aria-labelledby=h-best-total] a, .halves a").first)
    press(page.get_by_role("link", name=re.compile("Convene for")).first)
    page.locator("[name=title]").fill(TITLE)
    page.locator("[name=agenda]").fill("Remittances\nNext meeting")
    stage.looks(page, "meeting-convene")
    press(page.get_by_role("button", name="Convene", exact=True))
    assert page.url == f"{stage.address}{stage.place}"


def invitations_arrive(stage):
    unicef = agency(UNICEF, "New York", "America/New_York")
    stage.move_to(NOW + timedelta(minutes=11))
    mails = stage.post_mails()
    assert sorted(mails) == sorted(stage.people[each].email for each in (CHAIR, UNFPA, OHCHR, WHO))
    newcomer = appointed("Grace Mwangi", "grace.mwangi@unicef.example.org", unicef)
    newcomer.appointments.update(first_day=date(2026, 11, 24))
    stage.people[UNICEF] = newcomer
    stage.move_to(NOW + DAY + 5 * HOUR)
    assert list(stage.post_mails()) == [newcomer.email]
    return mails


def three_kinds_of_answer(stage, mails, dovecot):
    by_link(stage, text_of(mails[stage.people[OHCHR].email]))
    from_the_desk(stage)
    uid = calendars.uid_of(stage.meeting)
    ruth = stage.people[WHO].email
    starts = f"{stage.meeting.starts_at:%Y%m%dT%H%M%SZ}"
    answer = part(uid, answer="DECLINED", attendee=ruth, starts=starts)
    dovecot.put(mail(answer, sender=ruth).as_bytes())
    tasks.read_replies()

    given = MeetingAnswer.objects.values_list("person__name", "reply", "colleague")
    assert sorted(given) == [
        ("Nadia Ferreira", "delegated", "Tomás Akande"),
        ("Ruth Adeyemi", "declined", ""),
        ("Samira Okonkwo", "accepted", ""),
    ]
    words = stage.words(CHAIR, stage.place)
    assert "2 of 5 agencies will attend; 3 answered." in words
    assert "No answer yet: UNESCO and UNICEF" in words


def by_link(stage, text):
    """Answer as OHCHR, without a password: to open the link changes nothing."""
    [link] = set(re.findall(r"http://\S+/meetings/answer/by-link/\S+", text))
    outside = stage.chromium.new_page()
    outside.goto(link)
    assert not MeetingAnswer.objects.exists()
    stage.looks(outside, "meeting-answer")
    outside.get_by_label("I will attend").check()
    press(outside.get_by_role("button", name="Answer"))
    outside.context.close()


def from_the_desk(stage):
    """Send a colleague as UNFPA."""
    page = stage.see(UNFPA, "/desk/")
    press(page.get_by_role("link", name=re.compile("Say whether you will attend")).first)
    page.get_by_label("A colleague goes instead").check()
    page.locator("[name=colleague]").fill("Tomás Akande")
    press(page.get_by_role("button", name="Answer"))


def roll(stage):
    stage.move_to(stage.meeting.starts_at + 2 * HOUR)
    page = stage.see(CHAIR, f"{stage.place}roll/")
    stage.looks(page, "meeting-roll")
    press(page.get_by_role("button", name="Save the roll"))
    assert "2 of 5 members were represented." in stage.words(CHAIR, stage.place)
    claim = stage.see(UNICEF, stage.place)
    claim.locator("#claim summary").click()
    press(claim.get_by_role("button", name="I was there"))
    press(stage.see(CHAIR, f"{stage.place}roll/").get_by_role("button", name="Confirm").first)
    assert "3 of 5 members were represented." in stage.words(CHAIR, stage.place)


def write(stage, item, text, kind="information", owner="", due=""):
    """Write one paragraph under an agenda item, as the chair."""
    page = stage.see(CHAIR, f"{stage.place}minutes/")
    section = page.locator("section.section", has=page.get_by_role("heading", name=item))
    press(section.get_by_role("link", name="Write"))
    page.locator("[name=text]").fill(text)
    page.locator(f"[name=kind][value={kind}]").check()
    if owner:
        page.get_by_label(owner, exact=True).check()
        page.locator("[name=due_day]").fill(due)
    press(page.get_by_role("button", name="Add the paragraph"))
    return page


def minutes(stage):
    write(stage, "Remittances", "The chair reported on remittances.")
    write(stage, "Remittances", "The group decided to publish the report.", "decision")
    due = f"{(stage.at + 7 * DAY):%Y-%m-%d}"
    page = write(stage, "Next meeting", "Write to the host.", "action", UNFPA, due)
    stage.looks(page, "meeting-minutes-draft")
    assert "not circulated yet" in stage.words(OHCHR, f"{stage.place}minutes/")
    page = stage.see(CHAIR, f"{stage.place}minutes/")
    page.locator("[name=corrections_until]").fill(f"{(stage.at + 3 * DAY):%Y-%m-%dT%H:%M}")
    press(page.get_by_role("button", name="Circulate"))
    assert len(stage.post_mails()) == 5
    assert "Decision 2026/1" in stage.words(OHCHR, f"{stage.place}minutes/")


def propose(stage, acronym, paragraph, text):
    page = stage.see(acronym, f"{stage.place}minutes/")
    line = page.locator("li", has_text=paragraph).last
    press(line.get_by_role("link", name="Propose a correction"))
    page.locator("[name=text]").fill(text)
    press(page.get_by_role("button", name="Propose the correction"))


def two_corrections(stage):
    propose(stage, OHCHR, "The chair reported", "The chair and OHCHR reported on remittances.")
    propose(stage, UNFPA, "The chair reported", "The chair reported on fees.")
    page = stage.see(CHAIR, f"{stage.place}minutes/")
    stage.looks(page, "meeting-corrections")
    press(page.locator(".margin-note", has_text="OHCHR").get_by_role("button", name="Take"))
    note = page.locator(".margin-note", has_text="Nadia Ferreira")
    note.locator("[name=answer]").fill("Nobody spoke of fees.")
    press(note.get_by_role("button", name="Decline"))
    words = stage.words(UNFPA, f"{stage.place}minutes/")
    assert "1. The chair and OHCHR reported on remittances." in words
    assert "The chair: Nobody spoke of fees." in words
    told = stage.post_mails()
    assert sorted(told) == sorted(stage.people[each].email for each in (OHCHR, UNFPA))


def adoption(stage):
    stage.move_to(stage.at + 5 * DAY)
    page = stage.see(CHAIR, "/meetings/convene/")
    page.locator("[name=title]").fill("Working-level meeting 43")
    page.locator("[name=day]").fill(f"{stage.at - DAY:%Y-%m-%d}")
    press(page.get_by_role("button", name="Convene", exact=True))
    press(page.get_by_role("button", name="Record the meeting"))
    page = stage.see(CHAIR, f"{stage.place}minutes/")
    stage.looks(page, "meeting-adopt")
    press(page.get_by_role("button", name="Record the adoption"))
    assert Minutes.objects.get().state == "adopted"
    assert "Adopted at Working-level meeting 43" in stage.words(OHCHR, f"{stage.place}minutes/")


def an_action_settled_late(stage):
    item = ActionItem.objects.get()
    stage.move_to(stage.at + 9 * DAY)
    late = stage.post_mails()[stage.people[UNFPA].email]
    assert "Write to the host." in late["Subject"]
    page = stage.see(UNFPA, f"{stage.place}#action-{item.pk}")
    page.locator(f"#action-{item.pk} summary").click()
    page.locator(f"#state-{item.pk}").select_option("done")
    page.locator(f"#note-{item.pk}").fill("The letter went today.")
    press(page.locator(f"#action-{item.pk}").get_by_role("button", name="Keep"))
    register = stage.see(OHCHR, "/meetings/actions/?state=done")
    stage.looks(register, "meeting-actions")
    assert "The letter went today." in register.locator("main").inner_text()
    assert stage.post_mails() == {}


def test_the_whole_life_of_a_meeting(stage, dovecot):
    stage.settings.IMAP_URL = dovecot.url
    find_an_hour_and_convene(stage)
    mails = invitations_arrive(stage)
    three_kinds_of_answer(stage, mails, dovecot)
    roll(stage)
    minutes(stage)
    two_corrections(stage)
    adoption(stage)
    an_action_settled_late(stage)
