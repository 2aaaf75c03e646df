"""The files of an adopted statement: plain text, Word, PDF and XML.

The same text gives the same bytes: no clock is read, and the words that the files add to the text
are in the statement's language, not in the reader's. Another version of the programs, of the fonts
or of the translations may give other bytes, so who needs them later keeps them.
"""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from coordination.core import formatting, languages, pdf
from coordination.core.clock import day_at
from coordination.core.models import Group
from coordination.core.queries import group
from coordination.statements.enums import BlockKind
from coordination.statements.models import Draft, Statement
from coordination.statements.queries import drafts, labels, statements
from coordination.statements.wordkit.printed import (
    PrintedAgency,
    PrintedBlock,
    PrintedStatement,
    PrintedWords,
    TextPiece,
    block_of,
    fit,
)
from coordination.textkit import blocks as blocks_textkit
from coordination.textkit import canonical

TEMPLATE = Path("statements/pdf/statement.typ")
TXT, DOCX, PDF, XML = "statement.txt", "statement.docx", "statement.pdf", "statement.xml"


@dataclass(frozen=True, slots=True)
class AdoptedBlock:
    """A paragraph of an adopted text, as `Block` stores it."""

    key: str
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class AdoptedAgency:
    """An agency; a signatory may have a reservation, as `Signatory` stores it."""

    acronym: str
    name: str
    reservation: str = ""


@dataclass(frozen=True, slots=True)
class AdoptedText:
    """All that the files of an adopted statement say.

    `adopted` is the day in the group's time zone, `address` that of the public page. `apart` are
    the agencies that did not join, `not_asked` the other members of that day.
    """

    title: str
    symbol: str
    language: str
    group: str
    group_acronym: str
    occasion: str
    blocks: tuple[AdoptedBlock, ...]
    adopted: date
    sha256: str
    address: str
    signatories: tuple[AdoptedAgency, ...]
    apart: tuple[AdoptedAgency, ...] = ()
    not_asked: tuple[AdoptedAgency, ...] = ()


def permanent_address(statement: Statement) -> str:
    """Return the address of the public page, whatever address was asked."""
    return settings.SITE_URL + reverse("statements:show", args=[statement.slug])


def adopted_text(
    statement: Statement,
    *,
    address: str,
    own_group: Group | None = None,
    draft: Draft | None = None,
) -> AdoptedText:
    """Return what the files of an adopted statement say.

    `draft` is its last draft. Three queries: blocks, signatories, members; one more without each of
    `own_group` and `draft`. Raises Draft.DoesNotExist for an old statement without a text.
    """
    if statement.adopted_at is None:
        raise Draft.DoesNotExist
    own_group = own_group or group()
    signatories = statements.signatories_of(statement)
    others = statements.not_among(statement, signatories, own_group.zone)
    return AdoptedText(
        title=statement.title,
        symbol=statement.symbol,
        language=statement.language,
        group=own_group.name,
        group_acronym=own_group.acronym,
        occasion=statement.occasion,
        blocks=tuple(
            AdoptedBlock(block.key, block.kind, block.text)
            for block in drafts.blocks_of(draft or drafts.latest_draft(statement))
        ),
        adopted=day_at(statement.adopted_at, own_group.zone),
        sha256=statement.adopted_sha256,
        address=address,
        signatories=tuple(
            AdoptedAgency(each.agency.acronym, each.agency.name, each.reservation)
            for each in signatories
            if each.joined
        ),
        apart=tuple(
            AdoptedAgency(each.agency.acronym, each.agency.name)
            for each in signatories
            if not each.joined
        ),
        not_asked=tuple(AdoptedAgency(agency.acronym, agency.name) for agency in others),
    )


def adopted_files(text: AdoptedText) -> dict[str, bytes]:
    """Return each file of an adopted statement by its name.

    The PDF is left out where this machine has no font for a character of it: an adoption must not
    fail for that.
    """
    files = {TXT: statement_txt(text), DOCX: statement_docx(text), XML: statement_xml(text)}
    with suppress(pdf.PdfRefused):
        files[PDF] = statement_pdf(text)
    return files


def statement_txt(text: AdoptedText) -> bytes:
    """Return the words whose SHA-256 the page shows, in UTF-8."""
    return canonical.canonical(text.blocks).encode()


