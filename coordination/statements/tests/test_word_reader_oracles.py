"""Splits, joins and moves are read as LibreOffice and pandoc read them: 40 generated documents."""

import random
import subprocess

import pypandoc
import pytest

from coordination.statements.tests.word_files import dele, ins, mark, par, run, who, word
from coordination.statements.wordkit.document import texts
from coordination.statements.wordkit.reader import read_document
from coordination.tests.services import office

pytestmark = [pytest.mark.process]
SEEDS = range(40)
AUTHORS = ("WHO", "ILO", "الهجرة", "A & <B>")
END = "— end of text —"


def paragraph(chance, number: int) -> str:
    """Return a paragraph with some changes of its words and, at times, of its end."""
    pieces = []
    for place in range(chance.randint(1, 5)):
        text, author = f"w{number}.{place} ", chance.choice(AUTHORS)
        made = chance.choice((run, run, ins, dele))
        pieces.append(made(text) if made is run else made(author, text))
    kind = chance.choice(("", "", "ins", "del"))
    return par(f"{number}.", *pieces, mark=mark(kind, chance.choice(AUTHORS)) if kind else "")


def document(seed: int) -> bytes:
    chance = random.Random(seed)
    blocks = [paragraph(chance, number) for number in range(chance.randint(3, 8))]
    moved = f"<w:moveTo {who('WHO')}>{run('moved ')}</w:moveTo>"
    left = f"<w:moveFrom {who('WHO')}>{run(' moved')}</w:moveFrom>"
    return word(*blocks, par("M", moved, "middle", left), par(END))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("read")
    for seed in SEEDS:
        (folder / f"{seed}.docx").write_bytes(document(seed))
    return folder


def read(seed: int, *, accept: bool) -> list[str]:
    return texts(read_document(document(seed)).paragraphs, None if accept else ())


@pytest.mark.libreoffice
def test_as_libreoffice_reads_them(folder, tmp_path):
    answers = office.judge(folder, tmp_path / "profile")

    assert len(answers) == 2 * len(SEEDS)
    for (name, answer), (before, after, text) in answers.items():
        expected = read(int(name.removesuffix(".docx")), accept=answer == "accepted")
        assert (name, answer, text.strip("\n").split("\n")) == (name, answer, expected)
        assert (before > 0, after) == (True, 0)


@pytest.mark.parametrize("answer", ["accept", "reject"])
def test_as_pandoc_reads_them(folder, answer):
    done = subprocess.run(
        [pypandoc.get_pandoc_path(), "--from=docx", "--to=plain", "--wrap=none", f"--track-changes={answer}",
         *(folder / f"{seed}.docx" for seed in SEEDS)],
        capture_output=True,
        check=True,
        text=True,
    )  # fmt: skip

    # it puts a space where paragraphs are joined, so words alone are compared
    found = ["".join(text.split()) for text in done.stdout.split(END)]
    expected = [
        "".join(" ".join(read(seed, accept=answer == "accept")[:-1]).split()) for seed in SEEDS
    ]
    assert found == [*expected, ""]
