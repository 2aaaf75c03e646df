"""A plan with several changes, beside the plan without them."""

from datetime import date

import pytest
from django.utils import translation

from coordination.core.enums import NewcomerEntry
from coordination.members.tests.factories import AgencyFactory, MembershipFactory
from coordination.rotation.errors import PlanChangeRefused
from coordination.rotation.models import ChairTerm
from coordination.rotation.planning import why
from coordination.rotation.planning.situation import StrategicEvent
from coordination.rotation.planning.spans import DaySpan
from coordination.rotation.queries import planning, planning_words, what_if
from coordination.rotation.queries.planning import Wishes
from coordination.rotation.queries.what_if import WhatIf
from coordination.rotation.tests.test_planning_queries import (
    SUMMER_2027,
    WINTER_2028,
    proposed,
)
from coordination.tests.cast import TODAY

pytestmark = pytest.mark.django_db
SUMMER, WINTER = SUMMER_2027.first, WINTER_2028.first
LATER = date(2028, 7, 1)


@pytest.fixture
def four(group, terms, unfpa, ohchr):
    """UNESCO and WHO chair until 30 June 2027; OHCHR and UNFPA have never chaired."""
    return {agency.acronym: agency for agency in (unfpa, ohchr)}


def compared(group, changes=None, *, count=3, wishes=None):
    base = planning.plan_base(TODAY, group, count=count, wishes=wishes)
    return what_if.comparison(base, changes or WhatIf(count))


def names(agencies):
    return "+".join(agency.acronym for agency in agencies)


def holders(comparison):
    return [names(line.changed) for line in comparison.lines]


def sentences(comparison):
    return [planning_words.because_sentence(comparison.base, line) for line in comparison.lines]


def answer(comparison, agency, at):
    changed = comparison.changed
    asked = why.why_not(changed.situation, changed.plan, agency.pk, at, changed.pins)
    return planning_words.why_not_sentence(comparison, asked)


def test_without_changes_it_is_the_plan_with_its_reasons(group, four):
    comparison = compared(group)

    assert holders(comparison) == ["OHCHR", "UNFPA", "UNESCO"]
    assert sentences(comparison) == ["It is due first of those that are able."] * 3
    assert [planning_words.standing_text(line) for line in comparison.lines] == [
        "Balance then: +91.2 days; it has never chaired.",
        "Balance then: +91.2 days; it has never chaired.",
        "Balance then: −92.8 days; its last term ends on 31 December 2026.",
    ]
    assert [line.differs for line in comparison.lines] == [False] * 3


def test_several_changes_at_once_show_before_and_after_and_write_nothing(group, four, unfpa):
    proposed(SUMMER, SUMMER_2027.last, unfpa)
    records = ChairTerm.history.count()
    changes = WhatIf(
        3,
        puts=((LATER, ""),),
        swaps=((SUMMER, WINTER),),
        pauses=(("unesco", WINTER, date(2028, 6, 30)),),
    )

    comparison = compared(group, changes)

    assert [names(line.planned) for line in comparison.lines] == ["UNFPA", "OHCHR", "UNESCO"]
    assert holders(comparison) == ["OHCHR", "UNFPA", ""]
    assert [line.moves for line in comparison.lines] == [True, False, False]
    assert [names(line.announced) for line in comparison.moved] == ["UNFPA"]
    assert [line.at for line in comparison.writes] == [0, 1]
    assert [each.vacant_days for each in comparison.coverage] == [366, 0, 184]
    assert comparison.coverage[2].gaps == (DaySpan(LATER, date(2028, 12, 31)),)
    assert sum(line.changed for line in comparison.balances) == 0
    unesco = next(line for line in comparison.balances if line.carried.agency.slug == "unesco")
    # without its term, and without a quarter of the days on which nobody would chair
    assert unesco.changed - unesco.planned == 184 - 46
    assert ChairTerm.objects.filter(first_day__gte=SUMMER).count() == 1
    assert ChairTerm.history.count() == records


def test_the_largest_balance_is_on_top(group, four):
    balances = [line.carried.balance for line in compared(group).balances]

    assert balances == sorted(balances, reverse=True)


