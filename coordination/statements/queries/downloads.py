"""The files of an adopted statement that its page offers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from coordination.statements.models import Block
from coordination.statements.queries.adopted_files import DOCX, PDF, TXT, XML
from coordination.textkit import canonical


@dataclass(frozen=True, slots=True)
class Download:
    """A file to download: label, address name and known size in bytes."""

    label: str
    route: str
    size: int | None = None


def downloads(blocks: Iterable[Block], sizes: Mapping[str, int] | None = None) -> list[Download]:
    """Return the downloads of a text, the most wanted one first.

    None without a text. Pure. `sizes` has those of the kept files by name. A file that is made
    when somebody asks for it has no size before: making all of them would cost each reader of
    the page more than the page.
    """
    text = canonical.canonical(blocks)
    if not text:
        return []
    known = {TXT: len(text.encode()), **(sizes or {})}
    return [
        Download(label, f"statements:{route}", known.get(name))
        for name, label, route in (
            (PDF, _("PDF"), "adopted_pdf"),
            (DOCX, _("Word"), "adopted_word"),
            (TXT, _("Plain text"), "plain"),
            (XML, _("XML (Akoma Ntoso)"), "adopted_xml"),
        )
    ]
