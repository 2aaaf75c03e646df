"""What agencies proposed to each block of a draft, and what became of it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from django.db.models import Count, OuterRef, Prefetch, QuerySet, Subquery

from coordination.members.models import Agency
from coordination.statements import textkit
from coordination.statements.enums import TOLD, AmendmentKind, AmendmentState
from coordination.statements.models import Amendment, Block, Comment, CoSponsor, Draft, PreparedAmendment, Settlement
from coordination.statements.queries.laid import IN_TEXT, STANDING, laid_together
from coordination.statements.textkit import Segment

AROUND = 4  # words of what stays, on either side of a change
BEHIND = Prefetch("cosponsors", CoSponsor.objects.filter(left_at__isnull=True).select_related("agency"), to_attr="behind")
IN_ORDER = ("block__position", "proposed_at", "pk")
ORDER = ("bis", "ter", "quater", "quinquies", "sexies", "septies", "octies")  # how drafters label inserted paragraphs


@dataclass(frozen=True, slots=True)
class Note:
    """One amendment in the margin: its number on the page, the words it changes, whether another changes the same words."""

    number: int
    amendment: Amendment
    segments: tuple[Segment, ...]
    conflict: bool

    @property
    def behind_keys(self) -> frozenset[int]:
        """Return the keys of the agencies that co-sponsor it."""
        return frozenset(each.agency_id for each in self.amendment.cosponsoring)

    @property
    def look(self) -> str:
        """Return how the note is drawn: open, conflict, settled, declined."""
        if self.amendment.state == AmendmentState.OPEN:
            return "conflict" if self.conflict else "open"
        return "declined" if self.amendment.state in {AmendmentState.DECLINED, AmendmentState.WITHDRAWN} else "settled"


@dataclass(frozen=True, slots=True)
class Clash:
    """Amendments that cannot all be taken, by their numbers on the page, and the circulated words that they change; "" where all add."""

    numbers: tuple[int, ...]
    words: str


@dataclass(frozen=True, slots=True)
class Insertion:
    """A new paragraph that is proposed: the label that it would have ("OP3 bis"), and its amendment."""

    label: str
    note: Note

    @property
    def stands(self) -> bool:
        """Say whether the chair took it, as it is or adapted."""
        return self.note.amendment.state in IN_TEXT


@dataclass(frozen=True, slots=True)
class BlockView:
    """One block with its label, its amendments, the new paragraphs after it, and the text that the chair settled on, if there is one."""

    block: Block
    label: str
    notes: tuple[Note, ...]
    settlement: Settlement | None
    shown: tuple[Segment, ...]
    clashes: tuple[Clash, ...] = ()
    insertions: tuple[Insertion, ...] = ()
    folded: tuple[int, ...] = ()  # whose amendments (keys of agencies) are counted only, until the reader opens the paragraph

    @property
    def every(self) -> tuple[Note, ...]:
        """Return all notes: those to the paragraph, and those of new ones after it."""
        return (*self.notes, *(insertion.note for insertion in self.insertions))

    @property
    def order_to_settle(self) -> bool:
        """Say whether different new paragraphs stand at this place, whose order the chair should look at."""
        return len({each.note.amendment.text for each in self.insertions if each.note.amendment.state in STANDING | IN_TEXT}) > 1

    @property
    def open(self) -> tuple[Note, ...]:
        """Return the notes that the chair has not settled."""
        return tuple(note for note in self.notes if note.amendment.state == AmendmentState.OPEN)

    @property
    def mergeable(self) -> bool:
        """Say whether amendments can be taken into the block as it stands: the chair wrote no text of its own for it."""
        return self.settlement is None or any(note.amendment.state == AmendmentState.TAKEN for note in self.notes)

    @property
    def conflict(self) -> bool:
        """Say whether amendments change the same words here, so that the chair settles them by hand."""
        return any(note.conflict for note in self.notes)


def amendments_of(draft: Draft) -> QuerySet[Amendment]:
    """Return every amendment to the draft, in the order of its blocks; none ever disappears. Each has `behind`: its co-sponsors."""
    found = Amendment.objects.filter(block__draft=draft).select_related("agency", "author", "block", "settled_by")
    return found.prefetch_related(BEHIND).order_by(*IN_ORDER)


def standing_in(draft: Draft) -> QuerySet[Amendment]:
    """Return the amendments to the draft that a page shows: all but the withdrawn, in the order of their numbers."""
    return Amendment.objects.filter(block__draft=draft).exclude(state=AmendmentState.WITHDRAWN).order_by(*IN_ORDER)


def open_amendments(draft: Draft) -> QuerySet[Amendment]:
    """Return the amendments to the draft that are neither settled nor withdrawn."""
    return amendments_of(draft).filter(state=AmendmentState.OPEN)


def own_open_amendment(block: Block, agency: Agency) -> Amendment | None:
    """Return the agency's open amendment to the block's own words, or None; of new paragraphs after it there may be several."""
    found = block.amendments.filter(agency=agency, state=AmendmentState.OPEN).exclude(kind=AmendmentKind.INSERT)
    return found.select_related("agency", "author").first()


def amendments_settled_in(drafts: Iterable[Draft]) -> QuerySet[Amendment]:
    """Return the amendments to the drafts of which it is settled what became of them."""
    found = Amendment.objects.filter(block__draft__in=list(drafts), state__in=TOLD).select_related("agency", "author", "block__draft")
    found = found.prefetch_related(BEHIND)
    return found.order_by("block__position", "pk")


def returned_to(draft: Draft, agencies: Iterable[Agency]) -> list[Amendment]:
    """Return the amendments to the draft before this one that were returned to the agencies and not proposed anew; one query."""
    found = Amendment.objects.filter(block__draft__statement=draft.statement_id, block__draft__number=draft.number - 1)
    found = found.filter(agency__in=list(agencies), state=AmendmentState.RETURNED, carried_to__isnull=True)
    return list(found.select_related("agency", "block").order_by("block__position", "pk"))


def prepared_by(agencies: Iterable[Agency]) -> QuerySet[PreparedAmendment]:
    """Return what the agencies prepare, for their own people alone: neither sent nor discarded."""
    found = PreparedAmendment.objects.filter(agency__in=list(agencies), sent_as__isnull=True, discarded_at__isnull=True)
    return found.select_related("agency", "author").order_by("saved_at", "pk")


def amendments_by_block(draft: Draft, own: Sequence[Agency] = (), *, most: int | None = None, opened: str = "") -> list[BlockView]:
    """Return the draft's blocks with what was proposed to each: three queries, however many there are.

    With `own`, the reader's agencies, each block has `preparing`: what these prepare; one query more. With `most`, the blocks after
    the first that hold so many amendments together are `folded`: counted, not read; the one with the key `opened` never is; one query
    more.
    """
    blocks = _blocks(draft, own)
    folded: dict[str, tuple[int, ...]] = {}
    if most is None:
        numbered = list(enumerate(_with_sponsors(standing_in(draft)), 1))
    else:
        numbers, folded = _counted(draft, most, opened)
        read = _with_sponsors(standing_in(draft).filter(pk__in=list(numbers)))
        numbered = [(numbers[amendment.pk], amendment) for amendment in read]
    grouped: dict[int, list[tuple[int, Amendment]]] = {}
    for number, amendment in numbered:
        grouped.setdefault(amendment.block_id, []).append((number, amendment))
    return [
        replace(_view(block, label, grouped.get(block.pk, []), getattr(block, "settlement", None)), folded=folded.get(block.key, ()))
        for block, label in zip(blocks, textkit.label(blocks), strict=True)
    ]


def _blocks(draft: Draft, own: Sequence[Agency]) -> list[Block]:
    """Return the blocks of a draft in their order, each with what was settled, how often it was commented, what `own` prepare."""
    said = Comment.objects.filter(statement=draft.statement_id, key=OuterRef("key"), withdrawn_at__isnull=True).order_by()
    count = Subquery(said.values("key").annotate(n=Count("pk")).values("n"))
    found = draft.blocks.select_related("settlement__settled_by").annotate(comment_count=count).order_by("position", "pk")
    if own:
        found = found.prefetch_related(Prefetch("prepared", prepared_by(own), to_attr="preparing"))
    return list(found)


def _with_sponsors(found: QuerySet[Amendment]) -> QuerySet[Amendment]:
    """Return amendments with what a note in the margin shows."""
    return found.select_related("agency").prefetch_related(BEHIND)


def _counted(draft: Draft, most: int, opened: str) -> tuple[dict[int, int], dict[str, tuple[int, ...]]]:
    """Return the numbers of the amendments to read, by their keys, and whose each folded block has, by its key; one query."""
    standing = list(standing_in(draft).values_list("block__key", "agency_id", "pk"))
    whose: dict[str, list[int]] = {}
    for key, agency, _pk in standing:
        whose.setdefault(key, []).append(agency)
    folded = _beyond(whose, most, opened)
    return {pk: number for number, (key, _agency, pk) in enumerate(standing, 1) if key not in folded}, folded


def _beyond(whose: Mapping[str, Sequence[int]], most: int, opened: str) -> dict[str, tuple[int, ...]]:
    """Return the blocks, in their order, that come after the first `most` amendments; the one with the key `opened` is none of them."""
    found, before = {}, 0
    for key, agencies in whose.items():
        if before >= most and key != opened:
            found[key] = tuple(agencies)
        before += len(agencies)
    return found


def fold(views: Iterable[BlockView], most: int, opened: str = "") -> list[BlockView]:
    """Return blocks whose amendments were all read, folded for the page as they would be if read with `most`. Pure."""
    views = list(views)
    whose = {view.block.key: [note.amendment.agency_id for note in view.every] for view in views if view.every}
    folded = _beyond(whose, most, opened)
    return [replace(view, folded=folded.get(view.block.key, ())) for view in views]


def as_proposed(views: Iterable[BlockView]) -> list[BlockView]:
    """Return the blocks as the agencies proposed, without what the chair settles and may still undo."""
    found = []
    for view in views:
        for note in view.every:
            note.amendment.state, note.amendment.settled_reason, note.amendment.settled_text = AmendmentState.OPEN, "", ""
        proposed = _view(view.block, view.label, [(note.number, note.amendment) for note in view.every], None)
        found.append(replace(proposed, folded=view.folded))
    return found


def _view(block: Block, label: str, numbered: Sequence[tuple[int, Amendment]], settlement: Settlement | None) -> BlockView:
    """Return a block as the page shows it: as settled, or with all that merges, or as circulated."""
    numbers = {a.pk: n for n, a in numbered if a.state in STANDING}
    merged = laid_together(block.text, (amendment for _, amendment in numbered if amendment.pk in numbers))
    colliding = {pk for conflict in merged.conflicts for pk in conflict.ids}
    every = [_note(number, amendment, block, meets=amendment.pk in colliding) for number, amendment in numbered]
    notes = tuple(note for note in every if note.amendment.kind != AmendmentKind.INSERT)
    added = [note for note in every if note.amendment.kind == AmendmentKind.INSERT]
    clashes = tuple(
        Clash(tuple(sorted(numbers[pk] for pk in conflict.ids)), block.text[conflict.start : conflict.end].strip())
        for conflict in merged.conflicts
    )
    text = settlement.text if settlement else merged.text
    insertions = tuple(Insertion(inserted_label(label, place), note) for place, note in enumerate(added))
    return BlockView(block, label, notes, settlement, textkit.segments(block.text, text), clashes, insertions)


def inserted_label(label: str, place: int) -> str:
    """Return how drafters call the new paragraph at `place` (0 is the first) after the one with `label`: "OP3 bis". Pure."""
    return f"{label} {ORDER[min(place, len(ORDER) - 1)]}".strip()


def _note(number: int, amendment: Amendment, block: Block, *, meets: bool) -> Note:
    if amendment.kind == AmendmentKind.REPLACE:
        segments = excerpt(textkit.segments(block.text, amendment.proposed_text))
    elif amendment.kind == AmendmentKind.DELETE:
        segments = (Segment("delete", block.text),)
    else:
        segments = (Segment("insert", amendment.text),)
    return Note(number, amendment, segments, meets and amendment.state == AmendmentState.OPEN)


def excerpt(segments: Sequence[Segment], words: int = AROUND) -> tuple[Segment, ...]:
    """Return the changes with some words of what stays around them, an ellipsis for the rest."""
    last = len(segments) - 1
    return tuple(
        Segment("keep", _near(segment.text, words, first=i == 0, last=i == last)) if segment.kind == "keep" else segment
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
    """Return how many amendments there are, from how many agencies; how many are open, collide, merge cleanly; taken, adapted, declined.

    Of amendments that were not read (`folded`) only the first two are known. Pure.
    """
    views = list(views)
    notes = [note for view in views for note in view.every]
    unread = [agency for view in views if not view.every for agency in view.folded]
    states = [note.amendment.state for note in notes]
    return {
        "all": len(notes) + len(unread),
        "agencies": len({note.amendment.agency_id for note in notes}.union(unread)),
        "conflicts": sum(note.conflict for note in notes),
        "clean": sum(
            note.look == "open" and (view.mergeable or note.amendment.kind == AmendmentKind.INSERT) for view in views for note in view.every
        ),
        **{state.value: states.count(state) for state in AmendmentState},
    }
