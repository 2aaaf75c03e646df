"""The handovers of the demonstration: checklists, signatures, state of play, lessons."""

from datetime import datetime, timedelta
from typing import Any

from coordination.core.queries import group
from coordination.desk.actions.demo_story import Story, dated
from coordination.meetings import queries as meetings
from coordination.rotation.actions import handovers, lessons, signatures, state_of_play
from coordination.rotation.actions.lessons import LessonInput
from coordination.rotation.actions.state_of_play import (
    JudgementInput,
    MatterName,
    PlaceInput,
    PromiseInput,
)
from coordination.rotation.actions.texts import Writer
from coordination.rotation.enums import HandoverSide, ItemState, MatterKind
from coordination.rotation.models import ChairTerm, Handover, HandoverItem
from coordination.rotation.queries.handovers import terms_of
from coordination.rotation.queries.item_pages import asks_for_text
from coordination.statements.queries.statements import live_statements


def tell_past_handovers(story: Story) -> None:
    """Settle and sign each handover to a term that has begun.

    Each item is settled around its due day; the outgoing team wrote its texts by then.
    """
    for handover in Handover.objects.filter(
        incoming_term__first_day__lte=story.today
    ).select_related("incoming_term"):
        term = handover.incoming_term
        latest = datetime(term.first_day.year, term.first_day.month, 9, 15, tzinfo=story.at.tzinfo)
        terms = terms_of(handover, group())
        assert terms.outgoing  # a term of the record comes before the first of the story
        tell_past_texts(story, terms.outgoing)
        for item in handover.items.all():
            if asks_for_text(item):
                continue
            on_time = datetime(
                item.due_day.year, item.due_day.month, item.due_day.day, 10, tzinfo=story.at.tzinfo
            )
            moment = min(latest, max(story.begun, on_time))
            with dated(moment):
                speaker = story.speaker_of(terms.answering(item.side, moment.date()))
                handovers.mark_item(
                    item, ItemState.DONE, note="", version=item.version, by=speaker, at=moment
                )
        for side in HandoverSide:
            with dated(latest):
                signatures.sign_handover(
                    handover,
                    side,
                    by=story.speaker_of(terms.answering(side, latest.date())),
                    at=latest,
                )


def tell_past_texts(story: Story, term: ChairTerm) -> None:
    """Write the summary and lessons of a past term.

    They are written in its last days. Nobody of a term from before the story began writes with the
    app.
    """
    last = term.last_day - timedelta(days=14)
    moment = max(story.begun, datetime(last.year, last.month, last.day, 10, tzinfo=story.at.tzinfo))
    writer = Writer(term, story.speaker_of(term), moment)
    state = story.data["state_of_play"]
    with dated(moment):
        state_of_play.write_summary(writer, state["earlier_summary"], version=0)
        for kind, text in state["earlier_lessons"].items():
            lessons.write_lesson(writer, LessonInput(kind, text))


def tell_handover(story: Story) -> None:
    """Do half of the handover.

    The rest is late.
    """
    for days, item in enumerate(coming_handover(story).items.order_by("-due_day"), 3):
        speaker = story.speaker(
            story.data["chair"] if item.side == "outgoing" else story.data["incoming"]
        )
        tell_item(story, item, speaker, story.ago(days=days))


def coming_handover(story: Story) -> Handover:
    """Return the handover to the next chair."""
    incoming = ChairTerm.objects.get(
        agencies__acronym=story.data["incoming"], first_day__gt=story.today
    )
    return Handover.objects.get(incoming_term=incoming)


def tell_item(story: Story, item: HandoverItem, speaker: Any, moment: datetime) -> None:
    """Settle one item as the story tells, if it does."""
    note = story.data["not_applicable"].get(item.key, "")
    if note or (item.key in story.data["done"] and not asks_for_text(item)):
        state = ItemState.NOT_APPLICABLE if note else ItemState.DONE
        with dated(moment):
            handovers.mark_item(item, state, note=note, version=item.version, by=speaker, at=moment)


def tell_state_of_play(story: Story) -> None:
    """Write the present chair's state of play and two lessons."""
    state, moment = story.data["state_of_play"], story.ago(days=4)
    term = terms_of(coming_handover(story), group()).outgoing
    assert term, "the story has a chair before the next one"
    writer = Writer(term, story.speaker_of(term), moment)
    with dated(moment):
        state_of_play.write_summary(writer, state["summary"], version=0)
        tell_judgements(writer, MatterKind.STATEMENT, live_statements(), state["statements"])
        tell_judgements(writer, MatterKind.ACTION, meetings.open_items(), state["actions"])
        for what, to_whom, days in state["promises"]:
            due = story.today + timedelta(days=days) if days else None
            state_of_play.add_promise(writer, PromiseInput(what, to_whom, due))
        for what, where, who, holder in state["places"]:
            agency = story.agencies[story.data[who]]
            state_of_play.add_place(writer, PlaceInput(what, where, agency, holder))
        for kind, texts in state["lessons"].items():
            for text in texts:
                lessons.write_lesson(writer, LessonInput(kind, text))


def tell_judgements(writer: Writer, kind: MatterKind, rows: Any, lines: Any) -> None:
    """Judge the first matters of a kind, one line each."""
    for row, line in zip(rows, lines, strict=False):
        matter = MatterName(kind, f"{row.pk}")
        state_of_play.judge(writer, matter, JudgementInput(*line), version=0)
