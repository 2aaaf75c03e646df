"""Comments on paragraphs and amendments, in threads."""

import itertools
import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Value, Window
from django.db.models.functions import Coalesce, RowNumber
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from coordination.core.next_steps import NextStep, Scope
from coordination.members.models import Agency, Person
from coordination.members.queries import agencies
from coordination.statements.enums import LIVE_STATES
from coordination.statements.models import Block, Comment, DismissedMention, Statement
from coordination.statements.queries import labels
from coordination.statements.queries.block_views import BlockView, Note


@dataclass(frozen=True, slots=True)
class Thread:
    """The comments on a paragraph or an amendment, oldest first.

    `note` is the amendment, None for the paragraph itself. `earlier` is the number of comments that
    were not loaded. A `past` thread is closed: the amendment was withdrawn or is to an older draft,
    or the paragraph is gone (`removed`).
    """

    view: BlockView
    note: Note | None
    comments: tuple[Comment, ...]
    earlier: int = 0
    past: bool = False
    removed: bool = False

    @property
    def anchor(self) -> str:
        """Return the anchor of the thread: "b3", or "a7" for an amendment."""
        return f"a{self.note.amendment.pk}" if self.note else self.view.block.key

    @property
    def place(self) -> str:
        """Return where the thread is about the text: the amendment, else its paragraph."""
        return self.view.block.key if self.past else self.anchor

    @property
    def title(self) -> str:
        """Return the heading of the thread.

        For instance "OP 1", "OP 1: amendment 2, WHO" or "OP 1: amendment 2 to draft 1, WHO
        (withdrawn)".
        """
        label = self.view.label or str(self.view.block.get_kind_display())
        if self.removed:
            label = _("%(label)s of draft %(n)d") % {
                "label": label,
                "n": self.view.block.draft.number,
            }
        if self.note is None:
            return label
        amendment = self.note.amendment
        params = {"label": label, "n": self.note.number, "agency": amendment.agency.acronym}
        if not self.past:
            return _("%(label)s: amendment %(n)d, %(agency)s") % params
        params |= {"draft": amendment.block.draft.number, "state": amendment.get_state_display()}
        return _("%(label)s: amendment %(n)d to draft %(draft)d, %(agency)s (%(state)s)") % params


def mentioned_agencies(text: str, day: date) -> list[Agency]:
    """Return the members on `day` that a text mentions: "@WHO", "@UN Women".

    Case does not matter, and an e-mail address mentions nobody. One query if there is an "@".
    """
    # most comments mention nobody, and need no query
    if "@" not in text:
        return []
    folded_text = text.casefold()
    return [
        agency
        for agency in agencies.members_on(day)
        if re.search(rf"(?<!\w)@{re.escape(agency.acronym.casefold())}(?!\w)", folded_text)
    ]


def comments_made(person: Person, since: datetime) -> QuerySet[Comment, tuple[datetime, int]]:
    """Return (moment, 1) for each comment of a person after `since`.

    Withdrawn comments count too.
    """
    return Comment.objects.filter(author=person, said_at__gt=since).values_list("said_at", Value(1))


def mentions_made(person: Person, since: datetime) -> QuerySet[Comment, tuple[datetime, int]]:
    """Return (moment, number of mentions) for a person's comments after `since`."""
    mentioning = Comment.objects.filter(author=person, said_at__gt=since, mentions__isnull=False)
    return (
        mentioning.order_by("said_at", "pk")
        .annotate(number=Count("mentions"))
        .values_list("said_at", "number")
    )


def open_mentions(agencies: Iterable[Agency]) -> list[Any]:
    """Return agencies' unanswered mentions in open statements, oldest first.

    One waits until the agency says something later in the same thread, or dismisses it. Each has
    its `agency` and its `comment` with statement and author. One query.
    """
    # of a thread on a paragraph the amendment is null, and null equals nothing
    answers = Comment.objects.annotate(about=Coalesce("amendment_id", 0)).filter(
        statement=OuterRef("comment__statement"),
        key=OuterRef("comment__key"),
        about=Coalesce(OuterRef("comment__amendment_id"), 0),
        agency=OuterRef("agency"),
        pk__gt=OuterRef("comment"),
        withdrawn_at__isnull=True,
    )
    dismissed = DismissedMention.objects.filter(
        comment=OuterRef("comment"), agency=OuterRef("agency")
    )
    mentions = Comment.mentions.through.objects.filter(
        ~Exists(answers),
        ~Exists(dismissed),
        ~Q(comment__agency=F("agency")),
        agency__in=list(agencies),
        comment__withdrawn_at__isnull=True,
        comment__statement__state__in=LIVE_STATES,
    )
    return list(
        mentions.select_related(
            "agency", "comment__statement", "comment__agency", "comment__author"
        ).order_by("comment__said_at", "comment", "agency__acronym")
    )


