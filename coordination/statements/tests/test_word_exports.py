"""Word files of a draft: who gets which amendments, and how they are told."""

import zipfile
from io import BytesIO

import pytest
from docx import Document
from lxml import etree

from coordination.members.tests.factories import AgencyFactory, MembershipFactory
from coordination.statements.enums import AmendmentKind, BlockKind, StatementState
from coordination.statements.models import CoSponsor, PreparedAmendment
from coordination.statements.queries import paragraphs, word_exports
from coordination.statements.tests.factories import (
    CARE,
    CIRCULATED,
    AmendmentFactory,
    amendment_to,
    circulated,
    drafted,
)
from coordination.statements.tests.pages import url
from coordination.statements.wordkit.plan import (
    AgencyProposal,
    BaseParagraph,
    Policy,
    accepted_document,
    plan_document,
)
from coordination.tests.cast import NOW
from coordination.tests.many import ROWS, many
from coordination.textkit import diffs

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now", "terms")]
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
KIDS = CARE.replace("migrants", "children")
ALL = CARE.replace("migrants", "all migrants")
LAST = "Commit ourselves to support States in giving effect to the present statement."


@pytest.fixture
def draft(unfpa, ohchr, who, unesco, other_agency):
    """Return a draft to which three agencies propose, two of them other words for one."""
    draft = circulated(title="Migrants & <transit>")
    ours = amendment_to(draft, "b3", unfpa, KIDS)
    CoSponsor.objects.create(amendment=ours, agency=ohchr, person=other_agency, joined_at=NOW)
    amendment_to(draft, "b3", unesco, CARE.replace("migrants", "persons"), rationale="")
    new = {"kind": AmendmentKind.INSERT, "block_kind": BlockKind.BODY}
    amendment_to(draft, "b3", who, "New paragraph.", **new)
    amendment_to(draft, "b4", who, "", kind=AmendmentKind.DELETE, rationale="Said before.")
    return draft


@pytest.fixture
def of_ohchr(other_agency, signed_in):
    return signed_in(other_agency)


def prepare(draft, agency, person, key="b3", text=ALL, **fields):
    return PreparedAmendment.objects.create(
        block=draft.blocks.get(key=key),
        agency=agency,
        author=person,
        proposed_text=text,
        saved_at=NOW,
        **fields,
    )


def file_of(client, name, draft, *more, **query):
    answer = client.get(url(name, draft, *more), query)
    assert answer.status_code == 200
    return answer


def changes(answer):
    """Return the tracked runs: kind, author and text; deleted and inserted marks of paragraphs are left out."""
    with zipfile.ZipFile(BytesIO(answer.content)) as package:
        root = etree.fromstring(package.read("word/document.xml"))
    return [
        (each.tag.removeprefix(W), each.get(f"{W}author"), "".join(each.itertext()))
        for each in root.iter(f"{W}ins", f"{W}del")
        if "".join(each.itertext())
    ]


def comments(answer):
    return [(each.author, each.text) for each in Document(BytesIO(answer.content)).comments]


def lines(answer):
    return [each.text for each in Document(BytesIO(answer.content)).paragraphs]


def test_the_clean_draft_says_what_it_is(of_unfpa, draft):
    answer = file_of(of_unfpa, "draft_word", draft, 1)

    assert lines(answer) == [
        f"Global Migration Group · {draft.statement.symbol}",
        "Draft 1 of Fri 20 Nov 2026, 10:00 Geneva",
        "Amendments until Mon 30 Nov 2026, 18:00 Geneva",
        "Joint statement on migrants in transit",
        "PP 1\t*Recalling* that every person who moves retains their human rights,",
        f"OP 1\t{CARE}",
        f"OP 2\t{LAST}",
        "— end of text —",
    ]
    assert changes(answer) == []
    assert (
        answer["Content-Disposition"]
        == f'attachment; filename="{draft.statement.slug}-draft-1.docx"'
    )
    with zipfile.ZipFile(BytesIO(answer.content)) as package:
        custom = package.read("docProps/custom.xml").decode()
        body = package.read("word/document.xml").decode()
    assert f"{draft.statement.symbol};1;{draft.sha256}<" in custom
    assert [f"_st_b{n}_r1" in body for n in range(1, 6)] == [True] * 4 + [False]


