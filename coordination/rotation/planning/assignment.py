"""The cheapest assignment of rows to columns, in exact integers."""

from collections.abc import Sequence


def assign(costs: Sequence[Sequence[int]]) -> list[int]:
    """Return the cheapest column of each row, no column twice.

    `costs` has a list for each row, all of one length and none shorter than the number of rows.
    The costs are integers of any size, so that several objectives may be packed into one.

    The Hungarian algorithm with potentials and shortest augmenting paths, O(rows² x columns):
    J. Edmonds and R. M. Karp, "Theoretical improvements in algorithmic efficiency for network flow
    problems", Journal of the ACM 19, 1972.
    """
    rows, columns = len(costs), len(costs[0]) if costs else 0
    column_of, row_of = [-1] * rows, [-1] * columns
    of_rows, of_columns = [0] * rows, [0] * columns  # the potentials
    # Rows join one by one. Each takes the cheapest path to a free column, and the rows on the path
    # move to other columns. Potentials keep the reduced costs at 0 or more.
    for start in range(rows):
        came_from = [start] * columns
        distance = [costs[start][at] - of_rows[start] - of_columns[at] for at in range(columns)]
        unreached, reached = list(range(columns)), []
        while True:
            nearest = min(unreached, key=distance.__getitem__)
            shortest = distance[nearest]
            unreached.remove(nearest)
            row = row_of[nearest]
            if row < 0:  # the column is free
                break
            reached.append(nearest)
            for at in unreached:
                through = shortest + costs[row][at] - of_rows[row] - of_columns[at]
                if through < distance[at]:
                    distance[at], came_from[at] = through, row
        # makes the path free of cost, and no reduced cost negative
        of_rows[start] += shortest
        for at in reached:
            of_rows[row_of[at]] += shortest - distance[at]
            of_columns[at] -= shortest - distance[at]
        # Each row of the path moves to the next column; the first one gets what becomes free.
        while nearest >= 0:
            row = came_from[nearest]
            row_of[nearest] = row
            column_of[row], nearest = nearest, column_of[row]
    return column_of
