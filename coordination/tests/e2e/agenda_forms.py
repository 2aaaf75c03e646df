"""What tests send to forms of meetings to come, their agendas and papers, and their things."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.urls import reverse

from coordination.meetings import queries
from coordination.meetings.actions import agenda, meetings, papers, polls, proposals, series
from coordination.meetings.actions.agenda import AgendaEntry
from coordination.meetings.actions.papers import PaperInput
from coordination.meetings.actions.polls import PollInput
from coordination.meetings.actions.proposals import ProposedItem
from coordination.meetings.actions.series import Repetition
from coordination.meetings.models import AgendaItem, Meeting, MeetingDocument
from coordination.meetings.queries import invitations
from coordination.meetings.queries.polls import PollLink
from coordination.meetings.tests.factories import AttendanceClaimFactory
from coordination.members.models import Agency, Person
from coordination.tests.cast import NOW

LINK = "https://example.org/paper"
SERIES_NAMES = ("series", "series_calendar", "change_series", "extend_series", "end_series")
PROPOSAL_NAMES = ("proposal", "accept_proposal", "decline_proposal", "withdraw_proposal")
ITEM_NAMES = ("agenda_item", "item_up", "item_down", "remove_agenda_item", "add_item_paper")
AGENDA_NAMES = ("agenda", "add_agenda_item", "take_arising", "add_paper")
MEETING = {
    "title": "Retreat",
    "kind": "working_level",
    "day": "2026-12-01",
    "begins": "10:00",
    "agenda": "One",
}
SERIES = MEETING | {"repeats": "weekly", "times": "3", "hour_reason": "The only one."}


def coming_meeting() -> Meeting:
    return Meeting.objects.create(
        title="To come",
        slug="to-come",
        starts_at=NOW + timedelta(days=20),
        time_zone="Europe/Paris",
    )


def adding_item() -> str:
    return reverse("meetings:add_agenda_item", args=[coming_meeting().slug])


def adding_paper() -> str:
    return reverse("meetings:add_paper", args=[coming_meeting().slug])


def adding_to_item() -> str:
    item = AgendaItem.objects.create(meeting=coming_meeting(), title="The draft")
    return reverse("meetings:add_item_paper", args=[item.meeting.slug, item.pk])


def renewing() -> str:
    paper = MeetingDocument.objects.create(meeting=coming_meeting(), title="Paper", link=LINK)
    return reverse("meetings:renew_paper", args=[paper.meeting.slug, paper.pk])


def proposed() -> dict[str, object]:
    return {"agency": Agency.objects.get(acronym="UNFPA").pk, "title": "Data on remittances"}


def asking() -> str:
    return f"{reverse('meetings:open_poll')}?slots=2026-12-02T14:00&minutes=60"


def adding_action() -> str:
    return reverse("meetings:add_item", args=[coming_meeting().slug])


def action() -> dict[str, object]:
    return {"title": "A paper", "agency": proposed()["agency"], "due_day": "2026-12-24"}


POLL = {"title": "Retreat", "closes_at": "2026-11-27T18:00"}

# by name of the address: who sends it, where its page is, what a person types
FORMS: dict[str, tuple[str, Callable[[], str], Callable[[], dict[str, object]]]] = {
    "meetings:add_agenda_item": ("chair", adding_item, lambda: {"title": "The draft"}),
    "meetings:add_item_paper": ("chair", adding_to_item, lambda: {"title": "P", "link": LINK}),
    "meetings:add_paper": ("chair", adding_paper, lambda: {"title": "P", "link": LINK}),
    "meetings:renew_paper": ("chair", renewing, lambda: {"title": "P 2", "link": LINK}),
    "meetings:add_item": ("chair", adding_action, action),
    "meetings:open_poll": ("chair", asking, lambda: POLL),
    "meetings:propose": ("focal_point", lambda: reverse("meetings:propose"), proposed),
}


def things_of_agendas(
    agency: Agency, focal_point: Person, chair: Person, at: datetime
) -> dict[str, dict[str, object]]:
    """Return the parameters of a series, a proposal, and an agenda item with a paper."""
    meeting = queries.upcoming(at).filter(starts_at__gt=at).first()
    first = meetings.MeetingDetails(
        "Series", "event", at + timedelta(days=20), None, "UTC", hour_reason="The only one."
    )
    made = series.convene_series(first, Repetition("weekly", times=2), by=chair, at=at)
    proposal = proposals.propose(ProposedItem("Data"), agency, by=focal_point, at=at)
    item = agenda.add_agenda_item(meeting, AgendaEntry("Item", lead=agency), by=chair, at=at)
    paper = PaperInput("Paper", link="https://example.org/paper")
    document = papers.add_paper(meeting, paper, by=chair, at=at, item=item)
    of_item = {"slug": meeting.slug, "pk": item.pk}
    pin = {"slug": meeting.slug, "pk": item.pins.get().pk}
    by_names = (
        (SERIES_NAMES, {"pk": made.pk}),
        (PROPOSAL_NAMES, {"pk": proposal.pk}),
        (ITEM_NAMES, of_item),
        (AGENDA_NAMES, {"slug": meeting.slug}),
    )
    return {
        **things_of_invitations(focal_point, at),
        **things_of_polls(agency, focal_point, chair, at),
        **{f"meetings:{name}": values for names, values in by_names for name in names},
        "meetings:renew_paper": {"slug": meeting.slug, "pk": document.pk},
        "meetings:unpin_paper": pin,
        "meetings:take_newer": pin | {"version": document.pk},
    }


def things_of_invitations(person: Person, at: datetime) -> dict[str, dict[str, object]]:
    """Return the parameters of a meeting to come, to which a person is invited."""
    meeting = queries.upcoming(at).filter(starts_at__gt=at).first()
    token = invitations.answer_token(meeting, person.pk)
    return {
        "meetings:answer": {"slug": meeting.slug},
        "meetings:answer_by_link": {"token": token},
        "meetings:settle_claim": {
            "slug": meeting.slug,
            "pk": AttendanceClaimFactory(meeting=meeting, person=person).pk,
        },
    }


def things_of_polls(
    agency: Agency, focal_point: Person, chair: Person, at: datetime
) -> dict[str, dict[str, object]]:
    """Return the parameters of the addresses of a poll that is open."""
    first = at + timedelta(days=9)
    poll = polls.open_poll(
        PollInput("Meeting 43", 60, [first], at + timedelta(days=4)), by=chair, at=at
    )
    link = PollLink(poll.pk, focal_point.pk, agency.pk)
    return {
        "meetings:poll": {"pk": poll.pk},
        "meetings:close_poll": {"pk": poll.pk},
        "meetings:answer_poll": {"pk": poll.pk, "slug": agency.slug},
        "meetings:answer_poll_by_link": {"token": link.token},
    }
