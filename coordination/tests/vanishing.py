"""Somebody else's act at the one moment that matters: between the database's refusal and the second look at what explains it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection


@contextmanager
def once_refused(act: Callable[[], object]) -> Iterator[None]:
    """Do `act` as soon as the database has taken back what it refused, before anybody looks again; fail if it refused nothing."""
    done = []

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        answer = execute(sql, params, many, context)
        if sql.startswith("ROLLBACK TO SAVEPOINT") and not done:
            done.append(sql)
            act()
        return answer

    with connection.execute_wrapper(watch):
        yield
    assert done, "the database refused nothing"
