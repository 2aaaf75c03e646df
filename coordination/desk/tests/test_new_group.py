"""A group of one's own: set_up, import_members, and the data of another group, which stay away."""

import ast
import csv
import io
import json
import re
from datetime import date
from io import StringIO

import openpyxl
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from coordination.core.models import Group
from coordination.desk.management.commands import set_up
from coordination.desk.tests.test_reference import counts
from coordination.members.models import Agency, Appointment, Membership, Person
from coordination.members.queries import agencies
from coordination.rotation.models import ChairTerm, ChecklistTemplateItem, Handover
from coordination.rotation.queries.chair import chair_on
from coordination.statements.models import Statement

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

EXAMPLE = settings.BASE_DIR / "docs" / "operate"
ASEAN = {
    "--name": "Association of Southeast Asian Nations",
    "--acronym": "ASEAN",
    "--time-zone": "Asia/Jakarta",
    "--term-months": "12",
    "--admin-name": "Ratna Wijaya",
    "--admin-email": "ratna@secretariat.example",
}


def told(*command, **options):
    words = StringIO()
    call_command(*command, stdout=words, stderr=words, **options)
    return words.getvalue()


def set_up_asean(**other):
    return told("set_up", *(part for pair in (ASEAN | other).items() for part in pair))


@pytest.fixture
def asean(db):
    return set_up_asean()


def refusal(*command):
    with pytest.raises(CommandError) as refused:
        told(*command)
    return str(refused.value)


def test_set_up_makes_the_group_and_an_administrator_who_can_sign_in(client, asean):
    group = Group.objects.get()
    administrator = Person.objects.get()
    assert (group.name, group.acronym, group.city, group.term_months) == (
        "Association of Southeast Asian Nations",
        "ASEAN",
        "Jakarta",
        12,
    )
    assert group.history.get().history_change_reason == "group_set_up"
    assert (administrator.is_superuser, administrator.has_usable_password()) == (True, False)
    assert ChecklistTemplateItem.objects.count() == 18
    assert "Global Forum" not in "".join(
        ChecklistTemplateItem.objects.values_list("detail", flat=True)
    )

    path = re.search(rf"{re.escape(settings.SITE_URL)}(/\S+)", asean)[1]
    page = client.get(path, follow=True)
    password = "four words of our own"
    client.post(page.request["PATH_INFO"], {"password1": password, "password2": password})

    administrator.refresh_from_db()
    assert administrator.check_password(password)
    assert client.login(email="ratna@secretariat.example", password=password)


def test_set_up_takes_a_file(db):
    assert "Ratna Wijaya chooses a password" in told(
        "set_up", "--file", str(EXAMPLE / "new-group.json")
    )

    assert Group.objects.get().acronym == "ASEAN"


def test_set_up_asks_on_a_terminal_for_what_is_not_said(db, monkeypatch):
    replies = iter(["", "ASEAN", "Asia/Jakarta", "", "12", "Ratna Wijaya"])
    asked = []
    monkeypatch.setattr(set_up.sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda words: asked.append(words) or next(replies))
    call_command(
        "set_up", "--name", "A group", "--admin-email", "ratna@x.example", stdout=StringIO()
    )

    group = Group.objects.get()
    assert (group.name, group.acronym, group.city) == ("A group", "ASEAN", "Jakarta")
    assert asked[:2] == ["Its acronym: ", "Its acronym: "]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        (
            {"--time-zone": "Asia/Atlantis"},
            "--time-zone: “Asia/Atlantis” is not a time zone, such as Europe/Paris.",
        ),
        ({"--term-months": "half"}, "--term-months: “half” value must be an integer."),
        ({"--admin-email": "ratna"}, "--admin-email: Enter a valid email address."),
        ({"--admin-email": ""}, "Still to be given: --admin-email."),
    ],
    ids=["zone", "months", "address", "nothing"],
)
def test_set_up_says_what_is_wrong_and_changes_nothing(db, changed, sentence):
    before = counts()

    with pytest.raises(CommandError) as refused:
        set_up_asean(**changed)

    assert str(refused.value) == sentence
    assert counts() == before


def test_set_up_is_for_an_empty_database(asean):
    with pytest.raises(
        CommandError, match=r"belongs to the Association of Southeast Asian Nations"
    ):
        set_up_asean()


