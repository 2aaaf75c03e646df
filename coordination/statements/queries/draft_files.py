"""Export a draft as a Word file, with its cover and comments."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from coordination.core import formatting, languages
from coordination.core.models import Group
from coordination.statements.enums import StatementState
from coordination.statements.models import Draft
from coordination.statements.queries import drafts, word_exports
from coordination.statements.wordkit.plan import BaseParagraph, PlannedParagraph, Policy
from coordination.statements.wordkit.record import Cover, FiledDraft, FileRecord, Words
from coordination.textkit import canonical


def draft_document(
    draft: Draft,
    planned: Iterable[PlannedParagraph],
    lines: Sequence[str],
    *,
    own_group: Group,
    at: datetime,
    is_newest: bool = True,
) -> bytes:
    """Return a Word file of a draft of a statement.

    `planned` are its paragraphs with their changes, `lines` what the file tells of these. One query
    where the draft is not circulated.
    """
    sha256 = draft.sha256 or canonical.fingerprint(drafts.blocks_of(draft))
    source = FiledDraft(draft.statement.symbol, draft.number, sha256)
    # lxml takes much of each web process, and most never write a document
    from coordination.statements.wordkit import writer

    return writer.tracked_document(
        draft_record(draft, own_group, at).of_draft(source),
        source,
        draft_cover(draft, lines, own_group, is_newest=is_newest),
        planned,
        comment_words(own_group),
    )


def draft_record(draft: Draft, own_group: Group, at: datetime) -> FileRecord:
    """Return what a Word file of a draft says of itself. Pure."""
    statement = draft.statement
    return FileRecord(
        statement.title,
        own_group.name,
        statement.language,
        at,
        languages.is_right_to_left(statement.language),
        (statement.symbol, _("Draft %(number)s") % {"number": draft.number}),
    )


def draft_cover(draft: Draft, lines: Sequence[str], own_group: Group, *, is_newest: bool) -> Cover:
    """Return the cover of a draft: what it is, its deadline.

    Pure.
    """
    statement = draft.statement

    def moment(at: datetime) -> str:
        # the file goes on to people in other zones
        zone = (own_group.zone, own_group.zone_city)
        return formatting.both_times(at, *zone, *zone)

    number = {"number": draft.number}
    cover = [f"{own_group.name} · {statement.symbol}"]
    if draft.circulated_at:
        cover.append(
            _("Draft %(number)s of %(day)s") % {**number, "day": moment(draft.circulated_at)}
        )
    else:
        cover.append(_("Draft %(number)s, in preparation") % number)
    is_open = statement.state == StatementState.AMENDMENTS and is_newest
    if is_open and statement.amendments_until:
        cover.append(
            _("Amendments until %(moment)s") % {"moment": moment(statement.amendments_until)}
        )
    return Cover((*cover, *lines), _("— end of text —"), get_language() or "")


def comment_words(own_group: Group) -> Words:
    """Return the words of comments in the reader's language. Pure."""
    return Words(
        {
            "reason": "",
            "supports": _("Supports this change."),
            "alternative": _("Alternative for “%(words)s”: “%(text)s”"),
            "deletion": _("Proposes to delete “%(words)s”."),
            "whole_deletion": _("Proposes to delete this paragraph."),
        },
        _("Co-sponsored by %(agencies)s."),
        own_group.zone,
        get_language() or "",
    )


def lines_of(policy: Policy, amended: Iterable[BaseParagraph]) -> list[str]:
    """Return what a file with amendments tells of them: whose stand where. Pure."""
    if policy.kind == "single":
        return [_("The amendments of %(agency)s, as tracked changes.") % {"agency": policy.agency}]
    line = (
        _("Where several agencies change the same words, each proposal is in square brackets.")
        if policy.kind == "brackets"
        else lead_line(policy.agency)
    )
    return [line, _("Amendments: %(agencies)s") % {"agencies": who_proposes(amended)}]


def lead_line(agency: str) -> str:
    """Return whose changes are tracked where several change the same words. Pure."""
    if not agency:
        return _(
            "Each tracked change is by the agency that proposes it. Where several change the same"
            " words, the first is tracked; the others are comments."
        )
    return _(
        "Each tracked change is by the agency that proposes it. Where several change the same"
        " words, that of %(agency)s is tracked, or else the first; the others are comments."
    ) % {"agency": agency}


def who_proposes(amended: Iterable[BaseParagraph]) -> str:
    """Return where each agency proposes: "ILO (OP 3); WHO (PP 1, OP 2)".

    Pure.
    """
    places = word_exports.places_by_agency(amended)
    return "; ".join(f"{agency} ({', '.join(found)})" for agency, found in places.items())
