"""“Check this text” on the page of an adopted statement."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from docx import Document
from lxml import etree

from coordination.filekit.refusals import FileFault, Refused
from coordination.statements.models import ManifestFile
from coordination.statements.queries import text_checks
from coordination.statements.tests.factories import CARE, TEXT
from coordination.statements.tests.proofs import adopted
from coordination.statements.views import text_checks as views
from coordination.tests.cast import NOW
from coordination.textkit import sameness

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("key_file", "now")]


@pytest.fixture
def statement(cast, chair):
    return adopted(cast, chair, released=True)


@pytest.fixture
def check(client, statement):
    def send(text="", file=None, name="text.txt"):
        data = {"text": text}
        if file is not None:
            data["file"] = SimpleUploadedFile(name, file)
        answer = client.post(f"/statements/{statement.slug}/check/", data)
        return answer.status_code, " ".join(answer.content.decode().split())

    return send


SAME = "adopted on"


def word(*paragraphs) -> bytes:
    document, target = Document(), io.BytesIO()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    document.save(target)
    return target.getvalue()


def kept(name):
    return bytes(ManifestFile.objects.get(name=name).content)


def test_the_words_pasted(check):
    status, page = check(TEXT)

    assert status == 200
    assert "These are the adopted words" in page
    assert "OHCHR</abbr>, <abbr" in page
    assert "Only signs differ" not in page


def test_the_words_with_other_signs(check):
    status, page = check(TEXT.replace("their human", "their  human").replace("-", "‑"))

    assert (status, "These are the adopted words" in page) == (200, True)


def test_other_words(check):
    status, page = check(TEXT.replace("health care", "care"))

    assert status == 200
    assert "These are not the adopted words" in page
    assert "<mark>health</mark>" in page
    assert "<mark>–</mark>" in page


def test_more_than_the_words(check):
    _status, page = check(f"News of today\n{TEXT}")

    assert "The adopted words, and more" in page
    assert "News of today" in page


def test_a_text_is_shown_as_text(check):
    _status, page = check(TEXT.replace("health care", "<script>alert(1)</script>"))

    assert "<script>alert(1)</script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


@pytest.mark.parametrize("name", ["statement.txt", "statement.xml"])
def test_a_file_of_the_adoption(check, name):
    _status, page = check(file=kept(name), name=name)

    assert f"The file is {name} of the adoption, byte for byte." in page


def test_a_text_file_and_a_word_file_with_the_words(check):
    for file, name in (
        (("\ufeff" + TEXT).encode(), "mine.txt"),
        (word(*TEXT.split("\n\n")), "mine.docx"),
    ):
        _status, page = check(file=file, name=name)
        assert "These are the adopted words" in page
        assert "byte for byte" not in page


def test_a_word_file_with_another_word(check):
    _status, page = check(file=word(*TEXT.replace("health", "some").split("\n\n")), name="a.docx")

    assert "<mark>some</mark>" in page


def test_the_xml_without_its_signatures(statement):
    changed = kept("statement.xml").replace(b"health", b"some")
    draft = statement.drafts.get()

    result = text_checks.check_file(statement, draft, changed, "xml")
    same = text_checks.check_file(statement, draft, kept("statement.xml") + b"\n", "xml")

    assert (result.verdict.kind, result.verdict.given) == (sameness.DIFFERENT, "some")
    assert same.verdict.kind == sameness.SAME


def test_the_line_ends_of_an_xml_part_words():
    xml = b"<akomaNtoso><mainBody><num>1</num><p>one<eol/>two</p></mainBody></akomaNtoso>"

    assert text_checks.text_of(xml, "xml") == "one\ntwo"


def test_another_pdf(check):
    status, page = check(file=b"%PDF-1.7\n% not ours\n", name="mine.pdf")

    assert status == 200
    assert "It is not the PDF of the adoption." in page


@pytest.mark.parametrize(
    ("file", "name", "sentence"),
    [
        (b"x", "a.odt", "Choose a .txt, .docx, .pdf or .xml file."),
        (b"x" * (1024 * 1024 + 1), "a.txt", "The file is larger than 1 MB."),
        ("é".encode("latin-1"), "a.txt", "This file is not in UTF-8. Paste its text instead."),
        (b"no zip", "a.docx", "The content of this file is not that of a .docx file."),
        (b"<a", "a.xml", "This file is damaged."),
        (b"<a><b></a>", "a.xml", "This file is damaged."),
        (b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', "a.xml", "declares a document type (DTD)"),
    ],
)
def test_a_file_that_cannot_be_read(check, file, name, sentence):
    status, page = check(file=file, name=name)

    assert status == 422
    assert sentence in page


def test_nothing_to_check(check):
    status, page = check(" ")

    assert status == 422
    assert "Paste a text, or choose a file." in page


def test_a_word_file_that_python_docx_refuses():
    with pytest.raises(Refused) as refused:
        text_checks.text_of(word()[:-30], "docx")
    assert refused.value.fault == FileFault.DAMAGED


def test_tracked_changes_count_as_accepted():
    document = Document()
    paragraph = document.add_paragraph("Kept")
    xml = (
        '<w:ins xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        "<w:r><w:t> put in</w:t><w:br/><w:t>and more</w:t></w:r></w:ins>"
    )
    paragraph._p.append(etree.fromstring(xml))
    target = io.BytesIO()
    document.save(target)

    assert text_checks.text_of(target.getvalue(), "docx") == "Kept put in\nand more"


def test_our_own_word_file_after_word_saved_it_again(statement):
    saved_again, target = Document(io.BytesIO(kept("statement.docx"))), io.BytesIO()
    saved_again.core_properties.author = "Somebody"
    saved_again.save(target)

    result = text_checks.check_file(statement, statement.drafts.get(), target.getvalue(), "docx")

    # the signatories stand around the words
    assert (result.file, result.verdict.kind) == ("", sameness.WITHIN)


def test_a_statement_without_manifest_is_checked_by_its_hash(client, statement):
    text = kept("statement.txt")
    other = statement.drafts.get()
    ManifestFile.objects.none()

    result = text_checks.check_file(statement, other, text, "txt")

    assert (result.file, result.is_same) == ("statement.txt", True)


def test_one_address_may_check_so_often(client, statement, monkeypatch):
    monkeypatch.setattr(views, "CHECK_RATE", "2/10m")
    address = f"/statements/{statement.slug}/check/"

    statuses = [client.post(address, {"text": CARE}).status_code for _turn in range(3)]

    assert statuses == [200, 200, 429]
    assert client.get(address).status_code == 200


def test_only_the_public_reads_what_is_released(cast, chair, client, of_unfpa):
    hidden = adopted(cast, chair)
    address = f"/statements/{hidden.slug}/check/"

    assert (client.get(address).status_code, of_unfpa.get(address).status_code) == (404, 200)
    assert client.post(address, {"text": TEXT}).status_code == 404
    assert hidden.adopted_at == NOW
