"""Uploads are judged by content: what office programs write passes, what attackers make is refused in time and in bounds."""

import json
import subprocess
import sys
import zipfile

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile

from coordination.core import uploads
from coordination.core.tests import files
from coordination.filekit import archives
from coordination.tests.house.source import ROOT

WORD_ONLY = "Only PDF, Word, Excel, PowerPoint, PNG and JPEG files are stored: .pdf, .docx, .xlsx, .pptx, .png, .jpg."
DAMAGED = "This file is damaged. Open it, save it under another name, and send that one."
MACROS = (
    "This file contains macros. Save it without them, as .docx, .xlsx or .pptx, and send that one."
)
TOO_LARGE = "This file unpacks to more than 100 MB, or to far more than it should."
LEADS_OUT = "A part of this file has a name that leads out of the file."
DTD = "An XML part of this file declares a document type (DTD), which office programs do not write."
ARCHIVE = "This file contains another archive."
CODE = "This picture contains program code. Open it, save it under another name, and send that one."
MACRO_TYPE = "application/vnd.ms-word.document.macroEnabled.main+xml"
VBA_TYPE = "application/vnd.ms-office.vbaProject"
OLE_WITH_VBA = archives.OLE + bytes(300_000) + archives.VBA


def other(ending: str) -> str:
    return f"The content of this file is not that of a .{ending} file."


def said(name: str, content: bytes) -> str:
    """Return what is said of an upload; "" where it is accepted."""
    try:
        kept = uploads.checked(SimpleUploadedFile(name, content))
    except forms.ValidationError as error:
        return error.messages[0]
    assert kept.read() == content
    assert kept.name.partition(".")[0].isalnum()
    return ""


@pytest.mark.parametrize(
    ("name", "content", "ending"),
    [
        ("letter.pdf", files.PDF, "pdf"),
        ("Letter of 3 Nov.PDF", b"%PDF-1.4\n% a letter\n", "pdf"),
        ("scan.png", files.PNG, "png"),
        ("scan.jpg", files.JPEG, "jpg"),
        ("filled.jpg", files.JPEG.replace(b"\xff\xc0", b"\xff" * 9 + b"\xc0"), "jpg"),
        ("scan.JPEG", files.JPEG + b"what a camera adds", "jpg"),
        ("text.docx", files.of_python_docx(), "docx"),
        ("text.docx", files.office(packed=0), "docx"),
        (
            "text.docx",
            files.office(
                more={
                    "word/document2.xml": files.ROOT.decode()
                    .replace("UTF-8", "UTF-16")
                    .encode("utf-16")
                }
            ),
            "docx",
        ),
        (
            "chart.docx",
            files.office(more={"word/embeddings/Sheet1.xlsx": files.office("xlsx")}),
            "docx",
        ),
        (
            "picture.docx",
            files.office(more={"word/media/image1.emz": b"\x1f\x8b a packed picture"}),
            "docx",
        ),
        (
            "object.docx",
            files.office(more={"word/embeddings/oleObject1.bin": archives.OLE + b"an equation"}),
            "docx",
        ),
        ("list.xlsx", files.office("xlsx"), "xlsx"),
        ("slides.pptx", files.office("pptx"), "pptx"),
    ],
)
def test_what_people_send_is_accepted(name, content, ending):
    assert said(name, content) == ""
    assert uploads.checked(SimpleUploadedFile(name, content)).name.endswith(f".{ending}")


@pytest.mark.parametrize("size", [262_143, 262_166, 262_274, 262_383, 262_384, 524_310])
def test_a_part_of_any_size_is_accepted(size):
    """At some sizes zlib takes all input and keeps output back."""
    assert said("text.docx", files.office(more={"word/media/image1.bin": bytes(size)})) == ""


