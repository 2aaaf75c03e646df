"""What is new since one's agency last had a draft before it."""

from datetime import timedelta

import pytest

from coordination.statements.models import Reading
from coordination.statements.tests.factories import BlockFactory, DraftFactory, circulated, drafted
from coordination.statements.tests.pages import url
from coordination.tests.cast import NOW

pytestmark = pytest.mark.usefixtures("now", "terms")


def follow(draft, number):
    """Return the next draft of the statement, circulated."""
    following = DraftFactory(statement=draft.statement, number=number, circulated_at=None)
    BlockFactory(draft=following, key="b1", position=1, text=f"Text {number}.")
    type(following).objects.filter(pk=following.pk).update(circulated_at=NOW)
    return following


def readings():
    return list(
        Reading.objects.order_by("pk").values_list("draft__number", "agency__acronym", "read_at")
    )


def test_opening_the_newest_draft_is_noted_once_for_the_agency(
    of_unfpa, signed_in, colleague, other_agency, now
):
    draft = circulated()

    of_unfpa.head(url("show", draft))
    assert readings() == []
    of_unfpa.get(url("show", draft))
    now.move_to(NOW + timedelta(hours=1))
    signed_in(colleague).get(url("show", draft))
    signed_in(other_agency).get(url("compare", draft))

    assert readings() == [(1, "UNFPA", NOW), (1, "OHCHR", NOW + timedelta(hours=1))]


def test_an_old_draft_and_one_in_preparation_are_not_noted(of_unfpa, of_chair):
    of_chair.get(url("show", drafted()))
    first = circulated()
    follow(first, 2)

    of_unfpa.get(url("draft", first, 1))
    of_unfpa.get(url("compare", first) + "?from=1&to=1")

    assert readings() == []


def test_comparing_begins_where_the_agency_last_looked(of_unfpa, signed_in, other_agency):
    first = circulated()
    of_unfpa.get(url("show", first))
    follow(first, 2)
    signed_in(other_agency).get(url("show", first))
    follow(first, 3)

    page = of_unfpa.get(url("compare", first))
    page = of_unfpa.get(url("compare", first))
    chosen = of_unfpa.get(url("compare", first) + "?from=2&to=3").content.decode()
    others = signed_in(other_agency).get(url("compare", first)).context

    assert [(each.context["old"].number, each.context["new"].number) for each in (page, page)] == [
        (1, 3),
        (1, 3),
    ]
    assert "UNFPA last looked at draft 1" in page.content.decode()
    assert "What changed since" not in page.content.decode()
    assert 'href="?to=3"' in chosen
    assert (others["old"].number, others["since"].agency.acronym) == (2, "OHCHR")


def test_who_never_looked_compares_the_last_two(of_unfpa):
    first = circulated()
    follow(first, 2)
    follow(first, 3)

    page = of_unfpa.get(url("compare", first))

    assert (page.context["old"].number, page.context["since"]) == (2, None)
    assert "last looked" not in page.content.decode()
