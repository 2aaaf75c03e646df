"""What a file with tracked changes says, by policy."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coordination.statements.wordkit.plan import (
    AgencyProposal,
    BaseParagraph,
    PlanNote,
    PlanPiece,
    Policy,
    accepted,
    accepted_document,
    plan,
    plan_document,
    rejected,
    rejected_document,
    texts,
)
from coordination.textkit import diffs
from coordination.textkit.hunks import Change, Hunk

START = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
BASE = "States must act now."
LEAD, BRACKETS = Policy("lead"), Policy("brackets")
AGENCIES = ("UNICEF", "WHO", "ILO", "Fédération", "الهجرة")


def at(minute):
    return START + timedelta(minutes=minute)


def edit(agency, minute, *hunks, **more):
    """Return an edit whose hunks are changes of their own."""
    changes = tuple(Change((Hunk(*hunk),)) for hunk in hunks)
    return AgencyProposal(agency, at(minute), changes=changes, **more)


def kept(text):
    return PlanPiece("keep", text)


def deleted(text, agency, minute):
    return PlanPiece("delete", text, agency, at(minute))


def inserted(text, agency, minute):
    return PlanPiece("insert", text, agency, at(minute))


MUST = (7, 11, "should"), (7, 11, "shall"), (7, 11, "")
RIVALS = (
    edit("UNICEF", 1, MUST[0], reason="Softer."),
    edit("WHO", 2, MUST[1], cosponsors=("ILO",)),
    edit("UNHCR", 3, MUST[2]),
)


def test_changes_of_other_words_are_each_its_own():
    both = [edit("WHO", 2, (7, 11, "should")), edit("ILO", 1, (16, 19, "today"))]

    assert plan(BASE, both, LEAD) == (
        kept("States "),
        deleted("must", "WHO", 2),
        inserted("should", "WHO", 2),
        kept(" act "),
        deleted("now", "ILO", 1),
        inserted("today", "ILO", 1),
        kept("."),
    )


def test_equal_changes_are_one_with_support():
    same = [
        edit("WHO", 2, MUST[1], (15, 19, ""), reason="Law."),
        edit("ILO", 1, MUST[1], reason="The words of 2010.", cosponsors=("IOM",)),
    ]

    assert plan(BASE, same, LEAD) == (
        kept("States "),
        deleted("must", "ILO", 1),
        inserted("shall", "ILO", 1),
        PlanNote("reason", "ILO", at(1), 2, reason="The words of 2010.", cosponsors=("IOM",)),
        PlanNote("supports", "WHO", at(2), 2, reason="Law."),
        kept(" act"),
        deleted(" now", "WHO", 2),
        kept("."),
    )


def test_of_rivals_the_earliest_is_tracked_and_the_others_are_comments():
    pieces = plan(BASE, RIVALS, LEAD)

    assert pieces == (
        kept("States "),
        deleted("must", "UNICEF", 1),
        inserted("should", "UNICEF", 1),
        PlanNote("reason", "UNICEF", at(1), 2, reason="Softer."),
        PlanNote("alternative", "WHO", at(2), 2, "must", "shall", cosponsors=("ILO",)),
        PlanNote("deletion", "UNHCR", at(3), 2, "must"),
        kept(" act now."),
    )
    assert (rejected(pieces), accepted(pieces)) == (BASE, "States should act now.")


def test_the_leading_agency_comes_before_earlier_ones():
    pieces = plan(BASE, RIVALS, Policy("lead", "WHO"))

    assert accepted(pieces) == "States shall act now."
    assert [(each.author, each.note) for each in pieces if isinstance(each, PlanNote)] == [
        ("WHO", "reason"),
        ("UNICEF", "alternative"),
        ("UNHCR", "deletion"),
    ]


def test_an_equal_change_bears_the_name_of_the_lead():
    same = [edit("WHO", 1, MUST[1]), edit("ILO", 2, MUST[1])]

    assert [piece.author for piece in texts(plan(BASE, same, Policy("lead", "ILO")))] == [
        "",
        "ILO",
        "ILO",
        "",
    ]


def test_what_collides_only_with_a_comment_is_tracked():
    chain = [
        edit("A", 1, (0, 11, "All must")),
        edit("B", 2, (7, 15, "shall act")),
        edit("C", 3, (12, 19, "act today")),
    ]

    pieces = plan(BASE, chain, LEAD)

    assert accepted(pieces) == "All must act today."
    assert pieces[-2] == PlanNote("alternative", "B", at(2), 5, "must act", "shall act")


def test_in_brackets_the_words_go_once_and_each_agency_says_its_own():
    pieces = plan(BASE, RIVALS, BRACKETS)

    assert pieces == (
        kept("States "),
        deleted("must", "UNICEF", 1),
        inserted("[should — UNICEF]", "UNICEF", 1),
        PlanNote("reason", "UNICEF", at(1), 1, reason="Softer."),
        inserted("[shall — WHO, ILO]", "WHO", 2),
        inserted("[delete — UNHCR]", "UNHCR", 3),
        kept(" act now."),
    )
    assert rejected(pieces) == BASE


def test_brackets_hold_the_whole_of_overlapping_ranges_by_agency():
    both = [
        edit("A", 1, (7, 12, ""), reason="Short."),
        edit("B", 2, (11, 12, " all ")),
        edit("C", 3, (7, 12, "")),
    ]

    pieces = plan(BASE, both, BRACKETS)

    assert accepted(pieces) == "States [delete — A, C] [must all — B] act now."
    assert [each.reason for each in pieces if isinstance(each, PlanNote)] == ["Short."]
    spaces = [edit("A", 1, (6, 7, "")), edit("B", 2, (6, 7, "\n"))]
    assert accepted(plan(BASE, spaces, BRACKETS)).startswith("States[delete — A][¶ — B]must")


def test_insertions_at_one_point_do_not_collide():
    both = [edit("B", 2, (15, 15, " and pay")), edit("A", 2, (15, 15, " and speak"))]

    assert accepted(plan(BASE, both, LEAD)) == "States must act and speak and pay now."
    assert (
        accepted(plan(BASE, both, BRACKETS)) == "States must act [and speak — A] [and pay — B] now."
    )
    assert accepted(plan(BASE, both[:1], BRACKETS)) == "States must act and pay now."


def test_an_insertion_inside_words_that_go_is_told_by_these():
    both = [edit("A", 1, (7, 15, "may")), edit("B", 2, (12, 12, "now "))]

    pieces = plan(BASE, both, LEAD)

    assert [each for each in pieces if isinstance(each, PlanNote)] == [
        PlanNote("alternative", "B", at(2), 2, "must act", "must now act")
    ]


def test_a_change_that_is_part_of_another_supports_it():
    whole = Change((Hunk(7, 11, "shall"), Hunk(11, 11, " all")))
    both = [
        AgencyProposal("A", at(1), changes=(whole,)),
        AgencyProposal("B", at(2), changes=(Change((Hunk(11, 11, " all"),)),)),
    ]

    pieces = plan(BASE, both, LEAD)

    assert accepted(pieces) == "States shall all act now."
    assert [each for each in pieces if isinstance(each, PlanNote)] == [
        PlanNote("supports", "B", at(2), 3)
    ]


def test_a_reason_is_said_once():
    far = [edit("A", 1, MUST[0], (16, 19, "today"), reason="Why."), edit("B", 0, MUST[1])]

    notes = [each for each in plan(BASE, far, LEAD) if isinstance(each, PlanNote)]

    assert [(each.note, each.reason) for each in notes] == [("alternative", "Why.")]


def test_one_agency_alone():
    pieces = plan(BASE, RIVALS, Policy("single", "WHO"))

    assert accepted(pieces) == "States shall act now."
    assert [each.author for each in pieces if isinstance(each, PlanNote)] == ["WHO"]


def test_edits_stay_where_another_deletes_the_paragraph():
    pieces = plan(
        BASE, [*RIVALS[:1], AgencyProposal("ILO", at(9), "delete", reason="Too much.")], LEAD
    )

    assert accepted(pieces) == "States should act now."
    assert pieces[-1] == PlanNote("whole_deletion", "ILO", at(9), 4, reason="Too much.")


def test_a_deleted_paragraph_and_new_ones():
    deletions = (
        AgencyProposal("ILO", at(9), "delete", reason="Too much."),
        AgencyProposal("WHO", at(10), "delete"),
    )
    new = (
        AgencyProposal(
            "WHO", at(3), "insert", text="New.", block_kind="operative", label="OP 1 bis"
        ),
        AgencyProposal(
            "ILO", at(4), "insert", text="New.", block_kind="operative", label="OP 1 ter"
        ),
        AgencyProposal("IOM", at(1), "insert", text="Last.", place=1),
    )
    paragraphs = [
        BaseParagraph("b1", "operative", "OP 1", BASE, (*deletions, *new)),
        BaseParagraph("b2", "body", "", "End."),
    ]

    planned = plan_document(paragraphs, LEAD)

    assert [(each.key, each.label, each.mark, each.author) for each in planned] == [
        ("b1", "OP 1", "delete", "ILO"),
        ("", "OP 1 bis", "insert", "WHO"),
        ("", "", "insert", "IOM"),
        ("b2", "", "keep", ""),
    ]
    assert planned[0].pieces == (
        deleted(BASE, "ILO", 9),
        PlanNote("reason", "ILO", at(9), 1, reason="Too much."),
        PlanNote("supports", "WHO", at(10), 1),
    )
    assert planned[1].pieces[1:] == (PlanNote("supports", "ILO", at(4), 1),)
    assert rejected_document(planned) == [BASE, "End."]
    assert accepted_document(planned) == ["New.", "Last.", "End."]
    alone = plan_document(paragraphs, Policy("single", "IOM"))
    assert accepted_document(alone) == [BASE, "Last.", "End."]


WORDS = st.sampled_from(["rights", "of", "all", " ", " ", "移民", "حق", "👍🏽", ",", "\n", "[x]"])
TEXTS = st.lists(WORDS, max_size=12).map("".join)


@st.composite
def hunks(draw, base):
    """Return changes of a base, disjoint, in order."""
    cuts = sorted(draw(st.lists(st.integers(0, len(base)), max_size=6)))
    found = [
        Change((Hunk(start, end, draw(TEXTS)),))
        for start, end in zip(cuts[::2], cuts[1::2], strict=False)
    ]
    return tuple(
        each
        for i, each in enumerate(found)
        if (i == 0 or each.start > found[i - 1].end) and each.hunks[0].size
    )


@st.composite
def documents(draw):
    """Return paragraphs with proposals of several agencies, by words and by place."""
    paragraphs = []
    for number in range(draw(st.integers(1, 3))):
        base = draw(TEXTS)
        proposals = []
        for agency in draw(st.lists(st.sampled_from(AGENCIES), unique=True)):
            kind = draw(st.sampled_from(["edit", "edit", "edit", "delete", "insert"]))
            changes = draw(
                st.one_of(hunks(base), TEXTS.map(lambda text, base=base: diffs.changes(base, text)))
            )
            proposals.append(
                AgencyProposal(
                    agency,
                    at(draw(st.integers(0, 3))),
                    kind,
                    changes if kind == "edit" else (),
                    draw(TEXTS) if kind == "insert" else "",
                    draw(st.sampled_from(["", "Why."])),
                )
            )
        paragraphs.append(BaseParagraph(f"b{number}", "body", "", base, tuple(proposals)))
    return paragraphs


POLICIES = st.one_of(
    st.builds(Policy, st.just("lead"), st.sampled_from(["", *AGENCIES])),
    st.just(BRACKETS),
    st.builds(Policy, st.just("single"), st.sampled_from(AGENCIES)),
)


@given(documents(), POLICIES)
def test_to_reject_all_gives_the_base(paragraphs, policy):
    planned = plan_document(paragraphs, policy)

    assert rejected_document(planned) == [each.text for each in paragraphs]
    for each in planned:
        for place, piece in enumerate(each.pieces):
            if isinstance(piece, PlanNote):
                assert 1 <= piece.span <= len(texts(each.pieces[:place])) or not each.pieces[:place]


@given(documents(), st.sampled_from(AGENCIES))
def test_one_agency_gets_exactly_what_it_proposes(paragraphs, agency):
    promised = []
    for paragraph in paragraphs:
        own = next((each for each in paragraph.proposals if each.agency == agency), None)
        if own is None:
            promised.append(paragraph.text)
        elif own.kind == "edit":
            text = paragraph.text
            for change in reversed(own.changes):
                for hunk in reversed(change.hunks):
                    text = text[: hunk.start] + hunk.text + text[hunk.end :]
            promised.append(text)
        elif own.kind == "insert":
            promised += [paragraph.text, own.text]

    assert accepted_document(plan_document(paragraphs, Policy("single", agency))) == promised


@given(documents(), POLICIES)
def test_the_order_of_proposals_does_not_matter(paragraphs, policy):
    backwards = [
        BaseParagraph(each.key, each.kind, each.label, each.text, each.proposals[::-1])
        for each in paragraphs
    ]

    assert plan_document(backwards, policy) == plan_document(paragraphs, policy)


@given(documents(), st.sampled_from(["lead", "brackets"]))
def test_every_agency_is_heard(paragraphs, kind):
    for before, after in zip(
        paragraphs,
        (each for each in plan_document(paragraphs, Policy(kind)) if each.key),
        strict=True,
    ):
        heard = {getattr(piece, "author", "") for piece in after.pieces}
        named = "".join(piece.text for piece in texts(after.pieces) if piece.kind == "insert")
        for each in before.proposals:
            if each.kind == "delete" or (each.kind == "edit" and each.changes):
                assert each.agency in heard or each.agency in named


@pytest.mark.parametrize("policy", [LEAD, BRACKETS])
def test_nothing_proposed_leaves_the_text(policy):
    assert plan(BASE, (), policy) == (kept(BASE),)
    assert plan("", (), policy) == ()
