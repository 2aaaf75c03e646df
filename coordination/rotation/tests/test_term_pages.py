"""The story that the page of a term tells, and the days that a proposal begins with."""

import re
from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from coordination.core.periods import Period
from coordination.core.tests.pages import text_of
from coordination.members.models import Commission
from coordination.members.tests.factories import (
    AppointmentFactory,
    PersonFactory,
    RepresentationFactory,
)
from coordination.rotation.actions import operations
from coordination.rotation.enums import TermState
from coordination.rotation.models import ChairTerm, Handover
from coordination.rotation.queries import chair, confirmed_terms, story
from coordination.rotation.tests.factories import (
    ChairTermFactory,
    HandoverFactory,
    TermAgencyFactory,
)
from coordination.rotation.tests.schedule import DECIDED
from coordination.tests.admin_pages import sent_by_form_with
from coordination.tests.cast import NOW, TODAY

pytestmark = pytest.mark.django_db
SIGNED = datetime(2026, 11, 1, tzinfo=UTC)


def head(name, agency, first, last=None, **fields):
    return AppointmentFactory(
        person=PersonFactory(name=name, email=None),
        agency=agency,
        role="principal",
        first_day=first,
        last_day=last,
        **fields,
    )


def headed(term, day=TODAY):
    own = [sitting for sitting in chair.sittings() if sitting.term == term]
    return [
        (
            row.days.first,
            row.days.last,
            row.agency.acronym,
            row.appointment and row.appointment.person.name,
        )
        for row in story.headships(own, day)
    ]


def page_of(client, slug="2026-H2"):
    return text_of(client.get(reverse("rotation:term", args=[slug])))


def test_a_term_tells_who_headed_when_also_where_the_head_changed(client, now, terms, unesco):
    head("First Head", unesco, date(2020, 1, 1), date(2026, 9, 30))
    head("Second Head", unesco, date(2026, 10, 1), title="Director-General")
    head("Long Gone", unesco, date(2010, 1, 1), date(2019, 12, 31))

    assert headed(terms[0]) == [
        (date(2026, 7, 1), date(2026, 9, 30), "UNESCO", "First Head"),
        (date(2026, 10, 1), date(2026, 12, 31), "UNESCO", "Second Head"),
    ]
    page = page_of(client)
    assert re.findall(r'role="rowheader">(.*?)</th>', page) == [
        "1 Jul 2026 – 30 Sep 2026",
        "1 Oct 2026 – 31 Dec 2026",
    ]
    assert "Second Head, Director-General" in page
    assert page.count('data-state="now"') == 1
    assert "Long Gone" not in page


def test_days_without_a_head_are_not_on_record_until_today(client, now, terms, unesco):
    head("Only Head", unesco, date(2026, 8, 1), date(2026, 8, 31))

    assert headed(terms[0]) == [
        (date(2026, 7, 1), date(2026, 7, 31), "UNESCO", None),
        (date(2026, 8, 1), date(2026, 8, 31), "UNESCO", "Only Head"),
        (date(2026, 9, 1), TODAY, "UNESCO", None),
    ]
    assert page_of(client).count('<span class="meta">not on record</span>') == 2
    assert headed(terms[1]) == []


def test_joint_chairs_have_a_head_each_until_one_leaves(terms, unesco, unfpa):
    TermAgencyFactory(term=terms[0], agency=unfpa, position=2)
    unfpa.memberships.update(last_day=date(2026, 8, 31))
    head("Amina", unesco, date(2020, 1, 1))
    head("Bruno", unfpa, date(2020, 1, 1), date(2026, 8, 31))

    assert headed(terms[0]) == [
        (date(2026, 7, 1), date(2026, 8, 31), "UNESCO", "Amina"),
        (date(2026, 7, 1), date(2026, 8, 31), "UNFPA", "Bruno"),
        (date(2026, 9, 1), date(2026, 12, 31), "UNESCO", "Amina"),
    ]


def test_a_proposal_has_no_heads_and_nothing_happened_in_it(client, now, chair, unfpa):
    term = ChairTermFactory(
        slug="p", first_day=date(2027, 7, 1), last_day=date(2027, 12, 31), state=TermState.PROPOSED
    )
    TermAgencyFactory(term=term, agency=unfpa)
    head("Only Head", unfpa, date(2020, 1, 1))

    page = page_of(client, "p")

    assert "Only Head" not in page
    assert ('id="statements"' in page, 'id="statements"' in page_of(client)) == (False, True)
    assert story.spokesmanships([]) == []


