"""What agencies proposed to each block of a draft, and what became of it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.db.models import Count, Max, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from coordination.members.models import Agency
from coordination.statements.enums import TOLD, AmendmentKind, AmendmentState
from coordination.statements.models import (
    Amendment,
    Block,
    Comment,
    CoSponsor,
    Draft,
    PreparedAmendment,
    Settlement,
)
from coordination.statements.queries.laid import IN_TEXT, STANDING, laid_together
from coordination.textkit import blocks as blocks_textkit
from coordination.textkit import segmentation
from coordination.textkit.segmentation import Segment

DROPPED = frozenset({AmendmentState.DECLINED, AmendmentState.LAPSED, AmendmentState.WITHDRAWN})
AROUND = 4  # words of what stays, on either side of a change
BEHIND = Prefetch(
    "cosponsors",
    CoSponsor.objects.filter(left_at__isnull=True).select_related("agency"),
    to_attr="behind",
)
IN_ORDER = ("block__position", "place", "proposed_at", "pk")
# how drafters label inserted paragraphs
ORDER = ("bis", "ter", "quater", "quinquies", "sexies", "septies", "octies")


@dataclass(frozen=True, slots=True)
class Proposal:
    """What an amendment says in the margin, in plain values.

    Whose, with whom (by acronym), which words, why, what became of it.

    `look` is how the note is drawn: open, conflict, settled, declined. `behind_keys` are those of
    the agencies that co-sponsor it.
    """

    pk: int
    version: int
    number: int
    agency_key: int
    agency: str
    agency_name: str
    behind: tuple[str, ...]
    behind_keys: frozenset[int]
    kind: str
    state: str
    look: str
    rationale: str
    settled_reason: str
    segments: tuple[Segment, ...]

    @property
    def label(self) -> str:
        """Return what the note is called: "Amendment 3, UNICEF"."""
        return _("Amendment %(n)d, %(agency)s") % {"n": self.number, "agency": self.agency}


@dataclass(frozen=True, slots=True)
class Place:
    """A paragraph with what stands beside it, in plain values, whoever reads it.

    `new` are the paragraphs proposed after it.
    """

    key: str
    label: str
    kind: str
    kind_words: str
    text: str
    comments: int
    proposals: tuple[Proposal, ...]
    new: tuple["NewPlace", ...]
    folded: int
    conflict: bool


@dataclass(frozen=True, slots=True)
class Note:
    """One amendment in the margin: the words it changes, whether another changes the same words."""

    amendment: Amendment
    segments: tuple[Segment, ...]
    conflict: bool
    # whose mandate would be named how many times more, where that was counted
    mandates: tuple[tuple[str, int], ...] = ()

    @property
    def number(self) -> int:
        """Return its number among the amendments to the draft."""
        return self.amendment.number

    @property
    def proposal(self) -> Proposal:
        """Return what the note says, whoever reads it."""
        amendment, agency = self.amendment, self.amendment.agency
        return Proposal(
            pk=amendment.pk,
            version=amendment.version,
            number=amendment.number,
            agency_key=amendment.agency_id,
            agency=agency.acronym,
            agency_name=agency.name,
            behind=tuple(each.agency.acronym for each in amendment.cosponsoring),
            behind_keys=frozenset(each.agency_id for each in amendment.cosponsoring),
            kind=amendment.kind,
            state=amendment.state,
            look=self.look,
            rationale=amendment.rationale,
            settled_reason=amendment.settled_reason,
            segments=self.segments,
        )

    @property
    def look(self) -> str:
        """Return how the note is drawn: open, conflict, settled, declined."""
        if self.amendment.state == AmendmentState.OPEN:
            return "conflict" if self.conflict else "open"
        return "declined" if self.amendment.state in DROPPED else "settled"


@dataclass(frozen=True, slots=True)
class Clash:
    """Amendments that cannot all be taken, by their numbers.

    `words` are the circulated words that they change, "" where all of them add.
    """

    numbers: tuple[int, ...]
    words: str


@dataclass(frozen=True, slots=True)
class Insertion:
    """A new paragraph that is proposed.

    The label that it would have ("OP3 bis"), and its amendment.
    """

    label: str
    note: Note

    @property
    def stands(self) -> bool:
        """Say whether the chair took it, as it is or adapted."""
        return self.note.amendment.state in IN_TEXT

    @property
    def place(self) -> "NewPlace":
        """Return what it shows, whoever reads it."""
        return NewPlace(
            self.label, self.note.proposal, self.stands, self.note.amendment.proposed_text
        )


@dataclass(frozen=True, slots=True)
class NewPlace:
    """A new paragraph that is proposed, in plain values.

    Its label, who proposes it and why, whether the chair took it, its words.
    """

    label: str
    it: Proposal
    stands: bool
    words: str


@dataclass(frozen=True)
class BlockView:
    """One block with its label, amendments and the new paragraphs after it.

    `settlement` is the text that the chair settled on, if there is one.
    """

    block: Block
    label: str
    notes: tuple[Note, ...]
    settlement: Settlement | None
    shown: tuple[Segment, ...]
    clashes: tuple[Clash, ...] = ()
    insertions: tuple[Insertion, ...] = ()
    folded: int = 0  # so many amendments are counted only, until the reader opens the paragraph
    # from so many agencies the whole draft has amendments, where not all of them were read
    agencies: int = 0
    preparing: tuple[PreparedAmendment, ...] = ()  # what the reader's agencies prepare

    @cached_property
    def place(self) -> Place:
        """Return what it shows to those who read it, whoever they are."""
        block: Any = self.block
        return Place(
            key=block.key,
            label=self.label,
            kind=block.kind,
            kind_words=block.get_kind_display(),
            text=block.text,
            comments=block.comment_count or 0,
            proposals=tuple(note.proposal for note in self.notes),
            new=tuple(insertion.place for insertion in self.insertions),
            folded=self.folded,
            conflict=self.conflict,
        )

    @property
    def every(self) -> tuple[Note, ...]:
        """Return all notes: those to the paragraph, and those of new ones after it."""
        return (*self.notes, *(insertion.note for insertion in self.insertions))

    @property
    def order_to_settle(self) -> bool:
        """Say whether the chair should look at the order of the new paragraphs.

        That is so where different ones stand at this place.
        """
        return (
            len(
                {
                    each.note.amendment.text
                    for each in self.insertions
                    if each.note.amendment.state in STANDING | IN_TEXT
                }
            )
            > 1
        )

    @property
    def open(self) -> tuple[Note, ...]:
        """Return the notes that the chair has not settled."""
        return tuple(note for note in self.notes if note.amendment.state == AmendmentState.OPEN)

    @property
    def mergeable(self) -> bool:
        """Say whether amendments can be taken into the block as it stands.

        The chair wrote no text of its own for it.
        """
        taken = [
            note.amendment for note in self.notes if note.amendment.state == AmendmentState.TAKEN
        ]
        return self.settlement is None or (
            bool(taken) and laid_together(self.block.text, taken).text == self.settlement.text
        )

    @property
    def conflict(self) -> bool:
        """Say whether amendments change the same words here.

        The chair then settles them by hand.
        """
        return any(note.conflict for note in self.notes)


def amendments_of(draft: Draft) -> QuerySet[Amendment]:
    """Return every amendment to the draft, in the order of its blocks; none ever disappears.

    Each has `behind`: its co-sponsors.
    """
    found = Amendment.objects.filter(block__draft=draft).select_related(
        "agency", "author", "block", "settled_by"
    )
    return found.prefetch_related(BEHIND).order_by(*IN_ORDER)


def standing_in(draft: Draft) -> QuerySet[Amendment]:
    """Return the amendments to the draft that a page shows.

    All but the withdrawn, in the order of the text.
    """
    return (
        Amendment.objects.filter(block__draft=draft)
        .exclude(state=AmendmentState.WITHDRAWN)
        .order_by(*IN_ORDER)
    )


def next_amendment_number(draft: Draft) -> int:
    """Return the number of the next amendment to the draft; those withdrawn keep theirs."""
    highest: int | None = Amendment.objects.filter(block__draft=draft).aggregate(
        highest=Max("number")
    )["highest"]
    return (highest or 0) + 1


def open_amendments(draft: Draft) -> QuerySet[Amendment]:
    """Return the amendments to the draft that are neither settled nor withdrawn."""
    return amendments_of(draft).filter(state=AmendmentState.OPEN)


def own_open_amendment(block: Block, agency: Agency) -> Amendment | None:
    """Return the agency's open amendment to the block's own words, or None.

    Of new paragraphs after it there may be several.
    """
    found = block.amendments.filter(agency=agency, state=AmendmentState.OPEN).exclude(
        kind=AmendmentKind.INSERT
    )
    return found.select_related("agency", "author").first()


def amendments_settled_in(
    drafts: Iterable[Draft], states: Iterable[AmendmentState] = TOLD
) -> QuerySet[Amendment]:
    """Return the amendments to the drafts of which it is settled what became of them.

    That they are in one of the states.
    """
    found = Amendment.objects.filter(
        block__draft__in=list(drafts), state__in=states
    ).select_related("agency", "author", "block__draft")
    found = found.prefetch_related(BEHIND)
    return found.order_by("block__position", "pk")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an amendment, as its agencies are told.

    The paragraph ("OP 3"), the words that it changes, the amendment.
    """

    label: str
    segments: tuple[Segment, ...]
    amendment: Amendment