def statement_xml(text: AdoptedText) -> bytes:
    """Return the statement as Akoma Ntoso 3.0."""
    # lxml takes 4 MiB of each web process, and most never write such a file
    from coordination.statements.wordkit import akoma

    return akoma.statement_xml(printed(text))


def statement_docx(text: AdoptedText) -> bytes:
    """Return the statement as a Word document."""
    from coordination.statements.wordkit import adopted

    return adopted.statement_docx(printed(text))


def statement_pdf(text: AdoptedText) -> bytes:
    """Return the statement as a tagged PDF, dated the day of the adoption.

    Raises PdfRefused where no font has a character of it.
    """
    values = asdict(printed(text)) | {"adopted": str(text.adopted)}
    return pdf.typeset(TEMPLATE, values, at=datetime.combine(text.adopted, time(), UTC))


def printed(text: AdoptedText) -> PrintedStatement:
    """Return the statement as its files print it, with their own words. Pure."""
    with translation.override(files_language(text.language)):
        blocks = _blocks(text)
        title: tuple[TextPiece, ...] = (TextPiece(fit(text.title)),)
        if blocks and blocks[0].kind == BlockKind.TITLE:
            title, blocks = blocks[0].pieces, blocks[1:]
        return PrintedStatement(
            name=fit(text.title),
            title=title,
            symbol=fit(text.symbol),
            language=text.language,
            language3=languages.three_letters(text.language),
            right_to_left=languages.is_right_to_left(text.language),
            group=fit(text.group),
            group_acronym=fit(text.group_acronym),
            occasion=fit(text.occasion),
            adopted=text.adopted,
            sha256=text.sha256,
            address=text.address,
            blocks=tuple(blocks),
            signatories=tuple(_signatories(text)),
            apart=tuple(PrintedAgency(fit(each.acronym), fit(each.name)) for each in text.apart),
            not_asked=tuple(
                PrintedAgency(fit(each.acronym), fit(each.name)) for each in text.not_asked
            ),
            words=_words(text),
        )


def files_language(language: str) -> str:
    """Return the language of the words that files add to a text.

    `language` is the language of the text.
    """
    spoken = {code for code, _name in settings.LANGUAGES}
    return next(
        (code for code in (language, language.partition("-")[0]) if code in spoken),
        settings.LANGUAGE_CODE,
    )


def _blocks(text: AdoptedText) -> list[PrintedBlock]:
    """Return the paragraphs with their numbers, as the public page numbers them."""
    codes = blocks_textkit.label(text.blocks)
    return [
        block_of(
            block.key,
            block.kind,
            block.text,
            (labels.label_in_words(code), int(code.rpartition(" ")[2]) if " " in code else 0),
            text.language,
        )
        for code, block in zip(codes, text.blocks, strict=True)
    ]


def _signatories(text: AdoptedText) -> Iterable[PrintedAgency]:
    """Yield the signatories, each reservation apart from what it is about."""
    for agency in text.signatories:
        reservation = labels.reserved_paragraphs(agency.reservation, text.blocks)
        about = ", ".join(label for label, _key in reservation.paragraphs)
        yield PrintedAgency(fit(agency.acronym), fit(agency.name), about, fit(reservation.words))


def _words(text: AdoptedText) -> PrintedWords:
    """Return the words of the files in the active language."""
    return PrintedWords(
        language=translation.get_language() or settings.LANGUAGE_CODE,
        adopted=_("Adopted on %(day)s") % {"day": formatting.known_day(text.adopted)},
        statement_language=_("Language: %(language)s")
        % {"language": languages.name_of(text.language)},
        signatories=_("Signatories"),
        agency=_("Agency"),
        name=pgettext("of an agency", "Name"),
        with_reservation=_("with reservation"),
        reservations=_("Reservations"),
        apart=_("Did not join"),
        not_asked=_("Was not asked") if text.sha256 else _("Members that did not sign"),
        proof=_("All signatories approved exactly this text."),
        sha256=_("SHA-256 of the text"),
        address=_("Permanent address"),
        page=_("%(page)s of %(pages)s"),
        preambular=str(labels.LABELS["PP"]),
        operative=str(labels.LABELS["OP"]),
        body=str(labels.LABELS["¶"]),
    )
