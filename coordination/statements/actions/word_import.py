"""Receive, review, propose and discard Word files from agencies.

Loaded where it is needed: with lxml it takes 7 MiB of a process.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from coordination.core import history, permissions, versions
from coordination.core.errors import Stale
from coordination.core.permissions import On
from coordination.core.queries import day_in_group
from coordination.core.uploads import sentence
from coordination.filekit.refusals import Refused
from coordination.members.actions.limits import record_limit_hits, refuse_above_limit
from coordination.members.enums import LimitKind
from coordination.members.models import Agency, Person
from coordination.statements.actions import guards
from coordination.statements.actions.amending_many import NewAmendment, amend_many
from coordination.statements.actions.amendments import AmendmentInput
from coordination.statements.actions.word_inputs import Kept, SentFile
from coordination.statements.enums import (
    CIRCULATED_STATES,
    WORD_FILE_LIFE,
    AmendmentKind,
    StatementsChange,
    WordFileState,
)
from coordination.statements.errors import FileEnded, FileOfAnother, NothingKept, NoWordText
from coordination.statements.models import Amendment, Draft, Statement, WordAuthor, WordFile
from coordination.statements.queries import drafts, received_files, statements, word_review
from coordination.statements.queries.statements import Access
from coordination.statements.queries.word_review import ReviewItem
from coordination.statements.wordkit.document import ReadDocument
from coordination.statements.wordkit.matching import origin_of
from coordination.statements.wordkit.new_text import NewText, new_text
from coordination.statements.wordkit.reader import read_document

LONGEST_NAME = 200


def read_file(content: bytes) -> ReadDocument:
    """Read a Word file; raise NoWordText if it is unreadable."""
    try:
        return read_document(content)
    except Refused as refused:
        raise NoWordText(sentence(refused), field="file") from refused


def text_for_draft(content: bytes) -> NewText:
    """Return a Word file's text for a new draft.

    Its changes are accepted. Raises NoWordText.
    """
    text = new_text(read_file(content))
    if not text.text.strip():
        raise NoWordText(_("This file has no words."), field="file")
    return text


# outside the transaction: a refused file rolls back, but the hit of the limit must be stored
@record_limit_hits
@transaction.atomic
def receive_file(
    statement: Statement, sent: SentFile, *, agency: Agency, by: Person, at: datetime
) -> WordFile:
    """Store a Word file with changes to a circulated draft.

    Nothing is proposed yet. Raises NoWordText for a file that cannot be read, FileOfAnother for
    one that was made from another statement, LimitReached for too many files within an hour.
    """
    statement = guards.lock_statement(statement.pk)
    newest = drafts.latest_draft(statement)
    permissions.require(by, "statements.amend", On(day_in_group(at), newest))
    guards.require_agency(by, agency, at)
    guards.refuse_outsider(statement, agency, at)
    guards.refuse_state(statement, *CIRCULATED_STATES)
    refuse_above_limit(
        LimitKind.WORD_FILES, received_files.files_sent, by=by, at=at, adding=1, field="file"
    )
    content = sent.file.read()
    sent.file.seek(0)
    document = read_file(content)
    word_file = WordFile(
        statement=statement,
        draft=_draft_of(document, statement, newest),
        agency=agency,
        sent_by=by,
        sent_at=at,
        file=sent.file,
        name=guards.clean_line(sent.name)[-LONGEST_NAME:] or "draft.docx",
        sha256=hashlib.sha256(content).hexdigest(),
    )
    history.sign(word_file, by=by, reason=StatementsChange.WORD_FILE_RECEIVED)
    word_file.save()
    return word_file


def _draft_of(document: ReadDocument, statement: Statement, newest: Draft) -> Draft:
    """Return the draft from which a file was made, by default the newest.

    The draft is circulated.
    """
    origin = origin_of(document)
    if origin.symbol and origin.symbol != statement.symbol:
        raise FileOfAnother(
            _("This file was made from %(symbol)s. Send it on the page of that statement.")
            % {"symbol": origin.symbol},
            field="file",
        )
    named = statement.drafts.filter(number=origin.draft, circulated_at__isnull=False).first()
    return named or newest


def _lock(word_file: WordFile, version: int, *, by: Person, at: datetime) -> WordFile:
    """Lock a file under review at the seen version.

    Raises NotAllowed, FileEnded or Stale.
    """
    statement = guards.lock_statement(word_file.statement_id)
    guards.require_agency(by, word_file.agency, at)
    locked = (
        WordFile.objects.select_for_update(of=("self",))
        .select_related("agency", "draft")
        .get(pk=word_file.pk)
    )
    if not WORD_FILE_LIFE.allows(locked.state, WordFileState.DISCARDED):
        raise FileEnded(
            _("This file is “%(state)s” already.") % {"state": WordFileState(locked.state).label}
        )
    locked.statement = statement
    versions.claim(locked, version)
    return locked


@transaction.atomic
def name_authors(
    word_file: WordFile,
    agencies: Mapping[str, Agency | None],
    *,
    version: int,
    by: Person,
    at: datetime,
) -> WordFile:
    """Set the agency of each author in a file.

    None leaves the changes of an author out. The next file of the same agency is read in the
    same way. Names that the file does not have are ignored. Raises NotParticipating for an
    agency that is not asked.
    """
    word_file = _lock(word_file, version, by=by, at=at)
    document = read_file(word_review.content_of(word_file))
    known = {row.name: row for row in WordAuthor.objects.filter(said_by=word_file.agency)}
    for name in document.authors:
        if name not in agencies:
            continue
        agency = agencies[name]
        if agency is not None:
            guards.refuse_outsider(word_file.statement, agency, at)
        author = known.get(name) or WordAuthor(
            said_by=word_file.agency, name=name[:LONGEST_NAME], version=0
        )
        if author.pk and author.writes_for == agency:
            continue
        author.writes_for, author.version = agency, author.version + 1
        history.sign(author, by=by, reason=StatementsChange.WORD_AUTHOR_NAMED)
        author.save()
    word_file.save(update_fields=["version"])
    return word_file


@transaction.atomic
def propose_changes(
    word_file: WordFile,
    kept: Kept,
    access: Access,
    *,
    version: int,
    by: Person,
    at: datetime,
) -> list[Amendment]:
    """Propose a file's kept changes as amendments to the newest draft.

    All or none. A change of another agency is recorded by the chair's team and marked so.
    Raises NothingKept, Stale when a kept change is not there any more, and the errors of
    `amend_many`.
    """
    word_file = _lock(word_file, version, by=by, at=at)
    participants = list(statements.participants_on(word_file.statement_id, day_in_group(at)))
    review = word_review.review(
        word_file,
        access,
        participants=participants,
        newest=drafts.latest_draft(word_file.statement),
    )
    if not kept.ids:
        raise NothingKept(_("Tick at least one change, or discard the file."))
    if not review.by_id.keys() >= set(kept.ids):
        raise Stale(
            _("The draft or the amendments changed while you looked. Look at the file once more."),
            current=word_file,
        )
    items = [item for key, item in review.by_id.items() if key in kept.ids]
    proposed = amend_many(
        word_file.statement,
        [_entry(together, kept) for together in _by_amendment(items)],
        word_file,
        by=by,
        at=at,
    )
    _end(word_file, WordFileState.PROPOSED, by=by, at=at)
    return proposed


def _by_amendment(items: list[ReviewItem]) -> list[list[ReviewItem]]:
    """Group the items that make one amendment together.

    They are the tracked and untracked words of a block.
    """
    groups: dict[tuple[object, ...], list[ReviewItem]] = {}
    for item in items:
        apart = item.id if item.kind == AmendmentKind.INSERT else ""
        groups.setdefault((item.agency.pk, item.block.key, apart), []).append(item)
    return list(groups.values())


def _entry(together: list[ReviewItem], kept: Kept) -> NewAmendment:
    """Return the amendment that items make together."""
    item = min(together, key=lambda one: one.is_untracked)
    text = item.text if len(together) == 1 else item.together
    reasons = dict.fromkeys(filter(None, (kept.reason_of(one.id) for one in together)))
    proposal = AmendmentInput(text, "\n".join(reasons), item.kind, item.new_kind)
    return NewAmendment(item.block, proposal, item.agency, item.id, item.existing)


@transaction.atomic
def discard_file(word_file: WordFile, *, version: int, by: Person, at: datetime) -> WordFile:
    """Discard a file, which stays on record.

    Raises FileEnded or Stale.
    """
    word_file = _lock(word_file, version, by=by, at=at)
    _end(word_file, WordFileState.DISCARDED, by=by, at=at)
    return word_file


ENDED_AS = {
    WordFileState.PROPOSED: StatementsChange.WORD_FILE_PROPOSED,
    WordFileState.DISCARDED: StatementsChange.WORD_FILE_DISCARDED,
}


def _end(word_file: WordFile, state: WordFileState, *, by: Person, at: datetime) -> None:
    word_file.state, word_file.ended_at = state, at
    history.sign(word_file, by=by, reason=ENDED_AS[state])
    word_file.save(update_fields=["state", "ended_at", "version"])
