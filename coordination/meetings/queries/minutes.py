"""Minutes by agenda item, with corrections and due steps."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coordination.core import history
from coordination.core.history import HistoryEntry
from coordination.core.next_steps import NextStep, Scope
from coordination.meetings.enums import CorrectionKind, CorrectionState, MeetingState, MinutesState
from coordination.meetings.models import (
    ActionItem,
    AgendaItem,
    Corrigendum,
    Decision,
    Meeting,
    Minutes,
    MinutesCorrection,
    MinutesParagraph,
)
from coordination.textkit import diffs, hunks, rebasing, segmentation
from coordination.textkit.segmentation import Segment

# for so long after a meeting the chair is asked for its minutes
WRITTEN_WITHIN = timedelta(days=30)
# how long agencies usually have for corrections
USUAL_TIME = timedelta(days=10)


@dataclass(frozen=True, slots=True)
class CorrectionLine:
    """A correction with the words that it changes.

    `result` is the paragraph as the correction makes it; None where it changes words that were
    changed since it was proposed, so that a person must write the text.
    """

    correction: MinutesCorrection
    segments: tuple[Segment, ...]
    result: str | None

    @property
    def is_open(self) -> bool:
        """Return whether the chair has still to decide."""
        return self.correction.state == CorrectionState.OPEN


@dataclass(frozen=True, slots=True)
class MinutesLine:
    """A paragraph with its number, its corrections and what came of it."""

    number: int
    paragraph: MinutesParagraph
    corrections: tuple[CorrectionLine, ...]

    @property
    def decision(self) -> Decision | None:
        """Return the decision that it recorded, if any."""
        return getattr(self.paragraph, "decision", None)


@dataclass(frozen=True, slots=True)
class MinutesSection:
    """The paragraphs of one agenda item.

    `item` is None for what belongs to no item.
    """

    item: AgendaItem | None
    lines: tuple[MinutesLine, ...]

    @property
    def key(self) -> int:
        """Return the key of the agenda item, 0 for none."""
        return self.item.pk if self.item else 0


@dataclass(frozen=True, slots=True)
class MinutesPage:
    """The minutes of a meeting.

    `minutes` is None before the first word is written.
    """

    minutes: Minutes | None
    sections: tuple[MinutesSection, ...]
    removed: tuple[MinutesParagraph, ...]
    corrigenda: tuple[Corrigendum, ...]

    @property
    def open_corrections(self) -> int:
        """Return how many corrections the chair has still to decide."""
        lines = [line for section in self.sections for line in section.lines]
        return sum(each.is_open for line in lines for each in line.corrections)

    @property
    def is_empty(self) -> bool:
        """Return whether nothing is written."""
        return not any(section.lines for section in self.sections)


def corrected_text(correction: MinutesCorrection, now: str) -> str | None:
    """Return a paragraph with a correction applied. Pure.

    The paragraph may be a new one. `now` is the present text of the paragraph. None where the
    correction touches words that were changed since it was proposed (`textkit.rebasing`).
    """
    if correction.kind != CorrectionKind.CHANGE:
        return correction.text
    changed = diffs.diff(correction.base, correction.text)
    rebased = rebasing.rebase(changed, correction.base, now)
    return hunks.apply(now, rebased.hunks) if rebased.certain else None


def correction_line(correction: MinutesCorrection, paragraph: MinutesParagraph) -> CorrectionLine:
    """Return a correction as the page shows it. Pure."""
    is_open = correction.state == CorrectionState.OPEN
    result = corrected_text(correction, paragraph.text) if is_open else None
    if correction.kind == CorrectionKind.ADD:
        pair = "", correction.text
    elif result is not None:
        pair = paragraph.text, result
    else:
        pair = correction.base, correction.text
    return CorrectionLine(correction, segmentation.segments(*pair), result)


def minutes_page(meeting: Meeting) -> MinutesPage:
    """Return the minutes of a meeting under its agenda.

    Seven queries. The agenda of `meeting` is loaded.
    """
    minutes = Minutes.objects.filter(meeting=meeting).select_related("adopted_by_meeting").first()
    paragraphs = list(paragraphs_of(minutes)) if minutes else []
    agenda = list(meeting.agenda.all())
    sections: list[MinutesSection] = []
    number = 0
    for item in (*agenda, None):
        lines = []
        for paragraph in paragraphs:
            if paragraph.is_removed or paragraph.item_id != (item and item.pk):
                continue
            number += 1
            corrections = [correction_line(each, paragraph) for each in paragraph.corrections.all()]
            lines.append(MinutesLine(number, paragraph, tuple(corrections)))
        sections.append(MinutesSection(item, tuple(lines)))
    return MinutesPage(
        minutes,
        tuple(sections),
        tuple(paragraph for paragraph in paragraphs if paragraph.is_removed),
        tuple(minutes.corrigenda.select_related("paragraph")) if minutes else (),
    )


def paragraphs_of(minutes: Minutes) -> QuerySet[MinutesParagraph]:
    """Return the paragraphs of minutes for their page.

    With all that is shown of them. Four queries.
    """
    return minutes.paragraphs.select_related("decision").prefetch_related(
        "owners",
        Prefetch("action_items", ActionItem.objects.select_related("agency").order_by("number")),
        Prefetch("corrections", MinutesCorrection.objects.select_related("agency", "author")),
    )


def minutes_changes(meeting: Meeting) -> list[HistoryEntry]:
    """Return the newest changes of a meeting's minutes, newest first.

    Four queries.
    """
    of_paragraphs = MinutesParagraph.objects.filter(minutes__meeting=meeting).values("pk")
    parts: list[tuple[Any, Q, str]] = [
        (Minutes, Q(meeting_id=meeting.pk), ""),
        (MinutesParagraph, Q(minutes__meeting_id=meeting.pk), _("paragraph")),
        (MinutesCorrection, Q(paragraph_id__in=of_paragraphs), _("correction")),
        (Corrigendum, Q(minutes__meeting_id=meeting.pk), _("corrigendum")),
    ]
    return history.newest_first(
        *(
            history.entries(
                model.history.filter(condition),
                name=partial(constant, name),
                known=("meeting", "minutes", "paragraph", "version", "base"),
            )
            for model, condition, name in parts
        )
    )


def constant(name: str, _record: Any) -> str:
    """Return the name of any record of one kind."""
    return name


def usual_deadline(at: datetime, zone: Any, work_ends: Any) -> datetime:
    """Return the usual deadline for corrections: 18:00 of the group. Pure.

    The form begins with it.
    """
    day = (at + USUAL_TIME).astimezone(zone).date()
    return datetime.combine(day, work_ends, tzinfo=zone)


def meetings_that_may_adopt(meeting: Meeting, at: datetime) -> QuerySet[Meeting]:
    """Return the later meetings that have begun, the next after `meeting` first."""
    return (
        Meeting.objects.filter(starts_at__gt=meeting.starts_at, starts_at__lte=at)
        .exclude(state=MeetingState.CANCELLED)
        .order_by("starts_at", "pk")
    )


def waiting(at: datetime) -> list[Meeting]:
    """Return the meetings whose minutes are not adopted.

    The oldest first. One query. Those without minutes and without an outcome count for 30 days
    after they began. Each has its `minutes`, or none, `open_corrections`, and `may_be_adopted`: a
    later meeting has begun.
    """
    later = Meeting.objects.filter(starts_at__gt=OuterRef("starts_at"), starts_at__lte=at).exclude(
        state=MeetingState.CANCELLED
    )
    unwritten = Q(
        minutes__isnull=True, outcome="", starts_at__lte=at, starts_at__gt=at - WRITTEN_WITHIN
    )
    unadopted = Q(minutes__state__in=[MinutesState.DRAFT, MinutesState.CIRCULATED])
    return list(
        Meeting.objects.filter(unwritten | unadopted)
        .exclude(state=MeetingState.CANCELLED)
        .select_related("minutes")
        .annotate(
            open_corrections=Count(
                "minutes__paragraphs__corrections",
                filter=Q(minutes__paragraphs__corrections__state=CorrectionState.OPEN),
            ),
            may_be_adopted=Exists(later),
        )
        .order_by("starts_at", "pk")
    )


def minutes_steps(at: datetime) -> list[NextStep]:
    """Return what the chair is to do with minutes.

    One query.
    """
    return [step for meeting in waiting(at) if (step := chair_step(meeting, at))]


def chair_step(meeting: Any, at: datetime) -> NextStep | None:
    """Return the chair's next step with a meeting's minutes. Pure.

    The meeting is one of `waiting`.
    """
    minutes: Minutes | None = getattr(meeting, "minutes", None)
    if minutes is None:
        why, verb = _("The meeting has no minutes yet"), _("Write the minutes")
    elif minutes.state == MinutesState.DRAFT:
        why, verb = _("The minutes are a draft"), _("Finish the minutes")
    elif meeting.open_corrections:
        count = meeting.open_corrections
        why = ngettext("%(n)d correction is open", "%(n)d corrections are open", count) % {
            "n": count
        }
        verb = _("Decide the corrections")
    elif minutes.takes_corrections(at) or not meeting.may_be_adopted:
        return None
    else:
        why, verb = _("No correction is open"), _("Record that the minutes are adopted")
    return NextStep(
        kind="meetings.minutes",
        what=meeting.title,
        why=why,
        verb=verb,
        scope=Scope.CHAIR,
        url_name="meetings:minutes",
        url_args=(meeting.slug,),
    )
