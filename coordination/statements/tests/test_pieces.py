"""One paragraph as a piece of page: what htmx puts in its place, and what happens without it."""

import pytest

from coordination.core.tests.pages import text_of
from coordination.members.models import Agency
from coordination.members.tests.factories import AgencyFactory
from coordination.statements.enums import AmendmentState, StatementState
from coordination.statements.models import Amendment
from coordination.statements.queries import paragraphs
from coordination.statements.tests.factories import (
    AmendmentFactory,
    DraftFactory,
    circulated,
    drafted,
)
from coordination.statements.tests.pages import url
from coordination.statements.views.fragments import MOST
from coordination.tests.cast import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

HTMX = {"headers": {"hx-request": "true"}}


def test_without_htmx_a_paragraphs_address_leads_to_the_page_opened_there(of_unfpa, of_chair):
    draft = circulated(StatementState.CONSOLIDATION)

    assert (
        of_unfpa.get(url("paragraph", draft, "b3"))["Location"]
        == url("show", draft) + "?opened=b3#b3"
    )
    assert (
        of_chair.get(url("settling", draft, "b3"))["Location"]
        == url("consolidate", draft) + "?opened=b3#b3"
    )
    assert of_unfpa.get(url("settling", draft, "b3")).status_code == 403
    assert of_unfpa.get(url("paragraph", draft, "b99"), **HTMX).status_code == 404


def test_an_amendment_is_written_in_place(of_unfpa, unfpa):
    draft = circulated()
    path = url("amend", draft, "b3")

    form = of_unfpa.get(path, **HTMX).content.decode()
    refused = of_unfpa.post(
        path, {"agency": unfpa.pk, "proposed_text": "One;", "rationale": "", "version": 0}, **HTMX
    )
    saved = of_unfpa.post(
        path,
        {"agency": unfpa.pk, "proposed_text": "One;", "rationale": "Short.", "version": 0},
        **HTMX,
    )

    assert "<!doctype" not in form.lower()
    assert f'action="{path}"' in form
    assert 'id="b3-proposed_text"' in form
    assert (refused.status_code, "One;" in refused.content.decode()) == (422, True)
    assert (saved.status_code, Amendment.objects.get().proposed_text) == (200, "One;")
    page = text_of(saved)
    assert "1 from 1 agency<" in page
    assert "Your amendment is with the chair" in page
    assert '<form class="form' not in page


def test_the_chair_takes_declines_and_adapts_in_place(of_chair, unfpa, ohchr):
    draft = circulated(StatementState.CONSOLIDATION)
    one = AmendmentFactory(block=draft.blocks.get(key="b3"), agency=unfpa)
    two = AmendmentFactory(block=draft.blocks.get(key="b4"), agency=ohchr)

    taken = of_chair.post(url("take", draft, one.pk), {"version": 1}, **HTMX)
    form = of_chair.get(url("decline", draft, two.pk), **HTMX).content.decode()
    declined = of_chair.post(
        url("decline", draft, two.pk),
        {"reason": "A long and careful reason.", "version": 1},
        **HTMX,
    )
    adapting = of_chair.get(url("adapt", draft, "b4"), **HTMX).content.decode()
    work = text_of(of_chair.get(url("consolidate", draft), **HTMX))

    assert (taken.status_code, taken["HX-Trigger"]) == (200, "settled")
    assert f'id="a{one.pk}" data-state="settled"' in text_of(taken)
    assert f'action="{url("decline", draft, two.pk)}"' in form
    assert (declined.status_code, declined["HX-Trigger"]) == (200, "settled")
    assert Amendment.objects.get(pk=two.pk).state == AmendmentState.DECLINED
    assert f'action="{url("adapt", draft, "b4")}"' in adapting
    assert work.startswith('<div id="work"')
    assert "1 taken, 0 adapted, 1 declined" in work