def outcomes(draft: Draft, states: Iterable[AmendmentState] = TOLD) -> dict[Agency, list[Outcome]]:
    """Return what became of the amendments to a draft, by agency.

    The agencies are those that proposed or co-sponsored them. Three queries.
    """
    blocks = list(draft.blocks.order_by("position", "pk"))
    labels = dict(zip((block.pk for block in blocks), blocks_textkit.label(blocks), strict=True))
    found: dict[Agency, list[Outcome]] = {}
    for amendment in amendments_settled_in([draft], states):
        label = labels[amendment.block_id] or amendment.block.get_kind_display()
        outcome = Outcome(label, changed_words(amendment, amendment.block), amendment)
        for agency in (amendment.agency, *(each.agency for each in amendment.cosponsoring)):
            found.setdefault(agency, []).append(outcome)
    return found


def returned_to(draft: Draft, agencies: Iterable[Agency]) -> list[Amendment]:
    """Return the returned amendments that the agencies have not proposed anew.

    They are to the draft before this one. One query.
    """
    found = Amendment.objects.filter(
        block__draft__statement=draft.statement_id, block__draft__number=draft.number - 1
    )
    found = found.filter(
        agency__in=list(agencies), state=AmendmentState.RETURNED, carried_to__isnull=True
    )
    return list(found.select_related("agency", "block").order_by("block__position", "pk"))


