"""A statement in other languages, and which text each version renders."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from coordination.core import history
from coordination.core.history import HistoryEntry
from coordination.statements.enums import BlockKind
from coordination.statements.models import Block, LanguageVersion, Statement
from coordination.textkit import blocks as blocks_textkit
from coordination.textkit import canonical


@dataclass(frozen=True, slots=True)
class RenderedBlock:
    """A paragraph in another language.

    `kind` is that of the paragraph that it renders. `is_older` says that this has other words by
    now, or is not in the text any more.
    """

    key: str
    kind: str
    text: str
    is_older: bool

    @property
    def is_heading(self) -> bool:
        """Say whether it is the title or a heading."""
        return self.kind in {BlockKind.TITLE, BlockKind.HEADING}


@dataclass(frozen=True, slots=True)
class ListedVersion:
    """A language of a statement as pages list it.

    `version` is None for the language of the text itself, and for one that is only offered.
    """

    language: str
    version: LanguageVersion | None = None
    is_original: bool = False
    is_older: bool = False


def block_sha256(text: str) -> str:
    """Return the hash of one paragraph as if it were the text."""
    return canonical.fingerprint([Block(text=text)])


def versions_of(statement: Statement) -> list[LanguageVersion]:
    """Return the language versions of a statement, by language. One query."""
    return list(statement.languages.select_related("saved_by").order_by("language"))


def version_in(statement: Statement, language: str) -> LanguageVersion | None:
    """Return a statement in one language, or None. One query."""
    return statement.languages.select_related("saved_by").filter(language=language).first()


def listed_versions(
    statement: Statement,
    versions: Iterable[LanguageVersion],
    sha256: str,
    offered: Sequence[str] = (),
) -> list[ListedVersion]:
    """Return a statement's own, translated and offered languages, in this order.

    `sha256` is the hash of the present text. Pure.
    """
    listed = [
        ListedVersion(each.language, each, is_older=each.of_sha256 != sha256) for each in versions
    ]
    there = {statement.language, *(each.language for each in listed)}
    return [
        ListedVersion(statement.language, is_original=True),
        *listed,
        *(ListedVersion(language) for language in offered if language not in there),
    ]


def rendered_blocks(version: LanguageVersion, blocks: Iterable[Block]) -> list[RenderedBlock]:
    """Return the paragraphs of a version beside the present text.

    `blocks` are the paragraphs of the present text. Pure.
    """
    present = {block.key: block_sha256(block.text) for block in blocks}
    return [
        RenderedBlock(
            each["key"],
            each["kind"],
            each["text"],
            is_older=present.get(each["key"]) != each["sha256"],
        )
        for each in version.blocks
    ]


def text_of_version(version: LanguageVersion) -> str:
    """Return the plain text of a version, whose SHA-256 its page shows. Pure."""
    return canonical.canonical([Block(text=each["text"]) for each in version.blocks])


def aligned(pasted: str, blocks: Sequence[Block]) -> tuple[Mapping[str, str], bool]:
    """Split a pasted text into paragraphs by block key.

    They follow in order. What is left over goes to the last; the second value says whether there
    were as many as blocks. Pure.
    """
    texts = [block.text for block in blocks_textkit.recognise(pasted)]
    is_even = len(texts) == len(blocks)
    if len(texts) > len(blocks) > 0:
        last = len(blocks) - 1
        texts = [*texts[:last], "\n".join(texts[last:])]
    keys = (block.key for block in blocks)
    return dict(zip(keys, texts, strict=False)), is_even


def version_changes(statement: Statement, language: str) -> list[HistoryEntry]:
    """Return who saved a version and when, newest first. At most two queries."""
    records = LanguageVersion.history.filter(statement_id=statement.pk, language=language)
    entries = history.entries(records, name=lambda _record: "")
    # the fields are whole texts
    return history.newest_first([replace(entry, differences=()) for entry in entries])
