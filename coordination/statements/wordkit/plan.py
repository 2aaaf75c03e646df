"""What a Word file with tracked changes says: the specification of the writer.

Several agencies may change the same words, but Word can hold only one tracked change at a place. A
policy decides what becomes of the others. To reject all changes of a plan gives exactly the base;
to accept all gives what `accepted` returns.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from coordination.textkit.hunks import Change, Hunk, apply

ProposalKind = Literal["edit", "delete", "insert"]
PolicyKind = Literal["lead", "brackets", "single"]
PieceKind = Literal["keep", "delete", "insert"]
# reason: why an agency proposes its change; supports: the same change by another agency;
# alternative: other words for words that a tracked change has; deletion: these words go;
# whole_deletion: the paragraph goes, though others edit it
NoteKind = Literal["reason", "supports", "alternative", "deletion", "whole_deletion"]


@dataclass(frozen=True, slots=True)
class AgencyProposal:
    """What one agency proposes to one paragraph.

    An edit has `changes` of the base, a new paragraph after it `text`, `block_kind` and `label`.
    `place` is the place among new paragraphs that the chair gave, 0 without one.
    """

    agency: str
    at: datetime
    kind: ProposalKind = "edit"
    changes: tuple[Change, ...] = ()
    text: str = ""
    reason: str = ""
    cosponsors: tuple[str, ...] = ()
    block_kind: str = "body"
    label: str = ""
    place: int = 0

    @property
    def names(self) -> tuple[str, ...]:
        """The agency and its co-sponsors."""
        return (self.agency, *self.cosponsors)


@dataclass(frozen=True, slots=True)
class Policy:
    """What becomes of changes of several agencies to the same words.

    - lead: the changes of the agency `agency`, else the earliest, are tracked, the others are
      comments.
    - brackets: the words are deleted once, and each agency inserts its own in square brackets.
    - single: the file has the changes of the agency `agency` alone.

    `deletion` stands in the brackets of an agency that deletes the words.
    """

    kind: PolicyKind
    agency: str = ""
    deletion: str = "delete"


@dataclass(frozen=True, slots=True)
class PlanPiece:
    """A kept, deleted or inserted run; changes have an author."""

    kind: PieceKind
    text: str
    author: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PlanNote:
    """A comment of an agency on the `span` pieces before it.

    `words` are those of the base that it is about, `text` its own words for them.
    """

    note: NoteKind
    author: str
    at: datetime
    span: int
    words: str = ""
    text: str = ""
    reason: str = ""
    cosponsors: tuple[str, ...] = ()
    kind: Literal["note"] = "note"


Pieces = tuple[PlanPiece | PlanNote, ...]


@dataclass(frozen=True, slots=True)
class BaseParagraph:
    """A paragraph of the base with the proposals to it."""

    key: str
    kind: str
    label: str
    text: str
    proposals: tuple[AgencyProposal, ...] = ()


@dataclass(frozen=True, slots=True)
class PlannedParagraph:
    """A paragraph of the file. `mark` says what happens to the paragraph itself.

    A new one has the key "". A changed mark has the author and moment of that change.
    """

    key: str
    kind: str
    label: str
    pieces: Pieces
    mark: PieceKind = "keep"
    author: str = ""
    at: datetime | None = None


def rejected(pieces: Iterable[PlanPiece | PlanNote]) -> str:
    """Return the text once all changes are rejected: the base."""
    return "".join(piece.text for piece in texts(pieces) if piece.kind != "insert")


def accepted(pieces: Iterable[PlanPiece | PlanNote]) -> str:
    """Return the text once all changes are accepted."""
    return "".join(piece.text for piece in texts(pieces) if piece.kind != "delete")


def texts(pieces: Iterable[PlanPiece | PlanNote]) -> list[PlanPiece]:
    """Return the pieces without the notes."""
    return [piece for piece in pieces if isinstance(piece, PlanPiece)]


def rejected_document(paragraphs: Iterable[PlannedParagraph]) -> list[str]:
    """Return the texts of the paragraphs once all changes are rejected."""
    return [rejected(each.pieces) for each in paragraphs if each.mark != "insert"]


def accepted_document(paragraphs: Iterable[PlannedParagraph]) -> list[str]:
    """Return the texts of the paragraphs once all changes are accepted."""
    return [accepted(each.pieces) for each in paragraphs if each.mark != "delete"]


def plan_document(paragraphs: Iterable[BaseParagraph], policy: Policy) -> list[PlannedParagraph]:
    """Return the paragraphs of a file, new ones after those that they follow."""
    planned: list[PlannedParagraph] = []
    for paragraph in paragraphs:
        proposals = _chosen(paragraph.proposals, policy)
        planned.append(_planned(paragraph, proposals, policy))
        new = sorted(
            (each for each in proposals if each.kind == "insert"),
            key=lambda each: (each.place, *_order(each)),
        )
        planned += map(_new_paragraph, _same_paragraphs(new))
    return planned


def plan(base: str, proposals: Iterable[AgencyProposal], policy: Policy) -> Pieces:
    """Return the pieces of a paragraph's text, with the edits of it.

    Deletions of the whole paragraph are comments on the edits of others, because a deleted
    paragraph would leave their words in the next one. Without edits they are pieces of
    `plan_document`. New paragraphs are left out.
    """
    chosen = _chosen(proposals, policy)
    items = _items(each for each in chosen if each.kind == "edit")
    pieces = tuple(_EditsPlan(base, items, policy).pieces())
    span = len(texts(pieces))
    deleters = (each for each in chosen if each.kind == "delete")
    return (*pieces, *(_note("whole_deletion", each, span) for each in deleters))


def _planned(
    paragraph: BaseParagraph, proposals: Sequence[AgencyProposal], policy: Policy
) -> PlannedParagraph:
    """Plan a paragraph of the base.

    It is deleted where only its deletion is proposed.
    """
    deleters = [each for each in proposals if each.kind == "delete"]
    if not deleters or any(each.changes for each in proposals):
        pieces = plan(paragraph.text, proposals, policy)
        return PlannedParagraph(paragraph.key, paragraph.kind, paragraph.label, pieces)
    first = deleters[0]
    piece = PlanPiece("delete", paragraph.text, first.agency, first.at)
    return PlannedParagraph(
        paragraph.key,
        paragraph.kind,
        paragraph.label,
        (piece, *_reasons(deleters)),
        "delete",
        first.agency,
        first.at,
    )


def _new_paragraph(proposals: Sequence[AgencyProposal]) -> PlannedParagraph:
    """Return a new paragraph under its first proposing agency."""
    first = proposals[0]
    piece = PlanPiece("insert", first.text, first.agency, first.at)
    return PlannedParagraph(
        "",
        first.block_kind,
        first.label,
        (piece, *_reasons(proposals)),
        "insert",
        first.agency,
        first.at,
    )


def _same_paragraphs(proposals: Iterable[AgencyProposal]) -> list[list[AgencyProposal]]:
    """Return the new paragraphs in order, equal ones of several agencies together."""
    same: dict[tuple[str, str], list[AgencyProposal]] = {}
    for each in proposals:
        same.setdefault((each.block_kind, each.text), []).append(each)
    return list(same.values())


def _chosen(proposals: Iterable[AgencyProposal], policy: Policy) -> list[AgencyProposal]:
    """Return the proposals that the file has, in order."""
    chosen = sorted(proposals, key=_order)
    if policy.kind == "single":
        return [each for each in chosen if each.agency == policy.agency]
    return chosen


def _order(proposal: AgencyProposal) -> tuple[datetime, str]:
    return proposal.at, proposal.agency


def _reasons(proposals: Sequence[AgencyProposal]) -> Iterator[PlanNote]:
    """Yield the first agency's reason and the others' support."""
    first, *others = proposals
    if first.reason or first.cosponsors:
        yield _note("reason", first, 1)
    for other in others:
        yield _note("supports", other, 1)


def _note(kind: NoteKind, proposal: AgencyProposal, span: int) -> PlanNote:
    return PlanNote(
        kind,
        proposal.agency,
        proposal.at,
        span,
        reason=proposal.reason,
        cosponsors=proposal.cosponsors,
    )


@dataclass(frozen=True, slots=True)
class _Item:
    """One change with the agencies that propose it, in order."""

    change: Change
    proposals: tuple[AgencyProposal, ...]

    @property
    def order(self) -> tuple[int, int, datetime, str]:
        return self.change.start, self.change.end, *_order(self.proposals[0])

    def author(self, lead: str) -> AgencyProposal:
        """Return the lead's proposal, or else the first, as author."""
        return next((each for each in self.proposals if each.agency == lead), self.proposals[0])


