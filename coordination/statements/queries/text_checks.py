"""Check whether a text or file is an adopted statement's.

Nothing is stored.
"""

from dataclasses import dataclass
from typing import Any

from coordination.filekit import archives
from coordination.filekit.refusals import FileFault, Refused
from coordination.statements.models import Draft, ManifestFile, Statement
from coordination.statements.proofkit import verify
from coordination.statements.queries import drafts
from coordination.textkit import canonical, sameness
from coordination.textkit.sameness import Verdict

# an XML is searched for a DTD as far as this
HEAD = 64 * 1024
# the words of a statement as Akoma Ntoso; numbers and signatures have elements of their own
WITH_WORDS = (
    "//*[local-name()='docTitle'] | //*[local-name()='preamble' or local-name()='mainBody']"
    "//*[local-name()='p' or local-name()='heading']"
)


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What a check found.

    `file` is the name of the file of the adoption that the upload is, byte for byte. `verdict` is
    None for a file of which only the bytes are compared, and which has others.
    """

    verdict: Verdict | None
    file: str = ""

    @property
    def is_same(self) -> bool:
        """Say whether the words are those adopted."""
        return self.verdict is not None and self.verdict.kind in {
            sameness.SAME,
            sameness.TYPOGRAPHY,
        }


def check_text(draft: Draft, text: str) -> CheckResult:
    """Compare a pasted text with that of the adopted draft. One query."""
    return CheckResult(sameness.compare(canonical.canonical(drafts.blocks_of(draft)), text))


def check_file(statement: Statement, draft: Draft, content: bytes, ending: str) -> CheckResult:
    """Compare a file with the adoption's files, else compare its text.

    Two queries at most. Raises Refused for a file that cannot be read.
    """
    digest = verify.sha256(content)
    own = ManifestFile.objects.filter(manifest__statement=statement, sha256=digest)
    name = own.values_list("name", flat=True).first()
    # a statement of old has no files, but its text has a hash
    if name or digest == statement.adopted_sha256:
        return CheckResult(Verdict(sameness.SAME), name or verify.TEXT)
    if ending == "pdf":
        return CheckResult(None)
    return check_text(draft, text_of(content, ending))


def text_of(content: bytes, ending: str) -> str:
    """Return the words of a .txt, .docx or .xml file; raise Refused."""
    if ending == "docx":
        return _word_text(content)
    if ending == "xml":
        return _xml_text(content)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused(FileFault.NOT_UTF8) from error


def _word_text(content: bytes) -> str:
    """Return the words of a Word file with all its tracked changes accepted."""
    # lxml takes 4 MiB of each web process, and most never read such a file
    from coordination.statements.wordkit import document, matching, reader

    paragraphs = [
        paragraph
        for paragraph in reader.read_document(content).paragraphs
        if paragraph.style not in matching.OWN_LINES
    ]
    return "\n".join(document.texts(paragraphs, None))


def _xml_text(content: bytes) -> str:
    """Return the words of a statement as Akoma Ntoso."""
    from lxml import etree

    archives.refuse_dtd(content[:HEAD])
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise Refused(FileFault.DAMAGED) from error
    for line_end in root.iter("{*}eol", "{*}br"):
        line_end.text = "\n"
    with_words: Any = root.xpath(WITH_WORDS)
    return "\n".join("".join(element.itertext()) for element in with_words)