def test_the_example_makes_a_group_that_works(asean):
    before = counts()
    dry = told("import_members", str(EXAMPLE / "new-group.csv"), "--dry-run")
    assert counts() == before

    words = told("import_members", str(EXAMPLE / "new-group.csv"))

    assert words.splitlines() == [
        "agency: 10 new",
        "focal point: 20 new",
        "membership: 10 new",
        "principal: 10 new",
        "term: 5 new",
        "Done.",
    ]
    assert dry == words.replace("Done.", "Nothing was put on record: a dry run.")
    assert agencies.members_on(date(1990, 1, 1)).count() == 6
    assert agencies.members_on(date(2026, 11, 23)).count() == 10
    assert [str(each) for each in chair_on(date(2026, 11, 23)).agencies] == ["PHL"]
    assert Handover.objects.count() == 2
    assert Person.objects.get(email="first@phl.example").is_active
    entry = Agency.objects.get(acronym="PHL").history.get()
    assert (entry.history_change_reason, entry.history_reason_values) == (
        "imported",
        {"file": "new-group.csv"},
    )
    again = counts()
    assert "agency: 0 new" in told("import_members", str(EXAMPLE / "new-group.csv"))
    assert counts() == again


def test_an_imported_focal_point_signs_in_and_acts(client, asean, mailoutbox):
    told("import_members", str(EXAMPLE / "new-group.csv"))

    client.post("/accounts/password/reset/", {"email": "first@phl.example"})
    path = re.search(r"https?://[^/]+(/accounts/password/reset/key/\S+)", mailoutbox[0].body)[1]
    page = client.get(path, follow=True)
    password = "four words of our own"
    client.post(page.request["PATH_INFO"], {"password1": password, "password2": password})

    assert client.login(email="first@phl.example", password=password)
    assert "Philippines" in client.get("/desk/", follow=True).content.decode()


def write(tmp_path, *rows, name="members.csv", delimiter=","):
    columns = list(dict.fromkeys(column for row in rows for column in row))
    words = io.StringIO()
    table = csv.DictWriter(words, columns, delimiter=delimiter)
    table.writeheader()
    table.writerows(rows)
    (tmp_path / name).write_text(words.getvalue(), encoding="utf-8-sig")
    return str(tmp_path / name)


PHL = {"what": "agency", "agency": "PHL", "name": "Philippines", "time_zone": "Asia/Manila"}


def test_all_that_is_wrong_is_listed_by_row_and_column_and_nothing_is_kept(asean, tmp_path):
    file = write(
        tmp_path,
        PHL,
        {"what": "agency", "agency": "SGP", "name": "Singapore", "time_zone": "Asia/Atlantis"},
        {"what": "membership", "agency": "PHL", "first_day": "08.08.1967"},
        {"what": "membership", "agency": "XYZ", "first_day": "1967-08-08"},
        {"what": "member", "agency": "PHL", "first_day": "1967-08-08"},
        {"what": "focal point", "agency": "PHL", "name": "www.thief.example", "email": "a@b.example", "first_day": "2026-01-01"},
        {"what": "term", "agency": "PHL", "first_day": "2026-01-01", "last_day": "2025-12-31"},
        {"what": "agency", "agency": "THA", "name": "", "phone": "12"},
    )  # fmt: skip
    before = counts()

    lines = refusal("import_members", file).splitlines()

    assert lines == [
        "row 1, phone: There is no column of this name.",
        "row 3, time_zone: “Asia/Atlantis” is not a time zone, such as Europe/Paris.",
        "row 4, first_day: Write the day as 2026-12-31.",
        "row 5, agency: No agency has the acronym “XYZ”.",
        "row 6, what: This is one of: agency, membership, focal point, principal, office, term.",
        "row 7, name: A name cannot have a web address in it.",
        "row 8, last_day: The last day is before the first.",
        "row 9, name: Fill this cell.",
        "Nothing was put on record.",
    ]
    assert counts() == before


