"""What was said about paragraphs and amendments."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from coordination.members import queries as members
from coordination.members.models import Agency
from coordination.statements.models import Comment, Statement
from coordination.statements.queries.amendments import BlockView, Note


@dataclass(frozen=True, slots=True)
class Thread:
    """What was said about one paragraph (`note` None) or one amendment to it, the oldest first."""

    view: BlockView
    note: Note | None
    said: tuple[Comment, ...]

    @property
    def place(self) -> str:
        """Return what addresses call it: the key of the paragraph, or "a7" for an amendment."""
        return f"a{self.note.amendment.pk}" if self.note else self.view.block.key


def mentioned(text: str, day: date) -> list[Agency]:
    """Return the members of `day` that a text mentions: "@WHO", "@UN Women", in whatever case; not in an address.

    One query where there is an "@".
    """
    if "@" not in text:
        return []
    names = text.casefold()
    return [agency for agency in members.members_on(day) if re.search(rf"(?<!\w)@{re.escape(agency.acronym.casefold())}(?!\w)", names)]


def threads(statement: Statement, views: Iterable[BlockView], about: str = "") -> list[Thread]:
    """Return what was said about each paragraph of a draft and its amendments, in the order of the text; two queries.

    A paragraph that is asked for (`about`, its key) is there also when nothing was said about it.
    """
    said = (
        Comment.objects.filter(statement=statement)
        .select_related("agency", "author")
        .prefetch_related("mentions")
        .order_by("said_at", "pk")
    )
    of: dict[tuple[str, int | None], list[Comment]] = {}
    for each in said:
        of.setdefault((each.key, each.amendment_id), []).append(each)
    found: list[Thread] = []
    for view in views:
        key = view.block.key
        own = of.get((key, None), [])
        notes = [Thread(view, note, tuple(of.get((key, note.amendment.pk), ()))) for note in view.every]
        notes = [thread for thread in notes if thread.said or about == thread.place]
        if own or about == key:
            found.append(Thread(view, None, tuple(own)))
        found += notes
    return found
