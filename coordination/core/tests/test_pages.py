"""Pages of long lists, and what of them is kept for an edition."""

import pytest

from coordination.core import editions
from coordination.core.editions import NO_EDITION, Stamp
from coordination.core.pages import page_of
from coordination.members.models import Agency
from coordination.members.tests.factories import AgencyFactory

ONE, TWO = Stamp("work", "one"), Stamp("work", "two")
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def found():
    editions.forget()
    for acronym in "ABCDE":
        AgencyFactory(acronym=acronym)
    return Agency.objects.order_by("acronym")


def shown(page):
    return [agency.acronym for agency in page.object_list]


@pytest.mark.parametrize(
    ("number", "rows"),
    [(None, "AB"), ("1", "AB"), ("x", "AB"), ("2", "CD"), ("3", "E"), ("9", "E"), ("-1", "E")],
)
def test_a_page_has_its_rows_whatever_number_is_asked_for(found, number, rows):
    for _each in range(2):  # as it is read, and as it is kept
        page = page_of(found, number, 2, ONE, "agencies")

        assert (shown(page), page.paginator.num_pages, page.paginator.count) == (list(rows), 3, 5)


def test_an_empty_list_has_one_empty_page(found):
    page = page_of(found.filter(acronym="none"), "4", 2, ONE, "agencies")

    assert (shown(page), page.number, page.has_other_pages()) == ([], 1, False)


def test_count_and_first_page_are_kept_and_the_others_read_each_time(
    found, django_assert_num_queries
):
    with django_assert_num_queries(2):
        page_of(found, "1", 2, ONE, "agencies")
    with django_assert_num_queries(0):
        assert shown(page_of(found, "1", 2, ONE, "agencies")) == ["A", "B"]
    for _each in range(2):
        with django_assert_num_queries(1):
            assert shown(page_of(found, "2", 2, ONE, "agencies")) == ["C", "D"]


@pytest.mark.parametrize(
    ("stamp", "key"),
    [(TWO, "agencies"), (ONE, "agencies of another reader"), (NO_EDITION, "agencies")],
)
def test_nothing_is_taken_from_another_edition_or_key(found, stamp, key):
    page_of(found, "1", 2, ONE, "agencies")

    page = page_of(found.exclude(acronym="A"), "1", 2, stamp, key)

    assert (shown(page), page.paginator.count) == (["B", "C"], 4)


def test_rows_are_kept_as_they_were_read(found):
    def read(rows):
        return [(row, row.acronym.lower()) for row in rows]

    for number, names in (("1", ["a", "b"]), ("1", ["a", "b"]), ("3", ["e"])):
        assert [
            name
            for _agency, name in page_of(found, number, 2, ONE, "agencies", read=read).object_list
        ] == names
