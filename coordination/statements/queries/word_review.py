"""Compare a Word file's proposals with the newest draft, for review.

Loaded where it is needed: with lxml it takes 7 MiB of a process.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from django.utils.text import Truncator
from django.utils.translation import ngettext

from coordination.members.models import Agency, Appointment
from coordination.statements.enums import AmendmentKind, BlockKind
from coordination.statements.models import Amendment, Block, Draft, WordAuthor, WordFile
from coordination.statements.queries import amendments, drafts, labels
from coordination.statements.queries.block_views import excerpt
from coordination.statements.queries.statements import Access
from coordination.statements.wordkit.document import ReadDocument
from coordination.statements.wordkit.matching import (
    DraftBlock,
    FileProposal,
    Matching,
    PlacedComment,
    is_typographic,
    match,
)
from coordination.statements.wordkit.reader import read_document
from coordination.textkit import blocks as blocks_textkit
from coordination.textkit import segmentation
from coordination.textkit.diffs import changes
from coordination.textkit.hunks import apply, hunks_of
from coordination.textkit.rebasing import rebase
from coordination.textkit.segmentation import Segment

LOST_WORDS = 12
IGNORED: dict[str, Callable[[int], str]] = {
    "own line": lambda n: ngettext(
        "%(n)d changed line above or below the text is ignored.",
        "%(n)d changed lines above or below the text are ignored.",
        n,
    ),
    "formatting": lambda n: ngettext(
        "%(n)d change of formatting is ignored.", "%(n)d changes of formatting are ignored.", n
    ),
    "table cell": lambda n: ngettext(
        "%(n)d inserted or deleted table cell is ignored.",
        "%(n)d inserted or deleted table cells are ignored.",
        n,
    ),
    "picture": lambda n: ngettext("%(n)d picture is ignored.", "%(n)d pictures are ignored.", n),
    "text box": lambda n: ngettext(
        "%(n)d change in a text box is ignored.", "%(n)d changes in text boxes are ignored.", n
    ),
    "header": lambda n: ngettext(
        "%(n)d change in a header is ignored.", "%(n)d changes in headers are ignored.", n
    ),
    "footer": lambda n: ngettext(
        "%(n)d change in a footer is ignored.", "%(n)d changes in footers are ignored.", n
    ),
    "footnotes": lambda n: ngettext(
        "%(n)d change in a footnote is ignored.", "%(n)d changes in footnotes are ignored.", n
    ),
    "endnotes": lambda n: ngettext(
        "%(n)d change in an endnote is ignored.", "%(n)d changes in endnotes are ignored.", n
    ),
}
KINDS = {kind.value: kind for kind in AmendmentKind}


@dataclass(frozen=True, slots=True)
class FileAuthor:
    """An author of tracked changes, and the agency they write for.

    `agency` is None if their changes are left out. `is_sure`: an agency said so before, or the name
    is that of an agency.
    """

    name: str
    count: int
    agency: Agency | None
    is_sure: bool
    email: str = ""


@dataclass(frozen=True)  # no slots: a cached_property needs a __dict__
class ReviewItem:
    """A change of a file that a person keeps or drops.

    `block` is of the newest draft, for a new paragraph the one after which it comes. `text` is what
    the paragraph would read, `together` the same with what is not tracked. `existing` is an open
    amendment of the agency that it would replace. `is_certain` is False where the words around it
    are others now.
    """

    agency: Agency
    authors: tuple[str, ...]
    kind: AmendmentKind
    block: Block
    label: str
    text: str
    together: str = ""
    is_untracked: bool = False
    is_certain: bool = True
    is_typographic: bool = False
    is_heading: bool = False
    existing: Amendment | None = None
    reason: str = ""
    may_keep: bool = True
    is_own: bool = True

    @cached_property
    def id(self) -> str:
        """Return a name that is the same as long as the change is."""
        words = (self.agency.pk, self.kind, self.block.key, self.text, self.is_untracked)
        return hashlib.sha256(repr(words).encode()).hexdigest()[:12]

    @property
    def own_name(self) -> tuple[str, ...]:
        """Return the agency's name as the only author, which says nothing more."""
        return (self.agency.acronym,)

    @property
    def kept_at_first(self) -> bool:
        """Say whether it is ticked when the page opens.

        What is recorded for another agency the chair ticks by hand.
        """
        return self.is_own and self.is_certain and self.existing is None

    @cached_property
    def segments(self) -> tuple[Segment, ...]:
        """Return the words that change, with some context."""
        if self.kind == AmendmentKind.REPLACE:
            return excerpt(segmentation.segments(self.block.text, self.text))
        if self.kind == AmendmentKind.DELETE:
            return (Segment("delete", self.block.text),)
        return (Segment("insert", self.text),)

    @property
    def new_kind(self) -> BlockKind | None:
        """Return a new paragraph's kind if the file says it."""
        return BlockKind.HEADING if self.is_heading else None