def test_without_open_terms_there_is_nothing_to_compare(group, four, unfpa):
    proposed(SUMMER, date(2037, 12, 31), unfpa, state="confirmed")

    assert (compared(group).lines, compared(group).coverage) == ((), None)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"puts": ((date(2027, 7, 2), "unfpa"),)},
            "No open term of this plan begins on 2 July 2027.",
        ),
        ({"puts": ((SUMMER, "nobody"),)}, "“nobody” is no agency of this group."),
        ({"pauses": (("nobody", SUMMER, SUMMER),)}, "“nobody” is no agency of this group."),
        (
            {"puts": ((SUMMER, "unfpa"), (SUMMER, "ohchr"))},
            "The term from 1 July 2027 is changed twice.",
        ),
        ({"swaps": ((SUMMER, TODAY),)}, "No open term of this plan begins on 23 November 2026."),
        (
            {"puts": ((LATER, "who"),)},
            "WHO is not a member on every day from 1 July 2028 to 31 December 2028.",
        ),
        (
            {"puts": ((SUMMER, "who"),), "swaps": ((SUMMER, LATER),)},
            "WHO is not a member on every day from 1 July 2028 to 31 December 2028.",
        ),
    ],
)
def test_a_change_that_cannot_be_is_refused_with_its_reason(group, four, who, changes, sentence):
    who.memberships.update(last_day=date(2028, 6, 30))

    with pytest.raises(PlanChangeRefused) as refusal:
        compared(group, WhatIf(3, **changes))

    assert refusal.value.message == sentence


def test_a_joint_term_is_not_changed(group, four, unfpa, ohchr):
    proposed(SUMMER, SUMMER_2027.last, unfpa, ohchr)

    with pytest.raises(PlanChangeRefused, match="from 1 July 2027 stays as it is proposed"):
        compared(group, WhatIf(3, puts=((SUMMER, "unfpa"),)))
    comparison = compared(group)
    assert holders(comparison)[0] == "UNFPA+OHCHR"
    assert sentences(comparison)[0] == "A joint or caretaker term stays as it is proposed."
    assert planning_words.standing_text(comparison.lines[0]) == ""
    assert answer(comparison, unfpa, 0) == "UNFPA is planned for the term from 1 July 2027."
    who = next(a for a in comparison.base.agencies.values() if a.slug == "who")
    assert answer(comparison, who, 0) == (
        "The joint or caretaker term from 1 July 2027 stays as it is proposed."
    )


def test_a_change_may_put_an_agency_where_it_is_away_and_says_so(group, four, unfpa):
    pause = ("unfpa", date(2027, 8, 1), date(2027, 8, 31))

    comparison = compared(group, WhatIf(3, puts=((SUMMER, "unfpa"),), pauses=(pause,)))

    assert sentences(comparison)[0] == (
        "A change puts it here. UNFPA is not available from 1 August 2027 to 31 August 2027."
    )


def test_every_reason_has_its_sentence(group, four, unfpa, ohchr, unesco, who):
    proposed(WINTER, WINTER_2028.last, who)
    owed = compared(group, wishes=Wishes(owed={who.pk: 1}, declined=((who.pk, SUMMER_2027),)))
    [line] = [each.carried for each in owed.balances if each.carried.agency == who]
    assert (line.declines, line.owed) == (1, 1)
    assert sentences(owed)[1] == "It is owed a turn."

    announced = sentences(compared(group))
    assert announced[1] == "Announced for this term; UNFPA and UNESCO would be due earlier."

    event = StrategicEvent(DaySpan(LATER, LATER), frozenset({ohchr.pk}))
    reserved = compared(group, wishes=Wishes(events=(event,)))
    assert holders(reserved) == ["UNFPA", "WHO", "OHCHR"]
    assert sentences(reserved)[0] == (
        "OHCHR would be due earlier, but the order above needs it in another term."
    )
    assert sentences(reserved)[2] == "Of those whose turn is still to come, it alone is able."

    vacant = compared(group, WhatIf(3, puts=((SUMMER, ""),)))
    assert sentences(vacant)[0] == "A change leaves it vacant."
    for agency in (unfpa, ohchr, unesco, who):
        agency.memberships.update(last_day=date(2028, 1, 31))
    assert sentences(compared(group))[1] == "No agency is able; the planner proposes a vacancy."


def test_why_not_us_has_a_sentence_for_what_is_worse_first(group, four, unfpa, ohchr, unesco, who):
    comparison = compared(group)

    assert answer(comparison, ohchr, 0) == "OHCHR is planned for the term from 1 July 2027."
    assert answer(comparison, unesco, 0) == (
        "OHCHR is due before UNESCO: its balance at the end of the confirmed terms is +91.2 days, "
        "that of UNESCO −92.8 days."
    )
    assert answer(comparison, unfpa, 0) == (
        "OHCHR is due before UNFPA: their balances and their last terms are equal, and then the "
        "alphabet decides."
    )
    assert answer(comparison, who, 2) == (
        "UNESCO is due before WHO: their balances are less than a month apart, and UNESCO has not "
        "chaired for longer."
    )


def test_why_not_us_names_another_term_in_which_it_shows(group, four, unfpa, ohchr, unesco):
    away = Wishes(unavailable=((unfpa.pk, SUMMER_2027),))

    assert answer(compared(group, count=2, wishes=away), ohchr, 1) == (
        "The term from 1 July 2027 would then go to UNESCO. OHCHR is due before UNESCO: its "
        "balance at the end of the confirmed terms is +91.2 days, that of UNESCO −92.8 days."
    )