def _items(edits: Iterable[AgencyProposal]) -> list[_Item]:
    """Return the changes by place, equal ones together."""
    by_hunks: dict[tuple[Hunk, ...], tuple[Change, list[AgencyProposal]]] = {}
    for proposal in edits:
        for change in proposal.changes:
            by_hunks.setdefault(change.hunks, (change, []))[1].append(proposal)
    items = (_Item(change, tuple(proposals)) for change, proposals in by_hunks.values())
    return sorted(items, key=lambda item: item.order)


def _clusters(items: Iterable[_Item]) -> Iterator[list[_Item]]:
    """Group the items that overlap or share a hunk.

    `items` are in order of place.
    """
    cluster: list[_Item] = []
    end, hunks = 0, set[Hunk]()
    for item in items:
        # insertions at the edge of a range do not overlap it, nor others at the same point
        if cluster and item.change.start >= end and hunks.isdisjoint(item.change.hunks):
            yield cluster
            cluster, hunks = [], set()
        end = max(end, item.change.end)
        cluster.append(item)
        hunks.update(item.change.hunks)
    if cluster:
        yield cluster


def _collide(item: _Item, other: _Item) -> bool:
    """Say whether two changes cannot both be tracked."""
    return any(_overlap(a, b) for a in item.change.hunks for b in other.change.hunks)


