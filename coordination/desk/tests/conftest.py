"""A position on record, and a letter that it names."""

from pathlib import Path

import pytest
from django.conf import settings

from coordination.statements.models import Position
from coordination.statements.tests.factories import in_clearance, unfrozen
from coordination.tests.cast import NOW


@pytest.fixture
def said(focal_point, unfpa):
    step = in_clearance(title="Transit – 移民")
    Position.objects.create(
        step=step,
        agency=unfpa,
        person=focal_point,
        kind="object",
        sha256="a" * 64,
        reason="Why.",
        taken_at=NOW,
    )
    return step


@pytest.fixture
def letter(said):
    """An uploaded file that a row names."""
    with unfrozen():
        Position.objects.update(letter="letters/1.pdf")
    path = Path(settings.MEDIA_ROOT) / "letters" / "1.pdf"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"%PDF letter")
    return path
