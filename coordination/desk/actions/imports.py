"""Import members, people and terms from a table.

All or nothing. Each row says in the column `what` what it puts on record. docs/operate/new-group.md
names the columns.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from coordination.core import queries
from coordination.core.errors import FieldRefused, RuleBroken
from coordination.desk.errors import FileHasProblems, Problem
from coordination.filekit.tables import Row
from coordination.members.actions import imports as members
from coordination.members.actions.appointments import Tenure
from coordination.members.actions.imports import ImportedPerson
from coordination.members.enums import MembershipStatus, Role
from coordination.members.models import Agency
from coordination.rotation.actions import imports as rotation
from coordination.rotation.actions.terms import TermProposal

AGENCY, MEMBERSHIP, TERM = "agency", "membership", "term"
ROLES = {
    "focal point": Role.FOCAL_POINT,
    "principal": Role.PRINCIPAL,
    "office": Role.OFFICE,
}
# the columns that each kind of row may fill, beside `what` and `agency`; the first ones it must
KINDS = {
    AGENCY: (("name",), ("city", "time_zone")),
    MEMBERSHIP: (("first_day",), ("last_day", "standing", "source")),
    **dict.fromkeys(ROLES, (("name", "first_day"), ("email", "title", "last_day"))),
    TERM: (("first_day", "last_day"), ("theme", "source")),
}
COLUMNS = (
    "what",
    "agency",
    "name",
    "city",
    "time_zone",
    "standing",
    "email",
    "title",
    "first_day",
    "last_day",
    "theme",
    "source",
)
# of a field of a record, where the column has another name
COLUMN_OF = {
    "acronym": "agency",
    "slug": "agency",
    "agencies": "agency",
    "sources": "source",
}


@dataclass(frozen=True, slots=True)
class ImportedFile:
    """The file of an import: its name and reading moment."""

    file: str
    at: datetime


@transaction.atomic
def import_rows(rows: Sequence[Row], *, file: str, at: datetime, dry_run: bool) -> Counter[str]:
    """Put all rows on record, agencies first, terms last; or none.

    Returns how many are new, by kind. A dry run does the same and takes it back. Raises
    FileHasProblems, with every problem that was found.
    """
    if queries.group().pk is None:
        raise FieldRefused(_("There is no group yet: run set_up first."))
    problems = unknown_columns(rows) + [problem for row in rows for problem in faults(row)]
    bad = {(problem.sheet, problem.row) for problem in problems}
    new: Counter[str] = Counter()
    for row in in_order(rows):
        if (row.sheet, row.number) in bad:
            continue
        try:
            # a savepoint: what a refused row wrote goes, and the next one is tried
            with transaction.atomic():
                new[kind(row)] += WRITERS[kind(row)](row, ImportedFile(file, at))
        except RuleBroken as error:
            column = COLUMN_OF.get(error.field or "", error.field or "")
            problems.append(Problem(row.sheet, row.number, column, error.message))
    if problems:
        order = [row.sheet for row in rows]
        problems.sort(key=lambda problem: (order.index(problem.sheet), problem.row))
        raise FileHasProblems(problems)
    if dry_run:
        transaction.set_rollback(True)
    return new


def kind(row: Row) -> str:
    """Return what a row is, such as "focal point"."""
    return " ".join(row.cells.get("what", "").casefold().replace("_", " ").split())


def in_order(rows: Iterable[Row]) -> list[Row]:
    """Return the rows by kind, then by first day."""
    places = list(KINDS)
    known = (row for row in rows if kind(row) in KINDS)
    return sorted(
        known, key=lambda row: (places.index(kind(row)), row.cells.get("first_day") or "")
    )


def unknown_columns(rows: Iterable[Row]) -> list[Problem]:
    """Return a problem for each unknown column name of a sheet.

    The names stand in its first row.
    """
    named = {(row.sheet, name): None for row in rows for name in row.cells}
    return [
        Problem(sheet, 1, name, _("There is no column of this name."))
        for sheet, name in named
        if name not in COLUMNS
    ]


def faults(row: Row) -> list[Problem]:
    """Return the errors in the cells of a row.

    No record is looked at yet.
    """
    found = dict.fromkeys(row.formulas, _("Put the value here, not a formula."))
    found |= {
        name: _("Write the day as 2026-12-31.")
        for name in ("first_day", "last_day")
        if row.cells.get(name) and not is_day(row.cells[name])
    }
    what = kind(row)
    if what not in KINDS:
        found["what"] = _("This is one of: %(kinds)s.") % {"kinds": ", ".join(KINDS)}
    else:
        needed, more = KINDS[what]
        found |= {
            name: _("Fill this cell.") for name in ("agency", *needed) if not row.cells.get(name)
        }
        found |= {
            name: _("Leave this cell empty: a row for %(what)s has no such value.") % {"what": what}
            for name in COLUMNS
            if row.cells.get(name) and name not in {"what", "agency", *needed, *more}
        }
    standing = row.cells.get("standing")
    if standing and standing not in MembershipStatus.values:
        found["standing"] = _("This is one of: %(kinds)s.") % {
            "kinds": ", ".join(MembershipStatus.values)
        }
    return [Problem(row.sheet, row.number, name, text) for name, text in found.items()]


def is_day(text: str) -> bool:
    """Say whether a text is a day of the calendar, as 2026-12-31."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def agency_of(acronym: str) -> Agency:
    """Return the agency with that acronym. Raises FieldRefused."""
    agency = Agency.objects.filter(acronym=acronym).first()
    if agency is None:
        raise FieldRefused(
            _("No agency has the acronym “%(acronym)s”.") % {"acronym": acronym}, field="agency"
        )
    return agency