def _overlap(a: Hunk, b: Hunk) -> bool:
    # equal insertions: one change is part of the other, and would put the words in twice
    return a == b or (a.start < b.end and b.start < a.end)


class _EditsPlan:
    """Plans the edits of one paragraph, cluster by cluster."""

    def __init__(self, base: str, items: Sequence[_Item], policy: Policy) -> None:
        self.base, self.items, self.policy = base, items, policy
        self.rivals = _rival_points(items) if policy.kind == "brackets" else set[int]()
        self.explained: set[AgencyProposal] = set()

    def pieces(self) -> Iterator[PlanPiece | PlanNote]:
        """Yield the pieces of the whole text."""
        place = 0
        for cluster in _clusters(self.items):
            start, end = cluster[0].change.start, max(item.change.end for item in cluster)
            yield from self._kept(place, start)
            yield from self._cluster(cluster, start, end)
            place = end
        yield from self._kept(place, len(self.base))

    def _kept(self, start: int, end: int) -> Iterator[PlanPiece]:
        if start < end:
            yield PlanPiece("keep", self.base[start:end])

    def _cluster(
        self, cluster: Sequence[_Item], start: int, end: int
    ) -> Iterator[PlanPiece | PlanNote]:
        tracked = self._tracked(cluster)
        rest = [item for item in cluster if id(item) not in tracked]
        if rest and self.policy.kind == "brackets":
            yield from self._in_brackets(cluster, start, end)
            return
        chosen = [item for item in cluster if id(item) in tracked]
        pieces = list(self._changes(chosen, start, end))
        yield from pieces
        count = len(texts(pieces))
        for item in rest:
            yield from self._comments(item, chosen, (start, end), count)

    def _tracked(self, cluster: Sequence[_Item]) -> set[int]:
        """Return the ids of tracked changes: the lead's, then the earliest."""
        lead = self.policy.agency
        tracked: dict[int, _Item] = {}
        for item in sorted(
            cluster, key=lambda item: (item.author(lead).agency != lead, *_order(item.author(lead)))
        ):
            if not any(_collide(item, other) for other in tracked.values()):
                tracked[id(item)] = item
        return set(tracked)

    def _changes(
        self, items: Sequence[_Item], start: int, end: int
    ) -> Iterator[PlanPiece | PlanNote]:
        """Yield a range of the base with tracked changes."""
        hunks = sorted(
            ((hunk, item) for item in items for hunk in item.change.hunks),
            key=lambda each: (*each[0][:2], *_order(each[1].author(self.policy.agency))),
        )
        place, noted = start, set[int]()
        for hunk, item in hunks:
            yield from self._kept(place, hunk.start)
            pieces = list(self._change(hunk, item))
            yield from pieces
            # a change of several hunks is explained beside the first
            if id(item) not in noted:
                noted.add(id(item))
                yield from self._explanations(item, len(pieces))
            place = hunk.end
        yield from self._kept(place, end)

    def _change(self, hunk: Hunk, item: _Item) -> Iterator[PlanPiece]:
        author = item.author(self.policy.agency)
        if hunk.start < hunk.end:
            yield PlanPiece("delete", self.base[hunk.start : hunk.end], author.agency, author.at)
        if hunk.text:
            is_rival = hunk.start == hunk.end and hunk.start in self.rivals
            text = _bracketed(hunk.text, item.proposals) if is_rival else hunk.text
            yield PlanPiece("insert", text, author.agency, author.at)

    def _explanations(self, item: _Item, span: int) -> Iterator[PlanNote]:
        """Yield the reason of a tracked change, and the agencies that support it."""
        author = item.author(self.policy.agency)
        reason = self._explained("reason", author, span)
        if reason.reason or reason.cosponsors:
            yield reason
        for other in item.proposals:
            if other is not author:
                yield self._explained("supports", other, span)

    def _explained(self, kind: NoteKind, proposal: AgencyProposal, span: int) -> PlanNote:
        """Return a note; a proposal's first note has reason and co-sponsors."""
        note = _note(kind, proposal, span)
        if proposal in self.explained:
            return replace(note, reason="", cosponsors=())
        self.explained.add(proposal)
        return note

    def _comments(
        self, item: _Item, tracked: Sequence[_Item], cluster: tuple[int, int], span: int
    ) -> Iterator[PlanNote]:
        """Yield an untracked change as a comment of each proposing agency."""
        hunks = {hunk for other in tracked for hunk in other.change.hunks}
        start, end = item.change.start, item.change.end
        # an insertion is told by the words around it
        start, end = (start, end) if start < end else cluster
        text = _applied(self.base, item.change.hunks, start, end)
        kind: NoteKind = "alternative" if text else "deletion"
        for proposal in item.proposals:
            if hunks.issuperset(item.change.hunks):
                yield self._explained("supports", proposal, span)
            else:
                note = self._explained(kind, proposal, span)
                yield replace(note, words=self.base[start:end], text=text)

    def _in_brackets(
        self, cluster: Sequence[_Item], start: int, end: int
    ) -> Iterator[PlanPiece | PlanNote]:
        """Yield a range deleted once, with each agency's words for it."""
        words = self.base[start:end]
        wordings = self._wordings(cluster, start, end)
        first = next(iter(wordings.values()))[0]
        yield PlanPiece("delete", words, first.agency, first.at)
        for text, proposals in wordings.items():
            shown = text or _in_place_of(words, self.policy.deletion)
            author = proposals[0]
            yield PlanPiece("insert", _bracketed(shown, proposals), author.agency, author.at)
            for proposal in proposals:
                note = self._explained("reason", proposal, 1)
                if note.reason:
                    # the brackets name the co-sponsors
                    yield replace(note, cosponsors=())

    def _wordings(
        self, cluster: Sequence[_Item], start: int, end: int
    ) -> Mapping[str, list[AgencyProposal]]:
        """Return the range with each agency's own changes.

        In order of proposal.
        """
        hunks: dict[AgencyProposal, list[Hunk]] = {}
        for item in cluster:
            for proposal in item.proposals:
                hunks.setdefault(proposal, []).extend(item.change.hunks)
        wordings: dict[str, list[AgencyProposal]] = {}
        for proposal in sorted(hunks, key=_order):
            text = _applied(self.base, hunks[proposal], start, end)
            wordings.setdefault(text, []).append(proposal)
        return wordings