def test_paragraphs_far_down_are_folded_but_for_the_one_that_is_opened(unfpa, ohchr, who):
    draft = circulated()
    for key in ("b2", "b3", "b4"):
        for agency in (unfpa, ohchr):
            AmendmentFactory(block=draft.blocks.get(key=key), agency=agency)
    AmendmentFactory(block=draft.blocks.get(key="b4"), agency=who, state=AmendmentState.WITHDRAWN)

    def shape(views):
        return {
            view.block.key: ([note.number for note in view.all_notes], view.folded)
            for view in views
            if view.all_notes or view.folded
        }

    views = paragraphs.block_views(draft, most=2)
    opened = paragraphs.block_views(draft, most=2, opened="b4")
    folded = paragraphs.fold_views(paragraphs.block_views(draft), 2, "b3")

    assert shape(views) == {"b2": ([1, 2], 0), "b3": ([], 2), "b4": ([], 2)}
    assert shape(opened) == {"b2": ([1, 2], 0), "b3": ([], 2), "b4": ([5, 6], 0)}
    assert shape(folded) == {"b2": ([1, 2], 0), "b3": ([3, 4], 0), "b4": ([5, 6], 2)}
    assert (
        paragraphs.amendment_counts(views)["all"],
        paragraphs.amendment_counts(views)["agencies"],
    ) == (6, 2)
    assert paragraphs.amendment_counts(folded)["all"] == 6


def test_the_chair_reads_folded_paragraphs_merged_without_marks(of_chair, focal_point):
    draft = circulated(StatementState.CONSOLIDATION)
    agencies = AgencyFactory.create_batch(MOST)
    near, far = (draft.blocks.get(key=key) for key in ("b3", "b4"))
    Amendment.objects.bulk_create(
        Amendment(
            block=near, agency=agency, author=focal_point, proposed_text="Words.", proposed_at=NOW
        )
        for agency in agencies
    )
    AmendmentFactory(block=far, agency=agencies[0], proposed_text=f"{far.text} And more.")

    answer = of_chair.get(url("consolidate", draft))
    page = answer.content.decode()
    opened = of_chair.get(url("consolidate", draft) + "?opened=b4").content.decode()
    added = '<span class="sr" lang="en" dir="ltr">[added: </span> And more.'

    opening, rest = "Commit ourselves", far.text.removeprefix("Commit ourselves")
    assert f'<p lang="en" dir="auto"><em>{opening}</em>{rest} And more.</p>' in page
    assert added not in page
    assert "the changes are marked once you open the amendments" in text_of(answer)
    assert added in opened


def test_only_the_newest_draft_folds_because_a_piece_is_of_the_newest(of_unfpa, focal_point):
    draft = circulated()
    AgencyFactory.create_batch(MOST)
    blocks, agencies = list(draft.blocks.filter(key__in=("b2", "b3", "b4"))), Agency.objects.all()
    Amendment.objects.bulk_create(
        Amendment(
            block=block, agency=agency, author=focal_point, proposed_text="Words.", proposed_at=NOW
        )
        for block in blocks
        for agency in agencies
    )
    one = url("draft", draft, 1)
    folded, whole = (
        of_unfpa.get(one).content.decode(),
        of_unfpa.get(one + "?whole").content.decode(),
    )
    assert (folded.count('class="folded"'), 'href="?whole"' in folded) == (2, True)
    assert ('class="folded"' in whole, 'href="?whole"' in whole) == (False, False)
    assert whole.count('class="margin-note"') == 3 * len(agencies)

    DraftFactory(statement=draft.statement, number=2, circulated_at=NOW)

    page = of_unfpa.get(one).content.decode()
    assert 'class="folded"' not in page
    assert page.count('class="margin-note"') == 3 * len(agencies)


def test_what_belongs_to_writing_is_there_in_place_too(of_unfpa, of_chair, unfpa):
    own = AmendmentFactory(block=circulated().blocks.get(key="b3"), agency=unfpa)
    draft = drafted()

    assert (
        url("withdraw_amendment", own.block.draft, own.pk)
        in of_unfpa.get(url("amend", own.block.draft, "b3"), **HTMX).content.decode()
    )
    assert (
        url("remove_block", draft, "b3")
        in of_chair.get(url("edit_block", draft, "b3"), **HTMX).content.decode()
    )
