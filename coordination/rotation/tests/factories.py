"""Test data of the rotation domain."""

from datetime import date

import factory
from factory.django import DjangoModelFactory

from coordination.members.tests.factories import AgencyFactory
from coordination.rotation.enums import TermState
from coordination.rotation.models import ChairTerm, TermAgency


class ChairTermFactory(DjangoModelFactory):
    class Meta:
        model = ChairTerm

    slug = factory.LazyAttribute(lambda t: f"{t.first_day:%Y-%m-%d}")
    first_day = date(2026, 7, 1)
    last_day = date(2026, 12, 31)
    state = TermState.CONFIRMED


class TermAgencyFactory(DjangoModelFactory):
    class Meta:
        model = TermAgency

    term = factory.SubFactory(ChairTermFactory)
    agency = factory.SubFactory(AgencyFactory)