def mention_steps(agencies: Iterable[Agency]) -> list[NextStep]:
    """Return the mentions to answer or to dismiss. One query."""
    return [
        NextStep(
            kind="statements.mention",
            what=_("Answer %(agency)s, who mentions %(you)s")
            % {"agency": mention.comment.agency, "you": mention.agency},
            verb=_("Answer"),
            url_name="statements:discuss",
            url_args=(mention.comment.statement.slug,),
            anchor=f"t-{place_of(mention.comment)}",
            about=mention.comment.statement.title,
            why=f"{mention.comment.author}: “{Truncator(mention.comment.text).words(20)}”",
            scope=Scope.AGENCY,
            agencies=(mention.agency,),
        )
        for mention in open_mentions(agencies)
    ]


def place_of(comment: Comment) -> str:
    """Return the anchor of a comment's thread."""
    return f"a{comment.amendment_id}" if comment.amendment_id else comment.key


def has_comments(statement: Statement) -> bool:
    """Say whether the statement has comments. One query."""
    return Comment.objects.filter(statement=statement).exists()


def comments_of(statement: Statement, last: int | None) -> QuerySet[Comment]:
    """Return the comments of a statement, oldest first.

    `last` limits each thread to that many newest comments. `earlier` of a comment is the number of
    comments before it in its thread.
    """
    comments = Comment.objects.filter(statement=statement).select_related(
        "agency", "author", "amendment__agency", "amendment__block__draft"
    )
    # window functions number the comments of each thread, so one query serves all threads
    thread = [F("key"), F("amendment")]
    order = Window(RowNumber(), partition_by=thread, order_by=["said_at", "pk"])
    comments = comments.annotate(earlier=order - 1)
    if last is not None:
        newest = Window(RowNumber(), partition_by=thread, order_by=["-said_at", "-pk"])
        comments = comments.annotate(place=newest).filter(place__lte=last)
    return comments.order_by("said_at", "pk")


def threads(
    statement: Statement, views: Iterable[BlockView], about: str = "", *, last: int | None = None
) -> list[Thread]:
    """Return the threads of a statement, in text order.

    In each paragraph the closed threads come after the open ones; threads of removed paragraphs
    come last. `last` limits the comments of each thread to the newest. The thread with the name
    `about` is returned even without comments. One query, two with removed paragraphs.
    """
    by_key: dict[str, dict[int | None, list[Comment]]] = {}
    for comment in comments_of(statement, last):
        by_key.setdefault(comment.key, {}).setdefault(comment.amendment_id, []).append(comment)
    open_threads: list[Thread] = []
    for view in views:
        key = view.block.key
        # what is left in `by_key` after the loop is about removed paragraphs
        by_amendment = by_key.pop(key, {})
        of_block = by_amendment.pop(None, [])
        note_threads = [
            _thread(view, note, by_amendment.pop(note.amendment.pk, ())) for note in view.all_notes
        ]
        note_threads = [
            thread for thread in note_threads if thread.comments or about == thread.anchor
        ]
        if of_block or about == key:
            open_threads.append(_thread(view, None, of_block))
        open_threads += [*note_threads, *_closed_threads(view, by_amendment)]
    removed = _removed_blocks(statement, by_key) if by_key else []
    return open_threads + [
        thread
        for view in removed
        for thread in _closed_threads(view, by_key[view.block.key], removed=True)
    ]


def _thread(view: BlockView, note: Note | None, comments: Sequence[Any]) -> Thread:
    return Thread(view, note, tuple(comments), comments[0].earlier if comments else 0)


def _closed_threads(
    view: BlockView, by_amendment: Mapping[int | None, Sequence[Comment]], *, removed: bool = False
) -> list[Thread]:
    """Return the closed threads of a paragraph, older drafts first. Pure."""
    closed = []
    for comments in by_amendment.values():
        amendment = comments[0].amendment
        note = Note(amendment, amendment.block, has_conflict=False) if amendment else None
        closed.append(replace(_thread(view, note, comments), past=True, removed=removed))
    return sorted(
        closed,
        key=lambda thread: (
            (thread.note.amendment.block.draft.number, thread.note.number)
            if thread.note
            else (0, 0)
        ),
    )


def _removed_blocks(statement: Statement, keys: Container[str]) -> list[BlockView]:
    """Return removed blocks, each from the last draft that had it.

    One query.
    """
    blocks = (
        Block.objects.filter(draft__statement=statement)
        .select_related("draft")
        .order_by("draft__number", "position", "pk")
    )
    last_views: dict[str, BlockView] = {}
    for _number, group in itertools.groupby(blocks, key=lambda block: block.draft.number):
        draft_blocks = list(group)
        for block, label in zip(draft_blocks, labels.block_labels(draft_blocks), strict=True):
            if block.key in keys:
                last_views[block.key] = BlockView(block, label, (), None, block.text)
    return list(last_views.values())
