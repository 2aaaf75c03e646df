"""Search finds what the reader may see, and never tells of the rest."""

import pytest
from django.contrib.auth.models import AnonymousUser

from coordination.desk.queries import search
from coordination.meetings.tests.factories import AgendaItemFactory, MeetingFactory
from coordination.members.tests.factories import (
    AgencyFactory,
    AppointmentFactory,
    MembershipFactory,
    PersonFactory,
)
from coordination.statements.tests.factories import (
    AmendmentFactory,
    BlockFactory,
    DraftFactory,
    StatementFactory,
    circulated,
    drafted,
    many_circulated,
    unfrozen,
)
from coordination.tests.cast import NOW, TODAY
from coordination.tests.many import ROWS, many

pytestmark = [pytest.mark.django_db, pytest.mark.both]
BACKEND = "coordination.members.adapter.AccountBackend"
WORD = "Xylophone"


def titles(text, person):
    return sorted(statement.title for statement in search.search(text, person, TODAY).statements)


@pytest.fixture
def secrets(terms):
    """Return statements that say the word in every place that somebody may not read."""
    in_title = drafted(title=f"Prepared {WORD}")
    BlockFactory(draft=drafted(title="Prepared"), key="x", position=90, text=WORD)
    with unfrozen():
        BlockFactory(draft=circulated(title="Circulated"), key="x", position=90, text=WORD)
    proposed = circulated(title="Proposed")
    AmendmentFactory(block=proposed.blocks.first(), proposed_text=WORD, rationale=WORD)
    dropped = circulated(
        title="Dropped on the way",
        released_at=NOW,
        adopted_at=NOW,
        adopted_sha256="f" * 64,
        state="adopted",
    )
    with unfrozen():
        BlockFactory(draft=dropped, key="x", position=90, text=WORD)
    final = DraftFactory(statement=dropped.statement, number=2, sha256="f" * 64, circulated_at=NOW)
    with unfrozen():
        BlockFactory(draft=final, key="x", position=90, text="Rights and Yarrow")
    StatementFactory(title=f"Withdrawn unseen {WORD}", state="withdrawn")
    return in_title


def test_outside_only_what_was_released_in_the_words_that_were_adopted(
    secrets, stranger, former_focal_point
):
    for person in (AnonymousUser(), stranger, former_focal_point):
        assert titles(WORD, person) == []
        assert titles("Yarrow", person) == ["Dropped on the way"]


def test_inside_what_was_circulated(secrets, focal_point, incoming_chair):
    for person in (focal_point, incoming_chair):
        assert titles(WORD, person) == ["Circulated", "Dropped on the way"]


def test_the_chair_finds_what_it_prepares_by_title(secrets, chair):
    assert titles(WORD, chair) == [
        "Circulated",
        "Dropped on the way",
        f"Prepared {WORD}",
        f"Withdrawn unseen {WORD}",
    ]


def test_an_administrator_finds_no_words_of_drafts(secrets, administrator):
    assert titles(WORD, administrator) == []


def test_people_and_meetings_are_for_those_who_belong(focal_point, stranger, administrator, unfpa):
    meeting = MeetingFactory(title=f"{WORD} meeting")
    AgendaItemFactory(meeting=MeetingFactory(title="Other"), title=WORD)
    PersonFactory(name=f"Nobody {WORD}")
    known = AppointmentFactory(agency=unfpa, person=PersonFactory(name=f"Anna {WORD}")).person

    for person in (AnonymousUser(), stranger):
        found = search.search(WORD.lower(), person, TODAY)
        assert (found.people, found.meetings, found.count) == ([], [], 0)
    for person in (focal_point, administrator):
        found = search.search(WORD.lower(), person, TODAY)
        assert (found.people, {each.title for each in found.meetings}) == (
            [known],
            {meeting.title, "Other"},
        )


def test_agencies_and_terms_are_for_everybody(terms, unfpa):
    terms[1].theme = "Health along the route"
    terms[1].save()

    assert search.search("new york", AnonymousUser(), TODAY).agencies == [unfpa]
    assert search.search("along the", AnonymousUser(), TODAY).terms == [terms[1]]
    assert search.search("2027-h", AnonymousUser(), TODAY).terms == [terms[1]]


def test_nothing_asked_is_nothing_found(focal_point, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert search.search("", focal_point, TODAY).count == 0


def page_of(client, words, person=None):
    if person:
        client.force_login(person, backend=BACKEND)
    return client.get("/search/", {"q": words}).content.decode()


def test_page_shows_each_kind(client, focal_point, terms, unfpa, now):
    MeetingFactory(title="Transit meeting")
    circulated(title="Transit statement")
    AppointmentFactory(agency=unfpa, person=PersonFactory(name="Tess Transit"))
    AgencyFactory(acronym="TRANSIT")
    terms[0].theme = "Transit"
    terms[0].save()

    page = page_of(client, "Transit", focal_point)

    for words in (
        "Transit meeting",
        "Transit statement",
        "Tess Transit",
        "Agency TRANSIT",
        "2026-H2",
    ):
        assert words in page


def test_page_says_when_nothing_is_found_and_says_nothing_before(client, group):
    assert "Nothing that you may read contains “&lt;b&gt;zzz”." in page_of(client, "<b>zzz")
    assert "Nothing that you may read" not in page_of(client, "  ")
    assert page_of(client, "a\x00b" * 90).count("ab") >= 1


@pytest.mark.parametrize("rows", ROWS)
def test_page_costs_the_same(now, client, focal_point, terms, rows, django_assert_num_queries):
    agencies = many(AgencyFactory, rows, name="Transit")
    many(MembershipFactory, rows, agency=agencies)
    many(
        AppointmentFactory, rows, agency=agencies, person=many(PersonFactory, rows, name="Transit")
    )
    many(MeetingFactory, rows, title="Transit")
    many_circulated(rows, title="Transit")
    client.force_login(focal_point, backend=BACKEND)

    with django_assert_num_queries(13):
        client.get("/search/?q=transit")
