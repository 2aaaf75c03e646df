"""Minutes: write, circulate, adopt; corrigenda to adopted ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from coordination.core import history
from coordination.core.actions import create_with_history, refuse_far_day
from coordination.core.due import wake_on_commit
from coordination.core.permissions import On, require
from coordination.core.queries import day_in_group, group
from coordination.core.versions import claim
from coordination.meetings import queries
from coordination.meetings.actions import decisions, items
from coordination.meetings.actions import meetings as meeting_actions
from coordination.meetings.actions.records import refuse_agreed
from coordination.meetings.enums import (
    MINUTES_LIFE,
    CorrectionState,
    MeetingChange,
    MeetingState,
    MinutesState,
    ParagraphKind,
)
from coordination.meetings.errors import (
    MeetingOver,
    MinutesFixed,
    MinutesNotReady,
    NotBegun,
    ParagraphIncomplete,
)
from coordination.meetings.models import (
    AgendaItem,
    Corrigendum,
    Decision,
    Meeting,
    Minutes,
    MinutesCorrection,
    MinutesParagraph,
)
from coordination.members.models import Agency, Person

LONGEST_ACTION = 300  # the length of an action item's title
WITH_AGENCIES = (ParagraphKind.ACTION, ParagraphKind.ABSENT)


@dataclass(frozen=True, slots=True)
class ParagraphInput:
    """What somebody writes as one paragraph.

    `owners` are the agencies that act, or those that were not there for the agenda item. `due_day`
    counts for an action only.
    """

    text: str
    kind: str = ParagraphKind.INFORMATION
    owners: Sequence[Agency] = ()
    due_day: date | None = None


def refuse_incomplete(written: ParagraphInput, at: datetime) -> None:
    """Raise ParagraphIncomplete if the paragraph lacks what its kind needs, or FarFromToday."""
    if written.kind != ParagraphKind.ABSENT and not written.text.strip():
        raise ParagraphIncomplete(_("Write the paragraph."), field="text")
    if written.kind in WITH_AGENCIES and not written.owners:
        raise ParagraphIncomplete(_("Choose at least one agency."), field="owners")
    if written.kind != ParagraphKind.ACTION:
        return
    if written.due_day is None:
        raise ParagraphIncomplete(_("Say until which day."), field="due_day")
    refuse_long_action(written.kind, written.text)
    refuse_far_day(written.due_day, at=at, field="due_day")


def refuse_long_action(kind: str, text: str) -> None:
    """Raise ParagraphIncomplete if an action's text is too long.

    It must fit an action item.
    """
    if kind == ParagraphKind.ACTION and len(text) > LONGEST_ACTION:
        raise ParagraphIncomplete(
            _("An action has at most %(most)s characters. Put the rest into another paragraph.")
            % {"most": LONGEST_ACTION},
            field="text",
        )


def lock_meeting(meeting: Meeting) -> Meeting:
    """Return the meeting, locked: one person at a time changes its minutes."""
    return Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)


def lock_draft(meeting: Meeting, *, by: Person, at: datetime) -> Minutes | None:
    """Lock the meeting and return its draft minutes.

    `by` changes them. None before the first word. Raises MinutesFixed, MeetingOver, RecordAgreed,
    NotBegun, NotAllowed.
    """
    meeting = lock_meeting(meeting)
    require(by, "meetings.record_outcome", On(day_in_group(at), meeting))
    refuse_agreed(meeting)
    if meeting.state == MeetingState.CANCELLED:
        raise MeetingOver(_("This meeting was cancelled; it has no minutes."))
    if not meeting.begun(at):
        raise NotBegun(queries.not_begun_sentence(meeting, by.zone or group().zone), field="text")
    minutes = Minutes.objects.filter(meeting=meeting).first()
    if minutes and minutes.state != MinutesState.DRAFT:
        raise MinutesFixed(
            _("The minutes are circulated. They change only by corrections from now on.")
        )
    return minutes


def begin_minutes(meeting: Meeting, *, by: Person) -> Minutes:
    """Return new minutes of a locked meeting that has none."""
    minutes = Minutes(meeting=meeting)
    history.sign(minutes, by=by, reason=MeetingChange.MINUTES_BEGUN)
    minutes.save()
    return minutes


@transaction.atomic
def add_paragraph(
    meeting: Meeting,
    item: AgendaItem | None,
    written: ParagraphInput,
    *,
    by: Person,
    at: datetime,
) -> MinutesParagraph:
    """Add a paragraph at the end of an agenda item.

    Or of what belongs to no item. The first one begins the minutes. Raises ParagraphIncomplete,
    FarFromToday, MinutesFixed, MeetingOver, NotBegun, NotAllowed.
    """
    minutes = lock_draft(meeting, by=by, at=at) or begin_minutes(meeting, by=by)
    refuse_incomplete(written, at)
    highest = minutes.paragraphs.aggregate(highest=Max("position"))["highest"] or 0
    paragraph = MinutesParagraph(minutes=minutes, item=item, position=highest + 1)
    return write_paragraph(paragraph, written, MeetingChange.MINUTES_PARAGRAPH_WRITTEN, by=by)


def write_paragraph(
    paragraph: MinutesParagraph, written: ParagraphInput, reason: MeetingChange, *, by: Person
) -> MinutesParagraph:
    """Save a paragraph with what somebody wrote."""
    is_action = written.kind == ParagraphKind.ACTION
    paragraph.kind, paragraph.text = ParagraphKind(written.kind), written.text
    paragraph.due_day = written.due_day if is_action else None
    history.sign(paragraph, by=by, reason=reason)
    paragraph.save()
    paragraph.owners.set(written.owners if written.kind in WITH_AGENCIES else ())
    return paragraph


@transaction.atomic
def edit_paragraph(
    paragraph: MinutesParagraph,
    written: ParagraphInput,
    *,
    version: int,
    by: Person,
    at: datetime,
) -> MinutesParagraph:
    """Change a paragraph of a draft.

    Raises Stale, ParagraphIncomplete, FarFromToday, MinutesFixed, NotAllowed.
    """
    lock_draft(paragraph.minutes.meeting, by=by, at=at)
    paragraph = MinutesParagraph.objects.get(pk=paragraph.pk)
    refuse_incomplete(written, at)
    claim(paragraph, version)
    return write_paragraph(paragraph, written, MeetingChange.MINUTES_PARAGRAPH_CHANGED, by=by)


@transaction.atomic
def remove_paragraph(
    paragraph: MinutesParagraph, *, version: int, by: Person, at: datetime
) -> MinutesParagraph:
    """Take a paragraph out of a draft.

    It stays on record and can be restored. Raises Stale, MinutesFixed, NotAllowed.
    """
    return set_removed(paragraph, is_removed=True, version=version, by=by, at=at)


@transaction.atomic
def restore_paragraph(
    paragraph: MinutesParagraph, *, version: int, by: Person, at: datetime
) -> MinutesParagraph:
    """Put a removed paragraph back into a draft.

    Raises Stale, MinutesFixed, NotAllowed.
    """
    return set_removed(paragraph, is_removed=False, version=version, by=by, at=at)


def set_removed(
    paragraph: MinutesParagraph, *, is_removed: bool, version: int, by: Person, at: datetime
) -> MinutesParagraph:
    """Save whether a paragraph of a draft is removed."""
    lock_draft(paragraph.minutes.meeting, by=by, at=at)
    paragraph = MinutesParagraph.objects.get(pk=paragraph.pk)
    claim(paragraph, version)
    paragraph.is_removed = is_removed
    history.sign(
        paragraph,
        by=by,
        reason=MeetingChange.MINUTES_PARAGRAPH_REMOVED
        if is_removed
        else MeetingChange.MINUTES_PARAGRAPH_RESTORED,
    )
    paragraph.save(update_fields=["is_removed", "version"])
    return paragraph


@transaction.atomic
def move_paragraph(
    paragraph: MinutesParagraph, *, up: bool, version: int, by: Person, at: datetime
) -> MinutesParagraph:
    """Move a paragraph up or down within its agenda item.

    It changes places with the one before (`up`) or after it. The first does not move up, nor the
    last down. Raises Stale, MinutesFixed, NotAllowed.
    """
    lock_draft(paragraph.minutes.meeting, by=by, at=at)
    paragraph = MinutesParagraph.objects.get(pk=paragraph.pk)
    claim(paragraph, version)
    beside = MinutesParagraph.objects.filter(
        minutes=paragraph.minutes, item=paragraph.item, is_removed=False
    )
    other = (
        beside.filter(position__lt=paragraph.position).order_by("-position").first()
        if up
        else beside.filter(position__gt=paragraph.position).order_by("position").first()
    )
    if other is not None:
        paragraph.position, other.position = other.position, paragraph.position
        for moved in (paragraph, other):
            history.sign(moved, by=by, reason=MeetingChange.MINUTES_PARAGRAPH_MOVED)
        paragraph.save(update_fields=["position", "version"])
        other.save(update_fields=["position"])
    return paragraph


@transaction.atomic
def circulate_minutes(
    minutes: Minutes, corrections_until: datetime, *, version: int, by: Person, at: datetime
) -> Minutes:
    """Send a draft to all agencies for corrections.

    The meeting then counts as held. Its decisions enter the register, its actions become action
    items. Raises MinutesNotReady, FarFromToday, Stale, MinutesFixed, NotAllowed.
    """
    lock_draft(minutes.meeting, by=by, at=at)
    minutes = Minutes.objects.select_related("meeting").get(pk=minutes.pk)
    claim(minutes, version)
    if corrections_until <= at:
        raise MinutesNotReady(_("This moment has passed."), field="corrections_until")
    refuse_far_day(corrections_until.date(), at=at, field="corrections_until")
    paragraphs = list(
        minutes.paragraphs.filter(is_removed=False)
        .prefetch_related("owners")
        .order_by(F("item__position").asc(nulls_last=True), "position")
    )
    if not paragraphs:
        raise MinutesNotReady(_("Write at least one paragraph first."))
    minutes.state, minutes.circulated_at = MinutesState.CIRCULATED, at
    minutes.corrections_until = corrections_until
    history.sign(minutes, by=by, reason=MeetingChange.MINUTES_CIRCULATED)
    minutes.save(update_fields=["state", "circulated_at", "corrections_until", "version"])
    note_outcomes(minutes.meeting, paragraphs, by=by)
    meeting_actions.count_as_held(minutes.meeting, by=by, at=at)
    wake_on_commit()
    return minutes


def note_outcomes(meeting: Meeting, paragraphs: Sequence[MinutesParagraph], *, by: Person) -> None:
    """Register the decisions and action items of these paragraphs."""
    deciding = [paragraph for paragraph in paragraphs if paragraph.kind == ParagraphKind.DECISION]
    made = [
        Decision(meeting=meeting, number=number, text=paragraph.text, paragraph=paragraph)
        for number, paragraph in enumerate(deciding, decisions.next_number(meeting))
    ]
    for decision in made:
        history.sign(decision, by=by, reason=None)
    create_with_history(made)
    decisions.number_decisions(meeting, by=by)
    items.note_actions(
        meeting,
        [paragraph for paragraph in paragraphs if paragraph.kind == ParagraphKind.ACTION],
        by=by,
    )


@transaction.atomic
def adopt_minutes(
    minutes: Minutes, meeting: Meeting, *, version: int, by: Person, at: datetime
) -> Minutes:
    """Record that a later meeting adopted the minutes.

    `meeting` is that one. Adopted minutes never change. Raises MinutesNotReady, MinutesFixed,
    Stale, NotAllowed.
    """
    lock_meeting(minutes.meeting)
    minutes = Minutes.objects.select_related("meeting").get(pk=minutes.pk)
    require(by, "meetings.convene", On(day_in_group(at), minutes.meeting))
    if not MINUTES_LIFE.allows(minutes.state, MinutesState.ADOPTED):
        raise MinutesFixed(
            _("Draft minutes are circulated first.")
            if minutes.state == MinutesState.DRAFT
            else _("These minutes are adopted already.")
        )
    claim(minutes, version)
    if minutes.takes_corrections(at):
        raise MinutesNotReady(_("Agencies may still propose corrections."))
    open_corrections = MinutesCorrection.objects.filter(
        paragraph__minutes=minutes, state=CorrectionState.OPEN
    )
    if open_corrections.exists():
        raise MinutesNotReady(_("Decide the open corrections first."))
    if not meeting.begun(at) or meeting.starts_at <= minutes.meeting.starts_at:
        raise MinutesNotReady(_("Choose a later meeting that has begun."), field="meeting")
    minutes.state, minutes.adopted_at = MinutesState.ADOPTED, at
    minutes.adopted_by_meeting = meeting
    history.sign(minutes, by=by, reason=MeetingChange.MINUTES_ADOPTED)
    minutes.save(update_fields=["state", "adopted_at", "adopted_by_meeting", "version"])
    wake_on_commit()
    return minutes


@transaction.atomic
def issue_corrigendum(
    paragraph: MinutesParagraph, text: str, reason: str, *, by: Person, at: datetime
) -> Corrigendum:
    """Correct a paragraph of adopted minutes.

    The adopted text itself stays. Raises MinutesFixed, NotAllowed.
    """
    meeting = lock_meeting(paragraph.minutes.meeting)
    require(by, "meetings.convene", On(day_in_group(at), meeting))
    minutes = Minutes.objects.get(meeting=meeting)
    if minutes.state != MinutesState.ADOPTED:
        raise MinutesFixed(_("Only adopted minutes have corrigenda."))
    highest = minutes.corrigenda.aggregate(highest=Max("number"))["highest"] or 0
    corrigendum = Corrigendum(
        minutes=minutes,
        paragraph=paragraph,
        number=highest + 1,
        text=text,
        reason=reason,
        issued_at=at,
    )
    history.sign(corrigendum, by=by, reason=MeetingChange.CORRIGENDUM_ISSUED)
    corrigendum.save()
    wake_on_commit()
    return corrigendum