REFUSED = {
    "a bomb of a gigabyte": ("x.docx", files.bomb, TOO_LARGE),
    "a bomb that lies about its size": ("x.docx", files.lying_bomb, TOO_LARGE),
    "a bomb of embedded sheets": ("x.docx", files.embedded_bomb, TOO_LARGE),
    "parts that overlap": ("x.docx", files.overlapping, DAMAGED),
    "a part without its header": ("x.docx", lambda: files.with_local_header(b"PK\x00\x00"), DAMAGED),
    "a part beyond the end": ("x.docx", files.with_part_beyond_the_end, DAMAGED),
    "a directory shifted by 10": ("x.docx", lambda: files.with_directory_shifted(10), DAMAGED),
    "a directory shifted by 1,000": ("x.docx", lambda: files.with_directory_shifted(1_000), DAMAGED),
    "a directory shifted by 1,000,000": ("x.docx", lambda: files.with_directory_shifted(1_000_000), DAMAGED),
    "bytes after the last": ("x.docx", lambda: files.with_bytes_after_the_last(10), DAMAGED),
    "bytes after the last of several pieces": ("x.docx", lambda: files.with_bytes_after_the_last(300_000), DAMAGED),
    "another way of packing": ("x.docx", lambda: files.office(packed=zipfile.ZIP_BZIP2), DAMAGED),
    "broken bytes": ("x.docx", lambda: files.with_first_byte(b"\xff"), DAMAGED),
    "a stored part that claims to be packed": ("x.docx", lambda: files.with_first_byte(b"\x00"), DAMAGED),
    "a part of XML that is none": ("x.docx", lambda: files.office(more={"word/comments.xml": b"<?xml version='1.0'?><<"}), DAMAGED),
    "a part of XML that ends too early": ("x.docx", lambda: files.office(more={"word/comments.xml": b"<?xml version='1.0'?>"}), DAMAGED),
    "a list of types that is no XML": ("x.docx", lambda: files.office(list_of_types=b"<Types><Override"), DAMAGED),
    "10,000 parts": ("x.docx", lambda: files.many_parts(10_000), "This file has more than 3,000 parts."),
    "4,000 parts in embedded sheets": ("x.docx", files.many_embedded_parts, "This file has more than 3,000 parts."),
    "an external entity": ("x.docx", lambda: files.office(more={"word/comments.xml": files.XXE}), DTD),
    "an external entity in UTF-16": (
        "x.docx",
        lambda: files.office(more={"word/comments.xml": files.XXE.decode().replace('"1.0"', '"1.0" encoding="UTF-16"').encode("utf-16")}),
        DTD,
    ),
    "an external entity in a chart": (
        "x.docx",
        lambda: files.office(more={"word/embeddings/a.xlsx": files.office("xlsx", {"xl/workbook.xml": files.XXE})}),
        DTD,
    ),
    "a prolog without end": ("x.docx", lambda: files.office(more={"word/c.xml": b"<!--" + b" " * 70_000 + b"-->" + files.XXE}), DAMAGED),
    "no XML in an XML part": ("x.docx", lambda: files.office(more={"word/c.xml": b"words"}), DAMAGED),
    "a name that climbs": ("x.docx", lambda: files.office(more={"../../etc/cron.d/x": b""}), LEADS_OUT),
    "a name that climbs backwards": ("x.docx", lambda: files.renamed_part("aa/aa/x.bin", "..\\..\\x.bin"), LEADS_OUT),
    "a name from the root": ("x.docx", lambda: files.renamed_part("aetc/passwd", "/etc/passwd"), LEADS_OUT),
    "a name with a drive": ("x.docx", lambda: files.renamed_part("cc/temp/x", "c:/temp/x"), LEADS_OUT),
    "macros, renamed": ("x.docx", lambda: files.office("docx", {"word/vbaProject.bin": OLE_WITH_VBA}, MACRO_TYPE, VBA_TYPE), MACROS),
    "macros under another name": ("x.docx", lambda: files.office("docx", {"word/image.bin": OLE_WITH_VBA}), MACROS),
    "macros by type alone": ("x.xlsx", lambda: files.office("xlsx", {}, "application/vnd.ms-excel.sheet.macroEnabled.main+xml"), MACROS),
    "macros in an embedded sheet": (
        "x.pptx",
        lambda: files.office("pptx", {"ppt/embeddings/a.xlsx": files.office("xlsx", {}, VBA_TYPE)}),
        MACROS,
    ),
    "an archive inside": ("x.docx", lambda: files.office(more={"word/embeddings/a.zip": files.office()}), ARCHIVE),
    "a 7z archive inside": ("x.docx", lambda: files.office(more={"word/media/image1.png": b"7z\xbc\xaf\x27\x1c"}), ARCHIVE),
    "three files in each other": (
        "x.docx",
        lambda: files.office(more={"word/a.xlsx": files.office("xlsx", {"xl/b.docx": files.office()})}),
        ARCHIVE,
    ),
    "a password": ("x.docx", files.encrypted, "This file is protected by a password. Save it without one, and send that one."),
    "a sheet named as a text": ("x.docx", lambda: files.office("xlsx"), other("docx")),
    "any archive": ("x.docx", lambda: files.office().replace(b"[Content_Types].xml", b"[Content_Other].xml"), other("docx")),
    "half an archive": ("x.docx", lambda: files.of_python_docx()[:5000], DAMAGED),
    "the head of an archive": ("x.docx", lambda: b"PK\x03\x04....", DAMAGED),
    "a part that was changed": ("x.docx", lambda: files.office(packed=0).replace(b"<document/>", b"<documenT/>"), DAMAGED),
    "types that are no XML": ("x.docx", lambda: files.office(packed=0).replace(b"</Types>", b"<!Types>"), DAMAGED),
    "PHP": ("x.jpg", lambda: b"<?php system($_GET['c']);", other("jpg")),
    "PHP after the head of a JPEG": ("x.jpg", lambda: b"\xff\xd8\xff\xe0<?php system($_GET['c']);", other("jpg")),
    "PHP in the comment of a JPEG": ("x.jpg", lambda: files.JPEG.replace(b"\xff\xc0", b"\xff\xfe\x00\x09<?PHP x\xff\xc0", 1), CODE),
    "PHP after a PNG": ("x.png", lambda: files.PNG + b"<?php system($_GET['c']);", other("png")),
    "PHP in a chunk of a PNG": ("x.png", lambda: files.PNG.replace(b"\x00\x00\x00\x00IEND", files.chunk(b"tEXt", b"<?php x") + b"\x00\x00\x00\x00IEND"), CODE),
    "a PNG with a wrong sum": ("x.png", lambda: files.PNG[:-1] + b"\x00", other("png")),
    "half a PNG": ("x.png", lambda: files.PNG[:40], other("png")),
    "a JPEG without a frame": ("x.jpg", lambda: b"\xff\xd8\xff\xff\xda\x00\x08" + bytes(20), other("jpg")),
    "slow: a JPEG of fill bytes": ("x.jpg", files.jpeg_of_fill_bytes, other("jpg")),
    "slow: a JPEG of empty segments": ("x.jpg", files.jpeg_of_empty_segments, other("jpg")),
    "slow: a PNG of empty chunks": ("x.png", files.png_of_empty_chunks, other("png")),
    "a program": ("x.pdf", lambda: b"MZ" + bytes(200), other("pdf")),
    "a page": ("x.pdf", lambda: b"<html>", other("pdf")),
    "nothing": ("x.pdf", lambda: b"", other("pdf")),
    "a PDF under a wrong name": ("x.docx", lambda: files.PDF, other("docx")),
    "a name of another type": ("x.exe", lambda: files.PDF, WORD_ONLY),
    "a name without a type": ("x", lambda: files.PNG, WORD_ONLY),
    "too much": ("x.pdf", lambda: files.PDF + bytes(uploads.LARGEST), "The file is larger than 20 MB."),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_attackers_send_is_refused(case):
    name, make, sentence = REFUSED[case]

    assert said(name, make()) == sentence


JUDGE = """
import json, pathlib, re, sys, time
import django; django.setup()
from coordination.core.tests.test_uploads import said
for path in map(pathlib.Path, sys.argv[1:]):
    content, before = path.read_bytes(), time.process_time()
    words = said(path.name, content)
    peak = int(re.search(r"VmHWM:\\s+(\\d+) kB", pathlib.Path("/proc/self/status").read_text())[1])  # getrusage counts the parent's too
    print(json.dumps([words, time.process_time() - before, peak // 1024]))
"""


def heaviest() -> bytes:
    """Return the heaviest file that passes: just under the limit of unpacked bytes, packed as tightly as a document may be."""
    line = b"".join(n.to_bytes(4) for n in range(3000))
    return files.office(more={f"word/media/image{n}.bin": line * 790 for n in range(10)})


def heaviest_embedded() -> bytes:
    """Return the same for embedded sheets: their parts count once packed, and once unpacked."""
    line = b"".join(n.to_bytes(4) for n in range(3000))
    sheet = files.office("xlsx", {f"xl/media/image{n}.bin": line * 79 for n in range(49)}, packed=0)
    return files.office(more={"word/embeddings/Sheet1.xlsx": sheet})


@pytest.mark.process
def test_judging_a_file_takes_two_seconds_and_300_mb_at_most(tmp_path):
    cases = {
        name: REFUSED[name]
        for name in REFUSED
        if name.startswith(("a bomb", "10,000", "macros, renamed", "slow"))
    }
    cases["the heaviest that passes"] = ("x.docx", heaviest, "")
    cases["the heaviest embedded that passes"] = ("x.docx", heaviest_embedded, "")
    paths = [tmp_path / f"{n}-{name}" for n, (name, _make, _sentence) in enumerate(cases.values())]
    for path, (_name, make, _sentence) in zip(paths, cases.values(), strict=True):
        path.write_bytes(make())

    done = subprocess.run(
        [sys.executable, "-c", JUDGE, *map(str, paths)],
        capture_output=True, check=True, cwd=ROOT, env={"DJANGO_SETTINGS_MODULE": "gmgapp.settings", "DEBUG": "true", "PATH": ""},
    )  # fmt: skip
    judged = [json.loads(line) for line in done.stdout.splitlines()]

    assert [words for words, _seconds, _megabytes in judged] == [
        sentence for _name, _make, sentence in cases.values()
    ]
    assert max(seconds for _words, seconds, _megabytes in judged) < 2
    assert max(megabytes for _words, _seconds, megabytes in judged) < 300