def _applied(base: str, hunks: Iterable[Hunk], start: int, end: int) -> str:
    """Return a range of the base with hunks applied."""
    inside = [Hunk(hunk.start - start, hunk.end - start, hunk.text) for hunk in hunks]
    return apply(base[start:end], inside)


def _rival_points(items: Iterable[_Item]) -> set[int]:
    """Return the points at which different words are inserted."""
    insertions = {hunk for item in items for hunk in item.change.hunks if hunk.start == hunk.end}
    points = Counter(hunk.start for hunk in insertions)
    return {point for point, count in points.items() if count > 1}


def _in_place_of(words: str, text: str) -> str:
    """Return `text` with the spaces that `words` have at their ends."""
    bare = words.strip()
    return words.replace(bare, text, 1) if bare else text


def _bracketed(text: str, proposals: Sequence[AgencyProposal]) -> str:
    """Return words in square brackets with their agencies, spaces at the ends outside.

    Spaces alone are made visible, as in the compilation.
    """
    if text.isspace():
        text = "".join("¶" if sign == "\n" else "␣" for sign in text)
    words = text.strip()
    before, _words, after = text.partition(words)
    names = dict.fromkeys(name for each in proposals for name in each.names)
    return f"{before}[{words} — {', '.join(names)}]{after}"
