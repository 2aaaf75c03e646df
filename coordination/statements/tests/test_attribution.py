"""Compare and "Who wrote this" name whose amendment made each change, and who wrote for the chair."""

import pytest

from coordination.core.tests.pages import text_of
from coordination.members.tests.factories import PersonFactory
from coordination.statements.actions import arrangement, drafts, settlements
from coordination.statements.enums import AmendmentKind, BlockKind, StatementState
from coordination.statements.models import CoSponsor, Settlement
from coordination.statements.queries import attribution
from coordination.statements.queries import drafts as drafts_queries
from coordination.statements.queries.drafts import BlockPair
from coordination.statements.tests.factories import (
    CARE,
    DEADLINE,
    BlockFactory,
    DraftFactory,
    amendment_to,
    circulated,
)
from coordination.statements.tests.pages import url
from coordination.tests.cast import NOW
from coordination.textkit.segmentation import Segment

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


@pytest.fixture
def draft(terms):
    return circulated(StatementState.CONSOLIDATION)


def take(amendment, chair):
    amendment.refresh_from_db()
    settlements.take(amendment, version=amendment.version, by=chair, at=NOW)


def issue(draft, chair):
    issued = drafts.issue_draft(
        draft.statement, to=StatementState.AMENDMENTS, deadline=DEADLINE, by=chair, at=NOW
    )
    issued.statement.state = StatementState.CONSOLIDATION
    issued.statement.save()
    return issued


def compared(old, new):
    """Return (kind, text, author's agencies, numbers of amendments, person, draft) of each change."""
    record = attribution.text_record(old.statement, old.number, new.number)
    pairs = drafts_queries.compared_blocks(
        *(list(record.blocks[each.number].values()) for each in (old, new))
    )
    found = {}
    for each in attribution.attribute_pairs(pairs, record, old.number, new.number):
        found[each.pair.key] = [
            (
                mark.segment.kind,
                mark.segment.text.strip(),
                *_told(each.authors[mark.number - 1] if mark.number else None),
            )
            for mark in each.marks
            if mark.segment.kind != "keep"
        ]
    return found


def _told(author):
    if author is None:
        return ()
    numbers = tuple(amendment.number for amendment in author.amendments)
    return author.agencies, numbers, author.person, author.number


def test_each_change_has_the_amendment_that_made_it(draft, unfpa, ohchr, who, chair):
    ours = amendment_to(draft, "b3", unfpa, CARE.replace("migrants", "migrants and children"))
    CoSponsor.objects.create(amendment=ours, agency=who, person=chair, joined_at=NOW)
    theirs = amendment_to(draft, "b3", ohchr, CARE.replace("health ", ""))
    gone = amendment_to(draft, "b4", who, kind=AmendmentKind.DELETE)
    new = amendment_to(
        draft, "b3", who, "Protect women;", kind=AmendmentKind.INSERT, block_kind=BlockKind.OPERATIVE
    )  # fmt: skip
    for amendment in (ours, theirs, gone, new):
        take(amendment, chair)
    issued = issue(draft, chair)

    found = compared(draft, issued)

    assert found["b3"] == [
        ("insert", "and children", ("UNFPA", "WHO"), (1,), None, 2),
        ("delete", "health", ("OHCHR",), (2,), None, 2),
    ]
    assert found["b4"] == [("delete", gone.block.text, ("WHO",), (3,), None, 2)]
    key = issued.blocks.get(text="Protect women;").key
    assert found[key] == [("insert", "Protect women;", ("WHO",), (4,), None, 2)]
    assert found["b2"] == []


def test_words_struck_and_put_in_their_place_are_one_change(draft, unfpa, chair):
    take(amendment_to(draft, "b3", unfpa, CARE.replace("have access to", "enjoy")), chair)

    issued = issue(draft, chair)

    assert compared(draft, issued)["b3"] == [
        ("delete", "have access to"),
        ("insert", "enjoy", ("UNFPA",), (1,), None, 2),
    ]


def test_the_chair_s_own_words_have_the_person_who_settled_them(draft, unfpa, chair):
    colleague = PersonFactory()
    ours = amendment_to(draft, "b3", unfpa, CARE.replace("migrants", "migrants and children"))
    settlements.adapt(
        ours.block,
        text=CARE.replace("migrants", "migrants and children everywhere").replace(" to ensure", ""),
        reason="Both.",
        version=0,
        by=chair,
        at=NOW,
    )
    Settlement.objects.update(settled_by=colleague)
    issued = issue(draft, chair)

    assert compared(draft, issued)["b3"] == [
        ("delete", "to ensure", (), (), colleague, 2),
        ("insert", "and children", ("UNFPA",), (1,), None, 2),
        ("insert", "everywhere", (), (), colleague, 2),
    ]


