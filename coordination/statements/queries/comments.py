"""What was said about paragraphs and amendments."""

import itertools
import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, QuerySet, Value, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext as _

from coordination.members.models import Agency, Person
from coordination.members.queries import agencies
from coordination.statements.models import Block, Comment, Statement
from coordination.statements.queries import labels
from coordination.statements.queries.margin import BlockView, Note


@dataclass(frozen=True, slots=True)
class Thread:
    """What was said about one paragraph (`note` None) or one amendment to it, the oldest first.

    So many `earlier` comments were not read. It is `past` where nobody can add to it: the amendment
    was withdrawn, or is to an older draft, or the paragraph is gone (`removed`).
    """

    view: BlockView
    note: Note | None
    said: tuple[Comment, ...]
    earlier: int = 0
    past: bool = False
    removed: bool = False

    @property
    def place(self) -> str:
        """Return what addresses call it: the key of the paragraph, or "a7" for an amendment."""
        return f"a{self.note.amendment.pk}" if self.note else self.view.block.key

    @property
    def head(self) -> str:
        """Return what it is called.

        "OP 1", "OP 1: amendment 2, WHO", "OP 1: amendment 2 to draft 1, WHO (withdrawn)".
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
        words = {"label": label, "n": self.note.number, "agency": amendment.agency.acronym}
        if not self.past:
            return _("%(label)s: amendment %(n)d, %(agency)s") % words
        words |= {"draft": amendment.block.draft.number, "state": amendment.get_state_display()}
        return _("%(label)s: amendment %(n)d to draft %(draft)d, %(agency)s (%(state)s)") % words


def mentioned(text: str, day: date) -> list[Agency]:
    """Return the members of `day` that a text mentions: "@WHO", "@UN Women".

    Case does not matter. An e-mail address mentions nobody. One query where there is an "@".
    """
    if "@" not in text:
        return []
    names = text.casefold()
    return [
        agency
        for agency in agencies.members_on(day)
        if re.search(rf"(?<!\w)@{re.escape(agency.acronym.casefold())}(?!\w)", names)
    ]


def comments_made(person: Person, since: datetime) -> QuerySet[Comment, tuple[datetime, int]]:
    """Return (moment, 1) for each comment that a person made after `since`.

    Withdrawn comments count too.
    """
    return Comment.objects.filter(author=person, said_at__gt=since).values_list("said_at", Value(1))


def mentions_made(person: Person, since: datetime) -> QuerySet[Comment, tuple[datetime, int]]:
    """Return (moment, number of agencies) for a person's comments with mentions.

    Only those after `since`.
    """
    mentioning = Comment.objects.filter(author=person, said_at__gt=since, mentions__isnull=False)
    return (
        mentioning.order_by("said_at", "pk")
        .annotate(number=Count("mentions"))
        .values_list("said_at", "number")
    )


def was_discussed(statement: Statement) -> bool:
    """Say whether somebody said something about the statement; one query."""
    return Comment.objects.filter(statement=statement).exists()


def comments_of(statement: Statement, last: int | None) -> QuerySet[Comment]:
    """Return what was said, the oldest first; with `last`, so many of each thread.

    `earlier` is how many stand before a comment in its thread.
    """
    said = Comment.objects.filter(statement=statement).select_related(
        "agency", "author", "amendment__agency", "amendment__block__draft"
    )
    thread = [F("key"), F("amendment")]
    order = Window(RowNumber(), partition_by=thread, order_by=["said_at", "pk"])
    said = said.annotate(earlier=order - 1)
    if last is not None:
        newest = Window(RowNumber(), partition_by=thread, order_by=["-said_at", "-pk"])
        said = said.annotate(place=newest).filter(place__lte=last)
    return said.order_by("said_at", "pk")


def threads(
    statement: Statement, views: Iterable[BlockView], about: str = "", *, last: int | None = None
) -> list[Thread]:
    """Return what was said, with `last` so many comments of each thread, the newest.

    About each paragraph of the newest draft and its amendments, in the order of the text; one
    query.

    After the amendments that stand come those that were withdrawn or are to older drafts; last of
    all what was said about paragraphs that were removed (one query more, where there are such). A
    paragraph that is asked for (`about`, its key) is there also when nothing was said about it.
    """
    of: dict[str, dict[int | None, list[Comment]]] = {}
    for each in comments_of(statement, last):
        of.setdefault(each.key, {}).setdefault(each.amendment_id, []).append(each)
    found: list[Thread] = []
    for view in views:
        key = view.block.key
        here = of.pop(key, {})
        own = here.pop(None, [])
        notes = [_thread(view, note, here.pop(note.amendment.pk, ())) for note in view.every]
        notes = [thread for thread in notes if thread.said or about == thread.place]
        if own or about == key:
            found.append(_thread(view, None, own))
        found += [*notes, *_past(view, here)]
    removed = _removed(statement, of) if of else []
    return found + [
        thread for view in removed for thread in _past(view, of[view.block.key], removed=True)
    ]


def _thread(view: BlockView, note: Note | None, said: Sequence[Any]) -> Thread:
    return Thread(view, note, tuple(said), said[0].earlier if said else 0)


def _past(
    view: BlockView, said: Mapping[int | None, Sequence[Comment]], *, removed: bool = False
) -> list[Thread]:
    """Return the closed threads of a paragraph and of amendments to it.

    Nobody can add to them. Those of the older draft come first. Pure.
    """
    found = []
    for comments in said.values():
        amendment = comments[0].amendment
        note = Note(amendment, amendment.block, conflict=False) if amendment else None
        found.append(replace(_thread(view, note, comments), past=True, removed=removed))
    return sorted(
        found,
        key=lambda each: (
            (each.note.amendment.block.draft.number, each.note.number) if each.note else (0, 0)
        ),
    )


def _removed(statement: Statement, keys: Container[str]) -> list[BlockView]:
    """Return the paragraphs with these keys, each as the last draft that had it; one query."""
    blocks = (
        Block.objects.filter(draft__statement=statement)
        .select_related("draft")
        .order_by("draft__number", "position", "pk")
    )
    last: dict[str, BlockView] = {}
    for _number, group in itertools.groupby(blocks, key=lambda block: block.draft.number):
        drafted = list(group)
        for block, label in zip(drafted, labels.block_labels(drafted), strict=True):
            if block.key in keys:
                last[block.key] = BlockView(block, label, (), None, block.text)
    return list(last.values())
