"""What set_up and import_members refuse, and with which words."""

import io
import zipfile
from datetime import date

import openpyxl
import pytest

from coordination.core.actions import clean
from coordination.core.errors import FieldRefused
from coordination.core.models import Group
from coordination.desk.tests.test_new_group import PHL, refusal, set_up_asean, write
from coordination.filekit import tables
from coordination.filekit.refusals import FileFault, Refused
from coordination.members.models import Agency, Membership
from coordination.rotation.models import ChecklistTemplateItem

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


@pytest.fixture
def asean(db):
    return set_up_asean()


def test_a_cell_that_the_kind_of_row_has_not_and_an_unknown_standing_are_named(asean, tmp_path):
    file = write(
        tmp_path,
        PHL | {"email": "a@b.example"},
        {"what": "membership", "agency": "PHL", "first_day": "1967-08-08", "standing": "guest"},
    )

    words = refusal("import_members", file)

    assert "row 2, email: Leave this cell empty" in words
    assert "row 3, standing: This is one of:" in words


def test_two_agencies_do_not_have_one_address(asean, tmp_path):
    file = write(tmp_path, PHL | {"agency": "A B"}, PHL | {"agency": "A-B"})

    assert "Another agency has the address “a-b”." in refusal("import_members", file)


def test_a_folder_without_a_checklist_sets_none_up(db, settings, tmp_path):
    settings.FIXTURES = tmp_path

    set_up_asean()

    assert (Group.objects.count(), ChecklistTemplateItem.objects.count()) == (1, 0)


def test_what_a_constraint_forbids_is_refused_in_its_words(db):
    agency = Agency.objects.create(acronym="X", slug="x", name="X", city="Geneva", time_zone="UTC")

    with pytest.raises(FieldRefused, match="The last day is before the first"):
        clean(Membership(agency=agency, first_day=date(2020, 1, 1), last_day=date(2019, 1, 1)))


def test_a_table_that_is_too_large_or_damaged_is_refused():
    with pytest.raises(Refused):
        list(tables.rows_of("", iter([[("x" * (tables.LONGEST_CELL + 1), False)]])))
    with pytest.raises(Refused):
        list(tables.csv_lines('a,"b\n', ","))
    assert [tables.as_text(value) for value in (date(2026, 1, 2), 3.0, None)] == [
        "2026-01-02",
        "3",
        "",
    ]


def test_a_sheet_that_breaks_off_is_refused():
    """Rewrite a workbook with the first half of its sheet."""
    book = openpyxl.Workbook()
    for number in range(50):
        book.active.append([f"Agency {number}", "Geneva"])
    whole, broken = io.BytesIO(), io.BytesIO()
    book.save(whole)
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(broken, "w") as copy:
        for name in source.namelist():
            content = source.read(name)
            copy.writestr(name, content[: len(content) // 2] if "sheet1" in name else content)

    [(_title, rows)] = tables.excel_sheets(broken.getvalue())
    with pytest.raises(Refused) as refused:
        list(rows)
    assert refused.value.fault == FileFault.DAMAGED
