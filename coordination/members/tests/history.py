"""What tests read in the history of a record."""


def newest(obj):
    """Return who made the newest change, and the reason."""
    record = obj.history.first()
    return record.history_user, record.history_change_reason
