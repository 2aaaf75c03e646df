"""The cheapest assignment, beside a published implementation and all permutations."""

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st
from munkres import Munkres

from coordination.rotation.planning.assignment import assign


@st.composite
def tables(draw, most=7, least=-20, greatest=20):
    """Return costs with at least as many columns as rows."""
    columns = draw(st.integers(1, most))
    rows = draw(st.integers(1, columns))
    costs = st.lists(st.integers(least, greatest), min_size=columns, max_size=columns)
    return draw(st.lists(costs, min_size=rows, max_size=rows))


def cost_of(costs, columns):
    assert len(set(columns)) == len(columns) == len(costs)
    return sum(row[column] for row, column in zip(costs, columns, strict=True))


@given(tables())
def test_an_assignment_costs_what_munkres_finds(costs):
    # Munkres wants costs of one sign.
    positive = [[cost + 20 for cost in row] for row in costs]
    by_munkres = [column for _, column in sorted(Munkres().compute(positive))]

    assert cost_of(costs, assign(costs)) == cost_of(costs, by_munkres)


@given(tables(most=6))
def test_no_permutation_costs_less(costs):
    every = permutations(range(len(costs[0])), len(costs))

    assert cost_of(costs, assign(costs)) == min(cost_of(costs, columns) for columns in every)


@given(tables(most=5, least=0, greatest=2**200))
def test_costs_of_any_size_stay_exact(costs):
    every = permutations(range(len(costs[0])), len(costs))

    assert cost_of(costs, assign(costs)) == min(cost_of(costs, columns) for columns in every)


def test_no_row_is_assigned_to_nothing():
    assert assign([]) == []
