"""Corrections of circulated minutes: agencies propose them, the chair decides."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from coordination.core import history
from coordination.core.actions import update_with_history
from coordination.core.due import wake_on_commit
from coordination.core.permissions import On, require
from coordination.core.queries import day_in_group
from coordination.core.versions import claim
from coordination.meetings.actions import items
from coordination.meetings.actions.minutes import lock_meeting, refuse_long_action
from coordination.meetings.actions.records import refuse_agreed
from coordination.meetings.enums import (
    CORRECTION_LIFE,
    CorrectionKind,
    CorrectionState,
    MeetingChange,
    MinutesState,
    ParagraphKind,
)
from coordination.meetings.errors import CorrectionSettled, ParagraphIncomplete
from coordination.meetings.models import (
    Decision,
    MinutesCorrection,
    MinutesParagraph,
)
from coordination.meetings.queries import minutes as minutes_queries
from coordination.members.models import Agency, Person


@dataclass(frozen=True, slots=True)
class ProposedCorrection:
    """An agency's proposal to correct a paragraph.

    To remove the paragraph needs no text.
    """

    kind: str
    text: str
    reason: str = ""


@transaction.atomic
def propose_correction(
    paragraph: MinutesParagraph,
    agency: Agency,
    proposed: ProposedCorrection,
    *,
    by: Person,
    at: datetime,
) -> MinutesCorrection:
    """Propose a correction for an agency.

    Raises CorrectionSettled once no corrections are taken, ParagraphIncomplete, NotAllowed.
    """
    lock_meeting(paragraph.minutes.meeting)
    paragraph = MinutesParagraph.objects.select_related("minutes").get(pk=paragraph.pk)
    require(by, "members.act_for", On(day_in_group(at), agency))
    if not paragraph.minutes.takes_corrections(at) or paragraph.is_removed:
        raise CorrectionSettled(_("The time for corrections of these minutes is over."))
    is_removal = proposed.kind == CorrectionKind.REMOVE
    text = "" if is_removal else proposed.text
    if not is_removal and not text:
        raise ParagraphIncomplete(_("Write the text that you propose."), field="text")
    if proposed.kind == CorrectionKind.CHANGE and text == paragraph.text:
        raise ParagraphIncomplete(_("This is the present text. Change it first."), field="text")
    if proposed.kind == CorrectionKind.CHANGE:
        refuse_long_action(paragraph.kind, text)
    correction = MinutesCorrection(
        paragraph=paragraph,
        agency=agency,
        author=by,
        kind=CorrectionKind(proposed.kind),
        base=paragraph.text,
        text=text,
        reason=proposed.reason,
        proposed_at=at,
    )
    history.sign(correction, by=by, reason=MeetingChange.MINUTES_CORRECTION_PROPOSED)
    correction.save()
    wake_on_commit()
    return correction


def lock_open(correction: MinutesCorrection) -> MinutesCorrection:
    """Return the correction with its paragraph, locked with its meeting.

    Raises CorrectionSettled if it is decided or withdrawn.
    """
    lock_meeting(correction.paragraph.minutes.meeting)
    correction = MinutesCorrection.objects.select_related(
        "agency", "paragraph__minutes__meeting"
    ).get(pk=correction.pk)
    if not CORRECTION_LIFE.allows(correction.state, CorrectionState.TAKEN):
        raise CorrectionSettled(
            _("This correction is settled: %(state)s.") % {"state": correction.get_state_display()}
        )
    return correction


@transaction.atomic
def withdraw_correction(
    correction: MinutesCorrection, *, by: Person, at: datetime
) -> MinutesCorrection:
    """Withdraw an open correction of one's own agency.

    Raises CorrectionSettled, NotAllowed.
    """
    correction = lock_open(correction)
    require(by, "members.act_for", On(day_in_group(at), correction.agency))
    correction.state = CorrectionState.WITHDRAWN
    return settle(correction, MeetingChange.MINUTES_CORRECTION_WITHDRAWN, by=by, at=at)


@transaction.atomic
def decline_correction(
    correction: MinutesCorrection, answer: str, *, by: Person, at: datetime
) -> MinutesCorrection:
    """Decline an open correction.

    `answer` tells the agency why. Raises ParagraphIncomplete without an answer, CorrectionSettled,
    NotAllowed.
    """
    correction = lock_open(correction)
    require_deciding(correction, by, at)
    if not answer.strip():
        raise ParagraphIncomplete(_("Tell the agency why."), field="answer")
    correction.state, correction.answer = CorrectionState.DECLINED, answer
    return settle(correction, MeetingChange.MINUTES_CORRECTION_DECLINED, by=by, at=at)


@transaction.atomic
def take_correction(
    correction: MinutesCorrection,
    text: str,
    answer: str = "",
    *,
    version: int,
    by: Person,
    at: datetime,
) -> MinutesCorrection:
    """Take an open correction.

    `text` is the new text of the paragraph, or that of the added one. It counts as adapted if
    `text` differs from what the correction gives (see `minutes_queries.corrected_text`). `version`
    is that of the paragraph as the chair saw it. Raises Stale with the paragraph if it was changed
    since, ParagraphIncomplete, CorrectionSettled, NotAllowed.
    """
    correction = lock_open(correction)
    require_deciding(correction, by, at)
    paragraph = correction.paragraph
    is_removal = correction.kind == CorrectionKind.REMOVE
    if not is_removal and not text.strip():
        raise ParagraphIncomplete(_("Write how the paragraph shall read."), field="text")
    if correction.kind == CorrectionKind.CHANGE:
        refuse_long_action(paragraph.kind, text)
    if paragraph.is_removed:
        raise CorrectionSettled(_("The paragraph was removed by another correction. Decline this."))
    claim(paragraph, version)
    expected = minutes_queries.corrected_text(correction, paragraph.text)
    correction.answer = answer
    change_paragraph(correction, paragraph, text, by=by, at=at)
    if is_removal or text == expected:
        correction.state = CorrectionState.TAKEN
        return settle(correction, MeetingChange.MINUTES_CORRECTION_TAKEN, by=by, at=at)
    correction.state = CorrectionState.ADAPTED
    return settle(correction, MeetingChange.MINUTES_CORRECTION_ADAPTED, by=by, at=at)


def require_deciding(correction: MinutesCorrection, by: Person, at: datetime) -> None:
    """Raise NotAllowed unless `by` keeps the minutes, CorrectionSettled once they are adopted."""
    minutes = correction.paragraph.minutes
    require(by, "meetings.record_outcome", On(day_in_group(at), minutes.meeting))
    refuse_agreed(minutes.meeting)
    if minutes.state != MinutesState.CIRCULATED:
        raise CorrectionSettled(_("These minutes are adopted."))


def settle(
    correction: MinutesCorrection, reason: MeetingChange, *, by: Person, at: datetime
) -> MinutesCorrection:
    """Save what became of a correction."""
    correction.decided_at = at
    history.sign(correction, by=by, reason=reason)
    correction.save(update_fields=["state", "decided_at", "answer"])
    wake_on_commit()
    return correction


def change_paragraph(
    correction: MinutesCorrection,
    paragraph: MinutesParagraph,
    text: str,
    *,
    by: Person,
    at: datetime,
) -> None:
    """Do to the minutes what a correction that is taken asks for."""
    if correction.kind == CorrectionKind.ADD:
        insert_after(paragraph, text, by=by)
        return
    if correction.kind == CorrectionKind.REMOVE:
        paragraph.is_removed = True
    else:
        paragraph.text = text
    history.sign(paragraph, by=by, reason=MeetingChange.MINUTES_PARAGRAPH_CORRECTED)
    paragraph.save(update_fields=["text", "is_removed", "version"])
    follow(paragraph, by=by, at=at)


def insert_after(paragraph: MinutesParagraph, text: str, *, by: Person) -> MinutesParagraph:
    """Insert a paragraph of information after another.

    The later ones move on by one.
    """
    later = list(
        MinutesParagraph.objects.filter(
            minutes=paragraph.minutes, position__gt=paragraph.position
        ).order_by("-position")
    )
    for moved in later:
        moved.position += 1
        history.sign(moved, by=by, reason=MeetingChange.MINUTES_PARAGRAPH_MOVED)
    update_with_history(later, ["position"])
    added = MinutesParagraph(
        minutes=paragraph.minutes,
        item=paragraph.item,
        position=paragraph.position + 1,
        kind=ParagraphKind.INFORMATION,
        text=text,
    )
    history.sign(added, by=by, reason=MeetingChange.MINUTES_PARAGRAPH_CORRECTED)
    added.save()
    return added


def follow(paragraph: MinutesParagraph, *, by: Person, at: datetime) -> None:
    """Update the decision and action items of a corrected paragraph.

    A decision keeps its number even when its paragraph is removed.
    """
    decision = Decision.objects.filter(paragraph=paragraph).first()
    if decision:
        decision.text, decision.is_withdrawn = paragraph.text, paragraph.is_removed
        history.sign(decision, by=by, reason=MeetingChange.DECISION_CORRECTED)
        decision.save(update_fields=["text", "is_withdrawn"])
    items.follow_paragraph(paragraph, by=by, at=at)
