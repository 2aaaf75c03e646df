"""What a test sends to the forms of series, agendas, papers and proposals, and their things."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.urls import reverse

from coordination.meetings import queries
from coordination.meetings.actions import agenda, meetings, papers, proposals, series
from coordination.meetings.actions.agenda import AgendaEntry
from coordination.meetings.actions.papers import PaperInput
from coordination.meetings.actions.proposals import ProposedItem
from coordination.meetings.actions.series import Repetition
from coordination.meetings.models import AgendaItem, Meeting, MeetingDocument
from coordination.members.models import Agency, Person
from coordination.tests.cast import NOW

LINK = "https://example.org/paper"
SERIES_NAMES = ("series", "series_calendar", "change_series", "extend_series", "end_series")
PROPOSAL_NAMES = ("proposal", "accept_proposal", "decline_proposal", "withdraw_proposal")
ITEM_NAMES = ("agenda_item", "item_up", "item_down", "remove_agenda_item", "add_item_paper")
AGENDA_NAMES = ("agenda", "add_agenda_item", "take_arising", "add_paper")
SERIES = {
    "title": "Retreat",
    "kind": "working_level",
    "day": "2026-12-01",
    "begins": "10:00",
    "repeats": "weekly",
    "times": "3",
    "hour_reason": "The only one.",
}


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


# by name of the address: who sends it, where its page is, what a person types
FORMS: dict[str, tuple[str, Callable[[], str], Callable[[], dict[str, object]]]] = {
    "meetings:add_agenda_item": ("chair", adding_item, lambda: {"title": "The draft"}),
    "meetings:add_item_paper": ("chair", adding_to_item, lambda: {"title": "P", "link": LINK}),
    "meetings:add_paper": ("chair", adding_paper, lambda: {"title": "P", "link": LINK}),
    "meetings:renew_paper": ("chair", renewing, lambda: {"title": "P 2", "link": LINK}),
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
        **{f"meetings:{name}": values for names, values in by_names for name in names},
        "meetings:renew_paper": {"slug": meeting.slug, "pk": document.pk},
        "meetings:unpin_paper": pin,
        "meetings:take_newer": pin | {"version": document.pk},
    }
