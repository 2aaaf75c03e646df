"""The public home, and the health of the machinery."""

import re
from datetime import UTC, datetime

import pytest
from django.test import Client

from coordination.core.tests.pages import text_of
from coordination.desk.actions import search_index
from coordination.meetings.tests.factories import MeetingFactory
from coordination.members.enums import Role
from coordination.members.models import Appointment, Representation
from coordination.members.tests.factories import (
    AgencyFactory,
    AppointmentFactory,
    CommissionFactory,
    MembershipFactory,
    PersonFactory,
)
from coordination.rotation.tests.factories import TermAgencyFactory
from coordination.statements.tests.factories import StatementFactory, circulated
from coordination.tests.cast import NOW
from coordination.tests.many import ROWS, many

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


def test_home_shows_who_chairs_what_was_adopted_and_the_members(client, terms, unfpa):
    StatementFactory(
        title="Released", slug="released", adopted_at=NOW, released_at=NOW, state="adopted"
    )
    StatementFactory(title="Adopted, not released", adopted_at=NOW, state="adopted")
    StatementFactory(title="In amendments", state="amendments", amendments_until=NOW)

    page = text_of(client.get("/"))

    assert (
        'href="/statements/released/"' in page,
        "Adopted, not released" in page,
        "In amendments" in page,
    ) == (True, False, False)
    assert "1 July 2026 to 31 December 2026" in page
    assert 'href="/members/unfpa/"' in page
    assert "Sign in" in page


@pytest.mark.parametrize("path", ["/", "/accounts/login/", "/accounts/signup/"])
def test_pages_are_in_one_language_whatever_the_browser_prefers(client, terms, path):
    english = client.get(path, headers={"accept-language": "en"})

    french = client.get(path, headers={"accept-language": "fr-CH, fr;q=0.9, en;q=0.5"})

    [one, other] = [
        re.sub(r'value="\w{64}"|nonce="[^"]+"', "", answer.content.decode())
        for answer in (english, french)
    ]
    assert one == other
    assert '<html lang="en" dir="ltr">' in other
    assert french["Content-Language"] == "en"


def test_home_says_who_speaks_for_the_chair(client, terms, unesco, now):
    commission = CommissionFactory(agency=unesco, acronym="ESCAP")
    Representation.objects.create(commission=commission, first_day="2026-01-01")

    assert "spoken for by ESCAP" in text_of(client.get("/"))


def test_home_of_a_group_with_nothing_yet(client, group):
    group.predecessor, group.about, group.established = (
        "Geneva Migration Group",
        "A group of agencies.",
        "2006",
    )
    group.save()

    page = text_of(client.get("/"))

    for words in (
        "No statement has been adopted yet",
        "Not on record",
        "Geneva Migration Group",
        "A group of agencies.",
        "Established 2006",
    ):
        assert words in page


def test_home_says_since_when_the_chair_is_vacant(client, terms, now):
    terms[0].delete()

    assert "Not on record" in client.get("/").content.decode()
    now.move_to("2027-08-01 09:00Z")
    page = client.get("/").content.decode()
    assert ("Nobody" in page, "since 1 July 2027" in page) == (True, True)


