"""What tests read in the history of a record."""

from coordination.core.history import recorded_reason


def newest(obj):
    """Return who made the newest change, and the reason."""
    record = obj.history.first()
    return record.history_user, recorded_reason(record)