def left_behind(draft: Draft, agencies: Iterable[Agency]) -> list[PreparedAmendment]:
    """Return what the agencies prepare for paragraphs that are not in the draft any more.

    One query.
    """
    found = (
        prepared_by(agencies)
        .filter(block__draft__statement=draft.statement_id)
        .exclude(block__draft=draft)
    )
    return list(found.select_related("block__draft"))


def prepared_by(agencies: Iterable[Agency]) -> QuerySet[PreparedAmendment]:
    """Return what the agencies prepare, for their own people alone: neither sent nor discarded."""
    found = PreparedAmendment.objects.filter(
        agency__in=list(agencies), sent_as__isnull=True, discarded_at__isnull=True
    )
    return found.select_related("agency", "author").order_by("saved_at", "pk")


def prepared_in(
    draft: Draft, agencies: Iterable[Agency]
) -> dict[int, tuple[PreparedAmendment, ...]]:
    """Return what the agencies prepare, by the primary key of its block.

    One query.
    """
    found: dict[int, tuple[PreparedAmendment, ...]] = {}
    for each in prepared_by(agencies).filter(block__draft=draft):
        found[each.block_id] = (*found.get(each.block_id, ()), each)
    return found


def with_prepared(
    views: Iterable[BlockView], prepared: Mapping[int, tuple[PreparedAmendment, ...]]
) -> list[BlockView]:
    """Return the views, each with what the reader's agencies prepare to its block.

    See `prepared_in`. Pure.
    """
    return [
        replace(view, preparing=prepared[view.block.pk]) if view.block.pk in prepared else view
        for view in views
    ]