def days(row: Row) -> Tenure:
    """Return the days of a row, with the title."""
    last_day = row.cells.get("last_day")
    return Tenure(
        date.fromisoformat(row.cells["first_day"]),
        date.fromisoformat(last_day) if last_day else None,
        row.cells.get("title", ""),
    )


def sources(row: Row) -> list[str]:
    """Return the source that a row names, as a list."""
    return [row.cells["source"]] if row.cells.get("source") else []


def import_agency(row: Row, origin: ImportedFile) -> bool:
    """Put the agency of a row on record."""
    values = {name: row.cells.get(name, "") for name in ("name", "city", "time_zone")}
    return members.import_agency(row.cells["agency"], values, file=origin.file)


def import_membership(row: Row, origin: ImportedFile) -> bool:
    """Put the membership of a row on record."""
    standing = MembershipStatus(row.cells.get("standing") or MembershipStatus.MEMBER)
    return members.import_membership(
        agency_of(row.cells["agency"]), standing, days(row), sources(row), file=origin.file
    )


def import_appointment(row: Row, origin: ImportedFile) -> bool:
    """Record the appointment of a row.

    It is of a focal point, a principal or a member of an office.
    """
    return members.import_appointment(
        ImportedPerson(row.cells["name"], row.cells.get("email", "")),
        agency_of(row.cells["agency"]),
        ROLES[kind(row)],
        days(row),
        file=origin.file,
        at=origin.at,
    )


def import_term(row: Row, origin: ImportedFile) -> bool:
    """Record the term of a row.

    Its agencies are separated by “+”.
    """
    acronyms = [acronym.strip() for acronym in row.cells["agency"].split("+")]
    tenure = days(row)
    assert tenure.last_day  # the row was refused without it
    return rotation.import_term(
        [agency_of(acronym) for acronym in acronyms],
        TermProposal(tenure.first_day, tenure.last_day, theme=row.cells.get("theme", "")),
        sources(row),
        file=origin.file,
        at=origin.at,
    )


WRITERS: dict[str, Callable[[Row, ImportedFile], bool]] = {
    AGENCY: import_agency,
    MEMBERSHIP: import_membership,
    **dict.fromkeys(ROLES, import_appointment),
    TERM: import_term,
}
