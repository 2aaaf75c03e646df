"""The mail to an agency whose amendments the chair recorded from a Word file."""

from datetime import timedelta

import pytest

from coordination.core.tests.pages import tidy
from coordination.statements.due import word_files
from coordination.statements.enums import AmendmentState, WordFileState
from coordination.statements.models import CoSponsor, WordFile
from coordination.statements.tests.factories import AmendmentFactory
from coordination.statements.tests.test_mails import mail
from coordination.tests.cast import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now", "terms")]
MINUTE = timedelta(minutes=1)


@pytest.fixture
def word_file(draft, unfpa, focal_point):
    return WordFile.objects.create(
        statement=draft.statement,
        draft=draft,
        agency=unfpa,
        sent_by=focal_point,
        sent_at=NOW - 2 * MINUTE,
        name="Front office.docx",
        sha256="0" * 64,
        state=WordFileState.PROPOSED,
        ended_at=NOW - MINUTE,
    )


def amended(draft, agency, word_file, key="b3", **fields):
    block = draft.blocks.get(key=key)
    return AmendmentFactory(
        block=block,
        agency=agency,
        proposed_text=block.text.replace("migrants", "all migrants"),
        word_file=word_file,
        **fields,
    )


def test_an_agency_is_told_what_the_chair_recorded_for_it(
    draft, unfpa, ohchr, other_agency, word_file, group
):
    recorded = amended(draft, ohchr, word_file, recorded=True)
    own = amended(draft, unfpa, word_file)
    CoSponsor.objects.create(amendment=own, agency=ohchr, person=other_agency, joined_at=NOW)

    (told,) = word_files.recorded_amendments(NOW)

    assert (told.kind, told.person_id) == ("statements.recorded", other_agency.pk)
    assert told.url == f"/statements/{draft.statement.slug}/#a{recorded.pk}"
    subject, text, html = mail(told, group)
    assert subject == (
        f"Check the amendments of OHCHR that the chair recorded: {draft.statement.title}"
    )
    assert (
        "A Word file that UNFPA sent, “Front office.docx”, has changes of OHCHR to draft 1 of "
        f"“{draft.statement.title}”. The chair’s team recorded them as amendments of OHCHR."
    ) in tidy(text)
    assert "1. OP 1: … States to ensure that [all] migrants in transit have …" in tidy(text)
    assert "[all] migrants in transit" in tidy(html)


@pytest.mark.parametrize("state", [AmendmentState.WITHDRAWN, AmendmentState.TAKEN])
def test_nobody_is_told_of_an_amendment_that_is_not_open_any_more(draft, ohchr, word_file, state):
    amended(draft, ohchr, word_file, recorded=True, state=state)

    assert list(word_files.recorded_amendments(NOW)) == []


def test_queries_do_not_grow_with_the_amendments(
    draft, ohchr, other_agency, word_file, django_assert_num_queries
):
    for key in ("b3", "b1", "b2"):
        amended(draft, ohchr, word_file, key=key)
        with django_assert_num_queries(6):
            assert len(list(word_files.recorded_amendments(NOW))) == 1
