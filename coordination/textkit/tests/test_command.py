"""The command that folds a file: ``python -m coordination.textkit FILE.json``."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from coordination.textkit.__main__ import main

ROOT = Path(__file__).resolve().parents[3]
BLOCKS = [
    {"key": "a", "text": "The rights of women."},
    {"key": "b", "text": "To act now."},
    {"key": "c", "text": "Thank you."},
]


@pytest.fixture
def run(tmp_path, capfdbinary):
    """Run the command on what the file holds; return the answer, or the sentence."""

    def run(content):
        path = tmp_path / "file.json"
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        code = main([str(path)])
        out, err = capfdbinary.readouterr()
        assert (code, bool(out), bool(err)) in {(0, True, False), (2, False, True)}
        return json.loads(out) if code == 0 else err.decode()

    return run


def amended(*amendments):
    return {
        "blocks": BLOCKS,
        "amendments": [{"id": i, "agency": "WHO", **one} for i, one in enumerate(amendments, 1)],
    }


def keys(answer):
    return [block["key"] for block in answer["merged"]]


def test_an_amendment_that_inserts_nothing_is_an_edit(run):
    answer = run(amended({"block": "a", "insert_after": False, "text": "The rights of girls."}))

    assert answer["merged"][0] == {"key": "a", "text": "The rights of girls."}


def test_the_answer_is_what_the_amendments_make_of_the_blocks(run):
    answer = run(
        {
            "blocks": BLOCKS,
            "amendments": [
                {
                    "id": 1,
                    "agency": "UNICEF",
                    "block": "a",
                    "text": "The rights of women and children.",
                },
                {
                    "id": 2,
                    "agency": "OHCHR",
                    "block": "a",
                    "text": "The human rights of women and children.",
                },
                {"id": "x", "agency": "UNODC", "block": "b", "delete": True},
                {"id": "y", "agency": "ILO", "block": "b", "insert_after": "To work."},
                {"id": "z", "agency": "WHO", "block": "b", "insert_after": "To heal."},
                {"id": 3, "agency": "IOM", "block": "c", "text": "Thank them."},
                {"id": 4, "agency": "UNHCR", "block": "c", "text": "Thank all."},
            ],
        }
    )

    assert answer == {
        "conflicts": [[3, 4]],
        "touching": [],
        "order_to_settle": [["y", "z"]],
        "merged": [
            {"key": "a", "text": "The human rights of women and children."},
            {"key": "new:y", "text": "To work."},
            {"key": "new:z", "text": "To heal."},
            {"key": "c", "text": "Thank you."},
        ],
        "compiled": "The [human – OHCHR] rights of women [and children – UNICEF, OHCHR].\n\n[delete: To act now. – UNODC]\n\n"
        "[To work. – ILO]\n\n[To heal. – WHO]\n\nThank [delete: you – IOM, UNHCR] [all – UNHCR] [them – IOM].",
    }


def test_amendments_that_touch_are_listed_and_not_merged(run):
    answer = run(
        amended(
            {"block": "b", "text": "To react now."},
            {"block": "b", "text": "To act soon."},
            {"block": "b", "text": "To act now. Thank you."},
        )
    )

    assert answer["touching"] == [[1, 2]]
    assert answer["merged"][1]["text"] == "To act now. Thank you."


def test_a_process_writes_utf_8_and_needs_no_settings(tmp_path):
    path = tmp_path / "file.json"
    path.write_text(json.dumps({"blocks": [{"key": "é", "text": "移徙者"}], "amendments": []}))
    command = [sys.executable, "-m", "coordination.textkit", str(path)]

    done = subprocess.run(
        command, cwd=ROOT, env={"PYTHONIOENCODING": "ascii"}, capture_output=True, check=True
    )

    assert json.loads(done.stdout.decode())["merged"] == [{"key": "é", "text": "移徙者"}]
    assert done.stderr == b""


@pytest.mark.parametrize(
    "insertion",
    [
        {"block": "a", "insert_after": "New."},
        {"insert_after": "a", "text": "New."},
        {"block": None, "insert_after": "a", "text": "New."},
        {"block": "a", "insert_after": "a", "text": "New."},
        {"block": "a", "insert_after": True, "text": "New."},
        {"block": "a", "insert_after": "New.", "text": None, "delete": False},
    ],
    ids=[
        "words in insert_after",
        "place in insert_after",
        "null block",
        "place in both",
        "true",
        "empty fields",
    ],
)
def test_an_insertion_can_be_written_in_several_ways(run, insertion):
    answer = run(amended(insertion))

    assert keys(answer) == ["a", "new:1", "b", "c"]
    assert answer["merged"][1]["text"] == "New."


def test_an_insertion_after_nothing_stands_at_the_start(run):
    assert keys(run(amended({"insert_after": None, "text": "New."}))) == ["new:1", "a", "b", "c"]


def test_an_insertion_can_stand_after_another(run):
    answer = run(
        amended(
            {"block": "new:2", "insert_after": "Then."}, {"insert_after": "c", "text": "First."}
        )
    )

    assert keys(answer) == ["a", "b", "c", "new:2", "new:1"]


def test_fields_of_others_and_empty_ones_are_passed_over(run):
    answer = run(
        amended(
            {"block": "a", "text": "All.", "insert_after": None, "delete": None, "reason": 5},
            {"block": "b", "delete": True, "text": None},
        )
    )

    assert answer["merged"] == [{"key": "a", "text": "All."}, {"key": "c", "text": "Thank you."}]


def test_nothing_gives_nothing(run):
    assert run({"blocks": [], "amendments": []}) == {
        "conflicts": [],
        "touching": [],
        "order_to_settle": [],
        "merged": [],
        "compiled": "",
    }


def test_a_byte_order_mark_is_passed_over(run):
    assert run(b"\xef\xbb\xbf" + json.dumps(amended()).encode())["conflicts"] == []


BAD = {
    "not_json": (b"{", "The file is not JSON: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)."),
    "empty": (b"", "The file is not JSON: Expecting value: line 1 column 1 (char 0)."),
    "not_utf_8": (b'"\xff"', "The file is not in UTF-8."),
    "half_a_character": (b'{"blocks": ["\\ud800"]}', "A text in the file has half a character, a surrogate without its other half."),
    "too_deep": (b"[" * 100_000, "The file is not JSON: maximum recursion depth exceeded while decoding a JSON array from a unicode string."),
    "a_list": ([], "The file holds no object with blocks and amendments."),
    "no_blocks": ({"amendments": []}, 'The file has no list "blocks".'),
    "no_amendments": ({"blocks": []}, 'The file has no list "amendments".'),
    "blocks_no_list": ({"blocks": {}, "amendments": []}, 'The file has no list "blocks".'),
    "block_no_object": ({"blocks": ["a"], "amendments": []}, "Block number 1 is no object."),
    "block_without_key": ({"blocks": [{"text": "x"}], "amendments": []}, 'Block number 1 has no "key" that is a text.'),
    "block_without_text": ({"blocks": [BLOCKS[0], {"key": "a"}], "amendments": []}, 'Block number 2 has no "text" that is a text.'),
    "key_no_text": ({"blocks": [{"key": 1, "text": "x"}], "amendments": []}, 'Block number 1 has no "key" that is a text.'),
    "same_key": ({"blocks": [BLOCKS[0], BLOCKS[0]], "amendments": []}, "Two blocks have the key a."),
    "amendment_no_object": ({"blocks": BLOCKS, "amendments": [5]}, "Amendment number 1 is no object."),
    "no_id": (amended({"id": None, "block": "a", "text": "x"}), 'Amendment number 1 has no "id" that is a whole number or a text.'),
    "id_no_number": (amended({"id": 1.5, "block": "a", "text": "x"}), 'Amendment number 1 has no "id" that is a whole number or a text.'),
    "id_true": (amended({"id": True, "block": "a", "text": "x"}), 'Amendment number 1 has no "id" that is a whole number or a text.'),
    "same_id": (amended({"block": "a", "text": "x"}, {"id": 1, "block": "b", "text": "x"}), "Two amendments have the id 1."),
    "no_agency": (amended({"agency": None, "block": "a", "text": "x"}), 'Amendment 1 has no "agency" that is a text.'),
    "agency_no_text": (amended({"agency": ["WHO"], "block": "a", "text": "x"}), 'Amendment 1 has no "agency" that is a text.'),
    "agency_empty": (amended({"agency": " ", "block": "a", "text": "x"}), 'Amendment 1: "agency" is empty.'),
    "new_block_empty": (amended({"insert_after": "a", "text": " "}), 'Amendment 1: "text" is empty.'),
    "new_block_empty_in_place": (amended({"block": "a", "insert_after": ""}), 'Amendment 1: "insert_after" is empty.'),
    "no_block": (amended({"text": "x"}), 'Amendment 1 has no "block" that is a text.'),
    "unknown_block": (amended({"block": "z", "text": "x"}), "Amendment 1 is to the block z, which is not there."),
    "unknown_place": (amended({"insert_after": "z", "text": "x"}), "Amendment 1 is to the block z, which is not there."),
    "no_kind": (amended({"block": "a"}), "Amendment 1 proposes nothing."),
    "no_kind_but_false": (amended({"block": "a", "delete": False}), "Amendment 1 proposes nothing."),
    "text_and_delete": (amended({"block": "a", "text": "x", "delete": True}), "Amendment 1 proposes two things at once."),
    "insert_and_delete": (amended({"block": "a", "insert_after": "x", "delete": True}), "Amendment 1 proposes two things at once."),
    "delete_no_truth": (amended({"block": "a", "delete": "yes"}), 'Amendment 1: "delete" is true, or not there.'),
    "text_no_text": (amended({"block": "a", "text": 5}), 'Amendment 1 has no "text" that is a text.'),
    "place_no_text": (amended({"insert_after": 5, "text": "x"}), 'Amendment 1 has no "insert_after" that is a text.'),
    "two_places": (amended({"block": "a", "insert_after": "b", "text": "x"}), 'Amendment 1 names two places: "block" and "insert_after" differ.'),
    "insert_without_words": (amended({"block": "a", "insert_after": "a"}), 'Amendment 1 would insert a block, but has no "text".'),
    "insert_without_place": (amended({"insert_after": "New."}), 'Amendment 1 has no "block" that is a text.'),
    "line_end_in_a_name": (amended({"block": "no\nsuch", "text": "x"}), "Amendment 1 is to the block no such, which is not there."),
}  # fmt: skip


@pytest.mark.parametrize(("content", "sentence"), BAD.values(), ids=BAD)
def test_bad_input_is_told_in_one_sentence(run, content, sentence):
    assert run(content) == f"{sentence}\n"


def test_a_file_that_is_not_there_is_told(tmp_path, capsys):
    assert main([str(tmp_path / "none.json")]) == 2
    assert capsys.readouterr() == (
        "",
        f"The file {tmp_path / 'none.json'} cannot be read: No such file or directory.\n",
    )


@pytest.mark.parametrize("arguments", [[], ["a.json", "b.json"]], ids=["none", "two"])
def test_one_file_is_asked_for(arguments, capsys):
    assert main(arguments) == 2
    assert capsys.readouterr() == (
        "",
        "Give one file: python -m coordination.textkit FILE.json\n",
    )