def test_a_record_with_other_values_is_not_overwritten(asean, tmp_path):
    told("import_members", write(tmp_path, PHL))

    words = refusal("import_members", write(tmp_path, PHL | {"name": "The Philippines"}))

    assert words.startswith("row 2, name: On record is Philippines. Correct it")
    assert Agency.objects.get().name == "Philippines"


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_a_csv_file_of_a_spreadsheet_in_another_language_is_read(asean, tmp_path, delimiter):
    assert "agency: 1 new" in told("import_members", write(tmp_path, PHL, delimiter=delimiter))


def workbook(tmp_path, *rows, name="members.xlsx"):
    book = openpyxl.Workbook()
    book.active.title = "Members"
    for row in rows:
        book.active.append(row)
    book.create_sheet("Empty")
    book.save(tmp_path / name)
    return str(tmp_path / name)


HEAD = ["What", "Agency", "Name", "First day", "Last day"]


def test_an_excel_file_is_read_with_its_days(asean, tmp_path):
    file = workbook(
        tmp_path,
        HEAD,
        ["agency", "PHL", "Philippines"],
        ["Membership", "PHL", None, date(1967, 8, 8)],
    )

    assert "membership: 1 new" in told("import_members", file)
    assert Membership.objects.get().first_day == date(1967, 8, 8)


def test_a_formula_is_not_evaluated(asean, tmp_path):
    file = workbook(tmp_path, HEAD, ["agency", "PHL", '=CONCATENATE("Philip","pines")'])

    assert (
        refusal("import_members", file).splitlines()[0]
        == "Members, row 2, name: Put the value here, not a formula."
    )


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.ods", b"", "The file must end in .csv or .xlsx."),
        ("a.csv", b"what,agency\n", "This table has no rows beneath the names of its columns."),
        ("a.csv", "what;agency\nagency;É\n".encode("latin-1"), "This file is not in UTF-8. Save it as “CSV UTF-8”."),
        ("a.csv", b"what,agency\n" + b"agency,A\n" * 5_000, "This table is larger than 5 MB, 5,000 rows, 40 columns, or 1,000 characters in a cell."),
        ("a.csv", b"what\n" + b"x" * 2_000, "This table is larger than 5 MB, 5,000 rows, 40 columns, or 1,000 characters in a cell."),
        ("a.csv", b"what\n" + b"agency\n" * 900_000, "This table is larger than 5 MB, 5,000 rows, 40 columns, or 1,000 characters in a cell."),
        ("a.xlsx", b"what,agency\n", "This file is damaged. Open it, save it under another name, and send that one."),
    ],
    ids=["kind", "no rows", "encoding", "rows", "cell", "bytes", "damaged"],
)  # fmt: skip
def test_a_file_that_is_no_table_gets_a_sentence(asean, tmp_path, name, content, sentence):
    (tmp_path / name).write_bytes(content)

    assert refusal("import_members", str(tmp_path / name)) == sentence


def test_members_come_after_the_group(db, tmp_path):
    assert (
        refusal("import_members", write(tmp_path, PHL))
        == "There is no group yet: run set_up first."
    )


@pytest.mark.parametrize("command", ["load_reference", "load_demo"])
def test_the_data_of_another_group_stay_away(asean, command):
    told("import_members", str(EXAMPLE / "new-group.csv"))
    before = counts()

    with pytest.raises((SystemExit, CommandError)):
        told(command)

    assert counts() == before


def test_agencies_without_a_group_are_somebody_elses_too(db):
    Agency.objects.create(acronym="PHL", slug="phl", name="Philippines")

    with pytest.raises(SystemExit):
        told("load_reference")

    assert Agency.objects.count() == 1


def test_a_group_that_was_renamed_still_takes_its_own_reference_data(db):
    told("load_reference")
    group = Group.objects.get()
    group.name, group.acronym = "A group renamed", "AGR"
    group.save()

    assert told("load_reference").strip() == "Nothing changed."


def test_the_folder_of_fixtures_can_be_another_one(db, settings, tmp_path):
    for file in settings.FIXTURES.glob("*.json"):
        data = json.loads(file.read_text(encoding="utf-8"))
        lists = {name: [] for name, value in data.items() if isinstance(value, list)}
        (tmp_path / file.name).write_text(json.dumps(data | lists), encoding="utf-8")
    settings.FIXTURES = tmp_path

    told("load_reference")

    assert (Agency.objects.count(), ChairTerm.objects.count(), Appointment.objects.count()) == (
        0,
        0,
        0,
    )
    assert Group.objects.get().acronym == "GMG"


