"""Reads a table from a CSV or Excel file as text.

Formulas are never evaluated. The first row of each sheet names the columns.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import openpyxl

from coordination.filekit import archives
from coordination.filekit.refusals import FileFault, Refused

LARGEST_TABLE = 5 * 1024 * 1024
MOST_ROWS, MOST_COLUMNS, LONGEST_CELL = 5_000, 40, 1_000
FORMULA = "f"  # openpyxl's type of a cell with a formula


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its cells by column, as text.

    `sheet` is "" in a CSV file. `number` counts from 1, the row of the names included. `formulas`
    are the columns whose cell has a formula.
    """

    sheet: str
    number: int
    cells: dict[str, str]
    formulas: frozenset[str] = field(default=frozenset())


def read(content: bytes, ending: str) -> list[Row]:
    """Return the rows that are not blank.

    `ending` is csv or xlsx. Raises Refused for a file that is too large, damaged or no table.
    """
    if len(content) > LARGEST_TABLE:
        raise Refused(FileFault.TABLE_TOO_LARGE)
    sheets = csv_sheets(content) if ending == "csv" else excel_sheets(content)
    rows = [row for name, lines in sheets for row in rows_of(name, lines)]
    if not rows:
        raise Refused(FileFault.NO_ROWS)
    return rows


def rows_of(sheet: str, lines: Iterator[list[tuple[str, bool]]]) -> Iterator[Row]:
    """Yield the rows of a sheet.

    Each cell is (text, whether it has a formula).
    """
    names: list[str] = []
    for number, line in enumerate(lines, 1):
        if number > MOST_ROWS or len(line) > MOST_COLUMNS:
            raise Refused(FileFault.TABLE_TOO_LARGE)
        if any(len(text) > LONGEST_CELL for text, _is_formula in line):
            raise Refused(FileFault.TABLE_TOO_LARGE)
        if not any(text for text, _is_formula in line):
            continue
        if not names:
            names = [column_name(text) for text, _is_formula in line]
            continue
        # a row may be shorter than the names, or go on beyond them
        names += [f"column {place + 1}" for place in range(len(names), len(line))]
        pairs = list(zip(names, line, strict=False))
        yield Row(
            sheet,
            number,
            {name: text for name, (text, _is_formula) in pairs if name or text},
            frozenset(name for name, (_text, is_formula) in pairs if is_formula),
        )


def column_name(text: str) -> str:
    """Return "first_day" for "First day"."""
    return "_".join(text.casefold().replace("-", " ").replace("_", " ").split())


def csv_sheets(content: bytes) -> Iterator[tuple[str, Iterator[list[tuple[str, bool]]]]]:
    """Yield the only sheet of a CSV file.

    It is in UTF-8, with commas, semicolons or tabs.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused(FileFault.NOT_UTF8) from error
    head = text.partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    yield "", csv_lines(text, delimiter)


def csv_lines(text: str, delimiter: str) -> Iterator[list[tuple[str, bool]]]:
    """Yield the lines of a CSV text."""
    try:
        for line in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            yield [(cell.strip(), False) for cell in line]
    except csv.Error as error:
        raise Refused(FileFault.DAMAGED) from error


def excel_sheets(content: bytes) -> Iterator[tuple[str, Iterator[list[tuple[str, bool]]]]]:
    """Yield the sheets of an Excel file, after its parts were inspected."""
    archives.inspect(content, "xlsx")
    try:
        book = openpyxl.load_workbook(
            io.BytesIO(content), read_only=True, keep_links=False, rich_text=False
        )
    # openpyxl raises what its parts raise: KeyError, ValueError, TypeError, XML errors
    except Exception as error:
        raise Refused(FileFault.DAMAGED) from error
    for sheet in book.worksheets:
        yield sheet.title, excel_lines(sheet)


def excel_lines(sheet: Any) -> Iterator[list[tuple[str, bool]]]:
    """Yield the lines of a sheet.

    Its stated size may be false, so it is not believed.
    """
    sheet.reset_dimensions()
    try:
        for line in sheet.iter_rows(max_row=MOST_ROWS + 1, max_col=MOST_COLUMNS + 1):
            cells = [
                (as_text(cell.value), getattr(cell, "data_type", "") == FORMULA) for cell in line
            ]
            while cells and not cells[-1][0]:
                cells.pop()
            yield cells
    except Exception as error:  # as above
        raise Refused(FileFault.DAMAGED) from error


def as_text(value: Any) -> str:
    """Return a cell's value as text; a day as 2026-12-31."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