@dataclass(frozen=True, slots=True)
class LostChange:
    """A change of a file without a place in the newest draft."""

    agency: Agency
    label: str
    words: str


@dataclass(frozen=True)  # no slots: a cached_property needs a __dict__
class Review:
    """A Word file beside the newest draft.

    `items` are what the reader can keep, in the order of the text. `others` are the changes of
    other agencies, which the chair alone can record. `known` is the number of changes that are
    proposed or in the draft already, `left_out` that of authors who are left out.
    """

    file: WordFile
    draft: Draft
    document: ReadDocument
    authors: tuple[FileAuthor, ...]
    items: tuple[ReviewItem, ...]
    others: tuple[ReviewItem, ...] = ()
    lost: tuple[LostChange, ...] = ()
    known: int = 0
    left_out: int = 0
    comments: tuple[PlacedComment, ...] = ()
    own_line_changes: int = 0

    @property
    def ignored_lines(self) -> list[str]:
        """Return a sentence for each ignored kind of content in the file."""
        counts = dict(self.document.ignored)
        if self.own_line_changes:
            counts["own line"] = self.own_line_changes
        return [IGNORED[name](count) % {"n": count} for name, count in counts.items()]

    @property
    def is_older(self) -> bool:
        """Say whether the file was made from an older draft."""
        return self.file.draft_id != self.draft.pk

    @cached_property
    def by_id(self) -> dict[str, ReviewItem]:
        """Return the items that the reader may keep, by id."""
        return {item.id: item for item in (*self.items, *self.others) if item.may_keep}


@dataclass(frozen=True, slots=True)
class _Beside:
    """The draft beside a file, with the agencies' proposals to it."""

    old: Mapping[str, Block]
    new: Mapping[str, Block]
    labels: Mapping[str, str]
    standing: Sequence[Amendment]

    def existing(self, agency: Agency, item: ReviewItem) -> Amendment | None:
        """Return the agency's open amendment to the words of a paragraph."""
        if item.kind == AmendmentKind.INSERT:
            return None
        return next(
            (
                one
                for one in self.standing
                if one.agency_id == agency.pk
                and one.block_id == item.block.pk
                and one.kind != AmendmentKind.INSERT
            ),
            None,
        )

    def is_known(self, agency: Agency, item: ReviewItem) -> bool:
        """Say whether the agency proposes exactly this already, or the draft has it."""
        is_in_draft = item.kind == AmendmentKind.REPLACE and item.text == item.block.text
        return is_in_draft or any(
            one.agency_id == agency.pk
            and one.block_id == item.block.pk
            and (one.kind, one.proposed_text) == (item.kind, item.text)
            for one in self.standing
        )


def draft_blocks(blocks: Sequence[Block]) -> list[DraftBlock]:
    """Return the blocks of a draft as wordkit takes them."""
    numbers = blocks_textkit.label(blocks)
    return [
        DraftBlock(block.key, number, block.kind, block.text)
        for block, number in zip(blocks, numbers, strict=True)
    ]


def content_of(word_file: WordFile) -> bytes:
    """Return the file as it came."""
    with word_file.file.open("rb") as file:
        content: bytes = file.read()
    return content


def review(
    word_file: WordFile, access: Access, *, participants: Sequence[Agency], newest: Draft
) -> Review:
    """Return what a file proposes to the draft `newest`; `participants` may propose.

    A reader keeps changes of their own agencies; the chair's team those of the others too.
    """
    document = read_document(content_of(word_file))
    old, new = (
        (drafts.blocks_of(newest),) * 2
        if newest.pk == word_file.draft_id
        else drafts.blocks_of_both(word_file.draft, newest)
    )
    matching = match(document, draft_blocks(old))
    authors = tuple(file_authors(document, word_file.agency, participants))
    beside = _Beside(
        {block.key: block for block in old},
        {block.key: block for block in new},
        dict(zip((block.key for block in new), labels.block_labels(new), strict=True)),
        list(amendments.open_amendments(newest)),
    )
    found, lost, known = _items(matching, authors, word_file.agency, beside)
    own_keys = access.agency_keys
    items, others = [], []
    for item in found:
        if item.agency.pk in own_keys:
            items.append(item)
        else:
            others.append(_not_ours(item, is_chair=access.chair))
    return Review(
        word_file,
        newest,
        document,
        authors,
        tuple(items),
        tuple(others),
        tuple(lost),
        known,
        sum(author.count for author in authors if author.agency is None),
        tuple(_unused(matching.comments(), found)),
        matching.own_line_changes,
    )


def _unused(
    comments: Iterable[PlacedComment], items: Iterable[ReviewItem]
) -> Iterator[PlacedComment]:
    """Yield the comments that are no reason of a change."""
    used = {(item.block.key, author) for item in items for author in item.authors}
    for placed in comments:
        if (placed.key, placed.comment.author) not in used:
            yield placed