def test_over_several_drafts_each_change_has_the_draft_that_made_it(
    draft, unfpa, ohchr, who, chair
):
    take(
        amendment_to(
            draft, "b3", unfpa, "Now " + CARE.replace("migrants", "migrants and children")
        ),
        chair,
    )
    second = issue(draft, chair)
    text = second.blocks.get(key="b3").text
    take(amendment_to(second, "b3", ohchr, text.replace("health ", "")), chair)
    take(amendment_to(second, "b4", who, kind=AmendmentKind.DELETE), chair)
    third = issue(second, chair)

    found = compared(draft, third)

    assert found["b3"] == [
        ("insert", "Now", ("UNFPA",), (1,), None, 2),
        ("insert", "and children", ("UNFPA",), (1,), None, 2),
        ("delete", "health", ("OHCHR",), (1,), None, 3),
    ]
    assert found["b4"][0][2:] == (("WHO",), (2,), None, 3)


def test_a_moved_paragraph_has_who_moved_it(draft, chair, of_unfpa):
    arrangement.move_paragraph(draft.blocks.get(key="b4"), up=True, version=0, by=chair, at=NOW)
    issue(draft, chair)

    page = text_of(of_unfpa.get(url("compare", draft) + "?from=1&to=2"))

    assert f"Moved for the chair by {chair}" in page


def test_words_that_moved_are_said_to_have_moved(draft, unfpa, chair, of_unfpa):
    block = draft.blocks.get(key="b4")
    arrangement.join_to_previous(block, version=0, by=chair, at=NOW)
    issued = issue(draft, chair)

    found = compared(draft, issued)
    page = text_of(of_unfpa.get(url("compare", draft) + "?from=1&to=2"))

    assert found["b4"][0][2:] == ((), (), chair, 2)
    assert "The chair, words of draft 1 that moved" in page


def by_hand(draft, texts, **fields):
    """Give draft 2 the texts and origins of paragraph b3, and return the record of both drafts."""
    second = DraftFactory(statement=draft.statement, number=2)
    for block in draft.blocks.all():
        given = {"text": block.text, "origins": []} | texts.get(block.key, {})
        BlockFactory(draft=second, key=block.key, position=block.position, kind=block.kind, **given)
    return attribution.text_record(draft.statement, 1, 2)


def test_signs_between_words_are_of_whoever_wrote_the_words_before(draft):
    runs = [[CARE[:-1], [], 1], [" and schools", ["WHO"], 2], [";", ["ILO"], 2]]
    text = "".join(run[0] for run in runs)
    record = by_hand(draft, {"b3": {"text": text + ";", "origins": [*runs, [";", [], 2]]}})
    segments = (Segment("keep", CARE[:-1]), Segment("insert", " and schools;;"))

    [found] = attribution.attribute_pairs(
        [BlockPair("b3", "OP 1", "operative", "edited", segments)], record, 1, 2
    )

    assert [mark.segment.text for mark in found.marks] == [CARE[:-1], " and schools;;"]
    assert [author.agencies for author in found.authors] == [("WHO",)]


def test_what_no_draft_struck_or_moved_has_no_author(draft):
    record = by_hand(draft, {})
    segments = (Segment("delete", "Call"), Segment("keep", CARE[4:]))

    [found] = attribution.attribute_pairs(
        [BlockPair("b3", "OP 1", "operative", "edited", segments, moved=True)], record, 1, 2
    )

    assert found.authors == ()
    assert found.moved_by is None


def test_words_of_a_split_paragraph_keep_their_author_without_an_amendment_there(
    draft, unfpa, chair, of_unfpa
):
    take(amendment_to(draft, "b3", unfpa, CARE + " Protect children."), chair)
    second = issue(draft, chair)
    settlements.adapt(
        second.blocks.get(key="b3"), text=CARE + "\n\nProtect children.", reason="", version=0,
        by=chair, at=NOW,
    )  # fmt: skip
    issue(second, chair)

    page = text_of(of_unfpa.get(url("origins", draft)))

    assert "UNFPA, draft 2</li>" in page.replace(" </li>", "</li>")


def test_compare_names_the_amendment_beside_each_change(draft, unfpa, chair, of_unfpa):
    ours = amendment_to(draft, "b3", unfpa, CARE.replace("migrants", "migrants and children"))
    take(ours, chair)
    issue(draft, chair)

    response = of_unfpa.get(url("compare", draft) + "?from=1&to=2")

    html = response.content.decode()
    assert '<sup class="origin__no">1</sup>' in html
    assert f'<a href="{url("draft", draft, 1)}#a{ours.pk}">' in html
    # backwards nobody is named: UNFPA has not struck what it added
    assert "origin__no" not in of_unfpa.get(url("compare", draft) + "?from=2&to=1").content.decode()


def test_who_wrote_this_names_the_person_of_the_chair(draft, unfpa, chair, of_unfpa):
    ours = amendment_to(draft, "b3", unfpa, CARE.replace("migrants", "migrants and children"))
    settlements.adapt(
        ours.block,
        text=CARE.replace("migrants", "migrants and children everywhere"),
        reason="Both.",
        version=0,
        by=chair,
        at=NOW,
    )
    issue(draft, chair)

    page = text_of(of_unfpa.get(url("origins", draft)))

    assert f"The chair, by {chair}, draft 2" in page
    assert "UNFPA, draft 2" in page
