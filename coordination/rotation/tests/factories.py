"""Test data of the rotation domain."""

from datetime import UTC, date, datetime

import factory
from factory.django import DjangoModelFactory

from coordination.members.tests.factories import AgencyFactory, PersonFactory
from coordination.rotation.enums import (
    HandoverSide,
    LessonKind,
    MatterKind,
    MatterOutlook,
    TermState,
)
from coordination.rotation.models import (
    ChairTerm,
    ChecklistTemplateItem,
    DeclinedSignature,
    Handover,
    HandoverItem,
    KeptPlace,
    Lesson,
    MatterJudgement,
    OutsidePromise,
    StateOfPlay,
    TermAgency,
)

WRITTEN_AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


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


class DeclinedSignatureFactory(DjangoModelFactory):
    class Meta:
        model = DeclinedSignature

    handover = factory.SubFactory(HandoverFactory)
    side = HandoverSide.INCOMING
    reason = "The archive is missing."
    level = "focal_point"
    declined_by = factory.SubFactory(PersonFactory)
    declined_at = WRITTEN_AT


class StateOfPlayFactory(DjangoModelFactory):
    class Meta:
        model = StateOfPlay

    term = factory.SubFactory(ChairTermFactory)
    summary = "One statement waits for the principals."
    written_by = factory.SubFactory(PersonFactory)
    written_at = WRITTEN_AT


class MatterJudgementFactory(DjangoModelFactory):
    class Meta:
        model = MatterJudgement

    term = factory.SubFactory(ChairTermFactory)
    kind = MatterKind.STATEMENT
    key = factory.Sequence(lambda n: f"{n}")
    outlook = MatterOutlook.WATCH
    words = "FAO has doubts."
    judged_by = factory.SubFactory(PersonFactory)
    judged_at = WRITTEN_AT


class OutsidePromiseFactory(DjangoModelFactory):
    class Meta:
        model = OutsidePromise

    term = factory.SubFactory(ChairTermFactory)
    what = "A speaker for the panel"
    to_whom = "The GFMD chair"
    put_down_by = factory.SubFactory(PersonFactory)
    put_down_at = WRITTEN_AT


class KeptPlaceFactory(DjangoModelFactory):
    class Meta:
        model = KeptPlace

    what = "Mailing list of the focal points"
    agency = factory.SubFactory(AgencyFactory)
    holder = "The IT desk"
    put_down_at = WRITTEN_AT


class LessonFactory(DjangoModelFactory):
    class Meta:
        model = Lesson

    term = factory.SubFactory(ChairTermFactory)
    kind = LessonKind.WORKED
    text = "Two hours for each city in turn."
    written_by = factory.SubFactory(PersonFactory)
    written_at = WRITTEN_AT
