"""Search over what the reader may see.

The index says which records answer a question; who may find them is asked of the records, by the
conditions that their pages use. So a release, a withdrawal or the end of a membership counts at
once.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from django.db.models import Q, QuerySet

from coordination.desk.enums import EntryKind
from coordination.desk.models import SearchEntry, SearchWord
from coordination.searchkit import questions, snippets, spelling
from coordination.searchkit.questions import Question
from coordination.searchkit.snippets import Piece
from coordination.statements.enums import AmendmentState
from coordination.statements.queries.statements import Access, visible_text, visible_to

MOST = 1000  # matches that are ranked; a question with more is too wide to be read
PUBLIC = (EntryKind.AGENCY, EntryKind.COMMISSION, EntryKind.TERM)
OF_MEETINGS = (EntryKind.MEETING, EntryKind.DECISION, EntryKind.ACTION)
RANK = {kind: place for place, kind in enumerate(EntryKind)}
MOST_MISSPELT = 3
HIT = ("pk", "kind", "statement_id", "number", "day")


@dataclass(frozen=True, slots=True)
class SearchReader:
    """Who searches, and what they may read.

    Their access to statements, and whether they read people and meetings.
    """

    access: Access
    reads_people: bool = False
    reads_meetings: bool = False


class Hit(NamedTuple):
    """A match: key of its entry, kind, and ranking values."""

    pk: int
    kind: EntryKind
    statement: int | None
    number: int | None
    day: date | None
    in_title: bool


@dataclass(frozen=True, slots=True)
class Findings:
    """The matches of a question, the best first.

    `is_cut` says that there are more.
    """

    question: Question
    hits: tuple[Hit, ...]
    is_cut: bool = False

    @property
    def counts(self) -> dict[EntryKind, int]:
        """Return the number of matches by kind.

        In the order of kinds, without zeros.
        """
        found = Counter(hit.kind for hit in self.hits)
        return {kind: found[kind] for kind in EntryKind if found[kind]}

    def of_kind(self, kind: str) -> list[Hit]:
        """Return the matches of a kind, or all for ""."""
        return [hit for hit in self.hits if not kind or hit.kind == kind]


@dataclass(frozen=True, slots=True)
class Result:
    """A match as a page shows it.

    `number` is that of a draft, decision, action item or amendment, else None.
    """

    kind: EntryKind
    title: str
    url: str
    about: str
    day: date | None
    language: str
    snippet: tuple[Piece, ...]
    number: int | None = None
    draft: int | None = None


def visible_entries(reader: SearchReader) -> QuerySet[SearchEntry]:
    """Return the entries of the records that the reader may open."""
    access = reader.access
    visible = Q(kind__in=PUBLIC)
    visible |= Q(kind=EntryKind.STATEMENT) & visible_to(access, "statement__")
    visible |= Q(kind=EntryKind.DRAFT) & visible_text(access, "statement__", "draft__")
    if access.belongs:
        standing = ~Q(amendment__state=AmendmentState.WITHDRAWN)
        visible |= Q(kind=EntryKind.AMENDMENT) & standing & visible_to(access, "statement__")
    if reader.reads_people:
        visible |= Q(kind=EntryKind.PERSON)
    if reader.reads_meetings:
        visible |= Q(kind__in=OF_MEETINGS)
    return SearchEntry.objects.filter(visible)


def find(text: str, reader: SearchReader) -> Findings:
    """Return the matches of `text` that the reader may open.

    Two queries, or none. Matches in the title come first, then the kinds in their order, then the
    newest. A statement is one match however many of its drafts answer.
    """
    question = questions.question(text)
    if not question:
        return Findings((), ())
    # Each query stops at the newest MOST, so a wide question costs no more with more data.
    rows: dict[int, Hit] = {}
    answering = visible_entries(reader).filter(terms__answers=question)
    # The terms hold those of the title. PostgreSQL takes far too many titles to answer, and would
    # start a second process for them; with both conditions it does not.
    with_title = answering.filter(title_terms__answers=question)
    for entries, in_title in ((answering, False), (with_title, True)):
        for row in entries.order_by("-pk").values_list(*HIT)[: MOST + 1]:
            rows[row[0]] = Hit(row[0], EntryKind(row[1]), row[2], row[3], row[4], in_title)
    hits = sorted(rows.values(), key=lambda hit: (hit.in_title, hit.pk), reverse=True)
    return Findings(question, tuple(ranked(joined(hits[:MOST]))), is_cut=len(hits) > MOST)


def joined(hits: Sequence[Hit]) -> list[Hit]:
    """Return the hits with at most one for each statement.

    It is the newest draft that answers, or the statement itself.
    """
    by_statement: dict[int | None, Hit] = {}
    others = []
    for hit in hits:
        if hit.kind not in {EntryKind.STATEMENT, EntryKind.DRAFT}:
            others.append(hit)
            continue
        known = by_statement.get(hit.statement, hit)
        newest = max(hit, known, key=lambda each: each.number or 0)
        by_statement[hit.statement] = newest._replace(
            kind=EntryKind.STATEMENT, in_title=hit.in_title or known.in_title
        )
    return [*by_statement.values(), *others]


def ranked(hits: Sequence[Hit]) -> list[Hit]:
    """Return the hits, the best first."""
    return sorted(
        hits,
        key=lambda hit: (
            not hit.in_title,
            RANK[hit.kind],
            -(hit.day or date.min).toordinal(),
            -hit.pk,
        ),
    )


def shown(hits: Sequence[Hit], question: Question) -> list[Result]:
    """Return the hits in their order, as a page shows them.

    One query.
    """
    entries = SearchEntry.objects.select_related("statement", "draft", "meeting")
    by_key = entries.in_bulk([hit.pk for hit in hits])
    # a record may have gone between the two queries
    return [_result(by_key[hit.pk], hit, question) for hit in hits if hit.pk in by_key]


def _result(entry: SearchEntry, hit: Hit, question: Question) -> Result:
    """Return one hit as a page shows it."""
    owner = entry.statement or entry.meeting
    result = Result(
        kind=hit.kind,
        title=entry.title or str(owner),
        url=entry.url,
        about=entry.about,
        day=entry.day,
        language=entry.language,
        snippet=tuple(snippets.snippet(entry.text, question, entry.language)),
        number=entry.number,
    )
    if entry.statement is None or entry.draft is None:
        return result
    if entry.kind == EntryKind.AMENDMENT:
        return replace(result, draft=entry.draft.number)
    result = replace(result, about=entry.statement.symbol, draft=entry.draft.number, number=None)
    # the adopted text stands on the statement's own page, which outsiders read too
    if entry.draft.sha256 and entry.draft.sha256 == entry.statement.adopted_sha256:
        page = entry.url.removesuffix(f"drafts/{entry.draft.number}/")
        return replace(result, url=page, draft=None)
    return result


def nearest_spelling(text: str, reader: SearchReader) -> str:
    """Return the nearest spelling of `text` that finds something, or "".

    A word of the index is offered only if the reader finds something with it, so it tells nothing
    of what they may not open.
    """
    question = questions.question(text)
    corrected, misspelt = [], 0
    for group in question:
        word = group.spelling
        if not is_answered((group,), reader):
            misspelt += 1
            if misspelt > MOST_MISSPELT:
                return ""
            word = nearest_word(word, reader)
        if not word:
            return ""
        corrected.append(word)
    offer = " ".join(corrected)
    return offer if misspelt and find(offer, reader).hits else ""


def nearest_word(word: str, reader: SearchReader) -> str:
    """Return the nearest spelling of a word, or "".

    The reader finds something with it.
    """
    known = SearchWord.objects.filter(length__range=(len(word) - 2, len(word) + 2))
    for other in spelling.nearest(word, known.values_list("word", flat=True)):
        if is_answered(questions.question(other), reader):
            return other
    return ""


def is_answered(question: Question, reader: SearchReader) -> bool:
    """Say whether the reader finds something. One query."""
    # For one row alone PostgreSQL reads the table in the hope of an early match: all of it where
    # there is none. For as many as `find` asks for it takes the index.
    entries = visible_entries(reader).filter(terms__answers=question)
    return bool(entries.order_by("-pk").values_list("pk")[: MOST + 1])
