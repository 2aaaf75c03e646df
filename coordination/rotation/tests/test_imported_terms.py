"""Terms from an operator's file have the handovers that confirmed ones have."""

from datetime import date

import pytest

from coordination.rotation.actions.imports import import_term
from coordination.rotation.actions.terms import TermProposal
from coordination.rotation.models import Handover
from coordination.rotation.queries import handovers
from coordination.tests.cast import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


def imported(agency, first_day, last_day):
    import_term([agency], TermProposal(first_day, last_day), [], file="terms.csv", at=NOW)


def test_an_imported_term_is_handed_over_unless_its_agency_chaired_before(terms, who, ohchr):
    imported(ohchr, date(2028, 1, 1), date(2028, 6, 30))
    [handover] = Handover.objects.all()
    assert handovers.outgoing_term(handover) == terms[1]

    imported(who, date(2027, 7, 1), date(2027, 12, 31))

    assert [row.pk for row in Handover.objects.filter(set_aside_at=None)] == [handover.pk]
    assert str(handovers.outgoing_term(handover).first_day) == "2027-07-01"

    imported(ohchr, date(2028, 7, 1), date(2028, 12, 31))

    assert Handover.objects.count() == 1