def lead_of(page):
    """Return the sentences at the head of the home page, without their tags."""
    [lead] = re.findall(r'page-head__lead">(.*?)</p>', page, re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", "", lead).split())


def head_of(body, name, first_day="2026-01-01", **fields):
    person = PersonFactory(name=name)
    return AppointmentFactory(
        person=person, agency=body, role=Role.PRINCIPAL, first_day=first_day, **fields
    )


def test_home_says_what_the_group_is_who_chairs_and_who_heads_it_today(
    client, terms, group, unesco, now
):
    group.about = "A group of agencies."
    group.save()
    head_of(unesco, "Old Head", "2025-01-01", last_day="2026-08-31")
    head_of(unesco, "New <Head>", "2026-09-01", title="Director-General")

    page = client.get("/").content.decode()

    assert lead_of(page) == (
        "A group of agencies. UNESCO chairs it today, and it is headed by New &lt;Head&gt; (Director-General)."
    )
    now.move_to("2026-08-31 09:00Z")
    assert "and it is headed by Old Head (UNESCO)." in lead_of(client.get("/").content.decode())


def test_home_says_it_of_a_joint_chair(client, terms, group, unesco, unfpa, now):
    TermAgencyFactory(term=terms[0], agency=unfpa, position=2)
    head_of(unfpa, "Amina")
    one = client.get("/").content.decode()
    head_of(unesco, "Bruno")
    both = client.get("/").content.decode()
    Appointment.objects.all().delete()
    none = client.get("/").content.decode()

    name = "Global Migration Group is a group of organisations whose chair passes from one to the next."
    assert (
        lead_of(one)
        == f"{name} UNESCO and UNFPA chair it today, and it is headed by Amina (UNFPA)."
    )
    assert lead_of(both).endswith("and it is headed by Bruno (UNESCO) and Amina (UNFPA).")
    assert lead_of(none).endswith("UNESCO and UNFPA chair it today; who heads it is not on record.")


def test_home_says_that_nobody_chairs_or_heads_the_group(client, terms, group, unesco, now):
    head_of(unesco, "Old Head")
    now.move_to("2027-07-14 09:00Z")
    vacant = lead_of(client.get("/").content.decode())
    unesco.memberships.update(last_day="2026-06-30")
    terms[1].delete()
    now.move_to("2026-07-14 09:00Z")
    lapsed = lead_of(client.get("/").content.decode())
    terms[0].delete()
    unknown = lead_of(client.get("/").content.decode())

    assert vacant.endswith(
        "Nobody chairs or heads it today: the chair has been vacant since 1 July 2027."
    )
    assert lapsed.endswith(
        "Nobody chairs or heads it today: the chair has been vacant since 1 July 2026."
    )
    assert unknown.endswith("Who chairs and heads it today is not on record.")


def test_home_says_where_to_begin_and_links_each_acronym(client, terms, group, focal_point, now):
    visitor = text_of(client.get("/"))
    client.force_login(focal_point)
    member = text_of(client.get("/"))

    for address, words in (
        ("/statements/", "adopted statements"),
        ("/members/", "members"),
        ("/rotation/", "chairs since the beginning"),
    ):
        assert re.search(f'<a\\s+href="{address}"\\s*>{words}</a>', visitor)
    assert 'Begin with <a href="/desk/">what awaits you</a>.' in member
    for acronym in ("UNESCO", "UNFPA", "WHO"):
        link = f'<a class="agency" href="/members/{acronym.lower()}/" title="Agency {acronym}">{acronym}</a>'
        assert link in re.sub(r"\s+>", ">", visitor)


def test_a_visitor_searches_what_is_public_from_the_home_page(client, terms, focal_point, now):
    released = StatementFactory(
        title="Transit of migrants",
        slug="transit",
        adopted_at=NOW,
        released_at=NOW,
        state="adopted",
    )
    many(StatementFactory, 21, title=[f"Transit {n}" for n in range(21)], adopted_at=NOW, released_at=NOW, state="adopted")  # fmt: skip
    StatementFactory(title="Transit kept inside", adopted_at=NOW, state="adopted")
    circulated(title="Transit in amendments")
    MeetingFactory(title="Transit meeting")
    PersonFactory(name="Transit Person", email="transit@example.org")
    search_index.rebuild()
    home = client.get("/").content.decode()
    # one in the head of each page, one beside the words on where to begin
    assert home.count('role="search" action="/search/"') == 2

    first, second, nothing = (
        text_of(client.get("/search/", {"q": words} | more))
        for words, more in (
            ("transit", {}),
            ("transit", {"page": "2"}),
            ("zzzzzz", {}),
        )
    )

    assert "1 to 20 of 22" in first
    assert "21 to 22 of 22" in second
    assert f'href="/statements/{released.slug}/"' in first + second
    for secret in ("kept inside", "in amendments", "Transit meeting", "Transit Person"):
        assert secret not in first + second
    assert "Nothing was found" in nothing


@pytest.mark.parametrize("rows", ROWS)
def test_home_costs_the_same(client, terms, rows, django_assert_num_queries):
    many(StatementFactory, rows, adopted_at=NOW, released_at=NOW, state="adopted")
    many(MembershipFactory, rows, agency=many(AgencyFactory, rows))

    with django_assert_num_queries(7):
        client.get("/")


def test_health_answers_per_component_without_a_session(client, group):
    response = client.get("/health/")

    assert response.status_code == 503
    assert set(response.json()["components"]) == {
        "database",
        "broker",
        "worker",
        "beat",
        "mail",
        "proxy",
    }
    assert (response.json()["well"], response.json()["components"]["database"]) == (False, "ok")
    assert "no-store" in response["Cache-Control"]
    assert not response.cookies


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_health_is_only_read(group, method):
    strict = Client(enforce_csrf_checks=True)

    assert getattr(strict, method)("/health/").status_code == 405
    assert strict.head("/health/").status_code == 503


def test_the_day_of_adoption_is_the_groups_for_each_reader(client, terms, focal_point):
    # 00:30 of 15 November in Geneva, 18:30 of the day before in New York
    adopted_at = datetime(2011, 11, 14, 23, 30, tzinfo=UTC)
    StatementFactory(
        title="Transit",
        slug="transit",
        adopted_at=adopted_at,
        released_at=adopted_at,
        state="adopted",
        signatory_count=14,
    )
    search_index.rebuild()
    client.force_login(focal_point)
    addresses = {
        "/": "15 November 2011",
        "/statements/transit/": "15 November 2011",
        "/statements/feed/": "15 November 2011",
        "/search/?q=transit": "15 Nov 2011",
    }

    pages = {address: client.get(address).content.decode() for address in addresses}

    assert focal_point.time_zone == "America/New_York"
    for address, day in addresses.items():
        assert day in pages[address], address
        assert not re.search(r"\b14 Nov|=\"2011-11-14", pages[address]), address
    assert "/members/?on=2011-11-15#disagreements" in pages["/statements/transit/"]
