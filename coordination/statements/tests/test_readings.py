"""Other readings of a draft: the compilation, who wrote this, the balance of mandates."""

import pytest

from coordination.core.tests.pages import text_of
from coordination.statements.actions import amendments, drafts, settlements
from coordination.statements.enums import AmendmentKind, BlockKind, StatementState
from coordination.statements.models import Block
from coordination.statements.queries import origins
from coordination.statements.tests.factories import DEADLINE, AmendmentFactory, circulated
from coordination.statements.tests.pages import url
from coordination.tests.cast import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
CARE = "Call upon States to ensure that migrants in transit have access to health care;"


@pytest.fixture
def draft(terms):
    return circulated(StatementState.CONSOLIDATION)


def to_b3(draft, agency, text, **fields):
    return AmendmentFactory(
        block=draft.blocks.get(key="b3"), agency=agency, proposed_text=text, **fields
    )


def test_the_compilation_has_all_in_brackets_with_who_is_behind_it(
    draft, unfpa, ohchr, who, other_agency, of_unfpa
):
    to_b3(draft, unfpa, CARE.replace("migrants", "migrants and children"))
    to_b3(draft, ohchr, CARE.replace("migrants", "migrants and children"))
    to_b3(draft, who, CARE.replace(" in transit", ""))
    AmendmentFactory(
        block=draft.blocks.get(key="b4"), agency=who, kind=AmendmentKind.DELETE, proposed_text=""
    )
    to_b3(
        draft,
        ohchr,
        "Protect <children> first;",
        kind=AmendmentKind.INSERT,
        block_kind=BlockKind.OPERATIVE,
    )

    plain = of_unfpa.get(url("compile_plain", draft)).content.decode()

    assert plain.split("\n\n")[2:] == [
        "Call upon States to ensure that migrants [and children – UNFPA, OHCHR] [delete: in transit – WHO] have access to health care;",
        "[Protect <children> first; – OHCHR]",
        "[delete: Commit ourselves to support States in giving effect to the present statement. – WHO]\n",
    ]
    page = of_unfpa.get(url("compile", draft)).content.decode()
    assert '<span class="bracket">[<ins>and children</ins> – UNFPA, OHCHR]</span>' in page
    assert ">delete:</span> <del>in transit</del> – WHO]" in page
    assert "<ins>Protect &lt;children&gt; first;</ins>" in page


def issue(draft, chair):
    return drafts.issue_draft(
        draft.statement, to=StatementState.AMENDMENTS, deadline=DEADLINE, by=chair, at=NOW
    )


def runs(draft, key):
    return [
        (run.text, run.agencies, run.draft) for run in origins.origins_of(draft.blocks.get(key=key))
    ]


def test_who_wrote_which_words_is_kept_from_draft_to_draft(
    draft, unfpa, ohchr, who, other_agency, chair, of_unfpa
):
    ours = to_b3(draft, unfpa, CARE.replace("migrants", "migrants and children"))
    same = to_b3(draft, ohchr, CARE.replace("migrants", "migrants and children"))
    new = to_b3(
        draft, who, "Protect women;", kind=AmendmentKind.INSERT, block_kind=BlockKind.OPERATIVE
    )
    settlements.take(ours, version=1, by=chair, at=NOW)
    settlements.take(new, version=1, by=chair, at=NOW)
    second = issue(draft, chair)

    assert same.pk
    assert runs(second, "b3") == [
        ("Call upon States to ensure that migrants ", (), 1),
        ("and children ", ("UNFPA", "OHCHR"), 2),
        ("in transit have access to health care;", (), 1),
    ]
    assert runs(second, "b5") == [("Protect women;", ("WHO",), 2)]

    amendments.close_amendments(second.statement, by=chair, at=NOW)
    here = second.blocks.get(key="b3")
    settlements.adapt(
        here, text=here.text.replace("Call upon", "Urge"), reason="", version=0, by=chair, at=NOW
    )
    third = issue(second, chair)

    assert runs(third, "b3") == [
        ("Urge", (), 3),
        (" States to ensure that migrants ", (), 1),
        ("and children ", ("UNFPA", "OHCHR"), 2),
        ("in transit have access to health care;", (), 1),
    ]
    page = text_of(of_unfpa.get(url("origins", third)))
    assert '<mark class="origin">and children<sup class="origin__no">2</sup> </mark>' in page
    assert '<b class="origin__no">2</b> UNFPA and OHCHR, draft 2' in page
    assert f"The chair, by {chair}, draft 3" in page


def test_words_that_move_keep_their_authors(draft, unfpa, who, other_agency, chair):
    ours = to_b3(draft, unfpa, CARE.replace("health care", "sexual and reproductive health care"))
    settlements.take(ours, version=1, by=chair, at=NOW)
    second = issue(draft, chair)
    amendments.close_amendments(second.statement, by=chair, at=NOW)
    here, later = second.blocks.get(key="b3"), second.blocks.get(key="b4")
    clause = "to sexual and reproductive health care"
    settlements.adapt(
        here, text=here.text.replace(f" {clause}", ""), reason="", version=0, by=chair, at=NOW
    )
    settlements.adapt(
        later,
        text=later.text.replace("statement", f"statement, with access {clause}"),
        reason="",
        version=0,
        by=chair,
        at=NOW,
    )

    third = issue(second, chair)

    moved = [(text.strip(), agencies, number) for text, agencies, number in runs(third, "b4")]
    assert ("sexual and reproductive", ("UNFPA",), 2) in moved
    assert ("health care", (), 1) in [(text.strip(" ."), *rest) for text, *rest in moved]