def file_authors(
    document: ReadDocument, own: Agency, participants: Sequence[Agency]
) -> Iterator[FileAuthor]:
    """Yield the authors of a file with their agencies; three queries.

    An agency is known by what `own` said before, by its name, or by the domain of the author's
    e-mail address. All others write for `own`.
    """
    known = {
        row.name: row.writes_for
        for row in WordAuthor.objects.filter(said_by=own).select_related("writes_for")
    }
    by_name = {
        name.casefold(): agency for agency in participants for name in (agency.acronym, agency.name)
    }
    by_domain = _agencies_by_domain(document.emails.values(), participants)
    for name, count in document.authors.items():
        email = document.emails.get(name, "")
        named = by_name.get(name.strip().casefold())
        domain = by_domain.get(email.rpartition("@")[2])
        agency = known.get(name, named or domain or own)
        yield FileAuthor(name, count, agency, name in known or named is not None, email)


def _agencies_by_domain(emails: Iterable[str], participants: Sequence[Agency]) -> dict[str, Agency]:
    """Return the agency of each e-mail domain that no other uses.

    Domains of the agencies' focal points.
    """
    domains = {email.rpartition("@")[2] for email in emails if email}
    if not domains:
        return {}
    found: dict[str, set[int]] = {}
    appointed = Appointment.objects.filter(agency__in=participants, person__email__isnull=False)
    for email, agency in appointed.values_list("person__email", "agency"):
        found.setdefault(str(email).rpartition("@")[2].lower(), set()).add(agency)
    by_key = {agency.pk: agency for agency in participants}
    return {
        domain: by_key[next(iter(found[domain]))]
        for domain in domains
        if len(found.get(domain, ())) == 1
    }


def _items(
    matching: Matching, authors: Sequence[FileAuthor], own: Agency, beside: _Beside
) -> tuple[list[ReviewItem], list[LostChange], int]:
    """Return a file's changes, its unplaced changes in text order, and a count.

    The count is of those that are proposed or in the draft already.
    """
    by_agency: dict[Agency, list[str]] = {}
    for author in authors:
        if author.agency is not None:
            by_agency.setdefault(author.agency, []).append(author.name)
    found: list[ReviewItem] = []
    lost: list[LostChange] = []
    known = 0
    proposed = [
        (own, True, matching.untracked()),
        *((agency, False, matching.proposals(names)) for agency, names in by_agency.items()),
    ]
    for agency, is_untracked, proposals in proposed:
        for proposal in proposals:
            item = _item(proposal, agency, beside, is_untracked=is_untracked)
            if item is None:
                lost.append(_lost(proposal, agency, beside))
            elif beside.is_known(agency, item):
                known += 1
            else:
                found.append(_with_reason(item, matching, beside))
    places = {key: place for place, key in enumerate(beside.new)}
    found.sort(key=lambda item: places[item.block.key])
    return found, lost, known


def _item(
    proposal: FileProposal, agency: Agency, beside: _Beside, *, is_untracked: bool
) -> ReviewItem | None:
    """Return a proposal beside the newest draft.

    None if its paragraph is gone.
    """
    key = proposal.key or next(iter(beside.old), "")
    block, old = beside.new.get(key), beside.old.get(key)
    if block is None or old is None:
        return None
    text, together, certain = proposal.text, proposal.with_untracked, proposal.certain
    if proposal.kind == "replace" and old.text != block.text:
        rebased = rebase(hunks_of(changes(old.text, text)), old.text, block.text)
        text, certain = apply(block.text, rebased.hunks), certain and rebased.certain
        together = text
    elif proposal.kind == "delete":
        certain = certain and old.text == block.text
    return ReviewItem(
        agency,
        tuple(sorted(proposal.authors)),
        KINDS[proposal.kind],
        block,
        beside.labels[key],
        text,
        together,
        is_untracked=is_untracked,
        is_certain=certain and bool(proposal.key),
        is_typographic=is_typographic(proposal, old.text),
        is_heading=proposal.heading,
    )


def _with_reason(item: ReviewItem, matching: Matching, beside: _Beside) -> ReviewItem:
    """Add the amendment to replace and the comments' reasons.

    The comments are beside the change.
    """
    existing = beside.existing(item.agency, item)
    reasons = [
        placed.comment.text
        for placed in matching.comments()
        if placed.key == item.block.key and placed.comment.author in item.authors
    ]
    reason = "\n".join(dict.fromkeys(reasons)) or (existing.rationale if existing else "")
    return replace(item, existing=existing, reason=reason)


def _not_ours(item: ReviewItem, *, is_chair: bool) -> ReviewItem:
    """Return a change of an agency for which the reader does not act."""
    recordable = is_chair and item.existing is None and not item.is_untracked
    return replace(item, may_keep=recordable, is_own=False)


def _lost(proposal: FileProposal, agency: Agency, beside: _Beside) -> LostChange:
    old = beside.old.get(proposal.key)
    words = old.text if old else ""
    return LostChange(agency, Truncator(words).words(LOST_WORDS), proposal.text or words)
