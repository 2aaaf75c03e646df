"""A draft goes out to Word and comes back: edited in LibreOffice under two names, reviewed, adopted, and checked by a stranger.

LibreOffice is the other side of the file, verify.py in a process of its own the other side of the adoption.
"""

import subprocess
import sys
import zipfile
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest

from coordination.statements.models import Amendment, Statement, WordFile
from coordination.statements.tests.factories import CARE, TEXT, amendment_to
from coordination.statements.wordkit.document import texts
from coordination.statements.wordkit.reader import read_document
from coordination.tests.e2e.pressing import press
from coordination.tests.e2e.test_browser import browser  # noqa: F401 - a fixture
from coordination.tests.e2e.test_statement_life import Stage
from coordination.tests.services import office

pytestmark = [
    pytest.mark.browser,
    pytest.mark.libreoffice,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(840),
]
CHAIR, OHCHR, WHO = "UNESCO", "OHCHR", "WHO"
# who in OHCHR changes which words to which, and whether Word knows of it
HOUSE = [
    ("Ann Legal", "migrants in transit have", "all migrants in transit have", True),
    ("Bob Front", "retains", "keeps", True),
    ("Bob Front", "the present statement", "this statement", False),
]


@pytest.fixture
def stage(live_server, browser, settings, tmp_path, chair, other_agency, incoming_chair, terms):  # noqa: F811 - the fixture
    settings.MEDIA_ROOT = str(tmp_path / "files")
    people = {CHAIR: chair, OHCHR: other_agency, WHO: incoming_chair}
    made = Stage(live_server.url, browser, people, settings)
    made.folder = made.folder.parent / "word"
    yield made
    for page in made.pages.values():
        page.context.close()


def downloaded(page, name: str, folder: Path, **how) -> Path:
    """Press a button or a link that gives a file; return where it is."""
    with page.expect_download() as waited:
        page.get_by_role(how.get("role", "link"), name=name, exact=True).first.click()
    path = folder / waited.value.suggested_filename
    waited.value.save_as(path)
    return path


def start(stage):
    chair = stage.page(CHAIR)
    chair.goto(f"{stage.address}/statements/start/")
    stage.send(
        chair, "Look at the paragraphs", title="Migrants in transit", text=TEXT, occasion="A day"
    )
    stage.send(chair, "Make draft 1")
    stage.send(stage.open(CHAIR, "circulate/"), "Circulate draft 1", deadline="2026-11-27T18:00")


def send_round_the_house(stage, folder) -> Path:
    page = stage.open(OHCHR, "word/")
    stage.looks(page, "word-files")
    sent = downloaded(page, "Download draft 1", folder)
    back = folder / "OHCHR comments.docx"
    office.edited(sent, back, HOUSE, folder / "profile")
    return back


def review(stage, back):
    page = stage.open(OHCHR, "word/")
    press(page.get_by_role("link", name="Send a Word file"))
    page.locator("main input[type=file]").set_input_files(back)
    press(page.get_by_role("button", name="Look at the changes"))
    words = page.locator("main").inner_text()
    for there in ("Ann Legal", "Bob Front", "Not tracked", "keeps"):
        assert there in words, there
    assert Amendment.objects.count() == 1  # WHO's
    stage.looks(page, "word-review")
    page.get_by_label("Reason for all that have none of their own").fill("From our legal office.")
    press(page.get_by_role("button", name="Propose what is ticked"))
    assert WordFile.objects.get().state == "proposed"
    found = Amendment.objects.filter(agency__acronym=OHCHR).order_by("block__position")
    assert [(each.block.key, each.proposed_text) for each in found] == [
        ("b2", "*Recalling* that every person who moves keeps their human rights,"),
        ("b3", CARE.replace("migrants", "all migrants")),
        ("b4", "Commit ourselves to support States in giving effect to this statement."),
    ]
    assert "From a Word file" in stage.open(WHO).locator("main").inner_text()


def brackets(stage, folder):
    file = downloaded(stage.open(CHAIR, "word/"), "Download in brackets", folder)
    paragraphs = read_document(file.read_bytes()).paragraphs
    rejected, accepted = texts(paragraphs, ()), texts(paragraphs, None)
    assert CARE in rejected
    care = next(text for text in accepted if text.startswith("Call upon"))
    assert "[young — WHO] [all — OHCHR] migrants" in care, care
    shown = folder / "shown"
    subprocess.run(["pdftoppm", "-png", "-r", "70", as_pdf(file, folder), shown], check=True)
    assert list(folder.glob("shown*.png"))


def as_pdf(file: Path, folder: Path) -> Path:
    """Return a Word file as LibreOffice prints it."""
    office.run(folder / "profile", "--convert-to", "pdf", "--outdir", folder, file)
    return folder / f"{file.stem}.pdf"


def adopt(stage):
    stage.send(stage.open(CHAIR, "act/close/"), "Close amendments")
    chair = stage.open(CHAIR, "consolidate/")
    for amendment in Amendment.objects.order_by("pk"):
        taken = amendment.agency.acronym == OHCHR
        path = f"amendments/{amendment.pk}/{'take' if taken else 'decline'}/"
        if taken:
            continue
        chair = stage.open(CHAIR, path)
        stage.send(chair, "Decline", reason="OHCHR's words say both.")
    press(stage.open(CHAIR, "consolidate/").get_by_role("button", name="Take all").first)
    issue = stage.open(CHAIR, "issue/")
    issue.get_by_label("to approve it or object to it").check()
    stage.send(issue, "Issue draft 2", deadline="2026-11-27T18:00")
    for acronym in (OHCHR, WHO, CHAIR):
        stage.speak(acronym, "Approve")
    stage.move_to(datetime(2026, 11, 27, 20, 0, tzinfo=UTC))
    stage.send(
        stage.open(CHAIR, "steps/open/"), "Open principals’ approval", deadline="2026-12-10T18:00"
    )
    for acronym in (OHCHR, WHO, CHAIR):
        stage.speak(acronym, "Approve")
    stage.send(stage.open(CHAIR, "act/adopt/"), "Adopt")
    stage.send(stage.open(CHAIR, "act/release/"), "Release")


def check_by_a_stranger(stage, folder):
    page = stage.chromium.new_page()
    page.goto(f"{stage.address}/statements/{stage.slug}/")
    answer = page.request.get(f"{stage.address}/statements/{stage.slug}/statement.zip")
    assert answer.status == 200
    proof = folder / "proof"
    with zipfile.ZipFile(BytesIO(answer.body())) as archive:
        archive.extractall(proof)
    page.context.close()
    said = verified(proof)
    assert (said.returncode, "WRONG" in said.stdout) == (0, False), said.stdout
    text = proof / "statement.txt"
    text.write_bytes(text.read_bytes().replace(b"all migrants", b"all migrant", 1))
    said = verified(proof)
    assert (said.returncode, "WRONG" in said.stdout) == (1, True), said.stdout


def verified(folder: Path):
    return subprocess.run(
        [sys.executable, "verify.py"], cwd=folder, capture_output=True, text=True, check=False
    )


def test_a_draft_goes_to_word_and_back_and_its_adoption_can_be_checked(stage, tmp_path, who):
    start(stage)
    draft = Statement.objects.get().drafts.get()
    amendment_to(draft, "b3", who, CARE.replace("migrants", "young migrants"))
    back = send_round_the_house(stage, tmp_path)
    review(stage, back)
    brackets(stage, tmp_path)
    adopt(stage)
    check_by_a_stranger(stage, tmp_path)
