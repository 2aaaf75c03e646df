"""Two acts at once in consolidation, over two real connections."""

from coordination.core.history import recorded_reason
from coordination.statements.actions import settlements
from coordination.statements.models import Amendment
from coordination.statements.tests.test_races import at_once
from coordination.tests.cast import NOW

ROUNDS = 8
CARE = "Call upon States to ensure that migrants in transit have access to health care;"
WOMEN, MENTAL = (
    CARE.replace("migrants", "women and other migrants"),
    CARE.replace("health", "mental and other health"),
)


def each_first(count=ROUNDS):
    """Yield, for each round, a way to run two acts at once.

    They begin in turns one before the other. It returns what each act returned.
    """

    def begun_in_order(first, second):
        return at_once(first, second)

    def begun_the_other_way_round(first, second):
        return at_once(second, first)[::-1]

    for turn in range(count):
        yield begun_in_order if turn % 2 else begun_the_other_way_round


def take(amendment, by, version=1):
    return lambda: settlements.take(amendment, version=version, by=by, at=NOW)


def take_all(draft, by):
    return lambda: settlements.take_all_mergeable(draft, by=by, at=NOW)


def decided(amendment):
    """Return what was decided about an amendment, first to last, as its history says."""
    changes = amendment.history.filter(history_type="~").order_by("history_id")
    return [recorded_reason(change) for change in changes]


def states(*amendments):
    return [Amendment.objects.get(pk=amendment.pk).state for amendment in amendments]
