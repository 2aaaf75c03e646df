"""The compilation text and the positions as PDF, read back as text and by their marks."""

import io
from datetime import timedelta

import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from coordination.core.pdf import MarkedRun
from coordination.members.tests.factories import AgencyFactory, MembershipFactory
from coordination.statements.actions import positions, silent
from coordination.statements.actions.positions import PositionCall, PositionInput, PositionLetter
from coordination.statements.enums import AmendmentKind, BlockKind, PositionKind, StatementState
from coordination.statements.models import Position
from coordination.statements.queries import printed
from coordination.statements.queries.compilation import CompilationBlock, NamedRun
from coordination.statements.tests.factories import (
    CARE,
    AmendmentFactory,
    ClearanceStepFactory,
    circulated,
    drafted,
    in_clearance,
    take_position,
)
from coordination.statements.tests.pages import url
from coordination.tests.cast import NOW
from coordination.tests.many import ROWS, many

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now", "terms")]


def read(answer) -> pypdf.PdfReader:
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    return pypdf.PdfReader(io.BytesIO(answer.content))


def words(answer) -> str:
    return " ".join(" ".join(page.extract_text() for page in read(answer).pages).split())


@pytest.fixture
def draft(unfpa, who):
    draft = circulated(title="Migrants & transit", symbol="GMG/2026/ST/1", slug="2026-transit")
    block = draft.blocks.get(key="b3")
    for agency, text in ((unfpa, "migrants and children"), (who, "people")):
        AmendmentFactory(block=block, agency=agency, proposed_text=CARE.replace("migrants", text))
    opening = draft.blocks.get(key="b2")
    AmendmentFactory(
        block=opening, agency=who, proposed_text=opening.text.replace("*Recalling*", "Noting")
    )
    AmendmentFactory(block=draft.blocks.get(key="b4"), agency=who, kind=AmendmentKind.DELETE)
    new = {
        "kind": AmendmentKind.INSERT,
        "block_kind": BlockKind.OPERATIVE,
        "proposed_text": "Protect <children> first;",
    }
    AmendmentFactory(block=block, agency=who, **new)
    return draft


def test_the_compilation_has_the_brackets_of_its_plain_text(of_unfpa, draft):
    answer = of_unfpa.get(url("compile_pdf", draft))

    plain = " ".join(of_unfpa.get(url("compile_plain", draft)).content.decode().split())
    text = words(answer)
    for part in ("[and children – UNFPA]", "[delete: migrants – WHO]", "[people – WHO]"):
        assert (part in plain, part in text) == (True, True)
    assert text.startswith(
        "Global Migration Group Compilation: Migrants & transit GMG/2026/ST/1. Draft 1 with all "
        "amendments in brackets, each with the agencies behind it. "
    )
    assert "OP 1 bis [Protect <children> first; – WHO]" in text
    assert (
        answer["Content-Disposition"]
        == 'inline; filename="2026-transit-compilation-of-draft-1.pdf"'
    )
    reader = read(answer)
    assert reader.metadata.title == "Compilation: Migrants & transit"
    assert reader.pages[0].mediabox.width < reader.pages[0].mediabox.height


def test_a_compilation_in_another_script_is_set_in_its_direction(of_unfpa):
    draft = circulated(language="ar")

    assert "Joint statement on migrants in transit" in words(
        of_unfpa.get(url("compile_pdf", draft))
    )


def test_the_papers_are_for_those_who_read_the_pages(client, of_unfpa, draft):
    assert client.get(url("compile_pdf", draft)).status_code == 404
    assert client.get(url("positions_pdf", draft)).status_code == 302
    assert of_unfpa.get(url("compile_pdf", drafted())).status_code == 404


@pytest.fixture
def steps(unfpa, ohchr, unesco, who, focal_point, other_agency, chair):
    """Return a closed step under silence and an open one in which agencies spoke in each way."""
    first = in_clearance(
        silence=True, title="Migrants in transit", symbol="GMG/2026/ST/1", slug="2026-transit"
    )
    first.deadline = first.closed_at = NOW - timedelta(days=1)
    first.save()
    take_position(first, unfpa, focal_point, at=NOW - timedelta(days=2))
    second = ClearanceStepFactory(
        draft=first.draft, level="principals", position=2, opened_at=NOW - timedelta(hours=20)
    )
    take_position(second, unfpa, focal_point, PositionKind.NOT_JOIN)
    reservation = PositionInput(
        PositionKind.RESERVE, second.draft.sha256, "Our mandate differs.", ("OP 1",)
    )
    letter = PositionLetter(SimpleUploadedFile("letter.pdf", b"%PDF-1.7\n"), "The Deputy")
    positions.record_letter(second, reservation, letter, agency=ohchr, by=chair, at=NOW)
    call = PositionCall("Ana Ruiz", NOW - timedelta(hours=1), "Élodie Marchand")
    silent.record_call(second, call, sha256=second.draft.sha256, agency=who, by=chair, at=NOW)
    return first, second


