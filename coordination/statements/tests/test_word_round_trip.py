"""What we write we read: directly, and after LibreOffice has loaded and saved the file."""

from random import Random

import pytest

from coordination.filekit.refusals import Refused
from coordination.statements.tests.damaging import damaged
from coordination.statements.tests.word_documents import AGENCIES, document, generated, promised
from coordination.statements.wordkit.document import texts
from coordination.statements.wordkit.matching import DraftBlock, FileOrigin, match, origin_of
from coordination.statements.wordkit.plan import rejected_document
from coordination.statements.wordkit.reader import read_document
from coordination.tests.services import office

SEEDS = range(100)
SAVED = range(30)


def blocks_of(planned):
    """Return the blocks of the draft from which a document was planned."""
    there = [each for each in planned if each.mark != "insert"]
    return [
        DraftBlock(each.key, each.label, each.kind, text)
        for each, text in zip(there, rejected_document(planned), strict=True)
    ]


def imported(content: bytes, planned):
    """Return what a file proposes, by agency, with what was not tracked and the comments."""
    matching = match(read_document(content), blocks_of(planned))
    return (
        {agency: matching.proposals([agency]) for agency in AGENCIES},
        matching.untracked(),
        sorted(
            (placed.key, placed.comment.author, placed.comment.text)
            for placed in matching.comments()
        ),
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_the_reader_finds_what_was_planned(seed):
    language, planned = generated(seed)
    read = read_document(document(language, planned))

    for authors, accept in (((), False), (None, True)):
        found = texts(read.paragraphs, authors)
        lines = [line.rpartition("\t")[2] for line in promised(planned, accept=accept)]
        assert found == lines
    assert origin_of(read) == FileOrigin("TEST/2026/ST/1", 1, "0" * 64)
    _proposals, untracked, _comments = imported(document(language, planned), planned)
    assert untracked == ()


@pytest.mark.process
@pytest.mark.libreoffice
def test_libreoffice_saves_the_same_amendments(tmp_path):
    sent, saved = tmp_path / "sent", tmp_path / "saved"
    sent.mkdir()
    planned = {seed: generated(seed) for seed in SAVED}
    for seed, (language, plan) in planned.items():
        (sent / f"{seed}.docx").write_bytes(document(language, plan))

    office.converted(sent, saved, "docx", tmp_path / "profile")

    proposed = 0
    for seed, (language, plan) in planned.items():
        before = imported(document(language, plan), plan)
        proposed += sum(map(len, before[0].values()))
        after = imported((saved / f"{seed}.docx").read_bytes(), plan)
        assert (seed, after) == (seed, before)
    assert proposed > 100  # nothing saved would equal nothing read


@pytest.mark.parametrize("seed", range(8))
def test_a_damaged_file_is_read_or_refused(seed):
    language, planned = generated(seed)
    content = document(language, planned)
    refused = 0
    for copy in range(40):
        try:
            imported(damaged(content, Random(1000 * seed + copy)), planned)
        except Refused:
            refused += 1
    assert 0 < refused < 40