def test_a_lone_conjunction_is_nobodys(draft, unfpa, other_agency, chair):
    ours = to_b3(draft, unfpa, CARE.replace("migrants in", "migrants and in"))
    settlements.take(ours, version=1, by=chair, at=NOW)

    second = issue(draft, chair)

    assert {agencies for _text, agencies, _number in runs(second, "b3")} == {()}


def test_in_a_compromise_each_agency_keeps_the_words_that_are_its_own(
    draft, unfpa, ohchr, who, chair
):
    to_b3(draft, unfpa, CARE.replace("health care", "sexual and reproductive health care"))
    to_b3(draft, ohchr, CARE.replace("health care", "affordable health care"))
    new = to_b3(
        draft,
        who,
        "Protect women first;",
        kind=AmendmentKind.INSERT,
        block_kind=BlockKind.OPERATIVE,
    )
    block = draft.blocks.get(key="b3")
    compromise = CARE.replace(
        "health care", "affordable health care, including reproductive health care"
    )
    settlements.adapt(block, text=compromise, reason="Both.", version=0, by=chair, at=NOW)
    settlements.adapt_insertion(
        new, text="Protect women, girls first;", reason="Girls.", version=1, by=chair, at=NOW
    )

    second = issue(draft, chair)

    assert runs(second, "b3") == [
        ("Call upon States to ensure that migrants in transit have access to ", (), 1),
        ("affordable", ("OHCHR",), 2),
        (" health care, including ", (), 2),
        ("reproductive ", ("UNFPA",), 2),
        ("health care;", (), 1),
    ]
    assert runs(second, "b5") == [
        ("Protect women", ("WHO",), 2),
        (", girls ", (), 2),
        ("first;", ("WHO",), 2),
    ]


def test_what_is_kept_of_other_words_is_not_believed(draft):
    block = Block.objects.get(draft=draft, key="b3")
    block.origins = [["Other words", ["UNFPA"], 2]]

    assert [(run.text, run.agencies, run.draft) for run in origins.origins_of(block)] == [
        (CARE, (), 1)
    ]


def test_how_often_mandates_are_named_and_what_amendments_change(
    draft, unfpa, ohchr, who, group, of_unfpa
):
    for agency, terms in ((who, ["health care"]), (ohchr, ["human rights"]), (unfpa, ["women"])):
        agency.mandate_terms = terms
        agency.save()
    to_b3(draft, unfpa, CARE.replace("health care", "care for women"))
    to_b3(
        draft,
        ohchr,
        "Protect human rights;",
        kind=AmendmentKind.INSERT,
        block_kind=BlockKind.OPERATIVE,
    )
    to_b3(draft, who, CARE.replace("Call upon", "Urge"))

    answer = of_unfpa.get(url("balance", draft))

    assert [(row.agency.acronym, row.count, row.percent) for row in answer.context["rows"]] == [
        ("OHCHR", 1, 50),
        ("WHO", 1, 50),
        ("UNFPA", 0, 0),
    ]
    assert [
        (change.amendment.agency.acronym, change.changes) for change in answer.context["changes"]
    ] == [
        ("UNFPA", (("UNFPA", 1), ("WHO", -1))),
        ("OHCHR", (("OHCHR", 1),)),
    ]
    page = text_of(answer)
    assert "UNFPA +1, WHO −1" in page
    group.balance_shown = False
    group.save()
    assert of_unfpa.get(url("balance", draft)).status_code == 404
    assert url("balance", draft) not in of_unfpa.get(url("show", draft)).content.decode()


@pytest.mark.parametrize("name", ["compile", "compile_plain", "balance", "origins"])
def test_outside_there_are_no_other_readings(draft, client, name):
    assert client.get(url(name, draft)).status_code == 404


@pytest.mark.parametrize("name", ["compile", "balance"])
def test_what_the_chair_settles_does_not_show(draft, unfpa, chair, of_unfpa, name):
    new = to_b3(
        draft, unfpa, "Protect women;", kind=AmendmentKind.INSERT, block_kind=BlockKind.OPERATIVE
    )
    settlements.adapt_insertion(
        new, text="Protect everybody;", reason="A secret.", version=1, by=chair, at=NOW
    )

    page = of_unfpa.get(url(name, draft)).content.decode()

    assert ("everybody" in page, "A secret." in page) == (False, False)


def test_the_chair_sees_beside_each_amendment_what_it_does_to_the_balance(
    draft, unfpa, who, of_chair, of_unfpa, group
):
    for agency, terms in ((who, ["health care"]), (unfpa, ["women"])):
        agency.mandate_terms = terms
        agency.save()
    words = to_b3(draft, unfpa, CARE.replace("health care", "care for women"))
    to_b3(draft, unfpa, "Protect women;", kind=AmendmentKind.INSERT, block_kind=BlockKind.OPERATIVE)

    page = text_of(of_chair.get(url("consolidate", draft)))
    assert ("Mandates named: UNFPA +1, WHO −1" in page, "Mandates named: UNFPA +1<" in page) == (
        True,
        True,
    )
    piece = text_of(of_chair.get(url("settling", draft, "b3"), headers={"hx-request": "true"}))
    assert "Mandates named: UNFPA +1, WHO −1" in piece
    assert "Mandates named" not in of_unfpa.get(url("show", draft)).content.decode()
    group.balance_shown = False
    group.save()
    assert "Mandates named" not in of_chair.get(url("consolidate", draft)).content.decode()
    assert words.pk