@pytest.fixture
def imported(asean):
    told("import_members", str(EXAMPLE / "new-group.csv"))
    return Group.objects.get()


@pytest.fixture
def chair_of_asean(client, imported):
    client.force_login(Person.objects.get(email="first@phl.example"))
    return client


def test_statements_are_in_the_group_s_languages_under_its_symbols(chair_of_asean, imported):
    imported.statement_languages, imported.symbol_pattern = ["id", "en"], "DOC-{year}-"
    imported.save()

    page = chair_of_asean.get("/statements/start/").content.decode()
    answer = chair_of_asean.post(
        "/statements/start/",
        {
            "title": "Haze",
            "language": "id",
            "agencies": Agency.objects.values_list("pk", flat=True),
        },
    )

    assert re.findall(r'<option value="(\w\w)"[^>]*>(\w+)', page) == [
        ("id", "Indonesian"),
        ("en", "English"),
    ]
    assert answer.status_code == 302
    statement = Statement.objects.get()
    assert (statement.symbol, statement.language) == ("DOC-2026-1", "id")


def proposal(*acronyms):
    keys = [Agency.objects.get(acronym=acronym).pk for acronym in acronyms]
    days = {"first_day": "2028-01-01", "last_day": "2028-12-31", "kind": "term"}
    return days | {
        "first_agency": keys[0],
        "second_agency": keys[1] if len(keys) > 1 else "",
        "more_agencies": keys[2:],
    }


@pytest.mark.parametrize(("most", "chairs"), [(1, ["THA"]), (3, ["THA", "VNM", "BRN"])])
def test_as_many_agencies_chair_together_as_the_group_says(chair_of_asean, imported, most, chairs):
    imported.chairs_max = most
    imported.save()

    page = chair_of_asean.get("/rotation/propose/").content.decode()
    chair_of_asean.post("/rotation/propose/", proposal("THA", "VNM", "BRN"))

    assert ('name="second_agency"' in page, 'name="more_agencies"' in page) == (most > 1, most > 2)
    term = ChairTerm.objects.get(first_day=date(2028, 1, 1))
    assert [str(row.agency) for row in term.chairs.order_by("position")] == chairs


def test_an_agency_does_not_chair_beside_itself(chair_of_asean, imported):
    imported.chairs_max = 3
    imported.save()

    page = chair_of_asean.post("/rotation/propose/", proposal("THA", "VNM", "THA"))

    assert page.status_code == 422
    assert "A joint chair needs two different agencies." in page.content.decode()


def test_names_are_abbreviated_as_the_group_says(imported):
    assert told("who_chairs").startswith("Philippines (")
    imported.name_abbreviations = {"Phil": "Ph"}
    imported.save()

    assert told("who_chairs").startswith("Phippines (")


def test_a_group_that_says_nothing_has_no_zone_of_another(client, imported):
    assert (Group().time_zone, Group().city) == ("UTC", "UTC")
    client.force_login(Person.objects.get(email="ratna@secretariat.example"))

    page = client.get("/admin/meetings/meeting/add/").content.decode()

    assert 'name="time_zone" value="Asia/Jakarta"' in page


OURS = [
    path
    for folder in ("coordination", "gmgapp", "templates")
    for path in (settings.BASE_DIR / folder).rglob("*")
    if path.suffix in {".py", ".html", ".txt"}
    and not {"tests", "migrations", "locale"} & set(path.parts)
    and path.name != "samples.py"
    and not path.name.startswith("_styleguide")
]


def texts_of(path):
    """Return the texts of a module without its docstrings, or the lines of a template."""
    words = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        return words.splitlines()
    tree = ast.parse(words)
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in docstrings
    ]


def test_no_code_names_a_group_or_its_city():
    named = [
        f"{path.relative_to(settings.BASE_DIR)}: {text.strip()}"
        for path in OURS
        for text in texts_of(path)
        if re.search(r"Zurich|Geneva|\bGMG\b|Global Migration|Global Forum|United Nations ", text)
    ]

    assert len(OURS) > 300
    assert named == []
