"""The page on which the next terms are planned."""

from datetime import date

import pytest
from django.urls import reverse

from coordination.core.tests.pages import text_of
from coordination.members.tests.factories import AgencyFactory, MembershipFactory
from coordination.rotation.models import ChairTerm
from coordination.rotation.queries import planning
from coordination.rotation.tests.test_planning_queries import SUMMER_2027, WINTER_2028, proposed
from coordination.tests.cast import TODAY

pytestmark = pytest.mark.django_db
SUMMER, WINTER = SUMMER_2027.first, WINTER_2028.first


@pytest.fixture
def page(sign_in, now, group, chair, unfpa, ohchr):
    """Return how the chair, once signed in, reads the page with a query."""
    client = sign_in(chair)

    def read(query=""):
        return client.get(reverse("rotation:planning") + query)

    return read


def rows(response):
    return [
        "+".join(agency.acronym for agency in line.changed)
        for line, _reason, _balance in response.context["rows"]
    ]


def fields(response):
    """Return what the button on the page sends."""
    return {
        "terms": response.context["count"],
        "base": response.context["compared"].base.fingerprint,
        **{
            name: [value for key, value in response.context["kept"] if key == name]
            for name in ("put", "swap", "pause", "reserve")
        },
    }


def test_the_page_shows_the_plan_its_reasons_balances_and_gaps(page):
    response = page("?terms=3")
    text = text_of(response)

    assert rows(response) == ["OHCHR", "UNFPA", "UNESCO"]
    assert "1 Jul 2027 – 31 Dec 2027" in text
    assert "It is due first of those that are able." in text
    assert "Balance then: +91.2 days; it has never chaired." in text
    assert [each.vacant_days for each in response.context["compared"].coverage] == [550, 0, 0]
    assert "Since 1 July 2026 somebody chaired on 146 of 146 days." in text
    assert "This proposes 3 terms as the table shows them" in text
    assert text.count("Propose these terms") == 1
    assert "With the changes" not in text


def test_it_is_led_to_from_the_timeline_by_those_who_may_read_it(page, client, sign_in, chair):
    address = reverse("rotation:planning")

    assert address in sign_in(chair).get(reverse("rotation:timeline")).content.decode()
    client.logout()
    assert address not in client.get(reverse("rotation:timeline")).content.decode()


def test_members_in_office_read_it_and_are_told_who_may_propose(
    page, sign_in, focal_point, stranger
):
    response = sign_in(focal_point).get(reverse("rotation:planning"))

    assert response.status_code == 200
    assert "Propose these terms" not in text_of(response)
    assert "The chair’s team or an administrator may propose these terms." in text_of(response)
    assert sign_in(stranger).get(reverse("rotation:planning")).status_code == 403


def test_an_address_with_changes_shows_before_and_after_and_writes_nothing(page):
    response = page(
        "?terms=3&put=2027-07-01:who&put=2028-07-01:&pause=unesco:2028-01-01:2028-02-01"
        "&swap=2027-07-01:2028-01-01"
    )
    text = text_of(response)

    assert rows(response) == ["OHCHR", "WHO", ""]
    assert "WHO in the term from 1 July 2027." in text
    assert "The term from 1 July 2028 stays vacant." in text
    assert "UNESCO pauses from 1 January 2028 to 1 February 2028." in text
    assert "The terms from 1 July 2027 and 1 January 2028 change places." in text
    assert "1 Jul 2028 – 31 Dec 2028" in text
    assert [each.vacant_days for each in response.context["compared"].coverage] == [550, 0, 184]
    assert ChairTerm.objects.count() == 2
    without = [change.without for change in response.context["changes"]]
    assert without[0] == (
        "terms=3&put=2028-07-01:&swap=2027-07-01:2028-01-01&pause=unesco:2028-01-01:2028-02-01"
    )
    assert rows(page(f"?{without[0]}")) == ["UNFPA", "OHCHR", ""]


