"""What a Word file says of itself; nothing here loads lxml."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, tzinfo

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# the property that says of which draft a file is
DRAFT_PROPERTY = "StatementDraft"


@dataclass(frozen=True, slots=True)
class FileRecord:
    """What a file says of itself.

    `author` is the group. `header` has the words at its two ends. `properties` are custom ones.
    `tracked`: what people change in the file is tracked.
    """

    title: str
    author: str
    language: str
    created: datetime
    right_to_left: bool = False
    header: tuple[str, str] = ("", "")
    properties: Mapping[str, str] = field(default_factory=dict)
    tracked: bool = False

    def of_draft(self, source: "FiledDraft") -> "FileRecord":
        """Return the record of a draft's file that people may change."""
        return replace(self, properties={DRAFT_PROPERTY: source.code}, tracked=True)


@dataclass(frozen=True, slots=True)
class Cover:
    """The lines before the text, and the line after it.

    `language` is that of the lines, "" where it is that of the text.
    """

    lines: tuple[str, ...]
    end: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class FiledDraft:
    """A file's draft: symbol, number, and SHA-256 of the text."""

    symbol: str
    number: int
    sha256: str

    @property
    def code(self) -> str:
        """What the property of the file says."""
        return f"{self.symbol};{self.number};{self.sha256}"

    def bookmark(self, key: str) -> str:
        """Return the name of the bookmark of a paragraph."""
        return f"_st_{key}_r{self.number}"


@dataclass(frozen=True, slots=True)
class Words:
    """The words of comments in the reader's language.

    `notes` has a sentence for each kind of note with %(words)s and %(text)s, "" for none;
    `cosponsors` one with %(agencies)s. `zone` and `language` are the reader's.
    """

    notes: Mapping[str, str]
    cosponsors: str
    zone: tzinfo = UTC
    language: str = ""
