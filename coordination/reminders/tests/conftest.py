"""Sources that a test fills instead of the domains' own."""

import pytest

from coordination.core import due
from coordination.core.due import Source


@pytest.fixture
def owed(monkeypatch):
    """Return a list: what a test puts there is all that is due."""
    dues = []
    real = {source.kind: source for source in due.sources()}

    def of(kind):
        source = real[kind]
        return Source(
            kind=kind,
            label=source.label,
            can_be_off=source.can_be_off,
            find=lambda at: [item for item in dues if item.kind == kind and item.at <= at],
        )

    kinds = ("rotation.vacancy", "rotation.handover")
    monkeypatch.setattr(due, "_sources", {kind: of(kind) for kind in kinds})
    return dues