@pytest.mark.parametrize(
    ("form", "change"),
    [
        ("add=put&agency=who&term=2027-07-01", "put=2027-07-01:who"),
        ("add=put&agency=-&term=2027-07-01", "put=2027-07-01:"),
        ("add=swap&term=2027-07-01&other_term=2028-01-01", "swap=2027-07-01:2028-01-01"),
        (
            "add=pause&agency=who&first_day=2028-01-01&last_day=2028-06-30",
            "pause=who:2028-01-01:2028-06-30",
        ),
        ("add=why&agency=who&term=2027-07-01", "why=who:2027-07-01"),
    ],
)
def test_a_form_adds_its_change_to_the_address(page, form, change):
    response = page(f"?terms=4&put=2028-01-01:unfpa&{form}")

    assert response.status_code == 302
    assert response.url == f"/rotation/planning/?terms=4&put=2028-01-01:unfpa&{change}"
    assert page(response.url.removeprefix("/rotation/planning/")).status_code == 200


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ("add=swap&term=2027-07-01&other_term=2027-07-01", "Choose two different terms."),
        (
            "add=pause&agency=who&first_day=2028-06-30&last_day=2028-01-01",
            "The last day is before the first.",
        ),
        ("add=put&agency=nobody&term=2027-07-01", "Select a valid choice."),
        ("add=pause&agency=who&first_day=&last_day=2028-01-01", "This field is required."),
        ("add=swap&term=&other_term=", "This field is required."),
    ],
)
def test_a_form_that_cannot_be_used_says_why_beside_its_field(page, form, sentence):
    response = page(f"?{form}")

    assert response.status_code == 422
    assert sentence in text_of(response)


def test_a_change_that_cannot_be_made_is_named_and_can_be_taken_out(page):
    response = page("?terms=3&put=2027-07-02:who")

    assert response.status_code == 422
    assert "No open term of this plan begins on 2 July 2027." in text_of(response)
    assert rows(response) == ["OHCHR", "UNFPA", "UNESCO"]
    assert "Propose these terms" not in text_of(response)
    assert [change.without for change in response.context["changes"]] == ["terms=3"]


@pytest.mark.parametrize(
    "query",
    [
        "?terms=abc",
        "?terms=99",
        "?put=x&swap=2027-07-01&swap=a:b&pause=who&pause=who:2028-01-02:2028-01-01",
        "?put=9999-01-01:who&pause=:2027-01-01:0001-01-01&why=who",
        "?why=who:2011-01-01&add=other",
    ],
)
def test_an_address_that_cannot_be_read_is_the_plan(page, query):
    response = page(query)

    assert (response.status_code, len(rows(response))) == (200, 6)
    assert response.context["answer"] == ""


def test_a_change_that_cannot_be_read_is_listed_as_it_stands(page):
    assert "“pause=who” cannot be read." in text_of(page("?pause=who"))


def test_why_not_us_is_answered_on_the_page(page, unesco):
    response = page("?terms=3&why=unesco:2028-01-01")
    question = response.context["forms"]["why"]
    assert [question[name].initial for name in ("agency", "term")] == ["unesco", "2028-01-01"]

    text = text_of(page("?terms=3&why=unesco:2027-07-01"))

    assert text.count("OHCHR is due before UNESCO: its balance at the end of") == 1


def test_where_all_days_are_confirmed_nothing_is_planned(page, unfpa):
    proposed(SUMMER, date(2037, 12, 31), unfpa, state="confirmed")

    text = text_of(page())

    assert "No term can be planned" in text
    assert "Try it" not in text


def test_a_group_without_members_has_an_empty_page(sign_in, now, administrator):
    text = text_of(sign_in(administrator).get(reverse("rotation:planning")))

    assert "The group has no member today." in text
    assert "No agency is able; the planner proposes a vacancy." in text
    assert "Every term is proposed as it is planned." in text


