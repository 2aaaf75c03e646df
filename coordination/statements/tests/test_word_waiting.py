"""A Word file at which nobody has looked: where its agency is told of it."""

import pytest

from coordination.core.tests.pages import text_of
from coordination.statements.tests.pages import url
from coordination.statements.tests.test_word_import import keep, page_after
from coordination.statements.tests.word_files import edited, of_draft

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now", "terms")]


def test_a_file_at_which_nobody_looked_is_on_the_desk_of_its_agency_alone(
    of_unfpa, of_chair, unfpa, draft
):
    def on_desk(client):
        desk = client.get("/desk/").context["desk"]
        return [step for step in desk.asked if step.kind == "statements.review_word"]

    page = page_after(of_unfpa, draft, of_draft(draft, {"b3": edited("Nadia R")}))

    (step,) = on_desk(of_unfpa)
    assert (step.url, step.agencies) == (url("word", draft) + "#received", (unfpa,))
    shown = text_of(of_unfpa.get("/desk/"))
    assert "Look at the changes of a Word file" in shown
    assert "UNFPA sent a Word file. Nothing of it is proposed yet." in shown
    assert on_desk(of_chair) == []

    keep(of_unfpa, page, *page.context["review"].items, reason="Ours.")
    assert on_desk(of_unfpa) == []


def test_a_file_at_which_nobody_looked_is_in_the_bar_of_the_statement(
    of_unfpa, of_chair, unfpa, draft
):
    """Except on the page to which the button leads."""
    text, word = (url(name, draft) for name in ("show", "word"))
    offered = ("Review the Word file", f"{word}#received")

    def offers(client, path):
        links = client.get(path).context["bar"].links
        return offered in [(link.label, link.url) for link in links]

    assert not offers(of_unfpa, text)
    page = page_after(of_unfpa, draft, of_draft(draft, {"b3": edited("Nadia R")}))
    assert [offers(client, text) for client in (of_unfpa, of_chair)] == [True, False]
    assert "UNFPA sent a Word file. Nothing of it is proposed yet." in text_of(of_unfpa.get(text))
    assert not offers(of_unfpa, word)

    keep(of_unfpa, page, *page.context["review"].items, reason="Ours.")
    assert not offers(of_unfpa, text)