def test_a_term_tells_which_commission_spoke(client, now, terms, unesco):
    commission = Commission.objects.create(
        agency=unesco, acronym="ECE", name="ECE", city="Geneva", time_zone="Europe/Zurich"
    )
    RepresentationFactory(
        commission=commission, first_day=date(2026, 1, 1), last_day=date(2026, 10, 31)
    )

    own = [sitting for sitting in chair.sittings() if sitting.term == terms[0]]

    assert [row.days for row in story.spokesmanships(own)] == [
        Period(date(2026, 7, 1), date(2026, 10, 31))
    ]
    assert "Spoken for by ECE, Geneva, from 1 Jul 2026 to 31 Oct 2026." in page_of(client)


@pytest.mark.parametrize(
    ("signed", "words"),
    [
        ((), "Neither side has signed yet."),
        (("outgoing",), "The outgoing side has signed, the incoming side has not yet."),
        (("incoming",), "The incoming side has signed, the outgoing side has not yet."),
        (("outgoing", "incoming"), "Both sides have signed."),
    ],
)
def test_a_term_tells_what_was_handed_over_into_and_out_of_it(
    sign_in, client, now, terms, focal_point, signed, words
):
    HandoverFactory(incoming_term=terms[0])
    HandoverFactory(incoming_term=terms[1])
    Handover.objects.filter(incoming_term=terms[1]).update(
        **{f"{side}_signed_at": SIGNED for side in signed}
    )
    public = page_of(client)

    page = page_of(sign_in(focal_point))

    assert "Handover into this term" not in public
    into, out_of = page.split('id="handover-in"')[1].split('id="handover-out"')
    assert "Nobody chaired before." in into
    assert 'href="/rotation/2026-H2/handover/"' in into
    assert "From UNESCO to WHO." in out_of
    assert words in out_of
    assert 'href="/rotation/2027-H1/handover/"' in out_of
    following = page_of(client, "2027-H1")
    assert "From UNESCO to WHO." in following
    assert 'id="handover-out"' not in following


def test_a_term_tells_by_which_operations_it_came_about(
    sign_in, client, now, terms, chair, focal_point
):
    operations.move_boundary(terms[0], date(2027, 1, 31), DECIDED, by=chair, at=NOW)
    public = page_of(client)

    page = page_of(sign_in(focal_point))

    [line] = story.operations_on(terms[0])
    assert [row.slug for row in line.rows] == ["2026-H2", "2027-H1"]
    told = page.split('id="came-about"')[1].split("</section>")[0]
    assert f'href="/rotation/operations/{line.operation.pk}/"' in told
    assert "2026-H2: UNESCO, 1 Jul 2026 to 31 Dec 2026 → UNESCO, 1 Jul 2026 to 31 Jan 2027" in told
    assert DECIDED.decision in told
    assert "came-about" not in public
    assert "came-about" in page_of(client, "2027-H1")


def test_nothing_is_handed_over_to_the_same_agency_or_before_it_is_confirmed(terms, unesco):
    assert story.handovers_around(terms[0], confirmed_terms.load()) == (None, None)
    terms[1].chairs.update(agency=unesco)
    HandoverFactory(incoming_term=terms[1])

    assert story.handovers_around(terms[0], confirmed_terms.load()) == (None, None)


@pytest.mark.parametrize(
    ("months", "last"), [(6, "2027-12-31"), (12, "2028-06-30"), (1, "2027-07-31")]
)
def test_a_proposal_has_the_usual_length_of_the_group(sign_in, now, chair, group, months, last):
    group.term_months = months
    group.save()

    page = text_of(sign_in(chair).get(reverse("rotation:propose")))

    assert ('value="2027-07-01"' in page, f'value="{last}"' in page) == (True, True)


def test_of_a_confirmed_term_only_the_theme_is_asked(sign_in, now, chair, terms, unesco):
    client, address = sign_in(chair), reverse("rotation:edit", args=["2026-H2"])
    shown, of_other = client.get(address), client.get(address)
    assert list(shown.context["form"].fields) == ["theme", "version"]
    assert "Save the theme" in text_of(shown)
    sent = sent_by_form_with(shown, "theme")

    done = client.post(address, {**sent, "theme": "Youth"}, follow=True)
    lost = client.post(address, {**sent_by_form_with(of_other, "theme"), "theme": "Data"})

    assert "The theme is changed." in text_of(done)
    assert (lost.status_code, "This term was changed" in text_of(lost)) == (409, True)
    term = ChairTerm.objects.get(slug="2026-H2")
    assert (term.theme, term.period) == ("Youth", terms[0].period)
    assert (term.first_day, list(term.agencies.all())) == (terms[0].first_day, [unesco])
