"""What records are called where they are listed."""

import pytest

from coordination.statements.models import Position, Settlement, Signatory
from coordination.statements.tests.factories import AmendmentFactory, in_clearance
from coordination.tests.cast import NOW

pytestmark = pytest.mark.django_db


def test_names(unfpa, focal_point):
    step = in_clearance(title="Transit")
    block = step.draft.blocks.get(key="b1")

    assert [
        str(step.statement),
        str(step.draft),
        str(block),
        str(step),
        str(AmendmentFactory(block=block, agency=unfpa, proposed_text="One.")),
        str(Settlement(text="Settled.")),
        str(Position(agency=unfpa, person=focal_point, kind="object", taken_at=NOW)),
        str(Signatory(agency=unfpa)),
    ] == [
        "Transit",
        "Transit, 1",
        "Joint statement on migrants in transit",
        "working-level clearance",
        "UNFPA: One.",
        "Settled.",
        "UNFPA objects",
        "UNFPA",
    ]
