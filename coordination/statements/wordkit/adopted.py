"""Write an adopted statement as an accessible Word document.

With headings, lists and a language, without authors. Paragraphs are numbered by real lists ("PP 1",
"OP 3"). There is no tracked change and no comment, and the same input gives the same bytes.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from . import adopted_parts as parts
from .printed import PrintedAgency, PrintedBlock, PrintedStatement, TextPiece

# the first moment that a ZIP can hold: the files in it have no time of their own
EPOCH = (1980, 1, 1, 0, 0, 0)
EAST_ASIAN = frozenset({"zh", "ja", "ko"})
# kind of block: its style and the number of its list
NUMBERED = {
    "preambular": ("PreambularParagraph", 1),
    "operative": ("OperativeParagraph", 2),
    "body": ("NumberedParagraph", 3),
}
PAGE_WIDTH = 9070  # between the margins, in twentieths of a point


def statement_docx(statement: PrintedStatement) -> bytes:
    """Return the statement as a .docx."""
    return _WordWriter(statement).written()


def _lines(text: str) -> str:
    """Return the content of a run: words, line ends, tabs."""
    return "<w:br/>".join(
        "<w:tab/>".join(
            f'<w:t xml:space="preserve">{escape(words)}</w:t>' if words else ""
            for words in line.split("\t")
        )
        for line in text.split("\n")
    )


def _direction(text: str) -> str:
    """Return "rtl", "cjk" or "ltr" by the first letter of a text."""
    for character in text:
        kind = unicodedata.bidirectional(character)
        if kind in {"R", "AL"}:
            return "rtl"
        if kind == "L":
            wide = unicodedata.east_asian_width(character) in {"W", "F"}
            return "cjk" if wide else "ltr"
    return "ltr"


def _zipped(files: Iterable[tuple[str, str]]) -> bytes:
    """Return files as a ZIP without times."""
    written = BytesIO()
    with ZipFile(written, "w") as archive:
        for name, content in files:
            entry = ZipInfo(name, EPOCH)
            entry.compress_type = ZIP_DEFLATED
            entry.create_system = 0
            archive.writestr(entry, content.encode())
    return written.getvalue()


class _WordWriter:
    """Writes the parts of one document."""

    def __init__(self, statement: PrintedStatement) -> None:
        self.statement = statement
        self.east_asian = statement.language.partition("-")[0] in EAST_ASIAN
        # lists that begin at another number than the one after their last: (list, first number)
        self.restarts: list[tuple[int, int]] = []

    def written(self) -> bytes:
        """Return the whole package."""
        statement = self.statement
        body = "".join(self.body())  # before the numbering, which it adds to
        core = parts.CORE.format(
            title=escape(" ".join(statement.name.split())),
            symbol=escape(statement.symbol),
            group=escape(statement.group),
            day=statement.adopted,
            address=escape(statement.address),
            language=escape(statement.language),
        )
        bidi = "<w:bidi/>" if statement.right_to_left else ""
        document = (
            f"{parts.HEAD}<w:document {parts.NAMESPACES}><w:body>{body}{parts.SECTION % bidi}"
            "</w:body></w:document>"
        )
        return _zipped(
            (
                ("[Content_Types].xml", parts.CONTENT_TYPES),
                ("_rels/.rels", parts.PACKAGE_RELATIONS),
                ("docProps/core.xml", core),
                ("word/document.xml", document),
                (
                    "word/_rels/document.xml.rels",
                    parts.DOCUMENT_RELATIONS % quoteattr(statement.address)[1:-1],
                ),
                ("word/styles.xml", parts.STYLES % self.language()),
                ("word/numbering.xml", self.numbering()),
                (
                    "word/settings.xml",
                    parts.SETTINGS % f"<w:themeFontLang {self.language_attributes()}/>",
                ),
                ("word/fontTable.xml", parts.FONT_TABLE),
                ("word/theme/theme1.xml", parts.THEME),
                ("word/footer1.xml", self.footer()),
            )
        )

    # languages and directions

    def language_attributes(self) -> str:
        """Return the language of the document, by kind of script."""
        language, ours = (
            quoteattr(code) for code in (self.statement.language, self.statement.words.language)
        )
        if self.statement.right_to_left:
            return f"w:val={ours} w:bidi={language}"
        if self.east_asian:
            return f"w:val={ours} w:eastAsia={language}"
        return f"w:val={language}"

    def language(self) -> str:
        """Return the language as a property of runs."""
        return f"<w:lang {self.language_attributes()}/>"

    def run(self, text: str, properties: str = "", direction: str = "") -> str:
        """Return a run; right to left if `direction` is "rtl"."""
        rtl = "<w:rtl/>" if direction == "rtl" else ""
        inside = f"{properties}{rtl}"
        return f"<w:r>{f'<w:rPr>{inside}</w:rPr>' if inside else ''}{_lines(text)}</w:r>"

    def ours(self, text: str, properties: str = "") -> str:
        """Return a run of added words in their own language."""
        lang = f"<w:lang w:val={quoteattr(self.statement.words.language)}/>"
        return f"<w:r><w:rPr>{properties}{lang}</w:rPr>{_lines(text)}</w:r>"

    def name(self, text: str, properties: str = "") -> str:
        """Return a run of a name, which may be in any script."""
        direction = _direction(text)
        hint = '<w:rFonts w:hint="eastAsia"/>' if direction == "cjk" else ""
        return self.run(text, hint + properties, direction)

    def words(self, pieces: Iterable[TextPiece]) -> str:
        """Return the words of the text, with their italics."""
        direction = "rtl" if self.statement.right_to_left else ""
        return "".join(
            self.run(piece.text, "<w:i/><w:iCs/>" if piece.italic else "", direction)
            for piece in pieces
        )

    def paragraph(self, style: str, runs: str, properties: str = "", *, own: bool = False) -> str:
        """Return a paragraph.

        `properties` come after its style, those of `own` text with its direction.
        """
        bidi = "<w:bidi/>" if own and self.statement.right_to_left else ""
        return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{properties}{bidi}</w:pPr>{runs}</w:p>'

    # the document from top to bottom

    def body(self) -> Iterator[str]:
        """Yield the paragraphs and tables of the body."""
        statement, words = self.statement, self.statement.words
        yield self.paragraph(
            "Masthead",
            self.name(statement.group, parts.BOLD + '<w:sz w:val="30"/><w:szCs w:val="30"/>')
            + self.ours(f"\t{statement.symbol}"),
        )
        yield self.paragraph("MastheadFacts", self.ours(words.adopted))
        if statement.occasion:
            yield self.paragraph("MastheadFacts", self.name(statement.occasion))
        yield self.paragraph("MastheadFacts", self.ours(words.statement_language))
        yield self.paragraph("Title", self.words(statement.title), own=True)
        yield from self.blocks()
        if statement.signatories:
            yield from self.agencies(words.signatories, statement.signatories)
        if statement.reserved:
            yield self.heading(words.reservations)
            yield from map(self.reservation, statement.reserved)
        for title, agencies in (
            (words.apart, statement.apart),
            (words.not_asked, statement.not_asked),
        ):
            if agencies:
                yield from self.agencies(title, agencies)
        yield self.proof()

    def blocks(self) -> Iterator[str]:
        """Yield the paragraphs of the text."""
        last: Counter[int] = Counter()
        in_use = {number: number for _style, number in NUMBERED.values()}
        for block in self.statement.blocks:
            if block.kind in {"title", "heading"}:
                yield self.paragraph("Heading1", self.words(block.pieces), own=True)
            elif block.kind == "item":
                runs = self.words((TextPiece(block.mark), *block.pieces))
                yield self.paragraph("SubParagraph", runs, own=True)
            else:
                style, number = NUMBERED[block.kind]
                if block.number != last[number] + 1:
                    in_use[number] = self.restart(number, block.number)
                last[number] = block.number
                yield self.numbered(style, in_use[number], block)

    def numbered(self, style: str, number: int, block: PrintedBlock) -> str:
        """Return a paragraph of a list."""
        listed = f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{number}"/></w:numPr>'
        return self.paragraph(style, self.words(block.pieces), listed, own=True)

    def restart(self, number: int, first: int) -> int:
        """Return a list that continues list `number` at another number."""
        self.restarts.append((number, first))
        return len(NUMBERED) + len(self.restarts)

    def heading(self, title: str) -> str:
        """Return a heading of the words that the file adds."""
        return self.paragraph("Heading1", self.ours(title))

    def agencies(self, title: str, agencies: Iterable[PrintedAgency]) -> Iterator[str]:
        """Yield agencies as a table under a heading."""
        words = self.statement.words
        yield self.heading(title)
        yield self.table((words.agency, words.name), (2300, 6770), map(self.row, agencies))

    def row(self, agency: PrintedAgency) -> list[str]:
        """Return an agency's cells, the first with any reservation."""
        note = f"\n{self.statement.words.with_reservation}" if agency.reservation else ""
        italic = "<w:i/><w:iCs/>"
        acronym = self.name(agency.acronym, parts.BOLD)
        return [acronym + (self.ours(note, italic) if note else ""), self.name(agency.name)]

    def reservation(self, agency: PrintedAgency) -> str:
        """Return a paragraph with the reservation of an agency."""
        about = f", {agency.about}: " if agency.about else ": "
        return self.paragraph(
            "Reservation",
            self.name(agency.acronym, parts.BOLD)
            + self.ours(about)
            + self.name(agency.reservation),
        )

    def table(
        self, heads: Sequence[str], widths: Sequence[int], rows: Iterable[Sequence[str]]
    ) -> str:
        """Return a table whose first row is repeated on each page."""
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        header = self.table_row(
            [self.ours(head) for head in heads],
            widths,
            "TableHeading",
            "<w:cantSplit/><w:tblHeader/>",
        )
        body = "".join(
            self.table_row(cells, widths, "TableText", "<w:cantSplit/>") for cells in rows
        )
        return (
            '<w:tbl><w:tblPr><w:tblStyle w:val="RuledTable"/>'
            f'<w:tblW w:w="{PAGE_WIDTH}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
            '<w:tblLook w:val="0020" w:firstRow="1" w:lastRow="0" w:firstColumn="0"'
            ' w:lastColumn="0" w:noHBand="1" w:noVBand="1"/></w:tblPr>'
            f"<w:tblGrid>{grid}</w:tblGrid>{header}{body}</w:tbl>"
        )

    def table_row(
        self, cells: Sequence[str], widths: Sequence[int], style: str, properties: str
    ) -> str:
        """Return a row of a table."""
        written = "".join(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>'
            f"{self.paragraph(style, cell)}</w:tc>"
            for cell, width in zip(cells, widths, strict=True)
        )
        return f"<w:tr><w:trPr>{properties}</w:trPr>{written}</w:tr>"

    def proof(self) -> str:
        """Return the hash of the text and the link to its page."""
        statement, words = self.statement, self.statement.words
        link = (
            '<w:hyperlink r:id="rId5" w:history="1"><w:r><w:rPr><w:rStyle w:val="Hyperlink"/>'
            f"</w:rPr>{_lines(statement.address)}</w:r></w:hyperlink>"
        )
        proof = f"{words.proof}\n{words.sha256}: {statement.sha256}\n{words.address}: "
        return self.paragraph("Proof", self.ours(proof) + link)

    def footer(self) -> str:
        """Return the foot of each page: symbol, page, hash and address."""
        statement, words = self.statement, self.statement.words
        before, _page, rest = words.page.partition("%(page)s")
        between, _pages, after = rest.partition("%(pages)s")
        count = "".join(
            (
                self.ours(f"{statement.symbol}\t{before}"),
                self.field("PAGE"),
                self.ours(between) if between else "",
                self.field("NUMPAGES"),
                self.ours(after) if after else "",
            )
        )
        proof = self.ours(f"{statement.address}\n{words.sha256}: {statement.sha256}")
        return (
            f"{parts.HEAD}<w:ftr {parts.NAMESPACES}>{self.paragraph('Footer', count)}"
            f"{self.paragraph('Footer', proof)}</w:ftr>"
        )

    @staticmethod
    def field(name: str) -> str:
        """Return a field that the reader's program counts."""
        return (
            f'<w:fldSimple w:instr=" {name} "><w:r><w:t xml:space="preserve">1</w:t></w:r>'
            "</w:fldSimple>"
        )

    def numbering(self) -> str:
        """Return the lists: preambular, operative and other paragraphs, and their restarts."""
        words = self.statement.words
        patterns = (words.preambular, words.operative, words.body)
        lists = "".join(
            f'<w:abstractNum w:abstractNumId="{number}"><w:multiLevelType w:val="singleLevel"/>'
            '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/>'
            f"<w:lvlText w:val={quoteattr(pattern % {'number': '%1'})}/>"
            '<w:lvlJc w:val="left"/><w:pPr><w:tabs><w:tab w:val="num" w:pos="851"/></w:tabs>'
            '<w:ind w:left="851" w:hanging="851"/></w:pPr>'
            '<w:rPr><w:color w:val="595959"/><w:sz w:val="17"/><w:szCs w:val="17"/></w:rPr>'
            "</w:lvl></w:abstractNum>"
            for number, pattern in enumerate(patterns, 1)
        )
        numbers = "".join(
            f'<w:num w:numId="{number}"><w:abstractNumId w:val="{number}"/></w:num>'
            for number in range(1, len(patterns) + 1)
        )
        restarts = "".join(
            f'<w:num w:numId="{number}"><w:abstractNumId w:val="{of}"/>'
            f'<w:lvlOverride w:ilvl="0"><w:startOverride w:val="{first}"/></w:lvlOverride></w:num>'
            for number, (of, first) in enumerate(self.restarts, len(patterns) + 1)
        )
        return (
            f"{parts.HEAD}<w:numbering {parts.NAMESPACES}>{lists}{numbers}{restarts}</w:numbering>"
        )
