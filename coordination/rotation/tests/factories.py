"""Test data of the rotation domain."""

from datetime import UTC, date, datetime

import factory
from factory.django import DjangoModelFactory

from coordination.members.tests.factories import AgencyFactory
from coordination.rotation.enums import HandoverSide, TermState
from coordination.rotation.models import (
    ChairTerm,
    ChecklistTemplateItem,
    Handover,
    HandoverItem,
    TermAgency,
)


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


class TemplateItemFactory(DjangoModelFactory):
    class Meta:
        model = ChecklistTemplateItem

    key = factory.Sequence(lambda n: f"item-{n}")
    title = factory.Sequence(lambda n: f"Item {n}")
    side = HandoverSide.OUTGOING
    due_offset_days = -30


class HandoverFactory(DjangoModelFactory):
    class Meta:
        model = Handover

    incoming_term = factory.SubFactory(ChairTermFactory)
    created_at = datetime(2026, 10, 1, tzinfo=UTC)


class HandoverItemFactory(DjangoModelFactory):
    class Meta:
        model = HandoverItem

    handover = factory.SubFactory(HandoverFactory)
    key = factory.Sequence(lambda n: f"item-{n}")
    title = factory.Sequence(lambda n: f"Item {n}")
    side = HandoverSide.OUTGOING
    due_day = date(2026, 12, 1)