def amendments_by_block(
    draft: Draft, *, most: int | None = None, opened: str = ""
) -> list[BlockView]:
    """Return the draft's blocks with what was proposed to each.

    Three queries, however many there are.

    With `most`, the blocks after the first that hold so many amendments together are `folded`:
    counted, not read; the one with the key `opened` never is.
    """
    blocks: list[Any] = list(_blocks(draft) if most is None else _counted(draft, _blocks(draft)))
    folded = (
        {}
        if most is None
        else _beyond({block.key: block.standing_count for block in blocks}, most, opened)
    )
    read = standing_in(draft)
    if folded:
        read = read.filter(block__in=[block.pk for block in blocks if block.key not in folded])
    grouped: dict[int, list[Amendment]] = {}
    for amendment in read.select_related("agency").prefetch_related(BEHIND):
        grouped.setdefault(amendment.block_id, []).append(amendment)
    views = []
    for block, label in zip(blocks, blocks_textkit.label(blocks), strict=True):
        view = _view(block, label, grouped.get(block.pk, []), getattr(block, "settlement", None))
        views.append(
            replace(view, folded=folded[block.key], agencies=block.agency_count)
            if block.key in folded
            else view
        )
    return views


def _blocks(draft: Draft) -> QuerySet[Block]:
    """Return the blocks of a draft in their order.

    Each comes with its settlement and the number of its comments.
    """
    said = Comment.objects.filter(
        statement=draft.statement_id, key=OuterRef("key"), withdrawn_at__isnull=True
    ).order_by()
    count = Subquery(said.values("key").annotate(n=Count("pk")).values("n"))
    return (
        draft.blocks.select_related("settlement__settled_by")
        .annotate(comment_count=count)
        .order_by("position", "pk")
    )


def _counted(draft: Draft, blocks: QuerySet[Block]) -> QuerySet[Block]:
    """Return the blocks with the numbers of their amendments and agencies.

    `standing_count` is how many amendments a page shows to the block, `agency_count` from how many
    agencies the whole draft has some.
    """
    standing = standing_in(draft).order_by()
    here = standing.filter(block=OuterRef("pk")).values("block").annotate(n=Count("pk")).values("n")
    whose = standing.values("block__draft").annotate(n=Count("agency", distinct=True)).values("n")
    return blocks.annotate(standing_count=Coalesce(Subquery(here), 0), agency_count=Subquery(whose))


def _beyond(counts: Mapping[str, int], most: int, opened: str) -> dict[str, int]:
    """Return the blocks with amendments, in their order, that come after the first `most` of these.

    Not the one with the key `opened`.
    """
    found, before = {}, 0
    for key, count in counts.items():
        if count and before >= most and key != opened:
            found[key] = count
        before += count
    return found


def fold(views: Iterable[BlockView], most: int, opened: str = "") -> list[BlockView]:
    """Return blocks folded as they would be if read with `most`.

    Their amendments were all read. Pure.
    """
    views = list(views)
    folded = _beyond({view.block.key: len(view.every) for view in views}, most, opened)
    return [replace(view, folded=folded.get(view.block.key, 0)) for view in views]


def as_proposed(views: Iterable[BlockView]) -> list[BlockView]:
    """Return the blocks as the agencies proposed, in the order in which they did.

    Without what the chair settles and may still undo.
    """
    found = []
    for view in views:
        for note in view.every:
            note.amendment.state, note.amendment.settled_reason, note.amendment.settled_text = (
                AmendmentState.OPEN,
                "",
                "",
            )
        as_they_came = sorted(
            (note.amendment for note in view.every), key=lambda each: (each.proposed_at, each.pk)
        )
        proposed = _view(view.block, view.label, as_they_came, None)
        found.append(replace(proposed, folded=view.folded, agencies=view.agencies))
    return found


