"""Write an adopted statement as Akoma Ntoso 3.0 (OASIS, AKN4UN).

The profile (https://unsceb-hlcm.github.io) makes a deliberative text a `statement` of the subtype
"deliberation" with the work address /akn/un/statement/deliberation/{actor}/{date}/{number}. It
puts preambular paragraphs into `recitals` and operative ones into `mainBody`, in the order of the
text. Element identifiers follow the OASIS Naming Convention: the identifier of the parent, two
underscores, a short name, a number.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import takewhile
from unicodedata import normalize

from lxml import etree

from .printed import PrintedAgency, PrintedBlock, PrintedStatement, TextPiece, fit, with_items

AKN = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
SUBTYPE = "deliberation"
# names of elements in identifiers that differ from the element's own
SHORT = {
    "paragraph": "para",
    "section": "sec",
    "recitals": "recs",
    "recital": "rec",
    "blockList": "list",
    "listIntroduction": "intro",
}
# elements whose identifier does not stand before those under them
SILENT = {f"{{{AKN}}}{tag}" for tag in ("mainBody", "content")}
PROGRAM = "secretariat"


def statement_xml(statement: PrintedStatement) -> bytes:
    """Return the statement as XML; the same input gives the same bytes."""
    return _AkomaWriter(statement).written()


def work_address(statement: PrintedStatement) -> str:
    """Return the address of the work: "/akn/un/statement/deliberation/abc/2026-12-01/ABC-1"."""
    actor = _slug(statement.group_acronym or statement.group).lower()
    return (
        f"/akn/un/statement/{SUBTYPE}/{actor}/{statement.adopted}"
        f"/{_slug(statement.symbol.replace('/', '-'))}"
    )


def _slug(text: str) -> str:
    """Return a text for an address or identifier; never empty."""
    plain = normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9.-]+", "-", plain).strip("-.") or "x"


class _AkomaWriter:
    """Builds the document of one statement, from the top to the end."""

    def __init__(self, statement: PrintedStatement) -> None:
        self.statement = statement
        self.counts: Counter[str] = Counter()
        self.agencies = self._identifiers()

    def written(self) -> bytes:
        root = etree.Element(f"{{{AKN}}}akomaNtoso", nsmap={None: AKN})  # type: ignore[dict-item]  # the stubs know no default namespace
        document = self.add(root, "statement", name="jointStatement", contains="originalVersion")
        self.write_meta(document)
        self.write_preface(document)
        recitals, rest = self.parts()
        if recitals:
            self.write_preamble(document, recitals)
        self.write_body(document, rest)
        if self.statement.signatories:
            self.write_conclusions(document)
        written: bytes = etree.tostring(
            root, xml_declaration=True, encoding="UTF-8", pretty_print=False
        )
        return written

    def _identifiers(self) -> dict[PrintedAgency, str]:
        """Return each agency's identifier: its acronym, numbered if not unique."""
        taken: Counter[str] = Counter()
        by_agency = {}
        statement = self.statement
        for agency in (*statement.signatories, *statement.apart, *statement.not_asked):
            name = _slug(agency.acronym).lower()
            taken[name] += 1
            by_agency[agency] = f"org.{name}" + (f".{taken[name]}" if taken[name] > 1 else "")
        return by_agency

    def add(
        self, parent: etree._Element, tag: str, text: str | None = None, **attributes: str
    ) -> etree._Element:
        """Add an element; attributes named `as_` and the like lose their underscore."""
        element = etree.SubElement(parent, f"{{{AKN}}}{tag}")
        for name, value in attributes.items():
            element.set(name.rstrip("_"), fit(value))
        element.text = fit(text) if text is not None else None
        return element

    def add_named(self, parent: etree._Element, tag: str, **attributes: str) -> etree._Element:
        """Add an element with an identifier from parent, name and number.

        The body and a content give no identifier to others.
        """
        prefix, short = _prefix(parent), SHORT.get(tag, tag)
        name = f"{prefix}__{short}" if prefix else short
        self.counts[name] += 1
        return self.add(parent, tag, eId=f"{name}_{self.counts[name]}", **attributes)

    # what the document says of itself

    def write_meta(self, document: etree._Element) -> None:
        """Write who, when, in which language, and where it is."""
        statement, meta = self.statement, self.add(document, "meta")
        identification = self.add(meta, "identification", source=f"#{PROGRAM}")
        work = work_address(statement)
        expression = f"{work}/{statement.language3}@{statement.adopted}"
        work_level = self.level(identification, "FRBRWork", work)
        self.add(work_level, "FRBRcountry", value="un")
        self.add(work_level, "FRBRsubtype", value=SUBTYPE)
        self.add(work_level, "FRBRnumber", value=statement.symbol, showAs=statement.symbol)
        self.add(work_level, "FRBRname", value=statement.name)
        self.add(work_level, "FRBRprescriptive", value="false")
        self.add(work_level, "FRBRauthoritative", value="true")
        expression_level = self.level(identification, "FRBRExpression", expression)
        self.add(expression_level, "FRBRlanguage", language=statement.language3)
        manifestation = self.level(identification, "FRBRManifestation", f"{expression}/.xml")
        self.add(manifestation, "FRBRformat", value="application/akn+xml")
        lifecycle = self.add(meta, "lifecycle", source=f"#{PROGRAM}")
        self.add(
            lifecycle,
            "eventRef",
            date=str(statement.adopted),
            source="#adopted",
            type="generation",
            eId="event_1",
        )
        self.write_references(meta, work)

    def level(self, parent: etree._Element, name: str, address: str) -> etree._Element:
        """Write what the work, the expression and the manifestation have in common."""
        statement, level = self.statement, self.add(parent, name)
        self.add(level, "FRBRthis", value=f"{address}/!main")
        self.add(level, "FRBRuri", value=address)
        if name == "FRBRWork":
            self.add(level, "FRBRalias", value=statement.address, name="permanentAddress")
            self.add(level, "FRBRalias", value=f"sha256:{statement.sha256}", name="textHash")
        self.add(level, "FRBRdate", date=str(statement.adopted), name="adoption")
        self.add(level, "FRBRauthor", href="#group", as_="#author")
        return level

    def write_references(self, meta: etree._Element, work: str) -> None:
        """Write the group, each agency, and the roles that they have here."""
        statement = self.statement
        references = self.add(meta, "references", source=f"#{PROGRAM}")
        self.add(references, "original", eId="adopted", href=work, showAs=statement.symbol)
        ontology = "/akn/ontology"
        organization = f"{ontology}/organization/un"
        group = _slug(statement.group_acronym or statement.group)
        named = [
            ("group", group, statement.group),
            (PROGRAM, f"{group}-secretariat", statement.group),
            *(
                (identifier, _slug(agency.acronym), agency.name)
                for agency, identifier in self.agencies.items()
            ),
        ]
        for identifier, name, shown in named:
            self.add(
                references,
                "TLCOrganization",
                eId=identifier,
                href=f"{organization}/{name.lower()}",
                showAs=shown or name,
            )
        for role, shown in (("author", "Author"), ("signatory", "Signatory")):
            self.add(
                references, "TLCRole", eId=role, href=f"{ontology}/role/un/{role}", showAs=shown
            )

    # the text

    def parts(self) -> tuple[list[PrintedBlock], list[PrintedBlock]]:
        """Return the preamble and what comes after it.

        The preamble goes to the last preambular paragraph before any other one.
        """
        blocks = list(self.statement.blocks)
        start = list(takewhile(lambda block: block.kind not in {"operative", "body"}, blocks))
        while start and not _is_preambular(start):
            start.pop()
        return start, blocks[len(start) :]

    def write_preface(self, document: etree._Element) -> None:
        """Write group, symbol, title and day."""
        statement = self.statement
        preface = self.add(document, "preface", eId="preface")
        preface.set(XML_LANG, statement.language)
        line = self.add_named(preface, "p")
        line.set(XML_LANG, statement.words.language)
        self.add(line, "docProponent", statement.group, refersTo="#group").tail = " "
        self.add(line, "docNumber", statement.symbol)
        title = self.add_named(preface, "p")
        self.write_words(self.add(title, "docTitle"), statement.title)
        adopted = self.add_named(preface, "p")
        adopted.set(XML_LANG, statement.words.language)
        self.add(adopted, "docDate", statement.words.adopted, date=str(statement.adopted))

    def write_preamble(self, document: etree._Element, blocks: list[PrintedBlock]) -> None:
        """Write preambular paragraphs; a heading begins a new group of them."""
        preamble = self.add(document, "preamble", eId="preamble")
        preamble.set(XML_LANG, self.statement.language)
        recitals: etree._Element | None = None
        pending: PrintedBlock | None = None
        for block, items in with_items(blocks):
            if block.kind in {"title", "heading"}:
                if pending is not None:
                    self.write_words(self.add_named(preamble, "p"), pending.pieces)
                pending, recitals = block, None
                continue
            if recitals is None:
                recitals = self.add_named(preamble, "recitals")
                if pending is not None:
                    self.write_words(self.add_named(recitals, "heading"), pending.pieces)
                pending = None
            recital = self.add_named(recitals, "recital")
            self.write_block(recital, recital, block, items)

    def write_body(self, document: etree._Element, blocks: list[PrintedBlock]) -> None:
        """Write the other paragraphs; a heading begins a section."""
        body = self.add(document, "mainBody", eId="body")
        body.set(XML_LANG, self.statement.language)
        parent, empty = body, True
        for block, items in with_items(blocks):
            if block.kind in {"title", "heading"}:
                self._close(parent, body)
                parent = self.add_named(body, "section")
                self.write_words(self.add_named(parent, "heading"), block.pieces)
            else:
                paragraph = self.add_named(parent, "paragraph")
                content_of = self._content(paragraph, block)
                self.write_block(paragraph, content_of, block, items)
            empty = False
        self._close(parent, body)
        if empty:
            # the schema wants something: a text of preambular paragraphs alone has no more
            self._content(self.add_named(body, "paragraph"), None)

    def _close(self, section: etree._Element, body: etree._Element) -> None:
        """Give a section without paragraphs the content that the schema wants."""
        if section is not body and len(section) == 1:
            self._content(section, None)

    def _content(self, parent: etree._Element, block: PrintedBlock | None) -> etree._Element:
        """Write the number and return the content element.

        Without a block it is empty.
        """
        label = block and (block.label or block.mark.strip())
        if label:
            self.add(parent, "num", label)
        content = self.add(parent, "content")
        if block is None:
            self.add_named(content, "p")
        return content

    def write_block(
        self,
        numbered: etree._Element,
        content: etree._Element,
        block: PrintedBlock,
        items: Sequence[PrintedBlock],
    ) -> None:
        """Write a paragraph with its sub-paragraphs as a list."""
        if numbered is content:
            self.add(numbered, "num", block.label or block.mark.strip())
        if not items:
            self.write_words(self.add_named(content, "p"), block.pieces)
            return
        listed = self.add_named(content, "blockList")
        self.write_words(self.add_named(listed, "listIntroduction"), block.pieces)
        for item in items:
            entry = self.add_named(listed, "item")
            self.add(entry, "num", item.mark.strip())
            self.write_words(self.add_named(entry, "p"), item.pieces)

    def write_words(self, parent: etree._Element, pieces: Sequence[TextPiece]) -> None:
        """Write words; italics as `i`, a line end as `eol`."""
        for piece in pieces:
            target = self.add(parent, "i") if piece.italic else parent
            for place, line in enumerate(piece.text.split("\n")):
                if place:
                    self.add(target, "eol")
                _append(target, line)

    # who signed

    def write_conclusions(self, document: etree._Element) -> None:
        """Write the signatories, their reservations, and who is not among them."""
        statement, words = self.statement, self.statement.words
        conclusions = self.add(document, "conclusions", eId="conclusions")
        conclusions.set(XML_LANG, words.language)
        signatories = self.container(conclusions, "signatories", words.signatories)
        for agency in statement.signatories:
            line = self.add_named(signatories, "p")
            signature = self.add(line, "signature", refersTo="#signatory")
            self.add(
                signature,
                "organization",
                f"{agency.name} ({agency.acronym})",
                refersTo=f"#{self.agencies[agency]}",
            )
        if statement.reserved:
            reservations = self.container(conclusions, "reservations", words.reservations)
            for agency in statement.reserved:
                self.agency_line(reservations, agency, _said(agency))
        for name, title, agencies in (
            ("didNotJoin", words.apart, statement.apart),
            ("notAsked", words.not_asked, statement.not_asked),
        ):
            if agencies:
                part = self.container(conclusions, name, title)
                for agency in agencies:
                    self.agency_line(part, agency, "")

    def container(self, parent: etree._Element, name: str, title: str) -> etree._Element:
        """Add a container with its title as the first line."""
        part = self.add_named(parent, "container", name=name)
        self.add(self.add_named(part, "p"), "b", title)
        return part

    def agency_line(self, parent: etree._Element, agency: PrintedAgency, words: str) -> None:
        """Write an agency and its words."""
        line = self.add_named(parent, "p")
        self.add(
            line,
            "organization",
            f"{agency.name} ({agency.acronym})",
            refersTo=f"#{self.agencies[agency]}",
        )
        if words:
            _append(line, f": {words}")


def _prefix(element: etree._Element | None) -> str:
    """Return what stands before the identifiers of the elements under this one."""
    if element is None or element.tag not in SILENT:
        return "" if element is None else element.get("eId", "")
    return _prefix(element.getparent())


def _is_preambular(blocks: list[PrintedBlock]) -> bool:
    """Return whether the last paragraph, or its parent, is preambular."""
    before: Iterator[PrintedBlock] = (block for block in reversed(blocks) if block.kind != "item")
    last = next(before, None)
    return last is not None and last.kind == "preambular"


def _said(agency: PrintedAgency) -> str:
    """Return a reservation with the paragraphs that it is about."""
    return f"{agency.about}: {agency.reservation}" if agency.about else agency.reservation


def _append(element: etree._Element, text: str) -> None:
    """Add text at the end of an element."""
    if len(element):
        element[-1].tail = (element[-1].tail or "") + fit(text)
    else:
        element.text = (element.text or "") + fit(text)
