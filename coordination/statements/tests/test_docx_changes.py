"""manage.py docx_changes: for people and for scripts."""

import json

import pytest
from django.core.management import call_command

from coordination.core.tests import files
from coordination.statements.tests.word_files import DATE, dele, ins, mark, par, run, who, word


def called(capsys, *arguments) -> str:
    call_command("docx_changes", *arguments)
    return capsys.readouterr().out


@pytest.fixture
def file(tmp_path):
    start, end = '<w:commentRangeStart w:id="1"/>', '<w:commentRangeEnd w:id="1"/>'
    changed = par(start, "Hello ", dele("WHO", "old"), ins("WHO", "new"), " world", end)
    told = f"<w:comment {who('Jane')}><w:p>{run('Why?')}</w:p></w:comment>"
    path = tmp_path / "a.docx"
    path.write_bytes(
        word(
            changed,
            par("One", mark=mark("ins", "ILO")),
            par(ins("ILO", "Two")),
            parts={"comments": told, "header": par(ins("WHO", "x"))},
        )
    )
    return str(path)


def test_as_json(capsys, file):
    assert json.loads(called(capsys, file, "--json")) == {
        "rejected": ["Hello old world", "One"],
        "accepted": ["Hello new world", "One", "Two"],
        "changes": [
            {"paragraph": 0, "author": "WHO", "date": DATE, "start": 6, "end": 9, "text": "new"},
            {"paragraph": 1, "author": "ILO", "date": DATE, "start": 3, "end": 3, "text": "\nTwo"},
        ],
        "comments": [
            {
                "author": "Jane",
                "date": DATE,
                "text": "Why?",
                "paragraph": 0,
                "start": 0,
                "end": 15,
                "done": False,
            }
        ],
        "ignored": {"header": 1},
    }


def test_in_words(capsys, file, tmp_path):
    assert called(capsys, file).splitlines() == [
        f"1. WHO {DATE}: [old] -> [new]",
        f"2. ILO {DATE}: [] -> [",
        "Two]",
        "Comment of Jane: Why?",
        "Ignored: 1 (header)",
    ]
    plain = tmp_path / "b.docx"
    plain.write_bytes(word(par("a")))
    assert called(capsys, str(plain)) == "No change.\n"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"x", "This file is damaged."),
        (files.office(), "This file is damaged."),
        (b"0" * (20 * 1024 * 1024 + 1), "The file is larger than 20 MB."),
        (None, "The file cannot be read: No such file or directory."),
    ],
)
def test_a_bad_file_gets_one_sentence_and_exit_2(capsys, tmp_path, content, sentence):
    path = tmp_path / "a.docx"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(SystemExit) as ended:
        call_command("docx_changes", str(path))

    said = capsys.readouterr()
    assert (ended.value.code, said.out) == (2, "")
    assert said.err.startswith(f"{path}: {sentence}")
