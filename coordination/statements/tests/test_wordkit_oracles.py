"""LibreOffice and pandoc read our tracked changes as the plan promises them; 100 generated documents."""

import re
import subprocess
import zipfile

import pypandoc
import pytest
from openxml_audit import OpenXmlValidator

from coordination.statements.tests.word_documents import COVER, document, generated, promised
from coordination.tests.services import office

SEEDS = range(100)


@pytest.fixture(scope="module")
def documents():
    return {seed: generated(seed) for seed in SEEDS}


@pytest.fixture(scope="module")
def folder(documents, tmp_path_factory):
    folder = tmp_path_factory.mktemp("word")
    for seed, planned in documents.items():
        (folder / f"{seed}.docx").write_bytes(document(*planned))
    return folder


@pytest.mark.process
@pytest.mark.libreoffice
def test_libreoffice_accepts_and_rejects_as_planned(documents, folder, tmp_path):
    bare = tmp_path / "bare"
    bare.mkdir()
    for seed in SEEDS:
        office.without_comments(folder / f"{seed}.docx", bare / f"{seed}.docx")

    answers = office.judge(bare, tmp_path / "profile")

    assert len(answers) == 2 * len(SEEDS)
    changed = 0
    for (name, answer), (before, after, text) in answers.items():
        _language, planned = documents[int(name.removesuffix(".docx"))]
        lines = promised(planned, accept=answer == "accepted")
        assert (name, answer, text.split("\n")) == (
            name,
            answer,
            "\n".join([*lines, ""]).split("\n"),
        )
        # it would find no difference either where it saw no change
        is_changed = any(
            piece.kind in {"insert", "delete"} for each in planned for piece in each.pieces
        )
        assert (name, before > 0, after) == (name, is_changed, 0)
        changed += is_changed
    assert changed > 150


@pytest.mark.process
@pytest.mark.libreoffice
def test_libreoffice_reads_who_says_what_in_comments(documents, folder, tmp_path):
    seeds = [0, 1, 2, 3, 4]

    found = office.annotations([folder / f"{seed}.docx" for seed in seeds], tmp_path / "profile")

    for seed, said in zip(seeds, found, strict=True):
        planned = documents[seed][1]
        notes = [each for one in planned for each in one.pieces if each.kind == "note"]
        assert sorted(who for who, _text in said) == sorted(note.author for note in notes)
        told = " ".join(text for _who, text in said)
        assert all(" ".join(note.reason.split()) in " ".join(told.split()) for note in notes)
    assert sum(map(len, found)) > 10


@pytest.mark.process
@pytest.mark.parametrize("answer", ["accept", "reject"])
def test_pandoc_reads_the_same(documents, folder, answer):
    done = subprocess.run(
        [pypandoc.get_pandoc_path(), "--from=docx", "--to=plain", "--wrap=none", f"--track-changes={answer}",
         *(folder / f"{seed}.docx" for seed in SEEDS)],
        capture_output=True,
        check=True,
        text=True,
    )  # fmt: skip

    # it makes each run of spaces and line ends one space
    found = [" ".join(text.split()) for text in done.stdout.split(COVER.end)]
    expected = [
        " ".join(" ".join(promised(planned, accept=answer == "accept")[:-1]).split())
        for _language, planned in documents.values()
    ]
    assert found == [*expected, ""]


@pytest.mark.parametrize("seed", [0, 1, 2, 7])
def test_the_auditor_finds_nothing(folder, seed):
    result = OpenXmlValidator().validate(folder / f"{seed}.docx")

    assert [str(error) for error in result.errors] == []


def test_what_the_auditor_does_not_see(folder):
    for seed in SEEDS:
        with zipfile.ZipFile(folder / f"{seed}.docx") as package:
            body = package.read("word/document.xml").decode()
            comments = (
                package.read("word/comments.xml").decode()
                if "word/comments.xml" in package.namelist()
                else ""
            )
        ids = re.findall(r'<w:(?:ins|del|bookmarkStart) w:id="(\d+)"', body)
        assert len(ids) == len(set(ids))
        assert all("<w:t " not in deletion for deletion in re.findall(r"<w:del .*?</w:del>", body))
        assert re.findall(r"<w:delText [^>]*>", body) == [
            '<w:delText xml:space="preserve">'
        ] * body.count("<w:delText ")
        assert body.count("<w:t ") == body.count('<w:t xml:space="preserve">')
        said = sorted(re.findall(r'<w:comment w:id="(\d+)"', comments))
        for element in ("commentRangeStart", "commentRangeEnd", "commentReference"):
            assert sorted(re.findall(rf'<w:{element} w:id="(\d+)"', body)) == said
