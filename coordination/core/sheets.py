"""Tables as CSV and Excel files.

No cell is ever read as a formula.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse

CSV, XLSX = "csv", "xlsx"
TYPES = {
    CSV: "text/csv; charset=utf-8",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# a spreadsheet may take a cell that begins so for a formula (OWASP, CSV injection)
FORMULA_BEGINS = ("=", "+", "-", "@", "\t", "\r", "\n")
# Excel refuses these; XML 1.0 has no such characters
UNWRITABLE = {code: None for code in range(32) if chr(code) not in "\t\r\n"}
LONGEST_TITLE, WIDEST, NARROWEST = 31, 60, 8
NOT_IN_TITLE = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: column names, and lines of texts, numbers and days."""

    title: str
    header: Sequence[str]
    lines: Sequence[Sequence[object]]


def harmless(value: object) -> object:
    """Return a value that no spreadsheet reads as a formula. Pure.

    Texts get an apostrophe in front; numbers and days stay as they are. A moment loses its zone,
    which Excel does not know: give it in the zone that the header names.
    """
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    if not isinstance(value, str):
        return value
    text = value.translate(UNWRITABLE)
    return f"'{text}" if text.startswith(FORMULA_BEGINS) else text


def csv_bytes(sheet: Sheet) -> bytes:
    """Return a table as CSV in UTF-8.

    It begins with the byte order mark by which Excel knows the encoding.
    """
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerows([harmless(cell) for cell in line] for line in (sheet.header, *sheet.lines))
    return stream.getvalue().encode("utf-8-sig")


def xlsx_bytes(sheets: Iterable[Sheet]) -> bytes:
    """Return tables as an Excel file, a sheet for each."""
    # with its parser of XML it takes 20 MiB of memory, and few pages need it
    import openpyxl
    from openpyxl import styles

    book = openpyxl.Workbook(write_only=True)
    for sheet in sheets:
        page = book.create_sheet(sheet.title.translate(NOT_IN_TITLE)[:LONGEST_TITLE])
        page.freeze_panes = "A2"
        for place, name in enumerate(sheet.header):
            cells = [name, *(line[place] for line in sheet.lines)]
            width = max(len(str(cell)) for cell in cells) + 2
            page.column_dimensions[chr(ord("A") + place)].width = min(max(width, NARROWEST), WIDEST)
        heads = []
        for name in sheet.header:
            cell = openpyxl.cell.WriteOnlyCell(page, value=harmless(name))
            cell.font = styles.Font(bold=True)
            heads.append(cell)
        page.append(heads)
        for line in sheet.lines:
            page.append([harmless(cell) for cell in line])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def answer(sheets: Sequence[Sheet], ending: str, name: str) -> HttpResponse:
    """Return tables as a download.

    A CSV file has only the first.
    """
    content = csv_bytes(sheets[0]) if ending == CSV else xlsx_bytes(sheets)
    return HttpResponse(
        content,
        content_type=TYPES[ending],
        headers={"Content-Disposition": f'attachment; filename="{name}.{ending}"'},
    )
