"""manage.py export_statement, as scripts use it."""

import zipfile

import pytest
from django.core.management import CommandError, call_command
from lxml import etree

from coordination.statements.enums import StatementState
from coordination.statements.tests import proofs
from coordination.statements.tests.factories import StatementFactory, amendment_to, circulated
from coordination.tests.cast import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now", "terms")]
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
BEGINNINGS = {"pdf": b"%PDF-1.7", "docx": b"PK\x03\x04", "akn": b"<?xml ve", "txt": b"Joint st"}


@pytest.fixture
def statement(group):
    draft = circulated(
        StatementState.ADOPTED, adopted_at=NOW, symbol="GMG/2026/ST/1", slug="2026-transit"
    )
    draft.statement.adopted_sha256 = draft.sha256
    draft.statement.save()
    return draft.statement


def refusal(capsys, *arguments) -> str:
    """Return the sentence with which the command refuses."""
    with pytest.raises(SystemExit) as ended:
        call_command("export_statement", *map(str, arguments))
    assert ended.value.code == 2
    told = capsys.readouterr()
    assert (told.out, told.err.count("\n")) == ("", 1)
    return told.err.strip()


@pytest.mark.parametrize("form", BEGINNINGS)
def test_it_writes_each_file_of_an_adopted_statement(statement, form, tmp_path):
    path = tmp_path / "statement"

    call_command("export_statement", "GMG/2026/ST/1", "--format", form, "-o", str(path))

    assert path.read_bytes()[:8].startswith(BEGINNINGS[form])


def test_its_symbol_slug_or_key_names_a_statement(statement, capsysbinary):
    for name in (statement.symbol, statement.slug, str(statement.pk)):
        call_command("export_statement", name, "--format", "txt", "-o", "-")
        assert capsysbinary.readouterr().out.startswith(b"Joint statement on migrants in transit")


def test_a_symbol_goes_before_a_slug_and_a_slug_before_a_key(statement, capsysbinary):
    other = circulated(title="Other", symbol=str(statement.pk))
    other.blocks.filter(key="b1")

    call_command("export_statement", str(statement.pk), "--format", "txt", "-o", "-")

    told = capsysbinary.readouterr().out.decode()
    assert told.startswith("Joint statement")
    with pytest.raises(SystemExit):  # the other one is not adopted
        call_command("export_statement", str(statement.pk), "--format", "pdf", "-o", "-")


def test_the_newest_draft_is_written_as_text(capsysbinary):
    draft = circulated()

    call_command("export_statement", draft.statement.slug, "--format", "txt", "-o", "-")

    assert capsysbinary.readouterr().out.decode().startswith("Joint statement on migrants")


def test_what_was_made_at_the_adoption_is_what_is_written(cast, chair, tmp_path):
    statement = proofs.adopted(cast, chair)
    kept = statement.manifest.files.get(name="statement.pdf")
    statement.occasion = "Another"
    statement.save()

    call_command(
        "export_statement", statement.slug, "--format", "pdf", "-o", str(tmp_path / "a.pdf")
    )

    assert (tmp_path / "a.pdf").read_bytes() == bytes(kept.content)


def paragraphs(name, form, path) -> list[str]:
    """Return the paragraphs of a Word file, with what is inserted, without what is deleted."""
    call_command("export_statement", name, "--format", form, "-o", str(path))
    document = etree.fromstring(zipfile.ZipFile(path).read("word/document.xml"))
    return ["".join(each.itertext(f"{W}t")) for each in document.iter(f"{W}p")]


def test_drafts_are_written_for_word(unfpa, ohchr, terms, tmp_path):
    draft = circulated(symbol="GMG/2026/ST/2")
    care = draft.blocks.get(key="b3").text
    for agency, word in ((unfpa, "children"), (ohchr, "persons")):
        amendment_to(draft, "b3", agency, care.replace("migrants", word))

    clean, tracked, brackets = (
        paragraphs("GMG/2026/ST/2", form, tmp_path / form)
        for form in ("docx", "docx-tracked", "docx-brackets")
    )

    assert (clean[0], clean[-3]) == ("Global Migration Group · GMG/2026/ST/2", f"OP 1{care}")
    assert "that of UNESCO is tracked, or else the first" in tracked[3]  # the chair's agency
    assert tracked[4] == "Amendments: OHCHR (OP 1); UNFPA (OP 1)"
    assert tracked[-3] == "OP 1" + care.replace("migrants", "persons")
    assert brackets[-3] == (
        "OP 1" + care.replace("migrants", "[persons — OHCHR][children — UNFPA]")
    )


def test_it_refuses_with_one_sentence(statement, capsys, tmp_path):
    draft = circulated(symbol="GMG/2026/ST/2")
    old = StatementFactory(symbol="GMG/2005/ST/1", adopted_at=NOW)
    out = tmp_path / "file"

    assert refusal(capsys, "x", "--format", "txt", "-o", out) == (
        "No statement has the symbol, slug or key “x”."
    )
    assert refusal(capsys, statement.slug, "--format", "odt", "-o", out) == (
        "“odt” is not a format; the formats are docx, docx-tracked, docx-brackets, pdf, akn, txt."
    )
    assert refusal(capsys, statement.slug, "--format", "docx-tracked", "-o", out) == (
        "GMG/2026/ST/1 is adopted; “docx-tracked” is a format of drafts."
    )
    assert refusal(capsys, draft.statement.slug, "--format", "pdf", "-o", out) == (
        "GMG/2026/ST/2 is not adopted; the formats of a draft are: "
        "docx, docx-tracked, docx-brackets, txt."
    )
    assert refusal(capsys, old.slug, "--format", "pdf", "-o", out) == (
        "No text of GMG/2005/ST/1 is kept here."
    )
    assert refusal(capsys, statement.slug, "--format", "txt", "-o", tmp_path) == (
        f"“{tmp_path}” cannot be written: Is a directory."
    )
    assert not out.exists()
    with pytest.raises(CommandError):
        call_command("export_statement", statement.slug, "--format", "txt")


def test_a_character_without_a_font_is_refused(statement, capsys, tmp_path):
    statement.occasion = "\ue000"
    statement.save()

    assert refusal(capsys, statement.slug, "--format", "pdf", "-o", tmp_path / "a").startswith(
        "This document cannot be made: PDF/A-2a"
    )