def test_the_button_proposes_what_the_page_shows(page, client):
    response = page("?terms=3&put=2027-07-01:who")

    done = client.post(reverse("rotation:planning"), fields(response), follow=True)

    assert done.redirect_chain == [("/rotation/", 302)]
    assert "3 terms are written as they are planned." in text_of(done)
    terms = ChairTerm.objects.filter(first_day__gte=SUMMER).order_by("first_day")
    assert [str(term.agencies.get()) for term in terms] == ["WHO", "OHCHR", "UNFPA"]
    assert "Every term is proposed as it is planned." in text_of(page("?terms=3"))


def test_the_button_changes_and_withdraws_several_proposals(
    page, client, unfpa, unesco, who, ohchr
):
    days = [(SUMMER, SUMMER_2027.last), (WINTER, WINTER_2028.last)]
    days += [(date(n, 1, 1), date(n, 12, 31)) for n in (2029, 2030, 2031)]
    for (first, last), agency in zip(days, (unfpa, ohchr, unesco, who, unfpa), strict=True):
        proposed(first, last, agency)
    response = page(
        "?terms=6&put=2027-07-01:ohchr&put=2028-01-01:unfpa&put=2029-01-01:&put=2030-01-01:"
    )

    client.post(reverse("rotation:planning"), fields(response))

    terms = ChairTerm.objects.filter(first_day__gte=SUMMER).order_by("first_day")
    assert [(term.state, str(term.agencies.get())) for term in terms] == [
        ("proposed", "OHCHR"),
        ("proposed", "UNFPA"),
        ("proposed", rows(response)[2]),
        ("withdrawn", "UNESCO"),
        ("withdrawn", "WHO"),
        ("proposed", rows(response)[5]),
    ]


def test_announced_terms_that_change_hands_are_counted_and_marked(page, unfpa, ohchr):
    proposed(SUMMER, SUMMER_2027.last, unfpa)
    proposed(WINTER, WINTER_2028.last, ohchr)

    text = text_of(page("?terms=2&swap=2027-07-01:2028-01-01"))

    assert "2 announced terms change hands." in text
    assert text.count("changes hands") == 2


def test_when_the_base_has_changed_nothing_is_done_and_the_new_picture_is_shown(
    page, client, unfpa
):
    sent = fields(page("?terms=3&put=2027-07-01:who"))
    proposed(WINTER, WINTER_2028.last, unfpa)

    response = client.post(reverse("rotation:planning"), sent)

    assert response.status_code == 409
    assert "so nothing was proposed" in text_of(response)
    assert rows(response) == ["WHO", "UNFPA", "OHCHR"]
    base = planning.plan_base(TODAY, response.context["group"], count=3)
    assert fields(response)["base"] == base.fingerprint
    assert ChairTerm.objects.filter(first_day__gte=SUMMER).count() == 1


def test_a_rule_that_is_broken_is_said_and_nothing_is_written(page, client):
    sent = {**fields(page("?terms=3")), "put": ["2027-07-01:nobody"]}

    response = client.post(reverse("rotation:planning"), sent)

    assert response.status_code == 422
    assert "“nobody” is no agency of this group." in text_of(response)
    assert ChairTerm.objects.count() == 2


def test_others_may_not_apply_a_plan(page, sign_in, focal_point):
    sent = fields(page("?terms=3"))

    response = sign_in(focal_point).post(reverse("rotation:planning"), sent)

    assert response.status_code == 403
    assert ChairTerm.objects.count() == 2


@pytest.mark.parametrize("count", [1, 30])
def test_the_page_asks_the_same_number_of_queries(page, unfpa, django_assert_num_queries, count):
    for number in range(count):
        MembershipFactory(agency=AgencyFactory(acronym=f"AG{number}"))
    page("?terms=20")

    with django_assert_num_queries(12):
        page(f"?terms={min(count + 4, 20)}&put=2028-01-01:unfpa&why=unesco:2028-07-01")
