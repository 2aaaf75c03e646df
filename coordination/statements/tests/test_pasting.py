"""What was recognised in a pasted text is looked at, and changed, before anything is saved."""

import pytest

from coordination.core.tests.pages import text_of
from coordination.statements.models import Draft, Statement
from coordination.statements.queries.drafts import blocks_of
from coordination.statements.tests.factories import drafted
from coordination.statements.tests.pages import form_of, url
from coordination.tests.admin_pages import sent_by_form_with

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
START = "/statements/start/"
TEXT = "A joint statement\non migrants\n\n5.Invites States to:\v(a) act;\n\nMigrants have rights.\n\n- Stresses it;"


def looked_at(browser, path=START, **fields):
    """Send the text for its preview."""
    filled = form_of(browser.get(path), **{"text": TEXT, **fields})
    return browser.post(path, filled | {"step": "preview"})


def carried(page):
    """Return what the form of the preview sends by its last button."""
    return sent_by_form_with(page, "kinds")


def shown(page):
    return [(each.label, each.kind, each.block.text) for each in page.context["paragraphs"]]


def kinds(draft):
    return [(block.kind, block.text) for block in blocks_of(draft)]


def test_the_preview_shows_what_was_recognised_and_saves_nothing(of_chair):
    page = looked_at(of_chair, title="On migrants")

    assert (page.status_code, Statement.objects.count()) == (200, 0)
    assert shown(page) == [
        ("Title", "title", "A joint statement on migrants"),
        ("OP 1", "operative paragraph", "Invites States to:"),
        ("", "sub-paragraph", "(a) act;"),
        ("¶ 2", "paragraph", "Migrants have rights."),
        ("OP 2", "operative paragraph", "Stresses it;"),
    ]
    assert "taken off: <del>5.</del>" in text_of(page)


def test_several_paragraphs_are_set_at_once_and_saved_as_set(of_chair):
    page = looked_at(of_chair, title="On migrants")
    page = of_chair.post(
        START,
        carried(page) | {"step": "set", "paragraph": ["2", "3"], "kind": "preambular"},
    )

    assert [label for label, _kind, _text in shown(page)] == [
        "Title",
        "OP 1",
        "PP 1",
        "PP 2",
        "OP 2",
    ]
    assert text_of(page).count("Set by you") == 2
    page = of_chair.post(START, carried(page) | {"step": "set", "paragraph": ["4"], "kind": "item"})
    assert of_chair.post(START, carried(page)).status_code == 302
    assert kinds(Draft.objects.get()) == [
        ("title", "A joint statement on migrants"),
        ("operative", "Invites States to:"),
        ("preambular", "act;"),
        ("preambular", "Migrants have rights."),
        ("body", "- Stresses it;"),
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "heading"},
        {"paragraph": ["1"], "kind": ""},
        {"paragraph": ["99", "x"], "kind": "heading"},
        {"paragraph": ["1"], "kind": "nonsense"},
    ],
)
def test_what_cannot_be_set_is_said_and_loses_nothing(of_chair, wrong):
    page = looked_at(of_chair, title="On migrants")
    before = carried(page)

    page = of_chair.post(START, before | {"step": "set"} | wrong)

    assert (page.status_code, page.context["fault"]) == (
        422,
        "Tick the paragraphs, and choose what they are.",
    )
    assert carried(page)["text"].replace("\r", "") == TEXT


def test_the_way_back_keeps_the_text_and_what_was_set(of_chair):
    page = looked_at(of_chair, title="On migrants", occasion="A day")
    page = of_chair.post(
        START, carried(page) | {"step": "set", "paragraph": ["3"], "kind": "heading"}
    )

    page = of_chair.post(START, carried(page) | {"step": "back"})

    form = page.context["form"]
    assert (page.status_code, form["title"].value(), form["occasion"].value()) == (
        200,
        "On migrants",
        "A day",
    )
    assert form["text"].value() == TEXT
    again = of_chair.post(START, form_of(page, text=f"{TEXT}\n\nNew.") | {"step": "preview"})
    assert ("", "heading", "Migrants have rights.") in shown(again)


@pytest.mark.parametrize("fields", [{"title": ""}, {"text": "\u200b"}])
def test_a_fault_in_the_form_is_said_before_the_preview(of_chair, fields):
    page = looked_at(of_chair, **{"title": "On migrants", **fields})

    assert (page.status_code, page.templates[0].name) == (422, "statements/statement_start.html")


def test_a_title_alone_needs_no_preview(of_chair):
    assert looked_at(of_chair, title="On migrants", text=" ").status_code == 302
    assert kinds(Draft.objects.get()) == [("title", "On migrants")]


def test_a_replaced_text_is_looked_at_too(of_chair):
    draft = drafted()
    path = url("paste", draft)
    page = looked_at(of_chair, path)
    page = of_chair.post(
        path, carried(page) | {"step": "set", "paragraph": ["3"], "kind": "heading"}
    )
    back = of_chair.post(path, carried(page) | {"step": "back"})
    assert (back.status_code, back.context["form"]["text"].value()) == (200, TEXT)
    assert kinds(draft) != []

    assert of_chair.post(path, carried(page)).status_code == 302
    assert kinds(draft)[3] == ("heading", "Migrants have rights.")


def test_the_preview_costs_the_same_for_any_text(of_chair, django_assert_num_queries):
    draft = drafted()
    for path, number in ((START, 8), (url("paste", draft), 7)):
        page = of_chair.get(path)
        for n in (1, 30):
            sent = form_of(page, title="On migrants", text="One.\n\n" * n) | {"step": "preview"}
            with django_assert_num_queries(number):
                assert of_chair.post(path, sent).status_code == 200


def test_a_script_brings_the_paragraphs_alone(of_chair):
    page = looked_at(of_chair, title="On migrants")
    sent = carried(page) | {"step": "set", "paragraph": ["3"], "kind": "heading"}

    part = of_chair.post(START, sent, headers={"HX-Request": "true"})

    assert (part.status_code, part.templates[0].name) == (200, "statements/_preview.html")
    assert carried(part)["kinds"].endswith("=heading")