def _view(
    block: Block, label: str, amendments: Sequence[Amendment], settlement: Settlement | None
) -> BlockView:
    """Return a block as the page shows it.

    As settled, or with all that merges, or as circulated.
    """
    numbers = {
        amendment.pk: amendment.number for amendment in amendments if amendment.state in STANDING
    }
    merged = laid_together(
        block.text, (amendment for amendment in amendments if amendment.pk in numbers)
    )
    colliding = {pk for conflict in merged.conflicts for pk in conflict.ids}
    every = [_note(amendment, block, meets=amendment.pk in colliding) for amendment in amendments]
    notes = tuple(note for note in every if note.amendment.kind != AmendmentKind.INSERT)
    added = [note for note in every if note.amendment.kind == AmendmentKind.INSERT]
    clashes = tuple(
        Clash(
            tuple(sorted(numbers[pk] for pk in conflict.ids)),
            block.text[conflict.start : conflict.end].strip(),
        )
        for conflict in merged.conflicts
    )
    text = settlement.text if settlement else merged.text
    insertions = tuple(
        Insertion(inserted_label(label, place), note) for place, note in enumerate(added)
    )
    return BlockView(
        block,
        label,
        notes,
        settlement,
        segmentation.segments(block.text, text),
        clashes,
        insertions,
    )


def inserted_label(label: str, place: int) -> str:
    """Return what drafters call a new paragraph: "OP3 bis".

    It is the one at `place` (0 is the first) after the paragraph with `label`. Pure.
    """
    return f"{label} {ORDER[min(place, len(ORDER) - 1)]}".strip()


def _note(amendment: Amendment, block: Block, *, meets: bool) -> Note:
    return Note(
        amendment, changed_words(amendment, block), meets and amendment.state == AmendmentState.OPEN
    )


def changed_words(amendment: Amendment, block: Block) -> tuple[Segment, ...]:
    """Return the words that an amendment changes, with some around them.

    All of a paragraph that it puts in or takes out. Pure.
    """
    if amendment.kind == AmendmentKind.REPLACE:
        return excerpt(segmentation.segments(block.text, amendment.proposed_text))
    if amendment.kind == AmendmentKind.DELETE:
        return (Segment("delete", block.text),)
    return (Segment("insert", amendment.text),)


def excerpt(segments: Sequence[Segment], words: int = AROUND) -> tuple[Segment, ...]:
    """Return the changes with some words of what stays around them, an ellipsis for the rest."""
    last = len(segments) - 1
    return tuple(
        Segment("keep", _near(segment.text, words, first=i == 0, last=i == last))
        if segment.kind == "keep"
        else segment
        for i, segment in enumerate(segments)
    )


def _near(text: str, words: int, *, first: bool, last: bool) -> str:
    """Return the words of `text` that stand beside a change."""
    pieces = re.findall(r"\s*\S+\s*", text)
    if len(pieces) <= (words if first or last else 2 * words):
        return text
    head = "" if first else "".join(pieces[:words]).rstrip()
    tail = "" if last else "".join(pieces[-words:]).lstrip()
    return f"{head} … {tail}" if head and tail else f"{head} …" if head else f"… {tail}"


def work_left(views: Iterable[BlockView]) -> dict[str, int]:
    """Return how many amendments there are, from how many agencies.

    How many are open, collide, merge cleanly; taken, adapted, declined.

    Of amendments that were not read (`folded`) only the first two are known. Pure.
    """
    views = list(views)
    notes = [note for view in views for note in view.every]
    states = [note.amendment.state for note in notes]
    return {
        "all": len(notes) + sum(view.folded for view in views if not view.every),
        "agencies": max(
            [len({note.amendment.agency_id for note in notes}), *(view.agencies for view in views)]
        ),
        "conflicts": sum(note.conflict for note in notes),
        "clean": sum(
            note.look == "open" and (view.mergeable or note.amendment.kind == AmendmentKind.INSERT)
            for view in views
            for note in view.every
        ),
        **{state.value: states.count(state) for state in AmendmentState},
    }
