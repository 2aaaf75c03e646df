"""The files of an adopted statement on its page: to whom, when, and under which name."""

import hashlib
import io

import pypdf
import pytest

from coordination.core.tests.pages import tidy
from coordination.members.models import Agency
from coordination.members.tests.factories import AgencyFactory, MembershipFactory
from coordination.statements.enums import StatementState
from coordination.statements.models import Draft, Signatory
from coordination.statements.queries import adopted_files
from coordination.statements.tests import proofs
from coordination.statements.tests.factories import StatementFactory, circulated
from coordination.statements.tests.pages import url
from coordination.tests.cast import NOW
from coordination.tests.many import ROWS, many

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now", "terms")]
FILES = ("adopted_pdf", "adopted_word", "adopted_xml")


def adopted(signatories=(), *, released=True, **fields) -> Draft:
    """Return the draft of an adopted statement, released or not.

    `signatories` has an agency, whether it joined, and its reservation.
    """
    draft = circulated(
        StatementState.ADOPTED, adopted_at=NOW, released_at=NOW if released else None, **fields
    )
    for agency, joined, reservation in signatories:
        Signatory.objects.create(
            statement=draft.statement, agency=agency, joined=joined, reservation=reservation
        )
    draft.statement.adopted_sha256 = draft.sha256
    draft.statement.save()
    return draft


@pytest.fixture
def draft(unfpa, ohchr, who) -> Draft:
    return adopted(
        ((unfpa, True, "OP 1: Not all of it."), (ohchr, True, ""), (who, False, "")),
        title="Migrants in transit",
        slug="2026-transit",
        symbol="GMG/2026/ST/1",
    )


def test_everybody_gets_the_files_of_a_released_statement(client, draft):
    answers = {name: client.get(url(name, draft)) for name in FILES}

    assert [
        (answer.status_code, answer["Content-Type"], answer["Content-Disposition"])
        for answer in answers.values()
    ] == [
        (200, "application/pdf", 'inline; filename="2026-transit-adopted.pdf"'),
        (
            200,
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            'attachment; filename="2026-transit-adopted.docx"',
        ),
        (200, "application/akn+xml", 'attachment; filename="2026-transit-adopted.xml"'),
    ]
    pages = pypdf.PdfReader(io.BytesIO(answers["adopted_pdf"].content)).pages
    words = " ".join(" ".join(page.extract_text() for page in pages).split())
    assert "UNFPA, OP 1: Not all of it." in words
    assert draft.sha256 in words
    assert "http://localhost:8000/statements/2026-transit/" in words
    for name, answer in answers.items():
        assert client.get(url(name, draft)).content == answer.content


def test_the_files_say_who_signed_who_did_not_join_and_who_was_not_asked(draft, unesco):
    text = adopted_files.adopted_text(draft.statement, address="https://example.org/")

    assert [(each.acronym, each.reservation) for each in text.signatories] == [
        ("OHCHR", ""),
        ("UNFPA", "OP 1: Not all of it."),
    ]
    assert [each.acronym for each in text.apart] == ["WHO"]
    assert [each.acronym for each in text.not_asked] == ["UNESCO"]
    assert (text.group, text.group_acronym, str(text.adopted), text.sha256) == (
        "Global Migration Group",
        "GMG",
        "2026-11-23",
        draft.sha256,
    )
    files = adopted_files.adopted_files(text)
    assert sorted(files) == ["statement.docx", "statement.pdf", "statement.txt", "statement.xml"]
    assert hashlib.sha256(files["statement.txt"]).hexdigest() == draft.sha256
    assert files == adopted_files.adopted_files(text)


def test_until_the_release_they_are_for_members_alone(client, of_unfpa, group):
    draft = adopted(released=False)

    assert [client.get(url(name, draft)).status_code for name in FILES] == [404] * 3
    assert [of_unfpa.get(url(name, draft)).status_code for name in FILES] == [200] * 3


def test_there_are_none_before_the_adoption_and_none_without_a_text(client, of_unfpa):
    draft = circulated(StatementState.CLEARANCE)
    old = StatementFactory(state=StatementState.ADOPTED, adopted_at=NOW, released_at=NOW)

    assert [of_unfpa.get(url(name, draft)).status_code for name in FILES] == [404] * 3
    assert [client.get(url(name, old)).status_code for name in FILES] == [404] * 3
    assert client.get(url("show", old)).context["downloads"] == []
    with pytest.raises(Draft.DoesNotExist):
        adopted_files.adopted_text(draft.statement, address="")
    with pytest.raises(Draft.DoesNotExist):
        adopted_files.adopted_text(old, address="")


def test_the_page_offers_each_file_with_its_type_and_size(client, draft):
    page = client.get(url("show", draft))

    assert [(each.label, each.size) for each in page.context["downloads"]] == [
        ("PDF", None),
        ("Word", None),
        ("Plain text", 268),
        ("XML (Akoma Ntoso)", None),
    ]
    words = tidy(page.content.decode())
    assert [url(name, draft) in words for name in FILES] == [True] * 3
    assert len(client.get(url("plain", draft)).content) == 268
    assert "268 bytes</span></a>" in words


def test_a_name_without_a_font_gives_a_sentence(client, draft, unfpa):
    unfpa.name = "Fund \ue000"
    unfpa.save()

    answer = client.get(url("adopted_pdf", draft))

    assert answer.status_code == 422
    assert "This document cannot be made: PDF/A-2a" in tidy(answer.content.decode())
    assert client.get(url("adopted_word", draft)).status_code == 200


@pytest.mark.parametrize("rows", ROWS)
@pytest.mark.parametrize("name", FILES)
def test_they_cost_the_same_however_many_signed(
    client, group, django_assert_num_queries, rows, name
):
    draft = adopted([(agency, True, "OP 1: Ours.") for agency in many(AgencyFactory, rows)])
    many(MembershipFactory, rows, agency=many(AgencyFactory, rows))

    with django_assert_num_queries(7):
        assert client.get(url(name, draft)).status_code == 200


def test_what_was_made_at_the_adoption_is_what_is_offered_with_its_size(client, cast, chair):
    statement = proofs.adopted(cast, chair, released=True)
    kept = {each.name: bytes(each.content) for each in statement.manifest.files.all()}

    offered = client.get(url("show", statement)).context["downloads"]

    assert [(each.label, each.size) for each in offered] == [
        ("PDF", len(kept["statement.pdf"])),
        ("Word", len(kept["statement.docx"])),
        ("Plain text", len(kept["statement.txt"])),
        ("XML (Akoma Ntoso)", len(kept["statement.xml"])),
    ]
    Agency.objects.update(name="Renamed since")
    for name, file_name in zip(FILES, ("pdf", "docx", "xml"), strict=True):
        assert client.get(url(name, statement)).content == kept[f"statement.{file_name}"]
