"""What PostgreSQL does for a search does not grow with the index."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from coordination.desk.queries import search
from coordination.desk.queries.search import SearchReader
from coordination.searchkit.questions import question
from coordination.statements.queries.statements import Access

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

ENTRIES = """
INSERT INTO desk_searchentry (kind, object_id, title, about, text, url, language, title_terms, terms)
SELECT 'term', n, 'Term ' || n, '', '', '/', '', 'term ' || n, 'term dignity ' || n
FROM generate_series(1, 20000) n
"""


def rows_read(plan):
    """Return how many rows of the index a plan reads, those that it throws away too."""
    own = 0
    if plan.get("Relation Name") == "desk_searchentry":
        own = plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0)
    return own * plan["Actual Loops"] + sum(rows_read(each) for each in plan.get("Plans", []))


def test_a_word_that_nothing_has_reads_no_row():
    with connection.cursor() as cursor:
        cursor.execute(ENTRIES)
        cursor.execute("ANALYZE desk_searchentry")
    reader = SearchReader(Access())
    with CaptureQueriesContext(connection) as queries:
        assert not search.is_answered(question("diginty"), reader)
        assert search.find("diginty", reader).hits == ()
        assert search.nearest_spelling("diginty", reader) == ""
    for query in queries:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {query['sql']}")
            [plan] = json.loads(json.dumps(cursor.fetchone()[0]))
        assert rows_read(plan["Plan"]) == 0, query["sql"]
