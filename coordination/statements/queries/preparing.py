"""Tell an agency's own people what the agency prepares.

Nobody else may learn of it: each function takes the agencies of the reader.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from django.db.models import CharField, Exists, OuterRef, Value
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coordination.core import formatting
from coordination.members.models import Agency
from coordination.statements.enums import WordFileState
from coordination.statements.models import (
    Position,
    PreparedAmendment,
    PreparedPosition,
    WordFile,
)
from coordination.statements.queries.amendments import prepared_by
from coordination.statements.queries.block_views import BlockView
from coordination.statements.queries.statuses import StatementStatus

Work = Literal["amendment", "position", "word file"]


@dataclass(frozen=True, slots=True)
class InPreparation:
    """What one agency prepares: a sentence, and the paragraphs by label and anchor."""

    sentence: str
    paragraphs: tuple[tuple[str, str], ...] = ()


def preparation_sentence(acronym: str, works: Sequence[Work], people: Iterable[str]) -> str:
    """Return what an agency prepares and who: "UNFPA prepares one amendment (A and B)." Pure."""
    n = sum(work == "amendment" for work in works)
    what = ngettext("one amendment", "%(n)d amendments", n) % {"n": n}
    if "position" in works:
        position = _("a position")
        what = formatting.list_of([what, position]) if n else position
    return _("%(agency)s prepares %(what)s (%(people)s).") % {
        "agency": acronym,
        "what": what,
        "people": formatting.list_of(dict.fromkeys(people)),
    }


def in_preparation(
    views: Iterable[BlockView], left_behind: Iterable[PreparedAmendment]
) -> list[InPreparation]:
    """Return what the reader's agencies prepare in a draft, by agency. Pure.

    `left_behind` is about paragraphs that the draft no longer has.
    """
    by_agency: defaultdict[str, list[PreparedAmendment]] = defaultdict(list)
    places: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for view in views:
        for prepared in view.preparing:
            by_agency[prepared.agency.acronym].append(prepared)
            label = view.label or str(view.block.get_kind_display())
            places[prepared.agency.acronym].append((label, f"p{prepared.pk}"))
    for prepared in left_behind:
        by_agency[prepared.agency.acronym].append(prepared)
    return [
        InPreparation(
            preparation_sentence(
                acronym, ["amendment"] * len(prepared), [each.author.name for each in prepared]
            ),
            tuple(places[acronym]),
        )
        for acronym, prepared in sorted(by_agency.items())
    ]


def with_preparation(
    statuses: Sequence[StatementStatus], agencies: Sequence[Agency]
) -> list[StatementStatus]:
    """Return the statuses with what these agencies prepare in each statement.

    That are private drafts, and Word files at which nobody has looked yet. `agencies` are those of
    the reader. One query, none without a status or an agency.
    """
    if not statuses or not agencies:
        return list(statuses)
    text = CharField()
    taken = Position.objects.filter(
        step=OuterRef("step"), agency=OuterRef("agency"), taken_at__gte=OuterRef("saved_at")
    )
    positions = PreparedPosition.objects.filter(
        ~Exists(taken), agency__in=agencies, step__closed_at__isnull=True
    ).values_list("step__statement", "agency", "author__name", Value("position", text), "saved_at")
    amendments = prepared_by(agencies).values_list(
        "block__draft__statement", "agency", "author__name", Value("amendment", text), "saved_at"
    )
    files = WordFile.objects.filter(agency__in=agencies, state=WordFileState.REVIEW).values_list(
        "statement", "agency", "sent_by__name", Value("word file", text), "sent_at"
    )
    acronyms = {agency.pk: agency.acronym for agency in agencies}
    in_review: defaultdict[int, set[int]] = defaultdict(set)
    found: defaultdict[tuple[int, int], list[tuple[str, Work]]] = defaultdict(list)
    rows = amendments.order_by().union(positions.order_by(), files.order_by(), all=True)
    for statement, agency, author, work, _at in sorted(rows, key=lambda row: row[-1]):
        if work == "word file":
            in_review[statement].add(agency)
        else:
            found[statement, agency].append((author, work))
    sentences: defaultdict[int, dict[int, str]] = defaultdict(dict)
    for (statement, agency), works in found.items():
        sentences[statement][agency] = preparation_sentence(
            acronyms[agency], [work for _who, work in works], [who for who, _work in works]
        )
    return [
        replace(
            status,
            prepared=sentences.get(status.statement.pk, {}),
            in_review=frozenset(in_review.get(status.statement.pk, ())),
        )
        for status in statuses
    ]
