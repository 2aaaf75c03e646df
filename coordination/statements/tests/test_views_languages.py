"""Each page says in which language a text stands: the statement's own words in its language, ours in the page's."""

import pytest
from django.test.html import Element, parse_html

from coordination.statements.actions import comments, drafts, preparing, settlements
from coordination.statements.actions.amendments import AmendmentInput, close_amendments
from coordination.statements.actions.comments import CommentSubject
from coordination.statements.enums import StatementState
from coordination.statements.models import Comment
from coordination.statements.tests.factories import (
    DEADLINE,
    AmendmentFactory,
    StatementFactory,
    circulated,
    drafted,
)
from coordination.statements.tests.pages import url
from coordination.tests.cast import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now", "terms")]
THEIRS = ("States", "Migrants have", "Recalling")  # words of the text and of amendments to it
OURS = ("[added:", "[deleted:", "delete:", "not kept here")


def texts(element, lang="", way=""):
    """Yield each text of a page with the language and the direction in which it stands."""
    attributes = dict(element.attributes)
    lang, way = attributes.get("lang", lang), attributes.get("dir", way)
    if element.name == "title":
        return
    for child in element.children:
        if isinstance(child, Element):
            yield from texts(child, lang, way)
        else:
            yield child, lang, way


def spoken(page):
    """Return in which language and direction the words of the statement stand, and ours among them; each once."""
    elements = list(texts(parse_html(page.content.decode())))
    return tuple(
        {(lang, way) for text, lang, way in elements if any(word in text for word in words)}
        for words in (THEIRS, OURS)
    )


@pytest.fixture
def draft(unfpa, ohchr):
    draft = circulated(language="ar")
    here = draft.blocks.get(key="b3")
    AmendmentFactory(block=here, agency=ohchr)
    AmendmentFactory(block=here, agency=unfpa, proposed_text="Migrants have all rights.")
    AmendmentFactory(block=here, agency=ohchr, kind="insert", block_kind="operative")
    AmendmentFactory(
        block=draft.blocks.get(key="b4"), agency=ohchr, kind="delete", proposed_text=""
    )
    return draft


def test_pages_of_a_draft_under_amendment(draft, unfpa, focal_point, of_unfpa):
    block = draft.blocks.get(key="b3")
    comments.add_comment(
        draft.statement,
        CommentSubject("b3", block.amendments.first()),
        "So.",
        agency=unfpa,
        by=focal_point,
        at=NOW,
    )
    prepared = preparing.prepare_amendment(
        block, AmendmentInput("Call upon all States;", ""), agency=unfpa, by=focal_point, at=NOW
    )

    for path in (
        url("show", draft),
        url("compile", draft),
        url("discuss", draft) + "?about=b4",
        url("amend", draft, "b3"),
        url("insert", draft, "b3"),
        url("amend", draft, "b3") + f"?prepared={prepared.pk}",
    ):
        page = of_unfpa.get(path)

        assert spoken(page) == ({("ar", "auto")}, {("en", "ltr")}), path
    assert Comment.objects.count() == 1


def test_pieces_that_come_in_place(draft, of_unfpa):
    page = of_unfpa.get(url("amend", draft, "b3"), headers={"HX-Request": "true"})

    assert spoken(page) == ({("ar", "auto")}, {("en", "ltr")})


def test_pages_on_which_the_chair_settles(draft, chair, of_chair):
    close_amendments(draft.statement, by=chair, at=NOW)
    amendments = {
        amendment.kind: amendment for amendment in draft.blocks.get(key="b3").amendments.all()
    }

    for name, key, more in (
        ("consolidate", None, {("en", "ltr")}),
        ("adapt", "b3", {("en", "ltr")}),
        ("adapt_new", amendments["insert"].pk, set()),
        ("decline", amendments["replace"].pk, {("en", "ltr")}),
    ):
        page = of_chair.get(url(name, draft, *([key] if key else [])))

        assert spoken(page) == ({("ar", "auto")}, more), name


def test_pages_on_which_the_chair_prepares(of_chair):
    draft = drafted(language="ar")

    for name, key in (("show", None), ("edit_block", "b3"), ("add_block", "b3")):
        page = of_chair.get(url(name, draft, *([key] if key else [])))

        assert spoken(page) == ({("ar", "auto")}, set()), name
    area = of_chair.get(url("paste", draft)).context["form"]["text"].field.widget.attrs
    assert (area["lang"], area["dir"]) == ("ar", "auto")


def test_what_was_returned_and_left_behind(draft, unfpa, focal_point, chair, of_unfpa):
    gone = draft.blocks.get(key="b4")
    preparing.prepare_amendment(
        gone, AmendmentInput("Commit all States;", ""), agency=unfpa, by=focal_point, at=NOW
    )
    close_amendments(draft.statement, by=chair, at=NOW)
    settlements.take(
        draft.blocks.get(key="b3").amendments.exclude(agency=unfpa).exclude(kind="insert").get(),
        version=1,
        by=chair,
        at=NOW,
    )
    settlements.take(gone.amendments.get(), version=1, by=chair, at=NOW)
    drafts.issue_draft(
        draft.statement, to=StatementState.AMENDMENTS, deadline=DEADLINE, by=chair, at=NOW
    )

    page = of_unfpa.get(url("show", draft))

    assert (
        'id="left-behind"' in page.content.decode(),
        'id="returned"' in page.content.decode(),
    ) == (True, True)
    assert spoken(page)[0] == {("ar", "auto")}


def test_that_the_text_is_not_kept_here_is_said_in_the_language_of_the_page(client, group):
    old = StatementFactory(
        language="ar", state=StatementState.ADOPTED, adopted_at=NOW, released_at=NOW
    )

    assert spoken(client.get(url("show", old))) == (set(), {("en", "ltr")})