def test_the_positions_say_who_approved_how_and_when(of_unfpa, steps, chair, focal_point):
    answer = of_unfpa.get(url("positions_pdf", steps[0]))
    text = words(answer)

    assert text.startswith(
        "Global Migration Group Positions: Migrants in transit GMG/2026/ST/1. Times are those of "
        "New York. Working-level clearance, draft 1 "
    )
    assert "Silence: Counts as approval" in text.replace("Silence Counts", "Silence: Counts")
    assert "Principals’ approval, draft 1" in text
    for part in (
        "By silence",
        f"UNFPA Approves Sat 21 Nov 2026, 04:00 {focal_point}",
        f"UNFPA Does not join Mon 23 Nov 2026, 04:00 {focal_point}",
        f"By letter of The Deputy, recorded by {chair}",
        "OP 1: Our mandate differs.",
        "UNESCO Has not spoken",
        f"03:00: Ana Ruiz spoke, heard by Élodie Marchand, recorded by {chair}",
    ):
        assert part in text
    page = read(answer).pages[0]
    assert page.mediabox.width > page.mediabox.height
    assert answer["Content-Disposition"] == 'inline; filename="2026-transit-positions.pdf"'


def test_an_objection_to_the_whole_text_and_a_broken_silence(of_unfpa, unfpa, ohchr, focal_point):
    step = in_clearance(silence=True)
    objection = PositionInput(PositionKind.OBJECT, step.draft.sha256, "Too vague.")
    positions.take_position(step, objection, agency=unfpa, by=focal_point, at=NOW)
    step.refresh_from_db()
    step.closed_at = NOW
    step.save()

    text = words(of_unfpa.get(url("positions_pdf", step)))

    assert "Broken, Mon 23 Nov 2026, 04:00" in text
    assert "OHCHR Had not spoken" in text
    assert f"UNFPA Objects Mon 23 Nov 2026, 04:00 {focal_point} Too vague." in text


def test_without_a_step_the_paper_says_so(of_unfpa):
    draft = circulated(StatementState.AMENDMENTS)

    assert "No agency has been asked yet." in words(of_unfpa.get(url("positions_pdf", draft)))


@pytest.mark.parametrize("rows", ROWS)
def test_papers_cost_the_same_however_much_is_in_them(
    of_unfpa, focal_point, django_assert_num_queries, rows
):
    step = in_clearance()
    agencies = many(AgencyFactory, rows)
    many(MembershipFactory, rows, agency=agencies)
    many(AmendmentFactory, rows, block=step.draft.blocks.get(key="b3"), agency=agencies, author=focal_point, number=list(range(1, rows + 1)))  # fmt: skip
    Position.objects.bulk_create(
        Position(
            step=step, agency=agency, person=focal_point, kind="approve", sha256="", taken_at=NOW
        )
        for agency in agencies
    )
    of_unfpa.get("/statements/")

    with django_assert_num_queries(11):
        of_unfpa.get(url("compile_pdf", step))
    with django_assert_num_queries(9):
        answer = of_unfpa.get(url("positions_pdf", step))
    pages = [page.extract_text() for page in read(answer).pages]
    assert all("By whom and how" in page for page in pages)


def test_opening_words_stay_in_italics_beside_changes():
    block = CompilationBlock(
        "b1",
        "PP 1",
        title=False,
        runs=(NamedRun("Recalling", "keep", ()), NamedRun(" all", "insert", ("WHO",))),
        kind="preambular",
    )

    assert list(printed.marked_runs(block, "en")) == [
        MarkedRun("Recalling", "italic"),
        MarkedRun(" ["),
        MarkedRun("all", "insert"),
        MarkedRun(" – WHO]"),
    ]