def test_the_agency_that_leads_is_tracked_and_the_other_a_comment(of_unfpa, draft):
    answer = file_of(of_unfpa, "tracked_word", draft, policy="lead", agency="UNFPA")

    assert changes(answer) == [
        ("del", "UNFPA", "migrants"),
        ("ins", "UNFPA", "children"),
        ("ins", "WHO", "OP 1 bis"),
        ("ins", "WHO", "New paragraph."),
        ("del", "WHO", "OP 2"),
        ("del", "WHO", LAST),
    ]
    assert comments(answer) == [
        ("UNFPA", "The words of 2010.\nCo-sponsored by OHCHR."),
        ("UNESCO", "Alternative for “migrants”: “persons”"),
        ("WHO", "The words of 2010."),
        ("WHO", "Said before."),
    ]
    assert lines(answer)[3] == (
        "Each tracked change is by the agency that proposes it. Where several change the same words,"
        " that of UNFPA is tracked, or else the first; the others are comments."
    )
    assert lines(answer)[4] == "Amendments: UNESCO (OP 1); UNFPA (OP 1); WHO (OP 1 bis, OP 2)"


def test_the_chair_leads_where_nobody_is_named(of_unfpa, draft):
    answer = file_of(of_unfpa, "tracked_word", draft)

    assert changes(answer)[:2] == [("del", "UNESCO", "migrants"), ("ins", "UNESCO", "persons")]
    assert answer["Content-Disposition"].endswith('-draft-1-with-amendments.docx"')


def test_without_a_lead_the_earliest_is_tracked(of_unfpa, draft, who):
    amendment_to(
        draft,
        "b3",
        who,
        CARE.replace("migrants", "people"),
        proposed_at=CIRCULATED,
    )

    answer = file_of(of_unfpa, "tracked_word", draft, agency="")

    assert changes(answer)[:2] == [("del", "WHO", "migrants"), ("ins", "WHO", "people")]
    assert "the first is tracked" in lines(answer)[3]


def test_in_brackets_each_agency_has_its_words(of_unfpa, draft):
    answer = file_of(of_unfpa, "tracked_word", draft, policy="brackets")

    assert changes(answer)[:3] == [
        ("del", "UNESCO", "migrants"),
        ("ins", "UNESCO", "[persons — UNESCO]"),
        ("ins", "UNFPA", "[children — UNFPA, OHCHR]"),
    ]
    assert answer["Content-Disposition"].endswith('-draft-1-in-brackets.docx"')


def test_of_one_agency_alone(of_unfpa, draft):
    answer = file_of(of_unfpa, "tracked_word", draft, policy="single", agency="UNESCO")

    assert changes(answer) == [("del", "UNESCO", "migrants"), ("ins", "UNESCO", "persons")]
    assert lines(answer)[3] == "The amendments of UNESCO, as tracked changes."
    assert answer["Content-Disposition"].endswith('-draft-1-of-UNESCO.docx"')


def test_what_an_agency_prepares_goes_into_its_own_file_alone(
    of_unfpa, of_ohchr, draft, unfpa, focal_point
):
    prepare(draft, unfpa, focal_point)
    prepare(draft, unfpa, focal_point, "b3", "Also.", kind=AmendmentKind.INSERT)

    own = {"policy": "single", "agency": "UNFPA", "prepared": ""}
    assert changes(file_of(of_unfpa, "tracked_word", draft, **own)) == [
        ("ins", "UNFPA", "all "),
        ("ins", "UNFPA", "OP 1 ter"),
        ("ins", "UNFPA", "Also."),
    ]
    for client in (of_unfpa, of_ohchr):
        for query in ({"policy": "single", "agency": "UNFPA"}, {}, {"policy": "brackets"}):
            answer = file_of(client, "tracked_word", draft, **query)
            assert "all " not in [text for _kind, _who, text in changes(answer)]
    assert of_ohchr.get(url("tracked_word", draft), own).status_code == 404


def test_an_agency_that_only_prepares_has_a_file_of_its_own(of_ohchr, draft, ohchr, other_agency):
    prepare(draft, ohchr, other_agency, "b4", "", kind=AmendmentKind.DELETE)
    own = {"policy": "single", "agency": "OHCHR"}

    assert of_ohchr.get(url("tracked_word", draft), own).status_code == 404
    answer = file_of(of_ohchr, "tracked_word", draft, **own, prepared="")
    assert [who for _kind, who, _text in changes(answer)] == ["OHCHR", "OHCHR"]


@pytest.mark.parametrize(
    "query",
    [
        {"policy": "all"},
        {"policy": "lead", "agency": "NOBODY"},
        {"policy": "single"},
        {"policy": "single", "agency": "OHCHR"},
        {"policy": "brackets", "agency": "WHO"},
        {"policy": "lead", "agency": "OHCHR", "prepared": ""},
    ],
)
def test_what_the_page_does_not_offer_is_not_found(of_unfpa, draft, query):
    assert of_unfpa.get(url("tracked_word", draft), query).status_code == 404