def test_why_not_us_about_a_term_that_would_go_to_nobody_in_the_order(group, four, unfpa, ohchr):
    """The term that a change leaves vacant is the only other one."""
    vacant = compared(group, WhatIf(2, puts=((SUMMER, ""),)), count=2)

    assert answer(vacant, unfpa, 1).startswith("OHCHR is due before UNFPA")


def test_why_not_us_about_obstacles(group, four, unfpa, ohchr):
    group.newcomer_months = 24
    newcomer = AgencyFactory(acronym="NEW")
    MembershipFactory(agency=newcomer, first_day=date(2026, 1, 1))
    event = StrategicEvent(WINTER_2028, frozenset({ohchr.pk}))
    wishes = Wishes(((unfpa.pk, SUMMER_2027),), ((ohchr.pk, SUMMER_2027),), events=(event,))

    comparison = compared(group, wishes=wishes)

    assert (
        answer(comparison, newcomer, 0) == "NEW is a new member and may chair from 1 January 2028."
    )
    assert answer(comparison, unfpa, 0) == (
        "UNFPA is not available from 1 July 2027 to 31 December 2027."
    )
    assert answer(comparison, ohchr, 0) == (
        "OHCHR has declined from 1 July 2027 to 31 December 2027."
    )
    assert answer(comparison, unfpa, 1) == (
        "The chair is reserved for other agencies, for an event from 1 January 2028 to 30 June 2028."
    )
    unfpa.memberships.update(last_day=date(2027, 8, 1))
    assert answer(compared(group), unfpa, 0) == (
        "UNFPA is not a member on every day from 1 July 2027 to 31 December 2027."
    )


def test_an_agency_that_is_away_without_an_end_is_said_to_be_so(group, four, unfpa):
    away = Wishes(unavailable=((unfpa.pk, DaySpan(TODAY)),))

    assert answer(compared(group, wishes=away), unfpa, 0) == (
        "UNFPA is not available from 23 November 2026 on."
    )


def test_why_not_us_about_vacancies_owed_turns_and_announcements(
    group, four, unfpa, ohchr, unesco, who
):
    owed = compared(group, wishes=Wishes(owed={who.pk: 1}))
    assert answer(owed, unfpa, 0) == (
        "With UNFPA in the term from 1 July 2027, WHO, which is owed a turn, would not chair from "
        "1 July 2027."
    )
    proposed(SUMMER, SUMMER_2027.last, who)
    assert answer(compared(group), ohchr, 0) == (
        "With OHCHR in the term from 1 July 2027, this announced term would change hands: "
        "WHO from 1 July 2027."
    )
    proposed(WINTER, WINTER_2028.last, ohchr)
    assert answer(compared(group), ohchr, 0) == (
        "With OHCHR in the term from 1 July 2027, these announced terms would change hands: "
        "WHO from 1 July 2027 and OHCHR from 1 January 2028."
    )
    ChairTerm.objects.filter(state="proposed").update(state="withdrawn")
    for agency in (unfpa, unesco, who):
        agency.memberships.update(last_day=SUMMER_2027.last)
    assert answer(compared(group, count=2), ohchr, 0) == (
        "With OHCHR in the term from 1 July 2027, the term from 1 January 2028 would be vacant."
    )


def test_why_not_us_about_changes(group, four, unfpa, ohchr, unesco):
    fixed = compared(group, WhatIf(3, puts=((SUMMER, "unfpa"),)))

    assert answer(fixed, unesco, 0) == "A change above decides the term from 1 July 2027."
    assert answer(fixed, unfpa, 1) == "A change above puts UNFPA in the term from 1 July 2027."


def test_why_not_us_about_new_members(group, four, unfpa, ohchr, unesco, who):
    newcomer = AgencyFactory(acronym="NEW")
    MembershipFactory(agency=newcomer, first_day=date(2026, 8, 1))
    for agency, days in ((ohchr, (date(2026, 1, 1), date(2026, 3, 31))),):
        proposed(*days, agency, state="confirmed")

    comparison = compared(group)

    assert holders(comparison) == ["UNFPA", "OHCHR", "NEW"]
    assert answer(comparison, newcomer, 1) == (
        "OHCHR is due before NEW by the rule of the group for new members."
    )
    group.newcomer_entry = NewcomerEntry.BALANCE
    assert holders(compared(group)) == ["UNFPA", "NEW", "OHCHR"]


def test_days_have_their_sign_and_the_decimals_of_the_language():
    assert [planning_words.signed_days(n) for n in (0, 1, -2)] == ["0.0", "+1.0", "−2.0"]
    with translation.override("fr"):
        assert planning_words.signed_days(1) == "+1,0"