def test_who_may_not_read_a_draft_gets_no_file(client, of_unfpa, of_chair):
    secret = drafted()

    for name, *more in (("word",), ("tracked_word",), ("draft_word", 1)):
        assert client.get(url(name, circulated(), *more)).status_code == 404
        assert of_unfpa.get(url(name, secret, *more)).status_code == 404
    answer = file_of(of_chair, "draft_word", secret, 1)
    assert lines(answer)[1] == "Draft 1, in preparation"
    assert of_unfpa.get(url("draft_word", circulated(), 2)).status_code == 404


def test_agencies_see_no_settlement_in_the_file_before_the_next_draft(of_unfpa, draft):
    draft.statement.state = StatementState.CONSOLIDATION
    draft.statement.save()
    draft.blocks.get(key="b3").amendments.update(state="declined")

    assert changes(file_of(of_unfpa, "tracked_word", draft, agency="UNFPA"))[:1] == [
        ("del", "UNFPA", "migrants")
    ]
    # no deadline runs
    assert "Amendments until" not in lines(file_of(of_unfpa, "draft_word", draft, 1))[2]


def test_the_page_offers_the_files(of_unfpa, draft, unfpa, focal_point):
    prepare(draft, unfpa, focal_point)

    page = of_unfpa.get(url("word", draft))

    assert (page.context["leads"], page.context["lead"]) == (["UNESCO", "UNFPA", "WHO"], "UNESCO")
    assert (page.context["agencies"], page.context["ours"]) == (
        ["UNESCO", "UNFPA", "WHO"],
        "UNFPA",
    )
    assert page.context["preparing"] == ["UNFPA"]
    assert "The amendments of UNFPA with those in preparation" in page.content.decode()


def test_before_the_first_amendment_the_page_offers_the_draft(of_unfpa):
    page = of_unfpa.get(url("word", circulated())).content.decode()

    assert "Nothing has been proposed to draft 1 yet." in page
    assert ("draft.docx" in page, "tracked.docx" in page) == (True, False)


def test_who_only_prepares_is_offered_the_own_file(of_ohchr, ohchr, other_agency):
    draft = circulated()
    prepare(draft, ohchr, other_agency)

    page = of_ohchr.get(url("word", draft)).content.decode()

    assert ("policy=single" in page, "policy=brackets" in page) == (True, False)


def test_the_proposals_to_a_paragraph(draft, unfpa, ohchr, other_agency):
    views = paragraphs.block_views(draft)

    [ours, unesco, new] = word_exports.amended_paragraphs(views)[2].proposals

    assert ours == AgencyProposal(
        "UNFPA",
        ours.at,
        changes=diffs.changes(CARE, KIDS),
        reason="The words of 2010.",
        cosponsors=("OHCHR",),
        block_kind="operative",
    )
    assert (unesco.agency, unesco.reason) == ("UNESCO", "")
    assert (new.kind, new.text, new.block_kind, new.label) == (
        "insert",
        "New paragraph.",
        "body",
        "OP 1 bis",
    )
    assert word_exports.proposing_agencies(views) == ["UNESCO", "UNFPA", "WHO"]


def test_where_agencies_propose_something(draft, unfpa, who):
    edit = AgencyProposal("WHO", NOW)
    heading = BaseParagraph(
        "b9", "heading", "", "What we ask of States and of others", (edit, edit)
    )

    assert word_exports.places_by_agency([heading]) == {"WHO": ["“What we ask of States…”"]}


def test_a_file_of_an_agency_gives_its_words_exactly(draft):
    views = paragraphs.block_views(draft)

    planned = plan_document(word_exports.amended_paragraphs(views), Policy("single", "UNFPA"))

    assert accepted_document(planned)[2] == KIDS


@pytest.mark.parametrize("rows", ROWS)
@pytest.mark.parametrize(
    ("name", "more", "number"),
    [("word", (), 13), ("tracked_word", (), 11), ("draft_word", (1,), 8)],
)
def test_files_cost_the_same_whatever_they_hold(
    of_unfpa, focal_point, django_assert_num_queries, rows, name, more, number
):
    draft = circulated()
    agencies = many(AgencyFactory, rows)
    many(MembershipFactory, rows, agency=agencies)
    many(
        AmendmentFactory,
        rows,
        block=draft.blocks.get(key="b3"),
        agency=agencies,
        author=focal_point,
        number=list(range(1, rows + 1)),
        proposed_text=[f"Text {n}." for n in range(rows)],
        proposed_at=CIRCULATED,
    )
    of_unfpa.get(url("word", draft))

    with django_assert_num_queries(number):
        of_unfpa.get(url(name, draft, *more))
